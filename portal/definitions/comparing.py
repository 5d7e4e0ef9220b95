"""What is different between two bodies: each change at its place, where things are told apart by their own keys."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

IDENTITIES = ("key", "name", "year", "since", "from", "day_off", "after")
"""What an item of a list is known by: the first of these that is a text or a number."""

Kind = Literal["added", "removed", "changed", "moved"]


@dataclass(frozen=True)
class Crumb:
    """One step on the way to a place in a body.

    Attributes:
        word: a key of a mapping; for an item of a list, that of the list.
        item: the item itself, as it stands in the later body, or in the earlier one that alone has it.
        number: of an item, counted from 1; 0 where the crumb is no item.
    """

    word: str
    item: Any = None
    number: int = 0


@dataclass(frozen=True)
class Difference:
    """One thing that is different.

    Attributes:
        kind: whether it came, went, became another, or stands elsewhere in its list.
        way: how to get there from the whole body.
        before: what it was; None where it came.
        after: what it is; None where it went.
    """

    kind: Kind
    way: tuple[Crumb, ...]
    before: Any = None
    after: Any = None


def differences(before: Any, after: Any) -> list[Difference]:
    """Everything that is different between two bodies, in the order of the later one.

    Args:
        before: plain values of any shape.
        after: likewise.
    """
    return list(_between((), before, after))


def _between(way: tuple[Crumb, ...], before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_mappings(way, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(way, before, after)
    elif before != after or type(before) is not type(after):
        yield Difference("changed", way, before, after)


def _of_mappings(way: tuple[Crumb, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for key in (*after, *(key for key in before if key not in after)):
        here = (*way, Crumb(key))
        if key not in before:
            yield Difference("added", here, after=after[key])
        elif key not in after:
            yield Difference("removed", here, before=before[key])
        else:
            yield from _between(here, before[key], after[key])


def _of_lists(way: tuple[Crumb, ...], before: list[Any], after: list[Any]) -> Iterator[Difference]:
    old, new = _known(before), _known(after)
    if old is not None and new is not None:
        yield from _of_known(way, old, new)
    elif any(isinstance(each, dict | list) for each in (*before, *after)):
        yield from _one_by_one(way, before, after)
    elif before != after:
        yield Difference("changed", way, before, after)


def identity(item: Any) -> str | None:
    """What an item of a list is known by; None for one that nothing tells from the others."""
    if not isinstance(item, dict):
        return None
    return next((f"{key} {item[key]}" for key in IDENTITIES if type(item.get(key)) in (str, int)), None)


def _known(items: Sequence[Any]) -> dict[str, tuple[int, Any]] | None:
    """The items with their numbers, by what each is known by; None where that does not tell them apart."""
    known = {identity(each): (number, each) for number, each in enumerate(items, 1)}
    if None in known or len(known) < len(items):
        return None
    return {str(name): placed for name, placed in known.items()}


def _of_known(
    way: tuple[Crumb, ...], old: Mapping[str, tuple[int, Any]], new: Mapping[str, tuple[int, Any]]
) -> Iterator[Difference]:
    shared = [name for name in old if name in new]
    stayed = in_order(shared, list(new))
    for name, (number, item) in new.items():
        here = _item(way, item, number)
        if name not in old:
            yield Difference("added", here, after=item)
            continue
        if name not in stayed:
            yield Difference("moved", here, before=old[name][0], after=number)
        yield from _between(here, old[name][1], item)
    for name, (number, item) in old.items():
        if name not in new:
            yield Difference("removed", _item(way, item, number), before=item)


def _item(way: tuple[Crumb, ...], item: Any, number: int) -> tuple[Crumb, ...]:
    """The way to an item: its list and its number are one crumb."""
    word = way[-1].word if way else ""
    return (*way[:-1], Crumb(word, item, number))


def in_order(shared: Sequence[str], new: Sequence[str]) -> frozenset[str]:
    """The most of the shared items that can stay where they are while the others move: a longest rising run."""
    places = {name: number for number, name in enumerate(new)}
    ends: list[int] = []  # of the runs of each length, the one that ends soonest
    lasts: list[str] = []
    before: dict[str, str | None] = {}
    for name in shared:
        length = bisect_left(ends, places[name])
        before[name] = lasts[length - 1] if length else None
        ends[length : length + 1] = [places[name]]
        lasts[length : length + 1] = [name]
    return frozenset(_back_from(lasts[-1] if lasts else None, before))


def _back_from(name: str | None, before: Mapping[str, str | None]) -> Iterator[str]:
    while name is not None:
        yield name
        name = before[name]


def _one_by_one(way: tuple[Crumb, ...], before: Sequence[Any], after: Sequence[Any]) -> Iterator[Difference]:
    missing = object()
    for number, (old, new) in enumerate(zip_longest(before, after, fillvalue=missing), 1):
        here = _item(way, old if new is missing else new, number)
        if old is missing:
            yield Difference("added", here, after=new)
        elif new is missing:
            yield Difference("removed", here, before=old)
        else:
            yield from _between(here, old, new)
