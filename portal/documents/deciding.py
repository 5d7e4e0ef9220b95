"""Decree 30/2020/NĐ-CP, appendix III, samples 1.1 to 1.3 and 1.6: who decides, on what grounds, and in articles."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from portal.definitions.decree import DECIDING
from portal.documents.signing import title_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CALLS = "điện:"
"""Sample 1.6: what stands behind the issuer of a telegram, before those whom it reaches."""


def authority(name_lines: Sequence[str], head_title: str, *, collective: bool) -> str:
    """Samples 1.1 to 1.3: who decides, in capitals: a collective body by its name, otherwise its head.

    Args:
        name_lines: box 2 without the superior, in capitals.
        head_title: what the head is called, "Giám đốc".
        collective: whether the body decides together.

    Returns:
        "ỦY BAN NHÂN DÂN TỈNH GIA LAI", "GIÁM ĐỐC SỞ NỘI VỤ", "CHÁNH THANH TRA TỈNH": words they share are said once.
    """
    name, title = " ".join(name_lines), unicodedata.normalize("NFC", head_title).upper()
    return name if collective or name.startswith(title) else title_in(title, name).upper()


def ground_lines(grounds: Iterable[str]) -> tuple[str, ...]:
    """Appendix I.II.6.b: the legal grounds, one to a line, each ends with ";" and the last with "."."""
    lines = (line.strip().rstrip(" ;.,") for ground in grounds for line in ground.splitlines())
    texts = [line for line in lines if line]
    return (*(f"{text};" for text in texts[:-1]), f"{texts[-1]}.") if texts else ()


def decides_line(kind: str) -> str:
    """Samples 1.1 to 1.3: "QUYẾT ĐỊNH:" between the grounds and the first article; empty for any other type."""
    return f"{DECIDING[kind].upper()}:" if kind in DECIDING else ""


def article_lead(number: int) -> str:
    """Appendix I.II.6.c: what an article begins with, counted in Arabic numerals."""
    return f"Điều {number}."


def telegram_lead(authority_line: str) -> str:
    """Sample 1.6: what stands before those whom a telegram reaches, "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH … điện:"."""
    return f"{authority_line} {CALLS}"
