"""The verbs of tasks: assign, note progress, complete, reopen; and which tasks an actor sees, by status if asked."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true, update
from sqlalchemy.orm.attributes import instance_state

from portal import audit
from portal.search import search_key
from portal.security import VIETNAM, Actor
from portal.tasks.models import (
    LONGEST_EVIDENCE,
    LONGEST_SOURCE_KEY,
    LONGEST_TASK_KEY,
    ClarityProfile,
    ProgressNote,
    SourceDocument,
    Task,
    task_cooperation,
)
from portal.tasks.rules import (
    DUE_SOON_DAYS,
    FACETS,
    STALE_AFTER_DAYS,
    Status,
    is_stale,
    last_day,
    missing_facets,
    vietnam_day,
    week_of,
)
from portal.texts import keep_texts, kept
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

LONGEST_NOTE = 4000
"""How many characters a progress note, or the reason of a reopening, may have."""

WORK = ("can_work", "TaskView")
"""The permission to assign, note progress on, complete and reopen the tasks of one's own units."""

OVERSEE = ("can_oversee", "TaskView")
"""The permission of the programme's standing agency: every unit's tasks, to see and to work on."""


def scope(actor: Actor) -> ColumnElement[bool]:
    """The tasks an actor may see: those his units lead or help with; all for those who oversee or audit."""
    if actor.sees_everything or actor.may(*OVERSEE):
        return true()
    helping = select(task_cooperation.c.task_id).where(task_cooperation.c.unit_id.in_(actor.reach))
    return or_(Task.lead_unit_id.in_(actor.reach), Task.id.in_(helping))


def note_scope(actor: Actor) -> ColumnElement[bool]:
    """The progress notes an actor may see: those of the tasks he may see."""
    return ProgressNote.task_id.in_(select(Task.id).where(scope(actor)))


def reference_scope(actor: Actor) -> ColumnElement[bool]:
    """Source documents and clarity profiles: open to everyone who is signed in."""
    return true() if actor.user_id else false()


def status_on(day: date) -> ColumnElement[str]:
    """A task's status on a day as SQL, so that lists can filter by it; equal to `rules.status`."""
    soon = day + timedelta(days=DUE_SOON_DAYS)
    late = and_(Task.due_on.is_not(None), Task.completed_on > Task.due_on)
    return case(
        (Task.assigned_at.is_(None), Status.DRAFT.value),
        (and_(Task.completed_on.is_not(None), late), Status.DONE_LATE.value),
        (Task.completed_on.is_not(None), Status.DONE_ON_TIME.value),
        (Task.standing, Status.STANDING.value),
        (Task.due_on < day, Status.OVERDUE.value),
        (Task.due_on <= soon, Status.DUE_SOON.value),
        else_=Status.IN_PROGRESS.value,
    )


def stale_on(day: date) -> ColumnElement[bool]:
    """Whether a task has gone more than a week without a note as SQL; equal to `rules.is_stale`."""
    since = datetime.combine(day - timedelta(days=STALE_AFTER_DAYS), time(), VIETNAM).astimezone(UTC)
    noted = select(func.max(ProgressNote.noted_at)).where(ProgressNote.task_id == Task.id).scalar_subquery()
    is_open = and_(Task.assigned_at.is_not(None), Task.completed_on.is_(None))
    return and_(is_open, func.coalesce(noted, Task.assigned_at) < since)


def counts_by_status(session: Session, actor: Actor, day: date) -> dict[Status, int]:
    """How many of the tasks an actor may see stand where on a day; a status without tasks is left out."""
    counted = select(status_on(day).label("status"), func.count()).where(scope(actor)).group_by("status")
    return {Status(status): count for status, count in session.execute(counted)}


def late_by_unit(session: Session, actor: Actor, day: date) -> dict[int, dict[Status, int]]:
    """Of the tasks an actor may see: how many each unit in the lead has overdue and due soon on a day."""
    status = status_on(day).label("status")
    wanted = (Status.OVERDUE.value, Status.DUE_SOON.value)
    counted = select(Task.lead_unit_id, status, func.count()).where(scope(actor), status_on(day).in_(wanted))
    found: dict[int, dict[Status, int]] = {}
    for unit_id, state, count in session.execute(counted.group_by(Task.lead_unit_id, "status")):
        found.setdefault(unit_id, {})[Status(state)] = count
    return found


def open_tasks(session: Session, actor: Actor, most: int) -> list[Task]:
    """The tasks that the actor's own units lead and have not completed, the longest overdue first, the undated last."""
    statement = (
        select(Task)
        .where(Task.lead_unit_id.in_(actor.own_units), Task.assigned_at.is_not(None), Task.completed_on.is_(None))
        .order_by(Task.due_on.is_(None), Task.due_on, Task.id)
        .limit(most)
    )
    return list(session.scalars(statement))


def tasks_of(session: Session, unit_ids: Collection[int], most: int) -> list[Task]:
    """The tasks that some units lead or help with and that are not completed, the longest overdue first.

    Args:
        session: any transaction.
        unit_ids: the units.
        most: how many at most.
    """
    return list(session.scalars(_under_way(unit_ids).order_by(Task.due_on.is_(None), Task.due_on, Task.id).limit(most)))


def concerns(session: Session, task_id: int, unit_id: int) -> bool:
    """Whether a unit leads a task that is under way, or helps with it."""
    return session.scalar(_under_way([unit_id]).where(Task.id == task_id)) is not None


def _under_way(unit_ids: Collection[int]) -> Select[Task]:
    helping = select(task_cooperation.c.task_id).where(task_cooperation.c.unit_id.in_(unit_ids))
    theirs = or_(Task.lead_unit_id.in_(unit_ids), Task.id.in_(helping))
    return select(Task).where(theirs, Task.assigned_at.is_not(None), Task.completed_on.is_(None))


def notes_of(session: Session, task: Task) -> Sequence[ProgressNote]:
    """A task's progress notes, the latest week first."""
    statement = select(ProgressNote).where(ProgressNote.task_id == task.id).order_by(ProgressNote.week.desc())
    return session.scalars(statement).all()


def is_task_stale(session: Session, task: Task, on: date) -> bool:
    """Whether an open task has gone without a note for more than a week."""
    if task.assigned_at is None:
        return False
    noted = session.scalar(select(func.max(ProgressNote.noted_at)).where(ProgressNote.task_id == task.id))
    return is_stale(task.status_on(on), vietnam_day(noted or task.assigned_at), on)


def missing_of(task: Task) -> tuple[str, ...]:
    """The facets its clarity profile asks for and the task does not show."""
    return missing_facets(task, task.profile.facets)


def may_work_on(actor: Actor, task: Task) -> bool:
    """Whether an actor may assign, note, complete or reopen this task: he oversees, or his units lead it."""
    return actor.may(*OVERSEE) or (actor.may(*WORK) and task.lead_unit_id in actor.reach)


# -- before a row is written -----------------------------------------------------------------------------------


def settle_source(session: Session, actor: Actor, source: SourceDocument) -> None:
    """Complete and check a source document before it is written.

    Raises:
        Refusal: as `keep_texts`; `source_year_differs`, its date lies in another year than its number.
    """
    del session, actor
    keep_texts(source)
    if source.issued_on is not None and source.issued_on.year != source.year:
        raise Refusal("source_year_differs", {"year": source.year, "issued": source.issued_on.year})
    source.search = search_key(f"{source.symbol} {source.issuer} {source.subject}")[:LONGEST_SOURCE_KEY]


def settle_profile(session: Session, actor: Actor, profile: ClarityProfile) -> None:
    """Check a clarity profile before it is written.

    Raises:
        Refusal: as `keep_texts`; `bad_facets`, it names no facet, one twice, or one that nobody has defined.
    """
    del session, actor
    keep_texts(profile)
    named = [str(facet) for facet in profile.facets] if isinstance(profile.facets, list) else []
    unknown = sorted(set(named) - set(FACETS))
    if unknown or not named or len(set(named)) != len(named):
        raise Refusal("bad_facets", {"unknown": ", ".join(unknown)})


def settle_task(session: Session, actor: Actor, task: Task) -> None:
    """Complete and check a task before it is written: its last valid day, its search key, its version.

    Raises:
        Refusal: `not_lead_unit`, the unit in the lead, before or after, is not the actor's; `task_completed`, it is
            closed; as `keep_texts`; `deadline_day`, its kind of deadline and its day do not fit; `lead_helps_itself`;
            `facets_missing`, it is assigned and would lose a facet.
    """
    del session
    _require_lead(actor, task)
    complete_entries(task)


def complete_entries(task: Task) -> None:
    """Complete and check what a task says, whoever says it.

    Raises:
        Refusal: as `settle_task`, apart from `not_lead_unit`.
    """
    if task.completed_on is not None:
        raise Refusal("task_completed")
    keep_texts(task)
    _settle_deadline(task)
    if task.lead_unit in task.cooperating:
        raise Refusal("lead_helps_itself", {"unit": task.lead_unit.name})
    if task.assigned_at is not None:
        _require_clear(task)
    task.search = search_key(f"{task.title} {task.objective or ''}")[:LONGEST_TASK_KEY]
    task.version = task.version + 1 if task.id else 0


def _require_lead(actor: Actor, task: Task) -> None:
    """Both the unit that gives up the lead and the one that takes it are the actor's."""
    history = instance_state(task).attrs["lead_unit"].history
    leads = [unit for unit in (task.lead_unit, *(history.deleted or ())) if unit is not None]
    if not actor.may(*OVERSEE) and any(unit.id not in actor.reach for unit in leads):
        raise Refusal("not_lead_unit", {"unit": [unit.name for unit in leads]})


def _settle_deadline(task: Task) -> None:
    if task.deadline_kind in ("recurring", "none") and task.deadline_on is not None:
        raise Refusal("deadline_day", {"kind": task.deadline_kind})
    try:
        task.due_on = last_day(task.deadline_kind, task.deadline_on)
    except ValueError as error:
        raise Refusal("deadline_day", {"kind": task.deadline_kind}) from error


def _require_clear(task: Task) -> None:
    missing = missing_of(task)
    if missing:
        raise Refusal("facets_missing", {"facets": list(missing), "profile": task.profile.code})


# -- verbs -----------------------------------------------------------------------------------------------------


def assign(session: Session, actor: Actor, task_id: int, *, version: int, at: datetime) -> Task:
    """Give a task to its unit (giao việc), once it shows every facet of its clarity profile.

    Args:
        session: the caller's transaction.
        actor: who assigns.
        task_id: which task.
        version: the version he saw.
        at: when.

    Raises:
        Refusal: `facets_missing` with the facets, `already_assigned`, or as `_take` refuses.
    """
    task = _take(session, actor, task_id, version)
    if task.assigned_at is not None:
        raise Refusal("already_assigned")
    _require_clear(task)
    task.assigned_at = at
    due_on = task.due_on.isoformat() if task.due_on else None
    return _recorded(session, actor, task, "task_assigned", {"unit": task.lead_unit.code, "due_on": due_on})


def complete(session: Session, actor: Actor, task_id: int, *, version: int, evidence: str, at: datetime) -> Task:
    """Complete a task on the evidence of its product.

    Args:
        session: the caller's transaction.
        actor: who completes.
        task_id: which task.
        version: the version he saw.
        evidence: the number of the document or the name of the file that proves it.
        at: when; the day in Vietnam counts against the deadline.

    Raises:
        Refusal: `evidence_required`, `text_too_long`, `task_not_open`, `standing_task`, or as `_take` refuses.
    """
    task = _take(session, actor, task_id, version)
    _require_open(task)
    if task.standing:
        raise Refusal("standing_task")
    task.evidence = _required(evidence, "evidence_required", LONGEST_EVIDENCE)
    task.completed_on = vietnam_day(at)
    return _recorded(session, actor, task, "task_completed", {"evidence": task.evidence, "on": task.completed_on})


def reopen(session: Session, actor: Actor, task_id: int, *, version: int, reason: str) -> Task:
    """Take a completion back, with cause; the audit log keeps the former day and evidence.

    Raises:
        Refusal: `reason_required`, `text_too_long`, `task_not_completed`, or as `_take` refuses.
    """
    task = _take(session, actor, task_id, version)
    if task.completed_on is None:
        raise Refusal("task_not_completed")
    former = {"completed_on": task.completed_on, "evidence": task.evidence}
    details = {"reason": _required(reason, "reason_required", LONGEST_NOTE), **former}
    task.completed_on = task.evidence = None
    return _recorded(session, actor, task, "task_reopened", details)


def note_progress(session: Session, actor: Actor, task_id: int, *, version: int, text: str, at: datetime) -> Task:
    """Say how far a task is this week; a later note of the same week replaces the earlier one.

    Args:
        session: the caller's transaction.
        actor: who says so.
        task_id: which task.
        version: the version he saw.
        text: how far it is.
        at: when; its week in Vietnam is the note's week.

    Raises:
        Refusal: `note_required`, `text_too_long`, `task_not_open`, or as `_take` refuses.
    """
    task = _take(session, actor, task_id, version)
    _require_open(task)
    words, week = _required(text, "note_required", LONGEST_NOTE), week_of(vietnam_day(at))
    same_week = select(ProgressNote).where(ProgressNote.task_id == task.id, ProgressNote.week == week)
    note = session.scalar(same_week) or ProgressNote(task_id=task.id, week=week)
    note.note, note.author_id, note.noted_at = words, actor.user_id, at
    session.add(note)
    return _recorded(session, actor, task, "task_progress_noted", {"week": week, "note": words})


def _take(session: Session, actor: Actor, task_id: int, version: int) -> Task:
    """A task to work on, its version moved on so that whoever saw the same one comes too late.

    Raises:
        Refusal: `no_such_task`, there is none or he may not see it; `not_lead_unit`, he may see it and no more;
            `stale_version`, someone changed it since.
    """
    task = session.scalar(select(Task).where(Task.id == task_id, scope(actor)))
    if task is None:
        raise Refusal("no_such_task")
    if not may_work_on(actor, task):
        raise Refusal("not_lead_unit", {"unit": task.lead_unit.name})
    moved = update(Task).where(Task.id == task_id, Task.version == version).values(version=version + 1)
    if session.execute(moved.returning(Task.id)).scalar() is None:
        raise Refusal("stale_version", {"seen": version})
    session.refresh(task)
    return task


def _require_open(task: Task) -> None:
    if task.assigned_at is None or task.completed_on is not None:
        raise Refusal("task_not_open")


def _required(text: str, code: str, most: int) -> str:
    words = kept(text, most)
    if not words:
        raise Refusal(code)
    return words


def _recorded(session: Session, actor: Actor, task: Task, action: str, details: dict[str, Any]) -> Task:
    audit.record(session, actor=actor.username, action=action, kind="task", key=task.id, details=details)
    return task
