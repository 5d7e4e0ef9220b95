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
from portal.security import today
from portal.units.models import Post, Unit

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


class SigningAuthority(Base):
    """What lets the head of a part of an issuer sign in the name of the issuer's head (Decree 30/2020, article 13).

    It is entered once and never changed: what was wrong is revoked and entered anew.

    Attributes:
        kind: `TL` by order (thừa lệnh), lasting; `TUQ` by authorisation (thừa ủy quyền), limited in time and content.
        issuer_id: whose documents are signed.
        source_post_id: the post of the issuer's head, whose authority it is.
        signer_post_id: the post that signs.
        with_deputies: whether deputies of the one who signs may sign in his stead; only by order.
        types: abbreviations of types of documents it is for.
        templates: keys of templates it is for; with neither it is for every document, only by order.
        printed_title: what stands below TL. or TUQ.; empty for the title of the post with the name of its unit.
        grounds: number and symbol of the document that says so: the working regulation, or the authorisation.
        grounds_on: the date of that document.
    """

    __tablename__ = "signing_authority"
    __table_args__ = (
        CheckConstraint("kind IN ('TL', 'TUQ')", name="ck_signing_authority_kind"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_signing_authority_life"),
        CheckConstraint("kind = 'TL' OR valid_to IS NOT NULL", name="ck_signing_authority_end"),
        CheckConstraint("kind = 'TL' OR NOT with_deputies", name="ck_signing_authority_deputies"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="ck_signing_authority_revoked"),
        Index("ix_signing_authority_issuer", "issuer_id"),
        Index("ix_signing_authority_signer", "signer_post_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    issuer_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_signing_authority_issuer"))
    source_post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_signing_authority_source_post"))
    signer_post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_signing_authority_signer_post"))
    with_deputies: Mapped[bool] = mapped_column(default=False)
    types: Mapped[list[str]] = mapped_column(default=list)
    templates: Mapped[list[str]] = mapped_column(default=list)
    printed_title: Mapped[str | None] = mapped_column(String(120))
    grounds: Mapped[str] = mapped_column(String(60))
    grounds_on: Mapped[date]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_signing_authority_revoked_by"))

    issuer: Mapped[Unit] = relationship(lazy="selectin")
    source_post: Mapped[Post] = relationship(foreign_keys=[source_post_id], lazy="selectin")
    signer_post: Mapped[Post] = relationship(foreign_keys=[signer_post_id], lazy="selectin")
    revoker: Mapped[User | None] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return f"{self.kind}. {self.source_post.title_vi} - {self.signer_post}"

    @property
    def state(self) -> str:
        """Whether it is `ahead`, `in_force`, `over` or `revoked` today."""
        if self.revoked_at:
            return "revoked"
        if self.valid_from > today():
            return "ahead"
        return "in_force" if self.valid_to is None or self.valid_to >= today() else "over"


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
