"""The demonstration province in memory, with the processes by which late units are urged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.db import Database
from portal.demo.letters import let_urge
from portal.security import today
from portal.urging import missing, overdue
from portal.urging.service import LISTS
from tests.portal.province import Province, found

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def province() -> Iterator[Province]:
    database = Database("sqlite://")
    province = found(database.session())
    LISTS.update({overdue.KIND: overdue.gather, missing.KIND: missing.gather})
    let_urge(province.session, today())
    yield province
    database.session.remove()
    database.engine.dispose()
