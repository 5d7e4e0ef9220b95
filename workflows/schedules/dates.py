"""The days of a schedule: which reports fall due next, over which days, until when, and what they stand in for."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, islice, takewhile
from typing import TYPE_CHECKING, Final, TypeAlias

from workflows.calendars import EARLIEST, LATEST
from workflows.errors import WorkflowError
from workflows.periods import VIETNAM, Before, NoLaterThan, Period, Recurring, Window, period_on, too_late_from
from workflows.schedules.schema import AfterCutOff, InMonth, InWeek, Occasion
from workflows.workdays import Shift, add_working_days, shifted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.calendars import Calendar
    from workflows.periods import PeriodKind
    from workflows.schedules.schema import DueDay, DueRule, Level, Schedule

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """Until when one level reports on one window.

    A value is None when it depends on working days of a year that the calendar does not have.

    Attributes:
        level: The key of the level.
        raw: The last valid day as the rule says it.
        day: That day after a day off was shifted.
        until: The first instant, in UTC, at which it is too late.
        is_estimate: Whether it depends on a year whose days off are not decided yet.
        reminders: The working days on which those who owe are reminded, in order.
        locks: The instant, in UTC, from which on no report is taken; None also when the schedule has none.
    """

    level: str
    raw: date | None
    day: date | None
    until: datetime | None
    is_estimate: bool
    reminders: tuple[date, ...]
    locks: datetime | None


@dataclass(frozen=True)
class Occurrence:
    """One time at which a schedule asks for reports.

    Attributes:
        period: What the report is about.
        window: The days whose data it covers.
        opens: From which day on it may be begun; always one of its window.
        dues: Until when, for each level in the order of the schedule.
        replaces: The shorter periods, from the shortest, whose report is not owed because this one covers them.
    """

    period: Period | Occasion
    window: Window
    opens: date
    dues: tuple[Due, ...]
    replaces: tuple[Period, ...] = ()

    @property
    def cut_off(self) -> date:
        """The day whose end closes the data (Decree 09/2019, article 12)."""
        return self.window.end

    @property
    def key(self) -> str:
        """A word that is its own within the schedule and never changes, such as ``month-2025-01``."""
        if isinstance(self.period, Occasion):
            return self.period.key
        return f"{self.period.kind}-{self.period.year}-{self.period.number:02}"


_Owed: TypeAlias = tuple[Period | Occasion, Window, tuple[Period, ...]]


def occurrences(schedule: Schedule, calendar: Calendar, since: date, count: int) -> tuple[Occurrence, ...]:
    """Gives the next reports that a schedule asks for, by their cut-off and then from the shortest period.

    Args:
        schedule: What is owed.
        calendar: The one that the schedule names; where its years end, days are left open and nothing is refused.
        since: The earliest cut-off that is wanted; the schedule's own first and last one hold as well.
        count: How many at most, 0 or more.

    Raises:
        ValueError: ``count`` is negative.
    """
    owed = _asked_for(schedule, since) if schedule.occasions else _recurring(schedule, since)
    return tuple(_occurrence(schedule, calendar, each) for each in islice(owed, count))


def _asked_for(schedule: Schedule, since: date) -> Iterator[_Owed]:
    for occasion in sorted(schedule.occasions, key=lambda each: each.window.end):
        if occasion.window.end >= since:
            yield occasion, occasion.window, ()


def _recurring(schedule: Schedule, since: date) -> Iterator[_Owed]:
    """Gives what is owed of the periods that end on each cut-off, day by day."""
    first, last = max(since, schedule.first or EARLIEST), schedule.last or LATEST
    rows = [_periods(frequency.kind, first, schedule.first_day) for frequency in schedule.every]
    in_order = heapq.merge(*rows, key=lambda each: each[0].end)  # equal ends stay in the order of the rows
    for _, together in groupby(takewhile(lambda each: each[0].end <= last, in_order), lambda each: each[0].end):
        yield from _after_precedence(schedule, list(together))


def _periods(kind: PeriodKind, first: date, first_day: int) -> Iterator[tuple[Window, Period]]:
    period = period_on(kind, first, first_day) or Period(kind, first.year + 1)  # autumn lies between two nine months
    while True:
        yield period.window_from(first_day), period
        period = period.following


def _after_precedence(schedule: Schedule, together: list[tuple[Window, Period]]) -> Iterator[_Owed]:
    """Drops what another period with the same cut-off replaces, also when that one is replaced itself."""
    ending = {period.kind: period for _, period in together}
    covered = {kind: _covers(schedule, kind) for kind in ending}
    gone: frozenset[PeriodKind] = frozenset().union(*covered.values())
    for window, period in together:
        if period.kind not in gone:
            yield period, window, tuple(other for other in ending.values() if other.kind in covered[period.kind])


def _covers(schedule: Schedule, kind: PeriodKind) -> frozenset[PeriodKind]:
    """The kinds that a kind replaces, and those that they replace."""
    direct = [other for each in schedule.every if each.kind is kind for other in each.replaces]
    return frozenset(direct).union(*(_covers(schedule, other) for other in direct))


def _occurrence(schedule: Schedule, calendar: Calendar, owed: _Owed) -> Occurrence:
    period, window, replaces = owed
    opens = window.start if schedule.opens is None else max(window.start, window.end - timedelta(schedule.opens))
    dues = tuple(_due(schedule, calendar, level, window) for level in schedule.owed_by)
    return Occurrence(period, window, opens, dues, replaces)


def _due(schedule: Schedule, calendar: Calendar, level: Level, window: Window) -> Due:
    raw = _last_valid_day(calendar, level.due, window)
    day = _shifted(calendar, raw, level.due.shift) if raw else None
    until = _ends(level.due, day) if day else None
    return Due(
        level=level.key,
        raw=raw,
        day=day,
        until=until,
        is_estimate=_is_estimate(calendar, level.due, raw, day),
        reminders=_reminders(calendar, day, schedule.remind) if day else (),
        locks=None if until is None or schedule.locks_after is None else until + timedelta(schedule.locks_after),
    )


def _last_valid_day(calendar: Calendar, rule: DueRule, window: Window) -> date | None:
    named = _named_day(calendar, rule.day, window)
    if named is None:
        return None
    return (Before(named) if rule.kind == "before" else NoLaterThan(named)).last_day()


def _named_day(calendar: Calendar, day: DueDay, window: Window) -> date | None:
    if isinstance(day, AfterCutOff):
        with suppress(WorkflowError):
            return add_working_days(calendar, window.end, day.working_days)
        return None
    if isinstance(day, InMonth):
        return Recurring(day=day.day).last_day(_month_of(window, later=day.month == "next"))
    if isinstance(day, InWeek):
        end = window.end + 7 * _DAY if day.week == "next" else window.end
        return Recurring(weekday=day.weekday).last_day(Window(end, end))
    return day.date


def _month_of(window: Window, *, later: bool) -> Window:
    """Stands a window of one day into the month in which the window ends, or into the one after it."""
    first = window.end.replace(day=1)
    day = first + 31 * _DAY if later else first
    return Window(day, day)


def _shifted(calendar: Calendar, day: date, shift: Shift) -> date | None:
    """A day that is not to be shifted is certain, whatever the calendar knows of it."""
    if shift is Shift.NONE:
        return day
    with suppress(WorkflowError):
        return shifted(calendar, day, shift)
    return None


def _ends(rule: DueRule, day: date) -> datetime:
    return too_late_from(day) if rule.at is None else datetime.combine(day, rule.at, VIETNAM).astimezone(UTC)


def _is_estimate(calendar: Calendar, rule: DueRule, *days: date | None) -> bool:
    if rule.shift is Shift.NONE and not isinstance(rule.day, AfterCutOff):
        return False
    undecided = {year.year for year in calendar.years if not year.announced}
    return any(day is not None and day.year in undecided for day in days)


def _reminders(calendar: Calendar, day: date, remind: tuple[int, ...]) -> tuple[date, ...]:
    """The working days on which so many are left, as far as the calendar has them."""
    if day > calendar.last:
        return ()
    until = bisect_right(calendar.workdays, day) - 1
    return tuple(calendar.workdays[until - left] for left in remind if left <= until)
