"""A case: the routing slip of one submission, as the sum of what happened to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce, singledispatch

from workflows.definition import DRAFTER, Chain, Verdict
from workflows.errors import WorkflowError
from workflows.events import (
    CaseApproved,
    CaseOpened,
    CaseRecalled,
    CaseRejected,
    CaseReturned,
    CaseSubmitted,
    DocumentDue,
    Event,
    ItemClosed,
    ItemDecided,
    ItemOpened,
    StageCompleted,
    StageEntered,
    StageSkipped,
)


class CaseStatus(StrEnum):
    """Where a case is: with its drafter, with reviewers, or over."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    RECALLED = "recalled"
    APPROVED = "approved"
    REJECTED = "rejected"


class ItemStatus(StrEnum):
    """Whether a work item waits, was decided by its person, or needs nobody any more."""

    OPEN = "open"
    DECIDED = "decided"
    CLOSED = "closed"


@dataclass(frozen=True)
class Item:
    """One person's pending or past piece of work: a step of one stage entry.

    Attributes:
        number: Unique in the case, from 1.
        entry: The stage entry it belongs to.
        round: The round of that entry.
        stage: The stage's key.
        step: The step's key.
        person: Who may decide; there is one item per step and person.
        post: The post that makes this person a candidate.
        unit: The unit of that post.
        status: Open, decided or closed.
    """

    number: int
    entry: int
    round: int
    stage: str
    step: str
    person: str
    post: str
    unit: str
    status: ItemStatus


@dataclass(frozen=True)
class Decision:
    """A recorded verdict; none is ever changed or removed.

    Attributes:
        item: The number of the item that was decided; entry to post are as in it.
        entry: The stage entry.
        round: The round.
        stage: The stage's key.
        step: The step's key.
        person: Who decided.
        post: As holder of which post.
        verdict: ``approve``, ``return`` or ``reject``.
        reason: In the decider's words, possibly empty.
        at: When, in UTC.
        content_hash: What was decided on.
        returned_to: ``drafter`` or a stage, only for a return.
    """

    item: int
    entry: int
    round: int
    stage: str
    step: str
    person: str
    post: str
    verdict: Verdict
    reason: str
    at: datetime
    content_hash: str
    returned_to: str | None


@dataclass(frozen=True)
class Case:
    """One run of a chain; a value, changed by ``evolve`` alone.

    Attributes:
        chain: The definition it runs on.
        status: Where it is.
        stage: The key of the present stage, only in review.
        round: How many times it was submitted.
        entry: How many times a stage was entered, in all rounds.
        version: How many actions were accepted.
        initiator: Who opened it, submits it and may recall it.
        drafters: Everybody who ever drafted it, the initiator too; none of them decides on it.
        content_hash: What was submitted last; empty before.
        items: All work items, in the order of their numbers.
        decisions: All verdicts, in order.
        events: All that happened; ``replay(chain, events)`` gives this case again.
    """

    chain: Chain
    status: CaseStatus
    stage: str | None
    round: int
    entry: int
    version: int
    initiator: str
    drafters: frozenset[str]
    content_hash: str
    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]
    events: tuple[Event, ...] = field(repr=False)

    @property
    def in_review(self) -> bool:
        """Whether reviewers have it."""
        return self.status == CaseStatus.IN_REVIEW

    @property
    def finished(self) -> bool:
        """Whether it is over for good."""
        return self.status in (CaseStatus.APPROVED, CaseStatus.REJECTED)

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items that wait for a decision, all of the present stage entry."""
        return tuple(item for item in self.items if item.status == ItemStatus.OPEN)

    @property
    def entry_decisions(self) -> tuple[Decision, ...]:
        """The verdicts of the present stage entry."""
        return tuple(decision for decision in self.decisions if decision.entry == self.entry)

    @property
    def round_decisions(self) -> tuple[Decision, ...]:
        """The verdicts of the present round."""
        return tuple(decision for decision in self.decisions if decision.round == self.round)

    def item(self, number: int) -> Item:
        """Finds an item; numbers count from 1 without gaps."""
        return self.items[number - 1]


def replay(chain: Chain, events: Sequence[Event]) -> Case:
    """Rebuilds a case from all its events.

    Raises:
        WorkflowError: ``no_opening`` when the first event is not ``case_opened``.
    """
    if not events or not isinstance(events[0], CaseOpened):
        raise WorkflowError("no_opening")
    return reduce(evolve, events[1:], _opened(chain, events[0]))


def evolve(case: Case, event: Event) -> Case:
    """Gives the case after one more event; events are facts, so nothing is checked."""
    return replace(_change(event, case), version=event.version, events=(*case.events, event))


def _opened(chain: Chain, event: CaseOpened) -> Case:
    return Case(
        chain=chain,
        status=CaseStatus.DRAFT,
        stage=None,
        round=0,
        entry=0,
        version=event.version,
        initiator=event.by,
        drafters=frozenset({event.by}),
        content_hash="",
        items=(),
        decisions=(),
        events=(event,),
    )


@singledispatch
def _change(event: Event, case: Case) -> Case:
    """Gives the case after an event, but for its version and history."""
    raise WorkflowError("unexpected_event", {"kind": event.kind, "version": case.version})


@_change.register(StageSkipped)
@_change.register(DocumentDue)
@_change.register(StageCompleted)
def _(_event: Event, case: Case) -> Case:
    return case


@_change.register
def _(event: CaseSubmitted, case: Case) -> Case:
    return replace(
        case,
        status=CaseStatus.IN_REVIEW,
        round=event.round,
        content_hash=event.content_hash,
        drafters=case.drafters.union(event.drafters),
    )


@_change.register
def _(event: StageEntered, case: Case) -> Case:
    return replace(case, stage=event.stage, entry=event.entry)


@_change.register
def _(event: ItemOpened, case: Case) -> Case:
    item = Item(
        number=event.item,
        entry=case.entry,
        round=case.round,
        stage=str(case.stage),
        step=event.step,
        person=event.person,
        post=event.post,
        unit=event.unit,
        status=ItemStatus.OPEN,
    )
    return replace(case, items=(*case.items, item))


@_change.register
def _(event: ItemDecided, case: Case) -> Case:
    item = case.item(event.item)
    decision = Decision(
        item=item.number,
        entry=item.entry,
        round=item.round,
        stage=item.stage,
        step=item.step,
        person=item.person,
        post=item.post,
        verdict=event.verdict,
        reason=event.reason,
        at=event.at,
        content_hash=case.content_hash,
        returned_to=event.returned_to,
    )
    decided = _with_item(case, item.number, ItemStatus.DECIDED)
    return replace(decided, decisions=(*case.decisions, decision))


@_change.register
def _(event: ItemClosed, case: Case) -> Case:
    return _with_item(case, event.item, ItemStatus.CLOSED)


@_change.register
def _(event: CaseReturned, case: Case) -> Case:
    return _left(case, CaseStatus.RETURNED if event.to == DRAFTER else CaseStatus.IN_REVIEW)


@_change.register
def _(_event: CaseRecalled, case: Case) -> Case:
    return _left(case, CaseStatus.RECALLED)


@_change.register
def _(_event: CaseRejected, case: Case) -> Case:
    return _left(case, CaseStatus.REJECTED)


@_change.register
def _(_event: CaseApproved, case: Case) -> Case:
    return _left(case, CaseStatus.APPROVED)


def _left(case: Case, status: CaseStatus) -> Case:
    """Takes a case out of its stage."""
    return replace(case, status=status, stage=None)


def _with_item(case: Case, number: int, status: ItemStatus) -> Case:
    items = (replace(item, status=status) if item.number == number else item for item in case.items)
    return replace(case, items=tuple(items))
