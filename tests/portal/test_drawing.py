"""Drawing: the first pages of a file as pictures, and files that break whoever draws them break only the child."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from PIL import Image

from portal.confined import ROOT, Budget, ChildFailed, can_isolate, run_child
from portal.drawing import DRAW_CODES, FIRST_PAGES, Picture, ask
from portal.previews import COMMAND, drawn
from tests import drawable
from tests.uploads import PDF, PNG

SECRET = b"13.9833 N 108.0000 E"


def pictures(kind: str, content: bytes) -> list[Image.Image]:
    """What was drawn, each as large as it was said to be."""
    found = drawn(kind, content, Budget())[0]
    shown = [Image.open(io.BytesIO(each.jpeg), formats=["JPEG"]) for each in found]
    assert [each.size for each in shown] == [(each.width, each.height) for each in found]
    return shown


def share_of_ink(picture: Image.Image) -> float:
    """How much of a page is dark."""
    counts = picture.convert("L").histogram()
    return sum(counts[:128]) / sum(counts)


def failure(kind: str, content: bytes, **limits: int) -> str:
    with pytest.raises(ChildFailed) as failed:
        drawn(kind, content, Budget(**limits))
    assert failed.value.code in DRAW_CODES
    return failed.value.code


def test_a_page_of_vietnamese_text_is_drawn() -> None:
    first, second, third = pictures("pdf", drawable.report_pdf())
    assert {page.size for page in (first, second, third)} == {(1000, 1415)}
    assert all(0.01 < share_of_ink(page) < 0.2 for page in (first, second, third))
    # The motto of the state, upper right (Decree 30/2020, annex I): two lines, bold.
    assert share_of_ink(first.crop((480, 90, 940, 150))) > 0.1
    assert share_of_ink(first.crop((0, 0, 1000, 80))) == 0


def test_an_empty_page_is_empty() -> None:
    (page,) = pictures("pdf", drawable.blank_pdf(1))
    assert share_of_ink(page) == 0


def test_what_was_filled_into_a_form_is_drawn() -> None:
    (page,) = pictures("pdf", drawable.form_pdf())
    assert share_of_ink(page.crop((80, 230, 930, 410))) > 0.01


def test_a_file_that_opens_without_a_password_is_drawn_whatever_its_owner_forbids() -> None:
    (page,) = pictures("pdf", drawable.blank_pdf(1, password=""))
    assert page.size == (1000, 1416)


def test_only_the_first_pages_are_drawn_and_all_are_counted() -> None:
    shown, count = drawn("pdf", drawable.blank_pdf(300), Budget())
    assert (len(shown), count) == (FIRST_PAGES, 300)


@pytest.mark.parametrize(
    ("size", "drawn_as"),
    [((1, 14_400), (1, 3000)), ((14_400, 1), (1000, 1)), ((1e9, 1e9), (1000, 1000)), ((1e-6, 1e-6), (1000, 1000))],
)
def test_a_page_of_any_shape_is_drawn_no_larger_than_a_screen_can_use(
    size: tuple[float, float], drawn_as: tuple[int, int]
) -> None:
    (page,) = pictures("pdf", drawable.blank_pdf(1, size))
    assert page.size == drawn_as


@pytest.mark.parametrize("kind", ["png", "jpg"])
def test_a_picture_is_made_smaller(kind: str) -> None:
    red = drawable.photo({"png": "PNG", "jpg": "JPEG"}[kind], (4000, 3000), colour=(200, 10, 10))
    (shown,) = pictures(kind, red)
    assert shown.size == (1000, 750)
    assert all(abs(found - meant) < 5 for found, meant in zip(shown.getpixel((500, 300)), (200, 10, 10), strict=True))


def test_a_small_picture_is_not_made_larger() -> None:
    (shown,) = pictures("png", drawable.photo("PNG", (320, 200)))
    assert shown.size == (320, 200)


@pytest.mark.parametrize(
    ("mode", "colour", "grey"),
    [("1", 1, 255), ("L", 100, 100), ("LA", (0, 0), 255), ("RGBA", (0, 0, 0, 0), 255), ("I;16", 32_768, 128)],
)
def test_every_kind_of_colour_is_shown_as_it_is_on_white(mode: str, colour: object, grey: int) -> None:
    (shown,) = pictures("png", drawable.photo("PNG", (40, 30), mode, colour))
    assert abs(shown.convert("L").getpixel((20, 15)) - grey) < 3


def test_a_photo_stands_upright_and_does_not_say_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, SECRET.decode()
    sideways = drawable.photo("JPEG", (2000, 1000), exif=exif, comment=SECRET)
    assert sideways.count(SECRET) == 2
    (found,) = drawn("jpg", sideways, Budget())[0]
    assert SECRET not in found.jpeg
    assert b"Exif" not in found.jpeg
    assert (found.width, found.height) == (1000, 2000)


def test_what_was_written_behind_a_picture_stays_behind() -> None:
    (found,) = drawn("png", drawable.photo("PNG", (40, 30)) + b"<script>alert(1)</script>", Budget())[0]
    assert b"script" not in found.jpeg


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("pdf", drawable.blank_pdf(1, password="mật khẩu"), "encrypted"),
        ("pdf", PDF, "unreadable"),
        ("pdf", b"%PDF-1.7 \xff\x00", "unreadable"),
        ("pdf", drawable.blank_pdf(20)[:900], "unreadable"),
        ("pdf", drawable.with_lost_pages(), "unreadable"),
        ("pdf", drawable.blank_pdf(5001), "too_many_pages"),
        ("png", PNG, "unreadable"),
        ("png", drawable.photo("PNG", (3000, 2000), colour=(1, 2, 3))[:4000], "unreadable"),
        ("jpg", drawable.photo("JPEG", (3000, 2000), colour=(1, 2, 3))[:4000], "unreadable"),
        ("jpg", drawable.photo("PNG", (30, 20)), "unreadable"),
        ("png", drawable.png_of(2**31 - 1, 2**31 - 1), "too_large"),
        ("png", drawable.photo("PNG", (10_100, 10_000), "1"), "too_large"),
        ("png", drawable.png_with_swelling_text(), "unreadable"),
    ],
)
def test_a_file_that_cannot_be_drawn_says_why(kind: str, content: bytes, code: str) -> None:
    assert failure(kind, content) == code


def test_the_largest_picture_that_is_drawn_fits_into_the_child() -> None:
    (shown,) = pictures("png", drawable.photo("PNG", (10_000, 10_000), "P"))
    assert shown.size == (1000, 1000)


def test_the_child_has_a_network_of_its_own_where_the_kernel_allows() -> None:
    given = ask("pdf", drawable.blank_pdf(1), Budget())
    assert run_child(COMMAND, given, 30)[1]["isolated"] is can_isolate()


def test_processor_time_is_bounded() -> None:
    assert failure("pdf", drawable.slow_pdf(), cpu_seconds=1) == "cpu_exhausted"


def test_wall_clock_time_is_bounded() -> None:
    assert failure("pdf", drawable.slow_pdf(), wall_seconds=1) == "timed_out"


def test_memory_is_bounded() -> None:
    assert failure("pdf", drawable.swelling_pdf()) in {"out_of_memory", "crashed"}
    assert failure("png", drawable.photo("PNG", (9000, 9000), "RGBA"), memory_bytes=300_000_000) == "out_of_memory"


def test_a_child_that_writes_other_than_it_says_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = '{"pages": 1, "sizes": [[3, 1, 1]], "isolated": true}'
    lies = f"import sys; sys.stdout.write('four'); sys.stderr.write('{said}')"
    monkeypatch.setattr("portal.previews.COMMAND", (sys.executable, "-c", lies))
    assert failure("pdf", PDF) == "crashed"


def test_server_and_worker_never_load_what_reads_pdf() -> None:
    loaded = "import sys, portal.app; print({'pypdfium2'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, check=True)
    assert found.stdout.strip() == b"set()"


def test_the_child_loads_neither_flask_nor_the_database() -> None:
    loaded = "import sys, portal.drawing; print({'flask', 'sqlalchemy', 'workflows'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, check=True)
    assert found.stdout.strip() == b"set()"


def test_the_same_file_gives_the_same_pictures() -> None:
    first, second = (drawn("pdf", drawable.blank_pdf(2), Budget())[0] for _ in range(2))
    assert first == second
    assert isinstance(first[0], Picture)
