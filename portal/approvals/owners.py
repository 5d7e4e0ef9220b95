"""Who has a step of a chain, in words, before there is any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from portal.approvals.words import listed
from portal.units.wiring import POST_KIND_NAMES

if TYPE_CHECKING:
    from workflows.definition import Owner


def owner_words(owner: Owner) -> str:
    """Posts and where they are, such as: Head or Deputy, of the submitting unit."""
    posts = listed([str(POST_KIND_NAMES.get(post, post)) for post in owner.posts])
    places = {
        "own": gettext("of the submitting unit"),
        "parent": gettext("of the unit above the submitting one"),
        "superior": gettext("of the nearest unit above where somebody else holds it"),
        "unit": gettext("of %(unit)s", unit=owner.unit),
        "field": gettext("of the unit that “%(field)s” names", field=owner.field),
    }
    return f"{posts}, {places[owner.place]}"
