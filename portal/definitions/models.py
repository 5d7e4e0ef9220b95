"""The table of low-code data, all kinds in one, versioned."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, utc_now

KINDS = ("form", "document", "calendar", "chain", "schedule")
"""Each kind names only those before it."""

DRAFT, PUBLISHED, RETIRED = "draft", "published", "retired"

NOT_NUMBERED = 0
"""The version of a draft: it gets its number when it is published, so a key has one draft at most."""

LONGEST_NOTE = 1000


class Definition(Base):
    """One version of a form, a chain, a document template, a working calendar or a schedule of reports.

    A published body never changes: a trigger refuses the write, and `sha256` shows it.

    Attributes:
        name: what its body calls itself, in both languages; so that lists need not read bodies.
        edition: counts the changes of a draft, so that two who edit at once do not overwrite each other.
        based_on: the version that a draft was begun from; None for one that began from nothing.
        authors: sign-in names of everybody who wrote in the draft; none of them is its second person.
        note: why there is this version.
        proposed_by: who asks a second person to publish the draft; nobody edits it meanwhile.
        objection: why the second person gave the draft back; empty where nobody did.
    """

    __tablename__ = "definition"
    __table_args__ = (
        CheckConstraint("kind IN ('form', 'document', 'calendar', 'chain', 'schedule')", name="ck_definition_kind"),
        CheckConstraint("status IN ('draft', 'published', 'retired')", name="ck_definition_status"),
        CheckConstraint("(status = 'draft') = (published_at IS NULL)", name="ck_definition_published_at"),
        CheckConstraint("(status = 'draft') = (version = 0)", name="ck_definition_numbered"),
        CheckConstraint("(status = 'retired') = (retired_at IS NOT NULL)", name="ck_definition_retired_at"),
        CheckConstraint("proposed_by IS NULL OR status = 'draft'", name="ck_definition_proposed"),
        UniqueConstraint("kind", "key", "version", name="uq_definition_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(16), default=DRAFT)
    name: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
    shipped: Mapped[bool] = mapped_column(default=False)
    edition: Mapped[int] = mapped_column(default=1)
    based_on: Mapped[int | None]
    authors: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[str] = mapped_column(Text, default="")
    created_by: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    proposed_by: Mapped[str | None] = mapped_column(String(128))
    objection: Mapped[str] = mapped_column(Text, default="")
    published_by: Mapped[str | None] = mapped_column(String(128))
    published_at: Mapped[datetime | None]
    retired_by: Mapped[str | None] = mapped_column(String(128))
    retired_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return f"{self.key} v{self.version}" if self.version else self.key

    @property
    def is_draft(self) -> bool:
        """Whether it is still being written."""
        return self.status == DRAFT


def names_in(kind: str, body: Any) -> dict[str, Any]:
    """What a body calls itself, however little of it can be read.

    Args:
        kind: one of `KINDS`.
        body: plain values of any shape.

    Returns:
        texts by language, only those that are there; cut to what a list shows.
    """
    holder = body.get("metadata") if kind == "document" and isinstance(body, dict) else body
    said = holder.get("name") if isinstance(holder, dict) else None
    said = said if isinstance(said, dict) else {}
    return {language: said[language][:200] for language in ("vi", "en") if isinstance(said.get(language), str)}
