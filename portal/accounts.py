"""Accounts: signing in and out, users, roles, groups and passwords, all on the portal's own screens."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, flash, g, has_request_context, redirect, request, session, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.fields import QuerySelectMultipleField
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import Group, PermissionView, Role, User
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_login import login_user, logout_user
from sqlalchemy import exists, inspect, select, true
from werkzeug.security import check_password_hash, generate_password_hash
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from portal import audit
from portal.data import SCOPES, PortalData, current_actor
from portal.db import utc_now
from portal.refusals import say
from portal.rights import in_order, right_name, role_name
from portal.security import build_actor, today
from portal.views import PortalModelView, PortalView, own_address
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from portal.security import Actor

ADMINISTRATOR = "Administrator"
NO_PASSWORD = "!"  # noqa: S105 - no hash ever equals it, so nobody signs in before a password is set
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 128

for model in (User, Role, Group, PermissionView):
    SCOPES[model] = lambda _actor: true()

say(
    {
        "grants_more_than_own": _l("You may only give others rights that you have yourself: %(rights)s."),
        "last_administrator": _l("This is the last active administrator. Make someone else administrator first."),
        "administrator_role": _l(
            "The administrator's role has every right and keeps its name. Add another role instead."
        ),
        "role_in_use": _l("People still have this role. Take it from them first."),
    }
)


def stamp_of(user: Any) -> str:
    """Ties a session to the password it was opened with, so that a new password ends it."""
    return hashlib.sha256(f"{user.id}:{user.password}".encode()).hexdigest()[:32]


# -- rules of what may be changed -----------------------------------------------------------------------------


def _rights(role: Any) -> set[tuple[str, str]]:
    return {(each.permission.name, each.view_menu.name) for each in role.permissions}


def _refuse_granting_more(actor: Actor, rights: AbstractSet[tuple[str, str]]) -> None:
    """Nobody gives away a right he does not have."""
    lacking = rights - actor.permissions
    if lacking:
        raise Refusal("grants_more_than_own", {"rights": "; ".join(sorted(right_name(*each) for each in lacking)[:5])})


def _refuse_losing_last_administrator(db_session: Session, user: Any) -> None:
    if user.active and any(role.name == ADMINISTRATOR for role in user.roles):
        return
    others = select(User.id).where(User.active.is_(True), User.roles.any(name=ADMINISTRATOR), User.id != user.id)
    if user.id and not db_session.scalar(select(exists(others))):
        raise Refusal("last_administrator")


def _refuse_taking_over(db_session: Session, actor: Actor, user: Any) -> None:
    """Whoever sets a password can sign in as its owner, so the owner has no right that the setter lacks."""
    if user.id and inspect(user).attrs.password.history.has_changes():
        _refuse_granting_more(actor, build_actor(db_session, user, today()).permissions)


def settle_user(db_session: Session, actor: Actor, user: Any) -> None:
    """A new account has no password until one is set; roles given must lie within the giver's own rights."""
    user.password = user.password or NO_PASSWORD
    known = set(db_session.scalars(select(Role.id).join(User.roles).where(User.id == user.id))) if user.id else set()
    for role in user.roles:
        if role.id not in known:
            _refuse_granting_more(actor, _rights(role))
    for group in user.groups:
        for role in group.roles:
            _refuse_granting_more(actor, _rights(role))
    _refuse_taking_over(db_session, actor, user)
    _refuse_losing_last_administrator(db_session, user)


def settle_role(_session: Session, actor: Actor, role: Any) -> None:
    """A role holds only rights its editor has; the administrator's is nobody's to change."""
    if role.id and ADMINISTRATOR in {role.name, *inspect(role).attrs.name.history.deleted}:
        raise Refusal("administrator_role")
    _refuse_granting_more(actor, _rights(role))


def settle_group(_session: Session, actor: Actor, group: Any) -> None:
    """A group grants only rights its editor has."""
    for role in group.roles:
        _refuse_granting_more(actor, _rights(role))


# -- screens --------------------------------------------------------------------------------------------------


class SignInForm(DynamicForm):
    """Name and password."""

    username = StringField(_l("User name"), validators=[InputRequired(), Length(max=128)])
    password = PasswordField(_l("Password"), validators=[InputRequired(), Length(max=LONGEST_PASSWORD)])


class PasswordForm(DynamicForm):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"),
        description=_l("At least 12 characters; a sentence you remember is best."),
        validators=[InputRequired(), Length(SHORTEST_PASSWORD, LONGEST_PASSWORD)],
    )
    again = PasswordField(
        _l("New password again"), validators=[EqualTo("password", message=_l("The two passwords differ."))]
    )


class MyPasswordForm(PasswordForm):
    """A new password for oneself, proved by the old one."""

    current = PasswordField(_l("Current password"), validators=[InputRequired(), Length(max=LONGEST_PASSWORD)])


class SignInView(PortalView):
    """Signing in and out."""

    route_base = ""
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    @no_cache
    def login(self) -> Response | str | tuple[str, int]:
        """The sign-in page; a wrong name and a wrong password look alike."""
        if g.user.is_authenticated:
            return redirect(self._target())
        form = SignInForm()
        problem = ""
        if request.method == "POST" and form.validate():
            user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
            if user:
                self._open_session(user)
                return redirect(self._target())
            problem = gettext("The user name or the password is wrong.")
        return self.page("sign_in.html", form=form, problem=problem), 401 if problem else 200

    def _open_session(self, user: Any) -> None:
        locale = session.get("locale")
        session.clear()
        login_user(user, remember=False)
        session.permanent = True
        session["stamp"] = stamp_of(user)
        if locale:
            session["locale"] = locale

    def _target(self) -> str:
        return own_address(request.args.get("next", "/"))

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session."""
        logout_user()
        session.clear()
        return redirect(url_for("SignInView.login"))


class UserView(PortalModelView):
    """Accounts; what a person may do comes mostly from the posts he holds."""

    route_base = "/users"
    datamodel = PortalData(User, settle=settle_user)
    list_title, show_title, add_title, edit_title = _l("Users"), _l("User"), _l("Add user"), _l("Edit user")
    list_columns = ["username", "first_name", "last_name", "active", "last_login"]
    show_columns = [*list_columns, "email", "roles", "groups"]
    add_columns = ["username", "first_name", "last_name", "email", "active", "roles", "groups"]
    edit_columns = add_columns
    order_columns = ["username", "first_name", "last_name", "last_login"]
    base_order = ("username", "asc")
    show_template = "accounts/user.html"
    label_columns = {
        "username": _l("User name"),
        "first_name": _l("Family and middle name"),
        "last_name": _l("Given name"),
        "email": _l("E-mail"),
        "active": _l("May sign in"),
        "roles": _l("Roles given directly"),
        "groups": _l("Groups"),
        "last_login": _l("Last sign-in"),
    }

    @expose("/password/<pk>", methods=["GET", "POST"])
    @has_access
    def password(self, pk: str) -> Response | str | tuple[str, int]:
        """Set another person's password; his open sessions end."""
        user = self.item_or_404(pk)
        form = PasswordForm()
        if request.method == "POST" and form.validate():
            user.password = generate_password_hash(str(form.password.data))
            self.datamodel.edit(user)
            flash(gettext("The password of %(name)s is set.", name=user.username), "success")
            return redirect(url_for("UserView.show", pk=user.id))
        title = gettext("Set the password of %(name)s", name=user.username)
        return self.page("accounts/password.html", title=title, form=form), 422 if form.errors else 200


class MyAccountView(PortalView):
    """One's own account."""

    route_base = "/account"
    default_view = "password"

    @expose("/password", methods=["GET", "POST"])
    @has_access
    def password(self) -> Response | str | tuple[str, int]:
        """Change one's own password; one's other sessions end, this one goes on."""
        form = MyPasswordForm()
        problem = ""
        if request.method == "POST" and form.validate():
            user = self.appbuilder.sm.get_user_by_id(current_actor().user_id)
            if check_password_hash(user.password, str(form.current.data)):
                return self._change(user, str(form.password.data))
            self.appbuilder.sm.update_user_auth_stat(user, success=False)
            problem = gettext("The current password is wrong. Nothing was changed.")
        failed = bool(problem or form.errors)
        title = gettext("Change my password")
        return self.page("accounts/password.html", title=title, form=form, problem=problem), 422 if failed else 200

    def _change(self, user: Any, password: str) -> Response:
        user.password = generate_password_hash(password)
        PortalData(User).edit(user)
        session["stamp"] = stamp_of(user)
        flash(gettext("Your password is changed."), "success")
        return redirect(url_for("HomeView.index"))


def _all_rights() -> list[PermissionView]:
    return in_order(current_app.extensions["appbuilder"].session().scalars(select(PermissionView)))


class RoleView(PortalModelView):
    """Roles: what each may do. They ship filled and are edited here afterwards."""

    route_base = "/roles"
    datamodel = PortalData(Role, settle=settle_role)
    list_title, show_title, add_title, edit_title = _l("Roles"), _l("Role"), _l("Add role"), _l("Edit role")
    list_columns = ["name"]
    show_columns = ["name", "permissions"]
    add_columns = ["name", "permissions"]
    edit_columns = add_columns
    label_columns = {"name": _l("Name"), "permissions": _l("Rights")}
    description_columns = {
        "name": _l("Roles that ship keep an English name here; elsewhere they are called in the reader's language.")
    }
    add_form_extra_fields = {
        "permissions": QuerySelectMultipleField(
            label_columns["permissions"], query_func=_all_rights, get_pk_func=lambda right: right.id
        )
    }
    edit_form_extra_fields = add_form_extra_fields
    base_order = ("name", "asc")

    def shown(self, row: Any, column: str) -> Any:
        """A role by what it is called; its rights in the order of the alphabet."""
        if column == "permissions":
            return in_order(row.permissions)
        return role_name(row.name) if column == "name" else super().shown(row, column)


class GroupView(PortalModelView):
    """Groups of people who share roles."""

    route_base = "/groups"
    datamodel = PortalData(Group, settle=settle_group)
    list_title, show_title, add_title, edit_title = _l("Groups"), _l("Group"), _l("Add group"), _l("Edit group")
    list_columns = ["name", "label"]
    show_columns = ["name", "label", "description", "roles", "users"]
    add_columns = ["name", "label", "description", "roles", "users"]
    edit_columns = add_columns
    base_order = ("name", "asc")
    label_columns = {
        "name": _l("Code"),
        "label": _l("Name"),
        "description": _l("Description"),
        "roles": _l("Roles"),
        "users": _l("Members"),
    }


class LanguageView(PortalView):
    """The language switch."""

    route_base = "/language"
    default_view = "choose"

    @expose("/<string:locale>", methods=["POST"])
    def choose(self, locale: str) -> Response:
        """Read on in another language, on the same page."""
        if locale not in current_app.config["LANGUAGES"]:
            abort(404)
        session["locale"] = locale
        return redirect(own_address(request.form.get("next", "/")))


# -- the security manager -------------------------------------------------------------------------------------


class PortalSecurityManager(SecurityManager):
    """Flask-AppBuilder's security on our screens: rights are the actor's, and every change to accounts is audited."""

    def register_views(self) -> None:
        """Only our own screens; no password API, no self-registration, no statistics."""
        self.auth_view = SignInView()
        for asks_for_password in (self.auth_view, MyAccountView()):
            self.appbuilder.add_view_no_menu(asks_for_password)
            limit = self.limiter.limit(current_app.config["AUTH_RATE_LIMIT"], methods=["POST"])
            limit(asks_for_password.blueprint)
        self.appbuilder.add_view_no_menu(LanguageView)

    def register_administration(self) -> None:
        """Users, roles and groups, last in the menu."""
        kept = {"category": "Administration", "category_label": _l("Administration")}
        self.user_view = self.appbuilder.add_view(UserView, "Users", label=_l("Users"), **kept)
        self.appbuilder.add_view(RoleView, "Roles", label=_l("Roles"), **kept)
        self.appbuilder.add_view(GroupView, "Groups", label=_l("Groups"), **kept)

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the actor has the right, read once per request and gone on the next when revoked."""
        return current_actor().may(permission_name, view_name)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public but the sign-in page."""
        del permission_name, view_name
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """The menu entries the actor sees: whatever he may list, and the categories that hold such an entry."""
        del menu_names
        seen: set[str] = set()
        for entry in self.appbuilder.menu.get_list():
            inside = {child.name for child in entry.childs if self._may_enter(child)}
            seen |= inside | ({entry.name} if inside or self._may_enter(entry) else set())
        return seen

    def _may_enter(self, entry: Any) -> bool:
        view = entry.baseview
        return bool(view) and current_actor().may(f"can_{view.default_view}", view.class_permission_name)

    def load_user(self, pk: int) -> Any | None:
        """The account of a session, unless it was closed or its password changed since."""
        user = super().load_user(pk)
        if user is not None and has_request_context() and session.get("stamp") != stamp_of(user):
            return None
        return user

    def update_user_auth_stat(self, user: Any, success: bool = True) -> None:  # noqa: FBT001, FBT002 - its signature
        """Count and audit a sign-in in one transaction; who cannot be written down is not let in."""
        user.login_count = (user.login_count or 0) + int(success)
        user.fail_login_count = 0 if success else (user.fail_login_count or 0) + 1
        user.last_login = utc_now().replace(tzinfo=None) if success else user.last_login
        self._audit("user", user.id, "signed_in" if success else "sign_in_failed", actor=user.username)
        self.session().commit()

    def _emit_pre_signal(  # noqa: PLR0917 - Flask-AppBuilder's signature
        self, signal: Any, model_type: str, action: str, model_id: Any, model: Any = None, changes: Any = None
    ) -> None:
        """Audit what the manager itself writes for its commands, in the same transaction."""
        super()._emit_pre_signal(signal, model_type, action, model_id, model, changes)
        name = {"creating": "added", "updating": "edited", "deleting": "deleted"}[action]
        actor = current_actor().username if has_request_context() else ""
        visible = {key: value for key, value in (changes or {}).items() if key != "password"}
        self._audit(model_type, model_id, name, actor=actor, details=visible)

    def _audit(self, kind: str, key: Any, name: str, *, actor: str, details: dict[str, Any] | None = None) -> None:
        action, actor = f"{kind}_{name}", actor or "system"
        audit.record(self.session(), actor=actor, action=action, kind=kind, key=key, details=details)
