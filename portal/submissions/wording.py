"""From a frozen submission to the words of a document about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions.answers import named_in, said_in_words
from portal.definitions.decree import MINUTES
from portal.definitions.phrases import ANSWERS, addressees_of, filled
from portal.documents import service as documents
from portal.documents.content import Clause, Column, Figure, FiguresTable, Heading, Paragraph, Section, Table
from portal.documents.marks import Marks, initials
from portal.periods import period_name
from portal.submissions import asking
from portal.submissions.rounds import approved_before, frozen_values, newest
from portal.submissions.rules import says_nothing
from portal.submissions.service import form_of
from workflows import forms
from workflows.forms import text_of, write_date
from workflows.forms.markup import lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from portal.documents.content import Block
    from portal.submissions.models import Submission
    from workflows.forms import Field, Form

NUMBERS = frozenset({"integer", "decimal", "money"})
WEIGHTS = {"text": 5, "long_text": 5, "date": 5, "date_range": 6, "choices": 5, "choice": 4}
"""How much of a table's width a column takes, against 3 for a number; a date must not break."""
NOTHING = "Không phát sinh"
NO_CONTENT = "Đơn vị không có nội dung báo cáo ở mục này."
"""What stands where nothing was answered; it is not the statement that nothing arose."""
FIGURES_CAPTION = "Bảng số liệu"
"""Official documents are written in Vietnamese, whatever language the reader's screen has."""


def wording_of(session: Session, submission: Submission, template: Definition) -> documents.Wording:
    """What the document says: the template's fixed phrases around the answers of the newest round.

    Args:
        session: any transaction.
        submission: with at least one frozen round.
        template: the version of the document definition whose phrases are used.
    """
    metadata = template.body["metadata"]
    said = metadata["wording"]
    version, form = newest(session, submission), form_of(submission)
    values = frozen_values(version) if version else asking.settled(submission).values
    answers = {each.name: answer_in_words(form, each.name, values) for each in named_in(template.body)}
    filling = _filling(submission, answers)
    before = approved_before(session, submission)
    sections = {each.key: each for each in sections_of(form, values, before, submission.window_to)}
    annexes = [key for key in metadata.get("annexes", ()) if key in sections]  # an older form may lack one
    return documents.Wording(
        subject=filled(said["subject"], filling),
        grounds=tuple(_in_lines(text, filling, answers) for text in said.get("grounds", ())),
        opening=tuple(filled(text, filling) for text in said["opening"]),
        sections=tuple(each for each in sections.values() if each.key not in annexes),
        annexes=tuple(sections[key] for key in annexes),
        closing=filled(said["closing"], filling),
        addressees=addressees_of(said, lambda table, column: _names_in(form, values, table, column)),
        recipients=tuple(said["recipients"]),
        drafter=said.get("drafter", ""),
        answers=answers,
        marks=_marks(submission, said, filling),
        shows_contact=metadata.get("contact", False),
        archive_copies=said.get("archive_copies"),
        secretary=filled(said.get("secretary", ""), filling) if metadata["type"] == MINUTES else "",
    )


def _names_in(form: Form, values: Mapping[str, Any], table: str, column: str) -> list[str]:
    """The texts in a column of a table; none where an older form has no such table."""
    found = form.fields.get(table)
    columns = {each.name: each for each in found.columns} if found else {}
    rows = values.get(table)
    if column not in columns or not isinstance(rows, list):
        return []
    cells = (row.get(column) for row in rows)
    return [" ".join(text_of(columns[column], cell).split()) for cell in cells if cell is not None]


def _in_lines(phrase: str, filling: Mapping[str, str], answers: Mapping[str, str]) -> str:
    """A phrase in which the answers keep their lines."""
    return filled(phrase, {**filling, **{f"{ANSWERS}{name}": words for name, words in answers.items()}})


def _marks(submission: Submission, said: Mapping[str, Any], filling: Mapping[str, str]) -> Marks:
    """What stands around the text, but for the address of the issuer, whom the chain names."""
    return Marks(
        urgency=filled(said.get("urgency", ""), filling),
        circulation=said.get("circulation", ""),
        typist=initials(submission.creator.get_full_name()),
        issued_copies=said.get("issued_copies"),
    )


def opening_of(submission: Submission, template: Definition, values: dict[str, Any]) -> tuple[str, ...]:
    """What a document says before the answers: its subject, its grounds, and its opening phrases.

    Args:
        submission: what it is about.
        template: the version of the document definition whose phrases are used.
        values: what was answered.
    """
    said, form = template.body["metadata"]["wording"], form_of(submission)
    answers = {each.name: answer_in_words(form, each.name, values) for each in named_in(template.body)}
    filling = _filling(submission, answers)
    grounds = (_in_lines(text, filling, answers) for text in said.get("grounds", ()))
    return (filled(said["subject"], filling), *grounds, *(filled(text, filling) for text in said["opening"]))


def _filling(submission: Submission, answers: dict[str, str]) -> dict[str, str]:
    """The words for the places in phrases, with those of the answers that a template names."""
    return {
        "period": period_name(submission.period),
        "unit": submission.unit.name_vi,
        "from": write_date(submission.window_from.isoformat()),
        "to": write_date(submission.window_to.isoformat()),
        **{f"{ANSWERS}{name}": " ".join(words.split()) for name, words in answers.items()},
    }


def answer_in_words(form: Form, name: str, values: dict[str, Any]) -> str:
    """What a template prints for the answer to a question; empty where nothing was answered.

    Args:
        form: what was asked; an earlier version of it may not have asked this.
        name: of the question.
        values: what was answered.
    """
    if name not in said_in_words(form):
        return ""
    field, value = form.fields[name], values.get(name)
    if value is None:
        return ""
    if says_nothing(value):
        return _nothing(value)
    if field.type == "rich_text":
        return "\n".join(line for line, _runs in lines_of(value))
    return _unbroken(text_of(field, value))


def _nothing(value: Any) -> str:
    """That nothing arose, and why."""
    return f"{NOTHING}: {value['reason'].rstrip('.')}" if value["reason"] else NOTHING


def sections_of(form: Form, values: dict[str, Any], before: dict[str, Any], until: date) -> tuple[Section, ...]:
    """What is printed of the form: sections with their answers; below each heading figures first, in one table.

    A section of which nothing is ever printed is none of a document.

    Args:
        form: what was asked.
        values: what was answered.
        before: the answers of one period earlier.
        until: the last day that a figure without a date of its own speaks of.
    """
    sections = []
    for place, section in enumerate(form.sections, start=1):
        if not any(map(_is_printed, section.fields)):
            continue
        parts = [(heading, _answered(fields, values)) for heading, fields in _headed(section)]
        titled = sum(len(answered) for _, answered in parts) > 1
        blocks: list[Block] = []
        for heading, answered in parts:
            blocks += [Heading(heading.label["vi"])] if heading and answered else []
            figures = [field for field in answered if _is_figure(field, values)]
            blocks += [_figures(figures, values, before, until)] if figures else []
            others = (field for field in answered if field not in figures)
            blocks += [block for field in others for block in _text(field, values, titled=titled)]
        printed = tuple(blocks) or (Paragraph(NO_CONTENT),)
        sections.append(Section(section.name["vi"], printed, section.key, place))
    return tuple(sections)


def _headed(section: forms.Section) -> list[tuple[forms.Heading | None, list[Field]]]:
    """The fields of a section under the printed headings that stand above them."""
    parts: list[tuple[forms.Heading | None, list[Field]]] = [(None, [])]
    for block in section.blocks:
        if isinstance(block, forms.Field):
            parts[-1][1].append(block)
        elif block.printed:
            parts.append((block, []))
    return parts


def _answered(fields: list[Field], values: dict[str, Any]) -> list[Field]:
    """Those of them whose answers are printed."""
    return [field for field in fields if _is_printed(field) and values.get(field.name) is not None]


def _is_printed(field: Field) -> bool:
    return field.printed and field.type != "attachment"


def _is_figure(field: Field, values: dict[str, Any]) -> bool:
    return field.figure is not None and not says_nothing(values[field.name])


def _figures(fields: list[Field], values: dict[str, Any], before: dict[str, Any], until: date) -> FiguresTable:
    rows = [_figure(field, values[field.name], before.get(field.name), until.isoformat()) for field in fields]
    return FiguresTable(FIGURES_CAPTION, tuple(rows))


def _figure(field: Field, value: Any, previous: Any, until: str) -> Figure:
    """One row; a figure without a date of its own speaks of the window up to its end."""
    as_of = value.get("as_of", until) if isinstance(value, dict) else until
    return Figure(
        label=field.label["vi"],
        unit=field.measure["vi"] if field.measure else "",
        value=_unbroken(text_of(field, value)),
        as_of=write_date(as_of),
        previous=_unbroken(text_of(field, previous)) if previous is not None and not says_nothing(previous) else "",
    )


def _unbroken(figure: str) -> str:
    """A figure that never parts from its percent sign at the end of a line."""
    return figure.replace(" %", "\u00a0%")


def _text(field: Field, values: dict[str, Any], *, titled: bool) -> list[Block]:
    """A text or table under its title; the only answer of a section needs no title of its own."""
    value = values[field.name]
    title: list[Block] = [Clause(field.label["vi"])] if titled else []
    if says_nothing(value):
        return [*title, Paragraph(f"{_nothing(value)}.")]
    if field.type == "table":
        return [*title, _table(field, value)]
    if field.type == "rich_text":
        return [*title, *(Paragraph(line, runs) for line, runs in lines_of(value))]
    return [*title, *(Paragraph(line.strip()) for line in text_of(field, value).splitlines() if line.strip())]


def _table(field: Field, rows: list[dict[str, Any]]) -> Table:
    columns = [
        Column(
            column.label["vi"],
            align="number" if column.type in NUMBERS else "text",
            weight=WEIGHTS.get(column.type, 3),
        )
        for column in field.columns
    ]
    cells = [tuple(_cell(column, row.get(column.name)) for column in field.columns) for row in rows]
    return Table("", tuple(columns), tuple(cells))


def _cell(column: Field, value: Any) -> str:
    """One cell; blank where nothing was answered."""
    return "" if value is None else _unbroken(text_of(column, value))
