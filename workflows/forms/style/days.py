"""Days and months: with capitals in words (appendix II.V.8), and with zeros in digits (appendix I, part I, II.4)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from workflows.forms.style.texts import Note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.forms.style.texts import Text

CALENDAR: Final = "calendar_capitals"
ZEROS: Final = "date_zeros"

_S = r"[ \t\u00a0]{1,3}"
_DAY = "hai|ba|tư|năm|sáu|bảy|Hai|Ba|Tư|Năm|Sáu|Bảy"
_PART = "sáng|trưa|chiều|tối"
_WEEKDAY = re.compile(
    rf"(?<!\w)(?:(?:{_PART}){_S}(?P<after>[Tt]hứ{_S}(?:{_DAY}))(?!\w)"
    rf"|(?P<before>[Tt]hứ{_S}(?:{_DAY}))(?:,?{_S}ngày{_S}\d|{_S}(?:hằng|hàng|đầu|cuối){_S}tuần(?!\w)))"
)
_MONTH = re.compile(
    rf"(?<!\w)(?P<month>[Tt]háng{_S}(?:một|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)){_S}năm{_S}[12]\d{{3}}(?!\w)"
)
_DATE = re.compile(
    rf"(?<!\w)[Nn]gày{_S}(?P<day>\d{{1,2}}){_S}tháng{_S}(?P<month>\d{{1,2}}){_S}năm{_S}[12]\d{{3}}(?!\w)"
)
LAST_WITH_ZERO: Final = 2
DAYS: Final = 31
MONTHS: Final = 12


def weekdays_and_months(text: Text) -> Iterator[Note]:
    """Days of the week and months in words, whose own words have capitals: thứ Hai, tháng Tám.

    Where they may count instead (thứ hai là, tháng hai lần), nothing is said.

    Args:
        text: What to look at.
    """
    begins = {word.start for word in text.tokens if word.begins}
    for pattern in (_WEEKDAY, _MONTH):
        for match in pattern.finditer(text.plain):
            name = match.lastgroup or ""
            start, end = match.span(name)
            kind, own = match[name].split()
            wanted = f"{kind if start in begins else kind.lower()} {own.capitalize()}"
            if wanted != f"{kind} {own}":
                yield Note(text.place, CALENDAR, start, end, match[name], wanted)


def dates(text: Text) -> Iterator[Note]:
    """Dates in which a zero is missing or too many: days below 10 and months 1 and 2 have one, no other month has.

    Args:
        text: What to look at.
    """
    for match in _DATE.finditer(text.plain):
        day, month = int(match["day"]), int(match["month"])
        if not (1 <= day <= DAYS and 1 <= month <= MONTHS):
            continue
        written = f"{month:02d}" if month <= LAST_WITH_ZERO else str(month)
        if (match["day"], match["month"]) != (f"{day:02d}", written):
            start, at = match.start(), match.start("month") - match.start()
            found = match[0]
            head, tail = found[:at], found[at + len(match["month"]) :]
            place = match.start("day") - start
            head = head[:place] + f"{day:02d}" + head[place + len(match["day"]) :]
            yield Note(text.place, ZEROS, start, match.end(), found, head + written + tail)
