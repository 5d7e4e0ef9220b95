"""What a document says, before it is laid out: built from form values, made plain JSON data by `printed`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from portal.documents.marks import NO_MARKS, Marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from portal.documents.codes import Verification
    from portal.documents.rules import IssuerHeader
    from portal.documents.signing import SignatureBlock
    from workflows.forms.markup import Run

Alignment: TypeAlias = Literal["text", "number", "centre"]


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
    """A section (mục) of the body, an article of a decision, or an annex.

    Attributes:
        title: what it is called.
        blocks: what stands in it.
        key: under which the form has it.
        place: which section of the form it is, from 1; 0 for its place in the document, which its number comes from.
    """

    title: str
    blocks: tuple[Block, ...]
    key: str = ""
    place: int = 0


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
        closing: Box 6, the last paragraph, of a decision the last article; "./." is added to it.
        signature: Boxes 7a and 7b, from `signing`; None while the signer is not known.
        recipients: Box 9b without "Như trên" and without the archive's line, which the rules add.
        issuer_name: Whose document it is, as people write it; annexes say so.
        authority: Who decides, from `deciding.authority`; printed above decisions and by telegrams.
        grounds: Box 6, the legal grounds before anything else, one or several to a text.
        opening: Box 6, paragraphs before the first section.
        annexes: What follows on pages of their own, in its order.
        cosignature: Who signs beside the signer, to his left: the secretary of minutes, the partner of a joint plan.
        addressees: Box 9a; empty unless the document goes to a superior.
        drafter: Box 9b, the drafting unit's abbreviation in the archive's line.
        archive_copies: Box 9b, how many copies the archive keeps.
        marks: Boxes 10b, 11, 12 and 13.
        answers: Answers that the template prints by name, as words; those of other names it never sees.
        verification: The code it can be checked by; None where none is printed.
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
    issuer_name: str = ""
    authority: str = ""
    grounds: tuple[str, ...] = ()
    opening: tuple[str, ...] = ()
    annexes: tuple[Section, ...] = ()
    cosignature: SignatureBlock | None = None
    addressees: tuple[str, ...] = ()
    drafter: str = ""
    archive_copies: int | None = None
    marks: Marks = NO_MARKS
    answers: Mapping[str, str] = field(default_factory=dict)
    verification: Verification | None = None
    draft: bool = False
