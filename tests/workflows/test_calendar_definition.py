import pickle
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import promised
from tests.workflows.almanac import FULL_DAY, LIBRARY, SHIPPED, body, calendar, holiday, label, on, week, year
from workflows.calendars import FINDINGS as OWN_FINDINGS
from workflows.calendars import Calendar, Holiday, Swap, Timetable, Year, parse_calendar
from workflows.errors import DefinitionError, Finding
from workflows.workdays import is_working_day

SWAP = {"day_off": "2025-05-02", "worked": "2025-04-26"}


def findings(definition: object) -> tuple[Finding, ...]:
    with pytest.raises(DefinitionError) as caught:
        parse_calendar(definition)
    promised.check_errors(caught.value.findings)
    return caught.value.findings


def found(definition: object) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in findings(definition)]


def with_hours(*spans: object) -> dict[str, Any]:
    return body(hours=[{"since": "2025-01-01", "monday": list(spans)}])


def with_holiday(**more: object) -> dict[str, Any]:
    return body(year(2025, holiday("2025-09-02") | more))


def with_swap(**more: object) -> dict[str, Any]:
    return body(year(2025, holiday("2025-05-01"), swaps=[SWAP | more]))


def test_the_last_year_there_may_be_has_its_own_days_only() -> None:
    last = body(year(2999, holiday("2998-05-01")), hours=[week("2999-01-01")])
    assert found(last) == [("years[0].holidays[0].from", "day_out_of_range")]


# What is shipped


def test_every_shipped_calendar_is_sound_and_named_after_its_file() -> None:
    files = sorted(LIBRARY.glob("*.yaml"))
    assert files
    for file in files:
        assert parse_calendar(yaml.safe_load(file.read_text(encoding="utf-8"))).key == file.stem


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (2024, "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03"),
        (2025, "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02"),
        (2026, "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02"),
        (2027, "01-01 02-04 02-05 02-08 02-09 02-10 04-16 04-30 05-03 09-02 09-03"),
    ],
)
def test_the_weekdays_off_are_those_announced(number: int, expected: str) -> None:
    days = (date(number, 1, 1) + timedelta(days=each) for each in range(366))
    weekdays = [day for day in days if day.year == number and day.isoweekday() <= 5]
    assert [f"{day:%m-%d}" for day in weekdays if not is_working_day(SHIPPED, day)] == expected.split()


def test_the_saturdays_worked_are_those_announced() -> None:
    assert [str(day) for day in SHIPPED.workdays if day.isoweekday() > 5] == [
        "2024-05-04",
        "2025-04-26",
        "2026-01-10",
        "2026-08-22",
    ]


def test_the_years_have_as_many_working_days_as_were_counted() -> None:
    counted = Counter(day.year for day in SHIPPED.workdays)
    assert (counted[2024], counted[2025]) == (251, 250)


@pytest.mark.parametrize("number", [2026, 2027])
def test_the_day_of_culture_waits_for_the_law(number: int) -> None:
    pending = [each for held in SHIPPED.years if held.year == number for each in held.holidays if not each.in_force]
    assert [each.first for each in pending] == [date(number, 11, 24)]
    assert is_working_day(SHIPPED, date(number, 11, 24))


def test_a_year_not_yet_announced_is_marked() -> None:
    assert [(held.year, held.announced) for held in SHIPPED.years] == [
        (2024, True),
        (2025, True),
        (2026, True),
        (2027, False),
    ]


def test_shipped_weeks_have_forty_hours() -> None:
    (timetable,) = SHIPPED.hours
    assert sum((end - start for day in timetable.weekdays for start, end in day), timedelta()) == timedelta(hours=40)


# What a definition becomes


def test_a_definition_becomes_typed_values() -> None:
    first = holiday("2025-01-27", to="2025-02-01", status="in_force", source="6150/TB-BLĐTBXH")
    parsed = calendar(
        year(2025, first, holiday("2025-11-24", status="pending"), swaps=[SWAP | {"source": "8726"}]),
        year(2026, status="provisional"),
        hours=[week("2024-06-01", friday=["07:30-11:30", "13:00-24:00"])],
    )
    spans = ((timedelta(hours=7.5), timedelta(hours=11.5)), (timedelta(hours=13), timedelta(hours=24)))
    empty: tuple[tuple[timedelta, timedelta], ...] = ()
    assert parsed == Calendar(
        key="test",
        name=label("Lịch"),
        hours=(Timetable(on("2024-06-01"), (*[empty] * 4, spans, empty, empty)),),
        years=(
            Year(
                2025,
                announced=True,
                holidays=(
                    Holiday(label("Lễ"), on("2025-01-27"), on("2025-02-01"), in_force=True, source="6150/TB-BLĐTBXH"),
                    Holiday(label("Lễ"), on("2025-11-24"), on("2025-11-24"), in_force=False, source=None),
                ),
                swaps=(Swap(on("2025-05-02"), on("2025-04-26"), "8726"),),
            ),
            Year(2026, announced=False, holidays=(), swaps=()),
        ),
    )
    assert (parsed.first, parsed.last) == (on("2025-01-01"), on("2026-12-31"))


def test_a_swap_may_reach_into_a_neighbouring_year_published_or_not() -> None:
    back, forth = {"day_off": "2025-01-02", "worked": "2024-12-28"}, {"day_off": "2025-12-31", "worked": "2026-01-03"}
    parsed = calendar(year(2025, swaps=[back, forth]), year(2026))
    assert not is_working_day(parsed, on("2025-01-02"))
    assert not is_working_day(parsed, on("2025-12-31"))
    assert is_working_day(parsed, on("2026-01-03"))


def test_a_swap_that_reaches_back_counts_in_the_year_before() -> None:
    swaps = [{"day_off": "2026-01-02", "worked": "2025-12-27"}]
    assert is_working_day(calendar(year(2025), year(2026, swaps=swaps)), on("2025-12-27"))


def test_names_are_composed_unicode() -> None:
    composed, decomposed = "L\u1ec5", "Le\u0302\u0303"
    parsed = calendar(year(2025, holiday("2025-09-02") | {"name": label(decomposed)}))
    assert parsed.years[0].holidays[0].name["vi"] == composed


# What is wrong with a definition

WRONG: list[tuple[object, list[tuple[str, str]]]] = [
    (None, [("", "wrong_type")]),
    ({}, [(key, "missing_key") for key in ("schema", "key", "name", "hours", "years")]),
    (body(schema=2), [("schema", "out_of_range")]),
    (body(key="Việt Nam"), [("key", "bad_word")]),
    (body(name="Lịch"), [("name", "wrong_type")]),
    (body(colour="red"), [("colour", "unknown_key")]),
    (body(hours=[]), [("hours", "too_few")]),
    (body(years=[]), [("years", "too_few")]),
    (body(*[year(number) for number in range(2025, 2126)]), [("years", "too_many")]),
    (body(hours=[{"since": "2025-01-01"}]), [("hours[0]", "no_working_hours")]),
    (body(hours=[{"monday": FULL_DAY}]), [("hours[0].since", "missing_key")]),
    (body(hours=[week("1/1/2025")]), [("hours[0].since", "wrong_type")]),
    (body(hours=[week("1975-12-31")]), [("hours[0].since", "day_out_of_range")]),
    (body(hours=[week("2025-01-02")]), [("hours[0].since", "hours_begin_late")]),
    (body(hours=[week(), week()]), [("hours[1].since", "since_out_of_order")]),
    (body(hours=[week(), week("2024-01-01")]), [("hours[1].since", "since_out_of_order")]),
    (with_hours(), [("hours[0].monday", "too_few")]),
    (with_hours("7:00-11:30"), [("hours[0].monday[0]", "bad_word")]),
    (with_hours("07:00-25:00"), [("hours[0].monday[0]", "bad_word")]),
    (with_hours("24:00-24:00"), [("hours[0].monday[0]", "bad_word")]),
    (with_hours(7), [("hours[0].monday[0]", "wrong_type")]),
    (with_hours("07:00-07:00"), [("hours[0].monday[0]", "hours_out_of_order")]),
    (with_hours("11:00-07:00", "10:00-12:00"), [("hours[0].monday[0]", "hours_out_of_order")]),
    (with_hours("07:00-11:30", "11:00-12:00"), [("hours[0].monday[1]", "hours_out_of_order")]),
    (with_hours(*[f"0{hour}:00-0{hour}:30" for hour in range(7)]), [("hours[0].monday", "too_many")]),
    (body(hours=[week() | {"lunch": []}]), [("hours[0].lunch", "unknown_key")]),
    (body(year(1975)), [("years[0].year", "out_of_range")]),
    (body(year(10**9, holiday("2025-09-02"))), [("years[0].year", "out_of_range")]),
    (body(year(2025) | {"year": "2025"}), [("years[0].year", "wrong_type")]),
    (body(year(2025, status="guessed")), [("years[0].status", "not_one_of")]),
    (body(year(2025), year(2027)), [("years[1].year", "not_the_next_year")]),
    (body(year(2025), year(2025)), [("years[1].year", "not_the_next_year")]),
    (body(year(2025, swaps=None)), [("years[0].swaps", "wrong_type")]),
    (
        body(year(2025, {})),
        [("years[0].holidays[0].name", "missing_key"), ("years[0].holidays[0].from", "missing_key")],
    ),
    (with_holiday(**{"from": "2025-02-30"}), [("years[0].holidays[0].from", "wrong_type")]),
    (with_holiday(**{"from": "2026-01-01"}), [("years[0].holidays[0].from", "day_out_of_range")]),
    (with_holiday(to="2025-09-01"), [("years[0].holidays[0].to", "day_out_of_range")]),
    (with_holiday(to="2025-10-03"), [("years[0].holidays[0].to", "day_out_of_range")]),
    (with_holiday(**{"from": "2025-12-31", "to": "2026-01-01"}), [("years[0].holidays[0].to", "day_out_of_range")]),
    (with_holiday(status="maybe"), [("years[0].holidays[0].status", "not_one_of")]),
    (with_holiday(source=""), [("years[0].holidays[0].source", "blank")]),
    (
        body(year(2025, holiday("2025-09-01", to="2025-09-02"), holiday("2025-09-02", status="pending"))),
        [("years[0].holidays[1]", "duplicate")],
    ),
    (with_swap(day_off="2026-01-02"), [("years[0].swaps[0].day_off", "day_out_of_range")]),
    (with_swap(worked="2027-01-02"), [("years[0].swaps[0].worked", "day_out_of_range")]),
    (with_swap(worked="2023-12-30"), [("years[0].swaps[0].worked", "day_out_of_range")]),
    (with_swap(day_off="2025-05-03"), [("years[0].swaps[0].day_off", "not_a_working_day")]),
    (with_swap(day_off="2025-05-01"), [("years[0].swaps[0].day_off", "not_a_working_day")]),
    (with_swap(worked="2025-04-25"), [("years[0].swaps[0].worked", "not_a_day_off")]),
    (
        body(year(2025, holiday("2025-04-26"), swaps=[SWAP])),
        [("years[0].swaps[0].worked", "not_a_day_off")],
    ),
    (
        body(year(2025, swaps=[SWAP, SWAP])),
        [("years[0].swaps[1].day_off", "duplicate"), ("years[0].swaps[1].worked", "duplicate")],
    ),
]


@pytest.mark.parametrize(("definition", "expected"), WRONG)
def test_every_error_is_reported_at_its_path(definition: object, expected: list[tuple[str, str]]) -> None:
    assert found(definition) == expected


def test_every_code_of_its_own_is_made() -> None:
    assert {code for _, expected in WRONG for _, code in expected} >= set(OWN_FINDINGS)


def test_all_errors_are_reported_together() -> None:
    broken = body(
        year(2025, holiday("2024-12-31"), swaps=[SWAP | {"worked": "soon"}]),
        hours=[week(monday=["morning"])],
        key="No Key",
    )
    assert found(broken) == [
        ("key", "bad_word"),
        ("hours[0].monday[0]", "bad_word"),
        ("years[0].holidays[0].from", "day_out_of_range"),
        ("years[0].swaps[0].worked", "wrong_type"),
    ]


def test_parts_that_disagree_are_reported_together() -> None:
    disagreeing = body(
        year(2025, holiday("2025-09-02"), holiday("2025-09-02"), swaps=[SWAP | {"day_off": "2025-09-02"}]),
        year(2027),
        hours=[week("2025-02-01")],
    )
    assert found(disagreeing) == [
        ("hours[0].since", "hours_begin_late"),
        ("years[1].year", "not_the_next_year"),
        ("years[0].holidays[1]", "duplicate"),
        ("years[0].swaps[0].day_off", "not_a_working_day"),
    ]


def test_an_error_says_what_would_do() -> None:
    (far,) = findings(with_holiday(to="2025-10-03"))
    assert far.params == {"least": "2025-09-02", "most": "2025-10-02"}
    (overlap,) = findings(with_hours("07:00-11:30", "11:00-12:00"))
    assert overlap.params == {"after": "11:30"}
    (gap,) = findings(body(year(2025), year(2027)))
    assert gap.params == {"expected": 2026}


GOOD: dict[str, Any] = body(
    year(2025, holiday("2025-01-27", to="2025-02-01"), swaps=[SWAP]),
    year(2026, holiday("2026-11-24", status="pending")),
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates().map(str)
keys = st.sampled_from(["schema", "hours", "since", "monday", "years", "year", "from", "to", "swaps", "worked", "vi"])
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
        assert isinstance(parse_calendar(definition), Calendar)
    except DefinitionError as error:
        found_something = bool(error.findings)
        assert found_something


@given(anything)
def test_any_value_is_a_calendar_or_a_definition_error(definition: object) -> None:
    parses_or_says_why(definition)


@given(st.integers(0, 200), anything)
def test_a_good_calendar_with_anything_anywhere_is_a_calendar_or_a_definition_error(number: int, value: object) -> None:
    definition = pickle.loads(pickle.dumps(GOOD))  # noqa: S301 - our own bytes
    parse_calendar(definition)
    spots = places(definition)
    container, key = spots[number % len(spots)]
    container[key] = value
    parses_or_says_why(definition)
