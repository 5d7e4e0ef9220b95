"""What conditions may ask of answers: the facts, the values that each can have, and what it is never equal to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from workflows.errors import Finding
from workflows.forms.fieldtype import join
from workflows.forms.fieldtypes import TYPES
from workflows.forms.leaves import Day, OneOf, Words, YesNo
from workflows.forms.notation import is_iso_date
from workflows.guards import NUMBER, Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from workflows.forms.leaves import Leaf
    from workflows.forms.schema import Field
    from workflows.guards import Guard, Operand, Scalar

YES_ALONE: Final = (True,)
FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "only_yes_or_no": ("value",),
    "never_no": ("value",),
    "no_such_answer": ("value", "allowed"),
    "no_date": ("value",),
    "no_number": ("value",),
    "no_text": ("value",),
}
"""Codes about a value that a fact never has, with their params."""


class Askable(NamedTuple):
    """One fact.

    Attributes:
        leaf: How its values are read and written.
        values: All values that it can have, or None where it can have any that the leaf reads.
    """

    leaf: Leaf
    values: tuple[Scalar, ...] | None = None


class Compared(NamedTuple):
    """A value that a condition compares a fact with.

    Attributes:
        path: Where it stands.
        fact: The name of the fact.
        value: The value.
    """

    path: str
    fact: str
    value: Scalar


def askable_of(field: Field) -> dict[str, Askable]:
    """The facts that an answer to a field can give, by their names."""
    found = {join(field.name, part): _askable(leaf) for part, leaf in TYPES[field.type].fact_leaves(field).items()}
    if field.nothing_to_report:  # it is never said that there is something to report
        found[join(field.name, "nothing")] = Askable(YesNo(), YES_ALONE)
    return found


def _askable(leaf: Leaf) -> Askable:
    if isinstance(leaf, OneOf):
        return Askable(leaf, tuple(choice.key for choice in leaf.choices))
    return Askable(leaf, (True, False) if isinstance(leaf, YesNo) else None)


def compared(guard: Guard, path: str) -> Iterator[Compared]:
    """Every value that a fact is compared with.

    Args:
        guard: As it was read.
        path: Where it stands.
    """
    for number, part in enumerate(guard.guards):
        yield from compared(part, f"{path}.not" if guard.op == "not" else f"{path}.{guard.op}[{number}]")
    if not guard.operands:
        return
    first, *others = guard.operands
    for number, other in enumerate(others, 1):
        place = f"[1][{number - 1}]" if guard.op == "in" else f"[{number}]"
        yield from _pair(f"{path}.{guard.op}", ("[0]", first), (place, other))


def _pair(path: str, one: tuple[str, Operand], other: tuple[str, Operand]) -> Iterator[Compared]:
    for (_, fact), (place, value) in ((one, other), (other, one)):
        if isinstance(fact, Fact) and not isinstance(value, Fact):
            yield Compared(path + place, fact.name, value)


def never_so(guard: Guard, path: str, known: Mapping[str, Collection[Askable]]) -> Iterator[Finding]:
    """Values that a fact never has, so that the comparison says the same whatever is answered.

    Args:
        guard: As it was read.
        path: Where it stands.
        known: What is known of each fact, by its name; in several forms the same name may be several things.
    """
    for each in compared(guard, path):
        askable = known.get(each.fact, ())
        if askable and not any(can_be(one, each.value) for one in askable):
            yield _finding(each, next(iter(askable)))


def can_be(askable: Askable, value: Scalar) -> bool:
    """Whether a fact can have a value, or for figures, dates and texts one that it can be compared with."""
    if askable.values is not None:
        return any(type(each) is type(value) and each == value for each in askable.values)
    if isinstance(askable.leaf, Day):
        return is_iso_date(value)
    if isinstance(value, bool) or value is None:
        return False
    return isinstance(askable.leaf, Words) or not isinstance(value, str) or NUMBER.fullmatch(value) is not None


def _finding(each: Compared, askable: Askable) -> Finding:
    shown = {"value": str(each.value).lower() if isinstance(each.value, bool) else str(each.value)}
    if isinstance(askable.leaf, YesNo):
        return Finding(each.path, "never_no" if askable.values == YES_ALONE else "only_yes_or_no", shown)
    if askable.values is not None:
        return Finding(each.path, "no_such_answer", {**shown, "allowed": list(askable.values)})
    codes = {"date": "no_date", "text": "no_text"}
    return Finding(each.path, codes.get(askable.leaf.kind, "no_number"), shown)
