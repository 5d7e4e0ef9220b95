"""Units whose tasks are overdue: of the tasks that a reader may see, or of those that one document assigned."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, or_, select

from portal.tasks.models import SourceDocument, Task
from portal.tasks.service import reference_scope, scope
from portal.units.models import Unit
from portal.urging.rules import Gathered, Late, one_day
from workflows.errors import Refusal
from workflows.forms import write_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.security import Actor

KIND = "overdue-tasks"
ALL = "all"
"""The key of the list of all tasks; that of one document's tasks is the key of the document."""

LONGEST_KEY = 9
"""Digits of the key of a document: more are none that there could be."""

ABOUT, OF_ONE = "thực hiện các nhiệm vụ được giao đã quá hạn", "thực hiện các nhiệm vụ được giao tại văn bản số"
"""What is urged; of tasks that one document assigned, with its number and symbol behind it."""

RECEIVED = "có kết quả thực hiện nhiệm vụ của"
NAME = "danh sách đơn vị có nhiệm vụ quá hạn"


def gather(session: Session, actor: Actor, key: str, on: date) -> Gathered:
    """The units in the lead of tasks that are overdue, each with all of them.

    Asked are the units that lead an assigned task whose last valid day has passed, done those of them that have
    completed every such task, late or not. Standing tasks are never overdue.

    Args:
        session: any transaction.
        actor: who reads; tasks that he may not see count nowhere.
        key: `ALL`, or of a source document.
        on: the day.

    Raises:
        Refusal: `not_found`, there is no such document.
    """
    source = _source(session, actor, key)
    due = [scope(actor), Task.assigned_at.is_not(None), Task.due_on < on]
    due.append(or_(Task.completed_on.is_not(None), Task.standing.is_(False)))
    due += [] if source is None else [Task.source_id == source.id]
    overdue = _overdue(session, due)
    rows = tuple(_late(list(tasks), on) for _, tasks in groupby(overdue, lambda task: task.unit_id))
    symbols = {task.symbol for task in overdue} if source is None else {source.symbol}
    symbol = symbols.pop() or "" if len(symbols) == 1 else ""
    return Gathered(
        name=f"{NAME}{_said_by(source)}, đến ngày {write_date(on.isoformat())}",
        about=f"{OF_ONE} {symbol}" if symbol else ABOUT,
        received=RECEIVED,
        asked=session.scalar(select(func.count(Task.lead_unit_id.distinct())).where(*due)) or 0,
        rows=rows,
        due_on=one_day(rows),
        source=symbol,
    )


def _source(session: Session, actor: Actor, key: str) -> SourceDocument | None:
    if key == ALL:
        return None
    is_key = key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY
    mine = (SourceDocument.id == int(key), reference_scope(actor)) if is_key else ()
    found = session.scalar(select(SourceDocument).where(*mine)) if mine else None
    if found is None:
        raise Refusal("not_found")
    return found


def _said_by(source: SourceDocument | None) -> str:
    return f" theo văn bản số {source.symbol}" if source else ""


def _overdue(session: Session, due: Sequence[ColumnElement[bool]]) -> Sequence[Any]:
    """The tasks that are overdue, those of a unit together, the longest overdue first."""
    asked = (
        select(
            Task.title,
            Task.due_on,
            Unit.id.label("unit_id"),
            Unit.name_vi.label("unit"),
            User.first_name,
            User.last_name,
            SourceDocument.symbol,
        )
        .join(Unit, Unit.id == Task.lead_unit_id)
        .outerjoin(User, User.id == Task.leader_id)
        .outerjoin(SourceDocument, SourceDocument.id == Task.source_id)
        .where(*due, Task.completed_on.is_(None))
        .order_by(Unit.sort_key, Unit.id, Task.due_on, Task.id)
    )
    return session.execute(asked).all()


def _late(tasks: Sequence[Any], on: date) -> Late:
    """One unit with all that it has not done, and everybody who leads any of it."""
    first = tasks[0]
    days = {task.due_on for task in tasks}
    leaders = (f"{task.first_name} {task.last_name}" for task in tasks if task.first_name)
    return Late(
        unit_id=first.unit_id,
        unit=first.unit,
        missing="; ".join(f"{task.title} (hạn {write_date(task.due_on.isoformat())})" for task in tasks),
        days=(on - first.due_on).days,
        due_on=first.due_on if len(days) == 1 else None,
        person=", ".join(dict.fromkeys(leaders)),
    )
