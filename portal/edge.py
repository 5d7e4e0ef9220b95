"""What every request passes through: who may write, which headers go out, what an error looks like."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response, current_app, g, jsonify, redirect, render_template, request, session, url_for
from flask.json.provider import DefaultJSONProvider
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter

from portal import sessions
from portal.cookies import owes_second_factor, own_session
from portal.data import LARGEST_KEY, current_actor
from portal.db import READ_ONLY
from portal.once import new_key
from portal.refusals import sentence, status_of
from portal.resume import hold_back
from portal.security import NOBODY
from portal.securitylog import tell
from portal.words import reader_language
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from portal.db import Database

log = logging.getLogger(__name__)

LONGEST_TOLD = 200
WHILE_OWED = frozenset(f"SecondFactorView.{name}" for name in ("show", "picture", "begin", "confirm"))
"""What is open to someone who must set up his second factor first, besides what is open to everybody."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FILES = frozenset({"static", "appbuilder.static"})
PUBLIC = FILES | {
    "NewPasswordView.choose",
    "VerificationView.check",
    "VerificationView.show",
    "SignInView.login",
    "SignInView.code",
    "SignInView.logout",
    "LanguageView.choose",
    "PluginView.file",
    "PluginView.hand_in",
}
"""What is answered to whoever asks; everything else begins with signing in."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
UNUSED = ("camera", "display-capture", "geolocation", "microphone", "midi", "payment", "serial", "usb")
"""What of a browser no page of ours asks for."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{each}=()" for each in UNUSED),
    "X-Frame-Options": "SAMEORIGIN",
}

OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}
"""Sent in production alone: on http://127.0.0.1 a browser would not find its way back."""

MESSAGES: dict[int, tuple[Any, Any]] = {
    400: (_l("The request could not be understood"), _l("Go back, check what you typed, and send it again.")),
    401: (_l("Please sign in"), _l("Your session has ended or you are not signed in.")),
    403: (_l("You are not allowed to do this"), _l("Ask your unit administrator if you should be.")),
    404: (_l("There is no such page"), _l("It does not exist, or it belongs to a unit whose work you do not see.")),
    405: (_l("This address does not take that request"), _l("Go back and use the buttons of the page.")),
    409: (_l("Someone was faster"), _l("Look at what changed, then decide again.")),
    413: (
        _l("The file is too large"),
        _l("Go back: what you typed is still in the form. Choose a smaller file, or split it."),
    ),
    429: (_l("Too many attempts"), _l("Wait a minute, then try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l("Nothing was changed. Try again; if it stays, tell the operator."),
    ),
    503: (_l("The portal is busy"), _l("Nothing was changed. Try again in a moment.")),
}


def choose_locale() -> str:
    """The language a person chose, or the portal's own."""
    chosen = session.get("locale") if request else None
    languages = current_app.config["LANGUAGES"]
    return str(chosen) if chosen in languages else str(current_app.config["BABEL_DEFAULT_LOCALE"])


def _wants_json() -> bool:
    return request.path.startswith("/api/") or request.accept_mimetypes.best == "application/json"


def answer(status: int, detail: str = "") -> tuple[str | Response, int]:
    """An error page, or its JSON for programs: what happened, and what to do next."""
    title, advice = MESSAGES.get(status, MESSAGES[500 if status >= 500 else 400])  # noqa: PLR2004 - HTTP's own line
    if _wants_json():
        return jsonify(message=detail or str(title)), status
    return render_template("error.html", title=title, detail=detail, advice=advice, status=status), status


def _on_http_error(error: HTTPException) -> Any:
    if isinstance(error, SecurityError):
        # A forged host: no address of ours can be built for it, so there is no page to show.
        tell("host_forged", host=request.environ.get("HTTP_HOST", "")[:LONGEST_TOLD])
        words = gettext("The portal does not answer to this host name. Its operator can add it to TRUSTED_HOSTS.")
        return Response(f"{words}\n", 400, content_type="text/plain; charset=utf-8")
    if error.response is not None:
        return error.response
    return answer(error.code or 500)


def _on_refusal(refusal: Refusal) -> Any:
    return answer(status_of(refusal), sentence(refusal))


def _on_crash(error: Exception) -> Any:
    # The page of a broken request asks the database nothing, not even who is reading.
    g.actor = NOBODY
    busy = isinstance(error, OperationalError) and "locked" in str(error)
    log.error("unhandled error on %s %s", request.method, request.path, exc_info=error)
    return answer(503 if busy else 500)


def _on_unreadable(_error: Exception) -> Any:
    """A number beyond every key, or text that no database keeps: nobody's page leads there."""
    return answer(400)


def _is_foreign() -> bool:
    """Whether a page of another site made the browser send this; `null` is the origin of one that hides its own."""
    if request.method in SAFE_METHODS:
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site not in {None, "same-origin", "none"}:
        return True
    # A proxy that does not say so may speak TLS before us; the other way round nothing is ours.
    own = {f"{scheme}://{request.host}".lower() for scheme in (request.scheme, "https")}
    return origin is not None and origin.lower() not in own


def _refuse_foreign() -> Any:
    tell("origin_forged", origin=request.headers.get("Origin", "")[:LONGEST_TOLD])
    g.is_told = True
    return answer(403)


def _refuse_strangers() -> Any:
    """Nothing is sent here by another site, and only the sign-in page is open to nobody."""
    if _is_foreign():
        return _refuse_foreign()
    if request.endpoint is None or request.endpoint in PUBLIC:
        return None
    if current_actor().user_id:
        return _ask_for_second_factor() if owes_second_factor() and request.endpoint not in WHILE_OWED else None
    if _wants_json():
        return answer(401)
    if request.method in SAFE_METHODS:
        return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))
    return _hold_back()


def _ask_for_second_factor() -> Any:
    """Whoever owes a second factor sets it up before anything else."""
    if request.method in SAFE_METHODS and not _wants_json():
        return redirect(url_for("SecondFactorView.show"))
    return answer(403, gettext("Set up the second factor of your account first: page “Second factor”."))


def _hold_back() -> Any:
    return hold_back() if request.form else answer(400 if current_actor().user_id else 401)


def _on_lost_token(error: CSRFError) -> Any:
    if _is_foreign():
        return _refuse_foreign()
    tell("csrf_failed", why=str(error.description)[:LONGEST_TOLD])
    if _wants_json():
        return answer(400 if current_actor().user_id else 401, gettext("The page is too old to be sent."))
    return _hold_back()


def _add_headers(response: Response) -> Response:
    is_production = current_app.extensions["trinh"]["settings"].production
    for name, value in {**HEADERS, **(OVER_TLS if is_production else {})}.items():
        response.headers.setdefault(name, value)
    if request.endpoint not in FILES:
        response.headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    return response


def _tell_refused(response: Response) -> Response:
    """A screen that was not open to whoever asked, whichever of the many places said so."""
    if response.status_code == HTTPStatus.FORBIDDEN and not g.get("is_told"):
        tell("right_refused")
    return response


def query_with(**changed: Any) -> str:
    """The present address with some of its query changed, whatever else was typed there."""
    return "?" + urlencode({**request.args, **changed})


class KeyConverter(IntegerConverter):
    """A number in an address; none is larger than the largest key."""

    def __init__(self, map: Any, **kwargs: Any) -> None:  # noqa: A002 - Werkzeug's name
        super().__init__(map, **{"max": LARGEST_KEY, **kwargs})


def _promise_not_to_write() -> None:
    READ_ONLY.set(request.method in SAFE_METHODS)


def _close(database: Database) -> None:
    """End the request's session of the database, and then note that its session of the portal is in use."""
    row = own_session()
    is_due = row is not None and sessions.is_worth_noting(row)
    database.session.remove()
    READ_ONLY.set(False)
    if row is not None and is_due:
        sessions.note_seen(database, row.id)


def _told_to_pages() -> dict[str, Any]:
    return {
        "actor": current_actor(),
        "language": reader_language(),
        "menu_entries": current_app.extensions["appbuilder"].menu.get_data,
        "query_with": query_with,
        "new_key": new_key,
    }


ON_ERROR: dict[type[Exception], Callable[[Any], Any]] = {
    CSRFError: _on_lost_token,
    Refusal: _on_refusal,
    HTTPException: _on_http_error,
    OverflowError: _on_unreadable,
    DataError: _on_unreadable,
    Exception: _on_crash,
}


class _ShallowJson(DefaultJSONProvider):
    """JSON as Flask reads it; what is nested beyond sense is no JSON, instead of a crash."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a text.

        Raises:
            ValueError: it is no JSON, or nested too deeply.
        """
        try:
            return super().loads(s, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


def guard(app: Flask, database: Database) -> None:
    """Put every request of the app under these rules.

    Args:
        app: the application.
        database: whose session ends with the request.
    """
    app.url_map.converters["int"] = KeyConverter
    app.json = _ShallowJson(app)
    app.before_request(_promise_not_to_write)
    app.before_request(_refuse_strangers)
    app.context_processor(_told_to_pages)
    app.after_request(_add_headers)
    app.after_request(_tell_refused)
    app.teardown_appcontext(lambda _error: _close(database))
    for kind, answer_to in ON_ERROR.items():
        app.register_error_handler(kind, answer_to)
