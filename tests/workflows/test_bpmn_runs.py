"""SpiffWorkflow goes the way of the engine, decision by decision, on what a chain looks like in BPMN."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import workflows
from tests.workflows import odd_chains
from tests.workflows.mirror import OVER, Mirror
from tests.workflows.odd_chains import OFFICE, chain_of, chains, facts, own_step
from tests.workflows.office import Office, body, stage, step
from workflows.definition import DRAFTER, Chain, Stage
from workflows.errors import Refusal
from workflows.guards import Scalar
from workflows.parsing import parse_chain

FOLDER = Path(workflows.__file__).parent / "library" / "chains"
SHIPPED = sorted(path.stem for path in FOLDER.glob("*.yaml"))
DAYS: list[dict[str, Scalar]] = [{}, {"days": 5}, {"days": 6}, {"days": 11}]
MOST_ACTS = 12
STAFF = Office(
    {
        unit: {post: [f"{post}.{unit}.{number}" for number in range(2)] for post in ("head", "deputy", "officer")}
        for unit in ("own", "PC06", "UBND", "partner")
    }
)


def shipped(key: str) -> Chain:
    return parse_chain(yaml.safe_load((FOLDER / f"{key}.yaml").read_text(encoding="utf-8")))


def in_office(chain: Chain, facts: dict[str, Scalar] | None = None, office: Office = STAFF) -> Mirror:
    mirror = Mirror(chain, office, facts)
    mirror.submit()
    return mirror


def approve_up_to(mirror: Mirror, key: str) -> None:
    while mirror.desk.case.stage != key:
        mirror.go_on()


def refusals(verdict: str) -> list[tuple[str, str]]:
    """The stages of shipped chains in which somebody may refuse so."""
    found = [(key, stage) for key in SHIPPED for stage in shipped(key).stages]
    return [(key, stage.key) for key, stage in found if any(verdict in step.actions for step in stage.deciding)]


def refuse(mirror: Mirror, stage: Stage, verdict: str, to: str = DRAFTER) -> None:
    """Refuses in the present stage, in a vote as often as it takes."""
    while mirror.desk.case.stage == stage.key and mirror.desk.case.status == "in_review":
        item = next(each for each in mirror.desk.case.open_items if each.role == "decide")
        mirror.decide(item, "return" if verdict == "return" else "reject", to)


def test_the_days_of_an_extension_decide_which_stages_it_passes() -> None:
    paths = []
    for days in DAYS:
        mirror = in_office(shipped("extension-request"), days)
        mirror.approve_all()
        paths.append([each.partition(":")[0] for each in mirror.path[1:]])
    assert paths == [
        ["stage.superior"],
        ["stage.superior"],
        ["stage.superior", "stage.standing"],
        ["stage.superior", "stage.standing", "stage.ubnd"],
    ]


@pytest.mark.parametrize("days", DAYS, ids=str)
@pytest.mark.parametrize("key", SHIPPED)
def test_every_shipped_chain_is_approved_by_the_same_steps(key: str, days: dict[str, Scalar]) -> None:
    mirror = in_office(shipped(key), days)
    mirror.approve_all()
    assert mirror.desk.case.status == "approved"


@pytest.mark.parametrize(("key", "where"), refusals("reject"))
def test_a_rejection_in_any_stage_is_the_end(key: str, where: str) -> None:
    mirror = in_office(shipped(key), {"days": 11})
    approve_up_to(mirror, where)
    refuse(mirror, mirror.chain.stage(where), "reject")
    assert mirror.desk.case.status == "rejected"


@pytest.mark.parametrize(("key", "where"), refusals("return"))
def test_what_any_stage_returned_begins_anew_when_it_was_submitted_again(key: str, where: str) -> None:
    mirror = in_office(shipped(key), {"days": 11})
    approve_up_to(mirror, where)
    refuse(mirror, mirror.chain.stage(where), "return")
    assert mirror.desk.case.status == "returned"
    mirror.submit()
    mirror.approve_all()
    assert mirror.desk.case.status == "approved"


@pytest.mark.parametrize("to", ["department", "police"])
def test_a_return_to_an_earlier_stage_enters_that_one(to: str) -> None:
    mirror = in_office(shipped("provincial-report"))
    approve_up_to(mirror, "ubnd")
    mirror.decide(mirror.desk.case.open_items[0], "return", to)
    assert mirror.desk.case.stage == to
    mirror.approve_all()


def test_one_return_closes_what_the_others_have_open() -> None:
    mirror = in_office(shipped("plan-of-two-signatories"))
    assert sorted(mirror.waiting) == ["step.signatories.own", "step.signatories.partner"]
    mirror.go_on("return")
    assert sorted(mirror.waiting) == [DRAFTER]


def test_a_vote_ends_as_soon_as_it_is_decided() -> None:
    mirror = in_office(shipped("document-correction"))
    approve_up_to(mirror, "police")
    for verdict in ("return", "approve", "return", "approve", "approve", "approve"):  # 60 % of six are four
        mirror.go_on(verdict)
    assert mirror.desk.case.stage == "ubnd"
    mirror.go_on("return")
    mirror.submit()
    approve_up_to(mirror, "police")
    for _ in range(3):
        mirror.go_on("return")
    assert mirror.desk.case.status == "returned"


def test_what_no_stage_applies_to_goes_back_to_its_drafter_at_once() -> None:
    mirror = Mirror(chain_of(stage("s", own_step("s", "a", when=odd_chains.BIG))), OFFICE, {"total": 9})
    with pytest.raises(Refusal, match="no_stage_applies"):
        mirror.submit()
    mirror.lay_before()
    assert mirror.workflow.last_task.task_spec.name == "decided"


def test_opinions_complete_a_stage_whose_deciders_are_all_left_out() -> None:
    advisers = [own_step("s", key, role="advise") for key in ("a-b", "a_b")]
    mixed = stage("s", own_step("s", "a", when=odd_chains.BIG), *advisers)
    mirror = in_office(chain_of(mixed, stage("s_1", own_step("s_1", "a"))), {"total": 9}, OFFICE)
    mirror.go_on()
    assert sorted(mirror.waiting) == ["step.s.a_b"]
    mirror.go_on()
    assert sorted(mirror.waiting) == ["stage.s_1"]


def test_a_vote_returns_to_the_drafter_without_asking_to_whom() -> None:
    member = own_step("s_1", "a", taken_by="each", actions=["approve", "return"])
    first = stage("s", own_step("s", "a", actions=["approve", "reject"]))
    mirror = in_office(chain_of(first, stage("s_1", member, refusal="vote")), None, OFFICE)
    mirror.go_on()
    mirror.go_on("return")
    assert sorted(mirror.waiting) == [DRAFTER]
    assert "back" not in mirror.workflow.spec.task_specs


def test_a_vote_returns_to_the_drafter_though_something_went_to_an_earlier_stage_before() -> None:
    member = own_step("s", "a", taken_by="each", actions=["approve", "return"])
    one, two = (stage(key, own_step(key, "a")) for key in ("s-1", "s_1"))
    mirror = in_office(chain_of(one, two, stage("s", member, refusal="vote")), None, OFFICE)
    mirror.go_on()
    mirror.decide(mirror.desk.case.open_items[0], "return", "s-1")
    mirror.go_on()
    mirror.go_on()
    mirror.go_on("return")
    assert sorted(mirror.waiting) == [DRAFTER]


def test_a_chain_of_as_many_stages_as_there_may_be_is_read() -> None:
    many = parse_chain(body(*(stage(f"s{number}", step("head")) for number in range(50))))
    in_office(many, None, Office({"own": {"head": ["hoa"]}})).approve_all()


@settings(max_examples=60, deadline=None)
@given(chain=chains(), facts=facts, data=st.data())
def test_whatever_is_decided_both_wait_for_the_same(
    chain: Chain, facts: dict[str, Scalar], data: st.DataObject
) -> None:
    if not any(step.role == "decide" for stage in chain.stages for step in stage.steps_for(facts)):
        mirror = Mirror(chain, OFFICE, facts)
        mirror.lay_before()
        return
    try:
        mirror = in_office(chain, facts, OFFICE)
        for _ in range(MOST_ACTS):
            if mirror.desk.case.status in OVER:
                break
            act(mirror, data)
    except Refusal as refusal:
        if refusal.code != "nobody_eligible":  # more approvals are needed than the steps that take part can give
            raise
        reject()


def act(mirror: Mirror, data: st.DataObject) -> None:
    """Somebody does something."""
    case = mirror.desk.case
    if not case.open_items:
        mirror.submit()
        return
    item = data.draw(st.sampled_from(case.open_items))
    here = mirror.chain.stage(str(case.stage))
    verdict = data.draw(st.sampled_from(["approve", *here.step(item.step).actions]))
    earlier = [each.key for each in mirror.chain.before(here.key) if each.steps_for(mirror.desk.facts)]
    places = [DRAFTER, *(earlier if here.refusal == "at_once" else [])]
    to = data.draw(st.sampled_from(places)) if verdict == "return" else DRAFTER
    mirror.decide(item, "advise" if item.role == "advise" else verdict, to)
