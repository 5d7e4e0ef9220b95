"""The security log: one line of JSON for each event that someone who guards the portal wants to know of."""

from __future__ import annotations

import json
import logging
import os
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING

from flask import g, has_request_context, request

from portal.db import utc_now

if TYPE_CHECKING:
    from io import TextIOWrapper
    from pathlib import Path

NAME = "trinh.security"
log = logging.getLogger(NAME)


class OwnFile(WatchedFileHandler):
    """A file that nobody but the portal's own account reads: it says who signs in from where."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, opener=_for_its_owner)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def keep_in(path: Path | None) -> None:
    """Say where the lines go; called once, when the application is made.

    Args:
        path: a file, which may be moved away while the portal runs; None for the terminal.
    """
    for former in list(log.handlers):
        log.removeHandler(former)
        former.close()
    handler = OwnFile(path, encoding="utf-8", delay=True) if path else logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def tell(event: str, *, account: str = "", **facts: str | int) -> None:
    """Write one line: when (UTC), what, whose account, by whom, from where, on which page, and more facts.

    JSON escapes every control character, so nobody begins a line of his own by what he types.

    Args:
        event: what happened, with underscores, such as `sign_in_refused`.
        account: whom it is about; empty when the name that was typed is nobody's, for it could be a password.
        facts: plain values; never a password, a token, a cookie or a code.
    """
    line = {"at": utc_now().isoformat(timespec="milliseconds"), "event": event, "account": account, **_where(), **facts}
    log.info("%s", json.dumps(line))


def _where() -> dict[str, str]:
    if not has_request_context():
        return {"by": "", "address": "", "method": "", "path": ""}
    # An address that carries a secret is told by its pattern.
    is_secret = bool(request.url_rule and "token" in request.url_rule.arguments)
    path = str(request.url_rule) if is_secret else request.path
    by = g.actor.username if "actor" in g else ""
    return {"by": by, "address": request.remote_addr or "", "method": request.method, "path": path[:500]}
