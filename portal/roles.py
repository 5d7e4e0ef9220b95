"""The roles that ship: a frozen seed of rights; administrators edit them in the browser afterwards."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from sqlalchemy import select

from portal import audit

READ = ("can_list", "can_show")
CRUD = (*READ, "can_add", "can_edit")
REST_READ = ("can_get", "can_info")
REST_WRITE = (*REST_READ, "can_post", "can_put")

EVERYONE: dict[str, tuple[str, ...]] = {
    "HomeView": ("can_index",),
    "MyAccountView": ("can_password",),
    "PortalOpenApi": ("can_get",),
}

SEED: dict[str, dict[str, tuple[str, ...]]] = {
    "Administrator": {},
}
"""Role → screen → rights. `Administrator` has every right and needs no rows here."""

ADMINISTRATOR = "Administrator"


def _row(session: Any, model: type, name: str) -> Any:
    found = session.scalar(select(model).where(model.name == name))  # type: ignore[attr-defined]
    if found is None:
        found = model(name=name)
        session.add(found)
        session.flush()
    return found


def rights_of(portal: Any) -> set[tuple[str, str]]:
    """Every right the registered screens and menu entries define: pairs of permission and screen."""
    rights = {
        (permission, view.class_permission_name) for view in portal.baseviews for permission in view.base_permissions
    }
    return rights | {("menu_access", name) for name in portal.menu.get_flat_name_list() if name != "-"}


def _write_rights(session: Any, rights: set[tuple[str, str]]) -> dict[tuple[str, str], Any]:
    known = {(each.permission.name, each.view_menu.name): each for each in session.scalars(select(PermissionView))}
    for permission, view in sorted(rights - set(known)):
        pair = PermissionView(permission=_row(session, Permission, permission), view_menu=_row(session, ViewMenu, view))
        session.add(pair)
        known[permission, view] = pair
    for stale in set(known) - rights:
        session.delete(known.pop(stale))
    session.flush()
    return known


def write(portal: Any) -> None:
    """Write all rights, and the shipped roles that do not exist yet.

    A role that exists is an administrator's: only `Administrator` is completed with rights of new screens.

    Args:
        portal: the Flask-AppBuilder object with every screen registered.
    """
    session = portal.session()
    known = _write_rights(session, rights_of(portal))
    for name, screens in SEED.items():
        role = session.scalar(select(Role).where(Role.name == name))
        is_new = role is None
        if role is None:
            role = Role(name=name)
            session.add(role)
        if name == ADMINISTRATOR:
            role.permissions = list(known.values())
        elif is_new:
            role.permissions = [known[right, view] for view, rights in screens.items() for right in rights]
        if is_new:
            session.flush()
            audit.record(session, actor="system", action="ab_role_added", kind="ab_role", key=role.id)
    session.flush()
