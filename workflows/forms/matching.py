"""Texts that match a pattern, made by chance from the plainest part of the syntax of RE2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

DIGITS: Final = "0123456789"
CAPITALS: Final = "ABCDEGHIKLMNOPQRSTUVXYĐ"
SMALL: Final = "abcdeghiklmnopqrstuvxyđ"
SETS: Final = {
    "d": DIGITS,
    "w": "abcdeghiklmnopqrstuvxy0123456789",
    "pN": DIGITS,
    "p{Nd}": DIGITS,
    "pL": SMALL,
    "p{L}": SMALL,
    "p{Lu}": CAPITALS,
    "p{Ll}": SMALL,
}
"""Some of the letters that a class with a name stands for."""

MORE: Final = 4
"""How many times more than it must an open-ended piece stands there at most."""

LONGEST: Final = 1_000
"""Characters that a text may have; a pattern that can ask for more is not followed."""

_ESCAPE = re.compile(r"\\(p\{[A-Z][a-z]?\}|p[LN]|.)")
_REPEATED = re.compile(r"(?:([?*+])|\{([0-9]{1,4})(,)?([0-9]{1,4})?\})\??")
_PUNCTUATION: Final = frozenset("/-_,:;@#&%!=<>~'\"")
_SPECIAL: Final = frozenset("\\^$.|?*+()[]{}")


class _TooHardError(Exception):
    """There is something in a pattern that is not followed here."""


class _Piece(NamedTuple):
    """A part of a pattern: what makes a text for it, and how long that can get."""

    make: Callable[[Random], str]
    longest: int


def matching(pattern: str, dice: Random) -> str | None:
    """A text that matches a pattern as a whole; None where the pattern asks for more than is followed here.

    Args:
        pattern: Letters, classes, groups, alternatives and repetitions in the syntax of RE2.
        dice: Where chance comes from.
    """
    try:
        return _Pattern(pattern.removeprefix("^").removesuffix("$")).whole().make(dice)
    except _TooHardError:
        return None


class _Pattern:
    """A pattern that is read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def whole(self) -> _Piece:
        piece = self._alternatives()
        if self._ahead:
            raise _TooHardError
        return piece

    @property
    def _ahead(self) -> str:
        return self.text[self.at : self.at + 1]

    def _take(self, shape: re.Pattern[str]) -> re.Match[str] | None:
        match = shape.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match

    def _alternatives(self) -> _Piece:
        pieces = [self._sequence()]
        while self._ahead == "|":
            self.at += 1
            pieces.append(self._sequence())
        return _Piece(lambda dice: dice.choice(pieces).make(dice), max(piece.longest for piece in pieces))

    def _sequence(self) -> _Piece:
        pieces: list[_Piece] = []
        while self._ahead and self._ahead not in "|)":
            pieces.append(self._repeated(self._atom()))
        return _Piece(lambda dice: "".join(piece.make(dice) for piece in pieces), _length(pieces))

    def _repeated(self, piece: _Piece) -> _Piece:
        match = self._take(_REPEATED)
        if match is None:
            return piece
        fewest, most = _times(match)
        longest = _length([piece] * min(most, LONGEST + 1))
        if most < fewest:
            raise _TooHardError
        return _Piece(lambda dice: "".join(piece.make(dice) for _ in range(dice.randint(fewest, most))), longest)

    def _atom(self) -> _Piece:
        first = self._ahead
        if first == "(":
            return self._group()
        if first == "[":
            return self._class()
        if first == "\\":
            return _one_of(self._escaped())
        if first in _SPECIAL - {"."}:
            raise _TooHardError
        self.at += 1
        return _one_of(SMALL if first == "." else first)

    def _group(self) -> _Piece:
        self.at += 3 if self.text.startswith("(?:", self.at) else 1
        piece = self._alternatives()
        if self._ahead != ")":
            raise _TooHardError
        self.at += 1
        return piece

    def _class(self) -> _Piece:
        self.at += 1
        if self._ahead in ("^", "]"):
            raise _TooHardError
        letters = ""
        while self._ahead != "]":
            letters += self._range()
        self.at += 1
        return _one_of(letters)

    def _range(self) -> str:
        first = self._letters()
        if self._ahead != "-" or self.text[self.at + 1 : self.at + 2] == "]":
            return first
        self.at += 1
        last = self._letters()
        if len(first) != 1 or len(last) != 1 or not ord(first) <= ord(last) < ord(first) + LONGEST:
            raise _TooHardError
        return "".join(map(chr, range(ord(first), ord(last) + 1)))

    def _letters(self) -> str:
        """One letter of a class, or all those that a name stands for."""
        if self._ahead == "\\":
            return self._escaped()
        if self._ahead in ("", "["):
            raise _TooHardError
        self.at += 1
        return self.text[self.at - 1]

    def _escaped(self) -> str:
        match = self._take(_ESCAPE)
        named = match[1] if match else ""
        if named not in SETS and named not in _SPECIAL | _PUNCTUATION:
            raise _TooHardError
        return SETS.get(named, named)


def _one_of(letters: str) -> _Piece:
    return _Piece(lambda dice: dice.choice(letters), 1)


def _length(pieces: Iterable[_Piece]) -> int:
    longest = sum(piece.longest for piece in pieces)
    if longest > LONGEST:
        raise _TooHardError
    return longest


def _times(match: re.Match[str]) -> tuple[int, int]:
    """How often at least, and how often at most."""
    sign, fewest, comma, most = match.groups()
    if sign:
        least = int(sign == "+")
        return least, 1 if sign == "?" else least + MORE
    least = int(fewest)
    return least, int(most) if most else least + (MORE if comma else 0)
