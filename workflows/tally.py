"""How a stage stands: what it asks for, what was given, and what can still be given."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from workflows.case import Case, Item
from workflows.definition import Role, Stage
from workflows.eligibility import Wanted, matching


@dataclass(frozen=True)
class Tally:
    """The count of a stage entry.

    Attributes:
        needed: How many slots must be approved; where nobody decides, answered.
        approved: How many are.
        is_heard: Whether every reviewer whom another one added has decided.
        waiting: The items of those slots that are still open to somebody.
    """

    needed: int
    approved: int
    is_heard: bool
    waiting: tuple[Item, ...]

    @property
    def reached(self) -> bool:
        """Whether the stage is complete."""
        return self.approved >= self.needed and self.is_heard

    @property
    def lost(self) -> bool:
        """Whether it can no longer be completed, everybody deciding once."""
        return self.approved + len(matching(wanted(self.waiting))) < self.needed


def counted_role(items: Collection[Item]) -> Role:
    """Whose say counts in a stage entry: the deciders', and where there are none the advisers'."""
    return "decide" if any(_is_base(item, "decide") for item in items) else "advise"


def tally_of(case: Case, stage: Stage) -> Tally:
    """Counts the present stage entry."""
    items = case.entry_items
    role = counted_role(items)
    slots = {item.slot for item in items if _is_base(item, role)}
    said = {each.slot for each in case.entry_decisions if each.verdict in ("approve", "advise")}
    pending = case.pending_items
    return Tally(
        needed=stage.completion.needed(case.slots or len(slots)),
        approved=len(slots & said),
        is_heard=not any(item.added_by and item.role == "decide" for item in pending),
        waiting=tuple([item for item in pending if _is_base(item, role)]),
    )


def wanted(items: Iterable[Item]) -> Wanted:
    """Gives the people who could take each slot of some items; a delegate counts as the one he stands for."""
    people: dict[str, list[str]] = {}
    for item in items:
        people.setdefault(item.slot, []).append(item.principal)
    return people


def _is_base(item: Item, role: Role) -> bool:
    """Whether an item was opened by the chain itself; added reviewers and opinions asked for come on top of it."""
    return item.added_by is None and item.role == role
