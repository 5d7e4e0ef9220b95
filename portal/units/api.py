"""REST of units, posts and holdings, under the same rights and rules as their screens."""

from __future__ import annotations

from typing import Any

from portal.rest import PortalApi
from portal.units import wiring


class UnitApi(PortalApi):
    """Units."""

    resource_name = "unit"
    datamodel = wiring.units()
    list_columns = ["id", "code", "kind", "name_vi", "name_en", "symbol", "parent.id", "valid_from", "valid_to"]
    show_columns = [
        *list_columns,
        "header_parent",
        "header_name",
        "place_name",
        "contact",
        "organ_code",
        "seal_unit.id",
    ]
    edit_columns = list(wiring.UNIT_COLUMNS)
    add_columns = ["code", *edit_columns]
    search_columns = ["code", "kind", "name_vi", "parent"]
    order_columns = ["code", "sort_key", "valid_from"]


class UnitHeaderApi(PortalApi):
    """What units print from a day on."""

    resource_name = "unit-header"
    datamodel = wiring.headers()
    list_columns = ["id", "unit.id", "valid_from", "header_parent", "header_name", "place_name", "symbol", "grounds"]
    show_columns = list_columns
    edit_columns = list(wiring.HEADER_COLUMNS)
    add_columns = ["unit", *edit_columns]
    search_columns = ["unit", "valid_from"]
    order_columns = ["valid_from"]


class PostApi(PortalApi):
    """Posts."""

    resource_name = "post"
    datamodel = wiring.posts()
    list_columns = ["id", "code", "kind", "title_vi", "title_en", "unit.id", "role.id", "valid_from", "valid_to"]
    show_columns = list_columns
    edit_columns = ["kind", "title_vi", "title_en", "role", "valid_from", "valid_to"]
    add_columns = ["unit", "code", *edit_columns]
    search_columns = ["code", "kind", "unit"]
    order_columns = ["code", "valid_from"]


class HoldingApi(PortalApi):
    """Holders of posts; of a person, only the key and the name."""

    resource_name = "holding"
    datamodel = wiring.holdings()
    list_columns = [
        "id",
        "user.id",
        "user.first_name",
        "user.last_name",
        "post.id",
        "rank",
        "acting",
        "valid_from",
        "valid_to",
    ]
    show_columns = list_columns
    edit_columns = ["rank", "acting", "valid_from", "valid_to"]
    add_columns = ["user", "post", *edit_columns]
    search_columns = ["user", "post", "valid_from"]
    order_columns = ["valid_from", "valid_to"]


def register(portal: Any) -> None:
    """Give the portal this REST."""
    for api in (UnitApi, UnitHeaderApi, PostApi, HoldingApi):
        portal.add_api(api)
