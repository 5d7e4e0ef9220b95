"""Notes on the style of a report: what its document will say otherwise than Decree 30/2020/NĐ-CP wants it.

They stand beside the answers. None keeps a report from being saved, handed in or approved, and none rewrites it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from portal.definitions import service as definitions
from portal.definitions.answers import named_in
from portal.security import today
from portal.submissions.handing import chain_of
from portal.submissions.rules import says_nothing
from portal.submissions.service import form_of
from portal.submissions.wording import opening_of
from portal.units import service as units
from workflows.errors import Refusal
from workflows.forms import Field
from workflows.forms.style import Text, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from portal.submissions.models import Submission
    from workflows.errors import Finding
    from workflows.forms import Form

MARKED: Final = "rich_text"
MOST_LETTERS: Final = 100_000
"""More than any answer may have: what is pasted beyond that is refused for its length, and not read for its style."""

WRITTEN: Final = frozenset({"text", "long_text", MARKED})
"""Types whose answers are written in words of one's own."""


def notes(session: Session, submission: Submission, values: dict[str, Any]) -> tuple[Finding, ...]:
    """What is said of the words that are printed of some answers, each at the name of its input.

    Args:
        session: any transaction.
        submission: the report.
        values: the answers, of the questions that are asked.
    """
    form, templates = form_of(submission), _templates(session, submission)
    texts = [*_before(submission, templates), *_in_phrases(form, templates, values), *printed_texts(form, values)]
    return tuple(note.finding for note in check(texts, units.names(session, today())))


def _in_phrases(form: Form, templates: list[Definition], values: dict[str, Any]) -> Iterator[Text]:
    """Answers that are printed only where a template names them, such as legal grounds, in the order of printing."""
    named = dict.fromkeys(each.name for template in templates for each in named_in(template.body))
    asked = (form.fields[name] for name in named if name in form.fields)
    for field in asked:
        yield from () if field.printed else _answer(field, values)


def _before(submission: Submission, templates: list[Definition]) -> Iterator[Text]:
    """What the documents about it say before the answers. Others wrote it, so it is not judged here."""
    for template in templates:
        for words in (*opening_of(submission, template, {}), template.body["template"]):
            yield Text("", words, judged=False)


def _templates(session: Session, submission: Submission) -> list[Definition]:
    """Of the documents that its chain issues, each once; none while no chain is for it, as submitting it will say."""
    try:
        chain = definitions.chain_of(chain_of(session, submission))
        return [definitions.current(session, "document", key) for key in {rule.document: 0 for rule in chain.issues}]
    except Refusal:
        return []


def printed_texts(form: Form, values: dict[str, Any]) -> Iterator[Text]:
    """What is printed of a form in words, in its order; headings and labels are the designer's, and not judged.

    Args:
        form: what was asked.
        values: what was answered.
    """
    for section in form.sections:
        yield _heading(section.name["vi"])
        for block in section.blocks:
            if block.printed:
                yield _heading(block.label["vi"])
                yield from _answer(block, values) if isinstance(block, Field) else ()


def _heading(words: str) -> Text:
    return Text("", words, judged=False)


def _answer(field: Field, values: dict[str, Any]) -> Iterator[Text]:
    value = values.get(field.name)
    if value is None or says_nothing(value):
        return
    if field.type in WRITTEN and len(value) <= MOST_LETTERS:
        yield Text(field.name, value, marked=field.type == MARKED)
    elif field.type == "table":
        written = [column.name for column in field.columns if column.type in WRITTEN]
        for number, row in enumerate(value):
            told = ((name, row[name]) for name in written if row.get(name))
            yield from (Text(f"{field.name}.{number}.{name}", words, in_table=True) for name, words in told)
