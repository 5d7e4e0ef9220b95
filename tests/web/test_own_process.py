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
    from sqlalchemy.orm import Session

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
    answer = clerk.post("/submissions/new", {**form, "number": "1", "year": "2025"})
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
    answer = clerk.post("/submissions/new", {**form, "number": "2", "year": "2025"})
    assert "Nhãn mới" in unescape(clerk.get(answer.location).text)


def test_nothing_is_begun_without_saying_which(process: None, visit: Visit) -> None:
    del process
    clerk = visit("clerk")
    answer = clerk.post("/submissions/new", {"unit": "1", "number": "1", "year": "2025"})
    assert (answer.status_code, "Hãy chọn báo cáo nào trước" in unescape(answer.text)) == (422, True)
    assert clerk.post("/submissions/new", {"form": "nothing", "unit": "1"}).status_code == 422


def first_days(session: Session) -> dict[PeriodKind, int]:
    return {kind: asked.first_day for kind, asked in periods_of(session, KEY).items()}


def test_a_schedule_says_for_which_periods_a_form_is(process: None, portal: Flask, visit: Visit) -> None:
    del process
    every = {**beginning("schedule", KEY, NAME), "form": KEY, "every": ["quarter", "year"], "window": {"from": 1}}
    with rows(portal) as session:
        assert first_days(session) == {PeriodKind.MONTH: 15}
        publish(session, actor="test", kind="schedule", key=KEY, body=every)
        session.commit()
        assert first_days(session) == {PeriodKind.QUARTER: 1, PeriodKind.YEAR: 1}
    clerk = visit("clerk")
    form = Page(clerk.get(f"/submissions/new?form={KEY}").text).forms[""]
    answer = clerk.post("/submissions/new", {**form, "period": "quarter", "number": "2", "year": "2025"})
    assert answer.status_code == 302
    with rows(portal) as session:
        report = one(session, Submission, period_kind="quarter")
        assert (report.window_from.isoformat(), report.window_to.isoformat()) == ("2025-04-01", "2025-06-30")
    refused = clerk.post("/submissions/new", {**form, "period": "quarter", "number": "5", "year": "2025"})
    assert refused.status_code == 422


def ask_for(portal: Flask, key: str, every: list[str], first_day: int, kinds: list[str]) -> None:
    """Publish a schedule that asks for the form."""
    name = {"vi": f"Chế độ {key}", "en": key}
    body = beginning("schedule", key, name)
    level = {**body["owed_by"][0], "key": "some", "name": {"vi": f"Cấp {kinds[0]}", "en": "x"}, "kinds": kinds}
    body |= {"form": KEY, "every": every, "window": {"from": first_day}, "owed_by": [level]}
    if every == ["week"]:
        level["deadline"] = {"weekday": 1, "week": "next"}
        del body["window"]
    with rows(portal) as session:
        publish(session, actor="test", kind="schedule", key=key, body=body)
        session.commit()


def opening(who: Visitor, **asked: str) -> str:
    """The page on which a report is begun."""
    return unescape(who.get("/submissions/new", query_string={"form": KEY, **asked}).text)


def test_the_dates_and_the_help_are_those_of_the_period(process: None, portal: Flask, visit: Visit) -> None:
    del process
    ask_for(portal, "weekly", ["week"], 15, ["cpc"])
    ask_for(portal, "quarterly", ["quarter"], 1, ["department"])
    clerk = visit("clerk")
    page = opening(clerk, period="week", number="47", year="2025")
    assert "tuần 47/2025: từ ngày 17/11/2025 đến hết ngày 23/11/2025" in page
    assert "Một tuần tính từ thứ Hai đến Chủ nhật" in page
    assert "ngày 15" not in page
    assert "quý I/2025: từ ngày 01/01/2025" in opening(clerk, period="quarter", number="1", year="2025")
    assert "Không có kỳ" in opening(clerk, period="quarter", number="47", year="2025")
    assert 'aria-invalid="true"' in opening(clerk, period="rocket", number="1", year="2025")


def test_who_owes_it_is_said_and_what_he_owes_is_proposed(process: None, portal: Flask, visit: Visit) -> None:
    del process
    ask_for(portal, "weekly", ["week"], 15, ["cpc"])
    page = opening(visit("clerk"))
    assert "Chế độ báo cáo này giao cho: Cấp cpc. Đơn vị của bạn không thuộc diện phải báo cáo" in page
    ask_for(portal, "quarterly", ["quarter"], 1, ["department"])
    page = opening(visit("clerk"))
    assert "giao cho: Cấp department.</p>" in page
    assert '<option value="quarter" selected>' in page


@pytest.mark.parametrize("period", ["month", "rocket", ""])
def test_another_kind_of_period_is_not_taken_for_the_first_one(
    process: None, portal: Flask, visit: Visit, period: str
) -> None:
    del process
    ask_for(portal, "weekly", ["week"], 15, ["cpc"])
    ask_for(portal, "quarterly", ["quarter"], 1, ["department"])
    clerk = visit("clerk")
    form = Page(clerk.get(f"/submissions/new?form={KEY}").text).forms[""]
    answer = clerk.post("/submissions/new", {**form, "period": period, "number": "2", "year": "2025"})
    typed = Page(answer.text).forms[""]
    assert (answer.status_code, typed["number"], typed["year"]) == (422, "2", "2025")
    with rows(portal) as session:
        assert session.query(Submission).count() == 0


def test_of_two_first_days_the_last_schedule_by_key_holds(process: None, portal: Flask, visit: Visit) -> None:
    del process
    ask_for(portal, "a-first", ["month"], 1, ["department"])
    ask_for(portal, "b-second", ["month"], 10, ["cpc"])
    with rows(portal) as session:
        assert first_days(session) == {PeriodKind.MONTH: 10}
    page = opening(visit("clerk"), number="3", year="2025")
    assert "từ ngày 10/02/2025 đến hết ngày 09/03/2025" in page
    assert "Số liệu tính từ ngày 10 của tháng trước kỳ đến ngày 9" in page
    assert "giao cho: Cấp department; Cấp cpc.</p>" in page
