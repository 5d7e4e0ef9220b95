"""What random walks are made of: chains of every kind, an office, and everything that people might try."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.workflows.office import ADMIN, CLERK, body, stage, step
from workflows.actions import (
    Accept,
    AddReviewer,
    Advise,
    AnyAction,
    Approve,
    ApproveInEmergency,
    AskOpinion,
    Cancel,
    Claim,
    Delegate,
    Reassign,
    Recall,
    Reject,
    Release,
    Reopen,
    RequestRecall,
    Resume,
    Return,
    Submit,
    Suspend,
    Withdraw,
)
from workflows.availability import Availability
from workflows.case import Case
from workflows.definition import Chain
from workflows.parsing import parse_chain

STAFF = ("an", "ba", "cu", "da", "em", "gia")
PEOPLE = (CLERK, ADMIN, *STAFF, "outsider")
POSTS = ("head", "deputy", "police")
STAGES = ("first", "second", "third")
STEPS = ("s0", "s1", "s2")
PLACES = ("drafter", *STAGES, "nowhere")
BIG = {"ge": [{"fact": "total"}, 10]}
WHY = "Vì sao"
SECTIONS: Mapping[str, str] = {"figures": "f1", "text": "t1"}

Choice: TypeAlias = Mapping[str, tuple[str, ...]]
Attempt: TypeAlias = Callable[[int, Choice], AnyAction]
"""An action that somebody might try, once the version of the case and a good choice of people are known."""

# -- the office ------------------------------------------------------------------------------------------------

people = st.sampled_from(PEOPLE)
own = st.lists(st.sampled_from((*STAFF, CLERK)), min_size=1, max_size=3, unique=True)
elsewhere = st.lists(st.sampled_from(STAFF), max_size=2, unique=True)
seats = st.fixed_dictionaries(
    {
        "own": st.fixed_dictionaries(dict.fromkeys(POSTS, own)),
        "parent": st.fixed_dictionaries(dict.fromkeys(POSTS, elsewhere)),
        "lead": st.fixed_dictionaries(dict.fromkeys(POSTS, elsewhere)),
    }
)

# -- chains ----------------------------------------------------------------------------------------------------

places = st.sampled_from(
    [
        {"place": "own"},
        {"place": "own"},
        {"place": "parent"},
        {"place": "superior"},
        {"place": "field", "field": "lead"},
    ]
)
posts = st.lists(st.sampled_from(POSTS), min_size=1, max_size=2, unique=True)
guards = st.sampled_from([None, None, None, None, None, None, BIG, {"not": BIG}])
shares = st.sampled_from(["one", "one", "one", "each", {"choose": 2}])
refusing = st.sampled_from([["return"], ["reject"], ["return", "reject"]])
lasting = st.sampled_from([None, None, "if_changed"])
reasoned = st.lists(st.sampled_from(["approve", "return", "reject"]), unique=True)


def given(key: str, value: object) -> dict[str, object]:
    """An entry of a definition, left out when there is nothing to say."""
    return {} if value is None else {key: value}


@st.composite
def steps(draw: st.DrawFn, key: str, actions: list[str]) -> dict[str, Any]:
    """A step of some owner, shared in some way; one of six only advises."""
    made = step(key, owner={"posts": draw(posts), **draw(places)}, taken_by=draw(shares)) | given("when", draw(guards))
    if draw(st.integers(1, 6)) == 6:
        return made | {"role": "advise"}
    again = given("ask_again", draw(lasting))
    return (
        made
        | again
        | {"actions": ["approve", *actions], "reason_required": draw(reasoned), "prove": draw(st.booleans())}
    )


@st.composite
def stages(draw: st.DrawFn, key: str) -> dict[str, Any]:
    """A stage of one to three steps, of any completion rule, one of four a vote."""
    is_vote = draw(st.integers(1, 4)) == 4
    actions = draw(refusing)[:1] if is_vote else draw(refusing)
    inside = [draw(steps(name, actions)) for name in STEPS[: draw(st.integers(1, 3))]]
    deciding = [each for each in inside if "role" not in each]
    count = {"n": draw(st.integers(1, len(deciding or inside)))}
    complete = draw(st.sampled_from(["all", "any", count, {"percent": draw(st.integers(1, 100))}]))
    refusal = "vote" if is_vote and deciding else None
    return stage(key, *inside, complete=complete) | given("refusal", refusal) | given("when", draw(guards))


def let_edit(inside: list[dict[str, Any]]) -> None:
    """Lets whoever decides a stage alone change the text, where somebody decides after him."""
    for number, each in enumerate(inside):
        deciding = [part for part in each["steps"] if "role" not in part]
        later = [part for more in inside[number + 1 :] for part in more["steps"] if "role" not in part]
        if len(deciding) == 1 and deciding[0]["taken_by"] == "one" and later:
            deciding[0]["edits"] = ["text"]


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Chains of one to three stages, some with a document that becomes due, some that can be approved at once."""
    inside = [draw(stages(key)) for key in STAGES[: draw(st.integers(1, 3))]]
    if draw(st.booleans()):
        let_edit(inside)
    deciding = [each for each in inside if any("role" not in part for part in each["steps"])]
    asked = [each["key"] for each in deciding if not any("ask_again" in part for part in each["steps"])]
    edited = [number for number, each in enumerate(inside) if any("edits" in part for part in each["steps"])]
    signed = [key for key in asked if all(STAGES.index(key) > number for number in edited)]
    issue = {"issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    issues = [issue | {"after": key} for key in draw(st.sampled_from([[], signed[:1]]))]
    owners = {"owner": {"posts": draw(posts), **draw(places)}, "second": {"posts": draw(posts), **draw(places)}}
    return parse_chain(body(*inside, issues=issues) | given("emergency", draw(st.sampled_from([None, None, owners]))))


# -- actions ---------------------------------------------------------------------------------------------------

reasons = st.sampled_from(["", " ", WHY])
step_names = st.sampled_from([None, *STEPS, "nowhere"])
returns = st.sampled_from(PLACES)
comments = st.sampled_from([{}, {}, {}, {"table.2": "Sai"}])
contents = st.sampled_from(["x", "x", "y"])
sections = st.sampled_from([{}, SECTIONS, SECTIONS | {"text": "t2"}, SECTIONS | {"figures": "f2"}])
drafters = st.sampled_from([frozenset[str](), frozenset({"an"})])
changes = st.sampled_from([frozenset[str](), frozenset({"table.2"})])
choices = st.sampled_from([True, True, False])
positions = st.sampled_from(["before", "after"])
numbers = st.integers(1, 12)

of_submitters: st.SearchStrategy[Attempt] = st.one_of(
    st.builds(
        lambda text, who, new, chosen: (
            lambda version, good: Submit(version, text, who, good if chosen else {}, {}, new, SECTIONS)
        ),
        contents,
        drafters,
        changes,
        choices,
    ),
    st.builds(lambda why: lambda version, _: Recall(version, why), reasons),
    st.builds(lambda why: lambda version, _: RequestRecall(version, why), reasons),
    st.builds(lambda why: lambda version, _: Withdraw(version, why), reasons),
)
of_deciders: st.SearchStrategy[Attempt] = st.one_of(
    st.builds(lambda why, at: lambda version, _: Approve(version, why, at), reasons, step_names),
    st.builds(
        lambda at, is_now: lambda version, _: Approve(version, WHY, at, {}, "edited", is_now), step_names, sections
    ),
    st.builds(
        lambda why, to, at, said: lambda version, _: Return(version, why, to, at, said),
        reasons,
        returns,
        step_names,
        comments,
    ),
    st.builds(lambda why, at: lambda version, _: Reject(version, why, at), reasons, step_names),
    st.builds(lambda why, at: lambda version, _: Advise(version, why, at), reasons, step_names),
)
of_sharers: st.SearchStrategy[Attempt] = st.one_of(
    st.just(lambda version, _: Accept(version)),
    st.builds(lambda at: lambda version, _: Claim(version, at), step_names),
    st.builds(lambda at: lambda version, _: Release(version, at), step_names),
    st.builds(lambda who, at: lambda version, _: Delegate(version, who, "", at), people, step_names),
    st.builds(
        lambda who, why, where, at: lambda version, _: AddReviewer(version, who, why, where, at),
        people,
        reasons,
        positions,
        step_names,
    ),
    st.builds(lambda who, why, at: lambda version, _: AskOpinion(version, who, why, at), people, reasons, step_names),
)
of_the_rest: st.SearchStrategy[Attempt] = st.one_of(
    st.builds(lambda why: lambda version, _: ApproveInEmergency(version, why), reasons),
    st.builds(lambda why: lambda version, _: Suspend(version, why), reasons),
    st.builds(lambda why: lambda version, _: Resume(version, why), reasons),
    st.builds(lambda n, who, why: lambda version, _: Reassign(version, n, who, why), numbers, people, reasons),
    st.builds(lambda why: lambda version, _: Cancel(version, why), reasons),
    st.builds(lambda why: lambda version, _: Reopen(version, why), reasons),
)
attempts: st.SearchStrategy[Attempt] = st.one_of(of_submitters, of_deciders, of_sharers, of_the_rest)

PLAIN: Mapping[str, Callable[[int], AnyAction]] = {
    "recall": Recall,
    "request_recall": lambda version: RequestRecall(version, WHY),
    "withdraw": lambda version: Withdraw(version, WHY),
    "accept": Accept,
    "return": lambda version: Return(version, WHY),
    "reject": lambda version: Reject(version, WHY),
    "approve_in_emergency": lambda version: ApproveInEmergency(version, WHY),
    "suspend": lambda version: Suspend(version, WHY),
    "resume": Resume,
    "cancel": lambda version: Cancel(version, WHY),
    "reopen": lambda version: Reopen(version, WHY),
}
ON_STEPS: Mapping[str, Callable[[int, str | None], AnyAction]] = {
    "claim": Claim,
    "release": Release,
    "approve": lambda version, key: Approve(version, WHY, key),
    "advise": lambda version, key: Advise(version, WHY, key),
}
BRINGING_IN: Mapping[str, Callable[[int, str, str | None], AnyAction]] = {
    "delegate": lambda version, who, key: Delegate(version, who, WHY, key),
    "add_reviewer": lambda version, who, key: AddReviewer(version, who, WHY, "before", key),
    "ask_opinion": lambda version, who, key: AskOpinion(version, who, WHY, key),
}
ACTIONS = ("submit", *PLAIN, *ON_STEPS, *BRINGING_IN, "reassign")


def carried_out(version: int, answer: Availability, chosen: Choice) -> list[AnyAction]:
    """An allowed action with each target, person and item that the answer names."""
    if answer.action == "submit":
        return [Submit(version, "x", chosen=chosen, sections=SECTIONS)]
    if answer.action == "return":
        return [Return(version, WHY), *(Return(version, WHY, key) for key in answer.targets)]
    if answer.action in ON_STEPS:
        plain = [ON_STEPS[answer.action](version, key) for key in (None, *answer.targets)]
        edits = dict.fromkeys(answer.edits, f"changed at {version}")
        edited = Approve(version, WHY, answer.targets[0], {}, f"edited at {version}", {**SECTIONS, **edits})
        return [*plain, edited] if edits else plain
    newcomers = [each.person for each in answer.people]
    if answer.action == "reassign":
        pairs = [(item, newcomers[0]) for item in answer.items] + [(answer.items[0], who) for who in newcomers]
        return [Reassign(version, item.number, who, WHY) for item, who in pairs]
    if answer.action in BRINGING_IN:
        make = BRINGING_IN[answer.action]
        first = [make(version, newcomers[0], key) for key in answer.targets]
        later = [AddReviewer(version, newcomers[-1], WHY, "after")] if answer.action == "add_reviewer" else []
        return [*(make(version, who, None) for who in newcomers), *first, *later]
    return [PLAIN[answer.action](version)]


def tried(case: Case, name: str, who: str, chosen: Choice) -> AnyAction:
    """An action as somebody might try it to whom it is refused."""
    version, items = case.version, case.pending_items
    if name == "submit":
        return Submit(version, "x", chosen=chosen)
    if name == "reassign":
        return Reassign(version, items[0].number if items else 1, who, WHY)
    if name in BRINGING_IN:
        return BRINGING_IN[name](version, who, None)
    return ON_STEPS[name](version, None) if name in ON_STEPS else PLAIN[name](version)
