"""Who is signed in: signing in and out, the language, and Flask-AppBuilder's manager of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from flask import abort, current_app, g, has_request_context, redirect, request, session, url_for
from flask_appbuilder import expose
from flask_appbuilder.forms import DynamicForm
from flask_appbuilder.security.decorators import no_cache
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal import accounts, attempts, audit, secondfactor, sessions
from portal.cookies import USER_KEY, close_session, half_session, limits, open_session, vault
from portal.data import current_actor, current_session
from portal.db import utc_now
from portal.enrolment import SecondFactorView
from portal.myaccount import MyAccountView
from portal.newpassword import NewPasswordView
from portal.passwords import LONGEST, is_password_of, refuse_weak
from portal.refusals import sentence
from portal.securitylog import tell
from portal.views import PortalView, own_address
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class SignInForm(DynamicForm):
    """Name and password."""

    username = StringField(_l("User name"), validators=[InputRequired(), Length(max=128)])
    password = PasswordField(_l("Password"), validators=[InputRequired(), Length(max=LONGEST)])


class CodeForm(DynamicForm):
    """A code of the authenticator app, or a recovery code."""

    one_time_code = StringField(
        _l("Code"),
        description=_l("Six digits from your authenticator app, or one of your recovery codes."),
        validators=[InputRequired(), Length(max=64)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "text"},
    )


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
        if request.method != "POST" or not form.validate():
            return self.page("sign_in.html", form=form)
        return self._sign_in(form)

    def _sign_in(self, form: SignInForm) -> Response | tuple[str, int]:
        security = self.appbuilder.sm
        user = security.account_named(str(form.username.data))
        attempt = attempts.begin(user, str(form.username.data))
        if attempt.wait:
            return attempt.too_soon(self.page("sign_in.html", form=form, problem=attempt.sentence))
        if not is_password_of(user, str(form.password.data)):
            security.note_failure(user)
            problem = gettext("The user name or the password is wrong.")
            return self.page("sign_in.html", form=form, problem=problem), 401
        if secondfactor.is_set_up(current_session(), user.id):
            attempt.succeeded(is_in=False)
            open_session(user, sessions.HALF)
            return redirect(url_for("SignInView.code", next=self._target()))
        attempt.succeeded(is_in=True)
        return self._let_in(user, sessions.PASSWORD)

    def _let_in(self, user: Any, proof: str) -> Response:
        attempts.remember_device(user)
        self.appbuilder.sm.update_user_auth_stat(user)
        open_session(user, proof)
        return redirect(self._target())

    @expose("/login/code", methods=["GET", "POST"])
    @no_cache
    def code(self) -> Response | str | tuple[str, int]:
        """The code that whoever has proved his password owes; without that there is no such page."""
        if g.user.is_authenticated:
            return redirect(self._target())
        half = half_session()
        if half is None:
            return redirect(url_for("SignInView.login", next=request.args.get("next")))
        form = CodeForm()
        if request.method != "POST" or not form.validate():
            return self.page("accounts/code.html", form=form)
        return self._take_code(half.user, form)

    def _take_code(self, user: Any, form: CodeForm) -> Response | tuple[str, int]:
        attempt = attempts.begin(user)
        if attempt.wait:
            return attempt.too_soon(self.page("accounts/code.html", form=form, problem=attempt.sentence))
        proof = secondfactor.accept(current_session(), user.id, str(form.one_time_code.data), vault())
        if not proof:
            self.appbuilder.sm.note_failure(user, "code")
            problem = gettext("This code is wrong or was used before. Wait for the next one and type that.")
            return self.page("accounts/code.html", form=form, problem=problem), 401
        attempt.succeeded(is_in=True)
        if proof == "recovery_code":
            self.appbuilder.sm.note(user, "recovery_code_used")
        return self._let_in(user, sessions.CODE)

    def _target(self) -> str:
        return own_address(request.args.get("next", "/"))

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session."""
        close_session()
        return redirect(url_for("SignInView.login"))


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


def _refuse_by_command(password: str, own_words: list[str]) -> None:
    try:
        refuse_weak(password, own_words)
    except Refusal as refusal:
        raise click.UsageError(sentence(refusal)) from refusal


class PortalSecurityManager(SecurityManager):
    """Flask-AppBuilder's security on our screens: rights are the actor's, and every change to accounts is audited."""

    def register_views(self) -> None:
        """Only our own screens; no password API, no self-registration, no statistics."""
        self.auth_view = SignInView()
        self.appbuilder.add_view_no_menu(self.auth_view)
        self.appbuilder.add_view_no_menu(MyAccountView)
        self.appbuilder.add_view_no_menu(SecondFactorView)
        self.appbuilder.add_view_no_menu(NewPasswordView)
        self.appbuilder.add_view_no_menu(LanguageView)

    def register_administration(self) -> None:
        """Users, roles and groups, late in the menu."""
        self.user_view = accounts.register(self.appbuilder)

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

    def load_user(self, pk: str) -> Any | None:
        """The account of the session whose id the cookie carries, while that session lives."""
        row = sessions.find(self.session(), str(pk))
        why = self._why_refused(row) if row else "unknown"
        if row is None or why:
            session.pop(USER_KEY, None)
            tell("session_refused", account=row.user.username if row else "", why=why)
            return None
        user = row.user
        # What is known of the session outlives whatever this request does to its transaction.
        self.session().expunge(row)
        g.user_session = row
        return user

    def _why_refused(self, row: sessions.UserSession) -> str:
        return "code_owed" if row.proof == sessions.HALF else sessions.why_dead(row, limits())

    def add_user(  # noqa: PLR0917 - Flask-AppBuilder's signature
        self,
        username: str,
        first_name: str,
        last_name: str,
        email: str,
        role: Any = None,
        password: str = "",
        **more: Any,
    ) -> Any:
        """Add an account by command; its password is judged as on every page."""
        if password:
            _refuse_by_command(password, [username, email, f"{first_name} {last_name}"])
        return super().add_user(username, first_name, last_name, email, role, password, **more)

    def reset_password(self, userid: int, password: str) -> None:
        """Set a password by command; it is judged as on every page."""
        _refuse_by_command(password, accounts.words_about(self.session(), self.get_user_by_id(userid)))
        super().reset_password(userid, password)

    def account_named(self, typed: str) -> Any | None:
        """The account of a user name or a mail address, whatever its letters' case; None when there is none."""
        if "\0" in typed:  # PostgreSQL cannot even be asked
            return None
        return self.find_user(username=typed) or self.find_user(email=typed)

    def update_user_auth_stat(self, user: Any, success: bool = True) -> None:  # noqa: FBT001, FBT002 - its signature
        """Count and audit a sign-in in one transaction; who cannot be written down is not let in."""
        if not success:
            self.note_failure(user)
            return
        user.login_count, user.fail_login_count = (user.login_count or 0) + 1, 0
        user.last_login = utc_now().replace(tzinfo=None)
        self._audit("user", user.id, "signed_in", actor=user.username)
        self.session().commit()
        tell("signed_in", account=user.username)

    def note(self, user: Any, what: str) -> None:
        """Audit and tell what an account has done or was done to it; commits."""
        actor = (current_actor().username or user.username) if has_request_context() else ""
        self._audit("user", user.id, what, actor=actor)
        self.session().commit()
        tell(what, account=user.username)

    def note_failure(self, user: Any | None, what: str = "password") -> None:
        """Count, audit and tell a wrong password or code; as much is written for a name that nobody has."""
        if user is not None:
            user.fail_login_count = (user.fail_login_count or 0) + 1
        account = user.username if user else ""
        self._audit("user", user.id if user else 0, "sign_in_failed", actor=account)
        self.session().commit()
        tell("sign_in_refused", account=account, what=what)

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
