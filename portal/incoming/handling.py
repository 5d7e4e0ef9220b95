"""Dealing with what arrived: notes, tasks made of it, filing, and the document of ours that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.documents.finding import seen_lines
from portal.documents.keeping import said
from portal.documents.models import LONGEST_REASON, RegisterEntry
from portal.incoming import rules
from portal.incoming.models import LONGEST_WORDS, IncomingDocument, IncomingNote, IncomingTask
from portal.incoming.service import recorded, scope, take
from portal.tasks import drafting
from portal.tasks.drafting import Draft
from portal.tasks.models import SourceDocument, Task
from portal.tasks.service import scope as task_scope
from portal.units.models import Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor


@dataclass(frozen=True)
class MadeTask:
    """A task that was made of an arrival.

    Attributes:
        task: the task itself.
        is_seen: whether the reader may open it.
    """

    task: Task
    is_seen: bool


@dataclass(frozen=True)
class Asked:
    """What a task is to be, as it is typed on the page of an arrival.

    Attributes:
        title: what is to be done.
        profile_id: the clarity profile.
        lead_unit_id: the unit in the lead.
        due_on: the last valid day; None without a deadline.
    """

    title: str
    profile_id: int | None
    lead_unit_id: int | None
    due_on: date | None


def note(session: Session, actor: Actor, key: int, *, version: int, words: str) -> IncomingDocument:
    """Say how far the handling is.

    Args:
        session: the caller's transaction.
        actor: who says so.
        key: of which arrival.
        version: the version he saw.
        words: how far.

    Raises:
        Refusal: `note_required`, or as `take` or a text is refused.
    """
    text = said(words, "note_required", LONGEST_WORDS)
    incoming = take(session, actor, key, version, keeps=False)
    session.add(IncomingNote(incoming_id=incoming.id, words=text, author_id=actor.user_id))
    return _read_anew(session, recorded(session, actor, incoming, "arrival_progress_noted", {"note": text}))


def make_task(session: Session, actor: Actor, key: int, asked: Asked, *, version: int) -> Task:
    """Draft a task of an arrival: its source, the unit in the lead and the deadline are those of the document.

    Whoever deals with the arrival drafts for the unit that it was handed to, or for a unit of his own. The unit in
    the lead completes the draft and assigns it.

    Args:
        session: the caller's transaction.
        actor: who drafts.
        key: of which arrival.
        asked: what the task is to be.
        version: the version he saw.

    Raises:
        Refusal: `no_such_unit`, `not_its_unit`, `no_such_profile`, or as `take` or a task is refused.
    """
    incoming = take(session, actor, key, version, keeps=False)
    unit = session.get(Unit, asked.lead_unit_id) if asked.lead_unit_id else None
    if unit is None:
        raise Refusal("no_such_unit")
    if unit.id != incoming.lead_unit_id and unit.id not in actor.reach and not actor.sees_everything:
        raise Refusal("not_its_unit", {"unit": unit.name})
    source = drafting.source_of(session, actor, _source(incoming))
    task = drafting.draft(session, actor, Draft(asked.title, asked.profile_id, unit, asked.due_on), source)
    session.add(IncomingTask(incoming_id=incoming.id, task_id=task.id))
    recorded(session, actor, incoming, "arrival_made_task", {"task": task.id, "title": task.title})
    _read_anew(session, incoming)
    return task


def _source(incoming: IncomingDocument) -> SourceDocument:
    """The document as tasks know it; one without a number is told from others by its arrival."""
    numbered = rules.read_symbol(incoming.symbol).number
    symbol = incoming.symbol if numbered else f"{incoming.symbol} (đến số {incoming})"
    dated = {"year": incoming.dated_on.year, "issued_on": incoming.dated_on}
    return SourceDocument(symbol=symbol, issuer=incoming.author, subject=incoming.subject, **dated)


def file_away(session: Session, actor: Actor, key: int, *, version: int, reason: str, on: date) -> IncomingDocument:
    """Close an arrival that needs no answer.

    Args:
        session: the caller's transaction.
        actor: who closes it.
        key: which arrival.
        version: the version he saw.
        reason: why nothing more is to be done.
        on: today.

    Raises:
        Refusal: `reason_required`, `arrival_settled`, or as `take` or a text is refused.
    """
    why = said(reason, "reason_required", LONGEST_REASON)
    incoming = _take_unsettled(session, actor, key, version)
    incoming.filed_on, incoming.filed_reason = on, why
    return _read_anew(session, recorded(session, actor, incoming, "arrival_filed", {"reason": why}))


def answer(session: Session, actor: Actor, key: int, entry_id: int | None, *, version: int) -> IncomingDocument:
    """Link an arrival to the document of ours that answers it, of the portal or signed on paper.

    Args:
        session: the caller's transaction.
        actor: who links it.
        key: which arrival.
        entry_id: the line of the register of outgoing documents.
        version: the version he saw.

    Raises:
        Refusal: `no_such_answer`, there is none or he may not see it; `answer_before_question`; `arrival_settled`; or
            as `take` refuses.
    """
    incoming = _take_unsettled(session, actor, key, version)
    seen = select(RegisterEntry).where(RegisterEntry.id == (entry_id or 0), seen_lines(actor))
    entry = session.scalar(seen)
    if entry is None:
        raise Refusal("no_such_answer")
    if entry.dated_on is not None and entry.dated_on < incoming.dated_on:
        raise Refusal("answer_before_question", {"symbol": str(entry)})
    incoming.answer_id = entry.id
    return _read_anew(session, recorded(session, actor, incoming, "arrival_answered", {"answer": str(entry)}))


def take_up_again(session: Session, actor: Actor, key: int, *, version: int, reason: str) -> IncomingDocument:
    """Take back that an arrival was filed or answered; the log keeps what was linked.

    Args:
        session: the caller's transaction.
        actor: who takes it up.
        key: which arrival.
        version: the version he saw.
        reason: why.

    Raises:
        Refusal: `reason_required`, `arrival_not_settled`, or as `take` or a text is refused.
    """
    why = said(reason, "reason_required", LONGEST_REASON)
    incoming = take(session, actor, key, version, keeps=False)
    if incoming.answer_id is None and incoming.filed_on is None:
        raise Refusal("arrival_not_settled")
    former = {"answer": str(incoming.answer or ""), "filed_reason": incoming.filed_reason}
    incoming.answer_id = incoming.filed_on = incoming.filed_reason = None
    return _read_anew(session, recorded(session, actor, incoming, "arrival_taken_up", {"reason": why, **former}))


def _take_unsettled(session: Session, actor: Actor, key: int, version: int) -> IncomingDocument:
    incoming = take(session, actor, key, version, keeps=False)
    if incoming.answer_id is not None or incoming.filed_on is not None:
        raise Refusal("arrival_settled")
    return incoming


def _read_anew(session: Session, incoming: IncomingDocument) -> IncomingDocument:
    """Where it stands follows from other rows, too."""
    session.flush()
    session.refresh(incoming)
    return incoming


# -- what is read ----------------------------------------------------------------------------------------------


def notes_of(session: Session, incoming: IncomingDocument) -> Sequence[IncomingNote]:
    """What was said of the handling, the latest first."""
    mine = select(IncomingNote).where(IncomingNote.incoming_id == incoming.id)
    return session.scalars(mine.order_by(IncomingNote.id.desc())).all()


def tasks_of(session: Session, actor: Actor, incoming: IncomingDocument) -> list[MadeTask]:
    """The tasks that were made of an arrival, in order; of each, whether the actor may open it."""
    mine = select(Task, task_scope(actor)).join(IncomingTask, IncomingTask.task_id == Task.id)
    rows = session.execute(mine.where(IncomingTask.incoming_id == incoming.id).order_by(IncomingTask.id))
    return [MadeTask(task, bool(is_seen)) for task, is_seen in rows]


def origin_of(session: Session, actor: Actor, task_id: int) -> IncomingDocument | None:
    """The arrival that a task was made of, if the actor may see it."""
    mine = select(IncomingDocument).join(IncomingTask, IncomingTask.incoming_id == IncomingDocument.id)
    return session.scalar(mine.where(IncomingTask.task_id == task_id, scope(actor)))


def answered_by(session: Session, actor: Actor, document_id: int) -> Sequence[IncomingDocument]:
    """The arrivals that an issued document answers, as far as the actor may see them."""
    mine = select(IncomingDocument).join(RegisterEntry, RegisterEntry.id == IncomingDocument.answer_id)
    seen = mine.where(RegisterEntry.document_id == document_id, scope(actor))
    return session.scalars(seen.order_by(IncomingDocument.id)).all()
