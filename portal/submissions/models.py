"""Tables of submissions: the draft, its authors, its files, and the frozen versions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.approvals.models import ApprovalCase
from portal.db import Base, utc_now
from portal.definitions.models import Definition
from portal.files import StoredFile
from portal.units.models import Unit


class Submission(Base):
    """What a unit hands in for a window of time. Its state is its case's; without a case it is a draft.

    `edition` counts saves, so that two people typing at once do not overwrite each other.
    """

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint("window_to >= window_from", name="ck_submission_window"),
        UniqueConstraint("case_id", name="uq_submission_case"),
        Index("ix_submission_unit_window", "unit_id", "window_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_submission_unit"))
    form_id: Mapped[int] = mapped_column(ForeignKey("definition.id", name="fk_submission_form"))
    title: Mapped[str] = mapped_column(String(300))
    period: Mapped[str] = mapped_column(String(16))
    window_from: Mapped[date]
    window_to: Mapped[date]
    values: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unread: Mapped[dict[str, Any]] = mapped_column(default=dict)
    edition: Mapped[int] = mapped_column(default=0)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("approval_case.id", name="fk_submission_case"))
    created_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_submission_creator"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    search: Mapped[str] = mapped_column(String(700), default="")

    unit: Mapped[Unit] = relationship(lazy="selectin")
    form: Mapped[Definition] = relationship(lazy="selectin")
    case: Mapped[ApprovalCase | None] = relationship(lazy="selectin")
    creator: Mapped[User] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return self.title


class SubmissionAuthor(Base):
    """Who drafted: everyone who ever saved a value; none of them may decide on it."""

    __tablename__ = "submission_author"
    __table_args__ = (UniqueConstraint("submission_id", "user_id", name="uq_submission_author"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", name="fk_submission_author_submission"))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_submission_author_user"))


class SubmissionFile(Base):
    """A file attached to a field of a submission; values refer to it by its identity here."""

    __tablename__ = "submission_file"
    __table_args__ = (Index("ix_submission_file_submission", "submission_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", name="fk_submission_file_submission"))
    field: Mapped[str] = mapped_column(String(64))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", name="fk_submission_file_file"))

    file: Mapped[StoredFile] = relationship(lazy="selectin")


class SubmissionVersion(Base):
    """One frozen round: canonical JSON and its SHA-256. Triggers refuse a change."""

    __tablename__ = "submission_version"
    __table_args__ = (UniqueConstraint("submission_id", "round", name="uq_submission_version_round"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submission.id", name="fk_submission_version_submission"))
    round: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_submission_version_user"))
    submitted_at: Mapped[datetime] = mapped_column(default=utc_now)

    author: Mapped[User] = relationship(User, lazy="selectin")
