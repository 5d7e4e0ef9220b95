"""What the reading page shows: every answer, how it stood in the round before, and in the period before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from portal.submissions.rules import says_nothing
from portal.words import FIRST_LANGUAGE, format_date, format_number, label, reader_language
from workflows.forms import Heading, change, text_of
from workflows.forms.markup import pieces

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from decimal import Decimal

    from workflows.forms import Change, Field, Form, Section
    from workflows.forms.markup import Piece

Values = dict[str, Any]

DIFFERENCES: Mapping[str, Any] = {
    "percentage_points": _l("%(difference)s percentage points"),
    "points": _l("%(difference)s points"),
}
"""How a difference is said, by what it counts; a number's own has its share beside it."""


@dataclass(frozen=True)
class Earlier:
    """What the answers are set beside.

    Attributes:
        round: the answers of the round before; None in the first round.
        period: the approved answers of one period earlier; empty when there are none.
        hashes: SHA-256 of attached files by their keys, of both rounds.
    """

    round: Values | None
    period: Values
    hashes: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """One answered field, to be read.

    Attributes:
        name: the field's name.
        label: what was asked.
        headings: what stands above it on the form and not above an answer before it.
        text: the answer on one or more lines; empty for tables.
        as_of: ISO date at which a figure was true; may be empty.
        unit: unit of measure; may be empty.
        nothing: "nothing to report", with its reason as `text`.
        columns: for a table, the labels of its columns.
        column_names: for a table, name and label of its columns.
        rows: for a table, its cells.
        files: for attachments, the keys of the links.
        pieces: for text with marks, its paragraphs and lists.
        changed: whether it was otherwise in the round before.
        was: how it stood there; empty for tables and attachments.
        now: how it stands here, told apart from that.
        new_rows: for a table, which of its rows were not in the round before.
        lost_rows: for a table, the rows that were there and are gone.
        before: how it stood one period earlier; may be empty.
        difference: how far it moved since then, in words; may be empty.
        direction: `up`, `down` or nothing.
    """

    name: str
    label: str
    headings: tuple[str, ...] = ()
    text: str = ""
    as_of: str = ""
    unit: str = ""
    nothing: bool = False
    columns: tuple[str, ...] = ()
    column_names: tuple[tuple[str, str], ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    changed: bool = False
    was: str = ""
    now: str = ""
    new_rows: frozenset[int] = frozenset()
    lost_rows: tuple[tuple[str, ...], ...] = ()
    before: str = ""
    difference: str = ""
    direction: str = ""


def answers_of(
    form: Form, values: Values, earlier: Earlier, read: Collection[str]
) -> tuple[tuple[str, tuple[Answer, ...]], ...]:
    """The answers of a submission, to be read: title and answers of each section that has any.

    Args:
        form: what was asked.
        values: what was answered.
        earlier: the round and the period before. An answer that was taken back since then is shown as empty.
        read: the names of the fields that the reader may read.
    """
    known = {*values, *(earlier.round or {})}.intersection(read)
    sections = ((label(section.name), tuple(_answers(section, values, earlier, known))) for section in form.sections)
    return tuple((title, answers) for title, answers in sections if answers)


def _answers(section: Section, values: Values, earlier: Earlier, known: Collection[str]) -> Iterator[Answer]:
    headings: list[str] = []
    for block in section.blocks:
        if isinstance(block, Heading):
            headings.append(label(block.label))
        elif block.name in known:
            yield replace(_answer(block, values, earlier), headings=tuple(headings))
            headings = []


def parts_without(form: Form, fields: Collection[str]) -> list[str]:
    """The headings of the sections of a form that have none of these fields."""
    return [label(each.name) for each in form.sections if not any(field.name in fields for field in each.fields)]


def _answer(field: Field, values: Values, earlier: Earlier) -> Answer:
    value = values.get(field.name)
    said = {**_said(field, value), **_since_round(field, value, earlier), **_since_period(field, value, earlier)}
    return Answer(field.name, label(field.label), **said)


def _said(field: Field, value: Any) -> dict[str, Any]:
    """The answer itself."""
    if says_nothing(value):
        return {"nothing": True, "text": value["reason"]}
    if field.type == "table":
        named = tuple((column.name, label(column.label)) for column in field.columns)
        return {"columns": tuple(name for _, name in named), "column_names": named, "rows": _rows(field, value)}
    if field.type == "attachment":
        return {"files": tuple(value or ())}
    if field.type == "rich_text" and value is not None:
        return {"text": written(field, value), "pieces": pieces(value)}
    as_of = value.get("as_of", "") if isinstance(value, dict) else ""
    return {"text": written(field, value), "as_of": as_of, "unit": label(field.measure) if field.measure else ""}


def _since_round(field: Field, value: Any, earlier: Earlier) -> dict[str, Any]:
    """What is different from the round before."""
    if earlier.round is None:
        return {}
    was = earlier.round.get(field.name)
    if field.type == "attachment":
        return {"changed": _contents(was, earlier.hashes) != _contents(value, earlier.hashes)}
    if field.type == "table" and not says_nothing(was) and not says_nothing(value):
        before, after = _rows(field, was), _rows(field, value)
        new = frozenset(number for number, row in enumerate(after) if row not in before)
        lost = tuple(row for row in before if row not in after)
        return {"changed": before != after, "new_rows": new, "lost_rows": lost}
    if was == value:
        return {}
    return {"changed": True, **dict(zip(("was", "now"), _apart(field, was, value), strict=True))}


def _apart(field: Field, was: Any, value: Any) -> tuple[str, str]:
    """Two answers in words that differ: where their texts do not, by their dates."""
    before, after = written(field, was), written(field, value)
    if before == after:
        return _with_date(before, was), _with_date(after, value)
    return before or str(gettext("not answered")), after


def _with_date(text: str, value: Any) -> str:
    as_of = value.get("as_of") if isinstance(value, dict) else None
    return str(gettext("%(figure)s as of %(day)s", figure=text, day=format_date(as_of))) if as_of else text


def _contents(keys: Any, hashes: Mapping[str, str]) -> list[str]:
    return sorted(hashes.get(key, key) for key in keys or ())


def _since_period(field: Field, value: Any, earlier: Earlier) -> dict[str, Any]:
    """How a figure moved since the period before."""
    before = earlier.period.get(field.name)
    moved = change(field, before, value)
    if moved is None:
        return {}
    rises = moved.difference < 0 if moved.measure == "places" else moved.difference > 0
    direction = ("up" if rises else "down") if moved.difference else ""
    return {"before": written(field, before), "difference": difference_of(moved), "direction": direction}


def difference_of(moved: Change) -> str:
    """A difference in words and in the measure it is counted in: "+2,54 percentage points".

    Args:
        moved: as `workflows.forms.change` gives it.
    """
    if not moved.difference:
        return str(gettext("unchanged"))
    if moved.measure == "places":
        return _climbed(-int(moved.difference))
    shown = _signed(_number(moved.difference), positive=moved.difference > 0)
    if moved.measure == "number":
        share = _signed(_number(moved.percent), positive=moved.percent > 0) if moved.percent is not None else ""
        return f"{shown} ({share} %)" if share else shown
    return str(DIFFERENCES[moved.measure]) % {"difference": shown}


def _number(value: Decimal) -> str:
    """A difference as the figures beside it are written, whatever the reader's language."""
    return format_number(value, language=FIRST_LANGUAGE)


def _climbed(places: int) -> str:
    """A rank climbs when its number falls."""
    if places > 0:
        return str(ngettext("up %(num)s place", "up %(num)s places", places))
    return str(ngettext("down %(num)s place", "down %(num)s places", -places))


def _signed(number: str, *, positive: bool) -> str:
    return f"+{number}" if positive else number.replace("-", "−")


def _rows(field: Field, value: Any) -> tuple[tuple[str, ...], ...]:
    rows = () if value is None or says_nothing(value) else value
    return tuple(tuple(written(column, row.get(column.name)) for column in field.columns) for row in rows)


def written(field: Field, value: Any) -> str:
    """An answer as its reader sees it, what was chosen by its label.

    Args:
        field: what was asked.
        value: the answer; None for none.
    """
    if value is None:
        return ""
    if says_nothing(value):
        return str(gettext("Nothing to report: %(reason)s", reason=value["reason"]))
    return text_of(field, value, reader_language())
