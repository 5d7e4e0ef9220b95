"""Printing a document that nobody signed anew, on a later version of its template; number, text and data stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from portal import audit, jobs
from portal.definitions.models import PUBLISHED, Definition
from portal.documents.faults import code_of
from portal.documents.models import AWAITING_SIGNATURE, FAILED, LONGEST_REASON, RENDERING, OfficialDocument
from portal.documents.service import RENDER
from portal.texts import kept
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from portal.security import Actor

SIGNED: dict[str, Callable[[Session, int], bool]] = {}
"""Port: room → whether somebody has signed the document with this key, or is about to; filled by `app`."""

UNSIGNED = (FAILED, AWAITING_SIGNATURE)
"""States in which nobody has signed, as far as the state says so."""


@dataclass(frozen=True)
class Seen:
    """What the page showed: the state, and the version of the template that it was printed on."""

    status: str
    version: int


def later_versions(session: Session, document: OfficialDocument) -> list[Definition]:
    """Versions of its template that a document can be printed on instead, the newest first.

    They make documents of the same type, which number and symbol are of.

    Args:
        session: any transaction.
        document: whichever; one that is signed, or being printed, has none.
    """
    if not _is_unsigned(session, document):
        return []
    mine = document.template
    later = (Definition.kind == mine.kind, Definition.key == mine.key, Definition.version > mine.version)
    found = session.scalars(select(Definition).where(*later, Definition.status == PUBLISHED))
    kind = mine.body["metadata"]["type"]
    alike = (each for each in found if each.body["metadata"]["type"] == kind)
    return sorted(alike, key=lambda each: -each.version)


def make_anew(
    session: Session, actor: Actor, document: OfficialDocument, version: int | None, *, reason: str, seen: Seen
) -> None:
    """Have a document printed on a later version of its template, under its number and with its text.

    Args:
        session: the transaction; the caller commits.
        actor: the operator.
        document: that failed, or that nobody signed yet.
        version: of the template.
        reason: why.
        seen: what the actor's page showed.

    Raises:
        Refusal: `document_signed`; `document_moved_on`, it is another state or version by now; `no_later_version`;
            `remake_reason`, none was given; `text_too_long`.
    """
    why = kept(reason, LONGEST_REASON)
    if not why:
        raise Refusal("remake_reason")
    if (document.status, document.template.version) != (seen.status, seen.version) or seen.status == RENDERING:
        raise Refusal("document_moved_on")
    if not _is_unsigned(session, document):
        raise Refusal("document_signed")
    template = next((each for each in later_versions(session, document) if each.version == version), None)
    if template is None:
        raise Refusal("no_later_version")
    details = {**_before(document), "to_version": template.version, "reason": why}
    _take_back(session, document, template.id)
    audit.record(
        session,
        actor=actor.username,
        action="document_made_anew",
        kind="official_document",
        key=document.id,
        details=details,
    )
    jobs.enqueue(session, RENDER, document_id=document.id)


def _is_unsigned(session: Session, document: OfficialDocument) -> bool:
    return document.status in UNSIGNED and not any(signed(session, document.id) for signed in SIGNED.values())


def _before(document: OfficialDocument) -> dict[str, Any]:
    """What the record keeps of the printing that is replaced; its file stays in the store under its hash."""
    return {
        "number": document.number,
        "symbol": document.symbol,
        "from_version": document.template.version,
        "status": document.status,
        "error": code_of(document.error) or None,
        "sha256": document.file.sha256 if document.file else None,
        "pages": document.pages,
    }


def _take_back(session: Session, document: OfficialDocument, template_id: int) -> None:
    """Change the row if it is still as it was read, so that of two at once, or of one who signs meanwhile, one wins."""
    still = (OfficialDocument.id == document.id, OfficialDocument.status == document.status)
    same = (
        OfficialDocument.template_id == document.template_id,
        OfficialDocument.file_id.is_not_distinct_from(document.file_id),
    )
    unprinted: dict[str, Any] = {"file_id": None, "pages": None, "places": [], "error": None}
    anew = update(OfficialDocument).where(*still, *same).values(template_id=template_id, status=RENDERING, **unprinted)
    if session.execute(anew.returning(OfficialDocument.id)).first() is None:
        raise Refusal("document_moved_on")
    session.refresh(document)
