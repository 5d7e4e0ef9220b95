"""What follows when posts or delegations change, or a day begins: cases that wait are asked anew who has them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from portal import jobs
from portal.approvals import service
from portal.approvals.models import ApprovalCase, BegunDay, StandingDelegation, WorkItem
from portal.approvals.recording import read
from portal.db import lock_for, utc_now
from portal.security import PORTAL, today
from portal.units.models import Holding, Post, Unit
from portal.units.service import SEATS_CHANGED
from workflows.actions import Reseat
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.db import Database

log = logging.getLogger(__name__)

DAYS_LOCK = 6301
FARTHEST = timedelta(days=31)
"""How far back days are made up for that no worker saw begin."""


RESEAT = "case_reseat"
"""The job of one case that is asked anew; each has a transaction of its own, so that none holds up another."""


def owe_reseats(session: Session, payload: dict[str, Any]) -> None:
    """Owe it to every case that waits for people of a unit that it is asked anew who has it.

    Args:
        session: the transaction of the job.
        payload: `unit_id`.
    """
    waiting = (WorkItem.unit_id == payload["unit_id"], WorkItem.closed_at.is_(None))
    for case_id in session.scalars(select(WorkItem.case_id).where(*waiting).distinct().order_by(WorkItem.case_id)):
        jobs.enqueue(session, RESEAT, case_id=case_id)


def reseat(session: Session, payload: dict[str, Any]) -> None:
    """Ask anew who has a case; done twice, it changes nothing more.

    Args:
        session: the transaction of the job.
        payload: `case_id`.

    Raises:
        Refusal: `stale_version`, somebody decided on it at the same moment; the job is done again.
    """
    folder = read(session, session.get_one(ApprovalCase, payload["case_id"]))
    try:
        service.perform(session, PORTAL, folder, Reseat(folder.case.version))
    except Refusal as refusal:
        if refusal.code not in ("seats_current", "not_submitted", "finished"):
            raise


def begin_days(session: Session, day: date) -> list[date]:
    """See to what begins and ends with the days that have begun since the last one that was seen to.

    Two workers never see to one day: they take turns, and it is written down with what follows from it.

    Args:
        session: the transaction; the caller commits.
        day: today.

    Returns:
        the days that were seen to.
    """
    lock_for(session, DAYS_LOCK)
    last = session.scalar(select(func.max(BegunDay.day)))
    first = max(last + timedelta(days=1), day - FARTHEST) if last else day
    days = [first + timedelta(days=number) for number in range((day - first).days + 1)]
    for each in days:
        session.add(BegunDay(day=each, at=utc_now()))
    for unit_id in sorted({unit_id for each in days for unit_id in _units_changing(session, each)}):
        jobs.enqueue(session, SEATS_CHANGED, unit_id=unit_id)
    session.flush()
    return days


def _units_changing(session: Session, day: date) -> set[int]:
    """Units in which somebody gets or loses a post with a day, or begins or ceases to stand in for somebody."""
    found = [
        select(Unit.id).where(_turns(Unit, day)),
        select(Post.unit_id).where(_turns(Post, day)),
        select(Post.unit_id).join(Holding, Holding.post_id == Post.id).where(_turns(Holding, day)),
        select(Post.unit_id)
        .join(StandingDelegation, StandingDelegation.post_id == Post.id)
        .where(_turns(StandingDelegation, day), StandingDelegation.revoked_at.is_(None)),
    ]
    return {unit_id for each in found for unit_id in session.scalars(each)}


def _turns(model: Any, day: date) -> ColumnElement[bool]:
    return or_(model.valid_from == day, model.valid_to == day - timedelta(days=1))


class DayWatch:
    """Sees to each new day once, between other work.

    Args:
        database: where the days are written down.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.seen: date | None = None

    def __call__(self) -> None:
        """Look whether a day has begun; a database that does not answer is asked again."""
        day = today()
        if day == self.seen:
            return
        try:
            begin_days(self.database.session(), day)
            self.database.session.commit()
            self.seen = day
        except SQLAlchemyError:
            log.exception("what begins and ends today could not be seen to")
        finally:
            self.database.session.remove()
