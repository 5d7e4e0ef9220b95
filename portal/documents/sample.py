"""The sample by which a template is looked at: a made-up document with everything in it that a document can have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from portal.definitions.decree import MINUTES
from portal.definitions.phrases import ANSWERS, addressees_of, answers_in, filled, phrases_of
from portal.documents import deciding, rules, signing
from portal.documents.codes import SAMPLE
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
from portal.documents.marks import Marks
from portal.documents.minutes import secretary_block
from portal.documents.missing import CLOSE, OPEN
from portal.documents.printed import template_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.documents.blocks import Json

FILLING = {
    "period": "tháng 01/2026",
    "unit": "Sở Nông nghiệp và Môi trường",
    "from": "15/12/2025",
    "to": "14/01/2026",
}
"""What stands for a submission in the phrases of a template; of the province of Văn Lang, which there is not."""

PLAIN = (
    "Đây là nội dung mẫu để xem trước cách trình bày, không phải văn bản đã ban hành. Các sở, ban, ngành, Ủy ban nhân "
    "dân các xã, phường tiếp tục rà soát, cắt giảm thành phần hồ sơ; cập nhật tiến độ hằng tuần theo phương châm rõ "
    "người, rõ việc, rõ thời gian, rõ trách nhiệm, rõ sản phẩm, rõ thẩm quyền."
)
IN_LINES = "Đoạn văn mẫu xuống dòng:\na) Việc thứ nhất đã hoàn thành;\nb) Việc thứ hai đang thực hiện."

FIGURES = FiguresTable(
    "Bảng số liệu mẫu so với kỳ trước",
    (
        Figure(
            "Hồ sơ nộp trực tuyến", "hồ sơ", "5.120/6.632 (77,20\u00a0%)", "14/01/2026", "4.420/6.300 (70,16\u00a0%)"
        ),
        Figure("Điểm Bộ chỉ số 766", "điểm", "60,74/100", "31/12/2025", "58,90/100"),
        Figure("Thứ hạng theo Bộ chỉ số 766", "hạng", "54/63", "31/12/2025"),
    ),
)
TARGETS = FiguresTable(
    "Bảng số liệu mẫu so với chỉ tiêu",
    (
        Figure("Hồ sơ đúng hạn", "hồ sơ", "6.450/6.632 (97,26\u00a0%)", "14/01/2026", target="≥ 95\u00a0%"),
        Figure(
            "Mức độ hài lòng",
            "phiếu",
            "912/960 (95,00\u00a0%)",
            "14/01/2026",
            target="≥ 90\u00a0%",
            note="Khảo sát tháng 12",
        ),
    ),
)
"""Two tables, for no document has every column that there can be at once."""

WIDE = Table(
    "Bảng mẫu nhiều cột",
    (
        Column("TT", "centre", 2),
        Column("Nhiệm vụ", weight=6),
        Column("Đơn vị chủ trì", weight=5),
        Column("Ngày giao", "centre", 5),
        Column("Hạn", "centre", 5),
        Column("Hồ sơ", "number", 3),
        Column("Kết quả", weight=5),
        Column("Ghi chú", weight=4),
    ),
    tuple(
        (
            str(number),
            "Số hóa sổ hộ tịch, làm sạch dữ liệu dân cư" if number % 2 else "Kết nối cơ sở dữ liệu đất đai",
            f"UBND xã mẫu số {number}",
            "15/12/2025",
            "14/01/2026",
            f"{number}.250",
            "Đã hoàn thành" if number % 3 else "Chậm so với kế hoạch do đường truyền chưa ổn định",
            "" if number % 4 else "Thiếu nhân lực",
        )
        for number in range(1, 13)
    ),
)
"""Long enough to go on over the end of a page."""

SIDEWAYS = Table(
    "",
    (
        Column("TT", "centre", 2),
        Column("Đơn vị", weight=5),
        *(Column(f"Chỉ tiêu {n}", "number", 2) for n in range(1, 11)),
    ),
    tuple((str(n), f"UBND xã mẫu số {n}", *(f"{n * k}" for k in range(1, 11))) for n in range(1, 9)),
)
"""Of so many columns that its page lies on its side."""

SECTIONS = (
    Section(
        "Công tác chỉ đạo, điều hành (mẫu)",
        (
            Clause("Quán triệt, ban hành văn bản"),
            Paragraph(PLAIN),
            Clause("Họp, kiểm tra, đôn đốc"),
            Paragraph(IN_LINES),
        ),
    ),
    Section("Kết quả thực hiện (mẫu)", (Paragraph(PLAIN), FIGURES, TARGETS, Paragraph(PLAIN))),
    Section("Tiến độ nhiệm vụ (mẫu)", (WIDE,)),
    Section("Khó khăn, vướng mắc (mẫu)", (Paragraph("Không phát sinh."),)),
)

ANNEXES = (
    Section("Danh sách đơn vị (mẫu)", (Paragraph(PLAIN), replace(WIDE, rows=WIDE.rows[:3]))),
    Section("Bảng nhiều cột (mẫu)", (SIDEWAYS,)),
)
CONTACT = (
    "Địa chỉ: số 1 đường Mẫu, phường Mẫu, tỉnh Văn Lang; điện thoại: 0123 456 789; fax: 0123 456 780",
    "Thư điện tử: bcd@vanlang.example; trang thông tin điện tử: vanlang.example",
)
NAMED = ("Sở Tài chính tỉnh Văn Lang", "Ủy ban nhân dân huyện Mẫu")
"""Addressees that stand in a table."""

SECRETARY = "Trần Thị Mẫu"
LONGEST_STAMP = "Thượng khẩn"


def sample_data(metadata: Mapping[str, Any], asked: Mapping[str, str] | None = None) -> dict[str, Json]:
    """What a template sees as `doc` when it is looked at: a draft without number and day, of made-up content.

    Args:
        metadata: of a sound template: its `type`, and its `wording` with words for a made-up submission.
        asked: the questions whose answers it can print by name, with what they ask, which stands for the answers;
            others that its phrases name are marked as missing.

    Raises:
        DecreeError: no document of this template could be issued: `unknown_type`, or a phrase that breaks a rule.
    """
    kind, said = metadata["type"], metadata["wording"]
    answers = {name: f"[{words}]" for name, words in (asked or {}).items()}
    missing = {name: f"{OPEN}{ANSWERS}{name}{CLOSE}" for name in _said(said) if name not in answers}
    filling = {**FILLING, **{f"{ANSWERS}{name}": words for name, words in (answers | missing).items()}}
    header = rules.issuer_header("Ủy ban nhân dân\ntỉnh Văn Lang", "Ban Chỉ đạo\nchuyển đổi số")
    document = Document(
        issuer=header,
        issuer_name="Ban Chỉ đạo chuyển đổi số",
        authority=deciding.authority(header.name_lines, "Trưởng ban", collective=True),
        symbol=rules.symbol_of("BCĐ", kind, said.get("drafter", "")),
        number=None,
        place="Văn Lang",
        day=None,
        kind=kind,
        subject=filled(said["subject"], filling),
        sections=SECTIONS,
        annexes=ANNEXES if metadata.get("annexes") else (),
        closing=filled(said["closing"], filling),
        signature=_signature(),
        cosignature=secretary_block(SECRETARY) if kind == MINUTES else None,
        recipients=tuple(said["recipients"]),
        grounds=tuple(filled(phrase, filling) for phrase in said.get("grounds", ())),
        opening=tuple(filled(phrase, filling) for phrase in said["opening"]),
        addressees=addressees_of(said, lambda _table, _column: NAMED),
        drafter=said.get("drafter", ""),
        archive_copies=said.get("archive_copies", 2),
        answers=answers,
        marks=_marks(said, shows_contact=metadata.get("contact", False)),
        verification=SAMPLE if metadata.get("verification") else None,
        draft=True,
    )
    return template_data(document)


def _said(wording: Mapping[str, Any]) -> set[str]:
    """The questions whose answers phrases say."""
    return {name for _, phrase in phrases_of(wording) for name in answers_in(phrase)}


def _marks(said: Mapping[str, Any], *, shows_contact: bool) -> Marks:
    """Those that it has; where an answer says how urgent it is, the longest of the stamps stands for it."""
    urgency = said.get("urgency", "")
    return Marks(
        urgency=LONGEST_STAMP if answers_in(urgency) else urgency,
        circulation=said.get("circulation", ""),
        typist="NVM",
        issued_copies=said.get("issued_copies"),
        contact=CONTACT if shows_contact else (),
    )


def _signature() -> signing.SignatureBlock:
    """Of a deputy who signs for a body of several, with a post of his own: every line that boxes 7a and 7b can have."""
    return signing.signature_block(
        collective="Ban Chỉ đạo",
        head_title="Trưởng ban",
        post="deputy",
        signer_title="Phó Trưởng ban",
        name="Nguyễn Văn Mẫu",
        other_post="Giám đốc Sở Nội vụ",
    )
