from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.periods import (
    Before,
    NoDeadline,
    NoLaterThan,
    Period,
    PeriodKind,
    Recurring,
    Window,
    WithinMonth,
    period_on,
    periods_in,
    too_late_from,
)

KINDS = st.sampled_from(PeriodKind)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("kind", "number", "start", "end"),
    [
        # Decree 09/2019, article 12
        (PeriodKind.MONTH, 1, date(2024, 12, 15), date(2025, 1, 14)),
        (PeriodKind.MONTH, 3, date(2025, 2, 15), date(2025, 3, 14)),
        (PeriodKind.QUARTER, 1, date(2024, 12, 15), date(2025, 3, 14)),
        (PeriodKind.QUARTER, 4, date(2025, 9, 15), date(2025, 12, 14)),
        (PeriodKind.HALF_YEAR, 1, date(2024, 12, 15), date(2025, 6, 14)),
        (PeriodKind.HALF_YEAR, 2, date(2025, 6, 15), date(2025, 12, 14)),
        (PeriodKind.NINE_MONTHS, 1, date(2024, 12, 15), date(2025, 9, 14)),
        (PeriodKind.YEAR, 1, date(2024, 12, 15), date(2025, 12, 14)),
        # weeks run Monday to Sunday, also over the turn of the year
        (PeriodKind.WEEK, 1, date(2024, 12, 30), date(2025, 1, 5)),
    ],
)
def test_a_window_runs_from_the_fifteenth_to_the_fourteenth(
    kind: PeriodKind, number: int, start: date, end: date
) -> None:
    window = Period(kind, 2025, number).window
    assert window == Window(start, end)
    assert start in window
    assert end in window
    assert start - timedelta(days=1) not in window
    assert end + timedelta(days=1) not in window


def test_november_of_gia_lai_runs_from_mid_october() -> None:
    assert Period(PeriodKind.MONTH, 2024, 11).window == Window(date(2024, 10, 15), date(2024, 11, 14))


def test_a_year_has_as_many_periods_as_the_kind_says() -> None:
    assert [periods_in(kind, 2025) for kind in PeriodKind] == [52, 12, 4, 2, 1, 1]
    assert periods_in(PeriodKind.WEEK, 2026) == 53


@pytest.mark.parametrize(("kind", "number"), [("month", 0), ("month", 13), ("quarter", 5), ("week", 53), ("year", 2)])
def test_a_period_that_the_year_does_not_have_is_refused(kind: str, number: int) -> None:
    with pytest.raises(ValueError, match="2025 has no"):
        Period(PeriodKind(kind), 2025, number)


def test_the_periods_around_a_period() -> None:
    january = Period(PeriodKind.MONTH, 2025, 1)
    assert january.previous == Period(PeriodKind.MONTH, 2024, 12)
    assert january.following == Period(PeriodKind.MONTH, 2025, 2)
    assert Period(PeriodKind.WEEK, 2027, 1).previous == Period(PeriodKind.WEEK, 2026, 53)
    assert Period(PeriodKind.YEAR, 2025).following == Period(PeriodKind.YEAR, 2026)


def test_the_second_half_of_december_belongs_to_the_next_january() -> None:
    assert period_on(PeriodKind.MONTH, date(2024, 12, 14)) == Period(PeriodKind.MONTH, 2024, 12)
    assert period_on(PeriodKind.MONTH, date(2024, 12, 15)) == Period(PeriodKind.MONTH, 2025, 1)


@given(KINDS, DAYS)
def test_a_day_belongs_to_the_period_whose_window_holds_it(kind: PeriodKind, day: date) -> None:
    period = period_on(kind, day)
    if period is None:
        assert kind is PeriodKind.NINE_MONTHS
        assert (9, 15) <= (day.month, day.day) <= (12, 14)
    else:
        assert day in period.window
        assert period.following.previous == period


@pytest.mark.parametrize(
    ("kind", "number", "first_day", "start", "end"),
    [
        (PeriodKind.MONTH, 1, 1, date(2025, 1, 1), date(2025, 1, 31)),
        (PeriodKind.MONTH, 2, 1, date(2025, 2, 1), date(2025, 2, 28)),
        (PeriodKind.QUARTER, 4, 1, date(2025, 10, 1), date(2025, 12, 31)),
        (PeriodKind.YEAR, 1, 1, date(2025, 1, 1), date(2025, 12, 31)),
        (PeriodKind.MONTH, 1, 2, date(2024, 12, 2), date(2025, 1, 1)),
        (PeriodKind.MONTH, 3, 28, date(2025, 2, 28), date(2025, 3, 27)),
        (PeriodKind.WEEK, 1, 1, date(2024, 12, 30), date(2025, 1, 5)),
    ],
)
def test_a_regime_may_begin_its_months_on_another_day(
    kind: PeriodKind, number: int, first_day: int, start: date, end: date
) -> None:
    period = Period(kind, 2025, number)
    assert period.window_from(first_day) == Window(start, end)
    assert period_on(kind, start, first_day) == period_on(kind, end, first_day) == period


@given(KINDS.filter(lambda kind: kind is not PeriodKind.NINE_MONTHS), DAYS, st.integers(1, 28))
def test_windows_from_any_day_follow_each_other_without_a_gap(kind: PeriodKind, day: date, first_day: int) -> None:
    period = period_on(kind, day, first_day)
    assert period is not None
    window = period.window_from(first_day)
    assert day in window
    assert period.following.window_from(first_day).start == window.end + timedelta(days=1)


@given(KINDS.filter(lambda kind: kind is not PeriodKind.NINE_MONTHS), DAYS)
def test_windows_follow_each_other_without_a_gap(kind: PeriodKind, day: date) -> None:
    period = period_on(kind, day)
    assert period is not None
    assert period.following.window.start == period.window.end + timedelta(days=1)


def test_before_a_day_ends_with_the_day_before() -> None:
    assert Before(date(2024, 8, 16)).last_day() == date(2024, 8, 15)
    assert Before(date(2024, 8, 20)).last_day() == date(2024, 8, 19)


def test_no_later_than_a_day_includes_it() -> None:
    assert NoLaterThan(date(2025, 1, 25)).last_day() == date(2025, 1, 25)


def test_within_a_month_ends_with_its_last_day() -> None:
    assert WithinMonth(2024, 8).last_day() == date(2024, 8, 31)
    assert WithinMonth(2024, 2).last_day() == date(2024, 2, 29)


def test_a_recurring_deadline_has_a_day_in_every_period() -> None:
    twenty_fifth, friday = Recurring(day=25), Recurring(weekday=5)
    assert twenty_fifth.last_day(Period(PeriodKind.MONTH, 2025, 1).window) == date(2025, 1, 25)
    assert twenty_fifth.last_day(Period(PeriodKind.QUARTER, 2025, 1).window) == date(2025, 3, 25)
    assert Recurring(day=31).last_day(Period(PeriodKind.MONTH, 2025, 2).window) == date(2025, 2, 28)
    assert friday.last_day(Period(PeriodKind.WEEK, 2025, 3).window) == date(2025, 1, 17)
    assert friday.last_day() is None


@pytest.mark.parametrize(("day", "weekday"), [(None, None), (25, 5), (0, None), (32, None), (None, 0), (None, 8)])
def test_a_recurring_deadline_names_one_day(day: int | None, weekday: int | None) -> None:
    with pytest.raises(ValueError, match=r"^a recurring deadline needs either a day of the month or a weekday$"):
        Recurring(day, weekday)


def test_a_recurring_deadline_may_be_the_first_or_the_last_day_there_is() -> None:
    february = Period(PeriodKind.MONTH, 2025, 2).window
    days = [Recurring(day=day).last_day(february) for day in (1, 31)]
    assert days == [date(2025, 2, 1), date(2025, 2, 28)]
    assert [Recurring(weekday=day).last_day(february) for day in (1, 7)] == [date(2025, 2, 10), date(2025, 2, 16)]


def test_a_standing_task_never_falls_due() -> None:
    assert NoDeadline().last_day(Period(PeriodKind.MONTH, 2025, 1).window) is None  # type: ignore[func-returns-value]


def test_a_day_ends_at_midnight_in_vietnam() -> None:
    assert too_late_from(date(2025, 1, 25)) == datetime(2025, 1, 25, 17, tzinfo=UTC)
