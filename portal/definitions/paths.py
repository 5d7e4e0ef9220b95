"""Places in a body by their paths, such as `sections[0].fields[2]`, as findings name them."""

from __future__ import annotations

import re
from typing import Any

from workflows.errors import Refusal

_STEP = re.compile(r"(?:^|\.)([^.\[\]]+)|\[([0-9]+)\]")


def steps_of(path: str) -> list[str | int]:
    """The keys and the numbers, counted from 0, that lead to a place.

    Args:
        path: of any text; what is no step is left out.
    """
    return [key or int(number) for key, number in _STEP.findall(path)]


def at(body: Any, path: str) -> Any:
    """What stands at a place; None where nothing does.

    Args:
        body: plain values of any shape.
        path: of the place; empty for the whole.
    """
    here = body
    for step in steps_of(path):
        if isinstance(step, str):
            here = here.get(step) if isinstance(here, dict) else None
        else:
            here = here[step] if isinstance(here, list) and step < len(here) else None
    return here


def split(path: str) -> tuple[str, int]:
    """The list that an item stands in, and its number there, counted from 0.

    Raises:
        Refusal: `no_such_thing`, the path is not that of an item.
    """
    before, bracket, number = path.rpartition("[")
    if not bracket or not number.removesuffix("]").isdecimal():
        raise Refusal("no_such_thing")
    return before, int(number.removesuffix("]"))


def item(path: str, number: int) -> str:
    """The path of an item of a list."""
    return f"{path}[{number}]"
