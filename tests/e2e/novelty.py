"""Which pages axe has still to look at: those with a part that it has not met at that width."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from playwright.sync_api import Page

PARTS = (Path(__file__).parent / "parts.js").read_text(encoding="utf-8")


def parts_of(page: Page) -> list[str]:
    """What a page is made of, as far as a rule of axe could tell: each element where it stands and how it looks."""
    parts: list[str] = page.evaluate(PARTS)
    return parts


class Novelty:
    """Remembers the parts of every page that was looked at, width by width."""

    def __init__(self) -> None:
        self._met: dict[int, set[str]] = {}

    def is_new(self, width: int, parts: Iterable[str]) -> bool:
        """Whether a page has a part that no page of this width had; from now on it is known."""
        met, here = self._met.setdefault(width, set()), set(parts)
        unmet = here - met
        met |= here
        return bool(unmet)
