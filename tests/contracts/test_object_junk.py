"""Junk before, within and after an address changes no verdict: whoever is kept out stays out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.contracts.matrix import Call, Count, place, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.contracts.stage import Stage

REDIRECTIONS = {301, 307, 308}
MOST_HOPS = 4


def bent(path: str) -> Iterator[str]:
    """A path as someone writes it who hopes that two readers of it disagree."""
    head, _, tail = path.strip("/").partition("/")
    yield from (
        f"{path}{junk}" for junk in (";x=1", ";/..", "/", "/.", "/..;/", ".", "%00", "\x00", " ", "%20", "/static/..")
    )
    yield from (
        f"{path}{junk}" for junk in ("//", "/static/portal.css", "%2f", "\\", ".json", ".css", "%23", "?", "/1")
    )
    yield from (
        f"{start}{path}" for start in ("/", "//", "/static/..", "/static/%2e%2e", "/login/..", "/.", "/login/../")
    )
    yield from (
        f"/{head}//{tail}",
        f"/{head}/./{tail}",
        f"/{head};a=b/{tail}",
        f"/{head.upper()}/{tail}",
        f"/{head}\\{tail}",
    )
    yield from (path.upper(), path.replace("/show/", "/show/0"), path.replace("/show/", "/show/+"), f"/login{path}")


QUERIES = (
    "endpoint=static",
    "/static/portal.css",
    "_method=GET",
    "next=/login/",
    "actor=admin",
    "user_id=1",
    "round=1",
)
HEADERS: tuple[dict[str, str], ...] = (
    {"X-Original-URL": "/login/"},
    {"X-Rewrite-URL": "/static/portal.css"},
    {"X-HTTP-Method-Override": "GET"},
    {"X-Forwarded-User": "admin", "Remote-User": "admin"},
    {"X-Forwarded-Prefix": "/static", "X-Script-Name": "/static"},
    {"Authorization": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."},
)
CLOSED_TO = {
    "nobody": ["own draft", "own approved"],
    "newcomer": ["own draft", "own approved"],
    "former": ["own draft", "own approved"],
    "clerk": ["foreign draft", "foreign approved"],
    "f.clerk": ["own draft", "own approved"],
    "chair": ["own draft", "foreign draft"],
}
"""Persona → reports that are closed to him, with whatever hangs on them."""


def ask(client: FlaskClient, path: str, **more: Any) -> Any:
    """Ask for a path exactly as it stands, and go where one is redirected within the portal."""
    answer = read(client.open("/", environ_overrides={"PATH_INFO": path, "REQUEST_URI": path}, **more))
    for _hop in range(MOST_HOPS):
        if answer.status_code not in REDIRECTIONS:
            break
        answer = read(client.get(answer.location))
    return answer


def is_kept_out(answer: Any, words: str) -> bool:
    """Whether an answer neither opens a page of the portal's own work nor says a word of the row."""
    away = answer.status_code == 302 and str(answer.location).startswith("/login/")
    is_sign_in = answer.status_code == 200 and 'name="password"' in answer.text
    is_public = answer.status_code == 200 and answer.mimetype == "text/css"
    return (
        away or is_sign_in or is_public or answer.status_code in {400, 401, 403, 404, 405}
    ) and words not in answer.text


def closed(stage: Stage, persona: str) -> Iterator[tuple[str, str]]:
    """Addresses that are closed to a persona, with the words that must not be read there."""
    for name in CLOSED_TO[persona]:
        report = stage.world["report"][name]
        yield place(stage, Call("GET", "SubmissionView.show"), report), report.words
        yield place(stage, Call("GET", "SubmissionApi.get"), report), report.words
        yield place(stage, Call("GET", "SubmissionView.file"), stage.world["file"][name]), "%PDF"
        if document := stage.world["document"].get(name):
            yield place(stage, Call("GET", "DocumentView.pdf"), document), "%PDF"
    yield "/users/list/", "gialai.example"
    yield "/audit/list/", "demo_loaded"


def test_junk_in_a_path_lets_nobody_in(stage: Stage) -> None:
    count = Count()
    for persona in CLOSED_TO:
        for path, words in closed(stage, persona):
            for written in bent(path):
                answer = ask(stage.client(persona), written)
                count.expect(is_kept_out(answer, words), f"{persona}: {written!r} → {answer.status_code}")
    count.report("junk in paths")


def test_junk_in_a_query_or_a_header_lets_nobody_in(stage: Stage) -> None:
    count = Count()
    for persona in CLOSED_TO:
        for path, words in closed(stage, persona):
            for query in QUERIES:
                answer = read(stage.client(persona).get(f"{path}?{query}"))
                count.expect(is_kept_out(answer, words), f"{persona}: {path}?{query} → {answer.status_code}")
            for headers in HEADERS:
                answer = read(stage.client(persona).get(path, headers=headers))
                count.expect(is_kept_out(answer, words), f"{persona}: {path} with {headers} → {answer.status_code}")
    count.report("junk in queries and headers")


def test_junk_takes_nothing_from_those_who_are_let_in(stage: Stage) -> None:
    """A query that means nothing changes nothing, so that a verdict cannot be turned either way."""
    count = Count()
    report = stage.world["report"]["own draft"]
    path = place(stage, Call("GET", "SubmissionView.show"), report)
    for query in QUERIES:
        answer = read(stage.client("clerk").get(f"{path}?{query}"))
        count.expect(answer.status_code == 200 and report.words in answer.text, f"{path}?{query}")
    count.report("junk for those who may")
