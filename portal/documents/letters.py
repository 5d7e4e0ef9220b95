"""Which letters the vendored face can print; an official document must not show a box where a letter should stand."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

FONT_FOLDER = Path(__file__).resolve().parents[1] / "static" / "fonts" / "tinos"
FACE = "Tinos-Regular.ttf"
UNPRINTED = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""Categories of characters that leave no ink."""


@cache
def _known() -> frozenset[int]:
    with TTFont(FONT_FOLDER / FACE, lazy=True) as face:
        return frozenset(face.getBestCmap())


def missing_letters(text: str) -> tuple[str, ...]:
    """The letters of a text that cannot be printed, each once, sorted."""
    return tuple(sorted(each for each in set(text) if ord(each) not in _known() and _is_printed(each)))


def _is_printed(letter: str) -> bool:
    return unicodedata.category(letter) not in UNPRINTED
