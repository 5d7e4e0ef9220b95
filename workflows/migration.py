"""A running case goes on under another version of its chain: an administrator's act, which he can take back."""

from collections.abc import Sequence

from workflows.actions import Migrate
from workflows.carrying import given_approvals, is_same_question
from workflows.case import Case, Decision, Edit, altered
from workflows.definition import RETROSPECTIVE, Chain, Stage, Step, choice_key
from workflows.eligibility import Slot, eligible
from workflows.errors import Refusal
from workflows.events import CaseMigrated, DocumentDue
from workflows.objections import check_administrator, check_in_review, check_reason, check_unfinished
from workflows.selection import choices_of
from workflows.turn import Turn, go_on


def migrate(turn: Turn, action: Migrate) -> None:
    """Changes the version under a case; no move decides anything.

    Where the stage asks the same of the same people in both versions, whatever was begun there goes on: items, claims,
    opinions, the clock. Else the stage is entered anew, and the approvals stay that were given to the same question.

    Raises:
        Refusal: ``finished``, ``not_administrator``, ``own_draft``, ``reason_required``, ``same_version``;
            ``bad_target``; ``document_twice``, ``choice_needed``, ``no_stage_applies``, ``edited_unseen``; where it is
            entered anew ``suspended``, ``nobody_eligible``, ``decided_by_move``.
    """
    _check_mover(turn, action)
    targets = targets_of(turn.case, action.chain)
    if action.stage not in (targets if turn.case.stage else (None,)):
        raise Refusal("bad_target", {"to": str(action.stage or ""), "targets": list(targets)})
    before = turn.case
    _change_version(turn, action)
    ahead = stages_ahead(turn.case.chain, action.stage)
    _refuse_second_document(turn, before, ahead)
    if action.stage is None:
        return
    as_it_is = goes_on_as_it_is(before, action.chain, action.stage)
    _refuse_dead_end(turn, [(stage, step) for stage in ahead for step in turn.steps_of(stage)])
    _refuse_unseen_edits(turn, ahead, as_it_is=as_it_is)
    if not as_it_is:
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


def documents_of(chain: Chain, stages: Sequence[Stage]) -> set[str]:
    """Gives the documents that are issued after some stages."""
    keys = {stage.key for stage in stages}
    return {rule.document for rule in chain.issues if rule.after in keys}


def goes_on_as_it_is(case: Case, chain: Chain, stage: str) -> bool:
    """Whether what was begun in the present stage goes on there under another version of the chain."""
    if case.stage != stage:
        return False
    one, other = case.chain.stage(stage), chain.stage(stage)
    decided = {each.step for each in case.entry_decisions}
    same = all(is_same_question(one.step(key), step) for key in decided if (step := chain.find(stage, key)))
    return same and _counts(one) == _counts(other)


def _counts(stage: Stage) -> tuple[object, ...]:
    """Whom a stage asks, how it counts them, and what a vote does that is lost."""
    asks = [(step.key, step.owner, step.role, step.share, step.guard, step.in_person) for step in stage.steps]
    lost = [step.actions for step in stage.deciding] if stage.refusal == "vote" else []
    return (stage.completion, stage.refusal, stage.guard, lost, asks)


def _check_mover(turn: Turn, action: Migrate) -> None:
    check_unfinished(turn.case)
    check_administrator(turn)
    if turn.by in turn.case.drafters:
        raise Refusal("own_draft")
    check_reason(action.reason)
    if action.chain == turn.case.chain:
        raise Refusal("same_version")


def _change_version(turn: Turn, action: Migrate) -> None:
    known = {**turn.case.versions, action.was: turn.case.chain, action.key: action.chain}
    left, turn.case = turn.case.stage, altered(turn.case, versions=known)
    turn.record(CaseMigrated(*turn.stamp, action.key, action.was, left, action.stage, action.reason))


def _refuse_second_document(turn: Turn, before: Case, ahead: Sequence[Stage]) -> None:
    """A document that was issued is not issued again, unless the version before would have, too."""
    issued = {event.document for event in before.events if isinstance(event, DocumentDue)}
    again = documents_of(before.chain, stages_ahead(before.chain, before.stage))
    for document in sorted((documents_of(turn.case.chain, ahead) & issued) - again):
        raise Refusal("document_twice", {"document": document})


def _refuse_dead_end(turn: Turn, parts: Sequence[tuple[Stage, Step]]) -> None:
    """The rest of the way must have a decider while nobody has approved, and the people whom the submitter chose."""
    if all(step.role == "advise" for _, step in parts) and not turn.case.is_approved_by_somebody:
        raise Refusal("no_stage_applies")
    for stage, step in choices_of(parts):
        able = {each.person for each in eligible(step.owner, turn.directory, turn.case.excluded_from(stage.key))}
        if not able & set(turn.case.chosen.get(choice_key(stage, step), ())):
            raise Refusal("choice_needed", {"stage": stage.key, "step": step.key, "most": step.share.most})


def _refuse_unseen_edits(turn: Turn, ahead: Sequence[Stage], *, as_it_is: bool) -> None:
    """What a reviewer made of the content is decided on by somebody else, whatever the version."""
    edits = [edit for edit in turn.case.edits if edit.round == turn.case.round]
    if any(not (_was_seen(turn.case, each) or _will_be_seen(turn, each, ahead, as_it_is=as_it_is)) for each in edits):
        raise Refusal("edited_unseen")


def _was_seen(case: Case, edit: Edit) -> bool:
    said = (each for each in case.round_verdicts if each.verdict == "approve" and each.item > edit.item)
    return any(not case.item(each.item).people & edit.people for each in said)


def _will_be_seen(turn: Turn, edit: Edit, ahead: Sequence[Stage], *, as_it_is: bool) -> bool:
    waiting = turn.case.pending_items if as_it_is else ()
    asked = any(item.role == "decide" and not item.people & edit.people for item in waiting)
    later = [step for stage in ahead if stage.key != edit.stage for step in turn.steps_of(stage)]
    return asked or any(step.role == "decide" for step in later)


def _enter_anew(turn: Turn, before: Case, ahead: Sequence[Stage]) -> None:
    left = before.chain.stage(str(before.stage))
    check_in_review(turn.case)
    turn.close(turn.case.pending_items, "case_migrated")

    def standing(turn: Turn, stage: Stage, slots: Sequence[Slot], counted: Sequence[Slot]) -> dict[str, Decision]:
        return given_approvals(turn.case, left, stage, slots, counted)

    go_on(turn, ahead, standing)
    if turn.case.finished or any(isinstance(event, DocumentDue) for event in turn.case.events[len(before.events) :]):
        raise Refusal("decided_by_move")
