"""A definition as the tree that its designer shows: every thing with a panel, in order, with what is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from portal.definitions.paths import at, item, steps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from portal.definitions.shapes.description import Branch, Shape
    from workflows.errors import Finding


@dataclass(frozen=True)
class Knot:
    """One thing of the tree.

    Attributes:
        path: where it stands; empty for the whole definition.
        list_path: the list it stands in; empty for the whole definition, and for what stands in none.
        number: its place there, counted from 0.
        last: whether nothing comes after it there.
        depth: how deep it lies.
        shape: what it is.
        thing: what it says.
        name: what it is called; empty while nobody has named it.
        wrong: how much is wrong in it, and in nothing deeper that is a thing of its own.
        branches: the lists inside it.
    """

    path: str
    list_path: str
    number: int
    last: bool
    depth: int
    shape: Shape
    thing: Any
    name: str
    wrong: int
    branches: Sequence[tuple[str, Branch]]


def tree_of(shape: Shape, body: Any, findings: Iterable[Finding] = ()) -> list[Knot]:
    """Every thing of a definition, parents before what stands inside them.

    Args:
        shape: of the whole definition.
        body: plain values of any shape; what is not as it should be is left out.
        findings: what is wrong with it.
    """
    knots = list(_inside(shape, body, body, "", "", (0, True), 0))
    counts = _counts({knot.path for knot in knots}, findings)
    return [_with_count(knot, counts.get(knot.path, 0)) for knot in knots]


def _inside(  # noqa: PLR0917 - a place in a tree
    shape: Shape, thing: Any, body: Any, path: str, list_path: str, place: tuple[int, bool], depth: int
) -> Iterator[Knot]:
    mapping = thing if isinstance(thing, dict) else {}
    branches = [(f"{path}.{each.key}" if path else each.key, each) for each in shape.branches(mapping)]
    yield Knot(path, list_path, *place, depth, shape, thing, shape.title(thing, body), 0, branches)
    for where, branch in branches:
        said = mapping.get(branch.key)
        if branch.alone and isinstance(said, dict):
            yield from _inside(branch.shape, said, body, where, "", (0, True), depth + 1)
        items = said if isinstance(said, list) else []
        for number, each in enumerate(items):
            here = (number, number + 1 == len(items))
            yield from _inside(branch.shape, each, body, item(where, number), where, here, depth + 1)


def _counts(paths: set[str], findings: Iterable[Finding]) -> dict[str, int]:
    """How many findings belong to each thing: to the deepest one that they lie in."""
    counts: dict[str, int] = {}
    for each in findings:
        owner = owner_of(each.path, paths)
        counts[owner] = counts.get(owner, 0) + 1
    return counts


def owner_of(path: str, paths: set[str]) -> str:
    """The deepest thing that a place lies in."""
    written = ""
    found = ""
    for step in steps_of(path):
        written += f"[{step}]" if isinstance(step, int) else f".{step}" if written else step
        if written in paths:
            found = written
    return found


def _with_count(knot: Knot, count: int) -> Knot:
    return Knot(**{**vars(knot), "wrong": count})


def knot_at(knots: Sequence[Knot], path: str) -> Knot:
    """The thing at a path, or the whole definition where there is none."""
    return next((knot for knot in knots if knot.path == path), knots[0])


def said_in(
    knot: Knot, keys: Sequence[str], findings: Iterable[Finding], paths: set[str]
) -> dict[str, list[tuple[str, Finding]]]:
    """What is wrong in a thing itself, each after its place inside its part, by the key of that part.

    Args:
        knot: the thing.
        keys: of its parts.
        findings: what is wrong with the whole.
        paths: of every thing.

    Returns:
        under no key, what is wrong with the thing and with none of its parts.
    """
    said: dict[str, list[tuple[str, Finding]]] = {}
    for each in findings:
        if owner_of(each.path, paths) == knot.path:
            place = each.path.removeprefix(knot.path).lstrip(".")
            key = _part_at(place, keys)
            said.setdefault(key, []).append((place if not key else place[len(key) :].partition(".")[2], each))
    return said


def _part_at(place: str, keys: Sequence[str]) -> str:
    """The part that a place lies in; else the first one beside it, in the same mapping; else none."""
    inside = [key for key in keys if place == key or place.startswith((f"{key}.", f"{key}["))]
    beside = [key for key in keys if key.partition(".")[0] == place]
    return max(inside, key=len, default=next(iter(beside), ""))


def lists_for(knots: Sequence[Knot], knot: Knot) -> list[tuple[str, str]]:
    """Where a thing could go: the lists of the same kind, by their paths, with what they stand in."""
    key = knot.list_path.rpartition(".")[2]
    alike = (key, knot.shape)
    holders = [
        (where, each) for each in knots for where, branch in each.branches if (branch.key, branch.shape) == alike
    ]
    inside = [(where, each) for where, each in holders if not where.startswith(f"{knot.path}.")]
    same_depth = [(where, each) for where, each in inside if each.depth == knot.depth - 1]
    return [(where, each.name or str(each.shape.words)) for where, each in same_depth]


def thing_at(body: Any, path: str) -> dict[str, Any]:
    """What a thing says; nothing where it is no mapping."""
    found = at(body, path) if path else body
    return found if isinstance(found, dict) else {}
