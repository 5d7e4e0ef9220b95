"""What reaches no screen: forged origins and hosts, methods nobody offers, bodies that exhaust, columns not asked."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import inspect

import config
from portal.app import NOT_OFFERED, create_app
from portal.edge import HEADERS, SAFE_METHODS
from tests import cast
from tests.portal.test_config import production
from tests.web.calls import edit, key_of, rows, send, value_of

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from werkzeug.routing import Rule

    from tests.conftest import Visit, Visitor

EVIL = "https://evil.example"
FOREIGN = (
    {"Origin": EVIL},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:1"},
    {"Origin": "ftp://localhost"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Origin": EVIL},
    {"Sec-Fetch-Site": "none", "Origin": "null"},
)


def unsafe_rules(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method) for rule in app.url_map.iter_rules() for method in sorted((rule.methods or set()) - SAFE_METHODS)
    ]


PARTS = {"action": "approve", "locale": "en", "filename": "portal.css"}


def path_of(rule: Rule) -> str:
    """An address that the rule matches."""
    first = re.sub(r"<any\((\w+)[^<>]*>", r"\1", str(rule))  # one of the words that it takes
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: PARTS.get(found[1], "1"), first)


def send_with(visitor: Visitor, token: str, method: str, path: str, headers: dict[str, str]) -> Any:
    if path.startswith("/api/"):
        return visitor.client.open(path, method=method, json={}, headers={"X-CSRFToken": token, **headers})
    return visitor.client.open(path, method=method, data={"csrf_token": token}, headers=headers)


# -- other sites --------------------------------------------------------------------------------------------------


def test_no_route_that_changes_anything_is_reached_from_another_site(portal: Flask, visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    token, walked = admin.token(), unsafe_rules(portal)
    let_in = [
        (method, path_of(rule), headers)
        for rule, method in walked
        for headers in FOREIGN
        if send_with(admin, token, method, path_of(rule), headers).status_code != 403
    ]
    assert len(walked) > 40
    assert let_in == []
    assert admin.get("/users/list/").status_code == 200  # not even signed out


def test_the_same_requests_of_this_site_are_not_foreign(portal: Flask, visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    for headers in ({}, {"Origin": "http://localhost"}, {"Origin": "https://localhost"}, {"Sec-Fetch-Site": "none"}):
        token = admin.token()
        assert send_with(admin, token, "POST", "/units/add", headers).status_code == 422, headers
        assert send_with(admin, token, "POST", "/api/v1/unit/", headers).status_code == 422, headers


def test_what_came_over_tls_is_not_sent_by_a_page_that_did_not(visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    token = admin.token()
    plain, secure = {"Origin": "http://localhost"}, {"Origin": "https://localhost"}
    typed = {"data": {"csrf_token": token}, "base_url": "https://localhost"}
    assert admin.client.post("/units/add", headers=plain, **typed).status_code == 403
    assert admin.client.post(
        "/units/add", headers={**secure, "Referer": "https://localhost/"}, **typed
    ).status_code in {
        401,
        422,
    }


# -- hosts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "a"])
def test_a_demo_on_this_machine_answers_under_its_own_names_alone(portal: Flask, host: str) -> None:
    client = portal.test_client()
    for path in ("/", "/login/", "/static/portal.css", "/api/v1/unit/", "/nowhere"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.text
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    for ours in ("localhost", "localhost:8080", "127.0.0.1:8080"):
        assert client.get("/login/", headers={"Host": ours}).status_code == 200


# -- methods ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "PATCH", "DELETE", "FOO"])
def test_a_method_that_nobody_offers_is_answered_405(portal: Flask, visit: Visit, method: str) -> None:
    admin = visit(cast.ADMIN)
    taken = []
    for rule in portal.url_map.iter_rules():
        with admin.client.open(path_of(rule), method=method) as answer:
            if answer.status_code != 405:
                taken.append((str(rule), answer.status_code))
    assert taken == []


# -- production ---------------------------------------------------------------------------------------------------


def test_production_speaks_tls_for_a_year_and_names_its_cookie_for_its_host(tmp_path: Path) -> None:
    app = create_app(config.load(production(tmp_path)))
    answer = app.test_client().get("/static/portal.css", base_url="https://trinh.gialai.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    answer.close()
    for path, status in (("/nowhere", 404), ("/api/v1/unit/", 401)):
        answer = app.test_client().get(path, base_url="https://trinh.gialai.example")
        assert (answer.status_code, answer.headers["Strict-Transport-Security"]) == (status, "max-age=31536000")
    cookie = app.test_client().get("/login/", base_url="https://trinh.gialai.example").headers["Set-Cookie"]
    flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
    assert cookie.startswith("__Host-trinh_session=")
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


def test_a_demo_asks_no_browser_for_what_it_cannot_have(visit: Visit) -> None:
    answer = visit(None).get("/login/")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("trinh_session=")


def test_every_door_of_the_library_is_shut_by_name(portal: Flask) -> None:
    assert {name: portal.config[name] for name in NOT_OFFERED} == dict.fromkeys(NOT_OFFERED, False)
    assert (portal.config["AUTH_TYPE"], portal.config["AUTH_USER_REGISTRATION"]) == (1, False)
    assert portal.config["JWT_SECRET_KEY"] != portal.config["SECRET_KEY"]
    assert not portal.config["FAB_API_SHOW_STACKTRACE"]


# -- bodies -------------------------------------------------------------------------------------------------------


def many_parts(number: int) -> bytes:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'
    return part * number + b"--x--\r\n"


@pytest.mark.parametrize("username", [None, cast.CLERK])
def test_a_form_of_a_hundred_thousand_parts_is_refused_quickly(visit: Visit, username: str | None) -> None:
    visitor = visit(username)
    for path in ("/login/", "/account/password", "/submissions/new"):
        begun = time.monotonic()
        answer = visitor.client.post(path, data=many_parts(100_000), content_type="multipart/form-data; boundary=x")
        assert answer.status_code == 413, path
        assert time.monotonic() - begun < 5


def test_every_column_of_an_account_at_once_changes_only_those_of_the_form(portal: Flask, visit: Visit) -> None:
    admin, number = visit(cast.ADMIN), key_of(portal, User, username="clerk")
    columns = [attribute.key for attribute in inspect(User).attrs]
    assert {"password", "login_count", "created_by_fk"} <= {*columns}
    posted = dict.fromkeys(columns, "7") | {"email": "x@gialai.example", "roles": [], "groups": [], "active": "y"}
    before = {column: value_of(portal, User, number, column) for column in inspect(User).columns.keys()}  # noqa: SIM118
    assert edit(admin, f"/users/edit/{number}", **posted).status_code == 302
    after = {column: value_of(portal, User, number, column) for column in before}
    changed = {column for column in before if before[column] != after[column]}
    assert changed <= {"username", "first_name", "last_name", "email", "changed_on", "changed_by_fk"}
    assert after["password"] == before["password"]


def test_a_new_account_begins_without_what_its_form_did_not_ask(portal: Flask, visit: Visit) -> None:
    names = {"first_name": "Ksor", "last_name": "Mới", "email": "moi@gialai.example", "active": "y"}
    sneaked = {"id": "999", "password": "mot-mat-khau-de-thu", "login_count": "7", "fail_login_count": "7"}
    assert visit(cast.ADMIN).post("/users/add", {"username": "moi", **names, **sneaked}).status_code == 302
    with rows(portal) as session:
        account = session.get_one(User, key_of_in(session, "moi"))
        assert (account.password, account.login_count, account.id != 999) == ("!", None, True)


def key_of_in(session: Any, username: str) -> int:
    return int(session.query(User.id).filter_by(username=username).scalar())


@pytest.mark.parametrize("resource", ["unit", "post", "holding", "task", "source", "clarity-profile"])
@pytest.mark.parametrize("unknown", [{"nonsense": 1}, {"__class__": "x"}, {"id": 1}, {"Name_vi": "x"}, {"": ""}])
def test_an_unknown_key_in_json_is_refused(visit: Visit, resource: str, unknown: dict[str, Any]) -> None:
    admin = visit(cast.ADMIN)
    assert send(admin, "POST", f"/api/v1/{resource}/", unknown).status_code == 422
    seen = admin.get(f"/api/v1/{resource}/1")
    assert seen.status_code == 200
    answer = send(admin, "PUT", f"/api/v1/{resource}/1", unknown, **{"If-Match": seen.headers["ETag"]})
    assert answer.status_code == 422
    assert admin.get(f"/api/v1/{resource}/1").json == seen.json
