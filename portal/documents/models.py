"""Tables of registers and issued documents."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.definitions.models import Definition
from portal.documents.rules import reference
from portal.files import StoredFile
from portal.units.models import Unit

RENDERING, AWAITING_SIGNATURE, FAILED = "rendering", "awaiting_signature", "failed"


class Register(Base):
    """The book a number comes from: one series per issuer and year, from 1 January (Decree 30/2020, article 15)."""

    __tablename__ = "register"
    __table_args__ = (
        UniqueConstraint("unit_id", "year", "series", name="uq_register_series"),
        CheckConstraint("last_number >= 0", name="ck_register_last_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_register_unit"))
    year: Mapped[int]
    series: Mapped[str] = mapped_column(String(24))
    last_number: Mapped[int] = mapped_column(default=0)

    unit: Mapped[Unit] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return f"{self.unit.name_vi} {self.year}"


class OfficialDocument(Base):
    """An issued document. Its number, text and data are frozen when it is issued; only its rendering moves on."""

    __tablename__ = "official_document"
    __table_args__ = (
        UniqueConstraint("register_id", "number", name="uq_official_document_number"),
        UniqueConstraint("issuer_id", "year", "number", "symbol", name="uq_official_document_symbol"),
        CheckConstraint("number > 0", name="ck_official_document_number"),
        CheckConstraint("status IN ('rendering', 'awaiting_signature', 'failed')", name="ck_official_document_status"),
        CheckConstraint(
            "(status = 'awaiting_signature') = (file_id IS NOT NULL)", name="ck_official_document_file_if_rendered"
        ),
        Index("ix_official_document_issued", "issued_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    register_id: Mapped[int] = mapped_column(ForeignKey("register.id", name="fk_official_document_register"))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_official_document_issuer"))
    year: Mapped[int]
    number: Mapped[int]
    symbol: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(500))
    issued_on: Mapped[date]
    signer_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_official_document_signer"))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    template_id: Mapped[int] = mapped_column(ForeignKey("definition.id", name="fk_official_document_template"))
    content: Mapped[str] = mapped_column(Text, deferred=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(24), default=RENDERING)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", name="fk_official_document_file"))
    pages: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(default=utc_now)

    register: Mapped[Register] = relationship(lazy="selectin")
    issuer: Mapped[Unit] = relationship(lazy="selectin")
    signer: Mapped[User] = relationship(User, lazy="selectin")
    template: Mapped[Definition] = relationship(lazy="selectin")
    file: Mapped[StoredFile | None] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return reference(self.number, self.symbol)
