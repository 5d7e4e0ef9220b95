"""Tables of tasks: where they come from, what makes them clear, who does them, how far they are."""

from __future__ import annotations

from datetime import date, datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.security import today
from portal.tasks import rules
from portal.units.models import Unit

LONGEST_EVIDENCE = 500
LONGEST_SOURCE_KEY, LONGEST_TASK_KEY = 900, 1200
"""How many characters of the keys by which they are found are stored."""

task_cooperation = Table(
    "task_cooperation",
    Base.metadata,
    Column("task_id", ForeignKey("task.id", name="fk_task_cooperation_task", ondelete="CASCADE"), primary_key=True),
    Column("unit_id", ForeignKey("unit.id", name="fk_task_cooperation_unit"), primary_key=True),
)


class SourceDocument(Base):
    """A document of a superior that assigns tasks, such as plan 2433/KH-UBND."""

    __tablename__ = "source_document"
    __table_args__ = (UniqueConstraint("issuer", "year", "symbol", name="uq_source_document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    symbol: Mapped[str] = mapped_column(String(60))
    issuer: Mapped[str] = mapped_column(String(200))
    year: Mapped[int]
    issued_on: Mapped[date | None]
    subject: Mapped[str] = mapped_column(String(500))
    search: Mapped[str] = mapped_column(String(LONGEST_SOURCE_KEY))

    def __str__(self) -> str:
        return self.symbol


class ClarityProfile(Base):
    """A set of "rõ" facets that a task must show before it is assigned; sets of 5, 6 and 7 are in use."""

    __tablename__ = "clarity_profile"
    __table_args__ = (UniqueConstraint("code", name="uq_clarity_profile_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24))
    name_vi: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    facets: Mapped[list[str]]

    def __str__(self) -> str:
        return self.name_vi


class Task(Base):
    """An assignment to a unit. Its status is computed from its dates, never typed."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(
            "deadline_kind IN ('before', 'by', 'within_month', 'recurring', 'none')", name="ck_task_deadline_kind"
        ),
        CheckConstraint(
            "(deadline_kind IN ('before', 'by', 'within_month')) = (deadline_on IS NOT NULL)",
            name="ck_task_deadline_on",
        ),
        CheckConstraint("(completed_on IS NULL) = (evidence IS NULL)", name="ck_task_evidence_if_completed"),
        Index("ix_task_lead", "lead_unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(500))
    objective: Mapped[str | None] = mapped_column(String(500))
    product: Mapped[str | None] = mapped_column(String(500))
    expected_result: Mapped[str | None] = mapped_column(String(500))
    authority: Mapped[str | None] = mapped_column(String(200))
    profile_id: Mapped[int] = mapped_column(ForeignKey("clarity_profile.id", name="fk_task_profile"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source_document.id", name="fk_task_source"))
    lead_unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_task_lead_unit"))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_task_leader"))
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_task_officer"))
    standing: Mapped[bool] = mapped_column(default=False)
    starts_on: Mapped[date | None]
    deadline_kind: Mapped[str] = mapped_column(String(16))
    deadline_on: Mapped[date | None]
    due_on: Mapped[date | None]
    assigned_at: Mapped[datetime | None]
    completed_on: Mapped[date | None]
    evidence: Mapped[str | None] = mapped_column(String(LONGEST_EVIDENCE))
    version: Mapped[int] = mapped_column(default=0)
    search: Mapped[str] = mapped_column(String(LONGEST_TASK_KEY))

    profile: Mapped[ClarityProfile] = relationship(lazy="selectin")
    source: Mapped[SourceDocument | None] = relationship(lazy="selectin")
    lead_unit: Mapped[Unit] = relationship(lazy="selectin")
    cooperating: Mapped[list[Unit]] = relationship(secondary=task_cooperation, lazy="selectin")
    leader: Mapped[User | None] = relationship(User, foreign_keys=[leader_id], lazy="selectin")
    officer: Mapped[User | None] = relationship(User, foreign_keys=[officer_id], lazy="selectin")

    def __str__(self) -> str:
        return self.title

    def status_on(self, day: date) -> rules.Status:
        """Where it stands on a day."""
        return rules.status(
            assigned=self.assigned_at is not None,
            standing=self.standing,
            due_on=self.due_on,
            completed_on=self.completed_on,
            on=day,
        )

    @property
    def status(self) -> str:
        """Where it stands today."""
        return self.status_on(today()).value


class ProgressNote(Base):
    """What a unit says of a task for one week; the week is its Monday."""

    __tablename__ = "task_progress"
    __table_args__ = (UniqueConstraint("task_id", "week", name="uq_task_progress_week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", name="fk_task_progress_task"))
    week: Mapped[date]
    note: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_task_progress_author"))
    noted_at: Mapped[datetime] = mapped_column(default=utc_now)

    author: Mapped[User] = relationship(User, lazy="selectin")
