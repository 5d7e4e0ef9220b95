"""The drawing child: `python -m portal.drawing` reads one file and writes pictures of its first pages."""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from portal.confined import LIMIT_CODES, Budget, ChildFailed, answer, isolate, limit_memory, raise_processor_limit

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument

WIDTH = 1000
"""Pixels: the small letters of a page of A4 can be read, and a page of text is a quarter of a megabyte."""

TALLEST = 3000
"""Pixels; a longer page, such as a whole screen scrolled down, gets narrower instead."""

FIRST_PAGES = 10
"""Enough to see what a file is and says; whoever checks a longer annex line by line downloads it anyway."""

MOST_PAGES = 5000
"""No annex is longer; a file that says it is costs more to walk through than its preview is worth."""

MOST_PIXELS = 100_000_000
"""A sheet of A3 scanned at 600 dots an inch has 70 million; unpacked, twice this fits into a child's memory."""

QUALITY = 80

PILLOW_NAMES = {"png": "PNG", "jpg": "JPEG"}

DRAW_CODES = LIMIT_CODES | {
    "encrypted",  # a password is needed to open it
    "unreadable",  # it is damaged, or not what it says
    "too_large",  # a picture of more than `MOST_PIXELS`
    "too_many_pages",  # more than `MOST_PAGES`
}
"""Every code by which there can be no pictures."""


@dataclass(frozen=True)
class Picture:
    """One page, drawn.

    Attributes:
        jpeg: the bytes.
        width: in pixels.
        height: in pixels.
    """

    jpeg: bytes
    width: int
    height: int


def ask(kind: str, content: bytes, budget: Budget) -> bytes:
    """What the child reads: a line that says what is asked, then the file."""
    return json.dumps({"kind": kind, **asdict(budget)}).encode() + b"\n" + content


def draw(given: bytes) -> tuple[bytes, dict[str, object]]:
    """Draws the pages of a file one after another.

    Raises:
        ChildFailed: one of `DRAW_CODES` that the child can tell.
        MemoryError: the address space of the child is used up.
    """
    head, _, content = given.partition(b"\n")
    asked = json.loads(head)
    isolated = isolate()
    limit_memory(asked["memory_bytes"])
    raise_processor_limit(asked["cpu_seconds"])
    pictures, pages = _pages(content) if asked["kind"] == "pdf" else _photo(content, asked["kind"])
    sizes = [(len(each.jpeg), each.width, each.height) for each in pictures]
    return b"".join(each.jpeg for each in pictures), {"pages": pages, "sizes": sizes, "isolated": isolated}


def read_drawn(output: bytes, said: dict[str, Any]) -> tuple[list[Picture], int]:
    """What the child wrote, taken apart: the pictures, and how many pages the file has.

    Raises:
        ChildFailed: `crashed`, the bytes are not those that were spoken of.
    """
    pictures, source = [], io.BytesIO(output)
    for length, width, height in said["sizes"]:
        pictures.append(Picture(source.read(length), width, height))
    if not 0 < len(pictures) <= FIRST_PAGES or sum(len(each.jpeg) for each in pictures) != len(output):
        raise ChildFailed("crashed", f"{len(pictures)} pictures in {len(output)} bytes")
    return pictures, int(said["pages"])


# -- PDF -------------------------------------------------------------------------------------------------------


def _pages(content: bytes) -> tuple[list[Picture], int]:
    import pypdfium2  # noqa: PLC0415 - server and worker never load it

    try:
        with pypdfium2.PdfDocument(content) as document:
            # What was filled into a form is drawn, too.
            document.init_forms()
            return _first_pages(document), len(document)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise ChildFailed("encrypted" if is_locked else "unreadable", str(error)) from error


def _first_pages(document: PdfDocument) -> list[Picture]:
    if len(document) > MOST_PAGES:
        raise ChildFailed("too_many_pages", f"{len(document)} pages, at most {MOST_PAGES}")
    if not len(document):
        raise ChildFailed("unreadable", "no page")
    return [_page(document, number) for number in range(min(len(document), FIRST_PAGES))]


def _page(document: PdfDocument, number: int) -> Picture:
    page = document[number]
    width, height = page.get_size()
    if width <= 0 or height <= 0:
        raise ChildFailed("unreadable", f"page {number + 1} measures {width} x {height}")
    bitmap = page.render(scale=min(WIDTH / width, TALLEST / height))
    picture = _picture(bitmap.to_pil())
    bitmap.close()
    page.close()
    return picture


# -- pictures --------------------------------------------------------------------------------------------------


def _photo(content: bytes, kind: str) -> tuple[list[Picture], int]:
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - the child imports it inside its limits

    # Its size is judged below, before a pixel is unpacked.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(content), formats=[PILLOW_NAMES[kind]]) as image:
            return [_reduced(image)], 1
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise ChildFailed("unreadable", repr(error)[:500]) from error


def _reduced(image: Image) -> Picture:
    """A photo at its preview's size, the right way up."""
    from PIL import ImageOps  # noqa: PLC0415 - the child imports it inside its limits

    if image.width * image.height > MOST_PIXELS:
        raise ChildFailed("too_large", f"{image.width} x {image.height} pixels, at most {MOST_PIXELS}")
    # JPEG is unpacked smaller at once where it can be.
    image.draft(image.mode, (WIDTH, WIDTH))
    shown = _in_plain_colours(image)
    shown.thumbnail((TALLEST, TALLEST))
    ImageOps.exif_transpose(shown, in_place=True)
    shown.thumbnail((WIDTH, TALLEST))
    return _picture(shown)


def _in_plain_colours(image: Image) -> Image:
    """Palettes and sixteen bits cannot be reduced well; the colours they stand for can."""
    if image.mode.startswith("I"):
        return image.point(lambda value: value * (1 / 256), "L")
    return image.convert("RGBA") if image.mode in {"P", "PA", "1"} else image


def _picture(image: Image) -> Picture:
    """A new picture on white: whatever else the old one carried, such as where it was taken, stays behind."""
    from PIL import Image as Pillow  # noqa: PLC0415 - the child imports it inside its limits

    clean = Pillow.new("RGB", image.size, "white")
    clean.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
    written = io.BytesIO()
    clean.save(written, "JPEG", quality=QUALITY, optimize=True)
    return Picture(written.getvalue(), *image.size)


if __name__ == "__main__":
    os._exit(answer(draw))
