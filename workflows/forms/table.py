"""The field type of tables: rows whose cells are fields of the other types."""
# ruff: noqa: ARG002 - every type is asked the same questions

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from workflows.errors import Finding
from workflows.forms.fieldtype import FieldType
from workflows.forms.leaves import Exact, Whole
from workflows.forms.notation import fold
from workflows.forms.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.leaves import Leaf
    from workflows.forms.schema import Field, Scalar
    from workflows.forms.sheet import Inspection, Sheet

_CELL = re.compile(r"[a-z0-9_]+\.(?P<row>0|[1-9][0-9]{0,5})(?P<cell>\..+)")

_ENOUGH_DIGITS = 60  # for the exact sum of all rows

SUMMED = ("integer", "decimal", "money")
"""Types whose columns can be added up; ratios, scores and ranks never are."""


class Table(FieldType):
    """Rows of cells. Value: ``[{"unit": "Sở Tư pháp", "count": 3}, …]``; a cell left blank is left out.

    Rows left blank on the screen are closed up: values, unread texts and findings number the others from 0.
    """

    keys = frozenset({"columns", "max_rows"})
    needs = frozenset({"columns"})

    def __init__(self, types: Mapping[str, FieldType]) -> None:
        self._types = types

    def parts(self, field: Field) -> Mapping[str, Leaf]:
        """None of its own."""
        return {}

    def inputs(self, field: Field, path: str) -> tuple[str, ...]:
        """The names of the inputs of one row; ``path`` is the row's, such as ``tasks.0``."""
        return tuple(
            name for kind, column in self._columns(field) for name in kind.inputs(column, f"{path}.{column.name}")
        )

    def read(self, field: Field, path: str, sheet: Sheet) -> object | None:
        """All rows that are not blank; those beyond the limit stay unread."""
        typed = self._typed(field, sheet.raw)
        cells = {f"{path}.{number}{cell}": text for number, row in enumerate(typed) for cell, text in row.items()}
        closed_up = replace(sheet, raw=cells)
        kept = range(min(len(typed), field.max_rows))
        rows = [self._read_row(field, f"{path}.{number}", closed_up) for number in kept]
        if len(typed) > field.max_rows:
            beyond = {
                name: clean(text).text.strip()
                for name, text in cells.items()
                if int(name.split(".")[1]) >= field.max_rows
            }
            sheet.unread.update(beyond)
            sheet.findings.append(Finding(path, "too_many_rows", {"count": len(typed), "max": field.max_rows}))
        return rows or None

    def write(self, field: Field, value: Any, path: str) -> Iterator[tuple[str, str]]:
        """What the inputs of all rows show."""
        for cell, kind, column, held in self._cells(field, value, path):
            if held is not None:
                yield from kind.write(column, held, cell)

    def is_sound(self, field: Field, value: object) -> bool:
        """A list of rows, each with sound cells of known columns; a row may be empty while its cells are unread."""
        if not isinstance(value, list) or not 0 < len(value) <= field.max_rows:
            return False
        names = {column.name for column in field.columns}
        if not all(isinstance(row, dict) and row.keys() <= names for row in value):
            return False
        cells = self._cells(field, value, "")
        return all(held is None or kind.is_sound(column, held) for _, kind, column, held in cells)

    def check(self, field: Field, value: Any, path: str, gate: Inspection) -> Iterator[Finding]:
        """What the submit gate says about every cell."""
        for number, row in enumerate(value):
            if not row and not gate.is_unread(f"{path}.{number}"):
                yield Finding(f"{path}.{number}", "malformed")
        for cell, kind, column, held in self._cells(field, value, path):
            yield from kind.judge(column, held, cell, gate)

    def facts(self, field: Field, value: Any) -> Iterator[tuple[str, Scalar]]:
        """The number of rows, and the sum of every column of plain numbers."""
        yield "count", len(value)
        for kind, column in self._columns(field):
            if column.type in SUMMED and (total := _sum(kind, column, value)) is not None:
                yield f"sum.{column.name}", total

    def fact_leaves(self, field: Field) -> Mapping[str, Leaf]:
        """The number of rows, and the sums."""
        sums = {f"sum.{column.name}": Exact() for column in field.columns if column.type in SUMMED}
        return {"count": Whole(), **sums}

    def _columns(self, field: Field) -> Iterator[tuple[FieldType, Field]]:
        return ((self._types[column.type], column) for column in field.columns)

    def _cells(self, field: Field, value: Any, path: str) -> Iterator[tuple[str, FieldType, Field, Any]]:
        for number, row in enumerate(value):
            for kind, column in self._columns(field):
                yield f"{path}.{number}.{column.name}", kind, column, row.get(column.name)

    def _read_row(self, field: Field, path: str, sheet: Sheet) -> dict[str, object]:
        cells = {
            column.name: kind.read(column, f"{path}.{column.name}", sheet) for kind, column in self._columns(field)
        }
        return {name: value for name, value in cells.items() if value is not None}

    def _typed(self, field: Field, raw: Mapping[str, str]) -> list[dict[str, str]]:
        """The rows that hold anything, in order, their cells by name with a leading dot."""
        known = {
            name: kind.blanks
            for kind, column in self._columns(field)
            for name in kind.inputs(column, f".{column.name}")
        }
        rows: dict[int, dict[str, str]] = {}
        for name, text in raw.items():
            match = _CELL.fullmatch(name)
            if match and match["cell"] in known and fold(clean(text).text) not in known[match["cell"]]:
                rows.setdefault(int(match["row"]), {})[match["cell"]] = text
        return [rows[number] for number in sorted(rows)]


def _sum(kind: FieldType, column: Field, rows: list[dict[str, object]]) -> int | Decimal | None:
    cells = (fact for row in rows if column.name in row for fact in kind.facts(column, row[column.name]))
    numbers = [fact for part, fact in cells if part in ("", "value") and not isinstance(fact, str)]
    with localcontext(prec=_ENOUGH_DIGITS):
        return sum(numbers) if numbers else None
