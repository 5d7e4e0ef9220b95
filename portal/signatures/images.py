"""Pictures of signatures and seals: kept in rows, seen only by their holder and by those who enter them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, or_, select

from portal import audit
from portal.signatures import certificates, pictures, rules
from portal.signatures.certificates import ENTER, Holder
from portal.signatures.models import SignatureImage
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.signatures.stamps import Picture

KIND = "signature_image"


def scope(actor: Actor) -> ColumnElement[bool]:
    """One's own picture, and those that one may enter; who only reads everything reads none of them."""
    mine = [SignatureImage.user_id == (actor.user_id or None)]
    if actor.may(*ENTER):
        if actor.sees_everything:
            return SignatureImage.id.is_not(None)
        mine += [SignatureImage.unit_id.in_(actor.own_units), SignatureImage.user_id.in_(certificates.people_of(actor))]
    return or_(*mine)


def refuse_width(width_mm: float) -> None:
    """See that a picture is as wide as seals and signatures are.

    Raises:
        Refusal: `picture_width`.
    """
    if not rules.NARROWEST_MM <= width_mm <= rules.WIDEST_MM:
        raise Refusal("picture_width", {"least": f"{rules.NARROWEST_MM:g}", "most": f"{rules.WIDEST_MM:g}"})


def colour_of(holder: Holder) -> str:
    """The colour that the picture of a holder must have."""
    return pictures.BLUE if holder.unit_id is None else pictures.RED


def keep_image(session: Session, actor: Actor, holder: Holder, picture: Picture, width_mm: float) -> SignatureImage:
    """Keep the picture of a holder's signature or seal; from now on it is the one that counts.

    Args:
        session: the caller's transaction.
        actor: who enters it.
        holder: whose it is.
        picture: as `pictures.redrawn` gave it.
        width_mm: how wide it is on paper.

    Raises:
        Refusal: as `certificates.refuse_other_holder`; `picture_width`.
    """
    name = certificates.refuse_other_holder(session, actor, holder)
    refuse_width(width_mm)
    row = SignatureImage(
        user_id=holder.user_id,
        unit_id=holder.unit_id,
        png=picture.png,
        width=picture.width,
        height=picture.height,
        width_mm=round(width_mm, 1),
        entered_by=actor.user_id or None,
    )
    session.add(row)
    session.flush()
    details = {"holder": name, "user_id": row.user_id, "unit_id": row.unit_id, "width_mm": row.width_mm}
    audit.record(session, actor=actor.username, action=f"{KIND}_entered", kind=KIND, key=row.id, details=details)
    return row


def image_of(session: Session, holder: Holder, at: datetime | None = None) -> SignatureImage | None:
    """The picture of a holder that counts, or that counted at a moment.

    Args:
        session: any transaction.
        holder: a person or a unit.
        at: the moment; now where None.
    """
    mine = SignatureImage.user_id == holder.user_id
    if holder.unit_id is not None:
        mine = SignatureImage.unit_id == holder.unit_id
    asked = select(SignatureImage).where(mine)
    if at is not None:
        asked = asked.where(SignatureImage.entered_at <= at)
    return session.scalar(asked.order_by(SignatureImage.id.desc()).limit(1))


def is_newest() -> ColumnElement[bool]:
    """Whether a picture is the one that counts for its holder."""
    of_people = select(func.max(SignatureImage.id)).where(SignatureImage.user_id.is_not(None))
    of_units = select(func.max(SignatureImage.id)).where(SignatureImage.unit_id.is_not(None))
    newest = (of_people.group_by(SignatureImage.user_id), of_units.group_by(SignatureImage.unit_id))
    return or_(*(SignatureImage.id.in_(each) for each in newest))
