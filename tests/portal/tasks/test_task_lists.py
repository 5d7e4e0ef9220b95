"""Which tasks an actor sees, and that the status in SQL is the status of the rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.security import NOBODY
from portal.tasks.models import ProgressNote, Task
from portal.tasks.rules import Status
from portal.tasks.service import (
    counts_by_status,
    is_task_stale,
    note_progress,
    note_scope,
    open_tasks,
    reference_scope,
    scope,
    stale_on,
    status_on,
)
from portal.tasks.wiring import TaskData

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.security import Actor

    from .conftest import Desk

ASSIGNED = datetime(2024, 8, 1, 1, tzinfo=UTC)
DAYS = [date(2024, 8, 8) + timedelta(days=step) for step in range(12)]


def _seen(session: Session, actor: Actor) -> set[int]:
    return set(session.scalars(select(Task.id).where(scope(actor))))


def test_the_unit_in_the_lead_and_those_who_help_see_a_task(session: Session, desk: Desk) -> None:
    alone, shared = desk.draft(), desk.draft(cooperating=[desk.other])
    assert _seen(session, desk.actor()) == {alone.id, shared.id}
    assert _seen(session, desk.actor(desk.other)) == {shared.id}


def test_overseer_and_auditor_see_all_and_nobody_sees_none(session: Session, desk: Desk) -> None:
    task = desk.draft()
    assert _seen(session, desk.overseer) == {task.id}
    assert _seen(session, desk.auditor) == {task.id}
    assert _seen(session, NOBODY) == set()


def test_notes_are_seen_with_their_task(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    note_progress(session, desk.actor(), task.id, version=0, text="Đã trả lời 20 câu", at=ASSIGNED)
    notes = select(ProgressNote.task_id)
    assert session.scalars(notes.where(note_scope(desk.actor(desk.other)))).all() == []
    assert session.scalars(notes.where(note_scope(desk.actor()))).all() == [task.id]


def test_reference_data_is_open_to_everyone_signed_in(desk: Desk) -> None:
    assert str(reference_scope(desk.actor())) == "true"
    assert str(reference_scope(NOBODY)) == "false"


@pytest.mark.parametrize("day", DAYS)
def test_the_status_in_sql_is_the_status_of_the_rules(session: Session, desk: Desk, day: date) -> None:
    deadlines = [("by", date(2024, 8, 15)), ("none", None)]
    completions = [None, date(2024, 8, 15), date(2024, 8, 16)]
    for (kind, due), done, assigned, standing in product(deadlines, completions, [None, ASSIGNED], [True, False]):
        task = desk.draft(deadline_kind=kind, deadline_on=due, standing=standing)
        task.assigned_at, task.completed_on = assigned, done
        task.evidence = None if done is None else "120/BC-STTTT"
    session.flush()
    for task, in_sql in session.execute(select(Task, status_on(day))):
        assert Status(in_sql) is task.status_on(day)


def test_a_list_is_filtered_by_status(session: Session, desk: Desk) -> None:
    late, soon = desk.assigned(deadline_on=date(2024, 8, 16)), desk.assigned(deadline_on=date(2024, 8, 20))
    overdue = select(Task.id).where(status_on(date(2024, 8, 17)) == Status.OVERDUE)
    assert session.scalars(overdue).all() == [late.id]
    due_soon = select(Task.id).where(status_on(date(2024, 8, 17)) == Status.DUE_SOON)
    assert session.scalars(due_soon).all() == [soon.id]


def test_counts_by_status_are_of_the_tasks_an_actor_sees(session: Session, desk: Desk) -> None:
    desk.assigned(deadline_on=date(2024, 8, 16))
    desk.assigned(deadline_on=date(2024, 8, 10), cooperating=[desk.other])
    desk.draft()
    day = date(2024, 8, 17)
    assert counts_by_status(session, desk.actor(), day) == {Status.OVERDUE: 2, Status.DRAFT: 1}
    assert counts_by_status(session, desk.actor(desk.other), day) == {Status.OVERDUE: 1}


def test_the_open_tasks_of_a_unit_come_most_urgent_first(session: Session, desk: Desk) -> None:
    standing = desk.assigned(standing=True, deadline_kind="none", deadline_on=None)
    later, sooner = desk.assigned(deadline_on=date(2024, 8, 20)), desk.assigned(deadline_on=date(2024, 8, 16))
    desk.draft()
    desk.assigned(lead_unit=desk.other, cooperating=[desk.lead])
    done = desk.assigned()
    done.completed_on, done.evidence = date(2024, 8, 2), "120/BC-STTTT"
    session.flush()
    assert open_tasks(session, desk.actor(), 20) == [sooner, later, standing]
    assert open_tasks(session, desk.actor(), 1) == [sooner]
    assert open_tasks(session, NOBODY, 20) == []


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_undated_tasks_come_last_on_both_databases(desk_on: Desk, direction: str) -> None:
    desk_on.assigned(standing=True, deadline_kind="none", deadline_on=None)
    days = [date(2024, 8, 20), date(2024, 8, 16)]
    for day in days:
        desk_on.assigned(deadline_kind="by", deadline_on=day)
    session = desk_on.session
    ordered = TaskData(Task, session).apply_order_by(session.query(Task), "due_on", direction)
    assert [task.due_on for task in ordered] == [*sorted(days, reverse=direction == "desc"), None]


@pytest.mark.parametrize("day", DAYS)
def test_silence_in_sql_is_silence_of_the_rules(session: Session, desk: Desk, day: date) -> None:
    desk.draft()
    desk.assigned()
    heard = desk.assigned()
    note_progress(session, desk.actor(), heard.id, version=0, text="Tuần này", at=datetime(2024, 8, 6, 17, tzinfo=UTC))
    done = desk.assigned()
    done.completed_on, done.evidence = date(2024, 8, 2), "120/BC-STTTT"
    session.flush()
    for task, in_sql in session.execute(select(Task, stale_on(day))):
        assert bool(in_sql) is is_task_stale(session, task, day)
