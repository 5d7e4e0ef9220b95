"""Accounts: users, roles and groups, and who may change what of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_appbuilder.fields import QuerySelectMultipleField
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.sqla.models import Group, PermissionView, Role, User, assoc_group_role
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, inspect, select, true
from wtforms import PasswordField, StringField
from wtforms.validators import Email, EqualTo, InputRequired, Length, Regexp

from portal import onetime, secondfactor
from portal.data import SCOPES, PortalData, current_actor, current_session
from portal.db import utc_now
from portal.grants import ADMINISTRATOR, refuse_granting_more, refuse_losing_last_administrator, rights_of
from portal.passwords import NO_PASSWORD, hash_of, refuse_weak
from portal.refusals import SHOWN, say, sentence
from portal.rights import in_order, right_names, role_name
from portal.security import POSTS, build_actor, today
from portal.views import PortalModelView
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from portal.grants import Way
    from portal.security import Actor

USERNAME = re.compile(r"[\w.-]+\Z")
"""Anything that people can say over the telephone; Vietnamese letters among it."""

for model in (User, Role, Group, PermissionView):
    SCOPES[model] = lambda _actor: true()

say(
    {
        "grants_more_than_own": _l(
            "You may only give others rights that you have yourself, so this was not saved. You do not have: "
            "%(rights)s. Save it without that role, and ask an administrator to give it."
        ),
        "last_administrator": _l("This is the last active administrator. Make someone else administrator first."),
        "password_too_short": _l(
            "The password has %(length)s characters, at least %(least)s are needed. A sentence you remember is best."
        ),
        "password_too_long": _l("The password has %(length)s characters, at most %(most)s are allowed. Shorten it."),
        "password_of_own_words": _l(
            "This password is made of your name, your user name or your unit, which others know. Choose other words."
        ),
        "password_guessable": _l(
            "This password is easy to guess: many people use it, or it only repeats or counts. Choose several words "
            "that do not belong together."
        ),
        "no_second_factor": _l("This account has no second factor. There is nothing to reset."),
        "own_account": _l("You cannot do this to your own account here. Use the pages of your own account."),
        "account_closed": _l("Nobody signs in with this account. Open it first: “May sign in”."),
        "administrator_role": _l(
            "The administrator's role has every right and keeps its name. Add another role instead."
        ),
    }
)


SHOWN["rights"] = right_names


def settle_user(db_session: Session, actor: Actor, user: Any) -> None:
    """Check an account before it is written; a new one has no password until one is set.

    Raises:
        Refusal: `grants_more_than_own`, roles, groups or the password would give more than the actor has;
            `last_administrator`.
    """
    user.password = user.password or NO_PASSWORD
    known = set(db_session.scalars(select(Role.id).join(User.roles).where(User.id == user.id))) if user.id else set()
    for role in user.roles:
        if role.id not in known:
            refuse_granting_more(actor, rights_of(role))
    for group in user.groups:
        _refuse_granting_roles(actor, group.roles)
    _refuse_taking_over(db_session, actor, user)
    if user.id:
        _keep_an_administrator(db_session, user)
        if inspect(user).attrs.active.history.has_changes():
            POSTS.plugged.account_changed(db_session, user.id, today())


def _refuse_granting_roles(actor: Actor, roles: Iterable[Any]) -> None:
    for role in roles:
        refuse_granting_more(actor, rights_of(role))


def _refuse_taking_over(db_session: Session, actor: Actor, user: Any) -> None:
    """Whoever sets a password can sign in as its owner, so the owner has no right that the setter lacks."""
    if user.id and inspect(user).attrs.password.history.has_changes():
        refuse_granting_more(actor, build_actor(db_session, user, today()).permissions)


def _keep_an_administrator(db_session: Session, user: Any) -> None:
    def somebody_stays(ways: Sequence[Way]) -> bool:
        if any(way.user_id != user.id or (user.active and way.post_id) for way in ways):
            return True
        return bool(user.active) and (_administers(user.roles) or _give_everything(db_session, user.groups))

    refuse_losing_last_administrator(db_session, somebody_stays)


def _administers(roles: Iterable[Any]) -> bool:
    return any(role.name == ADMINISTRATOR for role in roles)


def _give_everything(db_session: Session, groups: Iterable[Any]) -> bool:
    """Whether one of these groups has the administrator's role now, whatever it had when this account was read."""
    giving = select(assoc_group_role).join(Role, Role.id == assoc_group_role.c.role_id)
    giving = giving.where(assoc_group_role.c.group_id.in_([group.id for group in groups]), Role.name == ADMINISTRATOR)
    return bool(db_session.scalar(select(exists(giving))))


def settle_role(_session: Session, actor: Actor, role: Any) -> None:
    """A role holds only rights its editor has; the administrator's is nobody's to change."""
    if role.id and ADMINISTRATOR in {role.name, *inspect(role).attrs.name.history.deleted}:
        raise Refusal("administrator_role")
    refuse_granting_more(actor, rights_of(role))


def settle_group(db_session: Session, actor: Actor, group: Any) -> None:
    """A group grants only rights its editor has, and does not take the last administrator's."""
    _refuse_granting_roles(actor, group.roles)

    def somebody_stays(ways: Sequence[Way]) -> bool:
        if any(way.group_id != group.id for way in ways):
            return True
        active = select(User.id).where(User.id.in_([member.id for member in group.users]), User.active.is_(True))
        return _administers(group.roles) and bool(db_session.scalar(select(exists(active))))

    if group.id:
        refuse_losing_last_administrator(db_session, somebody_stays)


class PasswordForm(DynamicForm):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"),
        description=_l("At least 12 characters; a sentence you remember is best."),
        validators=[InputRequired()],
    )
    again = PasswordField(
        _l("New password again"), validators=[EqualTo("password", message=_l("The two passwords differ."))]
    )


def words_about(db_session: Session, user: Any) -> list[str]:
    """What others know of a person, and would try as his password."""
    names = [user.username, user.email or "", user.get_full_name(), f"{user.last_name} {user.first_name}"]
    return [*names, *POSTS.plugged.unit_names(db_session, user.id, today())]


def is_strong(form: PasswordForm, user: Any) -> bool:
    """Whether the new password of a form may be this account's; if not, the form says why."""
    try:
        refuse_weak(str(form.password.data), words_about(current_session(), user))
    except Refusal as refusal:
        form.password.errors = [*form.password.errors, sentence(refusal)]
        return False
    return True


class UserView(PortalModelView):
    """Accounts; what a person may do comes mostly from the posts he holds."""

    route_base = "/users"
    datamodel = PortalData(User, settle=settle_user)
    list_title, show_title, add_title, edit_title = _l("Users"), _l("User"), _l("Add user"), _l("Edit user")
    list_columns = ["username", "first_name", "last_name", "active", "last_login"]
    show_columns = [*list_columns, "email", "roles", "groups"]
    add_columns = ["username", "first_name", "last_name", "email", "active", "roles", "groups"]
    edit_columns = add_columns
    add_form_extra_fields = edit_form_extra_fields = {
        "username": StringField(
            _l("User name"),
            description=_l("Letters, digits, full stops, hyphens and underscores; no spaces."),
            validators=[InputRequired(), Length(max=64), Regexp(USERNAME, message=_l("Leave out spaces and signs."))],
        ),
        "email": StringField(_l("E-mail"), validators=[InputRequired(), Length(max=320), Email()]),
    }
    order_columns = ["username", "first_name", "last_name", "last_login"]
    base_order = ("last_name", "asc")
    searched = (User.first_name, User.last_name, User.username, User.email)
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
        if request.method == "POST" and form.validate() and is_strong(form, user):
            user.password = hash_of(str(form.password.data))
            self.datamodel.edit(user)
            flash(gettext("The password of %(name)s is set.", name=user.username), "success")
            return redirect(url_for("UserView.show", pk=user.id))
        title = gettext("Set the password of %(name)s", name=user.username)
        return self.page("accounts/password.html", title=title, form=form), 422 if form.errors else 200

    @expose("/second-factor/<pk>/reset", methods=["POST"])
    @has_access
    @permission_name("password")
    def reset_second_factor(self, pk: str) -> Response:
        """Forget the second factor of someone who lost it; his sessions end, and he sets it up anew."""
        user = self.item_or_404(pk)
        _refuse_reaching_further(current_actor(), user)
        if not self.has_second_factor(user):
            raise Refusal("no_second_factor")
        secondfactor.remove(current_session(), user.id)
        self.appbuilder.sm.note(user, "second_factor_reset")
        flash(gettext("The second factor of %(name)s is reset.", name=user.username), "success")
        return redirect(url_for("UserView.show", pk=user.id))

    @expose("/link/<pk>", methods=["POST"])
    @has_access
    @permission_name("password")
    def make_link(self, pk: str) -> str:
        """Make a link by which its owner sets a new password, and show it this once."""
        user = self.item_or_404(pk)
        _refuse_reaching_further(current_actor(), user)
        if not user.active:
            raise Refusal("account_closed")
        token = onetime.make(current_session(), user)
        self.appbuilder.sm.note(user, "one_time_link_made")
        link = url_for("NewPasswordView.choose", token=token, _external=True)
        title = gettext("One-time link for %(name)s", name=user.username)
        until = utc_now() + onetime.VALID_FOR
        return self.page("accounts/one_time_link.html", title=title, link=link, until=until, user=user)

    def has_second_factor(self, user: Any) -> bool:
        """Whether there is one to be reset."""
        return secondfactor.is_set_up(current_session(), user.id)


def _refuse_reaching_further(actor: Actor, user: Any) -> None:
    """Nobody opens the way to rights that he lacks, nor goes round his own password and second factor.

    Raises:
        Refusal: `own_account`; `grants_more_than_own`.
    """
    if user.id == actor.user_id:
        raise Refusal("own_account")
    refuse_granting_more(actor, build_actor(current_session(), user, today()).permissions)


def _all_rights() -> list[PermissionView]:
    return in_order(current_app.extensions["appbuilder"].session().scalars(select(PermissionView)))


class RoleView(PortalModelView):
    """Roles: what each may do. They ship filled and are edited here afterwards."""

    route_base = "/roles"
    datamodel = PortalData(Role, settle=settle_role)
    list_title, show_title, add_title, edit_title = _l("Roles"), _l("Role"), _l("Add role"), _l("Edit role")
    about = _l("A role is a set of rights. People get roles mostly by the posts they hold.")
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
    about = _l("A group gives its roles to all its members, for tasks that are tied to no post.")
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


def register(portal: Any) -> Any:
    """Put users, roles and groups in the menu; gives the screen of users."""
    kept = {"category": "Administration", "category_label": _l("Administration")}
    users = portal.add_view(UserView, "Users", label=_l("Users"), **kept)
    portal.add_view(RoleView, "Roles", label=_l("Roles"), **kept)
    portal.add_view(GroupView, "Groups", label=_l("Groups"), **kept)
    return users
