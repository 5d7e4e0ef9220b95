"""Keys that sign: what every key can do, and the one that lies in a key file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from asn1crypto.pkcs12 import Pfx
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12
from cryptography.x509.oid import NameOID

from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

DIGEST = "sha256"
"""What is signed is hashed with this, by every key (sha1 is refused everywhere)."""

SHORTEST_RSA = 2048
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


class SigningKey(Protocol):
    """A private key somewhere, and the certificate that says whose it is.

    Attributes:
        certificate: DER.
        chain: DER of the authorities above it, its issuer first; may be empty or lack the root.
    """

    @property
    def certificate(self) -> bytes:
        """Whose key it is."""
        ...

    @property
    def chain(self) -> tuple[bytes, ...]:
        """Who says so."""
        ...

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
    read = _read(certificate)
    return CertificateFacts(
        name=_said(read.subject, NameOID.COMMON_NAME),
        organisation=_said(read.subject, NameOID.ORGANIZATION_NAME),
        issuer=_said(read.issuer, NameOID.COMMON_NAME),
        serial=f"{read.serial_number:X}",
        sha256=hashlib.sha256(read.public_bytes(Encoding.DER)).hexdigest(),
        not_before=read.not_valid_before_utc,
        not_after=read.not_valid_after_utc,
    )


def der_of(certificate: bytes) -> bytes:
    """A certificate as DER, whether it was given as that or as PEM.

    Raises:
        Refusal: `certificate_unreadable`.
    """
    return _read(certificate).public_bytes(Encoding.DER)


def check_certificate(certificate: bytes, at: datetime) -> None:
    """Refuses a certificate that cannot sign documents.

    Args:
        certificate: DER.
        at: the moment of signing; aware.

    Raises:
        Refusal: `certificate_unreadable`; `certificate_expired` (`name`, `day`), `certificate_not_yet_valid` (`name`,
            `day`); `certificate_cannot_sign` (`name`): its key usage says neither digital signature nor content
            commitment, or it is an authority's; `weak_key` (`name`): RSA under 2048 bits, or a curve other than
            P-256, P-384, P-521.
    """
    read = _read(certificate)
    name = _said(read.subject, NameOID.COMMON_NAME)
    if at > read.not_valid_after_utc:
        raise Refusal("certificate_expired", {"name": name, "day": _day(read.not_valid_after_utc)})
    if at < read.not_valid_before_utc:
        raise Refusal("certificate_not_yet_valid", {"name": name, "day": _day(read.not_valid_before_utc)})
    if not _may_sign(read):
        raise Refusal("certificate_cannot_sign", {"name": name})
    if not _is_strong(read):
        raise Refusal("weak_key", {"name": name})


def _day(moment: datetime) -> str:
    from portal.security import VIETNAM  # noqa: PLC0415 - takes longer than all the rest of a child that looks at a file

    return moment.astimezone(VIETNAM).strftime("%d/%m/%Y")


def fits(certificate: bytes, data: bytes, signature: bytes) -> bool:
    """Whether a raw signature over some bytes was made by the key of a certificate.

    Raises:
        Refusal: `certificate_unreadable`.
    """
    public = _read(certificate).public_key()
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, data, padding.PKCS1v15(), SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, data, ec.ECDSA(SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _read(certificate: bytes) -> x509.Certificate:
    is_pem = certificate.lstrip().startswith(b"-----BEGIN")
    try:
        return x509.load_pem_x509_certificate(certificate) if is_pem else x509.load_der_x509_certificate(certificate)
    except ValueError as error:
        raise Refusal("certificate_unreadable") from error


def _said(name: x509.Name, what: x509.ObjectIdentifier) -> str:
    return " ".join(str(each.value) for each in name.get_attributes_for_oid(what))


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        is_authority = False
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        # What says nothing of its use may be used for everything (RFC 5280, 4.2.1.3).
        return not is_authority
    return not is_authority and (usage.digital_signature or usage.content_commitment)


def _is_strong(certificate: x509.Certificate) -> bool:
    try:
        public = certificate.public_key()
    except UnsupportedAlgorithm:
        return False
    if isinstance(public, rsa.RSAPublicKey):
        return public.key_size >= SHORTEST_RSA
    return isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, CURVES)


# -- key files -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FileKey:
    """A key that was read from a file into memory, until it is let go.

    Attributes:
        certificate: DER.
        chain: DER, see `SigningKey`.
    """

    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)
    _key: PrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """See `SigningKey`."""
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), SHA256())
        return self._key.sign(data, ec.ECDSA(SHA256()))


def open_key_file(content: bytes, pin: str) -> SigningKey:
    """The key of a PKCS#12 file (.p12, .pfx), opened with its PIN.

    Args:
        content: of the file.
        pin: what the signer typed; kept nowhere.

    Raises:
        Refusal: `wrong_pin`, `key_file_unreadable`, `key_file_empty` (no key or no certificate in it); `weak_key`:
            neither RSA nor an elliptic curve.
    """
    opened = _opened(content, pin)
    if opened.key is None or opened.cert is None:
        raise Refusal("key_file_empty")
    certificate = opened.cert.certificate
    if not isinstance(opened.key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise Refusal("weak_key", {"name": _said(certificate.subject, NameOID.COMMON_NAME)})
    chain = tuple(each.certificate.public_bytes(Encoding.DER) for each in opened.additional_certs)
    return FileKey(certificate.public_bytes(Encoding.DER), chain, opened.key)


def _opened(content: bytes, pin: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        # A wrong PIN and a broken file look alike to what opens it; the outside of the file can be read without.
        _ = Pfx.load(content, strict=True).native["auth_safe"]["content_type"]
    except (ValueError, TypeError, KeyError) as error:
        raise Refusal("key_file_unreadable") from error
    try:
        return pkcs12.load_pkcs12(content, pin.encode())
    except UnsupportedAlgorithm as error:
        raise Refusal("key_file_unreadable") from error
    except ValueError as error:
        raise Refusal("wrong_pin") from error
