"""Capitals of names of bodies and places (Decree 30/2020/NĐ-CP, appendix II.III and IV)."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from workflows.forms.style.names import BODY, PLACE
from workflows.forms.style.texts import Note, capitals, first_capital, folded, is_shouted, noted, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workflows.forms.style.names import Names, Phrase
    from workflows.forms.style.texts import Text, Word

SEVERAL: Final = frozenset({"các", "những", "mọi", "mỗi", "nhiều", "số", "từng", "một", "hai", "ba", "giữa"})
"""Before small letters these speak of things of a kind, or the small letters are other words: các xã thống nhất."""

PROVINCE: Final = "Tỉnh"
NO_PROVINCES: Final = frozenset(map(folded, ("Đoàn", "Ủy", "Hội", "Đội", "lộ")))
"""Together with Tỉnh they are bodies and roads."""

STEERING: Final = ("ban", "chỉ", "đạo")
HEAD: Final = "trưởng"
OF_STEERING: Final = frozenset({"đề", "tỉnh", "huyện", "thị", "thành", "xã", "phường", "trung", "cấp", "quốc"})
"""What follows "Ban Chỉ đạo" where it is a body; elsewhere a board may direct (ban chỉ đạo) somebody."""

NUMBERED: Final = ("phường", "quận")
MOST_DIGITS: Final = 2
_ENDS: Final = frozenset(",;.)\n")


def known_names(text: Text, known: Names) -> Iterator[Note]:
    """Names that are known, written with other capitals.

    Args:
        text: What to look at.
        known: How they are written.
    """
    words = text.tokens
    for phrase, start, end in known.found_in(words):
        if _is_other(phrase, words[start:end], words[start - 1].folded if start else ""):
            yield noted(text, phrase.code, words[start:end], phrase.text)


def _is_other(phrase: Phrase, words: Sequence[Word], before: str) -> bool:
    """Whether a name stands there otherwise than it is written, and certainly as a name."""
    actual, meant = ("".join(each.text for each in found) for found in (words, words_of(phrase.text)))
    free = phrase.free or (words[0].begins and actual[0].isupper())
    if is_shouted(actual) or len(actual) != len(meant) or capitals(actual)[free:] == capitals(meant)[free:]:
        return False
    is_small = actual.islower() if phrase.code == PLACE else actual[0].islower()
    return not is_small or (phrase.is_sure and before not in SEVERAL)


def provinces(text: Text) -> Iterator[Note]:
    """A province whose kind has a capital inside a sentence, whatever it is called; none is called after a person."""
    for word, name in pairwise(text.tokens):
        is_name = name.joint == "" and name.text[0].isupper() and not (len(name.text) > 1 and is_shouted(name.text))
        if word.text == PROVINCE and not word.begins and is_name and name.folded not in NO_PROVINCES:
            yield noted(text, PLACE, [word, name], f"{word.folded} {name.text}")


def numbered(text: Text) -> Iterator[Note]:
    """A ward or an urban district that is called by a number and has a small letter (III.1.b): phường 1.

    So many of a kind are no name: "02 phường 10 xã", "mỗi phường 1 mô hình".
    """
    words = text.tokens
    for at, (word, number) in enumerate(pairwise(words)):
        if word.text in NUMBERED and _is_number(number) and _is_alone(text, words, at):
            yield noted(text, PLACE, [word, number], f"{first_capital(word.text)} {number.text}")


def _is_number(word: Word) -> bool:
    digits = word.text
    return word.joint == "" and digits.isdecimal() and len(digits) <= MOST_DIGITS and not digits.startswith("0")


def _is_alone(text: Text, words: Sequence[Word], at: int) -> bool:
    """Whether nothing is counted before a ward, nor behind its number."""
    before = words[at - 1].folded if at else ""
    end = words[at + 1].end
    follows = text.plain[end : end + 2]
    is_last = not follows or (follows[0] in _ENDS and not follows[1:].isdecimal())
    return is_last and not before.isdecimal() and before not in SEVERAL


def steering(text: Text) -> Iterator[Note]:
    """A steering body whose second word has a small letter (IV.1): ban chỉ đạo, Ban chỉ đạo."""
    words = text.tokens
    for at in range(len(words) - len(STEERING)):
        found, follows = words[at : at + len(STEERING)], words[at + len(STEERING)]
        if tuple(each.folded for each in found) != STEERING or not _is_body(words[at - 1] if at else None, follows):
            continue
        actual = "".join(each.text for each in found)
        if found[1].text != "Chỉ" and not is_shouted(actual):
            yield noted(text, BODY, found, "Ban Chỉ đạo")


def _is_body(before: Word | None, follows: Word) -> bool:
    is_definite = follows.joint == "" and follows.folded in OF_STEERING
    return is_definite and (before is None or before.folded not in SEVERAL | {HEAD})
