"""Who has the present stage, asked anew: a post changed hands, or a standing delegation began or ended."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.actions import Reseat
from workflows.case import Item
from workflows.eligibility import Candidate, eligible
from workflows.errors import Refusal
from workflows.events import ItemClosed, SeatsRevised
from workflows.objections import check_administrator, check_unfinished, seat_of, stands_for_nobody, step_of
from workflows.tally import counted_role, tally_of
from workflows.turn import Turn, open_for_stand_ins, resume_waiting


@dataclass(frozen=True)
class Arrival:
    """Somebody who gets a part in a slot; ``after`` is the item of a predecessor, or of a colleague who shares it."""

    who: Candidate
    after: Item


def reseat(turn: Turn, action: Reseat) -> None:
    """Gives the work of those who lost their posts to their successors, and asks those who stand in now.

    An item stays with the person who lost the post while nobody else could take its slot, or the others were too few
    for the stage, so that it is never with nobody; he is refused as before, and an administrator can reassign it.
    Reviewers who were added by others keep what they have: they were asked as persons.

    Raises:
        Refusal: ``finished``, ``not_submitted``, ``not_administrator``; ``seats_current`` when nothing changed.
    """
    del action
    check_unfinished(turn.case)
    if turn.case.stage is None:
        raise Refusal("not_submitted", {"status": str(turn.case.status)})
    check_administrator(turn)
    before = turn.case
    turn.record(SeatsRevised(*turn.stamp, str(turn.case.stage)))
    for arrival in list(_arrivals(turn)):
        _arrive(turn, arrival)
    open_for_stand_ins(turn)
    turn.close(_departures(turn), "seat_lost")
    resume_waiting(turn)
    if len(turn.case.events) == len(before.events) + 1:
        raise Refusal("seats_current")


def _arrive(turn: Turn, arrival: Arrival) -> None:
    """Gives somebody a part; what he had of the step in a way that no longer counts makes room for it."""
    step, person = arrival.after.step, arrival.who.person
    turn.close([item for item in turn.case.pending_items if (item.step, item.person) == (step, person)], "seat_lost")
    number = turn.open_item(arrival.after.slot, step, arrival.who, arrival.after.role)
    turn.park_like(arrival.after, number)


def _arrivals(turn: Turn) -> Iterator[Arrival]:
    """Those who can take a slot now and were not asked: new candidates, or a successor where it is one person's."""
    able = [item for item in turn.case.pending_items if item.added_by is None and not has_lost(turn, item)]
    taken = {(item.step, item.person) for item in able}
    for first in _one_of_each_slot(turn):
        bound = turn.case.bound_people if first.role == "decide" else frozenset()
        open_to = [each for each in _able_now(turn, first) if _leaves_nobody_alone(turn, first, each.person)]
        able_now = [each for each in open_to if (first.step, each.person) not in taken]
        free = [each for each in able_now if each.person not in bound]
        for each in free if step_of(turn.case.chain, first).share.kind == "one" else free[:1]:
            taken.add((first.step, each.person))
            yield Arrival(each, first)


def _able_now(turn: Turn, first: Item) -> list[Candidate]:
    step, seat = step_of(turn.case.chain, first), seat_of(turn.case, first)
    able = eligible(step.owner, turn.directory, turn.case.excluded_from(first.stage))
    if step.share.kind == "one":
        known = _asked_before(turn, first.slot)
        return [each for each in able if each.person not in known]
    if not has_lost(turn, seat):
        return []
    by_another_post = [each for each in able if each.person == seat.person]
    return by_another_post or [each for each in able if each.post == seat.post]


def _leaves_nobody_alone(turn: Turn, first: Item, person: str) -> bool:
    """Whether no slot of the chain is left with nobody when what somebody has of the step makes room for this."""
    base = [item for item in turn.case.pending_items if item.added_by is None and item.slot != first.slot]
    his = {item.slot for item in base if (item.step, item.person) == (first.step, person)}
    return his <= {item.slot for item in base if item.person != person}


def _one_of_each_slot(turn: Turn) -> list[Item]:
    """The first pending item of each slot that the chain itself opened."""
    found: dict[str, Item] = {}
    for item in turn.case.pending_items:
        if item.added_by is None:
            found.setdefault(item.slot, item)
    return list(found.values())


def _asked_before(turn: Turn, slot: str) -> set[str]:
    """Whoever has or had a part in a slot, but for those who lost it, or are about to, and may have it back."""
    asked = [item for item in turn.case.entry_items if item.slot == slot]
    closed = [event for event in turn.case.events if isinstance(event, ItemClosed)]
    lost = {event.item for event in closed if event.cause == "seat_lost"}
    lost |= {item.number for item in asked if item in turn.case.pending_items and has_lost(turn, item)}
    return {item.person for item in asked if item.number not in lost}


def _departures(turn: Turn) -> list[Item]:
    """The items of those who can no longer decide, where somebody else has the slot, and enough others the stage."""
    pending = [item for item in turn.case.pending_items if item.added_by is None]
    lost = [item for item in pending if has_lost(turn, item)]
    staying = [item for item in pending if item not in lost]
    if not _are_enough(turn, staying):
        return []
    able = {item.slot for item in staying}
    return [item for item in lost if item.slot in able]


def _are_enough(turn: Turn, staying: list[Item]) -> bool:
    """Whether some people could complete the stage, each bound by one decision.

    It takes the first way that it finds, holders before those who stand in, so a yes is always true; where it says no
    though there is another way, those who lost their posts keep their items, which does no harm.
    """
    tally, counted = tally_of(turn.case, turn.stage), counted_role(turn.case.entry_items)
    filled, bound = set[str](), set[str]()
    for item in sorted(staying, key=lambda each: each.instead_of is not None):
        if item.role == counted and item.slot not in filled and not item.people & bound:
            filled.add(item.slot)
            bound |= item.people
    return tally.approved + len(filled) >= tally.needed


def has_lost(turn: Turn, item: Item) -> bool:
    """Whether the person of an item lost the post by which he has it, or the one in whose place he would decide."""
    return not turn.directory.holds(item.person, item.post, item.unit) or stands_for_nobody(turn, item)
