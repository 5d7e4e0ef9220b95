"""What the field types write their results on: a sheet while reading, an inspection at the submit gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from workflows.errors import Finding
from workflows.forms.notation import Unreadable
from workflows.forms.wording import clean, denied_in, glued_words_in, html_in, secrecy_mark_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflows.forms.leaves import Leaf
    from workflows.forms.schema import Context
    from workflows.periods import Window

PLACES_SHOWN = 100
"""How many places of a deny-listed phrase a finding carries; it always carries their count."""

WORDS_SHOWN = 10
"""How many glued words a finding carries."""


@dataclass
class Sheet:
    """The inputs of one field, and what reading them leaves behind.

    Attributes:
        raw: What was typed, by the name of the input.
        period: The reporting window, which lends its year to dates without one.
        unread: What could not be read, by the name of the input.
        findings: Remarks, in the order of reading.
    """

    raw: Mapping[str, str]
    period: Window | None = None
    unread: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def read(self, leaf: Leaf, name: str) -> object | None:
        """The value of one input; None when it is blank, or unreadable and therefore kept as typed."""
        typed = clean(self.raw.get(name, ""))
        text = typed.text.strip()
        if not text:
            return None
        if typed.composed:
            self.findings.append(Finding(name, "normalised", severity="info"))
        if typed.removed:
            self.findings.append(Finding(name, "characters_removed", {"count": typed.removed}, "info"))
        try:
            value, notes = leaf.read(text, self.period)
        except Unreadable as refusal:
            self.leave(name, text, refusal)
            return None
        self.findings.extend(Finding(name, *note) for note in notes)
        return value

    def leave(self, name: str, text: str, refusal: Unreadable) -> None:
        """Keep a text as it was typed and say why it stays unread."""
        self.unread[name] = text
        self.findings.append(Finding(name, refusal.code, refusal.params))


@dataclass(frozen=True)
class Inspection:
    """What the checks of the submit gate share.

    Attributes:
        context: Date, period and deny list.
        unread: Names of the inputs whose text could not be read.
    """

    context: Context
    unread: frozenset[str] = frozenset()

    def is_unread(self, path: str) -> bool:
        """Whether something was typed at or below a path that could not be read: then it is not missing."""
        return path in self._reached

    @cached_property
    def _reached(self) -> frozenset[str]:
        words = [name.split(".") for name in self.unread]
        return frozenset(".".join(parts[:end]) for parts in words for end in range(1, len(parts) + 1))

    def words(self, path: str, text: str, longest: int) -> Iterator[Finding]:
        """All that keeps a text out of an official document, or should make its author look again."""
        if len(text) > longest:
            yield Finding(path, "too_long", {"length": len(text), "max": longest})
        if html := html_in(text):
            yield Finding(path, "html_in_text", {"found": html})
        if mark := secrecy_mark_in(text):
            yield Finding(path, "classified_text", {"mark": mark})
        for phrase, places in denied_in(text, self.context.deny_list):
            shown = [list(place) for place in islice(places, PLACES_SHOWN)]
            yield Finding(path, "denied_phrase", {"phrase": phrase, "count": len(places), "places": shown})
        if len(text) <= longest and (glued := list(glued_words_in(text))):
            yield Finding(path, "glued_words", {"words": glued[:WORDS_SHOWN], "count": len(glued)}, "warning")
