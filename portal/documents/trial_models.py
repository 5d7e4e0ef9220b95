"""Tables of trial prints: what templates look like with made-up data."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now


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
