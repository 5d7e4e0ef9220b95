"""Which lines of a long text became others, in time that grows with the lines and not with their square."""

from __future__ import annotations

from collections import Counter
from itertools import takewhile
from typing import TYPE_CHECKING

from portal.definitions.comparing import in_order

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

AROUND = 2
"""Lines that are shown around those that differ."""


def changed_lines(before: str, after: str) -> tuple[str, ...]:
    """Every line that went with `-` before it, every line that came with `+`, those around them with a space.

    Lines that each text has once and that kept their order hold the two together; what stands between two of them is
    told whole, but for what its ends have in common. So nothing that differs is left out, and no text takes long.

    Args:
        before: what the text was.
        after: what it is.
    """
    return tuple(_near(list(marked(before.split("\n"), after.split("\n")))))


def marked(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each line of both texts with its sign; a line that stayed once.

    Args:
        old: the lines that there were.
        new: the lines that there are.
    """
    at = done = 0
    for line in _held(old, new):
        here, there = old.index(line, at), new.index(line, done)
        yield from _between(old[at:here], new[done:there])
        yield " ", line
        at, done = here + 1, there + 1
    yield from _between(old[at:], new[done:])


def _held(old: Sequence[str], new: Sequence[str]) -> list[str]:
    once = _once(old) & _once(new)
    held = in_order([line for line in old if line in once], [line for line in new if line in once])
    return [line for line in old if line in held]


def _once(lines: Sequence[str]) -> set[str]:
    return {line for line, times in Counter(lines).items() if times == 1}


def _between(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, str]]:
    head = _alike(old, new)
    tail = _alike(old[head:][::-1], new[head:][::-1])
    yield from ((" ", line) for line in new[:head])
    yield from (("-", line) for line in old[head : len(old) - tail])
    yield from (("+", line) for line in new[head : len(new) - tail])
    yield from ((" ", line) for line in new[len(new) - tail :])


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many lines two lists begin with in common."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))


def _near(all_marked: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Those that differ and those around them; before each group the number of its first line in the later text."""
    differing = [at for at, (sign, _line) in enumerate(all_marked) if sign != " "]
    shown = {near for at in differing for near in range(at - AROUND, at + AROUND + 1)}
    number = 1
    for at, (sign, line) in enumerate(all_marked):
        if at in shown:
            if at - 1 not in shown or not at:
                yield f"@@ {number} @@"
            yield sign + line
        number += sign != "-"
