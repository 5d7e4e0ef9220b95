"""One action being carried out: how a case moves along its chain, event by event."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from workflows.carrying import kept_approvals, without_kept
from workflows.case import Case, Decision, Item, ItemStatus
from workflows.definition import DRAFTER, Role, Stage, Step
from workflows.eligibility import Candidate, Directory, Slot, matching, slots_of
from workflows.errors import Refusal
from workflows.event import Cause, Event
from workflows.events import (
    ApprovalKept,
    CaseApproved,
    CaseRejected,
    CaseReturned,
    DocumentDue,
    ItemClosed,
    ItemOpened,
    ItemParked,
    ItemResumed,
    StageCompleted,
    StageEntered,
    StageSkipped,
    StepSkipped,
    VoteLost,
)
from workflows.guards import Guard, Scalar, holds, mentioned
from workflows.history import evolve
from workflows.tally import Tally, tally_of

Facts: TypeAlias = Mapping[str, Scalar]
"""What guards may see of the content, by dotted name."""


@dataclass
class Turn:
    """The case so far, and the world the action happens in.

    Attributes:
        case: Changes with every recorded event.
        by: Who acts.
        at: When, in UTC.
        facts: What guards may see.
        directory: Who holds which post.
    """

    case: Case
    by: str
    at: datetime
    facts: Facts
    directory: Directory

    def __post_init__(self) -> None:
        self.stamp = (self.case.version + 1, self.at, self.by)
        """What all events of this action begin with."""

    @property
    def stage(self) -> Stage:
        """The stage the case is in; only asked in review."""
        return self.case.chain.stage(str(self.case.stage))

    def record(self, event: Event) -> None:
        """Makes an event happen."""
        self.case = evolve(self.case, event)

    def open_item(
        self,
        slot: str,
        step: str,
        who: Candidate,
        role: Role = "decide",
        *,
        instead_of: str | None = None,
        added_by: str | None = None,
        mandate: str | None = None,
    ) -> int:
        """Gives somebody a work item, and returns its number."""
        number, seat = len(self.case.items) + 1, (who.person, who.post, who.unit)
        self.record(ItemOpened(*self.stamp, number, step, *seat, slot, role, instead_of, added_by, mandate))
        return number

    def park_like(self, item: Item, number: int) -> None:
        """Lets an item wait for what another one waits for, if it does."""
        if item.status == ItemStatus.PARKED:
            self.record(ItemParked(*self.stamp, number, str(item.until)))

    def close(self, items: Iterable[Item], cause: Cause) -> None:
        """Closes work items that nobody needs to decide any more."""
        for item in items:
            self.record(ItemClosed(*self.stamp, item.number, cause))

    def holds(self, guard: Guard | None) -> bool:
        """Tells whether something with this condition is for this case."""
        return guard is None or holds(guard, self.facts)

    def steps_of(self, stage: Stage) -> list[Step]:
        """Gives the steps of a stage that are for this case; without any, the stage is skipped."""
        return stage.steps_for(self.facts)

    def asked(self, guards: Iterable[Guard | None]) -> dict[str, Scalar]:
        """Gives the facts that some guards ask for, in a form that can be stored."""
        names = sorted({name for guard in guards if guard for name in mentioned(guard)})
        values = {name: self.facts.get(name) for name in names}
        return {name: value if isinstance(value, str | int | None) else str(value) for name, value in values.items()}


Standing: TypeAlias = Callable[[Turn, Stage, Sequence[Slot], Sequence[Slot]], dict[str, Decision]]
"""Which approvals stand for some of the slots of a stage that is entered: all slots, and those that count."""


def of_earlier_rounds(turn: Turn, stage: Stage, slots: Sequence[Slot], counted: Sequence[Slot]) -> dict[str, Decision]:
    """Gives the approvals that stay from an earlier round; none where nobody would decide in this one."""
    kept = kept_approvals(turn.case, stage, slots, counted)
    return kept if kept and somebody_decides_after(turn, stage) else {}


def go_on(turn: Turn, stages: Sequence[Stage], standing: Standing = of_earlier_rounds) -> None:
    """Enters the first of these stages that applies; when none is left, the case is approved.

    Raises:
        Refusal: ``no_stage_applies`` for an approval that nobody gave, ``nobody_eligible``.
    """
    for stage in stages:
        if turn.steps_of(stage):
            enter(turn, stage, standing)
            return
        guards = [step.guard for step in stage.steps] if turn.holds(stage.guard) else [stage.guard]
        turn.record(StageSkipped(*turn.stamp, stage.key, turn.asked(guards)))
    if not turn.case.is_approved_by_somebody:
        raise Refusal("no_stage_applies")
    turn.record(CaseApproved(*turn.stamp))


def enter(turn: Turn, stage: Stage, standing: Standing = of_earlier_rounds) -> None:
    """Enters a stage and opens a work item for every candidate of every slot that no kept approval fills.

    Raises:
        Refusal: ``nobody_eligible`` unless as many different people as the stage needs can take a slot each, and
            somebody can give each opinion; and as ``go_on`` where approvals that were kept complete it.
    """
    steps = turn.steps_of(stage)
    slots = slots_of(stage, steps, turn.case, turn.directory)
    counted = [slot for slot in slots if slot.step.role == "decide"] or slots
    _refuse_unfilled(stage, slots, counted)
    kept = standing(turn, stage, slots, counted)
    turn.record(StageEntered(*turn.stamp, stage.key, turn.case.entry + 1, len(counted)))
    for step in stage.steps:
        if step not in steps:
            turn.record(StepSkipped(*turn.stamp, stage.key, step.key, turn.asked([step.guard])))
    for slot in without_kept(slots, kept):
        for each in slot.candidates:
            turn.open_item(slot.key, slot.step.key, each, slot.step.role)
    stayed = [_keep(turn, slot, kept[slot.key]) for slot in slots if slot.key in kept]
    if stayed and tally_of(turn.case, stage).reached:
        _complete(turn, turn.case.item(stayed[-1]))
    else:
        open_for_stand_ins(turn)


def open_for_stand_ins(turn: Turn) -> None:
    """Gives work to those who stand in for somebody in the present stage, unless they have some there already.

    Nobody stands in who wrote what is decided on, or has decided in the stage.
    """
    stage = turn.stage
    barred = turn.case.excluded_from(stage.key) | turn.case.bound_people
    busy = {item.person for item in turn.case.pending_items}
    for item in [each for each in turn.case.pending_items if each.added_by is None and each.instead_of is None]:
        seat, step = Candidate(item.person, item.post, item.unit), stage.step(item.step)
        for each in () if step.in_person else turn.directory.stand_ins(stage, step, seat):
            if each.who.person not in barred | busy:
                busy.add(each.who.person)
                whose = {"instead_of": item.person, "mandate": each.mandate}
                number = turn.open_item(item.slot, item.step, each.who, item.role, **whose)
                turn.park_like(item, number)


def somebody_decides_after(turn: Turn, stage: Stage) -> bool:
    """Whether the case comes to a decider after a stage: nothing is approved in a round in which nobody decides."""
    later = turn.case.chain.following(stage.key)
    return any(step.role == "decide" for each in later for step in turn.steps_of(each))


def _keep(turn: Turn, slot: Slot, approval: Decision) -> int:
    """Lets an approval of an earlier round stand for a slot, and returns the number of the item that it has now."""
    seat = next(each for each in slot.candidates if each.person == approval.person)
    of = approval.item if approval.kept_from is None else approval.kept_from
    number, seen = len(turn.case.items) + 1, turn.case.item(of).round
    who = (seat.person, seat.post, seat.unit)
    turn.record(ApprovalKept(*turn.stamp, number, of, seen, slot.step.key, *who, slot.key))
    return number


def _refuse_unfilled(stage: Stage, slots: Sequence[Slot], counted: Sequence[Slot]) -> None:
    needed = stage.completion.needed(len(counted))
    filled = matching({slot.key: [each.person for each in slot.candidates] for slot in counted})
    lonely = [slot for slot in slots if not slot.candidates and slot not in counted]
    if len(filled) < needed:
        lonely = [slot for slot in counted if slot.key not in filled] or [*counted]
    if lonely:
        params = {"stage": stage.key, "step": lonely[0].step.key, "needed": needed, "found": len(filled)}
        raise Refusal("nobody_eligible", params)


def settle(turn: Turn, item: Item) -> None:
    """Follows up a decision that does not move the case by itself, and moves it when the stage is decided."""
    turn.close([each for each in turn.case.pending_items if each.slot == item.slot], "step_decided")
    if item.role == "decide":
        bound = [each for each in turn.case.pending_items if each.role == "decide" and each.people & item.people]
        turn.close(bound, "person_decided")
    resume_waiting(turn)
    tally = tally_of(turn.case, turn.stage)
    if tally.reached:
        _complete(turn, item)
    elif turn.stage.refusal == "vote" and tally.lost:
        _lose(turn, tally)


def resume_waiting(turn: Turn) -> None:
    """Resumes what waited for somebody who need not decide any more, because he has, or is bound elsewhere."""
    pending = turn.case.pending_items
    for item in pending:
        if item.status is ItemStatus.PARKED and all(each.slot != item.until for each in pending):
            turn.record(ItemResumed(*turn.stamp, item.number))


def _complete(turn: Turn, last: Item) -> None:
    turn.close(turn.case.pending_items, "stage_completed")
    turn.record(StageCompleted(*turn.stamp, last.stage, last.entry))
    approved = [turn.case.item(each.item) for each in turn.case.entry_decisions if each.verdict == "approve"]
    signers = [item for item in approved if item.added_by is None]  # nobody where only opinions were asked for
    if signers:
        make_documents_due(turn, last.stage, signers[-1])
    go_on(turn, turn.case.chain.following(last.stage))


def _lose(turn: Turn, tally: Tally) -> None:
    """Does what the votes against ask for; a voting stage offers one refusal only."""
    stage = turn.stage
    turn.record(VoteLost(*turn.stamp, stage.key, tally.approved, tally.needed))
    if "reject" in stage.deciding[0].actions:
        end_rejected(turn)
    else:
        go_back(turn, DRAFTER)


def make_documents_due(turn: Turn, stage: str, signer: Item | Candidate) -> None:
    """Records which documents a stage asks for once it is completed, and who signs them."""
    for rule in turn.case.chain.issues:
        if rule.after == stage:
            place, seat = rule.issuer, (signer.person, signer.post, signer.unit)
            whose = (place.place, place.unit)
            with_him = _cosigner(turn.case, rule.cosigned_at)
            turn.record(DocumentDue(*turn.stamp, stage, rule.document, *whose, *seat, rule.of_head, *with_him))


def _cosigner(case: Case, stage: str | None) -> tuple[str, str, str]:
    """Whose approval completed an earlier stage in this round; nobody where the rule asks for none.

    Raises:
        Refusal: ``nobody_cosigned``: the case was moved past that stage, so one signature would be missing.
    """
    if stage is None:
        return "", "", ""
    found = [
        each for each in case.decisions if (each.stage, each.round, each.verdict) == (stage, case.round, "approve")
    ]
    items = [item for item in (case.item(each.item) for each in found) if item.added_by is None]
    if not items:
        raise Refusal("nobody_cosigned", {"stage": stage})
    return items[-1].person, items[-1].post, items[-1].unit


def go_back(turn: Turn, to: str, unlocked: tuple[str, ...] | None = None) -> None:
    """Takes the case back to the drafter, who may change what is unlocked, or to an earlier stage.

    Raises:
        Refusal: ``nobody_eligible``, when the earlier stage cannot be entered.
    """
    turn.close(turn.case.pending_items, "case_returned")
    turn.record(CaseReturned(*turn.stamp, to, unlocked if to == DRAFTER else None))
    if to != DRAFTER:
        enter(turn, turn.case.chain.stage(to))


def end_rejected(turn: Turn) -> None:
    """Ends the case."""
    turn.close(turn.case.pending_items, "case_rejected")
    turn.record(CaseRejected(*turn.stamp))
