"""What a document says, before it is laid out: built from form values, handed to the template as plain JSON data."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from portal.definitions.decree import LETTER, LETTER_NAME
from portal.documents import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from portal.documents.rules import AddressBlock, IssuerHeader
    from portal.documents.signing import SignatureBlock
    from workflows.forms.markup import Run

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"
Alignment: TypeAlias = Literal["text", "number", "centre"]

RECIPIENTS_LEAD = "Nơi nhận:"
CUT = frozenset({"subject_lines", "letter_lines"})
"""The subject cut into lines, which says what `title` says."""


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of running text.

    Attributes:
        text: Its words.
        runs: The same words in bold and italic runs; empty where all look the same.
    """

    text: str
    runs: tuple[Run, ...] = ()


@dataclass(frozen=True)
class Clause:
    """The title of a clause (khoản) on its own line; clauses are counted 1, 2, 3 within their section."""

    title: str


@dataclass(frozen=True)
class Heading:
    """A line in bold above what follows; it is not counted."""

    title: str


@dataclass(frozen=True)
class Figure:
    """One row of a figures table, every value already written for people.

    Attributes:
        label: What is measured.
        unit: The unit of measure, "hồ sơ", "điểm"; may be empty.
        value: This period's value with its numerator and denominator, "6.450/6.632 (97,26%)".
        as_of: The day the value speaks of, "15/01/2025"; each figure has its own.
        previous: The value of the period before; the column is left out when no row has one.
        target: The target; the column is left out when no row has one.
        note: A remark; the column is left out when no row has one.
    """

    label: str
    unit: str
    value: str
    as_of: str
    previous: str = ""
    target: str = ""
    note: str = ""


@dataclass(frozen=True)
class FiguresTable:
    """Reported figures under a caption; rows are counted from 1."""

    caption: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, how its cells stand, and its share of the width."""

    title: str
    align: Alignment = "text"
    weight: int = 1


@dataclass(frozen=True)
class Table:
    """Any other table of a form; each row has one text for each column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block: TypeAlias = Paragraph | Heading | Clause | FiguresTable | Table


@dataclass(frozen=True)
class Section:
    """A section (mục) of the body; its Roman numeral comes from its position."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """Everything a document prints.

    Attributes:
        issuer: Box 2, from `rules.issuer_header`.
        symbol: Box 3 after the slash, from `rules.symbol`.
        number: Box 3, the number in the register; None in a draft.
        place: Box 4, the place's official name.
        day: Box 4, the day of issue; None in a draft.
        kind: One of `decree.TYPES`: boxes 5a of a named type, box 5b of an official letter.
        subject: Box 5a or 5b, what the document is about.
        sections: Box 6.
        closing: Box 6, the last paragraph; "./." is added to it.
        signature: Boxes 7a and 7b, from `signing`; None while the signer is not known.
        recipients: Box 9b without "Như trên" and without the archive's line, which the rules add.
        opening: Box 6, paragraphs before the first section.
        addressees: Box 9a; empty unless the document goes to a superior.
        drafter: Box 9b, the drafting unit's abbreviation in the archive's line.
        archive_copies: Box 9b, how many copies the archive keeps.
        answers: Answers that the template prints by name, as words; those of other names it never sees.
        draft: Prints "DỰ THẢO", so that a preview is never taken for the document.
    """

    issuer: IssuerHeader
    symbol: str
    number: int | None
    place: str
    day: date | None
    kind: str
    subject: str
    sections: tuple[Section, ...]
    closing: str
    signature: SignatureBlock | None
    recipients: tuple[str, ...]
    opening: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    drafter: str = ""
    archive_copies: int | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    draft: bool = False


def template_data(document: Document) -> dict[str, Json]:
    """Returns what the template sees as `doc`: plain JSON data in NFC, with every rule of the decree applied.

    Raises:
        DecreeError: A rule is broken, a table has a row of another length (`ragged_table`), or a text
            carries a mark of secrecy (`classified`).
    """
    data: dict[str, Json] = {
        **_head(document),
        "opening": list(document.opening),
        "sections": [section_data(number, section) for number, section in enumerate(document.sections, start=1)],
        "closing": rules.with_end_mark(document.closing),
        "answers": dict(document.answers),
        **_foot(document),
    }
    clean = {key: _composed(value) for key, value in data.items()}
    # the subject is in the title as a whole; cut into lines, harmless words may begin or end one like a mark
    rules.refuse_classified(_texts({key: value for key, value in clean.items() if key not in CUT}))
    return clean


def _head(document: Document) -> dict[str, Json]:
    return {
        "draft": document.draft,
        **_about(document),
        "state_name": rules.STATE_NAME,
        "motto": rules.MOTTO,
        "issuer": {
            "superior_lines": list(document.issuer.superior_lines),
            "name_lines": list(document.issuer.name_lines),
        },
        "number_line": rules.number_line(document.number, document.symbol),
        "place_date": rules.place_date(document.place, document.day),
        "address": _address(rules.address_block(document.addressees)),
    }


def _about(document: Document) -> dict[str, Json]:
    """What it is and what it is about: an official letter says so under its number, others above their text."""
    if document.kind == LETTER:
        lines = rules.letter_lines(document.subject)
        said = " ".join(f"{LETTER_NAME} {rules.ABOUT} {document.subject}".split())
        return {"title": said, "type_title": "", "subject_lines": [], "letter_lines": list(lines)}
    title = rules.type_title(document.kind)
    return {
        "title": " ".join(f"{title.capitalize()} {document.subject}".split()),
        "type_title": title,
        "subject_lines": list(rules.subject_lines(document.subject)),
        "letter_lines": [],
    }


def _address(block: AddressBlock | None) -> Json:
    if block is None:
        return None
    return {"lead": block.lead, "beside": block.beside, "lines": list(block.lines)}


def _foot(document: Document) -> dict[str, Json]:
    lines = rules.recipient_lines(
        document.recipients,
        drafter=document.drafter,
        copies=document.archive_copies,
        addressed=bool(document.addressees),
    )
    return {
        "recipients": {"lead": RECIPIENTS_LEAD, "lines": list(lines)},
        "signature": _signature(document.signature),
    }


def _signature(block: SignatureBlock | None) -> Json:
    if block is None:
        return None
    return {
        "authority_lines": list(block.authority_lines),
        "post_line": block.post_line,
        "name": block.name,
    }


def section_data(number: int, section: Section) -> dict[str, Json]:
    """What the template sees of a section: its heading with its number, and its blocks, each of its `kind`."""
    clauses = 0
    blocks: list[Json] = []
    for block in section.blocks:
        clauses += isinstance(block, Clause)
        blocks.append(_block(block, clauses))
    return {"heading": rules.section_heading(number, section.title), "blocks": blocks}


def _block(block: Block, clause: int) -> dict[str, Json]:
    match block:
        case Paragraph():
            runs: list[Json] = [run._asdict() for run in block.runs]
            return {"kind": "paragraph", "text": block.text, "runs": runs}
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
    }


def _row(row: Sequence[str], columns: Sequence[Column]) -> Json:
    if len(row) != len(columns):
        raise rules.DecreeError("ragged_table", {"cells": len(row), "columns": len(columns)})
    return [{"text": text, "align": column.align} for text, column in zip(row, columns, strict=True)]


def _percentages(weights: Sequence[int]) -> tuple[int, ...]:
    """Whole percentages that add up to 100; what rounding leaves over goes to the last column."""
    shares = [weight * 100 // sum(weights) for weight in weights]
    return (*shares[:-1], 100 - sum(shares[:-1]))


def _composed(value: Json) -> Json:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case list():
            return [_composed(item) for item in value]
        case dict():
            return {key: _composed(item) for key, item in value.items()}
    return value


def _texts(value: Json | Mapping[str, Json]) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            yield from _texts(list(value.values()))
