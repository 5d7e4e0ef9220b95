"""Tables of signatures: certificates and images of people and units, each signature given, and those under way."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.documents.models import LONGEST_REASON, OfficialDocument
from portal.documents.slots import SignatureSlot
from portal.files import StoredFile
from portal.security import VIETNAM
from portal.units.models import Unit

OWN_PC, KEY_FILE, TOKEN = "own_pc", "key_file", "token"
KEY_PLACES: Final = (OWN_PC, KEY_FILE, TOKEN)
ON_SERVER: Final = (KEY_FILE, TOKEN)
"""Where a key can be so that the portal itself signs with it, once its PIN is typed."""

SERVER, DEFERRED, RETURNED = "server", "deferred", "returned"
WAYS: Final = (SERVER, DEFERRED, RETURNED)
"""The portal signed, it took a signature over its digest, or it took back the file that was signed elsewhere."""

AHEAD, IN_FORCE, ENDING, OVER, REVOKED = "ahead", "in_force", "ending", "over", "revoked"
SOON = timedelta(days=30)
"""How long before its end a certificate is said to be ending; a new one takes some weeks to be issued."""

OPEN, DONE, CANCELLED, EXPIRED = "open", "done", "cancelled", "expired"
LONGEST_DN, LONGEST_SERIAL, LONGEST_KEY_NAME = 500, 64, 100
HASH = 64


class SigningCertificate(Base):
    """A certificate of a person or of a unit. It is entered once; afterwards it is only ever revoked.

    Attributes:
        user_id: whose it is; None for a unit's.
        unit_id: the agency whose it is; None for a person's.
        der: the certificate itself, DER.
        subject, issuer: distinguished names (RFC 4514).
        serial: in hexadecimal.
        common_name: whom the certificate names.
        key_place: where its private key is; the portal never has it.
        key_name: the file in the folder of keys, or the label in the token; None where the key is on the signer's PC.
        entered_by: who bound it to its holder.
    """

    __tablename__ = "signing_certificate"
    __table_args__ = (
        UniqueConstraint("sha256", name="uq_signing_certificate_sha256"),
        CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="ck_signing_certificate_holder"),
        CheckConstraint("key_place IN ('own_pc', 'key_file', 'token')", name="ck_signing_certificate_place"),
        CheckConstraint("(key_place = 'own_pc') = (key_name IS NULL)", name="ck_signing_certificate_key"),
        CheckConstraint("valid_to > valid_from", name="ck_signing_certificate_life"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoke_reason IS NULL)",
            name="ck_signing_certificate_revoked",
        ),
        Index("ix_signing_certificate_user", "user_id"),
        Index("ix_signing_certificate_unit", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signing_certificate_user"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", name="fk_signing_certificate_unit"))
    der: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(HASH))
    common_name: Mapped[str] = mapped_column(String(LONGEST_DN))
    subject: Mapped[str] = mapped_column(String(LONGEST_DN))
    issuer: Mapped[str] = mapped_column(String(LONGEST_DN))
    serial: Mapped[str] = mapped_column(String(LONGEST_SERIAL))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    key_place: Mapped[str] = mapped_column(String(16))
    key_name: Mapped[str | None] = mapped_column(String(LONGEST_KEY_NAME))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signing_certificate_entered_by"))
    entered_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signing_certificate_revoked_by"))
    revoke_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))

    user: Mapped[User | None] = relationship(User, foreign_keys=[user_id], lazy="selectin")
    unit: Mapped[Unit | None] = relationship(lazy="selectin")
    enterer: Mapped[User | None] = relationship(User, foreign_keys=[entered_by], lazy="selectin")
    revoker: Mapped[User | None] = relationship(User, foreign_keys=[revoked_by], lazy="selectin")

    def __str__(self) -> str:
        return f"{self.common_name} ({self.serial})"

    @property
    def holder(self) -> str:
        """Whose it is."""
        return self.user.get_full_name() if self.user else str(self.unit)

    @property
    def authority(self) -> str:
        """The common name of who issued it; the whole name where it has none."""
        named = re.search(r"(?:^|,)CN=((?:[^,\\]|\\.)+)", self.issuer)
        return named[1] if named else self.issuer

    @property
    def state(self) -> str:
        """Whether it is `ahead`, `in_force`, `ending`, `over` or `revoked` now."""
        now = utc_now()
        if self.revoked_at:
            return REVOKED
        if now < self.valid_from:
            return AHEAD
        if now > self.valid_to:
            return OVER
        return ENDING if now > self.valid_to - SOON else IN_FORCE

    @property
    def last_day(self) -> date:
        """The last day on which it can be signed with, in Vietnam."""
        return self.valid_to.astimezone(VIETNAM).date()

    @property
    def is_on_server(self) -> bool:
        """Whether the portal can sign with its key."""
        return self.key_place in ON_SERVER


class SignatureImage(Base):
    """The picture of a person's signature, or of a unit's seal: a PNG in the row, never a file with an address.

    The newest one of a holder counts; those before stay, for documents show them.

    Attributes:
        png: drawn anew from what was uploaded, with nothing else in it.
        width, height: in pixels.
        width_mm: how wide a seal really is; of a signature, how wide it is printed.
    """

    __tablename__ = "signature_image"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="ck_signature_image_holder"),
        CheckConstraint("width > 0 AND height > 0 AND width_mm > 0", name="ck_signature_image_size"),
        Index("ix_signature_image_user", "user_id", "id"),
        Index("ix_signature_image_unit", "unit_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signature_image_user"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", name="fk_signature_image_unit"))
    png: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    width: Mapped[int]
    height: Mapped[int]
    width_mm: Mapped[float] = mapped_column(Numeric(5, 1, asdecimal=False))
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signature_image_entered_by"))
    entered_at: Mapped[datetime] = mapped_column(default=utc_now)

    user: Mapped[User | None] = relationship(User, foreign_keys=[user_id], lazy="selectin")
    unit: Mapped[Unit | None] = relationship(lazy="selectin")
    enterer: Mapped[User | None] = relationship(User, foreign_keys=[entered_by], lazy="selectin")

    def __str__(self) -> str:
        return self.holder

    @property
    def holder(self) -> str:
        """Whose it is."""
        return self.user.get_full_name() if self.user else str(self.unit)


class DocumentSignature(Base):
    """A signature that was given. Rows are only added, one for a slot, and each keeps the file as it stood then.

    Attributes:
        user_id: who gave it; of a seal, the registrar.
        signed_at: when the portal had it.
        file_id: the file with it and with all before it.
        way: one of `WAYS`.
        level: of the signature, such as `B-B` or `B-LT` (ETSI EN 319 142).
    """

    __tablename__ = "document_signature"
    __table_args__ = (
        UniqueConstraint("slot_id", name="uq_document_signature_slot"),
        CheckConstraint("way IN ('server', 'deferred', 'returned')", name="ck_document_signature_way"),
        Index("ix_document_signature_document", "document_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("official_document.id", name="fk_document_signature_document"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("signature_slot.id", name="fk_document_signature_slot"))
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("signing_certificate.id", name="fk_document_signature_certificate")
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_document_signature_user"))
    signed_at: Mapped[datetime] = mapped_column(default=utc_now)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", name="fk_document_signature_file"))
    way: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(8))

    document: Mapped[OfficialDocument] = relationship(lazy="selectin")
    slot: Mapped[SignatureSlot] = relationship(lazy="selectin")
    certificate: Mapped[SigningCertificate] = relationship(lazy="selectin")
    user: Mapped[User] = relationship(User, lazy="selectin")
    file: Mapped[StoredFile] = relationship(lazy="selectin")


class SigningRequest(Base):
    """A signature under way whose key is on the signer's own PC: its digest went out, the signature is awaited.

    Attributes:
        file_id: the file as it stood when it began.
        digest: what is signed, SHA-256 in hexadecimal.
        prepared: the file that the signature is put into; gone when it is over.
        terms: what else must be known then, as `pades.Prepared.to_json` gives it.
        state: `open`, `done`, `cancelled` or `expired`.
        token_sha256: of what lets the signing program at the signer's computer fetch the file and hand it in; None for
            a digest, whose signature he brings himself.
    """

    __tablename__ = "signing_request"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'done', 'cancelled', 'expired')", name="ck_signing_request_state"),
        CheckConstraint("(state = 'open') = (prepared IS NOT NULL)", name="ck_signing_request_prepared"),
        UniqueConstraint("token_sha256", name="uq_signing_request_token"),
        Index("ix_signing_request_slot", "slot_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("official_document.id", name="fk_signing_request_document"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("signature_slot.id", name="fk_signing_request_slot"))
    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("signing_certificate.id", name="fk_signing_request_certificate")
    )
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_signing_request_user"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", name="fk_signing_request_file"))
    digest: Mapped[str] = mapped_column(String(HASH))
    prepared: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    terms: Mapped[str] = mapped_column(Text, deferred=True)
    token_sha256: Mapped[str | None] = mapped_column(String(HASH))
    state: Mapped[str] = mapped_column(String(16), default=OPEN)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]

    certificate: Mapped[SigningCertificate] = relationship(lazy="selectin")


class ArchiveStamp(Base):
    """Until when the newest archive time stamp of a released file lasts. Rows are added only.

    Attributes:
        file_id: a state of the released file; the last one noted is the document's.
        ends_at: when the certificate of its newest time stamp ends.
    """

    __tablename__ = "archive_stamp"
    __table_args__ = (
        UniqueConstraint("file_id", name="uq_archive_stamp_file"),
        Index("ix_archive_stamp_document", "document_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("official_document.id", name="fk_archive_stamp_document"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", name="fk_archive_stamp_file"))
    ends_at: Mapped[datetime]
    noted_at: Mapped[datetime] = mapped_column(default=utc_now)
