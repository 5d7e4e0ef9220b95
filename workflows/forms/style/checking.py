"""All rules of style, over the texts of one document in their order."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from workflows.forms.style.articles import articles
from workflows.forms.style.capitals import known_names, numbered, provinces, steering
from workflows.forms.style.citations import Citations
from workflows.forms.style.days import dates, weekdays_and_months
from workflows.forms.style.names import Names
from workflows.forms.style.nouns import nouns
from workflows.forms.style.numbering import Points, clauses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workflows.forms.style.texts import Note, Text

MOST_AT_A_PLACE: Final = 20
"""How many notes one text can have; whoever mends these sees the next ones."""


def check(texts: Iterable[Text], known: Iterable[str] = ()) -> list[Note]:
    """What in the texts of a document is not as Decree 30/2020/NĐ-CP wants it; takes linear time.

    Args:
        texts: In the order in which the document has them.
        known: Names of bodies as their register has them, such as those of the units of a province.

    Returns:
        Notes in the order of the texts, each thing said once of a text.
    """
    names, citations, points = Names(known), Citations(), Points()
    notes: list[Note] = []
    for text in texts:
        found = [*_alone(text, names), *citations.notes(text), *points.notes(text)]
        if text.judged:
            notes += islice(_once(found), MOST_AT_A_PLACE)
    return notes


def _alone(text: Text, names: Names) -> Iterator[Note]:
    """What rules say that look at one text only."""
    if text.judged:
        yield from known_names(text, names)
        for rule in (provinces, numbered, steering, nouns, articles, weekdays_and_months, dates, clauses):
            yield from rule(text)


def _once(notes: Iterable[Note]) -> Iterator[Note]:
    """Notes in the order of their places, none about a part of another and none said twice."""
    said, end = set[tuple[str, str]](), 0
    for each in sorted(notes, key=lambda note: (note.start, -note.end)):
        is_apart, end = each.start >= end, max(each.end, end)
        if is_apart and (each.code, each.found) not in said:
            said.add((each.code, each.found))
            yield each
