"""The approval engine: what an action does to a case, and who may do what and why not.

Everything here is a pure function of its arguments. ``act`` carries out an action or raises the ``Refusal``
that says why not; ``available_actions`` tries every action without keeping the result, so that both always
agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from workflows.actions import AnyAction, Approve, Recall, Reject, Return, Submit, Verdicts
from workflows.case import Case, replay
from workflows.definition import DRAFTER, Chain
from workflows.eligibility import Candidate, Directory
from workflows.errors import Refusal
from workflows.events import CaseOpened, CaseRecalled, CaseRejected, CaseSubmitted, Event, ItemDecided
from workflows.objections import check_recall, check_submit, item_to_decide, step_of
from workflows.turn import Facts, Turn, go_back, go_on, take_approval

__all__ = [
    "Approve",
    "Availability",
    "Candidate",
    "Directory",
    "Facts",
    "Outcome",
    "Recall",
    "Reject",
    "Return",
    "Submit",
    "act",
    "available_actions",
    "open_case",
]


@dataclass(frozen=True)
class Outcome:
    """What an action led to: the case after it, and the events to record, at least one."""

    case: Case
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Availability:
    """Whether somebody may do something, and if not, why not.

    Attributes:
        action: ``submit``, ``approve``, ``return``, ``reject`` or ``recall``.
        refusal: Why not, with the code and params that ``act`` would raise; None when allowed.
        targets: For an allowed ``approve`` the steps that may be approved, for ``return`` the places
            it may go to (``drafter`` and stages), otherwise empty.
        reason_required: Whether a step of this person wants a reason for it.
    """

    action: str
    refusal: Refusal | None
    targets: tuple[str, ...] = ()
    reason_required: bool = False

    @property
    def allowed(self) -> bool:
        """Whether ``act`` would carry it out, given a reason."""
        return self.refusal is None


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
    if isinstance(action, Submit):
        _submit(turn, action)
    elif isinstance(action, Recall):
        _recall(turn, action)
    else:
        _decide(turn, action)
    return Outcome(turn.case, turn.case.events[len(case.events) :])


def available_actions(
    case: Case,
    *,
    by: str,
    at: datetime,
    facts: Facts,
    directory: Directory,
    drafters: frozenset[str] = frozenset(),
) -> tuple[Availability, ...]:
    """Tells for every action whether somebody may do it now, and why not.

    It tries each action with ``act`` and drops the result, so an allowed action succeeds (with a reason where
    one is required) and a refused one is refused with the same code.

    Args:
        case: As in ``act``, like the other arguments.
        by: The person who would act.
        at: When.
        facts: What guards may see.
        directory: Who holds which post.
        drafters: Who would be submitted as drafters; only ``submit`` depends on them.
    """

    def refusal(action: AnyAction) -> Refusal | None:
        try:
            act(case, action, by=by, at=at, facts=facts, directory=directory)
        except Refusal as answer:
            return answer
        return None

    return tuple(_availability(offer, refusal) for offer in _offers(case, by, drafters))


@dataclass(frozen=True)
class _Offer:
    """An action to try, and its variants by target, to try when it is allowed."""

    action: AnyAction
    variants: Mapping[str, AnyAction]
    reason_required: bool


def _availability(offer: _Offer, refusal: Callable[[AnyAction], Refusal | None]) -> Availability:
    answer = refusal(offer.action)
    allowed = () if answer else tuple(key for key, action in offer.variants.items() if not refusal(action))
    return Availability(offer.action.name, answer, allowed, offer.reason_required)


def _offers(case: Case, by: str, drafters: frozenset[str]) -> list[_Offer]:
    """Gives every action as this person would ask for it; reviewers with a reason, as any would do."""
    version, reason = case.version, "-"
    mine = [step_of(case, item) for item in case.open_items if item.person == by]
    demanding = {verdict for step in mine for verdict in step.reason_required}
    places = [DRAFTER, *(stage.key for stage in case.chain.before(case.stage))] if case.stage else []
    approvals = {step.key: Approve(version, reason, step.key) for step in mine}
    returns = {place: Return(version, reason, place) for place in places}
    return [
        _Offer(Submit(version, case.content_hash, drafters), {}, reason_required=False),
        _Offer(Approve(version, reason), approvals, "approve" in demanding),
        _Offer(Return(version, reason), returns, "return" in demanding),
        _Offer(Reject(version, reason), {}, "reject" in demanding),
        _Offer(Recall(version), {}, reason_required=False),
    ]


def _submit(turn: Turn, action: Submit) -> None:
    check_submit(turn)
    drafters = tuple(sorted(action.drafters))
    turn.record(CaseSubmitted(*turn.stamp, turn.case.round + 1, action.content_hash, drafters))
    go_on(turn, turn.case.chain.stages)


def _recall(turn: Turn, action: Recall) -> None:
    check_recall(turn)
    turn.close(turn.case.open_items, "case_recalled")
    turn.record(CaseRecalled(*turn.stamp, action.reason))


def _decide(turn: Turn, action: Verdicts) -> None:
    item = item_to_decide(turn, action)
    to = action.to if isinstance(action, Return) else None
    turn.record(ItemDecided(*turn.stamp, item.number, action.verdict, action.reason, to))
    if isinstance(action, Approve):
        take_approval(turn, item)
    elif isinstance(action, Return):
        go_back(turn, action.to)
    else:
        turn.close(turn.case.open_items, "case_rejected")
        turn.record(CaseRejected(*turn.stamp))


def _utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    return at.astimezone(UTC)
