"""The demonstration province, as it was loaded, for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.portal.province import Province, found

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@pytest.fixture
def province(session: Session) -> Province:
    return found(session)
