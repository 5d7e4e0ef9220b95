"""What speaks against an action: who may not, and not now, each reason with its own code."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from workflows.actions import Approve, Return, Submit, Verdicts
from workflows.case import Case, CaseStatus, Item, ItemStatus
from workflows.definition import DRAFTER, Chain, Role, Step, choice_key
from workflows.eligibility import Candidate, eligible, matching
from workflows.errors import Refusal
from workflows.selection import choices_of, parts_of
from workflows.tally import tally_of, wanted
from workflows.turn import Turn, somebody_decides_after

NOBODY: Final = ""
"""The person that an action would bring in, while nobody was named."""

# -- the case --------------------------------------------------------------------------------------------------


def check_unfinished(case: Case) -> None:
    """Refuses ``finished``."""
    if case.finished:
        raise Refusal("finished", {"status": str(case.status)})


def check_in_review(case: Case) -> None:
    """Refuses ``finished``, ``suspended`` or ``not_submitted``."""
    check_unfinished(case)
    if case.status == CaseStatus.SUSPENDED:
        raise Refusal("suspended")
    if not case.in_review:
        raise Refusal("not_submitted", {"status": str(case.status)})


def check_initiator(turn: Turn) -> None:
    """Refuses ``not_initiator``."""
    if turn.by != turn.case.initiator:
        raise Refusal("not_initiator", {"initiator": turn.case.initiator})


def check_administrator(turn: Turn) -> None:
    """Refuses ``not_administrator``."""
    if not turn.directory.administers(turn.by):
        raise Refusal("not_administrator")


def check_reason(reason: str) -> None:
    """Refuses ``reason_required``."""
    if not reason.strip():
        raise Refusal("reason_required")


def check_submit(turn: Turn, action: Submit) -> dict[str, tuple[str, ...]]:
    """Refuses what cannot be submitted, or not so; gives the people chosen for steps that want it, and no others.

    Raises:
        Refusal: ``finished``, ``already_submitted``, ``not_initiator``; ``no_stage_applies`` when nobody would decide;
            ``unanswered``, ``choice_needed``, ``bad_choice``.
    """
    check_unfinished(turn.case)
    if turn.case.in_review or turn.case.status == CaseStatus.SUSPENDED:
        raise Refusal("already_submitted")
    check_initiator(turn)
    _check_answers(turn.case, action)
    drafters = turn.case.drafters | action.drafters
    parts = list(parts_of(turn.case.chain, turn.facts))
    if all(step.role == "advise" for _, step in parts):
        raise Refusal("no_stage_applies")
    chosen = {}
    for stage, step in choices_of(parts):
        key = choice_key(stage, step)
        chosen[key] = tuple(action.chosen.get(key, ()))
        _check_choice(stage.key, step, chosen[key], eligible(step.owner, turn.directory, drafters))
    return chosen


def _check_answers(case: Case, action: Submit) -> None:
    """Refuses ``unanswered`` while a comment has neither an answer nor a change of its place."""
    silent = [
        comment.anchor
        for comment in case.comments_to_answer
        if comment.anchor not in action.changed and not action.answers.get(str(comment.number), "").strip()
    ]
    if silent:
        raise Refusal("unanswered", {"anchors": list(dict.fromkeys(silent))})


def _check_choice(stage: str, step: Step, picked: Sequence[str], allowed: Collection[Candidate]) -> None:
    if not 1 <= len(picked) <= step.share.most:
        raise Refusal("choice_needed", {"stage": stage, "step": step.key, "most": step.share.most})
    if len(set(picked) & {each.person for each in allowed}) < len(picked):
        raise Refusal("bad_choice", {"stage": stage, "step": step.key})  # without names: they may be anybody's keys


def check_recall(turn: Turn) -> None:
    """Refuses ``finished``, ``suspended``, ``not_submitted``, ``not_initiator``, ``decided_in_round``, ``in_hand``."""
    check_in_review(turn.case)
    check_initiator(turn)
    check_untouched(turn.case)


def check_untouched(case: Case) -> None:
    """Refuses ``decided_in_round`` or ``in_hand`` when somebody has begun to work on this round."""
    for first in case.round_verdicts[:1]:
        raise Refusal("decided_in_round", {"stage": first.stage, "step": first.step, "person": first.person})
    if case.accepted_by is not None:
        raise Refusal("in_hand", {"person": case.accepted_by})


# -- the item --------------------------------------------------------------------------------------------------


def item_to_decide(turn: Turn, action: Verdicts) -> Item:
    """Finds the item that an action decides: the first of this person's that nothing speaks against.

    Raises:
        Refusal: For the case ``finished``, ``suspended``, ``not_submitted``; for the person ``own_draft``,
            ``decided_in_stage``, ``advises_only``, ``decides_himself``, ``not_your_item``, ``already_decided``,
            ``must_wait``; and what speaks against the first of his items: ``claimed``, ``post_not_held``,
            ``action_not_offered``, ``reason_required``, ``bad_target``, ``needed_elsewhere``.
    """
    check_in_review(turn.case)
    role: Role = "advise" if action.verdict == "advise" else "decide"
    check_person(turn, role)
    return _first(waiting_items(turn, action.step, role), lambda item: _objection(turn, action, item))


def _first(items: Iterable[Item], objection_to: Callable[[Item], Refusal | None]) -> Item:
    """Finds the first item that nothing speaks against; raises what speaks against the first of all."""
    objections = []
    for item in items:
        objection = objection_to(item)
        if objection is None:
            return item
        objections.append(objection)
    raise objections[0]


def step_of(chain: Chain, item: Item) -> Step:
    """Gives the step that an item stands for."""
    return chain.stage(item.stage).step(item.step)


def check_person(turn: Turn, role: Role) -> None:
    """Refuses ``own_draft``; and for deciders ``decided_in_stage``."""
    if turn.by in turn.case.authors_before(turn.stage.key):
        raise Refusal("own_draft")
    if role == "decide" and turn.by in turn.case.bound_people:
        raise Refusal("decided_in_stage", {"stage": turn.case.stage})


def waiting_items(turn: Turn, step: str | None, role: Role) -> list[Item]:
    """Gives this person's open items of a step, or of all steps; at least one.

    Raises:
        Refusal: ``advises_only``, ``decides_himself``, ``not_your_item``, ``already_decided``, ``must_wait``.
    """
    mine = [item for item in turn.case.entry_items if item.person == turn.by and step in (None, item.step)]
    asked = [item for item in mine if item.role == role]
    waiting = [item for item in asked if item.status == ItemStatus.OPEN]
    if not waiting:
        raise _why_nothing_waits(turn.case, mine, asked)
    return waiting


def _why_nothing_waits(case: Case, mine: Sequence[Item], asked: Sequence[Item]) -> Refusal:
    if mine and not asked:
        return Refusal("advises_only" if mine[0].role == "advise" else "decides_himself")
    for item in asked:
        if item.status == ItemStatus.PARKED:
            first = [each for each in case.pending_items if each.slot == item.until]
            return Refusal("must_wait", {"people": _people(first)})
    for item in asked:
        for decision in case.entry_decisions:
            if decision.slot == item.slot:
                return Refusal("already_decided", {"step": decision.step, "person": decision.person})
    return Refusal("not_your_item", {"stage": case.stage, "people": _people(case.open_items)})


def _objection_to_owner(turn: Turn, item: Item) -> Refusal | None:
    taken = [each for each in turn.case.pending_items if each.slot == item.slot and each.claimed]
    if taken and taken[0].person not in item.people:
        return Refusal("claimed", {"step": item.step, "person": taken[0].person})
    if not turn.directory.holds(item.person, item.post, item.unit):
        return Refusal("post_not_held", {"step": item.step, "post": item.post, "unit": item.unit})
    return Refusal("delegation_over", {"person": item.instead_of}) if stands_for_nobody(turn, item) else None


def stands_for_nobody(turn: Turn, item: Item) -> bool:
    """Whether somebody would decide in the place of a person who no longer could, or no longer lets him.

    Who stands in for somebody has no part in what that one no longer has, because it was given to another.
    """
    if item.instead_of is None:
        return False
    if item.mandate is not None and not turn.directory.empowered(item.mandate):
        return True
    seat = seat_of(turn.case, item)
    given_away = item.mandate is not None and seat.status == ItemStatus.CLOSED
    return given_away or not turn.directory.holds(seat.person, seat.post, seat.unit)


def seat_of(case: Case, item: Item) -> Item:
    """Gives the item by which somebody has a part: this one, or that of the person in whose place he decides."""
    theirs = [each for each in case.items if each.entry == item.entry and each.slot == item.slot]
    return next((each for each in reversed(theirs) if each.person == item.instead_of), item)


def _objection(turn: Turn, action: Verdicts, item: Item) -> Refusal | None:
    step = step_of(turn.case.chain, item)
    objection = _objection_to_owner(turn, item)
    if objection or action.verdict == "advise":
        return objection or (None if action.reason.strip() else Refusal("reason_required"))
    if action.verdict not in step.actions:
        return Refusal("action_not_offered", {"step": step.key, "offered": list(step.actions)})
    if action.verdict in step.reason_required and not action.reason.strip():
        return Refusal("reason_required")
    if isinstance(action, Return):
        return _objection_to_target(turn, action.to)
    return _objection_to_absence(turn, item) if isinstance(action, Approve) else None


def _objection_to_target(turn: Turn, to: str) -> Refusal | None:
    """Allows a return to the drafter or to an earlier stage that applies; a vote is about the drafter alone."""
    earlier = [stage.key for stage in turn.case.chain.before(turn.stage.key) if turn.steps_of(stage)]
    targets = [DRAFTER] if turn.stage.refusal == "vote" else [DRAFTER, *earlier]
    return None if to in targets else Refusal("bad_target", {"to": to, "targets": targets})


def _objection_to_absence(turn: Turn, item: Item) -> Refusal | None:
    """Keeps a stage completable: who approves one slot is lost to the others, and may be needed there.

    At entry there are enough different people. That stays true as long as nobody is taken away whom another
    slot cannot do without. Any pair of a largest matching may decide, so somebody always can; and somebody
    with only one open item is never refused.
    """
    pending = [each for each in turn.case.pending_items if each.role == "decide" and each.added_by is None]
    mine = [each.step for each in pending if each.people & item.people and each.slot != item.slot]
    if not mine:
        return None
    others = wanted(each for each in pending if each.slot != item.slot and not each.people & item.people)
    tally = tally_of(turn.case, turn.stage)
    if len(matching(others)) >= tally.needed - tally.approved - 1:
        return None
    return Refusal("needed_elsewhere", {"step": item.step, "steps": mine})


def check_edit(turn: Turn, item: Item, action: Approve) -> tuple[str, ...]:
    """Refuses a change of the content that whoever approves an item may not make; gives the sections he changes.

    Raises:
        Refusal: ``approved_as_it_was``, ``edited_unseen``, ``nothing_edited``, ``not_editable``.
    """
    others = [each.person for each in turn.case.entry_decisions if each.decides]
    if others:
        raise Refusal("approved_as_it_was", {"people": others})
    if not somebody_decides_after(turn, turn.stage):
        raise Refusal("edited_unseen")
    was, is_now = turn.case.sections, action.sections
    edited = sorted(key for key in {*was, *is_now} if was.get(key) != is_now.get(key))
    if not edited:
        raise Refusal("nothing_edited")
    beyond = [key for key in edited if key not in step_of(turn.case.chain, item).edits]
    if beyond:
        raise Refusal("not_editable", {"sections": beyond})
    return tuple(edited)


def own_item(
    turn: Turn, step: str | None, roles: Sequence[Role], objection_to: Callable[[Item], Refusal | None] = lambda _: None
) -> Item:
    """Finds the item that somebody handles without deciding it: the first open one of his that nothing speaks against.

    Args:
        turn: The action.
        step: Which step; None for all of his.
        roles: Which items may be handled so, and which of them first.
        objection_to: What speaks against an item besides its owner.

    Raises:
        Refusal: As ``item_to_decide`` for case, person and owner.
    """
    check_in_review(turn.case)
    mine = {item.role for item in turn.case.open_items if item.person == turn.by and step in (None, item.step)}
    held = [role for role in roles if role in mine] or roles[:1]
    check_person(turn, held[0])
    waiting = [item for role in held for item in waiting_items(turn, step, role)]
    return _first(waiting, lambda item: _objection_to_owner(turn, item) or objection_to(item))


def check_has_it(turn: Turn) -> None:
    """Refuses ``not_your_item`` to all but those who decide now and administrators."""
    deciding = [item for item in turn.case.open_items if item.role == "decide"]
    mine = [item for item in deciding if item.person == turn.by and not _objection_to_owner(turn, item)]
    if not mine and not turn.directory.administers(turn.by):
        raise Refusal("not_your_item", {"stage": turn.case.stage, "people": _people(deciding)})


# -- other people ----------------------------------------------------------------------------------------------


def newcomer(turn: Turn, to: str, circle: Callable[[], Iterable[Candidate]], role: Role = "decide") -> Candidate:
    """Finds somebody who shall be brought in.

    Args:
        turn: The action.
        to: Who.
        circle: Gives those who may be; asked last.
        role: For what, at most.

    Raises:
        Refusal: ``nobody_named``, ``to_oneself``, ``drafted_it``, ``has_decided``, ``has_item``, ``outsider``.
    """
    if to == NOBODY:
        raise Refusal("nobody_named")
    objection = objection_to_newcomer(turn.case, turn.by, to, role)
    if objection:
        raise objection
    for each in circle():
        if each.person == to:
            return each
    raise Refusal("outsider")  # without a name: it may be anybody's key


def objection_to_newcomer(case: Case, by: str, to: str, role: Role) -> Refusal | None:
    """What speaks against somebody's being brought in, whoever he is: he must be new to the stage, and no drafter.

    Who has a delegate may give an opinion, but not decide: the two of them could only wait for each other.
    """
    if to == by:
        return Refusal("to_oneself")
    if to in case.authors_before(str(case.stage)):
        return Refusal("drafted_it", {"person": to})
    if to in case.bound_people or to == case.emergency_by:
        return Refusal("has_decided", {"person": to})
    if any(to in (item.people if role == "decide" else {item.person}) for item in case.pending_items):
        return Refusal("has_item", {"person": to})
    return None


def _people(items: Iterable[Item]) -> list[str]:
    return list(dict.fromkeys(item.person for item in items))
