"""A form sent after its session ended: it comes back whole, and is taken when it is sent again after signing in."""

from __future__ import annotations

import secrets
from typing import Any

from flask import current_app, g, render_template, request, session
from flask_wtf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer

from portal.cookies import RESUME_KEY
from portal.data import current_actor
from portal.sent import TICKET, digest_of, inputs

TICKET_SECONDS = 3600


def hold_back() -> tuple[str, int]:
    """The page that keeps what was typed, with a ticket to send it once more."""
    kept = inputs()
    is_in = bool(current_actor().user_id)
    return render_template("resume.html", kept=kept, ticket=_ticket(kept), signed_in=is_in), 401


class TokenOrTicket(CSRFProtect):
    """The CSRF token of the session, or the ticket of a form that this very browser was given back.

    A session that begins has a new token, so a form from before it has none; its ticket holds for the same address,
    the same content and the same browser, which a secret in its cookie tells.
    """

    def protect(self, **kwargs: Any) -> None:
        """Refuse what has neither."""
        if _is_ticketed():
            g.csrf_valid = True
            return
        super().protect(**kwargs)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="form-held-back")


def _ticket(kept: list[tuple[str, str]]) -> str:
    key = session.setdefault(RESUME_KEY, secrets.token_urlsafe(16))
    ticket: str = _serializer().dumps([key, digest_of(kept)])
    return ticket


def _is_ticketed() -> bool:
    ticket, key = request.form.get(TICKET), session.get(RESUME_KEY)
    if not ticket or not key:
        return False
    try:
        shown: Any = _serializer().loads(ticket, max_age=TICKET_SECONDS)
    except BadData:
        return False
    return bool(shown == [key, digest_of(inputs())])
