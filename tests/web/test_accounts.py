"""Accounts, roles and groups: what nobody may do, and that every change is in the audit log or does not happen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import Group, PermissionView, Role, User
from sqlalchemy import select

from portal import audit
from portal.audit import AuditEntry
from portal.units.models import Holding, Post, Unit
from tests import cast
from tests.web.calls import edit, key_of, one, rows, typed_in, value_of

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

NEW_PASSWORD = "một-câu-khác-để-nhớ"
NEWCOMER = {"username": "moi", "first_name": "Ksor", "last_name": "Mới", "email": "moi@gialai.example", "active": "y"}
KEEPER_MAY = {"UserView": {"can_list", "can_show", "can_add", "can_edit", "can_password"}}
KEEPER_MAY |= {screen: {"can_list", "can_show", "can_add", "can_edit"} for screen in ("RoleView", "GroupView")}


def last_entry(app: Flask) -> tuple[str, str, str, str, dict[str, Any]]:
    with rows(app) as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry is not None
        return entry.actor, entry.action, entry.object_kind, entry.object_id, json.loads(entry.details)


def roles_of(app: Flask, username: str) -> set[str]:
    with rows(app) as session:
        return {role.name for role in one(session, User, username=username).roles}


@pytest.fixture
def keeper(portal: Flask, visit: Visit) -> Visitor:
    """Someone who keeps accounts, roles and groups, and may do nothing else."""
    with rows(portal) as session:
        rights = [
            right
            for right in session.scalars(select(PermissionView))
            if right.permission.name in KEEPER_MAY.get(right.view_menu.name, ())
        ]
        role = Role(name="Giữ tài khoản", permissions=rights)
        session.add(role)
        one(session, User, username=cast.AUDITOR).roles = [role]
    return visit(cast.AUDITOR)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit log takes nothing."""

    def record(*_args: object, **_details: object) -> None:
        raise OSError("the log is full")

    monkeypatch.setattr(audit, "record", record)


# -- the audit log ------------------------------------------------------------------------------------------------


def test_a_new_account_is_audited_and_has_no_password(portal: Flask, visit: Visit) -> None:
    assert visit(cast.ADMIN).post("/users/add", NEWCOMER).status_code == 302
    number = key_of(portal, User, username="moi")
    actor, action, kind, key, details = last_entry(portal)
    assert (actor, action, kind, key) == ("admin", "ab_user_added", "ab_user", str(number))
    assert details["username"] == [None, "moi"]
    assert value_of(portal, User, number, "password") == "!"
    assert visit(None).sign_in("moi", "!").status_code == 401


def test_a_changed_account_is_audited_before_and_after(portal: Flask, visit: Visit) -> None:
    number, designer = key_of(portal, User, username="clerk"), key_of(portal, Role, name="Designer")
    answer = edit(visit(cast.ADMIN), f"/users/edit/{number}", first_name="Trần Mai", roles=[str(designer)])
    assert answer.status_code == 302
    assert last_entry(portal) == (
        "admin",
        "ab_user_edited",
        "ab_user",
        str(number),
        {"first_name": ["Trần Thị Mai", "Trần Mai"], "roles": [None, "Designer"]},
    )


def test_a_password_that_is_set_is_audited_without_it(portal: Flask, visit: Visit) -> None:
    number, admin = key_of(portal, User, username="clerk"), visit(cast.ADMIN)
    assert edit(admin, f"/users/password/{number}", password=NEW_PASSWORD, again=NEW_PASSWORD).status_code == 302
    said = ("ab_user_edited", "ab_user", str(number), {"password": "changed"})
    assert last_entry(portal) == ("admin", *said)
    clerk = visit(None)
    clerk.sign_in(cast.CLERK, NEW_PASSWORD)
    typed = {"current": NEW_PASSWORD, "password": cast.PASSWORD, "again": cast.PASSWORD}
    assert clerk.post("/account/password", typed).status_code == 302
    assert last_entry(portal) == ("clerk", *said)


def test_changed_roles_and_groups_are_audited(portal: Flask, visit: Visit) -> None:
    admin, number = visit(cast.ADMIN), key_of(portal, Role, name="Designer")
    kept = typed_in(admin.get(f"/roles/edit/{number}").text)["permissions"][1:]
    assert edit(admin, f"/roles/edit/{number}", permissions=kept).status_code == 302
    actor, action, kind, key, details = last_entry(portal)
    assert (actor, action, kind, key) == ("admin", "ab_role_edited", "ab_role", str(number))
    assert list(details) == ["permissions"]
    typed = {"name": "to-766", "label": "Tổ 766", "description": "", "roles": [number]}
    assert admin.post("/groups/add", typed).status_code == 302
    actor, action, kind, key, details = last_entry(portal)
    assert (action, kind, details["name"]) == ("ab_group_added", "ab_group", [None, "to-766"])
    clerk = key_of(portal, User, username="clerk")
    assert edit(admin, f"/groups/edit/{key_of(portal, Group, name='to-766')}", users=[clerk]).status_code == 302
    assert last_entry(portal)[1] == "ab_group_edited"


def test_signing_in_and_failing_to_are_audited(portal: Flask, visit: Visit) -> None:
    number = str(key_of(portal, User, username="clerk"))
    visit(None).sign_in(cast.CLERK, "sai")
    assert last_entry(portal) == ("clerk", "user_sign_in_failed", "user", number, {})
    visit(cast.CLERK)
    assert last_entry(portal) == ("clerk", "user_signed_in", "user", number, {})
    assert value_of(portal, User, int(number), "login_count") == 1
    assert value_of(portal, User, int(number), "fail_login_count") == 0


def test_the_log_holds_no_secret_and_its_chain_holds(portal: Flask, visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    admin.post("/users/add", NEWCOMER)
    number = key_of(portal, User, username="moi")
    edit(admin, f"/users/password/{number}", password=NEW_PASSWORD, again=NEW_PASSWORD)
    visit(None).sign_in("moi", "một-lần-gõ-sai")
    with rows(portal) as session:
        hashes = set(session.scalars(select(User.password)))
        for entry in session.scalars(select(AuditEntry)):
            for secret in (NEW_PASSWORD, cast.PASSWORD, "một-lần-gõ-sai", "scrypt:", *hashes - {"!"}):
                assert secret not in f"{entry.details} {entry.actor} {entry.object_id}"
        assert audit.verify(session)[1] == ()


def test_what_cannot_be_audited_does_not_happen(portal: Flask, visit: Visit, request: pytest.FixtureRequest) -> None:
    admin, clerk = visit(cast.ADMIN), key_of(portal, User, username="clerk")
    designer, before = key_of(portal, Role, name="Designer"), value_of(portal, User, clerk, "password")
    rights = typed_in(admin.get(f"/roles/edit/{designer}").text)["permissions"]
    request.getfixturevalue("deaf")
    assert admin.post("/users/add", NEWCOMER).status_code == 500
    assert edit(admin, f"/users/edit/{clerk}", first_name="Khác").status_code == 500
    assert edit(admin, f"/users/password/{clerk}", password=NEW_PASSWORD, again=NEW_PASSWORD).status_code == 500
    assert edit(admin, f"/roles/edit/{designer}", permissions=rights[1:]).status_code == 500
    with rows(portal) as session:
        assert session.scalars(select(User).filter_by(username="moi")).first() is None
        assert len(session.get_one(Role, designer).permissions) == len(rights)
        assert session.get_one(User, clerk).first_name == "Trần Thị Mai"
        assert session.get_one(User, clerk).password == before


def test_who_cannot_be_audited_is_not_signed_in(portal: Flask, visit: Visit, deaf: None) -> None:
    visitor = visit(None)
    assert visitor.sign_in(cast.CLERK).status_code == 500
    assert visitor.get("/").location.startswith("/login/")
    assert value_of(portal, User, key_of(portal, User, username="clerk"), "login_count") in {None, 0}


@pytest.mark.parametrize("is_heard", [True, False])
def test_accounts_opened_by_command_are_audited_or_not_opened(
    portal: Flask, request: pytest.FixtureRequest, *, is_heard: bool
) -> None:
    if not is_heard:
        request.getfixturevalue("deaf")
    with portal.app_context():
        manager, database = portal.extensions["appbuilder"].sm, portal.extensions["trinh"]["database"]
        role = manager.find_role("Administrator")
        opened = manager.add_user("moi", "Ksor", "Mới", "moi@gialai.example", role, NEW_PASSWORD)
        database.session.remove()
    assert bool(opened) == is_heard
    with rows(portal) as session:
        assert bool(session.scalars(select(User).filter_by(username="moi")).first()) == is_heard
    if is_heard:
        number = str(key_of(portal, User, username="moi"))
        assert last_entry(portal) == ("system", "user_added", "user", number, {})


# -- administrators -----------------------------------------------------------------------------------------------


def test_the_last_administrator_stays(portal: Flask, visit: Visit) -> None:
    admin, number = visit(cast.ADMIN), key_of(portal, User, username="admin")
    designer = key_of(portal, Role, name="Designer")
    path = f"/users/edit/{number}"
    form = typed_in(admin.get(path).text)
    refused: list[dict[str, list[int]]] = [{"active": []}, {"roles": []}, {"roles": [designer]}]
    for typed in refused:
        answer = admin.client.post(path, data={**form, **typed})
        assert answer.status_code == 422
        assert "quản trị viên hệ thống duy nhất" in answer.text
    with rows(portal) as session:
        one(session, User, username="designer").roles = [one(session, Role, name="Administrator")]
    answer = admin.client.post(path, data={**form, "roles": [designer]})
    assert answer.status_code == 302
    assert roles_of(portal, "admin") == {"Designer"}


def test_an_administrator_who_may_not_sign_in_does_not_count(portal: Flask, visit: Visit) -> None:
    with rows(portal) as session:
        second = one(session, User, username="designer")
        second.roles, second.active = [one(session, Role, name="Administrator")], False
    path = f"/users/edit/{key_of(portal, User, username='admin')}"
    assert edit(visit(cast.ADMIN), path, roles=[]).status_code == 422


def make_administrator(app: Flask, *, by: str) -> tuple[int, int]:
    """Leave one administrator, who is it by a group or by a post; gives the keys of what makes him one."""
    with rows(app) as session:
        admin, role = one(session, User, username="admin"), one(session, Role, name="Administrator")
        admin.roles = []
        if by == "group":
            group = Group(name="quan-tri", label="Quản trị", roles=[role], users=[admin])
            session.add(group)
            session.flush()
            return group.id, admin.id
        post = session.scalars(select(Post).join(Unit).where(Unit.code == "VPUBND", Post.code == "cvp")).one()
        post.role = role
        seat = Holding(post=post, user=admin, valid_from=post.valid_from)
        session.add(seat)
        session.flush()
        return post.id, seat.id


@pytest.mark.parametrize("by", ["group", "post"])
def test_while_someone_administers_by_group_or_post_all_others_are_edited(portal: Flask, visit: Visit, by: str) -> None:
    make_administrator(portal, by=by)
    admin = visit(cast.ADMIN)
    assert edit(admin, f"/users/edit/{key_of(portal, User, username='clerk')}", active=[]).status_code == 302
    assert edit(admin, f"/users/edit/{key_of(portal, User, username='admin')}", last_name="An").status_code == 302
    assert edit(admin, f"/users/edit/{key_of(portal, User, username='admin')}", active=[]).status_code == 422


def test_the_last_administrators_group_keeps_its_role_and_its_members(portal: Flask, visit: Visit) -> None:
    group, user = make_administrator(portal, by="group")
    admin, designer = visit(cast.ADMIN), key_of(portal, User, username="designer")
    assert edit(admin, f"/users/edit/{user}", groups=[]).status_code == 422
    for typed in ({"users": []}, {"roles": []}, {"users": [designer], "roles": []}):
        assert edit(admin, f"/groups/edit/{group}", **typed).status_code == 422
    with rows(portal) as session:
        session.get_one(User, designer).active = False
    assert edit(admin, f"/groups/edit/{group}", users=[designer]).status_code == 422
    with rows(portal) as session:
        session.get_one(User, designer).active = True
    assert edit(admin, f"/groups/edit/{group}", users=[designer], label="Tổ quản trị").status_code == 302


def test_the_last_administrators_post_keeps_its_role_and_its_holder(portal: Flask, visit: Visit) -> None:
    post, seat = make_administrator(portal, by="post")
    admin = visit(cast.ADMIN)
    assert edit(admin, f"/posts/edit/{post}", role="__None").status_code == 422
    assert edit(admin, f"/holdings/edit/{seat}", valid_to="31/12/2024").status_code == 422
    assert edit(admin, f"/posts/edit/{post}", title_en="Chief").status_code == 302
    clerk, role = key_of(portal, User, username="clerk"), key_of(portal, Role, name="Administrator")
    assert edit(admin, f"/users/edit/{clerk}", roles=[role]).status_code == 302
    assert edit(admin, f"/holdings/edit/{seat}", valid_to="31/12/2024").status_code == 302


@pytest.mark.parametrize("typed", [{"name": "Quản trị"}, {"permissions": []}, {}])
def test_the_administrators_role_is_nobodys_to_change(portal: Flask, visit: Visit, typed: dict[str, Any]) -> None:
    number = key_of(portal, Role, name="Administrator")
    assert edit(visit(cast.ADMIN), f"/roles/edit/{number}", **typed).status_code == 422
    with rows(portal) as session:
        role = session.get_one(Role, number)
        assert role.name == "Administrator"
        assert len(role.permissions) == len(session.scalars(select(PermissionView)).all())


# -- nobody grants more than his own -----------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Administrator", "Clerk", "UBND approver"])
def test_nobody_gives_a_role_with_more_rights_than_his_own(portal: Flask, keeper: Visitor, role: str) -> None:
    number = key_of(portal, Role, name=role)
    for username in (cast.AUDITOR, cast.CLERK):
        path = f"/users/edit/{key_of(portal, User, username=username)}"
        assert edit(keeper, path, roles=[number]).status_code == 422
        assert role not in roles_of(portal, username)
    assert keeper.post("/users/add", {**NEWCOMER, "roles": [number]}).status_code == 422
    assert keeper.post("/groups/add", {"name": "nhom", "roles": [number]}).status_code == 422
    with rows(portal) as session:
        assert session.scalars(select(Group)).all() == []
        assert session.scalars(select(User).filter_by(username="moi")).first() is None


def test_nobody_joins_a_group_with_more_rights_than_his_own(portal: Flask, keeper: Visitor) -> None:
    with rows(portal) as session:
        administrator = one(session, Role, name="Administrator")
        session.add(Group(name="nhom", roles=[administrator]))
    group, me = key_of(portal, Group, name="nhom"), key_of(portal, User, username="auditor")
    assert edit(keeper, f"/users/edit/{me}", groups=[group]).status_code == 422
    assert edit(keeper, f"/groups/edit/{group}", users=[me]).status_code == 422
    with rows(portal) as session:
        assert session.get_one(User, me).groups == []


def test_nobody_puts_a_right_into_a_role_that_he_lacks(portal: Flask, keeper: Visitor) -> None:
    offered = typed_in(keeper.get(f"/roles/edit/{key_of(portal, Role, name='Giữ tài khoản')}").text)["permissions"]
    with rows(portal) as session:
        lacking = next(str(each.id) for each in session.scalars(select(PermissionView)) if str(each.id) not in offered)
    own = f"/roles/edit/{key_of(portal, Role, name='Giữ tài khoản')}"
    assert edit(keeper, own, permissions=[*offered, lacking]).status_code == 422
    assert keeper.post("/roles/add", {"name": "moi", "permissions": [lacking]}).status_code == 422
    assert keeper.post("/roles/add", {"name": "moi", "permissions": offered[:2]}).status_code == 302


def test_nobody_sets_the_password_of_one_who_may_do_more(portal: Flask, keeper: Visitor, visit: Visit) -> None:
    typed = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    for username in (cast.ADMIN, cast.CLERK, cast.CHAIRMAN):
        number = key_of(portal, User, username=username)
        assert edit(keeper, f"/users/password/{number}", **typed).status_code == 422
        assert visit(None).sign_in(username).status_code == 302
    assert keeper.post("/users/add", NEWCOMER).status_code == 302
    number = key_of(portal, User, username="moi")
    assert edit(keeper, f"/users/password/{number}", **typed).status_code == 302
    assert visit(None).sign_in("moi", NEW_PASSWORD).status_code == 302


def test_the_unit_administrator_reads_accounts_and_changes_none(portal: Flask, visit: Visit) -> None:
    units, number = visit(cast.UNIT_ADMIN), key_of(portal, User, username="clerk")
    assert units.get(f"/users/show/{number}").status_code == 200
    for path in (f"/users/edit/{number}", f"/users/password/{number}", "/users/add", "/roles/add", "/groups/add"):
        assert units.get(path).status_code == units.post(path, NEWCOMER).status_code == 403


def test_no_account_hides_behind_letters_that_nobody_sees(portal: Flask, visit: Visit) -> None:
    typed = {**NEWCOMER, "username": "ad\u200bmin", "email": "hai@gialai.example"}
    page = edit(visit(cast.ADMIN), "/users/add", **typed)
    assert page.status_code == 422, "it reads like the administrator's own name"
    with rows(portal) as session:
        assert session.scalar(select(User.id).where(User.email == typed["email"])) is None


def test_names_of_accounts_are_kept_as_every_other_text(portal: Flask, visit: Visit) -> None:
    typed = {**NEWCOMER, "first_name": " Ksor\u200b ", "last_name": "Mo\u031b\u0301i"}
    assert edit(visit(cast.ADMIN), "/users/add", **typed).status_code == 302
    with rows(portal) as session:
        user = one(session, User, username="moi")
        assert (user.first_name, user.last_name) == ("Ksor", "M\u1edbi")


@pytest.mark.parametrize(("field", "typed"), [("username", "nguyen van a"), ("username", "a/b"), ("email", "abc")])
def test_what_is_no_name_or_no_address_is_refused_beside_its_field(visit: Visit, field: str, typed: str) -> None:
    answer = visit(cast.ADMIN).post("/users/add", {**NEWCOMER, field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f'value="{typed}"' in answer.text
