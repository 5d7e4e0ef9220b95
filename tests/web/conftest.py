"""Reports of the demonstration province to look at in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.portal.province import Province
from tests.web.desk import CASE, Desk
from tests.web.trials import write

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask import Flask

    from tests.conftest import Visit, Visitor


@pytest.fixture
def prepare(portal: Flask) -> Callable[[Callable[[Province], int]], int]:
    """Does something in the province, in a transaction of its own, and gives the key it answers with."""

    def do(deed: Callable[[Province], int]) -> int:
        with portal.app_context():
            database = portal.extensions["trinh"]["database"]
            key = deed(Province(database.session()))
            database.session.commit()
            database.session.remove()
        return key

    return do


@pytest.fixture
def draft(prepare: Callable[[Callable[[Province], int]], int]) -> int:
    """A report filled in and not handed in."""
    return prepare(lambda province: province.draft().id)


@pytest.fixture
def waiting(prepare: Callable[[Callable[[Province], int]], int]) -> int:
    """A report that waits for the head of its unit."""
    return prepare(lambda province: province.submitted().row.subject_id)


@pytest.fixture
def desk(portal: Flask, visit: Visit, waiting: int) -> Desk:
    """Everybody's hands on a report that waits for the head of its unit."""
    assert waiting == CASE
    return Desk(portal, visit)


@pytest.fixture
def drafted(visit: Visit) -> Callable[..., Visitor]:
    """Lets the draft of the next version of the first chain say something, by one of the cast; gives him."""

    def draft_of(body: Mapping[str, Any], who: str = "designer") -> Visitor:
        return write(visit(who), body)

    return draft_of
