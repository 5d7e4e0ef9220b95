"""Decree 30/2020/NĐ-CP, appendix I.III: annexes, and which pages are laid on their side (appendix I.I.2)."""

from __future__ import annotations

from portal.documents.rules import BLANK_DAY, BLANK_NUMBER, roman

ANNEX = "Phụ lục"
MOST_COLUMNS_UPRIGHT = 8
"""A table of more columns has less than 2 cm for each between the margins of an upright page, and lies on its side."""


def annex_lead(number: int, of: int) -> str:
    """Appendix I.III.1.b: "Phụ lục II" in Roman numerals where there are several, "Phụ lục" where there is one.

    Args:
        number: of this one, from 1.
        of: how many there are.

    Raises:
        DecreeError: `bad_number`, there are more than can be counted.
    """
    return f"{ANNEX} {roman(number)}" if of > 1 else ANNEX


def annex_reference(type_name: str, symbol: str, issuer: str) -> str:
    """Appendix I.III.1.c: what the annex belongs to; of an electronic document number and day stay open in it.

    Args:
        type_name: "Báo cáo"; "Công văn" of an official letter.
        symbol: of the document.
        issuer: whose document it is, as people write its name.

    Returns:
        one line in brackets, without the last part where the issuer is not known.
    """
    dated = f"{type_name} số{BLANK_NUMBER}/{symbol} ngày{BLANK_DAY}tháng{BLANK_DAY}năm{BLANK_DAY}".rstrip()
    return f"(Kèm theo {dated} của {issuer})" if issuer else f"(Kèm theo {dated})"


def lies_on_its_side(columns: int) -> bool:
    """Appendix I.I.2: whether a table of so many columns needs a page that is wider than it is high."""
    return columns > MOST_COLUMNS_UPRIGHT
