"""Reporting periods with their data windows, and what the kinds of deadline mean as calendar days."""
# ruff: noqa: ARG002 - every kind of deadline is asked the same question

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnamese time has had one offset and no summer time since 1975."""

FIRST_DAY = 15
"""A window opens on the 15th of the month before the period, and closes on the 14th (Decree 09/2019, article 12)."""


@dataclass(frozen=True, order=True)
class Window:
    """The days whose data a report covers; both ends belong to it."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end


class PeriodKind(StrEnum):
    """How often a regime reports. Weeks run Monday to Sunday; all others follow Decree 09/2019, article 12."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


_DECEMBER = 12

_MONTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}


@dataclass(frozen=True, order=True)
class Period:
    """One reporting period, such as month 1 of 2025.

    Attributes:
        kind: How often its regime reports.
        year: The year in its name; for weeks, the ISO year.
        number: 1-based within the year: month 1-12, quarter 1-4, half 1-2, ISO week 1-53; otherwise 1.

    Raises:
        ValueError: The year has no period of that number.
    """

    kind: PeriodKind
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= periods_in(self.kind, self.year):
            raise ValueError(f"{self.year} has no {self.kind} number {self.number}")

    @property
    def window(self) -> Window:
        """The days whose data it covers."""
        return self.window_from(FIRST_DAY)

    def window_from(self, first_day: int) -> Window:
        """The days whose data it covers in a regime whose months begin on another day.

        Args:
            first_day: 1 for calendar months; 2 to 28 for months that begin on that day of the month before. Weeks
                begin on Monday whatever it is.
        """
        if self.kind is PeriodKind.WEEK:
            return Window(*(date.fromisocalendar(self.year, self.number, day) for day in (1, 7)))
        length = _MONTHS[self.kind]
        last = length * self.number
        after = _month_begins(*_month_after(self.year, last), first_day)
        return Window(_month_begins(self.year, last - length + 1, first_day), after - timedelta(days=1))

    @property
    def previous(self) -> Period:
        """The period of its kind that came just before."""
        if self.number > 1:
            return replace(self, number=self.number - 1)
        return replace(self, year=self.year - 1, number=periods_in(self.kind, self.year - 1))

    @property
    def following(self) -> Period:
        """The period of its kind that comes next."""
        if self.number < periods_in(self.kind, self.year):
            return replace(self, number=self.number + 1)
        return replace(self, year=self.year + 1, number=1)


def periods_in(kind: PeriodKind, year: int) -> int:
    """How many periods of a kind a year has: 12 months, 4 quarters, 52 or 53 weeks, one nine months."""
    if kind is PeriodKind.WEEK:
        return date(year, 12, 28).isocalendar().week
    return _DECEMBER // _MONTHS[kind]


def period_on(kind: PeriodKind, day: date, first_day: int = FIRST_DAY) -> Period | None:
    """The period whose window holds a day; None for days between two nine-month windows.

    Args:
        kind: Which of them.
        day: Any.
        first_day: As in ``Period.window_from``.
    """
    if kind is PeriodKind.WEEK:
        iso = day.isocalendar()
        return Period(kind, iso.year, iso.week)
    begun = day.day < first_day or first_day == 1
    year, month = (day.year, day.month) if begun else _month_after(day.year, day.month)
    number = (month - 1) // _MONTHS[kind] + 1
    return Period(kind, year, number) if number <= periods_in(kind, year) else None


def _month_begins(year: int, month: int, first_day: int) -> date:
    """The first day of a month's window: it lies in the month before, unless months are those of the calendar."""
    return date(*((year, month) if first_day == 1 else _month_before(year, month)), first_day)


def _month_before(year: int, month: int) -> tuple[int, int]:
    return (year, month - 1) if month > 1 else (year - 1, _DECEMBER)


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < _DECEMBER else (year + 1, 1)


@dataclass(frozen=True)
class Before:
    """Before a day ("trước ngày X"): the day itself is too late."""

    day: date

    def last_day(self, window: Window | None = None) -> date:
        """The day before."""
        return self.day - timedelta(days=1)


@dataclass(frozen=True)
class NoLaterThan:
    """By a day ("chậm nhất ngày X", "không quá", "đến hết ngày X"): the day itself still counts."""

    day: date

    def last_day(self, window: Window | None = None) -> date:
        """The day itself."""
        return self.day


@dataclass(frozen=True)
class WithinMonth:
    """Within a month ("trong tháng M"): any of its days will do."""

    year: int
    month: int

    def last_day(self, window: Window | None = None) -> date:
        """The last day of the month."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])


@dataclass(frozen=True)
class Recurring:
    """The same day in every period ("hàng tuần", "chậm nhất ngày 25 của tháng cuối kỳ").

    Attributes:
        day: Day of the month in which the window ends; beyond the month's end means its last day.
        weekday: ISO weekday, Monday 1 to Sunday 7, in the week in which the window ends.

    Raises:
        ValueError: Not exactly one of the two is given, or it names no day.
    """

    day: int | None = None
    weekday: int | None = None

    def __post_init__(self) -> None:
        in_month = self.day is not None and self.weekday is None and self.day in range(1, 32)
        in_week = self.weekday is not None and self.day is None and self.weekday in range(1, 8)
        if not (in_month or in_week):
            raise ValueError("a recurring deadline needs either a day of the month or a weekday")

    def last_day(self, window: Window | None = None) -> date | None:
        """Its day for one period; without a window the question has no answer."""
        if window is None:
            return None
        if self.weekday is not None:
            return window.end + timedelta(days=self.weekday - window.end.isoweekday())
        end_of_month = calendar.monthrange(window.end.year, window.end.month)[1]
        return window.end.replace(day=min(self.day or end_of_month, end_of_month))


@dataclass(frozen=True)
class NoDeadline:
    """A standing task (nhiệm vụ thường xuyên): it never falls due."""

    def last_day(self, window: Window | None = None) -> None:
        """There is none."""
        return


Deadline = Before | NoLaterThan | WithinMonth | Recurring | NoDeadline
"""When something is due. ``last_day(window)`` gives the last valid day before any shift to a working day."""


def too_late_from(last_day: date) -> datetime:
    """The first instant, in UTC, after a last valid day has ended at 24:00 Vietnamese time (Civil Code)."""
    return datetime.combine(last_day + timedelta(days=1), time(), VIETNAM).astimezone(UTC)
