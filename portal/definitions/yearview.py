"""A working calendar as a year on one page: every day, whether it is worked, and what makes it different."""

from __future__ import annotations

from calendar import Calendar as Weeks
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definitions.wiring import Preview
from portal.security import today
from portal.words import format_date, label

if TYPE_CHECKING:
    from datetime import date

    from workflows.calendars import Calendar, Year

MONTHS = 12

WEEKDAYS = (
    (_l("Mo"), _l("Monday")),
    (_l("Tu"), _l("Tuesday")),
    (_l("We"), _l("Wednesday")),
    (_l("Th"), _l("Thursday")),
    (_l("Fr"), _l("Friday")),
    (_l("Sa"), _l("Saturday")),
    (_l("Su"), _l("Sunday")),
)
"""The days of a week, short and in full."""


@dataclass(frozen=True)
class Day:
    """One day of the page.

    Attributes:
        number: of the month.
        state: `work`, `free` (a weekly day off), `holiday`, `off` (a working day moved away) or `extra` (moved here).
        words: what makes it different; empty for a day like others.
    """

    number: int
    state: str
    words: str


@dataclass(frozen=True)
class Month:
    """One month of the page.

    Attributes:
        number: from 1.
        weeks: from Monday to Sunday; None where a week lies in another month.
        worked: how many of its days are worked.
    """

    number: int
    weeks: tuple[tuple[Day | None, ...], ...]
    worked: int


def calendar_preview(calendar: Calendar) -> Preview:
    """Every year of a calendar, the present one open, with its exceptions as a list below."""
    years = [
        {"year": each, "months": months_of(calendar, each), "open": each.year == today().year}
        for each in calendar.years
    ]
    return Preview("definitions/calendar.html", {"years": years, "weekdays": WEEKDAYS})


def months_of(calendar: Calendar, year: Year) -> tuple[Month, ...]:
    """The twelve months of a year that the calendar knows."""
    return tuple(_month(calendar, year.year, number) for number in range(1, MONTHS + 1))


def _month(calendar: Calendar, year: int, number: int) -> Month:
    weeks = Weeks().monthdatescalendar(year, number)
    days = tuple(tuple(_day(calendar, day) if day.month == number else None for day in week) for week in weeks)
    worked = sum(day.state in ("work", "extra") for week in days for day in week if day)
    return Month(number, days, worked)


def _day(calendar: Calendar, day: date) -> Day:
    swap, holiday = calendar.swaps.get(day), calendar.holidays.get(day)
    if swap is not None and day == swap.worked:
        words = gettext("worked instead of %(day)s", day=format_date(swap.day_off))
        return Day(day.day, "extra", str(words))
    if swap is not None:
        return Day(day.day, "off", str(gettext("off; worked on %(day)s instead", day=format_date(swap.worked))))
    if holiday is not None:
        return Day(day.day, "holiday", label(holiday.name))
    return Day(day.day, "work" if calendar.spans(day) else "free", "")
