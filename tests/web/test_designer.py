"""The designer in the browser: every button saves the open panel first, and what is refused is given back."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import service
from portal.definitions.drafting import SECOND_PERSON
from portal.definitions.writing import write_yaml
from tests.web.calls import rows
from tests.web.report_page import Page

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

DESIGN = "/definitions/form/registration-list/draft/design"
FIRST = "sections[0].fields[0]"


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who has just begun a form."""
    visitor = visit("designer")
    visitor.post("/definitions/new", {"kind": "form", "key": "registration-list", "name_vi": "Danh sách đăng ký"})
    return visitor


def body(portal: Flask, kind: str = "form", key: str = "registration-list") -> dict[str, Any]:
    """What the draft says."""
    with rows(portal) as session:
        draft = service.draft_of(session, kind, key)
        assert draft is not None
        return dict(draft.body)


def opened(visitor: Visitor, place: str = "", path: str = DESIGN) -> dict[str, Any]:
    """The panel of a thing, as a browser would send it."""
    answer = visitor.get(path, query_string={"at": place})
    assert answer.status_code == 200
    forms = Page(answer.text).forms
    assert path in forms
    return {name: text for name, text in forms[path].items() if name not in ("then", "csrf_token")}


def press(visitor: Visitor, button: str, typed: dict[str, Any], path: str = DESIGN) -> Any:
    """Press a button of the designer."""
    return visitor.post(path, {**typed, "then": button})


def names(said: dict[str, Any]) -> list[list[str]]:
    return [[field.get("name", "") for field in section["fields"]] for section in said["sections"]]


def test_a_thing_is_changed_in_its_panel(designer: Visitor, portal: Flask) -> None:
    typed = {**opened(designer, FIRST), "label.vi": "Họ và tên", "label.en": "Full name", "type": "text"}
    answer = press(designer, "save", typed)
    assert answer.status_code == 302
    field = body(portal)["sections"][0]["fields"][0]
    assert (field["label"], field["type"]) == ({"vi": "Họ và tên", "en": "Full name"}, "text")
    assert "Họ và tên" in unescape(designer.get(answer.location).text)


def test_every_button_saves_the_open_panel_first(designer: Visitor, portal: Flask) -> None:
    typed = {**opened(designer, FIRST), "label.vi": "Họ và tên"}
    answer = press(designer, "add:sections[0].fields:table", typed)
    assert "fields%5B1%5D" in answer.location
    fields = body(portal)["sections"][0]["fields"]
    assert [fields[0]["label"]["vi"], fields[1]["type"]] == ["Họ và tên", "table"]


def test_things_are_moved_copied_and_removed(designer: Visitor, portal: Flask) -> None:
    press(designer, "add:sections[0].fields:integer", opened(designer))
    press(designer, "add:sections:section", opened(designer))
    assert names(body(portal)) == [["results", "integer_1"], ["long_text_1"]]
    press(designer, f"down:{FIRST}", opened(designer, FIRST))
    assert names(body(portal)) == [["integer_1", "results"], ["long_text_1"]]
    press(designer, "move:sections[0].fields[0]>sections[1].fields>0", opened(designer))
    assert names(body(portal)) == [["results"], ["integer_1", "long_text_1"]]
    press(designer, "into:", {**opened(designer, "sections[1].fields[0]"), "target": "sections[0].fields"})
    assert names(body(portal)) == [["results", "integer_1"], ["long_text_1"]]
    press(designer, "copy:sections[0].fields[1]", opened(designer))
    assert names(body(portal))[0] == ["results", "integer_1", "integer_2"]
    press(designer, "remove:sections[0]", opened(designer))
    assert names(body(portal)) == [["long_text_1"]]


def test_what_is_wrong_stands_beside_its_part_and_in_the_tree(designer: Visitor) -> None:
    answer = press(designer, "save", {**opened(designer, FIRST), "name": "Họ tên"})
    page = unescape(designer.get(answer.location).text)
    assert 'aria-invalid="true"' in page
    assert "1 điểm chưa đúng" in page
    assert "Xem trước được khi không còn điểm nào chưa đúng" in page


def test_text_that_is_no_yaml_is_given_back_and_nothing_is_saved(designer: Visitor, portal: Flask) -> None:
    before = body(portal)
    typed = {**opened(designer, FIRST), "label.vi": "Họ và tên", "default": "[1"}
    answer = press(designer, "save", typed)
    page = unescape(answer.text)
    assert (answer.status_code, "Họ và tên" in page, "[1" in page) == (422, True, True)
    assert body(portal) == before


def test_who_is_overtaken_gets_his_panel_back(designer: Visitor, visit: Visit, portal: Flask) -> None:
    mine, other = opened(designer, FIRST), opened(visit("admin"), FIRST)
    press(visit("admin"), "save", {**other, "label.vi": "Bản của người khác"})
    answer = press(designer, "save", {**mine, "label.vi": "Bản của tôi"})
    assert (answer.status_code, "Bản của tôi" in unescape(answer.text)) == (409, True)
    assert body(portal)["sections"][0]["fields"][0]["label"]["vi"] == "Bản của người khác"


@pytest.mark.parametrize(
    "button",
    [
        "add:sections[9].fields:text",
        "add:odd:text",
        "add:sections[0].fields:rocket",
        "up:sections[9]",
        "remove:",
        "remove:name",
        "move:sections[0]>sections[0].fields>0",
        "move:>>",
        "move:sections[0]>__proto__>0",
        "move:sections[0]>sections[0].fields[0].odd>0",
        "move:sections[0].fields[0]>sections>0",
        "move:>sections>0",
        f"remove:sections[{'9' * 5_000}]",
        f"move:sections[{'9' * 5_000}]>sections>0",
        f"move:sections[0].fields[0]>sections[{'9' * 5_000}].fields>0",
        f"up:sections[{'9' * 5_000}]",
        "remove:sections[٠]",
        "copy:sections[0]]",
        "copy:sections[5]",
        "into:",
    ],
)
def test_a_button_for_what_is_not_there_does_nothing(designer: Visitor, portal: Flask, button: str) -> None:
    before = body(portal)
    answer = press(designer, button, opened(designer))
    assert answer.status_code == 422
    assert "không còn nữa" in unescape(answer.text)
    assert body(portal) == before


def test_a_number_that_no_list_has_is_its_end(designer: Visitor, portal: Flask) -> None:
    press(designer, "add:sections[0].fields:text", opened(designer))
    first = body(portal)["sections"][0]["fields"][0]["name"]
    press(designer, f"move:sections[0].fields[0]>sections[0].fields>{'9' * 5_000}", opened(designer))
    assert body(portal)["sections"][0]["fields"][-1]["name"] == first


def test_copies_of_copies_end_where_files_end(designer: Visitor, portal: Flask) -> None:
    path = DESIGN.removesuffix("/design")
    question = {"name": "q", "type": "text", "label": {"vi": "m" * 5_000, "en": "m"}}
    typed = {
        "edition": "1",
        "source": write_yaml(
            {**body(portal), "sections": [{"key": "a", "fields": [dict(question) for _ in range(30)]}]}
        ),
    }
    assert designer.post(path, typed).status_code == 302
    before = body(portal)
    answer = press(designer, "copy:sections[0]", {**opened(designer), "name.vi": "Tên đang gõ"})
    page = unescape(answer.text)
    assert (answer.status_code, "nội dung quá lớn" in page or "too large" in page) == (422, True)
    assert "Tên đang gõ" in page
    assert body(portal) == before


@pytest.mark.parametrize(
    "place", ["sections[99]", f"sections[{'9' * 5_000}]", "odd", "sections", "[[[", "sections[0].fields[0].label.vi"]
)
def test_a_place_that_is_not_there_opens_the_whole(designer: Visitor, place: str) -> None:
    assert opened(designer, place)["at"] == ""


def test_the_draft_is_looked_at_alone(designer: Visitor) -> None:
    preview = DESIGN.replace("design", "preview")
    assert "Kết quả nổi bật" in unescape(designer.get(preview).text)
    press(designer, "save", {**opened(designer, FIRST), "name": "Họ tên"})
    assert "khi không còn điểm nào chưa đúng" in unescape(designer.get(preview).text)
    assert designer.get(preview.replace("registration-list", "nothing")).status_code == 404


@pytest.mark.parametrize("address", ["form/nothing/draft/design", "document/nothing/draft/design"])
def test_what_has_no_draft_leads_elsewhere(designer: Visitor, address: str) -> None:
    assert designer.get(f"/definitions/{address}").status_code == 302


def test_a_draft_of_a_template_is_looked_at_where_it_is_written(designer: Visitor) -> None:
    draft = "/definitions/document/provincial-report/draft"
    assert designer.get(f"{draft}/preview").status_code == 404
    designer.post("/definitions/document/provincial-report/begin")
    answer = designer.get(f"{draft}/preview")
    assert (answer.status_code, answer.location) == (302, draft)


def test_what_is_proposed_is_not_changed_in_the_designer(designer: Visitor, portal: Flask) -> None:
    SECOND_PERSON.plug(filling=True)
    typed = opened(designer, FIRST)
    designer.post("/definitions/form/registration-list/draft/propose", {"edition": "1", "note": "Biểu mẫu mới"})
    before = body(portal)
    answer = press(designer, "save", {**typed, "label.vi": "Khác"})
    assert (answer.status_code, body(portal)) == (422, before)
    page = unescape(answer.text)
    assert "chờ người thứ hai" in page
    assert 'value="Khác"' in page
    shown = designer.get(DESIGN, query_string={"at": FIRST}).text
    assert ('value="save"' in shown, 'disabled aria-labelledby="open-thing"' in shown) == (False, True)
    assert "Kết quả nổi bật" in unescape(shown)


def test_what_is_typed_for_a_draft_that_is_gone_is_given_back(designer: Visitor, visit: Visit, portal: Flask) -> None:
    typed = opened(designer, FIRST)
    visit("admin").post("/definitions/form/registration-list/draft/discard", {"edition": "1"})
    answer = press(designer, "save", {**typed, "label.vi": "Họ và tên"})
    page = unescape(answer.text)
    assert (answer.status_code, "vừa được ban hành hoặc đã bị bỏ" in page) == (409, True)
    assert "nội dung câu hỏi › tiếng Việt: Họ và tên" in page
    assert "edition" not in page.partition('id="written"')[2].partition("</textarea>")[0]
    with rows(portal) as session:
        assert service.draft_of(session, "form", "registration-list") is None


def test_what_is_typed_for_a_thing_that_is_gone_stands_apart(designer: Visitor, visit: Visit) -> None:
    press(designer, "add:sections[0].fields:integer", opened(designer))
    typed = opened(designer, "sections[0].fields[1]")
    press(visit("admin"), "remove:sections[0].fields[1]", opened(visit("admin")))
    answer = press(designer, "save", {**typed, "label.vi": "Họ và tên"})
    written = unescape(answer.text).partition('id="written"')[2].partition("</textarea>")[0]
    assert (answer.status_code, "Họ và tên" in written) == (409, True)


def test_leaving_a_panel_that_was_refused_asks_as_well(designer: Visitor) -> None:
    answer = press(designer, "save", {**opened(designer, FIRST), "default": "[1"})
    assert "data-unsaved" in answer.text
    assert "data-unsaved" not in designer.get(DESIGN).text


def test_a_condition_is_put_together_and_read_back(designer: Visitor, portal: Flask) -> None:
    press(designer, "add:sections[0].fields:yes_no", opened(designer))
    place = "sections[0].fields[1]"
    typed = opened(designer, place)
    condition = {f"visible_when.0.{key}": value for key, value in (("fact", "results"), ("comparison", "given"))}
    answer = press(designer, "save", {**typed, **condition})
    assert body(portal)["sections"][0]["fields"][1]["visible_when"] == {"not": {"empty": {"fact": "results"}}}
    assert "Nghĩa là: “Kết quả nổi bật” có trả lời" in unescape(designer.get(answer.location).text)


def condition(fact: str, comparison: str, *values: str) -> dict[str, Any]:
    """The first row of a condition, as it is sent."""
    said = (("fact", fact), ("comparison", comparison), ("value", [*values]))
    return {f"visible_when.0.{name}": sent for name, sent in said}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        (("yes_no", "Có", True), '<option value="yes" selected>có</option>'),
        (("choice", "b", "b"), '<option value="b" selected>Lựa chọn 2</option>'),
        (("date", "31/1/2025", "2025-01-31"), 'value="31/01/2025" class="day"'),
        (("decimal", "1,5", "1.5"), 'value="1,5" inputmode="decimal"'),
    ],
)
def test_with_what_an_answer_is_compared_is_chosen_or_typed_as_the_answer_would_be(
    designer: Visitor, portal: Flask, asked: tuple[str, str, object], shown: str
) -> None:
    kind, typed, value = asked
    press(designer, f"add:sections[0].fields:{kind}", opened(designer))
    answer = press(designer, "save", {**opened(designer, FIRST), **condition(f"{kind}_1", "eq", typed)})
    assert body(portal)["sections"][0]["fields"][0]["visible_when"] == {"eq": [{"fact": f"{kind}_1"}, value]}
    assert shown in unescape(designer.get(answer.location).text)


def test_several_values_stand_in_inputs_of_their_own(designer: Visitor, portal: Flask) -> None:
    for kind in ("decimal", "choice"):
        press(designer, f"add:sections[0].fields:{kind}", opened(designer))
    answer = press(designer, "save", {**opened(designer, FIRST), **condition("decimal_1", "between", "1,5", "2,5")})
    assert body(portal)["sections"][0]["fields"][0]["visible_when"] == {
        "between": [{"fact": "decimal_1"}, "1.5", "2.5"]
    }
    assert "trong khoảng 1,5" in unescape(designer.get(answer.location).text)
    answer = press(designer, "save", {**opened(designer, FIRST), **condition("choice_1", "in", "a", "b")})
    assert body(portal)["sections"][0]["fields"][0]["visible_when"] == {"in": [{"fact": "choice_1"}, ["a", "b"]]}
    assert 'name="visible_when.0.value" value="a" checked' in unescape(designer.get(answer.location).text)


def test_a_value_that_an_answer_never_has_is_told_beside_the_condition(designer: Visitor, portal: Flask) -> None:
    press(designer, "add:sections[0].fields:yes_no", opened(designer))
    answer = press(designer, "save", {**opened(designer, FIRST), **condition("yes_no_1", "eq", "có vụ")})
    assert body(portal)["sections"][0]["fields"][0]["visible_when"] == {"eq": [{"fact": "yes_no_1"}, "có vụ"]}
    page = unescape(designer.get(answer.location).text)
    assert '<option value="có vụ" selected>có vụ</option>' in page
    assert re.search('<p class="error">[^<[]*“có vụ”', page)


def test_a_row_without_a_value_is_not_called_an_empty_text(designer: Visitor) -> None:
    press(designer, "add:sections[0].fields:yes_no", opened(designer))
    answer = press(designer, "save", {**opened(designer, FIRST), **condition("yes_no_1", "eq", "")})
    page = unescape(designer.get(answer.location).text)
    assert ('<p class="error">' in page, "Nội dung để trống" in page) == (True, False)


def test_a_new_chain_asks_what_the_draft_of_its_form_asks(designer: Visitor, portal: Flask) -> None:
    designer.post("/definitions/new", {"kind": "chain", "key": "registration-list", "name_vi": "Duyệt đăng ký"})
    path = "/definitions/chain/registration-list/draft/design"
    assert 'value="registration-list"> Danh sách đăng ký (' in unescape(designer.get(path).text)
    press(designer, "save", {**opened(designer, "", path), "forms": "registration-list"}, path)
    assert body(portal, "chain")["forms"] == ["registration-list"]
    page = unescape(designer.get(path, query_string={"at": "stages[0].steps[0]"}).text)
    assert "Kết quả nổi bật (" in page
    assert "Nội dung báo cáo (" in page


def test_a_chain_is_drawn_with_what_it_may_name(designer: Visitor, portal: Flask) -> None:
    designer.post("/definitions/chain/provincial-report/begin")
    path = "/definitions/chain/provincial-report/draft/design"
    page = unescape(designer.get(path, query_string={"at": "stages[1].steps[0]"}).text)
    for words in ("(PC06)", "Cấp trưởng", "Công tác chỉ đạo, điều hành"):
        assert words in page
    typed = opened(designer, "stages[1].steps[0]", path)
    press(designer, "add:stages[1].steps:step", typed, path)
    steps = body(portal, "chain", "provincial-report")["stages"][1]["steps"]
    assert [step["key"] for step in steps] == ["leader", "step"]
    assert steps[0]["budget"] == 16


def test_the_focus_goes_where_it_was_asked_back_to(designer: Visitor) -> None:
    typed = opened(designer, FIRST)
    assert press(designer, "save", typed).location.endswith("#panel")
    typed = opened(designer, FIRST)
    answer = press(designer, "save", {**typed, "back": "p-type"})
    assert answer.location.endswith("#p-type")
    assert 'id="p-type"' in designer.get(answer.location).text
    typed = opened(designer, FIRST)
    assert 'id="here"' in designer.get(press(designer, "save", {**typed, "back": "here"}).location).text
