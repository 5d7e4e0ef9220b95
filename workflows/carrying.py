"""Approvals that stay: what somebody approved in an earlier round, while nothing that his approval covers changes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workflows.case import Case, Decision
from workflows.definition import Stage, Step
from workflows.eligibility import Slot, matching


def kept_approvals(case: Case, stage: Stage, slots: Sequence[Slot], counted: Sequence[Slot]) -> dict[str, Decision]:
    """Gives the approvals of earlier rounds that stand in for asking again.

    Where they would leave too few other people for the rest of the stage, none is kept: everybody is asked.

    Args:
        case: As it comes to the stage.
        stage: The stage.
        slots: What it asks for, and of whom.
        counted: Those of the slots that complete it.

    Returns:
        The approvals by their slots.
    """
    kept = {slot.key: each for slot in slots for each in _approval(case, stage, slot)}
    left = without_kept(counted, kept)
    filled = matching({slot.key: [each.person for each in slot.candidates] for slot in left})
    return kept if len(filled) + len(kept) >= stage.completion.needed(len(counted)) else {}


def without_kept(slots: Sequence[Slot], kept: dict[str, Decision]) -> list[Slot]:
    """Gives the slots that are still asked for, and of whom: who has decided one decides no other of the stage."""
    bound = {each.person for each in kept.values()}
    return [
        replace(slot, candidates=tuple(each for each in slot.candidates if each.person not in bound))
        if slot.step.role == "decide"
        else slot
        for slot in slots
        if slot.key not in kept
    ]


def _approval(case: Case, stage: Stage, slot: Slot) -> Iterator[Decision]:
    """Gives the last verdict on a slot if it is an approval that stays; by whoever could give it again."""
    said = [each for each in case.decisions if (each.stage, each.slot) == (stage.key, slot.key) and each.decides]
    able = {each.person for each in slot.candidates}
    for last in said[-1:]:
        is_his = last.verdict == "approve" and last.instead_of is None and last.person in able
        if is_his and last.round < case.round and _stays(case, slot.step, last):
            yield last


def _stays(case: Case, step: Step, approval: Decision) -> bool:
    """Whether all that a step covers is as it was approved; a section that is not there counts as changed."""
    if step.ask_again != "if_changed":
        return False
    if not step.covers:
        return approval.content_hash == case.content_hash
    return case.sections.keys() >= set(step.covers) and approval.covered == case.covered_by(step)
