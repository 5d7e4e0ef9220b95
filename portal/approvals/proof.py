"""Proving anew who one is, where a step of the chain wants it, before one decides on it."""

from __future__ import annotations

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _l

from portal import attempts
from portal.data import current_actor, current_session
from portal.passwords import is_password_of
from portal.refusals import say
from workflows.errors import Refusal

say(
    {
        "password_wrong": _l(
            "The password is wrong, so nothing was done. Type it again; what you wrote is still here."
        ),
        "password_too_soon": _l("There were too many failed attempts. Wait %(seconds)s seconds, then try again."),
    }
)


def require(password: str) -> None:
    """See to it that whoever decides has just typed his password.

    It commits, for attempts are counted whatever follows; so it comes before anything else is written.

    Args:
        password: as it was typed.

    Raises:
        Refusal: `password_wrong`, `password_too_soon`.
    """
    user = current_session().get_one(User, current_actor().user_id)
    attempt = attempts.begin(user)
    if attempt.wait:
        raise Refusal("password_too_soon", {"seconds": attempt.wait})
    if not is_password_of(user, password):
        current_app.extensions["appbuilder"].sm.note_failure(user)
        raise Refusal("password_wrong")
    attempt.succeeded(is_in=True)
    current_session().commit()
