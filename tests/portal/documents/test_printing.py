"""Rendering is a job that may fail and be repeated; the number stays, and a repeated job does no harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import jobs
from portal.audit import AuditEntry
from portal.documents import service as documents
from portal.documents.job import Limits, RenderFailed
from portal.documents.models import OfficialDocument
from portal.documents.printing import Printer
from portal.documents.words import failure
from portal.files import FileStore, StoredFile
from portal.jobs import HopelessError, Job
from tests.portal.province import FEBRUARY
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.province import Province

TOO_FEW_PAGES = Limits(pages=0)


def the_document(province: Province) -> OfficialDocument:
    return province.session.scalars(select(OfficialDocument).order_by(OfficialDocument.id).limit(1)).one()


@pytest.fixture
def payload(province: Province) -> dict[str, int]:
    """What the job of an issued document says."""
    province.approved()
    province.session.commit()
    return {"document_id": the_document(province).id}


def test_the_job_gives_a_document_its_pdf(province: Province, payload: dict[str, int], tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    Printer(store, Limits()).print_document(province.session, payload)
    document = the_document(province)
    assert document.file is not None
    assert (document.status, document.error, document.file.kind) == ("awaiting_signature", None, "pdf")
    assert document.pages
    assert [(place["name"], place["page"]) for place in document.places] == [("signature", document.pages)]
    assert store.read(document.file.sha256).startswith(b"%PDF-")
    written = select(AuditEntry.action).where(AuditEntry.object_kind == "official_document").order_by(AuditEntry.seq)
    assert list(province.session.scalars(written)) == ["document_issued", "document_rendered"]


def test_the_job_done_twice_leaves_the_pdf_alone(province: Province, payload: dict[str, int], tmp_path: Path) -> None:
    printer = Printer(FileStore(tmp_path), Limits())
    for _ in range(2):
        printer.print_document(province.session, payload)
        province.session.commit()
    assert len(province.session.scalars(select(StoredFile)).all()) == 1
    rendered = select(AuditEntry).where(AuditEntry.action == "document_rendered")
    assert len(province.session.scalars(rendered).all()) == 1


def test_a_failed_rendering_burns_no_number(province: Province, payload: dict[str, int], tmp_path: Path) -> None:
    with pytest.raises(HopelessError):
        Printer(FileStore(tmp_path), TOO_FEW_PAGES).print_document(province.session, payload)
    province.session.rollback()
    province.approved(FEBRUARY)
    numbers = select(OfficialDocument.number).order_by(OfficialDocument.id)
    assert list(province.session.scalars(numbers)) == [1, 2]
    assert the_document(province).status == "rendering"


def test_what_a_quieter_moment_may_mend_is_tried_again(
    province: Province, payload: dict[str, int], tmp_path: Path
) -> None:
    with pytest.raises(RenderFailed):
        Printer(FileStore(tmp_path), Limits(wall_seconds=0)).print_document(province.session, payload)


def test_a_rendering_given_up_can_be_repeated_under_the_same_number(
    province: Province, payload: dict[str, int], tmp_path: Path
) -> None:
    printer = Printer(FileStore(tmp_path), TOO_FEW_PAGES)
    with pytest.raises(HopelessError) as failed:
        printer.print_document(province.session, payload)
    printer.give_up(province.session, payload, str(failed.value))
    document = the_document(province)
    assert (document.status, failure(document.error)[0]) == ("failed", "too_many_pages")
    documents.render_again(province.session, province.actor("registrar"), document)
    province.session.commit()
    assert (document.status, document.error, document.number) == ("rendering", None, 1)
    owed = province.session.scalars(select(Job).order_by(Job.id)).all()
    assert [job.payload for job in owed] == [payload, payload]
    Printer(FileStore(tmp_path), Limits()).print_document(province.session, payload)
    assert (document.status, document.number) == ("awaiting_signature", 1)


def test_a_document_that_has_not_failed_is_not_rendered_again(province: Province, payload: dict[str, int]) -> None:
    with pytest.raises(Refusal) as refused:
        documents.render_again(province.session, province.actor("registrar"), the_document(province))
    assert refused.value.code == "not_failed"
    assert len(province.session.scalars(select(Job)).all()) == 1


def test_giving_up_does_not_undo_a_pdf_that_was_made_meanwhile(
    province: Province, payload: dict[str, int], tmp_path: Path
) -> None:
    printer = Printer(FileStore(tmp_path), Limits())
    printer.print_document(province.session, payload)
    printer.give_up(province.session, payload, "timed_out: 60 s")
    assert (the_document(province).status, the_document(province).error) == ("awaiting_signature", None)


def test_the_reason_why_there_is_no_pdf_is_a_word_and_never_a_traceback() -> None:
    assert failure("letter_missing: 𞤀 U+1E900")[0] == "letter_missing"
    assert failure("Traceback (most recent call last): …")[0] == "unexpected"
    assert failure(None)[0] == "unexpected"


def test_the_queue_knows_the_job_of_a_document(province: Province, payload: dict[str, int]) -> None:
    assert documents.RENDER == "render_document"
    held = jobs.claim(province.session, lease_seconds=60)
    assert held is not None
    assert (held.kind, held.payload) == (documents.RENDER, payload)
