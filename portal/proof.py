"""Proving anew who one is before something that weighs: a decision of a chain that wants it, and every signature."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _l

from portal import attempts, throttle
from portal.cookies import vault
from portal.data import current_actor, current_session
from portal.passwords import is_password_of
from portal.refusals import say
from portal.secondfactor import accept, is_set_up
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.throttle import Bucket

say(
    {
        "password_wrong": _l(
            "The password is wrong, so nothing was done. Type it again; what you wrote is still here."
        ),
        "password_too_soon": _l("There were too many failed attempts. Wait %(seconds)s seconds, then try again."),
        "code_wrong": _l(
            "The code of your authenticator app is wrong or was used before, so nothing was done. Wait for the next "
            "one and type that."
        ),
    }
)


def require(password: str, code: str | None = None) -> None:
    """See to it that whoever asks has just typed his password, and his code where one is wanted.

    It commits, for attempts are counted whatever follows; so it comes before anything else is written.

    Args:
        password: as it was typed.
        code: of the app, or a recovery code; None where the password alone will do. Whoever has no app needs none.

    Raises:
        Refusal: `password_wrong`, `code_wrong`, `password_too_soon`.
    """
    session = current_session()
    user = session.get_one(User, current_actor().user_id)
    attempt = attempts.begin(user)
    if attempt.wait:
        raise Refusal("password_too_soon", {"seconds": attempt.wait})
    if not is_password_of(user, password):
        _refuse(user, "password_wrong")
    if code is not None and wants_code() and not accept(session, user.id, code, vault()):
        _refuse(user, "code_wrong")
    attempt.succeeded(is_in=True)
    session.commit()


def wants_code() -> bool:
    """Whether the reader has an authenticator app."""
    return is_set_up(current_session(), current_actor().user_id)


def _refuse(user: User, code: str) -> None:
    current_app.extensions["appbuilder"].sm.note_failure(user)
    raise Refusal(code)


def begin_pin(key: str) -> tuple[Bucket, ...]:
    """Let the PIN of a key be tried, and count it as wrong until it is forgiven; commits.

    Args:
        key: whose PIN it is: whoever tries it, all attempts count together.

    Raises:
        Refusal: `password_too_soon`.
    """
    free = current_app.extensions["trinh"]["settings"].sign_in_failures
    buckets = (throttle.by_account(f"pin of {key}", free),)
    wait = throttle.admit(current_session(), buckets)
    current_session().commit()
    if wait:
        raise Refusal("password_too_soon", {"seconds": wait})
    return buckets


def forgive_pin(buckets: tuple[Bucket, ...]) -> None:
    """Take back what was counted, for it was not the PIN that was wrong; in the transaction at hand."""
    throttle.forgive(current_session(), buckets, is_in=True)
