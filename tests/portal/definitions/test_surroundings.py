"""What does not fit is told where it stands: values that an answer never has, units that are not there."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import checks, drafting, library, publishing, service
from portal.definitions.reading import read_yaml
from portal.definitions.shapes.around import facts_of_forms, forms, sections_of_forms
from portal.definitions.shapes.description import Around
from portal.security import Actor
from tests.asked import statements
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from tests.portal.province import Province

LAN = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({drafting.WRITE, drafting.PUBLISH}))

FORM = """
schema: 1
key: arrests
name: {vi: Vụ việc, en: Cases}
sections:
  - key: cases
    name: {vi: Vụ việc, en: Cases}
    fields:
      - {name: any, type: yes_no, label: {vi: Có vụ không, en: Any}}
      - {name: since, type: date, label: {vi: Từ ngày, en: Since}}
      - name: state
        type: choice
        label: {vi: Tình trạng, en: State}
        choices: [{key: open, label: {vi: Đang xử lý, en: Open}}, {key: closed, label: {vi: Đã xong, en: Closed}}]
      - {name: how_many, type: integer, required: true, label: {vi: Số vụ, en: Cases}, visible_when: VISIBLE}
rules:
  - {key: late, when: WHEN, holds: HOLDS, message: {vi: Xem lại, en: Check}, fields: [how_many]}
"""
SOUND = {"VISIBLE": "{eq: [{fact: any}, true]}", "WHEN": "{ge: [{fact: how_many}, 2]}", "HOLDS": "{empty: {fact: any}}"}

CHAIN = """
schema: 1
key: arrests
name: {vi: Duyệt vụ việc, en: Review of cases}
forms: [arrests]
when: CHAIN
stages:
  - key: unit
    name: {vi: Đơn vị, en: Unit}
    when: STAGE
    steps:
      - key: leader
        name: {vi: Lãnh đạo, en: Leader}
        owner: {posts: [head], place: own}
        actions: [approve, return]
        when: STEP
"""
ALWAYS = {
    "CHAIN": "{eq: [{fact: any}, true]}",
    "STAGE": "{ge: [{fact: how_many}, 1]}",
    "STEP": "{empty: {fact: since}}",
}


def written(text: str, **conditions: str) -> Any:
    """A body as somebody writes it by hand."""
    for name, condition in conditions.items():
        text = text.replace(name, condition)
    return read_yaml(text)


MEASURED = """
schema: 1
key: arrests
name: {vi: Vụ việc, en: Cases}
sections:
  - key: cases
    name: {vi: Vụ việc, en: Cases}
    fields:
      - {name: how_many, type: KIND, label: {vi: Số vụ, en: Cases}, indicator: INDICATOR}
"""


@pytest.mark.parametrize(
    ("kind", "indicator", "code"),
    [
        ("integer", "meetings", None),
        ("ratio", "dossiers-on-time", None),
        ("integer", "no-such-thing", "no_such_indicator"),
        ("ratio", "meetings", "other_figure"),
        ("integer", "dossiers-on-time", "other_figure"),
    ],
)
def test_a_figure_is_bound_to_an_indicator_that_is_made_of_such_figures(
    province: Province, kind: str, indicator: str, code: str | None
) -> None:
    expected = [("sections[0].fields[0].indicator", code)] if code else []
    assert found(province, "form", written(MEASURED, KIND=kind, INDICATOR=indicator)) == expected


def found(province: Province, kind: str, body: Any) -> list[tuple[str, str]]:
    """Where something is wrong with a body, and what."""
    return [(each.path, each.code) for each in checks.findings(province.session, kind, "arrests", body)]


@pytest.mark.parametrize(
    ("place", "condition", "path", "code"),
    [
        ("VISIBLE", "{eq: [{fact: any}, 'Có']}", "sections[0].fields[3].visible_when.eq[1]", "only_yes_or_no"),
        ("VISIBLE", "{eq: [{fact: any}, có vụ]}", "sections[0].fields[3].visible_when.eq[1]", "only_yes_or_no"),
        ("HOLDS", "{in: [{fact: state}, [open, gone]]}", "rules[0].holds.in[1][1]", "no_such_answer"),
        ("WHEN", "{ge: [{fact: since}, 31/01/2025]}", "rules[0].when.ge[1]", "no_date"),
        ("HOLDS", "{not: {lt: [{fact: how_many}, '1,5']}}", "rules[0].holds.not.lt[1]", "no_number"),
    ],
)
def test_a_form_that_compares_answers_with_what_they_never_are_is_not_published(
    province: Province, place: str, condition: str, path: str, code: str
) -> None:
    assert found(province, "form", written(FORM, **SOUND)) == []
    assert found(province, "form", written(FORM, **{**SOUND, place: condition})) == [(path, code)]


@pytest.mark.parametrize(
    ("place", "condition", "path", "code"),
    [
        ("CHAIN", "{eq: [{fact: any}, 'yes']}", "when.eq[1]", "only_yes_or_no"),
        ("STAGE", "{eq: [{fact: unit_kind}, sở]}", "stages[0].when.eq[1]", "no_such_answer"),
        ("STEP", "{any: [{eq: [{fact: task_lead}, PC99]}]}", "stages[0].steps[0].when.any[0].eq[1]", "no_such_unit"),
        ("STEP", "{eq: [{fact: task_lead}, true]}", "stages[0].steps[0].when.eq[1]", "no_text"),
    ],
)
def test_a_chain_that_compares_facts_with_what_they_never_are_is_not_published(
    province: Province, place: str, condition: str, path: str, code: str
) -> None:
    publishing.publish(province.session, actor="test", kind="form", key="arrests", body=written(FORM, **SOUND))
    assert found(province, "chain", written(CHAIN, **ALWAYS)) == []
    assert found(province, "chain", written(CHAIN, **{**ALWAYS, "STEP": "{eq: [{fact: task_lead}, PC06]}"})) == []
    assert found(province, "chain", written(CHAIN, **{**ALWAYS, place: condition})) == [(path, code)]


def test_a_version_that_was_published_before_is_read_as_it_was(province: Province) -> None:
    body = written(FORM, **{**SOUND, "VISIBLE": "{eq: [{fact: any}, yes]}"})
    checks.check("form", "arrests", body)
    assert found(province, "form", body) == [("sections[0].fields[3].visible_when.eq[1]", "only_yes_or_no")]


@pytest.mark.parametrize(("kind", "key", "body"), [each for each in library.shipped() if each[0] != "document"])
def test_what_ships_fits(province: Province, kind: str, key: str, body: dict[str, Any]) -> None:
    assert checks.findings(province.session, kind, key, body) == ()


# -- drafts that name each other -------------------------------------------------------------------------------


def test_a_chain_names_what_the_draft_of_its_form_asks(province: Province) -> None:
    form = drafting.begin_new(province.session, LAN, "form", "arrests", written(FORM, **SOUND))
    around = Around(province.session, written(CHAIN, **ALWAYS))
    offered = {fact.name: fact.words for fact in facts_of_forms(around)}
    assert offered["any"] == "Có vụ không (draft)"
    assert offered["unit_kind"] == "kind of unit"
    assert sections_of_forms(around) == [("cases", "Vụ việc (draft)")]
    assert dict(forms(around))["arrests"] == "Vụ việc (draft)"
    wrong = written(CHAIN, **{**ALWAYS, "CHAIN": "{eq: [{fact: any}, 'yes']}"})
    assert found(province, "chain", wrong) == [("forms[0]", "still_drafted")]
    together = checks.findings(province.session, "chain", "arrests", wrong, [form])
    assert [(each.path, each.code) for each in together] == [("when.eq[1]", "only_yes_or_no")]


def test_a_chain_is_published_after_what_it_names_and_not_before(province: Province) -> None:
    form = drafting.begin_new(province.session, LAN, "form", "arrests", written(FORM, **SOUND))
    chain = drafting.begin_new(province.session, LAN, "chain", "arrests", written(CHAIN, **ALWAYS))
    with pytest.raises(DefinitionError) as caught:
        drafting.publish_draft(province.session, LAN, chain, chain.edition, knows=0, why="Mới")
    assert [(each.path, each.code) for each in caught.value.findings] == [("forms[0]", "still_drafted")]
    for draft in (form, chain):
        drafting.publish_draft(province.session, LAN, draft, draft.edition, knows=0, why="Mới")
    assert not chain.is_draft


def test_only_what_the_draft_adds_is_marked(province: Province) -> None:
    body = written(FORM, **SOUND)
    publishing.publish(province.session, actor="test", kind="form", key="arrests", body=body)
    draft = drafting.begin(province.session, LAN, "form", "arrests")
    other = copy.deepcopy(body)
    other["sections"][0]["fields"].append({"name": "where", "type": "text", "label": {"vi": "Ở đâu", "en": "Where"}})
    drafting.save(province.session, LAN, draft, other, draft.edition)
    around = Around(province.session, written(CHAIN, **ALWAYS))
    offered = {fact.name: fact.words for fact in facts_of_forms(around)}
    assert (offered["any"], offered["where"]) == ("Có vụ không", "Ở đâu (draft)")
    assert dict(forms(around))["arrests"] == "Vụ việc"
    stages = {**ALWAYS, "STAGE": "{eq: [{fact: any}, 'yes']}"}
    assert found(province, "chain", written(CHAIN, **stages)) == [("stages[0].when.eq[1]", "only_yes_or_no")]


def test_a_draft_that_cannot_be_read_keeps_no_chain_from_being_drawn(province: Province) -> None:
    drafting.begin_new(province.session, LAN, "form", "arrests", written(FORM, **SOUND))
    draft = service.draft_of(province.session, "form", "arrests")
    assert draft is not None
    drafting.save(province.session, LAN, draft, {"sections": [{"fields": [{"type": []}, "odd"]}]}, draft.edition)
    assert found(province, "chain", written(CHAIN, **ALWAYS)) == [("forms[0]", "still_drafted")]
    assert len(facts_of_forms(Around(province.session, written(CHAIN, **ALWAYS)))) == 2


# -- how often the database is asked ---------------------------------------------------------------------------


def test_many_units_are_looked_up_at_once(province: Province) -> None:
    publishing.publish(province.session, actor="test", kind="form", key="arrests", body=written(FORM, **SOUND))
    body, asked = written(CHAIN, **ALWAYS), []
    (step,) = body["stages"][0]["steps"]
    owner = {"posts": ["head"], "place": "unit", "unit": "PC06"}
    for count in (1, 6):
        body["stages"][0]["steps"] = [{**step, "key": f"step_{number}", "owner": owner} for number in range(count)]
        with statements(province.session.get_bind()) as said:  # type: ignore[arg-type]
            assert found(province, "chain", body) == []
        asked.append(len(said))
    assert asked[0] == asked[1]


def test_many_forms_are_read_at_once(province: Province) -> None:
    publishing.publish(province.session, actor="test", kind="form", key="arrests", body=written(FORM, **SOUND))
    asked = []
    for some in (["arrests"], ["arrests", "monthly-report"]):
        province.session.expunge_all()
        with statements(province.session.get_bind()) as said:  # type: ignore[arg-type]
            facts_of_forms(Around(province.session, {"forms": some}))
            sections_of_forms(Around(province.session, {"forms": some}))
        asked.append(len(said))
    assert asked[0] == asked[1]
