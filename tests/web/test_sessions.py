"""Sessions end when they should: an old cookie is refused on every path, whatever ended it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.cli import fab
from flask_appbuilder.security.sqla.models import Group, Role, User
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from portal import sessions
from portal.cli import accounts_commands
from portal.db import READ_ONLY, utc_now
from portal.security import today
from portal.sessions import UserSession, digest_of
from portal.units.models import Holding
from tests import cast
from tests.conftest import Visitor
from tests.web.authenticator import App
from tests.web.calls import edit, key_of, one, rows, send, typed_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from tests.conftest import Visit

NEW_PASSWORD = "một-câu-khác-để-nhớ"
COOKIE = "trinh_session"
PAGE, REST = "/submissions/list/", "/api/v1/unit/"
BOTH = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def replay(app: Flask, cookie: str) -> Any:
    """Someone else's browser with a cookie that was copied."""
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)
    return client


def token_in(app: Flask, cookie: str) -> str:
    """The id of the session that a cookie carries, as only the portal can read it."""
    reader = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    token: str = reader.loads(cookie)["_user_id"]
    return token


def group_of(app: Flask, *members: str) -> int:
    with rows(app) as session:
        people = [one(session, User, username=name) for name in members]
        session.add(Group(name="nhom", label="Nhóm", roles=[one(session, Role, name="Designer")], users=people))
    return key_of(app, Group, name="nhom")


# -- every way in which a session ends ----------------------------------------------------------------------------


def sign_out(_app: Flask, clerk: Visitor, _admin: Visitor) -> Any:
    return clerk.post("/logout/")


def change_own_password(_app: Flask, clerk: Visitor, _admin: Visitor) -> Any:
    return clerk.post("/account/password", {"current": cast.PASSWORD, **BOTH})


def have_password_set(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    return edit(admin, f"/users/password/{key_of(app, User, username='clerk')}", **BOTH)


def have_password_reset_by_command(app: Flask, _clerk: Visitor, _admin: Visitor) -> Any:
    command = ["reset-password", "--username", "clerk", "--password", NEW_PASSWORD]
    done = app.test_cli_runner().invoke(fab, args=command)
    assert done.exit_code == 0, done.output


def be_given_a_role(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    path, role = f"/users/edit/{key_of(app, User, username='clerk')}", key_of(app, Role, name="Designer")
    return edit(admin, path, roles=[role])


def be_put_into_a_group(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    group = group_of(app)
    return edit(admin, f"/users/edit/{key_of(app, User, username='clerk')}", groups=[group])


def be_added_to_the_members_of_a_group(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    group = group_of(app)
    return edit(admin, f"/groups/edit/{group}", users=[key_of(app, User, username="clerk")])


def be_taken_from_the_members_of_a_group(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    group = group_of(app, "clerk")
    return edit(admin, f"/groups/edit/{group}", users=[])


def be_among_the_members_of_a_new_group(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    return admin.post("/groups/add", {"name": "moi", "users": [key_of(app, User, username="clerk")]})


def see_ones_group_get_other_roles(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    group = group_of(app, "clerk")
    return edit(admin, f"/groups/edit/{group}", roles=[key_of(app, Role, name="Auditor")])


def be_deactivated(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    path = f"/users/edit/{key_of(app, User, username='clerk')}"
    form = typed_in(admin.get(path).text)
    return admin.client.post(path, data={name: form[name] for name in form if name != "active"})


def choose_a_password_by_a_link(app: Flask, _clerk: Visitor, admin: Visitor) -> Any:
    page = admin.post(f"/users/link/{key_of(app, User, username='clerk')}").text
    path = "/new-password/" + page.split("/new-password/")[1].split('"')[0]
    return Visitor(app.test_client()).post(path, BOTH)


def set_up_a_second_factor_elsewhere(app: Flask, _clerk: Visitor, _admin: Visitor) -> Any:
    elsewhere = Visitor(app.test_client())
    elsewhere.sign_in(cast.CLERK)
    App().set_up(elsewhere)


def have_the_second_factor_reset(app: Flask, _clerk: Visitor, _admin: Visitor) -> Any:
    done = app.test_cli_runner().invoke(accounts_commands, args=["reset-second-factor", "clerk"])
    assert done.exit_code == 0, done.output


def be_ended_from_another_device(app: Flask, _clerk: Visitor, _admin: Visitor) -> Any:
    elsewhere = Visitor(app.test_client())
    elsewhere.sign_in(cast.CLERK)
    return elsewhere.post("/account/sessions/end-others")


ENDINGS: dict[Callable[[Flask, Visitor, Visitor], Any], str] = {
    sign_out: "signed_out",
    change_own_password: "password_changed",
    have_password_set: "password_changed",
    have_password_reset_by_command: "password_changed",
    be_given_a_role: "roles_changed",
    be_put_into_a_group: "groups_changed",
    be_added_to_the_members_of_a_group: "groups_changed",
    be_taken_from_the_members_of_a_group: "groups_changed",
    be_among_the_members_of_a_new_group: "groups_changed",
    see_ones_group_get_other_roles: "groups_changed",
    be_deactivated: "deactivated",
    choose_a_password_by_a_link: "password_changed",
    set_up_a_second_factor_elsewhere: "second_factor_changed",
    have_the_second_factor_reset: "second_factor_changed",
    be_ended_from_another_device: "ended_by_owner",
}


@pytest.mark.parametrize("ending", ENDINGS, ids=lambda ending: ending.__name__)
def test_an_old_cookie_is_refused_at_the_next_request(
    portal: Flask, visit: Visit, ending: Callable[[Flask, Visitor, Visitor], Any]
) -> None:
    clerk, admin, other = visit(cast.CLERK), visit(cast.ADMIN), visit(cast.HEAD)
    cookie, token = cookie_of(clerk), clerk.token()
    assert replay(portal, cookie).get(PAGE).status_code == 200
    answer = ending(portal, clerk, admin)
    assert answer is None or answer.status_code == 302
    thief = replay(portal, cookie)
    assert thief.get(PAGE).location.startswith("/login/")
    thief = replay(portal, cookie)
    assert thief.get(REST).status_code == 401
    thief = replay(portal, cookie)
    assert thief.post("/submissions/new", data={"csrf_token": token}).status_code == 401
    thief = replay(portal, cookie)
    assert thief.post("/api/v1/task/1/note", json={}, headers={"X-CSRFToken": token}).status_code == 401
    with rows(portal) as session:
        assert one(session, UserSession, digest=digest_of(token_in(portal, cookie))).ended_why == ENDINGS[ending]
    assert other.get(PAGE).status_code == admin.get(PAGE).status_code == 200


def test_changing_ones_own_password_goes_on_under_a_new_id(portal: Flask, visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    before = token_in(portal, cookie_of(clerk))
    change_own_password(portal, clerk, clerk)
    assert clerk.get(PAGE).status_code == 200
    assert token_in(portal, cookie_of(clerk)) != before


def test_what_changes_nothing_about_rights_ends_no_session(portal: Flask, visit: Visit) -> None:
    clerk, admin = visit(cast.CLERK), visit(cast.ADMIN)
    group = group_of(portal, "clerk")
    assert edit(admin, f"/users/edit/{key_of(portal, User, username='clerk')}", first_name="Rơ Châm").status_code == 302
    assert edit(admin, f"/groups/edit/{group}", label="Tên khác").status_code == 302
    assert clerk.get(PAGE).status_code == 200


def test_a_refused_change_ends_no_session(portal: Flask, visit: Visit) -> None:
    admin, elsewhere = visit(cast.ADMIN), visit(cast.ADMIN)
    path = f"/users/edit/{key_of(portal, User, username='admin')}"
    assert edit(admin, path, roles=[]).status_code == 422  # he is the last administrator
    assert elsewhere.get(PAGE).status_code == admin.get(PAGE).status_code == 200


def test_a_post_that_changes_hands_ends_no_session(portal: Flask, visit: Visit) -> None:
    clerk, units = visit(cast.CLERK), visit(cast.UNIT_ADMIN)
    with rows(portal) as session:
        seats = select(Holding.id).join(User, Holding.user).where(User.username == "clerk")
        number = session.scalars(seats).one()
    yesterday = (today() - timedelta(days=1)).strftime("%d/%m/%Y")
    assert edit(units, f"/holdings/edit/{number}", valid_to=yesterday).status_code == 302
    assert clerk.get(PAGE).status_code == 403  # signed in, and without the role


# -- limits -------------------------------------------------------------------------------------------------------


def age(app: Flask, **back: timedelta) -> None:
    """Let every session look as if it had been opened or used so much earlier."""
    with rows(app) as session:
        for row in session.scalars(select(UserSession)):
            for column, by in back.items():
                setattr(row, column, getattr(row, column) - by)


@pytest.mark.parametrize(
    ("back", "is_over"),
    [
        ({"seen_at": timedelta(hours=7, minutes=59)}, False),
        ({"seen_at": timedelta(hours=8)}, True),
        ({"opened_at": timedelta(hours=11, minutes=59)}, False),
        ({"opened_at": timedelta(hours=12)}, True),
    ],
)
def test_a_session_ends_when_it_idles_and_at_the_latest_after_half_a_day(
    portal: Flask, visit: Visit, back: dict[str, timedelta], *, is_over: bool
) -> None:
    clerk = visit(cast.CLERK)
    age(portal, **back)
    assert (clerk.get(PAGE).status_code == 302) == is_over
    assert (visit(cast.CLERK).get(PAGE).status_code) == 200


def test_old_rows_are_closed_and_swept_at_the_next_sign_in(portal: Flask, visit: Visit) -> None:
    visit(cast.CLERK)
    age(portal, seen_at=timedelta(hours=9))
    visit(cast.HEAD)
    with rows(portal) as session:
        assert [row.ended_why for row in session.scalars(select(UserSession).order_by(UserSession.id))] == [
            "idle",
            None,
        ]
    age(portal, opened_at=sessions.KEPT_FOR)
    visit(cast.HEAD)
    with rows(portal) as session:
        assert [row.ended_why for row in session.scalars(select(UserSession))] == [None]


# -- what is kept -------------------------------------------------------------------------------------------------


def test_the_database_keeps_the_hash_of_an_id_and_the_cookie_no_account(portal: Flask, visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    token = token_in(portal, cookie_of(clerk))
    assert len(token) >= 43  # 256 bits in base64
    with rows(portal) as session:
        row = session.scalars(select(UserSession)).one()
        assert row.digest == digest_of(token)
        assert token not in str({column: getattr(row, column.key) for column in UserSession.__table__.columns})
        assert (row.address, row.agent[:9], row.proof) == ("127.0.0.1", "Werkzeug/", "password")
    reader = portal.session_interface.get_signing_serializer(portal)  # type: ignore[attr-defined]
    assert set(reader.loads(cookie_of(clerk))) <= {"_user_id", "csrf_token", "_permanent", "locale", "_flashes"}


@pytest.mark.parametrize("forged", ["1", "0", "-1", "", "' OR 1=1 --", "x" * 5000, "ー"])
def test_a_guessed_id_opens_nothing_even_with_the_right_signature(portal: Flask, visit: Visit, forged: str) -> None:
    visit(cast.ADMIN)
    signer = portal.session_interface.get_signing_serializer(portal)  # type: ignore[attr-defined]
    assert replay(portal, signer.dumps({"_user_id": forged})).get(REST).status_code == 401


# -- reading writes nothing ---------------------------------------------------------------------------------------


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is sent to the database meanwhile, besides reading."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(None, 1)[0] not in {"SELECT", "BEGIN", "PRAGMA", "WITH"}:
            sent.append(statement)

    engine = app.extensions["trinh"]["database"].engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def seen_at(app: Flask) -> datetime:
    with rows(app) as session:
        return session.scalars(select(UserSession.seen_at)).one()


def test_the_last_request_is_written_at_most_once_a_minute(portal: Flask, visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    with statements(portal) as sent:
        clerk.get(PAGE)
        clerk.get(REST)
    assert sent == []
    age(portal, seen_at=timedelta(minutes=2))
    with statements(portal) as sent:
        clerk.get(PAGE)
        clerk.get(REST)
    assert [statement.split(" WHERE")[0] for statement in sent] == ["UPDATE user_session SET seen_at=?"]
    assert utc_now() - seen_at(portal) < timedelta(seconds=10)


def test_no_page_and_no_answer_writes_anything_else(portal: Flask, visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    paths = [str(rule) for rule in portal.url_map.iter_rules() if "GET" in (rule.methods or ())]
    plain = [path.replace("<pk>", "1").replace("<int:pk>", "1") for path in paths if "<path:" not in path]
    with statements(portal) as sent:
        for path in plain:
            age_in_place(portal)
            with admin.get(path.replace("<int:link_id>", "1").replace("<int:request_id>", "1")) as answer:
                assert answer.status_code < 500
    assert {statement.split(" WHERE")[0] for statement in sent} == {"UPDATE user_session SET seen_at=?"}


def age_in_place(app: Flask) -> None:
    """Let every session be due for its note, without a word to the listener: past the engine."""
    raw = app.extensions["trinh"]["database"].engine.raw_connection()
    raw.driver_connection.execute("UPDATE user_session SET seen_at = datetime(seen_at, '-2 minutes')")
    raw.close()


def test_a_reader_does_not_wait_for_a_writer_to_note_himself(portal: Flask, visit: Visit) -> None:
    clerk = visit(cast.CLERK)
    age(portal, seen_at=timedelta(minutes=2))
    before = seen_at(portal)
    with Session(portal.extensions["trinh"]["database"].engine) as writer:
        assert not READ_ONLY.get()
        writer.execute(update(User).values(login_count=User.login_count))
        begun = utc_now()
        assert clerk.get(PAGE).status_code == 200
        assert utc_now() - begun < timedelta(seconds=5)
        writer.rollback()
    assert seen_at(portal) == before
    assert clerk.get(PAGE).status_code == 200
    assert seen_at(portal) > before


# -- the security log ---------------------------------------------------------------------------------------------


def test_the_end_of_a_session_is_told_once_it_is_true(
    portal: Flask, visit: Visit, caplog: pytest.LogCaptureFixture
) -> None:
    clerk, admin = visit(cast.CLERK), visit(cast.ADMIN)
    with caplog.at_level("INFO", "trinh.security"):
        be_given_a_role(portal, clerk, admin)
    lines = [json.loads(record.message) for record in caplog.records if record.name == "trinh.security"]
    told = [line for line in lines if line["event"] == "session_ended"]
    assert [(each["event"], each["account"], each["why"]) for each in told] == [
        ("session_ended", "clerk", "roles_changed")
    ]
    assert told[0]["address"] == "127.0.0.1"
    caplog.clear()
    with caplog.at_level("INFO", "trinh.security"):
        edit(admin, f"/users/edit/{key_of(portal, User, username='admin')}", roles=[])
    assert "session_ended" not in caplog.text


def test_ending_a_session_of_someone_else_needs_his_cookie(visit: Visit) -> None:
    clerk, head = visit(cast.CLERK), visit(cast.HEAD)
    assert send(head, "POST", "/logout/", {}).status_code == 302
    assert clerk.get(PAGE).status_code == 200
