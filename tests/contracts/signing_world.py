"""What the matrix has of signatures: who signs by order, certificates and pictures, and a signature that was given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal.demo import pictures
from portal.demo.certificates import Holder as Named
from portal.demo.certificates import make_authority
from portal.documents.authorities import revoke, settle_authority
from portal.documents.models import OfficialDocument, SigningAuthority
from portal.documents.slots import SIGNATURE, SignatureSlot
from portal.security import today
from portal.signatures import certificates, images
from portal.signatures.certificates import Entry, Holder
from portal.signatures.models import OWN_PC, SERVER, DocumentSignature, SigningCertificate
from portal.units.models import Post, Unit, UnitHeader
from tests.cast import CHAIRMAN, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from tests.contracts.world import Thing

WORDS = "Một câu đủ dài để làm lý do thu hồi."


def signing(session: Session, admin: Actor, own: Unit, ubnd: Unit) -> Iterator[tuple[str, str, Any]]:
    """Enter them, the second one revoked; gives what kind each is, what the table calls it, and its row."""
    office = session.scalars(select(Unit).where(Unit.code == "VPUBND")).one()
    heads = select(Post).where(Post.kind == "head", Post.unit_id.in_([ubnd.id, office.id]))
    posts = {post.unit_id: post for post in session.scalars(heads)}
    for name in ("in force", "revoked"):
        facts = {"kind": "TL", "grounds": f"45/{name}", "grounds_on": date(2024, 1, 1), "types": [], "templates": []}
        who = {"issuer": ubnd, "source_post": posts[ubnd.id], "signer_post": posts[office.id]}
        row = SigningAuthority(**facts, **who, with_deputies=True, valid_from=date(2024, 1, 2))
        with session.no_autoflush:
            settle_authority(session, admin, row)
        session.add(row)
        session.flush()
        if name == "revoked":
            revoke(session, admin, row.id)
        yield "authority", name, row
    said = {"header_name": "SỞ MỚI", "place_name": "Gia Lai", "symbol": "SM", "grounds": "428/NQ-HĐND"}
    header = UnitHeader(unit=own, valid_from=today() + timedelta(days=30), **said)
    session.add(header)
    session.flush()
    yield "unit_header", "any", header


def certified(session: Session, admin: Actor, ubnd: Unit, foreign: Unit) -> Iterator[tuple[str, str, Any]]:
    """Enter certificates and pictures of the chairman, of the committee and of a foreign unit."""
    chairman = session.scalars(select(User).where(User.username == CHAIRMAN)).one()
    holders = {
        "of the chairman": Holder(user_id=chairman.id),
        "of the committee": Holder(unit_id=ubnd.id),
        "of the foreign unit": Holder(unit_id=foreign.id),
    }
    made = make_authority([Named(name, f"Chu-the {name}", "Gia Lai") for name in holders], "24681012", today())
    for name, holder in holders.items():
        entry = Entry(holder, made.certificates[name], OWN_PC, "", confirmed=True)
        yield "certificate", name, certificates.enter(session, admin, entry)
        if name != "of the foreign unit":
            picture = pictures.signature(name) if holder.user_id else pictures.seal(name)
            yield "signature_image", name, images.keep_image(session, admin, holder, picture, 36.0)


def to_sign(session: Session, document: OfficialDocument) -> dict[str, Any]:
    """What a form names that signs a document."""
    slot = select(SignatureSlot.id).where(SignatureSlot.document_id == document.id, SignatureSlot.place == SIGNATURE)
    session.refresh(document, ["file"])
    return {"slot": session.scalars(slot).one(), "seen": document.file.sha256 if document.file else ""}


def signed(session: Session, documents: dict[str, Thing]) -> tuple[str, str, Any]:
    """The chairman has signed the foreign unit's document."""
    thing = documents["foreign approved"]
    document = session.get_one(OfficialDocument, thing.key)
    chairman = session.scalars(select(User).where(User.username == CHAIRMAN)).one()
    own = session.scalars(select(SigningCertificate).where(SigningCertificate.user_id == chairman.id)).one()
    given = {"certificate_id": own.id, "user_id": chairman.id, "file_id": document.file_id}
    row = DocumentSignature(document_id=document.id, slot_id=thing.more["slot"], way=SERVER, level="B-B", **given)
    session.add(row)
    session.flush()
    return "signature", "of the foreign one", row


def _signs(thing: Thing, _variant: str) -> dict[str, Any]:
    return {"slot": thing.more["slot"], "certificate": 0, "seen": thing.more["seen"], "password": PASSWORD, "pin": "1"}


SIGNING: dict[str, Callable[[Thing, str], dict[str, Any]]] = {
    "SigningView.sign": _signs,
    "SigningView.send_back": lambda thing, variant: {**_signs(thing, variant), "reason": WORDS},
    "DeferredView.begin": _signs,
    "DeferredView.returned": _signs,
    "PluginView.begin": _signs,
    "DeferredView.complete": lambda _thing, _variant: {"request": 999_999, "signature_text": "AAAA"},
    "DeferredView.cancel": lambda _thing, _variant: {"request": 999_999},
    "SigningCertificateView.revoke": lambda _thing, _variant: {"reason": WORDS},
}
"""What the forms of signing send."""
