"""What a signature looks like on the page, and where: Decree 30/2020, appendix I.II.7d, II.8, III.1d."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

SIGNATURE, COSIGNATURE, SEAL, COSIGNATURE_SEAL = "signature", "cosignature", "seal", "cosignature_seal"
"""Names of the fields in the file."""


@dataclass(frozen=True)
class Box:
    """A rectangle on a page, in PDF points from its lower left corner."""

    x: float
    y: float
    width: float
    height: float


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
    raise NotImplementedError


def signature_box(place: Place, picture: Picture) -> Box:
    """Where the image of a personal signature shows: as large as its free area allows, centred, its shape kept."""
    raise NotImplementedError


def seal_box(signature: Box, seal: Picture, width_mm: float) -> Box:
    """Where a seal shows: in real size, over the left third of the personal signature (appendix I.II.8).

    Args:
        signature: what `signature_box` gave for the personal signature.
        seal: its image.
        width_mm: how wide the seal is in reality.
    """
    raise NotImplementedError


def text_box(page_width: float, page_height: float, lines: tuple[str, ...]) -> Box:
    """Where text without an image shows: at the top right of page 1 (appendix I.III.1d, part II.I); sizes in points."""
    raise NotImplementedError


def number_lines(symbol: str, signed_at: datetime) -> tuple[str, ...]:
    """What stands on an annex in a file of its own: number and symbol of the document, then the moment of signing.

    Args:
        symbol: such as `15/BC-UBND`.
        signed_at: aware.
    """
    raise NotImplementedError


def copy_lines(form: str, agency: str, signed_at: datetime) -> tuple[str, ...]:
    """What stands on an electronic copy: its form (`Sao y`), the agency that copies, the moment of signing."""
    raise NotImplementedError
