"""What lists, counts, filters, searches and the first page show: what the table lets in, no more and no less."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.matrix import OBJECTS, Count, table

if TYPE_CHECKING:
    from tests.contracts.stage import Stage

REST_PAGE = 100


@dataclass(frozen=True)
class Listing:
    """A list of the file, and what it may show to whom.

    Attributes:
        of: the kind of object.
        rows: name → persona → verdict, as for reading one.
        page: the address of the list.
        rest: the same for programs.
        show: what the address of one row begins with.
    """

    of: str
    rows: dict[str, dict[str, str]]
    page: str
    rest: str
    show: str

    def keys(self, stage: Stage, persona: str) -> set[int]:
        """The rows of the world that a persona may read."""
        return {stage.world[self.of][name].key for name, verdicts in self.rows.items() if verdicts[persona] == "in"}

    def strangers(self, stage: Stage, persona: str) -> set[int]:
        """The rows of the world that he may not."""
        return {stage.world[self.of][name].key for name in self.rows} - self.keys(stage, persona)

    def shown(self, html: str) -> set[int]:
        """The rows that a page leads to."""
        return {int(key) for key in re.findall(rf"{self.show}(\d+)", html.partition("<main")[2])}

    def is_open(self, persona: str) -> bool:
        """Whether the screen is his at all."""
        return all(verdicts[persona] not in {"out", "bar"} for verdicts in self.rows.values())


LISTS = [
    Listing(each["of"], table(each["as"]).rows, each["page"], each["rest"], each["show"]) for each in OBJECTS["lists"]
]


def everyone(listing: Listing) -> list[str]:
    """Those whose screen it is."""
    return [persona for persona in next(iter(listing.rows.values())) if listing.is_open(persona)]


def own_rows(stage: Stage, listing: Listing, keys: set[int]) -> set[int]:
    """Of some keys, those of the world; the province has tasks of its own."""
    return keys & {thing.key for thing in stage.world[listing.of].values()}


def every_page(stage: Stage, listing: Listing, persona: str, query: str = "") -> set[int]:
    """What the list shows on all of its pages; only of tasks there may be more than one."""
    numbers = range(2 if listing.of == "task" else 1)
    pages = [stage.client(persona).get(f"{listing.page}?page={number}&{query}").text for number in numbers]
    return own_rows(stage, listing, set().union(*(listing.shown(page) for page in pages)))


def by_rest(stage: Stage, listing: Listing, persona: str, query: str) -> dict[str, Any]:
    answer = stage.client(persona).get(f"{listing.rest}?q={query}")
    assert answer.status_code == 200, (persona, query, answer.text)
    told: dict[str, Any] = answer.get_json()
    return told


@pytest.mark.parametrize("listing", LISTS, ids=[listing.of for listing in LISTS])
def test_a_list_shows_what_its_reader_may_read(stage: Stage, listing: Listing) -> None:
    count = Count()
    for persona in everyone(listing):
        wanted = listing.keys(stage, persona)
        count.expect(every_page(stage, listing, persona) == wanted, f"{persona}: {listing.page}")
        for sort in ("sort=-changed_at", "sort=-due_on", "sort=password"):
            count.expect(every_page(stage, listing, persona, sort) == wanted, f"{persona}: {listing.page}?{sort}")
    count.report(f"lists of {listing.of}")


@pytest.mark.parametrize("listing", LISTS, ids=[listing.of for listing in LISTS])
def test_rest_lists_and_counts_the_same(stage: Stage, listing: Listing) -> None:
    count = Count()
    for persona in everyone(listing):
        told = by_rest(stage, listing, persona, f"(page_size:{REST_PAGE})")
        found = {each["id"] for each in told["result"]}
        mine = own_rows(stage, listing, found)
        count.expect(mine == listing.keys(stage, persona), f"{persona}: {listing.rest} → {mine}")
        count.expect(told["count"] == len(found), f"{persona}: {listing.rest} counts {told['count']} of {len(found)}")
        narrow = by_rest(stage, listing, persona, "(page_size:1)")
        count.expect(narrow["count"] == told["count"], f"{persona}: {listing.rest} counts by page")
    count.report(f"REST lists of {listing.of}")


FILTERS = {
    "report": ("form_key", "monthly-report"),
    "case": ("status", "in_review"),
    "document": ("year", 2026),
    "task": ("standing", "false"),
    "authority": ("kind", "TL"),
    "register": ("year", 2026),
    "arrival": ("year", 2026),
    "copy": ("form", "SY"),
    "certificate": ("key_place", "own_pc"),
}


@pytest.mark.parametrize("listing", LISTS, ids=[listing.of for listing in LISTS])
def test_a_filter_opens_no_row(stage: Stage, listing: Listing) -> None:
    count = Count()
    column, value = FILTERS[listing.of]
    for persona in everyone(listing):
        for operator in ("eq", "neq"):
            asked = f"(filters:!((col:{column},opr:{operator},value:'{value}')),page_size:{REST_PAGE})"
            answer = stage.client(persona).get(f"{listing.rest}?q={asked}")
            found = {each["id"] for each in answer.get_json().get("result", [])}
            count.expect(not found & listing.strangers(stage, persona), f"{persona}: {asked} → {found}")
        for place in ("own", "foreign"):
            unit = next((t.more["unit"] for n, t in stage.world["report"].items() if n.startswith(place)), 0)
            for query in (f"unit={unit}&lead_unit={unit}", f"issuer={unit}", f"unit={unit}%20OR%201=1"):
                found = every_page(stage, listing, persona, query)
                count.expect(not found & listing.strangers(stage, persona), f"{persona}: {query} → {found}")
    count.report(f"filters of {listing.of}")


def test_a_search_finds_only_what_its_reader_may_read(stage: Stage) -> None:
    count = Count()
    for listing in [each for each in LISTS if each.of in {"report", "task"}]:
        for persona in everyone(listing):
            for words in ("Ia Grai", "nhiem-vu-foreign", "báo cáo", "%", "_", "sở", "hồ sơ"):
                found = every_page(stage, listing, persona, f"q={words}")
                count.expect(found <= listing.keys(stage, persona), f"{persona}: {listing.page}?q={words} → {found}")
    assert every_page(stage, LISTS[0], "f.clerk", "q=ia grai")
    count.report("searches")


def test_pages_that_gather_lead_to_nothing_that_their_reader_may_not_read(stage: Stage) -> None:
    """The first page, a unit's page, the book of numbers: whatever links to a row has asked whether it may be seen."""
    count = Count()
    units = [f"/units/show/{thing.key}" for thing in stage.world["unit"].values()]
    books = [f"/registers/show/{thing.key}" for thing in stage.world["register"].values()]
    for persona in everyone(LISTS[0]):
        for path in ("/", *units, *books):
            html = stage.client(persona).get(path).text
            for listing in LISTS:
                seen = listing.shown(html) & listing.strangers(stage, persona)
                count.expect(not seen, f"{persona}: {path} leads to {listing.of} {seen}")
    count.report("pages that gather")


def test_the_page_of_a_row_leads_to_nothing_that_its_reader_may_not_read(stage: Stage) -> None:
    count = Count()
    for of in LISTS:
        for persona in everyone(of):
            for key in sorted(of.keys(stage, persona)):
                html = stage.client(persona).get(f"{of.show}{key}").text
                for listing in LISTS:
                    seen = listing.shown(html) & listing.strangers(stage, persona)
                    count.expect(not seen, f"{persona}: {of.show}{key} leads to {listing.of} {seen}")
    count.report("pages of rows")
