"""A made-up authority for the demo: key files with which its people can try signing; worth nothing before the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from portal.security import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

WORTHLESS = "TRÌNH THỬ NGHIỆM - không có giá trị pháp lý"
"""Stands in the subject of every certificate."""

VALID = timedelta(days=731)
LONGEST_NAME = 64
"""Bytes of a common name, an organisation or a part of one (RFC 5280, appendix A.1)."""


@dataclass(frozen=True)
class Holder:
    """Somebody who gets a key.

    Attributes:
        key: names the file: a username, or the code of a unit.
        name: of the person or the unit, as printed.
        organisation: whose person it is; for a unit the unit itself.
    """

    key: str
    name: str
    organisation: str


@dataclass(frozen=True)
class DemoAuthority:
    """What was made.

    Attributes:
        root: DER of the authority's certificate.
        key_files: key of a holder → PKCS#12.
        certificates: key of a holder → DER.
    """

    root: bytes
    key_files: dict[str, bytes]
    certificates: dict[str, bytes]


def make_authority(holders: Sequence[Holder], pin: str, first_day: date) -> DemoAuthority:
    """An authority and a key file for each holder, all valid for two years; its own key is thrown away.

    Args:
        holders: people and units.
        pin: opens every key file.
        first_day: of validity.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    root = _signed(_name(WORTHLESS, WORTHLESS), key, None, first_day)
    made = {each.key: _issued(each, key, root, first_day) for each in holders}
    return DemoAuthority(
        root=root.public_bytes(Encoding.DER),
        key_files={name: _key_file(name, own, held, root, pin) for name, (own, held) in made.items()},
        certificates={name: held.public_bytes(Encoding.DER) for name, (_, held) in made.items()},
    )


def _issued(
    holder: Holder, authority: ec.EllipticCurvePrivateKey, root: x509.Certificate, first_day: date
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    return key, _signed(_name(holder.name, holder.organisation), key, (authority, root), first_day)


def _key_file(
    name: str, key: ec.EllipticCurvePrivateKey, held: x509.Certificate, root: x509.Certificate, pin: str
) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        name.encode(), key, held, [root], BestAvailableEncryption(pin.encode())
    )


def _name(name: str, organisation: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _cut(organisation)),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, WORTHLESS),
            x509.NameAttribute(NameOID.COMMON_NAME, _cut(name)),
        ]
    )


def _cut(text: str) -> str:
    return text.encode()[:LONGEST_NAME].decode(errors="ignore")


def _signed(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None,
    first_day: date,
) -> x509.Certificate:
    issuing_key, issuer = (by[0], by[1].subject) if by else (key, name)
    begins = datetime.combine(first_day, time(), tzinfo=VIETNAM)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(issuer).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(begins).not_valid_after(begins + VALID)
    made = made.add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    made = made.add_extension(AUTHORITY_USE if by is None else SIGNER_USE, critical=True)
    return made.sign(issuing_key, SHA256())


def _use(*allowed: str) -> x509.KeyUsage:
    signing = ("digital_signature", "content_commitment", "key_cert_sign", "crl_sign")
    secret = ("key_encipherment", "data_encipherment", "key_agreement", "encipher_only", "decipher_only")
    return x509.KeyUsage(**{each: each in allowed for each in signing + secret})


AUTHORITY_USE = _use("key_cert_sign", "crl_sign")
SIGNER_USE = _use("digital_signature", "content_commitment")
