"""One document of each kind that the decree has a sample for, short; each test that measures one prints it itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from portal.documents import deciding, rules, signing
from portal.documents.content import Column, Document, Paragraph, Section, Table
from portal.documents.marks import Marks
from portal.documents.minutes import secretary_block
from tests.portal.documents.document_samples import DIRECTION, letter, report

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMMITTEE = rules.issuer_header("", "Ủy ban nhân dân\ntỉnh Gia Lai")
HOME_AFFAIRS = rules.issuer_header("UBND tỉnh Gia Lai", "Sở Nội vụ")
CONTACT = (
    "Địa chỉ: số 1 đường Mẫu, phường Mẫu, tỉnh Gia Lai; điện thoại: 0123 456 789; fax: 0123 456 780",
    "Thư điện tử: mau@gialai.example; trang thông tin điện tử: gialai.example",
)
TEXT = Section("Nội dung", (Paragraph(DIRECTION),))


def short() -> Document:
    """A report of one section, sent to nobody in particular."""
    return replace(report(), sections=(TEXT,), addressees=())


def _named(kind: str, subject: str, **changes: object) -> Document:
    symbol = rules.symbol("UBND", type_abbreviation=kind)
    return replace(short(), kind=kind, symbol=symbol, subject=subject, **changes)  # type: ignore[arg-type]


def plan() -> Document:
    """A plan, which has legal grounds."""
    grounds = ("Căn cứ Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022 của Thủ tướng Chính phủ",)
    return _named("KH", "Thực hiện Đề án 06 năm 2025", grounds=grounds)


def proposal() -> Document:
    """A proposal, which is sent to a superior."""
    return _named("TTr", "Về việc ban hành Kế hoạch thực hiện Đề án 06", addressees=("Thường trực Tỉnh ủy",))


def notice() -> Document:
    """A notice."""
    return _named("TB", "Kết luận phiên họp về thực hiện Đề án 06 tháng 01 năm 2025")


def decision() -> Document:
    """A decision of the People's Committee in three articles, the last of which is the closing."""
    return _named(
        "QĐ",
        "Về việc kiện toàn Tổ công tác triển khai Đề án 06",
        authority=deciding.authority(COMMITTEE.name_lines, "Chủ tịch", collective=True),
        grounds=(
            "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15",
            "Căn cứ Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022 của Thủ tướng Chính phủ",
            "Theo đề nghị của Giám đốc Công an tỉnh",
        ),
        opening=(),
        sections=(
            Section("Điều khoản 1", (Paragraph("Kiện toàn Tổ công tác triển khai Đề án 06 của tỉnh."),)),
            Section("Điều khoản 2", (Paragraph("Tổ công tác chấm dứt hoạt động khi hoàn thành nhiệm vụ."),)),
        ),
        closing="Chánh Văn phòng UBND tỉnh và Giám đốc Công an tỉnh chịu trách nhiệm thi hành Quyết định này",
    )


def decision_of_a_head() -> Document:
    """A decision of a department, which its director makes alone."""
    return replace(
        decision(),
        issuer=HOME_AFFAIRS,
        symbol="QĐ-SNV",
        authority=deciding.authority(HOME_AFFAIRS.name_lines, "Giám đốc", collective=False),
    )


def telegram() -> Document:
    """A telegram, most urgent, of the chairman to several."""
    return _named(
        "CĐ",
        "Về việc tập trung xử lý hồ sơ quá hạn",
        authority="CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH GIA LAI",
        addressees=("Giám đốc các sở, ban, ngành", "Chủ tịch Ủy ban nhân dân các xã, phường"),
        marks=Marks(urgency="Hỏa tốc"),
    )


def minutes() -> Document:
    """Minutes, which chair and secretary sign."""
    return _named(
        "BB", "Họp Tổ công tác triển khai Đề án 06 tháng 01 năm 2025", cosignature=secretary_block("Trần Văn Thành")
    )


def joint_plan() -> Document:
    """A plan of two issuers, who both sign."""
    partner = signing.signature_block(
        collective="",
        head_title="Giám đốc",
        post="deputy",
        signer_title="Phó Giám đốc",
        name="Ksor H’Bơ Khắp",
        rank="Thượng tá",
    )
    return replace(
        plan(),
        issuer=rules.joint_header(HOME_AFFAIRS, rules.issuer_header("Bộ Công an", "Công an tỉnh Gia Lai")),
        symbol=rules.symbol("SNV", type_abbreviation="KH", unit="CAT"),
        cosignature=partner,
    )


def annexed() -> Document:
    """A letter with two annexes: a list over several pages, and a table that lies on its side."""
    rows = tuple((str(n), f"Ủy ban nhân dân xã số {n}", "Chưa gửi báo cáo") for n in range(1, 61))
    columns = (Column("TT", "centre"), Column("Đơn vị", weight=4), Column("Nội dung", weight=3))
    wide = (Column("TT", "centre"), *(Column(f"Chỉ tiêu {n}", "number", 2) for n in range(1, 12)))
    values = (tuple(str(n) for n in range(1, 13)),) * 3
    return replace(
        letter(),
        issuer_name="Công an tỉnh Gia Lai",
        annexes=(
            Section("Danh sách đơn vị chưa gửi báo cáo", (Table("", columns, rows),)),
            Section("Kết quả theo chỉ tiêu", (Table("", wide, values),)),
        ),
    )


def marked() -> Document:
    """A report with every mark that may stand around a text."""
    marks = Marks("Khẩn", "Lưu hành nội bộ", "PL", 300, CONTACT)
    return replace(report(), marks=marks)


KINDS: Mapping[str, Callable[[], Document]] = {
    "report": report,
    "plan": plan,
    "proposal": proposal,
    "notice": notice,
    "letter": letter,
    "decision": decision,
    "decision-of-a-head": decision_of_a_head,
    "telegram": telegram,
    "minutes": minutes,
    "joint-plan": joint_plan,
    "annexes": annexed,
    "marks": marked,
}
"""Every kind by what its picture is called."""
