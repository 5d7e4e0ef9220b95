"""Where signatures go on the pages that the layout engine has laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.documents.job import SIGNED_PLACES, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

POINTS = 0.75
"""Of a pixel of style sheets, of which 96 make an inch."""

DIGITS = 2
"""Decimals of a point: the four-hundredth part of a line's width is more than a stamp needs."""


def places_on(pages: Sequence[Any]) -> tuple[Place, ...]:
    """Returns the room of each signature: the first element with an id of `SIGNED_PLACES`, in the order of the pages.

    Args:
        pages: as WeasyPrint has laid them out; it measures from the upper left corner.
    """
    found: dict[str, Place] = {}
    for place in _marked(pages):
        found.setdefault(place.name, place)
    return tuple(found.values())


def _marked(pages: Sequence[Any]) -> Iterator[Place]:
    for number, page in enumerate(pages, start=1):
        for name in SIGNED_PLACES:
            if name in page.anchors:
                left, top, right, bottom = page.anchors[name]
                measures = (left, page.height - bottom, right - left, bottom - top)
                yield Place(name, number, *(round(each * POINTS, DIGITS) for each in measures))
