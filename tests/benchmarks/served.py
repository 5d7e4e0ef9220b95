"""One application under measurement in a process of its own, asked over its standard input; the standard library alone.

It is imported by programs that run in other environments than the portal's, so it may know nothing of the portal.
"""

from __future__ import annotations

import io
import json
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Deed = Callable[[], object]


def call(application: Any, path: str, cookie: str) -> tuple[int, bytes]:
    """Ask a WSGI application for a page as a signed-in browser does.

    Args:
        application: what answers.
        path: with its query, if it has one.
        cookie: of the session.

    Returns:
        status and body.
    """
    plain, _, query = path.partition("?")
    answered: list[str] = []
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": plain,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": cookie,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    parts = application(environ, lambda status, _headers, _error=None: answered.append(status))
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return int(answered[0][:3]), body


def serve(
    application: Any, cookie: str, count: Callable[[Callable[[], object]], int], **deeds: Callable[[], object]
) -> None:
    """Answer orders, one line of JSON each, until there are no more.

    `{"path": …, "times": n}` gives the seconds of processor of each request, with status, body and its number of
    queries; `{"deed": …}` does something by its name.

    Args:
        application: what is measured.
        cookie: of a session that is signed in.
        count: runs something and says how many queries that took.
        deeds: what may be asked for besides pages.
    """
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        if "deed" in order:
            deeds[order["deed"]]()
            print("{}", flush=True)
        else:
            print(json.dumps(_measured(application, cookie, count, order)), flush=True)


def _measured(application: Any, cookie: str, count: Any, order: dict[str, Any]) -> dict[str, Any]:
    seconds = []
    status, body = 0, b""
    for _ in range(order["times"]):
        before = time.process_time()
        status, body = call(application, order["path"], cookie)
        seconds.append(time.process_time() - before)
    queries = count(lambda: call(application, order["path"], cookie)) if order.get("count") else None
    return {"cpu": seconds, "status": status, "body": body.decode(), "queries": queries}
