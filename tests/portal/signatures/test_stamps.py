"""Where stamps stand and what they say, in numbers (Decree 30/2020, appendix I.II.7d, II.8, III.1d, part II.I)."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from PIL import Image

from portal.signatures.boxes import Box
from portal.signatures.stamps import (
    POINTS_PER_MM,
    SIGNATURE,
    Picture,
    Place,
    copy_lines,
    number_lines,
    read_picture,
    seal_box,
    signature_box,
    text_box,
)
from workflows.errors import Refusal

AREA = Place(SIGNATURE, 1, Box(300, 400, 200, 60))
A4 = (595.28, 841.89)


def picture(width: int, height: int) -> Picture:
    return Picture(b"", width, height, has_transparency=True)


def png(mode: str, size: tuple[int, int] = (20, 10), kind: str = "PNG") -> bytes:
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind)
    return written.getvalue()


def test_a_wide_signature_fills_the_width_of_its_area_and_keeps_its_shape() -> None:
    assert signature_box(AREA, picture(1000, 200)) == Box(300, 410, 200, 40)


def test_a_tall_signature_fills_the_height_and_stands_in_the_middle() -> None:
    assert signature_box(AREA, picture(300, 300)) == Box(370, 400, 60, 60)


def test_a_seal_has_its_real_size_and_covers_the_left_third_of_the_signature() -> None:
    signature = Box(370, 400, 60, 60)
    seal = seal_box(signature, picture(500, 500), 36)
    assert seal.width == pytest.approx(36 * POINTS_PER_MM)
    assert seal.height == pytest.approx(102.047, abs=0.001)
    assert seal.x + seal.width - signature.x == pytest.approx(signature.width / 3)
    assert seal.y + seal.height / 2 == pytest.approx(signature.y + signature.height / 2)


def test_a_seal_that_is_not_square_keeps_its_shape() -> None:
    seal = seal_box(Box(370, 400, 60, 60), picture(600, 300), 40)
    assert seal.width == pytest.approx(2 * seal.height)


def test_a_seal_does_not_leave_the_page() -> None:
    assert seal_box(Box(10, 400, 60, 60), picture(500, 500), 36).x == 0


def test_the_text_of_an_annex_stands_at_the_top_right_of_the_page() -> None:
    box = text_box(*A4, ("15/BC-UBND", "17/02/2025; 14:05:09 +07:00"))
    assert box.x + box.width == pytest.approx(A4[0] - 15 * POINTS_PER_MM)
    assert box.y + box.height == pytest.approx(A4[1] - 10 * POINTS_PER_MM)
    assert box.height == 24
    assert 110 < box.width < 125


def test_an_annex_says_number_and_symbol_and_the_moment_in_vietnam() -> None:
    at = datetime(2025, 2, 17, 7, 5, 9, tzinfo=UTC)
    assert number_lines("15/BC-UBND", at) == ("15/BC-UBND", "17/02/2025; 14:05:09 +07:00")


def test_a_copy_says_its_form_the_agency_and_the_moment() -> None:
    at = datetime(2025, 2, 17, 7, 5, 9, tzinfo=UTC)
    said = copy_lines("Sao y", "Ủy ban nhân dân tỉnh Gia Lai", at)
    assert said == ("Sao y; Ủy ban nhân dân tỉnh Gia Lai", "17/02/2025; 14:05:09 +07:00")


@pytest.mark.parametrize(("mode", "transparent"), [("RGBA", True), ("LA", True), ("RGB", False), ("1", False)])
def test_a_picture_says_whether_the_page_shows_through(mode: str, transparent: bool) -> None:  # noqa: FBT001 - a row
    read = read_picture(png(mode))
    assert (read.width, read.height, read.has_transparency) == (20, 10, transparent)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not a picture", "picture_not_png"),
        (png("RGB", kind="JPEG"), "picture_not_png"),
        (png("RGBA")[:40], "picture_unreadable"),
        (png("1", (5000, 5)), "picture_too_large"),
    ],
)
def test_what_is_no_picture_of_a_signature_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_picture(content)
    assert refused.value.code == code
