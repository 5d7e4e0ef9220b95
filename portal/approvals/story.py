"""The history of a case as people tell it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch
from typing import TYPE_CHECKING

from flask_babel import gettext

from portal.approvals.grounds import told
from portal.approvals.words import Names
from workflows.events import (
    ApprovalKept,
    CaseAccepted,
    CaseApproved,
    CaseCancelled,
    CaseMigrated,
    CaseRecalled,
    CaseReopened,
    CaseResumed,
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
    OpinionAsked,
    RecallRequested,
    ReviewerAdded,
    RungReached,
    SeatsRevised,
    StageEntered,
    StageSkipped,
    StepSkipped,
    VoteLost,
)
from workflows.guards import holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from workflows.event import Event
    from workflows.guards import Guard, Scalar

STORY_TONES: Mapping[str, str] = {
    "approve": "good",
    "case_approved": "good",
    "document_due": "good",
    "return": "note",
    "case_recalled": "note",
    "case_suspended": "note",
    "case_withdrawn": "note",
    "recall_requested": "note",
    "reject": "bad",
    "vote_lost": "bad",
    "emergency_approved": "bad",
    "case_cancelled": "bad",
    "case_submitted": "info",
    "case_reopened": "info",
    "case_migrated": "info",
}
"""How a line of the history is marked, by its kind."""


@dataclass(frozen=True)
class Told:
    """One line of a case's history.

    Attributes:
        at: when.
        words: what happened.
        reason: what the person who did it wrote, possibly empty.
        kind: the kind of event, or for a decision its verdict.
        version: the case version that the action made.
    """

    at: datetime
    words: str
    reason: str
    kind: str
    version: int

    @property
    def tone(self) -> str:
        """How the line is marked in the history."""
        return STORY_TONES.get(self.kind, "")


def story(events: Sequence[Event], names: Names) -> list[Told]:
    """What happened, as people tell it, oldest first; the engine's bookkeeping is left out.

    Args:
        events: of one case, in order.
        names: of that case.
    """
    lines = []
    names = _at_first(events, names)
    for number, event in enumerate(events):
        words = tell(event, names)
        if isinstance(event, CaseMigrated):
            names = replace(names, chain=names.chains[event.chain])
        if isinstance(event, StageEntered) and (asked := _asked(events[number + 1 :], event.version)):
            people = names.persons(asked)
            words = gettext("It went to “%(stage)s”, to %(people)s.", stage=names.stage(event.stage), people=people)
        if isinstance(event, SeatsRevised | RungReached) and (came := _asked(events[number + 1 :], event.version)):
            more = gettext("It also went to %(people)s.", people=names.persons(came))
            words = f"{words} {more}"
        if isinstance(event, SeatsRevised) and (gone := _gone(events, event.version)):
            words = f"{words} " + gettext("%(people)s has it no more.", people=names.persons(gone))
        if words is not None:
            kind = event.verdict if isinstance(event, ItemDecided) else event.kind
            lines.append(Told(event.at, words, getattr(event, "reason", ""), kind, event.version))
    return lines


def _at_first(events: Sequence[Event], names: Names) -> Names:
    """The names as they were before the first of some events: of the version that the case ran on then."""
    moved = next((event.was for event in events if isinstance(event, CaseMigrated)), None)
    return names if moved is None else replace(names, chain=names.chains[moved])


def _gone(events: Sequence[Event], version: int) -> list[str]:
    """Who lost his part with an action; as far as the events before it say who had it."""
    had = {event.item: event.person for event in events if isinstance(event, ItemOpened)}
    lost = (event.item for event in events if isinstance(event, ItemClosed) and event.version == version)
    return list(dict.fromkeys(had[item] for item in lost if item in had))


def _asked(following: Sequence[Event], version: int) -> list[str]:
    """Who got a work item in a stage that was just entered: its items are opened directly after it."""
    people: dict[str, None] = {}
    for event in following:
        if isinstance(event, StepSkipped | ItemParked | ItemClosed):
            continue
        if not isinstance(event, ItemOpened) or event.version != version:
            break
        people[event.person] = None
    return list(people)


@singledispatch
def tell(event: Event, names: Names) -> str | None:
    """One event as a sentence; None for bookkeeping that another event of the same action already tells."""
    del event, names
    return None


# -- along the chain -------------------------------------------------------------------------------------------


@tell.register
def _(event: CaseSubmitted, names: Names) -> str:
    return str(gettext("%(person)s submitted it, round %(round)s.", person=names.person(event.by), round=event.round))


@tell.register
def _(event: StageEntered, names: Names) -> str:
    return str(gettext("It went to “%(stage)s”.", stage=names.stage(event.stage)))


@tell.register
def _(event: StageSkipped, names: Names) -> str:
    stage = names.chain.stage(event.stage)
    is_out = stage.guard is not None and not holds(stage.guard, event.facts)
    guards = [stage.guard] if stage.guard and is_out else stage.guards
    return _skipped(names.stage(event.stage), guards, event.facts, names)


@tell.register
def _(event: StepSkipped, names: Names) -> str:
    guard = names.chain.stage(event.stage).step(event.step).guard
    return _skipped(names.step(event.stage, event.step), [guard] if guard else [], event.facts, names)


def _skipped(name: str, guards: Sequence[Guard], facts: Mapping[str, Scalar], names: Names) -> str:
    """Older events do not carry the facts, and then nobody knows any more what they were."""
    if not facts:
        return str(gettext("“%(stage)s” was skipped, for its condition does not hold.", stage=name))
    why = told(guards, facts, names)
    return str(gettext("“%(stage)s” was skipped, because %(why)s.", stage=name, why=why))


@tell.register
def _(event: VoteLost, names: Names) -> str:
    return str(
        gettext(
            "“%(stage)s” did not agree: %(approved)s approvals of the %(needed)s needed, and no more can be reached.",
            stage=names.stage(event.stage),
            approved=event.approved,
            needed=event.needed,
        )
    )


@tell.register
def _(event: ItemDecided, names: Names) -> str:
    person = names.person(event.by)
    if event.verdict == "advise":
        return str(gettext("%(person)s gave an opinion.", person=person))
    if event.verdict == "approve":
        return str(gettext("%(person)s approved it.", person=person))
    if event.verdict == "reject":
        return str(gettext("%(person)s rejected it.", person=person))
    return str(gettext("%(person)s returned it to %(target)s.", person=person, target=names.target(event.returned_to)))


@tell.register
def _(event: ContentEdited, names: Names) -> str:
    person, parts = names.person(event.by), names.parts(event.edited)
    return str(gettext("%(person)s changed it in %(parts)s.", person=person, parts=parts))


@tell.register
def _(event: SeatsRevised, names: Names) -> str:
    stage = names.stage(event.stage)
    return str(gettext("Who has “%(stage)s” was asked anew, because posts or delegations changed.", stage=stage))


@tell.register
def _(event: RungReached, names: Names) -> str:
    rung = names.chain.stage(event.stage).step(event.step).ladder[event.rung]
    step = names.step(event.stage, event.step)
    if rung.expires:
        return str(gettext("Nobody took “%(step)s” for too long, so it went back to the drafter.", step=step))
    if rung.at < 0:
        return str(gettext("The time for “%(step)s” is up soon; those who have it were reminded.", step=step))
    return str(gettext("The time for “%(step)s” is up; those who have it were reminded.", step=step))


@tell.register
def _(event: ApprovalKept, names: Names) -> str:
    return str(
        gettext(
            "The approval of %(person)s in round %(round)s stays: nothing that it covers was changed.",
            person=names.person(event.person),
            round=event.round,
        )
    )


@tell.register
def _(event: EmergencyApproved, names: Names) -> str:
    return str(gettext("%(person)s approved it in an emergency.", person=names.person(event.by)))


@tell.register
def _(event: DocumentDue, names: Names) -> str:
    return str(gettext("The document was issued; %(person)s signs it.", person=names.person(event.signer)))


@tell.register
def _(event: CaseApproved, names: Names) -> str:
    del event, names
    return str(gettext("It has passed every stage and is approved."))


# -- sharing the work ------------------------------------------------------------------------------------------


@tell.register
def _(event: CaseAccepted, names: Names) -> str:
    return str(gettext("%(person)s took it in hand.", person=names.person(event.by)))


@tell.register
def _(event: ItemClaimed, names: Names) -> str:
    return str(gettext("%(person)s took it for himself.", person=names.person(event.by)))


@tell.register
def _(event: ItemReleased, names: Names) -> str:
    return str(gettext("%(person)s gave it back to all who can take it.", person=names.person(event.by)))


@tell.register
def _(event: ItemPassed, names: Names) -> str:
    by, before, to = (names.person(each) for each in (event.by, event.person, event.to))
    if event.means == "delegate":
        return str(gettext("%(person)s delegated it to %(to)s.", person=by, to=to))
    return str(gettext("%(person)s gave the work of %(before)s to %(to)s.", person=by, before=before, to=to))


@tell.register
def _(event: ReviewerAdded, names: Names) -> str:
    by, to = names.person(event.by), names.person(event.to)
    if event.position == "before":
        return str(gettext("%(person)s has %(to)s decide first.", person=by, to=to))
    return str(gettext("%(person)s has %(to)s decide afterwards.", person=by, to=to))


@tell.register
def _(event: OpinionAsked, names: Names) -> str:
    by, to = names.person(event.by), names.person(event.to)
    return str(gettext("%(person)s asked %(to)s for an opinion.", person=by, to=to))


# -- aside, back and to the end --------------------------------------------------------------------------------


@tell.register
def _(event: CaseRecalled, names: Names) -> str:
    return str(gettext("%(person)s recalled it.", person=names.person(event.by)))


@tell.register
def _(event: RecallRequested, names: Names) -> str:
    return str(gettext("%(person)s asked to have it back.", person=names.person(event.by)))


@tell.register
def _(event: CaseSuspended, names: Names) -> str:
    return str(gettext("%(person)s suspended it.", person=names.person(event.by)))


@tell.register
def _(event: CaseResumed, names: Names) -> str:
    return str(gettext("%(person)s resumed it.", person=names.person(event.by)))


@tell.register
def _(event: CaseWithdrawn, names: Names) -> str:
    return str(gettext("%(person)s withdrew it. It is over.", person=names.person(event.by)))


@tell.register
def _(event: CaseCancelled, names: Names) -> str:
    return str(gettext("%(person)s cancelled it. It is over.", person=names.person(event.by)))


@tell.register
def _(event: CaseMigrated, names: Names) -> str:
    said = {"person": names.person(event.by), "number": names.versions.get(event.chain, "?")}
    if event.stage is None or event.stage == event.left:
        return str(gettext("%(person)s moved it to version %(number)s of the chain.", **said))
    stage = replace(names, chain=names.chains[event.chain]).stage(event.stage)
    return str(
        gettext("%(person)s moved it to version %(number)s of the chain, into “%(stage)s”.", stage=stage, **said)
    )


@tell.register
def _(event: CaseReopened, names: Names) -> str:
    return str(gettext("%(person)s reopened it and gave it back to the drafter.", person=names.person(event.by)))
