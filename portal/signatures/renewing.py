"""Keeping released files provable: another archive time stamp before the newest one's certificate ends, by the worker.

The released file only grows. Each state of it stays known by its hash, because whoever got an earlier one has it still.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.exc import SQLAlchemyError

from portal import audit, files, jobs
from portal.db import reading, utc_now
from portal.documents.models import RELEASED, OfficialDocument
from portal.documents.numbering import hold_log
from portal.documents.rules import file_name
from portal.jobs import Job
from portal.signatures.levels import Level
from portal.signatures.models import ArchiveStamp, DocumentSignature
from portal.signatures.restamping import ends_at, restamped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from config import Settings
    from portal.db import Database
    from portal.signatures.trust import Trust

log = logging.getLogger(__name__)

RENEW: Final = "renew_time_stamp"
"""The kind of job that puts another time stamp over the newest one of a released file, where that ends soon."""


def due(session: Session, before: datetime) -> Sequence[int]:
    """The released documents whose newest archive time stamp ends soon, or nobody has looked when.

    Args:
        session: any transaction.
        before: when it ends at the latest.
    """
    newest = select(func.max(ArchiveStamp.ends_at)).where(ArchiveStamp.document_id == OfficialDocument.id)
    lasts = newest.correlate(OfficialDocument).scalar_subquery()
    signed = select(DocumentSignature.id).where(
        DocumentSignature.document_id == OfficialDocument.id, DocumentSignature.level == str(Level.LTA)
    )
    asked = select(OfficialDocument.id).where(OfficialDocument.status == RELEASED, signed.exists())
    return session.scalars(asked.where(or_(lasts.is_(None), lasts < before)).order_by(OfficialDocument.id)).all()


def owe(session: Session, before: datetime) -> int:
    """Owe the renewals that are due and not owed already; gives how many.

    Args:
        session: the transaction; the caller commits.
        before: as for `due`.
    """
    waiting = select(Job.payload).where(Job.kind == RENEW, Job.status == jobs.WAITING)
    owed = {payload["document_id"] for payload in session.scalars(waiting)}
    found = [each for each in due(session, before) if each not in owed]
    for document_id in found:
        jobs.enqueue(session, RENEW, document_id=document_id)
    return len(found)


class Renewer:
    """Does the job.

    Args:
        store: where files are.
        trust: who is believed, and who gives time stamps.
        days: how long before its end a time stamp is renewed.
    """

    def __init__(self, store: files.FileStore, trust: Trust, days: int) -> None:
        self.store, self.trust, self.days = store, trust, days

    def renew(self, session: Session, payload: dict[str, Any]) -> None:
        """Note when the newest time stamp of a document ends, and put another over it where that is soon.

        A job that is done twice finds a time stamp that lasts, and does nothing.

        Raises:
            Refusal: nobody gives a time stamp, or says that a certificate is not revoked; the job is tried again later.
        """
        key = payload["document_id"]
        with reading(session):
            document = session.get_one(OfficialDocument, key)
            assert document.file is not None
            file_id, pdf = document.file.id, self.store.read(document.file.sha256)
        ends = ends_at(pdf)
        if ends is None:
            return
        is_soon = ends < datetime.now(UTC) + timedelta(days=self.days)
        made = restamped(pdf, self.trust) if is_soon else b""
        _keep(session, self.store, (key, file_id), ends, made)


def _keep(session: Session, store: files.FileStore, seen: tuple[int, int], ends: datetime, made: bytes) -> None:
    """Write down what was found, unless the document has another file by now, which another job has made."""
    hold_log(session)
    document_id, file_id = seen
    document = session.get_one(OfficialDocument, document_id, populate_existing=True)
    if document.file_id != file_id or document.file is None:
        return
    _note(session, document_id, file_id, ends)
    later = ends_at(made) if made else None
    if later is None:
        return
    before, name = document.file.sha256, file_name(document.number, document.symbol, document.year)
    file = files.keep(session, store, made, name, None)
    _note(session, document_id, file.id, later)
    document.file = file
    session.flush()
    details = {"symbol": str(document), "before": before, "now": file.sha256, "until": later.isoformat()}
    audit.record(
        session, actor="system", action="time_stamp_renewed", kind="official_document", key=document_id, details=details
    )


def _note(session: Session, document_id: int, file_id: int, ends: datetime) -> None:
    """Write down until when the newest time stamp of a file lasts, once."""
    if session.scalar(select(ArchiveStamp.id).where(ArchiveStamp.file_id == file_id)) is None:
        session.add(ArchiveStamp(document_id=document_id, file_id=file_id, ends_at=ends, noted_at=utc_now()))
        session.flush()


class RenewalWatch:
    """Owes the renewals of a day once, between other work.

    Args:
        database: where the documents are.
        settings: with the days; with none, or without a time-stamping authority, nothing is owed.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.done: date | None = None

    def __call__(self) -> None:
        """Look whether it is time."""
        now, days = datetime.now(UTC), self.settings.signing_renew_days
        if not self.settings.signing_time_stamp or not days or self.done == now.date():
            return
        try:
            owe(self.database.session(), now + timedelta(days=days))
            self.database.session.commit()
            self.done = now.date()
        except SQLAlchemyError:
            log.exception("renewals of time stamps could not be owed")
        finally:
            self.database.session.remove()
