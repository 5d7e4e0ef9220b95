"""The audit log: an entry stands or falls with its change, and no entry can be altered unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from portal import audit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FOUR = 4


@pytest.fixture
def log(session: Session) -> Session:
    for number in range(1, FOUR + 1):
        audit.record(session, actor="clerk", action="thing_done", kind="thing", key=number, details={"ghi chú": number})
    session.commit()
    return session


def test_an_untouched_log_holds(log: Session) -> None:
    assert audit.verify(log) == (FOUR, ())


def test_an_empty_log_holds(session: Session) -> None:
    assert audit.verify(session) == (0, ())


def test_an_entry_falls_with_its_change(session: Session) -> None:
    audit.record(session, actor="clerk", action="thing_done", kind="thing", key=1)
    session.rollback()
    assert audit.verify(session) == (0, ())


@pytest.mark.parametrize(
    ("tampering", "seq", "why"),
    [
        ("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 2", 2, "content"),
        ("UPDATE audit_entry SET details = '{}' WHERE seq = 3", 3, "content"),
        ("UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE seq = 1", 1, "content"),
        ("DELETE FROM audit_entry WHERE seq = 2", 3, "gap"),
        ("DELETE FROM audit_entry WHERE seq = 2", 3, "link"),
        ("UPDATE audit_entry SET previous = digest WHERE seq = 4", 4, "link"),
        ("UPDATE audit_entry SET seq = 9 WHERE seq = 4", 9, "gap"),
    ],
)
def test_tampering_is_found_where_it_happened(log: Session, tampering: str, seq: int, why: str) -> None:
    log.execute(text(tampering))
    log.expire_all()
    assert audit.Break(seq, why) in audit.verify(log)[1]


def test_two_entries_swapped_are_found(log: Session) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        log.execute(text("UPDATE audit_entry SET seq = :new WHERE seq = :old"), {"old": old, "new": new})
    log.expire_all()
    assert {each.seq for each in audit.verify(log)[1]} >= {2, 3}


def test_an_entry_written_by_hand_breaks_the_chain(log: Session) -> None:
    log.execute(
        text(
            "INSERT INTO audit_entry (seq, at, actor, action, object_kind, object_id, details, previous, digest) "
            "SELECT 5, at, actor, action, object_kind, object_id, details, digest, 'made-up' FROM audit_entry "
            "WHERE seq = 4"
        )
    )
    log.expire_all()
    assert audit.Break(5, "content") in audit.verify(log)[1]
