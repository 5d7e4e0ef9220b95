"""What every answer carries, what an error looks like, and that a form sent too late comes back whole."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError

from portal import home
from portal.edge import HEADERS, POLICY
from portal.units.models import Unit
from tests import cast
from tests.web.calls import key_of, send, typed_in, value_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

LEAKS = ("Traceback", "sqlalchemy", "sqlite3", ".py", "SELECT ", "werkzeug")


@pytest.fixture
def broken(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first page fails."""

    def fail(*_: object) -> None:
        raise RuntimeError("bí-mật-bên-trong")

    monkeypatch.setattr(home, "drafts_of", fail)
    monkeypatch.setattr(home, "under_way", fail)


def check_headers(answer: Any) -> None:
    for name, value in HEADERS.items():
        assert answer.headers[name] == value, name
    assert "Server" not in answer.headers or "Python" not in answer.headers["Server"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_policy_lets_in_no_inline_script_and_no_other_site() -> None:
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert HEADERS["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("username", "method", "path", "status"),
    [
        (None, "GET", "/login/", 200),
        (None, "GET", "/", 302),
        (None, "GET", "/nowhere", 404),
        (None, "GET", "/logout/", 405),
        (None, "POST", "/units/add", 401),
        (None, "GET", "/static/portal.css", 200),
        (None, "GET", "/static/nowhere.css", 404),
        (None, "GET", "/api/v1/unit/", 401),
        (None, "POST", "/api/v1/unit/", 401),
        (None, "GET", "/api/v1/nowhere", 404),
        (cast.CLERK, "GET", "/", 200),
        (cast.CLERK, "GET", "/users/list/", 403),
        (cast.CLERK, "GET", "/units/show/999999", 404),
        (cast.CLERK, "GET", "/submissions/file/1/99999999999999999999", 404),
        (cast.CLERK, "GET", "/api/v1/unit/1", 200),
        (cast.CLERK, "GET", "/api/v1/unit/999999", 404),
        (cast.CLERK, "POST", "/api/v1/unit/", 400),
        (cast.CLERK, "GET", "/api/v1/unit/?q=(((", 400),
        (cast.CLERK, "DELETE", "/api/v1/unit/1", 405),
    ],
)
def test_every_answer_carries_the_headers(
    visit: Visit, username: str | None, method: str, path: str, status: int
) -> None:
    opened: Any = visit(username).client.open(path, method=method)
    with opened as answer:
        assert answer.status_code == status
        check_headers(answer)
        assert (answer.headers.get("Cache-Control") == "no-store") == (not path.startswith("/static/"))
        assert not any(leak in answer.text for leak in LEAKS if not path.startswith("/static/"))
        assert answer.is_json == path.startswith("/api/")


def test_the_sign_in_page_is_never_kept(visit: Visit) -> None:
    assert "no-store" in visit(None).get("/login/").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/units/show/999999", "Không tìm thấy trang"),
        ("/users/list/", "Bạn không có quyền thực hiện thao tác này"),
        ("/logout/", "Địa chỉ này không nhận yêu cầu vừa gửi"),
        ("/units/list/?page=99999999999999999999", "Không đọc được yêu cầu"),
    ],
)
def test_an_error_is_a_page_in_vietnamese_that_says_what_to_do(visit: Visit, path: str, words: str) -> None:
    page = visit(cast.CLERK).get(path)
    assert f"<h1>{words}</h1>" in page.text
    assert '<html lang="vi">' in page.text
    assert 'href="/"' in page.text


def test_a_crash_tells_nothing_and_is_logged(broken: None, visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    page = visit(cast.CLERK).get("/")
    assert page.status_code == 500
    assert "<h1>Hệ thống gặp lỗi</h1>" in page.text
    assert "bí-mật" not in page.text
    assert not any(leak in page.text for leak in LEAKS)
    check_headers(page)
    assert "bí-mật" in caplog.text


def test_a_crash_before_anyone_is_known_still_has_its_page(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no actor today")

    visitor = visit(cast.CLERK)
    monkeypatch.setattr("portal.data.build_actor", fail)
    page = visitor.get("/")
    assert page.status_code == 500
    assert "<h1>Hệ thống gặp lỗi</h1>" in page.text


def test_a_key_beyond_every_key_leads_nowhere(visit: Visit) -> None:
    head = visit(cast.HEAD)
    for key in ("2147483648", "99999999999999999999", "9" * 400):
        assert head.post(f"/cases/{key}/approve", {"version": 1}).status_code == 404
        assert head.get(f"/submissions/show/{key}").status_code == 404
    assert head.post("/cases/2147483647/approve", {"version": 1}).status_code == 404


def test_a_crash_in_rest_tells_nothing(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("bí-mật-bên-trong")

    visitor = visit(cast.ADMIN)
    monkeypatch.setattr("portal.tasks.service.note_progress", fail)
    answer = send(visitor, "POST", "/api/v1/task/1/note", {"version": 0, "note": "x"})
    assert (answer.status_code, answer.is_json) == (500, True)
    assert "bí-mật" not in answer.text
    check_headers(answer)


def test_a_busy_database_asks_for_patience(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, sqlite3.OperationalError("database is locked"))

    visitor = visit(cast.CLERK)
    monkeypatch.setattr(home, "under_way", fail)
    page = visitor.get("/")
    assert page.status_code == 503
    assert "<h1>Hệ thống đang bận</h1>" in page.text


def test_too_much_at_once_is_refused(portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = visit(cast.UNIT_ADMIN)
    token = visitor.token()
    monkeypatch.setitem(portal.config, "MAX_CONTENT_LENGTH", 1000)
    page = visitor.client.post("/units/add", data={"csrf_token": token, "name_vi": "x" * 2000})
    assert page.status_code == 413
    assert "<h1>Tệp quá lớn</h1>" in page.text


def test_programs_are_answered_in_json_everywhere(visit: Visit) -> None:
    wanted = {"Accept": "application/json"}
    for path, status in (("/users/list/", 403), ("/nowhere", 404), ("/units/show/0", 404)):
        answer = visit(cast.CLERK).get(path, headers=wanted)
        assert (answer.status_code, list(answer.json)) == (status, ["message"])
    answer = visit(None).get("/tasks/list/", headers=wanted)
    assert (answer.status_code, answer.json) == (401, {"message": "Vui lòng đăng nhập"})
    assert visit(None).get("/api/v1/unit/").json == {"message": "Vui lòng đăng nhập"}


def test_a_list_builds_its_links_from_the_query_alone(visit: Visit) -> None:
    query = "_scheme=javascript&_external=1&endpoint=x&x=%22%3E%3Cb%3E"
    page = visit(cast.CLERK).get(f"/units/list/?{query}")
    assert page.status_code == 200
    assert 'href="javascript' not in page.text
    assert "<b>" not in page.text
    assert f'href="?{query.replace("&", "&amp;")}&amp;sort=code&amp;page=0"' in page.text


# -- forms that come too late -------------------------------------------------------------------------------------

TYPED = {
    "name_vi": 'Phòng <script>alert("1")</script> & "bạn"',
    "header_name": "DÒNG MỘT\r\nDÒNG HAI",
    "kind": "division",
    "code": "PHONG-MOI",
    "permissions": ["3", "5", "8"],
    "rỗng": "",
    "khoảng": "  \n hai đầu \n ",
}


def kept_of(page: Any) -> dict[str, list[str]]:
    kept = typed_in(page.text)
    return {
        name: [value.replace("\r\n", "\n") for value in kept[name]]
        for name in kept
        if name not in {"csrf_token", "resume_ticket"}
    }


def whole(typed: dict[str, Any]) -> dict[str, list[str]]:
    lists = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return {name: [value.replace("\r\n", "\n") for value in lists[name]] for name in lists}


def open_form(visitor: Visitor, path: str) -> dict[str, list[str]]:
    page = visitor.get(path)
    assert page.status_code == 200
    return typed_in(page.text)


@pytest.mark.parametrize("ending", ["cookie lost", "signed out elsewhere", "password changed", "never signed in"])
def test_a_form_sent_after_its_session_comes_back_whole(visit: Visit, ending: str) -> None:
    visitor = visit(None if ending == "never signed in" else cast.UNIT_ADMIN)
    token = visitor.token()
    if ending == "cookie lost":
        visitor.client.delete_cookie("trinh_session")
    elif ending == "signed out elsewhere":
        visitor.post("/logout/")
    elif ending == "password changed":
        new = {"password": "một-câu-khác-để-nhớ", "again": "một-câu-khác-để-nhớ"}
        visitor_elsewhere = visit(cast.UNIT_ADMIN)
        assert visitor_elsewhere.post("/account/password", {"current": cast.PASSWORD, **new}).status_code == 302
    page = visitor.client.post("/units/add?x=1", data={"csrf_token": token, **TYPED})
    assert page.status_code == 401
    assert kept_of(page) == whole(TYPED)
    assert "<script>alert" not in page.text
    assert 'action="/units/add?x=1"' in page.text
    assert 'href="/login/"' in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_after_signing_in_again_the_form_is_taken(portal: Flask, visit: Visit) -> None:
    number = key_of(portal, Unit, code="PC06")
    path = f"/units/edit/{number}"
    visitor = visit(cast.UNIT_ADMIN)
    form = {**open_form(visitor, path), "place_name": ["An Khê"]}
    visitor.client.delete_cookie("trinh_session")
    page = visitor.client.post(path, data=form)
    assert page.status_code == 401
    assert visitor.sign_in(cast.UNIT_ADMIN).status_code == 302
    assert visitor.client.post(path, data=typed_in(page.text)).status_code == 302
    assert value_of(portal, Unit, number, "place_name") == "An Khê"


@pytest.mark.parametrize("how", ["other content", "other address", "other browser", "signed out since", "too late"])
def test_a_form_that_came_back_is_taken_as_it_was_from_where_it_was(
    portal: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    number = key_of(portal, Unit, code="PC06")
    path = f"/units/edit/{number}"
    visitor = visit(cast.UNIT_ADMIN)
    form = {**open_form(visitor, path), "place_name": ["An Khê"]}
    visitor.client.delete_cookie("trinh_session")
    again = typed_in(visitor.client.post(path, data=form).text)
    visitor.sign_in(cast.UNIT_ADMIN)
    if how == "other content":
        again["place_name"] = ["Kon Tum"]
    elif how == "other browser":
        visitor = visit(cast.UNIT_ADMIN)
    elif how == "signed out since":
        visitor.post("/logout/")
        visitor.sign_in(cast.UNIT_ADMIN)
    elif how == "too late":
        monkeypatch.setattr("portal.resume.TICKET_SECONDS", -1)
    page = visitor.client.post(path + "?x=1" if how == "other address" else path, data=again)
    assert page.status_code == 401
    assert value_of(portal, Unit, number, "place_name") == "Gia Lai"


def test_a_form_that_comes_back_never_holds_a_password(visit: Visit) -> None:
    visitor = visit(None)
    for path, typed in (
        ("/login/", {"username": "clerk", "password": cast.PASSWORD}),
        ("/account/password", {"current": cast.PASSWORD, "password": cast.PASSWORD, "again": cast.PASSWORD}),
        ("/login/code", {"one_time_code": cast.PASSWORD}),
        ("/users/password/1", {"password": cast.PASSWORD, "again": cast.PASSWORD}),
    ):
        page = visitor.client.post(path, data=typed)
        assert page.status_code == 401
        assert cast.PASSWORD not in page.text


def test_a_program_is_told_that_its_session_ended(visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    token = clerk.token()
    clerk.client.delete_cookie("trinh_session")
    headers = {"Accept": "application/json"}
    answer = clerk.client.post("/submissions/save/1", data={"csrf_token": token, "x": "1"}, headers=headers)
    assert (answer.status_code, answer.is_json) == (401, True)
