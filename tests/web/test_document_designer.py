"""Templates in the designer: phrases and rows, ready parts, markup of one's own, and the pages beside it."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import service
from portal.definitions.layout import call_of, layout_of
from tests.web.calls import rows

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

KEY = "/definitions/document/provincial-report"
DESIGN = f"{KEY}/draft/design"
TO, ADDRESSEES, OPENING = (f"metadata.wording.{each}" for each in ("recipients", "addressees", "opening"))
WHOLE = ["head", "title", "address", "body", "foot", "annexes"]


class Panel(HTMLParser):
    """Everything that a browser would send of the designer's form, every row of an input that stands in several."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.open = self.area = self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        name = given.get("name", "")
        self.open = given.get("action", "") if tag == "form" else self.open
        if self.open != DESIGN or not (name or tag == "option"):
            return
        if tag == "textarea":
            self.area = name
            self.sent.setdefault(name, []).append("")
        elif tag == "select":
            self.select = name
        elif tag == "option" and ("selected" in given or self.select not in self.sent):
            self.sent[self.select] = [given.get("value", "")]
        elif tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.sent.setdefault(name, []).append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        self.open = "" if tag == "form" else self.open
        if tag == "textarea" and self.area:
            self.sent[self.area][-1] = self.sent[self.area][-1].removeprefix("\n")
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area][-1] += data


@pytest.fixture
def designer(visit: Visit) -> Visitor:
    """Who has just begun the next version of a template."""
    visitor = visit("designer")
    answer = visitor.post(f"{KEY}/begin")
    assert answer.location == DESIGN
    return visitor


def body(portal: Flask) -> dict[str, Any]:
    """What the draft says."""
    with rows(portal) as session:
        draft = service.draft_of(session, "document", "provincial-report")
        assert draft is not None
        return dict(draft.body)


def wording(portal: Flask) -> dict[str, Any]:
    said: dict[str, Any] = body(portal)["metadata"]["wording"]
    return said


def parts(portal: Flask) -> list[str]:
    """The macros that the template of the draft calls."""
    layout = layout_of(body(portal)["template"])
    assert layout is not None
    return [part.removeprefix("decree30.") for part in layout.parts]


def opened(visitor: Visitor, place: str = "") -> dict[str, list[str]]:
    """The panel of a thing, as a browser would send it."""
    answer = visitor.get(DESIGN, query_string={"at": place})
    assert answer.status_code == 200
    sent = Panel(answer.text).sent
    assert sent["at"] == [place]
    return {name: texts for name, texts in sent.items() if name != "csrf_token"}


def press(visitor: Visitor, button: str, typed: dict[str, Any]) -> Any:
    """Press a button of the designer."""
    return visitor.post(DESIGN, {**typed, "then": button})


def test_a_panel_that_is_sent_as_it_is_changes_nothing(designer: Visitor, portal: Flask) -> None:
    before = body(portal)
    for place in ("", "parts[1]", "template"):
        assert press(designer, "save", opened(designer, place)).status_code == 302
    assert body(portal) == before


def test_phrases_and_type_are_changed_in_the_panel(designer: Visitor, portal: Flask) -> None:
    page = unescape(designer.get(DESIGN).text)
    for words in ("Kế hoạch (KH)", "{period}", "{unit}", "{from}", "{to}", 'data-trial="'):
        assert words in page
    sent = {**opened(designer), "metadata.type": "KH", "metadata.wording.subject": "Kế hoạch\r\n năm {period}"}
    press(designer, "save", {**sent, "metadata.wording.drafter": ""})
    said = body(portal)["metadata"]
    assert (said["type"], said["wording"]["subject"]) == ("KH", "Kế hoạch năm {period}")
    assert "drafter" not in said["wording"]
    assert "Có thể ban hành" in unescape(designer.get(DESIGN).text)


def test_how_long_documents_are_kept_is_chosen_and_counted(designer: Visitor, portal: Flask) -> None:
    key = "metadata.retention"
    press(designer, "save", {**opened(designer), key: "#years", f"{key}.number": "10"})
    assert body(portal)["metadata"]["retention"] == {"years": 10}
    assert opened(designer)[f"{key}.number"] == ["10"]
    press(designer, "save", {**opened(designer), key: ""})
    assert "retention" not in body(portal)["metadata"]


def test_recipients_are_added_moved_and_removed(designer: Visitor, portal: Flask) -> None:
    names = wording(portal)["recipients"]
    sent = opened(designer)
    assert sent[TO] == [*names, ""]
    press(designer, "save", {**sent, TO: [*names, " Báo  Gia Lai "]})
    assert wording(portal)["recipients"] == [*names, "Báo Gia Lai"]
    press(designer, f"up:{TO}[{len(names)}]", opened(designer))
    press(designer, f"down:{TO}[0]", opened(designer))
    assert wording(portal)["recipients"] == [names[1], names[0], *names[2:-1], "Báo Gia Lai", names[-1]]
    press(designer, f"remove:{TO}[1]", opened(designer))
    assert names[0] not in wording(portal)["recipients"]


def test_the_row_that_a_button_names_is_the_one_on_the_page(designer: Visitor, portal: Flask) -> None:
    press(designer, "save", {**opened(designer), TO: ["a", "b", "c", "d"]})
    press(designer, f"up:{TO}[3]", {**opened(designer), TO: ["a", " ", "c", "d", "e"]})
    assert wording(portal)["recipients"] == ["a", "d", "c", "e"]
    press(designer, f"remove:{TO}[1]", {**opened(designer), TO: ["a", "", "c", "e"]})
    assert wording(portal)["recipients"] == ["a", "c", "e"]


def test_rows_may_all_go_and_the_decree_adds_its_own(designer: Visitor, portal: Flask) -> None:
    press(designer, "save", {**opened(designer), TO: [""], ADDRESSEES: [""], OPENING: ["", " "]})
    said = wording(portal)
    assert (said["recipients"], said["addressees"], said["opening"]) == ([], [], [])
    assert "Có thể ban hành" in unescape(designer.get(DESIGN).text)


def test_parts_are_added_moved_and_removed(designer: Visitor, portal: Flask) -> None:
    assert parts(portal) == WHOLE
    answer = press(designer, "add:parts", {**opened(designer), "kind:parts": "decree30.title"})
    assert "at=parts%5B6%5D" in answer.location
    assert parts(portal) == [*WHOLE, "title"]
    press(designer, "up:parts[6]", opened(designer))
    press(designer, "move:parts[0]>parts>4", opened(designer))
    assert parts(portal) == ["title", "address", "body", "foot", "head", "title", "annexes"]
    press(designer, "remove:parts[2]", opened(designer))
    press(designer, "save", {**opened(designer, "parts[0]"), "part": "decree30.foot"})
    assert parts(portal) == ["foot", "address", "foot", "head", "title", "annexes"]
    assert body(portal)["template"].startswith('{%- import "decree30.html" as decree30 -%}\n<!doctype html>')


MARKS = {
    "metadata.wording.grounds": ["Căn cứ Nghị định số 30/2020/NĐ-CP", ""],
    "metadata.wording.urgency": "Khẩn",
    "metadata.wording.circulation": "Lưu hành nội bộ",
    "metadata.wording.archive_copies": "2",
    "metadata.wording.issued_copies": "300",
    "metadata.annexes": ["difficulties"],
    "metadata.contact": "yes",
    "metadata.data_attached": "yes",
}


def test_what_stands_around_the_text_is_set_and_taken_away_again(designer: Visitor, portal: Flask) -> None:
    plain = body(portal)
    press(designer, "save", {**opened(designer), **MARKS})
    metadata = body(portal)["metadata"]
    assert (metadata["annexes"], metadata["contact"], metadata["data_attached"]) == (["difficulties"], True, True)
    said = metadata["wording"]
    assert said["grounds"] == ["Căn cứ Nghị định số 30/2020/NĐ-CP"]
    assert (said["urgency"], said["circulation"]) == ("Khẩn", "Lưu hành nội bộ")
    assert (said["archive_copies"], said["issued_copies"]) == (2, 300)
    press(designer, "save", {**opened(designer), **dict.fromkeys(MARKS, "")})
    plain["metadata"]["wording"]["grounds"] = []
    assert body(portal)["metadata"]["wording"] == plain["metadata"]["wording"]


def test_only_minutes_ask_for_a_secretary(designer: Visitor, portal: Flask) -> None:
    secretary = "metadata.wording.secretary"
    assert secretary not in opened(designer)
    press(designer, "save", {**opened(designer), "metadata.type": "BB"})
    press(designer, "save", {**opened(designer), secretary: "Trần Văn Thành"})
    assert body(portal)["metadata"]["wording"]["secretary"] == "Trần Văn Thành"
    press(designer, "save", {**opened(designer), "metadata.type": "BC"})
    assert "secretary" not in body(portal)["metadata"]["wording"]


def test_sections_of_the_form_are_offered_as_parts(designer: Visitor, portal: Flask) -> None:
    page = unescape(designer.get(DESIGN).text)
    assert "Công tác chỉ đạo, điều hành" in page[page.index('name="kind:parts"') :]
    press(designer, "add:parts", {**opened(designer), "kind:parts": "decree30.tables_of:2"})
    assert "{{ decree30.tables_of(doc, 2) }}" in body(portal)["template"]
    sent = opened(designer, "parts[6]")
    assert sent["part"] == ["decree30.tables_of:2"]
    press(designer, "save", {**sent, "part": "decree30.section:3"})
    assert parts(portal) == [*WHOLE, "section:3"]
    assert press(designer, "add:parts", {**sent, "kind:parts": "decree30.section:99"}).status_code in {409, 422}


def test_a_process_offers_the_sections_of_its_own_drafts(designer: Visitor) -> None:
    sent = {"name_vi": "Phụ cấp", "kinds": ["department"], "rhythm": "month", "way": "unit", "outcome": "BC"}
    designer.post("/definitions/start", sent)
    page = unescape(designer.get("/definitions/document/phu-cap/draft/design").text)
    assert "Nội dung báo cáo" in page[page.index('name="kind:parts"') :]
    assert 'id="heed"' in page, "nobody has said yet who gets it"


def test_markup_of_ones_own_takes_the_place_of_the_list(designer: Visitor, portal: Flask) -> None:
    page = unescape(designer.get(DESIGN, query_string={"at": "template"}).text)
    assert f'data-code="{call_of("decree30.title")}"' in page
    assert "{{ doc.place_date }}" in page
    sent = opened(designer, "template")
    source = sent["source"][0].replace(call_of("decree30.title"), "<h1>{{ doc.subjct }}</h1>")
    press(designer, "save", {**sent, "source": source.replace("\n", "\r\n")})
    assert body(portal)["template"] == source
    assert "parts[0]" not in designer.get(DESIGN).text
    sent = opened(designer, "template")
    assert sent["source"] == [source]
    press(designer, "save", {**sent, "source": source.replace("<h1>{{ doc.subjct }}</h1>", "")})
    assert parts(portal) == ["head", "address", "body", "foot", "annexes"]


def test_a_part_is_moved_in_the_text_that_was_typed_meanwhile(designer: Visitor, portal: Flask) -> None:
    sent = opened(designer, "template")
    source = sent["source"][0].replace(f"{call_of('decree30.address')}\n", "")
    press(designer, "down:parts[0]", {**sent, "source": source})
    assert parts(portal) == ["title", "head", "body", "foot", "annexes"]


def test_what_is_wrong_stands_beside_its_phrase_and_is_kept(designer: Visitor, portal: Flask) -> None:
    typed = {**opened(designer), "metadata.wording.closing": "Hết tháng {month}"}
    page = unescape(designer.get(press(designer, "save", typed).location).text)
    assert wording(portal)["closing"] == "Hết tháng {month}"
    closing = page.index('name="metadata.wording.closing"')
    assert 'aria-invalid="true"' in page[closing : closing + 200]
    assert page.count('aria-invalid="true"') == 1
    assert 'data-trial="' not in page


def test_what_is_wrong_with_the_markup_stands_at_it(designer: Visitor) -> None:
    typed = {**opened(designer, "template"), "source": "<p>\n{% for x in %}"}
    page = unescape(designer.get(press(designer, "save", typed).location).text)
    panel = page[page.index('id="panel"') :]
    assert 'class="error"' in panel
    assert "{% for x in %}" in panel


@pytest.mark.parametrize(
    "source",
    [
        "metadata: []\ntemplate: 7\nblocks: x",
        "metadata: {wording: {recipients: 7, opening: {a: b}}, type: [1]}\ntemplate: [a]",
        "template: <body></body></html>\nblocks: {a: 1}\nparts: [1, {part: 2}]",
        '{template: "{% import \'a\' as a %}<body>{{ a.b(doc) }}</body></html>", blocks: {a: "{% macro"}}',
        "odd: 1",
    ],
)
def test_whatever_a_draft_says_its_designer_shows_it(designer: Visitor, portal: Flask, source: str) -> None:
    assert designer.post(f"{KEY}/draft", {"source": source, "edition": "1"}).status_code == 302
    for place in ("", "template", "parts[0]"):
        page = designer.get(DESIGN, query_string={"at": place})
        assert (page.status_code, "điểm chưa đúng" in unescape(page.text)) == (200, True)
    kept = body(portal).get("template")
    press(designer, "save", {**opened(designer), "metadata.wording.subject": "Vừa gõ"})
    assert (body(portal).get("template"), wording(portal)["subject"]) == (kept, "Vừa gõ")


def test_a_chain_that_is_no_chain_yet_is_in_nobodys_way(designer: Visitor) -> None:
    path = "/definitions/chain/provincial-report"
    designer.post(f"{path}/begin")
    source = "forms: 7\nstages: x\nissues: [{document: provincial-report}, 7]"
    assert designer.post(f"{path}/draft", {"source": source, "edition": "1"}).status_code == 302
    assert designer.get(DESIGN).status_code == 200


@pytest.mark.parametrize(
    "button", ["add:parts", "add:parts:odd", "add:template", "remove:template", "up:parts[9]", f"up:{TO}[99]", "into:"]
)
def test_a_button_for_what_is_not_there_gives_the_panel_back(designer: Visitor, portal: Flask, button: str) -> None:
    before = body(portal)
    sent = {**opened(designer), "metadata.wording.subject": "Vừa gõ", TO: ["Nơi vừa gõ", ""], "kind:parts": ""}
    answer = press(designer, button, sent)
    page = unescape(answer.text)
    assert (answer.status_code, body(portal)) == (422, before)
    assert "Vừa gõ" in page
    assert 'value="Nơi vừa gõ"' in page


def test_who_is_overtaken_gets_his_markup_back(designer: Visitor, visit: Visit, portal: Flask) -> None:
    mine, other = opened(designer, "template"), opened(visit("admin"))
    press(visit("admin"), "save", {**other, "metadata.wording.subject": "Của người khác"})
    answer = press(designer, "save", {**mine, "source": "<p>Của tôi</p>"})
    assert (answer.status_code, "<p>Của tôi</p>" in unescape(answer.text)) == (409, True)
    assert wording(portal)["subject"] == "Của người khác"


@pytest.mark.parametrize("who", ["clerk", "auditor", None])
def test_nobody_else_comes_in(designer: Visitor, visit: Visit, portal: Flask, who: str | None) -> None:
    sent, before = opened(designer), body(portal)
    visitor = visit(who)
    assert visitor.get(DESIGN).status_code in {302, 403, 404}
    assert press(visitor, "save", {**sent, "metadata.wording.subject": "Khác"}).status_code in {302, 401, 403, 404}
    assert body(portal) == before


def test_key_page_and_drafts_lead_to_the_designer(designer: Visitor) -> None:
    assert f'href="{DESIGN}"' in designer.get(f"{KEY}/").text
    assert f'href="{DESIGN}"' in designer.get(f"{KEY}/draft").text
    answer = designer.post("/definitions/new", {"kind": "document", "key": "notice", "name_vi": "Thông báo"})
    assert answer.location == "/definitions/document/notice/draft/design"
