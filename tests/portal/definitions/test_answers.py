"""Answers that a template prints by name: found wherever it names them, asked for by every form that leads to it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import checks, drafting, publishing, service
from portal.definitions.answers import Named, named_in, questions_about
from portal.definitions.library import shipped_bodies
from portal.definitions.phrases import answers_in, filled
from portal.security import Actor
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from portal.definitions.models import Definition
    from tests.portal.province import Province

LAN = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({drafting.WRITE, drafting.PUBLISH}))
KEY = "provincial-report"
BODY: dict[str, Any] = shipped_bodies()["document", KEY]


def naming(template: str = "", subject: str = "Báo cáo", **wording: Any) -> dict[str, Any]:
    """The shipped template with another text, or other phrases."""
    body = copy.deepcopy(BODY)
    body["metadata"]["wording"] |= {"subject": subject, **wording}
    return {**body, "template": template or body["template"]}


def of_draft(province: Province, kind: str, key: str, body: Any) -> list[tuple[str, str, Any]]:
    found = checks.findings(province.session, kind, key, body)
    return [(each.path, each.code, each.params["name"]) for each in found]


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("Kế hoạch {answers.topic} của {unit}", "Kế hoạch chuyển đổi số của Sở Y tế"),
        ("{answers.topic}{answers.topic}", "chuyển đổi sốchuyển đổi số"),
        ("{answers.braces}", "{unit}"),
        ("Về {answers.blank}", "Về …"),
        ("Về {answers.unheard_of}", "Về …"),
    ],
)
def test_a_phrase_says_answers_and_leaves_a_gap_where_there_is_none(phrase: str, said: str) -> None:
    filling = {"unit": "Sở Y tế", "answers.topic": "chuyển đổi số", "answers.braces": "{unit}", "answers.blank": ""}
    assert filled(phrase, filling) == said


def test_the_answers_of_a_phrase_are_found_in_its_order() -> None:
    assert answers_in("{answers.b} {unit} {answers.a_2} {answers} {answers.} {answers.A} answers.c {answers.b}") == [
        "b",
        "a_2",
        "b",
    ]


@pytest.mark.parametrize(
    "wrong", ["{answers}", "{answers.}", "{answers.Tên}", "{answers.a.b}", "{answers.a!r}", "{answers.__class__}"]
)
def test_what_is_no_answer_is_no_place_to_fill_in(wrong: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        checks.check("document", KEY, naming(subject=f"Về {wrong}"))
    (finding,) = refused.value.findings
    assert (finding.path, finding.code) == ("metadata.wording.subject", "not_one_of")
    assert "answers.…" in finding.params["allowed"]


def test_answers_are_found_in_phrases_and_texts_each_once() -> None:
    text = "{{ doc.answers.a }} {% if doc.answers.b %}{{ doc.answers.a|upper }}{% endif %} {{ doc.title }}"
    body = naming(text, "{answers.s} {answers.s}", opening=["x", "{answers.o}"], closing="{answers.c}")
    assert named_in(body) == [
        Named("metadata.wording.subject", "s"),
        Named("metadata.wording.opening[1]", "o"),
        Named("metadata.wording.closing", "c"),
        Named("template", "a"),
        Named("template", "b"),
    ]
    assert named_in(BODY) == []


def test_a_block_is_handed_the_document_under_any_name() -> None:
    body = copy.deepcopy(BODY)
    body["blocks"]["decree30.html"] += "{% macro extra(given) %}{{ given.answers.a }}{% endmacro %}"
    assert named_in(body) == [Named("decree30.html", "a")]


@pytest.mark.parametrize("wrong", [None, 3, {}, {"metadata": 3}, naming("{% if %}{{ doc.answers.a }}")])
def test_what_is_not_sound_names_nothing(wrong: Any) -> None:
    assert named_in(wrong) == []


def test_a_template_names_what_every_form_that_leads_to_it_asks(province: Province) -> None:
    sound = naming("{{ doc.answers.proposals }} {{ doc.answers.index_766 }}", "Họp {answers.meetings} cuộc")
    assert of_draft(province, "document", KEY, sound) == []
    wrong = naming("{{ doc.answers.documents }}", "Về {answers.topic}")
    assert of_draft(province, "document", KEY, wrong) == [
        ("metadata.wording.subject", "no_such_question", "topic"),
        ("template", "no_such_question", "documents"),  # a table
    ]


def test_a_subject_is_short(province: Province) -> None:
    assert of_draft(province, "document", KEY, naming(subject="Về {answers.proposals}")) == [
        ("metadata.wording.subject", "no_such_question", "proposals")
    ]
    assert of_draft(province, "document", KEY, naming(closing="Đề nghị: {answers.proposals}")) == []


@pytest.mark.parametrize("type_", [["x"], {"a": 1}, None, 3])
def test_a_form_in_the_making_may_be_as_wrong_as_it_likes(province: Province, type_: Any) -> None:
    form = drafting.begin(province.session, LAN, "form", "monthly-report")
    body = copy.deepcopy(form.body)
    body["sections"][0]["fields"][2]["type"] = type_
    body["sections"].append("no section")
    drafting.save(province.session, LAN, form, body, form.edition)
    assert "proposals" in questions_about(province.session, KEY)


def test_a_template_to_which_nothing_leads_yet_may_name_anything(province: Province) -> None:
    body = naming("{{ doc.answers.topic }}")
    body["metadata"]["key"] = "new-report"
    assert of_draft(province, "document", "new-report", body) == []


@pytest.fixture
def topical(province: Province) -> Definition:
    """A template of its own that names a question, to which nothing leads."""
    body = naming("{{ doc.answers.meetings }} {{ doc.answers.topic }}")
    body["metadata"]["key"] = "new-report"
    return publishing.publish(province.session, actor="lan", kind="document", key="new-report", body=body)


def leading_to(document: str) -> dict[str, Any]:
    body = copy.deepcopy(shipped_bodies()["chain", KEY])
    body["issues"][0]["document"] = document
    return body


@pytest.mark.usefixtures("topical")
def test_a_chain_leads_to_templates_whose_answers_its_forms_ask(province: Province) -> None:
    assert of_draft(province, "chain", KEY, leading_to("new-report")) == [
        ("issues[0].document", "no_such_question", "topic")
    ]
    assert of_draft(province, "chain", KEY, leading_to(KEY)) == []


def test_a_form_goes_on_asking_what_a_template_prints(province: Province) -> None:
    form = copy.deepcopy(shipped_bodies()["form", "monthly-report"])
    form["sections"][0]["fields"] = [each for each in form["sections"][0]["fields"] if each.get("name") != "meetings"]
    assert of_draft(province, "form", "monthly-report", form) == []
    body = naming("{{ doc.answers.meetings }}")
    publishing.publish(province.session, actor="lan", kind="document", key=KEY, body=body)
    assert of_draft(province, "form", "monthly-report", form) == [("sections", "answer_printed", "meetings")]


def test_both_may_change_together(province: Province) -> None:
    form = drafting.begin(province.session, LAN, "form", "monthly-report")
    body = copy.deepcopy(form.body)
    body["sections"][0]["fields"][2]["name"] = "sessions"
    drafting.save(province.session, LAN, form, body, form.edition)
    template = drafting.begin(province.session, LAN, "document", KEY)
    drafting.save(province.session, LAN, template, naming("{{ doc.answers.sessions }}"), template.edition)
    beside = [form, template]
    assert checks.findings(province.session, "document", KEY, template.body, beside) == ()
    assert checks.findings(province.session, "form", "monthly-report", form.body, beside) == ()
    assert checks.findings(province.session, "document", KEY, template.body) != ()


def test_what_is_offered_are_the_questions_of_drafts_too_but_no_tables(province: Province) -> None:
    found = questions_about(province.session, KEY)
    assert {"meetings", "proposals", "index_766"} <= found.keys()
    assert "documents" not in found
    form = drafting.begin(province.session, LAN, "form", "monthly-report")
    body = copy.deepcopy(form.body)
    body["sections"][0]["fields"][2]["name"] = "sessions"
    drafting.save(province.session, LAN, form, body, form.edition)
    assert "sessions" in questions_about(province.session, KEY)
    assert questions_about(province.session, "nothing") == questions_about(province.session, None) == {}
    assert service.current(province.session, "form", "monthly-report") is not form
