from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import promised
from tests.workflows.almanac import DAYS, WEEK, calendar, on, week, year
from tests.workflows.almanac import SHIPPED as CALENDAR
from tests.workflows.regimes import SHIPPED, doubts, due, level, on_demand, schedule, window
from workflows.errors import Finding
from workflows.schedules import Schedule, occurrences, parse_schedule, warnings
from workflows.schedules.cautions import WARNINGS

DUE = "owed_by[0].deadline"
TET = {"vi": "Tết Nguyên đán", "en": "Lunar New Year"}


def warning(code: str, path: str = DUE, **params: object) -> Finding:
    return Finding(path, code, params, "warning")


def asked(*, since: str = "2024-08-14", **deadline: object) -> tuple[Finding, ...]:
    """What is doubtful about a single window, from New Year to 14 August 2024."""
    return doubts(parse_schedule(on_demand(due(**deadline))), since)


def test_an_ordinary_month_has_no_warnings() -> None:
    assert doubts(SHIPPED, "2025-05-14", 3) == ()
    assert doubts(schedule(due(day=20)), "2025-05-14", 3) == ()


# Article 8.5 of Decree 09/2019: at least one working day


def test_less_than_a_working_day_after_the_cut_off_is_doubtful() -> None:
    said = warning("less_than_a_working_day", day="2025-03-14", cut_off="2025-03-14")
    assert doubts(schedule(due(day=14)), "2025-03-14") == (said,)
    weekend = warning("less_than_a_working_day", day="2025-06-16", cut_off="2025-06-14")
    assert doubts(schedule(due(day=16, at="09:00")), "2025-06-14") == (weekend,)
    assert doubts(schedule(due(day=16)), "2025-06-14") == ()
    assert doubts(schedule(due(day=15)), "2025-05-14") == ()


@pytest.mark.parametrize(("at", "is_whole"), [("16:59", False), ("17:00", True), ("17:01", True)])
def test_a_working_day_is_whole_when_the_deadline_is_not_before_its_end(at: str, *, is_whole: bool) -> None:
    assert bool(doubts(schedule(due(day=15, at=at)), "2025-05-14")) is not is_whole
    assert doubts(schedule(due(day=16, at="09:00")), "2025-05-14") == ()


def test_minutes_count_in_what_is_a_whole_working_day() -> None:
    half_past = calendar(year(2025), hours=[week(**{key: ["07:30-16:30"] for key in WEEK})])
    regime = schedule(due(day=15, at="16:30"))
    assert warnings(regime, half_past, occurrences(regime, half_past, on("2025-05-14"), 1)) == ()


def test_an_hour_on_a_day_off_cuts_no_working_day_short() -> None:
    stays = {"day": 16, "shift": "none", "at": "09:00"}  # a Sunday, two days after the cut-off
    assert [each.code for each in doubts(schedule(due(**stays)), "2025-03-14")] == [
        "less_than_a_working_day",
        "due_on_day_off",
    ]
    later = {"day": 18, "shift": "none", "at": "09:00"}  # a Sunday, after three working days
    assert [each.code for each in doubts(schedule(due(**later)), "2025-05-14")] == ["due_on_day_off"]


def test_a_report_at_the_end_of_its_own_week_is_usual() -> None:
    assert doubts(schedule(due(weekday=5), every="week"), "2025-05-12") == ()


def test_whoever_asks_for_a_single_report_says_when_he_wants_it() -> None:
    assert asked(date="2024-08-14") == ()
    assert doubts(schedule(due(day=14), regime="thematic"), "2025-05-14") == ()


def test_a_deadline_before_the_cut_off_is_doubtful() -> None:
    assert asked(date="2024-08-13") == (warning("due_before_cut_off", day="2024-08-13", cut_off="2024-08-14"),)
    assert doubts(schedule(due(day=13)), "2025-05-14") == (
        warning("due_before_cut_off", day="2025-05-13", cut_off="2025-05-14"),
    )


# Days off


def test_a_deadline_that_stays_on_a_day_off_is_doubtful() -> None:
    assert asked(date="2024-08-18") == (warning("due_on_day_off", day="2024-08-18"),)
    assert asked(date="2024-08-18", shift="next") == ()
    swapped = schedule(due(day=2, shift="none", month="next"))
    assert doubts(swapped, "2025-12-14") == (warning("due_on_day_off", day="2026-01-02"),)


def test_the_first_and_the_last_day_of_a_calendar_may_be_days_off() -> None:
    for since, named in [("2028-01-01", 1), ("2028-12-31", 31)]:  # a Saturday and a Sunday
        days = calendar(year(2028))
        regime = schedule(due(day=named, shift="none"), window={"from": 2 if named == 1 else 1})
        found = warnings(regime, days, occurrences(regime, days, on(since), 1))
        assert [each.code for each in found][-1] == "due_on_day_off"


def test_a_deadline_that_stays_in_a_holiday_names_it() -> None:
    said = warning("due_in_holiday", day="2026-02-20", holiday=TET)
    assert doubts(schedule(due(day=20, shift="none")), "2026-02-14") == (
        warning("less_than_a_working_day", day="2026-02-20", cut_off="2026-02-14"),
        said,
    )


@pytest.mark.parametrize(("shift", "day"), [("next", "2026-02-23"), ("previous", "2026-02-13")])
def test_a_deadline_that_a_holiday_moves_names_it(shift: str, day: str) -> None:
    found = doubts(schedule(due(day=20, shift=shift)), "2026-02-14")
    assert found[-1] == warning("moved_by_holiday", raw="2026-02-20", day=day, holiday=TET)


def test_a_weekend_before_a_holiday_is_moved_by_the_holiday() -> None:
    hung = {"vi": "Giỗ Tổ Hùng Vương", "en": "Hung Kings' Commemoration Day"}
    said = warning("moved_by_holiday", raw="2026-04-25", day="2026-04-28", holiday=hung)
    assert doubts(schedule(due(day=25)), "2026-04-14") == (said,)
    assert doubts(schedule(due(day=25, shift="previous")), "2026-04-14") == ()


def test_working_days_counted_over_a_holiday_name_it() -> None:
    said = warning("holiday_in_between", cut_off="2026-02-14", day="2026-02-23", holiday=TET)
    assert doubts(schedule(due(working_days_after=1)), "2026-02-14") == (said,)
    assert doubts(schedule(due(working_days_after=1)), "2026-03-14") == ()


# Levels


def test_a_deadline_before_that_of_the_level_below_is_doubtful() -> None:
    levels = [level("a", deadline={"working_days_after": 3}), level("b", deadline={"day": 15})]
    assert doubts(schedule(*levels), "2025-05-14") == (
        warning(
            "due_before_lower_level",
            "owed_by[1].deadline",
            day="2025-05-15",
            lower="2025-05-19",
            name={"vi": "a", "en": "a"},
        ),
    )
    assert doubts(schedule(*reversed(levels)), "2025-05-14") == ()


@pytest.mark.parametrize(("at", "expected"), [("09:00", ["due_before_lower_level"]), ("16:30", [])])
def test_the_hour_counts_between_two_levels_too(at: str, expected: list[str]) -> None:
    levels = [level("a", deadline={"day": 20, "at": "16:30"}), level("b", deadline={"day": 20, "at": at})]
    assert [each.code for each in doubts(schedule(*levels), "2025-05-14")] == expected


# What the calendar cannot tell


def test_days_beyond_the_calendar_are_said_once() -> None:
    assert doubts(SHIPPED, "2028-01-01", 5) == (
        warning("beyond_calendar", "calendar", calendar="vietnam", first="2024-01-01", last="2027-12-31"),
    )


def test_a_year_not_announced_is_said_once() -> None:
    said = warning("year_not_announced", "calendar", calendar="vietnam", year=2027)
    found = doubts(schedule(due(day=20)), "2026-12-01", 4)
    assert [each for each in found if each.path == "calendar"] == [said]


def test_a_deadline_that_is_certain_does_not_ask_the_calendar() -> None:
    assert doubts(schedule(due(day=20, shift="none")), "2028-01-01") == ()
    codes = {each.code for each in doubts(schedule(due(day=20, shift="none")), "2027-01-01", 12)}
    assert "year_not_announced" not in codes


def test_a_cut_off_before_the_calendar_says_nothing_of_working_days() -> None:
    calendar_months = schedule(due(day=1, month="next"), window={"from": 1})
    assert [each.code for each in doubts(calendar_months, "2023-12-31")] == ["moved_by_holiday"]


def test_levels_without_a_day_are_not_compared() -> None:
    levels = [level("a", deadline={"day": 20, "shift": "none"}), level("b", deadline={"working_days_after": 1})]
    assert [each.code for each in doubts(schedule(*levels), "2028-01-14")] == ["beyond_calendar"]
    assert [each.code for each in doubts(schedule(*reversed(levels)), "2028-01-14")] == ["beyond_calendar"]


# All of them


REGIMES: list[Schedule] = [
    SHIPPED,
    schedule(due(day=14), level("b", deadline={"day": 13})),
    schedule(due(day=16, shift="none"), level("b", deadline={"working_days_after": 1})),
    schedule(due(day=20, shift="previous"), every=["month", {"kind": "quarter", "replaces": ["month"]}]),
    schedule(due(weekday=5, at="16:30"), every="week"),
    parse_schedule(on_demand(windows=[window(), window("late", to="2028-02-14")])),
]


@given(st.sampled_from(REGIMES), DAYS)
def test_warnings_are_told_as_promised_each_once(regime: Schedule, since: Any) -> None:
    found = warnings(regime, CALENDAR, occurrences(regime, CALENDAR, since, 14))
    promised.check_errors(found)
    assert all(each.severity == "warning" for each in found)
    assert not any(each in found[:number] for number, each in enumerate(found))


def test_every_code_of_a_warning_is_made() -> None:
    found = [each for regime in REGIMES for each in doubts(regime, "2024-01-01", 60)]
    assert {each.code for each in found} == set(WARNINGS)
