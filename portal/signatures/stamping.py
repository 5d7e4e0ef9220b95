"""Where a document is signed, and what shows there: a person's picture, or a seal over its left third."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.documents.service import content_of
from portal.documents.slots import BELOW, SIGNATURE, SignatureSlot
from portal.signatures import stamps
from portal.signatures.certificates import Holder
from portal.signatures.images import image_of
from portal.signatures.models import DocumentSignature
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument
    from portal.signatures.models import SignatureImage
    from portal.signatures.stamps import Box, Picture, Place, Stamp

FALLBACK = {SIGNATURE: stamps.Box(310, 95, 200, 70)}
BESIDE = stamps.Box(85, 95, 200, 70)
"""Where documents are signed whose places nobody kept: the lower right of the last page, a second person beside."""


def place_of(document: OfficialDocument, slot: SignatureSlot) -> Place:
    """The free room of the personal signature of a slot, or of the one below a seal.

    Args:
        document: whose file is signed.
        slot: one of its slots.
    """
    name = BELOW.get(slot.place, slot.place)
    for each in document.places:
        if each["name"] == name:
            return stamps.Place(name, each["page"], stamps.Box(each["x"], each["y"], each["width"], each["height"]))
    return stamps.Place(name, document.pages or 1, FALLBACK.get(name, BESIDE))


def stamp_for(session: Session, document: OfficialDocument, slot: SignatureSlot, user_id: int, at: datetime) -> Stamp:
    """What a signature looks like.

    Args:
        session: any transaction.
        document: that is signed.
        slot: whose signature it is.
        user_id: who signs; of a seal, the registrar.
        at: when.

    Raises:
        Refusal: `no_picture`, nobody has entered his picture, or that of the seal.
    """
    place = place_of(document, slot)
    picture, box = _seal(session, slot, place) if slot.is_seal else _personal(session, slot, user_id, place)
    return stamps.Stamp(
        field=slot.place,
        page=place.page,
        box=box,
        signed_at=at,
        picture=picture,
        name=slot.name,
        reason=f"{'Phát hành' if slot.is_seal else 'Ký'} văn bản số {document}",
        location=str(content_of(document).get("place") or document.issuer.place_name),
    )


def _personal(session: Session, slot: SignatureSlot, user_id: int, place: Place) -> tuple[Picture, Box]:
    row = _image(session, Holder(user_id=user_id), slot.name)
    picture = _picture(row)
    return picture, stamps.signature_box(place, picture)


def _seal(session: Session, slot: SignatureSlot, place: Place) -> tuple[Picture, Box]:
    row = _image(session, Holder(unit_id=slot.unit_id), slot.name)
    picture = _picture(row)
    return picture, stamps.seal_box(_below(session, slot, place), picture, row.width_mm)


def _below(session: Session, slot: SignatureSlot, place: Place) -> Box:
    """Where the personal signature below a seal shows; the whole room where it has no picture of ours."""
    personal = (SignatureSlot.document_id == slot.document_id, SignatureSlot.place == BELOW[slot.place])
    asked = (
        select(DocumentSignature).join(SignatureSlot, SignatureSlot.id == DocumentSignature.slot_id).where(*personal)
    )
    given = session.scalar(asked)
    image = image_of(session, Holder(user_id=given.user_id), given.signed_at) if given else None
    return stamps.signature_box(place, _picture(image)) if image else place.box


def _image(session: Session, holder: Holder, name: str) -> SignatureImage:
    found = image_of(session, holder)
    if found is None:
        raise Refusal("no_seal_picture" if holder.unit_id else "no_picture", {"name": name})
    return found


def _picture(row: SignatureImage) -> Picture:
    return stamps.Picture(row.png, row.width, row.height, has_transparency=True)
