"""Conditions on facts, as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portal.definitions.schemas.bricks import Schema, closed, items, ref, text, word
from workflows.guards import FACT_NAME, JOINS, MAX_NODES, TESTS, TEXT_LENGTH

if TYPE_CHECKING:
    from collections.abc import Mapping

_JOINED: Final[Mapping[str, str]] = {
    "all": "Holds where each of them holds.",
    "any": "Holds where one of them holds.",
    "not": "Holds where this does not.",
}
_COMPARED: Final[Mapping[str, str]] = {
    "eq": "The first equals the second.",
    "ne": "The first does not equal the second.",
    "lt": "The first is less than the second.",
    "le": "The first is at most the second.",
    "gt": "The first is more than the second.",
    "ge": "The first is at least the second.",
    "in": "The first is one of the list that stands second.",
    "between": "The first lies between the second and the third, both included.",
    "empty": "Nothing is known of it, or it is a blank text.",
}


def _joining(op: str) -> Schema:
    part = ref("condition")
    return {**part, "description": _JOINED[op]} if op == "not" else items(_JOINED[op], part, 1, MAX_NODES)


def _comparing(op: str) -> Schema:
    says, part = _COMPARED[op], ref("operand")
    if op == "empty":
        return {**part, "description": says}
    if op != "in":
        count = 3 if op == "between" else 2
        return items(says, part, count, count)
    listed = items("What it may be.", part, 1, MAX_NODES)
    return {"description": says, "type": "array", "prefixItems": [part, listed], "minItems": 2, "maxItems": 2}


_OPERATORS: Final = {**{op: _joining(op) for op in JOINS}, **{op: _comparing(op) for op in TESTS}}

CONDITION: Final[Mapping[str, Schema]] = {
    "condition": closed(
        "A condition on facts: one operator, and what it is applied to.",
        {},
        _OPERATORS,
        minProperties=1,
        maxProperties=1,
    ),
    "operand": {
        "description": "A fact, or a text, a number, yes or no.",
        "anyOf": [
            closed("The value of a fact.", {"fact": word("Its name, with dots.", FACT_NAME)}),
            text("A text; dates are written as 2025-09-02.", TEXT_LENGTH),
            {"type": ["number", "boolean"]},
        ],
    },
}
"""The parts that `condition` refers to."""


def condition(says: str) -> Schema:
    """A condition, where it is for something."""
    return ref("condition", says)
