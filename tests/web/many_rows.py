"""Many rows of every table at once: copies of a row that is there, each pointing to other rows than the one before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, String, UniqueConstraint, func, insert, select

from portal.db import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy import BinaryExpression, Column, Connection, Table


def multiply(connection: Connection, tables: Iterable[Table], copies: int, *only: BinaryExpression[bool]) -> None:
    """Put copies of a row into each table and into the tables it refers to.

    Args:
        connection: a transaction; foreign keys and constraints hold in it as ever.
        tables: each has a row already, and one key.
        copies: how many rows more.
        only: of a table, rows that may be copied, where not any will do.
    """
    wanted, numbers = _with_targets(set(tables)), range(1, copies + 1)
    for table in (each for each in Base.metadata.sorted_tables if each in wanted):
        mine = [each for each in only if each.left.table is table]
        rows = connection.execute(select(table).where(*mine)).mappings().all()
        assert rows, f"no row of {table.name} to copy"
        fullest = max(rows, key=lambda row: sum(value is not None for value in row.values()))
        key = table.primary_key.columns[0]
        last = connection.scalar(select(func.max(key))) or 0
        targets = {column.name: _keys(connection, column) for column in table.columns if column.foreign_keys}
        copied = [_copy(table, dict(fullest), number, targets) | {key.name: last + number} for number in numbers]
        connection.execute(insert(table), copied)


def _with_targets(tables: set[Table]) -> set[Table]:
    found = {foreign.column.table for table in tables for foreign in table.foreign_keys} | tables
    return found if found == tables else _with_targets(found)


def _keys(connection: Connection, column: Column[Any]) -> list[int]:
    (foreign,) = column.foreign_keys
    return list(connection.scalars(select(foreign.column).order_by(foreign.column.desc())))


def _copy(table: Table, row: dict[str, Any], number: int, targets: dict[str, list[int]]) -> dict[str, Any]:
    copied = {name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in row.items()}
    for name, keys in targets.items():
        if row[name] is not None:
            copied[name] = keys[(number - 1) % len(keys)]
    for columns in _unique(table):
        own = [column for column in columns if column.name not in targets]
        if own:
            chosen = min(own, key=lambda column: isinstance(column.type, String))
            copied[chosen.name] = _another(row[chosen.name], number)
    return copied


def _unique(table: Table) -> Iterator[list[Column[Any]]]:
    for each in (*table.constraints, *table.indexes):
        if isinstance(each, UniqueConstraint) or (isinstance(each, Index) and each.unique):
            yield list(each.columns)
    yield from ([column] for column in table.columns if column.unique)


def _another(value: Any, number: int) -> Any:
    if isinstance(value, date):
        return value + timedelta(weeks=number)
    return value + 1000 + number if isinstance(value, int) else f"{number}-{value}"
