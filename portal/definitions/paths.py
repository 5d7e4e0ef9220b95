"""Places in a body by their paths, such as `sections[0].fields[2]`, as findings name them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

BEYOND = 10**9
"""A number that leads nowhere, for those of more digits than any list has items."""

_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([0-9]+)\]")
_NUMBER = re.compile(r"[0-9]{1,9}")


def steps_of(path: str) -> list[str | int]:
    """The keys and the numbers, counted from 0, that lead to a place.

    Args:
        path: of any text; what is no step is left out.
    """
    return [key or number_in(number) for key, number in _STEP.findall(path)]


def number_in(text: str) -> int:
    """A number that somebody wrote in digits; `BEYOND` for everything else."""
    return int(text) if _NUMBER.fullmatch(text) else BEYOND


def at(body: Any, path: str) -> Any:
    """What stands at a place; None where nothing does.

    Args:
        body: plain values of any shape.
        path: of the place; empty for the whole.
    """
    here = body
    for step in steps_of(path):
        here = stepped(here, step)
    return here


def stepped(here: Any, step: str | int) -> Any:
    """What one step leads to; None where that is nothing."""
    if isinstance(step, str):
        return here.get(step) if isinstance(here, dict) else None
    return here[step] if isinstance(here, list) and step < len(here) else None


def split(path: str) -> tuple[str, int]:
    """The list that an item stands in, and its number there, counted from 0.

    Raises:
        Refusal: `no_such_thing`, the path is not that of an item.
    """
    before, bracket, rest = path.rpartition("[")
    number = number_in(rest.removesuffix("]"))
    if not bracket or number == BEYOND:
        raise Refusal("no_such_thing")
    return before, number


def item(path: str, number: int) -> str:
    """The path of an item of a list."""
    return f"{path}[{number}]"


def things(holder: Any, key: str, name: str = "key") -> Iterator[dict[str, Any]]:
    """The items of a list that have a name of their own, however wrong they are otherwise."""
    items = holder.get(key) if isinstance(holder, dict) else None
    for each in items if isinstance(items, list) else ():
        if isinstance(each, dict) and isinstance(each.get(name), str):
            yield each
