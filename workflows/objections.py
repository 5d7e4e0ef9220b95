"""What speaks against an action: who may not, and not now, each reason with its own code."""

from collections.abc import Iterable

from workflows.actions import Approve, Return, Verdicts
from workflows.case import Case, Item
from workflows.definition import DRAFTER, Step
from workflows.eligibility import matching
from workflows.errors import Refusal
from workflows.turn import Turn


def check_submit(turn: Turn) -> None:
    """Refuses a submission ``finished``, ``already_submitted`` or ``not_initiator``."""
    _check_unfinished(turn.case)
    if turn.case.in_review:
        raise Refusal("already_submitted")
    _check_initiator(turn)


def check_recall(turn: Turn) -> None:
    """Refuses a recall ``finished``, ``not_submitted``, ``not_initiator`` or ``decided_in_round``."""
    _check_in_review(turn.case)
    _check_initiator(turn)
    for first in turn.case.round_decisions[:1]:
        raise Refusal("decided_in_round", {"stage": first.stage, "step": first.step, "person": first.person})


def item_to_decide(turn: Turn, action: Verdicts) -> Item:
    """Finds the item that an action decides: the first of this person's that nothing speaks against.

    Raises:
        Refusal: For the case ``finished``, ``not_submitted``; for the person ``own_draft``,
            ``decided_in_stage``, ``not_your_item``, ``already_decided``; and what speaks against the first
            of his items: ``post_not_held``, ``action_not_offered``, ``reason_required``, ``bad_target``,
            ``needed_elsewhere``.
    """
    _check_in_review(turn.case)
    _check_person(turn)
    objections = []
    for item in _waiting_items(turn, action.step):
        objection = _objection(turn, action, item)
        if objection is None:
            return item
        objections.append(objection)
    raise objections[0]


def step_of(case: Case, item: Item) -> Step:
    """Gives the step that an item stands for."""
    return case.chain.stage(item.stage).step(item.step)


def _check_unfinished(case: Case) -> None:
    if case.finished:
        raise Refusal("finished", {"status": str(case.status)})


def _check_in_review(case: Case) -> None:
    _check_unfinished(case)
    if not case.in_review:
        raise Refusal("not_submitted", {"status": str(case.status)})


def _check_initiator(turn: Turn) -> None:
    if turn.by != turn.case.initiator:
        raise Refusal("not_initiator", {"initiator": turn.case.initiator})


def _check_person(turn: Turn) -> None:
    if turn.by in turn.case.drafters:
        raise Refusal("own_draft")
    if any(decision.person == turn.by for decision in turn.case.entry_decisions):
        raise Refusal("decided_in_stage", {"stage": turn.case.stage})


def _waiting_items(turn: Turn, step: str | None) -> list[Item]:
    """Gives this person's open items of a step, or of all steps; at least one."""
    case = turn.case
    mine = [item for item in case.items if item.entry == case.entry and item.person == turn.by]
    asked = [item for item in mine if step in (None, item.step)]
    if not asked:
        raise Refusal("not_your_item", {"stage": case.stage, "people": _people(case.open_items)})
    waiting = [item for item in asked if item in case.open_items]
    if not waiting:
        decision = next(each for each in case.entry_decisions if each.step == asked[0].step)
        raise Refusal("already_decided", {"step": decision.step, "person": decision.person})
    return waiting


def _objection(turn: Turn, action: Verdicts, item: Item) -> Refusal | None:
    step = step_of(turn.case, item)
    if not turn.directory.holds(item.person, item.post, item.unit):
        return Refusal("post_not_held", {"step": step.key, "post": item.post, "unit": item.unit})
    if action.verdict not in step.actions:
        return Refusal("action_not_offered", {"step": step.key, "offered": list(step.actions)})
    if action.verdict in step.reason_required and not action.reason.strip():
        return Refusal("reason_required", {"step": step.key})
    if isinstance(action, Return):
        return _objection_to_target(turn, action.to)
    return _objection_to_absence(turn, item) if isinstance(action, Approve) else None


def _objection_to_target(turn: Turn, to: str) -> Refusal | None:
    """Allows a return to the drafter or to an earlier stage that applies to the case."""
    earlier = [stage.key for stage in turn.case.chain.before(turn.stage.key) if turn.applies(stage)]
    targets = [DRAFTER, *earlier]
    return None if to in targets else Refusal("bad_target", {"to": to, "targets": targets})


def _objection_to_absence(turn: Turn, item: Item) -> Refusal | None:
    """Keeps a stage completable: who approves one step is lost to the others, and may be needed there.

    At entry there are enough different people. That stays true as long as nobody is taken away whom another
    step cannot do without. Any pair of a largest matching may decide, so somebody always can; and somebody
    with only one open item is never refused.
    """
    others = [each for each in turn.case.open_items if each.step != item.step and each.person != item.person]
    wanted = {each.step: _people(one for one in others if one.step == each.step) for each in others}
    missing = turn.stage.needed - len(turn.case.entry_decisions) - 1
    if len(matching(wanted)) >= missing:
        return None
    mine = [each.step for each in turn.case.open_items if each.person == item.person]
    return Refusal("needed_elsewhere", {"step": item.step, "steps": [step for step in mine if step != item.step]})


def _people(items: Iterable[Item]) -> list[str]:
    return sorted({item.person for item in items})
