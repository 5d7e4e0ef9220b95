"""The matrix's world, built once for each file of tests that asks for it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.contracts.stage import Stage, put_back, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(scope="module")
def stage(app: Flask) -> Iterator[Stage]:
    """The world, for tests that change nothing or put it back themselves."""
    logger = logging.getLogger("flask_appbuilder")
    level = logger.level
    logger.setLevel(logging.ERROR)  # each of some thousand refusals would be a line
    yield set_up(app)
    logger.setLevel(level)
    put_back(app, "untouched.db")
