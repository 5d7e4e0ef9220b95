"""My account: one's own password, and the devices one is signed in on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from portal import attempts
from portal import sessions as signed_in
from portal.accounts import PasswordForm, is_strong
from portal.cookies import limits, open_session, own_session, refuse_ended
from portal.data import PortalData, current_actor, current_session
from portal.passwords import LONGEST, hash_of, is_password_of
from portal.sessions import UserSession
from portal.views import PortalView

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from werkzeug.wrappers import Response


class MyPasswordForm(PasswordForm):
    """A new password for oneself, proved by the old one."""

    current = PasswordField(_l("Current password"), validators=[InputRequired(), Length(max=LONGEST)])


def own_account() -> User:
    """The account of whoever is signed in."""
    return current_session().get_one(User, current_actor().user_id)


class MyAccountView(PortalView):
    """One's own account."""

    route_base = "/account"
    default_view = "password"

    @expose("/password", methods=["GET", "POST"])
    @has_access
    def password(self) -> Response | str | tuple[str, int]:
        """Change one's own password; one's other sessions end, this one goes on under a new id."""
        form = MyPasswordForm()
        if request.method != "POST" or not form.validate():
            return self._password_page(form), 422 if form.errors else 200
        user = own_account()
        if not is_strong(form, user):
            return self._password_page(form), 422
        attempt = attempts.begin(user)
        if attempt.wait:
            return attempt.too_soon(self._password_page(form, attempt.sentence))
        if not is_password_of(user, str(form.current.data)):
            current_app.extensions["appbuilder"].sm.note_failure(user)
            return self._password_page(form, gettext("The current password is wrong. Nothing was changed.")), 422
        attempt.succeeded(is_in=True)
        refuse_ended(user)
        return self._change(user, str(form.password.data))

    def _password_page(self, form: Any, problem: str = "") -> str:
        return self.page("accounts/password.html", title=gettext("Change my password"), form=form, problem=problem)

    def _change(self, user: User, password: str) -> Response:
        user.password = hash_of(password)
        PortalData(User).edit(user)
        row = own_session()
        open_session(user, row.proof if row else signed_in.PASSWORD)
        flash(gettext("Your password is changed."), "success")
        return redirect(url_for("HomeView.index"))

    @expose("/sessions", methods=["GET"])
    def sessions(self) -> str:
        """Every device on which one is signed in."""
        rows = signed_in.open_sessions(current_session(), current_actor().user_id, limits())
        return self.page("accounts/sessions.html", rows=rows, own=_own_key())

    @expose("/sessions/<int:pk>/end", methods=["POST"])
    def end_session(self, pk: int) -> Response:
        """Sign out on another device of one's own; somebody else's is as if it did not exist."""
        if not _end_others(UserSession.id == pk):
            abort(404)
        flash(gettext("The session is ended."), "success")
        return redirect(url_for("MyAccountView.sessions"))

    @expose("/sessions/end-others", methods=["POST"])
    def end_other_sessions(self) -> Response:
        """Sign out on every other device."""
        number = _end_others()
        flash(gettext("Sessions ended: %(number)s.", number=number), "success")
        return redirect(url_for("MyAccountView.sessions"))


def _own_key() -> int:
    row = own_session()
    return row.id if row else 0


def _end_others(*which: ColumnElement[bool]) -> int:
    others = (UserSession.user_id == current_actor().user_id, UserSession.id != _own_key())
    number = signed_in.end(current_session(), "ended_by_owner", *others, *which)
    current_session().commit()
    return number
