"""Numbers, percentages and dates as Vietnamese offices write them, read tolerantly and written strictly."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workflows.periods import Window

MAX_DIGITS = 18
"""Digits before the decimal comma: enough for any budget, and an ``int`` that fits 64 bits."""

MAX_DECIMALS = 9

_LONGEST = 120  # no number or date is longer, however it is decorated

_VIETNAMESE = re.compile(
    r"(?P<sign>[-+\u2212]?) ?"
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)"
    r"(?:,(?P<part>[0-9]+))?"
)
_ENGLISH = re.compile(
    r"(?P<sign>[-+\u2212]?) ?"
    r"(?:(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)\.(?P<part>[0-9]+)"
    r"|(?P<groups>[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}))"
)
CANONICAL = re.compile(r"(?:0|-?[1-9][0-9]{0,17}|-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,9})")
"""A decimal number as it is kept: `-1234.50`."""

_MAGNITUDES = {
    **dict.fromkeys(("nghìn", "ngàn", "thousand"), 3),
    **dict.fromkeys(("triệu", "million"), 6),
    **dict.fromkeys(("tỷ", "tỉ", "billion"), 9),
}

_DAY_FIRST = re.compile(
    r"(?:ngày )?(?P<day>[0-9]{1,2})(?: ?[-./] ?| tháng )(?P<month>[0-9]{1,2})"
    r"(?:(?: ?[-./] ?| năm )(?P<year>[0-9]{2}|[1-2][0-9]{3}))?"
)
_YEAR_FIRST = re.compile(r"(?P<year>[1-2][0-9]{3})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_ISO = re.compile(r"[1-2][0-9]{3}-[0-9]{2}-[0-9]{2}")
_YEAR_DIGITS = 4


class Unreadable(Exception):  # noqa: N818 - the text is at fault, not the program
    """What was typed cannot be the value that is asked for; carries a finding's code and parameters."""

    def __init__(self, code: str, params: Mapping[str, object] | None = None) -> None:
        self.code = code
        self.params: Mapping[str, object] = dict(params or {})
        super().__init__(code)


class Numeral(NamedTuple):
    """A number that was read.

    Attributes:
        digits: Its canonical form, decimals as typed: ``-1234.50``.
        guessed: Another convention than ``1.234,5`` was followed; the reader should see how.
    """

    digits: str
    guessed: bool


class Day(NamedTuple):
    """A date that was read; ``guessed`` when its year was taken from the reporting period."""

    day: date
    guessed: bool


def fold(text: str) -> str:
    """Text for comparison: case folded, every run of white space one ordinary space."""
    return " ".join(text.casefold().split())


def read_number(text: str, units: Iterable[str] = ()) -> Numeral:
    """Read a number: ``1.234,5``, ``1 234``, ``14,8 triệu``, ``60.74`` and a trailing unit of measure.

    Args:
        text: What was typed.
        units: Names of the unit of measure that may follow the number.

    Raises:
        Unreadable: ``bare_percentage``, ``number_too_long`` or ``not_a_number``.
    """
    if len(text) > _LONGEST:
        raise Unreadable("not_a_number")
    folded = fold(text)
    if folded.endswith("%"):
        raise Unreadable("bare_percentage")
    number, power = _without_words(folded, [fold(unit) for unit in units])
    match = _VIETNAMESE.fullmatch(number) or _ENGLISH.fullmatch(number)
    if match is None:
        raise Unreadable("not_a_number")
    guessed = match.re is _ENGLISH or number != folded
    return Numeral(_canonical(match, power), guessed)


def _without_words(folded: str, units: list[str]) -> tuple[str, int]:
    """The bare number and the power of ten spelled out behind it."""
    unit = next((unit for unit in units if unit and folded.endswith(unit)), "")
    words = folded.removesuffix(unit).rstrip().split(" ")
    power = 0
    # "147 tỷ" under the unit "tỷ đồng" may mean 147 or 147 billion of them: nobody may guess.
    ambiguous = not unit and any(word in _MAGNITUDES for name in units for word in name.split())
    while words[-1] in _MAGNITUDES and not ambiguous:
        power += _MAGNITUDES[words.pop()]
        if not words:
            raise Unreadable("not_a_number")
    return " ".join(words), power


def _canonical(match: re.Match[str], power: int) -> str:
    groups = match.groupdict()
    whole = re.sub(r"[., ]", "", groups["whole"] or groups.get("groups") or "")
    part = groups["part"] or ""
    shifted = part[:power].ljust(power, "0")
    whole, part = (whole + shifted).lstrip("0") or "0", part[power:]
    if len(whole) > MAX_DIGITS or len(part) > MAX_DECIMALS:
        raise Unreadable("number_too_long", {"digits": MAX_DIGITS, "decimals": MAX_DECIMALS})
    digits = f"{whole}.{part}" if part else whole
    negative = groups["sign"] in ("-", "\u2212") and digits.strip("0.") != ""
    return f"-{digits}" if negative else digits


def is_canonical(digits: object) -> bool:
    """Whether a stored decimal has the one form that is allowed: ``60.74``, never ``-0``, ``060`` or ``1e3``."""
    if not isinstance(digits, str) or CANONICAL.fullmatch(digits) is None:
        return False
    return not (digits.startswith("-") and digits.strip("-0.") == "")


def write_number(value: int | str | Decimal) -> str:
    """Write a number the Vietnamese way: ``1.234,50``.

    Args:
        value: An integer, or a decimal in canonical form; its decimals are all kept.
    """
    whole, _, part = (f"{value:f}" if isinstance(value, Decimal) else str(value)).partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    sign = "-" if whole == "-0" else ""
    return f"{sign}{grouped},{part}" if part else grouped


def percent(numerator: Decimal | int, denominator: Decimal | int, decimals: int = 2) -> Decimal:
    """What part of the denominator the numerator is, in percent, computed exactly and rounded half up.

    Args:
        numerator: The part.
        denominator: The whole; not zero.
        decimals: How many decimals to round to, away from zero at the half.
    """
    scaled = abs(Fraction(numerator) / Fraction(denominator)) * 100 * 10**decimals
    rounded = int(scaled + Fraction(1, 2))
    sign = -1 if (numerator < 0) != (denominator < 0) else 1
    return Decimal(f"{sign * rounded}E-{decimals}")


def read_date(text: str, period: Window | None = None) -> Day:
    """Read a date: ``31-1-2025``, ``17.7``, ``ngày 10 tháng 6 năm 2024``, ``2024-06-10``.

    Args:
        text: What was typed.
        period: The reporting window that lends its year to a date without one: the year in which the
            date falls inside the window, or else the year in which the window ends.

    Raises:
        Unreadable: ``not_a_date``, ``no_such_date``, ``year_missing`` or ``year_not_in_full``.
    """
    folded = fold(text) if len(text) <= _LONGEST else ""
    match = _DAY_FIRST.fullmatch(folded) or _YEAR_FIRST.fullmatch(folded)
    if match is None:
        raise Unreadable("not_a_date")
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if year is None:
        return Day(_in_period(day, month, period), guessed=True)
    if len(year) < _YEAR_DIGITS:
        raise Unreadable("year_not_in_full")
    return Day(_existing(int(year), month, day), guessed=False)


def _in_period(day: int, month: int, period: Window | None) -> date:
    if period is None:
        _existing(2000, month, day)  # a leap year: says whether the date can exist at all
        raise Unreadable("year_missing")
    if period.start.year != period.end.year and (month, day) >= (period.start.month, period.start.day):
        return _existing(period.start.year, month, day)
    return _existing(period.end.year, month, day)


def _existing(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("no_such_date") from None


def is_iso_date(text: object) -> bool:
    """Whether a stored date has the one form that is allowed, ``2025-01-31``, and exists."""
    if not isinstance(text, str) or _ISO.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def write_date(day: date | str) -> str:
    """Write a date, or its ISO form, the Vietnamese way: ``31/01/2025``."""
    year, month, number = str(day).split("-")
    return f"{number}/{month}/{year}"
