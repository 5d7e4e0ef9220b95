"""Documents that the layout tests print: January 2025 in Gia Lai, as a provincial report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from portal.definitions.library import shipped
from portal.documents import rules, signing
from portal.documents.content import (
    Clause,
    Column,
    Document,
    Figure,
    FiguresTable,
    Paragraph,
    Section,
    Table,
)
from portal.documents.printed import template_data
from portal.documents.rendering import RenderJob

ALPHABET = (
    "aàáảãạ ăằắẳẵặ âầấẩẫậ b c d đ eèéẻẽẹ êềếểễệ g h iìíỉĩị k l m n oòóỏõọ ôồốổỗộ ơờớởỡợ p q r s t uùúủũụ "
    "ưừứửữự v x yỳýỷỹỵ f j w z"
)
"""Typed by hand: the vowels with their six tones, and the consonants."""

CONTEXT = (
    "Thực hiện Quyết định số 06/QĐ-TTg ngày 06 tháng 01 năm 2022 của Thủ tướng Chính phủ phê duyệt Đề án phát triển "
    "ứng dụng dữ liệu về dân cư, định danh và xác thực điện tử phục vụ chuyển đổi số quốc gia giai đoạn 2022 - 2025, "
    "tầm nhìn đến năm 2030 (Đề án 06), Ủy ban nhân dân tỉnh Gia Lai báo cáo kết quả thực hiện tháng 01/2025 như sau:"
)
DIRECTION = (
    "Ủy ban nhân dân tỉnh đã chỉ đạo các sở, ban, ngành và Ủy ban nhân dân các huyện, thị xã, thành phố tiếp tục quán "
    "triệt, triển khai đồng bộ các nhiệm vụ của Đề án 06; rà soát, cắt giảm thành phần hồ sơ khi dữ liệu đã số hóa; "
    "cập nhật tiến độ hằng tuần theo phương châm rõ người, rõ việc, rõ thời gian, rõ trách nhiệm, rõ sản phẩm."
)
OVERDUE = (
    ("Công bố danh mục thủ tục hành chính liên thông", "Sở Tư pháp", "28/02/2025", "Chờ hướng dẫn của bộ chủ quản"),
    ("Số hóa sổ hộ tịch, làm sạch dữ liệu", "UBND huyện Ia Grai", "15/01/2025", "Thiếu nhân lực nhập liệu"),
    ("Kết nối cơ sở dữ liệu đất đai", "UBND huyện Chư Păh", "15/01/2025", "Đường truyền chưa ổn định"),
)


def report() -> Document:
    """The provincial People's Committee's monthly report, three pages long."""
    return Document(
        issuer=rules.issuer_header("", "Ủy ban nhân dân\ntỉnh Gia Lai"),
        symbol=rules.symbol("UBND", type_abbreviation="BC"),
        number=5,
        place="Gia Lai",
        day=date(2025, 3, 5),
        kind="BC",
        subject="Tình hình, kết quả thực hiện Đề án 06 tháng 01 năm 2025\n(từ ngày 15/12/2024 đến ngày 14/01/2025)",
        opening=(CONTEXT,),
        sections=(_direction(), _results(), _progress(), _plans()),
        closing="Trên đây là báo cáo kết quả thực hiện Đề án 06 tháng 01 năm 2025 của Ủy ban nhân dân tỉnh Gia Lai.",
        signature=signing.signature_block(
            collective="Ủy ban nhân dân",
            head_title="Chủ tịch",
            post="deputy",
            signer_title="Phó Chủ tịch",
            name="Nguyễn Thị Thanh Lịch",
        ),
        recipients=(
            "Thường trực Tỉnh ủy, Thường trực HĐND tỉnh",
            "Chủ tịch, các Phó Chủ tịch UBND tỉnh",
            "Công an tỉnh",
            "Các sở, ban, ngành",
        ),
        addressees=("Văn phòng Chính phủ", "Bộ Công an (Tổ công tác triển khai Đề án 06)"),
        drafter="NC",
    )


def letter() -> Document:
    """An official letter of the provincial police, such as 4598/CAT-PC06."""
    return replace(
        report(),
        issuer=rules.issuer_header("Bộ Công an", "Công an tỉnh Gia Lai"),
        symbol=rules.symbol_of("CAT", "CV", "PC06"),
        number=4598,
        kind="CV",
        subject="tiếp tục đôn đốc thực hiện các nhiệm vụ của Đề án 06 trên địa bàn tỉnh",
        opening=(),
        sections=(_plans(),),
        drafter="PC06",
    )


def _direction() -> Section:
    return Section(
        "Công tác chỉ đạo, điều hành",
        (
            Clause("Quán triệt, ban hành văn bản"),
            Paragraph(DIRECTION),
            Clause("Họp, kiểm tra, đôn đốc"),
            *(Paragraph(DIRECTION) for _ in range(3)),
        ),
    )


def _results() -> Section:
    figures = (
        Figure("Hồ sơ giải quyết sớm và đúng hạn", "hồ sơ", "6.450/6.632 (97,26%)", "31/01/2025", target="≥ 95%"),
        Figure("Điểm Bộ chỉ số 766", "điểm", "60,74/100", "15/01/2025"),
        Figure("Thứ hạng theo Bộ chỉ số 766", "hạng", "54/63", "15/01/2025"),
    )
    return Section(
        "Kết quả thực hiện",
        (Paragraph(DIRECTION), FiguresTable("Số liệu chủ yếu tháng 01 năm 2025", figures), Paragraph(DIRECTION)),
    )


def _progress() -> Section:
    columns = (
        Column("Nhiệm vụ", weight=4),
        Column("Đơn vị chủ trì", weight=3),
        Column("Hạn", align="centre", weight=2),
        Column("Nguyên nhân", weight=3),
    )
    return Section("Tiến độ nhiệm vụ", (Paragraph(DIRECTION), Table("Nhiệm vụ chậm tiến độ", columns, OVERDUE * 4)))


def _plans() -> Section:
    return Section("Đề xuất, kiến nghị", tuple(Paragraph(DIRECTION) for _ in range(2)))


def report_job(document: Document | None = None) -> RenderJob:
    """A job that prints a document with the shipped template."""
    body = next(body for kind, key, body in shipped() if (kind, key) == ("document", "provincial-report"))
    return RenderJob(
        template=body["template"],
        data=template_data(document or report()),
        blocks=body["blocks"],
        styles=(*body["block_styles"], body["style"]),
    )


def short_report(text: str, **changes: object) -> Document:
    """The report with one section of one paragraph."""
    return replace(report(), sections=(Section("Nội dung", (Paragraph(text),)),), **changes)  # type: ignore[arg-type]
