"""The answer of the command: 0 for a signed and untouched file, 1 for any other, 2 for one that nobody can read."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from portal.confined import Budget
from portal.documents.job import RenderJob
from portal.documents.rendering import render
from portal.signatures.examining import PROBLEMS, UNREADABLE, Examination, SignatureReport, examine_confined
from portal.signatures.keys import open_key_file
from portal.signatures.levels import Level
from portal.signatures.pades import sign
from portal.signatures.stamps import Box, Stamp, read_picture
from portal.verification import words
from portal.verification.__main__ import main
from portal.verification.report import NOT_VALID, VALID, of_signatures, told_of
from portal.verification.report import UNREADABLE as CANNOT_BE_READ
from tests.portal.signatures.authority import NOW, PIN, Authority
from tests.portal.signatures.conftest import FACE, drawn
from tests.portal.verification import tampered

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from portal.signatures.trust import Trust


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def believed(authority: Authority) -> Trust:
    """The authority is believed, and nobody is asked."""
    return authority.trust(time_stamp_url="", revocation_urls=())


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    page = "<html lang=vi><title>Báo cáo</title><body><p>Báo cáo</p>"
    return render(RenderJob(template=page, data={}, styles=(FACE,))).pdf


@pytest.fixture(scope="module")
def signed(authority: Authority, believed: Trust, unsigned: bytes) -> bytes:
    """One page, signed by the chairman with a picture of his hand."""
    picture = read_picture(drawn((300, 150), (20, 40, 200)))
    stamp = Stamp("signature", 1, Box(320, 500, 100, 50), NOW, picture=picture, name="Rah Lan Chung", reason="Ký")
    key = open_key_file(authority.holder("Rah Lan Chung").key_file(), PIN)
    return sign(unsigned, key, stamp, Level.B, believed).pdf


def test_a_signed_file_is_valid_and_its_signer_is_named(signed: bytes, believed: Trust) -> None:
    report = of_signatures(signed, believed)
    assert report.status == VALID
    assert report.lines[0] == "valid: every signature is"
    assert "valid: Rah Lan Chung, UBND tỉnh Gia Lai, signed 20" in report.lines[1]


def test_of_a_signer_whom_nobody_vouches_for_it_is_not(signed: bytes, believed: Trust) -> None:
    report = of_signatures(signed, replace(believed, roots=(), intermediates=()))
    assert (report.status, report.lines[0]) == (NOT_VALID, "not valid: a signature is not proven")


@pytest.mark.parametrize(
    "forge", [tampered.with_a_changed_byte, tampered.with_another_page, tampered.with_another_picture]
)
def test_what_was_changed_afterwards_is_not_valid(
    signed: bytes, believed: Trust, forge: Callable[[bytes], bytes]
) -> None:
    forged = forge(signed)
    assert forged != signed
    report = of_signatures(forged, believed)
    assert (report.status, report.lines[0]) == (NOT_VALID, "not valid: a signature does not hold")


def test_a_file_without_a_signature_is_not_valid(unsigned: bytes, believed: Trust) -> None:
    assert of_signatures(unsigned, believed).status == NOT_VALID


def test_what_is_no_pdf_or_locked_cannot_be_read(signed: bytes, believed: Trust) -> None:
    for content, why in (
        (b"\x89PNG\r\n\x1a\n", "not a pdf"),
        (tampered.locked(signed), "document encrypted"),
    ):
        report = of_signatures(content, believed)
        assert (report.status, report.lines) == (CANNOT_BE_READ, (f"cannot be examined: {why}",))


def test_a_file_that_unpacks_to_very_much_is_stopped_in_time(believed: Trust) -> None:
    content = tampered.bomb(megabytes=600)
    assert len(content) < 100_000
    began, budget = time.monotonic(), Budget(wall_seconds=10, cpu_seconds=5, memory_bytes=512 * 2**20)
    assert examine_confined(content, believed, budget=budget).unreadable in {"cannot_be_checked", "document_unreadable"}
    assert time.monotonic() - began < 15


def test_something_behind_the_last_signature_makes_it_not_valid() -> None:
    signature = SignatureReport(field="signature", verdict="valid", name="A")
    assert told_of(Examination((signature,))).status == VALID
    told = told_of(Examination((signature,), changed_after_last=True))
    assert (told.status, told.lines[0]) == (NOT_VALID, "not valid: something came after the last signature")


def test_the_page_has_a_sentence_for_every_code() -> None:
    assert set(words.PROBLEMS) == set(PROBLEMS)
    assert set(words.UNREADABLE) == set(UNREADABLE)


def test_the_program_needs_no_portal(signed: bytes, authority: Authority, tmp_path: Path) -> None:
    trust = tmp_path / "trust"
    trust.mkdir()
    for number, holder in enumerate((authority.root, authority.issuing)):
        (trust / f"{number}.pem").write_bytes(holder.certificate.public_bytes(Encoding.PEM))
    (tmp_path / "signed.pdf").write_bytes(signed)
    (tmp_path / "changed.pdf").write_bytes(tampered.with_a_changed_byte(signed))

    files = [str(tmp_path / name) for name in ("signed.pdf", "changed.pdf", "missing.pdf")]
    command = [sys.executable, "-m", "portal.verification", "--trust", str(trust), *files]
    done = subprocess.run(command, env={"PATH": ""}, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    verdicts = [line for line in done.stdout.splitlines() if not line.startswith(" ")]
    assert verdicts == [
        f"{files[0]}: valid: every signature is",
        f"{files[1]}: not valid: a signature does not hold",
        f"{files[2]}: cannot be read: No such file or directory",
    ]


def test_its_status_is_that_of_the_worst_file(signed: bytes, tmp_path: Path) -> None:
    (tmp_path / "signed.pdf").write_bytes(signed)
    assert main([str(tmp_path / "signed.pdf")]) == 1  # nobody is believed
    assert main([str(tmp_path / "missing.pdf")]) == 2
