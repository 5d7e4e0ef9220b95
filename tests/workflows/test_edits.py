"""Approvals with changes: a reviewer mends what his step lets him, and somebody after him sees what he made of it."""

import json

import pytest

from tests.workflows.office import ADMIN, CLERK, Desk, Office, chain, refused, staffed, stage, step
from workflows.actions import AddReviewer, Approve, ApproveInEmergency, Delegate, Reassign
from workflows.case import Edit
from workflows.definition import Chain
from workflows.events import ContentEdited, ItemDecided
from workflows.history import from_dict, replay

DRAFTED, MENDED = {"figures": "f1", "text": "t1"}, {"figures": "f1", "text": "t2"}
OFFICE = staffed(head="hoa", deputy=["dung", "duc"], police="phuc", boss="bao")
EDITING = stage("head", step("head", edits=["text"]))
CHAIN = chain(EDITING, stage("boss"))


def handed_in(made: Chain = CHAIN, office: Office = OFFICE, **facts: int) -> Desk:
    desk = Desk(made, office, facts)
    desk.submit(sections=DRAFTED)
    return desk


def mend(desk: Desk, by: str, sections: dict[str, str] = MENDED, content: str = "mended") -> None:
    desk.do(by, Approve(desk.case.version, content_hash=content, sections=sections))


def test_an_approval_carries_what_the_reviewer_made_of_the_content() -> None:
    desk = handed_in()
    mend(desk, "hoa")
    assert desk.kinds == [
        "content_edited",
        "item_decided",
        "stage_completed",
        "stage_entered",
        "item_opened",
    ]
    assert desk.last[0] == ContentEdited(2, desk.now, "hoa", 1, "mended", MENDED, ("text",))
    assert (desk.case.content_hash, desk.case.sections) == ("mended", MENDED)
    decided = desk.case.decisions[0]
    assert (decided.content_hash, decided.covered) == ("mended", MENDED)
    assert desk.case.edits == (Edit(1, "head", 1, frozenset({"hoa"}), "hoa", desk.now, ("text",)),)


def test_an_approval_without_a_change_changes_nothing() -> None:
    desk = handed_in()
    desk.approve("hoa")
    assert (desk.case.content_hash, desk.case.edits) == ("content", ())


def test_only_the_sections_of_his_step_may_be_changed() -> None:
    desk = handed_in()
    with refused("not_editable", sections=["figures"]):
        mend(desk, "hoa", {"figures": "f2", "text": "t2"})
    with refused("not_editable", sections=["figures"]):
        mend(desk, "hoa", {"text": "t2"})
    with refused("not_editable", sections=["annex"]):
        mend(desk, "hoa", {**MENDED, "annex": "a1"})
    with refused("nothing_edited"):
        mend(desk, "hoa", DRAFTED)
    assert desk.case.content_hash == "content"


def test_a_step_that_lets_nobody_change_anything_refuses_all_of_it() -> None:
    desk = handed_in(chain(stage("head"), stage("boss")))
    with refused("not_editable", sections=["text"]):
        mend(desk, "hoa")
    assert desk.may("hoa", "approve").edits == ()


def test_what_stands_in_the_way_of_approving_stands_in_the_way_of_a_change() -> None:
    desk = handed_in()
    with refused("not_your_item", stage="head", people=["hoa"]):
        mend(desk, "bao")
    with refused("own_draft"):
        mend(desk, CLERK)


def test_nothing_is_changed_that_nobody_would_see_afterwards() -> None:
    made = chain(EDITING, stage("boss", when={"ge": [{"fact": "total"}, 10]}))
    desk = handed_in(made, total=9)
    with refused("edited_unseen"):
        mend(desk, "hoa")
    assert desk.may("hoa", "approve").edits == ()
    mend(handed_in(made, total=10), "hoa")


def test_nothing_is_changed_that_somebody_approved_in_the_same_stage() -> None:
    desk = handed_in()
    desk.do("hoa", AddReviewer(desk.case.version, "phuc", "Xem mục 2"))
    desk.approve("phuc")
    with refused("approved_as_it_was", people=["phuc"]):
        mend(desk, "hoa")
    assert desk.may("hoa", "approve").edits == ()
    desk.approve("hoa")
    assert desk.case.stage == "boss"


def test_who_may_change_what_is_told_beforehand() -> None:
    desk = handed_in()
    assert desk.may("hoa", "approve").edits == ("text",)
    assert desk.may("bao", "approve").edits == ()
    assert desk.may("hoa", "return").edits == ()


def test_who_changed_it_decides_nothing_later_on_it() -> None:
    later = stage("police", step("police", "head", "police"))
    desk = handed_in(chain(EDITING, later, stage("boss")))
    mend(desk, "hoa")
    assert desk.owners == [("police", "phuc")]
    with refused("drafted_it", person="hoa"):
        desk.reassign("hoa", item=2)
    unchanged = handed_in(chain(EDITING, later, stage("boss")))
    unchanged.approve("hoa")
    assert unchanged.owners == [("police", "hoa"), ("police", "phuc")]


def test_where_nobody_else_could_decide_later_the_change_is_refused() -> None:
    desk = handed_in(chain(EDITING, stage("boss", step("boss", "head"))))
    with refused("nobody_eligible", stage="boss", step="boss", needed=1, found=0):
        mend(desk, "hoa")
    desk.approve("hoa")
    assert desk.owners == [("boss", "hoa")]


def test_it_binds_the_one_in_whose_place_it_was_changed_too() -> None:
    later = stage("deputies", step("deputies", "deputy", "head", "police"))
    desk = handed_in(chain(EDITING, later, stage("boss")))
    desk.do("hoa", Delegate(desk.case.version, "dung"))
    mend(desk, "dung")
    assert desk.owners == [("deputies", "duc"), ("deputies", "phuc")]
    assert desk.case.edits[0].people == {"hoa", "dung"}


def test_who_changed_it_decides_again_when_it_comes_back_to_his_stage() -> None:
    desk = handed_in()
    mend(desk, "hoa")
    desk.send_back("bao", to="head")
    assert desk.owners == [("head", "hoa")]
    mend(desk, "hoa", {**MENDED, "text": "t3"}, "mended again")
    assert [each.sections for each in desk.case.edits] == [("text",), ("text",)]
    desk.approve("bao")
    assert desk.case.status == "approved"


def test_the_change_stays_his_work_in_later_rounds() -> None:
    later = stage("police", step("police", "head", "police"))
    desk = handed_in(chain(EDITING, later, stage("boss")))
    mend(desk, "hoa")
    desk.send_back("phuc")
    desk.submit(content="mended", sections=MENDED)
    assert desk.owners == [("head", "hoa")]
    desk.approve("hoa")
    assert desk.owners == [("police", "phuc")]


def test_who_changed_it_neither_approves_in_an_emergency_nor_signs_second() -> None:
    office = Office({"own": {"head": ["hoa"], "boss": ["bao"], "chair": ["hoa", "chinh", "cuc"]}})
    owner = {"posts": ["chair"], "place": "own"}
    desk = handed_in(chain(EDITING, stage("boss"), emergency={"owner": owner, "second": owner}), office)
    mend(desk, "hoa")
    with refused("own_draft"):
        desk.do("hoa", ApproveInEmergency(desk.case.version, "Bão"))
    desk.do("cuc", ApproveInEmergency(desk.case.version, "Bão"))
    assert desk.owners == [("second", "chinh")]


def test_an_approval_of_what_a_reviewer_changed_stays_where_he_asked_for_it() -> None:
    made = chain(stage("head", step("head", edits=["text"], ask_again="if_changed")), stage("boss"))
    desk = handed_in(made)
    mend(desk, "hoa")
    desk.send_back("bao")
    desk.submit(content="mended", sections=MENDED)
    assert desk.owners == [("boss", "bao")]


def test_an_approval_before_the_change_does_not_stay() -> None:
    made = chain(stage("police", step("police", ask_again="if_changed")), EDITING, stage("boss"))
    desk = handed_in(made)
    desk.approve("phuc")
    mend(desk, "hoa")
    desk.send_back("bao")
    desk.submit(content="mended", sections=MENDED)
    assert desk.owners == [("police", "phuc")]


def test_the_event_is_stored_before_the_decision_and_read_back() -> None:
    desk = handed_in()
    mend(desk, "hoa")
    assert isinstance(desk.last[1], ItemDecided)
    stored = [from_dict(json.loads(json.dumps(event.to_dict()))) for event in desk.case.events]
    assert replay(CHAIN, stored) == desk.case


@pytest.mark.parametrize("by", [ADMIN, "nobody"])
def test_nobody_from_outside_changes_anything(by: str) -> None:
    desk = handed_in()
    with refused("not_your_item"):
        mend(desk, by)
    desk.do(ADMIN, Reassign(desk.case.version, 1, "phuc", "Đi học"))
    mend(desk, "phuc")
    assert desk.case.edits[0].by == "phuc"


def test_who_changed_it_decides_in_no_other_stage_of_a_return_either() -> None:
    office = Office({"own": {"unit": ["hoa", "bao"], "head": ["bao"], "boss": ["sep"]}})
    made = chain(stage("one", step("unit")), stage("two", step("head", edits=["text"])), stage("boss"))
    desk = handed_in(made, office)
    desk.approve("hoa")
    mend(desk, "bao")
    desk.send_back("sep", to="one")
    assert desk.owners == [("unit", "hoa")]
    with refused("drafted_it", person="bao"):
        desk.delegate("hoa", "bao")
