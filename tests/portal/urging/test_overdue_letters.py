"""A letter from the list of overdue tasks: whom it urges, what it is filled in with, what it becomes."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import publishing
from portal.definitions.service import current
from portal.demo.letters import WRITER
from portal.documents import service as documents
from portal.documents.job import Limits
from portal.documents.printing import Printer
from portal.files import FileStore
from portal.submissions import gate, handing
from portal.submissions import service as submissions
from portal.submissions.wording import wording_of
from portal.tasks.models import SourceDocument
from portal.urging import overdue, service
from portal.urging.rules import only
from tests.asked import statements
from tests.portal.documents.printed_page import read_lines
from workflows.errors import Refusal
from workflows.forms import write

if TYPE_CHECKING:
    from pathlib import Path

    from portal.submissions.models import Submission
    from tests.portal.province import Province

ON = date(2024, 8, 20)
LATE = ["UBND huyện Chư Păh", "UBND huyện Ia Grai", "Sở Thông tin và Truyền thông"]
TYPED = {"new_due": "30/12/2027", "contact": "Lê Thị Thu, cán bộ PC06", "phone": "0912345678"}


def gathered(province: Province, username: str = WRITER, key: str = overdue.ALL) -> Any:
    return overdue.gather(province.session, province.actor(username), key, ON)


def begun(province: Province, form: str = "urging-letter", late: list[int] | None = None) -> Submission:
    writer = province.actor(WRITER)
    ticked = [row.unit_id for row in gathered(province).rows] if late is None else late
    source = (overdue.KIND, overdue.ALL)
    return service.begin(
        province.session, writer, source, form_key=form, unit_id=min(writer.own_units), late=ticked, on=ON
    )


def completed(province: Province, report: Submission) -> None:
    typed = {**write(submissions.form_of(report), report.values), **TYPED}
    submissions.save(province.session, province.actor(WRITER), report, typed, report.edition)
    assert [each for each in gate.findings(report, ()) if each.severity == "error"] == []


def test_the_list_has_each_unit_with_what_it_has_not_done(province: Province) -> None:
    found = gathered(province)
    assert sorted(row.unit for row in found.rows) == sorted(LATE)
    assert (found.asked, found.done, found.due_on, found.source) == (3, 0, None, "4598/CAT-PC06")
    district = next(row for row in found.rows if row.unit == "UBND huyện Ia Grai")
    assert (district.days, district.person) == (1, "Đỗ Văn Nhật")
    assert district.missing.endswith("(hạn 19/08/2024)")


def test_who_sees_fewer_tasks_has_a_shorter_list_and_a_document_has_its_own(province: Province) -> None:
    assert [row.unit for row in gathered(province, "clerk").rows] == ["Sở Thông tin và Truyền thông"]
    plan = province.session.query(SourceDocument).filter_by(symbol="2433/KH-UBND").one()
    of_plan = gathered(province, key=str(plan.id))
    assert (of_plan.asked, of_plan.rows, of_plan.about[-12:]) == (1, (), "2433/KH-UBND")
    for key in ("999999", "x", "9" * 30):
        with pytest.raises(Refusal, match="not_found"):
            gathered(province, key=key)


def test_whoever_is_left_out_counts_nowhere(province: Province) -> None:
    found = gathered(province)
    ids = [row.unit_id for row in found.rows if "huyện" in row.unit]
    fewer = only(found, ids)
    assert (fewer.asked, fewer.done, len(fewer.rows)) == (2, 0, 2)
    assert fewer.due_on == date(2024, 8, 19)


def test_a_list_takes_as_many_statements_for_one_unit_as_for_three(province: Province) -> None:
    writer, clerk = province.actor(WRITER), province.actor("clerk")
    asked = []
    for actor in (writer, clerk):
        with statements(province.session.get_bind()) as seen:
            overdue.gather(province.session, actor, overdue.ALL, ON)
        asked.append(len(seen))
    assert asked[0] == asked[1] <= 3


def test_the_draft_is_filled_in_and_belongs_to_the_writers_unit(province: Province) -> None:
    report = begun(province)
    assert (report.unit.code, report.begun_kind, report.begun_key) == ("PC06", "overdue-tasks", "all")
    assert report.begun_name == "danh sách đơn vị có nhiệm vụ quá hạn, đến ngày 20/08/2024"
    assert [report.values[name] for name in ("asked", "answered", "late_number", "source")] == [
        3,
        0,
        3,
        "4598/CAT-PC06",
    ]
    assert sorted(row["unit"] for row in report.values["late"]) == sorted(LATE)
    assert (report.window_from, report.window_to) == (date(2024, 8, 1), date(2024, 8, 31))
    lacking = {each.path for each in gate.findings(report, ()) if each.severity == "error"}
    assert lacking == TYPED.keys()
    assert begun(province).id != report.id


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"form": "monthly-report"}, "process_needed"),
        ({"form": "nothing"}, "process_needed"),
        ({"late": [999_999]}, "nobody_to_urge"),
        ({"late": []}, "nobody_to_urge"),
    ],
)
def test_a_letter_without_process_or_late_units_is_refused(province: Province, changed: Any, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        begun(province, **changed)


def test_nobody_writes_for_another_unit(province: Province) -> None:
    writer, source = province.actor(WRITER), (overdue.KIND, overdue.ALL)
    foreign = min(province.actor("outsider").own_units)
    late = [row.unit_id for row in gathered(province).rows]
    with pytest.raises(Refusal, match="not_your_unit"):
        service.begin(province.session, writer, source, form_key="urging-letter", unit_id=foreign, late=late, on=ON)


def test_the_letter_of_the_police_is_like_4598(province: Province, tmp_path: Path) -> None:
    report = begun(province)
    completed(province, report)
    folder = handing.submit(
        province.session, province.actor(WRITER), report, edition=report.edition, version=0, deny_list=()
    )
    for username in ("police.head", "cat.deputy"):
        folder = province.approve(username, folder)
    (document,) = submissions.issued_about(province.session, report)
    province.session.commit()
    Printer(FileStore(tmp_path), Limits()).print_document(province.session, {"document_id": document.id})
    province.session.refresh(document)
    assert document.file is not None
    lines = read_lines(FileStore(tmp_path).read(document.file.sha256))
    text = " ".join(line.text for line in lines)
    said = (
        "BỘ CÔNG AN",
        "CÔNG AN TỈNH GIA LAI",
        "/CAT-PC06",
        "V/v tiếp tục đôn đốc",
        "Kính gửi:",
        "nhiệm vụ của 0/3 đơn vị",
    )
    assert [words for words in said if words not in text] == []
    content = documents.content_of(document)
    assert sorted(line.strip("-;. ") for line in content["address"]["lines"]) == sorted(LATE)
    assert [line[-1] for line in content["address"]["lines"]] == [";", ";", "."]
    (table,) = [block for block in content["annexes"][0]["blocks"] if block["kind"] == "table"]
    assert sorted(row[0]["text"] for row in table["rows"]) == sorted(LATE)


def test_many_addressees_are_said_together(province: Province) -> None:
    report = begun(province, "urging-notice")
    rows = [{**report.values["late"][0], "unit": f"UBND xã số {number}"} for number in range(16)]
    report.values = {**report.values, "late": rows}
    template = current(province.session, "document", "urging-notice")
    words = "Các cơ quan, đơn vị, địa phương có tên trong danh sách kèm theo"
    assert wording_of(province.session, report, template).addressees == (words,)
    report.values = {**report.values, "late": rows[1:]}
    assert len(wording_of(province.session, report, template).addressees) == 15


def test_a_list_longer_than_the_table_of_a_process_is_refused(province: Province) -> None:
    body = copy.deepcopy(current(province.session, "form", "urging-notice").body)
    body["sections"][1]["fields"][0]["max_rows"] = 2
    publishing.publish(province.session, actor="system", kind="form", key="urging-notice", body=body)
    with pytest.raises(Refusal, match="too_many_to_urge") as refused:
        begun(province, "urging-notice")
    assert dict(refused.value.params) == {"count": 3, "most": 2}
