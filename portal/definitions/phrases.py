"""The fixed phrases of a document, and the places in them that a submission fills in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workflows.forms.schema import FIELD_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

PLACEHOLDERS = frozenset({"period", "unit", "from", "to"})
PHRASES = ("subject", "urgency", "grounds", "opening", "closing", "secretary")
"""What of a wording a submission fills in, in the order in which it is printed."""

ANSWERS = "answers."
"""What stands before the name of a question in the place that its answer fills in."""

GAP = "…"
"""What is printed where nothing was answered: a phrase goes on behind it."""

_ANSWER = rf"{re.escape(ANSWERS)}{FIELD_NAME.pattern}"
_ROWS = re.compile(rf"\{{rows:({FIELD_NAME.pattern})\.({FIELD_NAME.pattern})\}}")
ROWS = "{rows:"
"""How an addressee begins that is no name: the cells of a column of a table of the form are the addressees."""

_PLACE = re.compile(rf"\{{({'|'.join(sorted(PLACEHOLDERS))}|{_ANSWER})\}}")
_BRACED = re.compile(r"\{([^{}]*)\}")


def phrases_of(wording: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The phrases of a template in which places are filled in: where each stands in its wording, and itself.

    Args:
        wording: of a sound template.
    """
    for key in PHRASES:
        said = wording.get(key, "")
        if isinstance(said, str):
            yield key, said
        else:
            yield from ((f"{key}[{number}]", text) for number, text in enumerate(said))


def filled(phrase: str, filling: Mapping[str, str]) -> str:
    """A phrase with words in its places; every other brace is a brace, so no phrase can fail.

    Args:
        phrase: of a template.
        filling: the words for each of `PLACEHOLDERS`, and for each answer by `ANSWERS` and its name; where there is
            none, a gap is left.
    """
    return _PLACE.sub(lambda place: filling.get(place[1]) or GAP, phrase)


def answers_in(phrase: str) -> list[str]:
    """The names of the questions whose answers a phrase says, in its order.

    Args:
        phrase: of a template.
    """
    return [name.removeprefix(ANSWERS) for name in _PLACE.findall(phrase) if name.startswith(ANSWERS)]


def strange(phrase: str) -> Iterator[str]:
    """What stands in braces and is no place to fill in; a brace that stands alone is given as it is.

    Args:
        phrase: as it was written.
    """
    rest = _PLACE.sub("", phrase)
    yield from sorted(set(_BRACED.findall(rest)))
    yield from sorted(set(_BRACED.sub("", rest)) & {"{", "}"})


def rows_in(addressee: str) -> tuple[str, str] | None:
    """The table and the column whose rows are the addressees; None where it is a name.

    Args:
        addressee: a line of a template, as in `{rows:late.unit}`.
    """
    found = _ROWS.fullmatch(addressee)
    return (found[1], found[2]) if found else None


def addressees_of(wording: Mapping[str, Any], cells: Callable[[str, str], Sequence[str]]) -> tuple[str, ...]:
    """To whom a document goes: names of its template, and those that stand in a table; each once.

    More names than the template wants on lines of their own are said together (Decree 30/2020, appendix I.II.9.a).

    Args:
        wording: of a sound template.
        cells: the texts of a column of a table, without those that are empty.
    """
    found: list[str] = []
    for line in wording["addressees"]:
        place = rows_in(line)
        names = cells(*place) if place else [line]
        together = wording.get("together") if place else None
        found += [together["say"]] if together and len(names) > together["over"] else names
    return tuple(dict.fromkeys(found))
