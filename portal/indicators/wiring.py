"""What the edge must know of indicators: who sees which rows, what kinds are called, where figures come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.data import SCOPES, PortalData
from portal.indicators.models import Indicator
from portal.indicators.service import scope, settle_indicator
from portal.refusals import SHOWN, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

SCOPES[Indicator] = scope

FEEDS: dict[str, Callable[[Session, str], list[tuple[Any, str]]]] = {}
"""Port: kind of what asks for figures → what of it that is in force feeds the indicator with a key; filled by `app`.

Each is said in words, with the address of its page, or an empty one where whoever asks may not open that page.
"""


def feeds_of(session: Session, key: str) -> list[tuple[Any, str]]:
    """Where the figures of an indicator come from; nothing while nobody has filled the port.

    Args:
        session: any transaction.
        key: of the indicator.
    """
    return [each for feeds in FEEDS.values() for each in feeds(session, key)]


KIND_NAMES: Mapping[str, Any] = {
    "number": _l("Count or amount"),
    "ratio": _l("Ratio of two counts"),
    "score": _l("Points"),
    "rank": _l("Place among others"),
}
DIRECTION_NAMES: Mapping[str, Any] = {
    "up": _l("The more the better"),
    "down": _l("The less the better"),
    "neither": _l("Neither more nor less is better"),
}
AGGREGATION_NAMES: Mapping[str, Any] = {
    "sum": _l("The sum of its units"),
    "last": _l("What was reported last"),
    "ratio_of_sums": _l("The sum of the numerators over the sum of the denominators"),
    "none": _l("There is none; every unit has its own"),
}
USE_NAMES: Mapping[str, Any] = {"y": _l("In use"), "n": _l("Out of use")}
"""Whether an indicator is in use, as the address of a list says it."""

say(
    {
        "bad_indicator_key": _l(
            "The key of an indicator has at most 41 small letters without accents, digits and “-”, and begins with a "
            "letter."
        ),
        "bad_indicator_kind": _l("There is no such kind of indicator. Choose one of: %(kinds)s."),
        "bad_direction": _l("There is no such direction. Choose one of: %(directions)s."),
        "unfit_aggregation": _l(
            "This cannot be the figure of the province for the kind “%(indicator_kind)s”, and percentages are never "
            "averaged. It can be: %(aggregations)s."
        ),
        "indicator_fixed": _l(
            "The key and the kind of an indicator stay as they are, for forms and figures stand on them. Take it out "
            "of use and add another one."
        ),
        "indicator_key_taken": _l("There is an indicator with the key “%(key)s” already. Choose another key."),
    }
)

SHOWN["indicator_kind"] = lambda kind: str(KIND_NAMES[kind])
SHOWN["aggregations"] = lambda ways: "; ".join(str(AGGREGATION_NAMES[way]) for way in ways)

EDITED = (
    "name_vi",
    "name_en",
    "measure_vi",
    "measure_en",
    "direction",
    "aggregation",
    "definition_vi",
    "source",
    "in_use",
)
"""What may be changed of an indicator, in the order of its form."""

ADDED = ("key", "kind", *EDITED)
"""What may be said of a new one."""


class IndicatorData(PortalData):
    """Indicators; what they are called in Vietnamese orders them, whatever the language of the reader."""

    def apply_order_by(self, query: Any, order_column: str, *args: Any, **kwargs: Any) -> Any:
        """Order by a column, then by key."""
        return super().apply_order_by(query, "name_vi" if order_column == "name" else order_column, *args, **kwargs)


def indicators() -> PortalData:
    """Indicators for one screen or API."""
    return IndicatorData(Indicator, settle=settle_indicator)
