"""The types of documents of Decree 30/2020/NĐ-CP: what a template can be a template of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE_NAMES: Mapping[str, str] = {
    "NQ": "Nghị quyết",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "QC": "Quy chế",
    "QyĐ": "Quy định",
    "TC": "Thông cáo",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "CTr": "Chương trình",
    "KH": "Kế hoạch",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "DA": "Dự án",
    "BC": "Báo cáo",
    "BB": "Biên bản",
    "TTr": "Tờ trình",
    "HĐ": "Hợp đồng",
    "CĐ": "Công điện",
    "BGN": "Bản ghi nhớ",
    "BTT": "Bản thỏa thuận",
    "GUQ": "Giấy ủy quyền",
    "GM": "Giấy mời",
    "GGT": "Giấy giới thiệu",
    "GNP": "Giấy nghỉ phép",
    "PG": "Phiếu gửi",
    "PC": "Phiếu chuyển",
    "PB": "Phiếu báo",
}
"""Appendix III.I: the abbreviation of each named type. An official letter (công văn) has none."""

LETTER: Final = "CV"
"""What a template is called that makes official letters (công văn); the letters themselves do not carry it."""

LETTER_NAME: Final = "Công văn"

TYPES: Final = (*TYPE_NAMES, LETTER)
"""What a template may be of."""

TELEGRAM: Final = "CĐ"
MINUTES: Final = "BB"

ADDRESSED = frozenset({"BC", "TTr", TELEGRAM, LETTER})
"""Appendix I.II.9.a: what is sent to somebody whom box 9a names: reports and proposals to a superior, letters; and
appendix III, sample 1.6: telegrams."""

DECIDING: Mapping[str, str] = {"QĐ": "Quyết định", "NQ": "Quyết nghị"}
"""Appendix III, samples 1.1 to 1.3: what decides by articles, and what stands between its grounds and the first."""

URGENCIES: Mapping[str, str] = {"Hỏa tốc": "flash", "Thượng khẩn": "express", "Khẩn": "urgent"}
"""Appendix I.III.2.b: what box 10b may say, the most urgent first, and what we call it."""

CIRCULATIONS: Final = ("Xem xong trả lại", "Lưu hành nội bộ")
"""Appendix I.III.2.c: what box 11 may say."""


def is_abbreviation(text: str) -> bool:
    """Appendix I.II.3.b: whether a symbol can name a unit or a field so: one word, a capital first, PC06 or SNgV."""
    return re.fullmatch(r"\w+", text) is not None and text[0].isupper()
