"""Whole processes in the browser: copied from the gallery or made of five answers, looked at and published together."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import drafting, publishing, service, together
from portal.definitions.checks import findings
from portal.definitions.gallery import begin_process, processes
from portal.definitions.guided import OUTCOMES, RHYTHMS, WAYS, Answers, process_from
from portal.definitions.models import KINDS
from portal.documents.sample import sample_data
from portal.security import Actor
from tests.web.calls import rows
from tests.web.report_page import Page
from workflows.errors import Refusal

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

WHY = "Theo kế hoạch"
WRITER = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({drafting.WRITE, publishing.PUBLISH}))
ANSWERS = {"name_vi": "Báo cáo phụ cấp", "kinds": ["department"], "rhythm": "quarter", "way": "police", "outcome": "BC"}


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    return visit("designer")


def publish_all(visitor: Visitor, key: str, verb: str = "publish", note: str = WHY) -> Any:
    """Press the button of the page of a process."""
    path = f"/definitions/process/{key}/{verb}"
    page = visitor.get(f"/definitions/process/{key}").text.partition(f'action="{path}"')[2].partition("</form>")[0]
    seen = [part.partition('"')[0] for part in page.split('name="seen" value="')[1:]]
    return visitor.post(path, {"seen": seen, "note": note})


def statuses(portal: Flask, key: str) -> dict[str, tuple[bool, int]]:
    """For each kind under a key whether it has a draft, and its newest version."""
    with rows(portal) as session:
        found = {kind: (service.draft_of(session, kind, key), service.newest(session, kind, key)) for kind in KINDS}
        return {
            kind: (draft is not None, newest.version if newest else 0)
            for kind, (draft, newest) in found.items()
            if draft or newest
        }


def test_the_gallery_shows_every_process(designer: Visitor) -> None:
    page = unescape(designer.get("/definitions/gallery").text)
    for process in processes():
        assert process.name["vi"] in page
        assert f'action="/definitions/gallery/{process.key}/take"' in page


def test_a_copy_is_drafts_that_are_published_together(designer: Visitor, portal: Flask) -> None:
    answer = designer.post("/definitions/gallery/registration-list/take")
    assert (answer.status_code, answer.location) == (302, "/definitions/process/registration-list")
    assert statuses(portal, "registration-list") == dict.fromkeys(("form", "document", "chain"), (True, 0))
    assert publish_all(designer, "registration-list").status_code == 302
    assert statuses(portal, "registration-list") == dict.fromkeys(("form", "document", "chain"), (False, 1))
    assert designer.post("/definitions/gallery/registration-list/take").location.endswith("registration-list-2")


def test_all_are_published_or_none(designer: Visitor, portal: Flask) -> None:
    designer.post("/definitions/gallery/registration-list/take")
    path = "/definitions/chain/registration-list/draft/design"
    panel = Page(designer.get(path, query_string={"at": "stages[0]"}).text).forms[path]
    sent = {name: text for name, text in panel.items() if name not in ("then", "csrf_token")}
    designer.post(path, {**sent, "key": "Not A Key", "then": "save"})
    answer = publish_all(designer, "registration-list")
    page = unescape(answer.text)
    assert (answer.status_code, "Quy trình duyệt" in page, WHY in page) == (422, True, True)
    assert statuses(portal, "registration-list") == dict.fromkeys(("form", "document", "chain"), (True, 0))


@pytest.mark.parametrize("seen", ["1.1.0", "1.1", "", "x.y.z", "9" * 5000])
def test_what_changed_meanwhile_is_not_published(designer: Visitor, portal: Flask, seen: str) -> None:
    designer.post("/definitions/gallery/registration-list/take")
    answer = designer.post("/definitions/process/registration-list/publish", {"seen": [seen], "note": WHY})
    assert answer.status_code == 409
    assert statuses(portal, "registration-list")["form"] == (True, 0)


def test_a_version_that_came_in_between_is_told_and_not_overrun(designer: Visitor, portal: Flask) -> None:
    with rows(portal) as session:
        body = service.current(session, "calendar", "vietnam").body
        drafting.begin_with(session, WRITER, "calendar", "vietnam", {**body, "name": {"vi": "Lịch", "en": "Calendar"}})
        session.commit()
    path = "/definitions/process/vietnam"
    seen = designer.get(path).text.split('name="seen" value="')[1].partition('"')[0]
    with rows(portal) as session:
        between = {**body, "name": {"vi": "Lịch mới", "en": "New calendar"}}
        publishing.publish(session, actor="system", kind="calendar", key="vietnam", body=between, shipped=True)
        session.commit()
    answer = designer.post(f"{path}/publish", {"seen": [seen], "note": WHY})
    assert (answer.status_code, "Lịch làm việc: Phiên bản 2" in unescape(answer.text)) == (422, True)
    assert statuses(portal, "vietnam")["calendar"] == (True, 2)


def test_a_second_person_publishes_together_what_was_proposed_together(
    designer: Visitor, portal: Flask, visit: Visit
) -> None:
    """The schedule names the form, which is a draft as well."""
    drafting.SECOND_PERSON.plug(filling=True)
    key = designer.post("/definitions/start", ANSWERS).location.rpartition("/")[2]
    kinds = ("form", "document", "chain", "schedule")
    assert publish_all(designer, key).status_code == 409  # nothing is proposed yet
    assert publish_all(designer, key, "propose").status_code == 302
    assert statuses(portal, key) == dict.fromkeys(kinds, (True, 0))
    page = unescape(designer.get(f"/definitions/process/{key}").text)
    assert ("Ban hành tất cả" in page, "Người khác ban hành" in page) == (False, True)
    second = visit("admin")
    assert "4 dự thảo chờ bạn ban hành" in unescape(second.get("/").text)
    assert publish_all(second, key, note="").status_code == 302
    assert statuses(portal, key) == dict.fromkeys(kinds, (False, 1))


def test_who_wrote_in_a_draft_does_not_publish_it_with_the_others(designer: Visitor, portal: Flask) -> None:
    drafting.SECOND_PERSON.plug(filling=True)
    key = designer.post("/definitions/start", ANSWERS).location.rpartition("/")[2]
    publish_all(designer, key, "propose")
    with rows(portal) as session:
        seen = [f"{each.id}.{each.edition}.0" for each in together.drafts_of(session, key)]
    answer = designer.post(f"/definitions/process/{key}/publish", {"seen": seen, "note": WHY})
    assert (answer.status_code, "Biểu mẫu: " in unescape(answer.text)) == (422, True)
    assert statuses(portal, key)["form"] == (True, 0)


def test_a_draft_that_names_another_says_that_they_are_published_together(designer: Visitor) -> None:
    key = designer.post("/definitions/start", ANSWERS).location.rpartition("/")[2]
    for kind, is_alone in (("form", True), ("chain", False), ("schedule", False)):
        for page in ("draft", "draft/design"):
            text = unescape(designer.get(f"/definitions/{kind}/{key}/{page}").text)
            assert ("ban hành cùng các phần khác" in text, "điểm chưa đúng" in text) == (not is_alone, False), (
                kind,
                page,
            )
    page = unescape(designer.get(f"/definitions/chain/{key}/draft").text)
    assert (f"/definitions/process/{key}" in page, f"/definitions/chain/{key}/draft/publish" in page) == (True, False)
    answer = designer.post(f"/definitions/chain/{key}/draft/publish", {"edition": "1", "knows": "0", "note": WHY})
    assert answer.status_code == 422


def test_a_chain_is_not_published_before_the_form_that_it_is_for(designer: Visitor, portal: Flask) -> None:
    key = designer.post("/definitions/start", ANSWERS).location.rpartition("/")[2]
    with rows(portal) as session:
        drafts = together.drafts_of(session, key)
        bodies = {each.kind: each.body for each in drafts}
        alone = {kind: [each.path for each in findings(session, kind, key, body)] for kind, body in bodies.items()}
        all_of_them = [each.wrong for each in together.parts(session, key)]
    assert alone == {
        "form": [],
        "document": [],
        "chain": ["issues[0].document", "forms[0]"],
        "schedule": ["form", "chain"],
    }
    assert all_of_them == [0, 0, 0, 0]


@pytest.mark.parametrize("kind", ["chain", "schedule"])
def test_what_only_waits_for_the_other_drafts_is_not_called_wrong(designer: Visitor, kind: str) -> None:
    process = designer.post("/definitions/start", ANSWERS).location
    address = f"/definitions/{kind}/{process.rpartition('/')[2]}"
    for page in ("draft/design", "0"):
        shown = unescape(designer.get(f"{address}/{page}").text)
        assert ("điểm chưa đúng" in shown, 'id="preview"' in shown) == (False, True)
    draft = designer.get(f"{address}/draft").text
    assert ('id="preview"' in draft, 'id="publish-note"' in draft) == (True, False)
    assert f'href="{process}"' in draft


@pytest.mark.parametrize("key", ["nothing", "../etc", "registration-list%00"])
def test_what_is_not_there_is_not_found(designer: Visitor, key: str) -> None:
    assert designer.post(f"/definitions/gallery/{key}/take").status_code == 404
    assert designer.get(f"/definitions/process/{key}").status_code == 404


# -- five answers ----------------------------------------------------------------------------------------------


def test_five_answers_make_drafts_that_fit_each_other(designer: Visitor, portal: Flask) -> None:
    answer = designer.post("/definitions/start", ANSWERS)
    assert (answer.status_code, answer.location) == (302, "/definitions/process/bao-cao-phu-cap")
    assert statuses(portal, "bao-cao-phu-cap") == dict.fromkeys(("form", "document", "chain", "schedule"), (True, 0))
    assert publish_all(designer, "bao-cao-phu-cap").status_code == 302
    with rows(portal) as session:
        chain = service.current(session, "chain", "bao-cao-phu-cap").body
        schedule = service.current(session, "schedule", "bao-cao-phu-cap").body
    assert [stage["key"] for stage in chain["stages"]] == ["unit", "police"]
    assert (schedule["every"], schedule["owed_by"][0]["kinds"]) == ("quarter", ["department"])


def test_working_days_of_its_own_make_drafts_of_all_five_kinds(designer: Visitor, portal: Flask) -> None:
    for key in ("bao-cao-phu-cap", "bao-cao-phu-cap-2"):
        designer.post("/definitions/start", {**ANSWERS, "own_days": "yes"})
        assert statuses(portal, key) == dict.fromkeys(KINDS, (True, 0))
        assert publish_all(designer, key).status_code == 302
        with rows(portal) as session:
            assert service.current(session, "schedule", key).body["calendar"] == key
            assert service.current(session, "calendar", key).body["years"]


def test_what_was_answered_stays_when_something_is_missing(designer: Visitor) -> None:
    answer = designer.post("/definitions/start", {**ANSWERS, "name_vi": "", "own_days": "yes"})
    assert answer.status_code == 422
    assert 'name="own_days" value="yes" checked' in answer.text


def test_a_name_with_braces_makes_drafts_that_can_be_published(designer: Visitor) -> None:
    answer = designer.post("/definitions/start", {**ANSWERS, "name_vi": "Báo cáo {x} tháng"})
    assert publish_all(designer, answer.location.rpartition("/")[2]).status_code == 302


def test_without_a_rhythm_there_are_no_days_to_count() -> None:
    answers = Answers({"vi": "Đề xuất", "en": "Proposal"}, [], "never", "unit", "", own_days=True)
    assert process_from(answers).bodies.keys() == {"form", "chain"}


@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_whatever_is_answered_can_be_published(portal: Flask, rhythm: str, way: str, outcome: str) -> None:
    process = process_from(Answers({"vi": "Báo cáo 766", "en": "Report 766"}, ["department"], rhythm, way, outcome))
    assert process.key == "bao-cao-766"
    with rows(portal) as session:
        begin_process(session, WRITER, process)
        assert [each.wrong for each in together.parts(session, process.key)] == [0] * len(process.bodies)


NAMES = {"BC": "Báo cáo", "TB": "Thông báo", "KH": "Kế hoạch", "TTr": "Tờ trình"}
VERBS = {"BC": "báo cáo kết quả", "TB": "thông báo", "KH": "ban hành Kế hoạch", "TTr": "kính trình"}
ISSUERS = {"unit": "{unit}", "police": "Phòng PC06", "committee": "Ủy ban nhân dân tỉnh"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("outcome", [each for each in OUTCOMES if each])
def test_a_document_of_five_answers_is_of_its_type_and_of_nobody_elses(outcome: str, way: str) -> None:
    name = {"vi": f"{NAMES[outcome]} phụ cấp", "en": "Allowances"}
    body = process_from(Answers(name, ["department"], "quarter", way, outcome)).bodies["document"]
    said = body["metadata"]["wording"]
    assert (body["metadata"]["type"], said["subject"]) == (outcome, "Phụ cấp {period}")
    assert (said["addressees"], said["recipients"], "drafter" in said) == ([], [], False)
    opening = said["opening"][0]
    assert f"{ISSUERS[way]} {VERBS[outcome]}" in opening
    assert ("Trên cơ sở báo cáo của {unit}" in opening) == (way != "unit")
    for words in ("Văn phòng Chính phủ", "Bộ Công an", "Đề án 06", "Gia Lai", "NC"):
        assert words not in str(body["metadata"])
    assert [verb for kind, verb in VERBS.items() if verb in opening and kind != outcome] == []
    printed: dict[str, Any] = sample_data(body["metadata"])
    assert (printed["type_title"], printed["address"]) == (NAMES[outcome].upper(), None)
    assert printed["recipients"]["lines"] == ["- Lưu: VT (2)."]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name_vi": " "}, "tên bằng tiếng Việt"),
        ({"kinds": []}, "Hãy trả lời mọi câu hỏi"),
        ({"rhythm": "hourly"}, "Hãy trả lời mọi câu hỏi"),
        ({"way": ""}, "Hãy trả lời mọi câu hỏi"),
        ({"outcome": "XX"}, "Hãy trả lời mọi câu hỏi"),
    ],
)
def test_what_is_not_answered_is_asked_again(designer: Visitor, change: dict[str, Any], words: str) -> None:
    answer = designer.post("/definitions/start", {**ANSWERS, "name_en": "Allowances", **change})
    page = unescape(answer.text)
    assert (answer.status_code, words in page, 'value="Allowances"' in page) == (422, True, True)


def test_a_process_that_is_not_periodic_needs_no_units() -> None:
    process = process_from(Answers({"vi": "Đề xuất", "en": "Proposal"}, [], "never", "unit", ""))
    assert set(process.bodies) == {"form", "chain"}
    with pytest.raises(Refusal, match="name_needed"):
        process_from(Answers({"vi": "", "en": ""}, [], "never", "unit", ""))


def test_a_chain_may_name_what_is_published_with_it(designer: Visitor, portal: Flask) -> None:
    designer.post("/definitions/gallery/registration-list/take")
    chain = "/definitions/chain/registration-list/draft"
    page = unescape(designer.get(f"{chain}/design").text)
    assert "Danh sách đăng ký (dự thảo)" in page or "Danh sách đăng ký (draft)" in page
    page = unescape(designer.get(f"{chain}/design?at=stages[1]").text)
    assert '<option value="number" selected>Tổng số người đăng ký (dự thảo)</option>' in page
    page = unescape(designer.get(f"{chain}/design?at=issues[0]").text)
    assert '<option value="registration-list" selected>Danh sách đăng ký của UBND tỉnh (' in page
    for path in (chain, f"{chain}/design"):
        assert 'class="badge good"' in designer.get(path).text
    assert "Có thể ban hành cùng các phần khác" in unescape(designer.get(chain).text)
    page = unescape(designer.get(f"{chain}/try?unit=STTTT&fact-number=abc").text)
    assert "Tổng số người đăng ký" in page
    assert 'aria-invalid="true"' in page
    publish_all(designer, "registration-list")
    assert statuses(portal, "registration-list")["chain"] == (False, 1)
    designer.post("/definitions/chain/registration-list/begin")
    assert "Danh sách đăng ký</label>" in unescape(designer.get(f"{chain}/design").text)
