"""Whoever guesses waits longer each time, on every page that tests a password, and keeps nobody else out for long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal import passwords
from portal.audit import AuditEntry
from portal.throttle import FORGOTTEN_AFTER, LONGEST_DELAY, PER_ADDRESS, Failures, delay
from tests import cast
from tests.conftest import Visitor
from tests.web.calls import one, rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

NEW_PASSWORD = "một-câu-khác-để-nhớ"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"
ACCOUNT = "/account/password"


@pytest.fixture
def strict(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The portal as it ships: five failures, then delays."""
    settings = portal.extensions["trinh"]["settings"]
    monkeypatch.setitem(portal.extensions["trinh"], "settings", replace(settings, sign_in_failures=5))
    return portal


def browser(app: Flask, address: str) -> Visitor:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Visitor(client)


def attempt(visitor: Visitor, username: str, password: str = "sai") -> Any:  # noqa: S107 - wrong on purpose
    return visitor.post("/login/", {"username": username, "password": password})


def let_time_pass(app: Flask, by: timedelta) -> None:
    with rows(app) as session:
        for row in session.scalars(select(Failures)):
            row.last_at, row.free_at = row.last_at - by, row.free_at - by


def test_thirty_wrong_passwords_are_slowed_and_the_right_one_waits_as_well(strict: Flask) -> None:
    guesser = browser(strict, HERE)
    assert [attempt(guesser, "clerk").status_code for _ in range(30)] == [401] * 5 + [429] * 25
    answer = attempt(guesser, "clerk", cast.PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 10
    assert "quá nhiều lần" in answer.text
    assert guesser.get("/login/").status_code == 200
    let_time_pass(strict, timedelta(seconds=10))
    assert attempt(guesser, "clerk", cast.PASSWORD).status_code == 302


def test_another_account_from_another_address_is_not_hindered(strict: Flask) -> None:
    guesser = browser(strict, HERE)
    for _ in range(30):
        attempt(guesser, "clerk")
    assert attempt(browser(strict, ELSEWHERE), "head", cast.PASSWORD).status_code == 302
    assert attempt(browser(strict, HERE), "head", cast.PASSWORD).status_code == 302
    assert attempt(browser(strict, ELSEWHERE), "clerk", cast.PASSWORD).status_code == 429


def test_whoever_signed_in_on_this_device_is_not_kept_out_by_the_failures_of_others(strict: Flask) -> None:
    owner = browser(strict, HERE)
    assert attempt(owner, "clerk", cast.PASSWORD).status_code == 302
    owner.post("/logout/")
    for _ in range(30):
        attempt(browser(strict, HERE), "clerk")
    assert attempt(browser(strict, ELSEWHERE), "clerk", cast.PASSWORD).status_code == 429
    assert attempt(owner, "clerk", cast.PASSWORD).status_code == 302


def test_a_known_device_is_slowed_by_its_own_failures_and_helps_no_other_account(strict: Flask) -> None:
    owner = browser(strict, HERE)
    attempt(owner, "clerk", cast.PASSWORD)
    owner.post("/logout/")
    assert [attempt(owner, "clerk").status_code for _ in range(7)] == [401] * 5 + [429] * 2
    assert [attempt(owner, "head").status_code for _ in range(7)] == [401] * 5 + [429] * 2


def test_each_failure_doubles_the_delay_to_a_limit_that_keeps_nobody_out_for_long(strict: Flask) -> None:
    assert [delay(number, 5) for number in range(1, 13)] == [0, 0, 0, 0, 10, 20, 40, 80, 160, 300, 300, 300]
    assert delay(10**9, 5) == LONGEST_DELAY == 300
    guesser = browser(strict, HERE)
    waits = []
    for _ in range(12):
        let_time_pass(strict, timedelta(seconds=LONGEST_DELAY))
        assert attempt(guesser, "clerk").status_code == 401
        answer = attempt(guesser, "clerk")
        waits.append(int(answer.headers.get("Retry-After", 0)))
    assert max(waits) == LONGEST_DELAY
    let_time_pass(strict, FORGOTTEN_AFTER)
    assert [attempt(guesser, "clerk").status_code for _ in range(6)] == [401] * 5 + [429]


def test_one_address_that_tries_many_names_is_slowed(strict: Flask) -> None:
    guesser = browser(strict, HERE)
    statuses = [attempt(guesser, f"ai.đó.{number}").status_code for number in range(5 * PER_ADDRESS + 2)]
    assert statuses == [401] * 5 * PER_ADDRESS + [429] * 2
    assert attempt(browser(strict, ELSEWHERE), "clerk", cast.PASSWORD).status_code == 302


def test_one_subscribers_addresses_count_together(strict: Flask) -> None:
    statuses = [
        attempt(browser(strict, f"2001:db8:1:2::{number:x}"), f"ai.đó.{number}").status_code for number in range(22)
    ]
    assert statuses == [401] * 20 + [429] * 2
    assert attempt(browser(strict, "2001:db8:1:3::1"), "ai.đó").status_code == 401


def test_signing_in_counts_nothing_and_wipes_only_its_own_failures(strict: Flask) -> None:
    for _ in range(19):
        visitor = browser(strict, HERE)
        assert attempt(visitor, "clerk").status_code == 401
        assert attempt(visitor, "clerk", cast.PASSWORD).status_code == 302
    assert attempt(browser(strict, HERE), "ai.đó").status_code == 401
    assert attempt(browser(strict, HERE), "ai.đó").status_code == 429  # the address keeps its twenty


@pytest.mark.parametrize("spelling", ["CLERK", "Clerk", " clerk", "clerk@gialai.example"])
def test_one_account_is_one_account_however_it_is_written(strict: Flask, spelling: str) -> None:
    for _ in range(5):
        attempt(browser(strict, HERE), spelling)
    assert attempt(browser(strict, ELSEWHERE), "clerk", cast.PASSWORD).status_code == 429


def test_names_that_nobody_has_are_slowed_alike(strict: Flask) -> None:
    known, unknown = browser(strict, HERE), browser(strict, ELSEWHERE)
    for _ in range(7):
        answers = [attempt(known, "clerk"), attempt(unknown, "ai.đó")]
        assert answers[0].status_code == answers[1].status_code
        assert ("Retry-After" in answers[0].headers) == ("Retry-After" in answers[1].headers)


def test_guessing_at_the_current_password_is_slowed_as_well(strict: Flask) -> None:
    clerk = browser(strict, HERE)
    attempt(clerk, "clerk", cast.PASSWORD)
    typed = {"current": "sai", "password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert [clerk.post(ACCOUNT, typed).status_code for _ in range(7)] == [422] * 5 + [429] * 2
    with rows(strict) as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert last is not None
        assert (last.actor, last.action) == ("clerk", "user_sign_in_failed")
    right = clerk.post(ACCOUNT, {**typed, "current": cast.PASSWORD})
    assert (right.status_code, "Retry-After" in right.headers) == (429, True)
    assert clerk.get("/submissions/list/").status_code == 200
    assert attempt(browser(strict, ELSEWHERE), "clerk", cast.PASSWORD).status_code == 302


@pytest.mark.parametrize("username", ["clerk", "deputy", "ai.đó", "closed"])
def test_one_hash_is_computed_for_every_name(
    strict: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch, username: str
) -> None:
    with rows(strict) as session:
        one(session, User, username="deputy").password = "!"
        closed = one(session, User, username="head")
        closed.username, closed.active = "closed", False
    computed: list[str] = []
    real = passwords.check_password_hash

    def count(kept: str, typed: str) -> bool:
        computed.append(kept)
        return real(kept, typed)

    monkeypatch.setattr(passwords, "check_password_hash", count)
    assert attempt(browser(strict, HERE), username).status_code == 401
    assert len(computed) == 1
    assert computed[0].startswith(("scrypt:32768:8:1$", "pbkdf2:sha256:1$"))


def test_what_is_tested_at_once_is_counted_like_one_by_one(strict: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    guesser, inner = browser(strict, HERE), browser(strict, HERE)
    token, statuses = inner.token(), []
    real = passwords.check_password_hash

    def meanwhile(kept: str, typed: str) -> bool:
        if len(statuses) < 20:
            statuses.append(0)
            typed_too = {"csrf_token": token, "username": "clerk", "password": "sai"}
            statuses.append(inner.client.post("/login/", data=typed_too).status_code)
        return real(kept, typed)

    monkeypatch.setattr(passwords, "check_password_hash", meanwhile)
    assert attempt(guesser, "clerk").status_code == 401
    assert statuses.count(401) == 4  # with the outermost, five were admitted while none had been answered
    assert statuses.count(429) == 1
