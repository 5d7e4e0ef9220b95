"""Signing in and staying in: the throttle, the session's end, the way back to this site alone."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask_appbuilder.security.sqla.models import PermissionView, Role, User
from sqlalchemy import select

from portal.security import today
from portal.units.models import Holding
from tests import cast
from tests.web.calls import edit, key_of, rows, send, typed_in

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

NEW_PASSWORD = "một-câu-khác-để-nhớ"
REPORTS, ACCOUNT = "/submissions/list/", "/account/password"
DISGUISES = (
    "https://evil.example",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    r"/\evil.example",
    r"\/evil.example",
    r"\\evil.example",
    r"/\/evil.example",
    r"//\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x01https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "http://localhost@evil.example/",
    "http://localhost:80@evil.example/",
    r"http://localhost\@evil.example/",
    r"http://evil.example\@localhost/",
    "http://localhost.evil.example/",
    "http://evil.example#localhost",
    "http://evil.example?localhost",
    "http://[::1]:evil",
    "http://[",
    "//evil%00.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "／／evil.example",
    "/．．//evil.example",
    "evil.example",
    "../../evil.example",
    "?x",
    "",
    "//evil.example/%2f..",
    "/%2f/evil.example",
    "/%0d/evil.example",
    "/\r/evil.example",
    "/\x0b/evil.example",
    "/\u2028/evil.example",
    "\u00a0//evil.example",
    "\ufeff//evil.example",
    "//localhost@evil.example",
    "//localhost:80@evil.example/",
    "//evil.example:80\\@localhost",
    "//evil\u3002example",
    "https://localhost:1/",
    "http://LOCALHOST.evil.example",
    "ftp://localhost/",
    "vbscript:x",
    "blob:http://localhost/x",
    "/login/?next=//evil.example",
    ";//evil.example",
    "./\\evil.example",
    "/.//evil.example",
)


def is_out(answer: Any) -> bool:
    return bool(answer.status_code == 302 and answer.location.startswith("/login/"))


# -- what signs in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/api/v1/security/login", "/api/v1/security/refresh", "/login/db", "/register/form"])
def test_no_other_door_takes_a_password(visit: Visit, path: str) -> None:
    body = {"username": "clerk", "password": cast.PASSWORD, "provider": "db", "refresh": True}
    assert send(visit(None), "POST", path, body).status_code == 404
    assert visit(None).post(path, body).status_code == 404


@pytest.mark.parametrize("header", ["Bearer x", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.", "Basic YWRtaW46eA=="])
def test_no_token_and_no_key_signs_in(visit: Visit, header: str) -> None:
    answer = visit(None).get("/api/v1/unit/", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.is_json


def test_a_wrong_name_and_a_wrong_password_look_alike(visit: Visit) -> None:
    answers = []
    for username in ("clerk", "ai.đó"):
        visitor = visit(None)
        token = visitor.token()
        typed = {"csrf_token": token, "username": username, "password": "sai-mật-khẩu"}
        answer = visitor.client.post("/login/", data=typed)
        assert "sai-mật-khẩu" not in answer.text
        # A token holds the second at which it was made.
        text = re.sub(r'value="[^"]{40,}"', "", answer.text.replace(username, ""))
        answers.append((answer.status_code, text))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401


@pytest.mark.parametrize("password", ["!", "", "\x00", "sai", cast.PASSWORD.upper(), f"{cast.PASSWORD} "])
def test_only_the_password_itself_signs_in(portal: Flask, visit: Visit, password: str) -> None:
    with rows(portal) as session:
        session.get_one(User, key_of(portal, User, username="deputy")).password = "!"
    for username in (cast.CLERK, cast.DEPUTY):
        visitor = visit(None)
        assert visitor.post("/login/", {"username": username, "password": password}).status_code in {200, 401}
        assert is_out(visitor.get(REPORTS))


# -- the session --------------------------------------------------------------------------------------------------


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visit: Visit) -> None:
    answer = visit(None).sign_in(cast.CLERK)
    cookies = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("trinh_session=")]
    assert cookies
    for cookie in cookies:
        flags = {flag.strip().lower() for flag in cookie.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags


def test_in_production_the_cookie_travels_encrypted_only(
    portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(portal.config, "SESSION_COOKIE_SECURE", True)
    assert "Secure" in visit(None).get("/login/").headers["Set-Cookie"]


def test_signing_in_begins_a_new_session(visit: Visit) -> None:
    visitor = visit(None)
    before = visitor.token()
    visitor.sign_in(cast.CLERK)
    assert visitor.client.post("/logout/", data={"csrf_token": before}).status_code == 401
    assert visitor.get(REPORTS).status_code == 200


def test_a_new_password_ends_the_other_sessions_and_not_this_one(visit: Visit) -> None:
    here, elsewhere = visit(cast.CLERK), visit(cast.CLERK)
    typed = {"current": cast.PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert here.post(ACCOUNT, typed).status_code == 302
    assert here.get(REPORTS).status_code == 200
    assert is_out(elsewhere.get(REPORTS))
    assert elsewhere.get("/api/v1/unit/").status_code == 401
    assert visit(None).sign_in(cast.CLERK).status_code == 401
    assert visit(None).sign_in(cast.CLERK, NEW_PASSWORD).status_code == 302


def test_a_password_set_by_the_administrator_ends_the_sessions_of_its_owner(portal: Flask, visit: Visit) -> None:
    clerk, admin = visit(cast.CLERK), visit(cast.ADMIN)
    number = key_of(portal, User, username="clerk")
    assert edit(admin, f"/users/password/{number}", password=NEW_PASSWORD, again=NEW_PASSWORD).status_code == 302
    assert is_out(clerk.get(REPORTS))
    assert admin.get(REPORTS).status_code == 200
    assert visit(None).sign_in(cast.CLERK, NEW_PASSWORD).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        {"password": "ngắn", "again": "ngắn"},
        {"password": NEW_PASSWORD, "again": "khác"},
        {"password": "x" * 129, "again": "x" * 129},
        {"current": "sai"},
        {"current": ""},
    ],
)
def test_a_refused_new_password_changes_nothing(visit: Visit, typed: dict[str, str]) -> None:
    clerk, other = visit(cast.CLERK), visit(cast.CLERK)
    whole = {"current": cast.PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    answer = clerk.post(ACCOUNT, {**whole, **typed})
    assert answer.status_code == 422
    assert NEW_PASSWORD not in answer.text
    assert other.get(REPORTS).status_code == 200
    assert visit(None).sign_in(cast.CLERK).status_code == 302


def test_a_closed_account_is_out_at_its_next_request(portal: Flask, visit: Visit) -> None:
    clerk, admin = visit(cast.CLERK), visit(cast.ADMIN)
    path = f"/users/edit/{key_of(portal, User, username='clerk')}"
    form = typed_in(admin.get(path).text)
    assert admin.client.post(path, data={name: form[name] for name in form if name != "active"}).status_code == 302
    assert is_out(clerk.get(REPORTS))
    assert clerk.get("/api/v1/unit/").status_code == 401
    assert visit(None).sign_in(cast.CLERK).status_code == 401


def test_a_right_taken_from_a_role_is_gone_at_the_next_request(portal: Flask, visit: Visit) -> None:
    clerk, admin = visit(cast.CLERK), visit(cast.ADMIN)
    with rows(portal) as session:
        rights = session.scalars(select(PermissionView)).all()
        taken = next(str(r.id) for r in rights if (r.permission.name, r.view_menu.name) == ("can_list", "TaskView"))
    path = f"/roles/edit/{key_of(portal, Role, name='Clerk')}"
    kept = [key for key in typed_in(admin.get(path).text)["permissions"] if key != taken]
    assert clerk.get("/tasks/list/").status_code == 200
    assert edit(admin, path, permissions=kept).status_code == 302
    assert clerk.get("/tasks/list/").status_code == 403
    assert clerk.get(REPORTS).status_code == 200


def test_a_post_that_ends_takes_its_role_and_not_the_session(portal: Flask, visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    assert clerk.get(REPORTS).status_code == 200
    with rows(portal) as session:
        mine = Holding.user_id == key_of(portal, User, username="clerk")
        session.scalars(select(Holding).where(mine)).one().valid_to = today() - timedelta(days=1)
    assert clerk.get(REPORTS).status_code == 403  # signed in, and without the role
    with rows(portal) as session:
        session.scalars(select(Holding).where(mine)).one().valid_to = today()
    assert clerk.get(REPORTS).status_code == 200


def test_signing_out_takes_a_form_and_ends_this_session_alone(visit: Visit) -> None:
    clerk, elsewhere = visit(cast.CLERK), visit(cast.CLERK)
    assert clerk.get("/logout/").status_code == 405
    assert clerk.client.post("/logout/").status_code == 400
    assert clerk.get(REPORTS).status_code == 200
    assert clerk.post("/logout/").status_code == 302
    assert is_out(clerk.get(REPORTS))
    assert elsewhere.get(REPORTS).status_code == 200


# -- where it leads -----------------------------------------------------------------------------------------------


def lands_at(location: str) -> str:
    """The host that a browser ends at: it drops tabs and newlines and reads a backslash as a slash."""
    read = "".join(each for each in location if each not in "\t\r\n").strip("".join(map(chr, range(33))))
    return urlsplit(urljoin("http://localhost/login/", read.replace("\\", "/"))).netloc


@pytest.mark.parametrize("asked", DISGUISES)
def test_signing_in_leads_to_this_site_alone(visit: Visit, asked: str) -> None:
    visitor = visit(None)
    typed = {"username": cast.CLERK, "password": cast.PASSWORD, "csrf_token": visitor.token()}
    answer = visitor.client.post("/login/", query_string={"next": asked}, data=typed)
    assert answer.status_code == 302
    switched = visitor.post("/language/en", {"next": asked})
    for location in (answer.location, switched.location, visitor.get("/login/", query_string={"next": asked}).location):
        assert lands_at(location) == "localhost", location
        assert location.startswith("/")


@pytest.mark.parametrize("path", [REPORTS, "/tasks/list/?status=overdue&page=0", "/tasks/list/?q=xã"])
def test_signing_in_leads_back_to_the_page_that_was_asked_for(visit: Visit, path: str) -> None:
    visitor = visit(None)
    away = visitor.get(path)
    assert is_out(away)
    token = visitor.token()
    typed = {"username": cast.CLERK, "password": cast.PASSWORD, "csrf_token": token}
    back = visitor.client.post(away.location, data=typed)
    assert unquote(back.location) == path
    assert visitor.get(back.location).status_code == 200


def test_a_whole_address_of_this_site_is_followed_as_a_path(visit: Visit) -> None:
    visitor = visit(cast.CLERK)
    assert visitor.get("/login/?next=http://localhost/tasks/list/").location == "/tasks/list/"


@pytest.mark.parametrize("host", ["evil.example", "trinh.example.evil.example", "localhost", "trinh.example:x", "a b"])
def test_a_forged_host_is_refused(portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setitem(portal.config, "TRUSTED_HOSTS", ["trinh.example"])
    client = portal.test_client()
    for path in ("/", "/login/", "/api/v1/unit/", "/static/portal.css", "/nowhere"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert host not in answer.text
        assert host not in answer.headers.get("Location", "")
    assert client.get("/login/", headers={"Host": "trinh.example"}).status_code == 200


def test_no_redirection_names_the_host(portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(portal.config, "TRUSTED_HOSTS", None)
    away = visit(None).get("/", headers={"Host": "evil.example"})
    assert "evil" not in away.location
