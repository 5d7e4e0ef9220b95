"""Whom signatures are believed for, and which addresses may be asked about them: none, unless the settings name them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pathlib import Path


class Fetch(Protocol):
    """Asks an address: a GET where there is no body, a POST otherwise."""

    def __call__(self, url: str, body: bytes | None = None, content_type: str = "") -> bytes:
        """The body of the answer.

        Raises:
            OSError: there is none, or it is too long.
        """
        ...


@dataclass(frozen=True)
class Trust:
    """What is known for checking, and who can be asked.

    Attributes:
        roots: DER of the authorities that are believed; only what leads to one of them is valid.
        intermediates: DER of authorities between them and signers.
        revocation_lists: DER of lists (CRL) that the operator keeps.
        time_stamp_url: of the time-stamping authority; empty where there is none.
        revocation_urls: beginnings of addresses that may be asked whether a certificate is revoked (OCSP, CRL).
        fetch: how an address is asked; None: by HTTP.
    """

    roots: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    revocation_lists: tuple[bytes, ...] = ()
    time_stamp_url: str = ""
    revocation_urls: tuple[str, ...] = ()
    fetch: Fetch | None = None


def read_trust(folder: Path | None, time_stamp_url: str = "", revocation_urls: tuple[str, ...] = ()) -> Trust:
    """What the settings say: certificates (`.cer`, `.crt`, `.pem`) and lists (`.crl`) of a folder, and addresses.

    Self-issued certificates are roots, others lie between.

    Args:
        folder: SIGNING_TRUST; None where nobody is believed.
        time_stamp_url: SIGNING_TIME_STAMP.
        revocation_urls: SIGNING_REVOCATION.

    Raises:
        ValueError: a file is not what its name says; the message names it.
    """
    raise NotImplementedError
