"""Whether whoever signs may on this very day: by his post and what he was given, and a seal over valid signatures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.documents.authority import Paper, refusal_of
from portal.documents.slots import COSIGNATURE, PERSONAL, SignatureSlot
from portal.signatures.models import DocumentSignature
from portal.units import service as units
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument
    from portal.signatures.examining import Examination, SignatureReport


def refuse_unentitled(session: Session, slot: SignatureSlot, user_id: int, day: date) -> None:
    """See that a person may sign on a day (Decree 30/2020, article 13).

    Args:
        session: any transaction.
        slot: his signature.
        user_id: his account.
        day: of signing.

    Raises:
        Refusal: `post_left`; as `authority.signature`, what he was given to sign does not reach to that day.
    """
    if slot.place == COSIGNATURE and slot.post_id is None:
        return  # the secretary of a meeting has no post for it
    held = [each.post_id for each in units.postings(session, user_id, day)]
    posts = held if slot.post_id is None else [each for each in held if each == slot.post_id]
    if not posts:
        post = slot.post.title if slot.post else {"vi": "", "en": ""}
        raise Refusal("post_left", {"name": slot.name, "post": post, "unit": slot.unit.name})
    refusals = [refusal_of(session, _paper(slot, day), user_id, post) for post in posts]
    if all(refusals) and refusals[0]:
        raise refusals[0]


def _paper(slot: SignatureSlot, day: date) -> Paper:
    template = slot.document.template
    return Paper(slot.unit, template.body["metadata"]["type"], template.key, day, slot.of_head)


def refuse_unsigned(session: Session, document: OfficialDocument, found: Examination) -> None:
    """See that every personal signature of a document holds, before it is sealed (Decree 30/2020, article 32.2.d).

    Args:
        session: any transaction.
        document: which.
        found: what its file says of itself.

    Raises:
        Refusal: `seal_before_signature`, somebody has not signed; `signature_not_valid`, with whose it is and why.
    """
    slots = select(SignatureSlot).where(SignatureSlot.document_id == document.id, SignatureSlot.place.in_(PERSONAL))
    rows = select(DocumentSignature).where(DocumentSignature.document_id == document.id)
    given = {row.slot_id: row for row in session.scalars(rows)}
    reports = {each.certificate_sha256: each for each in found.signatures}
    for slot in session.scalars(slots):
        row = given.get(slot.id)
        if row is None:
            raise Refusal("seal_before_signature", {"name": slot.name})
        if why := _fault(row, reports.get(row.certificate.sha256), found):
            raise Refusal("signature_not_valid", {"name": slot.name, "why": why})


def _fault(row: DocumentSignature, report: SignatureReport | None, found: Examination) -> str:
    """What is wrong with a signature that was given; empty where nothing is."""
    if report is None:
        return found.unreadable or "signature_missing"
    if not report.valid:
        return report.problem
    revoked = row.certificate.revoked_at
    is_proven = revoked and report.timestamped and report.signed_at and report.signed_at < revoked
    return "certificate_revoked" if revoked and not is_proven else ""
