"""No session begins on what was true a moment ago: whatever changes while a password is tested is read again."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from portal import accounts, passwords
from portal.sessions import UserSession
from tests import cast
from tests.conftest import Visitor
from tests.web.authenticator import app_with_clock
from tests.web.calls import edit, key_of, rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

NEW_PASSWORD = "một-câu-khác-để-nhớ"
OTHER_PASSWORD = "và-thêm-một-câu-nữa"
LIST = "/submissions/list/"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Flask:
    """A portal on either database."""
    app: Flask = request.getfixturevalue("portal" if request.param == "sqlite" else "portal_on_postgres")
    return app


def enter(app: Flask, username: str) -> Visitor:
    visitor = Visitor(app.test_client())
    assert visitor.sign_in(username).status_code == 302
    return visitor


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Callable[[], Any]], None]:
    """Lets something happen once, just when a module has found a password right and not yet acted on it."""

    def arrange(module: str, deed: Callable[[], Any]) -> None:
        owed = [deed]

        def is_password_of(user: User | None, typed: str) -> bool:
            is_right = passwords.is_password_of(user, typed)
            if owed:
                with ThreadPoolExecutor(1) as elsewhere:
                    elsewhere.submit(owed.pop()).result(60)
            return is_right

        monkeypatch.setattr(f"portal.{module}.is_password_of", is_password_of)

    return arrange


def living(app: Flask, username: str) -> int:
    """How many sessions of an account have not ended."""
    with rows(app) as session:
        mine = select(UserSession.id).join(User).where(User.username == username, UserSession.ended_at.is_(None))
        return len(session.scalars(mine).all())


def test_nobody_signs_in_with_a_password_changed_at_that_moment(
    house: Flask, meanwhile: Callable[[str, Callable[[], Any]], None]
) -> None:
    admin, thief = enter(house, cast.ADMIN), Visitor(house.test_client())
    path = f"/users/password/{key_of(house, User, username='clerk')}"
    meanwhile("signin", lambda: edit(admin, path, password=NEW_PASSWORD, again=NEW_PASSWORD))
    assert thief.sign_in(cast.CLERK).status_code == 409
    assert (thief.get(LIST).status_code, living(house, "clerk")) == (302, 0)
    assert thief.sign_in(cast.CLERK, NEW_PASSWORD).status_code == 302


def test_nobody_signs_in_without_a_code_while_its_app_is_put_to_use(
    house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, thief, phone = enter(house, cast.CLERK), Visitor(house.test_client()), app_with_clock(monkeypatch)
    phone.read(clerk)
    security = house.extensions["appbuilder"].sm
    count = security.update_user_auth_stat

    def be_overtaken(user: User) -> None:
        count(user)
        with ThreadPoolExecutor(1) as elsewhere:
            code = {"one_time_code": phone.code()}
            assert elsewhere.submit(clerk.post, "/account/second-factor/confirm", code).result(60).status_code == 200

    monkeypatch.setattr(security, "update_user_auth_stat", be_overtaken)
    assert thief.sign_in(cast.CLERK).status_code == 409
    assert (thief.get(LIST).status_code, clerk.get(LIST).status_code) == (302, 200)


def test_of_two_changes_of_a_password_at_once_one_is_refused(
    house: Flask, meanwhile: Callable[[str, Callable[[], Any]], None]
) -> None:
    clerk, thief = enter(house, cast.CLERK), enter(house, cast.CLERK)
    first = {"current": cast.PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    second = {"current": cast.PASSWORD, "password": OTHER_PASSWORD, "again": OTHER_PASSWORD}
    meanwhile("myaccount", lambda: clerk.post("/account/password", first))
    assert thief.post("/account/password", second).status_code == 409
    assert (thief.get(LIST).status_code, clerk.get(LIST).status_code) == (302, 200)
    assert Visitor(house.test_client()).sign_in(cast.CLERK, NEW_PASSWORD).status_code == 302


def test_a_session_ended_at_that_moment_opens_no_other(
    house: Flask, meanwhile: Callable[[str, Callable[[], Any]], None]
) -> None:
    clerk, thief = enter(house, cast.CLERK), enter(house, cast.CLERK)
    meanwhile("myaccount", lambda: clerk.post("/account/sessions/end-others"))
    typed = {"current": cast.PASSWORD, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert thief.post("/account/password", typed).status_code == 409
    assert (thief.get(LIST).status_code, clerk.get(LIST).status_code) == (302, 200)


def link_for_the_clerk(app: Flask) -> str:
    page = enter(app, cast.ADMIN).post(f"/users/link/{key_of(app, User, username='clerk')}").text
    found = re.search(r"/new-password/[\w-]{43}", page)
    assert found
    return found[0]


@pytest.mark.postgres
@pytest.mark.parametrize("house", ["postgresql"], indirect=True)  # SQLite's writers come one after another
def test_a_link_overtaken_by_another_password_sets_none(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    path, holder = link_for_the_clerk(house), Visitor(house.test_client())
    token = holder.token()
    make = passwords.hash_of("another long one")
    judge = accounts.is_strong

    def be_overtaken(form: Any, user: User) -> bool:
        is_fine = judge(form, user)
        with rows(house) as session:
            session.execute(update(User).where(User.username == "clerk").values(password=make))
        return is_fine

    monkeypatch.setattr("portal.newpassword.is_strong", be_overtaken)
    typed = {"csrf_token": token, "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert holder.client.post(path, data=typed).status_code == 404
    assert Visitor(house.test_client()).sign_in(cast.CLERK, NEW_PASSWORD).status_code == 401


def both(first: Visitor, second: Visitor, path: str, data: dict[str, str]) -> list[int]:
    """What two get who send the same at once."""
    tokens = [(each, {"csrf_token": each.token(), **data}) for each in (first, second)]
    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(each.client.post, path, data=form) for each, form in tokens]
        return sorted(answer.result(60).status_code for answer in sent)


def test_a_code_typed_twice_at_once_is_taken_once(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = app_with_clock(monkeypatch)
    phone.set_up(enter(house, cast.CLERK))
    for code in (phone.code(), phone.recovery[0]):
        pair = [Visitor(house.test_client()) for _ in range(2)]
        assert {each.sign_in(cast.CLERK).location for each in pair} == {"/login/code?next=/"}
        assert both(*pair, "/login/code", {"one_time_code": code}) == [302, 401]


def test_a_link_used_twice_at_once_sets_one_password(house: Flask) -> None:
    path = link_for_the_clerk(house)
    pair = [Visitor(house.test_client()) for _ in range(2)]
    assert both(*pair, path, {"password": NEW_PASSWORD, "again": NEW_PASSWORD}) == [302, 404]
