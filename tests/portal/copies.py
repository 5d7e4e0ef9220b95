"""Databases in memory that are made once in a process and copied for every test that wants one."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from portal import tables
from portal.db import Base, Database

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine


@cache
def with_every_table() -> bytes:
    """An empty database with every table: to make them takes thirty times as long as to copy them."""
    assert tables.LOADED
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    made = image_of(database.engine)
    database.engine.dispose()
    return made


def image_of(engine: Engine | Connection) -> bytes:
    """A database in memory, byte by byte, as it was committed."""
    raw = engine.engine.raw_connection()
    image: bytes = raw.driver_connection.serialize()
    raw.close()
    return image


def become(engine: Engine | Connection, image: bytes) -> None:
    """Let a database in memory be a copy of another one; what a connection was taught stays with it.

    Args:
        engine: of the database, with no transaction begun.
        image: of the other one.
    """
    raw = engine.engine.raw_connection()
    raw.driver_connection.deserialize(image)
    raw.close()
