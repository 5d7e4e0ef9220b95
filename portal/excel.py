"""Workbooks for people to go on with: written row by row, and no text of anybody ever becomes a formula."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | date | None

AS_TEXT = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
"""One row at a time in memory; a text that begins with = + - @ is a text."""

FIRST_DAY = date(1900, 1, 1)
"""Excel knows no days before it."""

LONGEST_TEXT = 32_767
"""Letters that a cell of Excel holds."""


@dataclass(frozen=True)
class Sheet:
    """What a sheet says besides its rows.

    Attributes:
        name: on its tab, at most 31 letters.
        titles: lines above the table.
        heads: of the columns.
        widths: of the columns, in letters.
    """

    name: str
    titles: tuple[str, ...]
    heads: tuple[str, ...]
    widths: tuple[int, ...]


def write(path: Path, sheet: Sheet, rows: Iterable[Sequence[Cell]]) -> None:
    """Write a workbook of one sheet, to be printed on A4 across; memory does not grow with its rows.

    Args:
        path: of the new file.
        sheet: what stands around the rows.
        rows: taken one at a time.
    """
    with xlsxwriter.Workbook(str(path), {**AS_TEXT, "tmpdir": str(path.parent)}) as book:
        page = book.add_worksheet(sheet.name)
        looks = _looks(book)
        first = _write_head(page, sheet, looks)
        for number, row in enumerate(rows, start=first):
            for column, value in enumerate(row):
                _write_cell(page, number, column, value, looks)


def _looks(book: Any) -> dict[str, Format]:
    plain = {"font_name": "Times New Roman", "font_size": 11, "valign": "top", "text_wrap": True, "border": 1}
    return {
        "title": book.add_format({"font_name": "Times New Roman", "font_size": 13, "bold": True}),
        "head": book.add_format({**plain, "bold": True, "align": "center", "valign": "vcenter"}),
        "text": book.add_format({**plain, "num_format": "@"}),
        "number": book.add_format({**plain, "num_format": "0", "align": "center"}),
        "day": book.add_format({**plain, "num_format": "dd/mm/yyyy", "align": "center"}),
    }


def _write_head(page: Worksheet, sheet: Sheet, looks: dict[str, Format]) -> int:
    """The lines above the rows; gives the first row below them."""
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&C&P/&N")
    for column, width in enumerate(sheet.widths):
        page.set_column(column, column, width)
    for number, title in enumerate(sheet.titles):
        page.write_string(number, 0, title, looks["title"])
    first = len(sheet.titles) + 1
    for column, head in enumerate(sheet.heads):
        page.write_string(first, column, head, looks["head"])
    page.repeat_rows(first)
    page.freeze_panes(first + 1, 1)
    return first + 1


def _write_cell(page: Worksheet, row: int, column: int, value: Cell, looks: dict[str, Format]) -> None:
    if isinstance(value, date) and value >= FIRST_DAY:
        page.write_datetime(row, column, datetime.combine(value, time()), looks["day"])
    elif isinstance(value, int):
        page.write_number(row, column, value, looks["number"])
    else:
        page.write_string(row, column, "" if value is None else str(value)[:LONGEST_TEXT], looks["text"])
