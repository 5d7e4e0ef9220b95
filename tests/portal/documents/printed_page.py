"""What stands where on a printed page, read back from a PDF in millimetres from the paper's upper left corner."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pdfminer.high_level import extract_pages
from pdfminer.layout import LAParams, LTChar, LTContainer, LTLine, LTRect, LTTextLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfminer.layout import LTComponent, LTPage

MM = 25.4 / 72
ALL_TEXTS = LAParams(all_texts=True)
"""Texts of what was put onto a page as a whole are read as well."""


@dataclass(frozen=True)
class Line:
    """A line of text: where it stands, and the faces (without the subset's prefix) and sizes in points it is set in."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float
    faces: frozenset[str]
    sizes: frozenset[float]
    colours: frozenset[tuple[float, ...]]

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Rule:
    """A horizontal rule."""

    page: int
    left: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left


@dataclass(frozen=True)
class Frame:
    """A box with a line around it; its colour in red, green and blue."""

    page: int
    left: float
    top: float
    width: float
    height: float
    colour: tuple[float, ...]


def read_lines(pdf: bytes) -> list[Line]:
    """All lines of text, page by page, from top to bottom."""
    found = [
        _line(number, page, item)
        for number, page in enumerate(extract_pages(io.BytesIO(pdf), laparams=ALL_TEXTS), start=1)
        for item in _parts(page)
        if isinstance(item, LTTextLine)
    ]
    return sorted(found, key=lambda line: (line.page, round(line.top), line.left))


def read_rules(pdf: bytes) -> list[Rule]:
    """All horizontal strokes, filled or drawn."""
    return [
        Rule(number, item.x0 * MM, item.x1 * MM, (page.height - item.y1) * MM)
        for number, page in enumerate(extract_pages(io.BytesIO(pdf)), start=1)
        for item in _parts(page)
        if isinstance(item, LTRect | LTLine) and item.width > 10 * item.height
    ]


def read_frames(pdf: bytes) -> list[Frame]:
    """All drawn boxes, each by its outer edge."""
    return [
        Frame(
            number,
            item.x0 * MM,
            (page.height - item.y1) * MM,
            item.width * MM,
            item.height * MM,
            _colour(item.non_stroking_color),
        )
        for number, page in enumerate(extract_pages(io.BytesIO(pdf)), start=1)
        for item in _parts(page)
        if isinstance(item, LTRect) and item.width * MM > 5 and item.height * MM > 5
    ]


def read_paper(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page."""
    return [(round(page.width * MM), round(page.height * MM)) for page in extract_pages(io.BytesIO(pdf))]


def _colour(said: object) -> tuple[float, ...]:
    return tuple(said) if isinstance(said, list | tuple) else (float(said or 0),) * 3  # type: ignore[arg-type]


def _parts(item: LTComponent) -> Iterator[LTComponent]:
    if isinstance(item, LTTextLine) or not isinstance(item, LTContainer):
        yield item
        return
    for part in item:
        yield from _parts(part)


def _line(number: int, page: LTPage, item: LTTextLine) -> Line:
    letters = [letter for letter in item if isinstance(letter, LTChar) and letter.get_text().strip()]
    return Line(
        page=number,
        text=item.get_text().strip(),
        left=item.x0 * MM,
        top=(page.height - item.y1) * MM,
        right=max((letter.x1 for letter in letters), default=item.x1) * MM,
        bottom=(page.height - item.y0) * MM,
        faces=frozenset(letter.fontname.split("+")[-1] for letter in letters),
        sizes=frozenset(round(letter.size, 1) for letter in letters),
        colours=frozenset(_colour(letter.graphicstate.ncolor) for letter in letters),
    )
