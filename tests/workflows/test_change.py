"""How far a figure moved is said in the measure its type allows."""

from decimal import Decimal
from typing import Any

import pytest

from tests.workflows.paper import one
from workflows.forms import Change, change

NOTHING = {"nothing": True, "reason": "Không phát sinh"}


@pytest.mark.parametrize(
    ("kind", "before", "after", "expected"),
    [
        ("integer", 5, 4, Change("number", Decimal(-1), Decimal("-20.00"))),
        ("integer", 0, 4, Change("number", Decimal(4), None)),
        ("integer", {"value": 1000}, {"value": 1450}, Change("number", Decimal(450), Decimal("45.00"))),
        ("integer", -4, -2, Change("number", Decimal(2), Decimal("50.00"))),
        ("decimal", "60.70", "60.70", Change("number", Decimal("0.00"), Decimal("0.00"))),
        (
            "ratio",
            {"numerator": 6102, "denominator": 6411},
            {"numerator": 6450, "denominator": 6632},
            Change("percentage_points", Decimal("2.08")),
        ),
        (
            "ratio",
            {"numerator": 0, "denominator": 1},
            {"numerator": 1, "denominator": 1},
            Change("percentage_points", Decimal("100.00")),
        ),
        ("decimal", "2", "2.5", Change("number", Decimal("0.5"), Decimal("25.00"))),
        ("score", {"value": "58.2"}, {"value": "60.74"}, Change("points", Decimal("2.54"))),
        ("rank", {"rank": 57, "total": 63}, {"rank": 54, "total": 63}, Change("places", Decimal(-3))),
    ],
)
def test_figures_are_compared_by_what_they_count(kind: str, before: Any, after: Any, expected: Change) -> None:
    assert change(one(kind).fields["f"], before, after) == expected


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("text", "một", "hai"),
        ("integer", None, 4),
        ("integer", 4, None),
        ("integer", NOTHING, 4),
        ("ratio", {"numerator": 1}, {"numerator": 1, "denominator": 2}),
        ("ratio", {"numerator": 1, "denominator": 0}, {"numerator": 1, "denominator": 2}),
        ("ratio", {"denominator": 2}, {"numerator": 1, "denominator": 2}),
        ("rank", {"rank": 54, "total": 63}, {"rank": 20, "total": 34}),
        ("score", {"as_of": "2025-01-15"}, {"value": "60.74"}),
    ],
)
def test_what_cannot_be_compared_is_not(kind: str, before: Any, after: Any) -> None:
    assert change(one(kind).fields["f"], before, after) is None
