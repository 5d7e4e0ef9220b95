from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.workflows.almanac import BUDGETS, DAYS, INSTANTS, SHIPPED, at, calendar, holiday, on, week, year
from workflows.calendars import Holiday, Swap
from workflows.errors import WorkflowError
from workflows.periods import (
    VIETNAM,
    Before,
    Deadline,
    NoDeadline,
    NoLaterThan,
    Period,
    PeriodKind,
    Recurring,
    WithinMonth,
    too_late_from,
)
from workflows.workdays import (
    ERRORS,
    DaysAfter,
    Shift,
    add_working_days,
    add_working_time,
    due_day,
    is_estimate,
    is_working_day,
    shifted,
    special_day,
    working_days_between,
    working_time_between,
)

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def ends(ask: Callable[[], object]) -> tuple[object, object, object]:
    """The refusal of a question that leaves the published years: day asked for, first and last day known."""
    with pytest.raises(WorkflowError) as caught:
        ask()
    assert caught.value.code == "calendar_ends"
    assert tuple(caught.value.params) == ERRORS["calendar_ends"]
    return caught.value.params["day"], caught.value.params["first"], caught.value.params["last"]


# The vectors of the rules for deadlines, by number


@pytest.mark.parametrize(
    ("deadline", "shift", "expected"),
    [
        pytest.param(WithinMonth(2024, 8), Shift.NEXT, "2024-09-04", id="1 within August 2024, moved past 2-3/9"),
        pytest.param(Before(on("2024-08-16")), Shift.NEXT, "2024-08-15", id="2 before 16/8/2024"),
        pytest.param(Before(on("2024-08-20")), Shift.NEXT, "2024-08-19", id="3 before 20/8/2024"),
        pytest.param(NoLaterThan(on("2025-01-25")), Shift.NEXT, "2025-02-03", id="4 25/1/2025, after Tet"),
        pytest.param(NoLaterThan(on("2025-01-25")), Shift.PREVIOUS, "2025-01-24", id="4 25/1/2025, before Tet"),
        pytest.param(NoLaterThan(on("2024-02-25")), Shift.NEXT, "2024-02-26", id="5 Sunday 25/2/2024, next"),
        pytest.param(NoLaterThan(on("2024-02-25")), Shift.PREVIOUS, "2024-02-23", id="5 Sunday 25/2/2024, previous"),
        pytest.param(NoLaterThan(on("2026-04-25")), Shift.NEXT, "2026-04-28", id="6 25/4/2026, past 26-27/4"),
        pytest.param(DaysAfter(on("2026-02-14"), 1), Shift.NEXT, "2026-02-23", id="7 one working day after 14/2/2026"),
        pytest.param(DaysAfter(on("2024-02-14"), 2), Shift.NEXT, "2024-02-16", id="8 two working days after 14/2/2024"),
    ],
)
def test_a_deadline_ends_on_the_day_that_the_rules_give(
    deadline: Deadline | DaysAfter, shift: Shift, expected: str
) -> None:
    assert due_day(SHIPPED, deadline, shift) == on(expected)


@pytest.mark.parametrize("day", ["2024-05-04", "2025-04-26", "2026-01-10"], ids="9 {}".format)
def test_these_saturdays_are_worked(day: str) -> None:
    assert on(day).isoweekday() == 6
    assert is_working_day(SHIPPED, on(day))


@pytest.mark.parametrize("day", ["2024-04-29", "2025-05-02", "2026-01-02"], ids="10 {}".format)
def test_these_weekdays_are_off(day: str) -> None:
    assert on(day).isoweekday() <= 5
    assert not is_working_day(SHIPPED, on(day))


# Kinds of deadline and their shift


def test_working_days_are_counted_from_the_day_after_receipt() -> None:
    assert due_day(SHIPPED, DaysAfter(on("2024-08-14"), 1), Shift.NONE) == on("2024-08-15")
    assert due_day(SHIPPED, DaysAfter(on("2024-08-16"), 1), Shift.NONE) == on("2024-08-19")


def test_calendar_days_count_every_day_and_may_end_on_a_day_off() -> None:
    week_later = DaysAfter(on("2024-08-24"), 7, working=False)
    assert due_day(SHIPPED, week_later, Shift.NONE) == on("2024-08-31")
    assert due_day(SHIPPED, week_later, Shift.NEXT) == on("2024-09-04")
    assert due_day(SHIPPED, week_later, Shift.PREVIOUS) == on("2024-08-30")


def test_a_count_of_no_days_is_no_deadline() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        DaysAfter(on("2024-08-24"), 0)


def test_a_date_that_a_superior_fixed_stays_on_a_day_off() -> None:
    assert due_day(SHIPPED, NoLaterThan(on("2025-01-25")), Shift.NONE) == on("2025-01-25")


def test_a_recurring_deadline_is_moved_in_the_period_where_its_day_is_off() -> None:
    twenty_fifth = Recurring(day=25)
    january, march = (Period(PeriodKind.MONTH, 2025, number).window for number in (1, 3))
    assert due_day(SHIPPED, twenty_fifth, Shift.PREVIOUS, january) == on("2025-01-24")
    assert due_day(SHIPPED, twenty_fifth, Shift.PREVIOUS, march) == on("2025-03-25")


def test_a_standing_task_and_a_recurring_one_without_a_period_have_no_day() -> None:
    assert due_day(SHIPPED, NoDeadline(), Shift.NEXT) is None
    assert due_day(SHIPPED, Recurring(day=25), Shift.NEXT) is None


def test_a_moved_deadline_ends_at_midnight_of_the_working_day() -> None:
    due = due_day(SHIPPED, NoLaterThan(on("2024-02-25")), Shift.NEXT)
    assert due is not None
    assert too_late_from(due) == datetime(2024, 2, 26, 17, tzinfo=UTC)


def test_days_left_and_days_late_are_working_days() -> None:
    last_day = on("2025-02-03")
    assert working_days_between(SHIPPED, on("2025-01-24"), last_day) == 1
    assert working_days_between(SHIPPED, on("2025-01-22"), last_day) == 3
    assert working_days_between(SHIPPED, last_day, last_day) == 0
    assert working_days_between(SHIPPED, last_day, on("2025-02-10")) == 5
    assert working_days_between(SHIPPED, on("2025-02-10"), last_day) == -5


@given(DAYS, st.sampled_from(Shift))
def test_a_shift_goes_to_the_nearest_working_day_on_its_side(day: date, shift: Shift) -> None:
    assume(on("2024-01-02") <= day <= on("2027-12-31"))
    moved = shifted(SHIPPED, day, shift)
    if shift is Shift.NONE or is_working_day(SHIPPED, day):
        assert moved == day
    else:
        assert is_working_day(SHIPPED, moved)
        assert (moved > day) == (shift is Shift.NEXT)
        sooner, later = sorted([day, moved])
        between = [sooner + DAY * number for number in range(1, (later - sooner).days)]
        assert not any(is_working_day(SHIPPED, each) for each in between)


# Working days


@given(DAYS, st.integers(0, 300))
def test_counting_working_days_undoes_adding_them(day: date, days: int) -> None:
    assume(working_days_between(SHIPPED, day, SHIPPED.last) >= days)
    result = add_working_days(SHIPPED, day, days)
    assert working_days_between(SHIPPED, day, result) == days
    assert result == day if days == 0 else is_working_day(SHIPPED, result)


@given(DAYS, st.integers(1, 30))
def test_adding_working_days_is_the_walk_that_a_person_would_make(day: date, days: int) -> None:
    assume(working_days_between(SHIPPED, day, SHIPPED.last) >= days)
    walked, left = day, days
    while left:
        walked += DAY
        left -= is_working_day(SHIPPED, walked)
    assert add_working_days(SHIPPED, day, days) == walked


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(first: date, second: date, third: date) -> None:
    whole = working_days_between(SHIPPED, first, third)
    assert working_days_between(SHIPPED, first, second) + working_days_between(SHIPPED, second, third) == whole


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(SHIPPED, on("2025-01-25"), -1)


# Why a day is what it is


def test_a_special_day_says_why() -> None:
    tet, off, worked = (special_day(SHIPPED, on(day)) for day in ("2025-01-29", "2024-04-29", "2024-05-04"))
    assert isinstance(tet, Holiday)
    assert tet.name == {"vi": "Tết Nguyên đán", "en": "Lunar New Year"}
    assert off == worked == Swap(on("2024-04-29"), on("2024-05-04"), "2450/VPCP-KGVX")
    assert special_day(SHIPPED, on("2024-04-28")) is None


def test_an_estimate_is_known_as_one() -> None:
    assert is_estimate(SHIPPED, on("2027-02-04"))
    assert not is_estimate(SHIPPED, on("2026-12-31"))


# Working time


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at("2024-08-14", "07:00"), at("2024-08-14", "17:00"), 8),
        (at("2024-08-14", "00:00"), at("2024-08-15", "00:00"), 8),
        (at("2024-08-14", "11:00"), at("2024-08-14", "14:00"), 1),
        (at("2024-08-14", "11:30"), at("2024-08-14", "13:30"), 0),
        (at("2024-08-14", "17:00"), at("2024-08-15", "07:00"), 0),
        (at("2024-08-12", "00:00"), at("2024-08-19", "00:00"), 40),
        (at("2024-08-16", "16:00"), at("2024-08-19", "08:00"), 2),
        (at("2024-08-14", "14:00"), at("2024-08-14", "11:00"), -1),
        (at("2025-01-24", "17:00"), at("2025-02-03", "07:00"), 0),
        (at("2024-05-04", "00:00"), at("2024-05-05", "00:00"), 8),
        (at("2024-04-29", "00:00"), at("2024-05-02", "00:00"), 0),
        (at("2024-01-01", "00:00"), at("2025-01-01", "00:00"), 251 * 8),
    ],
)
def test_working_time_lies_within_working_hours(start: datetime, end: datetime, hours: int) -> None:
    assert working_time_between(SHIPPED, start, end) == hours * HOUR


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at("2024-08-14", "08:00"), 2, at("2024-08-14", "10:00")),
        (at("2024-08-14", "10:30"), 2, at("2024-08-14", "14:30")),
        (at("2024-08-14", "16:00"), 2, at("2024-08-15", "08:00")),
        (at("2024-08-14", "07:00"), 8, at("2024-08-14", "17:00")),
        (at("2024-08-16", "13:30"), 8, at("2024-08-19", "11:30")),
        (at("2024-08-17", "10:00"), 1, at("2024-08-19", "08:00")),
        (at("2025-01-24", "16:00"), 2, at("2025-02-03", "08:00")),
        (at("2024-05-03", "16:00"), 2, at("2024-05-04", "08:00")),
        (at("2024-08-14", "12:00"), 0, at("2024-08-14", "12:00")),
    ],
)
def test_working_time_runs_out_in_working_hours(start: datetime, hours: int, end: datetime) -> None:
    result = add_working_time(SHIPPED, start, hours * HOUR)
    assert result == end
    assert result.tzinfo is UTC


def test_the_time_zone_of_an_instant_does_not_matter() -> None:
    start = at("2024-08-14", "10:30")
    assert add_working_time(SHIPPED, start.astimezone(UTC), HOUR) == add_working_time(SHIPPED, start, HOUR)


def test_a_day_worked_in_exchange_has_the_hours_of_the_day_it_replaces() -> None:
    hours = [week(monday=["07:00-11:00"], friday=["08:00-10:00", "13:00-15:30"])]
    swap = {"day_off": "2025-05-02", "worked": "2025-04-26"}
    own = calendar(year(2025, holiday("2025-05-01"), swaps=[swap]), hours=hours)
    assert working_time_between(own, at("2025-04-26", "00:00"), at("2025-04-27", "00:00")) == 4.5 * HOUR
    assert working_time_between(own, at("2025-04-26", "00:00"), at("2025-05-05", "00:00")) == 8.5 * HOUR


def test_hours_change_with_the_season() -> None:
    winter, summer = week("2025-01-01", monday=["08:00-12:00"]), week("2025-04-15", monday=["07:00-12:00"])
    own = calendar(hours=[winter, summer, week("2025-10-15", monday=["08:00-12:00"])])
    mondays = ["2025-04-14", "2025-04-21", "2025-10-13", "2025-10-20"]
    days = [working_time_between(own, at(day, "00:00"), at(day, "23:00")) for day in mondays]
    assert days == [4 * HOUR, 5 * HOUR, 5 * HOUR, 4 * HOUR]


def test_work_around_midnight_counts_once() -> None:
    own = calendar(hours=[week(monday=["20:00-24:00"], tuesday=["00:00-04:00"])])
    assert working_time_between(own, at("2025-01-06", "12:00"), at("2025-01-07", "12:00")) == 8 * HOUR
    assert add_working_time(own, at("2025-01-06", "23:00"), 2 * HOUR) == at("2025-01-07", "01:00")
    assert add_working_time(own, at("2025-01-06", "20:00"), 4 * HOUR) == at("2025-01-07", "00:00")


def test_working_time_needs_aware_instants_and_runs_forwards() -> None:
    naive = at("2024-08-14", "10:30").replace(tzinfo=None)
    with pytest.raises(ValueError, match="time zone"):
        working_time_between(SHIPPED, naive, at("2024-08-14", "10:30"))
    with pytest.raises(ValueError, match="time zone"):
        add_working_time(SHIPPED, naive, HOUR)
    with pytest.raises(ValueError, match="forwards"):
        add_working_time(SHIPPED, at("2024-08-14", "10:30"), -HOUR)


def test_a_century_is_not_walked_through() -> None:
    own = calendar(*[year(number) for number in range(2025, 2125)])
    assert add_working_days(own, own.first, 1) == on("2025-01-02")
    start, budget = at("2025-01-01", "00:00"), 8 * HOUR * 26000
    began = perf_counter()
    end = add_working_time(own, start, budget)
    assert working_time_between(own, start, end) == budget
    assert perf_counter() - began < 5


@given(INSTANTS, BUDGETS)
def test_measuring_working_time_undoes_adding_it(start: datetime, budget: timedelta) -> None:
    assume(working_time_between(SHIPPED, start, at("2028-01-01", "00:00")) >= budget)
    end = add_working_time(SHIPPED, start, budget)
    assert end >= start
    assert working_time_between(SHIPPED, start, end) == budget
    if budget:
        assert working_time_between(SHIPPED, start, end - timedelta(microseconds=1)) < budget


@given(INSTANTS, INSTANTS)
def test_adding_what_was_measured_gives_the_end_or_when_work_stopped_before_it(one: datetime, other: datetime) -> None:
    start, end = sorted([one, other])
    reached = add_working_time(SHIPPED, start, working_time_between(SHIPPED, start, end))
    assert reached <= end
    assert working_time_between(SHIPPED, reached, end) == timedelta()


@given(INSTANTS, INSTANTS, INSTANTS)
def test_working_time_adds_up_over_split_intervals(first: datetime, second: datetime, third: datetime) -> None:
    parts = working_time_between(SHIPPED, first, second) + working_time_between(SHIPPED, second, third)
    assert parts == working_time_between(SHIPPED, first, third)


@given(INSTANTS, BUDGETS, BUDGETS)
def test_a_budget_may_be_spent_in_two_parts(start: datetime, one: timedelta, other: timedelta) -> None:
    assume(working_time_between(SHIPPED, start, at("2028-01-01", "00:00")) >= one + other)
    halfway = add_working_time(SHIPPED, start, one)
    assert add_working_time(SHIPPED, halfway, other) == add_working_time(SHIPPED, start, one + other)


@given(st.lists(INSTANTS, min_size=3, max_size=3))
def test_working_time_grows_with_the_clock_and_never_faster(instants: list[datetime]) -> None:
    start, sooner, later = sorted(instants)
    short, long = (working_time_between(SHIPPED, start, end) for end in (sooner, later))
    assert timedelta() <= short <= long <= later - start


@given(INSTANTS, BUDGETS, BUDGETS)
def test_a_larger_budget_never_ends_sooner(start: datetime, one: timedelta, other: timedelta) -> None:
    less, more = sorted([one, other])
    assume(working_time_between(SHIPPED, start, at("2028-01-01", "00:00")) >= more)
    assert add_working_time(SHIPPED, start, less) <= add_working_time(SHIPPED, start, more)


@given(DAYS)
def test_a_day_has_eight_hours_or_is_off(day: date) -> None:
    start = datetime.combine(day, datetime.min.time(), VIETNAM)
    worked = working_time_between(SHIPPED, start, start + DAY)
    assert worked == (8 * HOUR if is_working_day(SHIPPED, day) else timedelta())


@given(INSTANTS, st.integers(0, 12 * 24 * 60))
def test_working_time_is_what_a_watchman_with_a_stopwatch_counts(start: datetime, minutes: int) -> None:
    start = start.replace(second=0, microsecond=0)
    assume(start + minutes * MINUTE <= at("2028-01-01", "00:00"))
    counted = 0
    for number in range(minutes):
        local = (start + number * MINUTE).astimezone(VIETNAM)
        open_now = "07:00" <= f"{local:%H:%M}" < "11:30" or "13:30" <= f"{local:%H:%M}" < "17:00"
        counted += open_now and is_working_day(SHIPPED, local.date())
    assert working_time_between(SHIPPED, start, start + minutes * MINUTE) == counted * MINUTE


# Outside the published years


@pytest.mark.parametrize(
    ("ask", "day"),
    [
        (lambda: is_working_day(SHIPPED, on("2023-12-31")), "2023-12-31"),
        (lambda: is_working_day(SHIPPED, on("2028-01-01")), "2028-01-01"),
        (lambda: is_estimate(SHIPPED, on("2028-01-01")), "2028-01-01"),
        (lambda: special_day(SHIPPED, on("2028-01-01")), "2028-01-01"),
        (lambda: add_working_days(SHIPPED, on("2023-12-31"), 0), "2023-12-31"),
        (lambda: add_working_days(SHIPPED, on("2027-12-31"), 1), "2028-01-01"),
        (lambda: add_working_days(SHIPPED, on("2024-12-31"), 10**6), "2028-01-01"),
        (lambda: working_days_between(SHIPPED, on("2027-12-31"), on("2030-05-06")), "2030-05-06"),
        (lambda: working_days_between(SHIPPED, on("2020-05-06"), on("2027-12-31")), "2020-05-06"),
        (lambda: shifted(SHIPPED, on("2024-01-01"), Shift.PREVIOUS), "2023-12-31"),
        (lambda: shifted(SHIPPED, on("2028-01-01"), Shift.NONE), "2028-01-01"),
        (lambda: due_day(SHIPPED, DaysAfter(on("2027-12-01"), 31, working=False), Shift.NONE), "2028-01-01"),
        (lambda: due_day(SHIPPED, Before(on("2028-02-01")), Shift.NONE), "2028-01-31"),
        (lambda: working_time_between(SHIPPED, at("2023-12-31", "23:59"), at("2024-01-02", "08:00")), "2023-12-31"),
        (lambda: working_time_between(SHIPPED, at("2027-12-31", "08:00"), at("2028-01-01", "00:01")), "2028-01-01"),
        (lambda: add_working_time(SHIPPED, at("2023-12-31", "08:00"), timedelta()), "2023-12-31"),
        (lambda: add_working_time(SHIPPED, at("2027-12-31", "16:00"), HOUR + MINUTE), "2028-01-01"),
    ],
)
def test_a_year_that_is_not_published_is_never_guessed(ask: Callable[[], object], day: str) -> None:
    assert ends(ask) == (day, "2024-01-01", "2027-12-31")


def test_a_year_that_ends_with_days_off_has_no_next_working_day() -> None:
    own = calendar(year(2025, holiday("2025-12-30", to="2025-12-31")))
    assert ends(lambda: shifted(own, on("2025-12-31"), Shift.NEXT)) == ("2026-01-01", "2025-01-01", "2025-12-31")
    assert shifted(own, on("2025-12-31"), Shift.PREVIOUS) == on("2025-12-29")


def test_the_last_midnight_of_the_published_years_still_belongs_to_them() -> None:
    assert working_time_between(SHIPPED, at("2027-12-31", "16:00"), too_late_from(SHIPPED.last)) == HOUR
    assert add_working_time(SHIPPED, at("2027-12-31", "16:00"), HOUR) == at("2027-12-31", "17:00")
    assert working_time_between(SHIPPED, at("2024-01-01", "00:00"), at("2024-01-02", "08:00")) == HOUR
