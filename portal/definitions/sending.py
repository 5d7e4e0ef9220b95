"""What programs send and get: a definition read like a file, the few keys of a verb, and findings with their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request

from portal.data import LARGEST_KEY
from portal.definitions.models import LONGEST_NOTE
from portal.definitions.reading import read_sent
from portal.definitions.wording import finding_words, place_of
from portal.texts import kept
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from portal.definitions.comparing import Crumb, Difference
    from portal.definitions.models import Definition
    from workflows.errors import Finding

LONGEST_NAMING = 200
"""Characters of unknown keys that an answer repeats."""


def sent() -> Any:
    """Plain values from the JSON of this request; None where it has no content.

    Raises:
        Refusal: `not_json`, it has content of another type.
        DefinitionError: it cannot be read, as in `reading.read_json`; a number with decimals is not taken either.
    """
    if not request.is_json and request.mimetype:
        raise Refusal("not_json")
    content = request.get_data()
    if content and not request.is_json:
        raise Refusal("not_json")
    return read_sent(content) if content else None


def said(taken: Collection[str]) -> dict[str, Any]:
    """What the body of a verb says.

    Args:
        taken: the keys that it may have.

    Raises:
        Refusal: `not_json`, `unknown_keys`.
        DefinitionError: as in `sent`.
    """
    body = sent()
    if not isinstance(body, dict):
        raise Refusal("not_json")
    if unknown := sorted(set(body) - set(taken)):
        named = ", ".join(unknown)[:LONGEST_NAMING]
        raise Refusal("unknown_keys", {"unknown": named, "taken": ", ".join(sorted(taken))})
    return body


def whole(body: Mapping[str, Any], key: str) -> int:
    """A number that was seen; what is none, or not there, is one that nothing has."""
    value = body.get(key)
    return value if type(value) is int and 0 <= value <= LARGEST_KEY else -1


def words(body: Mapping[str, Any], key: str) -> str:
    """Why something is done; empty where nothing is said.

    Raises:
        Refusal: `text_too_long`.
    """
    value = body.get(key)
    return kept(value, LONGEST_NOTE) if isinstance(value, str) else ""


def facts_of(definition: Definition) -> dict[str, Any]:
    """Which version or draft an answer is about."""
    names = ("id", "kind", "key", "version", "status", "edition", "sha256", "proposed_by")
    return {name: getattr(definition, name) for name in names}


def findings_of(body: Any, found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings for a program: each with its path, its place in words, its code and its sentence.

    Args:
        body: in which they were found; None where it could not be read.
        found: what is wrong with it.
    """
    return [{"path": each.path, "code": each.code, "params": dict(each.params), **_said(body, each)} for each in found]


def _said(body: Any, finding: Finding) -> dict[str, str]:
    place, sentence = finding_words(body, finding)
    return {"place": place, "message": sentence}


def changes_of(found: Iterable[Difference]) -> list[dict[str, Any]]:
    """Differences for a program: values as they are, and the place in words and as a path."""
    return [
        {
            "kind": each.kind,
            "path": _path(each.way),
            "place": place_of(each.way),
            "before": each.before,
            "after": each.after,
        }
        for each in found
    ]


def _path(way: Iterable[Crumb]) -> str:
    """A way as findings write it, such as `sections[0].fields[2].label`."""
    return ".".join(f"{each.word}[{each.number - 1}]" if each.number else each.word for each in way)
