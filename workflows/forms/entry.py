"""From inputs to values and back: tolerant in what is typed, strict in what is stored, and nothing gets lost."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from workflows.errors import Finding
from workflows.forms.fieldtypes import TYPES
from workflows.forms.leaves import Words, YesNo
from workflows.forms.notation import Unreadable
from workflows.forms.schema import Field, Form, Reading, Values
from workflows.forms.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.periods import Window

REASON = Words(lines=True)
"""How the reason for having nothing to report is read."""


def read(form: Form, raw: Mapping[str, str], period: Window | None = None) -> Reading:
    """Read what was typed into a form.

    Args:
        form: The form.
        raw: Text by input name: ``f`` or ``f.part``, in tables ``f.0.column`` or ``f.0.column.part``, and
            ``f.nothing`` with ``f.reason``. Names that the form does not know are ignored.
        period: The reporting window, which lends its year to dates typed without one.
    """
    typed: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for name, text in raw.items():
        typed[name.partition(".")[0]][name] = text
    sheets = {field.name: Sheet(typed[field.name], period) for field in form.fields.values()}
    answers = {name: _answer(form.fields[name], sheet) for name, sheet in sheets.items()}
    return Reading(
        values={name: answer for name, answer in answers.items() if answer is not None},
        unread={name: text for sheet in sheets.values() for name, text in sheet.unread.items()},
        findings=tuple(finding for sheet in sheets.values() for finding in sheet.findings),
    )


def _answer(field: Field, sheet: Sheet) -> object | None:
    answer = TYPES[field.type].read(field, field.name, sheet)
    if not field.nothing_to_report:
        return answer
    nothing = sheet.read(YesNo(), f"{field.name}.nothing")
    reason = sheet.read(REASON, f"{field.name}.reason")
    if nothing:
        _set_aside(field, answer, sheet)
        return {"nothing": True, "reason": reason or ""}
    if reason:
        sheet.leave(f"{field.name}.reason", str(reason), Unreadable("reason_without_nothing"))
    return answer


def _set_aside(field: Field, answer: object | None, sheet: Sheet) -> None:
    """Keep what was filled in although there is said to be nothing; only its author knows which is right."""
    if answer is not None:
        sheet.unread.update(TYPES[field.type].write(field, answer, field.name))
        sheet.findings.append(Finding(field.name, "nothing_yet_filled"))


def write(form: Form, values: Values, unread: Mapping[str, str] | None = None) -> dict[str, str]:
    """What the inputs show: values in Vietnamese notation, and over them the texts that could not be read."""
    shown: dict[str, str] = {}
    for name, value in values.items():
        if field := form.fields.get(name):
            shown.update(_inputs(field, value))
    return {**shown, **(unread or {})}


def _inputs(field: Field, value: object) -> Iterator[tuple[str, str]]:
    if says_nothing(field, value):
        yield f"{field.name}.nothing", "yes"
        yield f"{field.name}.reason", reason_in(value)
    elif TYPES[field.type].is_sound(field, value):
        yield from TYPES[field.type].write(field, value, field.name)


def says_nothing(field: Field, value: object) -> bool:
    """Whether a stored answer is "nothing to report", where the field allows it."""
    if not field.nothing_to_report or not isinstance(value, dict) or value.keys() != {"nothing", "reason"}:
        return False
    return value["nothing"] is True and (value["reason"] == "" or REASON.is_sound(value["reason"]))


def reason_in(value: object) -> str:
    """The reason in an answer for which ``says_nothing`` holds; empty while none is given."""
    return str(value["reason"]) if isinstance(value, dict) else ""


def text_of(field: Field, value: object, language: str = "vi") -> str:
    """A stored answer on one line in Vietnamese notation, such as ``60,74/100``; empty for tables.

    Args:
        field: What was asked.
        value: What is stored.
        language: Of the labels of what was chosen, ``vi`` or ``en``.
    """
    kind = TYPES[field.type]
    return kind.text(field, value, language) if kind.is_sound(field, value) else ""
