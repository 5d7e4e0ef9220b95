"""What is due by the clock: a case whose next rung is reached is told so, each rung once, whoever looks how often."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from portal.approvals import service
from portal.approvals.models import ApprovalCase
from portal.approvals.recording import read
from portal.approvals.timing import times_of
from portal.db import utc_now
from portal.definitions import service as definitions
from portal.definitions.service import chain_of
from portal.security import PORTAL
from workflows.actions import Tick
from workflows.errors import Refusal, WorkflowError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.db import Database

log = logging.getLogger(__name__)

LOOK_SECONDS = 20.0
AT_ONCE = 100
"""How many cases one look takes up; the next one goes on."""


def due(session: Session) -> list[int]:
    """The keys of cases whose next rung is reached, the longest due first."""
    reached = (ApprovalCase.next_rung_at <= utc_now(), ApprovalCase.status == "in_review")
    return list(
        session.scalars(select(ApprovalCase.id).where(*reached).order_by(ApprovalCase.next_rung_at).limit(AT_ONCE))
    )


def reach(session: Session, case_id: int) -> bool:
    """Reach what is due in one case, in a transaction of its own.

    Two who look at the same moment reach it once: the case is claimed by its version, as by any action.

    Args:
        session: with nothing open; it is committed or rolled back.
        case_id: the case.

    Returns:
        whether something was reached.
    """
    row, calendar = session.get_one(ApprovalCase, case_id), definitions.current_calendar(session)
    folder = read(session, row)
    if calendar is None:
        return False
    try:
        service.perform(session, PORTAL, folder, Tick(folder.case.version, calendar))
    except Refusal as refusal:
        session.rollback()
        if refusal.code == "nothing_due":  # the calendar has changed since it was reckoned
            _reckon(session, folder)
            session.commit()
        return False
    session.commit()
    return True


def reckon_anew(session: Session, payload: dict[str, Any]) -> None:
    """Reckon by the calendar in force when each case under review is due; done twice, it changes nothing more.

    A case on which somebody acts meanwhile is reckoned by that action.

    Args:
        session: the transaction of the job.
        payload: `key` of the calendar, of which there is one.
    """
    del payload
    for row in session.scalars(select(ApprovalCase).where(ApprovalCase.status == "in_review")):
        if chain_of(row.definition).is_timed:
            _reckon(session, read(session, row))


def _reckon(session: Session, folder: Folder) -> None:
    same = (ApprovalCase.id == folder.row.id, ApprovalCase.version == folder.case.version)
    session.execute(update(ApprovalCase).where(*same).values(times_of(session, folder.case)))


class DueWatch:
    """Reaches what is due between other work.

    Args:
        database: where the cases are.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.next_look = 0.0

    def __call__(self) -> None:
        """Look if it is time to look; a case that fails is told in the log, and the others go on."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK_SECONDS
        session = self.database.session
        try:
            for case_id in due(session()):
                session.remove()
                self._reach(case_id)
        except SQLAlchemyError:
            log.exception("what is due by the clock could not be seen to")
        finally:
            session.remove()

    def _reach(self, case_id: int) -> None:
        try:
            reach(self.database.session(), case_id)
        except (SQLAlchemyError, WorkflowError):
            log.exception("what is due by the clock in case %s could not be seen to", case_id)
            self.database.session.rollback()
