"""Reporting schedules: their definition, their coming days, what to heed about these, and who owes the reports."""

from workflows.schedules.cautions import warnings
from workflows.schedules.dates import Due, Occurrence, occurrences
from workflows.schedules.definition import parse_schedule
from workflows.schedules.owing import ReportingUnit, units_owing
from workflows.schedules.schema import (
    AfterCutOff,
    DueRule,
    Frequency,
    InMonth,
    InWeek,
    Level,
    Occasion,
    OnDate,
    Regime,
    Schedule,
)

__all__ = [
    "AfterCutOff",
    "Due",
    "DueRule",
    "Frequency",
    "InMonth",
    "InWeek",
    "Level",
    "Occasion",
    "Occurrence",
    "OnDate",
    "Regime",
    "ReportingUnit",
    "Schedule",
    "occurrences",
    "parse_schedule",
    "units_owing",
    "warnings",
]
