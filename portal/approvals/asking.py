"""From the form of an action to the action, and back from what happened to whether it was the very same action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from portal.approvals.words import ACTIONS
from portal.data import read_key
from portal.words import format_datetime
from workflows.actions import (
    Accept,
    AddReviewer,
    Advise,
    Approve,
    ApproveInEmergency,
    AskOpinion,
    Cancel,
    Claim,
    Delegate,
    Reassign,
    Recall,
    Reject,
    Release,
    Reopen,
    RequestRecall,
    Resume,
    Return,
    Suspend,
    Withdraw,
)
from workflows.definition import DRAFTER
from workflows.events import (
    CaseAccepted,
    CaseCancelled,
    CaseRecalled,
    CaseReopened,
    CaseResumed,
    CaseSuspended,
    CaseWithdrawn,
    EmergencyApproved,
    ItemClaimed,
    ItemDecided,
    ItemPassed,
    ItemReleased,
    OpinionAsked,
    RecallRequested,
    ReviewerAdded,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from portal.approvals.offers import Typed
    from workflows.actions import AnyAction
    from workflows.case import Case
    from workflows.event import Event

ASKED: Mapping[str, Callable[[int, Typed], AnyAction]] = {
    "recall": lambda version, typed: Recall(version, typed.reason),
    "request_recall": lambda version, typed: RequestRecall(version, typed.reason),
    "withdraw": lambda version, typed: Withdraw(version, typed.reason),
    "accept": lambda version, _typed: Accept(version),
    "claim": lambda version, typed: Claim(version, typed.step or None),
    "release": lambda version, typed: Release(version, typed.step or None),
    "approve": lambda version, typed: Approve(version, typed.reason, typed.step or None),
    "return": lambda version, typed: Return(
        version, typed.reason, typed.to or DRAFTER, typed.step or None, unlocked=() if typed.only else None
    ),
    "reject": lambda version, typed: Reject(version, typed.reason, typed.step or None),
    "advise": lambda version, typed: Advise(version, typed.reason, typed.step or None),
    "approve_in_emergency": lambda version, typed: ApproveInEmergency(version, typed.reason),
    "delegate": lambda version, typed: Delegate(version, typed.to, typed.reason, typed.step or None),
    "add_reviewer": lambda version, typed: AddReviewer(
        version, typed.to, typed.reason, "after" if typed.position == "after" else "before", typed.step or None
    ),
    "ask_opinion": lambda version, typed: AskOpinion(version, typed.to, typed.reason, typed.step or None),
    "suspend": lambda version, typed: Suspend(version, typed.reason),
    "resume": lambda version, typed: Resume(version, typed.reason),
    "reassign": lambda version, typed: Reassign(version, read_key(typed.item) or 0, typed.to, typed.reason),
    "cancel": lambda version, typed: Cancel(version, typed.reason),
    "reopen": lambda version, typed: Reopen(version, typed.reason),
}
"""Action → how it is made of the version that was seen and of what was typed."""

TELLING: Mapping[type[AnyAction], type[Event]] = {
    Recall: CaseRecalled,
    RequestRecall: RecallRequested,
    Withdraw: CaseWithdrawn,
    Accept: CaseAccepted,
    Claim: ItemClaimed,
    Release: ItemReleased,
    Approve: ItemDecided,
    Return: ItemDecided,
    Reject: ItemDecided,
    Advise: ItemDecided,
    ApproveInEmergency: EmergencyApproved,
    Delegate: ItemPassed,
    AddReviewer: ReviewerAdded,
    AskOpinion: OpinionAsked,
    Suspend: CaseSuspended,
    Resume: CaseResumed,
    Reassign: ItemPassed,
    Cancel: CaseCancelled,
    Reopen: CaseReopened,
}
"""Action → the event that tells of it."""


def done_before(case: Case, asked: AnyAction, person: str) -> Event | None:
    """The very same action by the same person on the very version he saw: the first of two clicks.

    Args:
        case: as it is now.
        asked: the action that came too late.
        person: who asked, by his account key.
    """
    for event in case.events:
        if event.version == asked.version + 1 and event.by == person and _tells(case, event, asked):
            return event
    return None


def told_before(case: Case, asked: AnyAction, person: str, title: str) -> str:
    """The sentence for the second of two clicks; empty where an action was not done before.

    Args:
        case: as in `done_before`, like the next two.
        asked: the action.
        person: who asked.
        title: what the case is about.
    """
    before = done_before(case, asked, person)
    if before is None:
        return ""
    said = {"action": ACTIONS[asked.name], "title": title, "at": format_datetime(before.at)}
    return str(gettext("%(action)s: you did that with “%(title)s” at %(at)s; nothing was done twice.", **said))


def _tells(case: Case, event: Event, asked: AnyAction) -> bool:
    """Whether an event tells of an action: kind, words, person, means and step are the same."""
    if not isinstance(event, TELLING[type(asked)]) or not _is_same_step(case, event, asked):
        return False
    if isinstance(event, ItemDecided):
        said = (event.verdict, event.reason, event.returned_to)
        return said == (asked.name, getattr(asked, "reason", ""), asked.to if isinstance(asked, Return) else None)
    if isinstance(event, ItemPassed) and event.means != asked.name:
        return False
    names = ("reason", "to", "item", "position")
    return all(
        getattr(event, name) == getattr(asked, name) for name in names if hasattr(event, name) and hasattr(asked, name)
    )


def _is_same_step(case: Case, event: Event, asked: AnyAction) -> bool:
    step, item = getattr(asked, "step", None), getattr(event, "item", None)
    return step is None or item is None or case.item(item).step == step
