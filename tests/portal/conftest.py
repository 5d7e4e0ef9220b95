"""A database of its own for each test of the application, in memory and with every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.db import Database
from tests.portal.copies import become, with_every_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@pytest.fixture
def session() -> Iterator[Session]:
    """One transaction on an empty database; nothing is committed unless the test does."""
    database = Database("sqlite://")
    become(database.engine, with_every_table())
    yield database.session()
    database.session.remove()
    database.engine.dispose()
