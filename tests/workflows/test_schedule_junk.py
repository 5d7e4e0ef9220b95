import pickle
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import promised
from tests.workflows.almanac import label
from tests.workflows.regimes import body, due, level, on_demand
from workflows.errors import DefinitionError
from workflows.schedules import Schedule, parse_schedule

GOOD: list[dict[str, Any]] = [
    body(
        level("a", units=["SNV"], **{"except": ["STP"]}),
        due(day=20, month="next", at="16:30", shift="none"),
        every=["month", {"kind": "quarter", "replaces": ["month"]}],
        window={"from": 1},
        remind=[3, 1],
        recipients=[label("UBND")],
        **{"from": "2025-01-01", "until": "2025-12-31"},
    ),
    on_demand(due(date="2024-08-16", kind="before")),
    body(due(weekday=1, week="next"), every="week"),
]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates().map(str)
keys = st.sampled_from(
    [
        *("schema", "every", "kind", "replaces", "month", "week", "year", "windows", "window", "from", "to", "until"),
        *("owed_by", "kinds", "units", "except", "deadline", "day", "weekday", "date", "working_days_after", "at"),
    ]
)
anything = st.recursive(
    scalars | keys,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def places(value: object) -> list[tuple[Any, Any]]:
    """Every container in a definition, with every key or index in it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in inside for place in [(value, key), *places(each)]]


def parses_or_says_why(definition: object) -> None:
    try:
        assert isinstance(parse_schedule(definition), Schedule)
    except DefinitionError as error:
        promised.check_errors(error.findings)
        found_something = bool(error.findings)
        assert found_something


@given(anything)
def test_any_value_is_a_schedule_or_a_definition_error(definition: object) -> None:
    parses_or_says_why(definition)


@given(st.sampled_from(GOOD), st.integers(0, 200), anything)
def test_a_good_schedule_with_anything_anywhere_is_a_schedule_or_a_definition_error(
    good: dict[str, Any], number: int, value: object
) -> None:
    definition = pickle.loads(pickle.dumps(good))  # noqa: S301 - our own bytes
    parse_schedule(definition)
    spots = places(definition)
    container, key = spots[number % len(spots)]
    container[key] = value
    parses_or_says_why(definition)
