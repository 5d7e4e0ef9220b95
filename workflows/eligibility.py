"""Who can take the steps of a stage, when everybody decides at most once and nobody on his own draft."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from workflows.definition import Owner, Stage


@dataclass(frozen=True)
class Candidate:
    """A person who may take a step, and as holder of which post in which unit."""

    person: str
    post: str
    unit: str


class Directory(Protocol):
    """Who holds which post; the caller binds it to the submitter's unit and to a date."""

    def candidates(self, owner: Owner) -> Sequence[Candidate]:
        """Gives everybody who may take a step with this owner, in order of preference."""

    def holds(self, person: str, post: str, unit: str) -> bool:
        """Tells whether a person holds a post in a unit now."""


def eligible(stage: Stage, directory: Directory, drafters: Collection[str]) -> dict[str, tuple[Candidate, ...]]:
    """Gives the candidates of each step who drafted nothing of it, each person once, by step key."""
    return {step.key: tuple(_one_each(directory.candidates(step.owner), drafters)) for step in stage.steps}


def _one_each(candidates: Sequence[Candidate], drafters: Collection[str]) -> Collection[Candidate]:
    """Keeps the first candidacy of each person who is not a drafter."""
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.person not in drafters:
            first.setdefault(candidate.person, candidate)
    return first.values()


def matching(wanted: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Gives as many steps as possible a person each, everybody at most once.

    This is maximum bipartite matching by augmenting paths: a step whose candidates are all taken
    asks their steps to do with somebody else.

    Args:
        wanted: The people who could take each step, by step key.

    Returns:
        A person for each step that can be filled, by step key.
    """
    taken: dict[str, str] = {}
    for step in wanted:
        _fill(step, wanted, taken, set())
    return {step: person for person, step in taken.items()}


def _fill(step: str, wanted: Mapping[str, Collection[str]], taken: dict[str, str], asked: set[str]) -> bool:
    """Finds somebody for a step; ``taken`` maps people to steps, ``asked`` are those already tried."""
    for person in wanted[step]:
        if person in asked:
            continue
        asked.add(person)
        if person not in taken or _fill(taken[person], wanted, taken, asked):
            taken[person] = step
            return True
    return False
