"""Keys in files, and certificates that can sign or cannot."""

from __future__ import annotations

import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12

from portal.security import VIETNAM
from portal.signatures.keys import check_certificate, der_of, facts, fits, open_key_file
from tests.portal.signatures.authority import DAY, NOW, PIN, Authority, Holder, usage
from workflows.errors import Refusal


def refused(call: Any, *given: Any) -> tuple[str, Any]:
    with pytest.raises(Refusal) as caught:
        call(*given)
    return caught.value.code, caught.value.params


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()])
def test_a_key_of_a_file_signs_what_its_certificate_vouches_for(authority: Authority, curve: Any) -> None:
    holder = authority.holder("Người ký", key=ec.generate_private_key(curve))
    key = open_key_file(holder.key_file(), PIN)
    assert fits(key.certificate, b"words", key.sign(b"words"))
    assert not fits(key.certificate, b"other words", key.sign(b"words"))
    assert len(key.chain) == 2


def test_a_key_of_rsa_signs_too(authority: Authority) -> None:
    # The key of the time stamps is one, and making another takes time.
    key = open_key_file(authority.stamping.key_file(), PIN)
    assert fits(key.certificate, b"words", key.sign(b"words"))


def test_a_wrong_pin_is_said_as_that(chairman: Holder) -> None:
    assert refused(open_key_file, chairman.key_file(), "00000000") == ("wrong_pin", {})


@pytest.mark.parametrize("content", [b"", b"words", os.urandom(500)])
def test_what_is_no_key_file_is_not_taken_for_a_wrong_pin(content: bytes) -> None:
    assert refused(open_key_file, content, PIN) == ("key_file_unreadable", {})


def test_a_file_without_a_key_is_said_to_be_empty(chairman: Holder) -> None:
    encryption = BestAvailableEncryption(PIN.encode())
    only = pkcs12.serialize_key_and_certificates(b"none", None, None, [chairman.certificate], encryption)
    assert refused(open_key_file, only, PIN) == ("key_file_empty", {})


def test_nobody_can_read_the_key_off_its_name(chairman: Holder) -> None:
    assert repr(open_key_file(chairman.key_file(), PIN)) == "FileKey()"


def test_facts_are_what_the_certificate_says(chairman: Holder) -> None:
    said = facts(chairman.certificate.public_bytes(Encoding.PEM))
    assert (said.name, said.organisation) == ("Rah Lan Chung", "UBND tỉnh Gia Lai")
    assert said.issuer == "CA cấp chứng thư thử nghiệm"
    assert int(said.serial, 16) == chairman.certificate.serial_number
    assert der_of(chairman.certificate.public_bytes(Encoding.PEM)) == chairman.der


def test_a_certificate_is_checked_at_the_moment_of_signing(chairman: Holder) -> None:
    check_certificate(chairman.der, NOW)
    ends, begins = (f"{(NOW + days * DAY).astimezone(VIETNAM):%d/%m/%Y}" for days in (365, -30))
    late = refused(check_certificate, chairman.der, NOW + 366 * DAY)
    early = refused(check_certificate, chairman.der, NOW - 31 * DAY)
    assert late == ("certificate_expired", {"name": "Rah Lan Chung", "day": ends})
    assert early == ("certificate_not_yet_valid", {"name": "Rah Lan Chung", "day": begins})


def test_a_certificate_for_something_else_cannot_sign(authority: Authority) -> None:
    server = authority.holder("Máy chủ", allowed=usage("key_encipherment"))
    assert refused(check_certificate, server.der, NOW) == ("certificate_cannot_sign", {"name": "Máy chủ"})
    assert refused(check_certificate, authority.issuing.der, NOW)[0] == "certificate_cannot_sign"


@pytest.mark.parametrize(
    "key",
    [
        rsa.generate_private_key(65537, 1024),  # noqa: S505 - a weak one is meant
        ec.generate_private_key(ec.SECP256K1()),
        ed25519.Ed25519PrivateKey.generate(),
    ],
)
def test_a_weak_or_unusual_key_is_refused(authority: Authority, key: Any) -> None:
    holder = authority.holder("Khóa yếu", key=key)
    assert refused(check_certificate, holder.der, NOW) == ("weak_key", {"name": "Khóa yếu"})


def test_what_is_no_certificate_is_refused() -> None:
    assert refused(facts, b"words") == ("certificate_unreadable", {})
    assert refused(check_certificate, b"-----BEGIN CERTIFICATE-----", NOW) == ("certificate_unreadable", {})
