"""The binding child: `python -m portal.documents.binding` reads parts of a document and writes them as one PDF."""

from __future__ import annotations

import io
import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

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
    from collections.abc import Iterator, Sequence

COMMAND = program("portal.documents.binding")
BIND_CODES = frozenset({"parts_unreadable"}) | LIMIT_CODES
"""Every code with which binding can fail."""


def bound(parts: Sequence[bytes], budget: Budget) -> tuple[bytes, int]:
    """Several PDFs as one, bound in a child process.

    Args:
        parts: the PDFs, in order.
        budget: what the child may use.

    Returns:
        the PDF, and how many pages it has.

    Raises:
        ChildFailed: one of `BIND_CODES`.
    """
    head = json.dumps({"sizes": [len(part) for part in parts], "budget": asdict(budget)}).encode()
    pdf, said = run_child(COMMAND, b"\n".join((head, b"".join(parts))), budget.wall_seconds)
    return pdf, int(str(said["pages"]))


# -- the child's side ------------------------------------------------------------------------------------------


def bind(given: bytes) -> tuple[bytes, dict[str, object]]:
    """Returns the PDF of all parts, and how many pages it has.

    Raises:
        ChildFailed: `parts_unreadable`.
    """
    line, _, rest = given.partition(b"\n")
    told = json.loads(line)
    isolated, budget = isolate(), Budget(**told["budget"])
    limit_memory(budget.memory_bytes)
    import pypdfium2  # noqa: PLC0415 - imported inside the namespace and the limits

    raise_processor_limit(budget.cpu_seconds)
    whole = pypdfium2.PdfDocument.new()
    try:
        for part in _cut(rest, told["sizes"]):
            whole.import_pages(pypdfium2.PdfDocument(part))
    except pypdfium2.PdfiumError as error:
        raise ChildFailed("parts_unreadable", str(error)) from error
    written = io.BytesIO()
    whole.save(written)
    return written.getvalue(), {"pages": len(whole), "isolated": isolated}


def _cut(rest: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
    start = 0
    for size in sizes:
        yield rest[start : start + size]
        start += size


if __name__ == "__main__":
    os._exit(answer(bind))
