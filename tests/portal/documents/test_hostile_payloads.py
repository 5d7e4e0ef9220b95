"""Templates and styles made to reach out or to grow: none does, whatever is printed, and the press stays small."""

from __future__ import annotations

import copy
import io
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

from portal.definitions.checks import check
from portal.definitions.library import shipped_bodies
from portal.documents.job import Limits, RenderFailed
from portal.documents.press import Press
from portal.documents.rendering import render
from portal.documents.trials import job_of
from tests.hostile import Payload, payloads, words
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from collections.abc import Iterator

KEY = "provincial-report"
BODY: dict[str, Any] = shipped_bodies()["document", KEY]
SMALL = Limits(wall_seconds=15, cpu_seconds=1, memory_bytes=700_000_000, pages=5, html_letters=100_000)
NOWHERE = "127.0.0.1:9"
SECRETS = re.compile(r"root:|uid=|<class|<module|<function|<built-in| at 0x|1337")
GROWTH = 40_000_000
"""Bytes that the press may grow by over all payloads: each is printed by a child that ends with it, so what remains is
what the press keeps of the channel to them. A child that stays would weigh three times as much, and a press that
typesets pages itself would grow by more with the first one."""


class Canary(BaseHTTPRequestHandler):
    """Counts who asks for anything."""

    asked: list[str] = []  # noqa: RUF012 - one for the whole server

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def canary() -> Iterator[str]:
    """The address of a server on this machine that nobody may ask."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Canary)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    warm = Press()
    yield warm
    warm.close()


def resident(press: Press) -> int:
    """Bytes of memory that the press has now, and whether a child is left beside it."""
    assert press._process is not None
    of_press = Path(f"/proc/{press._process.pid}")
    assert (of_press / f"task/{press._process.pid}/children").read_text() == ""
    found = re.search(r"VmRSS:\s+([0-9]+) kB", (of_press / "status").read_text())
    assert found
    return int(found[1]) * 1024


def body_of(payload: Payload, canary: str) -> dict[str, Any]:
    said = payload.more
    made = {key: said[f"{key}_of"] * said["times"] for key in ("template", "style") if f"{key}_of" in said}
    given = {key: said[key] for key in ("template", "style") if key in said}
    changes = {"template": "<p title='x'>a</p>", "style": "", **given, **made}
    return {**BODY, **{key: text.replace(NOWHERE, canary) for key, text in changes.items()}}


def outcome(press: Press, body: dict[str, Any]) -> str:
    """What the child makes of a body: the code of its refusal, or the words that it printed."""
    try:
        pdf = render(job_of(body, SMALL), press).pdf
    except RenderFailed as failed:
        return failed.code
    reader = PdfReader(io.BytesIO(pdf))
    assert not reader.attachments
    return " ".join(page.extract_text() for page in reader.pages)


def test_nothing_outside_is_read_whatever_a_template_or_a_style_says(press: Press, canary: str) -> None:
    outcome(press, BODY)
    before = resident(press)
    for each in payloads("printing"):
        said = outcome(press, body_of(each, canary))
        assert said != "crashed", each
        assert not SECRETS.search(said), each
    assert Canary.asked == []
    assert resident(press) - before < GROWTH


def paths(body: dict[str, Any]) -> set[str]:
    """Where something is wrong with a document."""
    try:
        check("document", KEY, body)
    except DefinitionError as error:
        return {each.path for each in error.findings}
    return set()


def test_templates_that_would_compute_are_refused_and_the_others_are_letters(press: Press) -> None:
    sound = []
    for each in words("templates"):
        found = paths({**BODY, "template": each})
        assert found <= {"template"}
        assert bool(found) is bool(paths({**BODY, "template": "", "blocks": {"decree30.html": each}}))
        sound += [] if found else [each]
    assert len(sound) < len(payloads("templates")) / 5
    for each in sound:
        said = outcome(press, {**BODY, "template": each, "style": ""})
        assert said != "crashed", each
        assert not SECRETS.search(said), each


MOST_PHRASES = 40


def saying(several: list[str]) -> dict[str, Any]:
    """The document with these paragraphs at its beginning."""
    body = copy.deepcopy(BODY)
    body["metadata"]["wording"]["opening"] = several
    return body


def test_phrases_of_a_document_are_printed_as_letters(press: Press) -> None:
    sound = []
    for each in (*words("templates"), *words("markup")):
        found = paths(saying([each]))
        assert found <= {"metadata.wording.opening[0]"}
        sound += [each] if not found and each.isascii() else []  # the face of documents lacks the other letters
    assert len(sound) > MOST_PHRASES
    for several in (sound[:MOST_PHRASES], sound[-MOST_PHRASES:]):
        said = bare(outcome(press, saying(several)))
        missing = [each for each in several if bare(each) not in said]
        assert missing == [], said[:500]


def bare(text: str) -> str:
    """A text without spaces, and without braces: two stand for one in a phrase."""
    return re.sub(r"[\s{}\u00ad]", "", text)
