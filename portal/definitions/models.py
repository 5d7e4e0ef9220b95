"""The table of low-code data, all kinds in one, versioned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, utc_now

KINDS = ("form", "chain", "document", "calendar")
DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"


class Definition(Base):
    """One version of a form, a chain, a document template or a working calendar.

    A published body never changes: a trigger refuses the write, and `sha256` shows it.
    """

    __tablename__ = "definition"
    __table_args__ = (
        CheckConstraint("kind IN ('form', 'chain', 'document', 'calendar')", name="ck_definition_kind"),
        CheckConstraint("status IN ('draft', 'published', 'retired')", name="ck_definition_status"),
        CheckConstraint("(status = 'draft') = (published_at IS NULL)", name="ck_definition_published_at"),
        UniqueConstraint("kind", "key", "version", name="uq_definition_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default=DRAFT)
    body: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    published_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}"
