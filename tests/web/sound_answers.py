"""Answers that a form takes, one to each question, made from its definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.forms import write_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.forms import Field, Form
    from workflows.periods import Window

WORDS = "Nội dung theo kế hoạch"
LATER = "31/12/2030"
SHAPED = {
    "0[0-9]{9}": "0912345678",
    "19[4-9][0-9]|200[0-9]|2010": "1990",
    r"[0-9]{1,6}(/[0-9]{4})?/\p{Lu}[\p{L}0-9]*(-\p{Lu}[\p{L}0-9]*)*": "2433/KH-UBND",
}
"""A text for each pattern in the gallery."""

FIGURES = ("integer", "decimal", "money")


def typed_into(form: Form, window: Window) -> dict[str, str]:
    """Text by input name: every number is the least above zero, so that parts never exceed wholes.

    Args:
        form: any, as far as its own rules let ones through.
        window: of the report; dates lie at its end.
    """
    return {name: text for field in form.fields.values() for name, text in _inputs(form, field, field.name, window)}


def _inputs(form: Form, field: Field, path: str, window: Window) -> Iterator[tuple[str, str]]:
    for part, text in _parts(form, field, window).items():
        yield f"{path}.{part}" if part else path, text
    if field.as_of:
        yield f"{path}.as_of", _day(window.end)
    for column in field.columns:
        yield from _inputs(form, column, f"{path}.0.{column.name}", window)


def _parts(form: Form, field: Field, window: Window) -> dict[str, str]:
    """The inputs of a field by part; a table has columns, nobody types what is computed, and no file is needed."""
    first, last = _day(window.start), _day(window.end)
    by_type = {
        "text": {"": SHAPED[field.pattern.matches] if field.pattern else WORDS},
        "long_text": {"": WORDS},
        "date": {"": LATER if field.expected == "future" else last},
        "date_range": {"from": first, "to": last},
        "choice": {"": next((choice.key for choice in field.choices), "")},
        "choices": {choice.key: "yes" for choice in field.choices[: field.least or 1]},
        "yes_no": {"": "yes"},
        "ratio": {"numerator": "1", "denominator": "1"},
        "score": {"value": "1"},
        "rank": {"rank": "1", "total": "63"},
    }
    if field.type in FIGURES:
        return {"value" if field.as_of or field.approximate else "": str(_number(form, field))}
    return by_type.get(field.type, {})


def _number(form: Form, field: Field) -> int:
    if field.sum_of:
        return sum(_number(form, form.fields[name]) for name in field.sum_of)
    return max(1, int(field.min or 1))


def _day(day: object) -> str:
    return write_date(str(day))
