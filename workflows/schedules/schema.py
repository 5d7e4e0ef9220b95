"""A reporting schedule as a value: which report is owed, for which periods, by whom, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from workflows.errors import Label
from workflows.periods import FIRST_DAY, PeriodKind, Window
from workflows.workdays import Shift

CALENDAR: Final = "vietnam"
"""The key of the calendar that a schedule counts by when it names none."""

REPLACEABLE: Final[Mapping[PeriodKind, tuple[PeriodKind, ...]]] = {
    PeriodKind.WEEK: (),
    PeriodKind.MONTH: (),
    PeriodKind.QUARTER: (PeriodKind.MONTH,),
    PeriodKind.HALF_YEAR: (PeriodKind.MONTH, PeriodKind.QUARTER),
    PeriodKind.NINE_MONTHS: (PeriodKind.MONTH, PeriodKind.QUARTER),
    PeriodKind.YEAR: (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR),
}
"""The shorter kinds of which one period ends on the same day: only their reports can a longer one stand in for."""

Turn: TypeAlias = Literal["same", "next"]
"""Whether a day is meant of the month or week in which the window ends, or of the one after it."""

DueKind: TypeAlias = Literal["no_later_than", "before"]
"""Whether the day that is named still counts ("chậm nhất ngày X") or is too late already ("trước ngày X")."""


class Regime(StrEnum):
    """The three kinds of report (Decree 09/2019, article 4): định kỳ, chuyên đề, đột xuất."""

    PERIODIC = "periodic"
    THEMATIC = "thematic"
    ON_DEMAND = "on_demand"


@dataclass(frozen=True)
class Frequency:
    """One kind of period that is reported on.

    Attributes:
        kind: How long it is.
        replaces: The shorter kinds whose report is not owed where it ends on the same day.
    """

    kind: PeriodKind
    replaces: tuple[PeriodKind, ...] = ()


@dataclass(frozen=True)
class Occasion:
    """One window that was asked for by itself, not one of a row.

    Attributes:
        key: What it is called inside its schedule.
        name: What people read.
        window: The days whose data are asked for.
    """

    key: str
    name: Label
    window: Window


@dataclass(frozen=True)
class AfterCutOff:
    """So many working days after the window's last day: "trong 02 ngày làm việc kể từ ngày chốt số liệu"."""

    working_days: int


@dataclass(frozen=True)
class InMonth:
    """A day of the month in which the window ends, or of the next; beyond the month's end means its last day."""

    day: int
    month: Turn


@dataclass(frozen=True)
class InWeek:
    """A weekday, Monday 1 to Sunday 7, of the week in which the window ends, or of the next."""

    weekday: int
    week: Turn


@dataclass(frozen=True)
class OnDate:
    """A date that a document fixed."""

    date: date


DueDay: TypeAlias = AfterCutOff | InMonth | InWeek | OnDate
"""The day that a deadline names."""


@dataclass(frozen=True)
class DueRule:
    """Until when a level reports.

    Attributes:
        day: The day it names.
        kind: Whether that day still counts.
        shift: What becomes of the last valid day when it is a day off.
        at: Until what time of that day, by the clock in Vietnam; None for its end.
    """

    day: DueDay
    kind: DueKind
    shift: Shift
    at: time | None


@dataclass(frozen=True)
class Level:
    """Units that report by the same deadline (Decree 09/2019, article 8.5: it is stated for each level).

    Attributes:
        key: What it is called inside its schedule.
        name: What people read.
        kinds: Kinds of units that belong to it; no kind belongs to two levels.
        units: Codes of further units; whoever is named here belongs to no other level by his kind.
        exceptions: Codes of units of those kinds that do not.
        due: Until when.
    """

    key: str
    name: Label
    kinds: tuple[str, ...]
    units: tuple[str, ...]
    exceptions: tuple[str, ...]
    due: DueRule


@dataclass(frozen=True)
class Schedule:
    """A reporting regime (Decree 09/2019, article 8). It has either kinds of period or occasions.

    Attributes:
        key: The name that the definition is stored under.
        name: What people read.
        form: Key of the form that is filled in.
        regime: Which of the three kinds of report it asks for.
        owed_by: Who reports, from the lowest level to the highest.
        chain: Key of the chain that its reports go through; None leaves it to the form and the chains' conditions.
        calendar: Key of the calendar by which its days are counted.
        legal_basis: The document that asks for it, when it is named.
        recipients: Who receives the reports, as people read it.
        every: The kinds of period, from the shortest to the longest.
        occasions: The windows that were asked for one by one.
        first_day: On which day of the month windows begin: 1 for calendar months.
        first: The earliest cut-off for which a report is owed; None from the beginning.
        last: The latest; None without end.
        opens: How many days before the cut-off a report may be begun; None from the first day of its window.
        locks_after: How many days after its deadline no report is taken any more; None for never.
        remind: How many working days are left when those who owe are reminded, in descending order.
    """

    key: str
    name: Label
    form: str
    regime: Regime
    owed_by: tuple[Level, ...]
    chain: str | None = None
    calendar: str = CALENDAR
    legal_basis: str | None = None
    recipients: tuple[Label, ...] = ()
    every: tuple[Frequency, ...] = ()
    occasions: tuple[Occasion, ...] = ()
    first_day: int = FIRST_DAY
    first: date | None = None
    last: date | None = None
    opens: int | None = None
    locks_after: int | None = None
    remind: tuple[int, ...] = ()
