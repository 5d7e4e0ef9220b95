from tests.workflows.office import CLERK, Desk, chain, staffed, stage, step, submitted
from workflows.engine import available_actions

TWO = chain(stage("department", step("leader", "head", "deputy")), stage("boss"))
OFFICE = staffed(head="hoa", deputy="dung", boss="bao")


def answers(desk: Desk, by: str) -> dict[str, str]:
    """What somebody may do (``yes``) and otherwise the code of why not."""
    found = available_actions(desk.case, by=by, at=desk.now, facts=desk.facts, directory=desk.office)
    return {each.action: each.refusal.code if each.refusal else "yes" for each in found}


def test_every_action_has_an_answer_for_the_clerk_with_a_draft() -> None:
    assert answers(Desk(TWO, OFFICE), CLERK) == {
        "submit": "yes",
        "approve": "not_submitted",
        "return": "not_submitted",
        "reject": "not_submitted",
        "recall": "not_submitted",
    }


def test_every_action_has_an_answer_for_the_clerk_whose_case_is_in_review() -> None:
    assert answers(submitted(TWO, OFFICE), CLERK) == {
        "submit": "already_submitted",
        "approve": "own_draft",
        "return": "own_draft",
        "reject": "own_draft",
        "recall": "yes",
    }


def test_every_action_has_an_answer_for_the_reviewer_whose_turn_it_is() -> None:
    assert answers(submitted(TWO, OFFICE), "hoa") == {
        "submit": "already_submitted",
        "approve": "yes",
        "return": "yes",
        "reject": "yes",
        "recall": "not_initiator",
    }


def test_an_outsider_is_refused_everywhere() -> None:
    desk = submitted(TWO, OFFICE)
    assert "yes" not in answers(desk, "outsider").values()
    assert answers(desk, "outsider")["approve"] == "not_your_item"


def test_nothing_can_be_done_with_a_finished_case() -> None:
    desk = submitted(chain(stage("head")), OFFICE)
    desk.approve("hoa")
    for person in (CLERK, "hoa", "outsider"):
        assert set(answers(desk, person).values()) == {"finished"}


def test_an_allowed_return_says_where_to() -> None:
    desk = submitted(TWO, OFFICE)
    assert desk.may("hoa", "return").targets == ("drafter",)
    desk.approve("hoa")
    assert desk.may("bao", "return").targets == ("drafter", "department")
    assert desk.may("hoa", "return").targets == ()


def test_an_allowed_approval_says_of_which_steps() -> None:
    desk = submitted(TWO, OFFICE)
    assert desk.may("hoa", "approve").targets == ("leader",)
    assert desk.may("bao", "approve").targets == ()


def test_the_clerk_learns_before_submitting_that_the_drafters_leave_nobody_to_decide() -> None:
    desk = Desk(TWO, OFFICE)
    drafters = frozenset({"hoa", "dung"})
    submit = available_actions(desk.case, by=CLERK, at=desk.now, facts={}, directory=OFFICE, drafters=drafters)[0]
    assert submit.refusal is not None
    assert submit.refusal.code == "nobody_eligible"


def test_asking_changes_nothing() -> None:
    desk = submitted(TWO, OFFICE)
    before = desk.case
    answers(desk, "hoa")
    assert desk.case is before
