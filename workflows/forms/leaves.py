"""The smallest things an input can hold: one text, number, date or choice, read from and written to a string."""
# ruff: noqa: ARG002 - every leaf is asked the same questions

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from workflows.forms.notation import (
    MAX_DIGITS,
    Unreadable,
    fold,
    is_canonical,
    is_iso_date,
    read_date,
    read_number,
    write_date,
    write_number,
)
from workflows.forms.wording import clean, secrecy_mark_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflows.errors import Severity
    from workflows.forms.schema import Choice, Scalar
    from workflows.periods import Window

YES = {"yes", "có", "true", "on", "1", "x"}
NO = {"no", "không", "false", "off", "0"}

_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Note(NamedTuple):
    """A remark on a value that could be read."""

    code: str
    params: Mapping[str, object]
    severity: Severity


class Read(NamedTuple):
    """A value that could be read, with remarks on it."""

    value: object
    notes: tuple[Note, ...] = ()


class Leaf(Protocol):
    """How one input is read, written and recognised. ``kind`` tells a screen which control to draw."""

    kind: ClassVar[str]

    def read(self, text: str, period: Window | None) -> Read:
        """Read cleaned, stripped, non-empty text; raises ``Unreadable``."""

    def write(self, value: Any) -> str:
        """The text that shows a sound value; reading it gives the value back."""

    def is_sound(self, value: object) -> bool:
        """Whether a value is one that reading can give."""

    def fact(self, value: Any) -> Scalar:
        """What guards may see of a sound value."""


def _as_read(typed: str, written: str, *, guessed: bool) -> tuple[Note, ...]:
    return (Note("read_as", {"typed": typed, "read": written}, "info"),) if guessed else ()


@dataclass(frozen=True)
class Words:
    """Text; on a single line, line breaks and tabs become spaces. Value: ``str``."""

    lines: bool = False
    kind: ClassVar[str] = "text"

    def read(self, text: str, period: Window | None) -> Read:
        """Read any text; a mark of secrecy is an error at once, so that the text need not even be saved."""
        words = text if self.lines else text.translate({9: " ", 10: " "})
        mark = secrecy_mark_in(text)
        return Read(words, (Note("classified_text", {"mark": mark}, "error"),) if mark else ())

    def write(self, value: Any) -> str:
        """The text itself."""
        return str(value)

    def is_sound(self, value: object) -> bool:
        """Clean, stripped and not empty."""
        if not isinstance(value, str) or not value or value != value.strip():
            return False
        return clean(value).text == value and (self.lines or not {"\n", "\t"} & set(value))

    def fact(self, value: Any) -> Scalar:
        """The text itself."""
        return str(value)


@dataclass(frozen=True)
class Whole:
    """A whole number. Value: ``int``."""

    units: tuple[str, ...] = ()
    kind: ClassVar[str] = "number"

    def read(self, text: str, period: Window | None) -> Read:
        """Read a number without a fraction; raises ``Unreadable`` with ``not_whole`` as well."""
        digits, guessed = read_number(text, self.units)
        whole, _, part = digits.partition(".")
        if part.strip("0"):
            raise Unreadable("not_whole")
        return Read(int(whole), _as_read(text, self.write(int(whole)), guessed=guessed))

    def write(self, value: Any) -> str:
        """Grouped by points: ``6.632``."""
        return write_number(value)

    def is_sound(self, value: object) -> bool:
        """An integer of at most 18 digits."""
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**MAX_DIGITS

    def fact(self, value: Any) -> Scalar:
        """The number."""
        return int(value)


@dataclass(frozen=True)
class Exact:
    """A decimal number, its decimals kept as typed. Value: ``str`` such as ``"60.74"``."""

    units: tuple[str, ...] = ()
    kind: ClassVar[str] = "number"

    def read(self, text: str, period: Window | None) -> Read:
        """Read a number."""
        digits, guessed = read_number(text, self.units)
        return Read(digits, _as_read(text, self.write(digits), guessed=guessed))

    def write(self, value: Any) -> str:
        """With a decimal comma: ``60,74``."""
        return write_number(value)

    def is_sound(self, value: object) -> bool:
        """A decimal in canonical form."""
        return is_canonical(value)

    def fact(self, value: Any) -> Scalar:
        """The number as a ``Decimal``."""
        return Decimal(value)


@dataclass(frozen=True)
class Percentage(Exact):
    """A percentage that someone states; the sign may be left out. Value: ``str`` such as ``"14.02"``."""

    kind: ClassVar[str] = "percentage"

    def read(self, text: str, period: Window | None) -> Read:
        """Read a number with or without a percent sign."""
        return super().read(text.removesuffix("%").rstrip(), period)


@dataclass(frozen=True)
class Day:
    """A calendar day. Value: ``str`` such as ``"2025-01-31"``."""

    kind: ClassVar[str] = "date"

    def read(self, text: str, period: Window | None) -> Read:
        """Read a date; the period lends its year to a date without one."""
        day, guessed = read_date(text, period)
        return Read(day.isoformat(), _as_read(text, write_date(day), guessed=guessed))

    def write(self, value: Any) -> str:
        """Day first: ``31/01/2025``."""
        return write_date(value)

    def is_sound(self, value: object) -> bool:
        """An existing day in ISO form, from the year 1000 on."""
        return is_iso_date(value)

    def fact(self, value: Any) -> Scalar:
        """The ISO form, which compares as dates do."""
        return str(value)


@dataclass(frozen=True)
class OneOf:
    """One of several answers, by its key or by its label in either language. Value: the key."""

    choices: tuple[Choice, ...]
    kind: ClassVar[str] = "choice"

    def read(self, text: str, period: Window | None) -> Read:
        """Find the answer; raises ``Unreadable`` with ``not_offered``."""
        if self.is_sound(text):
            return Read(text)
        for choice in self.choices:
            if fold(text) in map(fold, choice.label.values()):
                return Read(choice.key)
        raise Unreadable("not_offered")

    def write(self, value: Any) -> str:
        """The key."""
        return str(value)

    def is_sound(self, value: object) -> bool:
        """The key of an answer that is offered."""
        return any(value == choice.key for choice in self.choices)

    def fact(self, value: Any) -> Scalar:
        """The key."""
        return str(value)


@dataclass(frozen=True)
class Offered:
    """One of the answers that the portal offers. Value: ``{"key": …, "label": {"vi": …, "en": …}}``, as it was then."""

    choices: tuple[Choice, ...]
    kind: ClassVar[str] = "choice"

    def read(self, text: str, period: Window | None) -> Read:
        """Find the answer and keep its label; raises ``Unreadable`` with ``not_offered``."""
        key = OneOf(self.choices).read(text, period).value
        return Read(next(as_offered(choice) for choice in self.choices if choice.key == key))

    def write(self, value: Any) -> str:
        """The key."""
        return str(value["key"])

    def is_sound(self, value: object) -> bool:
        """A key and a label, whatever is offered now."""
        if not isinstance(value, dict) or value.keys() != {"key", "label"} or not isinstance(value["label"], dict):
            return False
        texts = (value["key"], *value["label"].values())
        return value["label"].keys() == {"vi", "en"} and all(map(Words().is_sound, texts))

    def fact(self, value: Any) -> Scalar:
        """The key."""
        return str(value["key"])


def as_offered(choice: Choice) -> dict[str, object]:
    """An answer as it is kept beside its label."""
    return {"key": choice.key, "label": dict(choice.label)}


@dataclass(frozen=True)
class YesNo:
    """Yes or no; nothing typed is neither. Value: ``bool``."""

    kind: ClassVar[str] = "yes_no"

    def read(self, text: str, period: Window | None) -> Read:
        """Read yes or no in either language; raises ``Unreadable`` with ``not_yes_or_no``."""
        answer = fold(text)
        if answer not in YES | NO:
            raise Unreadable("not_yes_or_no")
        return Read(answer in YES)

    def write(self, value: Any) -> str:
        """``yes`` or ``no``."""
        return "yes" if value else "no"

    def is_sound(self, value: object) -> bool:
        """True or false."""
        return isinstance(value, bool)

    def fact(self, value: Any) -> Scalar:
        """The answer."""
        return bool(value)


@dataclass(frozen=True)
class Tick(YesNo):
    """One of several answers that may each be ticked; nothing typed is no. Value: ``bool``."""

    kind: ClassVar[str] = "tick"


@dataclass(frozen=True)
class FileIds:
    """Stored files by their ids, separated by spaces. Value: ``list[str]`` without repetition."""

    kind: ClassVar[str] = "files"

    def read(self, text: str, period: Window | None) -> Read:
        """Read ids; raises ``Unreadable`` with ``not_a_file``."""
        ids = list(dict.fromkeys(text.split()))
        if not all(map(_FILE_ID.fullmatch, ids)):
            raise Unreadable("not_a_file")
        return Read(ids)

    def write(self, value: Any) -> str:
        """The ids, separated by spaces."""
        return " ".join(value)

    def is_sound(self, value: object) -> bool:
        """A list of different ids, not empty."""
        if not isinstance(value, list) or not value:
            return False
        well_formed = all(isinstance(item, str) and _FILE_ID.fullmatch(item) for item in value)
        return well_formed and len(set(value)) == len(value)

    def fact(self, value: Any) -> Scalar:
        """How many files there are."""
        return len(value)
