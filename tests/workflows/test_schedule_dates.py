from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import promised
from tests.workflows.almanac import DAYS, calendar, on, year
from tests.workflows.almanac import SHIPPED as CALENDAR
from tests.workflows.regimes import SHIPPED, body, coming, due, first_due, level, on_demand, schedule, window
from workflows.periods import Period, PeriodKind, Window
from workflows.schedules import Schedule, occurrences, parse_schedule
from workflows.workdays import is_working_day, working_days_between

EVERY = [
    "month",
    {"kind": "quarter", "replaces": ["month"]},
    {"kind": "half_year", "replaces": ["quarter"]},
    {"kind": "nine_months", "replaces": ["quarter"]},
    {"kind": "year", "replaces": ["half_year"]},
]
"""Where a longer period ends, only its report is owed."""


def keys(schedule: Schedule, since: str, count: int) -> list[str]:
    return [each.key for each in coming(schedule, since, count)]


# Windows and cut-offs


def test_a_window_runs_from_the_fifteenth_to_the_fourteenth() -> None:
    (january,) = coming(schedule(), "2025-01-01")
    assert january.period == Period(PeriodKind.MONTH, 2025, 1)
    assert january.window == Window(on("2024-12-15"), on("2025-01-14"))
    assert january.cut_off == on("2025-01-14")
    assert (january.key, january.replaces) == ("month-2025-01", ())


def test_a_regime_may_count_calendar_months_instead() -> None:
    (january,) = coming(schedule(window={"from": 1}), "2025-01-15")
    assert january.window == Window(on("2025-01-01"), on("2025-01-31"))
    (tenth,) = coming(schedule(window={"from": 10}), "2025-01-10")
    assert (tenth.key, tenth.window) == ("month-2025-02", Window(on("2025-01-10"), on("2025-02-09")))


def test_weeks_run_from_monday_to_sunday_also_over_the_turn_of_the_year() -> None:
    (week,) = coming(schedule(every="week"), "2025-01-01")
    assert (week.key, week.window) == ("week-2025-01", Window(on("2024-12-30"), on("2025-01-05")))


def test_what_is_wanted_begins_with_the_first_cut_off_since_a_day() -> None:
    assert keys(schedule(), "2025-01-14", 2) == ["month-2025-01", "month-2025-02"]
    assert keys(schedule(), "2025-01-15", 1) == ["month-2025-02"]
    assert keys(schedule(), "2025-01-15", 0) == []


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="islice"):
        coming(schedule(), "2025-01-01", -1)


def test_a_schedule_begins_and_ends_with_its_first_and_last_cut_off() -> None:
    limited = schedule(**{"from": "2025-01-14", "until": "2025-03-14"})
    assert keys(limited, "2020-01-01", 9) == ["month-2025-01", "month-2025-02", "month-2025-03"]
    assert keys(limited, "2025-03-01", 9) == ["month-2025-03"]
    assert keys(schedule(**{"from": "2025-01-15", "until": "2025-03-13"}), "2020-01-01", 9) == ["month-2025-02"]


def test_no_report_is_owed_outside_the_years_that_calendars_can_have() -> None:
    assert keys(schedule(), "0001-01-01", 1) == ["month-1976-01"]
    assert keys(schedule(), "2999-12-01", 9) == ["month-2999-12"]


def test_a_report_may_be_begun_on_the_first_day_of_its_window_or_later() -> None:
    assert coming(schedule(), "2025-01-14")[0].opens == on("2024-12-15")
    assert coming(schedule(opens=5), "2025-01-14")[0].opens == on("2025-01-09")
    assert coming(schedule(opens=0), "2025-01-14")[0].opens == on("2025-01-14")
    assert coming(schedule(opens=366), "2025-01-14")[0].opens == on("2024-12-15")


def test_windows_asked_for_one_by_one_come_by_their_cut_off() -> None:
    windows = [window("late", to="2024-09-30"), window("early", to="2024-08-14")]
    asked = parse_schedule(on_demand(windows=windows))
    assert keys(asked, "2024-01-01", 9) == ["early", "late"]
    assert keys(asked, "2024-08-14", 9) == ["early", "late"]
    assert keys(asked, "2024-08-15", 9) == ["late"]
    early = coming(asked, "2024-01-01")[0]
    assert (early.period, early.window) == (asked.occasions[1], asked.occasions[1].window)
    assert early.opens == on("2024-01-01")


# Which report stands in for which


def test_the_report_of_a_quarter_replaces_that_of_its_last_month() -> None:
    quarterly = schedule(every=EVERY[:2])
    assert keys(quarterly, "2025-01-01", 4) == ["month-2025-01", "month-2025-02", "quarter-2025-01", "month-2025-04"]
    quarter = coming(quarterly, "2025-03-01")[0]
    assert quarter.replaces == (Period(PeriodKind.MONTH, 2025, 3),)
    assert quarter.window == Window(on("2024-12-15"), on("2025-03-14"))


def test_a_year_of_reports_has_one_for_each_month_end() -> None:
    assert keys(schedule(every=EVERY), "2025-01-01", 12) == [
        *("month-2025-01", "month-2025-02", "quarter-2025-01", "month-2025-04", "month-2025-05", "half_year-2025-01"),
        *("month-2025-07", "month-2025-08", "nine_months-2025-01", "month-2025-10", "month-2025-11", "year-2025-01"),
    ]


def test_what_was_replaced_replaces_in_turn() -> None:
    december = coming(schedule(every=EVERY), "2025-12-01")[0]
    assert december.replaces == (
        Period(PeriodKind.MONTH, 2025, 12),
        Period(PeriodKind.QUARTER, 2025, 4),
        Period(PeriodKind.HALF_YEAR, 2025, 2),
    )


def test_without_precedence_all_of_them_are_owed_from_the_shortest() -> None:
    assert keys(schedule(every=["year", "quarter", "month"]), "2025-12-01", 4) == [
        *("month-2025-12", "quarter-2025-04", "year-2025-01"),
        "month-2026-01",
    ]


def test_a_longer_report_may_replace_one_shorter_kind_alone() -> None:
    yearly = schedule(every=["month", "quarter", {"kind": "year", "replaces": ["month"]}])
    assert keys(yearly, "2025-12-01", 2) == ["quarter-2025-04", "year-2025-01"]
    assert coming(yearly, "2025-12-01", 2)[1].replaces == (Period(PeriodKind.MONTH, 2025, 12),)


@pytest.mark.parametrize(
    ("first_day", "since", "expected"),
    [
        *((15, "2025-09-14", 2025), (15, "2025-09-15", 2026), (15, "2025-12-14", 2026), (15, "2025-12-15", 2026)),
        *((1, "2025-09-30", 2025), (1, "2025-10-01", 2026), (1, "2025-12-31", 2026), (1, "2026-01-01", 2026)),
    ],
)
def test_after_nine_months_the_next_year_follows(first_day: int, since: str, expected: int) -> None:
    nine = schedule(every="nine_months", window={"from": first_day})
    assert keys(nine, since, 1) == [f"nine_months-{expected}-01"]


@given(st.integers(1, 5), st.integers(1, 28), DAYS)
def test_after_precedence_cut_offs_follow_each_other_month_by_month(kinds: int, first_day: int, since: date) -> None:
    """Each day is data of the report on the next cut-off: no day is left out, and none waits for two reports."""
    regime = schedule(every=EVERY[:kinds], window={"from": first_day})
    found = occurrences(regime, CALENDAR, since, 15)
    months = occurrences(schedule(window={"from": first_day}), CALENDAR, since, 15)
    assert [each.cut_off for each in found] == [each.cut_off for each in months]
    for one, next_one in pairwise(months):
        assert next_one.window.start == one.cut_off + timedelta(days=1)
    for each, month in zip(found, months, strict=True):
        assert each.window.start <= month.window.start
        assert each.period == month.period or month.period in each.replaces


@given(st.sampled_from([kind for kind in PeriodKind if kind != "nine_months"]), st.integers(1, 28), DAYS)
def test_windows_of_one_kind_abut(kind: PeriodKind, first_day: int, since: date) -> None:
    found = occurrences(schedule(every=str(kind), window={"from": first_day}), CALENDAR, since, 10)
    assert since in found[0].window
    for one, next_one in pairwise(found):
        assert next_one.window.start == one.window.end + timedelta(days=1)


# Deadlines


def test_a_deadline_is_so_many_working_days_after_the_cut_off() -> None:
    after_one, after_two = schedule(due(working_days_after=1)), schedule(due(working_days_after=2))
    assert first_due(after_one, "2026-02-14").day == on("2026-02-23")  # over Lunar New Year
    assert first_due(after_two, "2024-02-14").day == on("2024-02-16")
    assert first_due(after_two, "2025-01-14").day == on("2025-01-16")


@pytest.mark.parametrize(
    ("since", "shift", "expected"),
    [
        ("2025-01-14", "next", "2025-02-03"),  # Saturday, Lunar New Year begins on Monday
        ("2025-01-14", "previous", "2025-01-24"),
        ("2024-02-14", "next", "2024-02-26"),  # Sunday
        ("2024-02-14", "previous", "2024-02-23"),
        ("2026-04-14", "next", "2026-04-28"),  # Saturday, Hung Kings' Day on Sunday, off in lieu on Monday
        ("2026-04-14", "none", "2026-04-25"),
    ],
)
def test_the_twenty_fifth_is_shifted_as_the_schedule_says(since: str, shift: str, expected: str) -> None:
    found = first_due(schedule(due(day=25, shift=shift)), since)
    assert found.raw is not None
    assert found.raw.day == 25
    assert found.day == on(expected)


def test_the_thirty_first_is_the_last_day_of_any_month() -> None:
    assert first_due(schedule(due(day=31)), "2024-08-14").day == on("2024-09-04")  # Saturday before National Day
    assert first_due(schedule(due(day=31)), "2024-02-14").day == on("2024-02-29")
    assert first_due(schedule(due(day=31, month="next")), "2025-01-14").day == on("2025-02-28")


def test_a_deadline_may_be_in_the_month_after_the_window() -> None:
    calendar_months = schedule(due(day=5, month="next"), window={"from": 1})
    assert first_due(calendar_months, "2025-01-31").day == on("2025-02-05")
    assert first_due(calendar_months, "2025-12-31").day == on("2026-01-05")


def test_before_a_day_ends_with_the_day_before_it() -> None:
    for named, expected in [("2024-08-16", "2024-08-15"), ("2024-08-20", "2024-08-19")]:
        asked = parse_schedule(on_demand(due(date=named, kind="before")))
        assert first_due(asked, "2024-08-14").day == on(expected)
    before = first_due(schedule(due(day=19, kind="before")), "2025-01-14")
    assert (before.raw, before.day) == (on("2025-01-18"), on("2025-01-20"))


def test_a_date_that_was_fixed_stays_on_a_day_off_unless_it_is_to_be_shifted() -> None:
    sunday = {"date": "2024-08-18"}
    assert first_due(parse_schedule(on_demand(due(**sunday))), "2024-08-14").day == on("2024-08-18")
    assert first_due(parse_schedule(on_demand(due(**sunday, shift="next"))), "2024-08-14").day == on("2024-08-19")


def test_a_weekly_report_is_due_on_a_weekday_of_its_week_or_of_the_next() -> None:
    friday = first_due(schedule(due(weekday=5, at="16:30"), every="week"), "2025-01-15")
    assert friday.day == on("2025-01-17")
    assert friday.until == datetime(2025, 1, 17, 9, 30, tzinfo=UTC)
    assert friday.until.tzinfo is UTC
    monday = schedule(due(weekday=1, week="next"), every="week")
    assert first_due(monday, "2025-01-15").day == on("2025-01-20")
    assert first_due(monday, "2025-01-20").raw == on("2025-01-27")
    assert first_due(monday, "2025-01-20").day == on("2025-02-03")  # Lunar New Year


def test_a_deadline_without_a_time_ends_at_midnight_in_vietnam() -> None:
    assert first_due(schedule(due(day=20)), "2025-01-14").until == datetime(2025, 1, 20, 17, tzinfo=UTC)


def test_each_level_has_a_deadline_of_its_own() -> None:
    levels = [
        level("communes", deadline={"working_days_after": 1}),
        level("departments", deadline={"working_days_after": 2}),
        level("police", deadline={"day": 20}),
        level("province", deadline={"day": 24}),
    ]
    (february,) = coming(schedule(*levels), "2026-02-14")
    assert [(each.level, each.day) for each in february.dues] == [
        ("communes", on("2026-02-23")),
        ("departments", on("2026-02-24")),
        ("police", on("2026-02-23")),
        ("province", on("2026-02-24")),
    ]


def test_the_shipped_schedule_gives_communes_one_day_and_departments_two() -> None:
    found = coming(SHIPPED, "2026-01-15")[0]
    assert [(each.level, each.day) for each in found.dues] == [
        ("communes", on("2026-02-23")),
        ("departments", on("2026-02-24")),
    ]
    assert [promised.broken(each) for each in found.dues] == [[], []]
    assert promised.broken(found) == []


def test_entry_closes_so_many_days_after_the_deadline() -> None:
    assert first_due(schedule(due(day=20)), "2025-01-14").locks is None
    assert first_due(schedule(due(day=20), lock_after=10), "2025-01-14").locks == datetime(2025, 1, 30, 17, tzinfo=UTC)
    afternoon = schedule(due(day=20, at="16:30"), lock_after=0)
    assert first_due(afternoon, "2025-01-14").locks == datetime(2025, 1, 20, 9, 30, tzinfo=UTC)


def test_reminders_come_on_working_days_on_which_so_many_are_left() -> None:
    assert first_due(schedule(), "2025-01-14").reminders == ()
    monday = first_due(schedule(due(day=20), remind=[0, 1, 3]), "2025-01-14")
    assert monday.reminders == (on("2025-01-15"), on("2025-01-17"), on("2025-01-20"))
    sunday = first_due(schedule(due(day=19, shift="none"), remind=[0, 1]), "2025-01-14")
    assert sunday.reminders == (on("2025-01-16"), on("2025-01-17"))


@given(DAYS, st.integers(0, 20))
def test_on_a_reminder_so_many_working_days_are_left(since: date, left: int) -> None:
    for occurrence in occurrences(schedule(due(day=25), remind=[left]), CALENDAR, since, 3):
        for found in occurrence.dues:
            for reminder in found.reminders:
                assert found.day is not None
                assert is_working_day(CALENDAR, reminder)
                assert working_days_between(CALENDAR, reminder, found.day) == left


DEADLINES = st.one_of(
    st.fixed_dictionaries({"working_days_after": st.integers(1, 60)}),
    st.fixed_dictionaries({"day": st.integers(1, 31), "month": st.sampled_from(["same", "next"])}),
)


@given(DEADLINES, st.sampled_from(["next", "previous"]), st.sampled_from(["before", "no_later_than"]), DAYS)
def test_deadlines_that_are_shifted_are_working_days(
    deadline: dict[str, object], shift: str, kind: str, since: date
) -> None:
    regime = schedule(due(**deadline, shift=shift, kind=kind), every=EVERY)
    for occurrence in occurrences(regime, CALENDAR, since, 13):
        for found in occurrence.dues:
            if found.day is not None:
                assert is_working_day(CALENDAR, found.day)
                assert found.raw is not None
                assert found.day >= found.raw if shift == "next" else found.day <= found.raw


# Years that the calendar does not have, or has not decided


def test_what_the_calendar_cannot_tell_is_left_open() -> None:
    counted = first_due(schedule(due(working_days_after=2), remind=[1], lock_after=1), "2028-01-01")
    assert (counted.raw, counted.day, counted.until, counted.reminders, counted.locks) == (None, None, None, (), None)
    on_a_day = first_due(schedule(due(day=20), remind=[1]), "2028-01-01")
    assert (on_a_day.raw, on_a_day.day, on_a_day.until, on_a_day.reminders) == (on("2028-01-20"), None, None, ())
    assert not counted.is_estimate
    assert not on_a_day.is_estimate


def test_a_day_that_is_not_shifted_is_certain_in_any_year() -> None:
    for since, expected in [("2028-01-01", "2028-01-20"), ("1999-01-01", "1999-01-20")]:
        fixed = first_due(schedule(due(day=20, shift="none"), remind=[1]), since)
        assert fixed.day == on(expected)
        assert fixed.until is not None
        assert fixed.reminders == ()
        assert not fixed.is_estimate


def test_a_deadline_in_a_year_not_announced_is_an_estimate() -> None:
    assert not first_due(schedule(due(day=20)), "2026-12-01").is_estimate
    assert first_due(schedule(due(day=20)), "2027-01-01").is_estimate
    assert first_due(schedule(due(day=31), window={"from": 1}), "2027-12-31").is_estimate
    assert first_due(schedule(due(working_days_after=20)), "2026-12-14").is_estimate
    assert first_due(schedule(due(working_days_after=1, shift="none")), "2027-01-14").is_estimate
    assert not first_due(schedule(due(day=20, shift="none")), "2027-01-01").is_estimate


def test_a_deadline_shifted_into_a_year_not_announced_is_an_estimate() -> None:
    days = calendar(year(2028), year(2029, status="provisional"))
    (december,) = occurrences(schedule(due(day=31), window={"from": 1}), days, on("2028-12-31"), 1)
    assert (december.dues[0].raw, december.dues[0].day) == (on("2028-12-31"), on("2029-01-01"))
    assert december.dues[0].is_estimate


def test_reminders_before_the_calendar_begins_are_left_out() -> None:
    early = first_due(schedule(due(day=3, month="next"), window={"from": 28}, remind=[60, 1, 0]), "2024-01-01")
    assert early.day == on("2024-02-05")
    assert early.reminders == (on("2024-02-02"), on("2024-02-05"))
    first = first_due(schedule(due(day=2), window={"from": 2}, remind=[1, 0]), "2024-01-01")
    assert (first.day, first.reminders) == (on("2024-01-02"), (on("2024-01-02"),))


def test_the_last_day_of_the_calendar_has_reminders_and_those_after_it_have_none() -> None:
    for day, expected in [(31, (on("2025-12-30"), on("2025-12-31"))), (1, ())]:
        month = "next" if day == 1 else "same"
        regime = schedule(due(day=day, month=month, shift="none"), remind=[1, 0])
        assert occurrences(regime, calendar(year(2025)), on("2025-12-14"), 1)[0].dues[0].reminders == expected


@given(st.dates(date(1, 1, 1), date(2999, 12, 31)), st.sampled_from(["month", "week", "year"]))
def test_any_day_has_an_answer(since: date, every: str) -> None:
    deadline = {"weekday": 5} if every == "week" else {"day": 25}
    regime = schedule(due(**deadline), every=every, remind=[3], lock_after=3)
    for occurrence in occurrences(regime, CALENDAR, since, 3):
        assert occurrence.cut_off >= since
        assert occurrence.opens in occurrence.window
        assert [each.level for each in occurrence.dues] == ["departments"]


def test_a_schedule_asks_for_nothing_more_when_its_windows_are_over() -> None:
    assert coming(parse_schedule(body(until="2025-01-13")), "2025-01-01") == ()
    assert coming(parse_schedule(on_demand()), "2024-08-15") == ()
