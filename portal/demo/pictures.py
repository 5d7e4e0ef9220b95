"""Pictures for the demo: a signature in blue ink and a red seal, each saying that it is only for trying."""

from __future__ import annotations

import hashlib
import io
import math
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from portal.signatures.stamps import Picture

if TYPE_CHECKING:
    from collections.abc import Sequence

FACE = Path(__file__).resolve().parents[1] / "static" / "fonts" / "tinos" / "Tinos-Bold.ttf"
WORTHLESS = "THỬ NGHIỆM"
BLUE, RED = (22, 54, 160, 255), (205, 20, 30, 255)
CLEAR = (255, 255, 255, 0)
FINER = 3
"""Everything is drawn so many times larger and made smaller, so that edges are smooth."""

SEAL_MM, SIGNATURE_MM = 36.0, 45.0


@cache
def signature(name: str) -> Picture:
    """A pen stroke that is another for each name."""
    width, height = 480 * FINER, 200 * FINER
    image = Image.new("RGBA", (width, height), CLEAR)
    pen = ImageDraw.Draw(image)
    pen.line(_stroke(name, width, height), fill=BLUE, width=4 * FINER, joint="curve")
    pen.text((width * 0.62, height * 0.82), WORTHLESS, fill=BLUE, font=_face(22))
    return _picture(image)


def _stroke(name: str, width: int, height: int) -> list[tuple[float, float]]:
    seeds = [1 + each / 255 for each in hashlib.sha256(name.encode()).digest()[:4]]
    points = []
    for step in range(240):
        along = step / 239
        swing = math.sin(along * 22 * seeds[0]) * (1 - along) + 0.3 * math.sin(along * 9 * seeds[1])
        lean = math.cos(along * 17 * seeds[2]) * 0.05 * seeds[3]
        points.append((width * (0.06 + 0.86 * along + lean * (1 - along)), height * (0.45 - 0.3 * swing)))
    return points


@cache
def seal(name: str) -> Picture:
    """A round seal with the name of a unit along its rim."""
    side = 420 * FINER
    image = Image.new("RGBA", (side, side), CLEAR)
    pen = ImageDraw.Draw(image)
    for inset, line in ((6, 7), (22, 3), (108, 3)):
        edge = inset * FINER
        pen.ellipse((edge, edge, side - edge, side - edge), outline=RED, width=line * FINER)
    pen.polygon(_star(side / 2, side / 2, 62 * FINER), fill=RED)
    _along_rim(image, name.upper(), 150 * FINER)
    box = pen.textbbox((0, 0), WORTHLESS, font=_face(26))
    pen.text(((side - box[2]) / 2, side * 0.76), WORTHLESS, fill=RED, font=_face(26))
    return _picture(image)


def _star(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    radii = [radius if corner % 2 == 0 else radius * 0.4 for corner in range(10)]
    angles = [math.pi * (corner / 5 - 0.5) for corner in range(10)]
    return [(x + far * math.cos(at), y + far * math.sin(at)) for far, at in zip(radii, angles, strict=True)]


def _along_rim(image: Image.Image, words: str, radius: float) -> None:
    """Write words along the upper part of a circle, each letter turned to stand on it."""
    middle, letters = image.width / 2, _placed(words, radius)
    for letter, angle in letters:
        tile = Image.new("RGBA", (90 * FINER, 90 * FINER), CLEAR)
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), letter, fill=RED, font=_face(38), anchor="mm")
        turned = tile.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC)
        x, y = middle + radius * math.sin(angle), middle - radius * math.cos(angle)
        image.alpha_composite(turned, (round(x - turned.width / 2), round(y - turned.height / 2)))


def _placed(words: str, radius: float) -> Sequence[tuple[str, float]]:
    face = _face(38)
    widths = [face.getlength(letter) + 3 * FINER for letter in words]
    fits = min(1.0, 1.75 * math.pi * radius / sum(widths))
    before = [sum(widths[:place]) + widths[place] / 2 for place in range(len(words))]
    return [(letter, (at - sum(widths) / 2) * fits / radius) for letter, at in zip(words, before, strict=True)]


def _face(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FACE), size * FINER)


def _picture(large: Image.Image) -> Picture:
    small = large.resize((large.width // FINER, large.height // FINER), Image.Resampling.LANCZOS)
    written = io.BytesIO()
    small.save(written, "PNG", optimize=True)
    return Picture(written.getvalue(), small.width, small.height, has_transparency=True)
