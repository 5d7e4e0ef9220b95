"""How a case is read and written: its events are the truth, and one function records what an action led to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from portal import audit
from portal.approvals import notices
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, WorkItem
from portal.approvals.timing import times_of
from portal.db import table_of
from portal.definitions.models import Definition
from portal.definitions.service import chain_of
from workflows.case import PENDING, Case, Item
from workflows.errors import Refusal
from workflows.events import CaseMigrated, DocumentDue
from workflows.history import from_dict, replay

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select
    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.engine import Facts, Outcome
    from workflows.event import Event

EVENTS = select(CaseEvent.payload).where(CaseEvent.case_id == bindparam("case_id")).order_by(CaseEvent.seq)
WITH_EVENTS = (
    select(ApprovalCase, CaseEvent.payload)
    .join(CaseEvent, CaseEvent.case_id == ApprovalCase.id)
    .where(ApprovalCase.id == bindparam("case_id"))
    .order_by(CaseEvent.seq)
    .options(lazyload("*"), joinedload(ApprovalCase.definition).load_only(Definition.sha256))
)

CLAIMED = ("status", "stage", "round", "version", "changed_at", "due_at", "next_rung_at", "definition_id")
"""What is written of a case with each action."""

# Statements are built once, on the tables themselves: a decision writes what it writes without a unit of work.
_CASES, _ITEMS = table_of(ApprovalCase), table_of(WorkItem)
_CLAIM_VERSION = (
    update(_CASES)
    .where(_CASES.c.id == bindparam("b_id"), _CASES.c.version == bindparam("b_seen"))
    .values({name: bindparam(f"b_{name}") for name in CLAIMED})
)
_END_CASE = (
    update(_CASES)
    .where(_CASES.c.id == bindparam("b_id"))
    .values({name: bindparam(f"b_{name}") for name in ("status", "stage")})
)
_CHANGE_ITEM = (
    update(_ITEMS)
    .where(_ITEMS.c.case_id == bindparam("b_case"), _ITEMS.c.number == bindparam("b_number"))
    .values({name: bindparam(f"b_{name}") for name in ("status", "claimed", "until", "closed_at")})
)
_OPEN_ITEM = insert(_ITEMS)
_WRITE_EVENT = insert(table_of(CaseEvent))
_WRITE_DECISION = insert(table_of(CaseDecision))


class Subject(Protocol):
    """What a case is about; the room that owns it fills `SUBJECTS`."""

    def facts(self, session: Session, subject_id: int) -> Facts:
        """What guards may see of the content under review."""

    def form_key(self, session: Session, subject_id: int) -> str:
        """Which kind of report it is, for delegations that are for one kind alone."""

    def fact_names(self, session: Session, subject_id: int) -> Mapping[str, str]:
        """What readers call the facts that guards ask for."""

    def section_names(self, session: Session, subject_id: int) -> Mapping[str, str]:
        """What the sections are called that a step reads, changes or decides on, by their keys."""

    def place_names(self, session: Session, subject_id: int, anchors: Collection[str]) -> Mapping[str, str]:
        """What places of the content under review are called; those that do not exist are left out."""

    def may_read(self, session: Session, actor: Actor, subject_id: int, anchor: str) -> bool:
        """Whether a place is in what somebody reads of the content."""

    def content_hash(self, session: Session, subject_id: int) -> str:
        """SHA-256 of what was submitted last, computed anew from what is stored now."""

    def reopen(self, session: Session, actor: Actor, subject_id: int) -> None:
        """Raise a `Refusal` when something else has taken its place, so that its case cannot be reopened."""

    def document_due(self, session: Session, actor: Actor, row: ApprovalCase, due: DocumentDue) -> None:
        """Issue the document that the chain asks for now, in the same transaction."""


SUBJECTS: dict[str, Subject] = {}
"""Port: kind of subject → what its room does; filled by `app`."""


@dataclass(frozen=True)
class Folder:
    """A case as it lies in the database and as the engine sees it.

    Attributes:
        row: its row.
        case: rebuilt from its events.
        has_drafts: whether its reader has comments that are not published; true when nobody has looked.
    """

    row: ApprovalCase
    case: Case
    has_drafts: bool = True


def read(session: Session, row: ApprovalCase) -> Folder:
    """The case of a row, rebuilt from its events."""
    return Folder(row, _rebuilt(session, row, session.scalars(EVENTS, {"case_id": row.id})))


def _rebuilt(session: Session, row: ApprovalCase, payloads: Iterable[Mapping[str, object]]) -> Case:
    """A case from its events, with the versions of its chain that it ran on before, if it was ever moved."""
    events = [from_dict(payload) for payload in payloads]
    moves = [event for event in events if isinstance(event, CaseMigrated)]
    if not moves:
        return replay(chain_of(row.definition), events)
    keys = {int(key) for event in moves for key in (event.was, event.chain)}
    found = session.scalars(select(Definition).where(Definition.id.in_(keys)))
    versions = {str(each.id): chain_of(each) for each in found}
    return replay(versions[moves[0].was], events, versions)


def found(session: Session, case_id: int, statement: Select[Any]) -> Folder | None:
    """A case with its definition and its events in one statement.

    Args:
        session: any transaction.
        case_id: its key.
        statement: `WITH_EVENTS`, narrowed to the cases that its reader may see, and with whether he has drafts.
    """
    rows = session.execute(statement, {"case_id": case_id}).all()
    if not rows:
        return None
    row: ApprovalCase = rows[0][0]
    return Folder(row, _rebuilt(session, row, [payload for _, payload, _ in rows]), has_drafts=rows[0][2])


def hold(session: Session, row: ApprovalCase) -> None:
    """Lock a case for whoever writes something else in its transaction before the action on it.

    Everybody takes the case first and the audit log, which lets one at a time pass, after it; who came the other way
    round would wait for the one who waits for him. SQLite has one writer anyway.
    """
    session.execute(select(ApprovalCase.id).where(ApprovalCase.id == row.id).with_for_update(key_share=True))


def changes_since(case: Case, version: int) -> tuple[Event, ...]:
    """What happened after the version that someone saw."""
    return tuple(event for event in case.events if event.version > version)


def record(session: Session, actor: Actor, before: Folder, outcome: Outcome) -> Folder:
    """Write what an action led to: the only place where the state of a case changes.

    The case row is claimed by its version first, so of two actions on one version one waits, finds the
    version gone, and is refused with nothing written. That a case is over is written last: the database lets it be
    over only when none of its items is open.

    Args:
        session: the transaction; the caller commits.
        actor: who acted.
        before: the case as he acted on it.
        outcome: the engine's answer.

    Raises:
        Refusal: `stale_version`, another action was first.
    """
    row, case, definition_id = before.row, outcome.case, before.row.definition_id
    told = [(event, event.to_dict()) for event in outcome.events]
    session.flush()
    database = session.connection()
    _claim(database, row, before.case, outcome, times_of(session, case))
    if row.definition_id != definition_id:
        session.expire(row, ["definition"])
    _write_events(database, row, actor, told, len(before.case.events))
    _write_items(database, row, before.case, outcome)
    if case.finished:
        _end(database, row, case)
    _write_decisions(database, row, case, len(before.case.decisions))
    notices.write(database, row.id, case, outcome.events)
    deeds = [(event.kind, details) for event, details in told]
    audit.record_all(session, actor=actor.username, kind="approval_case", key=row.id, deeds=deeds)
    for event in outcome.events:
        if isinstance(event, DocumentDue):
            SUBJECTS[row.subject_kind].document_due(session, actor, row, event)
    return Folder(row, case)


def _claim(
    database: Connection, row: ApprovalCase, before: Case, outcome: Outcome, times: Mapping[str, datetime | None]
) -> None:
    case, seen = outcome.case, before.version
    written: dict[str, Any] = {
        **_state(before if case.finished else case),
        "round": case.round,
        "version": case.version,
        "changed_at": outcome.events[-1].at,
        "definition_id": _definition_id(row, outcome),
        **times,
    }
    named = {f"b_{name}": value for name, value in written.items()}
    claimed: Any = database.execute(_CLAIM_VERSION, {"b_id": row.id, "b_seen": seen, **named})
    if claimed.rowcount != 1:
        raise Refusal("stale_version", {"seen": seen, "current": case.version})
    _as_written(row, written)


def _end(database: Connection, row: ApprovalCase, case: Case) -> None:
    """Write that a case is over, on the row that was claimed."""
    written = _state(case)
    database.execute(_END_CASE, {"b_id": row.id, **{f"b_{name}": value for name, value in written.items()}})
    _as_written(row, written)


def _state(case: Case) -> dict[str, Any]:
    return {"status": str(case.status), "stage": case.stage}


def _as_written(row: ApprovalCase, written: Mapping[str, Any]) -> None:
    """The row in hand is what was just written; nothing has to be read again."""
    for name, value in written.items():
        set_committed_value(row, name, value)


def _definition_id(row: ApprovalCase, outcome: Outcome) -> int:
    """The version that a case runs on after an action."""
    moves = [event for event in outcome.events if isinstance(event, CaseMigrated)]
    return int(moves[-1].chain) if moves else row.definition_id


def _write_events(
    database: Connection, row: ApprovalCase, actor: Actor, told: Sequence[tuple[Event, dict[str, object]]], known: int
) -> None:
    rows = [
        {
            "case_id": row.id,
            "seq": known + number,
            "version": event.version,
            "kind": event.kind,
            "payload": payload,
            "actor_id": actor.user_id or None,
            "at": event.at,
        }
        for number, (event, payload) in enumerate(told, start=1)
    ]
    database.execute(_WRITE_EVENT, rows)


def _write_items(database: Connection, row: ApprovalCase, before: Case, outcome: Outcome) -> None:
    """Change and open the rows of work items; changing comes first, for one open item per step and person."""
    known, at = before.items, outcome.events[-1].at
    now = outcome.case.items
    changed = [_changing(row, item, at) for was, item in zip(known, now, strict=False) if item != was]
    opened = [_item_row(row, item, at) for item in now[len(known) :]]
    for statement, rows in ((_CHANGE_ITEM, changed), (_OPEN_ITEM, opened)):
        if rows:
            database.execute(statement, rows)


def _changing(row: ApprovalCase, item: Item, at: datetime) -> dict[str, Any]:
    written = {"status": str(item.status), "claimed": item.claimed, "until": item.until, "closed_at": _ended(item, at)}
    return {"b_case": row.id, "b_number": item.number, **{f"b_{name}": value for name, value in written.items()}}


def _ended(item: Item, at: datetime) -> datetime | None:
    """When an item ended that was changed or opened at a time."""
    return None if item.status in PENDING else at


def _item_row(row: ApprovalCase, item: Item, at: datetime) -> dict[str, Any]:
    return {
        "case_id": row.id,
        "number": item.number,
        "entry": item.entry,
        "round": item.round,
        "stage": item.stage,
        "step": item.step,
        "slot": item.slot,
        "role": item.role,
        "user_id": int(item.person),
        "post_id": int(item.post),
        "unit_id": int(item.unit),
        "status": str(item.status),
        "claimed": item.claimed,
        "until": item.until,
        "instead_of_id": _key(item.instead_of),
        "added_by_id": _key(item.added_by),
        "mandate_id": _key(item.mandate),
        "opened_at": at,
        "closed_at": _ended(item, at),
    }


def _key(person: str | None) -> int | None:
    return None if person is None else int(person)


def _write_decisions(database: Connection, row: ApprovalCase, case: Case, known: int) -> None:
    rows = [
        {
            "case_id": row.id,
            "item": decision.item,
            "entry": decision.entry,
            "round": decision.round,
            "stage": decision.stage,
            "step": decision.step,
            "slot": decision.slot,
            "user_id": int(decision.person),
            "instead_of_id": _key(decision.instead_of),
            "post_id": int(decision.post),
            "verdict": decision.verdict,
            "reason": decision.reason,
            "returned_to": decision.returned_to,
            "content_hash": decision.content_hash,
            "covered": dict(decision.covered),
            "kept_from": decision.kept_from,
            "at": decision.at,
        }
        for decision in case.decisions[known:]
    ]
    if rows:
        database.execute(_WRITE_DECISION, rows)
