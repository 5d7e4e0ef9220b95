"""Who has a step of a chain, in words, before there is any case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel.lists import format_list
from flask_babel import gettext

from portal.units import service as units
from portal.units.wiring import POST_KIND_NAMES
from portal.words import label, reader_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from workflows.definition import Chain, Owner


def units_in(session: Session, chain: Chain) -> Mapping[str, str]:
    """What the units are called that steps of a chain name, by their codes."""
    owners = [step.owner for stage in chain.stages for step in stage.steps]
    found = units.units_by_code(session, [owner.unit for owner in owners if owner.unit])
    return {code: label(unit.name) for code, unit in found.items()}


def owner_words(owner: Owner, named: Mapping[str, str]) -> str:
    """Posts and where they are, such as: Head or deputy, of the submitting unit.

    Args:
        owner: of a step.
        named: what units are called, by their codes; others by the code.
    """
    places = {
        "own": gettext("of the submitting unit"),
        "parent": gettext("of the unit above the submitting one"),
        "superior": gettext("of the nearest unit above where somebody else holds it"),
        "unit": gettext("of %(unit)s", unit=named.get(str(owner.unit), owner.unit)),
        "field": gettext("of the unit that “%(field)s” names", field=owner.field),
    }
    return f"{_any_of([str(POST_KIND_NAMES.get(post, post)) for post in owner.posts])}, {places[owner.place]}"


def _any_of(posts: list[str]) -> str:
    """One of several posts in one phrase: only the first begins with a capital."""
    words = [post if at == 0 else post[:1].lower() + post[1:] for at, post in enumerate(posts)]
    return str(format_list(words, style="or", locale=reader_language()))
