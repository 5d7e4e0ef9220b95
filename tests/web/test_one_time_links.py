"""One-time links: made by those who may, shown once, good once and for a day; and the first administrator's."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from alembic import command
from flask_appbuilder.cli import fab
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import cli
from portal.app import create_app
from portal.audit import AuditEntry
from portal.cli import accounts_commands
from portal.onetime import OneTimeLink
from tests import cast
from tests.conftest import Visitor, settings_in
from tests.web.authenticator import app_with_clock
from tests.web.calls import edit, key_of, one, rows
from tests.web.test_sessions import cookie_of, replay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from tests.conftest import Visit

NEW_PASSWORD = "một-câu-khác-để-nhớ"
BOTH = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
LINK = re.compile(r"https?://[^\s\"]+(/new-password/[\w-]{43})")
PERSON = ["--username", "q.tri", "--family-name", "Rơ Mah", "--given-name", "Trị", "--email", "tri@gialai.example"]
PAGE = "/submissions/list/"


def make(app: Flask, admin: Visitor, username: str) -> str:
    answer = admin.post(f"/users/link/{key_of(app, User, username=username)}")
    assert answer.status_code == 200, answer.text
    found = LINK.search(answer.text)
    assert found, "the page shows no link"
    assert answer.headers["Cache-Control"] == "no-store"
    return found[1]


# -- for someone who lost his password ----------------------------------------------------------------------------


def test_its_owner_sets_a_password_once(portal: Flask, visit: Visit) -> None:
    clerk, nobody = visit(cast.CLERK), visit(None)
    cookie, path = cookie_of(clerk), make(portal, visit(cast.ADMIN), "clerk")
    assert clerk.get(PAGE).status_code == 200  # a link that nobody used changes nothing
    assert "clerk" in nobody.get(path).text
    assert nobody.post(path, BOTH).location == "/login/"
    assert replay(portal, cookie).get(PAGE).status_code == 302
    assert visit(None).sign_in(cast.CLERK).status_code == 401
    assert visit(None).sign_in(cast.CLERK, NEW_PASSWORD).status_code == 302
    for answer in (nobody.get(path), nobody.post(path, BOTH)):
        assert answer.status_code == 404
        assert "không có hiệu lực" in answer.text
    assert nobody.get(PAGE).status_code == 302  # the link itself signs nobody in


@pytest.mark.parametrize("how", ["a day later", "a newer link", "another password since", "closed since", "forged"])
def test_a_link_does_not_outlive_its_reason(portal: Flask, visit: Visit, how: str) -> None:
    admin = visit(cast.ADMIN)
    path = make(portal, admin, "clerk")
    if how == "a day later":
        with rows(portal) as session:
            one(session, OneTimeLink).expires_at -= timedelta(hours=24)
    elif how == "a newer link":
        make(portal, admin, "clerk")
    elif how == "another password since":
        visit(cast.CLERK).post("/account/password", {"current": cast.PASSWORD, **BOTH})
    elif how == "closed since":
        with rows(portal) as session:
            one(session, User, username="clerk").active = False
    else:
        path = path[:-1] + ("A" if path[-1] != "A" else "B")
    nobody = visit(None)
    with rows(portal) as session:
        before = one(session, User, username="clerk").password
    assert nobody.get(path).status_code == 404
    assert nobody.post(path, {"password": "một-câu-thứ-ba-để-nhớ", "again": "một-câu-thứ-ba-để-nhớ"}).status_code == 404
    with rows(portal) as session:
        assert one(session, User, username="clerk").password == before


def test_a_weak_password_is_refused_and_the_link_stays(portal: Flask, visit: Visit) -> None:
    path, nobody = make(portal, visit(cast.ADMIN), "clerk"), visit(None)
    for typed in ({"password": "ngắn", "again": "ngắn"}, {**BOTH, "again": "khác"}, {}):
        assert nobody.post(path, typed).status_code == 422
    weak = nobody.post(path, {"password": "matkhau12345", "again": "matkhau12345"})
    assert (weak.status_code, "dễ đoán" in weak.text) == (422, True)
    assert nobody.client.post(path, data=BOTH).status_code == 401  # nor without the token of a session
    assert nobody.post(path, BOTH).status_code == 302


def test_the_second_factor_stays(portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = app_with_clock(monkeypatch)
    phone.set_up(visit(cast.HEAD))
    assert visit(None).post(make(portal, visit(cast.ADMIN), "head"), BOTH).status_code == 302
    assert visit(None).sign_in(cast.HEAD, NEW_PASSWORD).location.startswith("/login/code")


def test_only_its_hash_is_kept_and_no_log_has_it(portal: Flask, visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        path = make(portal, visit(cast.ADMIN), "clerk")
        visit(None).get(path)
        visit(None).post(path, BOTH)
        visit(None).get(path)
    token = path.rpartition("/")[2]
    assert token not in caplog.text
    told = [json.loads(each.message) for each in caplog.records if each.name == "trinh.security"]
    links = [(each["event"], each["by"], each["path"]) for each in told if "link" in each["event"]]
    assert links == [
        ("one_time_link_made", "admin", f"/users/link/{key_of(portal, User, username='clerk')}"),
        ("one_time_link_used", "", "/new-password/<string:token>"),
        ("one_time_link_refused", "", "/new-password/<string:token>"),
    ]
    folder = portal.extensions["trinh"]["settings"].portal_data
    assert token.encode() not in b"".join(found.read_bytes() for found in folder.glob("portal.db*"))
    with rows(portal) as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc()).limit(3)).all()
        assert ("admin", "user_one_time_link_made") in {(entry.actor, entry.action) for entry in entries}
        assert ("clerk", "user_one_time_link_used") in {(entry.actor, entry.action) for entry in entries}


@pytest.mark.parametrize("username", [None, cast.CLERK, cast.UNIT_ADMIN, cast.AUDITOR])
def test_nobody_else_makes_one(portal: Flask, visit: Visit, username: str | None) -> None:
    path = f"/users/link/{key_of(portal, User, username='deputy')}"
    assert visit(username).post(path).status_code in {401, 403}
    assert visit(username).get(path).status_code in {302, 405}
    with rows(portal) as session:
        assert session.scalars(select(OneTimeLink)).all() == []


def test_nobody_makes_one_for_himself_or_for_a_closed_account(portal: Flask, visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    assert admin.post(f"/users/link/{key_of(portal, User, username='admin')}").status_code == 422
    with rows(portal) as session:
        one(session, User, username="clerk").active = False
    assert admin.post(f"/users/link/{key_of(portal, User, username='clerk')}").status_code == 422
    assert admin.post("/users/link/999999").status_code == 404


# -- the first administrator --------------------------------------------------------------------------------------


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """A portal that was just installed: tables and rights, and nobody."""
    app = create_app(settings_in(tmp_path, DATABASE_URL=database_url))
    database = app.extensions["trinh"]["database"]
    with app.app_context():
        command.upgrade(cli.alembic_config(database), "head")
        cli.prepare(app)
    yield app
    database.session.remove()
    database.engine.dispose()


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(accounts_commands, args=list(arguments))


def people(app: Flask) -> list[str]:
    with Session(app.extensions["trinh"]["database"].engine) as session:
        return list(session.scalars(select(User.username)))


def test_the_first_administrator_is_made_once_and_sets_his_password_himself(empty: Flask) -> None:
    done = run(empty, "first-administrator", *PERSON)
    assert done.exit_code == 0, done.output
    found = LINK.search(done.output)
    assert found, done.output
    assert found[0].startswith("http://127.0.0.1:8080/new-password/")
    visitor = Visitor(empty.test_client())
    assert visitor.sign_in("q.tri", "!").status_code == 401
    assert visitor.post(found[1], BOTH).status_code == 302
    assert visitor.sign_in("q.tri", NEW_PASSWORD).status_code == 302
    assert visitor.get("/users/list/").status_code == 200
    again = run(empty, "first-administrator", "--username", "khac", *PERSON[2:])
    assert again.exit_code != 0
    assert "had accounts before" in again.output
    assert people(empty) == ["q.tri"]


def test_it_is_not_made_again_when_every_administrator_is_gone(empty: Flask) -> None:
    assert run(empty, "first-administrator", *PERSON).exit_code == 0
    with Session(empty.extensions["trinh"]["database"].engine) as session:
        session.query(OneTimeLink).delete()
        account = session.scalars(select(User)).one()
        account.roles = []
        session.delete(account)
        session.commit()
    assert people(empty) == []
    assert run(empty, "first-administrator", *PERSON).exit_code != 0
    assert people(empty) == []


def test_it_is_not_made_beside_accounts_that_came_another_way(empty: Flask, portal: Flask) -> None:
    command_line = ["create-user", "--role", "Clerk", "--username", "moi", "--firstname", "A", "--lastname", "B"]
    command_line += ["--email", "moi@gialai.example", "--password", NEW_PASSWORD]
    assert empty.test_cli_runner().invoke(fab, args=command_line).exit_code == 0
    assert people(empty) == ["moi"]
    assert run(empty, "first-administrator", *PERSON).exit_code != 0
    assert run(portal, "first-administrator", *PERSON).exit_code != 0  # the demo's cast


def test_an_operator_lets_the_last_administrator_in_again(
    portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = app_with_clock(monkeypatch)
    phone.set_up(visit(cast.ADMIN))
    assert run(portal, "one-time-link", "nobody").exit_code != 0
    found = LINK.search(run(portal, "one-time-link", "admin").output)
    assert found
    assert visit(None).post(found[1], BOTH).status_code == 302
    assert visit(None).sign_in(cast.ADMIN, NEW_PASSWORD).location.startswith("/login/code")
    assert run(portal, "reset-second-factor", "admin").exit_code == 0
    assert visit(None).sign_in(cast.ADMIN, NEW_PASSWORD).location == "/"
    with rows(portal) as session:
        actions = {entry.action for entry in session.scalars(select(AuditEntry).where(AuditEntry.actor == "system"))}
        assert {"user_one_time_link_made", "user_second_factor_reset"} <= actions


def test_an_account_made_in_the_browser_gets_its_first_password_by_a_link(portal: Flask, visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    names = {"first_name": "Ksor", "last_name": "Mới", "email": "moi@gialai.example", "active": "y"}
    assert admin.post("/users/add", {"username": "moi", **names}).status_code == 302
    assert visit(None).post(make(portal, admin, "moi"), BOTH).status_code == 302
    assert visit(None).sign_in("moi", NEW_PASSWORD).status_code == 302
    assert edit(admin, f"/users/edit/{key_of(portal, User, username='moi')}", first_name="Ksor").status_code == 302
