"""How the portal writes numbers, dates and names for its readers, and whose words its forms speak."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from flask_babel import get_locale, get_translations, gettext, ngettext
from flask_wtf import FlaskForm

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel.support import NullTranslations

LANGUAGES: Final = ("vi", "en")
FIRST_LANGUAGE: Final = "vi"
PLACE_TIME: Final = ZoneInfo("Asia/Ho_Chi_Minh")
DAYS_SAID: Final = 6
"""Up to how many days ago a moment is said by their number."""
MINUTES_SAID: Final = 60
"""From how many minutes ago the hour is said instead of their number."""
SWAPPED_MARKS: Final = str.maketrans(",.", ".,")


def reader_language() -> str:
    """Return "vi" or "en": what the reader of this request has chosen, Vietnamese whenever nobody has."""
    chosen = get_locale()
    return chosen.language if chosen and chosen.language in LANGUAGES else FIRST_LANGUAGE


def format_number(value: int | Decimal | str, places: int | None = None, language: str | None = None) -> str:
    """Write a number with grouped thousands: 1.234,5 in Vietnamese, 1,234.5 in English.

    Args:
        value: a whole number, a decimal, or a decimal as JSON stores it ("60.74").
        places: how many digits follow the mark, halves rounded away from zero; None keeps those of the value.
        language: "vi" or "en"; None means the reader's.

    Raises:
        TypeError: a float, whose digits are not those that were reported.
        ValueError: infinity, or not a number.
        decimal.InvalidOperation: a text that is no number.
    """
    if isinstance(value, float):
        raise TypeError("a figure is an int, a Decimal or its text, never a float")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError(f"not a figure: {value}")
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    english = f"{number or abs(number):,f}"  # a rounded -0.04 is 0.0, not -0.0
    return english if (language or reader_language()) == "en" else english.translate(SWAPPED_MARKS)


def format_date(day: date | str) -> str:
    """Write a day, or its ISO text, as dd/mm/yyyy: in both languages, so that 05/02 is never misread.

    Raises:
        TypeError: a moment; the day it falls on depends on the place, which ``format_datetime`` knows.
        ValueError: a text that is no ISO day.
    """
    if isinstance(day, datetime):
        raise TypeError("a moment is written by format_datetime")
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def format_datetime(moment: datetime) -> str:
    """Write an aware moment as dd/mm/yyyy HH:MM on the clocks of Việt Nam.

    Raises:
        ValueError: the moment is naive, so nobody knows which clock it was read from.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    local = moment.astimezone(PLACE_TIME)
    return f"{format_date(local.date())} {local:%H:%M}"


def label(words: Mapping[str, str], language: str | None = None) -> str:
    """Choose from a ``{"vi": …, "en": …}`` map; a language it lacks is answered in Vietnamese."""
    return words.get(language or reader_language()) or words[FIRST_LANGUAGE]


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Say how long ago a moment was, as people do; beyond a week it is the day itself.

    Args:
        moment: aware, in the past.
        now: aware; None means this moment.

    Raises:
        ValueError: the moment is naive.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    now = now or datetime.now(UTC)
    local = moment.astimezone(PLACE_TIME)
    days = (now.astimezone(PLACE_TIME).date() - local.date()).days
    if days > DAYS_SAID:
        return format_date(local.date())
    if days > 1:
        return str(ngettext("%(num)s day ago", "%(num)s days ago", days))
    if days == 1:
        return str(gettext("yesterday at %(time)s", time=f"{local:%H:%M}"))
    minutes = int((now - moment).total_seconds() // 60)
    if minutes >= MINUTES_SAID:
        return str(gettext("today at %(time)s", time=f"{local:%H:%M}"))
    return str(ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes)) if minutes > 0 else gettext("just now")


def until(day: date, today: date) -> str:
    """Say how far off a last valid day is: days left, today, or days overdue.

    Args:
        day: the last day on which it is not late.
        today: the day on the wall.
    """
    left = (day - today).days
    if left < 0:
        return str(ngettext("%(num)s day overdue", "%(num)s days overdue", -left))
    if left <= 1:
        return str(gettext("due tomorrow")) if left else gettext("due today")
    return str(ngettext("%(num)s day left", "%(num)s days left", left))


FILTERS: Final = {
    "number": format_number,
    "date": format_date,
    "datetime": format_datetime,
    "label": label,
    "ago": ago,
    "until": until,
}
"""The Jinja filters of the portal's pages, by name."""


def use_catalogue_in_forms() -> None:
    """Make every form look its messages up in the portal's catalogues; call once, when the app is made.

    Flask-WTF reads only the catalogues inside the WTForms package, which has none in Vietnamese. The
    assignment reaches Flask-AppBuilder's own forms too, because WTForms collects ``Meta`` from all bases.
    """
    FlaskForm.Meta.get_translations = _catalogue_of_reader


def _catalogue_of_reader(_meta: FlaskForm.Meta, _form: FlaskForm) -> NullTranslations:
    catalogue: NullTranslations = get_translations()
    return catalogue
