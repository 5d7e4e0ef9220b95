"""Who is believed and who may be asked, by the settings."""

from __future__ import annotations

import http.server
import threading
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from portal.signatures import trust as trusting
from portal.signatures.trust import Trust, fetch_by_http, read_trust

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.portal.signatures.authority import Authority


def test_without_a_folder_nobody_is_believed_and_nobody_asked() -> None:
    assert read_trust(None) == Trust()


def test_a_folder_holds_roots_what_lies_between_and_lists(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "root.cer").write_bytes(authority.root.der)
    both = [each.certificate.public_bytes(Encoding.PEM) for each in (authority.issuing, authority.root)]
    (tmp_path / "all.PEM").write_bytes(b"".join(both))
    (tmp_path / "list.crl").write_bytes(authority.revocation_list(authority.root))
    (tmp_path / "readme.txt").write_text("ignored")
    found = read_trust(tmp_path, "http://tsa.example", ("http://ocsp.example",))
    assert found.roots == (authority.root.der,) * 2
    assert found.intermediates == (authority.issuing.der,)
    assert len(found.revocation_lists) == 1
    assert (found.time_stamp_url, found.revocation_urls) == ("http://tsa.example", ("http://ocsp.example",))


@pytest.mark.parametrize("name", ["root.cer", "list.crl", "both.pem"])
def test_a_file_that_is_not_what_its_name_says_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"words")
    with pytest.raises(ValueError, match=name):
        read_trust(tmp_path)


def answering(url: str, body: bytes | None = None, content_type: str = "") -> bytes:
    return f"{url} {body!r} {content_type}".encode()


@pytest.mark.parametrize("url", ["http://ocsp.example", "http://ocsp.example/", "http://ocsp.example/ca/1?x=2"])
def test_an_address_of_the_settings_is_asked_with_what_lies_below_it(url: str) -> None:
    trust = Trust(revocation_urls=("http://ocsp.example",), fetch=answering)
    assert trust.ask(url).startswith(url.encode())


@pytest.mark.parametrize(
    "url",
    [
        "http://ocsp.example.evil.example/",
        "http://ocsp.example@evil.example/",
        "http://ocsp.example:8080/",
        "https://ocsp.example/",
        "http://127.0.0.1/",
        "file:///etc/passwd",
    ],
)
def test_no_other_address_is_asked_whatever_a_certificate_says(url: str) -> None:
    trust = Trust(revocation_urls=("http://ocsp.example",), fetch=answering)
    with pytest.raises(OSError, match="not among the addresses"):
        trust.ask(url)
    with pytest.raises(OSError, match="not among the addresses"):
        Trust(fetch=answering).ask(url)


# -- over the network ------------------------------------------------------------------------------------------


class Answers(http.server.BaseHTTPRequestHandler):
    """Answers what its paths say."""

    def do_GET(self) -> None:
        if self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", "/here")
            self.end_headers()
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        self.wfile.write(b"long" * 100 if self.path == "/long" else b"here")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Content-Type"].encode() + b" " + body)

    def log_message(self, *_said: Any) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers) as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{listening.server_port}"
        listening.shutdown()


def test_an_answer_comes_over_http(server: str) -> None:
    assert fetch_by_http(f"{server}/here") == b"here"
    assert fetch_by_http(f"{server}/", b"asked", "application/ocsp-request") == b"application/ocsp-request asked"


@pytest.mark.parametrize("path", ["/elsewhere", "/broken", "/long"])
def test_an_answer_that_leads_elsewhere_fails_or_is_too_long_is_none(
    path: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trusting, "LONGEST_ANSWER", 100)
    with pytest.raises(OSError, match=r"HTTP|answered"):
        fetch_by_http(server + path)


def test_only_http_is_spoken() -> None:
    with pytest.raises(OSError, match="not an address"):
        fetch_by_http("file:///etc/passwd")
