"""Approvals that stay in a later round, because nothing that they cover was changed."""

import json

import pytest

from tests.workflows.office import CLERK, Desk, body, chain, refused, staffed, stage, step
from workflows.errors import DefinitionError
from workflows.events import ApprovalKept
from workflows.history import from_dict, replay
from workflows.parsing import parse_chain

FIGURES, TEXT = {"figures": "f1", "text": "t1"}, {"figures": "f1", "text": "t2"}
LASTING = {"ask_again": "if_changed"}
OFFICE = staffed(head="hoa", deputy=["dung", "duc"], police="phuc", boss="bao", officer=["an", "anh"])
TWO = chain(stage("head", step("head", covers=["figures"], **LASTING)), stage("boss"))


def returned(made: object = TWO, *, sections: dict[str, str] = FIGURES, by: str = "bao") -> Desk:
    """A case whose first stage approved these sections, and whose second gave it back."""
    desk = Desk(made, OFFICE)  # type: ignore[arg-type]
    desk.submit(sections=sections)
    desk.approve("hoa", "Số liệu đúng")
    desk.send_back(by)
    return desk


def test_an_approval_stays_when_the_sections_it_covers_did_not_change() -> None:
    desk = returned()
    desk.submit(content="content 2", sections=TEXT)
    assert desk.kinds == [
        "case_submitted",
        "stage_entered",
        "approval_kept",
        "stage_completed",
        "stage_entered",
        "item_opened",
    ]
    assert (desk.case.stage, desk.owners) == ("boss", [("boss", "bao")])
    desk.approve("bao")
    assert desk.case.status == "approved"


def test_it_is_asked_again_when_one_of_them_changed() -> None:
    desk = returned()
    desk.submit(content="content 2", sections={**FIGURES, "figures": "f2"})
    assert (desk.case.stage, desk.owners) == ("head", [("head", "hoa")])


def test_what_covers_everything_stays_only_for_the_very_same_content() -> None:
    made = chain(stage("head", step("head", **LASTING)), stage("boss"))
    for content, stage_now in (("content", "boss"), ("content 2", "head")):
        desk = returned(made)
        desk.submit(content=content, sections=FIGURES)
        assert desk.case.stage == stage_now


def test_without_the_policy_everybody_is_asked_in_every_round() -> None:
    desk = returned(chain(stage("head", step("head", covers=["figures"])), stage("boss")))
    desk.submit(sections=FIGURES)
    assert desk.case.stage == "head"


def test_a_section_that_the_content_does_not_have_counts_as_changed() -> None:
    made = chain(stage("head", step("head", covers=["figures", "nowhere"], **LASTING)), stage("boss"))
    desk = returned(made)
    desk.submit(sections=FIGURES)
    assert desk.case.stage == "head"


def test_the_decision_that_stays_is_that_of_its_author_with_his_words_and_his_time() -> None:
    desk = returned()
    given = desk.case.decisions[0]
    assert (given.covered, given.kept_from) == ({"figures": "f1"}, None)
    desk.submit(content="content 2", sections=TEXT)
    kept = desk.case.decisions[-1]
    assert (kept.person, kept.reason, kept.at, kept.content_hash) == ("hoa", "Số liệu đúng", given.at, "content")
    assert (kept.round, kept.item, kept.kept_from, kept.covered) == (2, 3, 1, {"figures": "f1"})
    assert desk.last[2] == ApprovalKept(4, desk.now, CLERK, 3, 1, 1, "head", "hoa", "head", "own", "head")
    assert [each.verdict for each in desk.case.round_verdicts] == []


def test_it_stays_with_the_post_that_its_author_holds_by_now() -> None:
    desk = returned(chain(stage("head", step("head", "head", "deputy", **LASTING)), stage("boss")))
    desk.office = staffed(head="moi", deputy="hoa", boss="bao")
    desk.submit(sections=FIGURES)
    kept = desk.case.decisions[-1]
    assert (kept.person, kept.post, kept.kept_from) == ("hoa", "deputy", 1)


def test_it_stays_over_several_rounds_and_names_the_one_it_was_given_in() -> None:
    desk = returned()
    for number in (2, 3):
        desk.submit(content=f"content {number}", sections={**TEXT, "text": f"t{number}"})
        assert desk.case.decisions[-1].kept_from == 1
        assert isinstance(desk.last[2], ApprovalKept)
        assert desk.last[2].round == 1
        desk.send_back("bao")


def test_who_returned_it_last_is_asked_again_whatever_he_approved_before() -> None:
    made = chain(stage("head", step("head", **LASTING), step("police", **LASTING)), stage("boss"))
    desk = Desk(made, OFFICE)
    desk.submit(sections=FIGURES)
    desk.approve("hoa")
    desk.send_back("phuc")
    desk.submit(sections=FIGURES)
    assert desk.owners == [("police", "phuc")]
    desk.approve("phuc")
    assert desk.case.stage == "boss"


def test_a_return_to_an_earlier_stage_asks_it_again_for_the_round_is_the_same() -> None:
    desk = Desk(TWO, OFFICE)
    desk.submit(sections=FIGURES)
    desk.approve("hoa")
    desk.send_back("bao", to="head")
    assert desk.owners == [("head", "hoa")]


def test_who_can_no_longer_take_the_step_does_not_keep_his_approval() -> None:
    desk = returned()
    desk.office = staffed(head="dung", boss="bao")
    desk.submit(content="content 2", sections=TEXT)
    assert desk.owners == [("head", "dung")]


def test_who_drafted_meanwhile_does_not_keep_his_approval() -> None:
    desk = returned(chain(stage("head", step("head", "head", "deputy", **LASTING)), stage("boss")))
    desk.submit(drafters=["hoa"], sections=FIGURES)
    assert desk.owners == [("head", "dung"), ("head", "duc")]


def test_the_approval_of_a_delegate_does_not_stay() -> None:
    desk = Desk(TWO, OFFICE)
    desk.submit(sections=FIGURES)
    desk.delegate("hoa", "anh")
    desk.approve("anh")
    desk.send_back("bao")
    desk.submit(content="content 2", sections=TEXT)
    assert desk.owners == [("head", "hoa")]


def test_the_last_who_decide_are_always_asked() -> None:
    alone = chain(stage("head", step("head", "head", "deputy", "boss", **LASTING), step("police", **LASTING)))
    desk = Desk(alone, OFFICE)
    desk.submit(sections=FIGURES)
    desk.approve("hoa")
    desk.send_back("phuc")
    desk.submit(sections=FIGURES)
    assert ("head", "hoa") in desk.owners
    assert ("police", "phuc") in desk.owners


def test_who_keeps_one_part_is_asked_for_no_other_of_the_stage() -> None:
    both = stage("both", step("first", "head", "deputy", **LASTING), step("second", "head", "deputy"), complete="all")
    desk = Desk(chain(both, stage("boss")), OFFICE)
    desk.submit(sections=FIGURES)
    desk.approve("hoa", step="first")
    desk.approve("dung", step="second")
    desk.send_back("bao")
    desk.submit(sections=FIGURES)
    assert desk.owners == [("second", "dung"), ("second", "duc")]


def test_nothing_stays_where_the_rest_could_then_not_be_filled() -> None:
    both = stage("both", step("first", "head", "deputy", **LASTING), step("second", "head"))
    office = staffed(head="hoa", deputy="dung", boss="bao")
    desk = Desk(chain(both, stage("boss")), office)
    desk.submit(sections=FIGURES)
    desk.approve("dung", step="first")
    desk.approve("hoa", step="second")
    desk.send_back("bao")
    desk.office = staffed(head=["dung"], deputy="hoa", boss="bao")
    desk.submit(sections=FIGURES)
    assert desk.owners == [("first", "dung"), ("first", "hoa"), ("second", "dung")]


def test_with_enough_that_stay_the_stage_is_complete_at_once() -> None:
    made = chain(stage("any", step("head", **LASTING), step("police"), complete="any"), stage("boss"))
    desk = returned(made)
    desk.submit(sections=FIGURES)
    assert desk.case.stage == "boss"
    assert [item.person for item in desk.case.open_items] == ["bao"]


def test_it_can_be_recalled_while_only_kept_approvals_stand() -> None:
    desk = returned()
    desk.submit(content="content 2", sections=TEXT)
    desk.recall()
    assert desk.case.status == "recalled"
    desk.submit(content="content 3", sections=TEXT)
    desk.approve("bao")
    with refused("finished", status="approved"):
        desk.recall()


def test_a_case_with_kept_approvals_survives_storage() -> None:
    desk = returned()
    desk.submit(content="content 2", sections=TEXT)
    stored = [from_dict(json.loads(json.dumps(event.to_dict()))) for event in desk.case.events]
    assert replay(desk.case.chain, stored) == desk.case


def test_advisers_cover_nothing() -> None:
    for key, value in (("covers", ["figures"]), ("ask_again", "if_changed")):
        with pytest.raises(DefinitionError) as caught:
            parse_chain(body(stage("head"), stage("legal", step("legal", role="advise") | {key: value})))
        [found] = caught.value.findings
        assert (found.path, found.code) == (f"stages[1].steps[0].{key}", "advisers_do_not_decide")


def test_whoever_signs_a_document_is_asked_in_every_round() -> None:
    rule = {"after": "head", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    with pytest.raises(DefinitionError) as caught:
        parse_chain(body(stage("head", step("head", **LASTING)), stage("boss"), issues=[rule]))
    [found] = caught.value.findings
    assert (found.path, found.code, found.params) == ("issues[0].after", "signs_unseen", {"stage": "head"})


@pytest.mark.parametrize(
    ("more", "path", "code"),
    [
        ({"ask_again": "sometimes"}, "ask_again", "not_one_of"),
        ({"covers": []}, "covers", "too_few"),
        ({"covers": ["a", "a"]}, "covers[1]", "duplicate"),
        ({"covers": "figures"}, "covers", "wrong_type"),
    ],
)
def test_a_policy_that_cannot_be_read_is_refused_at_its_place(more: dict[str, object], path: str, code: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(body(stage("head", step("head", **more))))
    assert [(found.path, found.code) for found in caught.value.findings] == [(f"stages[0].steps[0].{path}", code)]


def test_an_approval_does_not_stay_that_somebody_wanted_looked_at_once_more() -> None:
    both = stage("two", step("head", **LASTING), step("deputy", **LASTING))
    desk = Desk(chain(both, stage("boss")), OFFICE)
    desk.submit(sections=FIGURES)
    desk.approve("hoa")
    desk.approve("dung")
    desk.send_back("bao", to="two")
    desk.send_back("dung")
    desk.submit(sections=FIGURES)
    assert ("head", "hoa") in desk.owners
