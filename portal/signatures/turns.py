"""Whose turn it is: which signatures a document still needs, who may give each, and what waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from portal.db import utc_now
from portal.documents.keeping import KEEP
from portal.documents.models import AWAITING_SEAL, AWAITING_SIGNATURE, OfficialDocument
from portal.documents.slots import PERSONAL, SEALS, SignatureSlot, accounts_named
from portal.signatures.models import OPEN, DocumentSignature, SigningRequest
from portal.units.models import Holding, Post

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from portal.security import Actor

ORDER = (*PERSONAL, *SEALS)


@dataclass(frozen=True)
class Turn:
    """One signature of a document, given or not.

    Attributes:
        slot: whose it is.
        given: the signature; None while it is missing.
        is_due: whether it can be given now: a person's before the seals, a seal after every person's.
        is_mine: whether the reader is the one to give it.
    """

    slot: SignatureSlot
    given: DocumentSignature | None
    is_due: bool
    is_mine: bool

    @property
    def is_open(self) -> bool:
        """Whether the reader can give it now."""
        return self.is_due and self.is_mine


def turns_of(session: Session, actor: Actor, document: OfficialDocument) -> list[Turn]:
    """Every signature that a document needs, in the order in which they are given.

    Args:
        session: any transaction.
        actor: the reader.
        document: which.
    """
    slots = session.scalars(select(SignatureSlot).where(SignatureSlot.document_id == document.id)).all()
    rows = select(DocumentSignature).where(DocumentSignature.document_id == document.id)
    given = {row.slot_id: row for row in session.scalars(rows)}
    return [
        Turn(
            slot,
            given.get(slot.id),
            is_due=slot.id not in given and document.status == (AWAITING_SEAL if slot.is_seal else AWAITING_SIGNATURE),
            is_mine=is_for(session, actor, slot),
        )
        for slot in sorted(slots, key=lambda each: ORDER.index(each.place))
    ]


def is_for(session: Session, actor: Actor, slot: SignatureSlot) -> bool:
    """Whether somebody is the one to give a signature: the person, or the registrar of the agency whose seal it is."""
    if slot.is_seal:
        return slot.unit_id in sealed_units(actor)
    if slot.user_id is not None:
        return slot.user_id == actor.user_id
    return accounts_named(session, slot.name) == [actor.user_id]


def sealed_units(actor: Actor) -> frozenset[int]:
    """The units whose seal somebody puts on: those whose registers he keeps, by a post of a unit itself."""
    if not actor.may(*KEEP):
        return frozenset()
    return frozenset(each.unit_id for each in actor.postings if each.post_kind == "registrar")


# -- what waits ------------------------------------------------------------------------------------------------


def _is_missing() -> ColumnElement[bool]:
    return ~select(DocumentSignature.id).where(DocumentSignature.slot_id == SignatureSlot.id).exists()


def _for_person(user_id: int, name: str) -> ColumnElement[bool]:
    named = and_(SignatureSlot.user_id.is_(None), SignatureSlot.name == name)
    mine = or_(SignatureSlot.user_id == user_id, named)
    return and_(SignatureSlot.place.in_(PERSONAL), mine, OfficialDocument.status == AWAITING_SIGNATURE, _is_missing())


def _for_registrar(units: frozenset[int]) -> ColumnElement[bool]:
    mine = SignatureSlot.unit_id.in_(units) if units else false()
    return and_(SignatureSlot.place.in_(SEALS), mine, OfficialDocument.status == AWAITING_SEAL, _is_missing())


def to_sign(actor: Actor) -> ColumnElement[bool]:
    """Whether a document waits for the reader's own signature."""
    return _has_slot(_for_person(actor.user_id, actor.full_name)) if actor.user_id else false()


def to_seal(actor: Actor) -> ColumnElement[bool]:
    """Whether a document waits for the seal of a unit whose registrar the reader is."""
    return _has_slot(_for_registrar(sealed_units(actor)))


def _has_slot(which: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = (SignatureSlot.document_id == OfficialDocument.id, which)
    return select(SignatureSlot.id).where(*mine).correlate(OfficialDocument).exists()


def counts(session: Session, actor: Actor) -> tuple[int, int]:
    """How many documents wait for the reader's signature, and how many for a seal that he puts on.

    Args:
        session: any transaction.
        actor: the reader.
    """
    asked = (to_sign(actor), to_seal(actor))
    sign, seal = (select(func.count(OfficialDocument.id)).where(each).scalar_subquery() for each in asked)
    row = session.execute(select(sign, seal)).one()
    return row[0], row[1]


def waiting_for(session: Session, actor: Actor) -> Sequence[OfficialDocument]:
    """The documents that wait for somebody's signature or seal, the oldest first.

    Args:
        session: any transaction.
        actor: the person.
    """
    mine = or_(to_sign(actor), to_seal(actor))
    return session.scalars(select(OfficialDocument).where(mine).order_by(OfficialDocument.issued_at)).all()


def is_begun(session: Session, document_id: int) -> bool:
    """Whether somebody has signed a document, or has begun to with a key that is elsewhere.

    Args:
        session: any transaction.
        document_id: which document.
    """
    given = select(DocumentSignature.id).where(DocumentSignature.document_id == document_id)
    open_now = (SigningRequest.state == OPEN, SigningRequest.expires_at > utc_now())
    begun = select(SigningRequest.id).where(SigningRequest.document_id == document_id, *open_now)
    return session.scalar(select(or_(given.exists(), begun.exists()))) is True


def signers() -> Select[int | None]:
    """The accounts for whose own signature a document waits."""
    due = (SignatureSlot.place.in_(PERSONAL), OfficialDocument.status == AWAITING_SIGNATURE, _is_missing())
    of = select(SignatureSlot.user_id).join(OfficialDocument, OfficialDocument.id == SignatureSlot.document_id)
    return of.where(SignatureSlot.user_id.is_not(None), *due)


def registrars(day: date) -> Select[int]:
    """The accounts of registrars for whose seal a document waits.

    Args:
        day: on which they hold their post.
    """
    due = (SignatureSlot.place.in_(SEALS), OfficialDocument.status == AWAITING_SEAL, _is_missing())
    units = select(SignatureSlot.unit_id).join(OfficialDocument, OfficialDocument.id == SignatureSlot.document_id)
    return registrars_of(units.where(*due), day)


def registrars_of(units: Select[int | None] | Collection[int], day: date) -> Select[int]:
    """The accounts that hold the post of registrar in some units on a day.

    Args:
        units: their keys.
        day: on which they hold it.
    """
    there = (Holding.valid_from <= day, or_(Holding.valid_to.is_(None), Holding.valid_to >= day))
    held = select(Holding.user_id).join(Post, Post.id == Holding.post_id)
    return held.where(Post.kind == "registrar", Post.unit_id.in_(units), *there)
