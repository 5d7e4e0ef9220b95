"""Who can take the steps of a stage, when everybody decides at most once and nobody on his own draft."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol, TypeAlias

from workflows.case import Case
from workflows.definition import Owner, Stage, Step, choice_key


@dataclass(frozen=True)
class Candidate:
    """A person who may take a step, and as holder of which post in which unit."""

    person: str
    post: str
    unit: str


@dataclass(frozen=True)
class StandIn:
    """Somebody who may decide in a candidate's place, by a standing delegation.

    Attributes:
        who: He, and as holder of which post in which unit.
        mandate: The delegation's own key.
    """

    who: Candidate
    mandate: str


class Directory(Protocol):
    """Who holds which post; the caller binds it to the submission and to a date."""

    def candidates(self, owner: Owner) -> Sequence[Candidate]:
        """Gives everybody who may take a step with this owner, in order of preference.

        For the place ``superior`` these are the holders of the posts in the submitter's unit, then in the unit
        above it, and so on up.
        """

    def holds(self, person: str, post: str, unit: str) -> bool:
        """Tells whether a person holds a post in a unit now."""

    def stand_ins(self, stage: Stage, step: Step, seat: Candidate) -> Sequence[StandIn]:
        """Gives those who stand in now for the holder of a seat, in a step of this case."""

    def empowered(self, mandate: str) -> bool:
        """Tells whether a standing delegation is in force now."""

    def colleagues(self, unit: str) -> Sequence[Candidate]:
        """Gives everybody with a post in a unit who may work on cases: those to whom its people can delegate."""

    def circle(self) -> Sequence[Candidate]:
        """Gives everybody who may be brought into the case by those who have it."""

    def administers(self, person: str) -> bool:
        """Tells whether a person may reassign, cancel and reopen the case."""


@dataclass(frozen=True)
class Slot:
    """One decision or opinion that a stage asks for, and who may give it.

    Attributes:
        key: Unique in the stage entry: the step's key where one person takes it, else ``step/person``.
        step: The step.
        candidates: Possibly nobody.
    """

    key: str
    step: Step
    candidates: tuple[Candidate, ...]


Wanted: TypeAlias = Mapping[str, Collection[str]]
"""The people who could take each slot, by its key."""


def slots_of(stage: Stage, steps: Iterable[Step], case: Case, directory: Directory) -> list[Slot]:
    """Gives what a stage asks for, and of whom, when it is entered.

    Args:
        stage: The stage.
        steps: Those of its steps whose guards hold.
        case: Whose authors are nobody's candidates, as who approved it in an emergency, and whose initiator may have
            chosen people.
        directory: Who holds which post.
    """
    return [slot for step in steps for slot in _slots(stage, step, case, directory)]


def _slots(stage: Stage, step: Step, case: Case, directory: Directory) -> list[Slot]:
    found = eligible(step.owner, directory, case.excluded_from(stage.key))
    if step.share.kind == "one":
        return [Slot(step.key, step, tuple(found))]
    if step.share.kind == "each":
        return [_own_slot(step, each) for each in found] or [Slot(step.key, step, ())]
    known = {each.person: each for each in found}
    chosen = case.chosen.get(choice_key(stage, step), ())
    slots = [_own_slot(step, known[person]) for person in chosen if person in known]
    lost = [Slot(f"{step.key}/{person}", step, ()) for person in chosen if person not in known]
    return slots + lost or [Slot(step.key, step, ())]


def _own_slot(step: Step, candidate: Candidate) -> Slot:
    return Slot(f"{step.key}/{candidate.person}", step, (candidate,))


def eligible(owner: Owner, directory: Directory, authors: Collection[str]) -> list[Candidate]:
    """Gives the people with the posts of an owner who wrote nothing of what is decided on, each person once."""
    first: dict[str, Candidate] = {}
    for candidate in directory.candidates(owner):
        if candidate.person not in authors:
            first.setdefault(candidate.person, candidate)
    found = list(first.values())
    if owner.place != "superior":
        return found
    return next((list(those) for _, those in groupby(found, key=lambda each: each.unit)), [])


def matching(wanted: Wanted) -> dict[str, str]:
    """Gives as many slots as possible a person each, everybody at most once.

    This is maximum bipartite matching by augmenting paths: a slot whose candidates are all taken
    asks their slots to do with somebody else.

    Args:
        wanted: The people who could take each slot, by its key.

    Returns:
        A person for each slot that can be filled, by its key.
    """
    taken: dict[str, str] = {}
    for slot in wanted:
        _fill(slot, wanted, taken, set())
    return {slot: person for person, slot in taken.items()}


def _fill(slot: str, wanted: Wanted, taken: dict[str, str], asked: set[str]) -> bool:
    """Finds somebody for a slot; ``taken`` maps people to slots, ``asked`` are those already tried."""
    for person in wanted[slot]:
        if person in asked:
            continue
        asked.add(person)
        if person not in taken or _fill(taken[person], wanted, taken, asked):
            taken[person] = slot
            return True
    return False
