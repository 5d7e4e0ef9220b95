"""Signing and sealing a document with keys at the server: in order, by whom it is, and only while nothing changed."""

from __future__ import annotations

import errno
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from portal.db import utc_now
from portal.documents.models import OfficialDocument
from portal.documents.slots import COSEAL, COSIGNATURE, SignatureSlot
from portal.files import FileStore
from portal.security import today
from portal.signatures import certificates, entitlement, examining, turns
from portal.signatures.models import SigningCertificate
from portal.units.models import Holding, Post
from tests.portal.province import FEBRUARY, found
from tests.portal.signatures.office import REGISTRAR, SIGNER, Office, office_of, rendered

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session


@pytest.fixture
def office(session: Session, tmp_path: Path, document: bytes) -> Office:
    return office_of(found(session), tmp_path, document)


def test_a_person_signs_and_then_the_registrar_seals_in_one_file(office: Office, document: bytes) -> None:
    signed = office.sign()
    assert office.document.status == "awaiting_seal"
    sealed = office.seal()
    assert (office.document.status, office.document.file_id) == ("released", sealed.file_id)
    assert office.document.released_at is not None
    files = [office.store.read(each.file.sha256) for each in (signed, sealed)]
    assert files[0].startswith(document)
    assert files[1].startswith(files[0])
    reports = examining.examine(files[1], office.ring.trust).signatures
    names = [(each.field, each.name, each.verdict) for each in reports]
    assert names == [("signature", "Đặng Nhật Thuận", "valid"), ("seal", "UBND tỉnh Gia Lai", "valid")]
    assert office.told()[-3:] == ["document_signed", "document_sealed", "document_released"]
    assert office.pin not in str(office.province.session.scalars(select(SigningCertificate)).all())


def test_no_seal_before_the_signature_and_nothing_twice(office: Office) -> None:
    assert office.refused(office.seal).code == "seal_before_signature"
    office.sign()
    assert office.refused(office.sign).code == "already_signed"
    office.seal()
    assert office.refused(office.seal).code == "already_signed"


@pytest.mark.parametrize(
    ("who", "place", "certificate", "code"),
    [
        ("vicechair", "signature", "vicechair", "not_your_signature"),
        ("admin", "signature", SIGNER, "not_your_signature"),
        (REGISTRAR, "signature", SIGNER, "not_your_signature"),
        (SIGNER, "signature", "vicechair", "certificate_not_yours"),
        (SIGNER, "signature", "UBND", "certificate_not_yours"),
        (SIGNER, "seal", "UBND", "not_your_seal"),
        ("admin", "seal", "UBND", "not_your_seal"),
    ],
)
def test_nobody_signs_for_another(office: Office, who: str, place: str, certificate: str, code: str) -> None:
    assert office.refused(lambda: office.check(who, place, certificate)).code == code


def test_the_registrar_of_another_unit_does_not_seal(office: Office) -> None:
    office.sign()
    assert office.refused(lambda: office.seal(unit="STTTT")).code == "certificate_not_yours"
    session = office.province.session
    post = session.scalars(select(Post).where(Post.kind == "registrar")).one()
    ended = update(Holding).where(Holding.post_id == post.id).values(valid_to=today() - timedelta(days=1))
    session.execute(ended)
    session.commit()
    assert office.refused(office.seal).code == "not_your_seal"


def test_two_windows_do_not_sign_twice(office: Office) -> None:
    first, second = office.check(SIGNER, "signature"), office.check(SIGNER, "signature")
    signed = office.made(SIGNER, second)
    office.keep(SIGNER, first, office.made(SIGNER, first))
    office.province.session.commit()
    assert office.refused(lambda: office.keep(SIGNER, second, signed)).code == "stale_version"


def test_what_was_looked_at_is_what_is_signed(office: Office) -> None:
    refusal = office.refused(lambda: office.check(SIGNER, "signature", seen="0" * 64))
    assert refusal.code == "stale_version"


def test_a_signature_of_another_document_is_none_of_this(office: Office, document: bytes) -> None:
    office.province.approved(FEBRUARY)
    session = office.province.session
    other = session.scalars(select(OfficialDocument).where(OfficialDocument.id != office.key)).one()
    rendered(session, office.store, other, document)
    strange = session.scalars(select(SignatureSlot.id).where(SignatureSlot.document_id == other.id)).first()
    assert office.refused(lambda: office.check(SIGNER, "signature", slot_id=strange)).code == "not_found"


def test_a_wrong_pin_a_missing_file_and_the_key_of_another_sign_nothing(office: Office) -> None:
    signing = office.check(SIGNER, "signature")
    assert office.refused(lambda: office.made(SIGNER, signing, "00000000")).code == "wrong_pin"
    path = office.ring.folder / f"{SIGNER}.p12"
    path.write_bytes((office.ring.folder / "vicechair.p12").read_bytes())
    assert office.refused(lambda: office.made(SIGNER, signing)).code == "key_of_another"
    path.unlink()
    assert office.refused(lambda: office.made(SIGNER, signing)).code == "key_file_missing"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"valid_to": utc_now(), "valid_from": utc_now() - timedelta(days=9)}, "certificate_over"),
        ({"valid_from": utc_now() + timedelta(days=1)}, "certificate_over"),
        ({"revoked_at": utc_now(), "revoked_by": 1, "revoke_reason": "Mất"}, "certificate_revoked_here"),
    ],
)
def test_only_with_a_certificate_that_is_valid_today(office: Office, changes: dict[str, Any], code: str) -> None:
    certificate = office.certificate(SIGNER)
    for name, value in changes.items():
        setattr(certificate, name, value)
    office.province.session.commit()
    assert office.refused(lambda: office.check(SIGNER, "signature")).code == code


def test_who_left_the_post_signs_no_longer(office: Office) -> None:
    slot, session = office.slot("signature"), office.province.session
    ended = update(Holding).where(Holding.post_id == slot.post_id).values(valid_to=today() - timedelta(days=1))
    session.execute(ended)
    session.commit()
    assert office.refused(lambda: office.check(SIGNER, "signature")).code == "post_left"


def test_a_certificate_that_was_revoked_after_it_signed_keeps_the_seal_off(office: Office) -> None:
    office.sign()
    session = office.province.session
    certificates.revoke(session, office.province.actor(SIGNER), office.certificate(SIGNER).id, "Mất thiết bị")
    session.commit()
    refusal = office.refused(office.seal)
    assert (refusal.code, refusal.params["why"]) == ("signature_not_valid", "certificate_revoked")


def test_a_signature_of_an_authority_that_nobody_believes_keeps_the_seal_off(office: Office) -> None:
    row = office.sign()
    found_there = examining.examine(office.store.read(row.file.sha256), type(office.ring.trust)())
    session = office.province.session
    refusal = office.refused(lambda: entitlement.refuse_unsigned(session, office.document, found_there))
    assert (refusal.code, refusal.params["why"]) == ("signature_not_valid", "untrusted")


def test_a_full_disk_changes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    signing = office.check(SIGNER, "signature")
    signed = office.made(SIGNER, signing)

    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileStore, "put", full)
    assert office.refused(lambda: office.keep(SIGNER, signing, signed)).code == "file_not_kept"
    monkeypatch.undo()
    office.keep(SIGNER, signing, signed)
    assert office.document.status == "awaiting_seal"


def test_a_joint_document_waits_for_both_signatures_and_both_seals(office: Office) -> None:
    session, province = office.province.session, office.province
    partner = session.scalars(select(Post).where(Post.code == "gd", Post.unit.has(code="STTTT"))).one()
    head = province.user("head")
    beside = {"document_id": office.key, "unit_id": partner.unit_id}
    names = {"user_id": head.id, "post_id": partner.id, "name": head.get_full_name()}
    session.add(SignatureSlot(place=COSIGNATURE, **beside, **names))
    session.add(SignatureSlot(place=COSEAL, **beside, name=partner.unit.name_vi))
    session.commit()
    office.sign("head", COSIGNATURE)
    assert office.document.status == "awaiting_signature"
    assert office.refused(office.seal).params == {"name": "Đặng Nhật Thuận"}
    office.sign()
    assert office.document.status == "awaiting_seal"
    assert office.refused(lambda: office.sign(REGISTRAR, COSEAL, "STTTT")).code == "not_your_seal"
    office.seal()
    assert office.document.status == "awaiting_seal"


def test_what_waits_for_whom_is_counted(office: Office) -> None:
    def waits(who: str) -> tuple[int, int]:
        return turns.counts(office.province.session, office.province.actor(who))

    assert [waits(who) for who in (SIGNER, "vicechair", REGISTRAR)] == [(1, 0), (0, 0), (0, 0)]
    session = office.province.session
    assert session.scalars(turns.signers()).all() == [office.province.user(SIGNER).id]
    office.sign()
    assert [waits(who) for who in (SIGNER, REGISTRAR)] == [(0, 0), (0, 1)]
    assert session.scalars(turns.registrars(today())).all() == [office.province.user(REGISTRAR).id]
    office.seal()
    assert waits(REGISTRAR) == (0, 0)
