"""Files as those make them who forge documents, from one that is signed; and files that want to break their reader."""

from __future__ import annotations

import io
import zlib

from pypdf import PdfWriter
from pypdf.generic import EncodedStreamObject, StreamObject

MEGABYTE = 1024 * 1024


def with_a_changed_byte(pdf: bytes) -> bytes:
    """One bit of what is signed, inside the first stream."""
    place = pdf.index(b"stream\n") + 20
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def with_another_page(pdf: bytes) -> bytes:
    """A page behind the signature, in an addition that leaves every signed byte alone."""
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_blank_page()
    return _written(writer)


def with_another_picture(pdf: bytes) -> bytes:
    """The pictures are white, again by an addition behind the signature."""
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    for each in writer._objects:
        if isinstance(each, StreamObject) and each.get("/Subtype") == "/Image":
            assert isinstance(each, EncodedStreamObject)
            each._data = zlib.compress(b"\xff" * len(each.get_data()))
    return _written(writer)


def locked(pdf: bytes) -> bytes:
    """The same with a password."""
    writer = PdfWriter(io.BytesIO(pdf))
    writer.encrypt("bí mật", algorithm="RC4-128")
    return _written(writer)


def bomb(megabytes: int) -> bytes:
    """A small file whose table of objects unpacks to very much."""
    packed = zlib.compress(_zeros(megabytes * MEGABYTE), 9)
    head = b"%PDF-1.7\n"
    table = (
        b"1 0 obj\n<< /Type /XRef /W [1 2 1] /Size %d /Root 2 0 R /Filter [/FlateDecode /FlateDecode] /Length %d >>\n"
        b"stream\n%b\nendstream\nendobj\n" % (megabytes * MEGABYTE // 4, len(packed), packed)
    )
    return head + table + b"startxref\n%d\n%%%%EOF\n" % len(head)


def _zeros(length: int) -> bytes:
    """So many of them packed, without the time that packing takes: the same megabyte again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(bytes(MEGABYTE)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = (length % 65521) << 16 | 1
    return b"\x78\xda" + once * (length // MEGABYTE) + b"\x03\x00" + checksum.to_bytes(4, "big")


def _written(writer: PdfWriter) -> bytes:
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
