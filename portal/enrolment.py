"""The second factor of one's own account: setting up an authenticator app, and recovery codes shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, current_app, redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.forms import DynamicForm
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal import attempts, secondfactor, sessions
from portal.cookies import open_session, owes_second_factor, refuse_ended, vault
from portal.data import current_actor, current_session
from portal.myaccount import own_account
from portal.passwords import LONGEST, is_password_of
from portal.views import PortalView

if TYPE_CHECKING:
    from flask_appbuilder.security.sqla.models import User


class BeginForm(DynamicForm):
    """Whoever sets up an app proves his password once more: a session left open must not do it."""

    current = PasswordField(_l("Current password"), validators=[InputRequired(), Length(max=LONGEST)])


class ConfirmForm(DynamicForm):
    """The first code of the new app."""

    one_time_code = StringField(
        _l("Code"),
        description=_l("Six digits that the app shows now."),
        validators=[InputRequired(), Length(max=64)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class SecondFactorView(PortalView):
    """One's own second factor."""

    route_base = "/account/second-factor"
    default_view = "show"

    @expose("/", methods=["GET"])
    def show(self) -> str:
        """Whether there is one; while one is being set up, its picture and its secret."""
        return self._page()

    @expose("/begin", methods=["POST"])
    def begin(self) -> Any:
        """Make a secret for a new app."""
        form, user = BeginForm(), own_account()
        if not form.validate():
            return self._page(begin_form=form), 422
        attempt = attempts.begin(user)
        if attempt.wait:
            return attempt.too_soon(self._page(begin_form=form, problem=attempt.sentence))
        if not is_password_of(user, str(form.current.data)):
            current_app.extensions["appbuilder"].sm.note_failure(user)
            return self._page(begin_form=form, problem=gettext("The current password is wrong.")), 422
        attempt.succeeded(is_in=True)
        secondfactor.begin(current_session(), user.id, vault())
        current_session().commit()
        return redirect(url_for("SecondFactorView.show"))

    @expose("/picture.svg", methods=["GET"])
    def picture(self) -> Response:
        """The secret of the app that is being set up, for its camera."""
        secret = _pending_secret()
        if not secret:
            abort(404)
        address = secondfactor.address_of(secret, current_actor().username)
        return Response(secondfactor.picture_of(address), mimetype="image/svg+xml")

    @expose("/confirm", methods=["POST"])
    def confirm(self) -> Any:
        """Put the app to use with its first code; other sessions end, this one goes on under a new id."""
        form, user = ConfirmForm(), own_account()
        if not form.validate():
            return self._page(confirm_form=form), 422
        attempt = attempts.begin(user)
        if attempt.wait:
            return attempt.too_soon(self._page(confirm_form=form, problem=attempt.sentence))
        attempt.succeeded(is_in=True)
        refuse_ended(user)
        codes = secondfactor.confirm(current_session(), user.id, str(form.one_time_code.data), vault())
        if not codes:
            current_session().rollback()
            current_app.extensions["appbuilder"].sm.note_failure(user, "code")
            problem = gettext(
                "This is not the code that the app shows now. Check the device's clock, then type the next."
            )
            return self._page(confirm_form=form, problem=problem), 422
        return self._put_to_use(user, codes)

    def _put_to_use(self, user: User, codes: list[str]) -> str:
        current_app.extensions["appbuilder"].sm.note(user, "second_factor_set_up")
        open_session(user, sessions.CODE)
        return self.page("accounts/recovery_codes.html", codes=codes)

    def _page(self, begin_form: Any = None, confirm_form: Any = None, problem: str = "") -> str:
        user_id = current_actor().user_id
        return self.page(
            "accounts/second_factor.html",
            factor=secondfactor.factor_of(current_session(), user_id),
            codes_left=secondfactor.codes_left(current_session(), user_id),
            secret=_pending_secret(),
            is_owed=owes_second_factor(),
            begin_form=begin_form or BeginForm(formdata=None),
            confirm_form=confirm_form or ConfirmForm(formdata=None),
            problem=problem,
        )


def _pending_secret() -> str:
    """The secret of the app that is being set up; empty when none is."""
    return secondfactor.pending_secret(current_session(), current_actor().user_id, vault())
