"""Standing delegations: whoever stands in for the holder of a post decides beside him, in his place, and never more."""

import pytest

from tests.workflows.office import CLERK, Desk, Office, chain, refused, stage, step, submitted
from workflows.actions import Approve, ApproveInEmergency, Delegate
from workflows.definition import Chain, Stage, Step
from workflows.eligibility import Candidate, StandIn

SEATS = {
    "own": {"head": ["hoa"], "deputy": ["dung", "duc"], "police": ["phuc"], "boss": ["bao"], "officer": ["an", "chi"]}
}
CHAIN = chain(stage("head"), stage("boss"))


def office(*mandates: str) -> Office:
    return Office(SEATS, mandates)


def test_whoever_stands_in_is_asked_beside_the_one_he_stands_in_for() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    assert desk.owners == [("head", "hoa"), ("head", "dung")]
    item = desk.case.open_items[1]
    assert (item.instead_of, item.mandate, item.post, item.slot) == ("hoa", "hoa>dung", "deputy", "head")


def test_his_decision_names_both_and_binds_both() -> None:
    three = stage("three", step("head"), step("b", "deputy", "head"), complete={"n": 2})
    desk = submitted(chain(three), office("hoa>an"))
    desk.approve("an")
    decision = desk.case.decisions[0]
    assert (decision.person, decision.instead_of, decision.step) == ("an", "hoa", "head")
    assert desk.owners == [("b", "dung"), ("b", "duc")]
    with refused("decided_in_stage", stage="three"):
        desk.approve("hoa")


def test_the_holder_himself_may_still_decide() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    desk.approve("hoa")
    assert desk.case.stage == "boss"
    with refused("not_your_item", stage="boss", people=["bao"]):
        desk.approve("dung")


class Listening(Office):
    """An office that writes down for whom it was asked."""

    def __init__(self) -> None:
        super().__init__(SEATS)
        self.heard: list[tuple[str, str, Candidate]] = []

    def stand_ins(self, stage: Stage, step: Step, seat: Candidate) -> list[StandIn]:
        self.heard.append((stage.key, step.key, seat))
        return super().stand_ins(stage, step, seat)


def test_a_delegation_is_looked_for_by_stage_and_step_and_seat_for_it_may_be_about_some_only() -> None:
    listening = Listening()
    submitted(chain(stage("first", step("leader", "head"))), listening)
    assert listening.heard == [("first", "leader", Candidate("hoa", "head", "own"))]


def test_whoever_stands_in_for_an_adviser_is_asked_for_an_opinion() -> None:
    advised = chain(stage("advice", step("legal", "officer", role="advise"), step("head")), stage("boss"))
    desk = submitted(advised, office("an>dung"))
    assert [(item.person, item.role) for item in desk.case.open_items if item.step == "legal"] == [
        ("an", "advise"),
        ("dung", "advise"),
    ]


def test_delegations_form_no_chain_when_seats_are_looked_at_again_either() -> None:
    desk = submitted(CHAIN, office("hoa>dung", "dung>an"))
    desk.office.mandates += ("hoa>duc",)
    desk.reseat()
    assert desk.owners == [("head", "hoa"), ("head", "dung"), ("head", "duc")]


def test_nobody_stands_in_for_a_reviewer_who_was_added_as_a_person() -> None:
    desk = submitted(CHAIN, office("an>phuc"))
    desk.add("hoa", "an")
    desk.office.mandates += ("hoa>dung",)
    desk.reseat()
    assert [(item.person, item.status) for item in desk.case.pending_items] == [
        ("hoa", "parked"),
        ("an", "open"),
        ("dung", "parked"),
    ]


def test_who_changed_it_in_a_stage_may_stand_in_there_once_more() -> None:
    desk = Desk(chain(stage("head", step("head", edits=["text"])), stage("boss")), office("hoa>dung"))
    desk.submit(sections={"text": "t1"})
    desk.do("dung", Approve(desk.case.version, content_hash="content 2", sections={"text": "t2"}))
    desk.send_back("bao")
    desk.submit(sections={"text": "t3"})
    assert desk.owners == [("head", "hoa"), ("head", "dung")]


def test_who_has_the_step_himself_stands_in_for_nobody() -> None:
    desk = submitted(chain(stage("head", step("head", "head", "deputy"))), office("hoa>dung"))
    assert [(item.person, item.instead_of) for item in desk.case.open_items] == [
        ("hoa", None),
        ("dung", None),
        ("duc", None),
    ]


def test_who_stands_in_for_two_gets_one_piece_of_work() -> None:
    desk = submitted(chain(stage("both", step("a", "head"), step("b", "boss"))), office("hoa>an", "bao>an"))
    assert desk.owners == [("a", "hoa"), ("b", "bao"), ("a", "an")]


def test_nobody_stands_in_for_what_he_drafted() -> None:
    assert submitted(CHAIN, office(f"hoa>{CLERK}")).owners == [("head", "hoa")]


def test_nobody_stands_in_for_somebody_who_drafted_it() -> None:
    desk = Desk(chain(stage("head", step("head", "head", "deputy")), stage("boss")), office("hoa>an"))
    desk.submit(drafters=["hoa"])
    assert desk.owners == [("head", "dung"), ("head", "duc")]


def test_delegations_form_no_chain() -> None:
    desk = submitted(CHAIN, office("hoa>dung", "dung>an"))
    assert desk.owners == [("head", "hoa"), ("head", "dung")]
    with refused("already_delegated", person="hoa"):
        desk.do("dung", Delegate(desk.case.version, "an"))


def test_a_delegation_that_is_over_lets_nobody_decide() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    desk.office.mandates = ()
    with refused("delegation_over", person="hoa"):
        desk.approve("dung")
    desk.approve("hoa")


def test_a_delegate_decides_no_longer_when_the_other_lost_the_post() -> None:
    for mandates in (("hoa>dung",), ()):
        desk = submitted(CHAIN, office(*mandates))
        if not mandates:
            desk.delegate("hoa", "dung")
        desk.office.seats = {"own": {**SEATS["own"], "head": ["moi"]}}
        with refused("delegation_over", person="hoa"):
            desk.approve("dung")


def test_who_approved_at_once_stands_in_for_nobody_in_the_second_signature() -> None:
    owner = {"posts": ["boss"], "place": "own"}
    second = {"posts": ["head"], "place": "own"}
    made = chain(stage("police"), stage("deputy"), emergency={"owner": owner, "second": second})
    desk = submitted(made, office("hoa>bao", "hoa>an"))
    desk.do("bao", ApproveInEmergency(desk.case.version, "Bão"))
    assert desk.owners == [("second", "hoa"), ("second", "an")]


def test_a_stand_in_claims_and_gives_back_like_anybody() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    desk.claim("dung")
    with refused("claimed", step="head", person="dung"):
        desk.approve("hoa")
    desk.release("dung")
    desk.approve("hoa")


@pytest.mark.parametrize("made", [CHAIN, chain(stage("head", step("head", taken_by="each")), stage("boss"))])
def test_each_slot_stays_one_decision(made: Chain) -> None:
    desk = submitted(made, office("hoa>dung"))
    assert len({item.slot for item in desk.case.open_items}) == 1
    desk.approve("dung")
    assert desk.case.stage == "boss"


def test_whose_approval_stays_stands_in_for_nobody_in_its_stage() -> None:
    lasting = step("b", "deputy", covers=["text"], ask_again="if_changed")
    desk = Desk(chain(stage("two", step("a", "head"), lasting), stage("boss")), office("hoa>dung"))
    desk.submit(sections={"text": "t1", "figures": "f1"})
    desk.approve("dung", step="b")
    desk.approve("hoa")
    desk.send_back("bao")
    desk.submit(content="new", sections={"text": "t1", "figures": "f2"})
    assert desk.owners == [("a", "hoa")]


def test_what_was_given_to_another_is_not_decided_for_whoever_had_it() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    desk.reassign("an", item=1)
    with refused("delegation_over", person="hoa"):
        desk.approve("dung")
    desk.approve("an")


def test_a_claim_of_the_holder_does_not_keep_out_who_stands_in_for_him() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    desk.claim("hoa")
    with refused("claimed", step="head", person="hoa"):
        desk.claim("dung")
    desk.approve("dung")
    assert desk.case.stage == "boss"


def test_whoever_stands_in_waits_for_an_added_reviewer_too() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    desk.add("hoa", "an")
    with refused("must_wait", people=["an"]):
        desk.approve("dung")
    desk.approve("an")
    desk.approve("dung")
    assert desk.case.stage == "boss"


def test_a_step_may_want_the_holder_himself() -> None:
    desk = submitted(chain(stage("head", step("head", in_person=True)), stage("boss")), office("hoa>dung", "bao>an"))
    assert desk.owners == [("head", "hoa")]
    with refused("in_person", step="head"):
        desk.delegate("hoa", "dung")
    desk.approve("hoa")
    assert desk.owners == [("boss", "bao"), ("boss", "an")]


def test_whoever_stands_in_loses_his_part_when_another_version_wants_the_holder_himself() -> None:
    desk = submitted(CHAIN, office("hoa>dung"))
    desk.migrate(chain(stage("head", step("head", in_person=True)), stage("boss")), "head")
    assert desk.owners == [("head", "hoa")]
