"""Tables of incoming documents: the book that numbers them, each arrival, its tasks and the notes on its handling."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, case, exists, func, or_, select
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from portal.db import Base, utc_now
from portal.definitions.decree import URGENCIES
from portal.documents.columns import day_text
from portal.documents.models import LONGEST_NAMES, LONGEST_NOTE, LONGEST_REASON, RegisterEntry
from portal.documents.rules import number_text
from portal.files import StoredFile
from portal.incoming import rules
from portal.tasks.models import Task
from portal.units.models import Unit

LONGEST_AUTHOR, LONGEST_TYPE, LONGEST_SUBJECT, LONGEST_CODE = 200, 100, 500, 100
"""Decree 30/2020, appendix VI: OrganName, TypeName, Subject; an identification code has no prescribed length."""

LONGEST_SYMBOL = 60
LONGEST_WORDS = 1000
LONGEST_KEY = 300
LONGEST_SEARCH = 1400


class ArrivalBook(Base):
    """The book of arrivals of a unit and a year: one series for paper and electronic (Decree 30/2020, article 22).

    Attributes:
        before_portal: the last number of the paper book that it continues; 0 where it begins with 01.
        opened_reason: why it does not begin with 01.
        last_number: the last one that was given, here or in the paper book.
    """

    __tablename__ = "arrival_book"
    __table_args__ = (
        UniqueConstraint("unit_id", "year", name="uq_arrival_book_year"),
        CheckConstraint("before_portal >= 0", name="ck_arrival_book_before_portal"),
        CheckConstraint("last_number >= before_portal", name="ck_arrival_book_last_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_arrival_book_unit"))
    year: Mapped[int]
    before_portal: Mapped[int] = mapped_column(default=0)
    opened_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    last_number: Mapped[int] = mapped_column(default=0)

    unit: Mapped[Unit] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return f"{self.year} - {self.unit.name_vi}"


class IncomingDocument(Base):
    """A document of somebody else that arrived. It is never deleted: corrected, or void with a reason.

    Where it stands follows from its tasks, notes and answer, in the statement that reads it.

    Attributes:
        number: the arrival number (số đến), once in its book.
        author: who issued it; `symbol` and `dated_on` as printed there.
        due_on: the last day on which it is dealt with in time.
        code: the identification code of an electronic document.
        same_key: what it has in common with another arrival of the same document, as `rules.same_key` says.
        again_reason: why it was registered although it seems to have arrived before.
        lead_unit_id: the unit that got it and deals with it; `recipient` is the person there, or who else got it.
        handed_on: when, and `received_by`, who signed for it.
        filed_on: when it was filed without an answer, and `filed_reason`, why.
        answer_id: the line of our own register that answers it, of the portal or on paper.
        version: counts changes; guards against overwriting each other.
    """

    __tablename__ = "incoming_document"
    __table_args__ = (
        UniqueConstraint("book_id", "number", name="uq_incoming_document_number"),
        CheckConstraint("number > 0", name="ck_incoming_document_number"),
        CheckConstraint(
            f"urgency IS NULL OR urgency IN ({', '.join(map(repr, URGENCIES.values()))})",
            name="ck_incoming_document_urgency",
        ),
        CheckConstraint("(filed_on IS NULL) = (filed_reason IS NULL)", name="ck_incoming_document_filed"),
        Index("ix_incoming_document_unit", "unit_id", "year"),
        Index("ix_incoming_document_lead", "lead_unit_id"),
        Index("ix_incoming_document_same", "unit_id", "same_key"),
        Index("ix_incoming_document_code", "unit_id", "code"),
        Index("ix_incoming_document_answer", "answer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("arrival_book.id", name="fk_incoming_document_book"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id", name="fk_incoming_document_unit"))
    year: Mapped[int]
    number: Mapped[int]
    arrived_on: Mapped[date]
    author: Mapped[str] = mapped_column(String(LONGEST_AUTHOR))
    symbol: Mapped[str] = mapped_column(String(LONGEST_SYMBOL))
    dated_on: Mapped[date]
    type_name: Mapped[str] = mapped_column(String(LONGEST_TYPE))
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    urgency: Mapped[str | None] = mapped_column(String(16))
    due_on: Mapped[date | None]
    code: Mapped[str | None] = mapped_column(String(LONGEST_CODE))
    remark: Mapped[str | None] = mapped_column(String(LONGEST_NOTE))
    same_key: Mapped[str] = mapped_column(String(LONGEST_KEY))
    again_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id", name="fk_incoming_document_lead_unit"))
    recipient: Mapped[str | None] = mapped_column(String(LONGEST_NAMES))
    handed_on: Mapped[date | None]
    received_by: Mapped[str | None] = mapped_column(String(LONGEST_NAMES))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id", name="fk_incoming_document_file"))
    filed_on: Mapped[date | None]
    filed_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("register_entry.id", name="fk_incoming_document_answer"))
    void_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    registered_by: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_incoming_document_user"))
    registered_at: Mapped[datetime] = mapped_column(default=utc_now)
    version: Mapped[int] = mapped_column(default=1)
    search: Mapped[str] = mapped_column(String(LONGEST_SEARCH))

    if TYPE_CHECKING:  # further down, for they look at other tables
        state: Mapped[str]
        last_note: Mapped[str | None]

    book: Mapped[ArrivalBook] = relationship(lazy="selectin")
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="selectin")
    lead_unit: Mapped[Unit | None] = relationship(foreign_keys=[lead_unit_id], lazy="selectin")
    file: Mapped[StoredFile | None] = relationship(lazy="selectin")
    answer: Mapped[RegisterEntry | None] = relationship(lazy="selectin")
    registrar: Mapped[User] = relationship(User, lazy="selectin")

    def __str__(self) -> str:
        return f"{number_text(self.number)}/{self.year}"

    @property
    def title(self) -> str:
        """Type and subject, column 6 of the register."""
        return f"{self.type_name} {self.subject}"

    @property
    def document(self) -> str:
        """Type, number, symbol, date and author, column 2 of the book that follows the handling."""
        return f"{self.type_name} số {self.symbol} ngày {day_text(self.dated_on)} của {self.author}"


class IncomingTask(Base):
    """A task that was made of an arrival; one arrival may be several tasks."""

    __tablename__ = "incoming_task"
    __table_args__ = (
        UniqueConstraint("task_id", name="uq_incoming_task_task"),
        Index("ix_incoming_task_incoming", "incoming_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_document.id", name="fk_incoming_task_incoming"))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", name="fk_incoming_task_task"))

    task: Mapped[Task] = relationship(lazy="selectin")


class IncomingNote(Base):
    """What somebody said of how far the handling of an arrival is."""

    __tablename__ = "incoming_note"
    __table_args__ = (Index("ix_incoming_note_incoming", "incoming_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incoming_id: Mapped[int] = mapped_column(ForeignKey("incoming_document.id", name="fk_incoming_note_incoming"))
    words: Mapped[str] = mapped_column(String(LONGEST_WORDS))
    author_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", name="fk_incoming_note_author"))
    noted_at: Mapped[datetime] = mapped_column(default=utc_now)

    author: Mapped[User] = relationship(User, lazy="selectin")


_mine = IncomingTask.incoming_id == IncomingDocument.id
_has_task = exists().where(_mine).correlate_except(IncomingTask)
_has_open = exists().where(_mine, IncomingTask.task_id == Task.id, Task.completed_on.is_(None))
_has_begun = exists().where(_mine, IncomingTask.task_id == Task.id, Task.assigned_at.is_not(None))
_has_note = exists().where(IncomingNote.incoming_id == IncomingDocument.id).correlate_except(IncomingNote)

IncomingDocument.state = column_property(
    case(
        (IncomingDocument.void_reason.is_not(None), rules.VOID),
        (IncomingDocument.answer_id.is_not(None), rules.ANSWERED),
        (IncomingDocument.filed_on.is_not(None), rules.FILED),
        (_has_task & ~_has_open.correlate_except(IncomingTask, Task), rules.DONE),
        (or_(_has_begun.correlate_except(IncomingTask, Task), _has_note), rules.IN_PROGRESS),
        (or_(_has_task, IncomingDocument.lead_unit_id.is_not(None)), rules.ASSIGNED),
        else_=rules.NEW,
    )
)
_latest = select(func.max(IncomingNote.id)).where(IncomingNote.incoming_id == IncomingDocument.id)
IncomingDocument.last_note = column_property(
    select(IncomingNote.words)
    .where(IncomingNote.id == _latest.correlate(IncomingDocument).scalar_subquery())
    .correlate_except(IncomingNote)
    .scalar_subquery()
)
