"""Copies of a PostgreSQL database for one test after another, each made while the one before is still worked with."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

TO_BE_LEFT = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")


class Copies:
    """One database that can be put back as it was; a copy is mostly waiting for the disk, so nobody waits for it.

    Attributes:
        url: the address of the copy that is worked with; the same for all of them.
    """

    def __init__(self, server: URL, like: str) -> None:
        self.url = server.set(database=f"trinh_{secrets.token_hex(6)}")
        self._like, self._made = like, 0
        self._engine = create_engine(server, isolation_level="AUTOCOMMIT")
        self._apart = ThreadPoolExecutor(max_workers=1)
        self._spare = self._apart.submit(self._copy)

    def put_back(self) -> None:
        """Exchange the database for a new copy; whoever still has it open loses it."""
        spare, self._made = self._spare.result(), self._made + 1
        worn = f"{self.url.database}_worn_{self._made}"
        self._leave()
        if self._made > 1:
            self._say(f'ALTER DATABASE "{self.url.database}" RENAME TO "{worn}"')
        self._say(f'ALTER DATABASE "{spare}" RENAME TO "{self.url.database}"')
        self._spare = self._apart.submit(self._copy)
        if self._made > 1:
            self._apart.submit(self._drop, worn)

    def close(self) -> None:
        """Drop what is left."""
        self._drop(self._spare.result())
        self._apart.shutdown()
        self._drop(str(self.url.database))
        self._engine.dispose()

    def _copy(self) -> str:
        name = f"{self.url.database}_spare_{secrets.token_hex(3)}"
        self._say(f'CREATE DATABASE "{name}" TEMPLATE "{self._like}"')
        self._say(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
        return name

    def _drop(self, name: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _leave(self) -> None:
        with self._engine.connect() as connection:
            connection.execute(TO_BE_LEFT, {"name": self.url.database}).all()

    def _say(self, statement: str) -> None:
        with self._engine.connect() as connection:
            connection.execute(text(statement))


@contextmanager
def copies_of(server: URL, like: str) -> Iterator[Copies]:
    """Copies of a database that nobody has open, and none of them left afterwards.

    Args:
        server: any database of the server.
        like: the name of the database to be copied.
    """
    copies = Copies(server, like)
    try:
        yield copies
    finally:
        copies.close()
