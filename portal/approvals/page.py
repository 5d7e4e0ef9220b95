"""What a page about a case shows: where it stands, who has it, what happened, what its reader may do and why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from portal.approvals import service
from portal.approvals.offers import offered
from portal.approvals.signers import cannot_sign
from portal.approvals.story import story
from portal.approvals.talk import talk
from portal.approvals.timing import taken_by
from portal.approvals.wiring import CORRECTIONS
from portal.approvals.words import ACTIONS, STATUS_TONES, STATUSES, Names, names_of
from portal.db import utc_now
from portal.refusals import sentence
from workflows.case import CaseStatus, ItemStatus
from workflows.definition import RETROSPECTIVE
from workflows.events import (
    CaseCancelled,
    CaseMigrated,
    CaseRecalled,
    CaseRejected,
    CaseReopened,
    CaseReturned,
    CaseSubmitted,
    CaseWithdrawn,
    EmergencyApproved,
    ItemPassed,
    OpinionAsked,
    ReviewerAdded,
    StageCompleted,
    StageEntered,
    StageSkipped,
)
from workflows.history import opened_on

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.approvals.recording import Folder
    from portal.security import Actor
    from workflows.case import Case, Decision, Edit, Item
    from workflows.event import Event

AHEAD, CURRENT, DONE, SKIPPED = "ahead", "current", "done", "skipped"
RETURNED, REJECTED = "returned", "rejected"
LEFT: Mapping[type[Event], str] = {
    CaseWithdrawn: AHEAD,
    CaseCancelled: AHEAD,
    CaseRejected: REJECTED,
    CaseReturned: RETURNED,
}
"""What becomes of the present stage when a case leaves it otherwise than by completing it."""


@dataclass(frozen=True)
class Opinion:
    """A recorded decision as it is shown.

    Attributes:
        person: who decided, by name.
        post: as holder of which post, possibly empty.
        instead_of: in whose place, by name; mostly empty.
        verdict: `approve`, `return`, `reject`, or `advise`.
        words: what the verdict is called.
        reason: possibly empty.
        at: when.
        kept_from: the round from which the approval was kept; None for what was decided in this one.
        edited: the sections that he changed as he approved, in one phrase; mostly empty.
        changed_by: who changed afterwards what was decided on here, by name; mostly empty.
    """

    person: str
    post: str
    instead_of: str
    verdict: str
    words: str
    reason: str
    at: datetime
    kept_from: int | None
    edited: str
    changed_by: str


@dataclass(frozen=True)
class StageShown:
    """One stage of the chain in the present round.

    Attributes:
        name: in the reader's language.
        state: `ahead`, `current`, `done`, `skipped`, `returned` or `rejected`.
        holders: who can decide in it now, by name and post.
        since: when it was entered, while it is current.
        opinions: the decisions of its last entry in this round; of the present one while it is current.
    """

    name: str
    state: str
    holders: tuple[str, ...]
    since: datetime | None
    opinions: tuple[Opinion, ...]


def case_page(session: Session, actor: Actor, folder: Folder) -> dict[str, Any]:
    """Everything that the macros of `macros/case.html` need.

    Args:
        session: any transaction.
        actor: the reader.
        folder: a case he may see.

    Returns:
        `row` and `version` of the case, `status` with `status_words` and the badge's `tone`, `drafter` by name and
        whether it lies with him (`with_drafter`), `stages`, `told` (its history), the hashes of what the reader
        `decided_on`, where he may approve with changes (`correction`, an address or nothing), what he was
        `asked` by whom, `wanted_back` by the submitter, `offers`, and `refused`: names of actions with the
        sentence why not; when it is `due` and whether it `is_late`, the time `taken` by each place with its name;
        `issues`, whether a document is due when the present stage is completed; `unsigned`, why the reader could
        not sign it; and what `talk.talk` gives.
    """
    available = service.available(session, actor, folder)
    case = folder.case
    names = names_of(session, folder, [each for answer in available.values() for each in answer.people])
    offers, refused = offered(actor, case, names, available)
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
        **talk(session, actor, folder, names),
        "decided_on": _contents_read(case, str(actor.user_id)),
        "correction": CORRECTIONS[folder.row.subject_kind](folder.row.subject_id) if available["approve"].edits else "",
        "asked": asked_of(case, str(actor.user_id), names),
        "wanted_back": case.recall_requested and case.stage is not None,
        "offers": offers,
        "refused": refused,
        "due": folder.row.due_at,
        "is_late": folder.row.due_at is not None and folder.row.due_at < utc_now(),
        "taken": [(each, names.target(each.place)) for each in taken_by(session, case)],
        "issues": any(each.after == case.stage for each in case.chain.issues),
        "unsigned": sentence(refusal) if (refusal := cannot_sign(session, actor, folder)) else "",
    }


def _contents_read(case: Case, person: str) -> frozenset[str]:
    """SHA-256 of what somebody decided on himself; where his approval was kept he need not have looked."""
    return frozenset(each.content_hash for each in case.decisions if each.person == person and each.kept_from is None)


def asked_of(case: Case, person: str, names: Names) -> tuple[str, str] | None:
    """What a colleague asks of somebody whom he brought into the present stage: his name, and his words.

    Args:
        case: the case.
        person: the account key of who was asked.
        names: of that case.
    """
    for event in reversed(case.events):
        if isinstance(event, StageEntered):
            return None
        if isinstance(event, OpinionAsked | ReviewerAdded | ItemPassed) and event.to == person and event.reason:
            return names.person(event.by), event.reason
    return None


# -- where it stands -------------------------------------------------------------------------------------------


def states_of(case: Case) -> dict[str, str]:
    """The state of every stage in the present round, by its key."""
    keys = [stage.key for stage in opened_on(case).every_stage]
    states = dict.fromkeys(keys, AHEAD)
    for event in case.events:
        if isinstance(event, CaseSubmitted | CaseRecalled | CaseReopened):
            states = dict.fromkeys(keys, AHEAD)
        elif isinstance(event, CaseMigrated):
            keys = [stage.key for stage in case.versions[event.chain].every_stage]
            states = _moved(states, keys, event.stage)
        elif isinstance(event, StageEntered):
            later = [key for key in keys[keys.index(event.stage) :] if states[key] != RETURNED]
            states |= dict.fromkeys(later, AHEAD) | {event.stage: CURRENT}
        elif isinstance(event, StageSkipped):
            states[event.stage] = SKIPPED
        elif isinstance(event, EmergencyApproved):
            states = {key: state if state == DONE else SKIPPED for key, state in states.items()}
        elif isinstance(event, StageCompleted):
            states[event.stage] = DONE
        elif type(event) in LEFT:
            states = {key: LEFT[type(event)] if state == CURRENT else state for key, state in states.items()}
    return states


def _moved(states: Mapping[str, str], keys: Sequence[str], stage: str | None) -> dict[str, str]:
    """The states under another version, in which a case goes on in a stage; what it never passes is skipped."""
    passed = keys[: keys.index(stage)] if stage else ()
    now = {key: states.get(key, AHEAD) for key in keys}
    return now | {key: SKIPPED for key in passed if now[key] in (AHEAD, CURRENT)}


def stages_of(case: Case, names: Names) -> list[StageShown]:
    """The stages of a case in order, each with those who have it or have decided in it."""
    states = states_of(case)
    entered = {event.stage: event.at for event in case.events if isinstance(event, StageEntered)}
    return [
        StageShown(
            name=names.stage(stage.key),
            state=states[stage.key],
            holders=tuple(_holder(names, item) for item in case.pending_items if item.stage == stage.key),
            since=entered[stage.key] if stage.key == case.stage else None,
            opinions=_opinions(case, names, stage.key),
        )
        for stage in case.chain.every_stage
        if stage.key != RETROSPECTIVE or states[stage.key] in (CURRENT, DONE, REJECTED)
    ]


def _holder(names: Names, item: Item) -> str:
    """Somebody who has a stage: by name and post, and how he has it where that is not simply to decide."""
    manners = (
        (item.status == ItemStatus.PARKED, gettext("after the others")),
        (item.claimed, gettext("has taken it")),
        (item.role == "advise", gettext("for an opinion")),
        (item.instead_of is not None, gettext("for %(person)s", person=names.person(item.instead_of))),
    )
    said = [names.seat(item.person, item.post), *(str(words) for holds, words in manners if holds)]
    return ", ".join(said)


def _outdates(edit: Edit, decision: Decision) -> bool:
    """Whether somebody changed later what was decided on; what an old record covers is not known."""
    return edit.item > decision.item and any(key in edit.sections for key in decision.covered or edit.sections)


def _opinions(case: Case, names: Names, stage: str) -> tuple[Opinion, ...]:
    mine = [each for each in case.decisions if each.round == case.round and each.stage == stage]
    last = case.entry if stage == case.stage else max((each.entry for each in mine), default=0)
    edits = [edit for edit in case.edits if edit.round == case.round]
    return tuple(
        Opinion(
            person=names.person(each.person),
            post=names.posts.get(each.post, ""),
            instead_of=names.person(each.instead_of) if each.instead_of else "",
            verdict=each.verdict,
            words=str(ACTIONS[each.verdict]),
            reason=each.reason,
            at=each.at,
            kept_from=None if each.kept_from is None else case.item(each.kept_from).round,
            edited=names.parts(key for edit in edits if edit.item == each.item for key in edit.sections),
            changed_by=names.persons(dict.fromkeys(edit.by for edit in edits if _outdates(edit, each))),
        )
        for each in mine
        if each.entry == last
    )
