"""What must hold before a task, a source document or a clarity profile is written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from portal.tasks.models import ClarityProfile, SourceDocument
from portal.tasks.service import settle_profile, settle_source, settle_task
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Desk


def test_a_task_of_another_unit_is_not_written(session: Session, desk: Desk) -> None:
    task = desk.draft(cooperating=[desk.other])
    with pytest.raises(Refusal, match="not_lead_unit"):
        settle_task(session, desk.actor(desk.other), task)


def test_the_lead_is_neither_taken_nor_pushed_away(session: Session, desk: Desk) -> None:
    task = desk.draft()
    with session.no_autoflush:
        task.lead_unit = desk.other
        for unit in (desk.lead, desk.other):
            with pytest.raises(Refusal, match="not_lead_unit"):
                settle_task(session, desk.actor(unit), task)
        settle_task(session, desk.overseer, task)


def test_each_edit_moves_the_version_on(session: Session, desk: Desk) -> None:
    task = desk.draft()
    assert task.version == 0
    settle_task(session, desk.actor(), task)
    assert task.version == 1


def test_an_assigned_task_keeps_its_facets(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    task.product = None
    with pytest.raises(Refusal, match="facets_missing"):
        settle_task(session, desk.actor(), task)


def test_a_completed_task_is_closed(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    task.completed_on, task.evidence = date(2024, 8, 15), "120/BC-STTTT"
    with pytest.raises(Refusal, match="task_completed"):
        settle_task(session, desk.actor(), task)


@pytest.mark.parametrize(("kind", "day"), [("by", None), ("none", date(2024, 8, 16)), ("recurring", date(2024, 8, 16))])
def test_a_kind_of_deadline_and_its_day_fit_together(session: Session, desk: Desk, kind: str, day: date | None) -> None:
    task = desk.draft()
    task.deadline_kind, task.deadline_on = kind, day
    with session.no_autoflush, pytest.raises(Refusal, match="deadline_day"):
        settle_task(session, desk.actor(), task)


def test_the_unit_in_the_lead_does_not_help_itself(desk: Desk) -> None:
    with pytest.raises(Refusal, match="lead_helps_itself"):
        desk.draft(cooperating=[desk.lead])


def test_a_source_is_found_by_its_number(session: Session, desk: Desk) -> None:
    source = SourceDocument(
        symbol="2568/QĐ-BTTTT",
        issuer="Bộ Thông tin và Truyền thông",
        year=2023,
        issued_on=date(2023, 12, 29),
        subject="Khung Kiến trúc Chính phủ điện tử",
    )
    settle_source(session, desk.actor(), source)
    assert "2568/qd-btttt bo thong tin" in source.search


def test_a_source_is_numbered_in_the_year_of_its_date(session: Session, desk: Desk) -> None:
    source = SourceDocument(symbol="766/QĐ-TTg", issuer="Thủ tướng Chính phủ", year=2023, subject="Bộ chỉ số")
    source.issued_on = date(2022, 6, 23)
    with pytest.raises(Refusal, match="source_year_differs"):
        settle_source(session, desk.actor(), source)


@pytest.mark.parametrize("facets", [[], ["nguoi", "nguoi"], ["nguoi", "ro_rang"]])
def test_a_profile_names_known_facets_once(session: Session, desk: Desk, facets: list[str]) -> None:
    profile = ClarityProfile(code="x", name_vi="x", name_en="x", facets=facets)
    with pytest.raises(Refusal, match="bad_facets"):
        settle_profile(session, desk.actor(), profile)
