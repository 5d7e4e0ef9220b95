"""Files made to do damage: the child that reads them is ended, or says by a code that they cannot be read."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader, PdfWriter

from portal.confined import Budget
from portal.signatures import accepting, examining, reading
from portal.signatures.examining import examine_confined
from portal.signatures.trust import Trust
from workflows.errors import Refusal

TIGHT = Budget(wall_seconds=40, cpu_seconds=6, memory_bytes=600_000_000)


def table(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    written, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    start = len(written)
    rows = b"".join(b"%010d 00000 n \n" % each for each in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    tail = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return written + head + rows + tail


def signed_field(more: bytes) -> bytes:
    return b"<< /FT /Sig /T (s) %s >>" % more


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [3 0 R] /SigFlags 3 >> >>"
PAGES = b"<< /Type /Pages /Kids [] /Count 0 >>"
BOMB = zlib.compress(zlib.compress(b"\0" * 300_000_000, 9), 9)

HOSTILE = {
    "fields that hold one another": table(
        CATALOGUE, PAGES, b"<< /T (a) /Kids [4 0 R] >>", b"<< /T (b) /Kids [3 0 R] >>"
    ),
    "a thousand nested arrays": table(CATALOGUE, PAGES, b"[" * 5000 + b"]" * 5000),
    "an update before itself": table(CATALOGUE, PAGES, b"null", trailer=b"/Prev 200"),
    "a gap of the whole file": table(
        CATALOGUE, PAGES, signed_field(b"/V << /Type /Sig /ByteRange [0 0 0 0] /Contents <3000> >>")
    ),
    "numbers without end": table(
        CATALOGUE, PAGES, signed_field(b"/V << /ByteRange [0 %s 1 1] /Contents <3000> >>" % (b"9" * 4000))
    ),
    "a signature that is none": table(CATALOGUE, PAGES, signed_field(b"/V 2 0 R")),
    "a bomb among the proofs": table(
        CATALOGUE.replace(b"/AcroForm", b"/DSS << /Certs [4 0 R] >> /AcroForm"),
        PAGES,
        signed_field(b"/V << /ByteRange [0 1 2 3] /Contents <3000> >>"),
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(BOMB), BOMB),
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_by_a_code(name: str) -> None:
    found = examining.examine(HOSTILE[name], Trust())
    problems = {each.problem for each in found.signatures} | {found.unreadable} - {""}
    assert found.verdict != "valid"
    assert problems <= {"document_unreadable", "signature_unreadable", "signature_broken"}


def test_many_hostile_files_go_through_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    found = examine_confined(HOSTILE["a thousand nested arrays"], Trust(), budget=TIGHT)
    assert found.unreadable in {"document_unreadable", "cannot_be_checked"}


def test_a_child_that_takes_too_long_is_ended(sealed: bytes) -> None:
    found = examine_confined(sealed, Trust(), budget=Budget(wall_seconds=0, cpu_seconds=1))
    assert found.unreadable == "cannot_be_checked"


def test_a_large_file_is_refused_before_anything_reads_it(document: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "LONGEST_PDF", 10)
    monkeypatch.setattr(accepting, "LONGEST_PDF", 10)
    assert examine_confined(document, Trust()).unreadable == "file_too_large"
    with pytest.raises(Refusal) as refused:
        accepting.accept_confined(document, document, b"")
    assert refused.value.code == "file_too_large"
    assert reading.LONGEST_PDF == 100 * 2**20


def test_an_encrypted_file_is_said_to_be_that(document: bytes) -> None:
    writer = PdfWriter(PdfReader(io.BytesIO(document)))
    writer.encrypt("secret", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    assert examining.examine(written.getvalue(), Trust()).unreadable == "document_encrypted"


@pytest.mark.parametrize("kept", [0.2, 0.6, 0.97])
def test_a_file_that_was_cut_off_is_not_valid(sealed: bytes, kept: float) -> None:
    found: Any = examining.examine(sealed[: int(len(sealed) * kept)], Trust())
    assert found.verdict in {"unreadable", "unsigned", "invalid"}


def test_more_signatures_than_anybody_makes_are_not_looked_at(sealed: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SIGNATURES", 1)
    assert len(PdfFileReader(io.BytesIO(sealed)).embedded_signatures) == 2
    assert examining.examine(sealed, Trust()).unreadable == "too_many_signatures"
