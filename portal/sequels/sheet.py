"""The child that puts the block of a copy under what is copied: `python -m portal.sequels.sheet`.

Decree 30/2020, appendix I, part II: the parts of a copy stand on one page, directly after the last part of the copied
text, under a solid rule as wide as the text. So the block goes onto the last page where there is room for it, and onto
a page of its own where there is none.
"""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from portal.confined import (
    LIMIT_CODES,
    Budget,
    ChildFailed,
    answer,
    isolate,
    limit_memory,
    program,
    raise_processor_limit,
    run_child,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

COMMAND = program("portal.sequels.sheet")
SHEET_CODES = frozenset({"original_unreadable"}) | LIMIT_CODES
"""Every code with which it can fail."""

MM = 72 / 25.4
BOTTOM, GAP = 20 * MM, 6 * MM
"""The lower margin of a page (appendix I.I), and the room between the text and the rule, in points."""

SAME_PAPER = 3
"""Points by which a page may differ from the block's paper, A4 upright, for the block to stand on it."""


def under(original: bytes, block: bytes, budget: Budget) -> tuple[bytes, int]:
    """What is copied, with the block of the copy under its last part, made in a child process.

    Args:
        original: a PDF, from wherever it came.
        block: a PDF of one page that holds the block and nothing else.
        budget: what the child may use.

    Returns:
        the PDF, and how many pages it has.

    Raises:
        ChildFailed: one of `SHEET_CODES`.
    """
    head = json.dumps({"original": len(original), "budget": asdict(budget)}).encode()
    pdf, said = run_child(COMMAND, b"\n".join((head, original + block)), budget.wall_seconds)
    return pdf, int(str(said["pages"]))


# -- the child's side ------------------------------------------------------------------------------------------


def put_under(given: bytes) -> tuple[bytes, dict[str, object]]:
    """Returns the PDF of the copy, and how many pages it has.

    Raises:
        ChildFailed: `original_unreadable`.
    """
    line, _, rest = given.partition(b"\n")
    told = json.loads(line)
    isolated, budget = isolate(), Budget(**told["budget"])
    limit_memory(budget.memory_bytes)
    import pypdfium2  # noqa: PLC0415 - imported inside the namespace and the limits

    raise_processor_limit(budget.cpu_seconds)
    try:
        whole = pypdfium2.PdfDocument(rest[: told["original"]])
        for number in range(len(whole)):
            _flatten(whole[number], pypdfium2.raw)
        _add(whole, pypdfium2.PdfDocument(rest[told["original"] :]))
    except pypdfium2.PdfiumError as error:
        raise ChildFailed("original_unreadable", str(error)) from error
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue(), {"pages": len(whole), "isolated": isolated}


def _flatten(page: Any, raw: Any) -> None:
    """Images of signatures and seals become a part of the page, as on the paper that is printed of it."""
    raw.FPDFPage_Flatten(page, raw.FLAT_PRINT)
    page.close()


def _add(whole: Any, block: Any) -> None:
    last, lowest = whole[len(whole) - 1], block[0]
    top, bottom = _reach(lowest.get_objects())
    free = _free(last) if _is_same_paper(last, lowest) else 0.0
    if free < GAP + top - bottom:
        whole.import_pages(block)
        return
    stamp = block.page_as_xobject(0, whole).as_pageobject()
    floor = BOTTOM + free
    stamp.set_matrix(stamp.get_matrix().translate(0, floor - GAP - top))
    last.insert_obj(stamp)
    last.gen_content()


def _is_same_paper(page: Any, sheet: Any) -> bool:
    sizes = zip(page.get_size(), sheet.get_size(), strict=True)
    return page.get_rotation() == 0 and all(abs(one - other) < SAME_PAPER for one, other in sizes)


def _free(page: Any) -> float:
    """Points between the lowest thing on a page and its lower margin; whoever writes in that margin leaves none."""
    return float(_reach(page.get_objects())[1] - BOTTOM)


def _reach(things: Iterable[Any]) -> tuple[float, float]:
    """How far things on a page reach, up and down."""
    bounds = [thing.get_bounds() for thing in things]
    return max((each[3] for each in bounds), default=0.0), min((each[1] for each in bounds), default=0.0)


if __name__ == "__main__":
    os._exit(answer(put_under))
