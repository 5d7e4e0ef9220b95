"""The roles that ship: a frozen seed of rights; administrators edit them in the browser afterwards."""

from __future__ import annotations

from typing import Any

from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from sqlalchemy import select

from portal import audit
from portal.grants import ADMINISTRATOR

READ = ("can_list", "can_show")
CHANGE = (*READ, "can_add", "can_edit")
REST_READ = ("can_get",)
REST_CHANGE = ("can_get", "can_info", "can_post", "can_put")

Rights = dict[str, tuple[str, ...]]
"""Screen → what may be done on it."""

EVERYONE: Rights = {
    "HomeView": ("can_index",),
    "MyAccountView": ("can_password",),
    "PortalOpenApi": ("can_get",),
    "UnitView": READ,
    "UnitHeaderView": READ,
    "PostView": READ,
    "HoldingView": READ,
    "UnitApi": REST_READ,
    "UnitHeaderApi": REST_READ,
    "PostApi": REST_READ,
    "HoldingApi": REST_READ,
    "SourceDocumentView": READ,
    "ClarityProfileView": READ,
    "SourceDocumentApi": REST_READ,
    "ClarityProfileApi": REST_READ,
    "IndicatorView": READ,
    "IndicatorApi": REST_READ,
}
"""Public facts of the province, and one's own account."""

READER: Rights = {
    "SubmissionView": (*READ, "can_file"),
    "SubmissionApi": REST_READ,
    "CaseView": READ,
    "CaseApi": REST_READ,
    "DocumentView": (*READ, "can_pdf"),
    "DocumentApi": REST_READ,
    "TaskView": READ,
    "TaskApi": REST_READ,
    "IncomingView": READ,
    "IncomingApi": REST_READ,
    "SigningCertificateView": READ,
    "SigningCertificateApi": REST_READ,
    "UrgingView": ("can_list",),
}
"""The work of those units whose work one may see at all."""

SIGNS: Rights = {"SigningView": ("can_list", "can_sign")}
"""Whoever works here may be a signer; whose signature it is, each document says."""

HANDLES = "can_handle"
"""Of incoming documents: to deal with what came to one's unit."""

REVIEWER: Rights = {"DecisionView": ("can_decide",), "IncomingView": (HANDLES,), **SIGNS}


def _together(*sets: Rights) -> Rights:
    """The union of several sets of rights."""
    screens = sorted({screen for rights in sets for screen in rights})
    return {screen: tuple(sorted({r for rights in sets for r in rights.get(screen, ())})) for screen in screens}


SEED: dict[str, Rights] = {
    "Administrator": {},
    "Clerk": _together(
        EVERYONE,
        READER,
        SIGNS,
        {
            "SubmissionView": ("can_new", "can_save"),
            "DecisionView": ("can_recall",),
            "TaskView": ("can_work",),
            "TaskApi": ("can_work",),
            "IncomingView": (HANDLES,),
            "UrgingView": ("can_begin",),
        },
    ),
    "Department reviewer": _together(
        EVERYONE,
        READER,
        REVIEWER,
        {"TaskView": ("can_add", "can_edit", "can_work"), "TaskApi": (*REST_CHANGE, "can_work")},
    ),
    "Police reviewer": _together(
        EVERYONE,
        READER,
        REVIEWER,
        {
            "TaskView": ("can_add", "can_edit", "can_work", "can_oversee"),
            "TaskApi": (*REST_CHANGE, "can_work"),
            "SourceDocumentView": CHANGE,
            "SourceDocumentApi": REST_CHANGE,
        },
    ),
    "UBND approver": _together(EVERYONE, READER, REVIEWER),
    "Registrar": _together(
        EVERYONE,
        READER,
        SIGNS,
        {
            "RegisterView": (*READ, "can_keep", "can_arrange", "can_print"),
            "RegisterApi": REST_READ,
            "SigningAuthorityView": READ,
            "SigningAuthorityApi": REST_READ,
            "IncomingView": ("can_keep", HANDLES, "can_print"),
            "DocumentView": ("can_render_again",),
            "SigningCertificateView": ("can_enter",),
        },
    ),
    "Designer": _together(
        EVERYONE,
        READER,
        {
            "ClarityProfileView": CHANGE,
            "ClarityProfileApi": REST_CHANGE,
            "IndicatorView": CHANGE,
            "IndicatorApi": REST_CHANGE,
            "DefinitionView": (*READ, "can_draft", "can_publish"),
            "DefinitionApi": (*REST_READ, "can_draft", "can_publish"),
        },
    ),
    "Unit administrator": _together(
        EVERYONE,
        {
            "UnitView": CHANGE,
            "UnitHeaderView": CHANGE,
            "PostView": CHANGE,
            "HoldingView": CHANGE,
            "UnitApi": REST_CHANGE,
            "UnitHeaderApi": REST_CHANGE,
            "PostApi": REST_CHANGE,
            "HoldingApi": REST_CHANGE,
            "SigningAuthorityView": (*READ, "can_add", "can_revoke"),
            "SigningAuthorityApi": REST_READ,
            "UserView": READ,
        },
    ),
    "Auditor": _together(
        EVERYONE,
        READER,
        {
            "HomeView": ("can_read_everything",),
            "AuditView": READ,
            "DefinitionView": READ,
            "DefinitionApi": REST_READ,
            "RegisterView": READ,
            "RegisterApi": REST_READ,
            "SigningAuthorityView": READ,
            "SigningAuthorityApi": REST_READ,
            "UserView": READ,
        },
    ),
}
"""Role → screen → rights. `Administrator` has every right and needs no rows here."""


def _row(session: Any, model: type, name: str) -> Any:
    found = session.scalar(select(model).where(model.name == name))  # type: ignore[attr-defined]
    if found is None:
        found = model(name=name)
        session.add(found)
        session.flush()
    return found


def rights_of(portal: Any) -> set[tuple[str, str]]:
    """Every right the registered screens define: pairs of permission and screen."""
    return {
        (permission, view.class_permission_name) for view in portal.baseviews for permission in view.base_permissions
    }


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
