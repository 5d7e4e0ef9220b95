"""What stands in the way of a move to another version, and what no move ever brings about."""

from tests.workflows.office import Desk, chain, refused, stage, step, submitted
from tests.workflows.test_migration import LONGER, OFFICE, ONE
from workflows.actions import Approve, ApproveInEmergency
from workflows.case import CaseStatus
from workflows.definition import RETROSPECTIVE, Chain
from workflows.events import DocumentDue
from workflows.migration import goes_on_as_it_is, targets_of

# -- what is refused -------------------------------------------------------------------------------------------


def test_only_an_administrator_with_a_reason_moves_a_case() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("not_administrator"):
        desk.migrate(LONGER, "head", by="hoa")
    with refused("reason_required"):
        desk.migrate(LONGER, "head", reason=" ")


def test_a_case_is_moved_to_another_version_and_while_it_runs() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("same_version"):
        desk.migrate(chain(stage("head"), stage("boss")), "head")
    desk.withdraw()
    with refused("finished", status="withdrawn"):
        desk.migrate(LONGER, "head")


def test_the_stage_must_be_one_of_the_version() -> None:
    desk = submitted(ONE, OFFICE)
    targets = ["head", "deputy", "boss"]
    with refused("bad_target", to="police", targets=targets):
        desk.migrate(LONGER, "police")
    with refused("bad_target", to="", targets=targets):
        desk.migrate(LONGER)
    assert targets_of(desk.case, LONGER) == tuple(targets)


def test_what_stands_still_is_not_entered_anew() -> None:
    desk = submitted(ONE, OFFICE)
    desk.suspend("hoa")
    with refused("suspended"):
        desk.migrate(LONGER, "deputy")


def test_a_stage_that_nobody_can_take_is_not_entered() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("nobody_eligible", stage="police", step="police", needed=1, found=0):
        desk.migrate(chain(stage("police"), stage("boss")), "police")
    assert desk.case.chain == ONE


def test_nothing_is_approved_because_nothing_is_left_to_pass() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("no_stage_applies"):
        desk.migrate(chain(stage("head"), stage("boss", when={"eq": [1, 2]})), "boss")


def test_a_case_does_not_go_where_nobody_decides_any_more() -> None:
    heard = chain(stage("head"), stage("boss", step("boss", role="advise")))
    desk = submitted(ONE, OFFICE)
    with refused("no_stage_applies"):
        desk.migrate(heard, "boss")
    desk.approve("hoa")
    desk.migrate(heard, "boss")
    desk.advise("bao")
    assert desk.case.status == CaseStatus.APPROVED


def test_people_that_the_submitter_should_have_chosen_stand_in_the_way() -> None:
    chosen = chain(stage("deputy"), stage("boss", step("boss", taken_by={"choose": 2})))
    desk = submitted(ONE, OFFICE)
    with refused("choice_needed", stage="boss", step="boss", most=2):
        desk.migrate(chosen, "deputy")
    desk.recall()
    desk.migrate(chosen)
    desk.submit(chosen={"boss.boss": ("bao",)})
    desk.approve("dung")
    assert desk.owners == [("boss", "bao")]
    desk.migrate(chain(stage("boss", step("boss", "boss", taken_by={"choose": 2}), complete="any")), "boss", key="3")
    assert desk.owners == [("boss", "bao")]


def issuing(after: str, *stages: str) -> Chain:
    rule = {"after": after, "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    return chain(*(stage(each) for each in stages), issues=[rule])


def test_a_document_is_not_issued_a_second_time() -> None:
    desk = submitted(issuing("head", "head", "deputy", "boss"), OFFICE)
    desk.approve("hoa")
    assert [event.document for event in desk.last if isinstance(event, DocumentDue)] == ["report"]
    with refused("document_twice", document="report"):
        desk.migrate(issuing("boss", "head", "deputy", "boss"), "deputy")
    desk.migrate(issuing("head", "head", "boss", "deputy"), "deputy")
    assert desk.case.stage == "deputy"


def test_a_document_that_would_have_been_issued_again_anyway_is_no_hindrance() -> None:
    desk = submitted(issuing("head", "head", "deputy", "boss"), OFFICE)
    desk.approve("hoa")
    desk.send_back("dung")
    desk.migrate(issuing("boss", "head", "deputy", "boss"))
    assert desk.case.status == CaseStatus.RETURNED


# -- what no move brings about ---------------------------------------------------------------------------------

SECTIONS = {"a": "1", "b": "2"}
CHOOSING = stage("boss", step("boss", taken_by={"choose": 2}))
HEARING = stage("hear", step("head", role="advise"))


def edited() -> Desk:
    """A case that its first reviewer changed as he approved it."""
    desk = Desk(chain(stage("head", step("head", edits=["a"])), stage("boss")), OFFICE)
    desk.submit(sections=SECTIONS)
    desk.do("hoa", Approve(desk.case.version, content_hash="new", sections={"a": "9", "b": "2"}))
    return desk


def test_where_it_goes_on_as_it_is_the_rest_of_the_way_must_be_passable_too() -> None:
    desk = submitted(ONE, OFFICE)
    with refused("choice_needed", stage="boss", step="boss", most=2):
        desk.migrate(chain(stage("head"), CHOOSING), "head")
    desk = submitted(chain(HEARING, stage("boss")), OFFICE)
    with refused("no_stage_applies"):
        desk.migrate(chain(stage("boss"), HEARING), "hear")


def test_people_who_were_chosen_and_can_no_longer_do_it_must_be_chosen_anew() -> None:
    desk = Desk(chain(stage("head"), CHOOSING), OFFICE)
    desk.submit(chosen={"boss.boss": ("bao",)})
    with refused("choice_needed", stage="boss", step="boss", most=2):
        desk.migrate(chain(stage("head"), stage("boss", step("boss", "deputy", taken_by={"choose": 2}))), "head")


def test_what_a_reviewer_changed_is_decided_on_by_somebody_else() -> None:
    with refused("edited_unseen"):
        edited().migrate(chain(stage("boss"), stage("head")), "head")
    with refused("edited_unseen"):
        edited().migrate(chain(stage("head"), stage("boss", step("boss", role="advise"))), "boss")
    desk = edited()
    desk.migrate(chain(stage("head"), stage("deputy")), "deputy")
    desk.approve("dung")
    assert desk.case.status == CaseStatus.APPROVED


def test_what_somebody_else_has_approved_since_may_go_anywhere() -> None:
    desk = Desk(chain(stage("head", step("head", edits=["a"])), stage("boss"), stage("deputy")), OFFICE)
    desk.submit(sections=SECTIONS)
    desk.do("hoa", Approve(desk.case.version, content_hash="new", sections={"a": "9", "b": "2"}))
    desk.approve("bao")
    desk.migrate(chain(stage("boss"), stage("deputy"), stage("head")), "head")
    assert desk.case.stage == "head"


def test_where_it_stays_those_who_have_it_see_what_was_changed() -> None:
    desk = edited()
    desk.migrate(chain(stage("head"), stage("boss", step("boss", prove=True))), "boss")
    assert desk.kinds == ["case_migrated"]


def test_no_move_approves_a_case_or_issues_a_document() -> None:
    desk = submitted(ONE, OFFICE)
    desk.approve("hoa")
    with refused("decided_by_move"):
        desk.migrate(chain(stage("head"), stage("boss", when={"eq": [1, 2]})), "boss")
    two = stage("two", step("head"), step("boss"))
    desk = submitted(chain(two, stage("deputy")), OFFICE)
    desk.approve("hoa")
    rule = {"after": "two", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    with refused("decided_by_move"):
        desk.migrate(chain({**two, "complete": "any"}, stage("deputy"), issues=[rule]), "two")


def test_nobody_moves_what_he_drafted() -> None:
    desk = Desk(ONE, OFFICE)
    desk.submit(drafters=["quan"])
    with refused("own_draft"):
        desk.migrate(LONGER, "deputy")


def test_a_vote_to_return_never_counts_for_a_rejection() -> None:
    def vote(refusing: str) -> Chain:
        voting = step("boss", "boss", "head", taken_by="each", actions=["approve", refusing])
        return chain(stage("vote", voting, refusal="vote", complete={"n": 3}))

    desk = submitted(vote("return"), OFFICE)
    desk.send_back("hoa")
    desk.migrate(vote("reject"), "vote")
    desk.reject("bao")
    assert desk.case.status == CaseStatus.IN_REVIEW


def test_a_stage_with_another_condition_is_not_the_same() -> None:
    case = submitted(ONE, OFFICE).case
    assert not goes_on_as_it_is(case, chain(stage("head", when={"eq": [1, 2]}), stage("boss")), "head")


def test_a_stage_in_which_somebody_decided_on_less_is_not_the_same() -> None:
    def both(**more: object) -> Chain:
        return chain(stage("both", step("head", **more), step("boss")), stage("deputy"))

    desk = Desk(both(covers=["a"]), OFFICE)
    desk.submit(sections=SECTIONS)
    assert goes_on_as_it_is(desk.case, both(), "both")
    desk.approve("hoa")
    assert not goes_on_as_it_is(desk.case, both(), "both")
    desk.migrate(both(), "both")
    assert ("head", "hoa") in desk.owners


def test_an_approval_that_stays_belongs_to_the_stage_it_stays_in() -> None:
    desk = submitted(chain(stage("two", step("head"), step("boss")), stage("deputy")), OFFICE)
    desk.approve("hoa")
    desk.migrate(chain(stage("zwei", step("head"), step("boss")), stage("deputy")), "zwei")
    kept = desk.case.decisions[-1]
    assert (kept.stage, kept.entry, kept.kept_from) == ("zwei", 2, 1)


def test_in_a_later_round_everybody_is_asked_again_who_approved_under_another_version() -> None:
    once = {"ask_again": "if_changed"}
    desk = Desk(chain(stage("head", step("head", covers=["a"], **once)), stage("boss")), OFFICE)
    desk.submit(sections=SECTIONS)
    desk.approve("hoa")
    desk.send_back("bao")
    desk.migrate(chain(stage("head", step("head", **once)), stage("boss")))
    desk.submit(sections=SECTIONS)
    assert desk.case.stage == "head"


# -- emergencies -----------------------------------------------------------------------------------------------

BOSSES = {"posts": ["boss"], "place": "own"}


def test_a_second_signature_stays_one() -> None:
    urgent = {"emergency": {"owner": BOSSES, "second": BOSSES}}
    desk = submitted(chain(stage("head"), **urgent), OFFICE)
    desk.do("bao", ApproveInEmergency(desk.case.version, "Bão"))
    for to in ("head", None):
        with refused("bad_target", to=to or "", targets=[]):
            desk.migrate(ONE, to)
    with refused("bad_target", to="head", targets=[RETROSPECTIVE]):
        desk.migrate(chain(stage("head"), stage("boss"), **urgent), "head")
    desk.migrate(chain(stage("head"), stage("boss"), **urgent), RETROSPECTIVE)
    assert (desk.kinds, desk.owners) == (["case_migrated"], [("second", "binh")])
    desk.approve("binh")
    assert desk.case.status == CaseStatus.APPROVED
