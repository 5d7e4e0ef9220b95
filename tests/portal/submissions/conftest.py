"""The demonstration province as the application prepares it, triggers included, in one session for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.portal.province import Province

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture
def session(portal: Flask) -> Iterator[Any]:
    with portal.app_context():
        yield portal.extensions["trinh"]["database"].session()


@pytest.fixture
def province(session: Any) -> Province:
    return Province(session)
