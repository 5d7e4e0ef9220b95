"""The verbs of a case: submit, decide, recall; and what waits for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, lazyload

from portal.approvals import comments
from portal.approvals.directory import UnitDirectory
from portal.approvals.models import ApprovalCase, CaseEvent, CommentDraft, WorkItem
from portal.approvals.recording import SUBJECTS, WITH_EVENTS, Folder, found, read, record
from portal.db import utc_now
from portal.definitions.service import chain_of
from portal.security import PORTAL, today
from portal.texts import kept
from workflows.actions import ApproveInEmergency, Reopen, Return, Submit, Verdicts
from workflows.availability import available_actions
from workflows.case import PENDING
from workflows.engine import act, open_case
from workflows.errors import Refusal
from workflows.event import SYSTEM
from workflows.events import CaseMigrated
from workflows.history import retrace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from portal.security import Actor
    from workflows.actions import AnyAction
    from workflows.availability import Availability
    from workflows.case import Case
    from workflows.definition import Step
    from workflows.engine import Facts, Outcome
    from workflows.guards import Scalar


ADMINISTER = ("can_administer", "DecisionView")
"""The right to reassign, cancel and reopen cases."""

LONGEST_REASON = 4000
"""Characters of a reason: two pages."""

UNDER_WAY = ("in_review", "suspended")
"""The states in which others than the drafter have a case."""


@dataclass(frozen=True)
class Handed:
    """What is handed in.

    Attributes:
        kind: which room's subject, a key of `SUBJECTS`.
        subject_id: its key there.
        title: how people call it.
        unit_id: the unit that submits.
        content_hash: SHA-256 of the frozen content.
        drafters: accounts of everyone who drafted; none of them decides.
        chosen: accounts that the submitter picks for steps, by `stage.step`.
        answers: what he answers to comments, by their numbers.
        changed: the places of comments at which the content is no longer as it was.
        sections: SHA-256 of each section of the content, by its key.
    """

    kind: str
    subject_id: int
    title: str
    unit_id: int
    content_hash: str
    drafters: frozenset[int]
    chosen: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    sections: Mapping[str, str] = field(default_factory=dict)


def scope(actor: Actor) -> ColumnElement[bool]:
    """Cases of the actor's units and of those below, and cases that have reached one of his units."""
    if actor.sees_everything:
        return true()
    if not actor.user_id:
        return false()
    return or_(ApprovalCase.unit_id.in_(actor.reach), reached(actor, ApprovalCase.id))


def reached(actor: Actor, case_id: ColumnElement[int] | object) -> ColumnElement[bool]:
    """Whether a case ever came to a post in one of the actor's units."""
    return exists().where(WorkItem.case_id == case_id, WorkItem.unit_id.in_(actor.own_units))


def _directory(session: Session, actor: Actor, folder: Folder) -> UnitDirectory:
    """Who holds which post today; what the actor holds was read when this request began."""
    row, case = folder.row, folder.case
    return UnitDirectory(
        session=session,
        unit_id=row.unit_id,
        on=today(),
        chain=case.chain,
        facts=_Facts(session, row),
        administrators=frozenset({person_of(actor)} if actor.may(*ADMINISTER) or actor == PORTAL else ()),
        seen=frozenset(int(item.unit) for item in case.items),
        known={actor.user_id: frozenset(posting.post_id for posting in actor.postings)},
        form=lambda: SUBJECTS[row.subject_kind].form_key(session, row.subject_id),
    )


def person_of(actor: Actor) -> str:
    """How the engine calls an actor."""
    return SYSTEM if actor == PORTAL else str(actor.user_id)


class _Facts(Mapping[str, "Scalar"]):
    """Facts of a case that are read when a guard first asks for one; many chains have no guards."""

    def __init__(self, session: Session, row: ApprovalCase) -> None:
        self._session, self._row = session, row

    @cached_property
    def _read(self) -> Facts:
        return SUBJECTS[self._row.subject_kind].facts(self._session, self._row.subject_id)

    def __getitem__(self, name: str) -> Scalar:
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def submit(session: Session, actor: Actor, definition: Definition, handed: Handed) -> Folder:
    """Open a case on a published chain and submit its first round.

    Args:
        session: the transaction; the caller commits.
        actor: the submitter, from now on the initiator.
        definition: the chain's version, pinned for good.
        handed: what is submitted.

    Raises:
        Refusal: `nobody_eligible`, `no_stage_applies`.
    """
    opening = open_case(chain_of(definition), str(actor.user_id), utc_now())
    row = ApprovalCase(
        subject_kind=handed.kind,
        subject_id=handed.subject_id,
        title=handed.title,
        unit_id=handed.unit_id,
        definition=definition,
        initiator_id=actor.user_id,
        status=str(opening.case.status),
    )
    session.add(row)
    session.flush()
    folder = record(session, actor, Folder(row, _unborn(opening.case)), opening)
    return resubmit(session, actor, folder, 0, handed)


def _unborn(case: Case) -> Case:
    """A case before its opening was written: the same, with no events yet."""
    return replace(case, events=())


def resubmit(session: Session, actor: Actor, folder: Folder, version: int, handed: Handed) -> Folder:
    """Submit the next round of a case.

    Args:
        session: the transaction; the caller commits.
        actor: its initiator.
        folder: the case.
        version: the version he saw.
        handed: what is submitted now.

    Raises:
        Refusal: as `workflows.engine.act`.
    """
    drafters = frozenset(str(user_id) for user_id in handed.drafters)
    chosen = {step: tuple(str(user_id) for user_id in people) for step, people in handed.chosen.items()}
    told = (handed.answers, handed.changed, handed.sections)
    action = Submit(version, handed.content_hash, drafters, chosen, *told)
    return perform(session, actor, folder, action)


def perform(session: Session, actor: Actor, folder: Folder, action: AnyAction) -> Folder:
    """Carry out any action on a case.

    Args:
        session: the transaction; the caller commits.
        actor: who acts.
        folder: the case as read in this transaction.
        action: what is asked for, with the version the actor saw.

    Raises:
        Refusal: why not; `stale_version` when someone was first, `text_too_long` for a reason beyond
            `LONGEST_REASON`.
    """
    outcome = _led_to(session, actor, folder, _with_comments(session, actor, folder, _kept_reason(action)))
    if isinstance(action, Reopen):
        SUBJECTS[folder.row.subject_kind].reopen(session, actor, folder.row.subject_id)
    return record(session, actor, folder, outcome)


def foresee(session: Session, actor: Actor, folder: Folder, action: AnyAction) -> Outcome:
    """See what an action would lead to, and write nothing.

    Raises:
        Refusal: as `perform`.
    """
    return _led_to(session, actor, folder, _kept_reason(action))


def _led_to(session: Session, actor: Actor, folder: Folder, action: AnyAction) -> Outcome:
    directory = _directory(session, actor, folder)
    return act(folder.case, action, by=person_of(actor), at=utc_now(), facts=directory.facts, directory=directory)


def _with_comments(session: Session, actor: Actor, folder: Folder, action: AnyAction) -> AnyAction:
    """A decision carries what its author wrote beside single places; only these places are unlocked if he says so."""
    if not isinstance(action, Verdicts | ApproveInEmergency):
        return action
    said = comments.publish(session, actor, folder)
    if isinstance(action, Return) and action.unlocked is not None:
        case = folder.case
        places = {*said, *(comment.anchor for comment in case.comments if comment.round == case.round)}
        return replace(action, comments=said, unlocked=tuple(sorted(places)) or None)
    return replace(action, comments=said)


def _kept_reason(action: AnyAction) -> AnyAction:
    """The same action, its reason cleaned; refused when it is longer than a reason may be."""
    if not hasattr(action, "reason"):
        return action
    cleaned: dict[str, Any] = {"reason": kept(action.reason, LONGEST_REASON)}
    return replace(action, **cleaned)


def available(session: Session, actor: Actor, folder: Folder) -> dict[str, Availability]:
    """What the actor may do with a case now, and for the rest why not, by the action's name."""
    directory = _directory(session, actor, folder)
    answers = available_actions(
        folder.case, by=str(actor.user_id), at=utc_now(), facts=directory.facts, directory=directory
    )
    return {answer.action: answer for answer in answers}


@lru_cache(maxsize=256)
def _seen_by(actor: Actor) -> Select[Any]:
    """The cases an actor may see; kept by all that he is and may do, so that nothing outlives a change of it."""
    mine = (CommentDraft.case_id == ApprovalCase.id, CommentDraft.user_id == actor.user_id)
    return WITH_EVENTS.add_columns(exists().where(*mine)).where(scope(actor))


def find(session: Session, actor: Actor, case_id: int) -> Folder:
    """A case the actor may see.

    Raises:
        Refusal: `not_found`; another's case is as if it did not exist.
    """
    folder = found(session, case_id, _seen_by(actor))
    if folder is None:
        raise Refusal("not_found")
    return folder


def steps_of(session: Session, actor: Actor, row: ApprovalCase) -> list[Step]:
    """The steps by which a case ever came to the actor's units, each of the version that it was open on last."""
    mine = (WorkItem.case_id == row.id, WorkItem.unit_id.in_(actor.own_units))
    if not was_moved(session, row):
        chain = chain_of(row.definition)
        keys = session.execute(select(WorkItem.stage, WorkItem.step).where(*mine).distinct())
        return [chain.stage(stage).step(step) for stage, step in keys]
    numbers = set(session.scalars(select(WorkItem.number).where(*mine)))
    found: dict[int, Step] = {}
    after_each_action = {state.version: state for state in retrace(read(session, row).case)}
    for state in after_each_action.values():
        for item in state.items:
            if item.number in numbers and (item.status in PENDING or item.number not in found):
                found[item.number] = state.chain.stage(item.stage).step(item.step)
    return list(found.values())


def was_moved(session: Session, row: ApprovalCase) -> bool:
    """Whether a case ever ran on another version of its chain."""
    moved = exists().where(CaseEvent.case_id == row.id, CaseEvent.kind == CaseMigrated.kind)
    return bool(session.scalar(select(moved)))


_SHOWN_IN_WORKLIST = (joinedload(ApprovalCase.unit), joinedload(ApprovalCase.definition))


def _still_seen(actor: Actor) -> ColumnElement[bool]:
    """Whether somebody still sees a case that waits for him: it does not follow him to a post elsewhere."""
    if actor.sees_everything:
        return true()
    return or_(WorkItem.unit_id.in_(actor.own_units), ApprovalCase.unit_id.in_(actor.reach))


def worklist(session: Session, actor: Actor) -> Sequence[WorkItem]:
    """What waits for this person, the oldest first, with its cases, in one query."""
    statement = (
        select(WorkItem)
        .join(WorkItem.case)
        .options(lazyload("*"), contains_eager(WorkItem.case).options(*_SHOWN_IN_WORKLIST))
        .where(WorkItem.user_id == actor.user_id, WorkItem.status == "open", _still_seen(actor))
        .order_by(WorkItem.opened_at, WorkItem.id)
    )
    return session.scalars(statement).all()


def taken_by_others(session: Session, items: Sequence[WorkItem]) -> dict[int, str]:
    """Who has taken what also waits for others: his name by the key of each item that waits in vain, in one query."""
    taken = aliased(WorkItem)
    same = (taken.case_id == WorkItem.case_id, taken.slot == WorkItem.slot, taken.id != WorkItem.id)
    statement = (
        select(WorkItem.id, User)
        .join(taken, and_(*same))
        .join(User, User.id == taken.user_id)
        .where(WorkItem.id.in_([item.id for item in items]), taken.status == "open", taken.claimed)
    )
    return {item_id: user.get_full_name() for item_id, user in session.execute(statement)} if items else {}


def in_review_by_unit(session: Session, actor: Actor) -> dict[int, tuple[int, datetime]]:
    """Of the cases an actor may see: how many of each unit lie with reviewers, and since when the oldest was moved."""
    mine = (scope(actor), ApprovalCase.status.in_(UNDER_WAY))
    counted = select(ApprovalCase.unit_id, func.count(), func.min(ApprovalCase.changed_at)).where(*mine)
    rows = session.execute(counted.group_by(ApprovalCase.unit_id))
    return {unit_id: (count, since) for unit_id, count, since in rows}
