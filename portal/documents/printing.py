"""The job that renders an issued document: outside any write, then one short write with the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal import audit
from portal.db import reading
from portal.documents.attached import attached_data
from portal.documents.job import Limits, RenderFailed, RenderJob, RenderResult
from portal.documents.models import AWAITING_SIGNATURE, FAILED, RENDERING, OfficialDocument
from portal.documents.rendering import Press, render
from portal.documents.rules import file_name
from portal.documents.service import content_of
from portal.files import FileStore, keep
from portal.jobs import HopelessError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


MAY_PASS = frozenset({"crashed", "timed_out", "out_of_memory", "cpu_exhausted"})
"""Failures that a second try may not meet; all others come from template or content."""


def job_of(document: OfficialDocument, limits: Limits) -> RenderJob:
    """What the render child needs for a document: its pinned template and its frozen data."""
    body, content = document.template.body, content_of(document)
    return RenderJob(
        template=body["template"],
        data=content,
        blocks=body["blocks"],
        styles=(*body["block_styles"], body["style"]),
        limits=limits,
        attached=attached_data(document, content) if body["metadata"].get("data_attached") else None,
    )


def _rendered(job: RenderJob, press: Press) -> RenderResult:
    """Render, and say at once when trying again would not help.

    Raises:
        RenderFailed: this time; the machine may have been busy.
        HopelessError: template or content are at fault.
    """
    try:
        return render(job, press)
    except RenderFailed as failure:
        if failure.code in MAY_PASS:
            raise
        raise HopelessError(str(failure)) from failure


class Printer:
    """Renders documents into a file store within limits.

    Attributes:
        store: where PDFs are kept under their hash.
        limits: what one document may use.
        press: starts with the first document, and is warm for the next.
    """

    def __init__(self, store: FileStore, limits: Limits) -> None:
        self.store = store
        self.limits = limits
        self.press = Press()

    def print_document(self, session: Session, payload: dict[str, Any]) -> None:
        """Do the job; a document that has its PDF is left alone, so that a repeated job does no harm.

        Raises:
            RenderFailed: there is no PDF; the job is tried again later.
            HopelessError: there is none and there will be none; an operator must look.
        """
        with reading(session):
            document = session.get_one(OfficialDocument, payload["document_id"])
            job = None if document.file_id else job_of(document, self.limits)
        if job is None:
            return
        result = _rendered(job, self.press)
        document = session.get_one(OfficialDocument, payload["document_id"])
        name = file_name(document.number, document.symbol, document.year)
        file = keep(session, self.store, result.pdf, name, None)
        document.file_id, document.pages, document.error = file.id, result.pages, None
        document.places = [place._asdict() for place in result.places]
        document.status = AWAITING_SIGNATURE
        details = {"sha256": file.sha256, "pages": result.pages, "isolated": result.isolated}
        audit.record(
            session,
            actor="system",
            action="document_rendered",
            kind="official_document",
            key=document.id,
            details=details,
        )

    def give_up(self, session: Session, payload: dict[str, Any], error: str) -> None:
        """Show an operator that a document could not be rendered; its number is kept."""
        document = session.get_one(OfficialDocument, payload["document_id"])
        if document.status == RENDERING:
            document.status, document.error = FAILED, error
