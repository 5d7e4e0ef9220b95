from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.paper import EVERYTHING, JSON, VALUES, field, form, one
from workflows.forms import facts


def test_facts_are_flat_and_typed() -> None:
    values = {
        "text": "Sở Y tế",
        "date": "2025-01-15",
        "date_range": {"from": "2025-01-15", "to": "2025-02-14"},
        "choice": "legal",
        "choices": ["data"],
        "yes_no": True,
        "integer": 3,
        "decimal": "60.74",
        "ratio": {"numerator": 6450, "denominator": 6632, "as_of": "2025-01-31"},
        "score": {"value": "60.74"},
        "rank": {"rank": 54, "total": 63},
        "attachment": ["a", "b"],
        "maybe": {"nothing": True, "reason": "Không có"},
        "money": 1_200_000_000,
        "dollars": {"value": "0.50"},
        "budget": {"numerator": "147"},
    }
    assert facts(EVERYTHING, values) == {
        "text": "Sở Y tế",
        "date": "2025-01-15",
        "date_range.from": "2025-01-15",
        "date_range.to": "2025-02-14",
        "date_range.days": 31,
        "choice": "legal",
        "choices": 1,
        "choices.legal": False,
        "choices.data": True,
        "yes_no": True,
        "integer": 3,
        "decimal": Decimal("60.74"),
        "ratio.numerator": 6450,
        "ratio.denominator": 6632,
        "ratio.as_of": "2025-01-31",
        "ratio.percent": Decimal("97.26"),
        "score.value": Decimal("60.74"),
        "rank.rank": 54,
        "rank.total": 63,
        "attachment": 2,
        "maybe.nothing": True,
        "money": 1_200_000_000,
        "dollars.value": Decimal("0.50"),
        "budget.numerator": Decimal(147),
    }


def test_a_table_gives_its_number_of_rows_and_exact_sums() -> None:
    columns = [
        field("integer", "count"),
        field("decimal", "cost"),
        field("integer", "at", as_of=True),
        field("text", "x"),
        field("money", "paid"),
    ]
    rows = [
        {"count": 2, "cost": "0.1", "at": {"value": 5, "as_of": "2025-01-01"}, "x": "y", "paid": 7},
        {"count": 3, "cost": "999999999999999999.000000001"},
    ]
    assert facts(one("table", columns=columns), {"f": rows}) == {
        "f.count": 2,
        "f.sum.count": 5,
        "f.sum.cost": Decimal("999999999999999999.100000001"),
        "f.sum.at": 5,
        "f.sum.paid": 7,
    }
    assert facts(one("table", columns=columns), {"f": [{"x": "y"}]}) == {"f.count": 1}


def test_half_a_range_or_one_that_ends_before_it_begins_has_no_number_of_days() -> None:
    asked = one("date_range")
    assert facts(asked, {"f": {"to": "2025-01-15"}}) == {"f.to": "2025-01-15"}
    backwards = {"from": "2025-01-16", "to": "2025-01-15"}
    assert facts(asked, {"f": backwards}) == {f"f.{part}": day for part, day in backwards.items()}
    assert facts(asked, {"f": {"from": "2025-01-15", "to": "2025-01-15"}})["f.days"] == 1


def test_what_is_not_sound_is_no_fact() -> None:
    asked = form(field("integer", "a"), field("ratio", "b"))
    assert facts(asked, {"a": "3", "b": {"nothing": True, "reason": ""}, "c": 3}) == {}


@given(VALUES | st.dictionaries(st.sampled_from(list(EVERYTHING.fields)), JSON))
def test_facts_are_scalars_whatever_is_stored(values: dict[str, object]) -> None:
    for name, fact in facts(EVERYTHING, values).items():
        assert name.split(".")[0] in values
        assert isinstance(fact, str | bool | int | Decimal)
