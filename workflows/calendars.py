"""Working calendars as data: hours, holidays and swapped days, read whole before they can be used."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, count, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from workflows.errors import DefinitionError
from workflows.forms.notation import is_iso_date
from workflows.periods import VIETNAM
from workflows.reader import LABEL_LENGTH, Node, refuse_repeats

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.errors import Label

SCHEMA: Final = 1
MAX_YEARS: Final = 100
MAX_TIMETABLES: Final = 200
MAX_SPANS: Final = 6
MAX_HOLIDAYS: Final = 60
MAX_SWAPS: Final = 30
MAX_RUN: Final = timedelta(days=30)
"""How long after its first day a holiday ends at most."""

EARLIEST: Final = date(1976, 1, 1)
"""No calendar begins sooner: Vietnamese time has had one offset since 1975."""

LATEST: Final = date(2999, 12, 31)

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME: Final = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
SPAN: Final = re.compile(f"({_TIME})-({_TIME}|24:00)")
"""How working hours are written."""

FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "day_out_of_range": ("least", "most"),
    "hours_out_of_order": ("after",),
    "no_working_hours": (),
    "since_out_of_order": ("after",),
    "hours_begin_late": ("first",),
    "not_the_next_year": ("expected",),
    "not_a_working_day": ("day",),
    "not_a_day_off": ("day",),
}
"""Codes about a calendar, with their params, besides those of ``workflows.reader``. Days are ISO text."""

Span: TypeAlias = tuple[timedelta, timedelta]
"""When work begins and ends, counted from midnight."""


@dataclass(frozen=True)
class Timetable:
    """The working hours of a week.

    Attributes:
        since: From which day it holds, until the next timetable's; so hours can change with the season.
        weekdays: The spans of seven days from Monday to Sunday, in order; none on a weekly day off.
    """

    since: date
    weekdays: tuple[tuple[Span, ...], ...]


@dataclass(frozen=True)
class Holiday:
    """Days off by law, weekly days off among them (Labour Code 2019, article 112).

    Attributes:
        name: What people read.
        first: Its first day.
        last: Its last day.
        in_force: A holiday not yet in force changes nothing; it waits for the law.
        source: The document that says so, when it is known.
    """

    name: Label
    first: date
    last: date
    in_force: bool
    source: str | None

    @property
    def days(self) -> Iterator[date]:
        """Every day of it."""
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))


@dataclass(frozen=True)
class Swap:
    """A working day moved by decision (hoán đổi ngày làm việc): its hours are worked on another day.

    Attributes:
        day_off: The working day that becomes a day off.
        worked: The weekly day off on which its hours are worked instead.
        source: The document that says so, when it is known.
    """

    day_off: date
    worked: date
    source: str | None


@dataclass(frozen=True)
class Year:
    """The exceptions of one calendar year.

    Attributes:
        year: Which one.
        announced: Whether its days off have been decided; if not, they are an estimate.
        holidays: Its holidays.
        swaps: The working days of this year that were moved, also into a neighbouring year.
    """

    year: int
    announced: bool
    holidays: tuple[Holiday, ...]
    swaps: tuple[Swap, ...]


class Timeline(NamedTuple):
    """All spans of a calendar on one line.

    Attributes:
        starts: When each begins, in order.
        before: How much working time lies before each of them, and as one more value all of it.
    """

    starts: tuple[datetime, ...]
    before: tuple[timedelta, ...]


@dataclass(frozen=True)
class Calendar:
    """Working hours and days off of the years for which they are published.

    Attributes:
        key: The name that the definition is stored under.
        name: What people read.
        hours: Timetables, by their ``since``.
        years: Consecutive; about other years the calendar answers nothing.
    """

    key: str
    name: Label
    hours: tuple[Timetable, ...]
    years: tuple[Year, ...]

    @property
    def first(self) -> date:
        """The first day it knows."""
        return date(self.years[0].year, 1, 1)

    @property
    def last(self) -> date:
        """The last day it knows."""
        return date(self.years[-1].year, 12, 31)

    @cached_property
    def holidays(self) -> Mapping[date, Holiday]:
        """The holidays in force, by day."""
        known = (holiday for year in self.years for holiday in year.holidays if holiday.in_force)
        return {day: holiday for holiday in known for day in holiday.days}

    @cached_property
    def swaps(self) -> Mapping[date, Swap]:
        """The swaps, by the day off and by the day on which its hours are worked."""
        known = [swap for year in self.years for swap in year.swaps]
        return {swap.day_off: swap for swap in known} | {swap.worked: swap for swap in known}

    def regular_spans(self, day: date) -> tuple[Span, ...]:
        """The hours of a day by its weekday alone."""
        held = bisect_right(self.hours, day, key=lambda timetable: timetable.since)
        return self.hours[max(held - 1, 0)].weekdays[day.weekday()]

    def spans(self, day: date) -> tuple[Span, ...]:
        """The hours of a day, in order; none on a day off. A day worked in exchange has those it replaces."""
        swap = self.swaps.get(day)
        if swap is not None:
            return self.regular_spans(swap.day_off) if day == swap.worked else ()
        return () if day in self.holidays else self.regular_spans(day)

    @cached_property
    def workdays(self) -> tuple[date, ...]:
        """Every working day it knows, in order."""
        length = (self.last - self.first).days + 1
        days = (self.first + timedelta(days=number) for number in range(length))
        return tuple(day for day in days if self.spans(day))

    @cached_property
    def timeline(self) -> Timeline:
        """All its spans on one line, so that long stretches of time need no walk."""
        placed = [(midnight(day) + start, end - start) for day in self.workdays for start, end in self.spans(day)]
        lengths = (length for _, length in placed)
        return Timeline(tuple(start for start, _ in placed), tuple(accumulate(lengths, initial=timedelta())))


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM)


def parse_calendar(body: object) -> Calendar:
    """Reads a calendar, schema 1, from plain JSON or YAML data of any shape.

    Args:
        body: The definition; see ``workflows/library/calendars`` for one.

    Raises:
        DefinitionError: With every error at its path, such as ``years[2].swaps[0].worked``. How the parts agree with
            each other is asked once each of them can be read. Unknown keys are errors.
    """
    root = Node(body, "", [])
    parts = root.fields(["schema", "key", "name", "hours", "years"])
    parts["schema"].number(SCHEMA, SCHEMA)
    hours, years = parts["hours"].items(1, MAX_TIMETABLES), parts["years"].items(1, MAX_YEARS)
    calendar = Calendar(
        key=parts["key"].word(),
        name=parts["name"].label(),
        hours=tuple(_timetable(node) for node in hours),
        years=tuple(_year(node) for node in years),
    )
    if not root.findings:
        _check_order(hours, years, calendar)
        _check_holidays(years, calendar)
        _check_swaps(years, calendar)
    if root.findings:
        raise DefinitionError(root.findings)
    return calendar


def _timetable(node: Node) -> Timetable:
    parts = node.fields(["since"], WEEKDAYS)
    since = read_day(parts.pop("since"), EARLIEST, LATEST)
    if not any(part.given for part in parts.values()):
        node.note("no_working_hours")
    return Timetable(since, tuple(_spans(parts[weekday]) for weekday in WEEKDAYS))


def _spans(node: Node) -> tuple[Span, ...]:
    spans, reached = [], "00:00"
    for each in node.items(1, MAX_SPANS):
        if match := SPAN.fullmatch(each.word(SPAN)):
            start, end = match.groups()
            if not reached <= start < end:
                each.note("hours_out_of_order", after=max(reached, start))
            spans.append((_since_midnight(start), _since_midnight(end)))
            reached = max(reached, end)
    return tuple(spans)


def _since_midnight(text: str) -> timedelta:
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def _year(node: Node) -> Year:
    parts = node.fields(["year", "status", "holidays"], ["swaps"])
    year = parts["year"].number(EARLIEST.year, LATEST.year)
    sound = EARLIEST.year <= year <= LATEST.year and year == parts["year"].value
    least, most = (date(year, 1, 1), date(year, 12, 31)) if sound else (EARLIEST, LATEST)
    return Year(
        year=year,
        announced=parts["status"].choice(["announced", "provisional"]) == "announced",
        holidays=tuple(_holiday(each, least, most) for each in parts["holidays"].items(0, MAX_HOLIDAYS)),
        swaps=tuple(_swap(each, least, most) for each in parts["swaps"].items(0, MAX_SWAPS)),
    )


def _holiday(node: Node, least: date, most: date) -> Holiday:
    parts = node.fields(["name", "from"], ["to", "status", "source"])
    first = read_day(parts["from"], least, most)
    return Holiday(
        name=parts["name"].label(),
        first=first,
        last=read_day(parts["to"], first, min(first + MAX_RUN, most)) if parts["to"].given else first,
        in_force=not parts["status"].given or parts["status"].choice(["in_force", "pending"]) == "in_force",
        source=_source(parts["source"]),
    )


def _swap(node: Node, least: date, most: date) -> Swap:
    parts = node.fields(["day_off", "worked"], ["source"])
    year_before, year_after = least.replace(year=least.year - 1), most.replace(year=most.year + 1)
    return Swap(
        day_off=read_day(parts["day_off"], least, most),
        worked=read_day(parts["worked"], year_before, year_after),
        source=_source(parts["source"]),
    )


def _source(node: Node) -> str | None:
    return node.text(LABEL_LENGTH) if node.given else None


def read_day(node: Node, least: date, most: date) -> date:
    """Reads a day such as ``"2025-09-02"`` within bounds; ``least`` stands in for one that cannot be read."""
    if not is_iso_date(node.value):
        node.note("wrong_type", expected="date in quotes")
        return least
    day = date.fromisoformat(str(node.value))
    if least <= day <= most:
        return day
    node.note("day_out_of_range", least=least.isoformat(), most=most.isoformat())
    return least


def _check_order(hours: list[Node], years: list[Node], calendar: Calendar) -> None:
    if calendar.hours[0].since > calendar.first:
        _inside(hours[0], "since").note("hours_begin_late", first=calendar.first.isoformat())
    for node, (earlier, later) in zip(hours[1:], pairwise(calendar.hours), strict=True):
        if later.since <= earlier.since:
            _inside(node, "since").note("since_out_of_order", after=earlier.since.isoformat())
    for node, year, expected in zip(years, calendar.years, count(calendar.first.year), strict=False):
        if year.year != expected:
            _inside(node, "year").note("not_the_next_year", expected=expected)


def _check_holidays(years: list[Node], calendar: Calendar) -> None:
    holidays = [holiday for year in calendar.years for holiday in year.holidays]
    days = [(node, day) for node, each in zip(_entries(years, "holidays"), holidays, strict=True) for day in each.days]
    refuse_repeats([node for node, _ in days], [day.isoformat() for _, day in days])


def _check_swaps(years: list[Node], calendar: Calendar) -> None:
    """Only an ordinary working day can be moved, and only to a weekly day off that is no holiday."""
    swaps = [swap for year in calendar.years for swap in year.swaps]
    off, worked = ([_inside(node, key) for node in _entries(years, "swaps")] for key in ("day_off", "worked"))
    refuse_repeats(off, [swap.day_off.isoformat() for swap in swaps])
    refuse_repeats(worked, [swap.worked.isoformat() for swap in swaps])
    for node, swap in zip(off, swaps, strict=True):
        if not calendar.regular_spans(swap.day_off) or swap.day_off in calendar.holidays:
            node.note("not_a_working_day", day=swap.day_off.isoformat())
    for node, swap in zip(worked, swaps, strict=True):
        if calendar.regular_spans(swap.worked) or swap.worked in calendar.holidays:
            node.note("not_a_day_off", day=swap.worked.isoformat())


def _entries(years: list[Node], key: str) -> list[Node]:
    return [each for node in years for each in node.child(key, node.mapping().get(key, [])).items(0, MAX_HOLIDAYS)]


def _inside(node: Node, key: str) -> Node:
    return node.child(key, node.mapping()[key])
