"""Signing with a key that the server never has: a digest goes out and a signature comes in, or the file comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from portal.db import utc_now
from portal.signatures import deferred, pades, service
from portal.signatures.keys import open_key_file
from portal.signatures.models import SigningRequest
from tests.portal.province import found
from tests.portal.signatures.office import SIGNER, Office, office_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from portal.signatures.keys import SigningKey
    from portal.signatures.pades import Signed
    from portal.signatures.service import Signing


@pytest.fixture
def office(session: Session, tmp_path: Path, document: bytes) -> Office:
    return office_of(found(session), tmp_path, document)


def token(office: Office, of: str = SIGNER) -> SigningKey:
    """The key that is on somebody's own computer."""
    return open_key_file((office.ring.folder / f"{of}.p12").read_bytes(), office.pin)


def begun(office: Office) -> tuple[Signing, SigningRequest]:
    signing = office.check(SIGNER, "signature")
    return signing, deferred.begin(office.province.session, office.province.actor(SIGNER), office.ring, signing)


def complete(office: Office, key: int, signing: Signing, signature: bytes) -> None:
    session, actor = office.province.session, office.province.actor(SIGNER)
    row = deferred.find(session, actor, office.key, key)
    signed = pades.complete(deferred.prepared_of(row), signature, office.ring.trust)
    deferred.complete(session, actor, office.store, key, signing, signed=signed)


def test_a_digest_goes_out_and_its_signature_is_put_in(office: Office) -> None:
    signing, row = begun(office)
    prepared = deferred.prepared_of(row)
    assert row.digest == prepared.to_sign.hex()
    complete(office, row.id, signing, token(office).sign(prepared.attributes))
    assert office.state()[::2] == ("awaiting_seal", 1)
    session = office.province.session
    session.refresh(row)
    assert (row.state, row.prepared) == ("done", None)
    assert office.seal().level == "B-B"


def test_the_signature_of_another_key_is_not_put_in(office: Office) -> None:
    signing, row = begun(office)
    wrong = token(office, "vicechair").sign(deferred.prepared_of(row).attributes)
    assert office.refused(lambda: complete(office, row.id, signing, wrong)).code == "wrong_key"
    assert office.refused(lambda: complete(office, row.id, signing, b"none")).code == "wrong_key"


def test_what_is_over_cancelled_or_anothers_takes_no_signature(office: Office) -> None:
    session, actor = office.province.session, office.province.actor(SIGNER)
    _, first = begun(office)
    signing, second = begun(office)
    session.refresh(first)
    assert first.state == "cancelled"
    signature = token(office).sign(deferred.prepared_of(second).attributes)
    stranger = office.province.actor("vicechair")
    assert office.refused(lambda: deferred.find(session, stranger, office.key, second.id)).code == "not_found"
    assert office.refused(lambda: deferred.find(session, actor, office.key + 1, second.id)).code == "not_found"
    session.execute(update(SigningRequest).values(expires_at=utc_now() - timedelta(seconds=1)))
    session.expire_all()
    assert office.refused(lambda: complete(office, second.id, signing, signature)).code == "request_over"
    session.execute(update(SigningRequest).values(expires_at=utc_now() + timedelta(minutes=1)))
    session.expire_all()
    deferred.cancel(session, actor, office.key, second.id)
    assert office.refused(lambda: complete(office, second.id, signing, signature)).code == "request_over"
    assert set(session.scalars(select(SigningRequest.state))) == {"cancelled"}


def elsewhere(office: Office, of: str = SIGNER, pdf: bytes = b"") -> Signed:
    """The file as a program on somebody's own computer would sign it."""
    signing = office.check(SIGNER, "signature")
    stamp = service.stamp_of(office.province.session, office.province.actor(SIGNER), signing)
    return pades.sign(pdf or signing.pdf, token(office, of), stamp, pades.Level.B, office.ring.trust)


def test_a_file_that_was_signed_elsewhere_is_taken_back(office: Office) -> None:
    signing, pdf = office.check(SIGNER, "signature"), elsewhere(office).pdf
    session, actor = office.province.session, office.province.actor(SIGNER)
    row = deferred.kept_back(session, actor, office.store, signing, deferred.take_back(signing, pdf))
    assert (row.way, office.store.read(row.file.sha256) == pdf) == ("returned", True)
    assert office.document.status == "awaiting_seal"


def test_a_file_of_another_document_an_unsigned_and_a_strangers_one_are_not(office: Office) -> None:
    signing = office.check(SIGNER, "signature")
    given = {
        "file_needed": b"",
        "not_a_pdf": b"MZ...",
        "not_signed": signing.pdf,
        "other_document": elsewhere(office, pdf=signing.pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1)).pdf,
        "other_certificate": elsewhere(office, "vicechair").pdf,
    }
    got = {
        code: office.refused(lambda content=content: deferred.take_back(signing, content)).code
        for code, content in given.items()
    }
    assert got == {code: code for code in given}
