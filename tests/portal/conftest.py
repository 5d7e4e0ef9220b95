"""A database of its own for each test of the application, in memory and with every table."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from portal.db import Base, Database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

TABLES = (
    "portal.audit",
    "portal.jobs",
    "portal.files",
    "portal.units.models",
    "portal.definitions.models",
    "portal.documents.models",
    "portal.approvals.models",
    "portal.tasks.models",
    "portal.submissions.models",
)


@pytest.fixture
def session() -> Iterator[Session]:
    """One transaction on an empty database; nothing is committed unless the test does."""
    for module in TABLES:
        import_module(module)
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    yield database.session()
    database.session.remove()
    database.engine.dispose()
