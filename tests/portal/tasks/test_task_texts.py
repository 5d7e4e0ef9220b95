"""Whatever is typed into a task is kept alike on both databases: clean, and no longer than its column."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.tasks.service import complete, note_progress, notes_of, reopen, settle_profile, settle_source, settle_task
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Desk

AT = datetime(2024, 8, 6, 2, tzinfo=UTC)
HIDDEN = "\u202e 120/BC\u200b-STTTT\x00 "
GROWS = "\u0958"
"""One character that has two in composed form."""

LIGATURE = "\ufb03"
"""One character, three in the key by which it is found."""


@pytest.fixture
def session(both: Session) -> Session:
    """Every test here runs on each kind of database."""
    return both


def test_evidence_fits_or_is_refused(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    with pytest.raises(Refusal) as refused:
        complete(session, desk.actor(), task.id, version=0, evidence="ă" * 501, at=AT)
    assert (refused.value.code, refused.value.params) == ("text_too_long", {"length": 501, "max": 500})
    session.refresh(task)
    done = complete(session, desk.actor(), task.id, version=1, evidence="a\u0306" * 500, at=AT)
    assert done.evidence == "ă" * 500


def test_notes_and_reasons_fit_or_are_refused(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    with pytest.raises(Refusal, match="text_too_long"):
        note_progress(session, desk.actor(), task.id, version=0, text="x" * 4001, at=AT)
    note_progress(session, desk.actor(), task.id, version=1, text="x" * 4000, at=AT)
    complete(session, desk.actor(), task.id, version=2, evidence="120/BC-STTTT", at=AT)
    with pytest.raises(Refusal, match="text_too_long"):
        reopen(session, desk.actor(), task.id, version=3, reason="x" * 4001)


def test_what_has_no_visible_form_is_not_kept(session: Session, desk: Desk) -> None:
    task = desk.assigned()
    note_progress(session, desk.actor(), task.id, version=0, text=HIDDEN, at=AT)
    assert notes_of(session, task)[0].note == "120/BC-STTTT"
    assert complete(session, desk.actor(), task.id, version=1, evidence=HIDDEN, at=AT).evidence == "120/BC-STTTT"


def test_what_has_no_visible_form_is_no_evidence(session: Session, desk: Desk) -> None:
    with pytest.raises(Refusal, match="evidence_required"):
        complete(session, desk.actor(), desk.assigned().id, version=0, evidence="\u200b\x00", at=AT)


def test_texts_of_a_task_are_measured_in_composed_form(session: Session, desk: Desk) -> None:
    task = desk.draft(product=GROWS * 250, authority="\u200b", title=f"{HIDDEN}{LIGATURE * 480}", objective="1 ")
    session.expire(task)
    assert (len(task.product or ""), task.authority, task.objective) == (500, None, "1")
    assert task.title.startswith("120/BC-STTTT")
    assert len(task.search) == 1200
    with pytest.raises(Refusal, match="text_too_long"):
        desk.draft(product=GROWS * 251)


@pytest.mark.parametrize("title", ["", " ", "\u200b", "\ud800"])
def test_a_title_says_something(desk: Desk, title: str) -> None:
    with pytest.raises(Refusal, match="text_missing"):
        desk.draft(title=title)


def test_texts_of_sources_and_profiles_are_kept_alike(session: Session, desk: Desk) -> None:
    source = SourceDocument(symbol=HIDDEN, issuer=LIGATURE * 200, year=2024, subject=LIGATURE * 500)
    settle_source(session, desk.actor(), source)
    session.add(source)
    session.flush()
    assert (source.symbol, len(source.search)) == ("120/BC-STTTT", 900)
    profile = ClarityProfile(code="x", name_vi=GROWS * 101, name_en="x", facets=["nguoi"])
    with pytest.raises(Refusal, match="text_too_long"):
        settle_profile(session, desk.actor(), profile)


def test_a_refused_text_leaves_the_task_as_it_was(session: Session, desk: Desk) -> None:
    task = desk.draft()
    session.commit()
    task.product = GROWS * 251
    with session.no_autoflush, pytest.raises(Refusal, match="text_too_long"):
        settle_task(session, desk.actor(), task)
    session.rollback()
    assert session.get_one(Task, task.id).product == "Báo cáo của đơn vị"
