"""When the time of a case is up: reckoned after each action, by the calendar that is in force."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from portal.definitions import service as definitions
from workflows.clock import due_at, next_rung_at
from workflows.errors import Refusal, WorkflowError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.calendars import Calendar
    from workflows.case import Case

log = logging.getLogger(__name__)


def calendar_in_force(session: Session) -> Calendar | None:
    """The published working calendar; None while there is none."""
    try:
        return definitions.calendar_of(definitions.current(session, "calendar", definitions.CALENDAR))
    except Refusal:
        return None


def times_of(session: Session, case: Case) -> dict[str, Any]:
    """When the present budget ends and the next rung is reached, as columns of a case; empty for chains without time.

    A calendar that does not go so far is told in the log: the case goes on, and nobody is reminded.

    Args:
        session: any transaction.
        case: as it is now.
    """
    calendar = calendar_in_force(session) if case.chain.is_timed else None
    times: dict[str, datetime | None] = {"due_at": None, "next_rung_at": None}
    if calendar is None or not case.in_review:
        return times
    try:
        return {"due_at": due_at(case, calendar), "next_rung_at": next_rung_at(case, calendar)}
    except WorkflowError as error:
        log.warning("the calendar %s ends too early for a case: %s", calendar.key, error.params)
        return times
