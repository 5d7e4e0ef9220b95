"""Reporting periods: which there are, and what official documents, which are written in Vietnamese, call them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.errors import Refusal
from workflows.periods import PeriodKind

if TYPE_CHECKING:
    from datetime import date

    from workflows.periods import Period

HALVES = {1: "6 tháng đầu năm", 2: "6 tháng cuối năm"}
QUARTERS = {1: "I", 2: "II", 3: "III", 4: "IV"}


FIRST_YEAR = 2000
"""An earlier year is a slip of the finger: nothing so old is reported on."""


def reported_years(today: date) -> range:
    """The years that someone may report on: until the next one, for what is prepared ahead."""
    return range(FIRST_YEAR, today.year + 2)


def bad_period(today: date) -> Refusal:
    """That nobody reports on such a period, and which years there are."""
    years = reported_years(today)
    return Refusal("bad_period", {"first": years[0], "last": years[-1]})


def period_name(period: Period) -> str:
    """A period as titles write it: "tháng 01/2025", "quý I/2025", "6 tháng đầu năm 2025", "năm 2025"."""
    match period.kind:
        case PeriodKind.WEEK:
            return f"tuần {period.number:02d}/{period.year}"
        case PeriodKind.MONTH:
            return f"tháng {period.number:02d}/{period.year}"
        case PeriodKind.QUARTER:
            return f"quý {QUARTERS[period.number]}/{period.year}"
        case PeriodKind.HALF_YEAR:
            return f"{HALVES[period.number]} {period.year}"
        case PeriodKind.NINE_MONTHS:
            return f"9 tháng năm {period.year}"
        case PeriodKind.YEAR:
            return f"năm {period.year}"


def says_nothing(value: object) -> bool:
    """Whether an answer is that there is nothing to report."""
    return isinstance(value, dict) and value.get("nothing") is True
