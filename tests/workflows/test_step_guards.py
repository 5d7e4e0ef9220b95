from decimal import Decimal

import pytest

from tests.workflows.office import chain, refused, staffed, stage, step, submitted
from workflows.events import StageSkipped, StepSkipped
from workflows.guards import Scalar, grounds, mentioned, parse_guard

BIG = {"ge": [{"fact": "total"}, 1000]}
URGENT = {"eq": [{"fact": "urgent"}, True]}
NEVER = {"eq": [1, 2]}
OFFICE = staffed(head="hoa", police="phuc", boss="bao")


def test_a_step_whose_guard_does_not_hold_is_left_out() -> None:
    desk = submitted(chain(stage("both", step("head"), step("police", when=BIG))), OFFICE, {"total": 999})
    assert desk.owners == [("head", "hoa")]
    desk.approve("hoa")
    assert desk.case.status == "approved"


def test_a_step_whose_guard_holds_takes_part() -> None:
    desk = submitted(chain(stage("both", step("head"), step("police", when=BIG))), OFFICE, {"total": 1000})
    assert desk.kinds == ["case_submitted", "stage_entered", "item_opened", "item_opened"]
    assert desk.owners == [("head", "hoa"), ("police", "phuc")]


def test_a_step_left_out_records_the_facts_its_guard_asked_for() -> None:
    guard = {"all": [BIG, URGENT]}
    facts = {"total": 1000, "urgent": False, "secret": "x"}
    desk = submitted(chain(stage("both", step("head"), step("police", when=guard))), OFFICE, facts)
    assert desk.last[2] == StepSkipped(1, desk.now, "chi", "both", "police", {"total": 1000, "urgent": False})


def test_a_step_left_out_needs_nobody() -> None:
    desk = submitted(chain(stage("both", step("head"), step("vacant", when=NEVER))), OFFICE)
    assert desk.owners == [("head", "hoa")]


def test_a_stage_whose_steps_are_all_left_out_is_skipped() -> None:
    both = stage("both", step("head", when=BIG), step("police", when=URGENT))
    desk = submitted(chain(both, stage("boss")), OFFICE, {"total": 1, "secret": "x"})
    assert desk.kinds == ["case_submitted", "stage_skipped", "stage_entered", "item_opened"]
    assert desk.last[1] == StageSkipped(1, desk.now, "chi", "both", {"total": 1, "urgent": None})


def test_a_skipped_stage_records_the_facts_of_its_own_guard_alone() -> None:
    both = stage("both", step("head", when=URGENT), when=BIG)
    desk = submitted(chain(both, stage("boss")), OFFICE, {"total": 1, "urgent": True})
    assert desk.last[1] == StageSkipped(1, desk.now, "chi", "both", {"total": 1})


@pytest.mark.parametrize(
    ("known", "recorded"),
    [(Decimal("97.260"), "97.260"), (7, 7), ("Sở Y tế", "Sở Y tế"), (False, False), (None, None)],
)
def test_facts_are_recorded_as_they_were_known(known: Scalar, recorded: object) -> None:
    guard = {"eq": [{"fact": "f"}, "else"]}
    desk = submitted(chain(stage("head", when=guard), stage("boss")), OFFICE, {"f": known})
    assert desk.last[1].to_dict()["facts"] == {"f": recorded}


def test_a_stage_that_wants_more_approvals_than_its_steps_can_give_is_refused() -> None:
    steps = [step("head"), step("police"), step("boss", when=BIG)]
    with refused("nobody_eligible", stage="three", step="head", needed=3, found=2):
        submitted(chain(stage("three", *steps, complete={"n": 3})), OFFICE, {"total": 1})


def test_a_percentage_is_of_the_steps_that_take_part() -> None:
    steps = [step("head"), step("police"), step("boss", when=BIG)]
    desk = submitted(chain(stage("three", *steps, complete={"percent": 50})), OFFICE, {"total": 1})
    desk.approve("hoa")
    assert desk.case.status == "approved"


def test_a_stage_whose_steps_are_all_left_out_is_no_target_of_a_return() -> None:
    desk = submitted(chain(stage("head", step("head", when=BIG)), stage("boss")), OFFICE, {"total": 1})
    assert desk.may("bao", "return").targets == ("drafter",)
    with refused("bad_target", to="head", targets=["drafter"]):
        desk.send_back("bao", to="head")


def test_each_entry_asks_the_guards_anew() -> None:
    desk = submitted(chain(stage("both", step("head"), step("police", when=BIG))), OFFICE, {"total": 1})
    desk.send_back("hoa")
    desk.facts = {"total": 1000}
    desk.submit()
    assert desk.owners == [("head", "hoa"), ("police", "phuc")]


ADVICE = step("police", role="advise")


def test_where_all_who_would_decide_are_left_out_the_opinions_complete_the_stage() -> None:
    mixed = stage("mixed", step("head", when=BIG), ADVICE)
    desk = submitted(chain(mixed, stage("boss")), OFFICE, {"total": 1})
    desk.advise("phuc")
    assert desk.owners == [("boss", "bao")]


def test_a_stage_that_nobody_decided_makes_no_document_due() -> None:
    issue = {"after": "mixed", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    mixed = stage("mixed", step("head", when=BIG), ADVICE)
    for total, due in ((1, False), (1000, True)):
        desk = submitted(chain(mixed, stage("boss"), issues=[issue]), OFFICE, {"total": total})
        desk.advise("phuc")
        if due:
            desk.approve("hoa")
        assert ("document_due" in desk.kinds) is due
        assert desk.owners == [("boss", "bao")]


def test_a_case_that_nobody_would_decide_cannot_be_submitted() -> None:
    with refused("no_stage_applies"):
        submitted(chain(stage("police", ADVICE), stage("boss", step("boss", when=BIG))), OFFICE, {"total": 1})


def test_a_case_that_nobody_decided_is_not_approved_though_the_facts_changed_meanwhile() -> None:
    desk = submitted(chain(stage("police", ADVICE), stage("boss", when=BIG)), OFFICE, {"total": 1000})
    desk.facts = {"total": 1}
    with refused("no_stage_applies"):
        desk.advise("phuc")


def because(body: object, **facts: Scalar) -> list[tuple[str, tuple[Scalar, ...], bool]]:
    """What explains the answer of a guard: operators, values, whether they hold."""
    return [(each.guard.op, each.values, each.holds) for each in grounds(parse_guard(body), facts)]


def test_a_comparison_explains_itself() -> None:
    assert because(BIG, total=7) == [("ge", (7, 1000), False)]
    assert because({"empty": {"fact": "note"}}) == [("empty", (None,), True)]


def test_where_all_must_hold_everything_explains_a_yes_and_what_fails_a_no() -> None:
    body = {"all": [BIG, URGENT, {"empty": {"fact": "note"}}]}
    assert because(body, total=1000, urgent=True) == [
        ("ge", (1000, 1000), True),
        ("eq", (True, True), True),
        ("empty", (None,), True),
    ]
    assert because(body, total=1000, urgent=False, note="x") == [("eq", (False, True), False), ("empty", ("x",), False)]


def test_where_any_may_hold_what_holds_explains_a_yes_and_everything_a_no() -> None:
    body = {"any": [BIG, URGENT]}
    assert because(body, total=1000, urgent=False) == [("ge", (1000, 1000), True)]
    assert because(body, total=1, urgent=False) == [("ge", (1, 1000), False), ("eq", (False, True), False)]


def test_what_explains_a_no_explains_the_opposite() -> None:
    body = {"not": {"all": [BIG, URGENT]}}
    assert because(body, total=1, urgent=True) == [("ge", (1, 1000), False)]
    assert because(body, total=1000, urgent=True) == [("ge", (1000, 1000), True), ("eq", (True, True), True)]


def test_grounds_are_found_at_any_depth() -> None:
    body = {"any": [{"all": [BIG, URGENT]}, {"not": {"any": [BIG, {"empty": {"fact": "note"}}]}}]}
    assert because(body, total=1, urgent=True, note="x") == [("ge", (1, 1000), False), ("empty", ("x",), False)]


def test_a_guard_mentions_the_facts_it_asks_for_and_no_others() -> None:
    body = {"any": [{"all": [BIG, {"in": [{"fact": "unit.code"}, ["PC06", "UBND"]]}]}, {"not": URGENT}]}
    assert mentioned(parse_guard(body)) == {"total", "unit.code", "urgent"}
    assert mentioned(parse_guard(NEVER)) == frozenset()
