"""A gigabyte sent to the portal as people start it: its sender gets a page with advice, and the server stays small."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING

import pytest

from portal.demo.journey import january_inputs
from tests.e2e.crowd import Person
from tests.e2e.serving import Server, free_port, serving
from tests.web.report_page import Page, address, saving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GIGABYTE = 1024**3
PIECE = bytes(1024**2)
LONGEST_SECONDS = 60
MOST_MEGABYTES = 600
BOUNDARY = "gioi-han"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The portal, started with `python run.py` on a folder of its own."""
    port = free_port()
    with serving(
        ["run.py"], port, tmp_path / "server.log", {"PORTAL_DATA": str(tmp_path), "JOB_WORKERS": "1"}
    ) as started:
        yield started


def part(name: str, value: str) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def upload(person: Person, path: str, form: dict[str, str], size: int) -> tuple[int, str]:
    """Send a form with a file of zeros, piece by piece; status and page of the answer."""
    head = b"".join(part(name, value) for name, value in form.items())
    head += (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="annexes.file"; filename="Phu luc.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", person.port, timeout=LONGEST_SECONDS)
    connection.putrequest("POST", path)
    connection.putheader("Cookie", "; ".join(f"{name}={value}" for name, value in person.cookies.items()))
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(len(head) + size + len(tail)))
    connection.endheaders(head)
    for _ in range(size // len(PIECE)):
        connection.send(PIECE)
    connection.send(tail)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


def test_a_gigabyte_is_answered_with_advice_and_not_with_a_closed_line(server: Server, tmp_path: Path) -> None:
    clerk = Person(server.port)
    clerk.sign_in("clerk", (tmp_path / "demo-password.txt").read_text(encoding="utf-8"))
    unit = Page(clerk.ask("GET", "/submissions/new?form=monthly-report")[2]).forms[""]
    period = {**unit, "number": "1", "year": "2025"}
    report = int(clerk.ask("POST", "/submissions/new", period)[1].rpartition("/")[2])
    form = {**january_inputs(), "csrf_token": clerk.token, "edition": "0", "version": "0", "then": "upload:annexes"}
    begun = time.monotonic()
    status, body = upload(clerk, saving(report), form, GIGABYTE)
    seconds = time.monotonic() - begun
    print(f"1 GB: {status} after {seconds:.1f} s, server at most {server.peak_megabytes} MB")
    assert status == 413
    assert '<html lang="vi">' in body
    assert "quá lớn" in body
    assert seconds < LONGEST_SECONDS
    assert server.peak_megabytes < MOST_MEGABYTES
    # The form goes on without the file.
    status, location, _ = clerk.ask("POST", saving(report), {**form, "then": "save"})
    assert (status, location) == (302, address(report))
