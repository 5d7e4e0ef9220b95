"""The shipped roles: every right they name exists, every right has an owner, and no change goes unnoticed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from flask_appbuilder.security.sqla.models import PermissionView, Role, User
from sqlalchemy import func, select

from portal import cli
from portal.audit import AuditEntry
from portal.rights import PERMISSIONS, SCREENS
from portal.roles import ADMINISTRATOR, SEED, rights_of
from tests import cast
from tests.web.calls import edit, key_of, one, rows, typed_in

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

FROZEN: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "roles.yaml").read_text(encoding="utf-8"))
READS = {"list", "show", "get", "index", "file", "pdf", "info", "read_everything"}


def seeded() -> set[tuple[str, str]]:
    return {(right, screen) for screens in SEED.values() for screen, rights in screens.items() for right in rights}


def frozen(role: str) -> dict[str, list[str]]:
    screens: dict[str, list[str]] = FROZEN["roles"][role]
    return screens


def may_write(role: str) -> set[str]:
    """The screens on which a role does more than read."""
    return {screen for screen, rights in frozen(role).items() if set(rights) - READS}


def prepare_again(app: Flask) -> None:
    with app.app_context():
        cli.prepare(app)
        app.extensions["trinh"]["database"].session.remove()


def count(app: Flask, model: type) -> int:
    with rows(app) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_seed_names_only_rights_that_screens_define(app: Flask) -> None:
    assert seeded() - rights_of(app.extensions["appbuilder"]) == set()


def test_every_right_has_words_for_its_screen_and_for_what_is_done_there(app: Flask) -> None:
    found = rights_of(app.extensions["appbuilder"])
    screens = {screen.removesuffix("View").removesuffix("Api") for _, screen in found}
    assert (screens - SCREENS.keys(), {right for right, _ in found} - PERMISSIONS.keys()) == (set(), set())


def test_every_right_belongs_to_a_role_or_to_administrators_alone_with_a_reason(app: Flask) -> None:
    unowned = rights_of(app.extensions["appbuilder"]) - seeded()
    reasons: dict[str, str] = FROZEN["administrators_only"]
    assert {f"{screen} {right.removeprefix('can_')}" for right, screen in unowned} == set(reasons)
    assert all(len(reason) > 10 for reason in reasons.values())


@pytest.mark.parametrize("role", SEED)
def test_a_role_is_what_was_frozen(role: str) -> None:
    assert {
        screen: sorted(right.removeprefix("can_") for right in rights) for screen, rights in SEED[role].items()
    } == frozen(role)


def test_no_role_is_missing_from_the_frozen_ones() -> None:
    assert set(FROZEN["roles"]) == set(SEED)


def test_whoever_drafts_does_not_decide_and_whoever_decides_does_not_draft() -> None:
    drafting = {role for role in SEED if "save" in frozen(role).get("SubmissionView", ())}
    deciding = {role for role in SEED if "decide" in frozen(role).get("DecisionView", ())}
    assert drafting == {"Clerk"}
    assert deciding == {"Department reviewer", "Police reviewer", "UBND approver"}


def test_an_auditor_writes_nothing_but_his_own_password() -> None:
    assert may_write("Auditor") == {"MyAccountView"}


def test_only_auditors_read_every_units_work_by_role() -> None:
    assert [role for role in SEED if "read_everything" in frozen(role).get("HomeView", ())] == ["Auditor"]


def test_only_unit_administrators_change_units_posts_and_holders() -> None:
    kept = ("Unit", "UnitHeader", "Post", "Holding")
    for screen in (*(f"{each}View" for each in kept), *(f"{each}Api" for each in kept), "SigningAuthorityView"):
        assert [role for role in SEED if screen in may_write(role)] == ["Unit administrator"]


def test_rest_gives_no_role_more_than_its_screens() -> None:
    pairs = {"get": {"list", "show"}, "post": {"add"}, "put": {"edit"}, "work": {"work"}, "info": {"add", "edit"}}
    pairs |= {"draft": {"draft"}, "publish": {"publish"}}
    for role in SEED:
        for api, rights in frozen(role).items():
            screen = api.removesuffix("Api") + "View"
            if api.endswith("Api") and api != "PortalOpenApi":
                for right in rights:
                    assert pairs[right] & set(frozen(role)[screen]), (role, api, right)


def test_the_database_holds_the_seed_and_the_administrator_every_right(portal: Flask) -> None:
    with rows(portal) as session:
        for name, screens in SEED.items():
            role = one(session, Role, name=name)
            held = {(right.permission.name, right.view_menu.name) for right in role.permissions}
            wanted = {(right, screen) for screen, rights in screens.items() for right in rights}
            assert held == (rights_of(portal.extensions["appbuilder"]) if name == ADMINISTRATOR else wanted)


def test_a_role_edited_in_the_browser_stays_when_the_portal_is_prepared_again(portal: Flask, visit: Visit) -> None:
    admin, path = visit(cast.ADMIN), f"/roles/edit/{key_of(portal, Role, name='Designer')}"
    fewer = typed_in(admin.get(path).text)["permissions"][3:]
    assert edit(admin, path, permissions=fewer).status_code == 302
    assert admin.post("/roles/add", {"name": "Thực tập", "permissions": fewer[:2]}).status_code == 302
    prepare_again(portal)
    with rows(portal) as session:
        assert {str(right.id) for right in one(session, Role, name="Designer").permissions} == set(fewer)
        assert {str(right.id) for right in one(session, Role, name="Thực tập").permissions} == set(fewer[:2])


def test_a_shipped_role_that_was_renamed_keeps_its_people(portal: Flask, visit: Visit) -> None:
    path = f"/roles/edit/{key_of(portal, Role, name='Designer')}"
    assert edit(visit(cast.ADMIN), path, name="Người thiết kế").status_code == 302
    prepare_again(portal)
    with rows(portal) as session:
        assert [role.name for role in one(session, User, username=cast.DESIGNER).roles] == ["Người thiết kế"]


def test_preparing_again_changes_nothing(portal: Flask) -> None:
    before = [count(portal, model) for model in (Role, PermissionView, AuditEntry, User)]
    prepare_again(portal)
    assert [count(portal, model) for model in (Role, PermissionView, AuditEntry, User)] == before


def test_preparing_again_gives_the_administrator_what_he_lacks_and_clears_rights_without_a_screen(
    portal: Flask,
) -> None:
    with rows(portal) as session:
        every = len(session.scalars(select(PermissionView)).all())
        one(session, Role, name=ADMINISTRATOR).permissions = []
        stale = session.scalars(select(PermissionView)).first()
        assert stale is not None
        session.add(PermissionView(permission=stale.permission, view_menu=type(stale.view_menu)(name="GoneView")))
    prepare_again(portal)
    with rows(portal) as session:
        assert len(one(session, Role, name=ADMINISTRATOR).permissions) == every
        assert len(session.scalars(select(PermissionView)).all()) == every
