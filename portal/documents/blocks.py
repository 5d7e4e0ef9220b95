"""Sections, articles and annexes of a document as plain JSON data, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from portal.documents import rules
from portal.documents.annexes import lies_on_its_side
from portal.documents.content import Clause, FiguresTable, Heading, Paragraph, Table
from portal.documents.deciding import article_lead

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.documents.content import Block, Column, Section

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"


def section_data(number: int, section: Section) -> dict[str, Json]:
    """What the template sees of a section: its heading with its number, and its blocks, each of its `kind`."""
    heading = rules.section_heading(number, section.title)
    place = section.place or number
    return {"heading": heading, "place": place, "is_article": False, "blocks": blocks_data(section)}


def article_data(number: int, section: Section) -> dict[str, Json]:
    """What the template sees of an article of a decision: its first paragraph begins with its number.

    Its title is not printed: what an article is about, its text says (Decree 30/2020, appendix III, sample 1.2).
    """
    lead, blocks = article_lead(number), blocks_data(section)
    first = blocks[0] if blocks else None
    if isinstance(first, dict) and first["kind"] == "paragraph":
        blocks[0] = {**first, "lead": lead}
    else:
        blocks.insert(0, {**_block(Paragraph(""), 0), "lead": lead})
    return {"heading": lead, "place": section.place or number, "is_article": True, "blocks": blocks}


def blocks_data(section: Section) -> list[Json]:
    """The blocks of a section, its clauses counted from 1."""
    clauses = 0
    blocks: list[Json] = []
    for block in section.blocks:
        clauses += isinstance(block, Clause)
        blocks.append(_block(block, clauses))
    return blocks


def _block(block: Block, clause: int) -> dict[str, Json]:
    return {"on_its_side": False, **_said(block, clause)}


def _said(block: Block, clause: int) -> dict[str, Json]:
    match block:
        case Paragraph():
            runs: list[Json] = [run._asdict() for run in block.runs]
            return {"kind": "paragraph", "lead": "", "text": block.text, "runs": runs}
        case Heading():
            return {"kind": "heading", "title": block.title}
        case Clause():
            return {"kind": "clause", "title": f"{clause}. {block.title}"}
        case FiguresTable():
            return _figures(block)
        case Table():
            return _table(block)


def _figures(table: FiguresTable) -> dict[str, Json]:
    rows: list[Json] = [
        {
            "number": number,
            "label": figure.label,
            "unit": figure.unit,
            "value": figure.value,
            "as_of": figure.as_of,
            "previous": figure.previous,
            "target": figure.target,
            "note": figure.note,
        }
        for number, figure in enumerate(table.figures, start=1)
    ]
    return {
        "kind": "figures",
        "caption": table.caption,
        "rows": rows,
        "shows_previous": any(figure.previous for figure in table.figures),
        "shows_target": any(figure.target for figure in table.figures),
        "shows_note": any(figure.note for figure in table.figures),
    }


def _table(table: Table) -> dict[str, Json]:
    widths = _percentages([column.weight for column in table.columns])
    columns: list[Json] = [
        {"title": column.title, "align": column.align, "width": width}
        for column, width in zip(table.columns, widths, strict=True)
    ]
    return {
        "kind": "table",
        "caption": table.caption,
        "columns": columns,
        "rows": [_row(row, table.columns) for row in table.rows],
        "on_its_side": lies_on_its_side(len(columns)),
    }


def _row(row: Sequence[str], columns: Sequence[Column]) -> Json:
    if len(row) != len(columns):
        raise rules.DecreeError("ragged_table", {"cells": len(row), "columns": len(columns)})
    return [{"text": text, "align": column.align} for text, column in zip(row, columns, strict=True)]


def _percentages(weights: Sequence[int]) -> tuple[int, ...]:
    """Whole percentages that add up to 100; what rounding leaves over goes to those that lost most by it."""
    whole = sum(weights)
    shares = [weight * 100 // whole for weight in weights]
    losers = sorted(range(len(weights)), key=lambda place: -(weights[place] * 100 % whole))
    for place in losers[: 100 - sum(shares)]:
        shares[place] += 1
    return tuple(shares)
