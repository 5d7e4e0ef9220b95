"""Requests that are done once: their key, from a header or from a hidden field, and the answer that is given again."""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request
from flask_babel import lazy_gettext as _l

from portal import idempotency
from portal.data import current_actor, current_session
from portal.refusals import say, status_of
from portal.sent import digest_of, inputs
from workflows.errors import Refusal, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from werkzeug.wrappers import Response

    from portal.idempotency import Answer, Sent

HEADER, FIELD = "Idempotency-Key", "idempotency_key"
KEY = re.compile(rf"[\x21-\x7e]{{1,{idempotency.LONGEST_KEY}}}")
"""Visible characters of ASCII."""

say(
    {
        "key_malformed": _l(
            "The idempotency key of this request is not valid, so nothing was done. A key has 1 to %(most)s visible "
            "ASCII characters. Send it again; a program sends another key."
        ),
        "key_reused": _l(
            "This was sent before with other content, and that was done; what you sent now was not. Look at what was "
            "done. If you still want it, send it again; a program sends a new key."
        ),
    }
)


def new_key() -> str:
    """The key of one form on one page: 128 random bits."""
    return secrets.token_urlsafe(16)


def carry_out(deed: Callable[[], Answer], part: int = 0) -> Answer:
    """Do what this request asks for and commit it, once under its key.

    Args:
        deed: does it, commits nothing of its effect, and says what came of it.
        part: which of several that are done in transactions of their own.

    Raises:
        Refusal: `key_malformed`, `key_reused`, or as the deed refuses.
    """
    return idempotency.carry_out(current_session(), idempotency.part_of(_sent(), part), deed)


def check_key() -> None:
    """See to it that the key of this request stands for nothing else, before any part of it is done.

    Raises:
        Refusal: `key_malformed`, `key_reused`.
    """
    sent = _sent()
    if sent is not None:
        idempotency.known(current_session(), sent)


def page_after(answer: Answer) -> Response:
    """Tell a person what came of what he sent, on the page where it leads."""
    if answer.words:
        flash(answer.words, "success")
    return redirect(answer.location)


def page_of(deed: Callable[[], Answer], again: Callable[[Any], str]) -> Response | tuple[str, int]:
    """Do what a person sent, once, and lead on; where it is refused, nothing is kept and his page is shown again.

    Args:
        deed: as in `carry_out`.
        again: given what was refused, makes the page that says so and keeps what was typed.
    """
    try:
        return page_after(carry_out(deed))
    except WorkflowError as refused:
        current_session().rollback()
        return again(refused), status_of(refused)


def _sent() -> Sent | None:
    """The request with its key; None when it carries none."""
    key = request.headers.get(HEADER, request.form.get(FIELD))
    if key is None:
        return None
    if not KEY.fullmatch(key):
        raise Refusal("key_malformed", {"most": idempotency.LONGEST_KEY})
    said = [(name, value) for name, value in inputs() if name != FIELD]
    digest = digest_of(said, request.get_json(silent=True), list(_files()))
    return idempotency.Sent(current_actor().user_id, key, digest)


def _files() -> Iterator[tuple[str, Any, str]]:
    for name, file in request.files.items(multi=True):
        if file.filename:
            yield name, file.filename, hashlib.sha256(file.read()).hexdigest()
            file.seek(0)
