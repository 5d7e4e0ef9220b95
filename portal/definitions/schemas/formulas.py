"""Formulas of computed fields, as JSON Schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portal.definitions.schemas.bricks import EXACT, WHOLE, Schema, closed, field_name, items, ref
from workflows.forms.formulas import MAX_NODES, OF_ONE, OF_TWO, OPERATORS

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAID: Final[Mapping[str, str]] = {
    "sum": "The sum of figures, without those that are missing.",
    "+": "The sum of all of them.",
    "*": "All of them multiplied.",
    "-": "The first without the second.",
    "/": "The first divided by the second.",
    "column_sum": "The sum of a column of a table.",
    "change": "What a figure changed by since the period before.",
    "against_target": "How far a figure, or a ratio in percentage points, is from its target.",
}


def _operation(op: str) -> Schema:
    says = _SAID[op]
    if op == "sum":
        return items(says, field_name("The name of a field."), 1, MAX_NODES)
    if op == "column_sum":
        return closed(says, {"table": field_name("The table."), "column": field_name("Its column.")})
    if op in OF_ONE:
        return field_name(says)
    return items(says, ref("term"), 2, 2 if op in OF_TWO else MAX_NODES)


_OPERATION: Final = closed(
    "One operator, and what it is applied to.",
    {},
    {op: _operation(op) for op in OPERATORS},
    minProperties=1,
    maxProperties=1,
)
_RATIO: Final = closed(
    "A percentage, which is never computed with.",
    {
        "ratio": closed(
            "Part and whole.",
            {"numerator": ref("term", "The part."), "denominator": ref("term", "The whole.")},
        )
    },
)

FORMULA: Final[Mapping[str, Schema]] = {
    "formula": {"description": "How a computed figure comes about.", "anyOf": [ref("term"), _RATIO]},
    "term": {
        "description": "A number, the name of a field, or an operation.",
        "anyOf": [WHOLE, EXACT, field_name("The name of a field."), _OPERATION],
    },
}
"""The parts that the option `formula` refers to."""
