"""Conditions as people put them together: rows of a fact, a comparison and a value, all or any of which must hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.definitions.wording import value_words
from portal.findings import definition_sentence
from workflows.forms.askable import can_be
from workflows.forms.leaves import Exact, Whole
from workflows.forms.notation import Unreadable
from workflows.guards import NUMBER as SPELLED_NUMBER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from portal.definitions.facts import KnownFact
    from workflows.errors import Finding

    Facts: TypeAlias = Mapping[str, KnownFact]

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

NO_VALUE = _l("The value is missing. Choose it, or type it in.")
VALUES = {"empty": 0, "given": 0, "between": 2}
"""How many values a comparison takes; `in` takes any number, the others one."""

MOST_ROWS = 20
SEPARATOR = ";"
"""Between several values that are typed into one input: figures have commas themselves."""

WORDS = {"true": True, "false": False}
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,39})")
IN_A_ROW = re.compile(rf"(?:(?:all|any)\[(?P<row>[0-9]{{1,4}})\]\.)?(?:not\.)?(?:{'|'.join(COMPARISONS)})(?:\[.*)?")
NOTHING_KNOWN: Facts = MappingProxyType({})


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        fact: the name of what is compared.
        comparison: a key of `COMPARISONS`.
        values: with what, as it is typed.
    """

    fact: str
    comparison: str
    values: tuple[str, ...] = ()


# -- conditions as rows ----------------------------------------------------------------------------------------


def rows_of(guard: Any, facts: Facts = NOTHING_KNOWN) -> tuple[str, list[Row]] | None:
    """A condition as rows; None where it is more than rows can say.

    Args:
        guard: as it stands in a body; nothing for none.
        facts: what it may ask for.

    Returns:
        `all` or `any`, and the rows.
    """
    if not guard:
        return "all", []
    join, parts = _joined(guard)
    rows = [_row(part, facts) for part in parts]
    known = [row for row in rows if row is not None]
    return (join, known) if len(known) == len(rows) <= MOST_ROWS else None


def place_of_row(place: str) -> str:
    """Where in a condition something is wrong, as people count rows; any other place as it is.

    Args:
        place: inside the condition, such as `all[1].eq[1]`.
    """
    found = IN_A_ROW.fullmatch(place)
    if found is None:
        return place
    return str(gettext("row %(number)s", number=int(found["row"]) + 1)) if found["row"] else ""


def said_of_row(place: str, finding: Finding) -> str:
    """What is wrong inside a condition or elsewhere: a row without a value is not called an empty text.

    Args:
        place: as in `place_of_row`.
        finding: what is wrong there.
    """
    no_value = finding.code == "blank" and IN_A_ROW.fullmatch(place)
    return str(NO_VALUE) if no_value else definition_sentence(finding)


def _joined(guard: Any) -> tuple[str, list[Any]]:
    if isinstance(guard, dict) and len(guard) == 1:
        join, parts = next(iter(guard.items()))
        if join in JOINS and isinstance(parts, list) and parts:
            return join, parts
    return "all", [guard]


def _row(guard: Any, facts: Facts) -> Row | None:
    found = _compared(guard)
    if found is None:
        return None
    fact, comparison, values = found
    texts = [typed_as(value, facts.get(fact)) for value in values]
    known = [text for text in texts if text is not None and not (comparison == "in" and SEPARATOR in text)]
    if len(known) < len(values) or (comparison != "in" and len(known) > VALUES.get(comparison, 1)):
        return None
    return Row(fact, comparison, tuple(known))


def _compared(guard: Any) -> tuple[str, str, list[Any]] | None:
    """The fact of one comparison, the comparison, and the values; None where it is none of a fact with values."""
    if not isinstance(guard, dict) or len(guard) != 1:
        return None
    op, inside = next(iter(guard.items()))
    if op == "not" and isinstance(inside, dict) and set(inside) == {"empty"}:
        op, inside = "given", inside["empty"]
    if op in ("empty", "given"):
        return (inside["fact"], op, []) if _is_fact(inside) else None
    if op not in COMPARISONS or not isinstance(inside, list) or not inside or not _is_fact(inside[0]):
        return None
    values = inside[1] if op == "in" and len(inside) == 2 and isinstance(inside[1], list) else inside[1:]  # noqa: PLR2004 - fact and list
    return inside[0]["fact"], op, values


def _is_fact(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"fact"} and isinstance(value["fact"], str)


def guard_of(join: str, rows: Sequence[Row], facts: Facts = NOTHING_KNOWN) -> Any:
    """The condition that rows say; None for no row.

    Args:
        join: `all` or `any`.
        rows: those without a fact are left out.
        facts: what it may ask for: each value is read as the fact would be.
    """
    guards = [_guard(row, facts.get(row.fact)) for row in rows if row.fact]
    if not guards:
        return None
    return guards[0] if len(guards) == 1 and join == "all" else {join if join in JOINS else "all": guards}


def _guard(row: Row, known: KnownFact | None) -> dict[str, Any]:
    fact = {"fact": row.fact}
    if row.comparison == "given":
        return {"not": {"empty": fact}}
    if row.comparison == "empty":
        return {"empty": fact}
    if row.comparison == "in":
        return {"in": [fact, [read_as(text, known) for text in _separated(row.values, known) if text]]}
    several = VALUES.get(row.comparison, 1)
    texts = [*row.values, *[""] * several][:several]
    return {row.comparison: [fact, *(read_as(text, known) for text in texts)]}


def _separated(texts: Iterable[str], known: KnownFact | None) -> list[str]:
    """Several values that were typed into one input; those that were chosen stand alone."""
    if known and known.answers:
        return list(texts)
    return [part.strip() for text in texts for part in text.split(SEPARATOR)]


# -- values as they are typed ----------------------------------------------------------------------------------


def read_as(text: str, known: KnownFact | None) -> Any:
    """What somebody types to compare a fact with, as it stands in a body; what cannot be read stays as it is.

    Args:
        text: as it was typed.
        known: the fact; of one that nobody knows only numbers, true and false can be told from texts.
    """
    if known is None:
        return WORDS.get(text, int(text) if NUMBER.fullmatch(text) else text)
    leaf = known.askable.leaf
    if isinstance(leaf, Whole):
        leaf = Exact(leaf.units)  # "more than 1,5" is a question about whole numbers, too
    try:
        value = leaf.read(text, None).value
    except Unreadable:  # also of a figure that is longer than any answer can be
        return int(text) if isinstance(leaf, Exact) and NUMBER.fullmatch(text) else text
    return int(str(value)) if isinstance(leaf, Exact) and str(value).lstrip("-").isdecimal() else value


def typed_as(value: Any, known: KnownFact | None) -> str | None:
    """What somebody would type to get a value; None where one line cannot say it."""
    if not isinstance(value, str | int):
        return None
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    if plain != plain.strip() or len(plain.splitlines()) > 1:
        return None
    if known is None:
        return plain if _is_same(read_as(plain, None), value) else None
    if not can_be(known.askable, value):
        return plain
    written = known.askable.leaf.write(value)
    return next((text for text in (written, plain) if _is_same(read_as(text, known), value)), None)


def _is_same(one: Any, other: Any) -> bool:
    numbers = [str(each) for each in (one, other) if not isinstance(each, bool)]
    if len(numbers) == 2 and all(map(SPELLED_NUMBER.fullmatch, numbers)):  # noqa: PLR2004 - both
        return Decimal(numbers[0]) == Decimal(numbers[1])
    return type(one) is type(other) and bool(one == other)


# -- conditions as sentences -----------------------------------------------------------------------------------


def sentence_of(guard: Any, facts: Facts) -> str:
    """A condition read back as people say it.

    Args:
        guard: as it stands in a body, however wrong.
        facts: what it may ask for.
    """
    if not isinstance(guard, dict) or len(guard) != 1:
        return "…"
    op, inside = next(iter(guard.items()))
    if op in JOINS and isinstance(inside, list):
        word = gettext("and") if op == "all" else gettext("or")
        return f" {word} ".join(_part(each, facts) for each in inside)
    found = _compared(guard)
    if found is not None:
        return _said(*found, facts)
    if op == "not":
        return str(gettext("not (%(condition)s)", condition=sentence_of(inside, facts)))
    return "…"


def _said(fact: str, comparison: str, values: Sequence[Any], facts: Facts) -> str:
    known = facts.get(fact)
    words = f"“{known.words if known else fact}” {COMPARISONS[comparison]}"
    said = [_value_said(each, known, facts) for each in values]
    if comparison == "between" and len(said) == VALUES["between"]:
        said = [str(gettext("%(low)s and %(high)s", low=said[0], high=said[1]))]
    return f"{words} {', '.join(said)}".strip()


def _value_said(value: Any, known: KnownFact | None, facts: Facts) -> str:
    """A value as people call it; another fact by its name."""
    if _is_fact(value):
        other = facts.get(value["fact"])
        return f"“{other.words if other else value['fact']}”"
    typed = typed_as(value, known)
    if known is None or typed is None:
        return value_words(value)
    return dict(known.answers).get(typed, typed)


def _part(guard: Any, facts: Facts) -> str:
    """One of several that are joined; in brackets where it joins others itself."""
    said = sentence_of(guard, facts)
    return f"({said})" if isinstance(guard, dict) and set(guard) & set(JOINS) else said
