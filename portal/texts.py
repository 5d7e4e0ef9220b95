"""Text as it is kept: only visible characters in composed form, and never longer than its column."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, inspect

from workflows.errors import Refusal
from workflows.forms.wording import clean

KEYS = frozenset({"search", "sort_key"})
"""Texts that nobody types: they are made of the others, afterwards."""


def kept(text: str, most: int | None = None) -> str:
    """A text as it is stored; what SQLite would store whatever its length, PostgreSQL would not.

    Args:
        text: as it was typed.
        most: how many characters may remain; None for as many as there are.

    Raises:
        Refusal: `text_too_long`.
    """
    words = clean(text).text.strip()
    if most is not None and len(words) > most:
        raise Refusal("text_too_long", {"length": len(words), "max": most})
    return words


def keep_texts(row: Any) -> None:
    """Put every text of a row into the form in which it is stored; an empty optional text is no text.

    Raises:
        Refusal: `text_too_long`, one does not fit into its column; `text_missing`, a required one says nothing.
    """
    for column in inspect(type(row)).columns:
        text = getattr(row, column.key)
        if column.key in KEYS or not isinstance(column.type, String) or not isinstance(text, str):
            continue
        words = kept(text, column.type.length)
        if not words and not column.nullable:
            raise Refusal("text_missing", {"column": column.key})
        if words != text or not words:
            setattr(row, column.key, words or None)
