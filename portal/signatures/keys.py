"""Keys that sign: what every key can do, and the one that lies in a key file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

DIGEST = "sha256"
"""What is signed is hashed with this, by every key (sha1 is refused everywhere)."""


class SigningKey(Protocol):
    """A private key somewhere, and the certificate that says whose it is.

    Attributes:
        certificate: DER.
        chain: DER of the authorities above it, its issuer first; may be empty or lack the root.
    """

    @property
    def certificate(self) -> bytes: ...

    @property
    def chain(self) -> tuple[bytes, ...]: ...

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes under `DIGEST`: PKCS#1 v1.5 with an RSA key, DER of ECDSA with an EC key.

        Raises:
            Refusal: the key does not answer; see the module of the key.
        """
        ...


@dataclass(frozen=True)
class CertificateFacts:
    """What a certificate says.

    Attributes:
        name: common name of the subject.
        organisation: of the subject; empty where there is none.
        issuer: common name of the issuer.
        serial: in hexadecimal, as authorities write it.
        sha256: of the DER, in hexadecimal.
        not_before: aware, UTC.
        not_after: the same.
    """

    name: str
    organisation: str
    issuer: str
    serial: str
    sha256: str
    not_before: datetime
    not_after: datetime


def facts(certificate: bytes) -> CertificateFacts:
    """What a certificate says.

    Args:
        certificate: DER or PEM.

    Raises:
        Refusal: `certificate_unreadable`.
    """
    raise NotImplementedError


def check_certificate(certificate: bytes, at: datetime) -> None:
    """Refuses a certificate that cannot sign documents.

    Args:
        certificate: DER.
        at: the moment of signing; aware.

    Raises:
        Refusal: `certificate_unreadable`; `certificate_expired` (`name`, `day`), `certificate_not_yet_valid` (`name`,
            `day`); `certificate_cannot_sign` (`name`): its key usage says neither digital signature nor content commitment, or it
            is an authority's; `weak_key` (`name`): RSA under 2048 bits, or a curve other than P-256, P-384, P-521.
    """
    raise NotImplementedError


def open_key_file(content: bytes, pin: str) -> SigningKey:
    """The key of a PKCS#12 file (.p12, .pfx), opened with its PIN.

    Args:
        content: of the file.
        pin: what the signer typed; kept nowhere.

    Raises:
        Refusal: `wrong_pin`, `key_file_unreadable`, `key_file_empty` (no key or no certificate in it).
    """
    raise NotImplementedError
