"""When the time of a case is up: reckoned after each action, by the calendar that is in force."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from portal.db import utc_now
from portal.definitions import service as definitions
from workflows.clock import due_at, next_rung_at, waiting_steps
from workflows.durations import stays_of
from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from workflows.case import Case

log = logging.getLogger(__name__)

TENTH = timedelta(minutes=6)
"""A tenth of an hour."""


@dataclass(frozen=True)
class Taken:
    """How long a case was in one place.

    Attributes:
        place: `drafter` or the key of a stage.
        round: the round.
        hours: of working time, with one decimal.
        is_now: whether it is there still.
    """

    place: str
    round: int
    hours: Decimal
    is_now: bool


def taken_by(session: Session, case: Case) -> list[Taken]:
    """In whose hands a case was for how long, in order; nothing while no calendar goes that far.

    Args:
        session: any transaction.
        case: the case.
    """
    calendar = definitions.current_calendar(session)
    if calendar is None:
        return []
    try:
        stays = stays_of(case.events, calendar, utc_now())
    except WorkflowError:
        return []
    return [Taken(each.place, each.round, hours_of(each.taken), each.end is None) for each in stays]


def hours_of(taken: timedelta) -> Decimal:
    """Working hours with one decimal."""
    return Decimal(taken // TENTH) / 10


def times_of(session: Session, case: Case) -> dict[str, Any]:
    """When the present budget ends and the next rung is reached, as columns of a case; empty for chains without time.

    A calendar that does not go so far is told in the log: the case goes on, and of what lies beyond nobody is reminded.

    Args:
        session: any transaction.
        case: as it is now.
    """
    calendar = definitions.current_calendar(session) if case.chain.is_timed else None
    times: dict[str, datetime | None] = {"due_at": None, "next_rung_at": None}
    if calendar is None or not case.in_review:
        return times
    times = {"due_at": due_at(case, calendar), "next_rung_at": next_rung_at(case, calendar)}
    if times["due_at"] is None and any(step.budget for step in waiting_steps(case)):
        log.info("the calendar %s does not say when a case is due, or its clock stands still", calendar.key)
    return times
