"""Idempotency keys: a request that is sent again under its key is done once, and answered as the first time."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, insert_into, utc_now
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from portal.db import Database

log = logging.getLogger(__name__)

LONGEST_KEY = 255
KEPT_FOR = timedelta(days=7)
"""How long a request can be sent again: a retry after a lost answer, or a page left open over a holiday."""

CLEAN_SECONDS = 3600.0


class IdempotencyKey(Base):
    """The key of a request that was done; it exists exactly when the effect does, for one transaction writes both.

    Attributes:
        user_id: whose key it is; what others call theirs does not matter.
        part: which case, of a request that decides on several, each in a transaction of its own; 0 otherwise.
        request_sha256: of method, address and content, without tokens and secrets.
        answer: what `Answer` holds, to be given again.
    """

    __tablename__ = "idempotency_key"
    __table_args__ = (
        UniqueConstraint("user_id", "key", "part", name="uq_idempotency_key"),
        Index("ix_idempotency_key_age", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, name="fk_idempotency_key_user"))
    key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    part: Mapped[int]
    request_sha256: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


@dataclass(frozen=True)
class Sent:
    """A request that carries a key.

    Attributes:
        user_id: who sent it.
        key: as he calls it.
        sha256: of what it says.
        part: as in `IdempotencyKey`.
    """

    user_id: int
    key: str
    sha256: str
    part: int = 0


@dataclass(frozen=True)
class Answer:
    """What came of a request.

    Attributes:
        table: of the row that it wrote, and `row`, its key there.
        version: the version of a case that it led to; None where there is none.
        status: of the answer.
        location: where it leads; empty for programs.
        words: what people are told; possibly empty.
        body: what programs are told.
        tag: for a later `If-Match`.
    """

    table: str
    row: int
    version: int | None = None
    status: int = 302
    location: str = ""
    words: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    tag: str = ""


def carry_out(session: Session, sent: Sent | None, deed: Callable[[], Answer]) -> Answer:
    """Do what a request asks for and commit it; what was done under its key already is only answered again.

    Args:
        session: with nothing written yet.
        sent: the request; None when it carries no key, and is simply done.
        deed: does it, commits nothing of its effect, and says what came of it.

    Raises:
        Refusal: `key_reused`, the key stands for other content; or as the deed refuses, with nothing kept, so that
            the same request can be sent again.
    """
    if sent is None:
        answer = deed()
        session.commit()
        return answer
    return known(session, sent) or _first(session, sent, deed)


def _first(session: Session, sent: Sent, deed: Callable[[], Answer]) -> Answer:
    """Do it, unless the same request does it at this very moment.

    Two at once meet at the version of a case or at the latest at the constraint of the keys; whatever stopped the
    second one, it finds the key of the first.
    """
    try:
        answer = deed()
        _keep(session, sent, answer)
        session.commit()
    except Exception:
        session.rollback()
        before = known(session, sent)
        if before is None:
            raise
        return before
    return answer


def known(session: Session, sent: Sent) -> Answer | None:
    """What came of the same request before; None when nothing did.

    Raises:
        Refusal: `key_reused`; of several parts none has other content either.
    """
    own = (IdempotencyKey.user_id == sent.user_id, IdempotencyKey.key == sent.key)
    rows = session.execute(
        select(IdempotencyKey.part, IdempotencyKey.request_sha256, IdempotencyKey.answer).where(*own)
    ).all()
    if any(row.request_sha256 != sent.sha256 for row in rows):
        raise Refusal("key_reused")
    return next((Answer(**row.answer) for row in rows if row.part == sent.part), None)


def _keep(session: Session, sent: Sent, answer: Answer) -> None:
    """Write the key down beside its effect.

    PostgreSQL waits here for another transaction with the same key, SQLite has one writer anyway.

    Raises:
        Refusal: `stale_version`, the other one was first.
    """
    session.flush()
    row = insert_into(session, IdempotencyKey).values(
        user_id=sent.user_id,
        key=sent.key,
        part=sent.part,
        request_sha256=sent.sha256,
        answer=asdict(answer),
        created_at=utc_now(),
    )
    if session.scalar(row.on_conflict_do_nothing().returning(IdempotencyKey.id)) is None:
        raise Refusal("stale_version")


def part_of(sent: Sent | None, part: int) -> Sent | None:
    """One part of a request that is done in several transactions."""
    return sent and replace(sent, part=part)


def forget_old(session: Session) -> None:
    """Take away keys under which nobody sends anything any more; what was done under them stays done.

    Args:
        session: the transaction; the caller commits.
    """
    session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at <= utc_now() - KEPT_FOR))


class KeyWatch:
    """Forgets old keys between other work.

    Args:
        database: where the keys are.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.next_look = 0.0

    def __call__(self) -> None:
        """Look if it is time to look; a database that does not answer is asked again later."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + CLEAN_SECONDS
        try:
            forget_old(self.database.session())
            self.database.session.commit()
        except SQLAlchemyError:
            log.exception("old idempotency keys could not be forgotten")
        finally:
            self.database.session.remove()
