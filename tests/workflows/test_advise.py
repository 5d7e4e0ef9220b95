import pytest

from tests.workflows.office import CLERK, Desk, chain, closings, refused, staffed, stage, step, submitted

LEGAL, BUDGET = step("legal", role="advise"), step("budget", role="advise")
ADVISED = chain(stage("advice", LEGAL, BUDGET), stage("boss"))
MIXED = chain(stage("mixed", step("head"), LEGAL), stage("boss"))
OFFICE = staffed(head="hoa", legal="phap", budget="tai", boss="bao")


def test_a_stage_of_advisers_is_complete_when_all_gave_their_opinions() -> None:
    desk = submitted(ADVISED, OFFICE)
    desk.advise("tai", "Vượt dự toán")
    assert desk.kinds == ["item_decided"]
    desk.advise("phap")
    assert desk.kinds == ["item_decided", "stage_completed", "stage_entered", "item_opened"]
    assert desk.owners == [("boss", "bao")]


@pytest.mark.parametrize("complete", ["any", {"n": 1}, {"percent": 50}])
def test_a_stage_of_advisers_may_do_with_fewer_opinions(complete: object) -> None:
    desk = submitted(chain(stage("advice", LEGAL, BUDGET, complete=complete), stage("boss")), OFFICE)
    desk.advise("phap")
    assert closings(desk) == [("tai", "stage_completed")]
    assert desk.owners == [("boss", "bao")]


def test_an_opinion_is_recorded_and_is_no_verdict() -> None:
    desk = submitted(ADVISED, OFFICE)
    desk.advise("phap", "Trái Nghị định 30")
    opinion = desk.case.decisions[0]
    assert (opinion.verdict, opinion.reason, opinion.person, opinion.step) == (
        "advise",
        "Trái Nghị định 30",
        "phap",
        "legal",
    )
    assert not opinion.decides
    assert desk.case.round_verdicts == ()


def test_an_opinion_beside_a_decision_completes_nothing() -> None:
    desk = submitted(MIXED, OFFICE)
    desk.advise("phap")
    assert desk.kinds == ["item_decided"]
    assert desk.owners == [("head", "hoa")]


def test_a_decision_does_not_wait_for_opinions() -> None:
    desk = submitted(MIXED, OFFICE)
    desk.approve("hoa")
    assert closings(desk) == [("phap", "stage_completed")]
    assert desk.owners == [("boss", "bao")]


def test_opinions_do_not_count_among_the_approvals_that_are_needed() -> None:
    steps = [step("head"), step("boss"), LEGAL, BUDGET]
    desk = submitted(chain(stage("mixed", *steps, complete={"percent": 60})), OFFICE)
    desk.advise("phap")
    desk.advise("tai")
    desk.approve("hoa")
    assert desk.case.in_review
    desk.approve("bao")
    assert desk.case.status == "approved"


def test_an_opinion_in_a_vote_neither_wins_nor_loses_it() -> None:
    members = [step("head", actions=["approve", "reject"]), step("boss", actions=["approve", "reject"])]
    desk = submitted(chain(stage("vote", *members, LEGAL, complete="any", refusal="vote")), OFFICE)
    desk.advise("phap", "Không nên")
    assert desk.kinds == ["item_decided"]
    desk.reject("hoa")
    assert desk.case.in_review


def test_an_adviser_does_not_decide() -> None:
    desk = submitted(MIXED, OFFICE)
    for decide in (desk.approve, desk.send_back, desk.reject):
        with refused("advises_only"):
            decide("phap")
    with refused("advises_only"):
        desk.ask("phap", "tai")


def test_who_decides_does_not_advise() -> None:
    desk = submitted(MIXED, OFFICE)
    with refused("decides_himself"):
        desk.advise("hoa")


def test_an_opinion_has_words() -> None:
    desk = submitted(MIXED, OFFICE)
    assert desk.may("phap", "advise").reason_required
    for blank in ("", "  "):
        with refused("reason_required"):
            desk.advise("phap", blank)


def test_an_adviser_learns_which_steps_he_may_give_his_opinion_on() -> None:
    desk = submitted(ADVISED, staffed(legal=["phap", "tai"], budget="tai", boss="bao"))
    assert desk.may("tai", "advise").targets == ("legal", "budget")
    desk.advise("tai", step="budget")
    assert desk.owners == [("legal", "phap"), ("legal", "tai")]


def test_two_opinions_of_one_person_bind_nobody() -> None:
    desk = submitted(ADVISED, staffed(legal=["phap", "tai"], budget="tai", boss="bao"))
    desk.advise("tai", step="legal")
    assert closings(desk) == [("phap", "step_decided")]
    desk.advise("tai", step="budget")
    assert desk.owners == [("boss", "bao")]


def test_the_first_of_several_advisers_gives_the_opinion_of_the_step() -> None:
    desk = submitted(chain(stage("mixed", step("head"), LEGAL)), staffed(head="hoa", legal=["phap", "luat"]))
    desk.advise("luat")
    assert closings(desk) == [("phap", "step_decided")]
    with refused("already_decided", step="legal", person="luat"):
        desk.advise("phap")


def test_each_of_several_advisers_can_be_heard() -> None:
    each = step("legal", role="advise", taken_by="each")
    desk = submitted(chain(stage("advice", each), stage("boss")), staffed(legal=["phap", "luat"], boss="bao"))
    desk.advise("luat")
    assert desk.owners == [("legal", "phap")]
    desk.advise("phap")
    assert desk.owners == [("boss", "bao")]


def test_who_has_both_parts_decides_and_advises() -> None:
    desk = submitted(
        chain(stage("mixed", step("head"), step("boss"), LEGAL)), staffed(head="hoa", boss="bao", legal="hoa")
    )
    desk.approve("hoa")
    assert desk.owners == [("boss", "bao"), ("legal", "hoa")]
    desk.advise("hoa")
    desk.approve("bao")
    assert desk.case.status == "approved"


def test_a_drafter_gives_no_opinion() -> None:
    desk = Desk(chain(stage("mixed", step("head"), LEGAL)), staffed(head="hoa", legal=["phap", CLERK, "luat"]))
    desk.submit(drafters=["luat"])
    assert desk.owners == [("head", "hoa"), ("legal", "phap")]
    for drafter in (CLERK, "luat"):
        with refused("own_draft"):
            desk.advise(drafter)


def test_who_lost_the_post_gives_no_opinion() -> None:
    desk = submitted(MIXED, OFFICE)
    desk.office = staffed(head="hoa", boss="bao")
    with refused("post_not_held", step="legal", post="legal", unit="own"):
        desk.advise("phap")


def test_a_part_for_an_adviser_that_nobody_can_take_is_refused_though_others_decide() -> None:
    with refused("nobody_eligible", stage="mixed", step="legal", needed=1, found=1):
        submitted(MIXED, staffed(head="hoa", boss="bao"))


def test_too_few_advisers_are_refused_where_nobody_decides() -> None:
    with refused("nobody_eligible", stage="advice", step="budget", needed=2, found=1):
        submitted(ADVISED, staffed(legal="phap", boss="bao"))


def test_opinions_alone_approve_nothing() -> None:
    with refused("no_stage_applies"):
        submitted(chain(stage("advice", LEGAL)), OFFICE)


def test_a_case_can_go_back_to_its_advisers() -> None:
    desk = submitted(ADVISED, OFFICE)
    desk.advise("phap")
    desk.advise("tai")
    desk.send_back("bao", to="advice")
    assert desk.owners == [("legal", "phap"), ("budget", "tai")]
    desk.advise("phap", "Đã sửa")
    assert [decision.entry for decision in desk.case.decisions] == [1, 1, 2, 3]


def test_after_an_opinion_the_case_is_in_hand() -> None:
    desk = submitted(ADVISED, OFFICE)
    desk.advise("tai")
    with refused("in_hand", person="tai"):
        desk.recall()
