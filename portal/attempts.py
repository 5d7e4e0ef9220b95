"""Attempts: every test of a password or a code is admitted by the throttle first, on whatever page it is made."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import after_this_request, current_app, make_response, request
from flask_babel import gettext
from itsdangerous import BadData, URLSafeTimedSerializer

from portal import throttle
from portal.data import current_session
from portal.securitylog import tell

if TYPE_CHECKING:
    from flask_appbuilder.security.sqla.models import User
    from werkzeug.wrappers import Response

    from portal.throttle import Bucket

DEVICE_COOKIE = "trinh_device"
DEVICE_SECONDS = 180 * 24 * 3600


@dataclass(frozen=True)
class Attempt:
    """One test of a password or a code.

    Attributes:
        account: its user name; empty when there is no such account.
        buckets: what it is counted by.
        wait: seconds until another one is admitted; 0 when this one is.
    """

    account: str
    buckets: tuple[Bucket, ...]
    wait: int

    def succeeded(self, *, is_in: bool) -> None:
        """Take it back from the count, in the transaction at hand.

        Args:
            is_in: whether nothing more has to be proved.
        """
        throttle.forgive(current_session(), self.buckets, is_in=is_in)

    @property
    def sentence(self) -> str:
        """What whoever has to wait is told; the same for every name."""
        return str(
            gettext("There were too many failed attempts. Wait %(seconds)s seconds, then try again.", seconds=self.wait)
        )

    def too_soon(self, html: str) -> Response:
        """The answer to an attempt that was not admitted.

        Args:
            html: the page with `sentence`.
        """
        answer: Response = make_response(html, 429)
        answer.headers["Retry-After"] = str(self.wait)
        return answer


def begin(user: User | None, typed: str = "") -> Attempt:
    """Ask whether a password or a code may be tested now, and count it as failed until it succeeds; commits.

    Args:
        user: whose it would be; None when there is no such account.
        typed: the name under which it was asked for.
    """
    account = user.username if user else ""
    buckets = _buckets(user, typed)
    wait = throttle.admit(current_session(), buckets)
    current_session().commit()
    if wait:
        tell("sign_in_throttled", account=account, wait=wait)
    return Attempt(account, buckets, wait)


def remember_device(user: User) -> None:
    """Let failures of others no longer keep this account out on this device."""
    secret = _device_of(user) or secrets.token_urlsafe(16)
    value = _serializer().dumps([user.id, secret])

    @after_this_request
    def keep(answer: Any) -> Any:
        is_secure = current_app.config["SESSION_COOKIE_SECURE"]
        answer.set_cookie(
            _cookie_name(),
            value,
            max_age=DEVICE_SECONDS,
            secure=is_secure,
            httponly=True,
            samesite="Lax",
        )
        return answer


def _buckets(user: User | None, typed: str) -> tuple[Bucket, ...]:
    free = current_app.extensions["trinh"]["settings"].sign_in_failures
    device = _device_of(user) if user else ""
    if device:
        return (throttle.by_device(device, free),)
    name = user.username if user else typed
    return throttle.by_account(name, free), throttle.by_address(request.remote_addr or "", free)


def _device_of(user: User) -> str:
    """The secret of a device that this account signed in on; empty on any other."""
    try:
        user_id, secret = _serializer().loads(request.cookies.get(_cookie_name(), ""), max_age=DEVICE_SECONDS)
    except (BadData, TypeError, ValueError):
        return ""
    return str(secret) if user_id == user.id else ""


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known-device")


def _cookie_name() -> str:
    return f"__Host-{DEVICE_COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else DEVICE_COOKIE
