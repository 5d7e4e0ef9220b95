"""Approving at once what cannot wait: who may, what is issued, and the second signature that has to follow."""

import pytest

from tests.workflows.office import CLERK, Desk, Office, body, chain, closings, refused, stage, submitted
from workflows.actions import ApproveInEmergency
from workflows.definition import RETROSPECTIVE
from workflows.errors import DefinitionError
from workflows.events import DocumentDue
from workflows.history import replay
from workflows.parsing import parse_chain

BOSSES = {"posts": ["boss"], "place": "parent"}
OFFICE = Office({"own": {"head": ["hoa"], "deputy": ["dung"]}, "parent": {"boss": ["bao", "binh"], "guard": ["giang"]}})
ISSUES = [
    {"after": key, "issuer": {"place": "own"}, "document": f"paper-{key}", "signer": "decider"}
    for key in ("head", "deputy")
]
URGENT = chain(stage("head"), stage("deputy"), issues=ISSUES, emergency={"owner": BOSSES, "second": BOSSES})


def approve_at_once(desk: Desk, by: str = "bao", reason: str = "Bão số 4, phải ban hành ngay") -> None:
    desk.do(by, ApproveInEmergency(desk.case.version, reason))


def urgent(office: Office = OFFICE) -> Desk:
    desk = submitted(URGENT, office)
    approve_at_once(desk)
    return desk


def papers(desk: Desk) -> list[tuple[str, str]]:
    return [(event.document, event.signer) for event in desk.case.events if isinstance(event, DocumentDue)]


def test_everything_that_would_have_been_issued_is_due_at_once_and_somebody_else_is_asked_to_sign() -> None:
    desk = submitted(URGENT, OFFICE)
    approve_at_once(desk)
    assert desk.kinds == [
        "item_closed",
        "emergency_approved",
        "document_due",
        "document_due",
        "stage_entered",
        "item_opened",
    ]
    assert closings(desk) == [("hoa", "emergency_approved")]
    assert papers(desk) == [("paper-head", "bao"), ("paper-deputy", "bao")]
    assert (desk.case.status, desk.case.stage, desk.owners) == ("in_review", RETROSPECTIVE, [("second", "binh")])


def test_the_second_signature_ends_the_case_and_issues_nothing_twice() -> None:
    desk = urgent()
    desk.approve("binh")
    assert desk.case.status == "approved"
    assert len(papers(desk)) == 2


def test_who_signs_second_may_refuse_with_a_reason_and_proves_who_he_is() -> None:
    desk = urgent()
    assert desk.may("binh", "approve").prove
    assert (desk.may("binh", "approve").reason_required, desk.may("binh", "reject").reason_required) == (False, True)
    with refused("reason_required"):
        desk.reject("binh", reason=" ")
    desk.reject("binh")
    assert desk.case.status == "rejected"


def test_what_was_issued_before_the_emergency_is_not_issued_again() -> None:
    desk = submitted(URGENT, OFFICE)
    desk.approve("hoa")
    approve_at_once(desk)
    assert papers(desk) == [("paper-head", "hoa"), ("paper-deputy", "bao")]


def test_what_would_not_have_been_issued_is_not_due() -> None:
    guarded = [stage("head"), stage("deputy", when={"ge": [{"fact": "total"}, 10]})]
    urgent_or_not = chain(*guarded, issues=ISSUES, emergency={"owner": BOSSES, "second": BOSSES})
    for total, due in ((9, ["paper-head"]), (10, ["paper-head", "paper-deputy"])):
        desk = submitted(urgent_or_not, OFFICE, {"total": total})
        approve_at_once(desk)
        assert [document for document, _ in papers(desk)] == due


def test_whoever_signs_second_can_object_with_a_reason() -> None:
    desk = urgent()
    with refused("action_not_offered", offered=["approve", "reject"]):
        desk.send_back("binh")
    with refused("reason_required"):
        desk.reject("binh", "")
    desk.reject("binh", "Không phải việc khẩn")
    assert desk.case.status == "rejected"


def test_nobody_is_his_own_second_by_any_way() -> None:
    desk = urgent()
    with refused("not_your_item", stage=RETROSPECTIVE, people=["binh"]):
        desk.approve("bao")
    with refused("has_decided", person="bao"):
        desk.delegate("binh", "bao")
    with refused("has_decided", person="bao"):
        desk.reassign("bao", item=desk.case.open_items[0].number)
    with refused("already_emergency", person="bao"):
        approve_at_once(desk, "binh")


def test_only_those_whom_the_chain_trusts_approve_at_once() -> None:
    desk = submitted(URGENT, OFFICE)
    for person in ("hoa", "giang", "outsider"):
        with refused("not_for_emergency", people=["bao", "binh"]):
            approve_at_once(desk, person)
    with refused("own_draft"):
        approve_at_once(desk, CLERK)
    with refused("reason_required"):
        approve_at_once(desk, reason=" ")
    with refused("no_emergency"):
        approve_at_once(submitted(chain(stage("head")), OFFICE))
    with refused("not_submitted"):
        approve_at_once(Desk(URGENT, OFFICE))


def test_it_is_refused_while_nobody_could_sign_second() -> None:
    alone = Office({"own": OFFICE.seats["own"], "parent": {"boss": ["bao"]}})
    desk = submitted(URGENT, alone)
    with refused("nobody_eligible", stage=RETROSPECTIVE, step="second"):
        approve_at_once(desk)


def test_the_submitter_cannot_recall_what_was_approved_at_once() -> None:
    desk = urgent()
    with refused("in_hand", person="bao"):
        desk.recall()


def test_it_can_be_asked_for_and_always_wants_a_proof() -> None:
    desk = submitted(URGENT, OFFICE)
    offer = desk.may("bao", "approve_in_emergency")
    assert (offer.allowed, offer.prove, offer.reason_required) == (True, True, True)
    assert not desk.may("hoa", "approve_in_emergency").allowed


def test_an_emergency_is_replayed_from_its_events() -> None:
    desk = urgent()
    desk.approve("binh")
    assert replay(URGENT, desk.case.events) == desk.case


def test_the_stage_of_the_second_signature_stands_behind_the_others_and_leads_nowhere() -> None:
    assert [each.key for each in URGENT.every_stage] == ["head", "deputy", RETROSPECTIVE]
    assert (URGENT.before(RETROSPECTIVE), URGENT.following(RETROSPECTIVE)) == ((), ())
    assert chain(stage("head")).every_stage == chain(stage("head")).stages


def test_the_second_signature_is_given_like_a_decision_and_proved() -> None:
    emergency = chain(stage("head"), emergency={"owner": BOSSES, "second": BOSSES}).emergency
    assert emergency is not None
    assert (emergency.review.key, emergency.review.refusal, emergency.review.guard) == (RETROSPECTIVE, "at_once", None)
    (second,) = emergency.review.steps
    assert (second.role, second.actions, second.reason_required) == ("decide", ("approve", "reject"), {"reject"})
    assert (second.share.kind, second.checks, second.prove) == ("one", "content", True)


@pytest.mark.parametrize(
    ("definition", "path", "code"),
    [
        (body(stage(RETROSPECTIVE)), "stages[0].key", "reserved"),
        (body(stage("head"), emergency={"owner": BOSSES}), "emergency.second", "missing_key"),
        (body(stage("head"), emergency={"owner": BOSSES, "second": {"posts": [], "place": "own"}}),
         "emergency.second.posts", "too_few"),
        (body(stage("head"), emergency=[]), "emergency", "wrong_type"),
    ],
)  # fmt: skip
def test_an_emergency_that_cannot_be_is_reported_at_its_path(
    definition: dict[str, object], path: str, code: str
) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(definition)
    assert (path, code) in [(each.path, each.code) for each in caught.value.findings]
