"""REST of indicators, under the same rights and rules as their screens."""

from __future__ import annotations

from typing import Any

from portal.indicators import wiring
from portal.rest import PortalApi


class IndicatorApi(PortalApi):
    """Indicators."""

    resource_name = "indicator"
    datamodel = wiring.indicators()
    list_columns = [
        "id",
        "key",
        "name_vi",
        "name_en",
        "measure_vi",
        "measure_en",
        "kind",
        "direction",
        "aggregation",
        "in_use",
        "version",
    ]
    show_columns = [*list_columns, "definition_vi", "source"]
    add_columns = list(wiring.ADDED)
    edit_columns = list(wiring.EDITED)
    search_columns = ["key", "name_vi", "kind", "direction", "in_use"]
    order_columns = ["key", "name_vi", "kind"]


def register(portal: Any) -> None:
    """Give the portal this REST."""
    portal.add_api(IndicatorApi)
