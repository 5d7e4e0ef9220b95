"""Draws a stamp into the file that is signed: a picture as it is, or black text in the vendored face."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.font.opentype import GlyphAccumulator
from pyhanko.pdf_utils.images import pil_image
from pyhanko.stamp import BaseStampStyle

from portal.documents.letters import FACE, FONT_FOLDER
from portal.signatures.stamps import LETTER_POINTS, LINE_POINTS

if TYPE_CHECKING:
    from pyhanko.pdf_utils.layout import BoxConstraints
    from pyhanko.pdf_utils.writer import BasePdfFileWriter

    from portal.signatures.stamps import Picture

DESCENT_POINTS = 3
"""How far the letters of a line reach below it."""


@dataclass(frozen=True)
class PictureLook(BaseStampStyle):
    """Nothing but a picture, which fills the box."""

    picture: Picture | None = None

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: object) -> AppearanceContent:
        """What pyHanko asks for."""
        del text_params
        assert self.picture is not None
        return _Shown(self.picture, box=box, writer=writer)


@dataclass(frozen=True)
class TextLook(BaseStampStyle):
    """Lines that end at the right of the box."""

    lines: tuple[str, ...] = ()

    def create_stamp(self, writer: BasePdfFileWriter, box: BoxConstraints, text_params: object) -> AppearanceContent:
        """What pyHanko asks for."""
        del text_params
        return _Written(self.lines, box=box, writer=writer)


class _Shown(AppearanceContent):
    def __init__(self, picture: Picture, *, box: BoxConstraints, writer: BasePdfFileWriter) -> None:
        super().__init__(box=box, writer=writer)
        self.picture = picture

    def render(self) -> bytes:
        with Image.open(io.BytesIO(self.picture.png), formats=["PNG"]) as image:
            drawn = pil_image(image.convert("RGBA"), self.writer)
        self.set_resource(ResourceType.XOBJECT, generic.pdf_name("/Picture"), drawn)
        return b"q %.3f 0 0 %.3f 0 0 cm /Picture Do Q" % (self.box.width, self.box.height)


class _Face(GlyphAccumulator):
    """The face, of which only the letters that are used are embedded."""

    def prepare_write(self) -> None:
        # A PDF counts widths in thousandths, and pyHanko writes them in the units of the face, of which Tinos has 2048.
        if not self._write_prepared:
            for glyph, (number, width) in self._glyphs.items():
                self._glyphs[glyph] = (number, round(width * 1000 / self.units_per_em))
        super().prepare_write()


class _Written(AppearanceContent):
    def __init__(self, lines: tuple[str, ...], *, box: BoxConstraints, writer: BasePdfFileWriter) -> None:
        super().__init__(box=box, writer=writer)
        self.lines = lines

    def render(self) -> bytes:
        with (FONT_FOLDER / FACE).open("rb") as face:
            font = _Face(self.writer, io.BytesIO(face.read()), LETTER_POINTS)
        shown = [self._line(font, number, line) for number, line in enumerate(self.lines)]
        self.set_resource(ResourceType.FONT, generic.pdf_name("/Letters"), font.as_resource())
        return b"q 0 g BT /Letters %d Tf %s ET Q" % (LETTER_POINTS, b" ".join(shown))

    def _line(self, font: _Face, number: int, line: str) -> bytes:
        shaped = font.shape(line)
        x = self.box.width - shaped.x_advance * LETTER_POINTS
        y = self.box.height - LINE_POINTS * (number + 1) + DESCENT_POINTS
        return b"1 0 0 1 %.3f %.3f Tm %s" % (x, y, shaped.graphics_ops)
