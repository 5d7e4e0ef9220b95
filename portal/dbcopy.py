"""The whole database out to a file and back in: SQLite by its online backup, PostgreSQL by pg_dump in a snapshot."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.exc import SQLAlchemyError

from portal.archive import BackupError
from portal.db import Database, snapshot, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

SQLITE_FILE, POSTGRES_FILE = "portal.db", "portal.pgdump"
FORMER = "before_restore_"
"""What the name of a database begins with that a restore put aside; on PostgreSQL it is a schema."""


@contextmanager
def copied_out(database: Database, folder: Path) -> Iterator[tuple[Path, Session]]:
    """Copy the database as it is at one moment, while others may write.

    Args:
        database: what is copied.
        folder: where the copy is put.

    Yields:
        the copy, and a session that sees the very moment of it.

    Raises:
        BackupError: the tools of PostgreSQL are missing or fail.
    """
    if database.is_postgres():
        with snapshot(database) as session:
            moment = session.scalar(text("SELECT pg_export_snapshot()"))
            path = folder / POSTGRES_FILE
            options = ("--format=custom", f"--exclude-schema={FORMER}*", f"--snapshot={moment}", f"--file={path}")
            _postgres(database, "pg_dump", *options)
            yield path, session
        return
    path = folder / SQLITE_FILE
    _copy_sqlite(_sqlite_path(database), path)
    with opened(path) as copy, snapshot(copy) as session:
        yield path, session


@contextmanager
def opened(path: Path) -> Iterator[Database]:
    """A copy of an SQLite database, to read in; nothing of it stays open."""
    copy = Database(f"sqlite:///{path}")
    try:
        yield copy
    finally:
        copy.session.remove()
        copy.engine.dispose()
        _settle_sqlite(path)


def _sqlite_path(database: Database) -> Path:
    return Path(str(database.engine.url.database))


def _copy_sqlite(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
    _settle_sqlite(target)


def _settle_sqlite(path: Path) -> None:
    """Make one file of a database: no write-ahead log beside it is needed to read it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _postgres(database: Database, program: str, *options: str) -> None:
    """Run one of PostgreSQL's own programs; what is secret goes by the environment, not by their arguments."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(
            f"{program} is missing: install PostgreSQL's client programs, of the server's version or newer"
        )
    url = database.engine.url
    facts = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    env = {
        **os.environ,
        **{name: str(value) for name, value in facts.items() if value},
        "PGDATABASE": str(url.database),
    }
    done = subprocess.run([found, "--no-password", *options], env=env, capture_output=True, text=True, check=False)  # noqa: S603 - our own options
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-2000:]}")


def is_empty(database: Database) -> bool:
    """Whether a database has no table at all."""
    if not database.is_postgres() and not _sqlite_path(database).exists():
        return True
    with snapshot(database) as session:
        return not inspect(session.connection()).get_table_names()


def faults_of_copy(path: Path) -> list[str]:
    """What SQLite itself finds wrong with a copy."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            said = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
            said += [f"a row of {row[0]} refers to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    except sqlite3.DatabaseError as error:
        said = [str(error)]
    return [f"database: {each}" for each in said if each != "ok"]


def copy_in(database: Database, path: Path) -> str:
    """Put a copy in the place of the database; what was there before is kept under another name.

    Args:
        database: nobody else uses it now.
        path: the copy.

    Returns:
        where the former database is; empty when there was none.

    Raises:
        BackupError: PostgreSQL refuses.
    """
    former = "" if is_empty(database) else f"{FORMER}{utc_now():%Y%m%d%H%M%S%f}"
    database.session.remove()
    if database.is_postgres():
        _into_postgres(database, path, former)
    else:
        _into_sqlite(database, path, former)
    return former


def _into_sqlite(database: Database, path: Path, former: str) -> None:
    target = _sqlite_path(database)
    database.engine.dispose()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if former:
        try:
            _settle_sqlite(target)
        except sqlite3.OperationalError as error:
            raise BackupError(f"the former database is in use, so stop the portal first ({error})") from None
        target.replace(target.with_name(f"{former}.db"))
    for leftover in ("-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    shutil.move(path, target)


def _into_postgres(database: Database, path: Path, former: str) -> None:
    try:
        with database.engine.begin() as connection:
            if former:
                connection.execute(text(f'ALTER SCHEMA public RENAME TO "{former}"'))
                connection.execute(text("CREATE SCHEMA public"))
    except SQLAlchemyError as error:
        raise BackupError(f"the former database cannot be put aside: {error}") from error
    database.engine.dispose()
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
    _postgres(database, "pg_restore", *options, f"--dbname={database.engine.url.database}", str(path))
