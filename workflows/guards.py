"""Conditions on facts, as data: a small typed tree that always has an answer and never runs code."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from workflows.errors import DefinitionError
from workflows.reader import Node

Scalar: TypeAlias = str | int | Decimal | bool | None
"""A fact or a literal. Numbers are ``int`` or ``Decimal``, dates are ISO texts, ``None`` is "not known"."""

MAX_DEPTH: Final = 10
MAX_NODES: Final = 200
FACT_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,60}(\.[a-z0-9_-]{1,60}){0,5}")
NUMBER: Final = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
TEXT_LENGTH: Final = 200
"""Characters of a text that a fact is compared with."""


@dataclass(frozen=True)
class Fact:
    """The value of a fact, by its dotted name; a fact nobody knows is ``None``."""

    name: str


Operand: TypeAlias = Fact | Scalar


@dataclass(frozen=True)
class Guard:
    """A condition: ``all``, ``any`` and ``not`` join other guards, the other operators compare operands.

    Attributes:
        op: ``all any not`` or ``eq ne lt le gt ge in between empty``.
        guards: What a joining operator joins.
        operands: What a comparing operator compares; ``in`` has the value first, ``between`` is
            value, low, high with both ends included.
    """

    op: str
    guards: tuple[Guard, ...] = ()
    operands: tuple[Operand, ...] = ()


def holds(guard: Guard, facts: Mapping[str, Scalar]) -> bool:
    """Tells whether a guard is true of the facts; it has an answer for any facts.

    Numbers compare with numbers and with texts that spell a number ("60.74"), texts with texts,
    yes/no with yes/no. A comparison that makes no sense, or with a fact nobody knows, does not hold;
    ``ne`` is the opposite of ``eq``.
    """
    if guard.op in JOINS:
        return JOINS[guard.op](holds(part, facts) for part in guard.guards)
    return TESTS[guard.op]([_value(operand, facts) for operand in guard.operands])


@dataclass(frozen=True)
class Ground:
    """One comparison that explains why a guard holds or not.

    Attributes:
        guard: The comparison.
        values: What its operands were, in order.
        holds: Whether it holds.
    """

    guard: Guard
    values: tuple[Scalar, ...]
    holds: bool


def grounds(guard: Guard, facts: Mapping[str, Scalar]) -> tuple[Ground, ...]:
    """Gives the comparisons that make a guard hold, or not hold; those that played no part are left out."""
    answer = holds(guard, facts)
    if guard.op not in JOINS:
        return (Ground(guard, tuple(_value(each, facts) for each in guard.operands), answer),)
    parts = guard.guards
    if guard.op == ("any" if answer else "all"):  # then some of the parts were enough
        parts = tuple(part for part in parts if holds(part, facts) is answer)
    return tuple(ground for part in parts for ground in grounds(part, facts))


def mentioned(guard: Guard) -> frozenset[str]:
    """Gives the names of the facts that a guard asks for."""
    own = {each.name for each in guard.operands if isinstance(each, Fact)}
    return frozenset(own.union(*(mentioned(part) for part in guard.guards)))


def parse_guard(body: object, path: str = "") -> Guard:
    """Reads a guard such as ``{"ge": [{"fact": "total"}, 1]}``.

    Args:
        body: Plain JSON or YAML data.
        path: Where the guard stands in its definition; findings begin with it.

    Raises:
        DefinitionError: With every error; depth and number of nodes are limited to 10 and 200.
    """
    node = Node(body, path, [])
    guard = read_guard(node)
    if node.findings:
        raise DefinitionError(node.findings)
    return guard


def read_guard(node: Node) -> Guard:
    """Reads a guard inside a larger definition, noting what is wrong on the node."""
    return _Reading(node).condition(node, 1)


class _Reading:
    """The reading of one whole guard: counts its nodes, and says only once that they are too many."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.nodes = 0

    def spent(self) -> bool:
        """Counts one node; true when that was one too many."""
        self.nodes += 1
        if self.nodes == MAX_NODES + 1:
            self.root.note("guard_too_big", most=MAX_NODES)
        return self.nodes > MAX_NODES

    def condition(self, node: Node, depth: int) -> Guard:
        if self.spent():
            return Guard("all")
        if depth > MAX_DEPTH:
            node.note("guard_too_deep", most=MAX_DEPTH)
            return Guard("all")
        op, inside = _operator(node)
        if not op:
            return Guard("all")
        if op in JOINS:
            parts = [inside] if op == "not" else inside.items(1, MAX_NODES)
            return Guard(op, guards=tuple(self.condition(part, depth + 1) for part in parts))
        return Guard(op, operands=tuple(self.operand(part) for part in _compared(op, inside)))

    def operand(self, node: Node) -> Operand:
        if self.spent():
            return None
        if isinstance(node.value, Mapping):
            return Fact(node.fields(["fact"])["fact"].word(FACT_NAME))
        return _literal(node)


def _operator(node: Node) -> tuple[str, Node]:
    """Splits ``{"ge": […]}`` into the operator, empty when it is unusable, and what it is applied to."""
    entries = list(node.mapping().items())[:2]
    known = [*JOINS, *TESTS]
    if len(entries) == 1 and entries[0][0] in known:
        op = str(entries[0][0])
        return op, node.child(op, entries[0][1])
    if isinstance(node.value, Mapping):
        node.note("bad_operator", allowed=known)
    return "", node


def _compared(op: str, inside: Node) -> list[Node]:
    """Gives the operands of a comparing operator, one node each."""
    if op == "empty":
        return [inside]
    if op != "in":
        count = 3 if op == "between" else 2
        return inside.items(count, count)
    parts = inside.items(2, 2)
    return [*parts[:1], *(option for part in parts[1:] for option in part.items(1, MAX_NODES))]


def _literal(node: Node) -> Scalar:
    value = node.value
    if isinstance(value, str):
        return node.text(TEXT_LENGTH)
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(repr(value))  # the digits as written: 0.1 is one tenth
    node.note("wrong_type", expected="fact, text, number or yes/no")
    return None


def _value(operand: Operand, facts: Mapping[str, Scalar]) -> Scalar:
    return facts.get(operand.name) if isinstance(operand, Fact) else operand


def _kind(value: object) -> str:
    """Names the sort of a value; only values of one sort compare."""
    if isinstance(value, bool):
        return "yes/no"
    if isinstance(value, str):
        return "text"
    if isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite()):
        return "number"
    return ""


def _as_number(value: Any) -> Any:
    return Decimal(value) if isinstance(value, str) and NUMBER.fullmatch(value) else value


def _compares(test: Callable[[Any, Any], bool], left: Scalar, right: Scalar) -> bool:
    if "number" in (_kind(left), _kind(right)):
        left, right = _as_number(left), _as_number(right)
    return _kind(left) == _kind(right) != "" and test(left, right)


def _test(name: str) -> Callable[[Sequence[Scalar]], bool]:
    return lambda values: _compares(getattr(operator, name), values[0], values[1])


def _is_in(values: Sequence[Scalar]) -> bool:
    return any(_compares(operator.eq, values[0], option) for option in values[1:])


def _is_between(values: Sequence[Scalar]) -> bool:
    value, low, high = values
    return _compares(operator.ge, value, low) and _compares(operator.le, value, high)


def _is_empty(values: Sequence[Scalar]) -> bool:
    return values[0] is None or (isinstance(values[0], str) and not values[0].strip())


JOINS: Final[Mapping[str, Callable[[Iterable[bool]], bool]]] = {
    "all": all,
    "any": any,
    "not": lambda parts: not all(parts),
}
"""The operators that join guards."""

TESTS: Final[Mapping[str, Callable[[Sequence[Scalar]], bool]]] = {
    "eq": _test("eq"),
    "ne": lambda values: not _compares(operator.eq, values[0], values[1]),
    "lt": _test("lt"),
    "le": _test("le"),
    "gt": _test("gt"),
    "ge": _test("ge"),
    "in": _is_in,
    "between": _is_between,
    "empty": _is_empty,
}
"""The operators that compare operands."""
