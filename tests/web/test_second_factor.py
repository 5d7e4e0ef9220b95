"""The second factor: who must have one, that a password alone opens nothing, that a code is taken once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pyotp
import pytest
import segno
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, text

from portal import secondfactor
from portal.audit import AuditEntry
from portal.secondfactor import RecoveryCode, SecondFactor, Vault
from portal.sessions import UserSession
from tests import cast
from tests.conftest import Visitor
from tests.web.authenticator import PAGE as FACTOR
from tests.web.authenticator import App, app_with_clock, prove
from tests.web.calls import key_of, rows
from tests.web.test_sessions import age, cookie_of, replay

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

PAGE, REST = "/submissions/list/", "/api/v1/unit/"
DECIDE = (cast.HEAD, cast.DEPUTY, cast.POLICE_HEAD, cast.CHAIRMAN)
MUST = (*DECIDE, cast.REGISTRAR, cast.DESIGNER, cast.UNIT_ADMIN, cast.ADMIN)
NEED_NOT = (cast.CLERK, cast.AUDITOR)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> App:
    """An authenticator app."""
    return app_with_clock(monkeypatch)


@pytest.fixture
def demanding(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The portal as in production: a second factor is required."""
    settings = portal.extensions["trinh"]["settings"]
    changed = replace(settings, require_second_factor=True, sign_in_failures=5)
    monkeypatch.setitem(portal.extensions["trinh"], "settings", changed)
    return portal


# -- signing in ---------------------------------------------------------------------------------------------------


def test_a_code_is_asked_for_after_the_password(visit: Visit, phone: App) -> None:
    phone.set_up(visit(cast.HEAD))
    head = visit(None)
    half = head.client.post(
        "/login/?next=/tasks/list/",
        data={"csrf_token": head.token(), "username": "head", "password": cast.PASSWORD},
    )
    assert half.location == "/login/code?next=/tasks/list/"
    assert head.get(PAGE).location.startswith("/login/")
    done = head.client.post(half.location, data={"csrf_token": head.token(), "one_time_code": phone.code()})
    assert done.location == "/tasks/list/"
    assert head.get(PAGE).status_code == 200


def test_the_cookie_between_password_and_code_gives_nothing(portal: Flask, visit: Visit, phone: App) -> None:
    phone.set_up(visit(cast.HEAD))
    head = visit(None)
    head.sign_in(cast.HEAD)
    token, between = head.token(), cookie_of(head)
    for path in (PAGE, "/", FACTOR, "/account/password", "/account/sessions", "/tasks/list/"):
        assert replay(portal, between).get(path).location.startswith("/login/"), path
    assert replay(portal, between).get(REST).status_code == 401
    answer = replay(portal, between).post(f"{FACTOR}begin", data={"csrf_token": token, "current": cast.PASSWORD})
    assert answer.status_code == 401
    assert head.post("/login/code", {"one_time_code": phone.code()}).status_code == 302
    phone.wait()
    late = replay(portal, between)
    assert late.get(PAGE).status_code == 302
    assert late.post("/login/code", data={"csrf_token": token, "one_time_code": phone.code()}).location == "/login/"
    assert late.get(PAGE).status_code == 302


def test_the_id_of_a_half_session_is_no_session_wherever_it_stands(portal: Flask, visit: Visit, phone: App) -> None:
    phone.set_up(visit(cast.HEAD))
    head = visit(None)
    head.sign_in(cast.HEAD)
    signer = portal.session_interface.get_signing_serializer(portal)  # type: ignore[attr-defined]
    token = signer.loads(cookie_of(head))["half_id"]
    assert replay(portal, signer.dumps({"_user_id": token})).get(REST).status_code == 401


def test_whoever_proved_no_password_is_asked_for_no_code(visit: Visit) -> None:
    assert visit(None).get("/login/code").location == "/login/"
    assert visit(None).post("/login/code", {"one_time_code": "123456"}).location == "/login/"
    assert visit(cast.CLERK).get("/login/code").status_code == 302


def test_a_code_may_be_owed_for_five_minutes(portal: Flask, visit: Visit, phone: App) -> None:
    phone.set_up(visit(cast.HEAD))
    head = visit(None)
    head.sign_in(cast.HEAD)
    age(portal, opened_at=timedelta(minutes=5))
    assert head.get("/login/code").location == "/login/"


YESTERDAY = -2880
TAKEN = {-2: False, -1: True, 0: True, 1: True, 2: False, YESTERDAY: False}


@pytest.mark.parametrize(("off", "is_taken"), TAKEN.items())
def test_a_code_of_the_steps_beside_is_taken_and_of_yesterday_is_not(
    visit: Visit, phone: App, off: int, *, is_taken: bool
) -> None:
    phone.set_up(visit(cast.HEAD))
    phone.wait(300)
    assert (prove(visit(None), cast.HEAD, phone.code(off)).status_code == 302) == is_taken


def test_a_code_is_taken_once(visit: Visit, phone: App) -> None:
    first = phone.set_up(visit(cast.HEAD))
    assert first.status_code == 200
    used = phone.code(-1)
    assert prove(visit(None), cast.HEAD, used).status_code == 401  # it set the app up
    code = phone.code()
    assert prove(visit(None), cast.HEAD, code).status_code == 302
    assert prove(visit(None), cast.HEAD, code).status_code == 401
    assert prove(visit(None), cast.HEAD, phone.code(-1)).status_code == 401  # nor an earlier one afterwards
    phone.wait()
    assert prove(visit(None), cast.HEAD, phone.code()).status_code == 302


@pytest.mark.parametrize("typed", ["000000", "", " ", "abcdef", "１２３４５６", "1" * 64, "123456789012", "\x00"])
def test_what_is_no_code_signs_nobody_in(visit: Visit, phone: App, typed: str) -> None:
    phone.set_up(visit(cast.HEAD))
    head = visit(None)
    assert prove(head, cast.HEAD, typed).status_code in {200, 401}
    assert head.get(PAGE).status_code == 302


def test_a_code_may_be_typed_as_apps_show_it(visit: Visit, phone: App) -> None:
    phone.set_up(visit(cast.HEAD))
    code = phone.code()
    assert prove(visit(None), cast.HEAD, f" {code[:3]} {code[3:]} ").status_code == 302


def test_each_recovery_code_signs_in_once(portal: Flask, visit: Visit, phone: App) -> None:
    phone.set_up(visit(cast.HEAD))
    assert len(set(phone.recovery)) == 10
    first, second = phone.recovery[:2]
    head = visit(None)
    assert prove(head, cast.HEAD, first).status_code == 302
    assert prove(visit(None), cast.HEAD, first).status_code == 401
    assert prove(visit(None), cast.HEAD, second.lower().replace("-", " ")).status_code == 302
    assert "8" in head.get(FACTOR).text.split("<main")[1]
    with rows(portal) as session:
        actions = session.scalars(select(AuditEntry.action).where(AuditEntry.actor == "head")).all()
        assert actions.count("user_recovery_code_used") == 2


def test_guessing_codes_is_slowed_and_the_password_does_not_wipe_the_count(demanding: Flask, phone: App) -> None:
    phone.set_up(signed_in(demanding, cast.HEAD))
    guesser = Visitor(demanding.test_client())
    statuses = []
    for _ in range(7):
        guesser.sign_in(cast.HEAD)
        statuses.append(guesser.post("/login/code", {"one_time_code": "000000"}).status_code)
    assert statuses[:5] == [401] * 5
    answer = guesser.post("/login/code", {"one_time_code": phone.code()})
    assert answer.status_code in {429, 302}
    assert guesser.get(PAGE).status_code == 302
    assert guesser.sign_in(cast.HEAD).status_code == 429


def signed_in(app: Flask, username: str) -> Visitor:
    visitor = Visitor(app.test_client())
    visitor.sign_in(username)
    return visitor


# -- setting it up ------------------------------------------------------------------------------------------------


def test_setting_it_up_ends_the_other_sessions_and_goes_on_under_a_new_id(
    portal: Flask, visit: Visit, phone: App
) -> None:
    here, elsewhere = visit(cast.HEAD), visit(cast.HEAD)
    before = cookie_of(here)
    phone.set_up(here)
    assert here.get(PAGE).status_code == 200
    assert elsewhere.get(PAGE).status_code == 302
    assert replay(portal, before).get(PAGE).status_code == 302


def test_it_takes_the_password_once_more(visit: Visit) -> None:
    head = visit(cast.HEAD)
    for typed in ({"current": "sai"}, {"current": ""}, {}):
        assert head.post(f"{FACTOR}begin", typed).status_code == 422
    assert "picture.svg" not in head.get(FACTOR).text
    assert head.get(f"{FACTOR}picture.svg").status_code == 404


def test_a_setting_up_that_was_left_lying_is_nobodys_to_finish(visit: Visit, phone: App) -> None:
    head = visit(cast.HEAD)
    phone.read(head)
    phone.wait(14 * 60)
    assert head.get(f"{FACTOR}picture.svg").status_code == 200
    phone.wait(60)
    assert head.get(f"{FACTOR}picture.svg").status_code == 404
    assert phone.secret not in head.get(FACTOR).text.replace(" ", "")
    assert head.post(f"{FACTOR}confirm", {"one_time_code": phone.code()}).status_code == 422
    assert visit(None).sign_in(cast.HEAD).location == "/"


def test_nothing_changes_before_the_first_code_is_right(visit: Visit, phone: App) -> None:
    head = visit(cast.HEAD)
    phone.read(head)
    assert head.post(f"{FACTOR}confirm", {"one_time_code": "000000"}).status_code == 422
    assert visit(None).sign_in(cast.HEAD).location == "/"


def test_the_picture_says_what_the_key_says(visit: Visit, phone: App) -> None:
    head = visit(cast.HEAD)
    phone.read(head)
    picture = head.get(f"{FACTOR}picture.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "no-store"
    assert "style=" not in picture.text
    assert "<script" not in picture.text
    page = head.get(FACTOR).text
    assert "style=" not in page.split("<main")[1]
    assert visit(cast.DEPUTY).get(f"{FACTOR}picture.svg").status_code == 404
    drawn = segno.make(secondfactor.address_of(phone.secret, "head"), error="m").svg_inline(scale=5, light="#fff")
    paths = re.compile(r' d="([^"]+)"')
    assert paths.findall(picture.text) == paths.findall(drawn)
    read = pyotp.parse_uri(secondfactor.address_of(phone.secret, "head"))
    assert (read.secret, read.name, read.issuer) == (phone.secret, "head", "Trình")


def test_a_new_app_takes_the_place_of_the_old_one_when_it_works(visit: Visit, phone: App) -> None:
    head = visit(cast.HEAD)
    phone.set_up(head)
    old = App(phone.moment, phone.secret)
    phone.read(head)
    assert prove(visit(None), cast.HEAD, old.code()).status_code == 302
    phone.wait()
    old.wait()
    former = phone.recovery
    assert head.post(f"{FACTOR}confirm", {"one_time_code": phone.code()}).status_code == 200
    phone.wait()
    old.wait()
    assert prove(visit(None), cast.HEAD, old.code()).status_code == 401
    assert prove(visit(None), cast.HEAD, former[0]).status_code == 401
    assert prove(visit(None), cast.HEAD, phone.code()).status_code == 302


def test_the_database_keeps_neither_the_key_nor_a_code(portal: Flask, visit: Visit, phone: App) -> None:
    phone.set_up(visit(cast.HEAD))
    folder = portal.extensions["trinh"]["settings"].portal_data
    with rows(portal) as session:
        factor = session.scalars(select(SecondFactor)).one()
        assert factor.secret is not None
        assert Vault(portal.config["SECRET_KEY"]).unlock(factor.secret) == phone.secret
        assert all(len(row.digest) == 64 for row in session.scalars(select(RecoveryCode)))
    kept = b"".join(path.read_bytes() for path in folder.glob("portal.db*"))
    assert phone.secret.encode() not in kept
    assert [code for code in phone.recovery if code.encode() in kept or code.replace("-", "").encode() in kept] == []


def test_another_secret_key_reads_nothing_and_lets_nobody_in(
    portal: Flask, visit: Visit, phone: App, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    phone.set_up(visit(cast.HEAD))
    settings = portal.extensions["trinh"]["settings"]
    monkeypatch.setitem(portal.extensions["trinh"], "settings", replace(settings, secret_key="x" * 40))
    assert prove(visit(None), cast.HEAD, phone.code()).status_code == 401
    assert "SECRET_KEY has changed" in caplog.text
    assert prove(visit(None), cast.HEAD, phone.recovery[0]).status_code == 302


# -- who must -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("username", MUST)
def test_whoever_decides_registers_or_administers_sets_it_up_before_anything_else(
    demanding: Flask, phone: App, username: str
) -> None:
    visitor = signed_in(demanding, username)
    for path in ("/", PAGE, "/users/list/", "/account/password", "/account/sessions", "/audit/list/"):
        assert visitor.get(path).location == FACTOR, path
    assert visitor.get(REST).status_code == 403
    token = page_token(visitor)
    for path in ("/units/add", "/account/password", "/account/sessions/end-others"):
        assert visitor.client.post(path, data={"csrf_token": token, "x": "1"}).status_code == 403
    assert visitor.client.post("/api/v1/unit/", json={}, headers={"X-CSRFToken": token}).status_code == 403
    assert (
        visitor.client.post(f"{FACTOR}begin", data={"csrf_token": token, "current": cast.PASSWORD}).status_code == 302
    )
    phone.secret = phone_key(visitor)
    confirmed = visitor.client.post(f"{FACTOR}confirm", data={"csrf_token": token, "one_time_code": phone.code()})
    assert confirmed.status_code == 200
    assert visitor.get("/").status_code == 200


def page_token(visitor: Visitor) -> str:
    found = visitor.get(FACTOR).text.split('name="csrf_token"')[1]
    return found.split('value="')[1].split('"')[0]


def phone_key(visitor: Visitor) -> str:
    return visitor.get(FACTOR).text.split("<code>")[1].split("</code>")[0].replace(" ", "")


@pytest.mark.parametrize("username", NEED_NOT)
def test_others_may_and_need_not(demanding: Flask, phone: App, username: str) -> None:
    visitor = signed_in(demanding, username)
    assert visitor.get("/").status_code == 200
    phone.set_up(visitor)
    assert Visitor(demanding.test_client()).sign_in(username).location.startswith("/login/code")


def test_whoever_gains_such_a_right_is_asked_at_the_next_request(demanding: Flask, visit: Visit) -> None:
    clerk = signed_in(demanding, cast.CLERK)
    assert clerk.get(PAGE).status_code == 200
    with rows(demanding) as session:
        statement = "UPDATE holding SET post_id = (SELECT id FROM post WHERE kind = 'head' AND unit_id = "
        unit = "(SELECT p.unit_id FROM post p WHERE p.id = holding.post_id)) WHERE user_id = :user"
        session.execute(text(statement + unit), {"user": session.scalar(select(User.id).filter_by(username="clerk"))})
    assert clerk.get(PAGE).location == FACTOR


# -- resetting it -------------------------------------------------------------------------------------------------


def test_an_administrator_resets_it_and_the_sessions_of_its_owner_end(portal: Flask, visit: Visit, phone: App) -> None:
    head, admin, number = visit(cast.HEAD), visit(cast.ADMIN), key_of(portal, User, username="head")
    phone.set_up(head)
    cookie = cookie_of(head)
    assert "second-factor" in admin.get(f"/users/show/{number}").text
    assert admin.post(f"/users/second-factor/{number}/reset").status_code == 302
    assert replay(portal, cookie).get(PAGE).status_code == 302
    assert replay(portal, cookie).get(REST).status_code == 401
    assert visit(None).sign_in(cast.HEAD).location == "/"
    with rows(portal) as session:
        assert session.scalars(select(RecoveryCode)).all() == []
        last = session.scalars(select(AuditEntry).where(AuditEntry.action == "user_second_factor_reset")).one()
        assert (last.actor, last.object_id) == ("admin", str(number))
    assert "second-factor" not in admin.get(f"/users/show/{number}").text


def test_nobody_resets_his_own_or_that_of_one_who_may_do_more(portal: Flask, visit: Visit, phone: App) -> None:
    admin, number = visit(cast.ADMIN), key_of(portal, User, username="admin")
    phone.set_up(admin)
    assert admin.post(f"/users/second-factor/{number}/reset").status_code == 422
    for username in (cast.UNIT_ADMIN, cast.AUDITOR, cast.CLERK):
        assert visit(username).post(f"/users/second-factor/{number}/reset").status_code == 403
    assert visit(None).sign_in(cast.ADMIN).location.startswith("/login/code")


def test_a_new_password_keeps_the_second_factor(portal: Flask, visit: Visit, phone: App) -> None:
    head = visit(cast.HEAD)
    phone.set_up(head)
    new = "một-câu-khác-để-nhớ"
    typed = {"current": cast.PASSWORD, "password": new, "again": new}
    assert head.post("/account/password", typed).status_code == 302
    assert head.get(PAGE).status_code == 200
    with rows(portal) as session:
        live = session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).all()
        assert {row.proof for row in live if row.user.username == "head"} == {"code"}
    assert visit(None).sign_in(cast.HEAD, new).location.startswith("/login/code")


def test_events_are_told_and_hold_no_code(visit: Visit, phone: App, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "trinh.security"):
        phone.set_up(visit(cast.HEAD))
        prove(visit(None), cast.HEAD, "000000")
        prove(visit(None), cast.HEAD, phone.recovery[0])
    told: list[dict[str, Any]] = [json.loads(each.message) for each in caplog.records if each.name == "trinh.security"]
    events = [each["event"] for each in told]
    assert {"second_factor_set_up", "sign_in_refused", "recovery_code_used"} <= {*events}
    assert [each["what"] for each in told if each["event"] == "sign_in_refused"] == ["code"]
    for secret in (phone.secret, phone.code(-1), *phone.recovery):
        assert secret not in caplog.text
