"""Tables of submissions: the draft, its authors, its files, and the frozen versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from portal.approvals.models import ApprovalCase
from portal.db import Base, utc_now
from portal.definitions.models import Definition
from portal.documents.models import LONGEST_REASON, OfficialDocument
from portal.files import StoredFile
from portal.previews import FilePreview
from portal.tasks.models import Task
from portal.units.models import Unit
from workflows.periods import Period, PeriodKind

OPEN_STATUSES = ("draft", "returned", "recalled")
REDOES = "redoes"
"""What a draft does to a document that was sent back unsigned, besides what links between documents say."""

GIVEN_UP = ("rejected", "withdrawn", "cancelled")
"""The states after which the unit may report on the same period anew."""


class Submission(Base):
    """What a unit hands in for a window of time. Its state is its case's; without a case it is a draft.

    `edition` counts saves, so that two people typing at once do not overwrite each other. `chosen` are the accounts
    picked for steps of the chain that want it, by `stage.step`; `answers` are those to comments, by their numbers.
    `task` is what it is about, where it is about one task. `begun_name` is what its first answers were taken from, such
    as a list of who is late, by its name of then; `begun_kind` and `begun_key` lead there. `follows` is the document
    that it corrects, replaces or redoes, as `follows_kind` says, for `follows_reason`; triggers keep all three.
    """

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint("window_to >= window_from", name="ck_submission_window"),
        CheckConstraint(
            "(follows_id IS NULL) = (follows_kind IS NULL) AND (follows_id IS NULL) = (follows_reason IS NULL)",
            name="ck_submission_follows",
        ),
        CheckConstraint(
            "COALESCE(follows_kind, 'redoes') IN ('corrects', 'replaces', 'redoes')", name="ck_submission_follows_kind"
        ),
        UniqueConstraint("case_id", name="uq_submission_case"),
        Index("ix_submission_follows", "follows_id"),
        Index("ix_submission_changed", "changed_at", "id"),
        Index("ix_submission_unit_period", "unit_id", "form_key", "period_kind", "period_year", "period_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_submission_unit"))
    form_id: Mapped[int] = mapped_column(ForeignKey("definition.id", name="fk_submission_form"))
    title: Mapped[str] = mapped_column(String(300))
    form_key: Mapped[str] = mapped_column(String(64))
    period_kind: Mapped[str] = mapped_column(String(16))
    period_year: Mapped[int]
    period_number: Mapped[int]
    window_from: Mapped[date]
    window_to: Mapped[date]
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unread: Mapped[dict[str, Any]] = mapped_column(default=dict)
    chosen: Mapped[dict[str, Any]] = mapped_column(default=dict)
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    edition: Mapped[int] = mapped_column(default=0)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("approval_case.id", name="fk_submission_case"))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id", name="fk_submission_task"))
    begun_kind: Mapped[str | None] = mapped_column(String(32))
    begun_key: Mapped[str | None] = mapped_column(String(130))
    begun_name: Mapped[str | None] = mapped_column(String(300))
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("official_document.id", name="fk_submission_follows"))
    follows_kind: Mapped[str | None] = mapped_column(String(16))
    follows_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    created_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_submission_creator"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    search: Mapped[str] = mapped_column(String(700), default="")

    unit: Mapped[Unit] = relationship(lazy="selectin")
    form: Mapped[Definition] = relationship(lazy="selectin")
    case: Mapped[ApprovalCase | None] = relationship(lazy="selectin")
    task: Mapped[Task | None] = relationship()
    follows: Mapped[OfficialDocument | None] = relationship()
    creator: Mapped[User] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return self.title

    @property
    def period(self) -> Period:
        """The reporting period it covers."""
        return Period(PeriodKind(self.period_kind), self.period_year, self.period_number)

    @property
    def is_open(self) -> bool:
        """Whether its unit may still write in it: before the first round, and after a return or recall."""
        return self.case_status in OPEN_STATUSES

    @property
    def case_status(self) -> str:
        """Where it is: its case's status; `draft` before there is one."""
        return self.case.status if self.case else "draft"


class SubmissionAuthor(Base):
    """Who drafted: everyone who ever saved a value; none of them may decide on it."""

    __tablename__ = "submission_author"
    __table_args__ = (UniqueConstraint("submission_id", "user_id", name="uq_submission_author"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", name="fk_submission_author_submission"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_submission_author_user"))


class SubmissionFile(Base):
    """A file attached to a field of a submission; values refer to it by its identity here.

    Taken off a draft it is only marked, for earlier rounds still show it.
    """

    __tablename__ = "submission_file"
    __table_args__ = (Index("ix_submission_file_submission", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", name="fk_submission_file_submission"))
    field: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", name="fk_submission_file_file"))
    removed_at: Mapped[datetime | None]

    file: Mapped[StoredFile] = relationship(lazy="selectin")
    preview: Mapped[FilePreview | None] = relationship(
        secondary=StoredFile.__table__,
        primaryjoin=lambda: SubmissionFile.file_id == StoredFile.id,
        secondaryjoin=lambda: StoredFile.sha256 == foreign(FilePreview.sha256),
        viewonly=True,
        lazy="selectin",
    )


class SubmissionVersion(Base):
    """The frozen content of a round: canonical JSON and its SHA-256. Triggers refuse a change.

    `correction` is 0 for what was submitted; what reviewers made of it in the round is counted from 1.
    """

    __tablename__ = "submission_version"
    __table_args__ = (UniqueConstraint("submission_id", "round", "correction", name="uq_submission_version_round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", name="fk_submission_version_submission"))
    round: Mapped[int]
    correction: Mapped[int] = mapped_column(default=0)
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_submission_version_user"))
    submitted_at: Mapped[datetime] = mapped_column(default=utc_now)

    author: Mapped[User] = relationship(User, lazy="selectin")
