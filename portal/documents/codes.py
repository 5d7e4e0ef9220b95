"""The code by which whoever holds a document finds it on the public page: made, read as typed, drawn as a QR code."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

import segno

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.documents.blocks import Json

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that nobody who reads it off paper takes one character for another."""

LENGTH, GROUP = 16, 4
"""Characters of a code, of 5 bits each, and of one group of it."""

BITS: Final = 5 * LENGTH
LONGEST_TYPED = 100
LOOK_ALIKE: Mapping[int, str] = str.maketrans({"O": "0", "I": "1", "L": "1"})
PAGE: Final = "/verify"
"""Where the public page is, below the portal's own address."""


@dataclass(frozen=True)
class Verification:
    """What a document prints so that it can be checked.

    Attributes:
        code: its own, without spaces.
        portal: the public address of the portal, as in `https://trinh.example.gov.vn`; empty where it has none.
    """

    code: str
    portal: str


SAMPLE = Verification("0" * LENGTH, "https://vanlang.example")
"""What stands in a sample document; no document ever has this code."""


def new_code() -> str:
    """A code that nobody can guess: 80 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spaced(code: str) -> str:
    """A code in groups, as people read and type it: "7K3M-09QX-ATVE-2H8D"."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def read_code(typed: str) -> str:
    """The code that somebody typed, whatever the case, with any spaces and dashes, O for 0 and I or L for 1.

    Args:
        typed: by whoever read it off a paper.

    Returns:
        the code; empty when this can be none.
    """
    letters = unicodedata.normalize("NFKC", typed[:LONGEST_TYPED]).upper()
    code = "".join(each for each in letters if each.isalnum()).translate(LOOK_ALIKE)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def verification_data(verification: Verification | None) -> Json:
    """What the template sees of it: the code in groups, where to check it, and the picture that leads there."""
    if verification is None:
        return None
    portal = verification.portal.rstrip("/")
    place = f"{portal}{PAGE}" if portal else ""
    return {
        "code": spaced(verification.code),
        "place": place.partition("://")[2] or place,
        "picture": _picture(f"{place}/{verification.code}") if place else None,
    }


def _picture(address: str) -> Json:
    """A QR code as the outline of its dark squares: a drawing keeps its edges at any size, and needs no file."""
    rows = segno.make(address, error="m", micro=False).matrix
    strokes = [stroke for y, row in enumerate(rows) for stroke in _strokes(y, row)]
    return {"side": len(rows), "outline": "".join(strokes)}


def _strokes(y: int, row: bytes | bytearray) -> Iterator[str]:
    x = 0
    for is_dark, run in groupby(row):
        length = len(list(run))
        if is_dark:
            yield f"M{x} {y}h{length}v1h-{length}z"
        x += length
