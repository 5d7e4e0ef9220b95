"""What the signatures of a file are worth, in codes: when they were made, by whom, and what came after."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from portal.signatures.examining import CAUTIONS, PROBLEMS, Examination, examine, examine_confined
from portal.signatures.keys import open_key_file
from portal.signatures.pades import Level, sign
from portal.signatures.trust import Trust
from tests.portal.signatures.authority import DAY, NOW, PIN, Authority, Holder, usage
from tests.portal.signatures.desk import Desk

if TYPE_CHECKING:
    from tests.portal.signatures.conftest import Personal

LATER = NOW + 730 * DAY
"""Certificates of signers have expired, those of authorities have not."""


def told(found: Examination) -> list[tuple[str, str]]:
    return [(each.verdict, each.problem) for each in found.signatures]


@pytest.fixture(scope="module")
def plain(authority: Authority) -> Trust:
    """Whom a checker believes who asks nobody and has no list."""
    return Trust(roots=(authority.root.der,))


# -- who and when ----------------------------------------------------------------------------------------------


def test_a_report_says_who_signed_and_when(archived: bytes, plain: Trust, chairman: Holder) -> None:
    found = examine(archived, plain)
    first, second = found.signatures
    assert (found.verdict, found.unreadable, found.changed_after_last) == ("valid", "", False)
    assert (first.field, first.name, first.organisation) == ("signature", "Rah Lan Chung", "UBND tỉnh Gia Lai")
    assert (second.field, second.name) == ("seal", "Ủy ban nhân dân tỉnh Gia Lai")
    assert int(first.serial, 16) == chairman.certificate.serial_number
    assert first.issuer == "CA cấp chứng thư thử nghiệm"
    assert (first.timestamped, first.intact, first.trusted, first.revoked) == (True, True, True, False)
    assert first.signed_at is not None
    assert abs(first.signed_at - NOW) < DAY / 24
    assert (first.cautions, second.cautions) == (("signed_more_afterwards",), ("signed_more_afterwards",))


def test_what_a_plain_signature_lacks_is_said(sealed: bytes, plain: Trust) -> None:
    first, second = examine(sealed, plain).signatures
    assert (first.verdict, first.signed_at, first.timestamped) == ("valid", NOW, False)
    assert first.cautions == CAUTIONS
    assert second.cautions == ("not_timestamped", "revocation_unknown")
    assert (first.covers_whole_file, second.covers_whole_file) == (False, True)


def test_the_child_says_the_same(archived: bytes, plain: Trust) -> None:
    at = NOW + 2 * DAY
    assert examine_confined(archived, plain, at) == examine(archived, plain, at)


def test_other_kinds_of_signatures_are_read_too(document: bytes, chairman: Holder, plain: Trust) -> None:
    older = Desk(chairman).sign_file(document, kind="adbe.pkcs7.detached", digest="sha512")
    assert told(examine(older, plain)) == [("valid", "")]


# -- after the certificate has expired -------------------------------------------------------------------------


def test_with_all_proofs_a_signature_outlives_its_certificate(archived: bytes, plain: Trust) -> None:
    found = examine(archived, plain, LATER)
    assert told(found) == [("valid", "")] * 2
    assert all(each.timestamped for each in found.signatures)


@pytest.mark.parametrize("level", [Level.B, Level.T, Level.LT])
def test_without_them_it_can_no_longer_be_proven(
    level: Level, personal: Personal, plain: Trust, authority: Authority
) -> None:
    pdf = sign(*personal, level, authority.trust()).pdf
    assert told(examine(pdf, plain)) == [("valid", "")]
    assert told(examine(pdf, plain, LATER)) == [("doubtful", "validity_unproven")]


def test_before_its_certificate_was_valid_it_is_not(document: bytes, authority: Authority, plain: Trust) -> None:
    pdf = Desk(authority.holder("Muộn", first=-DAY)).sign_file(document)
    assert told(examine(pdf, plain)) == [("valid", "")]
    assert told(examine(pdf, plain, NOW - 2 * DAY)) == [("invalid", "outside_validity")]


def test_a_time_stamp_from_before_the_certificate_is_a_fault(
    personal: Personal, plain: Trust, network: Authority
) -> None:
    network.stamping_at = NOW - 29 * DAY
    late = open_key_file(network.holder("Muộn", first=-DAY).key_file(), PIN)
    try:
        pdf = sign(personal[0], late, personal[2], Level.T, network.trust()).pdf
    finally:
        network.stamping_at = None
    assert told(examine(pdf, plain)) == [("invalid", "outside_validity")]


# -- revocation ------------------------------------------------------------------------------------------------


def revoked(network: Authority, holder: Holder, since: Any) -> Trust:
    network.revoked = {holder.certificate.serial_number: since}
    lists = (network.revocation_list(network.issuing), network.revocation_list(network.root))
    network.revoked = {}
    return Trust(roots=(network.root.der,), revocation_lists=lists)


def test_a_list_that_does_not_name_a_certificate_says_that_it_is_good(
    signed: bytes, network: Authority, agency: Holder
) -> None:
    (report,) = examine(signed, revoked(network, agency, NOW - DAY)).signatures
    assert (report.verdict, report.revoked, report.cautions) == ("valid", False, ("not_timestamped",))


def test_a_revoked_certificate_makes_a_signature_invalid(signed: bytes, network: Authority, chairman: Holder) -> None:
    (report,) = examine(signed, revoked(network, chairman, NOW - DAY)).signatures
    assert (report.verdict, report.problem, report.revoked) == ("invalid", "certificate_revoked", True)


def test_what_was_time_stamped_before_the_revocation_stays_valid(
    archived: bytes, network: Authority, chairman: Holder
) -> None:
    trust = revoked(network, chairman, NOW + DAY)
    assert told(examine(archived, trust, NOW + 2 * DAY)) == [("valid", "")] * 2


def test_without_a_time_stamp_a_later_revocation_counts_too(
    signed: bytes, network: Authority, chairman: Holder
) -> None:
    trust = revoked(network, chairman, NOW + DAY)
    assert told(examine(signed, trust, NOW + 2 * DAY)) == [("invalid", "certificate_revoked")]


# -- trust -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["sealed", "archived"])
def test_nobody_is_believed_whom_the_settings_do_not_name(which: str, request: pytest.FixtureRequest) -> None:
    pdf = request.getfixturevalue(which)
    for trust in (Trust(), Trust(roots=(Authority().root.der,))):
        found = examine(pdf, trust)
        assert told(found) == [("doubtful", "untrusted")] * 2
        assert not any(each.trusted or each.timestamped for each in found.signatures)


def test_a_time_stamp_of_strangers_proves_nothing_and_spoils_nothing(personal: Personal, plain: Trust) -> None:
    pdf = sign(*personal, Level.T, Authority().trust()).pdf
    (report,) = examine(pdf, plain).signatures
    assert (report.verdict, report.timestamped, "not_timestamped" in report.cautions) == ("valid", False, True)


def test_a_certificate_for_something_else_does_not_count(document: bytes, authority: Authority, plain: Trust) -> None:
    server = authority.holder("Máy chủ", allowed=usage("key_encipherment"))
    assert told(examine(Desk(server).sign_file(document), plain)) == [("invalid", "certificate_cannot_sign")]


def test_a_weak_digest_does_not_count(document: bytes, chairman: Holder, plain: Trust) -> None:
    pdf = Desk(chairman).sign_file(document, digest="sha1")
    assert told(examine(pdf, plain)) == [("invalid", "weak_digest")]


# -- what came after -------------------------------------------------------------------------------------------


def updated(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.find_page_for_modification(0)[0].get_object()
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"BT ET"))
    writer.update_container(page)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_a_changed_byte_breaks_every_signature_over_it(sealed: bytes, plain: Trust) -> None:
    at = sealed.index(b"/MediaBox")
    changed = sealed[:at] + b"/mediaBox" + sealed[at + 9 :]
    assert told(examine(changed, plain)) == [("invalid", "signature_broken")] * 2


def test_a_changed_byte_of_the_second_leaves_the_first(signed: bytes, sealed: bytes, plain: Trust) -> None:
    at = sealed.index(b"/Rect", len(signed))
    changed = sealed[:at] + b"/rect" + sealed[at + 5 :]
    assert ("invalid", "signature_broken") in told(examine(changed, plain))
    assert examine(changed, plain).verdict == "invalid"


def test_a_page_that_was_changed_afterwards_is_seen(sealed: bytes, plain: Trust) -> None:
    found = examine(updated(sealed), plain)
    assert told(found) == [("invalid", "changed_afterwards")] * 2
    assert found.changed_after_last
    assert all(each.intact and each.changed_afterwards for each in found.signatures)


def test_a_stranger_who_signs_more_spoils_the_whole_and_not_the_first(signed: bytes, plain: Trust) -> None:
    more = Desk(Authority().holder("Người lạ")).sign_file(signed, "Signature2")
    found = examine(more, plain)
    assert told(found) == [("valid", ""), ("doubtful", "untrusted")]
    assert found.verdict == "doubtful"


# -- what is no signed PDF -------------------------------------------------------------------------------------


def test_an_unsigned_file_is_said_to_be_that(document: bytes, plain: Trust) -> None:
    assert examine(document, plain).verdict == "unsigned"


@pytest.mark.parametrize(
    ("pdf", "code"),
    [(b"", "not_a_pdf"), (b"PK\x03\x04", "not_a_pdf"), (b"%PDF-1.7\n", "document_unreadable")],
)
def test_what_cannot_be_read_has_a_code(pdf: bytes, code: str, plain: Trust) -> None:
    found = examine(pdf, plain)
    assert (found.verdict, found.unreadable) == ("unreadable", code)


def test_every_code_is_known(sealed: bytes, plain: Trust) -> None:
    report = examine(sealed, plain).signatures[0]
    assert replace(report, problem="", verdict="valid") == report
    assert len(set(PROBLEMS)) == len(PROBLEMS)
