"""Where signatures go is told with the file: the room between title and name, in points from the lower left corner."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from portal.documents.content import Paragraph, Section
from portal.documents.job import Place
from portal.documents.rendering import RenderJob
from tests.portal.documents.document_samples import DIRECTION, report_job, short_report
from tests.portal.documents.kinds_of_documents import joint_plan, letter, minutes
from tests.portal.documents.pressing import pressed
from tests.portal.documents.printed_page import MM, read_lines

if TYPE_CHECKING:
    from portal.documents.content import Document
    from tests.portal.documents.printed_page import Line

PAPER_HEIGHT = 297
ROOM = 26


def room_in_mm(place: Place) -> tuple[float, float, float, float]:
    """Left, top, right and bottom edge from the paper's upper left corner, as lines are measured."""
    left, bottom = place.x * MM, PAPER_HEIGHT - place.y * MM
    return left, bottom - place.height * MM, left + place.width * MM, bottom


def the_line(lines: list[Line], text: str, place: Place) -> Line:
    return next(line for line in lines if line.text == text and line.page == place.page)


@pytest.mark.parametrize(
    ("document", "signs"),
    [
        (letter(), {"signature": ("PHÓ CHỦ TỊCH", "Nguyễn Thị Thanh Lịch")}),
        (
            joint_plan(),
            {
                "cosignature": ("PHÓ GIÁM ĐỐC", "Thượng tá Ksor H’Bơ Khắp"),
                "signature": ("PHÓ CHỦ TỊCH", "Nguyễn Thị Thanh Lịch"),
            },
        ),
        (minutes(), {"cosignature": ("THƯ KÝ", "Trần Văn Thành"), "signature": ("", "Nguyễn Thị Thanh Lịch")}),
    ],
    ids=["letter", "joint plan", "minutes"],
)
def test_each_signature_has_its_room_between_title_and_name(
    document: Document, signs: dict[str, tuple[str, str]]
) -> None:
    made = pressed(report_job(document))
    lines = read_lines(made.pdf)
    assert {place.name for place in made.places} == set(signs)
    for place in made.places:
        left, top, right, bottom = room_in_mm(place)
        title, name = signs[place.name]
        assert bottom - top == pytest.approx(ROOM, abs=0.1)
        assert the_line(lines, name, place).middle == pytest.approx((left + right) / 2, abs=0.2)
        assert the_line(lines, name, place).top == pytest.approx(bottom, abs=1.5)
        if title:
            assert the_line(lines, title, place).bottom <= top + 0.5
        inside = [line for line in lines if line.page == place.page and top + 1 < line.bottom and line.top < bottom - 1]
        assert not [line.text for line in inside if left < line.middle < right]


def test_two_rooms_stand_beside_each_other_and_never_overlap() -> None:
    rooms = {place.name: room_in_mm(place) for place in pressed(report_job(joint_plan())).places}
    assert rooms["cosignature"][2] <= rooms["signature"][0]
    assert rooms["cosignature"][1::2] == pytest.approx(rooms["signature"][1::2])


def test_a_long_document_is_signed_on_its_last_page() -> None:
    text = Section("Nội dung", tuple(Paragraph(DIRECTION) for _ in range(13)))
    made = pressed(report_job(replace(short_report(""), sections=(text,))))
    assert (made.pages, [(place.name, place.page) for place in made.places]) == (3, [("signature", 3)])


def test_a_template_of_ones_own_tells_its_rooms_by_their_ids() -> None:
    style = "@page { size: 100pt 200pt; margin: 10pt } body { margin: 0 } p { margin: 0; height: 30pt }"
    made = pressed(RenderJob('<p>Ký</p><p id="signature"></p><p id="other"></p>', {}, styles=(style,)))
    assert made.places == (Place("signature", 1, 10, 130, 80, 30),)
    assert pressed(RenderJob("<p>Ký</p>", {}, styles=(style,))).places == ()
