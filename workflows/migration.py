"""A running case goes on under another version of its chain: an administrator's act, which he can take back."""

from collections.abc import Sequence

from workflows.actions import Migrate
from workflows.carrying import given_approvals
from workflows.case import Case, Decision, altered
from workflows.definition import RETROSPECTIVE, Chain, Stage, choice_key
from workflows.eligibility import Slot
from workflows.errors import Refusal
from workflows.events import CaseMigrated, DocumentDue
from workflows.objections import check_administrator, check_in_review, check_reason, check_unfinished
from workflows.selection import choices_of
from workflows.turn import Turn, go_on


def migrate(turn: Turn, action: Migrate) -> None:
    """Changes the version under a case.

    Where the stage asks the same of the same people in both versions, whatever was begun there goes on: items, claims,
    opinions, the clock. Else the stage is entered anew, and the approvals stay that were given to the same question.

    Raises:
        Refusal: ``finished``, ``not_administrator``, ``reason_required``, ``same_version``; ``bad_target``;
            ``document_twice``; where it is entered anew ``suspended``, ``choice_needed``, ``nobody_eligible``,
            ``no_stage_applies``.
    """
    check_unfinished(turn.case)
    check_administrator(turn)
    check_reason(action.reason)
    if action.chain == turn.case.chain:
        raise Refusal("same_version")
    targets = targets_of(turn.case, action.chain)
    if action.stage not in (targets if turn.case.stage else (None,)):
        raise Refusal("bad_target", {"to": str(action.stage or ""), "targets": list(targets)})
    before = turn.case
    _change_version(turn, action)
    ahead = stages_ahead(turn.case.chain, action.stage)
    _refuse_second_document(turn, before, ahead)
    if action.stage is not None and not goes_on_as_it_is(before, action.chain, action.stage):
        _enter_anew(turn, before, ahead)


def targets_of(case: Case, chain: Chain) -> tuple[str, ...]:
    """Gives the stages of another version in which a case could go on; none while its drafter has it.

    A second signature stays what it is: without one, what was approved in an emergency would stand on one person.
    """
    if case.stage is None:
        return ()
    if case.emergency_by is not None:
        return (RETROSPECTIVE,) if chain.emergency else ()
    return tuple(stage.key for stage in chain.stages)


def stages_ahead(chain: Chain, stage: str | None) -> Sequence[Stage]:
    """Gives the stages that a case still has to pass, from the present one on; all of them while its drafter has it."""
    return chain.stages if stage is None else (chain.stage(stage), *chain.following(stage))


def goes_on_as_it_is(case: Case, chain: Chain, stage: str) -> bool:
    """Whether what was begun in the present stage goes on there under another version of the chain."""
    if case.stage != stage:
        return False
    one, other = case.chain.stage(stage), chain.stage(stage)
    return (one.completion, one.refusal, _asks(one)) == (other.completion, other.refusal, _asks(other))


def _asks(stage: Stage) -> list[tuple[object, ...]]:
    return [(step.key, step.owner, step.role, step.share, step.guard) for step in stage.steps]


def _change_version(turn: Turn, action: Migrate) -> None:
    known = {**turn.case.versions, action.was: turn.case.chain, action.key: action.chain}
    left, turn.case = turn.case.stage, altered(turn.case, versions=known)
    turn.record(CaseMigrated(*turn.stamp, action.key, action.was, left, action.stage, action.reason))


def _refuse_second_document(turn: Turn, before: Case, ahead: Sequence[Stage]) -> None:
    """A document that was issued is not issued again, unless the version before would have, too."""
    issued = {event.document for event in before.events if isinstance(event, DocumentDue)}
    again = _documents(before.chain, stages_ahead(before.chain, before.stage))
    for document in sorted((_documents(turn.case.chain, ahead) & issued) - again):
        raise Refusal("document_twice", {"document": document})


def _documents(chain: Chain, stages: Sequence[Stage]) -> set[str]:
    keys = {stage.key for stage in stages}
    return {rule.document for rule in chain.issues if rule.after in keys}


def _enter_anew(turn: Turn, before: Case, ahead: Sequence[Stage]) -> None:
    left = before.chain.stage(str(before.stage))
    check_in_review(turn.case)
    parts = [(each, step) for each in ahead for step in turn.steps_of(each)]
    if all(step.role == "advise" for _, step in parts) and not turn.case.is_approved_by_somebody:
        raise Refusal("no_stage_applies")
    for stage, step in choices_of(parts):
        if not turn.case.chosen.get(choice_key(stage, step)):
            raise Refusal("choice_needed", {"stage": stage.key, "step": step.key, "most": step.share.most})
    turn.close(turn.case.pending_items, "case_migrated")

    def standing(turn: Turn, stage: Stage, slots: Sequence[Slot], counted: Sequence[Slot]) -> dict[str, Decision]:
        return given_approvals(turn.case, left, stage, slots, counted)

    go_on(turn, ahead, standing)
