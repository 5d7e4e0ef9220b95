from tests.workflows.office import CLERK, Desk, Office, chain, closings, refused, staffed, stage, step, submitted
from workflows.actions import Approve
from workflows.events import ItemPassed

TWO = chain(stage("both", step("head"), step("police")), stage("boss"))
OFFICE = staffed(head="hoa", police="phuc", boss="bao", officer=["anh", "an"])


def test_a_delegate_takes_the_place_of_the_one_who_delegates() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh", "Đi công tác")
    assert desk.kinds == ["item_passed", "item_closed", "item_opened"]
    assert desk.last[0] == ItemPassed(2, desk.now, "hoa", 1, "hoa", "anh", "delegate", "Đi công tác")
    assert closings(desk) == [("hoa", "passed_on")]
    assert desk.owners == [("police", "phuc"), ("head", "anh")]


def test_the_record_names_both() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    item = desk.case.items[-1]
    assert (item.person, item.instead_of, item.post, item.unit, item.slot) == ("anh", "hoa", "officer", "own", "head")
    desk.approve("anh")
    decision = desk.case.decisions[0]
    assert (decision.person, decision.instead_of, decision.post) == ("anh", "hoa", "officer")


def test_a_delegate_has_the_actions_of_the_step() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    desk.send_back("anh")
    assert desk.case.status == "returned"


def test_who_delegated_decides_no_more_while_his_delegate_has_it() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    with refused("not_your_item", stage="both", people=["phuc", "anh"]):
        desk.approve("hoa")


def test_once_his_delegate_has_decided_he_has_decided_himself() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    desk.approve("anh")
    for person in ("hoa", "anh"):
        with refused("decided_in_stage", stage="both"):
            desk.approve(person)
        with refused("has_decided", person=person):
            desk.delegate("phuc", person)


SEVERAL = chain(stage("both", step("head", "head", "deputy"), step("police", "police", "head")))
CROWD = staffed(head="hoa", deputy="dung", police="phuc", officer=["anh", "an"])


def test_a_decision_of_a_delegate_binds_the_one_he_stands_for_in_all_his_steps() -> None:
    desk = submitted(SEVERAL, CROWD)
    desk.delegate("hoa", "anh", step="head")
    desk.approve("anh")
    assert closings(desk) == [("dung", "step_decided"), ("hoa", "person_decided")]
    assert desk.owners == [("police", "phuc")]


def test_a_decision_of_the_one_he_stands_for_binds_the_delegate() -> None:
    desk = submitted(SEVERAL, CROWD)
    desk.delegate("hoa", "anh", step="head")
    desk.approve("hoa", step="police")
    assert closings(desk) == [("phuc", "step_decided"), ("anh", "person_decided")]
    assert desk.owners == [("head", "dung")]


def test_two_delegates_of_one_person_decide_once() -> None:
    desk = submitted(SEVERAL, CROWD)
    desk.delegate("hoa", "anh", step="head")
    desk.delegate("hoa", "an", step="police")
    desk.approve("anh")
    assert ("an", "person_decided") in closings(desk)
    assert desk.owners == [("police", "phuc")]


def test_a_delegate_is_refused_what_leaves_the_other_step_of_the_one_he_stands_for_to_nobody() -> None:
    desk = submitted(SEVERAL, staffed(head="hoa", deputy="dung", officer="anh"))
    desk.delegate("hoa", "anh", step="head")
    with refused("needed_elsewhere", step="head", steps=["police"]):
        desk.approve("anh")
    desk.approve("hoa")
    assert desk.owners == [("head", "dung")]


def test_delegates_of_one_person_are_not_counted_as_two() -> None:
    steps = [step("a", "head"), step("b", "head"), step("c", "deputy", "police"), step("d", "deputy")]
    desk = submitted(chain(stage("four", *steps, complete={"n": 3})), CROWD)
    desk.delegate("hoa", "anh", step="a")
    desk.delegate("hoa", "an", step="b")
    with refused("needed_elsewhere", step="c", steps=["d"]):
        desk.approve("dung", step="c")
    for person in ("anh", "phuc", "dung"):
        desk.approve(person)
    assert desk.case.status == "approved"


def test_nobody_stands_for_another_while_somebody_stands_for_him() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    with refused("has_item", person="hoa"):
        desk.delegate("phuc", "hoa")
    assert [each.person for each in desk.may("phuc", "delegate").people] == ["bao", "an"]


def test_nobody_delegates_to_himself() -> None:
    with refused("to_oneself"):
        submitted(TWO, OFFICE).delegate("hoa", "hoa")


def test_nobody_delegates_to_a_drafter() -> None:
    desk = Desk(TWO, staffed(head="hoa", police="phuc", officer=["anh", CLERK]))
    desk.submit(drafters=["anh"])
    for drafter in (CLERK, "anh"):
        with refused("drafted_it", person=drafter):
            desk.delegate("hoa", drafter)


def test_nobody_delegates_to_who_has_decided_already() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("phuc")
    with refused("has_decided", person="phuc"):
        desk.delegate("hoa", "phuc")


def test_nobody_delegates_to_who_has_an_item_already() -> None:
    with refused("has_item", person="phuc"):
        submitted(TWO, OFFICE).delegate("hoa", "phuc")


def test_nobody_delegates_to_an_outsider() -> None:
    with refused("outsider"):
        submitted(TWO, OFFICE).delegate("hoa", "outsider")
    with refused("nobody_named"):
        submitted(TWO, OFFICE).delegate("hoa", "")


def test_a_colleague_is_somebody_of_the_unit_in_which_he_decides() -> None:
    elsewhere = step("parent", owner={"posts": ["head"], "place": "parent"})
    office = Office({"own": {"head": ["hoa"], "officer": ["anh"]}, "parent": {"head": ["uyen"], "officer": ["ut"]}})
    desk = submitted(chain(stage("both", step("head"), elsewhere)), office)
    with refused("outsider"):
        desk.delegate("uyen", "anh")
    desk.delegate("uyen", "ut")
    assert desk.case.items[-1].unit == "parent"


def test_what_was_delegated_is_not_delegated_again() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    with refused("already_delegated", person="hoa"):
        desk.delegate("anh", "an")


def test_nobody_delegates_what_is_not_his() -> None:
    desk = submitted(TWO, OFFICE)
    with refused("not_your_item", stage="both", people=["hoa", "phuc"]):
        desk.delegate("bao", "anh")


def test_a_delegate_who_lost_his_post_decides_nothing() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    desk.office = staffed(head="hoa", police="phuc", boss="bao", officer="an")
    with refused("post_not_held", step="head", post="officer", unit="own"):
        desk.approve("anh")


def test_who_lost_his_post_delegates_nothing() -> None:
    desk = submitted(TWO, OFFICE)
    desk.office = staffed(police="phuc", boss="bao", officer="an")
    with refused("post_not_held", step="head", post="head", unit="own"):
        desk.delegate("hoa", "an")


def test_one_of_several_candidates_delegates_for_himself_alone() -> None:
    desk = submitted(chain(stage("department", step("leader", "head", "deputy"))), CROWD)
    desk.delegate("hoa", "anh")
    assert desk.owners == [("leader", "dung"), ("leader", "anh")]
    desk.approve("dung")
    assert closings(desk) == [("anh", "step_decided")]


def test_an_adviser_delegates_too() -> None:
    mixed = chain(stage("mixed", step("head"), step("police", role="advise")))
    desk = submitted(mixed, OFFICE)
    desk.delegate("phuc", "anh")
    assert desk.case.items[-1].role == "advise"
    desk.advise("anh")
    assert (desk.case.decisions[0].person, desk.case.decisions[0].instead_of) == ("anh", "phuc")


def test_a_delegate_can_ask_the_one_he_stands_for() -> None:
    desk = submitted(TWO, OFFICE)
    desk.delegate("hoa", "anh")
    assert "hoa" in [each.person for each in desk.may("anh", "ask_opinion").people]
    assert "hoa" not in [each.person for each in desk.may("anh", "add_reviewer").people]
    desk.ask("anh", "hoa")
    desk.advise("hoa")
    desk.approve("anh")
    assert desk.case.decisions[-1].instead_of == "hoa"


def test_who_changed_it_in_a_stage_may_be_delegated_to_there_once_more() -> None:
    desk = Desk(chain(stage("head", step("head", edits=["text"])), stage("boss")), OFFICE)
    desk.submit(sections={"text": "t1"})
    desk.delegate("hoa", "an")
    desk.do("an", Approve(desk.case.version, content_hash="content 2", sections={"text": "t2"}))
    desk.send_back("bao")
    desk.submit(sections={"text": "t3"})
    desk.delegate("hoa", "an")
    assert desk.owners == [("head", "an")]
