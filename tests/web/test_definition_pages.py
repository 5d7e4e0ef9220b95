"""Definitions in the browser: what there is, begun, written, checked, compared, published, taken out of use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import drafting, service
from portal.definitions.beginnings import beginning
from portal.definitions.library import shipped
from portal.definitions.writing import write_yaml
from tests.web.answers import count, done, refused, text
from tests.web.calls import rows
from tests.web.report_page import Page

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

FORM = "/definitions/form/monthly-report/"
DRAFT = f"{FORM}draft"
DESIGN = f"{DRAFT}/design"
WHY = "Theo Kế hoạch mới"
NAME = {"vi": "Danh sách đăng ký", "en": "Registration list"}


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who draws forms and chains, signed in."""
    return visit("designer")


def source(visitor: Visitor, path: str = DRAFT) -> dict[str, Any]:
    """What the form of a draft holds."""
    typed = Page(visitor.get(path).text).forms[path]
    return {"source": typed["source"].removeprefix("\n"), "edition": typed["edition"]}


def begun(designer: Visitor) -> dict[str, Any]:
    """The next version of the monthly report is begun; gives what its form holds."""
    done(designer.post(f"{FORM}begin"), DESIGN)
    return source(designer)


# -- reading ---------------------------------------------------------------------------------------------------


def test_the_list_has_every_kind_and_narrows_to_one(designer: Visitor) -> None:
    page = text(designer, "/definitions/")
    for words in ("Báo cáo tháng về Đề án 06", "Lịch làm việc của cơ quan nhà nước", "Công văn đôn đốc"):
        assert words in page
    narrowed = text(designer, "/definitions/?kind=form")
    assert "Báo cáo tháng về Đề án 06" in narrowed
    assert "Công văn đôn đốc" not in narrowed


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind, key, _body in shipped()])
def test_every_definition_can_be_looked_at(designer: Visitor, kind: str, key: str) -> None:
    assert "Các phiên bản" in text(designer, f"/definitions/{kind}/{key}/")
    version = text(designer, f"/definitions/{kind}/{key}/1")
    assert "Toàn bộ nội dung" in version
    assert "Xem trước" in version
    exported = designer.get(f"/definitions/{kind}/{key}/1/yaml")
    assert exported.text == write_yaml(next(body for one, other, body in shipped() if (one, other) == (kind, key)))
    assert f'filename="{key}-v1.yaml"' in exported.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "path",
    [
        "/definitions/table/monthly-report/",
        "/definitions/form/nothing/",
        "/definitions/form/monthly-report/99",
        "/definitions/form/monthly-report/0",
        "/definitions/form/monthly-report/99/yaml",
        "/definitions/form/monthly-report/compare?from=1&to=99",
        "/definitions/form/monthly-report/compare?from=1&to=abc",
        "/definitions/form/nothing/compare",
        "/definitions/table/monthly-report/compare",
    ],
)
def test_what_is_not_there_is_not_found(designer: Visitor, path: str) -> None:
    assert designer.get(path).status_code == 404


def test_the_page_says_what_runs_on_a_version_and_what_names_it(designer: Visitor, waiting: int) -> None:
    del waiting
    page = text(designer, FORM)
    assert "Báo cáo: 1 (đang soạn hoặc đang duyệt: 1)" in page
    assert "Báo cáo trình UBND tỉnh" in page
    assert "Phiếu trình: 1 (đang chạy: 1)" in text(designer, "/definitions/chain/provincial-report/")


def test_the_next_twelve_reports_of_a_schedule_are_shown_with_who_owes_them(designer: Visitor) -> None:
    page = text(designer, "/definitions/schedule/monthly-report/1")
    assert page.count('<tr><th scope="row">') == 12
    assert "Sở Thông tin và Truyền thông" in page


def test_a_calendar_is_a_year_on_a_page(designer: Visitor) -> None:
    page = text(designer, "/definitions/calendar/vietnam/1")
    assert page.count('<table class="month">') % 12 == 0
    for words in ("2026: ", "Tết Nguyên đán", "nghỉ; làm bù ngày 10/01/2026", "làm bù cho ngày 02/01/2026"):
        assert words in page


# -- writing ---------------------------------------------------------------------------------------------------


def test_a_next_version_is_drafted_checked_and_published(designer: Visitor, portal: Flask) -> None:
    typed = begun(designer)
    typed["source"] = typed["source"].replace("Báo cáo tháng về Đề án 06", "Báo cáo tháng (mới)")
    done(designer.post(DRAFT, typed), DRAFT)
    assert "Có thể ban hành" in text(designer, DRAFT)
    compared = text(designer, f"{FORM}compare")
    assert "1 điểm khác" in compared
    assert "Báo cáo tháng (mới)" in compared
    done(designer.post(f"{DRAFT}/publish", {"edition": "2", "knows": "1", "note": WHY}), FORM)
    with rows(portal) as session:
        current = service.current(session, "form", "monthly-report")
        assert (current.version, current.published_by, current.note) == (2, "designer", WHY)
    page = text(designer, FORM)
    assert WHY in page
    assert "đang có hiệu lực" in page


def test_what_is_wrong_is_said_at_its_place_and_kept(designer: Visitor) -> None:
    typed = begun(designer)
    typed["source"] = typed["source"].replace("type: integer", "type: number", 1)
    done(designer.post(DRAFT, typed), DRAFT)
    page = text(designer, DRAFT)
    assert "Mục “Công tác chỉ đạo, điều hành” › Câu hỏi “Số văn bản đã ban hành” › kiểu trả lời" in page
    assert "type: number" in page
    assert "Xem trước" not in page
    answer = designer.post(f"{DRAFT}/publish", {"edition": "2", "knows": "1", "note": WHY})
    page = refused(answer, 422, "Còn nội dung chưa đúng")
    assert WHY not in page.partition("Ban hành")[0]
    assert "type: number" in page


def test_what_cannot_be_read_is_given_back_with_its_line(designer: Visitor) -> None:
    typed = begun(designer)
    written = "schema: 1\nkey: [monthly-report\nname: {vi: Tên của tôi}\n"
    page = refused(designer.post(DRAFT, {**typed, "source": written}), 422, "Dòng 3")
    assert "Tên của tôi" in page
    assert "monthly-report" in source(designer)["source"]
    assert "Tên của tôi" not in source(designer)["source"]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("- a\n- b\n", "Cần giá trị kiểu khác"),
        ("a: &b 1\nc: *b\n", "b"),
        ("x: !!python/object:os.system ls\n", "python"),
        ("a: 1\na: 2\n", "Dòng 2"),
        ("", "Cần giá trị kiểu khác"),
        ("a: " + "[" * 100, "Dòng 1"),
    ],
)
def test_hostile_text_is_refused_and_given_back(designer: Visitor, written: str, words: str) -> None:
    typed = begun(designer)
    page = refused(designer.post(DRAFT, {**typed, "source": written}), 422, words)
    assert written.strip()[:30] in page
    assert source(designer) == typed


def test_who_saves_what_another_changed_meanwhile_gets_his_text_back(designer: Visitor, visit: Visit) -> None:
    typed = begun(designer)
    other = typed["source"].replace("Báo cáo tháng về Đề án 06", "Bản của người khác")
    done(visit("admin").post(DRAFT, {**typed, "source": other}), DRAFT)
    mine = typed["source"].replace("Báo cáo tháng về Đề án 06", "Bản của tôi")
    page = refused(designer.post(DRAFT, {**typed, "source": mine}), 409, "Có người đã thay đổi")
    assert "Bản của tôi" in page
    assert "Bản của người khác" in page.partition("Đang được lưu")[2]
    assert "Bản của người khác" in source(designer)["source"]


def test_what_is_written_for_a_draft_that_is_gone_is_given_back(designer: Visitor, visit: Visit) -> None:
    typed = begun(designer)
    done(visit("admin").post(f"{DRAFT}/discard", {"edition": "1"}), FORM)
    page = refused(
        designer.post(DRAFT, {**typed, "source": "name: Bản của tôi"}), 409, "vừa được ban hành hoặc đã bị bỏ"
    )
    assert "Bản của tôi" in page
    done(designer.get(DRAFT), FORM)


def test_two_who_publish_at_once_and_the_second_is_told(designer: Visitor, visit: Visit) -> None:
    typed = begun(designer)
    typed["source"] = typed["source"].replace("Báo cáo tháng về Đề án 06", "Báo cáo tháng (mới)")
    done(designer.post(DRAFT, typed), DRAFT)
    form = {"edition": "2", "knows": "1", "note": WHY}
    done(visit("admin").post(f"{DRAFT}/publish", form), FORM)
    refused(designer.post(f"{DRAFT}/publish", form), 422, "vừa được ban hành hoặc đã bị bỏ")


def test_a_double_click_publishes_once(designer: Visitor, portal: Flask) -> None:
    typed = begun(designer)
    typed["source"] = typed["source"].replace("Báo cáo tháng về Đề án 06", "Báo cáo tháng (mới)")
    done(designer.post(DRAFT, typed), DRAFT)
    form = {"edition": "2", "knows": "1", "note": WHY, "idempotency_key": "once"}
    for _ in range(2):
        done(designer.post(f"{DRAFT}/publish", form), FORM)
    with rows(portal) as session:
        assert service.current(session, "form", "monthly-report").version == 2


def test_what_is_typed_into_a_draft_that_was_proposed_meanwhile_is_given_back(designer: Visitor) -> None:
    drafting.SECOND_PERSON.plug(filling=True)
    typed = begun(designer)
    changed = {**typed, "source": typed["source"].replace("Báo cáo tháng về Đề án 06", "Bản thứ nhất")}
    done(designer.post(DRAFT, changed), DRAFT)
    done(designer.post(f"{DRAFT}/propose", {"edition": "2", "note": WHY}), FORM)
    page = refused(designer.post(DRAFT, {**typed, "source": "name: Bản của tôi"}), 422, "chờ người thứ hai")
    assert "Bản của tôi" in page.partition('id="written"')[2].partition("</textarea>")[0]
    assert "Bản thứ nhất" in page.partition('<pre class="source"')[2]


def test_the_reason_that_is_typed_for_a_draft_that_is_gone_is_given_back(designer: Visitor, visit: Visit) -> None:
    designer.post("/definitions/new", {"kind": "form", "key": "of-our-own", "name_vi": "Của tỉnh"})
    draft = "/definitions/form/of-our-own/draft"
    assert "Lý do ban hành" in text(designer, draft)
    visit("admin").post(f"{draft}/discard", {"edition": "1"})
    answer = designer.post(f"{draft}/publish", {"edition": "1", "knows": "0", "note": WHY})
    assert WHY in refused(answer, 422, "vừa được ban hành hoặc đã bị bỏ")


def test_who_does_not_write_reads_the_draft(designer: Visitor, visit: Visit) -> None:
    designer.post("/definitions/new", {"kind": "form", "key": "of-our-own", "name_vi": "Của tỉnh"})
    auditor = visit("auditor")
    key = "/definitions/form/of-our-own/"
    assert f'href="{key}0"' in text(auditor, key)
    page = text(auditor, f"{key}0")
    for words in ("Đây là dự thảo", "Kết quả nổi bật", "Có thể ban hành", f'href="{key}0/yaml"'):
        assert words in page
    draft = f"{key}draft"
    typed = {**source(designer, draft), "source": "name: {vi: Chưa xong}"}
    done(designer.post(draft, typed), draft)
    page = text(auditor, f"{key}0")
    assert ("điểm chưa đúng" in page, "Xem trước" in page, "Chưa xong" in page) == (True, False, True)
    assert f'href="{key}0"' not in text(designer, key)


# -- new -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["form", "document", "calendar", "chain", "schedule"])
def test_something_new_begins_with_the_least_there_can_be(designer: Visitor, kind: str) -> None:
    typed = {"kind": kind, "key": "of-our-own", "name_vi": "Của tỉnh", "name_en": "", "original": ""}
    done(designer.post("/definitions/new", typed), f"/definitions/{kind}/of-our-own/draft/design")
    page = text(designer, f"/definitions/{kind}/of-our-own/draft")
    assert "Có thể ban hành" in page
    assert "Của tỉnh" in page


def test_a_copy_has_another_key_and_name(designer: Visitor) -> None:
    typed = {"kind": "form", "key": "urging", "name_vi": "Đôn đốc khẩn", "original": "chain/urging-dispatch"}
    done(designer.post("/definitions/new", typed), "/definitions/chain/urging/draft/design")
    assert "Đôn đốc khẩn" in text(designer, "/definitions/chain/urging/draft")


def test_a_key_that_is_left_empty_is_made_of_the_name(designer: Visitor) -> None:
    typed = {"kind": "form", "key": "", "name_vi": "Danh sách đăng ký"}
    done(designer.post("/definitions/new", typed), "/definitions/form/danh-sach-dang-ky/draft/design")
    done(designer.post("/definitions/new", typed), "/definitions/form/danh-sach-dang-ky-2/draft/design")
    chain = {**typed, "kind": "chain"}
    done(designer.post("/definitions/new", chain), "/definitions/chain/danh-sach-dang-ky/draft/design")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "Khóa Hoa"}, "chữ thường không dấu"),
        ({"key": "monthly-report"}, "đã được dùng"),
        ({"name_vi": " "}, "tên bằng tiếng Việt"),
    ],
)
def test_what_cannot_begin_keeps_what_was_typed(designer: Visitor, change: dict[str, str], words: str) -> None:
    typed = {"kind": "form", "key": "of-our-own", "name_vi": "Của tỉnh", "name_en": "Ours", **change}
    page = refused(designer.post("/definitions/new", typed), 422, words)
    assert 'value="Ours"' in page
    assert f'value="{typed["key"]}"' in page


def test_what_is_out_of_use_is_not_offered_to_be_copied(designer: Visitor) -> None:
    option = 'value="chain/urging-dispatch"'
    assert option in text(designer, "/definitions/new")
    done(
        designer.post("/definitions/chain/urging-dispatch/retire", {"seen": "1", "reason": WHY}),
        "/definitions/chain/urging-dispatch/",
    )
    assert option not in text(designer, "/definitions/new")


@pytest.mark.parametrize("change", [{"kind": "table"}, {"original": "form/nothing"}, {"original": "table/x"}])
def test_what_does_not_exist_is_no_beginning(designer: Visitor, portal: Flask, change: dict[str, str]) -> None:
    before = count(portal)
    typed = {"kind": "form", "key": "of-our-own", "name_vi": "Của tỉnh", **change}
    assert designer.post("/definitions/new", typed).status_code in {404, 422}
    assert count(portal) == before


def test_a_draft_that_never_was_published_can_be_discarded(designer: Visitor, portal: Flask) -> None:
    before = count(portal)
    designer.post("/definitions/new", {"kind": "form", "key": "of-our-own", "name_vi": "Của tỉnh"})
    done(designer.post("/definitions/form/of-our-own/draft/discard", {"edition": "1"}), "/definitions/")
    assert count(portal) == before


# -- a second person -------------------------------------------------------------------------------------------


def test_a_second_person_gives_back_and_publishes(designer: Visitor, visit: Visit) -> None:
    drafting.SECOND_PERSON.plug(filling=True)
    typed = begun(designer)
    typed["source"] = typed["source"].replace("Báo cáo tháng về Đề án 06", "Báo cáo tháng (mới)")
    done(designer.post(DRAFT, typed), DRAFT)
    refused(designer.post(f"{DRAFT}/publish", {"edition": "2", "knows": "1", "note": WHY}), 422, "người thứ hai")
    done(designer.post(f"{DRAFT}/propose", {"edition": "2", "note": WHY}), FORM)
    refused(designer.post(f"{DRAFT}/publish", {"edition": "3", "knows": "1"}), 422, "phải do người khác thực hiện")
    admin = visit("admin")
    assert "1 dự thảo chờ bạn ban hành" in text(admin, "/")
    assert "chờ bạn ban hành" not in text(designer, "/")
    waiting = text(admin, "/definitions/")
    assert "Chờ người thứ hai" in waiting
    assert WHY in waiting
    refused(admin.post(f"{DRAFT}/give-back", {"edition": "3", "reason": ""}), 422, "lý do")
    done(admin.post(f"{DRAFT}/give-back", {"edition": "3", "reason": "Thiếu chỉ tiêu 766"}), FORM)
    assert "Thiếu chỉ tiêu 766" in text(designer, DRAFT)
    done(designer.post(f"{DRAFT}/propose", {"edition": "4", "note": WHY}), FORM)
    assert "Rút lại" in text(designer, DRAFT)
    done(admin.post(f"{DRAFT}/publish", {"edition": "5", "knows": "1"}), FORM)
    assert "Phiên bản 2" in text(designer, FORM)


# -- out of use ------------------------------------------------------------------------------------------------


def test_out_of_use_with_a_reason_and_never_by_accident(designer: Visitor) -> None:
    path = "/definitions/chain/urging-dispatch/"
    refused(designer.post(f"{path}retire", {"seen": "1", "reason": ""}), 422, "lý do")
    refused(designer.post(f"{path}retire", {"seen": "2", "reason": WHY}), 409, "Có người đã thay đổi")
    done(designer.post(f"{path}retire", {"seen": "1", "reason": WHY}), path)
    assert "Đã ngừng sử dụng từ" in text(designer, path)
    assert "Đã ngừng sử dụng" in text(designer, f"{path}1")
    refused(designer.post(f"{path}retire", {"seen": "1", "reason": WHY}), 422, "đã ngừng sử dụng")


def test_what_is_needed_stays_and_is_said_to_be(designer: Visitor) -> None:
    path = "/definitions/document/provincial-report/"
    page = refused(designer.post(f"{path}retire", {"seen": "1", "reason": WHY}), 422, "provincial-report")
    assert WHY in page


def test_a_running_case_goes_on_when_its_chain_is_out_of_use(designer: Visitor, visit: Visit, waiting: int) -> None:
    always = {"not": {"eq": [{"fact": "unit.kind"}, "none"]}}
    other = {**beginning("chain", "another", NAME), "forms": ["monthly-report"], "when": always}
    designer.post("/definitions/new", {"kind": "chain", "key": "another", "name_vi": "Khác"})
    draft = "/definitions/chain/another/draft"
    done(designer.post(draft, {**source(designer, draft), "source": write_yaml(other)}), draft)
    done(designer.post(f"{draft}/publish", {"edition": "2", "knows": "0", "note": WHY}), "/definitions/chain/another/")
    path = "/definitions/chain/provincial-report/"
    done(designer.post(f"{path}retire", {"seen": "1", "reason": WHY}), path)
    head = visit("head")
    answer = head.post(f"/cases/{waiting}/approve", {"version": "1", "reason": ""})
    assert answer.status_code == 302
    assert "Báo cáo trình UBND tỉnh" in text(visit("admin"), "/chains/")
