"""Chains that nobody would draw by hand, to see what becomes of them in BPMN; everybody in them has one step."""

from typing import Any

from hypothesis import strategies as st

from tests.workflows.office import Office, body, label, stage, step
from workflows.definition import Chain
from workflows.parsing import parse_chain

BIG = {"ge": [{"fact": "total"}, 10]}
SMALL = {"lt": [{"fact": "total"}, 10]}
KNOWN = {"not": {"empty": {"fact": "table.sum-of_all"}}}
OF_KIND = {"any": [{"in": [{"fact": "kind"}, ["a'b", 'c"d']]}, {"all": [{"ne": [{"fact": "kind"}, "<&>"]}, SMALL]}]}
NASTY = "Tên <b> & \"nháy\" 'đơn' > ]]> {x} %s"

STAGES = ("s-1", "s_1", "s")
STEPS = ("a", "a-b", "a_b")
MOST = 3


def unit(stage_key: str, step_key: str) -> str:
    return f"{stage_key}.{step_key}"


OFFICE = Office(
    {unit(one, two): {"head": [f"{one}.{two}.{n}" for n in range(MOST)]} for one in STAGES for two in STEPS}
)


def own_step(stage_key: str, step_key: str, **more: object) -> dict[str, object]:
    """A step whose people have no other one."""
    owner = {"posts": ["head"], "place": "unit", "unit": unit(stage_key, step_key)}
    return step(step_key) | {"owner": owner} | more


def chain_of(*stages: dict[str, object], **more: object) -> Chain:
    return parse_chain(body(*stages, **more))


def everything() -> Chain:
    """A chain that uses all there is."""
    adviser = own_step("s-1", "a_b", role="advise", taken_by="each")
    lasting = {"covers": ["results"], "ask_again": "if_changed", "prove": True, "in_person": True}
    timed = {
        "budget": 16,
        "ladder": [
            {"at": -4},
            {"at": 0},
            {"at": 8, "to": {"posts": ["head"], "place": "superior"}},
            {"at": 40, "expires": True},
        ],
    }
    reading = {"reads": ["results", "progress"], "covers": ["results"], "edits": ["results"], "checks": "form"}
    return chain_of(
        stage("s-1", own_step("s-1", "a", when=BIG), own_step("s-1", "a-b", when=SMALL), adviser, complete="any"),
        stage("s_1", own_step("s_1", "a", **reading, **timed), when=OF_KIND),
        stage(
            "s",
            own_step("s", "a", taken_by={"choose": 3}, actions=["approve", "return"], **lasting),
            own_step("s", "a-b", taken_by="each", actions=["approve", "return"]),
            own_step("s", "a_b", actions=["approve", "return"]),
            complete={"percent": 60},
            refusal="vote",
            when=KNOWN,
        ),
        name=label(NASTY),
        forms=["monthly-report"],
        issues=[],
        emergency={"owner": {"posts": ["head"], "place": "parent"}, "second": {"posts": ["head"], "place": "own"}},
    )


def named_like_parts(key: str) -> Chain:
    """A chain whose keys are the words that the file uses itself."""
    own = {"owner": {"posts": ["head"], "place": "own"}}
    words = ("shape", "edge", "note", "tally_1", "reads", "owner", "line", "stage", "input")
    many = [step(word) | own | {"taken_by": "each"} for word in words]
    return chain_of(stage(key, step("plain") | own, *many), stage("other", *many))


guards = st.sampled_from([None, None, None, BIG, SMALL, KNOWN, OF_KIND])
shares = st.sampled_from(["one", "one", "each", {"choose": 1}, {"choose": 2}])
refusing = st.sampled_from([["return"], ["reject"], ["return", "reject"]])
facts = st.fixed_dictionaries(
    {"total": st.sampled_from([None, 9, 10])},
    optional={"kind": st.sampled_from(["a'b", 'c"d', "<&>"]), "table.sum-of_all": st.sampled_from([0, 3])},
)


def given(key: str, value: object) -> dict[str, object]:
    return {} if value is None else {key: value}


@st.composite
def steps(draw: st.DrawFn, stage_key: str, key: str, actions: list[str]) -> dict[str, Any]:
    made = own_step(stage_key, key, taken_by=draw(shares)) | given("when", draw(guards))
    if draw(st.integers(1, 4)) == 4:
        return made | {"role": "advise"}
    return made | {"actions": ["approve", *actions]}


@st.composite
def stages(draw: st.DrawFn, key: str) -> dict[str, Any]:
    is_vote = draw(st.integers(1, 3)) == 3
    actions = draw(refusing)[:1] if is_vote else draw(refusing)
    inside = [draw(steps(key, name, actions)) for name in STEPS[: draw(st.integers(1, 3))]]
    deciding = [each for each in inside if "role" not in each]
    count = {"n": draw(st.integers(1, len(deciding or inside)))}
    complete = draw(st.sampled_from(["all", "any", count, {"percent": draw(st.integers(1, 100))}]))
    refusal = "vote" if is_vote and deciding else None
    return stage(key, *inside, complete=complete) | given("refusal", refusal) | given("when", draw(guards))


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    return chain_of(*(draw(stages(key)) for key in STAGES[: draw(st.integers(1, 3))]))
