"""A process that nobody programmed: form and chain are drawn and published in the browser, then people work with it."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions.beginnings import beginning
from portal.definitions.publishing import publish
from portal.definitions.service import draft_of
from portal.submissions.models import Submission
from portal.submissions.regimes import periods_of
from tests.web.calls import one, rows
from tests.web.report_page import Page
from workflows.periods import PeriodKind

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

KEY = "registration-list"
NAME = {"vi": "Danh sách đăng ký", "en": "Registration list"}


def draw(designer: Visitor, kind: str, place: str, button: str, **typed: Any) -> None:
    """Change one thing of a draft in its designer, and press a button."""
    path = f"/definitions/{kind}/{KEY}/draft/design"
    panel = Page(designer.get(path, query_string={"at": place}).text).forms[path]
    sent = {name: text for name, text in panel.items() if name not in ("then", "csrf_token")}
    answer = designer.post(path, {**sent, **typed, "then": button})
    assert answer.status_code == 302, answer.text


def put_in_force(portal: Flask, designer: Visitor, kind: str) -> None:
    """Publish a draft."""
    with rows(portal) as session:
        draft = draft_of(session, kind, KEY)
        assert draft is not None
        edition = draft.edition
    form = {"edition": edition, "knows": 0, "note": "Theo kế hoạch"}
    answer = designer.post(f"/definitions/{kind}/{KEY}/draft/publish", form)
    assert answer.status_code == 302, unescape(answer.text)


@pytest.fixture
def process(portal: Flask, visit: Visit) -> None:
    """A form with a table, and a chain for it, drawn by the designer."""
    designer = visit("designer")
    for kind in ("form", "chain"):
        designer.post("/definitions/new", {"kind": kind, "key": KEY, "name_vi": NAME["vi"], "name_en": NAME["en"]})
    first = "sections[0].fields[0]"
    draw(designer, "form", first, "save", **{"label.vi": "Nội dung đăng ký", "label.en": "What for", "type": "text"})
    draw(designer, "form", "sections[0]", "add:sections[0].fields:table")
    people = {"label.vi": "Người đăng ký", "label.en": "People", "name": "people", "required": "yes", "printed": "yes"}
    draw(designer, "form", "sections[0].fields[1]", "add:sections[0].fields[1].columns:integer", **people)
    age = {"label.vi": "Tuổi", "label.en": "Age", "name": "age", "min": "18"}
    draw(designer, "form", "sections[0].fields[1].columns[1]", "save", **age)
    put_in_force(portal, designer, "form")
    draw(designer, "chain", "", "save", forms=KEY)
    put_in_force(portal, designer, "chain")


def begun(clerk: Visitor) -> int:
    """A report with the new form; gives its key."""
    page = unescape(clerk.get("/submissions/new").text)
    assert f'href="/submissions/new?form={KEY}"' in page
    form = Page(clerk.get(f"/submissions/new?form={KEY}").text).forms[""]
    answer = clerk.post("/submissions/new", {**form, "month": "1", "year": "2025"})
    assert answer.status_code == 302, answer.text
    return int(answer.location.rpartition("/")[2])


def test_a_clerk_fills_it_in_and_the_head_approves_it(process: None, portal: Flask, visit: Visit) -> None:
    del process
    clerk, head = visit("clerk"), visit("head")
    key = begun(clerk)
    page = unescape(clerk.get(f"/submissions/show/{key}").text)
    for words in ("Nội dung đăng ký", "Người đăng ký", "Tuổi"):
        assert words in page
    typed = Page(page).forms[f"/submissions/save/{key}"]
    answers = {"results": "Tập huấn VNeID", "people.0.content": "Nguyễn Văn A", "people.0.age": "17", "then": "submit"}
    refused = clerk.post(f"/submissions/save/{key}", {**typed, **answers})
    assert "18" in unescape(refused.text)
    typed = Page(clerk.get(f"/submissions/show/{key}").text).forms[f"/submissions/save/{key}"]
    handed_in = clerk.post(f"/submissions/save/{key}", {**typed, **answers, "people.0.age": "30"})
    assert handed_in.status_code == 302, unescape(handed_in.text)
    with rows(portal) as session:
        report = session.get_one(Submission, key)
        case, version = report.case_id, report.case.version if report.case else 0
    assert head.post(f"/cases/{case}/approve", {"version": version, "reason": ""}).status_code == 302
    with rows(portal) as session:
        assert session.get_one(Submission, key).case_status == "approved"
    assert "Nguyễn Văn A" in unescape(clerk.get(f"/submissions/show/{key}").text)


def test_a_report_keeps_the_form_that_it_was_begun_with(process: None, portal: Flask, visit: Visit) -> None:
    del process
    clerk, designer = visit("clerk"), visit("designer")
    key = begun(clerk)
    designer.post(f"/definitions/form/{KEY}/begin")
    draw(designer, "form", "sections[0].fields[0]", "save", **{"label.vi": "Nhãn mới"})
    with rows(portal) as session:
        draft = draft_of(session, "form", KEY)
        assert draft is not None
        edition = draft.edition
    designer.post(f"/definitions/form/{KEY}/draft/publish", {"edition": edition, "knows": 1, "note": "Sửa nhãn"})
    assert "Nhãn mới" not in unescape(clerk.get(f"/submissions/show/{key}").text)
    form = Page(clerk.get(f"/submissions/new?form={KEY}").text).forms[""]
    answer = clerk.post("/submissions/new", {**form, "month": "2", "year": "2025"})
    assert "Nhãn mới" in unescape(clerk.get(answer.location).text)


def test_nothing_is_begun_without_saying_which(process: None, visit: Visit) -> None:
    del process
    clerk = visit("clerk")
    answer = clerk.post("/submissions/new", {"unit": "1", "month": "1", "year": "2025"})
    assert (answer.status_code, "Hãy chọn báo cáo nào trước" in unescape(answer.text)) == (422, True)
    assert clerk.post("/submissions/new", {"form": "nothing", "unit": "1"}).status_code == 422


def test_a_schedule_says_for_which_periods_a_form_is(process: None, portal: Flask, visit: Visit) -> None:
    del process
    every = {**beginning("schedule", KEY, NAME), "form": KEY, "every": ["quarter", "year"], "window": {"from": 1}}
    with rows(portal) as session:
        assert periods_of(session, KEY) == {PeriodKind.MONTH: 15}
        publish(session, actor="test", kind="schedule", key=KEY, body=every)
        session.commit()
        assert periods_of(session, KEY) == {PeriodKind.QUARTER: 1, PeriodKind.YEAR: 1}
    clerk = visit("clerk")
    form = Page(clerk.get(f"/submissions/new?form={KEY}").text).forms[""]
    answer = clerk.post("/submissions/new", {**form, "period": "quarter", "month": "2", "year": "2025"})
    assert answer.status_code == 302
    with rows(portal) as session:
        report = one(session, Submission, period_kind="quarter")
        assert (report.window_from.isoformat(), report.window_to.isoformat()) == ("2025-04-01", "2025-06-30")
    refused = clerk.post("/submissions/new", {**form, "period": "quarter", "month": "5", "year": "2025"})
    assert refused.status_code == 422
