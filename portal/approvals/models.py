"""Tables of cases: the event log that is their truth, and what is read off it for lists and worklists."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, utc_now
from portal.definitions.models import Definition
from portal.units.models import Post, Unit

LONGEST_SLOT = 96
"""A step's key, and whose of its slots it is."""


class ApprovalCase(Base):
    """One run of a chain on one subject. `version` counts accepted actions; every write is conditional on it.

    Triggers see to it that a case that is over has no open items, and gets none.
    `due_at` is when the first running budget of the present stage ends, `next_rung_at` when somebody is reminded next.
    """

    __tablename__ = "approval_case"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'in_review', 'suspended', 'returned', 'recalled', 'approved', 'rejected', "
            "'withdrawn', 'cancelled')",
            name="ck_approval_case_status",
        ),
        CheckConstraint(
            "(status IN ('in_review', 'suspended')) = (stage IS NOT NULL)", name="ck_approval_case_stage_if_in_review"
        ),
        UniqueConstraint("subject_kind", "subject_id", name="uq_approval_case_subject"),
        Index("ix_approval_case_unit", "unit_id", "status"),
        Index("ix_approval_case_changed", "changed_at", "id"),
        Index("ix_approval_case_rung", "next_rung_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_approval_case_unit"))
    definition_id: Mapped[int] = mapped_column(ForeignKey("definition.id", name="fk_approval_case_definition"))
    initiator_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_case_initiator"))
    status: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str | None] = mapped_column(String(64))
    round: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_at: Mapped[datetime | None]
    next_rung_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(lazy="selectin")
    definition: Mapped[Definition] = relationship(lazy="selectin")
    initiator: Mapped[User] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return self.title


class CaseEvent(Base):
    """What happened to a case, past tense; replaying a case's events gives the case. Triggers refuse a change.

    Nobody is the actor of what the portal itself does.
    """

    __tablename__ = "approval_event"
    __table_args__ = (UniqueConstraint("case_id", "seq", name="uq_approval_event_seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id", name="fk_approval_event_case"))
    seq: Mapped[int]
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[dict[str, Any]]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_event_actor"))
    at: Mapped[datetime]


class WorkItem(Base):
    """One person's pending piece of work, and afterwards the record that it was offered to him."""

    __tablename__ = "approval_work_item"
    __table_args__ = (
        CheckConstraint("status IN ('open', 'parked', 'decided', 'closed')", name="ck_approval_work_item_status"),
        CheckConstraint("role IN ('decide', 'advise')", name="ck_approval_work_item_role"),
        CheckConstraint("(status IN ('open', 'parked')) = (closed_at IS NULL)", name="ck_approval_work_item_closed_at"),
        UniqueConstraint("case_id", "number", name="uq_approval_work_item_number"),
        Index(
            "uq_approval_work_item_open",
            "case_id",
            "step",
            "user_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_approval_work_item_worklist", "user_id", "status"),
        Index("ix_approval_work_item_reached", "unit_id", "case_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id", name="fk_approval_work_item_case"))
    number: Mapped[int]
    entry: Mapped[int]
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(64))
    slot: Mapped[str] = mapped_column(String(LONGEST_SLOT))
    role: Mapped[str] = mapped_column(String(8))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_work_item_user"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_approval_work_item_post"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_approval_work_item_unit"))
    status: Mapped[str] = mapped_column(String(16))
    claimed: Mapped[bool]
    until: Mapped[str | None] = mapped_column(String(LONGEST_SLOT))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_work_item_instead_of"))
    mandate_id: Mapped[int | None] = mapped_column(
        ForeignKey("standing_delegation.id", name="fk_approval_work_item_mandate")
    )
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_work_item_added_by"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    case: Mapped[ApprovalCase] = relationship(lazy="selectin")
    user: Mapped[User] = relationship(User, lazy="selectin", foreign_keys=[user_id])
    post: Mapped[Post] = relationship(lazy="selectin")


class CaseDecision(Base):
    """A recorded verdict or opinion with its reason, its author in his post, and the content it covered.

    It is never deleted; `instead_of_id` is the person in whose place a delegate decided. A person decides once in each
    `entry`: a round enters a stage anew when somebody returned the case to it. `covered` holds the hashes of
    the sections it is about; `kept_from` is the item whose approval stays in a later round, with its author and time.
    """

    __tablename__ = "approval_decision"
    __table_args__ = (
        CheckConstraint("verdict IN ('approve', 'return', 'reject', 'advise')", name="ck_approval_decision_verdict"),
        UniqueConstraint("case_id", "item", name="uq_approval_decision_item"),
        UniqueConstraint("case_id", "entry", "slot", name="uq_approval_decision_slot"),
        Index(
            "uq_approval_decision_person",
            "case_id",
            "entry",
            "user_id",
            unique=True,
            sqlite_where=text("verdict <> 'advise'"),
            postgresql_where=text("verdict <> 'advise'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id", name="fk_approval_decision_case"))
    item: Mapped[int]
    entry: Mapped[int]
    round: Mapped[int]
    stage: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(64))
    slot: Mapped[str] = mapped_column(String(LONGEST_SLOT))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_decision_user"))
    instead_of_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_decision_instead_of"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_approval_decision_post"))
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    returned_to: Mapped[str | None] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    covered: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kept_from: Mapped[int | None]
    at: Mapped[datetime]

    user: Mapped[User] = relationship(User, lazy="selectin", foreign_keys=[user_id])
    post: Mapped[Post] = relationship(lazy="selectin")


class StandingDelegation(Base):
    """Somebody stands in for the holder of a post, from one day to another, for all of his work or for some of it.

    `absence` says that the holder is away meanwhile; he may decide nevertheless. `step` is `chain.stage.step`. What is
    revoked is over at once; nothing is deleted, for the record of a decision names it.
    """

    __tablename__ = "standing_delegation"
    __table_args__ = (
        CheckConstraint("kind IN ('delegation', 'absence')", name="ck_standing_delegation_kind"),
        CheckConstraint("valid_to >= valid_from", name="ck_standing_delegation_life"),
        CheckConstraint("principal_id <> delegate_id", name="ck_standing_delegation_not_oneself"),
        CheckConstraint(
            "(revoked_by IS NULL) = (revoked_at IS NULL)", name="ck_standing_delegation_revoked_by_somebody"
        ),
        Index("ix_standing_delegation_life", "valid_to", "valid_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    principal_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_standing_delegation_principal"))
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", name="fk_standing_delegation_post"))
    delegate_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_standing_delegation_delegate"))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    form_key: Mapped[str | None] = mapped_column(String(64))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", name="fk_standing_delegation_unit"))
    step: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    granted_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_standing_delegation_granted_by"))
    granted_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_standing_delegation_revoked_by"))
    revoked_at: Mapped[datetime | None]

    principal: Mapped[User] = relationship(User, lazy="selectin", foreign_keys=[principal_id])
    delegate: Mapped[User] = relationship(User, lazy="selectin", foreign_keys=[delegate_id])
    post: Mapped[Post] = relationship(lazy="selectin")
    unit: Mapped[Unit | None] = relationship(lazy="selectin")


class BegunDay(Base):
    """A day whose changes of posts and delegations were seen to."""

    __tablename__ = "begun_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Notice(Base):
    """What somebody was told of a case; `item` is the piece of work it is about, where it is about one."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_reader", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_notice_user"))
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id", name="fk_notice_case"))
    kind: Mapped[str] = mapped_column(String(16))
    item: Mapped[int | None]
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Digest(Base):
    """A day whose mails were owed."""

    __tablename__ = "digest"

    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class CommentDraft(Base):
    """A comment on a place of what is under review, which only its author sees until he decides."""

    __tablename__ = "approval_comment_draft"
    __table_args__ = (
        UniqueConstraint("case_id", "user_id", "round", "anchor", name="uq_approval_comment_draft_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("approval_case.id", name="fk_approval_comment_draft_case"))
    round: Mapped[int]
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_approval_comment_draft_user"))
    anchor: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
