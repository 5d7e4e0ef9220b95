"""Puts plain values together from the parts of a text, and notes with its line what no definition may hold."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NoReturn

from workflows.errors import DefinitionError, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

DEEPEST: Final = 64
MOST_VALUES: Final = 50_000
"""Keys, values, lists and mappings in all; 256 KB of what people write hold half as many."""

MOST_DIGITS: Final = 100
MOST_TOLD: Final = 20
"""After so many findings reading ends; more would help nobody."""

KEY_SHOWN, SHOWN = 60, 200
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters except tab and line ends, halves of characters, and what is no character at all."""

LINE_ENDS: Final = re.compile(r"[\t\n\r\x85\u2028\u2029]")
STEERS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What a terminal would obey instead of showing it."""

WHOLE: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
WORDS: Final[Mapping[str, bool | None]] = {
    "true": True,
    "false": False,
    "null": None,
    "Null": None,
    "NULL": None,
    "~": None,
    "": None,
}
"""What is no text although it stands without quotes, besides whole numbers."""


@dataclass
class _Open:
    """A mapping or a list that has begun and not ended.

    Attributes:
        holds: what it has so far.
        place: the part of a path that leads to it.
        lines: of a mapping: the line of each key, in NFC.
        key: of a mapping: the key whose value comes next; None where a key comes next.
    """

    holds: dict[str, Any] | list[Any]
    place: str
    lines: dict[str, int] = field(default_factory=dict)
    key: str | None = None

    @property
    def awaits_key(self) -> bool:
        """Whether what comes next is a key."""
        return isinstance(self.holds, dict) and self.key is None

    @property
    def next_place(self) -> str:
        """The part of a path that leads from this to what comes next."""
        if isinstance(self.holds, list):
            return f"[{len(self.holds)}]"
        return f".{self.key[:KEY_SHOWN]}" if self.key else ""

    def take(self, value: object) -> None:
        """Hold another value."""
        if isinstance(self.holds, list):
            self.holds.append(value)
        elif self.key is not None:
            self.holds[self.key] = value
            self.key = None


class Builder:
    """Plain values from parts that come in the order of the text, without recursion; lines count from 1.

    A part that cannot be is noted and something harmless stands in for it, so that later ones are noted as well.
    """

    def __init__(self) -> None:
        self._root: list[Any] = []
        self._open: list[_Open] = []
        self._findings: list[Finding] = []
        self._count = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added yet."""
        return not self._root

    def begin(self, holds: dict[str, Any] | list[Any], line: int) -> None:
        """Go into a mapping or a list.

        Args:
            holds: a new, empty one.
            line: where it begins.

        Raises:
            DefinitionError: `too_deep`, `too_many_values`.
        """
        if len(self._open) == DEEPEST:
            self.stop("too_deep", line, most=DEEPEST)
        place = self._open[-1].next_place if self._open else ""
        self.add(holds, line)
        self._open.append(_Open(holds, place))

    def end(self) -> None:
        """Leave the mapping or the list that was begun last."""
        self._open.pop()

    def add_plain(self, text: str, line: int) -> None:
        """Add what stands without quotes: `true`, `false`, nothing, a whole number; everything else stays text.

        Args:
            text: as it stands there; `1.5`, `010`, `7:30` and `2025-01-31` are texts.
            line: where.

        Raises:
            DefinitionError: `too_many_values`, or too much is wrong.
        """
        if text in WORDS:
            self.add(WORDS[text], line)
        elif WHOLE.fullmatch(text):
            self.add(self._number(text, line), line)
        else:
            self.add(text, line)

    def add(self, value: object, line: int) -> None:
        """Add a key or a value; errors as in `add_plain`."""
        self._count += 1
        if self._count > MOST_VALUES:
            self.stop("too_many_values", line, most=MOST_VALUES)
        if isinstance(value, str) and (found := UNPRINTABLE.search(value)):
            self.note("not_printable", line, character=code_point(found[0]))
        if not self._open:
            self._root.append(value)
        elif self._open[-1].awaits_key:
            self._add_key(self._open[-1], value, line)
        else:
            self._open[-1].take(value)

    def note(self, code: str, line: int, **params: object) -> None:
        """Note what is wrong at this place, and read on.

        Args:
            code: of the finding.
            line: where; it becomes a param as well.
            params: the others.

        Raises:
            DefinitionError: that much is wrong that reading ends.
        """
        places = [*(each.place for each in self._open), *(each.next_place for each in self._open[-1:])]
        path = "".join(places).removeprefix(".")
        self._findings.append(_finding(path, code, line, params))
        if len(self._findings) == MOST_TOLD:
            raise DefinitionError(self._findings)

    def stop(self, code: str, line: int, **params: object) -> NoReturn:
        """End the reading, for nothing after this can be understood.

        Args:
            code: of the finding.
            line: where; it becomes a param as well.
            params: the others.

        Raises:
            DefinitionError: with everything noted so far.
        """
        raise DefinitionError([*self._findings, _finding("", code, line, params)])

    def whole(self) -> Any:
        """The value, None where the text has none.

        Raises:
            DefinitionError: with everything that was noted.
        """
        if self._findings:
            raise DefinitionError(self._findings)
        return self._root[0] if self._root else None

    def _add_key(self, inside: _Open, value: object, line: int) -> None:
        inside.key = value if isinstance(value, str) else ""
        if not isinstance(value, str):
            self.note("key_not_text", line)
        elif found := LINE_ENDS.search(value):
            self.note("not_printable", line, character=code_point(found[0]))
        else:
            self._refuse_repeat(inside, unicodedata.normalize("NFC", value), line)

    def _refuse_repeat(self, inside: _Open, key: str, line: int) -> None:
        if key in inside.lines:
            self.note("key_twice", line, key=key, first=inside.lines[key])
        inside.lines.setdefault(key, line)

    def _number(self, text: str, line: int) -> int:
        if len(text.removeprefix("-")) > MOST_DIGITS:
            self.note("too_many_digits", line, most=MOST_DIGITS)
            return 0
        return int(text)


def _finding(path: str, code: str, line: int, params: Mapping[str, object]) -> Finding:
    said = {name: _shown(value) if isinstance(value, str) else value for name, value in params.items()}
    return Finding(_shown(path, len(path)), code, {"line": line, **said})


def _shown(text: str, most: int = SHOWN) -> str:
    return STEERS.sub("\ufffd", text[:most])


def code_point(letter: str) -> str:
    """The name of a character that cannot be shown, such as U+0000."""
    return f"U+{ord(letter):04X}"
