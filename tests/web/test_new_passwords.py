"""A weak password is refused on every path by which one is set, with a sentence that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.cli import fab
from flask_appbuilder.security.sqla.models import User

from tests import cast
from tests.web.calls import edit, key_of, value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit, Visitor

GOOD = "một-câu-khác-để-nhớ"
WEAK = {
    "ngắn": "ít nhất 12",
    "matkhau12345": "dễ đoán",
    "clerk2024clerk": "tên của bạn",
    "sothongtin2024": "tên của bạn",
    "x" * 129: "nhiều nhất 128",
}


def by_oneself(_app: Flask, visit: Visit, password: str) -> tuple[bool, str]:
    typed = {"current": cast.PASSWORD, "password": password, "again": password}
    answer = visit(cast.CLERK).post("/account/password", typed)
    return answer.status_code == 302, answer.text


def by_an_administrator(app: Flask, visit: Visit, password: str) -> tuple[bool, str]:
    path = f"/users/password/{key_of(app, User, username='clerk')}"
    answer = edit(visit(cast.ADMIN), path, password=password, again=password)
    return answer.status_code == 302, answer.text


def by_command(app: Flask, _visit: Visit, password: str) -> tuple[bool, str]:
    command = ["reset-password", "--username", "clerk", "--password", password]
    done = app.test_cli_runner().invoke(fab, args=command)
    return done.exit_code == 0, " ".join(done.output.split())


WAYS: tuple[Callable[[Flask, Visit, str], tuple[bool, str]], ...] = (by_oneself, by_an_administrator, by_command)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("password", WEAK)
def test_a_weak_password_is_refused_with_the_reason(
    portal: Flask, visit: Visit, way: Callable[[Flask, Visit, str], tuple[bool, str]], password: str
) -> None:
    number = key_of(portal, User, username="clerk")
    before = value_of(portal, User, number, "password")
    is_taken, said = way(portal, visit, password)
    assert not is_taken
    assert WEAK[password] in said
    assert password not in said or way is by_command
    assert value_of(portal, User, number, "password") == before


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_good_one_is_taken(portal: Flask, visit: Visit, way: Callable[[Flask, Visit, str], tuple[bool, str]]) -> None:
    is_taken, _said = way(portal, visit, GOOD)
    assert is_taken
    number = key_of(portal, User, username="clerk")
    assert value_of(portal, User, number, "password").startswith("scrypt:")
    assert visit(None).sign_in(cast.CLERK, GOOD).status_code == 302


@pytest.mark.parametrize(("password", "is_taken"), [("matkhau12345", False), ("moi.nguoi2024", False), (GOOD, True)])
def test_an_account_made_by_command_has_a_good_password(portal: Flask, password: str, *, is_taken: bool) -> None:
    person = ["--username", "moi.nguoi", "--firstname", "Mới", "--lastname", "Người", "--email", "moi@gialai.example"]
    command = ["create-user", "--role", "Clerk", *person, "--password", password]
    done: Any = portal.test_cli_runner().invoke(fab, args=command)
    assert (done.exit_code == 0) == is_taken
    with portal.app_context():
        found = portal.extensions["appbuilder"].sm.find_user(username="moi.nguoi")
        assert (found is not None) == is_taken


def test_a_refused_password_counts_as_no_attempt(visit: Visit) -> None:
    clerk: Visitor = visit(cast.CLERK)
    typed = {"current": "sai", "password": "ngắn", "again": "ngắn"}
    assert {clerk.post("/account/password", typed).status_code for _ in range(3)} == {422}
    assert clerk.get("/submissions/list/").status_code == 200
