"""What a signature looks like on the page, and where: Decree 30/2020, appendix I.II.7d, II.8, III.1d."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from PIL import Image, UnidentifiedImageError

from portal.documents.letters import FACE, FONT_FOLDER
from portal.security import VIETNAM
from portal.signatures.boxes import Box
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "COSIGNATURE",
    "COSIGNATURE_SEAL",
    "SEAL",
    "SIGNATURE",
    "Box",
    "Picture",
    "Place",
    "Stamp",
    "copy_lines",
    "number_lines",
    "read_picture",
    "seal_box",
    "signature_box",
    "text_box",
]

SIGNATURE, COSIGNATURE, SEAL, COSIGNATURE_SEAL = "signature", "cosignature", "seal", "cosignature_seal"
"""Names of the fields in the file."""

PNG = b"\x89PNG\r\n\x1a\n"
POINTS_PER_MM = 72 / 25.4
COVERED = 1 / 3
"""How much of the personal signature the seal covers."""

MOST_PIXELS_ALONG = 4000
"""Ten centimetres scanned at a thousand dots an inch; a signature is smaller."""

OPAQUE = 255
LETTER_POINTS = 10
LINE_POINTS = 12
EDGE_MM = 15
"""From the right edge: the decree's narrowest margin there (appendix I.I.3); above, half of the header's."""
TOP_MM = 10


@dataclass(frozen=True)
class Place:
    """The free area between title (7a) and name (7b), as the printing child reports it.

    Attributes:
        name: `SIGNATURE` or `COSIGNATURE`.
        page: 1 for the first.
        box: the area.
    """

    name: str
    page: int
    box: Box


@dataclass(frozen=True)
class Picture:
    """An image of a signature or of a seal: PNG with a transparent ground.

    Attributes:
        png: the bytes.
        width: pixels.
        height: pixels.
        has_transparency: whether the page shows through anywhere.
    """

    png: bytes
    width: int
    height: int
    has_transparency: bool


@dataclass(frozen=True)
class Stamp:
    """One signature as it is put into a file.

    Attributes:
        field: its name in the file; one of the four for documents.
        page: 1 for the first.
        box: where it shows.
        signed_at: aware; written in +07:00.
        picture: what shows; None where text does.
        lines: what shows in its stead, from `number_lines` or `copy_lines`.
        name: who signs, as certificates write it.
        reason: Vietnamese, for the panel of signatures in a reader.
        location: the place named in the document's date line.
    """

    field: str
    page: int
    box: Box
    signed_at: datetime
    picture: Picture | None = None
    lines: tuple[str, ...] = ()
    name: str = ""
    reason: str = ""
    location: str = ""


def read_picture(png: bytes) -> Picture:
    """An image that somebody gave for a signature or a seal.

    Raises:
        Refusal: `picture_unreadable`, `picture_not_png`, `picture_too_large` (`max`: pixels along a side).
    """
    if not png.startswith(PNG):
        raise Refusal("picture_not_png")
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            if max(image.size) > MOST_PIXELS_ALONG:
                raise Refusal("picture_too_large", {"max": MOST_PIXELS_ALONG})
            thinnest = image.convert("RGBA").getchannel("A").getextrema()[0]
            return Picture(png, *image.size, has_transparency=thinnest != OPAQUE)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise Refusal("picture_unreadable") from error


def signature_box(place: Place, picture: Picture) -> Box:
    """Where the image of a personal signature shows: as large as its free area allows, centred, its shape kept."""
    area = place.box
    scale = min(area.width / picture.width, area.height / picture.height)
    width, height = picture.width * scale, picture.height * scale
    return Box(area.x + (area.width - width) / 2, area.y + (area.height - height) / 2, width, height)


def seal_box(signature: Box, seal: Picture, width_mm: float) -> Box:
    """Where a seal shows: in real size, over the left third of the personal signature (appendix I.II.8).

    Args:
        signature: what `signature_box` gave for the personal signature.
        seal: its image.
        width_mm: how wide the seal is in reality.
    """
    width = width_mm * POINTS_PER_MM
    height = width * seal.height / seal.width
    right = signature.x + signature.width * COVERED
    return Box(max(right - width, 0), signature.y + (signature.height - height) / 2, width, height)


def text_box(page_width: float, page_height: float, lines: tuple[str, ...]) -> Box:
    """Where text without an image shows: at the top right of page 1 (appendix I.III.1d, part II.I).

    Args:
        page_width: points.
        page_height: the same.
        lines: from `number_lines` or `copy_lines`.
    """
    width = max(line_width(each) for each in lines)
    height = LINE_POINTS * len(lines)
    right, top = page_width - EDGE_MM * POINTS_PER_MM, page_height - TOP_MM * POINTS_PER_MM
    return Box(right - width, top - height, width, height)


def number_lines(symbol: str, signed_at: datetime) -> tuple[str, ...]:
    """What stands on an annex in a file of its own: number and symbol of the document, then the moment of signing.

    Args:
        symbol: such as `15/BC-UBND`.
        signed_at: aware.
    """
    return (symbol, moment(signed_at))


def copy_lines(form: str, agency: str, signed_at: datetime) -> tuple[str, ...]:
    """What stands on an electronic copy (part II.I): how it copies, who, and when that was signed.

    Args:
        form: `Sao y`, `Sao lục` or `Trích sao`.
        agency: that copies.
        signed_at: aware.
    """
    return (f"{form}; {agency}", moment(signed_at))


def moment(at: datetime) -> str:
    """A moment as the decree wants it beside a signature: day, time, and the time zone by ISO 8601."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y; %H:%M:%S +07:00")


def line_width(line: str) -> float:
    """How wide a line of a stamp is, in points."""
    widths, units = _widths()
    return sum(widths.get(ord(letter), units) for letter in line) * LETTER_POINTS / units


@cache
def _widths() -> tuple[dict[int, int], int]:
    with TTFont(FONT_FOLDER / FACE, lazy=True) as face:
        metrics = face["hmtx"]
        return {code: metrics[name][0] for code, name in face.getBestCmap().items()}, face["head"].unitsPerEm
