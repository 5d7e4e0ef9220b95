"""How documents follow each other: what corrects, replaces, recalls, copies or extracts what; added, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, case, exists, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.db import Base, utc_now
from portal.documents.models import LONGEST_REASON, OfficialDocument, RegisterEntry

CORRECTS, REPLACES, RECALLS, COPIES, EXTRACTS = "corrects", "replaces", "recalls", "copies", "extracts"
KINDS = (CORRECTS, REPLACES, RECALLS, COPIES, EXTRACTS)
"""What a later document does to an earlier one (Decree 30/2020, articles 18 and 25)."""

CORRECTED, REPLACED, RECALLED = "corrected", "replaced", "recalled"
ENDING = f"kind IN ('{REPLACES}', '{RECALLS}') AND lapsed_at IS NULL"


class DocumentLink(Base):
    """One document follows another. Both are lines of registers, so that what was signed on paper can follow, too.

    Attributes:
        kind: one of `KINDS`.
        later_id: the line of what follows; None for a recall that was decided without a document of its own.
        earlier_id: the line of what it follows.
        reason: what was wrong, or why.
        lapsed_at: when what follows was sent back unsigned, so that it follows nothing; None while the link holds.
    """

    __tablename__ = "document_link"
    __table_args__ = (
        UniqueConstraint("kind", "later_id", "earlier_id", name="uq_document_link_pair"),
        CheckConstraint(f"kind IN ({', '.join(map(repr, KINDS))})", name="ck_document_link_kind"),
        CheckConstraint("later_id <> earlier_id", name="ck_document_link_itself"),
        CheckConstraint(f"later_id IS NOT NULL OR kind = '{RECALLS}'", name="ck_document_link_later"),
        Index(
            "uq_document_link_ended",
            "earlier_id",
            unique=True,
            sqlite_where=text(ENDING),
            postgresql_where=text(ENDING),
        ),
        Index("ix_document_link_earlier", "earlier_id", "kind"),
        Index("ix_document_link_later", "later_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    later_id: Mapped[int | None] = mapped_column(ForeignKey("register_entry.id", name="fk_document_link_later"))
    earlier_id: Mapped[int] = mapped_column(ForeignKey("register_entry.id", name="fk_document_link_earlier"))
    reason: Mapped[str] = mapped_column(String(LONGEST_REASON))
    made_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_document_link_user"))
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    lapsed_at: Mapped[datetime | None]

    later: Mapped[RegisterEntry | None] = relationship(foreign_keys=[later_id], lazy="selectin")
    earlier: Mapped[RegisterEntry] = relationship(foreign_keys=[earlier_id], lazy="selectin")
    maker: Mapped[User] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return f"{self.later or ''} {self.kind} {self.earlier}".strip()


if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


def _was(kind: str) -> ColumnElement[bool]:
    """Whether anything has done this to a document, in the statement that reads it."""
    line = exists().where(
        DocumentLink.kind == kind,
        DocumentLink.lapsed_at.is_(None),
        DocumentLink.earlier_id == RegisterEntry.id,
        RegisterEntry.document_id == OfficialDocument.id,
    )
    return line.correlate_except(DocumentLink, RegisterEntry)


OfficialDocument.fate = column_property(
    case((_was(RECALLS), RECALLED), (_was(REPLACES), REPLACED), (_was(CORRECTS), CORRECTED), else_=None)
)
