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

ADDRESSED = frozenset({"BC", "TTr", LETTER})
"""Appendix I.II.9.a: what is sent to somebody whom box 9a names: reports and proposals to a superior, and letters."""


def is_abbreviation(text: str) -> bool:
    """Appendix I.II.3.b: whether a symbol can name a unit or a field so: in capitals without spaces, VX or PC06."""
    return text == text.upper() and re.fullmatch(r"\w+", text) is not None
