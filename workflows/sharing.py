"""How people share the work on a case: taking it in hand, handing it on, bringing others in."""

from typing import Final

from workflows.actions import Accept, AddReviewer, AskOpinion, Claim, Delegate, Reassign, Release
from workflows.case import Case, Item
from workflows.definition import Role
from workflows.eligibility import Candidate
from workflows.errors import Refusal
from workflows.event import Means
from workflows.events import (
    CaseAccepted,
    ItemClaimed,
    ItemParked,
    ItemPassed,
    ItemReleased,
    OpinionAsked,
    ReviewerAdded,
)
from workflows.objections import check_administrator, check_in_review, check_reason, newcomer, own_item, step_of
from workflows.turn import Turn

BOTH: Final[tuple[Role, ...]] = ("decide", "advise")


def accept(turn: Turn, _action: Accept) -> None:
    """Takes the case in hand for the present level; refused ``already_in_hand``, and as for deciding."""
    own_item(turn, None, BOTH)
    if turn.case.in_hand_of is not None:
        raise Refusal("already_in_hand", {"person": turn.case.in_hand_of})
    turn.record(CaseAccepted(*turn.stamp, str(turn.case.stage)))


def claim(turn: Turn, action: Claim) -> None:
    """Takes a step for oneself; refused ``already_yours``, ``sole_owner``, and as for deciding."""
    item = own_item(turn, action.step, BOTH, lambda each: _objection_to_claim(turn.case, each))
    turn.record(ItemClaimed(*turn.stamp, item.number))


def _objection_to_claim(case: Case, item: Item) -> Refusal | None:
    if item.claimed:
        return Refusal("already_yours")
    for each in case.pending_items:
        if each.slot == item.slot and each.claimed:  # of whom somebody stands in for; he decides, and claims nothing
            return Refusal("claimed", {"step": item.step, "person": each.person})
    shared = any(each.slot == item.slot and each.person != item.person for each in case.pending_items)
    return None if shared else Refusal("sole_owner")


def release(turn: Turn, action: Release) -> None:
    """Gives a claimed step back; refused ``not_claimed``, and as for deciding."""
    item = own_item(turn, action.step, BOTH, lambda each: None if each.claimed else Refusal("not_claimed"))
    turn.record(ItemReleased(*turn.stamp, item.number))


def delegate(turn: Turn, action: Delegate) -> None:
    """Has a colleague take a step; refused ``in_person``, ``already_delegated``, as for deciding and for newcomers."""
    item = item_to_delegate(turn, action.step)
    successor = newcomer(turn, action.to, lambda: turn.directory.colleagues(item.unit))
    _pass_on(turn, item, successor, "delegate", action.reason)


def item_to_delegate(turn: Turn, step: str | None) -> Item:
    """Finds the item that somebody would delegate; refused as ``delegate``, but for the newcomer."""
    return own_item(turn, step, BOTH, lambda item: _objection_to_delegation(turn.case, item))


def _objection_to_delegation(case: Case, item: Item) -> Refusal | None:
    if step_of(case.chain, item).in_person:
        return Refusal("in_person", {"step": item.step})
    return Refusal("already_delegated", {"person": item.instead_of}) if item.instead_of else None


def reassign(turn: Turn, action: Reassign) -> None:
    """Gives an item to somebody else; refused ``not_administrator``, ``no_such_item``, and as for newcomers."""
    check_in_review(turn.case)
    check_administrator(turn)
    check_reason(action.reason)
    item = next((each for each in turn.case.pending_items if each.number == action.item), None)
    if item is None:
        raise Refusal("no_such_item")
    _pass_on(turn, item, newcomer(turn, action.to, turn.directory.circle), "reassign", action.reason)


def _pass_on(turn: Turn, item: Item, to: Candidate, means: Means, reason: str) -> None:
    """Puts somebody in the place of an item's owner; a delegate decides for him, a new owner for himself."""
    turn.record(ItemPassed(*turn.stamp, item.number, item.person, to.person, means, reason))
    turn.close([item], "passed_on")
    instead_of = item.person if means == "delegate" else None
    number = turn.open_item(item.slot, item.step, to, item.role, instead_of=instead_of, added_by=item.added_by)
    turn.park_like(item, number)


def add_reviewer(turn: Turn, action: AddReviewer) -> None:
    """Has somebody else decide too; refused ``not_in_a_vote``, and as for deciding and for newcomers."""
    item = own_item(turn, action.step, ("decide",))
    if turn.stage.refusal == "vote":
        raise Refusal("not_in_a_vote", {"stage": turn.stage.key})
    check_reason(action.reason)
    added = newcomer(turn, action.to, turn.directory.circle)
    turn.record(ReviewerAdded(*turn.stamp, action.to, action.position, action.reason))
    slot = _new_slot(turn, item)
    number = turn.open_item(slot, item.step, added, added_by=turn.by)
    if action.position == "after":
        turn.record(ItemParked(*turn.stamp, number, item.slot))
        return
    for each in turn.case.open_items:
        if each.slot == item.slot and each.principal == item.principal:  # whoever stands in for him waits with him
            turn.record(ItemParked(*turn.stamp, each.number, slot))


def ask_opinion(turn: Turn, action: AskOpinion) -> None:
    """Asks somebody for an opinion; refused as for deciding and for newcomers."""
    item = own_item(turn, action.step, ("decide",))
    check_reason(action.reason)
    asked = newcomer(turn, action.to, turn.directory.circle, "advise")
    turn.record(OpinionAsked(*turn.stamp, action.to, action.reason))
    turn.open_item(_new_slot(turn, item), item.step, asked, "advise", added_by=turn.by)


def _new_slot(turn: Turn, item: Item) -> str:
    """Names a slot that the chain does not know: by the step, and by the number its item will have."""
    return f"{item.step}+{len(turn.case.items) + 1}"
