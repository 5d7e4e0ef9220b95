"""What copies are made of: an issued document of the portal, or something that arrived; and when none is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.documents import linking
from portal.documents.columns import day_text
from portal.documents.models import LONGEST_TITLE
from portal.documents.rules import COPY_NAMES
from portal.documents.service import content_of
from portal.sequels import rules
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument
    from portal.incoming.models import IncomingDocument

PDF = "pdf"


@dataclass(frozen=True)
class Source:
    """What is copied: one of both.

    Attributes:
        document: of the portal.
        incoming: that arrived.
    """

    document: OfficialDocument | None = None
    incoming: IncomingDocument | None = None

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of copies that are made of it."""
        return rules.OF_DOCUMENT if self.document else rules.OF_ARRIVAL

    @property
    def file_id(self) -> int | None:
        """The file that is copied."""
        given = self.document or self.incoming
        return given.file_id if given else None

    def words(self, session: Session) -> str:
        """Type, number, date and subject."""
        if self.document:
            line = linking.line_of(session, self.document.id)
            return f"{line.title} (số {line}, ngày {day_text(line.dated_on)})"
        return f"{self.incoming.document}: {self.incoming.subject}" if self.incoming else ""

    def title(self, session: Session, form: str) -> str:
        """Column 3 of the register: the form of the copy, and of what."""
        return f"{COPY_NAMES[form]} {self.words(session)}"[:LONGEST_TITLE]


def refuse(session: Session, source: Source, unit_id: int) -> None:
    """See that a unit may copy something (Decree 30/2020, articles 25 to 27).

    Args:
        session: any transaction.
        source: what.
        unit_id: who copies.

    Raises:
        Refusal: `copy_unreleased`, `copy_recalled`, `copy_restricted`, `copy_not_received`, `copy_without_scan`,
            `copy_scan_not_pdf`, `arrival_void`.
    """
    if source.document:
        _refuse_document(session, source.document, unit_id)
    elif source.incoming:
        _refuse_arrival(source.incoming, unit_id)


def _refuse_document(session: Session, document: OfficialDocument, unit_id: int) -> None:
    if not rules.is_original(document.status, has_file=document.file_id is not None):
        raise Refusal("copy_unreleased", {"symbol": str(document)})
    if linking.is_recalled(session, document.id):
        raise Refusal("copy_recalled", {"symbol": str(document)})
    if content_of(document)["circulation"] and unit_id != document.issuer_id:
        raise Refusal("copy_restricted", {"issuer": document.issuer.name})


def _refuse_arrival(incoming: IncomingDocument, unit_id: int) -> None:
    if incoming.void_reason is not None:
        raise Refusal("arrival_void")
    if unit_id != incoming.unit_id:
        raise Refusal("copy_not_received", {"unit": incoming.unit.name})
    if incoming.file is None:
        raise Refusal("copy_without_scan")
    if incoming.file.kind != PDF:
        raise Refusal("copy_scan_not_pdf")
