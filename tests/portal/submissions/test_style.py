"""Notes on the style of a report: of what is printed, in the order of its document, with the names of the day."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import drafting, publishing
from portal.security import today
from portal.submissions import asking, service, style
from portal.units import service as units
from tests.asked import statements
from tests.portal.province import Province
from tests.web.processes_at_work import DESIGNER
from workflows.forms import parse_form
from workflows.forms.style import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.submissions.models import Submission

SHORT = "Theo Công văn số 4598/CAT-PC06, đã rà soát."


@pytest.fixture(params=["portal", pytest.param("portal_on_postgres", marks=pytest.mark.postgres)])
def province(request: pytest.FixtureRequest) -> Iterator[Province]:
    """The province on either database."""
    app = request.getfixturevalue(request.param)
    with app.app_context():
        yield Province(app.extensions["trinh"]["database"].session())


@pytest.fixture
def report(province: Province) -> Submission:
    return province.draft()


def noted(province: Province, report: Submission, **answers: Any) -> list[tuple[str, str, str]]:
    """Where something is said, what, and of which piece, where these are the answers."""
    values = {**asking.settled(report).values, **answers}
    found = style.notes(province.session, report, values)
    return [(each.path, each.code, str(each.params["found"])) for each in found]


def with_opening(province: Province, *phrases: str) -> None:
    """Publish a template of the report's document that begins with these phrases."""
    draft = drafting.begin(province.session, DESIGNER, "document", "provincial-report")
    body = deepcopy(draft.body)
    body["metadata"]["wording"]["opening"] = list(phrases)
    drafting.save(province.session, DESIGNER, draft, body, draft.edition)
    drafting.publish_draft(province.session, DESIGNER, draft, draft.edition, knows=1, why="Viết lại")


def test_the_demonstration_report_has_no_notes(province: Province, report: Submission) -> None:
    assert noted(province, report) == []


def test_printed_texts_are_looked_at_and_cells_of_tables(province: Province, report: Submission) -> None:
    rows = [{"number": "15/KH-STTTT", "summary": "V/v báo cáo ủy ban nhân dân tỉnh"}, {"summary": "V/v phường 1"}]
    found = noted(province, report, direction="Trình Sở Tài Chính", documents=rows, security=SHORT)
    assert found == [
        ("documents.0.summary", "body_capitals", "ủy ban nhân dân tỉnh"),
        ("documents.1.summary", "place_capitals", "phường 1"),
        ("direction", "body_capitals", "Sở Tài Chính"),
        ("security", "citation_incomplete", "4598/CAT-PC06"),
    ]


def test_where_nothing_arose_nothing_is_looked_at(province: Province, report: Submission) -> None:
    nothing = {"nothing": True, "reason": "Trình Sở Tài Chính"}
    assert noted(province, report, direction=nothing, documents=nothing, security=None) == []


def test_the_printed_texts_of_a_form_stand_in_its_order() -> None:
    label = {"vi": "Nhãn", "en": "Label"}
    column = {"name": "said", "type": "text", "label": label}
    fields = [
        {"type": "heading", "label": {"vi": "Đề mục", "en": "Heading"}, "printed": True},
        {"type": "heading", "label": label},
        {"name": "kept", "type": "text", "label": label},
        {"name": "rich", "type": "rich_text", "label": label, "printed": True},
        {"name": "table", "type": "table", "label": label, "printed": True, "columns": [column]},
        {"name": "count", "type": "integer", "label": label, "printed": True},
    ]
    section = {"key": "all", "name": {"vi": "Phần", "en": "Part"}, "fields": fields}
    form = parse_form({"schema": 1, "key": "f", "name": label, "sections": [section]})
    values = {"kept": "một", "rich": "**hai**", "table": [{"said": "ba"}, {}], "count": 4}
    assert [each for each in style.printed_texts(form, values) if each.words != "Nhãn"] == [
        Text("", "Phần", judged=False),
        Text("", "Đề mục", judged=False),
        Text("rich", "**hai**", marked=True),
        Text("table.0.said", "ba", in_table=True),
    ]


def test_the_first_mention_counts_through_all_answers(province: Province, report: Submission) -> None:
    found = noted(province, report, direction=SHORT, security=SHORT, proposals=SHORT)
    assert found == [("direction", "citation_incomplete", "4598/CAT-PC06")]


def test_the_opening_of_the_document_comes_before_the_answers(province: Province, report: Submission) -> None:
    with_opening(province, "Thực hiện Công văn số 4598/CAT-PC06 của Công An tỉnh, {unit} báo cáo:")
    assert noted(province, report, direction=SHORT) == []


def test_without_a_chain_there_are_notes_all_the_same(province: Province, report: Submission) -> None:
    gone = {"schedule": "monthly-report", "form": "monthly-report", "chain": "provincial-report"}
    for kind, key in gone.items():
        publishing.retire(province.session, DESIGNER, kind, key, seen=1, reason="Không dùng")
    assert [each[0] for each in noted(province, report, direction=SHORT)] == ["direction"]


def test_names_are_those_of_units_that_there_are_today(province: Province, report: Submission) -> None:
    finance = units.unit_by_code(province.session, "STC")
    assert finance is not None
    assert finance.name_vi in units.names(province.session, today())
    finance.valid_to = today() - timedelta(days=1)
    assert finance.name_vi not in units.names(province.session, today())
    assert noted(province, report, direction="Trình Sở Tài Chính") == []


def test_it_asks_the_database_no_more_for_a_longer_report(province: Province, report: Submission) -> None:
    values, session = asking.settled(report).values, province.session
    many = {**values, "documents": [{"summary": f"V/v số {number}"} for number in range(200)]}
    with statements(session.get_bind()) as few:
        style.notes(session, report, values)
    with statements(session.get_bind()) as more:
        style.notes(session, report, many)
    assert len(more) <= len(few)


def test_nothing_is_rewritten(province: Province, report: Submission) -> None:
    clerk = province.actor("clerk")
    service.save(province.session, clerk, report, {"direction": "Trình Sở Tài Chính"}, report.edition)
    before = dict(report.values)
    assert [each.code for each in style.notes(province.session, report, report.values)] == ["body_capitals"]
    assert report.values == before
