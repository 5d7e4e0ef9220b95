"""What fields say of other fields: that those exist and are of the right kind, and never decide on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from workflows.forms.settling import fact_names
from workflows.forms.table import SUMMED
from workflows.guards import mentioned
from workflows.reader import refuse_repeats

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from workflows.forms.schema import Field, Formula
    from workflows.guards import Guard
    from workflows.reader import Node

FIGURES: Final = frozenset({"integer", "decimal", "money", "score", "computed"})
"""Types that a formula can compute with; ratios are computed from their parts, ranks are not computed with."""

FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "unknown_fact": ("fact",),
    "no_target": ("figure",),
    "in_a_circle": ("fields",),
}
"""Codes about references, with their params."""


def check_references(read: Sequence[tuple[Node, Field]]) -> None:
    """Note what is wrong with the fields that fields name: they may come later, so this waits until all are read.

    Args:
        read: Each field of the form with its node.
    """
    fields = [field for _, field in read]
    known = frozenset(name for field in fields if field.type for name in fact_names(field))
    _check_indicators(read)
    circular = _circles({field.name: field.needs for field in fields})
    for node, field in read:
        _check_figures(node, field, fields)
        if field.visible_when:
            check_facts(_inside(node, "visible_when"), field.visible_when, known)
        if field.formula:
            _check_formula(_inside(node, "formula"), field.formula, fields)
        for option in ("visible_when", "formula"):
            if field.name in circular and getattr(field, option):
                _inside(node, option).note("in_a_circle", fields=circular)


def check_facts(node: Node, guard: Guard, known: Collection[str]) -> None:
    """Note each fact that a guard asks for and no answer can give.

    Args:
        node: Of the guard.
        guard: As it was read.
        known: The names of all facts of the form.
    """
    for fact in sorted(mentioned(guard).difference(known)):
        node.note("unknown_fact", fact=fact)


def _check_indicators(read: Sequence[tuple[Node, Field]]) -> None:
    """Note each indicator that another field gives already: of two figures nobody knows which is the one."""
    bound = [(_inside(node, "indicator"), field.indicator) for node, field in read if field.indicator]
    refuse_repeats([node for node, _ in bound], [indicator for _, indicator in bound])


def _check_formula(node: Node, formula: Formula, fields: Sequence[Field]) -> None:
    """Note each figure that a formula takes and no answer can give."""
    figures = {field.name for field in fields if field.type in FIGURES and field.figure != "ratio"}
    columns = {(field.name, column.name) for field in fields for column in field.columns if column.type in SUMMED}
    for name in sorted(formula.figures - figures - {""}):
        node.note("unknown_figure", figure=name)
    aimed = {field.name for field in fields if field.target and (field.type in FIGURES or field.type == "ratio")}
    for name in sorted(formula.aimed - aimed - {""}):
        node.note("no_target", figure=name)
    for table, column in sorted(formula.columns - columns):
        node.note("unknown_figure", figure=f"{table}.{column}")


def _check_figures(node: Node, field: Field, fields: Sequence[Field]) -> None:
    same = (field.type, field.currency)
    alike = [other.name for other in fields if (other.type, other.currency) == same and other is not field]
    tables = [other.name for other in fields if other.type == "table"]
    if field.sum_of:
        for each in _inside(node, "sum_of").items(1, len(field.sum_of)):
            each.choice(alike)
    if field.rows_of:
        _inside(node, "rows_of").choice(tables)


def _circles(needs: Mapping[str, frozenset[str]]) -> list[str]:
    """The fields that are in a circle, or between two: what is left when whatever has a free end is taken away."""
    left = dict(needs)
    while left:
        asked = frozenset[str]().union(*left.values())
        free = [name for name in left if name not in asked or not left[name] & left.keys()]
        if not free:
            break
        for name in free:
            del left[name]
    return sorted(left)


def _inside(node: Node, key: str) -> Node:
    return node.child(key, node.mapping()[key])
