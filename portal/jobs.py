"""The outbox: work to do after a commit is a row written in the same transaction, claimed later under a lease."""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text, func, or_, select, tuple_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base, utc_now

if TYPE_CHECKING:
    from portal.db import Database

log = logging.getLogger(__name__)

WAITING, DONE, FAILED = "waiting", "done", "failed"
FIRST_RETRY_SECONDS = 5
IDLE_SECONDS = 0.5
"""How soon a worker looks again: people wait for samples of templates and for previews of files."""

Handler = Callable[[Session, dict[str, Any]], None]
"""Does one job; must be idempotent, for a lease may run out while it works.

Its effects and the mark that it is done are one transaction; reading before them may be others.
"""

HANDLERS: dict[str, Handler] = {}
"""Port: what each kind of job does; filled by `app`."""

GIVEN_UP: dict[str, Callable[[Session, dict[str, Any], str], None]] = {}
"""Port: what shows people that a job of a kind was given up, with its last error; filled by `app`."""


class Job(Base):
    """One piece of work owed after a commit."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'done', 'failed')", name="ck_job_status"),
        Index("ix_job_due", "status", "run_after"),
    )

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(String(16), default=WAITING)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    run_after: Mapped[datetime] = mapped_column(default=utc_now)
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(Text)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class HopelessError(Exception):
    """A job can never be done; it is given up at once, not tried again."""


@dataclass(frozen=True)
class Claim:
    """A job in this worker's hands until its lease runs out."""

    id: int
    kind: str
    payload: dict[str, Any]
    lease: str
    attempts: int


def enqueue(session: Session, kind: str, **payload: Any) -> Job:
    """Owe a job; it exists if and only if the caller's transaction commits.

    Args:
        session: the transaction of the change that makes the job due.
        kind: a key of `HANDLERS`.
        payload: JSON-safe values.
    """
    job = Job(kind=kind, payload=payload)
    session.add(job)  # not flushed: what else is pending would be written before it was checked and compared
    return job


def claim(session: Session, lease_seconds: int) -> Claim | None:
    """Take the oldest due job by a conditional update, so that two workers never hold one.

    Args:
        session: a transaction of its own; the caller commits.
        lease_seconds: after how long another worker may take it.
    """
    now = utc_now()
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    due = select(Job.id).where(Job.status == WAITING, Job.run_after <= now, free).order_by(Job.run_after, Job.id)
    # PostgreSQL passes over what another worker is taking; SQLite has one writer anyway.
    number = session.scalar(due.limit(1).with_for_update(skip_locked=True))
    if number is None:
        return None
    lease = secrets.token_hex(16)
    taken = session.execute(
        update(Job)
        .where(Job.id == number, Job.status == WAITING, free)
        .values(lease=lease, leased_until=now + timedelta(seconds=lease_seconds), attempts=Job.attempts + 1)
        .returning(Job.kind, Job.payload, Job.attempts)
    ).first()
    return Claim(number, taken.kind, taken.payload, lease, taken.attempts) if taken else None


@dataclass(frozen=True)
class Standing:
    """How far a job is that is not done.

    Attributes:
        behind: how many jobs come before it.
        attempts: how often it was begun.
        is_held: whether a worker does it now.
        next_try: when it is tried again at the earliest; None where it may be begun now.
        last_error: of its last attempt; None where none failed.
    """

    behind: int
    attempts: int
    is_held: bool
    next_try: datetime | None
    last_error: str | None


def standing(session: Session, kind: str, **payload: int) -> Standing | None:
    """How far a job is, for whoever waits for it; None when it is done, given up, or never was owed.

    Args:
        session: any transaction.
        kind: as it was owed.
        payload: numbers in its payload that tell it from others.
    """
    mine = (Job.payload[name].as_integer() == number for name, number in payload.items())
    waiting = select(Job).where(Job.status == WAITING, Job.kind == kind, *mine).order_by(Job.id.desc())
    job = session.scalar(waiting.limit(1))
    if job is None:
        return None
    now = utc_now()
    earlier = tuple_(Job.run_after, Job.id) < tuple_(job.run_after, job.id)
    behind = session.scalar(select(func.count()).where(Job.status == WAITING, earlier)) or 0
    is_held = job.leased_until is not None and job.leased_until > now
    return Standing(behind, job.attempts, is_held, job.run_after if job.run_after > now else None, job.last_error)


def _finish(session: Session, held: Claim, **values: Any) -> bool:
    """Write the end of a job if the lease is still ours."""
    mine = update(Job).where(Job.id == held.id, Job.lease == held.lease, Job.status == WAITING)
    done = session.execute(mine.values(lease=None, leased_until=None, **values).returning(Job.id)).first()
    return done is not None


def _run(session: Session, held: Claim, most_attempts: int) -> None:
    """Do the job and mark it done in one transaction; a lost lease undoes both."""
    if held.attempts > most_attempts:
        # Its workers died without a word, each time.
        raise HopelessError(f"no worker survived {most_attempts} attempts")
    HANDLERS[held.kind](session, held.payload)
    if _finish(session, held, status=DONE, finished_at=utc_now(), last_error=None):
        session.commit()
    else:
        session.rollback()


def _note_failure(session: Session, held: Claim, error: Exception, most_attempts: int) -> None:
    """Try again later, or give up and tell; whoever lost the lease leaves the job to its new holder."""
    given_up = held.attempts >= most_attempts or isinstance(error, HopelessError)
    pause = timedelta(seconds=FIRST_RETRY_SECONDS * 2 ** (held.attempts - 1))
    noted = _finish(
        session,
        held,
        status=FAILED if given_up else WAITING,
        run_after=utc_now() + pause,
        last_error=f"{type(error).__name__}: {error}",
    )
    if noted and given_up and held.kind in GIVEN_UP:
        GIVEN_UP[held.kind](session, held.payload, str(error))
    session.commit()


def work_one(database: Database, lease_seconds: int, most_attempts: int) -> bool:
    """Do one due job.

    Args:
        database: where the queue is.
        lease_seconds: how long the job may take before another worker may have it.
        most_attempts: after how many failures the job waits for an operator.

    Returns:
        whether there was one.
    """
    session = database.session
    try:
        held = claim(session(), lease_seconds)
        session.commit()
        if held is not None:
            _work(database, held, most_attempts)
        return held is not None
    finally:
        session.remove()


def _work(database: Database, held: Claim, most_attempts: int) -> None:
    session = database.session
    try:
        _run(session(), held, most_attempts)
    except Exception as error:
        log.exception("job %s (%s) failed", held.id, held.kind)
        session.rollback()
        _note_failure(session(), held, error, most_attempts)


def _nothing() -> None:
    """What a worker does between jobs that has nothing else to look after."""


def work_forever(
    database: Database, lease_seconds: int, most_attempts: int, between: Callable[[], None] = _nothing
) -> None:
    """Do due jobs until the process is told to stop, or whoever started it is gone.

    A database that does not answer is waited for: whatever was owed stays in the queue.

    Args:
        database: where the queue is.
        lease_seconds: as for `work_one`.
        most_attempts: as for `work_one`.
        between: called before each look into the queue; it keeps its own time and its own errors.
    """
    starter = os.getppid()
    while os.getppid() == starter:
        between()
        try:
            idle = not work_one(database, lease_seconds, most_attempts)
        except SQLAlchemyError:
            log.exception("the queue does not answer")
            idle = True
        if idle:
            time.sleep(IDLE_SECONDS)
