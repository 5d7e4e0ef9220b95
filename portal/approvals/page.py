"""What a page about a case shows: where it stands, who has it, what happened, what its reader may do and why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from portal.approvals import service
from portal.approvals.words import ACTIONS, STATUS_TONES, STATUSES, Names, explain, listed, names_of, story
from workflows.case import CaseStatus
from workflows.definition import DRAFTER
from workflows.errors import Refusal
from workflows.events import (
    CaseRecalled,
    CaseRejected,
    CaseReturned,
    CaseSubmitted,
    StageCompleted,
    StageEntered,
    StageSkipped,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.security import Actor
    from workflows.case import Case
    from workflows.engine import Availability

DECIDE, RECALL = ("can_decide", "DecisionView"), ("can_recall", "DecisionView")
RIGHTS: Mapping[str, tuple[str, str]] = {"approve": DECIDE, "return": DECIDE, "reject": DECIDE, "recall": RECALL}
"""Action → the right that opens its route; submitting belongs to the page of the subject."""

AHEAD, CURRENT, DONE, SKIPPED = "ahead", "current", "done", "skipped"
RETURNED, REJECTED = "returned", "rejected"


@dataclass(frozen=True)
class Opinion:
    """A recorded decision as it is shown.

    Attributes:
        person: who decided, by name.
        post: as holder of which post, possibly empty.
        verdict: `approve`, `return` or `reject`.
        words: what the verdict is called.
        reason: possibly empty.
        at: when.
    """

    person: str
    post: str
    verdict: str
    words: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class StageShown:
    """One stage of the chain in the present round.

    Attributes:
        name: in the reader's language.
        state: `ahead`, `current`, `done`, `skipped`, `returned` or `rejected`.
        holders: who can decide in it now, by name and post.
        opinions: the decisions of its last entry in this round; of the present one while it is current.
    """

    name: str
    state: str
    holders: tuple[str, ...]
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True)
class Offer:
    """An action that the reader may carry out.

    Attributes:
        action: its name.
        words: what it is called.
        reason_required: whether it needs a reason.
        targets: where a return may go: key and name.
        steps: which steps an approval may be for: key and name.
        reason: what was typed already.
        to: the target chosen already.
        step: the step chosen already.
    """

    action: str
    words: str
    reason_required: bool
    targets: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    to: str = DRAFTER
    step: str = ""


def case_page(session: Session, actor: Actor, folder: Folder) -> dict[str, Any]:
    """Everything that the macros of `macros/case.html` need.

    Args:
        session: any transaction.
        actor: the reader.
        folder: a case he may see.

    Returns:
        `row` and `version` of the case, `status` with `status_words` and the badge's `tone`, `drafter` by name and
        whether it lies with him (`with_drafter`), `stages`, `told` (its history), `offers`, and `refused`: names of
        actions with the sentence why not; `issues`, whether a document is due when the present stage is completed.
    """
    case, names = folder.case, names_of(session, folder.case)
    offers, refused = offered(actor, case, names, service.available(session, actor, folder))
    return {
        "row": folder.row,
        "version": case.version,
        "status": str(case.status),
        "status_words": STATUSES[case.status],
        "tone": STATUS_TONES.get(case.status, ""),
        "drafter": names.person(case.initiator),
        "with_drafter": case.status in (CaseStatus.DRAFT, CaseStatus.RETURNED, CaseStatus.RECALLED),
        "stages": stages_of(case, names),
        "told": story(case.events, names),
        "offers": offers,
        "refused": refused,
        "issues": any(each.after == case.stage for each in case.chain.issues),
    }


# -- where it stands -------------------------------------------------------------------------------------------


def states_of(case: Case) -> dict[str, str]:
    """The state of every stage in the present round, by its key."""
    keys = [stage.key for stage in case.chain.stages]
    states = dict.fromkeys(keys, AHEAD)
    for event in case.events:
        if isinstance(event, CaseSubmitted | CaseRecalled):
            states = dict.fromkeys(keys, AHEAD)
        elif isinstance(event, StageEntered):
            later = [key for key in keys[keys.index(event.stage) :] if states[key] != RETURNED]
            states |= dict.fromkeys(later, AHEAD) | {event.stage: CURRENT}
        elif isinstance(event, StageSkipped):
            states[event.stage] = SKIPPED
        elif isinstance(event, StageCompleted):
            states[event.stage] = DONE
        elif isinstance(event, CaseRejected):
            states = {key: REJECTED if state == CURRENT else state for key, state in states.items()}
        elif isinstance(event, CaseReturned):
            states = {key: RETURNED if state == CURRENT else state for key, state in states.items()}
    return states


def stages_of(case: Case, names: Names) -> list[StageShown]:
    """The stages of a case in order, each with those who have it or have decided in it."""
    states = states_of(case)
    return [
        StageShown(
            name=names.stage(stage.key),
            state=states[stage.key],
            holders=tuple(_seat(names, item.person, item.post) for item in case.open_items if item.stage == stage.key),
            opinions=_opinions(case, names, stage.key),
        )
        for stage in case.chain.stages
    ]


def _seat(names: Names, person: str, post: str) -> str:
    title = names.posts.get(post, "")
    return f"{names.person(person)} ({title})" if title else names.person(person)


def _opinions(case: Case, names: Names, stage: str) -> tuple[Opinion, ...]:
    mine = [each for each in case.round_decisions if each.stage == stage]
    last = case.entry if stage == case.stage else max((each.entry for each in mine), default=0)
    return tuple(
        Opinion(
            person=names.person(each.person),
            post=names.posts.get(each.post, ""),
            verdict=each.verdict,
            words=str(ACTIONS[each.verdict]),
            reason=each.reason,
            at=each.at,
        )
        for each in mine
        if each.entry == last
    )


# -- what the reader may do ------------------------------------------------------------------------------------


def offered(
    actor: Actor, case: Case, names: Names, available: Mapping[str, Availability]
) -> tuple[list[Offer], list[tuple[str, str]]]:
    """What the reader may do, and what not with the sentence why not; actions with one sentence share it.

    Args:
        actor: the reader.
        case: the case.
        names: of that case.
        available: the engine's answers for him, by action.
    """
    offers = []
    refused: dict[str, list[str]] = {}
    for action, right in RIGHTS.items():
        answer = available[action]
        if answer.refusal is None and actor.may(*right):
            offers.append(_offer(case, names, answer))
            continue
        why = answer.refusal or Refusal("not_permitted")
        if why.code != "not_initiator":  # nobody looks for a recall of what is not his
            refused.setdefault(explain(why, names, case.stage), []).append(str(ACTIONS[action]))
    return offers, [(listed(actions), words) for words, actions in refused.items()]


def _offer(case: Case, names: Names, answer: Availability) -> Offer:
    steps = answer.targets if answer.action == "approve" else ()
    targets = answer.targets if answer.action == "return" else ()
    return Offer(
        action=answer.action,
        words=str(ACTIONS[answer.action]),
        reason_required=answer.reason_required,
        targets=tuple((key, names.target(key)) for key in targets),
        steps=tuple((key, names.step(case.stage, key)) for key in steps),
    )


def with_typed(offers: Iterable[Offer], action: str, *, reason: str, to: str, step: str) -> list[Offer]:
    """The offers, the one that was tried first and filled in as it was typed.

    Args:
        offers: as offered now.
        action: what was tried.
        reason: what was typed.
        to: the target chosen.
        step: the step chosen, or nothing.
    """
    return sorted(
        (replace(each, reason=reason, to=to, step=step) if each.action == action else each for each in offers),
        key=lambda each: each.action != action,
    )
