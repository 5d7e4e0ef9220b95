"""The database: one typed base that shares Flask-AppBuilder's metadata, one engine, one way to begin."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from flask_appbuilder import Model
from sqlalchemy import JSON, DateTime, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session, sessionmaker
from sqlalchemy.types import TypeDecorator

from portal import collation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine, Executable
    from sqlalchemy.engine import Dialect
    from sqlalchemy.engine.interfaces import DBAPIConnection

READ_ONLY: ContextVar[bool] = ContextVar("read_only", default=False)
"""Set while a request promises not to write, so that SQLite's readers do not queue behind its writer."""

BUSY_SECONDS = 30


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware, UTC in the database. A naive value is refused rather than guessed."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC; SQLite keeps no zone, so it is dropped there."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Read as aware UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table of ours; shares metadata with Flask-AppBuilder so that foreign keys reach its users."""

    metadata = Model.metadata
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
    }


def table_of(model: type[Base]) -> Table:
    """The table of a model, for statements that are written without a unit of work."""
    table = model.__table__
    assert isinstance(table, Table)
    return table


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """Read in a transaction of its own that holds no lock and is over afterwards.

    Args:
        session: with nothing written yet; rows are stale afterwards, values copied from them are not.
    """
    session.rollback()
    token = READ_ONLY.set(True)
    try:
        yield
    finally:
        session.rollback()
        READ_ONLY.reset(token)


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """Write in a transaction of its own, committed at the end, within a request that promised to read.

    Args:
        session: with nothing written yet; rows are stale afterwards.
    """
    session.rollback()
    token = READ_ONLY.set(False)
    try:
        yield
        session.commit()
    finally:
        session.rollback()
        READ_ONLY.reset(token)


def utc_now() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)


def _prepare_sqlite(connection: DBAPIConnection, _record: object) -> None:
    # The driver must not begin by itself: we choose between BEGIN and BEGIN IMMEDIATE below.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    collation.teach(connection)


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer in WAL mode fails at once, so whoever may write says so first.
    connection.exec_driver_sql("BEGIN" if READ_ONLY.get() else "BEGIN IMMEDIATE")


def make_engine(url: str) -> Engine:
    """An engine with the portal's guarantees: WAL, full durability and foreign keys on SQLite, UTC on PostgreSQL.

    Args:
        url: a SQLAlchemy address, `sqlite:///…` or `postgresql+psycopg://…`.
    """
    if url.startswith("sqlite"):
        engine = create_engine(url)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_pre_ping=True, connect_args={"options": "-c timezone=UTC"})


class Database:
    """One engine and the session of the work at hand.

    Attributes:
        engine: the SQLAlchemy engine.
        session: a scoped session; one per thread, closed at the end of each request, job or command.
    """

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.session: scoped_session[Session] = scoped_session(sessionmaker(self.engine, expire_on_commit=False))

    def is_postgres(self) -> bool:
        """Whether locks and triggers follow PostgreSQL's rules."""
        return self.engine.dialect.name == "postgresql"

    def write_unless_busy(self, statement: Executable) -> bool:
        """Do one small write in a transaction of its own, or nothing where it would have to wait.

        Args:
            statement: nothing depends on whether it is done now.

        Returns:
            whether it was done; not, when another writes to SQLite at this moment.
        """
        with self.engine.connect() as connection, _patience(connection, 0):
            try:
                connection.execute(statement)
                connection.commit()
            except OperationalError as error:
                if "locked" not in str(error):
                    raise
                return False
        return True


@contextmanager
def _patience(connection: Connection, milliseconds: int) -> Iterator[None]:
    """Wait only so long for SQLite's other writer."""
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={milliseconds}")
    try:
        yield
    finally:
        connection.rollback()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.close()


@contextmanager
def snapshot(database: Database) -> Iterator[Session]:
    """A session whose every read sees one and the same moment, and that holds no writer up.

    Args:
        database: which may be in use.
    """
    engine, token = database.engine, READ_ONLY.set(True)
    if database.is_postgres():
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with Session(engine) as session:
            yield session
    finally:
        READ_ONLY.reset(token)


def insert_into(session: Session, model: type[Base]) -> Any:
    """An insert that can say what becomes of a row that is there already, as both databases can.

    Args:
        session: whose database it is for.
        model: the table.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


def lock_for(session: Session, number: int) -> None:
    """Let one transaction at a time pass, until it ends.

    SQLite's writers already wait for each other; PostgreSQL takes an advisory lock.

    Args:
        session: the transaction.
        number: which lock; each caller has its own constant.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
