"""Every page that someone can reach, found by following links as he would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

NUMBERS = re.compile(r"\d+")
WORDS = re.compile(r"(?<=/definitions/)([a-z]+)/[a-z0-9_-]+")
"""What definitions are known by: their pages differ by kind, not by key."""

DOWNLOADS = re.compile(r"/file/|/file$|/pdf\b|/yaml$|/sample/|^/static/")
MOST_KINDS = 400
"""Where a walk ends that finds no end."""


def pattern_of(address: str) -> str:
    """What pages of one kind share: their path with its keys left out."""
    return NUMBERS.sub("N", WORDS.sub(r"\1/K", urlsplit(address).path))


LINKS = "() => [...document.querySelectorAll('a[href]')].map(each => each.href)"
STATE = """() => [...document.querySelectorAll('main :is(form, h2)')]
    .map(each => each.tagName + (each.getAttribute('action') || each.id))"""
"""Asked in the page itself: a locator would first bring its whole machinery into each of a thousand pages."""


def _state(page: Page) -> str:
    """Tells pages of one kind apart by what they offer, so that each kind is seen in each of its states."""
    return NUMBERS.sub("N", " ".join(sorted(set(page.evaluate(STATE)))))


def links_of(page: Page) -> list[str]:
    """Addresses of this site that the page leads to, without those that offer a file."""
    host = urlsplit(page.url).netloc
    parts = [urlsplit(address) for address in page.evaluate(LINKS)]
    own = [f"{each.path}?{each.query}".rstrip("?") for each in parts if each.netloc == host]
    return [address for address in dict.fromkeys(own) if not DOWNLOADS.search(address)]


def reachable(
    page: Page, start: str = "/", *, each_of_a_kind: int = 2, met: set[tuple[str, str]] | None = None
) -> Iterator[str]:
    """Walk from a page and give one address for every kind of page, and for every state of it that was met.

    The page of an address is open in the window when it is given, so that whoever wants to look need not open it again.

    Args:
        page: a window in which someone is signed in.
        start: where he begins.
        each_of_a_kind: how many pages of one kind are opened in search of further states.
        met: kinds and states that others met before him: such a page is walked through and not given, but the first.
    """
    waiting, opened = [start], {start}
    kept = set() if met is None else met
    visits: dict[str, int] = {}
    while waiting and len(visits) < MOST_KINDS:
        address = waiting.pop(0)
        kind = pattern_of(address)
        visits[kind] = visits.get(kind, 0) + 1
        if visits[kind] > each_of_a_kind:
            continue
        page.goto(address)
        links, seen = links_of(page), (kind, _state(page))
        if seen not in kept or address == start:
            kept.add(seen)
            yield address
        for link in links:
            if link not in opened and "sort=" not in link:
                opened.add(link)
                waiting.append(link)
