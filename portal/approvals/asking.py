"""From the form of an action to the action."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.data import read_key
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

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from portal.approvals.offers import Typed
    from workflows.actions import AnyAction

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
