"""Approvals that stay: what somebody approved in an earlier round, while nothing that his approval covers changes."""

from collections.abc import Sequence
from dataclasses import replace

from workflows.case import Case, Decision
from workflows.definition import REFUSING, Stage, Step
from workflows.eligibility import Slot, matching
from workflows.events import CaseMigrated


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
    lasting = (slot for slot in slots if slot.step.ask_again == "if_changed")
    kept = {slot.key: approval for slot in lasting if (approval := _approval(case, stage, slot))}
    return _unless_too_few(kept, stage, counted)


def given_approvals(
    case: Case, left: Stage, stage: Stage, slots: Sequence[Slot], counted: Sequence[Slot]
) -> dict[str, Decision]:
    """Gives the approvals of the stage entry that a case leaves for another version of its chain, where they stay.

    They do where the same is asked of the same people, who said so themselves; not where somebody voted against, for
    then leaving out his vote would decide the matter.

    Args:
        case: In the stage that it leaves.
        left: That stage.
        stage: The one that it enters.
        slots: As for ``kept_approvals``, like ``counted``.
        counted: Likewise.
    """
    asked = {step.key: step for step in left.steps}
    given = {each.slot: each for each in case.entry_decisions if each.verdict == "approve" and not each.instead_of}
    if any(each.verdict in REFUSING for each in case.entry_decisions):
        return {}
    kept = {
        slot.key: given[slot.key]
        for slot in slots
        if slot.key in given and slot.step.key in asked and is_same_question(asked[slot.step.key], slot.step)
        if given[slot.key].person in {each.person for each in slot.candidates}
    }
    return _unless_too_few(kept, stage, counted)


def is_same_question(one: Step, other: Step) -> bool:
    """Whether two versions of a step ask the same people about the same content."""
    return all(getattr(one, name) == getattr(other, name) for name in ("owner", "role", "share", "checks", "covers"))


def _unless_too_few(kept: dict[str, Decision], stage: Stage, counted: Sequence[Slot]) -> dict[str, Decision]:
    if not kept:
        return {}
    left = without_kept(counted, kept)
    filled = matching({slot.key: [each.person for each in slot.candidates] for slot in left})
    return kept if len(filled) + len(kept) >= stage.completion.needed(len(counted)) else {}


def without_kept(slots: Sequence[Slot], kept: dict[str, Decision]) -> list[Slot]:
    """Gives the slots that are still asked for, and of whom: who has decided one decides no other of the stage."""
    if not kept:
        return list(slots)
    bound = {each.person for each in kept.values()}
    return [
        replace(slot, candidates=tuple(each for each in slot.candidates if each.person not in bound))
        if slot.step.role == "decide"
        else slot
        for slot in slots
        if slot.key not in kept
    ]


def _approval(case: Case, stage: Stage, slot: Slot) -> Decision | None:
    """Gives the last verdict on a slot if it is an approval that stays; by whoever could give it again."""
    said = [each for each in case.decisions if (each.stage, each.slot) == (stage.key, slot.key) and each.decides]
    able = {each.person for each in slot.candidates}
    if not said or said[-1].verdict != "approve" or said[-1].person not in able or _was_moved_since(case, said[-1]):
        return None
    last = max(item.entry for item in case.items if item.stage == stage.key)
    is_earlier = said[-1].instead_of is None and said[-1].round < case.round and said[-1].entry == last
    return said[-1] if is_earlier and _stays(case, slot.step, said[-1]) else None


def _was_moved_since(case: Case, approval: Decision) -> bool:
    """Whether a case came to another version after an approval, which may ask something else by the same name."""
    return any(isinstance(event, CaseMigrated) and event.at >= approval.at for event in case.events)


def _stays(case: Case, step: Step, approval: Decision) -> bool:
    """Whether all that a step covers is as it was approved; a section that is not there counts as changed."""
    if not step.covers:
        return approval.content_hash == case.content_hash
    return case.sections.keys() >= set(step.covers) and approval.covered == case.covered_by(step)
