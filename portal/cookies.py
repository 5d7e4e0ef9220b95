"""The cookie: it carries the id of a session, and beside it only the CSRF token, the language and messages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import current_app, g, request, session
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin

from portal import sessions
from portal.data import current_actor, current_session
from portal.refusals import STATUSES, say
from portal.secondfactor import Vault, is_set_up
from portal.sessions import CODE, HALF, PASSWORD, Limits, UserSession
from workflows.errors import Refusal

if TYPE_CHECKING:
    from flask_appbuilder.security.sqla.models import User

USER_KEY = "_user_id"
"""Where Flask-Login looks for what it hands to `load_user`: the id of the session, not of the account."""

HALF_KEY = "half_id"
"""Where the id of a session waits whose code is still owed; nothing that asks who is signed in looks there."""

RESUME_KEY = "resume_key"
"""Ties a form that was held back to this browser until someone has signed in."""

say(
    {
        "account_changed_meanwhile": _l(
            "Your account was changed at this very moment, so nobody was signed in and nothing was changed. "
            "Sign in again; if it was not you who changed it, tell your administrator."
        )
    }
)
STATUSES["account_changed_meanwhile"] = 409


def limits() -> Limits:
    """How long sessions live here."""
    settings = current_app.extensions["trinh"]["settings"]
    return Limits(timedelta(hours=settings.session_hours), timedelta(hours=settings.session_longest_hours))


def owes_second_factor() -> bool:
    """Whether this portal wants a second factor of someone with such rights, and this session was opened without."""
    is_wanted = current_app.extensions["trinh"]["settings"].require_second_factor
    row = own_session()
    is_owed = row is not None and row.proof != CODE
    return bool(is_wanted and is_owed and current_actor().needs_second_factor)


def vault() -> Vault:
    """What encrypts the secrets of second factors here."""
    return Vault(current_app.extensions["trinh"]["settings"].secret_key)


def own_session() -> UserSession | None:
    """The session of this request, once its account was asked for; None for nobody signed in."""
    row: UserSession | None = g.get("user_session")
    return row


def open_session(user: User, proof: str) -> None:
    """Open a session on this device under a new id, whatever session was open before, and commit it.

    Args:
        user: an active account that has just proved who it is.
        proof: by what, as `sessions` names it.

    Raises:
        Refusal: `account_changed_meanwhile`.
    """
    database = current_session()
    _refuse_overtaken(user, proof)
    _end_former("replaced")
    address, agent = request.remote_addr or "", request.user_agent.string
    token = sessions.open_session(database, user, proof=proof, address=address, agent=agent, limits=limits())
    database.commit()
    if proof == HALF:
        _renew(token, HALF_KEY)
    else:
        _renew(token)
        _become(user)


def _refuse_overtaken(user: User, proof: str) -> None:
    """What was proved is still so: the password is the same, and a code was asked for if there is one to ask for."""
    is_so = sessions.hold(current_session(), user)
    if not is_so or (proof == PASSWORD) == is_set_up(current_session(), user.id):
        current_session().rollback()
        raise Refusal("account_changed_meanwhile")


def refuse_ended(user: User) -> None:
    """Hold an account, unless the session of this request was ended since it began; what ended opens no other.

    Raises:
        Refusal: `account_changed_meanwhile`.
    """
    is_so, own = sessions.hold(current_session(), user), own_session()
    row = current_session().get(UserSession, own.id) if own else None
    if not is_so or row is None or sessions.why_dead(row, limits()):
        current_session().rollback()
        raise Refusal("account_changed_meanwhile")


def half_session() -> UserSession | None:
    """The session of whoever has proved his password and owes a code; None for everybody else."""
    row = sessions.find(current_session(), session.get(HALF_KEY, ""))
    return row if row and row.proof == HALF and not sessions.why_dead(row, limits()) else None


def close_session() -> None:
    """End the session of this request, for ever and not only in this browser."""
    _end_former("signed_out")
    current_session().commit()
    _renew(None)
    _become(AnonymousUserMixin())


def _end_former(why: str) -> None:
    """End the session whose id came with this request, asked for or not."""
    digests = [sessions.digest_of(session[key]) for key in (USER_KEY, HALF_KEY) if key in session]
    if digests:
        sessions.end(current_session(), why, UserSession.digest.in_(digests))


def _renew(token: str | None, key: str = USER_KEY) -> None:
    """Begin a new cookie; of the old one the language is kept, and when someone signs in the forms held back."""
    kept = {"locale", RESUME_KEY} if token else {"locale"}
    former = {name: session[name] for name in kept if name in session}
    session.clear()
    session.permanent = True
    session.update(former)
    if token:
        session[key] = token


def _become(user: Any) -> None:
    """Let the rest of this request see who is signed in now."""
    g._login_user = user  # noqa: SLF001 - where Flask-Login keeps it
    for known in ("actor", "user_session"):
        g.pop(known, None)
