"""What people are told of: work that came to them, time that runs out, and what became of what they submitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, insert, select, update

from portal.approvals.models import ApprovalCase, Notice, WorkItem
from portal.db import table_of, utc_now
from workflows.definition import DRAFTER
from workflows.events import (
    CaseApproved,
    CaseCancelled,
    CaseRejected,
    CaseReopened,
    CaseReturned,
    ItemOpened,
    RecallRequested,
    RungReached,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection
    from sqlalchemy.orm import Session

    from portal.documents.models import OfficialDocument
    from portal.security import Actor
    from workflows.case import Case
    from workflows.event import Event

OF_WORK = ("work", "reminder", "wanted_back")
"""Kinds of notices that are settled as soon as their piece of work is."""

TO_SUBMITTER = {
    CaseReturned: "returned",
    CaseReopened: "reopened",
    CaseApproved: "approved",
    CaseRejected: "rejected",
    CaseCancelled: "cancelled",
}
"""Event → what its submitter is told."""

MOST_SHOWN = 100
_WRITE = insert(table_of(Notice))


class Told(NamedTuple):
    """Somebody is told something.

    Attributes:
        person: who.
        kind: of what.
        item: which piece of work it is about, where it is about one.
    """

    person: str
    kind: str
    item: int | None = None


def of_events(case: Case, events: Sequence[Event]) -> list[Told]:
    """Who is told what of the events of one action: nobody of his own, each once of a kind and a piece of work.

    Args:
        case: as it is afterwards.
        events: what happened.
    """
    new = {event.item for event in events if isinstance(event, ItemOpened)}
    found = dict.fromkeys(each for event in events for each in _of_event(case, event, new) if each.person != event.by)
    return [each for each in found if each.item is None or each.kind != "work" or _is_pending(case, each.item)]


def _of_event(case: Case, event: Event, new: Collection[int]) -> Iterator[Told]:
    if isinstance(event, ItemOpened):
        yield Told(event.person, "work", event.item)
    elif isinstance(event, RungReached):
        mine = (item for item in case.open_items if item.step == event.step and item.number not in new)
        yield from (Told(item.person, "reminder", item.number) for item in mine)
    elif isinstance(event, RecallRequested):
        yield from (Told(item.person, "wanted_back", item.number) for item in case.open_items)
    elif type(event) in TO_SUBMITTER and not (isinstance(event, CaseReturned) and event.to != DRAFTER):
        yield Told(case.initiator, TO_SUBMITTER[type(event)])


def _is_pending(case: Case, number: int) -> bool:
    return case.item(number) in case.pending_items


def write(database: Connection, case_id: int, case: Case, events: Sequence[Event]) -> None:
    """Write down who is told what, in the transaction in which it happens.

    Args:
        database: the transaction.
        case_id: the case.
        case: as it is afterwards.
        events: what happened.
    """
    told, at = of_events(case, events), events[-1].at
    rows: list[dict[str, Any]] = [
        {
            "user_id": int(each.person),
            "case_id": case_id,
            "kind": each.kind,
            "item": each.item,
            "at": at,
        }
        for each in told
    ]
    if rows:
        database.execute(_WRITE, rows)


def tell_sent_back(session: Session, document: OfficialDocument, besides: Collection[int]) -> None:
    """Tell whoever submitted what a document was made of that nobody signed it.

    Args:
        session: the transaction in which it was sent back.
        document: which one.
        besides: accounts that are told as well.
    """
    mine = (ApprovalCase.subject_kind == document.subject_kind, ApprovalCase.subject_id == document.subject_id)
    case = session.scalars(select(ApprovalCase).where(*mine).order_by(ApprovalCase.id.desc())).first()
    if case is None:
        return
    for user_id in sorted({case.initiator_id, *besides}):
        session.add(Notice(user_id=user_id, case_id=case.id, kind="sent_back", at=utc_now()))
    session.flush()


def _is_settled() -> ColumnElement[bool]:
    """Whether the piece of work that a notice is about needs its reader no more."""
    mine = (WorkItem.case_id == Notice.case_id, WorkItem.number == Notice.item, WorkItem.closed_at.is_not(None))
    return and_(Notice.kind.in_(OF_WORK), exists().where(*mine))


def seen(session: Session, actor: Actor, cases: ColumnElement[bool]) -> list[tuple[Notice, ApprovalCase, bool]]:
    """What somebody was told, what he has not read first: each with its case, and whether it is settled.

    Args:
        session: any transaction.
        actor: the reader.
        cases: those that he may see now; what he no longer sees he is not told of again.
    """
    statement = (
        select(Notice, ApprovalCase, _is_settled())
        .join(ApprovalCase, ApprovalCase.id == Notice.case_id)
        .where(Notice.user_id == actor.user_id, cases)
        .order_by(Notice.read_at.is_not(None), Notice.at.desc(), Notice.id.desc())
        .limit(MOST_SHOWN)
    )
    return [(notice, case, settled) for notice, case, settled in session.execute(statement)]


def news_of(session: Session, user_id: int) -> list[tuple[Notice, ApprovalCase]]:
    """What somebody was told and has not read, but for work, which waits for him anyway; the newest first.

    Args:
        session: any transaction.
        user_id: his account.
    """
    mine = (Notice.user_id == user_id, Notice.read_at.is_(None), Notice.kind != "work", ~_is_settled())
    statement = select(Notice, ApprovalCase).join(ApprovalCase, ApprovalCase.id == Notice.case_id).where(*mine)
    found = session.execute(statement.order_by(Notice.id.desc()).limit(MOST_SHOWN))
    return [(notice, case) for notice, case in found]


def unread(session: Session, actor: Actor) -> int:
    """How many notices somebody has not read, without those that are settled."""
    mine = (Notice.user_id == actor.user_id, Notice.read_at.is_(None), ~_is_settled())
    return session.scalar(select(func.count()).select_from(Notice).where(*mine)) or 0


def mark_read(session: Session, actor: Actor, keys: Sequence[int]) -> None:
    """Mark as read what somebody has seen, and nothing else; another's notices stay as they are.

    Args:
        session: the transaction; the caller commits.
        actor: the reader.
        keys: of the notices that he saw.
    """
    mine = (Notice.user_id == actor.user_id, Notice.read_at.is_(None), Notice.id.in_(keys))
    session.execute(update(Notice).where(*mine).values(read_at=utc_now()).execution_options(synchronize_session=False))
