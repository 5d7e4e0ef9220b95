"""The page behind a one-time link, where its holder chooses a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext

from portal import attempts, onetime, sessions
from portal.accounts import PasswordForm, is_strong
from portal.data import current_session
from portal.passwords import hash_of
from portal.securitylog import tell
from portal.views import PortalView

if TYPE_CHECKING:
    from flask_appbuilder.security.sqla.models import User
    from werkzeug.wrappers import Response


class NewPasswordView(PortalView):
    """Choosing a password by a link instead of the old one. A second factor stays as it is."""

    route_base = "/new-password"
    default_view = "choose"

    @expose("/<string:token>", methods=["GET", "POST"])
    def choose(self, token: str) -> Response | str | tuple[str, int]:
        """The form, and setting the password; without a valid link there is nothing here."""
        user = onetime.owner_of(current_session(), token)
        if user is None:
            return self._refuse()
        form = PasswordForm()
        if request.method != "POST" or not form.validate() or not is_strong(form, user):
            return self._form(user, form), 422 if form.errors else 200
        return self._set(user, token, str(form.password.data))

    def _set(self, user: User, token: str, password: str) -> Response | tuple[str, int]:
        if not sessions.hold(current_session(), user) or not onetime.use(current_session(), token):
            current_session().rollback()
            return self._refuse()
        user.password = hash_of(password)
        current_app.extensions["appbuilder"].sm.note(user, "one_time_link_used")
        attempts.remember_device(user)
        flash(gettext("Your password is set. Sign in with it."), "success")
        return redirect(url_for("SignInView.login"))

    def _form(self, user: User, form: Any) -> str:
        title = gettext("Choose a password for %(name)s", name=user.username)
        return self.page("accounts/password.html", title=title, form=form)

    def _refuse(self) -> tuple[str, int]:
        tell("one_time_link_refused")
        problem = gettext("This link was used before, is older than a day, or was never made. Ask for a new one.")
        return self.page("accounts/link_refused.html", title=gettext("The link is not valid"), problem=problem), 404
