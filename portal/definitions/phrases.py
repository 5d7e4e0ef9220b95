"""The fixed phrases of a document, and the places in them that a submission fills in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PLACEHOLDERS = frozenset({"period", "unit", "from", "to"})

_PLACE = re.compile(rf"\{{({'|'.join(sorted(PLACEHOLDERS))})\}}")
_BRACED = re.compile(r"\{([^{}]*)\}")


def filled(phrase: str, filling: Mapping[str, str]) -> str:
    """A phrase with words in its places; every other brace is a brace, so no phrase can fail.

    Args:
        phrase: of a template.
        filling: the words for each of `PLACEHOLDERS`.
    """
    return _PLACE.sub(lambda place: filling[place[1]], phrase)


def strange(phrase: str) -> Iterator[str]:
    """What stands in braces and is no place to fill in; a brace that stands alone is given as it is.

    Args:
        phrase: as it was written.
    """
    rest = _PLACE.sub("", phrase)
    yield from sorted(set(_BRACED.findall(rest)))
    yield from sorted(set(_BRACED.sub("", rest)) & {"{", "}"})
