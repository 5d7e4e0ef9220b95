"""A database of its own for each test of the application, in memory and with every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal import tables
from portal.db import Base, Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@pytest.fixture
def session() -> Iterator[Session]:
    """One transaction on an empty database; nothing is committed unless the test does."""
    assert tables.LOADED
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    yield database.session()
    database.session.remove()
    database.engine.dispose()
