"""How a schedule is looked at: its next twelve reports with their days, who will owe them, and what to heed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.data import current_session
from portal.definitions.service import calendar_of, current
from portal.definitions.wiring import Preview
from portal.findings import definition_sentence
from portal.periods import period_name
from portal.security import today
from portal.units.models import Unit
from portal.words import label
from workflows.errors import Refusal
from workflows.schedules import Occasion, occurrences, units_owing, warnings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflows.schedules import Occurrence, Schedule

NEXT = 12
"""How many reports are shown."""


def schedule_preview(schedule: Schedule) -> Preview:
    """The next twelve reports of a schedule, counted by the calendar that it names."""
    session = current_session()
    try:
        calendar = calendar_of(current(session, "calendar", schedule.calendar))
    except Refusal:
        return Preview("definitions/schedule.html", {"rows": (), "owing": (), "warnings": (), "levels": ()})
    coming = occurrences(schedule, calendar, today(), NEXT)
    values = {
        "levels": [label(level.name) for level in schedule.owed_by],
        "rows": [_row(each) for each in coming],
        "owing": _owing(session, schedule),
        "warnings": [definition_sentence(each) for each in warnings(schedule, calendar, coming)],
    }
    return Preview("definitions/schedule.html", values)


def _row(each: Occurrence) -> dict[str, Any]:
    name = label(each.period.name) if isinstance(each.period, Occasion) else period_name(each.period)
    replaced = [period_name(period) for period in each.replaces]
    return {"name": name, "window": each.window, "opens": each.opens, "dues": each.dues, "replaced": replaced}


def _owing(session: Session, schedule: Schedule) -> list[dict[str, Any]]:
    """The units of each level that would owe a report today."""
    every = session.scalars(select(Unit).order_by(Unit.sort_key))
    found = units_owing(schedule, every, today())
    return [{"name": label(level.name), "units": found[level.key]} for level in schedule.owed_by]
