"""What a chain says of the sections of a form: who reads them, who changes them, who decides on them."""

import pytest

from tests.workflows import promised
from tests.workflows.office import body, chain, stage, step
from workflows.errors import DefinitionError
from workflows.parsing import parse_chain

STEP = "stages[0].steps[0]"
ISSUE = {"after": "head", "issuer": {"place": "unit", "unit": "UBND"}, "document": "report", "signer": "decider"}


def found(definition: object) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(definition)
    promised.check_errors(caught.value.findings)
    return [(finding.path, finding.code) for finding in caught.value.findings]


def test_a_step_says_which_sections_are_read_changed_and_decided_on() -> None:
    made = step("head", reads=["figures", "text"], edits=["text"], covers=["figures", "text"])
    only = chain(stage("head", made), stage("boss")).stages[0].steps[0]
    assert (only.reads, only.edits, only.covers) == (("figures", "text"), ("text",), ("figures", "text"))
    adviser = chain(stage("head", step("head", role="advise", reads=["text"]))).stages[0].steps[0]
    assert (adviser.reads, adviser.edits) == (("text",), ())


@pytest.mark.parametrize(
    ("more", "sections"),
    [
        ({"reads": ["text"]}, ["text"]),
        ({"reads": ["text"], "covers": ["figures", "text"]}, ["figures"]),
        ({"reads": ["text"], "covers": ["text"], "edits": ["figures"]}, ["figures"]),
    ],
)
def test_nobody_decides_on_what_he_does_not_read_nor_changes_it(more: dict[str, object], sections: list[str]) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(body(stage("head", step("head", **more)), stage("boss")))
    assert [(each.path, each.code, each.params) for each in caught.value.findings] == [
        (STEP, "beyond_reading", {"sections": sections})
    ]


def test_whoever_changes_the_content_decides_alone_and_not_last() -> None:
    editing = step("head", edits=["text"])
    assert found(body(stage("head", editing))) == [("stages[0]", "edits_unseen")]
    heard = stage("heard", step("a", role="advise"))
    assert found(body(stage("head", editing), heard)) == [("stages[0]", "edits_unseen")]
    assert found(body(stage("two", editing, step("b")), stage("boss"))) == [("stages[0]", "edits_alone")]
    each = step("head", edits=["text"], taken_by="each")
    assert found(body(stage("head", each), stage("boss"))) == [("stages[0]", "edits_alone")]
    advised = chain(stage("two", editing, step("b", role="advise")), stage("boss"))
    assert advised.stages[0].deciding[0].edits == ("text",)
    adviser = step("b", role="advise", edits=["text"])
    assert found(body(stage("two", adviser), stage("boss"))) == [(f"{STEP}.edits", "advisers_do_not_decide")]


def test_whoever_signs_reads_all_that_he_signs() -> None:
    partly = stage("head", step("head", reads=["text"], covers=["text"]), step("b", role="advise", reads=["text"]))
    assert found(body(partly, issues=[ISSUE])) == [("issues[0].after", "signs_unread")]
    advised = stage("head", step("head"), step("b", role="advise", reads=["text"]))
    assert chain(advised, issues=[ISSUE]).issues[0].after == "head"


def test_nobody_changes_what_a_document_was_signed_for() -> None:
    editing = step("head", edits=["text"])
    signed_before = body(stage("first"), stage("head", editing), stage("boss"), issues=[ISSUE | {"after": "first"}])
    assert found(signed_before) == [("issues[0].after", "edits_signed")]
    assert found(body(stage("head", editing), stage("boss"), issues=[ISSUE])) == [("issues[0].after", "edits_signed")]
    later = chain(stage("head", editing), stage("boss"), issues=[ISSUE | {"after": "boss"}])
    assert later.issues[0].after == "boss"
