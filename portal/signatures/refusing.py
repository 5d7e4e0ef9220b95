"""Sending a document back unsigned: its number becomes void, and its line in the register says why.

Source: Decree 30/2020, articles 13 and 15: nobody signs what he cannot answer for, and no number is used twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal import audit
from portal.documents import linking, numbering
from portal.documents.keeping import said
from portal.documents.models import LONGEST_REASON, SENT_BACK
from portal.security import today
from portal.signatures.service import turn_of
from portal.signatures.turns import registrars_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument
    from portal.security import Actor


@dataclass(frozen=True)
class Back:
    """What somebody sends back.

    Attributes:
        document_id: which document; he may see it.
        slot_id: which of its signatures he was to give.
        seen: SHA-256 of the file that he looked at.
    """

    document_id: int
    slot_id: int
    seen: str


TELL: dict[str, Callable[[Session, OfficialDocument, Collection[int]], None]] = {}
"""Port: room → tells whoever handed in what a document was made of, and these accounts besides; filled by `app`."""


def send_back(session: Session, actor: Actor, back: Back, *, reason: str) -> OfficialDocument:
    """Send a document back instead of signing it, for good.

    Args:
        session: the caller's transaction.
        actor: the person whose signature it waits for.
        back: what he sends back.
        reason: why; it stands in the register.

    Raises:
        Refusal: `reason_required`; `not_found`, `already_signed`, `not_your_signature`, `not_awaiting`;
            `seal_not_sent_back`; `stale_version`, the file is another one by now; or as a text is refused.
    """
    why = said(reason, "reason_required", LONGEST_REASON)
    numbering.hold_log(session)
    document, turn = turn_of(session, actor, back.document_id, back.slot_id)
    if turn.slot.is_seal:
        raise Refusal("seal_not_sent_back")
    if document.file is None or document.file.sha256 != back.seen:
        raise Refusal("stale_version", {"seen": back.seen})
    document.status = SENT_BACK
    session.flush()
    numbering.give_up(session, actor, document, why)
    linking.lapse(session, document)
    details = {"number": document.number, "symbol": document.symbol, "reason": why, "sha256": back.seen}
    audit.record(
        session,
        actor=actor.username,
        action="document_sent_back",
        kind="official_document",
        key=document.id,
        details=details,
    )
    told = set(session.scalars(registrars_of([document.issuer_id], today()))) - {actor.user_id}
    for tell in TELL.values():
        tell(session, document, told)
    return document
