"""What somebody should know of the coming days of a schedule before it is published: warnings, never errors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from workflows.errors import Finding
from workflows.periods import Period, PeriodKind
from workflows.schedules.schema import AfterCutOff, Regime
from workflows.workdays import Shift, is_working_day, working_days_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workflows.calendars import Calendar, Holiday
    from workflows.schedules.dates import Occurrence
    from workflows.schedules.schema import DueRule, Schedule

WARNINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "due_before_cut_off": ("day", "cut_off"),
    "less_than_a_working_day": ("day", "cut_off"),
    "due_on_day_off": ("day",),
    "due_in_holiday": ("day", "holiday"),
    "moved_by_holiday": ("raw", "day", "holiday"),
    "holiday_in_between": ("cut_off", "day", "holiday"),
    "due_before_lower_level": ("day", "lower", "name"),
    "beyond_calendar": ("calendar", "first", "last"),
    "year_not_announced": ("calendar", "year"),
}
"""Codes of the warnings about a schedule, with their params: days are ISO text, names are in both languages."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Deadline:
    """The deadline of one level in one occurrence, when the calendar can tell it."""

    schedule: Schedule
    calendar: Calendar
    occurrence: Occurrence
    number: int
    raw: date
    day: date

    @property
    def rule(self) -> DueRule:
        return self.schedule.owed_by[self.number].due

    @property
    def cut_off(self) -> date:
        return self.occurrence.cut_off

    @property
    def is_weekly(self) -> bool:
        period = self.occurrence.period
        return isinstance(period, Period) and period.kind is PeriodKind.WEEK

    def is_known(self, *days: date) -> bool:
        return all(self.calendar.first <= day <= self.calendar.last for day in days)

    def holiday(self, first: date, last: date) -> Holiday | None:
        """The first holiday with a day in a stretch of days, both ends included."""
        days = (first + number * _DAY for number in range((last - first).days + 1))
        return next((self.calendar.holidays[day] for day in days if day in self.calendar.holidays), None)

    def warn(self, code: str, **params: date | Holiday) -> Finding:
        return _warning(f"owed_by[{self.number}].deadline", code, **{key: _plain(each) for key, each in params.items()})


def warnings(schedule: Schedule, calendar: Calendar, occurrences: Iterable[Occurrence]) -> tuple[Finding, ...]:
    """Gives what is doubtful about some days of a schedule, each remark once, at the path of what causes it.

    Args:
        schedule: The one that the days are of.
        calendar: The one that they were counted by.
        occurrences: What ``workflows.schedules.occurrences`` gave for the two.
    """
    found: list[Finding] = []
    for occurrence in occurrences:
        found += _about_calendar(calendar, occurrence)
        for number, due in enumerate(occurrence.dues):
            if due.raw and due.day:
                deadline = _Deadline(schedule, calendar, occurrence, number, due.raw, due.day)
                found += [*_about_time(deadline), *_about_days_off(deadline), *_about_days_between(deadline)]
        found += _about_order(schedule, occurrence)
    return tuple({(each.path, each.code, repr(each.params)): each for each in found}.values())


def _about_calendar(calendar: Calendar, occurrence: Occurrence) -> Iterator[Finding]:
    if any(due.day is None for due in occurrence.dues):
        known = {"first": calendar.first.isoformat(), "last": calendar.last.isoformat()}
        yield _warning("calendar", "beyond_calendar", calendar=calendar.key, **known)
    undecided = {year.year for year in calendar.years if not year.announced}
    days = (day for due in occurrence.dues if due.is_estimate for day in (due.raw, due.day))
    for year in sorted({day.year for day in days if day} & undecided):
        yield _warning("calendar", "year_not_announced", calendar=calendar.key, year=year)


def _about_time(due: _Deadline) -> Iterator[Finding]:
    """Weeks are no periods of the decree: a report at the end of the week itself is usual."""
    if due.is_weekly:
        return
    if due.day < due.cut_off:
        yield due.warn("due_before_cut_off", day=due.day, cut_off=due.cut_off)
    elif due.schedule.regime is Regime.PERIODIC and not _is_a_day_between(due):
        yield due.warn("less_than_a_working_day", day=due.day, cut_off=due.cut_off)


def _is_a_day_between(due: _Deadline) -> bool:
    """Decree 09/2019, article 8.5: at least one working day; a last day that ends before work does is none."""
    if not due.is_known(due.cut_off, due.day):
        return True
    spans, at = due.calendar.spans(due.day), due.rule.at
    cut_short = at is not None and bool(spans) and timedelta(hours=at.hour, minutes=at.minute) < spans[-1][1]
    return working_days_between(due.calendar, due.cut_off, due.day) > cut_short


def _about_days_off(due: _Deadline) -> Iterator[Finding]:
    """Says that a deadline stays on a day off, or that a holiday moves it; that a weekend moves it is usual."""
    if due.rule.shift is not Shift.NONE:
        first, last = (due.raw, due.day - _DAY) if due.day > due.raw else (due.day + _DAY, due.raw)
        if holiday := due.holiday(first, last):
            yield due.warn("moved_by_holiday", raw=due.raw, day=due.day, holiday=holiday)
    elif holiday := due.holiday(due.day, due.day):
        yield due.warn("due_in_holiday", day=due.day, holiday=holiday)
    elif due.is_known(due.day) and not is_working_day(due.calendar, due.day):
        yield due.warn("due_on_day_off", day=due.day)


def _about_days_between(due: _Deadline) -> Iterator[Finding]:
    """Counted working days reach far over a holiday, and leave those little time who report after them."""
    if isinstance(due.rule.day, AfterCutOff) and (holiday := due.holiday(due.cut_off + _DAY, due.day)):
        yield due.warn("holiday_in_between", cut_off=due.cut_off, day=due.day, holiday=holiday)


def _about_order(schedule: Schedule, occurrence: Occurrence) -> Iterator[Finding]:
    """Whoever sums up needs what he sums up (Decree 09/2019, article 8.5)."""
    for number, (lower, upper) in enumerate(pairwise(occurrence.dues)):
        if lower.day and upper.day and lower.until and upper.until and upper.until < lower.until:
            said = {"day": upper.day.isoformat(), "lower": lower.day.isoformat()}
            name = dict(schedule.owed_by[number].name)
            yield _warning(f"owed_by[{number + 1}].deadline", "due_before_lower_level", **said, name=name)


def _plain(value: date | Holiday) -> object:
    return value.isoformat() if isinstance(value, date) else dict(value.name)


def _warning(path: str, code: str, **params: object) -> Finding:
    return Finding(path, code, params, "warning")
