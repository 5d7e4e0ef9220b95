"""Reads definitions nobody has checked yet: every error is noted at its path, and none stops the reading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from workflows.errors import Finding, Label

KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,60}")
"""How definitions, stages and steps are named."""

UNIT_CODE: Final = re.compile(r"[\w&./-]{1,40}")
"""How definitions name a unit."""

LANGUAGES: Final = ("vi", "en")
LABEL_LENGTH: Final = 200
_MISSING: Final = object()
FINDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "missing_key": (),
    "unknown_key": ("known",),
    "wrong_type": ("expected",),
    "too_few": ("least",),
    "too_many": ("most",),
    "blank": (),
    "too_long": ("most",),
    "bad_character": (),
    "bad_word": ("pattern",),
    "not_one_of": ("allowed",),
    "out_of_range": ("least", "most"),
    "duplicate": ("value",),
    "reserved": ("value",),
    "too_many_steps": ("most",),
    "approve_missing": (),
    "no_way_to_refuse": (),
    "unit_needed": (),
    "unit_not_meant": (),
    "field_needed": (),
    "field_not_meant": (),
    "one_of_these": ("allowed",),
    "advisers_do_not_decide": (),
    "vote_needs_one_refusal": (),
    "nobody_signs": ("stage",),
    "signs_unseen": ("stage",),
    "cosigned_too_late": ("stage",),
    "cosigned_perhaps": ("stage",),
    "cosigned_in_emergency": (),
    "signs_unread": ("stage",),
    "edits_alone": (),
    "edits_unseen": (),
    "edits_signed": ("stage",),
    "beyond_reading": ("sections",),
    "budget_needed": (),
    "rungs_out_of_order": ("after",),
    "escalates_one": (),
    "nothing_after_expiry": (),
    "bad_operator": ("allowed",),
    "guard_too_deep": ("most",),
    "guard_too_big": ("most",),
}
"""Every code of a finding about a chain or a guard, with the names of its params."""

_UNFIT: Final = ("Cc", "Cs")  # control characters, and halves of characters that no encoding can write
_STEERING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")
"""What turns the letters after it around, and what nobody sees: a label would read as something else than it says."""

_SHOWN: Final = 20  # unknown keys of one mapping that are reported; more would help nobody


@dataclass(frozen=True)
class Node:
    """One value of an unchecked definition, where it stands, and the shared list of findings.

    Every reading method returns something of the promised type: the value, or after noting a finding a
    harmless stand-in. A definition counts only when ``findings`` stayed empty. A missing value was noted
    by its parent where it must be there, so reading it is silent: it reads as an empty list, as no word, as no.

    Attributes:
        value: Anything that JSON or YAML can hold.
        path: ``stages[1].steps[0].owner``; empty for the whole definition.
        findings: Where this node and all its relatives note what is wrong.
    """

    value: object
    path: str
    findings: list[Finding]

    @property
    def given(self) -> bool:
        """Whether the definition has this value at all."""
        return self.value is not _MISSING

    def note(self, code: str, **params: object) -> None:
        """Records an error at this path, unless the value is missing, which is an error already."""
        if self.given:
            self.findings.append(Finding(self.path, code, params))

    def child(self, key: str, value: object) -> Node:
        """Gives the node of a value inside this mapping."""
        return Node(value, f"{self.path}.{key}" if self.path else key, self.findings)

    def fields(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """Reads a mapping with known keys: ``missing_key`` and ``unknown_key`` are noted, nothing is ignored."""
        body = self.mapping()
        known = (*required, *optional)
        for key in islice((key for key in body if key not in known), _SHOWN):
            self.child(str(key)[:60], body[key]).note("unknown_key", known=list(known))
        found = {key: self.child(key, body.get(key, _MISSING)) for key in known}
        for key in required:
            if isinstance(self.value, Mapping) and not found[key].given:
                self.findings.append(Finding(found[key].path, "missing_key"))
        return found

    def mapping(self) -> Mapping[object, object]:
        """Reads a mapping with whatever keys."""
        if isinstance(self.value, Mapping):
            return self.value
        self.note("wrong_type", expected="mapping")
        return {}

    def items(self, least: int, most: int) -> list[Node]:
        """Reads a list of ``least`` to ``most`` values; those beyond ``most`` are not looked at."""
        if not isinstance(self.value, list | tuple):
            self.note("wrong_type", expected="list")
            return []
        if len(self.value) < least:
            self.note("too_few", least=least)
        if len(self.value) > most:
            self.note("too_many", most=most)
        return [self.item(number, value) for number, value in enumerate(self.value[:most])]

    def item(self, number: int, value: object) -> Node:
        """Gives the node of a value inside this list."""
        return Node(value, f"{self.path}[{number}]", self.findings)

    def text(self, most: int) -> str:
        """Reads a text of 1 to ``most`` characters on one line, not blank, as NFC."""
        if not isinstance(self.value, str):
            self.note("wrong_type", expected="text")
            return ""
        if not self.value.strip():
            self.note("blank")
        if len(self.value) > most:
            self.note("too_long", most=most)
        said = self.value[:most]
        if _STEERING.search(said) or any(unicodedata.category(letter) in _UNFIT for letter in said):
            self.note("bad_character")
        return unicodedata.normalize("NFC", said)

    def word(self, pattern: re.Pattern[str] = KEY) -> str:
        """Reads a text that matches a pattern as a whole."""
        if not isinstance(self.value, str):
            self.note("wrong_type", expected="text")
            return ""
        if not pattern.fullmatch(self.value):
            self.note("bad_word", pattern=pattern.pattern)
        return self.value

    def choice(self, allowed: Collection[str]) -> str:
        """Reads one of the allowed words."""
        if isinstance(self.value, str) and self.value in allowed:
            return self.value
        self.note("not_one_of", allowed=list(allowed))
        return ""

    def number(self, least: int, most: int) -> int:
        """Reads a whole number within bounds; true and false are not numbers."""
        if type(self.value) is not int:
            self.note("wrong_type", expected="integer")
            return least
        if not least <= self.value <= most:
            self.note("out_of_range", least=least, most=most)
        return self.value

    def flag(self) -> bool:
        """Reads yes or no."""
        if not isinstance(self.value, bool):
            self.note("wrong_type", expected="yes/no")
        return self.value is True

    def label(self) -> Label:
        """Reads a text in both languages."""
        return {key: node.text(LABEL_LENGTH) for key, node in self.fields(LANGUAGES).items()}


def refuse_repeats(nodes: Collection[Node], values: Collection[str]) -> None:
    """Notes ``duplicate`` at each node whose value has appeared before it."""
    seen: set[str] = set()
    for node, value in zip(nodes, values, strict=True):
        if value in seen:
            node.note("duplicate", value=value)
        seen.add(value)
