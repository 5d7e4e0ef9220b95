"""Weekly progress notes: one a week, the later text replaces; silence of more than a week shows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from portal.audit import AuditEntry
from portal.tasks.service import is_task_stale, note_progress, notes_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Desk

TUESDAY = datetime(2024, 8, 6, 2, tzinfo=UTC)
SUNDAY_NIGHT = datetime(2024, 8, 11, 16, 59, tzinfo=UTC)
MONDAY = datetime(2024, 8, 11, 17, 0, tzinfo=UTC)


def test_a_later_note_of_the_week_replaces_the_earlier(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    note_progress(session, desk.actor(), task.id, version=0, text="Đã trả lời 20 câu", at=TUESDAY)
    note_progress(session, desk.actor(), task.id, version=1, text="Đã trả lời 45 câu", at=SUNDAY_NIGHT)
    notes = notes_of(session, task)
    assert [(note.week, note.note) for note in notes] == [(date(2024, 8, 5), "Đã trả lời 45 câu")]
    assert notes[0].noted_at == SUNDAY_NIGHT


def test_a_new_week_begins_on_monday_in_vietnam(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    note_progress(session, desk.actor(), task.id, version=0, text="Tuần một", at=SUNDAY_NIGHT)
    note_progress(session, desk.actor(), task.id, version=1, text="Tuần hai", at=MONDAY)
    assert [note.week for note in notes_of(session, task)] == [date(2024, 8, 12), date(2024, 8, 5)]


def test_what_was_replaced_stays_in_the_log(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    note_progress(session, desk.actor(), task.id, version=0, text="Lần một", at=TUESDAY)
    note_progress(session, desk.actor(), task.id, version=1, text="Lần hai", at=SUNDAY_NIGHT)
    details = " ".join(session.scalars(select(AuditEntry.details)))
    assert "Lần một" in details
    assert "Lần hai" in details


def test_notes_are_composed_text(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    note_progress(session, desk.actor(), task.id, version=0, text="Ba\u0301o ca\u0301o", at=TUESDAY)
    assert notes_of(session, task)[0].note == "Báo cáo"


def test_empty_notes_drafts_and_outsiders_are_refused(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    with pytest.raises(Refusal, match="no_such_task"):
        note_progress(session, desk.actor(desk.other), task.id, version=0, text="Xong", at=TUESDAY)
    with pytest.raises(Refusal, match="task_not_open"):
        note_progress(session, desk.actor(), desk.draft().id, version=0, text="Xong", at=TUESDAY)
    with pytest.raises(Refusal, match="note_required"):
        note_progress(session, desk.actor(), task.id, version=0, text="\n", at=TUESDAY)


def test_silence_is_told_by_one_query_however_many_notes_there_are(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    for version in range(3):
        at = TUESDAY + timedelta(days=7 * version)
        note_progress(session, desk.actor(), task.id, version=version, text="Tuần này", at=at)
    asked: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", listen)
    assert is_task_stale(session, task, date(2024, 8, 28))
    assert len(asked) == 1
    assert "task_progress.note," not in asked[0]


def test_silence_is_counted_from_the_last_note_and_before_it_from_the_assignment(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    assert not is_task_stale(session, task, date(2024, 8, 8))
    assert is_task_stale(session, task, date(2024, 8, 9))
    note_progress(session, desk.actor(), task.id, version=0, text="Đã trả lời 20 câu", at=TUESDAY)
    assert not is_task_stale(session, task, date(2024, 8, 13))
    assert is_task_stale(session, task, date(2024, 8, 14))
