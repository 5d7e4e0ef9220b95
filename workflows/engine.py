"""The approval engine: what an action does to a case, and who may do what and why not.

Everything here is a pure function of its arguments. ``act`` carries out an action or raises the ``Refusal``
that says why not; ``available_actions`` tries every action without keeping the result, so that both always
agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from workflows import ladder, migration, moves, seating, sharing
from workflows.actions import (
    Accept,
    Action,
    AddReviewer,
    Advise,
    AnyAction,
    Approve,
    ApproveInEmergency,
    AskOpinion,
    Cancel,
    Claim,
    Delegate,
    Migrate,
    Reassign,
    Recall,
    Reject,
    Release,
    Reopen,
    RequestRecall,
    Reseat,
    Resume,
    Return,
    Submit,
    Suspend,
    Tick,
    Withdraw,
)
from workflows.case import Case
from workflows.definition import Chain
from workflows.eligibility import Candidate, Directory
from workflows.errors import Refusal
from workflows.event import Event
from workflows.events import CaseOpened
from workflows.history import replay
from workflows.turn import Facts, Turn

__all__ = ["Candidate", "Directory", "Facts", "Outcome", "act", "open_case"]

_CARRIED_OUT: Final[Mapping[type[Action], Callable[[Turn, Any], None]]] = {
    Submit: moves.submit,
    Recall: moves.recall,
    RequestRecall: moves.request_recall,
    Withdraw: moves.withdraw,
    Accept: sharing.accept,
    Claim: sharing.claim,
    Release: sharing.release,
    Approve: moves.decide,
    Return: moves.decide,
    Reject: moves.decide,
    Advise: moves.decide,
    ApproveInEmergency: moves.approve_in_emergency,
    Delegate: sharing.delegate,
    AddReviewer: sharing.add_reviewer,
    AskOpinion: sharing.ask_opinion,
    Suspend: moves.suspend,
    Resume: moves.resume,
    Reassign: sharing.reassign,
    Reseat: seating.reseat,
    Tick: ladder.tick,
    Migrate: migration.migrate,
    Cancel: moves.cancel,
    Reopen: moves.reopen,
}
"""What each action does; an action that is missing here does not exist."""


@dataclass(frozen=True)
class Outcome:
    """What an action led to: the case after it, and the events to record, at least one."""

    case: Case
    events: tuple[Event, ...]


def open_case(chain: Chain, by: str, at: datetime) -> Outcome:
    """Begins a case as a draft of ``by``, its initiator, at version 0.

    Raises:
        ValueError: When ``at`` has no time zone.
    """
    opened = CaseOpened(0, _utc(at), by)
    return Outcome(replay(chain, [opened]), (opened,))


def act(case: Case, action: AnyAction, *, by: str, at: datetime, facts: Facts, directory: Directory) -> Outcome:
    """Carries out an action.

    Args:
        case: The case as recorded.
        action: What is asked for.
        by: The person who asks.
        at: When; aware, recorded in UTC.
        facts: What guards may see of the submitted content.
        directory: Who holds which post now, as seen from the submission.

    Returns:
        The case after it, its version one higher, and the new events.

    Raises:
        Refusal: Why not, with one of the codes of ``workflows.errors.REFUSALS``.
        ValueError: When ``at`` has no time zone.
    """
    if action.version != case.version:
        raise Refusal("stale_version", {"seen": action.version, "current": case.version})
    turn = Turn(case, by, _utc(at), facts, directory)
    _CARRIED_OUT[type(action)](turn, action)
    return Outcome(turn.case, turn.case.events[len(case.events) :])


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    return at.astimezone(UTC)
