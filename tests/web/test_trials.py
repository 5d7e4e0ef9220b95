"""The draft of a chain is tried out in the browser: with a made-up report, and with what was really handed in."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import event, update

from portal.definitions import service as definitions
from portal.definitions.writing import write_yaml
from portal.refusals import sentence
from tests.contracts.stage import WRITES, is_excused
from tests.web.calls import rows
from tests.web.chains import LEADER, MANY_DOCUMENTS, POLICE, chain, first_body, put_in_force, stage
from tests.web.report_page import Page, address
from tests.web.trials import (
    EVER,
    FOR_NOTHING,
    HEAD,
    KEY,
    NOBODY,
    REPLAY,
    TRY,
    TWO,
    key_of,
    listed,
    name_of,
    seen,
    with_office,
)
from workflows.errors import Refusal

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit
    from tests.web.desk import Desk

# -- a made-up report ------------------------------------------------------------------------------------------


def test_nothing_is_said_before_a_unit_is_chosen(drafted: Any) -> None:
    page = seen(drafted(first_body()))
    assert "<svg viewBox" not in page
    assert 'name="person"' not in page
    assert '<option value="STTTT">Sở Thông tin và Truyền thông' in page


def test_it_shows_stages_people_and_times(drafted: Any, portal: Flask) -> None:
    page = seen(drafted(first_body()), unit="STTTT")
    stages = listed(page)
    assert [each.split()[0] for each in stages] == ["done"] * 3
    for who, at in (("head", 0), ("deputy", 0), ("police.head", 1), ("vicechair", 2)):
        assert name_of(portal, who) in stages[at]
        assert f">{name_of(portal, who)}</text>" in page
    assert re.search(r"\d\d/\d\d/\d{4} 17:00", stages[1])
    assert "provincial-report" in stages[2]


def test_a_new_process_is_tried_with_the_questions_of_its_form_though_that_is_a_draft(visit: Visit) -> None:
    designer = visit("designer")
    answers = {"name_vi": "Đăng ký", "rhythm": "never", "way": "police", "outcome": ""}
    designer.post("/definitions/start", answers)
    draft = "/definitions/chain/dang-ky/draft"
    typed = Page(designer.get(draft).text).forms[draft]
    body = yaml.safe_load(typed["source"])
    body["stages"][0]["when"] = {"eq": [{"fact": "results"}, "Có"]}
    designer.post(draft, {**typed, "source": write_yaml(body)})
    page = seen(designer, f"{draft}/try", unit="STTTT", **{"fact-results": "Không"})
    assert [each.split()[0] for each in listed(page)] == ["skipped", "done"]


def test_only_people_of_the_unit_can_be_chosen_and_what_was_chosen_stays(drafted: Any, portal: Flask) -> None:
    visitor, clerk2 = drafted(with_office(HEAD, when=MANY_DOCUMENTS)), str(key_of(portal, "clerk2"))
    typed = Page(visitor.get(TRY, query_string={"unit": "STTTT", "person": clerk2, **TWO}).text).forms[""]
    assert (typed["unit"], typed["person"], typed["fact-documents_issued"]) == ("STTTT", clerk2, "2")
    other = Page(visitor.get(TRY, query_string={"unit": "STTTT", "person": key_of(portal, "outsider")}).text)
    assert other.forms[""]["person"] == str(key_of(portal, "clerk"))


def test_a_skipped_stage_says_which_condition_did_not_hold(drafted: Any) -> None:
    visitor = drafted(with_office(HEAD, when=MANY_DOCUMENTS))
    few, many = (seen(visitor, unit="STTTT", **{"fact-documents_issued": number}) for number in ("2", "1.000"))
    assert listed(few)[0].startswith("skipped")
    assert "“Số văn bản đã ban hành” lớn hơn 100 (Số văn bản đã ban hành = 2)" in listed(few)[0]
    assert listed(many)[0].startswith("done")


def test_a_step_that_is_left_out_says_why(drafted: Any, portal: Flask) -> None:
    extra = {**POLICE, "key": "extra", "when": MANY_DOCUMENTS}
    first = listed(seen(drafted(with_office(HEAD, extra)), unit="STTTT", **TWO))[0]
    assert first.startswith("done")
    assert "lớn hơn 100 (Số văn bản đã ban hành = 2)" in first
    assert name_of(portal, "police.head") not in first


def test_a_stage_of_which_no_step_is_asked_says_why(drafted: Any) -> None:
    first = listed(seen(drafted(with_office({**HEAD, "when": MANY_DOCUMENTS})), unit="STTTT", **TWO))[0]
    assert first.startswith("skipped")
    assert "lớn hơn 100 (Số văn bản đã ban hành = 2)" in first


def test_only_what_the_conditions_ask_is_asked_in_its_own_words(drafted: Any) -> None:
    of_unit = {"all": [{"eq": [{"fact": "unit_kind"}, "department"]}, {"eq": [{"fact": "task_lead"}, "STTTT"]}]}
    page = seen(drafted(with_office({**HEAD, "when": of_unit}, when=MANY_DOCUMENTS)), unit="STTTT")
    assert set(re.findall(r'name="(fact-[^"]+)"', page)) == {"fact-documents_issued", "fact-task_lead"}
    assert ">Số văn bản đã ban hành</label>" in page
    assert 'name="fact-' not in seen(drafted(first_body()), unit="STTTT")


def test_the_kind_of_the_unit_is_known_without_asking(drafted: Any) -> None:
    visitor = drafted(with_office(HEAD, when={"eq": [{"fact": "unit_kind"}, "department"]}))
    assert listed(seen(visitor, unit="STTTT"))[0].startswith("done")
    assert listed(seen(visitor, unit="PC06"))[0].startswith("skipped")


@pytest.mark.parametrize("typed", ["nhiều", "1,5", "9" * 200, "12%"])
def test_what_cannot_be_read_stays_with_the_reason_and_nothing_is_tried(drafted: Any, typed: str) -> None:
    page = seen(drafted(with_office(HEAD, when=MANY_DOCUMENTS)), unit="STTTT", **{"fact-documents_issued": typed})
    assert 'aria-invalid="true"' in page
    assert f'value="{typed}"' in page
    assert "<svg viewBox" not in page


@pytest.mark.parametrize(
    "asked",
    [
        {"unit": "NOWHERE"},
        {"unit": "\0"},
        {"unit": "STTTT", "person": "9" * 30},
        {"unit": "STTTT", "person": "-1", "form": "odd"},
        {"unit": "STTTT", "fact-odd": "1", "fact-documents_issued": "\0"},
    ],
)
def test_odd_questions_break_nothing(drafted: Any, asked: dict[str, str]) -> None:
    page = seen(drafted(with_office(HEAD, when=MANY_DOCUMENTS)), **asked)
    assert ("<svg viewBox" in page) is (asked["unit"] == "STTTT")


def test_a_unit_without_people_submits_nothing(drafted: Any, portal: Flask) -> None:
    with rows(portal) as session:
        session.execute(update(User).values(active=False).where(User.username.not_in(["designer", "admin"])))
        session.commit()
    page = seen(drafted(first_body()), unit="STTTT")
    assert "không ai giữ chức vụ nào ở đơn vị này" in page
    assert "<svg viewBox" not in page


# -- what to mind ----------------------------------------------------------------------------------------------


def test_a_dead_end_is_said_with_the_stage_that_nobody_can_take(drafted: Any) -> None:
    page = seen(drafted(with_office(NOBODY)), unit="STTTT")
    assert "Không có đủ người giữ vai “Lãnh đạo đơn vị” ở bước “Văn phòng”" in page
    assert [each.split()[0] for each in listed(page)] == ["rejected", "ahead", "ahead", "ahead"]


def test_a_dead_end_further_on_shows_where_it_would_lie(drafted: Any) -> None:
    body = first_body()
    later = {**body, "stages": [body["stages"][0], stage("office", "Văn phòng", NOBODY), *body["stages"][1:]]}
    page = seen(drafted(later), unit="STTTT")
    assert [each.split()[0] for each in listed(page)] == ["current", "rejected", "ahead", "ahead"]


def test_who_drafts_it_and_holds_the_post_is_told(drafted: Any, portal: Flask) -> None:
    visitor, head = drafted(with_office(LEADER)), key_of(portal, "head")
    told = f"{name_of(portal, 'head')} giữ chức vụ của vai “Lãnh đạo đơn vị” ở bước “Văn phòng”"
    assert told in seen(visitor, unit="STTTT", person=head)
    assert told not in seen(visitor, unit="STTTT", person=key_of(portal, "clerk"))


def test_who_stands_in_the_way_of_his_own_report_is_told(drafted: Any, portal: Flask) -> None:
    page = seen(drafted(with_office(HEAD)), unit="STTTT", person=key_of(portal, "head"))
    assert listed(page)[0].startswith("rejected")
    assert f"{name_of(portal, 'head')} giữ chức vụ của vai" in page


def test_one_person_on_two_levels_is_told(drafted: Any, portal: Flask) -> None:
    body = chain(stage("one", "Lần một", HEAD), stage("two", "Lần hai", HEAD), stage("three", "Lần ba", POLICE))
    page = seen(drafted(body), unit="STTTT")
    assert f"{name_of(portal, 'head')} là người duy nhất quyết định ở “Lần một” và “Lần hai”" in page


def test_a_stage_that_no_report_ever_comes_to_is_told(drafted: Any) -> None:
    few, told = {"lt": [{"fact": "documents_issued"}, 3]}, "đến được bước “Văn phòng”"
    assert told in seen(drafted(with_office(HEAD, when={"all": [few, MANY_DOCUMENTS]})), unit="STTTT", **TWO)
    assert told not in seen(drafted(with_office(HEAD, when={"any": [few, MANY_DOCUMENTS]})), unit="STTTT", **TWO)
    assert told in seen(drafted(with_office(HEAD, when={"ge": [{"fact": "no_such_field"}, 1]})), unit="STTTT")


def test_a_report_that_would_not_come_to_this_chain_is_told(drafted: Any, portal: Flask) -> None:
    with portal.test_request_context():
        nothing, several = sentence(Refusal("no_chain", {"form": ""})), "Có nhiều quy trình"
    visitor = drafted({**first_body(), "when": MANY_DOCUMENTS})
    assert nothing in seen(visitor, unit="STTTT", **TWO)
    assert nothing not in seen(visitor, unit="STTTT", **{"fact-documents_issued": "101"})
    few = {"not": MANY_DOCUMENTS}
    put_in_force(portal, {**chain(stage("one", "Một", HEAD), key="another", name="Quy trình khác"), "when": few})
    assert "mà theo “Quy trình khác”" in seen(visitor, unit="STTTT", **TWO)
    assert several not in seen(visitor, unit="STTTT", **TWO)
    assert "Quy trình khác" in seen(drafted(first_body()), unit="STTTT")


def test_a_draft_for_no_form_is_told(drafted: Any) -> None:
    assert "chưa dùng cho biểu mẫu nào" in seen(drafted(FOR_NOTHING), unit="STTTT")


def test_without_a_calendar_no_time_is_counted(drafted: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(definitions, "current_calendar", lambda _session: None)
    assert "Chưa có lịch làm việc nào" in seen(drafted(first_body()), unit="STTTT")


def test_a_draft_that_cannot_be_read_leads_to_its_designer(drafted: Any) -> None:
    visitor = drafted({**first_body(), "stages": []})
    for path in (TRY, REPLAY):
        page = seen(visitor, path)
        assert f'href="{KEY}/draft/design"' in page
        assert "<form" not in page


def test_a_chain_for_several_forms_asks_for_one(drafted: Any) -> None:
    page = seen(drafted({**first_body(), "forms": ["monthly-report", "unheard-of"]}), unit="STTTT", form="unheard-of")
    assert '<option value="unheard-of" selected>' in page


# -- who may, and what is written ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [TRY, REPLAY])
def test_only_designers_try_a_draft_out(drafted: Any, visit: Visit, path: str) -> None:
    drafted(first_body())
    for who in ("clerk", "head", "auditor", "outsider"):
        assert visit(who).get(path).status_code == 403
    assert "/login/" in visit(None).get(path).location
    assert visit("designer").get(path.replace("provincial-report", "nothing")).status_code == 404
    assert visit("designer").post(path).status_code == 405


def test_trying_writes_nothing(drafted: Any, desk: Desk, portal: Flask) -> None:
    visitor = drafted(with_office(HEAD, when=MANY_DOCUMENTS), "admin")
    tried: list[str] = []
    engine = portal.extensions["trinh"]["database"].engine

    def see(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if WRITES.match(statement) and not is_excused(statement):
            tried.append(statement)

    event.listen(engine, "before_cursor_execute", see)
    try:
        assert "<svg viewBox" in seen(visitor, unit="STTTT", **TWO)
        assert address(1) in seen(visitor, REPLAY, **EVER)
    finally:
        event.remove(engine, "before_cursor_execute", see)
    assert tried == []


def test_the_tabs_lead_there_from_a_chain_and_from_nothing_else(drafted: Any, visit: Visit) -> None:
    visitor = drafted(first_body())
    for tab in ("draft", "draft/design", "draft/try", "draft/replay"):
        links = Page(visitor.get(f"{KEY}/{tab}").text).links
        assert {TRY, REPLAY} <= set(links)
    visitor.post("/definitions/form/monthly-report/begin")
    links = Page(visitor.get("/definitions/form/monthly-report/draft").text).links
    assert not [link for link in links if link.endswith(("/try", "/replay"))]


# -- what still runs on older versions -------------------------------------------------------------------------


def test_publishing_says_what_still_runs_and_leads_to_its_move(drafted: Any, desk: Desk, visit: Visit) -> None:
    visitor = drafted(with_office(HEAD, when=MANY_DOCUMENTS), "admin")
    move = "/chains/move?chain=provincial-report&from=1&to=2"
    assert move not in unescape(visitor.get(f"{KEY}/").text)
    form = Page(visitor.get(f"{KEY}/draft").text).forms[f"{KEY}/draft/publish"]
    answer = visitor.post(f"{KEY}/draft/publish", {**form, "note": "Quy chế mới", "csrf_token": visitor.token()})
    page = unescape(visitor.get(answer.location).text)
    assert "1 hồ sơ vẫn chạy theo phiên bản cũ hơn" in page
    assert f'href="{move}"' in page
    assert visitor.get(move).status_code == 200
    page = unescape(visit("designer").get(f"{KEY}/").text)
    assert "Còn chạy theo phiên bản cũ hơn" in page
    assert "/chains/move" not in page


def test_nothing_is_said_where_nothing_runs(drafted: Any) -> None:
    visitor = drafted(with_office(HEAD, when=MANY_DOCUMENTS))
    form = Page(visitor.get(f"{KEY}/draft").text).forms[f"{KEY}/draft/publish"]
    answer = visitor.post(f"{KEY}/draft/publish", {**form, "note": "Quy chế mới", "csrf_token": visitor.token()})
    page = unescape(visitor.get(answer.location).text)
    assert "Phiên bản 2" in page
    assert "cũ hơn" not in page
