"""One action being carried out: how a case moves along its chain, event by event."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from workflows.case import Case, Item, evolve
from workflows.definition import DRAFTER, Stage
from workflows.eligibility import Directory, eligible, matching
from workflows.errors import Refusal
from workflows.events import (
    CaseApproved,
    CaseReturned,
    Cause,
    DocumentDue,
    Event,
    ItemClosed,
    ItemOpened,
    StageCompleted,
    StageEntered,
    StageSkipped,
)
from workflows.guards import Scalar, holds

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

    def close(self, items: Iterable[Item], cause: Cause) -> None:
        """Closes work items that nobody needs to decide any more."""
        for item in items:
            self.record(ItemClosed(*self.stamp, item.number, cause))

    def applies(self, stage: Stage) -> bool:
        """Tells whether a stage is for this case; otherwise it is skipped."""
        return stage.guard is None or holds(stage.guard, self.facts)


def go_on(turn: Turn, stages: Sequence[Stage]) -> None:
    """Enters the first of these stages that applies; when none is left, the case is approved.

    Raises:
        Refusal: ``no_stage_applies`` for an approval that nobody gave, ``nobody_eligible``.
    """
    for stage in stages:
        if turn.applies(stage):
            enter(turn, stage)
            return
        turn.record(StageSkipped(*turn.stamp, stage.key))
    if not turn.case.round_decisions:
        raise Refusal("no_stage_applies")
    turn.record(CaseApproved(*turn.stamp))


def enter(turn: Turn, stage: Stage) -> None:
    """Enters a stage and opens a work item for every candidate of every step.

    Raises:
        Refusal: ``nobody_eligible`` unless as many different people as the stage needs can take a step each.
    """
    candidates = eligible(stage, turn.directory, turn.case.drafters)
    filled = matching({step: [each.person for each in people] for step, people in candidates.items()})
    if len(filled) < stage.needed:
        lonely = next(step for step in candidates if step not in filled)
        params = {"stage": stage.key, "step": lonely, "needed": stage.needed, "found": len(filled)}
        raise Refusal("nobody_eligible", params)
    turn.record(StageEntered(*turn.stamp, stage.key, turn.case.entry + 1))
    for step, people in candidates.items():
        for each in people:
            number = len(turn.case.items) + 1
            turn.record(ItemOpened(*turn.stamp, number, step, each.person, each.post, each.unit))


def take_approval(turn: Turn, item: Item) -> None:
    """Follows up an approved item: closes what it makes needless, and goes on when the stage is complete."""
    turn.close([each for each in turn.case.open_items if each.step == item.step], "step_decided")
    turn.close([each for each in turn.case.open_items if each.person == item.person], "person_decided")
    if len(turn.case.entry_decisions) < turn.stage.needed:
        return
    turn.close(turn.case.open_items, "stage_completed")
    turn.record(StageCompleted(*turn.stamp, item.stage, item.entry))
    _make_documents_due(turn, item)
    go_on(turn, turn.case.chain.following(item.stage))


def _make_documents_due(turn: Turn, last: Item) -> None:
    """Records which documents a completed stage asks for; the owner of its last item signs them."""
    for rule in turn.case.chain.issues:
        if rule.after == last.stage:
            place, signer = rule.issuer, (last.person, last.post, last.unit)
            due = DocumentDue(*turn.stamp, last.stage, rule.document, place.place, place.unit, *signer)
            turn.record(due)


def go_back(turn: Turn, to: str) -> None:
    """Takes the case back to the drafter or to an earlier stage.

    Raises:
        Refusal: ``nobody_eligible``, when the earlier stage cannot be entered.
    """
    turn.close(turn.case.open_items, "case_returned")
    turn.record(CaseReturned(*turn.stamp, to))
    if to != DRAFTER:
        enter(turn, turn.case.chain.stage(to))
