"""Assigning a task: refused with what it misses, by those who may not, and from an old page."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.tasks.service import WORK, assign
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Desk

NOW = datetime(2024, 8, 1, 1, tzinfo=UTC)


def test_a_clear_task_is_assigned_and_the_log_says_so(session: Session, desk: Desk) -> None:
    task = assign(session, desk.actor(), desk.draft().id, version=0, at=NOW)
    assert task.assigned_at == NOW
    assert task.version == 1
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor, entry.action, entry.object_kind) == ("clerk", "task_assigned", "task")
    assert json.loads(entry.details) == {"unit": "STTTT", "due_on": "2024-08-15"}


def test_a_task_without_a_product_is_refused_under_seven_and_assigned_under_five(session: Session, desk: Desk) -> None:
    unclear = desk.draft(product=None)
    with pytest.raises(Refusal) as refused:
        assign(session, desk.actor(), unclear.id, version=0, at=NOW)
    assert refused.value.code == "facets_missing"
    assert refused.value.params == {"facets": ["san_pham"], "profile": "7-ro"}
    under_five = desk.draft(product=None, objective=None, profile=desk.five)
    assert assign(session, desk.actor(), under_five.id, version=0, at=NOW).assigned_at == NOW


def test_a_leader_whose_account_is_closed_is_nobody(session: Session, desk: Desk) -> None:
    task = desk.draft()
    desk.leader.active = False
    with pytest.raises(Refusal) as refused:
        assign(session, desk.actor(), task.id, version=0, at=NOW)
    assert refused.value.params["facets"] == ["nguoi"]


def test_a_task_is_assigned_once(session: Session, desk: Desk) -> None:
    task = assign(session, desk.actor(), desk.draft().id, version=0, at=NOW)
    with pytest.raises(Refusal, match="already_assigned"):
        assign(session, desk.actor(), task.id, version=1, at=NOW)


def test_an_old_page_is_refused(session: Session, desk: Desk) -> None:
    task = assign(session, desk.actor(), desk.draft().id, version=0, at=NOW)
    with pytest.raises(Refusal, match="stale_version"):
        assign(session, desk.actor(), task.id, version=0, at=NOW)


def test_the_overseer_assigns_to_any_unit(session: Session, desk: Desk) -> None:
    assert assign(session, desk.overseer, desk.draft().id, version=0, at=NOW).assigned_at == NOW


def test_an_outsider_does_not_find_the_task(session: Session, desk: Desk) -> None:
    with pytest.raises(Refusal, match="no_such_task"):
        assign(session, desk.actor(desk.other), desk.draft().id, version=0, at=NOW)


def test_seeing_is_not_assigning(session: Session, desk: Desk) -> None:
    task = desk.draft(cooperating=[desk.other])
    for actor in (desk.actor(desk.other, WORK), desk.auditor, desk.actor(desk.lead, ("can_show", "TaskView"))):
        with pytest.raises(Refusal, match="not_lead_unit"):
            assign(session, actor, task.id, version=0, at=NOW)
    assert session.scalars(select(AuditEntry)).all() == []


def test_the_deadline_of_an_assigned_task_is_its_last_valid_day(desk: Desk) -> None:
    assert desk.draft(deadline_kind="before", deadline_on=date(2024, 8, 16)).due_on == date(2024, 8, 15)
