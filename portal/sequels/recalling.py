"""Taking an issued document back: its issuer decides, each unit that got it says that it cancelled or returned it.

Source: Decree 30/2020, articles 18.3 and 18.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Select, false, or_, select, true, update

from portal import audit
from portal.db import utc_now
from portal.documents import linking
from portal.documents.keeping import may_keep, refuse_other_keeper
from portal.documents.links import RECALLED, RECALLS, DocumentLink
from portal.documents.models import RegisterEntry
from portal.documents.numbering import hold_log
from portal.incoming.service import HANDLE
from portal.sequels import rules
from portal.sequels.models import RecallNotice
from portal.units.models import Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument
    from portal.security import Actor

DECIDERS = frozenset({"head", "deputy"})
"""Who recalls a document of his unit: its head, or a deputy in his stead."""

CANCELLED, RETURNED, NOT_RECEIVED = "cancelled", "returned", "not_received"
HOW = (CANCELLED, RETURNED, NOT_RECEIVED)
"""What a unit says of what it got (article 18.4)."""


def scope(actor: Actor) -> ColumnElement[bool]:
    """Notices to the actor's own units, and those of documents that his units issued."""
    if actor.sees_everything:
        return true()
    if not actor.user_id:
        return false()
    issued = select(DocumentLink.id).join(RegisterEntry, RegisterEntry.id == DocumentLink.earlier_id)
    ours = RecallNotice.link_id.in_(issued.where(RegisterEntry.issuer_id.in_(actor.own_units)))
    return or_(RecallNotice.unit_id.in_(actor.own_units), ours)


def may_recall(actor: Actor, document: OfficialDocument) -> bool:
    """Whether somebody may recall a document: head or deputy of its issuer, after its release and before its end."""
    decides = any(each.unit_id == document.issuer_id and each.post_kind in DECIDERS for each in actor.postings)
    is_out = rules.is_original(document.status, has_file=document.file_id is not None)
    return decides and is_out and document.fate not in linking.ENDS.values()


def refuse_others(actor: Actor, document: OfficialDocument) -> None:
    """See that somebody may recall a document; that it has ended already, the verb says itself.

    Raises:
        Refusal: `not_permitted`.
    """
    if document.fate not in linking.ENDS.values() and not may_recall(actor, document):
        raise Refusal("not_permitted")


def recall(
    session: Session, actor: Actor, document: OfficialDocument, *, reason: str, unit_ids: Collection[int]
) -> DocumentLink:
    """Recall a document; its number stays used, and the document stays readable for its issuer.

    Args:
        session: the caller's transaction.
        actor: head or deputy of the issuer.
        document: which one.
        reason: why.
        unit_ids: the units of the portal that got it and are told.

    Raises:
        Refusal: `not_permitted`, `no_such_unit`, or as `linking.follow`.
    """
    refuse_others(actor, document)
    link = linking.follow(session, actor, RECALLS, None, linking.line_of(session, document.id), reason=reason)
    _notify(session, link, document, unit_ids)
    return link


def _notify(
    session: Session, link: DocumentLink, document: OfficialDocument, unit_ids: Collection[int]
) -> list[RecallNotice]:
    """One notice to each unit; the issuer knows it himself."""
    told = session.scalars(select(Unit.id).where(Unit.id.in_(unit_ids), Unit.id != document.issuer_id)).all()
    if set(told) != set(unit_ids) - {document.issuer_id}:
        raise Refusal("no_such_unit")
    notices = [RecallNotice(link_id=link.id, unit_id=unit_id) for unit_id in sorted(told)]
    session.add_all(notices)
    session.flush()
    return notices


def may_tell(actor: Actor, document: OfficialDocument) -> bool:
    """Whether somebody tells units of the recall of a document: the registrar of its issuer, once it is recalled."""
    return may_keep(actor, document.issuer_id) and document.fate == RECALLED


def tell(
    session: Session, actor: Actor, document: OfficialDocument, unit_ids: Collection[int]
) -> Sequence[RecallNotice]:
    """Tell units of the recall of a document that was said by a letter, or that they were not told of before.

    Args:
        session: the caller's transaction.
        actor: the registrar of the issuer.
        document: which one.
        unit_ids: the units of the portal that got it; those that were told already are left out.

    Raises:
        Refusal: `not_permitted`, `not_recalled`, `nobody_told`, `no_such_unit`.
    """
    refuse_other_keeper(actor, document.issuer_id)
    hold_log(session)  # so that two who tell the same unit come one after the other
    link = session.scalar(recall_of(document.id))
    if link is None:
        raise Refusal("not_recalled")
    told = set(session.scalars(select(RecallNotice.unit_id).where(RecallNotice.link_id == link.id)))
    notices = _notify(session, link, document, set(unit_ids) - told)
    if not notices:
        raise Refusal("nobody_told")
    details = {"document": str(document), "units": [each.unit.code for each in notices]}
    audit.record(
        session, actor=actor.username, action="recall_told", kind="document_link", key=link.id, details=details
    )
    return notices


def recall_of(document_id: int) -> Select[DocumentLink]:
    """The recall of a document that holds, which is one at most."""
    mine = (
        DocumentLink.kind == RECALLS,
        DocumentLink.lapsed_at.is_(None),
        RegisterEntry.document_id == document_id,
    )
    return select(DocumentLink).join(DocumentLink.earlier).where(*mine)


def acknowledge(session: Session, actor: Actor, notice_id: int, how: str) -> RecallNotice:
    """Say for a unit what became of the recalled document there; said once.

    Args:
        session: the caller's transaction.
        actor: somebody of the unit who deals with what arrives.
        notice_id: which notice.
        how: one of `HOW`.

    Raises:
        Refusal: `not_found`, `not_permitted`, `recall_how`, `recall_acknowledged`.
    """
    notice = session.scalar(select(RecallNotice).where(RecallNotice.id == notice_id, scope(actor)))
    if notice is None:
        raise Refusal("not_found")
    if not may_acknowledge(actor, notice):
        raise Refusal("not_permitted")
    if how not in HOW:
        raise Refusal("recall_how")
    waiting = (RecallNotice.id == notice_id, RecallNotice.how.is_(None))
    said = {"how": how, "said_by": actor.user_id, "said_at": utc_now()}
    done = update(RecallNotice).where(*waiting).values(**said).execution_options(synchronize_session=False)
    if session.execute(done.returning(RecallNotice.id)).scalar() is None:
        raise Refusal("recall_acknowledged")
    session.refresh(notice)
    details = {"document": str(notice.link.earlier), "unit": notice.unit.code, "how": how}
    audit.record(
        session,
        actor=actor.username,
        action="recall_acknowledged",
        kind="recall_notice",
        key=notice.id,
        details=details,
    )
    return notice


def may_acknowledge(actor: Actor, notice: RecallNotice) -> bool:
    """Whether somebody answers for a unit: one of its own people who deals with what arrives."""
    return actor.may(*HANDLE) and notice.unit_id in actor.own_units


def notices_of(session: Session, document_id: int) -> Sequence[RecallNotice]:
    """Whom the recall of a document was told to, those first who have not answered.

    Args:
        session: any transaction.
        document_id: its key.
    """
    mine = select(RecallNotice).join(RecallNotice.link).join(DocumentLink.earlier)
    asked = mine.where(RegisterEntry.document_id == document_id)
    return session.scalars(asked.order_by(RecallNotice.how.is_not(None), RecallNotice.id)).all()


def named_recipients(session: Session, document: OfficialDocument, on: date) -> list[Unit]:
    """The units of the portal that the document names as its recipients, word by word.

    Args:
        session: any transaction.
        document: the document.
        on: today.
    """
    names = [each.strip() for each in (linking.line_of(session, document.id).recipients or "").split(";")]
    there = (Unit.valid_to.is_(None)) | (Unit.valid_to >= on)
    return list(session.scalars(select(Unit).where(Unit.name_vi.in_(names), there).order_by(Unit.sort_key)))
