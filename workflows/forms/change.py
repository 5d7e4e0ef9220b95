"""How far one reported figure lies from an earlier one, in the measure that its type allows."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from workflows.forms.notation import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.forms.schema import Field

Measure = Literal["number", "percentage_points", "points", "places"]
"""What a difference counts: units of a number, percentage points of a ratio, points of a score, places of a rank."""

MEASURES: Mapping[str, Measure] = {
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "computed": "number",
    "ratio": "percentage_points",
    "score": "points",
    "rank": "places",
}


class Change(NamedTuple):
    """A difference between two figures.

    Attributes:
        measure: what the difference counts.
        difference: later minus earlier; a rank that rises in the list has a negative one.
        percent: the difference in percent of the earlier number; only for numbers, None when that was zero.
    """

    measure: Measure
    difference: Decimal
    percent: Decimal | None = None


def change(field: Field, before: Any, after: Any) -> Change | None:
    """Compare two answers of one field.

    A ratio changes by percentage points, never by percent of a percentage. Ranks among different numbers of places
    are not compared.

    Args:
        field: what was asked.
        before: the earlier answer, as a submission keeps it.
        after: the later one.

    Returns:
        the change; None where the field is no figure, either answer has none, or the two are not comparable.
    """
    measure = MEASURES["ratio"] if field.figure == "ratio" else MEASURES.get(field.type)
    if measure is None or _total(before) != _total(after):
        return None
    earlier, later = _figure(measure, before), _figure(measure, after)
    if earlier is None or later is None:
        return None
    difference = later - earlier
    share = percent(difference, abs(earlier)) if measure == "number" and earlier else None
    return Change(measure, difference, share)


def _total(value: Any) -> object:
    return value.get("total") if isinstance(value, dict) else None


def _figure(measure: Measure, value: Any) -> Decimal | None:
    """The one number that an answer is compared by."""
    if not isinstance(value, dict):
        return None if value is None else Decimal(value)
    if measure == "percentage_points":
        return _percentage(value)
    found = value.get("rank" if measure == "places" else "value")
    return None if found is None else Decimal(found)


def _percentage(value: Mapping[str, Any]) -> Decimal | None:
    numerator, denominator = (Decimal(value.get(part, 0)) for part in ("numerator", "denominator"))
    return percent(numerator, denominator) if "numerator" in value and denominator > 0 else None
