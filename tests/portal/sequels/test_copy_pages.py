"""Copies on paper as they lie on the desk: the block as the decree draws it, directly under what is copied."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from portal.confined import Budget, ChildFailed
from portal.documents.job import Limits
from portal.documents.rendering import render
from portal.sequels import rules
from portal.sequels.printing import _look, block_job
from portal.sequels.sheet import under
from tests.portal.documents.document_samples import report, report_job, short_report
from tests.portal.documents.printed_page import read_lines, read_paper, read_rules
from tests.portal.sequels.copy_table import BLOCK
from tests.uploads import PDF

if TYPE_CHECKING:
    from tests.portal.documents.decree_table import Element
    from tests.portal.documents.printed_page import Line

LEFT, RIGHT, TOP, BOTTOM = 30, 195, 20, 277
MIDDLE = (LEFT + RIGHT) / 2
HAIR = 0.5

CONTENT: dict[str, Any] = {
    "title": "Sao y 12/SY-UBND",
    "form": "SAO Y",
    "issuer": {"superior_lines": [], "name_lines": ["ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"]},
    "number_line": "Số: 12/SY-UBND",
    "place_date": "Gia Lai, ngày 05 tháng 3 năm 2025",
    "recipients": {"lead": "Nơi nhận:", "lines": ["- Các sở, ban, ngành;", "- Lưu: VT."]},
    "typist": "",
    "cosignature": None,
    "signature": {
        "authority_lines": ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"],
        "post_line": "",
        "name": "Rơ Mah H’Lan",
    },
}


@pytest.fixture(scope="module")
def block() -> bytes:
    return render(block_job(CONTENT, Limits())).pdf


@pytest.fixture(scope="module")
def short() -> bytes:
    return render(report_job(short_report("Báo cáo kết quả."))).pdf


@pytest.fixture(scope="module")
def copied(short: bytes, block: bytes) -> bytes:
    return under(short, block, Budget())[0]


def first(lines: list[Line], text: str) -> Line:
    return next(line for line in lines if line.text.startswith(text))


@pytest.mark.parametrize("element", BLOCK, ids=lambda element: element.text)
def test_each_part_of_the_block_has_the_face_and_size_of_the_decree(block: bytes, element: Element) -> None:
    lines = read_lines(block)
    line = first(lines, element.text)
    assert line.faces == {element.face}
    assert all(element.least <= size <= element.most for size in line.sizes), line.sizes
    columns = {
        "left column": abs(line.middle - first(lines, "Số:").middle) < 1,
        "right column": abs(line.middle - first(lines, "Gia Lai, ngày").middle) < HAIR,
        "left margin": abs(line.left - LEFT) < HAIR,
        "right half": line.left > MIDDLE - 15 and line.middle > MIDDLE + 10,
    }
    assert columns[element.stands], line


def test_the_block_stands_on_the_last_page_under_a_rule_as_wide_as_the_text(short: bytes, copied: bytes) -> None:
    assert read_paper(copied) == read_paper(short) == [(210, 297)]
    last = max(line.bottom for line in read_lines(short))
    lines = read_lines(copied)
    (wide,) = [rule for rule in read_rules(copied) if rule.width > RIGHT - LEFT - HAIR]
    assert wide.left == pytest.approx(LEFT, abs=HAIR)
    assert wide.right == pytest.approx(RIGHT, abs=HAIR)
    assert 0 < wide.top - last < 15
    assert all(first(lines, each.text).top > wide.top for each in BLOCK if each.box in {"1", "3", "5c"})
    assert max(line.bottom for line in lines) <= BOTTOM + HAIR


def test_nothing_of_the_original_is_lost_or_moved(short: bytes, copied: bytes) -> None:
    after = {(line.text, round(line.left), round(line.top)) for line in read_lines(copied)}
    assert {(line.text, round(line.left), round(line.top)) for line in read_lines(short)} <= after


def test_without_room_the_block_has_a_page_of_its_own(block: bytes) -> None:
    filled = short_report(" ".join(["Kết quả thực hiện nhiệm vụ của Đề án 06 trong tháng."] * 8))
    original = render(report_job(filled)).pdf
    pdf, pages = under(original, block, Budget())
    assert pages == len(read_paper(original)) + 1
    lines = [line for line in read_lines(pdf) if line.page == pages]
    assert first(lines, "SAO Y").top - TOP < 10
    (wide,) = [rule for rule in read_rules(pdf) if rule.page == pages and rule.width > RIGHT - LEFT - HAIR]
    assert wide.top == pytest.approx(TOP, abs=HAIR)


def test_a_file_that_is_no_document_is_refused_by_its_code(block: bytes) -> None:
    for broken in (b"%PDF-1.7 nothing", PDF):
        with pytest.raises(ChildFailed) as failed:
            under(broken, block, Budget())
        assert failed.value.code == "original_unreadable"


def test_an_extract_has_the_head_of_the_document_and_the_chosen_parts_alone() -> None:
    job = report_job(report())
    content: dict[str, Any] = dict(job.data)
    parts = dict(rules.parts_of(content))
    assert parts["section:1"] == "I. CÔNG TÁC CHỈ ĐẠO, ĐIỀU HÀNH"
    assert parts["opening"] == ""
    data = rules.excerpt(content, ("section:1",))
    lines = read_lines(render(replace(job, data=data, styles=(*job.styles, _look("extract.css")))).pdf)
    text = " ".join(line.text for line in lines)
    for kept in ("CỘNG HÒA", "Số: 05/BC-UBND", "BÁO CÁO", "I. CÔNG TÁC CHỈ ĐẠO", "(Đã ký)", "Nguyễn Thị Thanh Lịch"):
        assert kept in text, kept
    for left_out in ("Thực hiện Quyết định số 06", "II. ", "Trên đây là báo cáo"):
        assert left_out not in text, left_out
