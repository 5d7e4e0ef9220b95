"""Changing a body by its structure: items are added, moved, copied and removed, and the body itself stays as it was."""

from __future__ import annotations

import copy
import re
from typing import Any

from portal.definitions.comparing import IDENTITIES
from portal.definitions.paths import at, item, split, steps_of
from portal.search import search_key
from workflows.errors import Refusal

LONGEST_SLUG = 30
MOST_ITEMS = 5_000
"""Items of one list; a definition that can be published has far fewer."""


def _copied(body: Any) -> Any:
    return copy.deepcopy(body)


def _list(body: Any, path: str) -> list[Any]:
    """The list at a place, made where its mapping has none yet.

    Raises:
        Refusal: `no_such_thing`.
    """
    found = at(body, path)
    if isinstance(found, list):
        return found
    holder, _, key = path.rpartition(".")
    mapping = at(body, holder)
    if found is not None or not isinstance(mapping, dict) or not key:
        raise Refusal("no_such_thing")
    made: list[Any] = mapping.setdefault(key, [])
    return made


def added(body: Any, path: str, new: Any) -> tuple[Any, str]:
    """Put an item at the end of a list.

    Args:
        body: plain values; it stays as it is.
        path: of the list.
        new: the item.

    Returns:
        the new body, and the path of the item.

    Raises:
        Refusal: `no_such_thing`, `too_many_items`.
    """
    other = _copied(body)
    items = _list(other, path)
    _refuse_full(items)
    items.append(new)
    return other, item(path, len(items) - 1)


def _refuse_full(items: list[Any]) -> None:
    if len(items) >= MOST_ITEMS:
        raise Refusal("too_many_items", {"most": MOST_ITEMS})


def removed(body: Any, path: str) -> tuple[Any, str]:
    """Take an item out of its list; gives the new body, and the path of what the list stands in.

    Raises:
        Refusal: `no_such_thing`.
    """
    other = _copied(body)
    where, number = split(path)
    items = _list(other, where)
    if number >= len(items):
        raise Refusal("no_such_thing")
    items.pop(number)
    return other, where.rpartition(".")[0]


def doubled(body: Any, path: str) -> tuple[Any, str]:
    """Put a copy of an item behind it, under a key of its own; returns and raises as `added`."""
    other = _copied(body)
    where, number = split(path)
    items = _list(other, where)
    if number >= len(items):
        raise Refusal("no_such_thing")
    _refuse_full(items)
    items.insert(number + 1, renamed(items[number], body))
    return other, item(where, number + 1)


def moved(body: Any, path: str, target: str, number: int) -> tuple[Any, str]:
    """Take an item to a place in its own or in another list.

    Args:
        body: plain values; it stays as it is.
        path: of the item.
        target: the path of the list it goes into, as it was before.
        number: before which item of that list it goes, counted from 0 without the item itself.

    Returns:
        the new body, and the path of the item.

    Raises:
        Refusal: `no_such_thing`, also where an item would go into itself; `too_many_items`.
    """
    if target.startswith((f"{path}.", f"{path}[")):
        raise Refusal("no_such_thing")
    other = _copied(body)
    where, before = split(path)
    items, into = _list(other, where), _list(other, target)
    if before >= len(items):
        raise Refusal("no_such_thing")
    moving = items.pop(before)
    _refuse_full(into)
    place = max(0, min(number, len(into)))
    into.insert(place, moving)
    return other, item(_after_leaving(target, where, before), place)


def _after_leaving(target: str, where: str, before: int) -> str:
    """The path of a list once an item is gone that stood in another list before it."""
    steps, gone = steps_of(target), steps_of(where)
    if steps[: len(gone)] == gone and len(steps) > len(gone):
        number = steps[len(gone)]
        if isinstance(number, int) and number > before:
            return item(where, number - 1) + target[len(item(where, number)) :]
    return target


def replaced(body: Any, path: str, thing: dict[str, Any]) -> Any:
    """Let a thing say something else.

    Args:
        body: plain values; it stays as it is.
        path: of the thing; empty for the whole.
        thing: what it says then.

    Raises:
        Refusal: `no_such_thing`.
    """
    if not path:
        return thing
    other = _copied(body)
    if not path.endswith("]"):
        return _put(other, path, thing)
    where, number = split(path)
    items = _list(other, where)
    if number >= len(items):
        raise Refusal("no_such_thing")
    items[number] = thing
    return other


def _put(body: Any, path: str, thing: dict[str, Any]) -> Any:
    """Let a thing that stands in no list say something else."""
    holder, _, key = path.rpartition(".")
    mapping = at(body, holder)
    if not isinstance(mapping, dict) or key not in mapping:
        raise Refusal("no_such_thing")
    mapping[key] = thing
    return body


def renamed(item_: Any, body: Any) -> Any:
    """A copy of an item whose key, and those of all inside it that must be its own, are not taken yet.

    Questions in it measure nothing until somebody says what: two of a form never feed one indicator.
    """
    other = _copied(item_)
    taken, last = set(_names(body)), dict[str, int]()
    for mapping in _mappings(other):
        mapping.pop("indicator", None)
        for key in ("key", "name"):
            if isinstance(mapping.get(key), str):
                mapping[key] = free_name(mapping[key], taken, last)
                taken.add(mapping[key])
    return other


def free_name(wanted: str, taken: set[str], last: dict[str, int] | None = None) -> str:
    """A name that nothing has yet: the wanted one, or with the first free number behind it.

    Args:
        wanted: what it would be.
        taken: what others have.
        last: of many names in a row: the number that each stem came to, so that none is counted from its beginning.
    """
    if wanted not in taken:
        return wanted
    stem = wanted.rstrip("0123456789").rstrip("_-") or wanted
    stem += "-" if "-" in stem else "_"
    last = {} if last is None else last
    number = last.get(stem, 1) + 1
    while f"{stem}{number}" in taken:
        number += 1
    last[stem] = number
    return f"{stem}{number}"


def slug(words: str, otherwise: str) -> str:
    """A key made of the letters and digits of some words, without accents.

    Args:
        words: in any language.
        otherwise: the key where they have none.
    """
    plain = _cut(re.sub(r"[^a-z0-9]+", "_", search_key(words)).strip("_"))
    return plain if plain and plain[0].isalpha() else f"{otherwise}_{plain}".strip("_")


def _cut(plain: str) -> str:
    """No longer than a key is read, and cut between two words where there are two."""
    if len(plain) <= LONGEST_SLUG:
        return plain
    whole, _, _ = plain[: LONGEST_SLUG + 1].rpartition("_")
    return whole or plain[:LONGEST_SLUG]


def _names(body: Any) -> list[str]:
    return [mapping[key] for mapping in _mappings(body) for key in IDENTITIES[:2] if isinstance(mapping.get(key), str)]


def _mappings(value: Any) -> list[dict[str, Any]]:
    """Every mapping inside a value, itself among them."""
    found, open_ = [], [value]
    while open_:
        here = open_.pop()
        if isinstance(here, dict):
            found.append(here)
            open_ += list(here.values())
        elif isinstance(here, list):
            open_ += here
    return found


def taken_names(body: Any) -> set[str]:
    """Every key and name that something in a body has."""
    return set(_names(body))
