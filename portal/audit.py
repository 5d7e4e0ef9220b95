"""The audit log: who did what to what and when, append-only, each entry chained to the one before by its hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, String, Text, cast, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, lock_for, table_of, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

DOMAIN = "trinh-audit-1"
GENESIS = "0" * 64
CHAIN_LOCK = 6101
BATCH = 1000
SQLITE_MOMENT = "%Y-%m-%d %H:%M:%S.%f"
"""How SQLAlchemy writes a moment there; anything else was not written by the portal."""


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
class Anchor:
    """How far the chain had come at some time, and with which hash.

    Attributes:
        seq: an entry; 0 before the first.
        digest: its hash.
    """

    seq: int
    digest: str


BEGINNING = Anchor(0, GENESIS)


@dataclass(frozen=True)
class Break:
    """Where the chain does not hold.

    Attributes:
        seq: the entry at which it was noticed.
        why: `gap`, `link` (does not follow the entry before), `content` (its own hash is wrong), `checkpoint` (a
            checkpoint has another hash for it) or `cut` (a checkpoint knows it, and the log ends before it).
    """

    seq: int
    why: str


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def _canonical(value: object) -> str:
    return _ENCODER.encode(value)


def _hash(seq: int, at: datetime, *texts: str | None) -> str:
    return hashlib.sha256(_canonical([DOMAIN, seq, at.isoformat(), *texts]).encode()).hexdigest()


HASHED = ("seq", "at", "actor", "action", "object_kind", "object_id", "details", "previous")
"""What the hash of an entry covers, in this order."""

_LAST = select(AuditEntry.seq, AuditEntry.digest).order_by(AuditEntry.seq.desc()).limit(1)
_APPEND = insert(table_of(AuditEntry))


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over the domain tag, the entry's fields in fixed order, and the previous hash."""
    return _digest({name: getattr(entry, name) for name in HASHED})


def _digest(row: Mapping[str, Any]) -> str:
    seq, at, *texts = (row[name] for name in HASHED)
    return _hash(seq, at, *texts)


def newest(session: Session) -> Anchor:
    """How far the chain has come."""
    row = session.connection().execute(_LAST).first()
    return Anchor(row.seq, row.digest) if row else BEGINNING


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
    last = newest(session)
    told = {"at": utc_now(), "actor": actor, "object_kind": kind, "object_id": str(key)}
    previous = last.digest
    rows: list[dict[str, Any]] = []
    for number, (action, details) in enumerate(deeds, last.seq + 1):
        row = {**told, "seq": number, "action": action, "details": _canonical(details), "previous": previous}
        row["digest"] = previous = _digest(row)
        rows.append(row)
    session.connection().execute(_APPEND, rows)


@dataclass(frozen=True)
class _Stored:
    """An entry as it lies in the database, which someone may have written past the portal.

    Attributes:
        seq: its number.
        previous: the hash it names as the one before; None where it is no text.
        digest: the hash it names as its own; None where it is no text.
        is_sound: whether that is the hash of what it says.
    """

    seq: int
    previous: str | None
    digest: str | None
    is_sound: bool


TEXTS = (*HASHED[2:], "digest")


def _stored(session: Session, since: Anchor) -> Iterator[_Stored]:
    # SQLite keeps whatever it is given: bytes are read, so that no forged value stops the walk.
    raw = session.get_bind().dialect.name == "sqlite"
    columns = [getattr(AuditEntry, name) for name in ("at", *TEXTS)]
    read = [cast(column, LargeBinary) for column in columns] if raw else columns
    statement = select(AuditEntry.seq, *read).order_by(AuditEntry.seq)
    if since != BEGINNING:  # from the beginning, what someone numbered below 1 is read as well
        statement = statement.where(AuditEntry.seq > since.seq)
    for row in session.execute(statement.execution_options(yield_per=BATCH)):
        yield _from_bytes(row) if raw else _from_values(row[0], row[1], *row[2:])


def _from_values(seq: int, at: datetime, *texts: str) -> _Stored:
    *said, digest = texts
    return _Stored(seq, said[-1], digest, _hash(seq, at, *said) == digest)


def _from_bytes(row: Row[Any]) -> _Stored:
    seq, *fields = list[Any](row)
    try:
        moment, *texts = [str(value, "utf-8") for value in fields]
        at = datetime.strptime(moment, SQLITE_MOMENT).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return _Stored(seq, None, None, is_sound=False)
    return _from_values(seq, at, *texts)


def _breaks(entry: _Stored, last: Anchor, wanted: AbstractSet[str]) -> Iterator[Break]:
    """What is wrong with an entry that follows another, and that checkpoints have these hashes for."""
    if entry.seq != last.seq + 1:
        yield Break(entry.seq, "gap")
    if entry.previous != last.digest:
        yield Break(entry.seq, "link")
    if not entry.is_sound:
        yield Break(entry.seq, "content")
    if wanted - {entry.digest or ""}:
        yield Break(entry.seq, "checkpoint")


def _by_seq(anchors: Iterable[Anchor]) -> Mapping[int, set[str]]:
    wanted: dict[int, set[str]] = {}
    for anchor in anchors:
        wanted.setdefault(anchor.seq, set()).add(anchor.digest)
    return wanted


def verify(
    session: Session, anchors: Iterable[Anchor] = (), *, since: Anchor = BEGINNING
) -> tuple[int, tuple[Break, ...]]:
    """Walk the chain.

    Args:
        session: which sees one moment of the database, or an entry written meanwhile may look like a break.
        anchors: what checkpoints know, which no one who owns the database alone could forge.
        since: from where to walk; what lies before it is believed.

    Returns:
        how many entries were read, and every place where the chain does not hold.
    """
    wanted, breaks, last, count = _by_seq(anchors), list[Break](), since, 0
    left = {seq for seq in wanted if seq > since.seq}
    for entry in _stored(session, since):
        count += 1
        breaks += _breaks(entry, last, wanted.get(entry.seq, set()))
        left.discard(entry.seq)
        last = Anchor(entry.seq, entry.digest or "")
    breaks += [Break(seq, "cut" if seq > last.seq else "checkpoint") for seq in sorted(left)]
    return count, tuple(breaks)
