"""Everyone sees where he is signed in and ends it there; nobody sees or ends another's sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal.sessions import UserSession
from tests import cast
from tests.web.calls import rows
from tests.web.test_sessions import cookie_of, digest_of, token_in

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

PAGE, MINE = "/submissions/list/", "/account/sessions"


def key_of_session(app: Flask, visitor: Visitor) -> int:
    with rows(app) as session:
        digest = digest_of(token_in(app, cookie_of(visitor)))
        return session.scalars(select(UserSession.id).where(UserSession.digest == digest)).one()


def test_the_page_names_each_device_and_marks_this_one(visit: Visit) -> None:
    here, elsewhere = visit(cast.CLERK), visit(cast.CLERK)
    visit(cast.HEAD)
    elsewhere.client.environ_base["HTTP_USER_AGENT"] = '<b>"Trình duyệt"'
    elsewhere.post("/logout/")
    elsewhere.sign_in(cast.CLERK)
    page = here.get(MINE).text
    assert page.count("<tr>") == 3  # the heading and two devices
    assert page.count("Thiết bị này") == 1
    assert "&lt;b&gt;&#34;Trình duyệt&#34;" in page
    assert "<b>" not in page


def test_one_session_is_ended_by_its_owner(portal: Flask, visit: Visit) -> None:
    here, elsewhere, third = visit(cast.CLERK), visit(cast.CLERK), visit(cast.CLERK)
    assert here.post(f"{MINE}/{key_of_session(portal, elsewhere)}/end").status_code == 302
    assert elsewhere.get(PAGE).status_code == 302
    assert elsewhere.get("/api/v1/unit/").status_code == 401
    assert here.get(PAGE).status_code == third.get(PAGE).status_code == 200


def test_all_others_are_ended_at_once(visit: Visit) -> None:
    here, others, stranger = visit(cast.CLERK), [visit(cast.CLERK) for _ in range(3)], visit(cast.HEAD)
    answer = here.post(f"{MINE}/end-others", follow_redirects=True)
    assert "3" in answer.text.split("<main")[1].split("<h1>")[0]
    assert [other.get(PAGE).status_code for other in others] == [302] * 3
    assert here.get(PAGE).status_code == stranger.get(PAGE).status_code == 200


def test_nobody_ends_another_ones_session(portal: Flask, visit: Visit) -> None:
    clerk, admin, nobody = visit(cast.CLERK), visit(cast.ADMIN), visit(None)
    number = key_of_session(portal, clerk)
    assert admin.post(f"{MINE}/{number}/end").status_code == 404
    assert admin.post(f"{MINE}/999999/end").status_code == 404
    assert nobody.post(f"{MINE}/{number}/end").status_code == 401
    assert clerk.post(f"{MINE}/{number}/end").status_code == 404  # this device signs out
    assert nobody.get(MINE).location.startswith("/login/")
    assert clerk.get(PAGE).status_code == 200


def test_ending_takes_a_form_with_its_token(portal: Flask, visit: Visit) -> None:
    here, elsewhere = visit(cast.CLERK), visit(cast.CLERK)
    path = f"{MINE}/{key_of_session(portal, elsewhere)}/end"
    assert here.get(path).status_code == 405
    assert here.client.post(path).status_code == 400
    assert elsewhere.get(PAGE).status_code == 200
