"""The child that looks at pictures of signatures and seals: `python -m portal.signatures.pictures` draws one anew."""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from portal.confined import (
    Budget,
    ChildFailed,
    answer,
    isolate,
    limit_memory,
    program,
    raise_processor_limit,
    run_child,
)
from portal.signatures.rules import LARGEST_PICTURE_KB, LARGEST_SIDE
from portal.signatures.stamps import Picture
from workflows.errors import Refusal

if TYPE_CHECKING:
    from PIL.Image import Image

BLUE, RED = "blue", "red"
"""A person's signature is blue, an agency's seal red (Decree 30/2020, appendix I.II.7.d, 8.b)."""

COMMAND = program("portal.signatures.pictures")
LITTLE = Budget(wall_seconds=20, cpu_seconds=5, memory_bytes=1_000_000_000)
SEEN = 64
"""From which opacity on a point counts as ink."""

REFUSALS = frozenset({"picture_not_png", "picture_unreadable", "picture_too_large", "picture_opaque", "picture_empty"})
REFUSALS |= {"picture_not_blue", "picture_not_red"}


def redrawn(content: bytes, colour: str) -> Picture:
    """A picture as it may be put into documents: drawn anew in a child, so that nothing else of the file is kept.

    Args:
        content: what was uploaded.
        colour: `BLUE` or `RED`.

    Raises:
        Refusal: `file_needed`, `picture_too_heavy`; `picture_not_png`, `picture_unreadable`; `picture_too_large`,
            `picture_opaque`, `picture_empty`, `picture_not_blue`, `picture_not_red`.
    """
    if not content:
        raise Refusal("file_needed")
    if len(content) > LARGEST_PICTURE_KB * 1024:
        raise Refusal("picture_too_heavy", {"max": LARGEST_PICTURE_KB})
    head = json.dumps({"colour": colour, **asdict(LITTLE)}).encode()
    try:
        png, said = run_child(COMMAND, head + b"\n" + content, LITTLE.wall_seconds)
    except ChildFailed as failure:
        code = failure.code if failure.code in REFUSALS else "picture_unreadable"
        raise Refusal(code, {"max": LARGEST_SIDE}) from failure
    return Picture(png, int(str(said["width"])), int(str(said["height"])), has_transparency=True)


# -- the child's side ------------------------------------------------------------------------------------------


def look(given: bytes) -> tuple[bytes, dict[str, object]]:
    """Reads one picture and writes it anew.

    Raises:
        ChildFailed: one of `REFUSALS`.
    """
    head, _, content = given.partition(b"\n")
    asked = json.loads(head)
    isolated = isolate()
    limit_memory(asked["memory_bytes"])
    raise_processor_limit(asked["cpu_seconds"])
    image = _opened(content)
    _refuse_colour(image, asked["colour"])
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue(), {"width": image.width, "height": image.height, "isolated": isolated}


def _opened(content: bytes) -> Image:
    from PIL import Image as Pillow  # noqa: PLC0415 - the child imports it inside its limits

    try:
        found = Pillow.open(io.BytesIO(content), formats=("PNG",))
    except Pillow.DecompressionBombError as error:
        raise ChildFailed("picture_too_large", str(error)) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ChildFailed("picture_not_png", str(error)) from error
    if max(found.size) > LARGEST_SIDE:
        raise ChildFailed("picture_too_large", f"{found.width} x {found.height}")
    try:
        return found.convert("RGBA")
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise ChildFailed("picture_unreadable", str(error)) from error


def _refuse_colour(image: Image, colour: str) -> None:
    """See that paper shows through, that there is ink, and that it is of the right colour."""
    from PIL import ImageStat  # noqa: PLC0415 - the same

    alpha = image.getchannel("A")
    if alpha.histogram()[0] == 0:
        raise ChildFailed("picture_opaque")
    ink = alpha.point(lambda value: 255 if value >= SEEN else 0)
    if ink.getbbox() is None:
        raise ChildFailed("picture_empty")
    red, _, blue = ImageStat.Stat(image.convert("RGB"), ink).mean
    if colour == BLUE and blue <= red:
        raise ChildFailed("picture_not_blue")
    if colour == RED and red <= blue:
        raise ChildFailed("picture_not_red")


if __name__ == "__main__":
    os._exit(answer(look))
