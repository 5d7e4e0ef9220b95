"""Tables of what follows a document after its issue: copies on paper, and whom a recall was told to."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.documents.links import DocumentLink
from portal.documents.models import LONGEST_TITLE, OfficialDocument, RegisterEntry
from portal.documents.rules import reference
from portal.files import StoredFile
from portal.incoming.models import IncomingDocument
from portal.sequels import rules
from portal.units.models import Unit


class CertifiedCopy(Base):
    """A copy, a copy of a copy, or an extract on paper. What it says is frozen when it is made.

    Attributes:
        entry_id: the line of its number in the series of copies: reserved until it is signed.
        form: one of `rules.FORMS`.
        unit_id: who copies.
        document_id: what is copied, of the portal; or `incoming_id`, something that arrived.
        source_file_id: the file that is copied; None for an extract, which is made anew.
        parts: what an extract holds, by `rules.parts_of`.
        title: type, number, date and subject of what is copied.
        content: what its block says.
        signed_on: when it was signed by hand and stamped, as `noted_by` noted.
    """

    __tablename__ = "certified_copy"
    __table_args__ = (
        UniqueConstraint("entry_id", name="uq_certified_copy_entry"),
        CheckConstraint("form IN ('SY', 'TrS', 'SL')", name="ck_certified_copy_form"),
        CheckConstraint("(document_id IS NULL) <> (incoming_id IS NULL)", name="ck_certified_copy_source"),
        CheckConstraint("(form = 'TrS') = (source_file_id IS NULL)", name="ck_certified_copy_extract"),
        CheckConstraint("status IN ('making', 'ready', 'failed')", name="ck_certified_copy_status"),
        CheckConstraint("(status = 'ready') = (file_id IS NOT NULL)", name="ck_certified_copy_file"),
        CheckConstraint("(signed_on IS NULL) = (noted_by IS NULL)", name="ck_certified_copy_signed"),
        Index("ix_certified_copy_unit", "unit_id", "dated_on"),
        Index("ix_certified_copy_document", "document_id"),
        Index("ix_certified_copy_incoming", "incoming_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id", name="fk_certified_copy_entry"))
    form: Mapped[str] = mapped_column(String(8))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_certified_copy_unit"))
    document_id: Mapped[int | None] = mapped_column(
        ForeignKey("official_document.id", name="fk_certified_copy_document")
    )
    incoming_id: Mapped[int | None] = mapped_column(
        ForeignKey("incoming_document.id", name="fk_certified_copy_incoming")
    )
    source_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", name="fk_certified_copy_source"))
    parts: Mapped[list[Any]] = mapped_column(JSON)
    number: Mapped[int]
    symbol: Mapped[str] = mapped_column(String(40))
    dated_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    content: Mapped[str] = mapped_column(Text, deferred=True)
    signer_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_certified_copy_signer"))
    status: Mapped[str] = mapped_column(String(16), default=rules.MAKING)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", name="fk_certified_copy_file"))
    pages: Mapped[int | None]
    error: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_certified_copy_maker"))
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    signed_on: Mapped[date | None]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_certified_copy_noter"))

    entry: Mapped[RegisterEntry] = relationship(lazy="selectin")
    unit: Mapped[Unit] = relationship(lazy="selectin")
    document: Mapped[OfficialDocument | None] = relationship(lazy="select")
    incoming: Mapped[IncomingDocument | None] = relationship(lazy="select")
    source_file: Mapped[StoredFile | None] = relationship(foreign_keys=[source_file_id], lazy="selectin")
    file: Mapped[StoredFile | None] = relationship(foreign_keys=[file_id], lazy="selectin")
    signer: Mapped[User] = relationship(User, foreign_keys=[signer_id], lazy="selectin")
    maker: Mapped[User] = relationship(User, foreign_keys=[made_by], lazy="selectin")

    def __str__(self) -> str:
        return reference(self.number, self.symbol)

    @property
    def state(self) -> str:
        """Where it stands, one of `rules.STATES`."""
        return rules.state_of(self.status, self.entry.state)


class RecallNotice(Base):
    """That a unit was told of the recall of a document, and what it said became of its copy there.

    Attributes:
        link_id: the recall.
        unit_id: who was told.
        how: one of `recalling.HOW`; None while nobody answered.
        said_by: who answered, at `said_at`.
    """

    __tablename__ = "recall_notice"
    __table_args__ = (
        UniqueConstraint("link_id", "unit_id", name="uq_recall_notice_unit"),
        CheckConstraint("how IS NULL OR how IN ('cancelled', 'returned', 'not_received')", name="ck_recall_notice_how"),
        CheckConstraint("(how IS NULL) = (said_by IS NULL)", name="ck_recall_notice_said"),
        Index("ix_recall_notice_unit", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("document_link.id", name="fk_recall_notice_link"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_recall_notice_unit"))
    how: Mapped[str | None] = mapped_column(String(16))
    said_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_recall_notice_user"))
    said_at: Mapped[datetime | None]

    link: Mapped[DocumentLink] = relationship(lazy="selectin")
    unit: Mapped[Unit] = relationship(lazy="selectin")
    speaker: Mapped[User | None] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return f"{self.link.earlier} - {self.unit.name_vi}"
