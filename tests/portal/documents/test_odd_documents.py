"""Documents that nobody expects, very long or very wide: each stands on its paper, or is refused by a limit."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from portal.documents import rules
from portal.documents.content import Column, Paragraph, Section, Table
from portal.documents.job import Limits, RenderFailed
from portal.documents.rendering import Press, RenderJob, render
from portal.documents.signing import signature_block
from tests.portal.documents.document_samples import DIRECTION, report, report_job, short_report
from tests.portal.documents.printed_page import read_lines, read_paper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.documents.content import Document
    from portal.documents.job import RenderResult

LEFT, RIGHT_MARGIN, HAIR = 30, 15, 1
WORD = "Đ" + "ượ" * 249


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    warm = Press()
    yield warm
    warm.close()


def printed(press: Press, document: Document, **limits: int) -> RenderResult:
    return render(replace(report_job(document), limits=Limits(**{"wall_seconds": 180, **limits})), press)


def table(columns: int, rows: int, cell: str = "Đạt") -> Table:
    heads = tuple(Column(f"Chỉ tiêu {n}") for n in range(1, columns + 1))
    return Table("Kết quả", heads, ((cell,) * columns,) * rows)


def outside(made: RenderResult) -> list[str]:
    """Lines that leave the text's place on their paper."""
    paper = read_paper(made.pdf)
    return [
        line.text[:40]
        for line in read_lines(made.pdf)
        if line.left < LEFT - HAIR or line.right > paper[line.page - 1][0] - RIGHT_MARGIN + HAIR
    ]


def test_a_report_of_sixty_pages_with_a_table_of_five_hundred_rows_keeps_its_limits(press: Press) -> None:
    text = Section("Nội dung", tuple(Paragraph(DIRECTION) for _ in range(372)))
    heads = (Column("TT", "centre"), Column("Nhiệm vụ", weight=5), Column("Đơn vị", weight=3))
    rows = tuple((str(n), f"Nhiệm vụ số {n}", "Công an tỉnh") for n in range(1, 501))
    made = printed(press, replace(report(), sections=(text, Section("Phụ biểu", (Table("Nhiệm vụ", heads, rows),)))))
    assert made.pages >= 61
    assert [(place.name, place.page) for place in made.places] == [("signature", made.pages)]
    lines = read_lines(made.pdf)
    assert [line.text for line in lines if line.text.startswith("Nhiệm vụ số ")] == [row[1] for row in rows]
    assert sum(line.text == "Đơn vị" for line in lines) >= 10, "each page of the table has its head"


def test_a_word_without_an_end_is_broken_wherever_it_stands(press: Press) -> None:
    document = replace(
        short_report(WORD),
        subject=WORD,
        grounds=(WORD,),
        addressees=(WORD, WORD),
        recipients=(WORD,),
        closing=WORD,
        issuer=rules.issuer_header(WORD[:200], WORD[:300]),
        sections=(Section(WORD, (Paragraph(WORD), table(3, 1, WORD))),),
        annexes=(Section(WORD, (Paragraph(WORD),)),),
    )
    made = printed(press, document)
    assert outside(made) == []
    said = "".join(line.text for line in read_lines(made.pdf))
    assert said.count("ượ") >= 249 * 10, "nothing of it is lost"


def test_a_subject_of_three_pages_is_printed_to_its_end(press: Press) -> None:
    made = printed(press, replace(short_report("Ổn."), subject="về việc rà soát dữ liệu dân cư " * 220 + "KẾT THÚC"))
    lines = read_lines(made.pdf)
    assert next(line.page for line in lines if "KẾT THÚC" in line.text) >= 3
    assert outside(made) == []


def test_a_table_of_forty_columns_lies_on_its_side_within_the_margins(press: Press) -> None:
    made = printed(press, replace(report(), sections=(Section("Kết quả", (table(40, 2, "97,26%"),)),)))
    assert (297, 210) in read_paper(made.pdf)
    assert outside(made) == []


def test_a_table_of_twenty_thousand_rows_is_refused_by_a_limit_and_the_next_document_goes_on(press: Press) -> None:
    document = replace(report(), sections=(Section("Kết quả", (table(3, 20_000),)),))
    with pytest.raises(RenderFailed) as refused:
        printed(press, document, cpu_seconds=1)
    assert refused.value.code == "cpu_exhausted"
    assert printed(press, short_report("Ổn.")).pages == 1


def test_markup_in_a_name_is_printed_as_letters(press: Press) -> None:
    block = signature_block(
        collective="Ủy ban nhân dân",
        head_title="Chủ tịch",
        post="head",
        signer_title="Chủ tịch",
        name="<script>Ksor</script> {{ doc }}",
    )
    made = printed(press, replace(short_report("Ổn."), signature=block))
    assert "<script>Ksor</script> {{ doc }}" in {line.text for line in read_lines(made.pdf)}


def test_a_large_picture_keeps_the_limits(press: Press) -> None:
    noise = Image.effect_noise((1600, 1400), 90).convert("RGB")
    file = io.BytesIO()
    noise.save(file, "PNG")
    assert file.tell() > 2_000_000
    made = render(RenderJob('<img src="asset:seal" style="width: 100%">', {}, assets={"seal": file.getvalue()}), press)
    assert made.pages == 1
