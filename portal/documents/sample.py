"""The sample by which a template is looked at: a made-up document with everything in it that a document can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions.phrases import ANSWERS, answers_in, filled
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
    template_data,
)
from portal.documents.missing import CLOSE, OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.documents.content import Json

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
    document = Document(
        issuer=rules.issuer_header("Ủy ban nhân dân\ntỉnh Văn Lang", "Ban Chỉ đạo\nchuyển đổi số"),
        symbol=rules.symbol_of("BCĐ", kind, said.get("drafter", "")),
        number=None,
        place="Văn Lang",
        day=None,
        kind=kind,
        subject=filled(said["subject"], filling),
        sections=SECTIONS,
        closing=filled(said["closing"], filling),
        signature=_signature(),
        recipients=tuple(said["recipients"]),
        opening=tuple(filled(phrase, filling) for phrase in said["opening"]),
        addressees=tuple(said["addressees"]),
        drafter=said.get("drafter", ""),
        archive_copies=2,
        answers=answers,
        draft=True,
    )
    return template_data(document)


def _said(wording: Mapping[str, Any]) -> set[str]:
    """The questions whose answers phrases say."""
    return {
        name for phrase in (wording["subject"], *wording["opening"], wording["closing"]) for name in answers_in(phrase)
    }


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
