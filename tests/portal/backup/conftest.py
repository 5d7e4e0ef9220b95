"""A portal that is in use, and another machine to restore it on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from portal import cli
from portal.db import Database
from tests.portal.backup.house import House

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Change = Callable[[str, bytes], bytes | None]


@pytest.fixture
def where() -> str:
    return "sqlite"


@pytest.fixture
def house(where: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A portal that is in use: five files, signed up to the third."""
    folder = tmp_path / "house"
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.db'}" if where == "sqlite" else request.getfixturevalue("postgres_url")
    house = House(folder, Database(url))
    command.upgrade(cli.alembic_config(house.database), "head")
    for number in range(5):
        house.work(number)
        if number == 2:
            house.signer.sign()
    yield house
    house.database.engine.dispose()


@pytest.fixture
def elsewhere(house: House, tmp_path: Path) -> Iterator[House]:
    """Another machine: an empty folder and an empty database."""
    folder, url = tmp_path / "elsewhere", house.database.engine.url
    if house.database.is_postgres():
        name = f"{url.database}_b"
        server = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with server.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        other = House(folder, Database(url.set(database=name).render_as_string(hide_password=False)))
        yield other
        other.database.engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()
    else:
        folder.mkdir()
        other = House(folder, Database(f"sqlite:///{folder / 'portal.db'}"))
        yield other
        other.database.engine.dispose()
