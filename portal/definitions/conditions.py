"""Conditions as people put them together: rows of a fact, a comparison and a value, all or any of which must hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COMPARISONS: dict[str, Any] = {
    "eq": _l("is"),
    "ne": _l("is not"),
    "ge": _l("is at least"),
    "gt": _l("is more than"),
    "le": _l("is at most"),
    "lt": _l("is less than"),
    "in": _l("is one of"),
    "between": _l("is between"),
    "empty": _l("is not answered"),
    "given": _l("is answered"),
}
"""What a row may say; `given` is the opposite of `empty`."""

JOINS: dict[str, Any] = {"all": _l("all of these hold"), "any": _l("any of these holds")}

MOST_ROWS = 20
WORDS = {"true": True, "false": False}
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,39})")


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        fact: the name of what is compared.
        comparison: a key of `COMPARISONS`.
        value: with what, as it is typed; several with commas between.
    """

    fact: str
    comparison: str
    value: str


def rows_of(guard: Any) -> tuple[str, list[Row]] | None:
    """A condition as rows; None where it is more than rows can say.

    Args:
        guard: as it stands in a body; nothing for none.

    Returns:
        `all` or `any`, and the rows.
    """
    if not guard:
        return "all", []
    join, parts = _joined(guard)
    rows = [_row(part) for part in parts]
    known = [row for row in rows if row is not None]
    return (join, known) if len(known) == len(rows) <= MOST_ROWS else None


def _joined(guard: Any) -> tuple[str, list[Any]]:
    if isinstance(guard, dict) and len(guard) == 1:
        join, parts = next(iter(guard.items()))
        if join in JOINS and isinstance(parts, list) and parts:
            return join, parts
    return "all", [guard]


def _row(guard: Any) -> Row | None:
    if not isinstance(guard, dict) or len(guard) != 1:
        return None
    op, inside = next(iter(guard.items()))
    if op == "not" and isinstance(inside, dict) and set(inside) == {"empty"}:
        op, inside = "given", inside["empty"]
    if op in ("empty", "given"):
        return Row(inside["fact"], op, "") if _is_fact(inside) else None
    if op not in COMPARISONS or not isinstance(inside, list) or not inside or not _is_fact(inside[0]):
        return None
    values = inside[1] if op == "in" and len(inside) == 2 and isinstance(inside[1], list) else inside[1:]  # noqa: PLR2004 - fact and list
    texts = [_text(value) for value in values]
    if None in texts or any("," in str(text) for text in texts):
        return None
    return Row(inside[0]["fact"], op, ", ".join(map(str, texts)))


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"fact"} and isinstance(value["fact"], str)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else None


def guard_of(join: str, rows: Sequence[Row]) -> Any:
    """The condition that rows say; None for no row.

    Args:
        join: `all` or `any`.
        rows: those without a fact are left out.
    """
    guards = [_guard(row) for row in rows if row.fact]
    if not guards:
        return None
    return guards[0] if len(guards) == 1 and join == "all" else {join if join in JOINS else "all": guards}


def _guard(row: Row) -> dict[str, Any]:
    fact = {"fact": row.fact}
    values = [_value(text.strip()) for text in row.value.split(",")]
    if row.comparison == "given":
        return {"not": {"empty": fact}}
    if row.comparison == "empty":
        return {"empty": fact}
    if row.comparison == "in":
        return {"in": [fact, values]}
    if row.comparison == "between":
        return {"between": [fact, *values]}
    return {row.comparison: [fact, _value(row.value.strip())]}


def _value(text: str) -> Any:
    """A number, yes or no, or the text itself."""
    if text in WORDS:
        return WORDS[text]
    return int(text) if NUMBER.fullmatch(text) else text


def sentence_of(guard: Any, names: Mapping[str, str]) -> str:
    """A condition read back as people say it.

    Args:
        guard: as it stands in a body, however wrong.
        names: what facts are called, by their names.
    """
    if not isinstance(guard, dict) or len(guard) != 1:
        return "…"
    op, inside = next(iter(guard.items()))
    if op in JOINS and isinstance(inside, list):
        word = gettext("and") if op == "all" else gettext("or")
        return f" {word} ".join(_part(each, names) for each in inside)
    row = _row(guard)
    if row is not None:
        words = f"“{names.get(row.fact, row.fact)}” {COMPARISONS[row.comparison]}"
        return f"{words} {row.value}".strip()
    if op == "not":
        return str(gettext("not (%(condition)s)", condition=sentence_of(inside, names)))
    return "…"


def _part(guard: Any, names: Mapping[str, str]) -> str:
    """One of several that are joined; in brackets where it joins others itself."""
    said = sentence_of(guard, names)
    return f"({said})" if isinstance(guard, dict) and set(guard) & set(JOINS) else said
