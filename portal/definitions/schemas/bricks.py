"""The bricks of the schemas: what each reading method of `workflows.reader.Node` takes, as JSON Schema says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from workflows.forms.notation import CANONICAL, MAX_DIGITS
from workflows.forms.schema import FIELD_NAME
from workflows.reader import KEY, LABEL_LENGTH, LANGUAGES

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Mapping

Schema: TypeAlias = dict[str, Any]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

LANGUAGE_NAMES: Final[Mapping[str, str]] = {"vi": "In Vietnamese.", "en": "In English."}

_DAY: Final = (
    "[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])"
    "|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))"
)
_CODE: Final = r"^[^\x00-%'-,:-@\[-^`{-\x7f]{1,40}$"
"""`workflows.reader.UNIT_CODE` without `\\w`, which means other letters in JavaScript than in Python."""


def whole_text(pattern: re.Pattern[str]) -> str:
    """A pattern that a text has to match from its first to its last character."""
    return f"^(?:{pattern.pattern})$"


def text(says: str, most: int) -> Schema:
    """One line of text that is not blank."""
    return {"description": says, "type": "string", "minLength": 1, "maxLength": most, "pattern": r"\S"}


def word(says: str, pattern: re.Pattern[str] = KEY) -> Schema:
    """A text that matches a pattern as a whole."""
    return {"description": says, "type": "string", "pattern": whole_text(pattern)}


def unit_code(says: str) -> Schema:
    """The code of a unit."""
    return {"description": says, "type": "string", "pattern": _CODE}


def choice(says: str, allowed: Collection[str]) -> Schema:
    """One of some words."""
    return {"description": says, "type": "string", "enum": list(allowed)}


def number(says: str, least: int, most: int) -> Schema:
    """A whole number within bounds."""
    return {"description": says, "type": "integer", "minimum": least, "maximum": most}


def flag(says: str) -> Schema:
    """Yes or no."""
    return {"description": says, "type": "boolean"}


def label(says: str, most: int = LABEL_LENGTH) -> Schema:
    """A text in both languages."""
    return closed(says, {language: text(LANGUAGE_NAMES[language], most) for language in LANGUAGES})


def day(says: str) -> Schema:
    """A day such as `"2025-09-02"`."""
    return {"description": says, "type": "string", "format": "date", "pattern": f"^{_DAY}$"}


def figure(says: str) -> Schema:
    """An exact number: a whole one, or a decimal in quotes."""
    return {"description": says, "anyOf": [WHOLE, EXACT]}


def items(says: str, each: Schema, least: int, most: int, *, once: bool = False) -> Schema:
    """A list.

    Args:
        says: what it is for.
        each: what stands in it.
        least: how many at least.
        most: how many at most.
        once: whether each may stand there only once.
    """
    listed = {"description": says, "type": "array", "items": each, "minItems": least, "maxItems": most}
    return listed | ({"uniqueItems": True} if once else {})


def names(says: str, most: int, pattern: re.Pattern[str] = KEY) -> Schema:
    """A list of words, each once."""
    return items(says, {"type": "string", "pattern": whole_text(pattern)}, 1, most, once=True)


def closed(
    says: str, required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, **more: Any
) -> Schema:
    """A mapping that takes no other keys.

    Args:
        says: what it is for.
        required: what it must say.
        optional: what it may say besides.
        more: further keywords of JSON Schema.
    """
    return {
        "description": says,
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
        **more,
    }


def only_with(key: str, value: str, then: Schema, otherwise: Schema | None = None) -> Schema:
    """A condition: where a key has a value one thing holds, and otherwise another."""
    asked = {"required": [key], "properties": {key: {"const": value}}}
    return {"if": asked, "then": then, **({"else": otherwise} if otherwise else {})}


def without(keys: Collection[str]) -> Schema:
    """None of the keys may be there."""
    return {"properties": dict.fromkeys(keys, False)}


def whole(title: str, body: Schema, parts: Mapping[str, Schema] | None = None) -> Schema:
    """The schema of a kind.

    Args:
        title: what it is of.
        body: of the whole definition.
        parts: what it refers to with `ref`.
    """
    return {"$schema": DIALECT, "title": title, **body, **({"$defs": dict(parts)} if parts else {})}


def ref(part: str, says: str = "") -> Schema:
    """A part of the schema that is described in one place."""
    return {**({"description": says} if says else {}), "$ref": f"#/$defs/{part}"}


_LARGEST: Final = 10**MAX_DIGITS - 1
WHOLE: Final = number(f"A whole number of at most {MAX_DIGITS} digits.", -_LARGEST, _LARGEST)
EXACT: Final[Schema] = {
    "description": 'A decimal number, in quotes so that it stays exact, such as "60.74".',
    "type": "string",
    "pattern": f"^(?!-[0.]*$)(?:{CANONICAL.pattern})$",
}


def schema_number(newest: int) -> Schema:
    """Which schema a definition follows."""
    return number("The number of this schema.", newest, newest)


def field_name(says: str) -> Schema:
    """The name of a field."""
    return word(says, FIELD_NAME)
