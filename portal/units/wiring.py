"""What the edge must know of units: who sees which rows, what a refusal says, what kinds are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.data import SCOPES, PortalData
from portal.refusals import say
from portal.units.headers import settle_header
from portal.units.models import Holding, Post, Unit, UnitHeader
from portal.units.service import scope, settle_holding, settle_post, settle_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

for model in (Unit, UnitHeader, Post, Holding):
    SCOPES[model] = scope

say(
    {
        "organ_code_shape": _l(
            "“%(code)s” is no identification code: groups of two or three letters and figures with dots between them, "
            "such as H21.05, 35 characters at most. Correct it, or leave it empty."
        ),
        "contact_too_long": _l(
            "The address at the foot of documents has at most %(lines)s lines of %(letters)s letters. Shorten it."
        ),
        "life_backwards": _l("The last day (%(to)s) is before the first (%(from)s). Correct one of them."),
        "unit_cycle": _l("%(unit)s cannot stand below itself or below one of its own units. Choose another parent."),
        "posts_outlive_unit": _l(
            "These posts of %(unit)s would live longer than the unit: %(posts)s. End them first, or correct the dates."
        ),
        "post_outside_unit": _l("%(unit)s does not exist during the whole life of this post. Correct the dates."),
        "holdings_outlive_post": _l("Someone would sit in %(post)s when it does not exist. End the holding first."),
        "holding_outside_post": _l("%(post)s does not exist during all of that time. Correct the dates."),
        "already_seated": _l(
            "%(holder)s sits in the post %(post)s on some of these days already. Change the dates, or edit that entry."
        ),
        "head_already_held": _l("%(holder)s already holds %(post)s on some of those days. End that holding first."),
        "acting_no_head": _l("Only the head of a unit can be acting, and %(post)s is none. Leave it unticked."),
        "seal_of_no_body": _l("Only a steering body uses the seal of an agency. Leave it empty for %(unit)s."),
        "headers_outlive_unit": _l(
            "%(unit)s would print something else from a day on which it does not exist. Correct that day first, or the "
            "dates of the unit."
        ),
        "header_outside_unit": _l(
            "The day must lie after the first day of %(unit)s, and not after its last. What it prints from its first "
            "day on is on the page of the unit itself."
        ),
        "header_day_taken": _l("There is an entry for %(unit)s from that day on already. Edit it, or choose another."),
        "header_of_another": _l("An entry stays with its unit. Add one to the other unit instead."),
        "own_seat": _l(
            "Nobody seats himself, nor changes a post that he holds. Ask someone else who administers units to do it."
        ),
    }
)

UNIT_KIND_NAMES: Mapping[str, Any] = {
    "ppc": _l("Provincial People's Committee"),
    "ppc_office": _l("Office of the People's Committee"),
    "department": _l("Department"),
    "equivalent": _l("Agency equal to a department"),
    "police": _l("Provincial Police"),
    "division": _l("Division"),
    "steering_body": _l("Steering body"),
    "dpc": _l("People's Committee of a district"),
    "cpc": _l("People's Committee of a commune"),
}
POST_KIND_NAMES: Mapping[str, Any] = {
    "head": _l("Head"),
    "deputy": _l("Deputy"),
    "officer": _l("Officer"),
    "registrar": _l("Registrar"),
    "administrator": _l("Unit administrator"),
}

UNIT_COLUMNS = (
    "kind",
    "name_vi",
    "name_en",
    "symbol",
    "parent",
    "header_parent",
    "header_name",
    "place_name",
    "contact",
    "organ_code",
    "seal_unit",
    "valid_from",
    "valid_to",
)
"""What may be changed of a unit, in the order of its form; its code is given once."""


HEADER_COLUMNS = ("valid_from", "header_parent", "header_name", "place_name", "symbol", "grounds")
"""What may be changed of what a unit prints from a day on."""


def units() -> PortalData:
    """Units for one screen or API."""
    return PortalData(Unit, settle=settle_unit)


def headers() -> PortalData:
    """What units print from a day on, for one screen or API."""
    return PortalData(UnitHeader, settle=settle_header)


def posts() -> PortalData:
    """Posts for one screen or API."""
    return PortalData(Post, settle=settle_post)


def holdings() -> PortalData:
    """Holdings for one screen or API."""
    return PortalData(Holding, settle=settle_holding)
