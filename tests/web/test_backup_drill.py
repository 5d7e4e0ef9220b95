"""The drill as an operator does it: back up with the portal in use, restore elsewhere, sign in, open the PDF."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit
from portal.app import create_app
from portal.demo.journey import Journey
from portal.documents.models import OfficialDocument
from tests import cast
from tests.conftest import Visitor, prepare_province, settings_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask


def flask(app: Flask, *words: str) -> tuple[int, str]:
    result: Any = app.test_cli_runner().invoke(args=list(words))
    return result.exit_code, result.output


@pytest.fixture
def portals(tmp_path: Path) -> Iterator[tuple[Flask, Flask, str]]:
    """A portal in which a report was issued, with the SHA-256 of its PDF; and an empty one on another machine."""
    old = create_app(settings_in(tmp_path / "old"))
    prepare_province(old)
    with old.app_context():
        pdf = Journey(old, lambda _line: None).travel().read_bytes()
        old.extensions["trinh"]["database"].session.remove()
    new = create_app(settings_in(tmp_path / "new"))
    yield old, new, hashlib.sha256(pdf).hexdigest()
    for app in (old, new):
        app.extensions["trinh"]["database"].engine.dispose()


def keep_writing(app: Flask, enough: Event) -> int:
    """Sign-ins, each with its entry in the log: what goes on in any office while a backup is made."""
    written = 0
    while not enough.is_set():
        with Session(app.extensions["trinh"]["database"].engine) as session:
            audit.record(session, actor="clerk", action="user_signed_in", kind="user", key=1)
            session.commit()
        written += 1
    return written


def test_a_portal_that_was_lost_is_back_with_everything(portals: tuple[Flask, Flask, str], tmp_path: Path) -> None:
    old, new, sha256 = portals
    kept, enough = tmp_path / "kept.tar", Event()
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(keep_writing, old, enough)
        status, said = flask(old, "backup", str(kept))
        enough.set()
    assert (status, "SHA-256 of the manifest: " in said) == (0, True), said
    assert writer.result()
    status, told = flask(new, "restore", str(kept))
    assert (status, told.startswith("restored: ")) == (0, True), told
    assert said.rpartition("manifest: ")[2].splitlines()[0] in told
    assert flask(new, "audit", "verify")[0] == 0

    with Session(new.extensions["trinh"]["database"].engine) as session:
        document = session.scalars(select(OfficialDocument)).one()
    visitor = Visitor(new.test_client())
    assert visitor.sign_in(cast.CLERK).status_code == 302
    with visitor.get(f"/documents/{document.id}/pdf") as answer:
        assert answer.status_code == 200
        assert hashlib.sha256(answer.get_data()).hexdigest() == sha256


def test_a_session_of_the_lost_portal_opens_nothing_on_the_restored_one(
    portals: tuple[Flask, Flask, str], tmp_path: Path
) -> None:
    """The key that signs sessions is in no backup, so each portal has its own."""
    old, new, _sha256 = portals
    visitor = Visitor(old.test_client())
    visitor.sign_in(cast.CLERK)
    flask(old, "backup", str(tmp_path / "kept.tar"))
    flask(new, "restore", str(tmp_path / "kept.tar"))
    client = new.test_client()
    client._cookies = dict(visitor.client._cookies)
    assert str(client.get("/").location).startswith("/login/")


def test_what_is_refused_is_named_and_ends_with_a_status(portals: tuple[Flask, Flask, str], tmp_path: Path) -> None:
    old, new, sha256 = portals
    assert flask(old, "backup", str(tmp_path))[0] == 0
    kept = next(tmp_path.glob("trinh-*.tar"))
    status, said = flask(old, "restore", str(kept))
    assert (status, "there is something already" in said) == (1, True)
    kept.write_bytes(kept.read_bytes()[:-20_000])
    status, said = flask(new, "restore", str(kept))
    assert (status, "cut" in said) == (1, True)
    old.extensions["trinh"]["files"].path(sha256).unlink()
    status, said = flask(old, "backup", str(tmp_path / "other.tar"))
    assert (status, f"{sha256}: it is missing" in said) == (1, True)
