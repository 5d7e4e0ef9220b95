"""Drafts of tasks that follow from a document: the source they name, and what is known of them so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import audit
from portal.db import insert_into
from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.tasks.rules import NO_DEADLINE
from portal.tasks.service import complete_entries, settle_source
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.units.models import Unit

BY_A_DAY = "by"
"""The kind of deadline that a time limit is: the day itself is still in time."""


@dataclass(frozen=True)
class Draft:
    """What is known of a task when it is drafted.

    Attributes:
        title: what is to be done.
        profile_id: the clarity profile that it has to show.
        lead_unit: the unit in the lead, which completes the draft and assigns it.
        due_on: the last valid day; None without a deadline.
    """

    title: str
    profile_id: int | None
    lead_unit: Unit
    due_on: date | None


def profiles(session: Session) -> Sequence[ClarityProfile]:
    """The clarity profiles that a task can have, by code."""
    return session.scalars(select(ClarityProfile).order_by(ClarityProfile.code)).all()


def source_of(session: Session, actor: Actor, source: SourceDocument) -> SourceDocument:
    """The document that a task comes from: the one that is known by issuer, year and symbol, or this one.

    Args:
        session: the caller's transaction.
        actor: who tells of it.
        source: not yet added.

    Raises:
        Refusal: as `settle_source`.
    """
    settle_source(session, actor, source)
    facts = {name: getattr(source, name) for name in ("symbol", "issuer", "year", "issued_on", "subject", "search")}
    row = insert_into(session, SourceDocument).values(**facts).on_conflict_do_nothing()
    key = session.scalar(row.returning(SourceDocument.id))
    if key is not None:
        details = {"symbol": source.symbol}
        action, kind = "source_document_added", "source_document"
        audit.record(session, actor=actor.username, action=action, kind=kind, key=key, details=details)
    same = (SourceDocument.issuer == source.issuer, SourceDocument.year == source.year)
    return session.scalars(select(SourceDocument).where(SourceDocument.symbol == source.symbol, *same)).one()


def draft(session: Session, actor: Actor, drafted: Draft, source: SourceDocument) -> Task:
    """Draft a task for a unit; it assigns nothing, for that is done by the unit in the lead or who oversees.

    Args:
        session: the caller's transaction.
        actor: who drafts it; that he may was checked where the document is.
        drafted: what is known of it.
        source: the document that it comes from.

    Raises:
        Refusal: `no_such_profile`; or as `complete_entries`.
    """
    profile = session.get(ClarityProfile, drafted.profile_id) if drafted.profile_id else None
    if profile is None:
        raise Refusal("no_such_profile")
    task = Task(
        title=drafted.title,
        profile=profile,
        source=source,
        lead_unit=drafted.lead_unit,
        standing=False,
        deadline_kind=BY_A_DAY if drafted.due_on else NO_DEADLINE,
        deadline_on=drafted.due_on,
    )
    complete_entries(task)
    session.add(task)
    session.flush()
    details = {"unit": drafted.lead_unit.code, "title": task.title}
    audit.record(session, actor=actor.username, action="task_added", kind="task", key=task.id, details=details)
    return task
