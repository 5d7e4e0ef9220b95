"""Signing with a key at hand: what is in the file, and what others say of it."""

from __future__ import annotations

import asyncio
import io
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from portal.signatures.keys import SigningKey, open_key_file
from portal.signatures.pades import Level, best_level, sign
from portal.signatures.stamps import SEAL, SIGNATURE, Stamp, copy_lines, number_lines, text_box
from portal.signatures.trust import Trust
from tests.conftest import need
from tests.portal.signatures.authority import DAY, LIST_URL, NOW, OCSP_URL, PIN, STAMP_URL, Authority, Holder
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.signatures.conftest import Personal


def code_of(*given: Any, **more: Any) -> str:
    with pytest.raises(Refusal) as refused:
        sign(*given, **more)
    return refused.value.code


def signatures_in(pdf: bytes) -> list[Any]:
    return list(PdfFileReader(io.BytesIO(pdf)).embedded_signatures)


# -- what is in the file ---------------------------------------------------------------------------------------


def test_each_file_is_the_beginning_of_the_next(document: bytes, signed: bytes, sealed: bytes) -> None:
    assert signed.startswith(document)
    assert sealed.startswith(signed)
    assert [each.field_name for each in signatures_in(sealed)] == [SIGNATURE, SEAL]


def test_a_signature_is_one_of_pades(signed: bytes) -> None:
    (signature,) = signatures_in(signed)
    attributes = {each["type"].native for each in signature.signer_info["signed_attrs"]}
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.md_algorithm == "sha256"
    assert "signing_certificate_v2" in attributes
    assert "signing_time" not in attributes
    assert "/Reference" not in signature.sig_object, "the first signature would forbid the second"


def test_a_signature_says_who_why_where_and_when_in_vietnam(signed: bytes) -> None:
    (signature,) = signatures_in(signed)
    said = {name: signature.sig_object[name] for name in ("/Name", "/Reason", "/Location")}
    assert said == {"/Name": "Rah Lan Chung", "/Reason": "Ký ban hành", "/Location": "Gia Lai"}
    assert signature.sig_object["/M"].endswith("+07'00'")
    assert signature.self_reported_timestamp == NOW


def test_the_pictures_stand_where_they_were_put(sealed: bytes, signing: Stamp, sealing: Stamp) -> None:
    page = PdfReader(io.BytesIO(sealed)).pages[1]
    shown = [[float(each) for each in note.get_object()["/Rect"]] for note in page["/Annots"]]
    assert shown == [pytest.approx(each.box.corners, abs=0.01) for each in (signing, sealing)]


def test_the_description_and_the_faces_stay_as_pdf_a_wants_them(document: bytes, archived: bytes) -> None:
    before, after = PdfReader(io.BytesIO(document)), PdfReader(io.BytesIO(archived))
    assert after.root_object.raw_get("/Metadata").idnum == before.root_object.raw_get("/Metadata").idnum
    assert after.root_object["/Metadata"].get_data() == before.root_object["/Metadata"].get_data()
    assert after.metadata == before.metadata
    notes = [note.get_object() for page in after.pages for note in page.get("/Annots", [])]
    assert {note["/F"] & 0b100110 for note in notes} == {0b100}, "printed, and neither hidden nor kept from view"
    assert b"/Font" not in archived[len(document) :]


def test_the_text_of_a_stamp_is_black_ten_points_and_of_the_embedded_face(
    document: bytes, agencys_key: SigningKey, authority: Authority, tmp_path: Path
) -> None:
    lines = copy_lines("Sao y", "Ủy ban nhân dân tỉnh Gia Lai", NOW)
    stamp = Stamp(SEAL, 1, text_box(595.28, 841.89, lines), NOW, lines=lines, reason="Sao y")
    path = tmp_path / "copy.pdf"
    path.write_bytes(sign(document, agencys_key, stamp, Level.B, authority.trust()).pdf)
    need(shutil.which("pdftotext"), "poppler-utils")
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts.splitlines()[2:]), fonts
    said = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert [line.strip() for line in said.splitlines()[:2]] == list(lines)
    look = PdfReader(path).pages[0]["/Annots"][0].get_object()["/AP"]["/N"]
    assert re.search(rb"0 g BT /Letters 10 Tf", look.get_data())
    widths = look["/Resources"]["/Font"]["/Letters"]["/DescendantFonts"][0]["/W"]
    assert max(max(each) for each in widths if isinstance(each, list)) < 1000, (
        "in thousandths, not in units of the face"
    )


# -- what others say of it -------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["sealed", "archived"])
def test_poppler_and_qpdf_agree(which: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    need(shutil.which("pdfsig") and shutil.which("qpdf"), "poppler-utils and qpdf")
    path = tmp_path / "signed.pdf"
    path.write_bytes(request.getfixturevalue(which))
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 2, said
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


def test_poppler_sees_a_changed_byte(sealed: bytes, tmp_path: Path) -> None:
    need(shutil.which("pdfsig"), "poppler-utils")
    path = tmp_path / "changed.pdf"
    at = sealed.index(b"/MediaBox")
    path.write_bytes(sealed[:at] + b"/mediaBox" + sealed[at + 9 :])
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Digest Mismatch") == 2, said


# -- levels ----------------------------------------------------------------------------------------------------


def test_the_best_level_is_what_the_settings_allow(authority: Authority) -> None:
    assert best_level(Trust()) is Level.B
    assert best_level(Trust(time_stamp_url=STAMP_URL)) is Level.T
    assert best_level(authority.trust()) is Level.LTA


@pytest.mark.parametrize(
    ("level", "has"),
    [(Level.T, [True, False, False]), (Level.LT, [True, True, False]), (Level.LTA, [True, True, True])],
)
def test_a_level_has_its_proofs(level: Level, has: list[bool], personal: Personal, authority: Authority) -> None:
    stamped, proofs, over_all = has
    made = sign(*personal, level, authority.trust())
    first, *more = signatures_in(made.pdf)
    unsigned = first.signer_info["unsigned_attrs"]
    assert made.level is level
    assert any(each["type"].native == "signature_time_stamp_token" for each in unsigned) is stamped
    assert ("/DSS" in PdfReader(io.BytesIO(made.pdf)).root_object) is proofs
    assert [each.sig_object["/Type"] for each in more] == (["/DocTimeStamp"] if over_all else [])


def test_without_an_authority_nobody_is_asked(personal: Personal) -> None:
    assert sign(*personal, Level.B, Trust()).level is Level.B
    assert code_of(*personal, Level.T, Trust()) == "no_time_stamp"


@pytest.mark.parametrize(
    ("silent", "asked", "said"),
    [
        ({STAMP_URL}, Level.T, ("no_time_stamp", Level.B)),
        ({STAMP_URL}, Level.LTA, ("no_time_stamp", Level.B)),
        ({OCSP_URL, LIST_URL}, Level.LTA, ("no_revocation_data", Level.T)),
    ],
)
def test_who_does_not_answer_is_said_and_never_passed_over_in_silence(
    silent: set[str], asked: Level, said: tuple[str, Level], personal: Personal, network: Authority
) -> None:
    network.silent = silent
    given = (*personal, asked, network.trust())
    assert code_of(*given) == said[0]
    assert sign(*given, fall_back=True).level is said[1]


def test_a_list_serves_where_single_answers_do_not_come(personal: Personal, network: Authority) -> None:
    network.silent = {OCSP_URL}
    assert sign(*personal, Level.LT, network.trust()).level is Level.LT


def test_only_addresses_of_the_settings_are_asked(personal: Personal, network: Authority) -> None:
    sign(*personal, Level.LT, network.trust(revocation_urls=("http://crl.ca.example",)))
    hosts = {each.partition("://")[2].partition("/")[0] for each in network.asked}
    assert hosts == {"crl.ca.example", "tsa.ca.example"}


# -- what is refused before anything is touched ----------------------------------------------------------------


def test_a_revoked_certificate_does_not_sign(personal: Personal, chairman: Holder, network: Authority) -> None:
    network.revoked = {chairman.certificate.serial_number: NOW - DAY}
    assert code_of(*personal, Level.LT, network.trust()) == "certificate_revoked"
    assert code_of(*personal, Level.LT, network.trust(), fall_back=True) == "certificate_revoked"


def test_a_certificate_on_a_list_does_not_sign_at_any_level(
    personal: Personal, chairman: Holder, network: Authority
) -> None:
    network.revoked = {chairman.certificate.serial_number: NOW - DAY}
    lists = tuple(network.revocation_list(each) for each in (network.issuing, network.root))
    trust = Trust(roots=(network.root.der,), revocation_lists=lists)
    assert code_of(*personal, Level.B, trust) == "certificate_revoked"


def test_a_certificate_of_strangers_does_not_sign_where_proofs_are_wanted(
    personal: Personal, authority: Authority
) -> None:
    trust = authority.trust(roots=(Authority().root.der,))
    assert code_of(*personal, Level.LT, trust) == "certificate_untrusted"


def test_certificates_outside_their_days_do_not_sign(document: bytes, authority: Authority, signing: Stamp) -> None:
    for code, first, last in (("certificate_expired", -9 * DAY, -DAY), ("certificate_not_yet_valid", DAY, 9 * DAY)):
        key = open_key_file(authority.holder("Hết hạn", first=first, last=last).key_file(), PIN)
        assert code_of(document, key, signing, Level.B, Trust()) == code


def test_who_signs_may_himself_stand_within_a_loop(personal: Personal) -> None:
    async def deed() -> bytes:
        return sign(*personal, Level.B, Trust()).pdf

    with ThreadPoolExecutor() as apart:  # a browser test before this one leaves its loop in the thread of the tests
        assert signatures_in(apart.submit(asyncio.run, deed()).result())


def test_a_field_is_signed_once(signed: bytes, chairmans_key: SigningKey, signing: Stamp) -> None:
    assert code_of(signed, chairmans_key, signing, Level.B, Trust()) == "field_taken"


def test_a_page_must_be_there(document: bytes, chairmans_key: SigningKey, signing: Stamp) -> None:
    for page in (0, 3):
        assert code_of(document, chairmans_key, replace(signing, page=page), Level.B, Trust()) == "page_missing"


@pytest.mark.parametrize("pdf", [b"", b"words", b"%PDF-1.7\nwords"])
def test_what_is_no_pdf_is_not_signed(pdf: bytes, chairmans_key: SigningKey, signing: Stamp) -> None:
    assert code_of(pdf, chairmans_key, signing, Level.B, Trust()) == "document_unreadable"


def test_an_annex_of_its_own_is_signed_with_the_number(
    document: bytes, agencys_key: SigningKey, authority: Authority
) -> None:
    lines = number_lines("15/BC-UBND", NOW)
    stamp = Stamp(SEAL, 1, text_box(595.28, 841.89, lines), NOW, lines=lines)
    made = sign(document, agencys_key, stamp, Level.B, authority.trust()).pdf
    look = PdfReader(io.BytesIO(made)).pages[0]["/Annots"][0].get_object()["/AP"]["/N"].get_data()
    assert rb"/ActualText (15\057BC\055UBND)" in look
