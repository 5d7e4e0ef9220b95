"""The fixed phrases of a document, and the places in them that a submission fills in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workflows.forms.schema import FIELD_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLACEHOLDERS = frozenset({"period", "unit", "from", "to"})
PHRASES = ("subject", "urgency", "grounds", "opening", "closing", "secretary")
"""What of a wording a submission fills in, in the order in which it is printed."""

ANSWERS = "answers."
"""What stands before the name of a question in the place that its answer fills in."""

GAP = "…"
"""What is printed where nothing was answered: a phrase goes on behind it."""

_ANSWER = rf"{re.escape(ANSWERS)}{FIELD_NAME.pattern}"
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
