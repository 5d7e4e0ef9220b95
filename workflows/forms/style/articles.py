"""Capitals where an article of a law is cited (appendix II.V.6): điểm a khoản 2 Điều 5 Chương II."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workflows.forms.style.texts import Note, first_capital

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.forms.style.texts import Text

ARTICLE: Final = "article_capitals"

_GAP = r",?[ \t\u00a0]{1,3}"
_POINTS = r"[a-zđ](?:,[ ]?[a-zđ]){0,9}"
_NUMBERS = r"\d{1,3}(?:,[ ]?\d{1,3}){0,9}"
_LONG = re.compile(
    rf"(?<!\w)(?:(?P<point>[Đđ]iểm){_GAP}{_POINTS}{_GAP})?(?P<clause>[Kk]hoản){_GAP}{_NUMBERS}{_GAP}"
    rf"(?P<article>[Đđ]iều){_GAP}\d{{1,3}}[a-zđ]?(?:{_GAP}(?P<chapter>[Cc]hương){_GAP}[IVXLC]{{1,7}})?(?!\w)"
)
_ALONE = re.compile(
    r"(?<!\w)(?:tại|theo|căn cứ|quy định|của)[ ]"
    r"(?:(?P<article>điều)[ ]\d{1,3}[a-zđ]?|(?P<chapter>chương)[ ][IVXLC]{1,7})"
    r"[ ](?:Luật|Bộ luật|Pháp lệnh|Nghị định|Nghị quyết|Thông tư|Quyết định|Chỉ thị|Hiến pháp|Quy chế|Chương)(?!\w)",
)
_WANTED: Final = {"point": "điểm", "clause": "khoản", "article": "Điều", "chapter": "Chương"}


def articles(text: Text) -> Iterator[Note]:
    """Where points, clauses, articles and chapters are cited with other capitals.

    Args:
        text: What to look at; so many cases (điều 5 cán bộ) are no article.
    """
    begins = {word.start for word in text.tokens if word.begins}
    for pattern in (_LONG, _ALONE):
        for match in pattern.finditer(text.plain):
            parts = [name for name in match.groupdict() if match[name]]
            start, end = match.start(parts[0]), match.end()
            wanted = _written(match, start, end)
            wanted = first_capital(wanted) if start in begins and text.plain[start].isupper() else wanted
            if wanted != text.plain[start:end]:
                yield Note(text.place, ARTICLE, start, end, text.plain[start:end], wanted)


def _written(match: re.Match[str], start: int, end: int) -> str:
    """What was matched as the decree writes it."""
    letters = list(match.string[start:end])
    for name, word in _WANTED.items():
        if name in match.groupdict() and match[name]:
            letters[match.start(name) - start] = word[0]
    return "".join(letters)
