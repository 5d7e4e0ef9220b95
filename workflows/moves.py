"""The moves that take a whole case somewhere: to reviewers, back, aside, or to its end."""

from workflows.actions import (
    Approve,
    ApproveInEmergency,
    Cancel,
    Recall,
    Reopen,
    RequestRecall,
    Resume,
    Return,
    Submit,
    Suspend,
    Verdicts,
    Withdraw,
)
from workflows.case import CaseStatus
from workflows.errors import Refusal
from workflows.events import (
    CaseCancelled,
    CaseRecalled,
    CaseReopened,
    CaseResumed,
    CaseSubmitted,
    CaseSuspended,
    CaseWithdrawn,
    ContentEdited,
    DocumentDue,
    EmergencyApproved,
    ItemDecided,
    RecallRequested,
)
from workflows.objections import (
    check_administrator,
    check_edit,
    check_has_it,
    check_in_review,
    check_initiator,
    check_reason,
    check_recall,
    check_submit,
    check_unfinished,
    check_untouched,
    item_to_decide,
)
from workflows.turn import Turn, end_rejected, enter, go_back, go_on, make_documents_due, settle


def submit(turn: Turn, action: Submit) -> None:
    """Begins a round."""
    chosen = check_submit(turn, action)
    drafters = tuple(sorted(action.drafters))
    asked = turn.case.comments_to_answer
    answers = {number: action.answers[number] for each in asked if (number := str(each.number)) in action.answers}
    told = (answers, tuple(sorted(action.changed & {each.anchor for each in asked})), dict(action.sections))
    turn.record(CaseSubmitted(*turn.stamp, turn.case.round + 1, action.content_hash, drafters, chosen, *told))
    go_on(turn, turn.case.chain.stages)


def decide(turn: Turn, action: Verdicts) -> None:
    """Records a verdict or an opinion, and what follows from it."""
    item = item_to_decide(turn, action)
    to = action.to if isinstance(action, Return) else None
    if isinstance(action, Approve) and action.content_hash:
        edited = check_edit(turn, item, action)
        turn.record(ContentEdited(*turn.stamp, item.number, action.content_hash, dict(action.sections), edited))
    turn.record(ItemDecided(*turn.stamp, item.number, action.verdict, action.reason, to, dict(action.comments)))
    if action.verdict in ("approve", "advise") or turn.stage.refusal == "vote":
        settle(turn, item)
    elif isinstance(action, Return):
        go_back(turn, action.to, action.unlocked)
    else:
        end_rejected(turn)


def approve_in_emergency(turn: Turn, action: ApproveInEmergency) -> None:
    """Approves at once, issues what would have been issued, and asks somebody else for the second signature.

    Raises:
        Refusal: ``no_emergency``, ``already_emergency``, ``own_draft``, ``not_for_emergency``, ``reason_required``;
            ``nobody_eligible`` when nobody could sign second.
    """
    check_in_review(turn.case)
    emergency, stage = turn.case.chain.emergency, turn.stage
    if emergency is None:
        raise Refusal("no_emergency")
    if turn.case.emergency_by is not None:
        raise Refusal("already_emergency", {"person": turn.case.emergency_by})
    if turn.by in turn.case.authors_before(emergency.review.key):
        raise Refusal("own_draft")
    trusted = turn.directory.candidates(emergency.owner)
    seat = next((each for each in trusted if each.person == turn.by), None)
    if seat is None:
        raise Refusal("not_for_emergency", {"people": sorted({each.person for each in trusted})})
    check_reason(action.reason)
    turn.close(turn.case.pending_items, "emergency_approved")
    turn.record(EmergencyApproved(*turn.stamp, stage.key, seat.post, seat.unit, action.reason, dict(action.comments)))
    for left in (stage, *turn.case.chain.following(stage.key)):
        if any(step.role == "decide" for step in turn.steps_of(left)):  # a stage that is skipped makes none due
            make_documents_due(turn, left.key, seat)
    enter(turn, emergency.review)


def recall(turn: Turn, action: Recall) -> None:
    """Takes the case back to its drafter."""
    check_recall(turn)
    turn.close(turn.case.pending_items, "case_recalled")
    turn.record(CaseRecalled(*turn.stamp, action.reason))


def request_recall(turn: Turn, action: RequestRecall) -> None:
    """Asks to have it back; refused ``recall_instead``, ``already_requested``, and as for recalling."""
    check_in_review(turn.case)
    check_initiator(turn)
    if turn.case.accepted_by is None:
        raise Refusal("recall_instead")
    if turn.case.recall_requested:
        raise Refusal("already_requested")
    check_reason(action.reason)
    turn.record(RecallRequested(*turn.stamp, action.reason))


def withdraw(turn: Turn, action: Withdraw) -> None:
    """Gives the matter up: while drafting at any time, in review as long as it could be recalled."""
    check_unfinished(turn.case)
    check_initiator(turn)
    if turn.case.stage is not None:
        check_in_review(turn.case)
        check_untouched(turn.case)
    check_reason(action.reason)
    turn.close(turn.case.pending_items, "case_withdrawn")
    turn.record(CaseWithdrawn(*turn.stamp, action.reason))


def suspend(turn: Turn, action: Suspend) -> None:
    """Stops the case; refused to all but those who have it and to administrators."""
    check_in_review(turn.case)
    check_has_it(turn)
    check_reason(action.reason)
    turn.record(CaseSuspended(*turn.stamp, action.reason))


def resume(turn: Turn, action: Resume) -> None:
    """Lets a suspended case go on; refused ``not_suspended``, and as for suspending."""
    check_unfinished(turn.case)
    if turn.case.status != CaseStatus.SUSPENDED:
        raise Refusal("not_suspended")
    check_has_it(turn)
    turn.record(CaseResumed(*turn.stamp, action.reason))


def cancel(turn: Turn, action: Cancel) -> None:
    """Ends the case by an administrator's act."""
    check_unfinished(turn.case)
    check_administrator(turn)
    check_reason(action.reason)
    turn.close(turn.case.pending_items, "case_cancelled")
    turn.record(CaseCancelled(*turn.stamp, action.reason))


def reopen(turn: Turn, action: Reopen) -> None:
    """Gives a case that is over back to its drafter; refused ``not_finished``, and ``document_issued``."""
    if not turn.case.finished:
        raise Refusal("not_finished")
    check_administrator(turn)
    if any(isinstance(event, DocumentDue) for event in turn.case.events):
        raise Refusal("document_issued")
    check_reason(action.reason)
    turn.record(CaseReopened(*turn.stamp, action.reason))
