"""What a check of style reads, what it says, and the words that a text is made of."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from workflows.errors import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_SPACES: Final = 6
"""How many spaces may stand between two words of one name; marks of rich text count as spaces."""

_WORD = re.compile(r"[^\W_]++(?:['’ʼ][^\W_]++)*+")
_BEGINNING = frozenset(".?!…:-–—•+*/(“\"'‘«[)|>")
"""After these a capital may be the first letter of a sentence, of an item or of a title; so it is never doubted."""
_DASHES: Final = str.maketrans("–—", "--")

_TONES: Final = {
    f"{first}{pair[0]}": f"{pair[1]}{second}"
    for first, second, pairs in (
        ("o", "a", ("áó", "àò", "ảỏ", "ãõ", "ạọ")),
        ("o", "e", ("éó", "èò", "ẻỏ", "ẽõ", "ẹọ")),
        ("u", "y", ("ýú", "ỳù", "ỷủ", "ỹũ", "ỵụ")),
    )
    for pair in pairs
}
_TONED = re.compile("|".join(_TONES))


@dataclass(frozen=True)
class Text:
    """A piece of a document.

    Attributes:
        place: Where it stands, as findings name it.
        words: What it says; read in composed form (NFC), to which all offsets belong.
        in_table: It is a cell of a table, whose neighbours say the rest.
        marked: It bears the marks of rich text, which are no part of its words.
        judged: Whether anything may be said of it; what is not judged still counts as read before what follows.
    """

    place: str
    words: str
    in_table: bool = False
    marked: bool = False
    judged: bool = True

    @cached_property
    def plain(self) -> str:
        """The words alone, each where it stands in the composed text."""
        text = unicodedata.normalize("NFC", self.words)
        return text.replace("*", " ").replace("_", " ") if self.marked else text

    @cached_property
    def tokens(self) -> tuple[Word, ...]:
        """Its words in order."""
        return words_of(self.plain)


@dataclass(frozen=True)
class Note:
    """What is not as Decree 30/2020/NĐ-CP wants it.

    Attributes:
        place: The text that it is about.
        code: A stable word for what is wrong; one of `workflows.forms.findings.STYLE`.
        start: Where in the composed text the piece begins.
        end: Where it ends.
        found: The piece as it stands there.
        wanted: How it is written; empty where that cannot be told.
        params: What the sentence mentions besides `found` and `wanted`.
    """

    place: str
    code: str
    start: int
    end: int
    found: str
    wanted: str = ""
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    @property
    def finding(self) -> Finding:
        """The same as a finding, for which there is a sentence."""
        wanted = {"wanted": self.wanted} if self.wanted else {}
        return Finding(self.place, self.code, {"found": self.found, **wanted, **self.params}, "info")


class Word(NamedTuple):
    """A word of a text.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        text: As it stands.
        folded: Without regard to capitals, and to where a tone mark is put (hoà, hòa).
        joint: What joins it to the word before: nothing but spaces, a hyphen or a comma; None where they belong apart.
        begins: Whether it may begin a sentence.
    """

    start: int
    end: int
    text: str
    folded: str
    joint: str | None
    begins: bool


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a composed text; takes linear time."""
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        gap = text[end : match.start()]
        words.append(Word(*match.span(), match[0], folded(match[0]), _joint(gap), not words or _begins(gap)))
        end = match.end()
    return tuple(words)


def _joint(gap: str) -> str | None:
    inside = gap.strip().translate(_DASHES)
    spaces = len(gap) - len(inside)
    return inside if inside in ("", "-", ",") and spaces <= MOST_SPACES and "\n" not in gap else None


def _begins(gap: str) -> bool:
    return "\n" in gap or gap.rstrip()[-1:] in _BEGINNING


def folded(words: str) -> str:
    """Words without regard to capitals and to where a tone mark is put, by either habit."""
    return _TONED.sub(lambda match: _TONES[match[0]], words.casefold())


def noted(text: Text, code: str, words: Sequence[Word], wanted: str) -> Note:
    """A note about some words that follow each other; what is wanted of a beginning keeps its capital."""
    start, end = words[0].start, words[-1].end
    found = text.plain[start:end]
    is_beginning = words[0].begins and found[0].isupper()
    return Note(text.place, code, start, end, found, first_capital(wanted) if is_beginning else wanted)


def whole_words(alternatives: str) -> re.Pattern[str]:
    """What finds these words, separated by "|", in folded text."""
    return re.compile(rf"(?<!\w)(?:{folded(alternatives)})(?!\w)")


def is_shouted(words: str) -> bool:
    """Whether they are written in capitals alone, as headings are."""
    return words.isupper()


def capitals(words: str) -> list[bool]:
    """Which of the letters are capitals."""
    return [letter.isupper() for letter in words]


def first_capital(words: str) -> str:
    """The words as they begin a sentence."""
    return words[:1].upper() + words[1:]
