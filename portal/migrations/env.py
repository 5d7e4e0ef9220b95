"""How Alembic runs: on the engine it is given, on every table of ours and of Flask-AppBuilder, one transaction."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import text

import portal.tables
from portal.db import Base, UtcDateTime

assert portal.tables.LOADED


def write_type(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration names plain types, so that it means the same after our own types have changed."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def run() -> None:
    """Run the migrations asked for.

    On SQLite, Alembic rebuilds a table to alter it; with foreign keys on, that would cascade to its children.
    """
    engine = context.config.attributes["engine"]
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        if sqlite:
            # Outside a transaction, for SQLite ignores this pragma inside one.
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=sqlite,
            compare_type=True,
            render_item=write_type,
        )
        with context.begin_transaction():
            context.run_migrations()
        if sqlite:
            broken = connection.execute(text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"migration broke foreign keys: {broken[:5]}")
            connection.rollback()
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


run()
