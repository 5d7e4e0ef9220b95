"""The order of points and clauses (Decree 30/2020/NĐ-CP, appendix I, part I, II.6.c): a) b) c) d) đ) e), 1. 2. 3."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workflows.forms.style.texts import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.forms.style.texts import Text

POINT: Final = "point_numbering"
CLAUSE: Final = "clause_numbering"

LETTERS: Final = "abcdđeghiklmnopqrstuvxy"
"""The letters of points in order: those of the Vietnamese alphabet without a sign on a vowel."""

MOST_LEVELS: Final = 4
"""How many lists inside each other are told apart."""

_POINT = re.compile(
    r"(?:^[ \t]{0,20}|[;:.][ \t]{1,3})(?P<letter>[a-zđ]{1,4})\)(?=[ \t]{1,3}[^\W\d_](?!\)))", re.MULTILINE
)
_CLAUSE = re.compile(r"^[ \t]{0,20}(?P<number>\d{1,2})\.[ \t]{1,3}(?=[^\W\d_])", re.MULTILINE)
_CITED = re.compile(r"[ \t]{1,3}khoản[ \t]")


class Points:
    """Points of lists, through all texts of a document: a list may begin in one answer and go on in the next."""

    def __init__(self) -> None:
        self._last = ""

    def notes(self, text: Text) -> Iterator[Note]:
        """The first point of each list that is out of order.

        Args:
            text: What to look at.
        """
        found = [each for each in _POINT.finditer(text.plain) if not _CITED.match(text.plain, each.end())]
        if any(len(each["letter"]) > 1 for each in found):  # i) ii) iii) count in Roman numerals
            return
        for items in _lists(found):
            yield from self._note(text, items)
            self._last = items[-1]["letter"]

    def _note(self, text: Text, items: list[re.Match[str]]) -> Iterator[Note]:
        letters = [item["letter"] for item in items]
        begun = LETTERS.index(letters[0]) if letters[0] in _next(self._last) else 0
        wrong = next((at for at, letter in enumerate(letters) if letter != LETTERS[begun + at : begun + at + 1]), None)
        if len(letters) > 1 and wrong is not None and begun + wrong < len(LETTERS):
            start, end = items[wrong].span("letter")
            yield Note(text.place, POINT, start, end + 1, f"{letters[wrong]})", f"{LETTERS[begun + wrong]})")


def _next(letter: str) -> str:
    """The letter that comes after one; nothing after the last, nor after what is none."""
    _, _, rest = LETTERS.partition(letter) if letter else ("", "", "")
    return rest[:1]


def _lists(found: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """The lists that points make: each a) begins a new one."""
    items: list[re.Match[str]] = []
    for each in found:
        if each["letter"] == "a" and items:
            yield items
            items = []
        items.append(each)
    if items:
        yield items


def clauses(text: Text) -> Iterator[Note]:
    """Clauses that do not follow each other; each 1. begins anew, also inside of another.

    What a list begins with is not judged, for it may go on from somewhere else.

    Args:
        text: What to look at.
    """
    open_lists: list[int] = []
    for match in _CLAUSE.finditer(text.plain):
        number = int(match["number"])
        level = next((at for at in reversed(range(len(open_lists))) if open_lists[at] == number - 1), None)
        if number == 1 or not open_lists:
            open_lists = [*open_lists[-MOST_LEVELS:], number]
        elif level is not None:
            open_lists[level:] = [number]
        else:
            wanted = f"{open_lists[-1] + 1}."
            yield Note(text.place, CLAUSE, match.start("number"), match.end("number") + 1, f"{number}.", wanted)
            open_lists[-1] = number
