"""What reporting periods are called in titles of official documents, which are written in Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.periods import PeriodKind

if TYPE_CHECKING:
    from workflows.periods import Period

HALVES = {1: "6 tháng đầu năm", 2: "6 tháng cuối năm"}
QUARTERS = {1: "I", 2: "II", 3: "III", 4: "IV"}


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
