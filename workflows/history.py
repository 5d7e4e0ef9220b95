"""How a case is rebuilt: its events, read from storage, applied one after another."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce, singledispatch
from itertools import accumulate
from typing import Any, Final, TypeAlias

from workflows.case import Case, CaseStatus, Comment, Decision, Edit, Item, ItemStatus, altered
from workflows.definition import DRAFTER, Chain, Role
from workflows.errors import WorkflowError
from workflows.event import Event
from workflows.events import (
    ApprovalKept,
    CaseAccepted,
    CaseApproved,
    CaseCancelled,
    CaseMigrated,
    CaseOpened,
    CaseRecalled,
    CaseRejected,
    CaseReopened,
    CaseResumed,
    CaseReturned,
    CaseSubmitted,
    CaseSuspended,
    CaseWithdrawn,
    ContentEdited,
    DocumentDue,
    EmergencyApproved,
    ItemClaimed,
    ItemClosed,
    ItemDecided,
    ItemOpened,
    ItemParked,
    ItemPassed,
    ItemReleased,
    ItemResumed,
    OpinionAsked,
    RecallRequested,
    ReviewerAdded,
    RungReached,
    SeatsRevised,
    StageCompleted,
    StageEntered,
    StageSkipped,
    StepSkipped,
    VoteLost,
)

KINDS: Final[Mapping[str, type[Event]]] = {each.kind: each for each in Event.__subclasses__()}
"""Every kind of event by its name in storage."""


Changes: TypeAlias = dict[str, Any]
"""Fields of a case and what they become."""


def from_dict(body: Mapping[str, object]) -> Event:
    """Reads an event that ``Event.to_dict`` wrote; what older records do not have is what it was for all of them.

    Raises:
        WorkflowError: ``unknown_event`` for a kind of event this version does not have.
        TypeError: When a field is missing that has always been there, or one is unknown.
    """
    kind = KINDS.get(str(body.get("kind")))
    if kind is None:
        raise WorkflowError("unknown_event", {"kind": body.get("kind")})
    named: dict[str, Any] = {name: _from_json(name, value) for name, value in body.items() if name != "kind"}
    return kind(**named)


def _from_json(name: str, value: object) -> object:
    if name == "at":
        return datetime.fromisoformat(str(value))
    if isinstance(value, dict):
        return {key: _from_json("", each) for key, each in value.items()}
    return tuple(value) if isinstance(value, list) else value


def replay(chain: Chain, events: Sequence[Event], versions: Mapping[str, Chain] | None = None) -> Case:
    """Rebuilds a case from all its events.

    Args:
        chain: The version it was opened on.
        events: All of them, in order.
        versions: Those that ``case_migrated`` names, by their names there; none are needed without such an event.

    Raises:
        WorkflowError: ``no_opening`` when the first event is not ``case_opened``.
    """
    if not events or not isinstance(events[0], CaseOpened):
        raise WorkflowError("no_opening")
    return reduce(evolve, events[1:], _opened(chain, events[0], versions or {}))


def opened_on(case: Case) -> Chain:
    """Gives the version of its chain that a case was opened on."""
    moved = next((event.was for event in case.events if isinstance(event, CaseMigrated)), None)
    return case.chain if moved is None else case.versions[moved]


def retrace(case: Case) -> Iterator[Case]:
    """Gives a case as it was after each of its events, the last one as it is now."""
    return accumulate(case.events[1:], evolve, initial=replay(opened_on(case), case.events[:1], case.versions))


def evolve(case: Case, event: Event) -> Case:
    """Gives the case after one more event; events are facts, so nothing is checked."""
    return altered(case, **_changes(event, case), version=event.version, events=(*case.events, event))


def _opened(chain: Chain, event: CaseOpened, versions: Mapping[str, Chain]) -> Case:
    return Case(
        chain=chain,
        versions=versions,
        status=CaseStatus.DRAFT,
        stage=None,
        round=0,
        entry=0,
        slots=0,
        version=event.version,
        initiator=event.by,
        accepted_by=None,
        in_hand_of=None,
        emergency_by=None,
        recall_requested=False,
        drafters=frozenset({event.by}),
        content_hash="",
        sections={},
        chosen={},
        items=(),
        decisions=(),
        edits=(),
        comments=(),
        unlocked=None,
        events=(event,),
    )


@singledispatch
def _changes(event: Event, case: Case) -> Changes:
    """Gives what an event changes of a case, besides its version and history."""
    raise WorkflowError("unexpected_event", {"kind": event.kind, "version": case.version})


@_changes.register(StageSkipped)
@_changes.register(StepSkipped)
@_changes.register(StageCompleted)
@_changes.register(VoteLost)
@_changes.register(DocumentDue)
@_changes.register(ItemPassed)
@_changes.register(ReviewerAdded)
@_changes.register(OpinionAsked)
@_changes.register(SeatsRevised)
@_changes.register(RungReached)
def _(_event: Event, _case: Case) -> Changes:
    return {}


# -- where the case is -----------------------------------------------------------------------------------------


@_changes.register
def _(event: CaseSubmitted, case: Case) -> Changes:
    return {
        "status": CaseStatus.IN_REVIEW,
        "round": event.round,
        "content_hash": event.content_hash,
        "sections": event.sections,
        "drafters": case.drafters.union(event.drafters),
        "chosen": event.chosen,
        "accepted_by": None,
        "emergency_by": None,
        "recall_requested": False,
        "comments": tuple(_answered(comment, event, case.round) for comment in case.comments),
        "unlocked": None,
    }


def _answered(comment: Comment, event: CaseSubmitted, last: int) -> Comment:
    """A comment of the round before, with what became of it; older ones stay as they are."""
    if comment.round != last:
        return comment
    answer = event.answers.get(str(comment.number), "")
    return altered(comment, answer=answer, changed=comment.anchor in event.changed)


@_changes.register
def _(event: StageEntered, _case: Case) -> Changes:
    return {"stage": event.stage, "entry": event.entry, "slots": event.slots, "in_hand_of": None}


@_changes.register
def _(event: CaseAccepted, case: Case) -> Changes:
    return _in_hand(case, event.by)


@_changes.register
def _(event: EmergencyApproved, case: Case) -> Changes:
    return {"emergency_by": event.by, **_commented(case, event), **_in_hand(case, event.by)}


@_changes.register
def _(event: CaseMigrated, case: Case) -> Changes:
    return {"chain": case.versions[event.chain]}


@_changes.register
def _(_event: RecallRequested, _case: Case) -> Changes:
    return {"recall_requested": True}


@_changes.register
def _(_event: CaseSuspended, _case: Case) -> Changes:
    return {"status": CaseStatus.SUSPENDED}


@_changes.register
def _(_event: CaseResumed, _case: Case) -> Changes:
    return {"status": CaseStatus.IN_REVIEW}


@_changes.register
def _(event: CaseReturned, _case: Case) -> Changes:
    status = CaseStatus.RETURNED if event.to == DRAFTER else CaseStatus.IN_REVIEW
    return {**_out_of_stage(status), "unlocked": event.unlocked}


@_changes.register
def _(_event: CaseRecalled, _case: Case) -> Changes:
    return _out_of_stage(CaseStatus.RECALLED)


@_changes.register
def _(_event: CaseReopened, _case: Case) -> Changes:
    return _out_of_stage(CaseStatus.RETURNED)


@_changes.register
def _(_event: CaseRejected, _case: Case) -> Changes:
    return _out_of_stage(CaseStatus.REJECTED)


@_changes.register
def _(_event: CaseWithdrawn, _case: Case) -> Changes:
    return _out_of_stage(CaseStatus.WITHDRAWN)


@_changes.register
def _(_event: CaseCancelled, _case: Case) -> Changes:
    return _out_of_stage(CaseStatus.CANCELLED)


@_changes.register
def _(_event: CaseApproved, _case: Case) -> Changes:
    return _out_of_stage(CaseStatus.APPROVED)


def _out_of_stage(status: CaseStatus) -> Changes:
    return {"status": status, "stage": None}


def _in_hand(case: Case, person: str) -> Changes:
    return {"accepted_by": case.accepted_by or person, "in_hand_of": case.in_hand_of or person}


# -- work items ------------------------------------------------------------------------------------------------


@_changes.register
def _(event: ItemOpened, case: Case) -> Changes:
    item = _new_item(case, event, event.role, ItemStatus.OPEN)
    whose = {"instead_of": event.instead_of, "added_by": event.added_by, "mandate": event.mandate}
    return {"items": (*case.items, altered(item, **whose))}


def _new_item(case: Case, event: ItemOpened | ApprovalKept, role: Role, status: ItemStatus) -> Item:
    """A further item of the present stage entry, for whoever the event names."""
    return Item(
        number=event.item,
        entry=case.entry,
        round=case.round,
        stage=str(case.stage),
        step=event.step,
        person=event.person,
        post=event.post,
        unit=event.unit,
        slot=event.slot or event.step,
        role=role,
        status=status,
    )


@_changes.register
def _(event: ItemParked, case: Case) -> Changes:
    return _with_item(case, event.item, status=ItemStatus.PARKED, until=event.until)


@_changes.register
def _(event: ItemResumed, case: Case) -> Changes:
    return _with_item(case, event.item, status=ItemStatus.OPEN)


@_changes.register
def _(event: ItemClaimed, case: Case) -> Changes:
    return {**_with_item(case, event.item, claimed=True), **_in_hand(case, event.by)}


@_changes.register
def _(event: ItemReleased, case: Case) -> Changes:
    return _with_item(case, event.item, claimed=False)


@_changes.register
def _(event: ItemClosed, case: Case) -> Changes:
    return _with_item(case, event.item, status=ItemStatus.CLOSED)


@_changes.register
def _(event: ContentEdited, case: Case) -> Changes:
    item = case.item(event.item)
    edit = Edit(item.number, item.stage, item.round, item.people, event.by, event.at, event.edited)
    return {"content_hash": event.content_hash, "sections": event.sections, "edits": (*case.edits, edit)}


@_changes.register
def _(event: ItemDecided, case: Case) -> Changes:
    item = case.item(event.item)
    decision = Decision(
        item=item.number,
        entry=item.entry,
        round=item.round,
        stage=item.stage,
        step=item.step,
        person=item.person,
        post=item.post,
        slot=item.slot,
        verdict=event.verdict,
        reason=event.reason,
        at=event.at,
        content_hash=case.content_hash,
        returned_to=event.returned_to,
        instead_of=item.instead_of,
        covered=case.covered_by(case.chain.stage(item.stage).step(item.step)),
    )
    said = {"decisions": (*case.decisions, decision), **_commented(case, event)}
    return {**said, **_with_item(case, event.item, status=ItemStatus.DECIDED), **_in_hand(case, event.by)}


@_changes.register
def _(event: ApprovalKept, case: Case) -> Changes:
    first = next(each for each in case.decisions if each.item == event.of)
    item = _new_item(case, event, "decide", ItemStatus.DECIDED)
    names = ("entry", "round", "stage", "step", "slot", "post")
    changes = {name: getattr(item, name) for name in names} | {"item": item.number, "kept_from": event.of}
    return {"items": (*case.items, item), "decisions": (*case.decisions, altered(first, **changes))}


def _commented(case: Case, event: ItemDecided | EmergencyApproved) -> Changes:
    if not event.comments:
        return {}
    comments = (
        Comment(number, case.round, anchor, text, event.by, event.at)
        for number, (anchor, text) in enumerate(event.comments.items(), start=len(case.comments) + 1)
    )
    return {"comments": (*case.comments, *comments)}


def _with_item(case: Case, number: int, **changes: object) -> Changes:
    """Puts an item that is altered in the place of the one with its number."""
    items = list(case.items)
    items[number - 1] = altered(items[number - 1], **changes)
    return {"items": tuple(items)}
