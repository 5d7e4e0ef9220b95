"""Migrations: they equal the models, keep every row and every trigger, up and down, on a database that is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from portal import cli, tables
from portal.app import create_app
from portal.db import Base
from portal.demo.journey import Journey
from tests.conftest import prepare_province, settings_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from portal.db import Database


REWRITINGS = (
    "UPDATE audit_entry SET actor = 'nobody'",
    "DELETE FROM audit_entry",
    "UPDATE approval_event SET kind = 'case_rejected'",
    "DELETE FROM approval_event",
    "UPDATE approval_decision SET reason = ''",
    "DELETE FROM approval_decision",
    "UPDATE submission_version SET content = '{}'",
    "DELETE FROM submission_version",
    "UPDATE definition SET body = '{}'",
    "DELETE FROM definition",
    "UPDATE definition SET note = 'another reason'",
    "UPDATE definition SET published_by = 'somebody'",
    "UPDATE definition SET name = '{}'",
    "UPDATE definition SET authors = '[\"somebody\"]'",
    "UPDATE definition SET status = 'draft', published_at = NULL",
    "UPDATE official_document SET number = 99",
    "UPDATE official_document SET content = '{}'",
    "UPDATE official_document SET template_id = (SELECT min(id) FROM definition)",
    "UPDATE official_document SET content = '{}', status = 'rendering', file_id = NULL",
    "UPDATE official_document SET verification_code = NULL",
    "UPDATE official_document SET retention_kind = 'permanent', kept_until = NULL",
    "UPDATE submission SET follows_id = 1, follows_kind = 'replaces', follows_reason = 'why'",
    "DELETE FROM official_document",
    "UPDATE register SET last_number = 0",
    "UPDATE register SET last_number = 99",
    "DELETE FROM register",
    "UPDATE register SET year = 1999",
    "UPDATE register SET before_portal = 1",
    "UPDATE register SET name_vi = 'Another book'",
    "UPDATE register_entry SET number = 99",
    "UPDATE register_entry SET state = 'void', void_reason = 'why'",
    "UPDATE register_entry SET title = 'Another'",
    "DELETE FROM register_entry",
    "UPDATE stored_file SET sha256 = 'x'",
    "DELETE FROM stored_file",
)

BEFORE_TRIGGERS = "00d9b845e7dc"
"""The first tables, before there was anything to keep frozen."""

EMPTYINGS = tuple(
    f"TRUNCATE {table} CASCADE"
    for table in ("audit_entry", "approval_event", "official_document", "register_entry", "submission_version")
)


BEFORE_TRIGGERS = "00d9b845e7dc"
"""The migration before the one that makes the triggers."""


@pytest.fixture
def filled(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A portal in whose database a report has gone all the way."""
    app = create_app(settings_in(tmp_path, DATABASE_URL=database_url))
    prepare_province(app)
    with app.app_context():
        Journey(app, lambda _line: None).travel()
    yield app
    database: Database = app.extensions["trinh"]["database"]
    database.session.remove()
    database.engine.dispose()


def _database(app: Flask) -> Database:
    database: Database = app.extensions["trinh"]["database"]
    database.session.remove()
    return database


def _counts(database: Database) -> dict[str, int]:
    assert tables.LOADED
    with database.engine.connect() as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in Base.metadata.tables.items()
        }


def _triggers(database: Database) -> set[str]:
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if database.is_postgres()
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with database.engine.connect() as connection:
        return set(connection.scalars(text(query)))


def _schema(database: Database) -> dict[str, Any]:
    found = inspect(database.engine)
    return {
        table: {
            "columns": {
                (column["name"], str(column["type"]), column["nullable"]) for column in found.get_columns(table)
            },
            "foreign": {(key["name"], key["referred_table"]) for key in found.get_foreign_keys(table)},
            "unique": {key["name"] for key in found.get_unique_constraints(table)},
            "indexes": {index["name"] for index in found.get_indexes(table)},
            "checks": {check["name"] for check in found.get_check_constraints(table)},
        }
        for table in found.get_table_names()
    }


def test_migrations_equal_the_models_and_never_drop_a_table(filled: Flask) -> None:
    with filled.app_context():
        command.check(cli.alembic_config(_database(filled)))


def test_down_and_up_again_keeps_schema_triggers_and_rows(filled: Flask) -> None:
    database = _database(filled)
    before = (_schema(database), _triggers(database), _counts(database))
    assert before[2]["approval_decision"] == 4, "one return and three approvals are on record"
    assert len(before[1]) >= 10
    with filled.app_context():
        command.downgrade(cli.alembic_config(database), BEFORE_TRIGGERS)
        assert _triggers(database) == set()
        command.upgrade(cli.alembic_config(database), "head")
    after = _counts(database)
    # What younger versions brought goes with them: notices, indicators, who signs, headers, the calendar, the schedule.
    for table in ("notice", "indicator", "signing_authority", "unit_header"):
        assert before[2].pop(table) > after.pop(table) == 0
    assert before[2].pop("definition") == after.pop("definition") + 2
    assert (_schema(database), _triggers(database), after) == before


def test_all_the_way_down_leaves_nothing_and_up_again_works(filled: Flask) -> None:
    database = _database(filled)
    with filled.app_context():
        command.downgrade(cli.alembic_config(database), "base")
        assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
        command.upgrade(cli.alembic_config(database), "head")
    assert set(_counts(database).values()) == {0}


def _frozen(database: Database, statement: str) -> bool:
    """Whether the database itself refuses a statement."""
    with database.engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            return "record is frozen" in str(error)
    return False


def test_the_database_itself_refuses_to_rewrite_records(filled: Flask) -> None:
    database = _database(filled)
    statements = REWRITINGS + EMPTYINGS if database.is_postgres() else REWRITINGS
    assert [statement for statement in statements if not _frozen(database, statement)] == []
