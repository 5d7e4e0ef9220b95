"""Tables of registers, issued documents, and trial prints of templates."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.definitions.models import Definition
from portal.documents.rules import reference
from portal.files import StoredFile
from portal.units.models import Unit

RENDERING, AWAITING_SIGNATURE, FAILED = "rendering", "awaiting_signature", "failed"
WAITING, READY, NONE = "waiting", "ready", "none"


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


class TrialPrint(Base):
    """What a template prints of made-up data: waiting for the worker, ready, or none and why.

    It belongs to a body, not to a row of `definition`: whoever looks at the same text sees the same pages. Nothing
    depends on it; it is made again where it is gone.

    Attributes:
        sha256: of the template's body.
        renderer: what drew it; another release draws anew.
        reason: a code, where there is none.
        details: what the reason needs to be understood; of a ready one, `missing`: what the sample data lack.
        page_count: of the whole document, of which the first pages are kept.
    """

    __tablename__ = "trial_print"
    __table_args__ = (
        UniqueConstraint("sha256", "renderer", name="uq_trial_print_body"),
        CheckConstraint("state IN ('waiting', 'ready', 'none')", name="ck_trial_print_state"),
        CheckConstraint("(state = 'none') = (reason IS NOT NULL)", name="ck_trial_print_reason"),
        CheckConstraint("(state = 'ready') = (page_count IS NOT NULL)", name="ck_trial_print_page_count"),
        Index("ix_trial_print_age", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    renderer: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    page_count: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)

    pages: Mapped[list[TrialPage]] = relationship(lazy="selectin", order_by="TrialPage.number")


class TrialPage(Base):
    """One page of a trial print. The picture lies in the row, for files are never removed and this is, soon."""

    __tablename__ = "trial_page"
    __table_args__ = (UniqueConstraint("trial_id", "number", name="uq_trial_page_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trial_print.id", name="fk_trial_page_trial"))
    number: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
