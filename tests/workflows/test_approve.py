from tests.workflows.office import CLERK, Desk, chain, closings, refused, staffed, stage, step, submitted
from workflows.actions import Approve
from workflows.events import DocumentDue

TWO = chain(stage("head"), stage("boss"))
OFFICE = staffed(head="hoa", deputy="dung", boss="bao")
ISSUER = {"place": "unit", "unit": "UBND"}


def issue(after: str, document: str = "report") -> dict[str, object]:
    return {"after": after, "issuer": ISSUER, "document": document, "signer": "decider"}


def test_sequence_each_stage_begins_when_the_one_before_is_complete() -> None:
    desk = submitted(TWO, OFFICE)
    assert desk.owners == [("head", "hoa")]
    desk.approve("hoa")
    assert desk.kinds == ["item_decided", "stage_completed", "stage_entered", "item_opened"]
    assert desk.owners == [("boss", "bao")]
    desk.approve("bao")
    assert desk.kinds == ["item_decided", "stage_completed", "case_approved"]
    assert (desk.case.status, desk.case.stage, desk.case.version) == ("approved", None, 3)


def test_a_decision_records_who_what_when_and_on_which_content() -> None:
    desk = submitted(TWO, OFFICE)
    desk.approve("hoa", "Số liệu khớp")
    decision = desk.case.decisions[0]
    assert (decision.item, decision.entry, decision.round) == (1, 1, 1)
    assert (decision.stage, decision.step, decision.person, decision.post) == ("head", "head", "hoa", "head")
    assert (decision.verdict, decision.reason, decision.returned_to) == ("approve", "Số liệu khớp", None)
    assert (decision.at, decision.content_hash) == (desk.now, "content")


def test_deferred_choice_the_first_candidate_decides_and_the_others_items_close() -> None:
    desk = submitted(chain(stage("department", step("leader", "head", "deputy")), stage("boss")), OFFICE)
    desk.approve("dung")
    assert closings(desk) == [("hoa", "step_decided")]
    assert desk.owners == [("boss", "bao")]


def test_a_candidate_whose_step_a_colleague_approved_is_told_who_did() -> None:
    both = step("leader", "head", "deputy")
    desk = submitted(chain(stage("department", both, step("boss"))), OFFICE)
    desk.approve("dung")
    with refused("already_decided", step="leader", person="dung"):
        desk.approve("hoa")


def test_nobody_approves_for_somebody_else() -> None:
    desk = submitted(TWO, OFFICE)
    with refused("not_your_item", stage="head", people=["hoa"]):
        desk.approve("bao")


def test_nobody_approves_a_step_of_the_stage_that_is_not_his() -> None:
    desk = submitted(chain(stage("both", step("head"), step("boss"))), OFFICE)
    with refused("not_your_item"):
        desk.approve("hoa", step="boss")


def test_separation_of_duties_the_initiator_does_not_approve() -> None:
    desk = submitted(chain(stage("head")), staffed(head=["hoa", CLERK]))
    assert desk.owners == [("head", "hoa")]
    with refused("own_draft"):
        desk.approve(CLERK)


def test_separation_of_duties_a_drafter_does_not_approve() -> None:
    desk = Desk(chain(stage("head")), staffed(head=["hoa", "hai"]))
    desk.submit(drafters=["hai"])
    with refused("own_draft"):
        desk.approve("hai")


def test_a_draft_cannot_be_approved() -> None:
    with refused("not_submitted", status="draft"):
        Desk(TWO, OFFICE).approve("hoa")


def test_an_approved_case_cannot_be_approved_again() -> None:
    desk = submitted(chain(stage("head")), OFFICE)
    desk.approve("hoa")
    with refused("finished", status="approved"):
        desk.approve("hoa")


def test_of_two_approvals_on_the_same_version_the_second_is_refused() -> None:
    desk = submitted(chain(stage("department", step("leader", "head", "deputy"))), OFFICE)
    first, second = Approve(desk.case.version), Approve(desk.case.version)
    desk.do("hoa", first)
    with refused("stale_version", seen=1, current=2):
        desk.do("dung", second)


def test_who_lost_the_post_since_the_item_was_opened_cannot_approve() -> None:
    desk = submitted(TWO, OFFICE)
    desk.office = staffed(head="hung", boss="bao")
    with refused("post_not_held", step="head", post="head", unit="own"):
        desk.approve("hoa")


def test_the_same_post_in_another_unit_is_not_the_post() -> None:
    desk = submitted(TWO, OFFICE)
    desk.office = staffed(boss="bao")
    desk.office.seats = {**desk.office.seats, "PC06": {"head": ["hoa"]}}
    with refused("post_not_held", unit="own"):
        desk.approve("hoa")


def test_approving_wants_a_reason_only_where_the_step_says_so() -> None:
    demanding = step("head", reason_required=["approve"])
    desk = submitted(chain(stage("head", demanding)), OFFICE)
    assert desk.may("hoa", "approve").reason_required
    for blank in ("", "  "):
        with refused("reason_required"):
            desk.approve("hoa", blank)
    desk.approve("hoa", "Đúng mẫu")
    assert desk.case.status == "approved"


def test_a_vacant_next_stage_refuses_the_approval_and_changes_nothing() -> None:
    desk = submitted(TWO, staffed(head="hoa"))
    before = desk.case
    with refused("nobody_eligible", stage="boss", step="boss"):
        desk.approve("hoa")
    assert desk.case == before
    assert desk.may("hoa", "return").allowed


def test_the_chain_says_after_which_stage_whose_document_is_due_and_who_signs() -> None:
    desk = submitted(chain(stage("head"), stage("boss"), issues=[issue("head"), issue("boss", "letter")]), OFFICE)
    desk.approve("hoa")
    assert desk.kinds == ["item_decided", "stage_completed", "document_due", "stage_entered", "item_opened"]
    assert desk.last[2] == DocumentDue(
        version=2,
        at=desk.now,
        by="hoa",
        stage="head",
        document="report",
        place="unit",
        unit="UBND",
        signer="hoa",
        signer_post="head",
        signer_unit="own",
    )
    desk.approve("bao")
    assert desk.kinds == ["item_decided", "stage_completed", "document_due", "case_approved"]


def test_the_event_says_whether_the_document_is_the_head_s_own() -> None:
    own = {**issue("boss"), "of_head": True}
    both = chain(stage("boss"), issues=[issue("boss", "letter"), own])
    assert [rule.of_head for rule in both.issues] == [False, True]
    desk = submitted(both, OFFICE)
    desk.approve("bao")
    due = [event for event in desk.last if isinstance(event, DocumentDue)]
    assert [(event.document, event.of_head) for event in due] == [("letter", False), ("report", True)]


def test_exclusive_choice_a_stage_whose_guard_does_not_hold_is_skipped() -> None:
    guarded = stage("boss", when={"ge": [{"fact": "total"}, 1000]})
    small = submitted(chain(stage("head"), guarded), OFFICE, {"total": 999})
    small.approve("hoa")
    assert small.kinds == ["item_decided", "stage_completed", "stage_skipped", "case_approved"]
    large = submitted(chain(stage("head"), guarded), OFFICE, {"total": 1000})
    large.approve("hoa")
    assert large.owners == [("boss", "bao")]


def test_a_skipped_stage_needs_nobody_and_makes_no_document_due() -> None:
    never = {"eq": [1, 2]}
    desk = submitted(chain(stage("nobody", when=never), stage("head"), issues=[issue("nobody")]), OFFICE)
    assert desk.kinds == ["case_submitted", "stage_skipped", "stage_entered", "item_opened"]
    desk.approve("hoa")
    assert desk.case.status == "approved"
    assert "document_due" not in desk.kinds


def test_a_case_that_no_stage_applies_to_is_not_approved_by_nobody() -> None:
    with refused("no_stage_applies"):
        submitted(chain(stage("head", when={"eq": [1, 2]})), OFFICE)


def test_a_resubmission_that_no_stage_applies_to_is_not_approved_by_the_last_round() -> None:
    desk = submitted(chain(stage("head", when={"eq": [{"fact": "big"}, True]})), OFFICE, {"big": True})
    desk.send_back("hoa")
    desk.facts = {"big": False}
    with refused("no_stage_applies"):
        desk.submit()
