"""How the database itself orders Vietnamese text, and finds it where no search key is stored beside it."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, String, func, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from portal.search import collation_key, search_key

ALPHABET = "vi-x-icu"
"""The Vietnamese collation that PostgreSQL has from ICU; SQLite is taught ours under the same name."""

MARKS = "[\u0300-\u036f]"
MOST_KEYS = 50_000
_key = lru_cache(MOST_KEYS)(collation_key)


def _compare(left: str, right: str) -> int:
    first, second = _key(left), _key(right)
    return (first > second) - (first < second)


def teach(connection: Any) -> None:
    """Give a connection to SQLite the alphabet and the search key.

    Args:
        connection: sqlite3's own, newly opened.
    """
    connection.create_collation(ALPHABET, _compare)
    connection.create_function("search_key", 1, search_key, deterministic=True)


def in_alphabet(text: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """A text as something to order by: a ă â b c d đ …, whatever its case."""
    return func.coalesce(text, "").collate(ALPHABET)


class _Folded(FunctionElement[str]):
    """A text without case and marks, as `portal.search.search_key` makes it."""

    name = "folded"
    type = String()
    inherit_cache = True


@compiles(_Folded, "sqlite")
def _in_sqlite(element: _Folded, compiler: Any, **more: Any) -> str:
    return f"search_key({compiler.process(element.clauses, **more)})"


@compiles(_Folded, "postgresql")
def _in_postgresql(element: _Folded, compiler: Any, **more: Any) -> str:
    text = compiler.process(element.clauses, **more)
    plain = f"regexp_replace(normalize(lower({text}), NFD), '{MARKS}', '', 'g')"
    return f"translate({plain}, 'đðƀ', 'ddb')"


def folded(*texts: ColumnElement[Any]) -> ColumnElement[str]:
    """Several texts as one to search in, without case and marks; every row is read for it, so it suits short tables.

    Args:
        texts: columns or expressions; nothing counts as an empty text.
    """
    whole: ColumnElement[str] = literal("")
    for text in texts:
        whole = whole + " " + func.coalesce(text, "")
    return _Folded(whole)
