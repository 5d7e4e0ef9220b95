"""Facts of what a draft is begun from, such as a list of who is late: which there are, and the answers they give."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from workflows.forms.beginning import fits
from workflows.forms.fieldtypes import TYPES
from workflows.reader import refuse_repeats

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workflows.forms.schema import Field, Form
    from workflows.reader import Node

ROWS: Final = "late_units"
"""The fact that is a list: a row for each unit that is late; ``OF_ROWS`` are what is known of one."""

_WORDS: Final = ("text", "long_text")

FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "units_asked": ("integer",),
    "units_done": ("integer",),
    "units_late": ("integer",),
    "list_name": _WORDS,
    "old_due": ("date",),
    "source": ("text",),
    ROWS: ("table",),
    "earlier_reference": ("text",),
    "earlier_date": ("date",),
    "earlier_subject": _WORDS,
}
"""What a draft can be given, and the types of the fields that take it.

The first seven are of a list of late units: how many units were asked, did it and did not, what is urged, the last day
on which it was in time, the document that asks for it, and the units. The others are of an issued document: its number
and symbol, its date and its subject.
"""

OF_ROWS: Final[Mapping[str, tuple[str, ...]]] = {
    "unit": _WORDS,
    "missing": _WORDS,
    "days": ("integer",),
    "person": _WORDS,
}
"""What is known of one late unit, and the types of the columns that take it: what it is called, what it has not done,
how many days it is late, and who answers for it."""

FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {"given_without_rows": ()}
"""Codes about facts that fields are given, with their params."""


def facts_for(kind: str, *, column: bool = False) -> list[str]:
    """The facts that a field or a column of a type can be given.

    Args:
        kind: A key of ``fieldtypes.TYPES``; of any other there is none.
        column: Whether it is a column of a table.
    """
    return [fact for fact, kinds in (OF_ROWS if column else FACTS).items() if kind in kinds]


def check_given(read: Sequence[tuple[Node, Field]]) -> None:
    """Note what is wrong with the facts that fields say they are given.

    Args:
        read: Each field of the form with its node.
    """
    _check_facts(read, column=False)
    for node, field in read:
        columns = [(_column(node, number), column) for number, column in enumerate(field.columns)]
        _check_facts(columns, column=True)
        for each, column in columns:
            if column.given and field.given != ROWS:
                _given(each).note("given_without_rows")


def _column(table: Node, number: int) -> Node:
    columns: Any = table.mapping()["columns"]
    return table.child("columns", columns).item(number, columns[number])


def _check_facts(read: Sequence[tuple[Node, Field]], *, column: bool) -> None:
    given = [(_given(node), field) for node, field in read if field.given]
    for node, field in given:
        node.choice(facts_for(field.type, column=column))
    refuse_repeats([node for node, _ in given], [str(field.given) for _, field in given])


def _given(node: Node) -> Node:
    return node.child("given", node.mapping()["given"])


def given_answers(
    form: Form, facts: Mapping[str, object], matches: Callable[[str, str], bool] | None = None
) -> dict[str, object]:
    """The answers that facts give; what a field cannot hold is left out, a cell for itself.

    More rows than a table has room for are left out together: half a list would say that the rest is in time.

    Args:
        form: The form.
        facts: By their names, each as a field that takes it would store it; ``ROWS`` as a list of mappings.
        matches: Tells whether a pattern matches a whole text; None where nobody can tell.
    """
    found = {field.name: _answer(field, facts.get(field.given or ""), matches) for field in form.fields.values()}
    return {name: deepcopy(answer) for name, answer in found.items() if answer is not None}


def _answer(field: Field, fact: Any, matches: Callable[[str, str], bool] | None) -> object | None:
    if fact is None:
        return None
    if field.given == ROWS:
        rows = [row for each in fact if (row := _row(field, each, matches))]
        return rows if TYPES[field.type].is_sound(field, rows) else None
    return fact if fits(field, fact, matches) else None


def _row(table: Field, known: Mapping[str, object], matches: Callable[[str, str], bool] | None) -> dict[str, object]:
    cells = ((column, known.get(str(column.given))) for column in table.columns)
    return {column.name: cell for column, cell in cells if cell is not None and fits(column, cell, matches)}
