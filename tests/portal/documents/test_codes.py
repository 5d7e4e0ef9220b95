"""Codes of documents: random, forgiving of how they are typed, and printed as a QR code that any reader reads."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from portal.documents import codes
from portal.documents.codes import ALPHABET, BITS, LENGTH, Verification, new_code, read_code, spaced
from tests.portal.documents.document_samples import report_job
from tests.portal.documents.kinds_of_documents import KINDS
from tests.portal.documents.pressing import pressed
from tests.portal.documents.printed_page import read_lines

CODE = "7K3M09QXATVE2H8D"
PORTAL = "https://trinh.gialai.gov.vn"


def test_codes_are_long_random_and_of_characters_that_are_not_mistaken() -> None:
    made = {new_code() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(code) for code in made} == {LENGTH}
    assert set("".join(made)) == set(ALPHABET)
    assert not set("ILOU") & set(ALPHABET)
    assert BITS >= 80


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        spaced(CODE),
        CODE.lower(),
        "7k3m 09qx atve 2h8d",
        " 7K3M–09QX—ATVE-2H8D. ",
        CODE.replace("0", "o"),
        "７Ｋ３Ｍ-09QX-ATVE-2H8D",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == CODE


def test_look_alikes_are_read_as_what_they_look_like() -> None:
    assert read_code("IiLl OoOo 0000 1111") == "1111000000001111"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        CODE[:-1],
        CODE + "0",
        CODE[:-1] + "U",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "Ù" * 16,
        "0" * 10_000,
        "\0",
    ],
)
def test_what_can_be_no_code_is_none(typed: str) -> None:
    assert not read_code(typed)


@pytest.fixture(scope="module")
def printed() -> bytes:
    """A letter to thirty, so that the code comes after a long list at the end of the last page."""
    many = tuple(f"Ủy ban nhân dân xã số {n} và các đơn vị trực thuộc" for n in range(1, 31))
    document = replace(KINDS["letter"](), recipients=many, verification=Verification(CODE, f"{PORTAL}/"))
    return pressed(report_job(document)).pdf


def seen_on_the_last_page(pdf: bytes, dots_per_millimetre: float) -> Any:
    with closing(pypdfium2.PdfDocument(pdf)) as pages:
        picture = pages[len(pages) - 1].render(scale=dots_per_millimetre * 25.4 / 72).to_pil()
    return zxingcpp.read_barcodes(picture)


def test_a_reader_of_qr_codes_finds_the_address_even_on_a_poor_copy(printed: bytes) -> None:
    for dots_per_millimetre in (4, 12):  # 100 dots per inch, and 300
        (found,) = seen_on_the_last_page(printed, dots_per_millimetre)
        assert found.text == f"{PORTAL}/verify/{CODE}"
        corners = (found.position.top_left, found.position.bottom_right)
        left, top, right, bottom = (each / dots_per_millimetre for at in corners for each in (at.x, at.y))
        assert (left, right - left, bottom - top) == (pytest.approx(30, abs=0.5), *[pytest.approx(18, abs=0.6)] * 2)
        archive = next(line for line in read_lines(printed) if line.text.startswith("- Lưu"))
        assert archive.bottom < top
        assert bottom < 297 - 20


def test_the_code_stands_in_letters_beside_it_smaller_than_the_decrees(printed: bytes) -> None:
    lines = {line.text: line for line in read_lines(printed)}
    assert lines[spaced(CODE)].sizes == {8.0}
    assert "Kiểm tra tại: trinh.gialai.gov.vn/verify" in lines


def test_a_portal_without_a_public_address_prints_the_code_alone() -> None:
    assert codes.verification_data(Verification(CODE, "")) == {"code": spaced(CODE), "place": "", "picture": None}
    assert codes.verification_data(None) is None
