"""How a case is read and written: its events are the truth, and one function records what an action led to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, insert, select, update

from portal import audit
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, WorkItem
from portal.definitions.service import chain_of
from workflows.case import Case, ItemStatus, replay
from workflows.errors import Refusal
from workflows.events import DocumentDue, Event, ItemClosed, ItemDecided, ItemOpened, from_dict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.engine import Facts, Outcome

EVENTS = select(CaseEvent.payload).where(CaseEvent.case_id == bindparam("case_id")).order_by(CaseEvent.seq)
CLAIM_VERSION = (
    update(ApprovalCase)
    .where(ApprovalCase.id == bindparam("b_id"), ApprovalCase.version == bindparam("b_seen"))
    .values(
        status=bindparam("b_status"),
        stage=bindparam("b_stage"),
        round=bindparam("b_round"),
        version=bindparam("b_version"),
        changed_at=bindparam("b_at"),
    )
    .execution_options(synchronize_session=False)
)


class Subject(Protocol):
    """What a case is about; the room that owns it fills `SUBJECTS`."""

    def facts(self, session: Session, subject_id: int) -> Facts:
        """What guards may see of the content under review."""

    def document_due(self, session: Session, actor: Actor, row: ApprovalCase, due: DocumentDue) -> None:
        """Issue the document that the chain asks for now, in the same transaction."""


SUBJECTS: dict[str, Subject] = {}
"""Port: kind of subject → what its room does; filled by `app`."""


@dataclass(frozen=True)
class Folder:
    """A case as it lies in the database and as the engine sees it."""

    row: ApprovalCase
    case: Case


def read(session: Session, row: ApprovalCase) -> Folder:
    """The case of a row, rebuilt from its events."""
    events = [from_dict(payload) for payload in session.scalars(EVENTS, {"case_id": row.id})]
    return Folder(row, replay(chain_of(row.definition), events))


def changes_since(case: Case, version: int) -> tuple[Event, ...]:
    """What happened after the version that someone saw."""
    return tuple(event for event in case.events if event.version > version)


def record(session: Session, actor: Actor, before: Folder, outcome: Outcome) -> Folder:
    """Write what an action led to: the only place where the state of a case changes.

    The case row is claimed by its version first, so of two actions on one version one waits, finds the
    version gone, and is refused with nothing written.

    Args:
        session: the transaction; the caller commits.
        actor: who acted.
        before: the case as he acted on it.
        outcome: the engine's answer.

    Raises:
        Refusal: `stale_version`, another action was first.
    """
    row, case = before.row, outcome.case
    _claim(session, row, before.case.version, outcome)
    _write_events(session, row, actor, outcome.events, len(before.case.events))
    _write_items(session, row, case, outcome.events)
    _write_decisions(session, row, case, len(before.case.decisions))
    for event in outcome.events:
        _audit(session, actor, row, event)
    session.refresh(row)
    for event in outcome.events:
        if isinstance(event, DocumentDue):
            SUBJECTS[row.subject_kind].document_due(session, actor, row, event)
    return Folder(row, case)


def _claim(session: Session, row: ApprovalCase, seen: int, outcome: Outcome) -> None:
    case = outcome.case
    values: dict[str, Any] = {
        "b_id": row.id,
        "b_seen": seen,
        "b_status": str(case.status),
        "b_stage": case.stage,
        "b_round": case.round,
        "b_version": case.version,
        "b_at": outcome.events[-1].at,
    }
    claimed: Any = session.execute(CLAIM_VERSION, values)
    if claimed.rowcount != 1:
        raise Refusal("stale_version", {"seen": seen, "current": case.version})


def _write_events(session: Session, row: ApprovalCase, actor: Actor, events: Sequence[Event], known: int) -> None:
    rows = [
        {
            "case_id": row.id,
            "seq": known + number,
            "version": event.version,
            "kind": event.kind,
            "payload": event.to_dict(),
            "actor_id": actor.user_id,
            "at": event.at,
        }
        for number, event in enumerate(events, start=1)
    ]
    session.execute(insert(CaseEvent), rows)


def _write_items(session: Session, row: ApprovalCase, case: Case, events: Sequence[Event]) -> None:
    """Open and close the rows of work items; closing comes first, for one open item per step and person."""
    for event in events:
        if isinstance(event, ItemClosed | ItemDecided):
            status = ItemStatus.DECIDED if isinstance(event, ItemDecided) else ItemStatus.CLOSED
            mine = update(WorkItem).where(WorkItem.case_id == row.id, WorkItem.number == event.item)
            session.execute(mine.values(status=str(status), closed_at=event.at))
    opened = [event for event in events if isinstance(event, ItemOpened)]
    if opened:
        session.execute(insert(WorkItem), [_item_row(row, case, event) for event in opened])


def _item_row(row: ApprovalCase, case: Case, event: ItemOpened) -> dict[str, Any]:
    item = case.item(event.item)
    return {
        "case_id": row.id,
        "number": item.number,
        "entry": item.entry,
        "round": item.round,
        "stage": item.stage,
        "step": item.step,
        "user_id": int(item.person),
        "post_id": int(item.post),
        "unit_id": int(item.unit),
        "status": str(item.status),
        "opened_at": event.at,
    }


def _write_decisions(session: Session, row: ApprovalCase, case: Case, known: int) -> None:
    rows = [
        {
            "case_id": row.id,
            "item": decision.item,
            "entry": decision.entry,
            "round": decision.round,
            "stage": decision.stage,
            "step": decision.step,
            "user_id": int(decision.person),
            "post_id": int(decision.post),
            "verdict": decision.verdict,
            "reason": decision.reason,
            "returned_to": decision.returned_to,
            "content_hash": decision.content_hash,
            "at": decision.at,
        }
        for decision in case.decisions[known:]
    ]
    if rows:
        session.execute(insert(CaseDecision), rows)


def _audit(session: Session, actor: Actor, row: ApprovalCase, event: Event) -> None:
    audit.record(
        session,
        actor=actor.username,
        action=event.kind,
        kind="approval_case",
        key=row.id,
        details=event.to_dict(),
    )
