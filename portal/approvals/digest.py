"""One mail a day: what waits for somebody, what is late, what he was told since; nothing that is decided by then."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from flask_babel import force_locale, gettext
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal import jobs
from portal.approvals import notices
from portal.approvals.models import ApprovalCase, Digest, Notice, WorkItem
from portal.approvals.notice_words import WORDS
from portal.db import lock_for, utc_now
from portal.definitions import service as definitions
from portal.mail import Letter, send
from portal.security import VIETNAM, build_actor
from portal.signatures import turns as signatures
from portal.words import format_date, format_datetime
from workflows.workdays import is_working_day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sqlalchemy.orm import Session

    from config import Settings
    from portal.db import Database

log = logging.getLogger(__name__)

DIGEST = "mail_digest"
DIGEST_LOCK = 6302
SATURDAY = 5
LONGEST = 50
"""How many lines a mail has; who has more looks into the portal."""


def owe(session: Session, day: date) -> bool:
    """Owe a mail to everybody who has something to read, once a day.

    Args:
        session: the transaction; the caller commits.
        day: today.

    Returns:
        whether it was this call that did it.
    """
    lock_for(session, DIGEST_LOCK)
    if session.get(Digest, day) is not None:
        return False
    session.add(Digest(day=day, at=utc_now()))
    working = select(WorkItem.user_id).where(WorkItem.status == "open")
    told = select(Notice.user_id).where(Notice.read_at.is_(None))
    readers = select(User.id).where(
        User.active.is_(True),
        User.email != "",
        User.id.in_(working.union(told, signatures.signers(), signatures.registrars(day))),
    )
    for user_id in session.scalars(readers.order_by(User.id)):
        jobs.enqueue(session, DIGEST, user_id=user_id, day=day.isoformat())
    session.flush()
    return True


class Digester:
    """Writes and sends the mails.

    Args:
        settings: with the mail server, the portal's own address and its language.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def send_digest(self, session: Session, payload: dict[str, Any]) -> None:
        """Send somebody the mail of a day, with what is so now; nothing when all is done meanwhile.

        Args:
            session: the transaction of the job.
            payload: `user_id` and `day`.

        Raises:
            MailError: it was not sent; the job is tried again, and in the end stays for an operator.
        """
        user = session.get(User, payload["user_id"])
        if user is None or not user.active:
            return
        with force_locale(self.settings.portal_language):
            lines = [*self._work(session, user.id), *self._signatures(session, user), *self._told(session, user.id)]
            if lines:
                send(self.settings, self._letter(user, payload["day"], lines))

    def _letter(self, user: User, day: str, lines: list[str]) -> Letter:
        said = gettext("Good morning, %(name)s.", name=user.get_full_name())
        more = [gettext("And more; see the portal.")] if len(lines) > LONGEST else []
        where = gettext("Open the portal: %(address)s", address=self.settings.portal_url)
        why = gettext("The portal writes at most once on a working day, and only if something waits.")
        text = "\n".join([str(said), "", *lines[:LONGEST], *map(str, more), "", str(where), "", str(why)])
        subject = gettext("Trình: what waits for you on %(day)s", day=format_date(day))
        return Letter(user.email, str(subject), text, f"digest-{day}-{user.id}")

    def _work(self, session: Session, user_id: int) -> Iterator[str]:
        mine = (WorkItem.user_id == user_id, WorkItem.status == "open", ApprovalCase.status == "in_review")
        asked = select(ApprovalCase).join(WorkItem, WorkItem.case_id == ApprovalCase.id).where(*mine).distinct()
        cases = session.scalars(
            asked.order_by(ApprovalCase.due_at.is_(None), ApprovalCase.due_at, ApprovalCase.id)
        ).all()
        if cases:
            yield str(gettext("Waiting for you:"))
        for case in cases:
            yield f"- {case.title}, {case.unit.name_vi}{_due(case)}"

    def _signatures(self, session: Session, user: User) -> Iterator[str]:
        """Documents that wait for his signature, or for a seal that he puts on."""
        actor = build_actor(session, user, datetime.now(UTC).astimezone(VIETNAM).date())
        waiting = signatures.waiting_for(session, actor)
        if waiting:
            yield str(gettext("Waiting for your signature or seal:"))
        for document in waiting:
            yield f"- {document}: {document.subject}"

    def _told(self, session: Session, user_id: int) -> Iterator[str]:
        news = notices.news_of(session, user_id)
        if news:
            yield str(gettext("What you were told since:"))
        for notice, case in news:
            yield f"- {case.title}: {WORDS[notice.kind]}"


def _due(case: ApprovalCase) -> str:
    if case.due_at is None:
        return ""
    moment = format_datetime(case.due_at)
    if case.due_at < utc_now():
        said = gettext("time was up on %(moment)s", moment=moment)
    else:
        said = gettext("due %(moment)s", moment=moment)
    return f" ({said})"


class DigestWatch:
    """Owes the mails of a working day when its hour has come, between other work.

    Args:
        database: where the cases are.
        settings: with the hour; without a mail server nothing is owed.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database, self.settings = database, settings
        self.done: date | None = None

    def __call__(self) -> None:
        """Look whether it is time."""
        now = datetime.now(UTC).astimezone(VIETNAM)
        hour = time.fromisoformat(self.settings.digest_at)
        if not self.settings.smtp_host or self.done == now.date() or now.time() < hour:
            return
        try:
            session = self.database.session()
            if _is_working(session, now.date()):
                owe(session, now.date())
                self.database.session.commit()
            self.done = now.date()
        except SQLAlchemyError:
            log.exception("the mails of today could not be owed")
        finally:
            self.database.session.remove()


def _is_working(session: Session, day: date) -> bool:
    """Whether people work on a day; where no calendar says so, every day from Monday to Friday."""
    calendar = definitions.current_calendar(session)
    if calendar is not None and calendar.first <= day <= calendar.last:
        return is_working_day(calendar, day)
    return day.weekday() < SATURDAY
