"""Free text: what is cleaned on entry, and what may not reach an official document."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# Line breaks of every kind become "\n"; what has no visible form is taken out.
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # soft hyphen, joiners, fillers
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero width, directions
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\ud800-\udfff"  # halves of characters, which no database accepts
    "\U000e0000-\U000e0fff"
    "]"
)


def _marks(first: int, last: int) -> str:
    """All marks that combine with the letter before them."""
    return "".join(chr(code) for code in range(first, last + 1) if unicodedata.combining(chr(code)))


# No living script stacks more marks on a letter; sorting a long stack takes quadratic time.
_MOST_MARKS = 8
_STACKED = re.compile(f"[{_marks(0x300, 0xFFFF)}]{{{_MOST_MARKS + 1},}}")
# Ancient scripts and music: their marks are taken out rather than counted, which would slow down every text.
_RARE = re.compile("[\U000101fd-\U0001e94a]")
_RARE_MARKS = re.compile(f"[{_marks(0x101FD, 0x1E94A)}]")

_ELEMENTS = frozenset(
    "a abbr article audio b blockquote br button center code div em embed font footer form frame frameset h1 h2 h3 "  # noqa: SIM905 - as a list it would fill the page
    "h4 h5 h6 head header hr html i iframe img input label li link main map math meta nav o:p object ol option p "
    "pre s script section select small span strike strong style sub sup svg table tbody td textarea tfoot th thead "
    "title tr tt u ul video".split()
)
_SHOWN = 40
_HTML = re.compile(
    r"<(?:!--|!doctype\b|/?(?:"
    r"(?:script|style|iframe|object|embed|svg|math|link|meta)\b"
    r"|(?P<element>[a-z][a-z0-9:]{0,11}+)(?:\s++[a-z:-]++\s*+=[^<>]*+)?\s*+/?>"
    r"))"
    r"|&(?:nbsp|amp|quot|apos|lt|gt|#[0-9]{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE,
)

_MARK = re.compile(
    r"(?<!\w)(?P<capitals>TUYỆT\s{1,9}MẬT|TỐI\s{1,9}MẬT"
    r"|(?<!BẢO\s)(?<!BÍ\s)(?<!CƠ\s)(?<!THÂN\s)(?<!CHẶT\s)(?<!NIÊM\s)(?<!ĐỘ\s)(?<!độ\s)"
    r"MẬT(?!\s{1,9}(?:KHẨU|MÃ|ĐỘ|VỤ|THIẾT|DANH|ONG)\b))(?!\w)"
    r"|^[^\w\n]{0,20}(?:"
    r"(?P<alone>Tuyệt mật|Tối mật|Mật)"
    r"|(?i:độ mật) ?: ?(?P<named>(?i:tuyệt mật|tối mật|mật))"
    r")[^\w\n]{0,20}$",
    re.MULTILINE,
)

_VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"  # every vowel letter of Vietnamese
_CONSONANTS = "bcdđfghjklmnpqrstvwxz"
_LONG_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{7,60}+(?![^\W\d_])")
_TWO_SYLLABLES = re.compile(f"(?<![{_VOWELS}])[{_VOWELS}]++[{_CONSONANTS}]++[{_VOWELS}]")
_PLAIN_LETTERS = re.compile(r"[a-z]*+")


class Cleaned(NamedTuple):
    """Text after cleaning, with what was done to it.

    Attributes:
        text: Composed (NFC), one kind of line break, only visible characters.
        removed: How many invisible or piled-up characters were taken out.
        composed: Letters had arrived in pieces (NFD, as macOS pastes them) and were put together.
    """

    text: str
    removed: int
    composed: bool


class Denied(NamedTuple):
    """A deny-listed phrase that occurs in a text: where, as (start, end) offsets in characters."""

    phrase: str
    places: tuple[tuple[int, int], ...]


def clean(text: str) -> Cleaned:
    """Make text fit to store: visible characters only, in composed form; takes linear time."""
    visible = _visible(_BREAKS.sub("\n", text))
    lost = len(text) - text.count("\r\n") - len(visible)
    unstacked = _unstack(visible)
    composed = unicodedata.normalize("NFC", unstacked)
    result = _unstack(composed)  # composing takes a few characters apart
    lost += len(visible) - len(unstacked) + len(composed) - len(result)
    return Cleaned(result, lost, composed != unstacked)


def _visible(text: str) -> str:
    text = _INVISIBLE.sub("", text)
    return _RARE_MARKS.sub("", text) if _RARE.search(text) else text


def _unstack(text: str) -> str:
    return _STACKED.sub(lambda stack: stack[0][:_MOST_MARKS], text)


def html_in(text: str) -> str | None:
    """The first piece of HTML in a text: a tag, a comment or an escaped character; ``a < b`` is none."""
    if "<" not in text and "&" not in text:
        return None
    for match in _HTML.finditer(text):
        element = match["element"]
        if element is None or element.lower() in _ELEMENTS:
            return match[0][:_SHOWN]
    return None


def secrecy_mark_in(text: str) -> str | None:
    """The mark of a classified document: MẬT, TỐI MẬT or TUYỆT MẬT.

    It is a mark in capitals, and when it stands alone on a line or follows "Độ mật:". Ordinary words such as
    "bảo mật", "BÍ MẬT NHÀ NƯỚC" or "MẬT ĐỘ DÂN SỐ" are none.

    Args:
        text: Composed (NFC) text.
    """
    if "MẬT" not in text and "ật" not in text:
        return None
    match = _MARK.search(text)
    if match is None:
        return None
    return " ".join((match["capitals"] or match["alone"] or match["named"]).upper().split())


def denied_in(text: str, phrases: tuple[str, ...]) -> Iterator[Denied]:
    """Which deny-listed phrases occur as whole words, whatever their case and the white space inside them.

    Args:
        text: Cleaned text.
        phrases: The deny list, as an administrator typed it; blank phrases match nothing.
    """
    folded = _fold_in_place(text) if phrases else ""
    for phrase in phrases:
        words = _fold_in_place(unicodedata.normalize("NFC", phrase)).split()
        if words and all(word in folded for word in words):
            places = tuple(match.span() for match in _phrase(tuple(words)).finditer(folded))
            if places:
                yield Denied(phrase, places)


@lru_cache(maxsize=1000)
def _phrase(words: tuple[str, ...]) -> re.Pattern[str]:
    spaced = r"\s++".join(map(re.escape, words))
    return re.compile(rf"(?<!\w){spaced}(?!\w)")


def _fold_in_place(text: str) -> str:
    """Fold case without moving a character, so that offsets still point into the text."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    single = {ord(char): char.casefold() for char in set(text) if len(char.casefold()) == 1}
    return text.translate(single)


def glued_words_in(text: str) -> Iterator[str]:
    """Long words with Vietnamese letters and several syllables: most likely a lost space, as in "cuốinăm"."""
    for match in _LONG_WORD.finditer(text):
        word = match[0].casefold()
        if not _PLAIN_LETTERS.fullmatch(word) and _TWO_SYLLABLES.search(word):
            yield match[0]
