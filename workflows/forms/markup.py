"""Text with a few marks: a blank line begins a paragraph, "- " an item of a list, ** is bold and _ is italic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

BOLD: Final = "**"
ITALIC: Final = "_"
ITEM: Final = "- "

_MARK = re.compile(r"\*\*|_")


class Run(NamedTuple):
    """Words that look the same."""

    text: str
    bold: bool = False
    italic: bool = False


class Piece(NamedTuple):
    """A paragraph or a list.

    Attributes:
        is_list: Whether it is a list.
        lines: The runs of the paragraph, which is one, or of each item.
    """

    is_list: bool
    lines: tuple[tuple[Run, ...], ...]


def pieces(text: str) -> tuple[Piece, ...]:
    """The paragraphs and lists of a text, in time that grows no faster than the text.

    A mark without its other one stays a letter: ``5 ** 3``, ``so_lieu``.

    Args:
        text: As it was typed.
    """
    found: list[Piece] = []
    for is_item, words in _lines(text):
        line = _runs(words)
        if is_item and found and found[-1].is_list:
            found[-1] = Piece(is_list=True, lines=(*found[-1].lines, line))
        else:
            found.append(Piece(is_item, (line,)))
    return tuple(found)


def plain(text: str) -> str:
    """A text without its marks, a line for each paragraph and each item."""
    return "\n".join(line for line, _ in lines_of(text))


def lines_of(text: str) -> Iterator[tuple[str, tuple[Run, ...]]]:
    """Each paragraph and each item, as an official letter has them: without marks, and in runs."""
    for is_item, words in _lines(text):
        runs = (*((Run(ITEM),) if is_item else ()), *_runs(words))
        yield "".join(run.text for run in runs), runs


def _lines(text: str) -> Iterator[tuple[bool, str]]:
    """Paragraphs and items, each on one line, and which of them are items."""
    held: list[str] = []
    is_item = False
    for typed in text.split("\n"):
        words = typed.strip()
        if held and (not words or words.startswith(ITEM)):
            yield is_item, " ".join(held)
            held, is_item = [], False
        if words.startswith(ITEM):
            is_item, words = True, words.removeprefix(ITEM).lstrip()
        if words:
            held.append(words)
    if held:
        yield is_item, " ".join(held)


def _runs(words: str) -> tuple[Run, ...]:
    paired = _paired(words)
    runs: list[Run] = []
    on = {BOLD: False, ITALIC: False}
    at = 0
    for match in _MARK.finditer(words):
        if match.start() in paired:
            runs.append(Run(words[at : match.start()], on[BOLD], on[ITALIC]))
            on[match[0]] = not on[match[0]]
            at = match.end()
    runs.append(Run(words[at:], on[BOLD], on[ITALIC]))
    return tuple(run for run in runs if run.text)


def _paired(words: str) -> frozenset[int]:
    """Where the marks stand that have another one."""
    opened: dict[str, int] = {}
    paired: set[int] = set()
    for match in _MARK.finditer(words):
        mark, start, end = match[0], match.start(), match.end()
        before, after = words[max(start - 1, 0) : start], words[end : end + 1]
        if mark in opened and _closes(mark, before, after):
            paired |= {opened.pop(mark), start}
        elif _opens(mark, before, after):
            opened[mark] = start
    return frozenset(paired)


def _opens(mark: str, before: str, after: str) -> bool:
    return bool(after.strip()) and after not in mark and not (mark == ITALIC and before.isalnum())


def _closes(mark: str, before: str, after: str) -> bool:
    return bool(before.strip()) and not (mark == ITALIC and after.isalnum())
