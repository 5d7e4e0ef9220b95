"""Formulas of computed figures as people put them together: one operation, and what it is done to."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

OPERATIONS: dict[str, Any] = {
    "sum": _l("sum of those that are answered"),
    "+": _l("sum of all"),
    "-": _l("the first less the second"),
    "*": _l("product"),
    "/": _l("the first divided by the second"),
    "ratio": _l("ratio of the first to the second"),
    "change": _l("change of the first since the last report"),
    "against_target": _l("the first less its target"),
}

OF_ONE = ("change", "against_target")
"""Operations that take one field."""

MOST_OPERANDS = 30
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,20})(?:\.[0-9]{1,10})?")


class Simple(NamedTuple):
    """A formula of one operation.

    Attributes:
        operation: a key of `OPERATIONS`.
        operands: names of fields and numbers, as they are typed.
    """

    operation: str
    operands: tuple[str, ...]


def simple_of(formula: Any) -> Simple | None:
    """A formula as one operation; None where it is more than that.

    Args:
        formula: as it stands in a body; nothing for none.
    """
    if not formula:
        return Simple("sum", ())
    if not isinstance(formula, dict) or len(formula) != 1:
        return None
    operation, inside = next(iter(formula.items()))
    operands = _operands(operation, inside)
    if operation not in OPERATIONS or operands is None:
        return None
    found = Simple(operation, tuple(map(str, operands)))
    return found if formula_of(*found) == formula else None


def _operands(operation: str, inside: Any) -> list[Any] | None:
    if operation in OF_ONE:
        inside = [inside]
    if operation == "ratio":
        inside = [inside.get("numerator"), inside.get("denominator")] if isinstance(inside, dict) else None
    plain = isinstance(inside, list) and all(type(each) in (str, int) for each in inside)
    return inside if plain and len(inside) <= MOST_OPERANDS else None


def formula_of(operation: str, operands: tuple[str, ...]) -> Any:
    """The formula that an operation on some operands is.

    Args:
        operation: a key of `OPERATIONS`.
        operands: those without a text are left out.
    """
    given = [_operand(text) for text in operands if text]
    first, second = [*given, "", ""][:2]
    if operation in OF_ONE:
        return {operation: first}
    if operation == "ratio":
        return {"ratio": {"numerator": first, "denominator": second}}
    return {operation: given}


def _operand(text: str) -> Any:
    """A whole number as one; a decimal and a name as their text."""
    return int(text) if NUMBER.fullmatch(text) and "." not in text else text
