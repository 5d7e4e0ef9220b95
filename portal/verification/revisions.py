"""The earlier states of a PDF: what is added to one, signatures among it, stands behind what was there before."""

from __future__ import annotations

import hashlib
import re
from itertools import islice

END = re.compile(rb"%%EOF(\r\n|\r|\n)?")
MOST = 50
"""Ends that are looked at; an issued document has one for each signature, proof or time stamp."""


def hashes_of(pdf: bytes) -> tuple[str, ...]:
    """The SHA-256 of a file, and then of each earlier state that it may be an addition to, the longest first.

    Args:
        pdf: any bytes; nothing but ends of PDF files is looked for in them.
    """
    whole, view = hashlib.sha256(), memoryview(pdf)
    found, done = [], 0
    for cut in _cuts(pdf):
        whole.update(view[done:cut])
        found.append(whole.hexdigest())
        done = cut
    whole.update(view[done:])
    return (whole.hexdigest(), *(each for each in reversed(found) if each != whole.hexdigest()))


def _cuts(pdf: bytes) -> list[int]:
    """Where earlier states may end, with or without the end of their last line."""
    ends = islice(END.finditer(pdf), MOST)
    return sorted({cut for end in ends for cut in (end.start() + len(b"%%EOF"), end.end())})
