"""Who is believed, and which addresses may be asked about a signature: none, unless the settings name them."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.error import URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ANSWER_SECONDS = 10
LONGEST_ANSWER = 8 * 1024 * 1024
"""A list of revoked certificates of a whole country is shorter."""

CERTIFICATES = {".cer", ".crt", ".pem", ".der"}
LISTS = {".crl"}


class Fetch(Protocol):
    """Asks an address: a GET where there is no body, a POST otherwise."""

    def __call__(self, url: str, body: bytes | None = None, content_type: str = "") -> bytes:
        """The body of the answer.

        Raises:
            OSError: there is none, or it is too long.
        """
        ...


class _StaysThere(HTTPRedirectHandler):
    """An address that sends elsewhere would be asked beyond what the settings name."""

    def redirect_request(self, *_asked: Any, **_more: Any) -> None:
        return None


def fetch_by_http(url: str, body: bytes | None = None, content_type: str = "") -> bytes:
    """Asks an address over the network; see `Fetch`."""
    if not url.startswith(("http://", "https://")):
        raise URLError(f"not an address of HTTP: {url}")
    headers = {"Content-Type": content_type} if content_type else {}
    asked = Request(url, data=body, headers=headers)  # noqa: S310 - the scheme was looked at
    with build_opener(_StaysThere()).open(asked, timeout=ANSWER_SECONDS) as answer:
        content: bytes = answer.read(LONGEST_ANSWER + 1)
        if answer.status != HTTPStatus.OK or len(content) > LONGEST_ANSWER:
            raise URLError(f"{url} answered {answer.status} with {len(content)} bytes")
        return content


@dataclass(frozen=True)
class Trust:
    """What is known for checking, and who can be asked.

    Attributes:
        roots: DER of the authorities that are believed; only what leads to one of them is valid.
        intermediates: DER of authorities between them and signers.
        revocation_lists: DER of lists (CRL) that the operator keeps.
        time_stamp_url: of the time-stamping authority; empty where there is none.
        revocation_urls: addresses that may be asked, with everything below them, whether a certificate is revoked
            (OCSP, CRL).
        fetch: how an address is asked.
    """

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    time_stamp_url: str = ""
    revocation_urls: tuple[str, ...] = ()
    fetch: Fetch = field(default=fetch_by_http, compare=False)

    def ask(self, url: str, body: bytes | None = None, content_type: str = "") -> bytes:
        """Asks an address about a certificate; they stand in certificates, so only those of the settings are asked.

        Raises:
            OSError: it does not answer, or may not be asked.
        """
        if not any(url == each or url.startswith(each.rstrip("/") + "/") for each in self.revocation_urls):
            raise URLError(f"{url} is not among the addresses of the settings")
        return self.fetch(url, body, content_type)


def read_trust(folder: Path | None, time_stamp_url: str = "", revocation_urls: tuple[str, ...] = ()) -> Trust:
    """What the settings say: certificates (`.cer`, `.crt`, `.pem`, `.der`) and lists (`.crl`), and addresses.

    Self-issued certificates are roots, others lie between.

    Args:
        folder: SIGNING_TRUST; None where nobody is believed.
        time_stamp_url: SIGNING_TIME_STAMP.
        revocation_urls: SIGNING_REVOCATION.

    Raises:
        ValueError: a file is not what its name says; the message names it.
    """
    files = sorted(folder.iterdir()) if folder else []
    held = [each for path in files if path.suffix.lower() in CERTIFICATES for each in _read(path, _certificates)]
    return Trust(
        roots=tuple(each.public_bytes(Encoding.DER) for each in held if each.issuer == each.subject),
        intermediates=tuple(each.public_bytes(Encoding.DER) for each in held if each.issuer != each.subject),
        revocation_lists=tuple(_read(path, _list) for path in files if path.suffix.lower() in LISTS),
        time_stamp_url=time_stamp_url,
        revocation_urls=revocation_urls,
    )


def _read(path: Path, kind: Callable[[bytes], Any]) -> Any:
    try:
        return kind(path.read_bytes())
    except ValueError as error:
        raise ValueError(f"{path} is neither DER nor PEM of what its name says") from error


def _certificates(content: bytes) -> list[x509.Certificate]:
    if b"-----BEGIN" in content:
        return x509.load_pem_x509_certificates(content)
    return [x509.load_der_x509_certificate(content)]


def _list(content: bytes) -> bytes:
    is_pem = b"-----BEGIN" in content
    read = x509.load_pem_x509_crl(content) if is_pem else x509.load_der_x509_crl(content)
    return read.public_bytes(Encoding.DER)
