"""Files that can be drawn, and files made to break whoever draws them."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING, Any

from PIL import Image
from pypdf import PdfWriter

from portal.documents.rendering import render
from tests.portal.documents.document_samples import report_job

if TYPE_CHECKING:
    from collections.abc import Sequence

A4 = (595, 842)
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def report_pdf() -> bytes:
    """Three pages of Vietnamese text, as the portal prints a report."""
    return render(report_job()).pdf


def blank_pdf(pages: int, size: tuple[float, float] = A4, password: str | None = None) -> bytes:
    """Empty pages, encrypted where there is a password; an empty one opens them."""
    writer, written = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(*size)
    if password is not None:
        writer.encrypt(password, owner_password="another")
    writer.write(written)
    return written.getvalue()


def _pdf_of(objects: Sequence[bytes]) -> bytes:
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in enumerate(objects, start=1))
    return body + b"trailer<</Size %d/Root 1 0 R>>\n%%%%EOF\n" % (len(objects) + 1)


def pdf_with(operators: bytes, packed: int = 1) -> bytes:
    """A page whose content is these operators, packed as often as said."""
    for _ in range(packed):
        operators = zlib.compress(operators, 9)
    filters = b"/FlateDecode " * packed
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
        b"<</Length %d/Filter[%s]>>stream\n%s\nendstream" % (len(operators), filters, operators),
    )
    return _pdf_of(objects)


def form_pdf() -> bytes:
    """A form of one field with something filled in, which only a reader of forms draws."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]/DR<</Font<</Helv 6 0 R>>>>/NeedAppearances true>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>/Annots[5 0 R]>>",
        b"<</Length 0>>stream\n\nendstream",
        b"<</Subtype/Widget/FT/Tx/T(a)/V(2.345)/DA(/Helv 60 Tf 0 g)/F 4/Rect[50 600 550 700]/P 3 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    return _pdf_of(objects)


def slow_pdf() -> bytes:
    """Small to send, a minute to draw."""
    return pdf_with(b"0 0 m 500 800 l S " * 1_000_000)


def swelling_pdf() -> bytes:
    """Five kilobytes that unpack to three thousand megabytes."""
    packing = zlib.compressobj(9)
    once = b"".join(packing.compress(bytes(50_000_000)) for _ in range(60)) + packing.flush()
    once = zlib.compress(once, 9)
    return pdf_with(once, packed=0).replace(b"/Filter[]", b"/Filter[/FlateDecode/FlateDecode]")


def with_lost_pages() -> bytes:
    """It says that it has seven pages, and has three."""
    honest = blank_pdf(3)
    assert honest.count(b"/Count 3") == 1
    return honest.replace(b"/Count 3", b"/Count 7")


def photo(kind: str, size: tuple[int, int], mode: str = "RGB", colour: Any = 0, **saved: Any) -> bytes:
    """A picture of one colour, `PNG` or `JPEG`."""
    written = io.BytesIO()
    Image.new(mode, size, colour).save(written, kind, **saved)
    return written.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, *more: bytes) -> bytes:
    """A PNG that says how large it is, and has nothing to show for it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return SIGNATURE + _chunk(b"IHDR", header) + b"".join(more) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b"")


def png_with_swelling_text() -> bytes:
    """A small picture with two hundred megabytes of remarks."""
    return png_of(10, 10, _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(200_000_000))))
