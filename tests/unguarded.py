"""A document put where only its signatures would bring it, for tests of what comes after them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

GUARDS = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'official_document'")


@contextmanager
def unguarded_documents(session: Session) -> Iterator[None]:
    """Let the state of documents be written as if they were signed; that it is not otherwise, other tests see to.

    Args:
        session: on SQLite; what was changed is flushed at the end.
    """
    guards = session.execute(GUARDS).all()
    session.execute(text("PRAGMA ignore_check_constraints = ON"))
    for name, _sql in guards:
        session.execute(text(f'DROP TRIGGER "{name}"'))
    yield
    session.flush()
    for _name, sql in guards:
        session.connection().exec_driver_sql(sql)
    session.execute(text("PRAGMA ignore_check_constraints = OFF"))
