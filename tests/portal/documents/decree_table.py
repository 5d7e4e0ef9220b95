"""What Decree 30/2020 says of each line of each kind of document, typed from it and not from our style.

Faces and sizes are those of the samples of letters (appendix I.V), places those of the plan of boxes (appendix I.IV).
"""

from __future__ import annotations

from typing import NamedTuple

from tests.portal.documents.kinds_of_documents import CONTACT

REGULAR, BOLD, ITALIC, BOLD_ITALIC = "Tinos", "Tinos-Bold", "Tinos-Italic", "Tinos-Bold-Italic"


class Element(NamedTuple):
    """What the decree says of one line: its box, a face, sizes in points from and to, and where it stands."""

    box: str
    text: str
    face: str
    least: int
    most: int
    stands: str


HEAD = (
    Element("1", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", BOLD, 12, 13, "right column"),
    Element("1", "Độc lập - Tự do - Hạnh phúc", BOLD, 13, 14, "right column"),
    Element("4", "Gia Lai, ngày 05 tháng 3 năm 2025", ITALIC, 13, 14, "right column"),
)
COMMITTEE = (
    Element("2", "ỦY BAN NHÂN DÂN", BOLD, 12, 13, "left column"),
    Element("2", "TỈNH GIA LAI", BOLD, 12, 13, "left column"),
)
SIGNED = (
    Element("7a", "TM. ỦY BAN NHÂN DÂN", BOLD, 13, 14, "right half"),
    Element("7a", "KT. CHỦ TỊCH", BOLD, 13, 14, "right half"),
    Element("7a", "PHÓ CHỦ TỊCH", BOLD, 13, 14, "right half"),
    Element("7b", "Nguyễn Thị Thanh Lịch", BOLD, 13, 14, "right half"),
    Element("9b", "Nơi nhận:", BOLD_ITALIC, 12, 12, "left margin"),
    Element("9b", "- Lưu: VT, NC.", REGULAR, 11, 11, "left margin"),
)
PRINTED: dict[str, tuple[Element, ...]] = {
    "report": (
        *COMMITTEE,
        *SIGNED,
        Element("3", "Số: 05/BC-UBND", REGULAR, 13, 13, "left column"),
        Element("5a", "BÁO CÁO", BOLD, 13, 14, "middle"),
        Element("5a", "Tình hình, kết quả thực hiện Đề án 06 tháng 01 năm 2025", BOLD, 13, 14, "middle"),
        Element("6", "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH", BOLD, 13, 14, "indent"),
        Element("9b", "- Như trên;", REGULAR, 11, 11, "left margin"),
    ),
    "plan": (
        *COMMITTEE,
        *SIGNED,
        Element("3", "Số: 05/KH-UBND", REGULAR, 13, 13, "left column"),
        Element("5a", "KẾ HOẠCH", BOLD, 13, 14, "middle"),
        Element("6", "Căn cứ Quyết định số 06/QĐ-TTg", ITALIC, 13, 14, "indent"),
    ),
    "proposal": (
        *COMMITTEE,
        *SIGNED,
        Element("3", "Số: 05/TTr-UBND", REGULAR, 13, 13, "left column"),
        Element("5a", "TỜ TRÌNH", BOLD, 13, 14, "middle"),
        Element("9a", "Kính gửi: Thường trực Tỉnh ủy", REGULAR, 13, 14, "middle"),
        Element("9b", "- Như trên;", REGULAR, 11, 11, "left margin"),
    ),
    "notice": (
        *COMMITTEE,
        *SIGNED,
        Element("3", "Số: 05/TB-UBND", REGULAR, 13, 13, "left column"),
        Element("5a", "THÔNG BÁO", BOLD, 13, 14, "middle"),
    ),
    "letter": (
        Element("2", "BỘ CÔNG AN", REGULAR, 12, 13, "left column"),
        Element("2", "CÔNG AN TỈNH GIA LAI", BOLD, 12, 13, "left column"),
        Element("3", "Số: 4598/CAT-PC06", REGULAR, 13, 13, "left column"),
        Element("5b", "V/v tiếp tục đôn đốc", REGULAR, 12, 13, "left column"),
        Element("9a", "Kính gửi: - Văn phòng Chính phủ;", REGULAR, 13, 14, "anywhere"),
    ),
    "decision": (
        *COMMITTEE,
        *SIGNED,
        Element("3", "Số: 05/QĐ-UBND", REGULAR, 13, 13, "left column"),
        Element("5a", "QUYẾT ĐỊNH", BOLD, 13, 14, "middle"),
        Element("5a", "Về việc kiện toàn Tổ công tác", BOLD, 13, 14, "middle"),
        Element("6", "ỦY BAN NHÂN DÂN TỈNH GIA LAI", BOLD, 13, 14, "middle"),
        Element("6", "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15;", ITALIC, 13, 14, "indent"),
        Element("6", "Theo đề nghị của Giám đốc Công an tỉnh.", ITALIC, 13, 14, "indent"),
        Element("6", "QUYẾT ĐỊNH:", BOLD, 13, 14, "middle"),
        Element("9b", "- Như Điều 3;", REGULAR, 11, 11, "left margin"),
    ),
    "decision-of-a-head": (
        Element("2", "UBND TỈNH GIA LAI", REGULAR, 12, 13, "left column"),
        Element("2", "SỞ NỘI VỤ", BOLD, 12, 13, "left column"),
        Element("6", "GIÁM ĐỐC SỞ NỘI VỤ", BOLD, 13, 14, "middle"),
    ),
    "telegram": (
        *COMMITTEE,
        *SIGNED,
        Element("3", "Số: 05/CĐ-UBND", REGULAR, 13, 13, "left column"),
        Element("5a", "CÔNG ĐIỆN", BOLD, 13, 14, "middle"),
        Element("9a", "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH GIA LAI điện:", REGULAR, 13, 14, "anywhere"),
        Element("9a", "- Giám đốc các sở, ban, ngành;", REGULAR, 13, 14, "anywhere"),
    ),
    "minutes": (
        *COMMITTEE,
        Element("3", "Số: 05/BB-UBND", REGULAR, 13, 13, "left column"),
        Element("5a", "BIÊN BẢN", BOLD, 13, 14, "middle"),
        Element("7a", "THƯ KÝ", BOLD, 13, 14, "left half"),
        Element("7b", "Trần Văn Thành", BOLD, 13, 14, "left half"),
        Element("7a", "CHỦ TỌA", BOLD, 13, 14, "right half"),
        Element("7b", "Nguyễn Thị Thanh Lịch", BOLD, 13, 14, "right half"),
        Element("9b", "Nơi nhận:", BOLD_ITALIC, 12, 12, "left margin"),
    ),
    "joint-plan": (
        Element("2", "SỞ NỘI VỤ -", BOLD, 12, 13, "left column"),
        Element("2", "CÔNG AN TỈNH GIA LAI", BOLD, 12, 13, "left column"),
        Element("3", "Số: 05/KH-SNV-CAT", REGULAR, 13, 13, "left column"),
        Element("7b", "Thượng tá Ksor H’Bơ Khắp", BOLD, 13, 14, "left half"),
        Element("7b", "Nguyễn Thị Thanh Lịch", BOLD, 13, 14, "right half"),
    ),
    "annexes": (
        Element("PL", "Phụ lục I", BOLD, 14, 14, "middle"),
        Element("PL", "DANH SÁCH ĐƠN VỊ CHƯA GỬI BÁO CÁO", BOLD, 13, 14, "middle"),
        Element("PL", "(Kèm theo Công văn số", ITALIC, 13, 14, "middle"),
    ),
    "marks": (
        Element("10b", "KHẨN", BOLD, 13, 14, "left half"),
        Element("11", "LƯU HÀNH NỘI BỘ", BOLD, 13, 14, "right half"),
        Element("12", "PL.(300)", REGULAR, 11, 11, "left margin"),
        Element("13", CONTACT[0][:20], REGULAR, 11, 12, "middle"),
    ),
}
