"""Completing a task on evidence, and taking the completion back with cause."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.tasks.rules import Status
from portal.tasks.service import complete, reopen
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Desk

LAST_MINUTE = datetime(2024, 8, 15, 16, 59, tzinfo=UTC)
MIDNIGHT = datetime(2024, 8, 15, 17, 0, tzinfo=UTC)
EVIDENCE = "Báo cáo số 120/BC-STTTT ngày 15/8/2024"


@pytest.mark.parametrize(
    ("at", "day", "expected"),
    [
        (LAST_MINUTE, date(2024, 8, 15), Status.DONE_ON_TIME),
        (MIDNIGHT, date(2024, 8, 16), Status.DONE_LATE),
    ],
)
def test_before_the_sixteenth_ends_at_midnight_in_vietnam(
    session: Session, desk: Desk, at: datetime, day: date, expected: Status
) -> None:
    task = complete(session, desk.actor(), desk.assigned().id, version=0, evidence=EVIDENCE, at=at)
    assert task.completed_on == day
    assert task.status_on(date(2025, 1, 1)) is expected


def test_the_log_keeps_the_evidence(session: Session, desk: Desk) -> None:
    complete(session, desk.actor(), desk.assigned().id, version=0, evidence=f"  {EVIDENCE} ", at=LAST_MINUTE)
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.action == "task_completed"
    assert json.loads(entry.details) == {"evidence": EVIDENCE, "on": "2024-08-15"}


def test_nothing_is_complete_without_evidence(session: Session, desk: Desk) -> None:
    with pytest.raises(Refusal, match="evidence_required"):
        complete(session, desk.actor(), desk.assigned().id, version=0, evidence=" ", at=LAST_MINUTE)


def test_a_draft_cannot_be_completed(session: Session, desk: Desk) -> None:
    with pytest.raises(Refusal, match="task_not_open"):
        complete(session, desk.actor(), desk.draft().id, version=0, evidence=EVIDENCE, at=LAST_MINUTE)


def test_a_standing_task_has_no_end(session: Session, desk: Desk) -> None:
    task = desk.assigned(standing=True, deadline_kind="none", deadline_on=None)
    with pytest.raises(Refusal, match="standing_task"):
        complete(session, desk.actor(), task.id, version=0, evidence=EVIDENCE, at=LAST_MINUTE)


def test_an_outsider_and_an_old_page_complete_nothing(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    with pytest.raises(Refusal, match="no_such_task"):
        complete(session, desk.actor(desk.other), task.id, version=0, evidence=EVIDENCE, at=LAST_MINUTE)
    with pytest.raises(Refusal, match="stale_version"):
        complete(session, desk.actor(), task.id, version=4, evidence=EVIDENCE, at=LAST_MINUTE)


def test_a_task_is_completed_once(session: Session, desk: Desk) -> None:
    task = complete(session, desk.actor(), desk.assigned().id, version=0, evidence=EVIDENCE, at=LAST_MINUTE)
    with pytest.raises(Refusal, match="task_not_open"):
        complete(session, desk.actor(), task.id, version=1, evidence=EVIDENCE, at=MIDNIGHT)


def test_a_completion_is_taken_back_with_cause_and_the_log_keeps_it(session: Session, desk: Desk) -> None:
    task = complete(session, desk.actor(), desk.assigned().id, version=0, evidence=EVIDENCE, at=LAST_MINUTE)
    task = reopen(session, desk.actor(), task.id, version=1, reason="Còn thiếu 3 câu trả lời")
    assert (task.completed_on, task.evidence) == (None, None)
    last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert last is not None
    assert json.loads(last.details) == {
        "reason": "Còn thiếu 3 câu trả lời",
        "completed_on": "2024-08-15",
        "evidence": EVIDENCE,
    }


def test_reopening_needs_a_reason_and_a_completed_task(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    with pytest.raises(Refusal, match="task_not_completed"):
        reopen(session, desk.actor(), task.id, version=0, reason="Còn thiếu")
    session.rollback()


def test_reopening_without_a_reason_is_refused(session: Session, desk: Desk) -> None:
    task = complete(session, desk.actor(), desk.assigned().id, version=0, evidence=EVIDENCE, at=LAST_MINUTE)
    with pytest.raises(Refusal, match="reason_required"):
        reopen(session, desk.actor(), task.id, version=1, reason="")
