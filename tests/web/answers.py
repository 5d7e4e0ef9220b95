"""What the screens of definitions answer: a page, what was done, what was refused."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from portal.definitions.models import Definition
from tests.web.calls import rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visitor


def text(visitor: Visitor, path: str, status: int = 200) -> str:
    """A page as it reads."""
    answer = visitor.get(path)
    assert answer.status_code == status
    return unescape(answer.text)


def done(answer: Any, address: str) -> None:
    """What was sent was done and leads on."""
    assert (answer.status_code, answer.location) == (302, address), answer.text


def refused(answer: Any, status: int, words: str) -> str:
    """What was sent was refused in words; gives the page."""
    page = unescape(answer.text)
    assert (answer.status_code, words in page) == (status, True), page
    return page


def count(portal: Flask) -> int:
    with rows(portal) as session:
        return session.scalar(select(func.count()).select_from(Definition)) or 0
