"""Working days and working time: when so many of them are over, and how many lie between."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from workflows.calendars import midnight
from workflows.errors import WorkflowError
from workflows.periods import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.calendars import Calendar, Holiday, Swap
    from workflows.periods import Deadline, Window

ERRORS: Final[Mapping[str, tuple[str, ...]]] = {"calendar_ends": ("calendar", "day", "first", "last")}
"""Codes of a ``WorkflowError`` that a question to a calendar can raise, with the names of their params."""

_DAY: Final = timedelta(days=1)


class Shift(StrEnum):
    """What becomes of a deadline on a day off.

    ``next_working_day`` is the rule of the Civil Code and usual for a regime of one's own; ``none`` is for a date
    that a superior document fixed.
    """

    NONE = "none"
    NEXT = "next_working_day"
    PREVIOUS = "previous_working_day"


@dataclass(frozen=True)
class DaysAfter:
    """So many days after a day: "n ngày làm việc kể từ ngày nhận", or "sau n ngày" when every day counts.

    Attributes:
        start: The day of receipt; the day after it is the first that counts.
        days: How many, at least 1.
        working: Whether only working days count.

    Raises:
        ValueError: There is no day to count.
    """

    start: date
    days: int
    working: bool = True

    def __post_init__(self) -> None:
        if self.days < 1:
            raise ValueError("at least one day is counted")


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Whether people work on a day.

    Raises:
        WorkflowError: ``calendar_ends``: the calendar is not published for its year.
    """
    return bool(calendar.spans(_published(calendar, day)))


def is_estimate(calendar: Calendar, day: date) -> bool:
    """Whether the days off of a day's year are not yet decided; errors as in ``is_working_day``."""
    return not calendar.years[_published(calendar, day).year - calendar.first.year].announced


def special_day(calendar: Calendar, day: date) -> Holiday | Swap | None:
    """Why a day is not an ordinary one of its weekday, if it is not; errors as in ``is_working_day``."""
    known = _published(calendar, day)
    return calendar.swaps.get(known) or calendar.holidays.get(known)


def add_working_days(calendar: Calendar, day: date, days: int) -> date:
    """The last of so many working days; the day after ``day`` is the first that can count.

    Args:
        calendar: Says which days count.
        day: Such as the day of receipt; it need not be a working day.
        days: How many; with 0 the answer is ``day`` itself.

    Raises:
        ValueError: ``days`` is negative.
        WorkflowError: ``calendar_ends``, also when the answer lies beyond the published years.
    """
    if days < 0:
        raise ValueError("working days are counted forwards")
    begun = bisect_right(calendar.workdays, _published(calendar, day))
    return _workday(calendar, begun + days - 1) if days else day


def working_days_between(calendar: Calendar, start: date, end: date) -> int:
    """How many working days come after ``start`` until ``end``, which counts; negative when ``end`` is earlier.

    From today to the last valid day: how many are left. From the last valid day to today: how many it is late.
    Errors as in ``is_working_day``.
    """
    until, before = (bisect_right(calendar.workdays, _published(calendar, day)) for day in (end, start))
    return until - before


def shifted(calendar: Calendar, day: date, shift: Shift) -> date:
    """The day itself if people work on it, or else what the rule makes of it; errors as in ``add_working_days``."""
    if is_working_day(calendar, day) or shift is Shift.NONE:
        return day
    following = bisect_left(calendar.workdays, day)
    return _workday(calendar, following if shift is Shift.NEXT else following - 1)


def due_day(
    calendar: Calendar, deadline: Deadline | DaysAfter, shift: Shift, window: Window | None = None
) -> date | None:
    """The last valid day of a deadline; ``workflows.periods.too_late_from`` gives the instant at which it ends.

    Args:
        calendar: Says which days are working days.
        deadline: Any kind.
        shift: What becomes of it on a day off (Civil Code: the next working day).
        window: Of the period in question; a recurring deadline needs it.

    Returns:
        None for a standing task, and for a recurring deadline without a window.

    Raises:
        WorkflowError: ``calendar_ends``: the day or the one it is moved to is not in a published year.
    """
    if isinstance(deadline, DaysAfter):
        last: date | None = _day_after(calendar, deadline)
    else:
        last = deadline.last_day(window)
    return None if last is None else shifted(calendar, last, shift)


def working_time_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much working time lies between two instants; negative when ``end`` is the earlier one.

    Args:
        calendar: Says which hours count.
        start: Aware, in any time zone.
        end: The same.

    Raises:
        ValueError: An instant has no time zone.
        WorkflowError: ``calendar_ends``: an instant lies outside the published years.
    """
    return _elapsed(calendar, end) - _elapsed(calendar, start)


def add_working_time(calendar: Calendar, start: datetime, budget: timedelta) -> datetime:
    """The first instant, in UTC, at which so much working time has passed; never the morning after.

    Args:
        calendar: Says which hours count.
        start: Aware, in any time zone; it need not be working time.
        budget: How much; with none the answer is ``start`` itself.

    Raises:
        ValueError: ``budget`` is negative, or ``start`` has no time zone.
        WorkflowError: ``calendar_ends``, also when the answer lies beyond the published years.
    """
    if budget < timedelta():
        raise ValueError("working time is counted forwards")
    starts, before = calendar.timeline
    target = _elapsed(calendar, start) + budget
    if not budget:
        return start.astimezone(UTC)
    if target > before[-1]:
        raise _unpublished(calendar, calendar.last + _DAY)
    span = bisect_left(before, target) - 1
    return (starts[span] + (target - before[span])).astimezone(UTC)


def _elapsed(calendar: Calendar, moment: datetime) -> timedelta:
    """Working time since the calendar's beginning, up to a moment; the midnight that ends its last day is one."""
    if moment.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    if not midnight(calendar.first) <= moment <= midnight(calendar.last + _DAY):
        raise _unpublished(calendar, moment.astimezone(VIETNAM).date())
    starts, before = calendar.timeline
    begun = bisect_right(starts, moment)
    return min(before[begun], before[begun - 1] + (moment - starts[begun - 1])) if begun else timedelta()


def _day_after(calendar: Calendar, deadline: DaysAfter) -> date:
    if deadline.working:
        return add_working_days(calendar, deadline.start, deadline.days)
    return deadline.start + timedelta(days=deadline.days)


def _published(calendar: Calendar, day: date) -> date:
    if not calendar.first <= day <= calendar.last:
        raise _unpublished(calendar, day)
    return day


def _workday(calendar: Calendar, position: int) -> date:
    if position < 0:
        raise _unpublished(calendar, calendar.first - _DAY)
    if position >= len(calendar.workdays):
        raise _unpublished(calendar, calendar.last + _DAY)
    return calendar.workdays[position]


def _unpublished(calendar: Calendar, day: date) -> WorkflowError:
    known = {"first": calendar.first.isoformat(), "last": calendar.last.isoformat()}
    return WorkflowError("calendar_ends", {"calendar": calendar.key, "day": day.isoformat(), **known})
