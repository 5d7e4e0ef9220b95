"""What to heed in the draft of a form: what reports lose, what a chain would wait for, how long it takes."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask_babel import Babel

from portal.definitions import drafting, publishing
from portal.definitions.cautions import MOST_MINUTES, MOST_NAMES, SECONDS, cautions, minutes
from portal.definitions.gallery import processes
from portal.definitions.library import LIBRARY, document_body
from portal.indicators.service import by_keys
from portal.security import Actor
from tests.workflows.paper import field, form
from workflows.forms import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.definitions.models import Definition
    from tests.portal.province import Province

LAN = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({drafting.WRITE, publishing.PUBLISH}))
SHIPPED_TEMPLATES = [
    document_body(LIBRARY / "documents" / "provincial-report", LIBRARY / "documents" / "blocks"),
    *(process.bodies["document"] for process in processes() if "document" in process.bodies),
]
LONG = "To fill it in takes about"
"""What is always said of the monthly report."""

LOOSE = "Figures without an indicator"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences without catalogues are their English sources."""
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


@pytest.fixture
def draft(province: Province) -> Definition:
    """The next version of the monthly report."""
    return drafting.begin(province.session, LAN, "form", "monthly-report")


def heeded(province: Province, draft: Definition) -> list[tuple[str, str]]:
    """What is said besides how long it takes, and besides what is measured."""
    return [each for each in cautions(province.session, draft) if not each.words.startswith((LONG, LOOSE))]


def changed(draft: Definition, number: int, **options: Any) -> None:
    """Say something else of a field of the first section."""
    body = deepcopy(draft.body)
    body["sections"][0]["fields"][number].update(options)
    draft.body = body


def without(draft: Definition, number: int) -> dict[str, Any]:
    """Take a field out of the first section."""
    body = deepcopy(draft.body)
    taken: dict[str, Any] = body["sections"][0]["fields"].pop(number)
    draft.body = body
    return taken


def published(province: Province, draft: Definition, body: dict[str, Any]) -> None:
    """Publish a draft with another body."""
    drafting.save(province.session, LAN, draft, body, draft.edition)
    drafting.publish_draft(province.session, LAN, draft, draft.edition, knows=1, why="Sửa đổi")


def test_nothing_is_lost_while_no_report_was_written(province: Province, draft: Definition) -> None:
    without(draft, 2)
    assert heeded(province, draft) == []
    province.draft()
    assert len(heeded(province, draft)) == 1


def test_an_unchanged_draft_is_heeded_for_its_length_alone(province: Province, draft: Definition) -> None:
    province.draft()
    (told,) = cautions(province.session, draft)
    assert told.place == "the whole definition"
    assert told.words.startswith(f"{LONG} 54 minutes.")


def test_a_question_that_is_gone_is_told_where_it_was(province: Province, draft: Definition) -> None:
    province.draft()
    without(draft, 2)
    ((place, words),) = heeded(province, draft)
    assert place == "Section “Direction and management” › Question “Meetings on Project 06”"
    assert words.startswith("Reports were written with version 1")


def test_a_question_of_another_type_is_told_where_it_is(province: Province, draft: Definition) -> None:
    province.draft()
    changed(draft, 2, type="decimal", label={"vi": "Số họp", "en": "Meetings"})
    ((place, words),) = heeded(province, draft)
    assert place == "Section “Direction and management” › Question “Meetings”"
    assert "“Whole number”" in words


def test_a_question_with_another_name_is_the_same_question(province: Province, draft: Definition) -> None:
    province.draft()
    changed(draft, 2, name="sessions")
    ((place, words),) = heeded(province, draft)
    assert place.endswith("Question “Meetings on Project 06”")
    assert "under the name “meetings”" in words


def test_a_question_that_moved_or_is_new_is_not_told(province: Province, draft: Definition) -> None:
    province.draft()
    body = deepcopy(draft.body)
    body["sections"][1]["fields"].append(body["sections"][0]["fields"].pop(2))
    body["sections"][0]["fields"].append({"type": "heading", "label": {"vi": "Khác", "en": "Others"}})
    body["sections"][0]["fields"].append({"name": "new", "type": "integer", "label": {"vi": "Mới", "en": "New"}})
    draft.body = body
    assert heeded(province, draft) == []


def test_a_version_that_is_used_no_more_is_compared_as_long_as_reports_have_it(
    province: Province, draft: Definition
) -> None:
    province.draft()
    body = deepcopy(draft.body)
    body["sections"][0]["fields"].pop(2)
    published(province, draft, body)
    again = drafting.begin(province.session, LAN, "form", "monthly-report")
    assert [place for place, _ in heeded(province, again)] == [
        "Section “Direction and management” › Question “Meetings on Project 06”"
    ]


def test_a_section_for_which_a_chain_would_wait_is_told_with_its_step(province: Province, draft: Definition) -> None:
    chain = drafting.begin(province.session, LAN, "chain", "provincial-report")
    body = deepcopy(chain.body)
    body["stages"][0]["steps"][0]["covers"] = ["direction"]
    published(province, chain, body)
    assert heeded(province, draft) == []
    changed_body = deepcopy(draft.body)
    changed_body["sections"][0]["key"] = "steering"
    draft.body = changed_body
    ((place, words),) = heeded(province, draft)
    assert place.endswith("› sections decided on")
    assert "Stage “" in place
    assert "“direction”" in words


@pytest.mark.parametrize(
    ("name", "times"), [("meetings", 0), ("rank_766", 1), ("proposals", 1), ("dossiers_on_time", 1)]
)
def test_a_phrase_that_may_have_a_gap_is_told(province: Province, name: str, times: int) -> None:
    found = template(province, "BC", closing=f"Kết quả: {{answers.{name}}}")
    assert ["may be left unanswered" in words for words in found] == [True] * times


@pytest.mark.parametrize("body", [{}, {"sections": 3}, {"key": "x"}])
def test_what_cannot_be_read_has_nothing_to_heed(province: Province, draft: Definition, body: dict[str, Any]) -> None:
    draft.body = body
    assert cautions(province.session, draft) == []


def test_what_is_no_form_has_nothing_to_heed(province: Province) -> None:
    assert cautions(province.session, drafting.begin(province.session, LAN, "calendar", "vietnam")) == []


def test_a_short_form_is_not_told_to_be_long(province: Province, draft: Definition) -> None:
    body = deepcopy(draft.body)
    body["sections"] = [{**section, "fields": section["fields"][:1]} for section in body["sections"]]
    body["sections"][0]["fields"][0].pop("rows_of", None)
    draft.body = {key: said for key, said in body.items() if key != "rules"}
    assert [each for each in cautions(province.session, draft) if LONG in each.words] == []


def loose(province: Province, draft: Definition) -> list[str]:
    return [each.words for each in cautions(province.session, draft) if each.words.startswith(LOOSE)]


def test_figures_that_measure_nothing_are_named_and_other_questions_are_not(
    province: Province, draft: Definition
) -> None:
    assert loose(province, draft) == []
    body = deepcopy(draft.body)
    for number in (0, 2, 3):
        del body["sections"][0]["fields"][number]["indicator"]
    draft.body = body
    (words,) = loose(province, draft)
    assert ": “Documents issued”, “Meetings on Project 06”, “Inspections and reminders”. Choose" in words


def test_of_many_figures_the_first_are_named(province: Province, draft: Definition) -> None:
    body = deepcopy(draft.body)
    for section in body["sections"]:
        for asked in section["fields"]:
            asked.pop("indicator", None)
    draft.body = body
    (words,) = loose(province, draft)
    assert words.count("“") == MOST_NAMES
    assert "and 9 more" in words


def test_an_indicator_that_is_out_of_use_is_told_at_its_question(province: Province, draft: Definition) -> None:
    by_keys(province.session, ["meetings"])["meetings"].in_use = False
    ((place, words),) = heeded(province, draft)
    assert place == "Section “Direction and management” › Question “Meetings on Project 06” › indicator"
    assert words.startswith("The indicator “Meetings")


def test_minutes_add_up_by_type_and_are_counted_whole() -> None:
    assert minutes(form(field("yes_no"))) == 1
    assert minutes(form(*(field("long_text", f"t{number}") for number in range(5)))) == MOST_MINUTES
    columns = [field("text", "a"), field("date", "b")]
    assert minutes(form(field("table", columns=columns))) == 3
    assert SECONDS.keys() == TYPES.keys() - {"table"}


# -- chains ----------------------------------------------------------------------------------------------------


@pytest.fixture
def chain(province: Province) -> Definition:
    """The next version of the chain of the monthly report."""
    return drafting.begin(province.session, LAN, "chain", "provincial-report")


def on_condition(chain: Definition, stage: int, fact: str) -> None:
    """Let a stage be passed over unless a fact is more than nothing."""
    body = deepcopy(chain.body)
    body["stages"][stage]["when"] = {"gt": [{"fact": fact}, 0]}
    chain.body = body


def test_a_chain_without_conditions_has_nothing_to_heed(province: Province, chain: Definition) -> None:
    assert cautions(province.session, chain) == []


def test_a_document_that_comes_after_a_stage_that_may_be_passed_over_is_told(
    province: Province, chain: Definition
) -> None:
    last = len(chain.body["stages"]) - 1
    assert chain.body["issues"][0]["after"] == chain.body["stages"][last]["key"]
    on_condition(chain, 0, "meetings")
    assert cautions(province.session, chain) == []
    on_condition(chain, last, "meetings")
    ((place, words),) = cautions(province.session, chain)
    assert place == f"Document issued “{chain.body['stages'][last]['name']['en']}”"
    assert "has no document" in words


def test_a_condition_on_what_no_form_asks_is_told(province: Province, chain: Definition) -> None:
    on_condition(chain, 0, "meetngs")
    ((place, words),) = cautions(province.session, chain)
    assert place.endswith("› condition")
    assert "“meetngs”" in words
    chain.body = {**chain.body, "forms": []}
    assert cautions(province.session, chain) == []


# -- templates -------------------------------------------------------------------------------------------------


def template(province: Province, kind: str, **said: Any) -> list[str]:
    """What is said of a template of a type, whose phrases are these."""
    draft = drafting.begin(province.session, LAN, "document", "provincial-report")
    metadata = draft.body["metadata"]
    wording = {**metadata["wording"], **said}
    draft.body = {**draft.body, "metadata": {**metadata, "type": kind, "wording": wording}}
    return [each.words for each in cautions(province.session, draft)]


@pytest.mark.parametrize(
    ("kind", "said", "heeded"),
    [
        ("BC", {}, []),
        ("BC", {"addressees": []}, ["sent to somebody"]),
        ("TTr", {"addressees": [], "recipients": []}, ["sent to somebody", "Nobody gets it"]),
        ("KH", {"addressees": []}, []),
        ("KH", {"addressees": [], "recipients": []}, ["Nobody gets it"]),
        ("TB", {"recipients": []}, []),
        ("BC", {"addressees": [], "subject": ""}, []),
        ("QĐ", {}, ["legal grounds"]),
        ("QĐ", {"grounds": ["Căn cứ Luật Tổ chức chính quyền địa phương"]}, []),
        ("CĐ", {"addressees": []}, ["sent to somebody"]),
        ("BB", {"addressees": []}, ["by the secretary"]),
        ("BB", {"secretary": "Trần Văn Thành"}, []),
    ],
)
def test_who_gets_a_document_is_asked_where_its_template_does_not_say(
    province: Province, kind: str, said: dict[str, Any], heeded: list[str]
) -> None:
    found = template(province, kind, **said)
    assert len(found) == len(heeded)
    assert all(words in sentence for words, sentence in zip(heeded, found, strict=True))


@pytest.mark.parametrize("kind", ["QĐ", "NQ", "BB", "CĐ"])
def test_blocks_that_do_not_print_what_their_type_has_are_told(province: Province, kind: str) -> None:
    draft = drafting.begin(province.session, LAN, "document", "provincial-report")
    metadata = draft.body["metadata"]
    said = {**metadata["wording"], "grounds": ["Căn cứ Luật"], "secretary": "Trần Văn Thành"}
    plain = {"decree30.html": "{% macro head(doc) %}{% endmacro %}"}
    template = '{%- import "decree30.html" as decree30 -%}{{ decree30.head(doc) }}'
    body = {**draft.body, "metadata": {**metadata, "type": kind, "wording": said}}
    draft.body = body
    assert [each.words for each in cautions(province.session, draft) if "older" in each.words] == []
    draft.body = {**body, "blocks": plain, "template": template}
    assert len([each.words for each in cautions(province.session, draft) if "older" in each.words]) == 1


def test_annexes_that_nothing_makes_or_prints_are_told(province: Province) -> None:
    draft = drafting.begin(province.session, LAN, "document", "provincial-report")
    draft.body = {**draft.body, "metadata": {**draft.body["metadata"], "annexes": ["direction", "nowhere"]}}
    (words,) = [each.words for each in cautions(province.session, draft)]
    assert "nowhere" in words
    draft.body = {**draft.body, "template": draft.body["template"].replace("{{ decree30.annexes(doc) }}", "")}
    assert [True for each in cautions(province.session, draft) if "printed nowhere" in each.words]


# -- style -----------------------------------------------------------------------------------------------------


def test_set_phrases_that_are_not_written_as_the_decree_has_it_are_told(province: Province) -> None:
    opening = ["Theo Công văn số 4598/CAT-PC06 của Công an tỉnh về Đề án 06, {unit} và Sở Tài Chính báo cáo:"]
    first, second = template(province, "BC", opening=opening, recipients=["Thường trực Tỉnh ủy", "Công an tỉnh (PC06)"])
    assert "its date" in first
    assert "“Sở Tài chính”, not “Sở Tài Chính”" in second


def test_what_is_filled_in_is_not_judged(province: Province) -> None:
    opening = ["{unit} báo cáo {period} theo Kế hoạch số 2433/KH-UBND ngày {to} của {unit} về Đề án 06:"]
    assert template(province, "BC", opening=opening, closing="Tỉnh {unit}, tháng {period}") == []


def test_the_place_of_a_phrase_is_named(province: Province) -> None:
    draft = drafting.begin(province.session, LAN, "document", "provincial-report")
    body = deepcopy(draft.body)
    body["metadata"]["wording"]["closing"] = "Trên đây là báo cáo của ủy ban nhân dân tỉnh"
    draft.body = body
    ((place, words),) = cautions(province.session, draft)
    assert "closing" in place
    assert "“Ủy ban nhân dân tỉnh”" in words


@pytest.mark.parametrize("body", SHIPPED_TEMPLATES, ids=lambda body: body["metadata"]["key"])
def test_the_templates_that_ship_are_written_as_the_decree_has_it(province: Province, body: dict[str, Any]) -> None:
    draft = drafting.begin(province.session, LAN, "document", "provincial-report")
    metadata = {**draft.body["metadata"], "wording": {**body["metadata"]["wording"], "addressees": ["Bộ Công an"]}}
    draft.body = {**draft.body, "metadata": metadata}
    assert [each.words for each in cautions(province.session, draft) if "“…”" not in each.words] == []
