"""The audit log: who did what to what and when, append-only, each entry chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Index, Integer, String, Text, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, lock_for, table_of, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

DOMAIN = "trinh-audit-1"
GENESIS = "0" * 64
CHAIN_LOCK = 6101
BATCH = 1000


class AuditEntry(Base):
    """One line of the log. Triggers refuse its update and deletion."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_object", "object_kind", "object_id"),)

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[str] = mapped_column(String(64))
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)

    @property
    def id(self) -> int:
        """Its key under the name that every screen asks for."""
        return self.seq

    def __str__(self) -> str:
        return f"{self.seq}: {self.action}"


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold.

    Attributes:
        seq: the entry at which it was noticed.
        why: `gap`, `link` (does not follow the entry before) or `content` (its own hash is wrong).
    """

    seq: int
    why: str


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _canonical(value: object) -> str:
    return _ENCODER.encode(value)


HASHED = ("seq", "at", "actor", "action", "object_kind", "object_id", "details", "previous")
"""What the hash of an entry covers, in this order."""

_LAST = select(AuditEntry.seq, AuditEntry.digest).order_by(AuditEntry.seq.desc()).limit(1)
_APPEND = insert(table_of(AuditEntry))


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the domain tag, the entry's fields in fixed order, and the previous hash."""
    return _digest({name: getattr(entry, name) for name in HASHED})


def _digest(row: dict[str, Any]) -> str:
    told = {**row, "at": row["at"].isoformat()}
    return hashlib.sha256(_canonical([DOMAIN, *(told[name] for name in HASHED)]).encode()).hexdigest()


def _last(session: Session) -> tuple[int, str]:
    row = session.connection().execute(_LAST).first()
    return (row.seq, row.digest) if row else (0, GENESIS)


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    kind: str,
    key: object,
    details: dict[str, Any] | None = None,
) -> None:
    """Append one entry in the caller's transaction.

    Args:
        session: the transaction of the change itself; both commit or neither.
        actor: the user name of who did it, or `system`.
        action: what happened, past tense with an underscore, such as `case_submitted`.
        kind: the table or thing it happened to.
        key: its identity.
        details: plain values that say what changed; never a secret.
    """
    record_all(session, actor=actor, kind=kind, key=key, deeds=[(action, details or {})])


def record_all(
    session: Session, *, actor: str, kind: str, key: object, deeds: Iterable[tuple[str, Mapping[str, Any]]]
) -> None:
    """Append an entry for each thing that one act led to, all in two statements.

    Args:
        session: the transaction of the change itself.
        actor: as in `record`, like `kind` and `key`.
        kind: what it happened to.
        key: its identity.
        deeds: action and details of each entry, in order.
    """
    lock_for(session, CHAIN_LOCK)
    session.flush()
    seq, previous = _last(session)
    told = {"at": utc_now(), "actor": actor, "object_kind": kind, "object_id": str(key)}
    rows: list[dict[str, Any]] = []
    for number, (action, details) in enumerate(deeds, seq + 1):
        row = {**told, "seq": number, "action": action, "details": _canonical(details), "previous": previous}
        row["digest"] = previous = _digest(row)
        rows.append(row)
    session.connection().execute(_APPEND, rows)


def _entries(session: Session) -> Iterator[AuditEntry]:
    return iter(session.scalars(select(AuditEntry).order_by(AuditEntry.seq).execution_options(yield_per=BATCH)))


def verify(session: Session) -> tuple[int, tuple[Break, ...]]:
    """Walk the whole chain.

    Returns:
        how many entries were read, and every place where the chain does not hold.
    """
    breaks: list[Break] = []
    previous, expected, count = GENESIS, 1, 0
    for entry in _entries(session):
        count += 1
        if entry.seq != expected:
            breaks.append(Break(entry.seq, "gap"))
        if entry.previous != previous:
            breaks.append(Break(entry.seq, "link"))
        if digest_of(entry) != entry.digest:
            breaks.append(Break(entry.seq, "content"))
        previous, expected = entry.digest, entry.seq + 1
    return count, tuple(breaks)
