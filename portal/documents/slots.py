"""Whose signatures an issued document needs: written once, with its number, by whoever signs it for which unit.

Source: Decree 30/2020, article 13 and appendix I.II.7 and 8: persons sign first, then each agency's seal is put on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base
from portal.documents.models import LONGEST_NAMES, OfficialDocument
from portal.units.models import Post, Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.documents.authority import Paper
    from portal.documents.service import Cosigner, Order

SIGNATURE, COSIGNATURE, SEAL, COSEAL = "signature", "cosignature", "seal", "cosignature_seal"
PERSONAL: Final = (SIGNATURE, COSIGNATURE)
SEALS: Final = (SEAL, COSEAL)
BELOW: Final = {SEAL: SIGNATURE, COSEAL: COSIGNATURE}
"""Seal → the personal signature that it is put over."""


class SignatureSlot(Base):
    """One signature that a document needs. It is written when the document is issued, and never changes.

    Attributes:
        place: `signature` and `cosignature` are persons', `seal` and `cosignature_seal` those of the agencies whose
            document it is.
        user_id: who signs; None for a seal, and for a secretary of minutes who had no account of that name.
        post_id: the post he signs in; None for a seal, a secretary, and documents older than this table.
        unit_id: for whom he signs, or whose seal it is: of a steering body, the agency whose seal it uses.
        name: of the person as printed, or of the unit.
        of_head: whether it is a document of the head of a people's committee himself.
    """

    __tablename__ = "signature_slot"
    __table_args__ = (
        UniqueConstraint("document_id", "place", name="uq_signature_slot_place"),
        CheckConstraint(
            "place IN ('signature', 'cosignature', 'seal', 'cosignature_seal')",
            name="ck_signature_slot_place",
        ),
        CheckConstraint(
            "place IN ('signature', 'cosignature') OR user_id IS NULL",
            name="ck_signature_slot_user",
        ),
        Index("ix_signature_slot_user", "user_id"),
        Index("ix_signature_slot_unit", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("official_document.id", name="fk_signature_slot_document"))
    place: Mapped[str] = mapped_column(String(24))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signature_slot_user"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", name="fk_signature_slot_post"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_signature_slot_unit"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAMES))
    of_head: Mapped[bool] = mapped_column(default=False)

    document: Mapped[OfficialDocument] = relationship(lazy="selectin")
    user: Mapped[User | None] = relationship(User, lazy="selectin")
    post: Mapped[Post | None] = relationship(lazy="selectin")
    unit: Mapped[Unit] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return self.name

    @property
    def is_seal(self) -> bool:
        """Whether it is an agency's, and not a person's."""
        return self.place in SEALS


def open_slots(session: Session, document: OfficialDocument, order: Order, paper: Paper) -> None:
    """Write down which signatures a document needs, in the transaction that issues it.

    Args:
        session: that transaction.
        document: with its key.
        order: who signs, for whom.
        paper: whose document it is.
    """
    session.add_all(_slots(session, document, order, paper))
    session.flush()


def _slots(session: Session, document: OfficialDocument, order: Order, paper: Paper) -> Iterator[SignatureSlot]:
    signer, of_head = session.get_one(User, order.signer_id), paper.of_head
    yield _personal(document, SIGNATURE, signer, order.post_id, paper.issuer, of_head=of_head)
    yield _seal(document, SEAL, paper.issuer)
    if order.cosigner is not None:
        yield from _partner(session, document, order.cosigner)
    elif order.wording.secretary:
        yield _secretary(session, document, order.wording.secretary, paper.issuer)


def _partner(session: Session, document: OfficialDocument, cosigner: Cosigner) -> Iterator[SignatureSlot]:
    """Who signs a joint document for the second unit, which puts its seal beside the first one's."""
    unit = session.get_one(Post, cosigner.post_id).unit
    yield _personal(document, COSIGNATURE, session.get_one(User, cosigner.user_id), cosigner.post_id, unit)
    yield _seal(document, COSEAL, unit)


def _secretary(session: Session, document: OfficialDocument, name: str, unit: Unit) -> SignatureSlot:
    """Who signs minutes beside their chair, and for no unit: known by a name that only one account has."""
    found = accounts_named(session, name)
    user_id = found[0] if len(found) == 1 else None
    kept = name.strip()[:LONGEST_NAMES]
    return SignatureSlot(document_id=document.id, place=COSIGNATURE, user_id=user_id, unit_id=unit.id, name=kept)


def accounts_named(session: Session, name: str) -> list[int]:
    """The active accounts of a full name; more than one where people share it.

    Args:
        session: any transaction.
        name: as it is printed.
    """
    full = User.first_name + " " + User.last_name
    return list(session.scalars(select(User.id).where(User.active.is_(True), full == name.strip())))


def _personal(
    document: OfficialDocument, place: str, user: User, post_id: int, unit: Unit, *, of_head: bool = False
) -> SignatureSlot:
    who = {"user_id": user.id, "post_id": post_id, "name": user.get_full_name()[:LONGEST_NAMES]}
    return SignatureSlot(document_id=document.id, place=place, unit_id=unit.id, of_head=of_head, **who)


def _seal(document: OfficialDocument, place: str, unit: Unit) -> SignatureSlot:
    agency = unit.seal_unit or unit
    return SignatureSlot(document_id=document.id, place=place, unit_id=agency.id, name=agency.name_vi[:LONGEST_NAMES])
