"""A stage counted by trying every way, as a check on the engine, which matches people with slots."""

from collections.abc import Sequence
from itertools import groupby

from workflows.case import Case, Item


def base_slots(case: Case) -> set[str]:
    """The slots that count in the present entry: those that the chain opened, of deciders if there are any."""
    base = [item for item in case.entry_items if item.added_by is None]
    deciding = {item.slot for item in base if item.role == "decide"}
    return deciding or {item.slot for item in base}


def needed(case: Case) -> int:
    """How many slots the present entry needs, of all it asked for when it was entered."""
    return case.chain.stage(str(case.stage)).completion.needed(case.slots)


def completable(case: Case) -> bool:
    """Whether the present entry can still get what it needs, everybody bound by one decision."""
    slots = base_slots(case)
    said = {each.slot for each in case.entry_decisions if each.verdict in ("approve", "advise")}
    pending = sorted((item for item in case.pending_items if item.slot in slots), key=lambda each: each.slot)
    grouped = [list(items) for _, items in groupby(pending, lambda each: each.slot)]
    return reachable(grouped, needed(case) - len(slots & said), frozenset())


def reachable(slots: Sequence[Sequence[Item]], wanted: int, bound: frozenset[str]) -> bool:
    """Whether so many slots can be decided; tries every way."""
    if wanted <= 0 or len(slots) < wanted:
        return wanted <= 0
    first, rest = slots[0], slots[1:]
    free = [item for item in first if not item.people & bound]
    return any(reachable(rest, wanted - 1, bound | item.people) for item in free) or reachable(rest, wanted, bound)
