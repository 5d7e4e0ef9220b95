from tests.workflows.office import ADMIN, CLERK, Desk, Office, chain, refused, staffed, stage, step, submitted
from workflows.availability import available_actions

TWO = chain(stage("department", step("leader", "head", "deputy")), stage("boss"))
OFFICE = staffed(head="hoa", deputy="dung", boss="bao")
EVERYTHING = (
    "submit",
    "recall",
    "request_recall",
    "withdraw",
    "accept",
    "claim",
    "release",
    "approve",
    "return",
    "reject",
    "advise",
    "approve_in_emergency",
    "delegate",
    "add_reviewer",
    "ask_opinion",
    "suspend",
    "resume",
    "reassign",
    "cancel",
    "reopen",
)
OF_REVIEWERS = EVERYTHING[4:15]


def answers(desk: Desk, by: str) -> dict[str, str]:
    """What somebody may do (``yes``) and otherwise the code of why not."""
    found = available_actions(desk.case, by=by, at=desk.now, facts=desk.facts, directory=desk.office)
    return {each.action: each.refusal.code if each.refusal else "yes" for each in found}


def test_every_action_has_one_answer() -> None:
    assert tuple(answers(Desk(TWO, OFFICE), CLERK)) == EVERYTHING


def test_the_clerk_with_a_draft_may_submit_it_and_give_it_up() -> None:
    assert answers(Desk(TWO, OFFICE), CLERK) == {
        **dict.fromkeys(EVERYTHING, "not_submitted"),
        "submit": "yes",
        "withdraw": "yes",
        "resume": "not_suspended",
        "cancel": "not_administrator",
        "reopen": "not_finished",
    }


def test_the_clerk_whose_case_is_in_review_may_take_it_back_and_give_it_up() -> None:
    assert answers(submitted(TWO, OFFICE), CLERK) == {
        **dict.fromkeys(OF_REVIEWERS, "own_draft"),
        "approve_in_emergency": "no_emergency",
        "submit": "already_submitted",
        "recall": "yes",
        "request_recall": "recall_instead",
        "withdraw": "yes",
        "suspend": "not_your_item",
        "resume": "not_suspended",
        "reassign": "not_administrator",
        "cancel": "not_administrator",
        "reopen": "not_finished",
    }


def test_the_reviewer_whose_turn_it_is_may_do_everything_that_reviewers_do() -> None:
    assert answers(submitted(TWO, OFFICE), "hoa") == {
        **dict.fromkeys(OF_REVIEWERS, "yes"),
        "approve_in_emergency": "no_emergency",
        "submit": "already_submitted",
        "recall": "not_initiator",
        "request_recall": "not_initiator",
        "withdraw": "not_initiator",
        "release": "not_claimed",
        "advise": "decides_himself",
        "suspend": "yes",
        "resume": "not_suspended",
        "reassign": "not_administrator",
        "cancel": "not_administrator",
        "reopen": "not_finished",
    }


def test_an_administrator_may_reassign_suspend_and_cancel_but_not_decide() -> None:
    assert answers(submitted(TWO, OFFICE), ADMIN) == {
        **dict.fromkeys(OF_REVIEWERS, "not_your_item"),
        "approve_in_emergency": "no_emergency",
        "submit": "already_submitted",
        "recall": "not_initiator",
        "request_recall": "not_initiator",
        "withdraw": "not_initiator",
        "suspend": "yes",
        "resume": "not_suspended",
        "reassign": "yes",
        "cancel": "yes",
        "reopen": "not_finished",
    }


def test_who_decides_one_step_and_advises_on_another_is_told_which_is_which() -> None:
    desk = submitted(chain(stage("both", step("a", "head"), step("b", "head", role="advise"))), OFFICE)
    assert desk.may("hoa", "approve").targets == ("a",)
    assert desk.may("hoa", "advise").targets == ("b",)


def test_an_outsider_is_refused_everywhere() -> None:
    desk = submitted(TWO, OFFICE)
    assert "yes" not in answers(desk, "outsider").values()
    assert answers(desk, "outsider")["approve"] == "not_your_item"


def test_nothing_can_be_done_with_a_finished_case_but_to_reopen_it() -> None:
    desk = submitted(chain(stage("head")), OFFICE)
    desk.approve("hoa")
    for person in (CLERK, "hoa", "outsider"):
        assert answers(desk, person) == {**dict.fromkeys(EVERYTHING, "finished"), "reopen": "not_administrator"}
    assert answers(desk, ADMIN) == {**dict.fromkeys(EVERYTHING, "finished"), "reopen": "yes"}


def test_a_suspended_case_can_only_be_resumed_or_cancelled() -> None:
    desk = submitted(TWO, OFFICE)
    desk.suspend("hoa")
    still = {**dict.fromkeys(EVERYTHING, "suspended"), "submit": "already_submitted", "reopen": "not_finished"}
    assert answers(desk, "hoa") == {
        **still,
        "resume": "yes",
        "cancel": "not_administrator",
        "withdraw": "not_initiator",
    }
    assert answers(desk, ADMIN) == {**still, "resume": "yes", "cancel": "yes", "withdraw": "not_initiator"}


def test_an_allowed_return_says_where_to() -> None:
    desk = submitted(TWO, OFFICE)
    assert desk.may("hoa", "return").targets == ("drafter",)
    desk.approve("hoa")
    assert desk.may("bao", "return").targets == ("drafter", "department")
    assert desk.may("hoa", "return").targets == ()


BOTH = chain(stage("both", step("leader", "head", "deputy"), step("boss", "boss", "head")))
MORE = staffed(head="hoa", deputy="dung", boss="bao", officer="anh")


def test_an_allowed_action_on_a_step_says_of_which_steps() -> None:
    desk = submitted(BOTH, MORE)
    for action in ("claim", "approve", "delegate", "add_reviewer", "ask_opinion"):
        assert desk.may("hoa", action).targets == ("leader", "boss")
        assert desk.may("bao", action).targets == ("boss",)
        assert desk.may("outsider", action).targets == ()
    assert desk.may("hoa", "release").targets == ()


def test_only_the_steps_on_which_the_action_is_allowed_are_named() -> None:
    desk = submitted(BOTH, MORE)
    desk.claim("bao")
    for action in ("claim", "approve", "delegate", "add_reviewer", "ask_opinion"):
        assert desk.may("hoa", action).targets == ("leader",)


def test_an_action_that_brings_somebody_in_says_whom() -> None:
    office = Office({"own": {"head": ["hoa", CLERK], "deputy": ["dung"]}, "else": {"head": ["hai"]}})
    desk = submitted(chain(stage("head")), office)
    assert [each.person for each in desk.may("hoa", "delegate").people] == ["dung"]
    assert [each.person for each in desk.may("hoa", "add_reviewer").people] == ["dung", "hai"]
    assert [each.person for each in desk.may("hoa", "ask_opinion").people] == ["dung", "hai"]
    assert [each.person for each in desk.may(ADMIN, "reassign").people] == ["dung", "hai"]


def test_colleagues_are_those_of_the_first_step_that_can_be_delegated() -> None:
    elsewhere = step("boss", owner={"posts": ["head"], "place": "parent"})
    office = Office(
        {"own": {"head": ["hoa", "hai"], "deputy": ["dung"]}, "parent": {"head": ["hoa"], "deputy": ["bao"]}}
    )
    desk = submitted(chain(stage("both", step("head"), elsewhere)), office)
    assert [each.person for each in desk.may("hoa", "delegate").people] == ["dung"]
    desk.claim("hai")
    assert [each.person for each in desk.may("hoa", "delegate").people] == ["bao"]
    assert desk.may("hoa", "delegate").targets == ("boss",)


def test_who_could_bring_in_nobody_learns_that() -> None:
    desk = submitted(chain(stage("head")), staffed(head=["hoa", CLERK]))
    for action in ("delegate", "add_reviewer", "ask_opinion"):
        answer = desk.may("hoa", action)
        assert answer.refusal is not None
        assert not answer.people
        with refused("nobody_to_bring_in"):
            raise answer.refusal


def test_an_administrator_sees_which_items_he_may_reassign() -> None:
    desk = submitted(TWO, OFFICE)
    assert [(item.number, item.person) for item in desk.may(ADMIN, "reassign").items] == [(1, "hoa"), (2, "dung")]
    assert desk.may(ADMIN, "reassign").targets == ()
    assert desk.may("hoa", "reassign").items == ()


def test_an_answer_says_whether_a_reason_is_needed() -> None:
    desk = submitted(TWO, OFFICE)
    needed = {name for name in EVERYTHING if desk.may("hoa", name).reason_required}
    assert needed == {
        "return",
        "reject",
        "advise",
        "approve_in_emergency",
        "request_recall",
        "withdraw",
        "add_reviewer",
        "ask_opinion",
        "suspend",
        "reassign",
        "cancel",
        "reopen",
    }


def test_an_answer_says_whether_the_step_wants_proof_of_who_decides() -> None:
    desk = submitted(chain(stage("both", step("head", prove=True), step("boss"))), OFFICE)
    assert {name for name in EVERYTHING if desk.may("hoa", name).prove} == {"approve", "return", "reject"}
    assert {name for name in EVERYTHING if desk.may("bao", name).prove} == set()


def test_the_clerk_learns_before_submitting_that_the_drafters_leave_nobody_to_decide() -> None:
    desk = Desk(TWO, OFFICE)
    drafters = frozenset({"hoa", "dung"})
    submit = available_actions(desk.case, by=CLERK, at=desk.now, facts={}, directory=OFFICE, drafters=drafters)[0]
    assert submit.refusal is not None
    assert submit.refusal.code == "nobody_eligible"


def test_the_clerk_learns_before_submitting_whether_his_choice_will_do() -> None:
    desk = Desk(chain(stage("two", step("leader", "head", "boss", taken_by={"choose": 1}))), OFFICE)

    def submit(chosen: tuple[str, ...]) -> str:
        found = available_actions(
            desk.case, by=CLERK, at=desk.now, facts={}, directory=OFFICE, chosen={"two.leader": chosen}
        )
        return found[0].refusal.code if found[0].refusal else "yes"

    assert [submit(()), submit(("dung",)), submit(("hoa",))] == ["choice_needed", "bad_choice", "yes"]


def test_asking_changes_nothing() -> None:
    desk = submitted(TWO, OFFICE)
    before = desk.case
    answers(desk, "hoa")
    assert desk.case is before
