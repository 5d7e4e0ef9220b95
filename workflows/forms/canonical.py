"""The one way to write answers down, so that the same answers always have the same hash."""

from __future__ import annotations

import hashlib
import json
import unicodedata


def canonical_json(value: object) -> str:
    """JSON with sorted keys, no spaces and composed (NFC) text in its own letters.

    Raises:
        TypeError: A float, which has no single spelling, or something that is not JSON.
        ValueError: Two keys of one object are the same text once composed.
    """
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(value: object) -> str:
    """SHA-256 of the canonical JSON in UTF-8, as 64 hexadecimal digits; raises as ``canonical_json``."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return _plain_object(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _plain_object(value: dict[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise TypeError("a key is not text")
        name = unicodedata.normalize("NFC", key)
        if name in plain:
            raise ValueError(f"two keys are both {name}")
        plain[name] = _plain(item)
    return plain
