"""A document that was released, for tests of what anybody may see of it."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.documents.models import OfficialDocument
from portal.files import StoredFile
from tests.unguarded import unguarded_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest
    from flask import Flask

CONTENT = b"%PDF-1.7\nissued\n%%EOF\n"


def release(portal: Flask, key: int, status: str = "released") -> str:
    """Give a document its file and a state, which it could come to by its signatures alone."""
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        document = session.get_one(OfficialDocument, key)
        file = StoredFile(sha256=hashlib.sha256(CONTENT).hexdigest(), name="1.pdf", kind="pdf", size=len(CONTENT))
        session.add(file)
        session.flush()
        with unguarded_documents(session):
            document.file_id, document.status = file.id, status
        session.commit()
        return str(document.verification_code)


def with_settings(portal: Flask, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """Let the portal have other settings during a test."""
    settings = portal.extensions["trinh"]["settings"]
    monkeypatch.setitem(portal.extensions["trinh"], "settings", replace(settings, **changed))


@contextmanager
def what_is_kept(portal: Flask) -> Iterator[list[Any]]:
    """The number of rows of every table and the files in the store, before and, once it is over, after."""
    counts: list[Any] = [_kept(portal)]
    yield counts
    counts.append(_kept(portal))


def _kept(portal: Flask) -> tuple[dict[str, int], int]:
    extension = portal.extensions["trinh"]
    with extension["database"].engine.connect() as connection:
        tables = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        rows = {name: connection.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in tables}
    return rows, sum(each.is_file() for each in extension["files"].root.rglob("*"))
