"""What roles, rights, units and posts are called on the screen, in the language of its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import Group, PermissionView, Role
from flask_babel import lazy_gettext as _l

from portal.search import collation_key
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROLES: Mapping[str, Any] = {
    "Administrator": _l("Administrator"),
    "Clerk": _l("Clerk"),
    "Department reviewer": _l("Department reviewer"),
    "Police reviewer": _l("Police reviewer"),
    "UBND approver": _l("UBND approver"),
    "Registrar": _l("Registrar"),
    "Designer": _l("Designer"),
    "Unit administrator": _l("Unit administrator"),
    "Auditor": _l("Auditor"),
}
"""What the roles that ship are called; one that an administrator adds is called by its name."""

SCREENS: Mapping[str, Any] = {
    "Audit": _l("Audit log"),
    "Case": _l("Routing slips"),
    "ClarityProfile": _l("Clarity profiles"),
    "Decision": _l("Opinions on routing slips"),
    "Definition": _l("Forms and procedures"),
    "Document": _l("Issued documents"),
    "Group": _l("Groups"),
    "Holding": _l("Holders of posts"),
    "Home": _l("My work"),
    "Incoming": _l("Incoming documents"),
    "Indicator": _l("Indicators"),
    "Job": _l("Background work"),
    "Mail": _l("Mail"),
    "MyAccount": _l("My account"),
    "PortalOpen": _l("Description of all resources"),
    "Post": _l("Posts"),
    "Register": _l("Registers of documents"),
    "Role": _l("Roles"),
    "SigningAuthority": _l("Signing by order and by authorisation"),
    "Signing": _l("Documents to sign"),
    "SigningCertificate": _l("Certificates for signing"),
    "SourceDocument": _l("Source documents"),
    "Submission": _l("Reports"),
    "Task": _l("Tasks"),
    "Unit": _l("Units"),
    "UnitHeader": _l("Headers of units by day"),
    "Urging": _l("Missing reports and urging letters"),
    "User": _l("Users"),
}
"""What a screen is called, by its name without `View` or `Api`."""

EMPTY_CHOICE = "__None"
"""The key of WTForms' choice of nothing."""

MOST_NAMED = 5
"""How many rights a sentence names."""

PERMISSIONS: Mapping[str, Any] = {
    "can_add": _l("add"),
    "can_administer": _l("reassign, cancel, reopen"),
    "can_arrange": _l("say which book numbers what"),
    "can_begin": _l("begin a letter from a list"),
    "can_decide": _l("decide, advise, hand on"),
    "can_draft": _l("draft, copy, import"),
    "can_edit": _l("edit"),
    "can_enter": _l("enter, revoke"),
    "can_file": _l("open attached files"),
    "can_get": _l("read"),
    "can_handle": _l("note, make tasks, link the answer, file"),
    "can_index": _l("open the page"),
    "can_info": _l("read the names of the fields"),
    "can_keep": _l("open books, reserve numbers, make them void"),
    "can_list": _l("see the list"),
    "can_new": _l("begin"),
    "can_oversee": _l("oversee those of every unit"),
    "can_password": _l("set the password"),
    "can_pdf": _l("open the PDF"),
    "can_post": _l("add"),
    "can_print": _l("print and export"),
    "can_publish": _l("publish, take out of use"),
    "can_put": _l("edit"),
    "can_read_everything": _l("read the work of every unit"),
    "can_recall": _l("recall, ask back, withdraw"),
    "can_render_again": _l("make the PDF again"),
    "can_revoke": _l("revoke"),
    "can_save": _l("write and submit"),
    "can_show": _l("see the details"),
    "can_sign": _l("sign and seal what waits for one"),
    "can_try_out": _l("send a test"),
    "can_work": _l("assign, note progress, complete, reopen"),
}
"""What may be done on a screen."""


def role_name(name: str) -> str:
    """What a role is called in the reader's language.

    Args:
        name: as it is in the database.
    """
    return str(ROLES.get(name, name))


def right_name(permission: str, view: str) -> str:
    """What a right is called in the reader's language: screen, colon, what may be done there.

    Args:
        permission: such as `can_list`.
        view: class name of the screen or API, such as `UnitView`.
    """
    screen = SCREENS.get(view.removesuffix("View").removesuffix("Api"), view)
    words = f"{screen}: {PERMISSIONS.get(permission, permission)}"
    return f"{words} (API)" if view.endswith("Api") else words


def right_names(rights: Iterable[tuple[str, str]]) -> str:
    """Rights in a sentence: the first few by the alphabet.

    Args:
        rights: pairs of permission and screen.
    """
    screens = [each for each in rights if not each[1].endswith("Api")]
    return "; ".join(sorted((right_name(*each) for each in screens or rights), key=collation_key)[:MOST_NAMED])


def in_order(rights: Iterable[PermissionView]) -> list[PermissionView]:
    """Rights as their reader looks them up: those of one screen together, screens by the alphabet."""
    return sorted(rights, key=lambda right: collation_key(called(right)))


def choices(field: Any) -> list[tuple[Any, str, bool]]:
    """What a field offers: key, words and whether it is chosen; rows of a table by the alphabet, after the empty one.

    Args:
        field: a WTForms field with choices.
    """
    offered = [(key, str(called(text)), chosen) for key, text, chosen, *_ in field.iter_choices()]
    if not field.type.startswith("QuerySelect"):
        return offered
    return sorted(offered, key=lambda each: (each[0] != EMPTY_CHOICE, collation_key(each[1])))


def called(thing: Any) -> Any:
    """Put whatever has a name in the reader's words: roles, rights, groups, units, posts; leave the rest as it is."""
    if isinstance(thing, Role):
        return role_name(thing.name)
    if isinstance(thing, PermissionView):
        return right_name(thing.permission.name, thing.view_menu.name)
    if isinstance(thing, Group):
        return thing.label or thing.name
    if hasattr(thing, "title_vi"):
        return f"{label({'vi': thing.title_vi, 'en': thing.title_en})} - {called(thing.unit)}"
    return label({"vi": thing.name_vi, "en": thing.name_en}) if hasattr(thing, "name_vi") else thing
