"""Names of bodies and places, and how appendix II of Decree 30/2020/NĐ-CP writes them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from workflows.forms.style.texts import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workflows.forms.style.texts import Word

BODY: Final = "body_capitals"
PLACE: Final = "place_capitals"

MAJOR: Final = ("tỉnh", "huyện", "thị xã", "thành phố")
"""Kinds of places whose own names are hardly ever those of persons and events."""

MINOR: Final = ("xã", "phường", "thị trấn")
"""Kinds of places that may be called after a person or an event, and then have capitals throughout (III.1.b)."""

ALWAYS: Final = (
    "Ủy ban nhân dân",
    "Hội đồng nhân dân",
    "Thủ tướng Chính phủ",
    "Văn phòng Chính phủ",
    "Đảng Cộng sản Việt Nam",
)
"""Bodies that every province has above it or in it (IV.1)."""

CITIES: Final = (
    "thành phố Hà Nội",
    "thành phố Hải Phòng",
    "thành phố Đà Nẵng",
    "thành phố Cần Thơ",
    "thành phố Huế",
    "Thành phố Hồ Chí Minh",
    "Thủ đô Hà Nội",
)
"""Cities of the central government; the last two are written so by III.1.c."""

SURE_HEADS: Final = ("sở", "ban", "ubnd", "hđnd", "ủy", "hội")
"""First words that mean a body even without a capital, where its whole name follows."""

SURE_LENGTH: Final = 6
"""From so many words on, a name is meant whatever its first word means elsewhere (phòng, trung tâm, công an)."""


class Phrase(NamedTuple):
    """A name as it is written.

    Attributes:
        text: The name.
        code: What is said where it is written otherwise.
        is_sure: It is meant even where a body begins with a small letter, or a place has small letters throughout.
        free: How many letters at its beginning may be capitals or not.
    """

    text: str
    code: str
    is_sure: bool
    free: int = 0


@dataclass
class _Node:
    """What may follow after some words of names."""

    next: dict[tuple[str | None, str], _Node] = field(default_factory=dict)
    phrase: Phrase | None = None


class Names:
    """Names that are looked for in texts, all at once.

    Args:
        known: Names of bodies, as their register has them.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._root = _Node()
        for name in ALWAYS:
            self._add(Phrase(name, BODY, is_sure=True))
        for name in CITIES:
            self._add(Phrase(name, PLACE, is_sure=True))
        for name in known:
            for phrase in _phrases(" ".join(unicodedata.normalize("NFC", name).split())):
                self._add(phrase)

    def _add(self, phrase: Phrase) -> None:
        node = self._root
        for number, word in enumerate(words_of(phrase.text)):
            node = node.next.setdefault((word.joint if number else "", word.folded), _Node())
        node.phrase = node.phrase or phrase

    def found_in(self, words: Sequence[Word]) -> Iterator[tuple[Phrase, int, int]]:
        """The names in a text, from left to right, and of those that begin together the longest.

        Yields:
            The name, and its first word and the one after its last.
        """
        at = 0
        while at < len(words):
            phrase, end = self._longest(words, at)
            if phrase:
                yield phrase, at, end
            at = end

    def _longest(self, words: Sequence[Word], at: int) -> tuple[Phrase | None, int]:
        found: Phrase | None = None
        node, end = self._root, at + 1
        for number in range(at, len(words)):
            step = node.next.get((words[number].joint if number > at else "", words[number].folded))
            if step is None:
                break
            node = step
            if node.phrase:
                found, end = node.phrase, number + 1
        return found, end


def _phrases(name: str) -> Iterator[Phrase]:
    """A name, the same without its abbreviation and without the name of the province, and the place that it has.

    The place is what stands inside a name: "huyện Ia Grai" in "UBND huyện Ia Grai". What a name begins with has a
    capital for that alone.
    """
    for each in _variants(name):
        words = words_of(each)
        if len(words) > 1:
            is_sure = words[0].folded in SURE_HEADS or len(words) >= SURE_LENGTH
            yield Phrase(each, BODY, is_sure=is_sure)
    for kind in (*MAJOR, *MINOR):
        _, is_there, own = name.partition(f" {kind} ")
        if is_there and own[0].isupper():
            is_minor = kind in MINOR
            yield Phrase(f"{kind} {own}", PLACE, not is_minor, len("".join(kind.split())) if is_minor else 0)


def _variants(name: str) -> Iterator[str]:
    short = name.partition(" tỉnh ")[0] + " tỉnh" if " tỉnh " in name else ""
    for each in filter(None, (name, short)):
        yield each
        if each.startswith("UBND "):
            yield f"Ủy ban nhân dân {each.removeprefix('UBND ')}"
