"""The pictures of `docs/decree-30.md`, the first page of each kind: `python -m tests.portal.documents.pictures`."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

from PIL import Image

from portal.documents.rendering import render
from tests.portal.documents.document_samples import report_job
from tests.portal.documents.kinds_of_documents import KINDS

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "pictures" / "documents"
DOTS_PER_INCH, COLOURS = 70, 16
SECOND_PAGES = {"annexes": 4}
"""Of annexes there is the last page, too: it lies on its side."""


def picture(pdf: bytes, page: int) -> Image.Image:
    """One page as it is seen, in the few colours that it has."""
    asked = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-f", str(page), "-l", str(page), "-png", "-"]
    drawn = subprocess.run(asked, input=pdf, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(drawn)).convert("RGB").quantize(COLOURS)


def main() -> None:
    """Print every kind and keep its first page, and that of its last annex."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for kind, document in KINDS.items():
        pdf = render(report_job(document())).pdf
        picture(pdf, 1).save(FOLDER / f"{kind}.png", optimize=True)
        if kind in SECOND_PAGES:
            picture(pdf, SECOND_PAGES[kind]).save(FOLDER / f"{kind}-last.png", optimize=True)


if __name__ == "__main__":
    main()
