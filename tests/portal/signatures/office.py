"""A document of the committee that waits for its signature, and everything with which it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal import files
from portal.audit import AuditEntry
from portal.demo.signing import demo_pin, equip
from portal.documents.models import AWAITING_SIGNATURE, OfficialDocument
from portal.documents.slots import SignatureSlot
from portal.security import today
from portal.signatures import service
from portal.signatures.keyring import Keyring
from portal.signatures.models import DocumentSignature, SigningCertificate
from portal.signatures.trust import read_trust
from portal.units.models import Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from portal.signatures.pades import Signed
    from portal.signatures.service import Asked, Signing
    from tests.portal.province import Province

SIGNER, REGISTRAR = "chairman", "registrar"
PLACES = [{"name": "signature", "page": 2, "x": 320.0, "y": 500.0, "width": 180.0, "height": 60.0}]


@dataclass
class Office:
    """Everybody's hands on one document.

    Attributes:
        province: its people.
        store: where files are.
        ring: the keys of the demo.
        pin: opens all of them.
        key: of the document.
    """

    province: Province
    store: files.FileStore
    ring: Keyring
    pin: str
    key: int = 1

    @property
    def document(self) -> OfficialDocument:
        """As it stands."""
        found: OfficialDocument = self.province.session.get_one(OfficialDocument, self.key)
        return found

    def slot(self, place: str) -> SignatureSlot:
        """One of its signatures."""
        mine = (SignatureSlot.document_id == self.key, SignatureSlot.place == place)
        return self.province.session.scalars(select(SignatureSlot).where(*mine)).one()

    def certificate(self, of: str) -> SigningCertificate:
        """That of one of the cast, or of a unit by its code."""
        session = self.province.session
        unit = session.scalar(select(Unit.id).where(Unit.code == of))
        mine = SigningCertificate.unit_id == unit if unit else SigningCertificate.user_id == self.province.user(of).id
        return session.scalars(select(SigningCertificate).where(mine)).one()

    def asked(self, place: str, certificate: str, **more: Any) -> Asked:
        """What somebody asks who looks at the file as it is."""
        assert self.document.file is not None
        usual = {"document_id": self.key, "slot_id": self.slot(place).id, "seen": self.document.file.sha256}
        return service.Asked(**{**usual, "certificate_id": self.certificate(certificate).id, **more})

    def check(self, who: str, place: str, certificate: str = "", **more: Any) -> Signing:
        """See that somebody may sign."""
        asked = self.asked(place, certificate or who, **more)
        return service.check(self.province.session, self.province.actor(who), self.store, self.ring, asked)

    def made(self, who: str, signing: Signing, pin: str = "") -> Signed:
        """The signed file, which nobody keeps yet."""
        stamp = service.stamp_of(self.province.session, self.province.actor(who), signing)
        return service.sign_here(self.ring, signing, stamp, pin or self.pin)

    def keep(self, who: str, signing: Signing, signed: Signed) -> DocumentSignature:
        """Keep it."""
        return service.keep(self.province.session, self.province.actor(who), self.store, signing, signed)

    def sign(self, who: str = SIGNER, place: str = "signature", certificate: str = "") -> DocumentSignature:
        """All of it at once."""
        signing = self.check(who, place, certificate)
        return self.keep(who, signing, self.made(who, signing))

    def seal(self, who: str = REGISTRAR, unit: str = "UBND") -> DocumentSignature:
        """The registrar puts on the seal."""
        return self.sign(who, "seal", unit)

    def state(self) -> tuple[str, str, int]:
        """Status, file and number of signatures."""
        session = self.province.session
        given = select(DocumentSignature).where(DocumentSignature.document_id == self.key)
        assert self.document.file is not None
        return self.document.status, self.document.file.sha256, len(session.scalars(given).all())

    def refused(self, deed: Callable[[], object]) -> Refusal:
        """What a deed is refused with; the document stays as it was."""
        before = self.state()
        with pytest.raises(Refusal) as refused:
            deed()
        assert self.state() == before
        return refused.value

    def told(self) -> list[str]:
        """What the log says of the document."""
        mine = (AuditEntry.object_kind == "official_document", AuditEntry.object_id == str(self.key))
        return list(self.province.session.scalars(select(AuditEntry.action).where(*mine).order_by(AuditEntry.seq)))


def office_of(province: Province, folder: Path, pdf: bytes) -> Office:
    """Issue a document, give it a file as its rendering would, and equip everybody."""
    province.approved()
    session, store = province.session, files.FileStore(folder / "files")
    equip(session, folder, today())
    for document in session.scalars(select(OfficialDocument)):
        rendered(session, store, document, pdf)
    session.commit()
    return Office(province, store, Keyring(folder / "keys", None, read_trust(folder / "trust")), demo_pin(folder))


def rendered(session: Any, store: files.FileStore, document: OfficialDocument, pdf: bytes) -> None:
    """Give a document a file and the place where it is signed, as its rendering would."""
    file = files.keep(session, store, pdf, "van-ban.pdf", None)
    document.file_id, document.status, document.pages, document.places = file.id, AWAITING_SIGNATURE, 2, PLACES
    session.flush()
