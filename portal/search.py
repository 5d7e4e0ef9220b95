"""The keys under which Vietnamese text is found and sorted, however its case, marks and encoding were typed."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import Final

HIDDEN: Final = frozenset({"Mn", "Cf"})
"""Unicode categories that no search asks for: combining marks; characters that show nothing, pasted along with text."""

BARRED: Final = str.maketrans("đðƀ", "ddb")
"""Letters whose bar is no combining mark: đ, the Icelandic letter that stands in for it, and ƀ of Jrai and Bahnar."""

ALPHABET: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""Huyền, hỏi, ngã, sắc, nặng: the order of dictionaries, after the level tone (ngang), which has no mark."""

LEVEL: Final = "0"


def search_key(text: str) -> str:
    """Return what texts share that a reader would call the same: no case, no marks, single spaces.

    Store it beside a text and look for the key of the query in it: "bao cao" then finds "Báo cáo". Old and
    new tone placement ("hoà", "hòa") agree, and so do composed and decomposed characters.
    """
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) not in HIDDEN)
    return unicodedata.normalize("NFC", " ".join(plain.casefold().translate(BARRED).split()))


def collation_key(text: str) -> str:
    """Return a string whose order by code points is the order of the Vietnamese alphabet.

    Letters decide first (a ă â b c d đ e ê …; spaces and digits before them); between equal letters the
    tones decide, word by word (ngang, huyền, hỏi, ngã, sắc, nặng); case never does. Store it in a column
    compared by code points: SQLite's BINARY, PostgreSQL's "C".
    """
    words = unicodedata.normalize("NFD", text).casefold().split()
    spelling = " ".join("".join(map(_place, _toneless(word))) for word in words)
    return f"{spelling}\t{''.join(map(_tone, words))}"


def _places() -> dict[str, str]:
    """Return for each letter its plain letter and its place among the letters written with it: ă is "a1"."""
    families = groupby(ALPHABET, search_key)
    return {letter: f"{plain}{place}" for plain, letters in families for place, letter in enumerate(letters)}


PLACES: Final = _places()


def _place(char: str) -> str:
    plain = search_key(char)
    return PLACES.get(char) or PLACES.get(plain, plain)


def _toneless(word: str) -> str:
    return unicodedata.normalize("NFC", "".join(char for char in word if char not in TONES))


def _tone(word: str) -> str:
    return "".join(TONES[char] for char in word if char in TONES) or LEVEL
