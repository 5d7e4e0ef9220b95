"""What an indicator may be: its key, its kind, which way is better, how the figure of the province comes about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_KEY: Final = 41
"""How many characters a key has at most."""

KEY = re.compile(r"[a-z][a-z0-9-]{0,40}")
"""What a key looks like; forms name their indicators by it."""

KINDS: Final = ("number", "ratio", "score", "rank")
"""A count or an amount, a numerator over a denominator, points of an index, a place among others."""

DIRECTIONS: Final = ("up", "down", "neither")
"""The more the better, the less the better, neither."""

AGGREGATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("sum", "last", "none"),
    "ratio": ("ratio_of_sums", "none"),
    "score": ("none",),
    "rank": ("none",),
}
"""Kind → how the province's figure may come from those of its units.

An average is not among them: units of different sizes weigh differently, so a mean of percentages is no percentage of
anything. A ratio of the province is the sum of the numerators over the sum of the denominators. Points and places are
given by whoever keeps the index; nothing of the units adds up to them.
"""

EVERY_AGGREGATION: Final = tuple(dict.fromkeys(way for ways in AGGREGATIONS.values() for way in ways))
"""Each way once, in the order in which kinds name them."""


def require_sound(key: str, kind: str, direction: str, aggregation: str) -> None:
    """See to it that an indicator can be what it says.

    Args:
        key: by which forms name it.
        kind: one of `KINDS`.
        direction: one of `DIRECTIONS`.
        aggregation: one of those that `AGGREGATIONS` has for the kind.

    Raises:
        Refusal: `bad_indicator_key`; `bad_indicator_kind`; `bad_direction`; `unfit_aggregation`, figures of this kind
            cannot be put together in this way.
    """
    if not KEY.fullmatch(key):
        raise Refusal("bad_indicator_key")
    if kind not in KINDS:
        raise Refusal("bad_indicator_kind", {"kinds": ", ".join(KINDS)})
    if direction not in DIRECTIONS:
        raise Refusal("bad_direction", {"directions": ", ".join(DIRECTIONS)})
    if aggregation not in AGGREGATIONS[kind]:
        raise Refusal("unfit_aggregation", {"indicator_kind": kind, "aggregations": AGGREGATIONS[kind]})
