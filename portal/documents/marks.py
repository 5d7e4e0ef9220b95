"""Decree 30/2020/NĐ-CP, appendix I.III.2 to 4: the marks around the text: boxes 10b, 11, 12 and 13."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.definitions.decree import CIRCULATIONS, URGENCIES

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Marks:
    """What may stand around the text of a document; nothing has to.

    Attributes:
        urgency: box 10b, one of `decree.URGENCIES` in capitals or small letters; anything else is no mark.
        circulation: box 11, one of `decree.CIRCULATIONS`, likewise.
        typist: box 12, the initials of whoever drew it up.
        issued_copies: box 12, how many copies are issued; None where nobody counts them.
        contact: box 13, one line of the page per entry.
    """

    urgency: str = ""
    circulation: str = ""
    typist: str = ""
    issued_copies: int | None = None
    contact: tuple[str, ...] = ()


NO_MARKS = Marks()


def urgency_mark(said: str) -> tuple[str, str]:
    """Appendix I.III.2.b: what the stamp says, and which of the three it is, for each has its own length.

    Args:
        said: what somebody wrote or chose.

    Returns:
        "HỎA TỐC" and "flash", "THƯỢNG KHẨN" and "express", "KHẨN" and "urgent"; two empty texts for anything else.
    """
    word = _known(said, URGENCIES)
    return (word.upper(), URGENCIES[word]) if word else ("", "")


def circulation_mark(said: str) -> str:
    """Appendix I.III.2.c: "XEM XONG TRẢ LẠI" or "LƯU HÀNH NỘI BỘ"; empty for anything else."""
    return _known(said, CIRCULATIONS).upper()


def _known(said: str, known: Iterable[str]) -> str:
    plain = unicodedata.normalize("NFC", said).strip().casefold()
    return next((word for word in known if word.casefold() == plain), "")


def typist_mark(typist: str, copies: int | None) -> str:
    """Appendix I.III.3: "PL.(300)"; empty where copies are not counted."""
    return f"{typist}.({copies})" if copies and typist else ""


def initials(name: str) -> str:
    """The initials of a Vietnamese name, "PL" of Phạm Lan; a part in another script or a sign adds none."""
    return "".join(part[0] for part in unicodedata.normalize("NFC", name).upper().split() if part[0].isalpha())


def contact_lines(contact: str) -> tuple[str, ...]:
    """Appendix I.III.4: address, mail, telephone of the issuer as they stand at the foot of page 1."""
    return tuple(line.strip() for line in contact.splitlines() if line.strip())
