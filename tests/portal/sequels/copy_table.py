"""What Decree 30/2020 says of each line of the block of a copy on paper, typed from it and not from our style.

Appendix I, part II.II and sample 3.1; faces and sizes of the boxes that a copy has in common with documents are those
of appendix I.V.
"""

from __future__ import annotations

from tests.portal.documents.decree_table import BOLD, BOLD_ITALIC, ITALIC, REGULAR, Element

BLOCK = (
    Element("1", "SAO Y", BOLD, 13, 14, "right column"),
    Element("2", "ỦY BAN NHÂN DÂN", BOLD, 12, 13, "left column"),
    Element("2", "TỈNH GIA LAI", BOLD, 12, 13, "left column"),
    Element("3", "Số: 12/SY-UBND", REGULAR, 13, 13, "left column"),
    Element("4", "Gia Lai, ngày 05 tháng 3 năm 2025", ITALIC, 13, 14, "right column"),
    Element("5a", "TL. CHỦ TỊCH", BOLD, 13, 14, "right half"),
    Element("5a", "CHÁNH VĂN PHÒNG", BOLD, 13, 14, "right half"),
    Element("5c", "Rơ Mah H’Lan", BOLD, 13, 14, "right half"),
    Element("7", "Nơi nhận:", BOLD_ITALIC, 12, 12, "left margin"),
    Element("7", "- Các sở, ban, ngành;", REGULAR, 11, 11, "left margin"),
    Element("7", "- Lưu: VT.", REGULAR, 11, 11, "left margin"),
)
"""Box of the plan of a copy, what stands in it, and how."""
