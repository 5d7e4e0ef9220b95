"""Formulas of computed fields, as data: a small typed tree over the figures of a form, exact and without code."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING, Final, NamedTuple

from workflows.forms.leaves import Exact, Whole
from workflows.forms.notation import MAX_DIGITS
from workflows.forms.schema import FIELD_NAME, Formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflows.forms.schema import Scalar
    from workflows.reader import Node

MAX_DEPTH: Final = 10
MAX_NODES: Final = 200
USUAL_DECIMALS: Final = 2
"""To how many decimals a result is rounded that does not say; zeros at its end are then left out."""

OF_TWO: Final = ("-", "/")
OF_SEVERAL: Final = ("+", "*")
OF_ONE: Final = ("change", "against_target")
OPERATORS: Final = ("sum", *OF_SEVERAL, *OF_TWO, "column_sum", *OF_ONE)
NOTHING: Final = Formula("number", number=Decimal(0))

FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "bad_formula": ("allowed",),
    "formula_too_deep": ("most",),
    "formula_too_big": ("most",),
    "unknown_figure": ("figure",),
}
"""Codes about a formula, with their params."""


def read_formula(node: Node) -> Formula:
    """Read a formula such as ``{"-": [received, {"sum": [done, late]}]}``, noting what is wrong on the node.

    A text is the name of a field; a number is a whole one, or a decimal in quotes. ``ratio`` can only be the whole
    formula: a percentage is never computed with. Depth and number of nodes are limited to 10 and 200.
    """
    return _Reading(node).whole()


class _Reading:
    """The reading of one whole formula: counts its nodes, and says only once that they are too many."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self.nodes = 0

    def whole(self) -> Formula:
        body = self.root.value
        if not isinstance(body, Mapping) or list(body) != ["ratio"]:
            return self.term(self.root, 1)
        parts = self.root.child("ratio", body["ratio"]).fields(["numerator", "denominator"])
        return Formula("ratio", terms=tuple(self.term(part, 2) for part in parts.values()))

    def term(self, node: Node, depth: int) -> Formula:
        if self.spent():
            return NOTHING
        if depth > MAX_DEPTH:
            node.note("formula_too_deep", most=MAX_DEPTH)
            return NOTHING
        if Whole().is_sound(node.value) or Exact().is_sound(node.value):
            return Formula("number", number=Decimal(str(node.value)))
        if isinstance(node.value, str):
            return Formula("field", names=(node.word(FIELD_NAME),))
        return self.operation(node, depth)

    def operation(self, node: Node, depth: int) -> Formula:
        body = node.value if isinstance(node.value, Mapping) else {}
        op = next(iter(body), None)
        if len(body) != 1 or op not in OPERATORS:
            node.note("bad_formula", allowed=[*OPERATORS, *(("ratio",) if depth == 1 else ())])
            return NOTHING
        inside = node.child(op, body[op])
        if op == "sum":
            return Formula(op, names=tuple(self.name(each) for each in inside.items(1, MAX_NODES)))
        if op == "column_sum":
            return Formula(op, names=tuple(map(self.name, inside.fields(["table", "column"]).values())))
        if op in OF_ONE:
            return Formula(str(op), names=(self.name(inside),))
        most = 2 if op in OF_TWO else MAX_NODES
        return Formula(op, terms=tuple(self.term(each, depth + 1) for each in inside.items(2, most)))

    def name(self, node: Node) -> str:
        return "" if self.spent() else node.word(FIELD_NAME)

    def spent(self) -> bool:
        """Counts one node; true when that was one too many."""
        self.nodes += 1
        if self.nodes == MAX_NODES + 1:
            self.root.note("formula_too_big", most=MAX_NODES)
        return self.nodes > MAX_NODES


class Known(NamedTuple):
    """What formulas are computed from.

    Attributes:
        seen: The facts of the form.
        before: Its facts in the period before.
        targets: What its figures should reach.
    """

    seen: Mapping[str, Scalar]
    before: Mapping[str, Scalar]
    targets: Mapping[str, Decimal]


def result(formula: Formula, decimals: int | None, known: Known) -> str | dict[str, str] | None:
    """What a formula comes to, as an answer is stored: rounded half up, or for a ratio numerator and denominator.

    Args:
        formula: The formula.
        decimals: To how many decimals; None for two without zeros at the end.
        known: What it is computed from.

    Returns:
        None where a figure is missing, something is divided by zero, or the result has too many digits.
    """
    if formula.op != "ratio":
        return _written(_value(formula, known), decimals)
    numerator, denominator = (_written(_value(term, known), decimals) for term in formula.terms)
    if numerator is None or denominator is None or Decimal(denominator) <= 0:
        return None
    return {"numerator": numerator, "denominator": denominator}


def _value(formula: Formula, known: Known) -> Fraction | None:
    match formula.op:
        case "number":
            return Fraction(formula.number)
        case "field":
            return _figure(formula.names[0], known.seen)
        case "sum":
            found = [figure for name in formula.names if (figure := _figure(name, known.seen)) is not None]
            return sum(found, Fraction(0)) if found else None
        case "column_sum":
            table, column = formula.names
            return _column_sum(table, column, known.seen)
        case "change" | "against_target":
            return _distance(formula, known)
    values = [_value(term, known) for term in formula.terms]
    given = [value for value in values if value is not None]
    return _ARITHMETIC[formula.op](given) if len(given) == len(values) else None


def _distance(formula: Formula, known: Known) -> Fraction | None:
    """A figure less what it was in the period before, or less its target; a ratio then in percentage points."""
    (name,) = formula.names
    now = _figure(name, known.seen)
    if formula.op == "change":
        then = _figure(name, known.before)
    else:
        now = _figure(f"{name}.percent", known.seen) if now is None else now
        then = Fraction(known.targets[name])
    return None if now is None or then is None else now - then


def _figure(name: str, facts: Mapping[str, Scalar]) -> Fraction | None:
    """The figure of a field; none where there is nothing to report."""
    figure = facts.get(name, facts.get(f"{name}.value"))
    return None if figure is None or isinstance(figure, str) else Fraction(figure)


def _column_sum(table: str, column: str, seen: Mapping[str, Scalar]) -> Fraction | None:
    """The sum of a column; zero where the table says that there is nothing to report."""
    figure = seen.get(f"{table}.sum.{column}", 0 if f"{table}.nothing" in seen else None)
    return None if figure is None or isinstance(figure, str) else Fraction(figure)


def _divided(values: list[Fraction]) -> Fraction | None:
    return values[0] / values[1] if values[1] else None


_ARITHMETIC: Final[Mapping[str, Callable[[list[Fraction]], Fraction | None]]] = {
    "+": lambda values: sum(values, Fraction(0)),
    "*": lambda values: reduce(lambda left, right: left * right, values),
    "-": lambda values: values[0] - values[1],
    "/": _divided,
}


def _written(value: Fraction | None, decimals: int | None) -> str | None:
    """A figure as a canonical decimal, rounded half up."""
    if value is None:
        return None
    places = USUAL_DECIMALS if decimals is None else decimals
    scaled = int(abs(value) * 10**places + Fraction(1, 2))
    if scaled >= 10 ** (MAX_DIGITS + places):
        return None
    digits = f"{Decimal(f'{scaled}E-{places}'):f}"
    if decimals is None:
        digits = digits.rstrip("0").removesuffix(".")
    return f"-{digits}" if value < 0 and scaled else digits
