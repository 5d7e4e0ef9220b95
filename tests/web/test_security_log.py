"""The security log: one line of JSON for each event, whose it was and from where, and never a secret."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import Role, User

from portal import securitylog
from tests import cast
from tests.web.calls import edit, key_of, send

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.conftest import Visit

CANARY = "chim-hoàng-yến-bí-mật"
BREAK = 'x"}\r\n{"event": "signed_in", "account": "admin'


class Lines(logging.Handler):
    """What was told, as it would stand in the file."""

    def __init__(self) -> None:
        super().__init__()
        self.raw: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.raw.append(record.getMessage())

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.raw]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.told if line["event"] == event]


@pytest.fixture
def lines(portal: Flask) -> Iterator[Lines]:
    """The lines that this test makes the portal write."""
    handler = Lines()
    securitylog.log.addHandler(handler)
    yield handler
    securitylog.log.removeHandler(handler)


def test_signing_in_is_told_and_so_is_failing_to(lines: Lines, visit: Visit) -> None:
    visit(None).sign_in(cast.CLERK, "sai")
    visit(None).sign_in("ai.đó", "sai")
    visit(cast.CLERK).post("/logout/")
    facts = [(line["event"], line["account"], line["address"], line["path"]) for line in lines.told]
    assert facts == [
        ("sign_in_refused", "clerk", "127.0.0.1", "/login/"),
        ("sign_in_refused", "", "127.0.0.1", "/login/"),
        ("signed_in", "clerk", "127.0.0.1", "/login/"),
        ("session_ended", "clerk", "127.0.0.1", "/logout/"),
    ]
    assert all(line["at"].endswith("+00:00") for line in lines.told)
    assert lines.told[-1]["why"] == "signed_out"


def test_what_is_refused_is_told(lines: Lines, portal: Flask, visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    clerk.get("/users/list/")
    send(clerk, "POST", "/api/v1/unit/", {})
    clerk.client.post("/units/add", data={"x": "1"})
    clerk.client.post("/units/add", data={"x": "1"}, headers={"Origin": "https://evil.example"})
    portal.test_client().get("/", headers={"Host": "evil.example"})
    facts = [(line["event"], line["by"], line["path"]) for line in lines.told if line["event"] != "signed_in"]
    assert facts == [
        ("right_refused", "clerk", "/users/list/"),
        ("right_refused", "clerk", "/api/v1/unit/"),
        ("csrf_failed", "", "/units/add"),
        ("origin_forged", "", "/units/add"),
        ("host_forged", "", "/"),
    ]
    assert lines.of("origin_forged")[0]["origin"] == "https://evil.example"
    assert lines.of("host_forged")[0]["host"] == "evil.example"


def test_changes_of_accounts_are_told_with_who_made_them(lines: Lines, portal: Flask, visit: Visit) -> None:
    admin, number = visit(cast.ADMIN), key_of(portal, User, username="deputy")
    edit(admin, f"/users/edit/{number}", roles=[key_of(portal, Role, name="Designer")])
    edit(admin, f"/users/password/{number}", password="một-câu-khác-để-nhớ", again="một-câu-khác-để-nhớ")
    facts = [(line["event"], line["account"], line["by"]) for line in lines.told[1:]]
    assert facts == [("roles_changed", "deputy", "admin"), ("password_changed", "deputy", "admin")]


def test_no_line_holds_a_password_a_token_or_a_cookie(lines: Lines, portal: Flask, visit: Visit) -> None:
    clerk, thief = visit(cast.CLERK), portal.test_client()
    cookie = clerk.client.get_cookie("trinh_session")
    assert cookie is not None
    secrets = {CANARY, cast.PASSWORD, cookie.value, clerk.token()}
    visit(None).sign_in(CANARY, "sai")  # someone types his password where his name belongs
    visit(None).sign_in(cast.CLERK, CANARY)
    typed = {"current": cast.PASSWORD, "password": CANARY * 2, "again": CANARY * 2}
    clerk.post("/account/password", {**typed, "current": CANARY})
    clerk.post("/account/password", typed)
    thief.set_cookie("trinh_session", cookie.value)
    thief.get("/")
    thief.post("/units/add", data={"csrf_token": CANARY, "x": CANARY})
    thief.get("/units/list/", query_string={"q": CANARY}, headers={"Authorization": CANARY, "Referer": CANARY})
    assert {line["event"] for line in lines.told} >= {"signed_in", "sign_in_refused", "session_refused", "csrf_failed"}
    written = "\n".join(lines.raw) + json.dumps(lines.told, ensure_ascii=False)
    assert [secret for secret in secrets if secret in written] == []


def test_nobody_begins_a_line_of_his_own(lines: Lines, portal: Flask, visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    visit(None).sign_in(BREAK, BREAK)
    clerk.client.post("/units/add", data={"x": "1"}, headers={"Origin": "x\u2028\x85y"})
    clerk.client.get("/users/list/%0d%0a%7B%22event%22:%20%22signed_in%22%7D")
    clerk.client.get("/users/show/1%0d%0aevent")
    portal.test_client().get("/", headers={"Host": "evil\x0b\x1c.example"})
    assert len(lines.raw) >= 4
    assert [line for line in lines.raw if len(line.splitlines()) != 1] == []
    assert [line["account"] for line in lines.of("signed_in")] == ["clerk"]


def test_the_file_is_begun_anew_when_it_was_moved_away(tmp_path: Path) -> None:
    path, former = tmp_path / "security.log", list(securitylog.log.handlers)
    securitylog.keep_in(path)
    try:
        assert not path.exists()
        securitylog.tell("signed_in", account="a")
        assert path.stat().st_mode & 0o777 == 0o600
        path.rename(tmp_path / "moved.log")
        securitylog.tell("signed_in", account="b")
        assert [json.loads(line)["account"] for line in path.read_text(encoding="utf-8").splitlines()] == ["b"]
        assert not securitylog.log.propagate
    finally:
        for handler in securitylog.log.handlers:
            handler.close()
        securitylog.log.handlers[:] = former
