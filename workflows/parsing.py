"""Reads approval chains from plain data of any shape, with every error at its path, before they can be used."""

import re
from collections.abc import Mapping
from itertools import dropwhile, takewhile
from typing import Final, Literal, cast

from workflows.definition import (
    DRAFTER,
    ISSUERS,
    MAX_CHOSEN,
    MAX_HOURS,
    MAX_RUNGS,
    MAX_STAGES,
    MAX_STEPS,
    PLACES,
    REFUSING,
    RETROSPECTIVE,
    SCHEMA,
    VERDICTS,
    Chain,
    Completion,
    Emergency,
    IssueRule,
    Owner,
    Place,
    PlaceKind,
    Rung,
    Share,
    Stage,
    Step,
    Verdict,
)
from workflows.errors import DefinitionError
from workflows.guards import FACT_NAME, Guard, read_guard
from workflows.reader import KEY, UNIT_CODE, Node, refuse_repeats

POST: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
"""How steps name a kind of post."""

_SECOND: Final = {"vi": "Ký bổ sung sau duyệt khẩn", "en": "Second signature after an emergency approval"}
STEP_OPTIONS: Final = (
    *("role", "taken_by", "when", "actions", "reason_required", "checks", "prove", "in_person"),
    *("reads", "edits", "covers", "ask_again", "budget", "ladder"),
)
"""What a step may say besides what it must."""

SECTIONS: Final = ("reads", "edits", "covers")
OF_DECIDERS: Final = ("actions", "reason_required", "prove", "in_person", "edits", "covers", "ask_again")
"""What a step may not say whose holder only advises."""


def parse_chain(body: object) -> Chain:
    """Reads a chain, schema 1, from plain JSON or YAML data of any shape.

    Args:
        body: The definition; see ``workflows/library/chains`` for some.

    Raises:
        DefinitionError: With every error at its path, such as ``stages[1].steps[0].owner.posts``.
            Unknown keys are errors, 50 stages and 200 steps in all are the limit.
    """
    root = Node(body, "", [])
    parts = root.fields(["schema", "key", "name", "stages"], ["issues", "forms", "when", "emergency"])
    parts["schema"].number(SCHEMA, SCHEMA)
    key, name = parts["key"].word(), parts["name"].label()
    stages = _stages(parts["stages"])
    chain = Chain(
        key=key,
        name=name,
        stages=stages,
        issues=tuple(_issue(node, stages) for node in parts["issues"].items(0, MAX_STAGES)),
        forms=_words(parts["forms"]),
        guard=_guard(parts["when"]),
        emergency=_emergency(parts["emergency"]) if parts["emergency"].given else None,
    )
    if any(rule.cosigned_at for rule in chain.issues):
        parts["emergency"].note("cosigned_in_emergency")  # at once there would be one signature
    if root.findings:
        raise DefinitionError(root.findings)
    return chain


def _words(node: Node, pattern: re.Pattern[str] = KEY) -> tuple[str, ...]:
    nodes = node.items(1, MAX_STEPS)
    words = [each.word(pattern) for each in nodes]
    refuse_repeats(nodes, words)
    return tuple(words)


def _guard(node: Node) -> Guard | None:
    return read_guard(node) if node.given else None


def _stages(node: Node) -> tuple[Stage, ...]:
    nodes = node.items(1, MAX_STAGES)
    stages = tuple(_stage(each) for each in nodes)
    refuse_repeats(nodes, [stage.key for stage in stages])
    if sum(len(stage.steps) for stage in stages) > MAX_STEPS:
        node.note("too_many_steps", most=MAX_STEPS)
    for number, each in enumerate(nodes):
        _check_edits(each, stages[number], stages[number + 1 :])
    return stages


def _check_edits(node: Node, stage: Stage, later: tuple[Stage, ...]) -> None:
    """Whoever changes the content decides his stage alone, and somebody after him sees what he made of it."""
    if not any(step.edits for step in stage.deciding):
        return
    if len(stage.deciding) > 1 or stage.deciding[0].share.kind != "one":
        node.note("edits_alone")
    if not any(each.deciding for each in later):
        node.note("edits_unseen")


def _stage(node: Node) -> Stage:
    parts = node.fields(["key", "name", "steps"], ["complete", "refusal", "when"])
    key = parts["key"].word()
    if key in (DRAFTER, RETROSPECTIVE):
        parts["key"].note("reserved", value=key)
    name = parts["name"].label()
    nodes = parts["steps"].items(1, MAX_STEPS)
    steps = tuple(_step(each) for each in nodes)
    refuse_repeats(nodes, [step.key for step in steps])
    return Stage(
        key=key,
        name=name,
        steps=steps,
        completion=_completion(parts["complete"], steps),
        refusal=_refusal(parts["refusal"], steps),
        guard=_guard(parts["when"]),
    )


def _completion(node: Node, steps: tuple[Step, ...]) -> Completion:
    if isinstance(node.value, Mapping):
        return _counted(node, steps)
    return Completion("any" if node.choice(["all", "any"]) == "any" else "all")


def _counted(node: Node, steps: tuple[Step, ...]) -> Completion:
    parts = node.fields([], ["n", "percent"])
    given = [key for key in ("n", "percent") if parts[key].given]
    if len(given) != 1:
        node.note("one_of_these", allowed=["n", "percent"])
        return Completion("all")
    if given == ["percent"]:
        return Completion("percent", parts["percent"].number(1, 100))
    return Completion("n", parts["n"].number(1, _most_slots(steps)))


def _most_slots(steps: tuple[Step, ...]) -> int:
    """How many slots a stage of these steps can have: known only when one person takes each step."""
    counted = [step for step in steps if step.role == "decide"] or steps
    is_open = any(step.share.kind != "one" for step in counted)
    return MAX_STEPS if is_open else max(len(counted), 1)


def _refusal(node: Node, steps: tuple[Step, ...]) -> Literal["at_once", "vote"]:
    if node.choice(["at_once", "vote"]) != "vote":
        return "at_once"
    offered = {step.actions for step in steps if step.role == "decide"}
    if len(offered) != 1 or len(*offered) != len(("approve", "a refusal")):
        node.note("vote_needs_one_refusal")
    return "vote"


def _step(node: Node) -> Step:
    parts = node.fields(["key", "name", "owner"], STEP_OPTIONS)
    is_adviser = parts["role"].choice(["decide", "advise"]) == "advise"
    for key in OF_DECIDERS if is_adviser else ():
        parts[key].note("advisers_do_not_decide")
    sections = {key: _words(parts[key]) for key in SECTIONS}
    _check_reading(node, sections, is_decider=not is_adviser)
    return Step(
        key=parts["key"].word(),
        name=parts["name"].label(),
        owner=_owner(parts["owner"]),
        role="advise" if is_adviser else "decide",
        share=_share(parts["taken_by"]),
        guard=_guard(parts["when"]),
        actions=("advise",) if is_adviser else _actions(parts["actions"]),
        reason_required=frozenset(("advise",) if is_adviser else _verdicts(parts["reason_required"], REFUSING)),
        checks="form" if parts["checks"].choice(["content", "form"]) == "form" else "content",
        prove=parts["prove"].flag(),
        reads=sections["reads"],
        edits=sections["edits"],
        covers=sections["covers"],
        ask_again=_ask_again(parts["ask_again"]),
        budget=parts["budget"].number(1, MAX_HOURS) if parts["budget"].given else None,
        ladder=_ladder(parts),
        in_person=parts["in_person"].flag(),
    )


def _check_reading(node: Node, sections: Mapping[str, tuple[str, ...]], *, is_decider: bool) -> None:
    """Nobody decides on what he does not read, nor changes it."""
    reads = sections["reads"]
    if not reads:
        return
    unread = [key for key in (*sections["edits"], *sections["covers"]) if key not in reads]
    if unread or (is_decider and not sections["covers"]):
        node.note("beyond_reading", sections=list(dict.fromkeys(unread)) or list(reads))


def _ladder(parts: Mapping[str, Node]) -> tuple[Rung, ...]:
    """Reads what happens around the end of a budget, in order of time, and never before the step begins."""
    node, budget = parts["ladder"], parts["budget"]
    if not budget.given:
        node.note("budget_needed")
    after = 1 - (budget.value if type(budget.value) is int else MAX_HOURS)
    rungs = []
    for each in node.items(1, MAX_RUNGS):
        fields = each.fields(["at"], ["to", "expires"])
        at = fields["at"].number(-MAX_HOURS, MAX_HOURS)
        if at < after and type(fields["at"].value) is int:
            fields["at"].note("rungs_out_of_order", after=after - 1)
        after = at + 1
        if (
            fields["to"].given
            and isinstance(parts["taken_by"].value, Mapping | str)
            and parts["taken_by"].value != "one"
        ):
            fields["to"].note("escalates_one")
        expires = fields["expires"].flag()
        if expires and fields["to"].given:
            each.note("one_of_these", allowed=["to", "expires"])
        rungs.append(Rung(at, _owner(fields["to"]) if fields["to"].given else None, expires))
    if any(rung.expires for rung in rungs[:-1]):
        node.note("nothing_after_expiry")
    return tuple(rungs)


def _ask_again(node: Node) -> Literal["always", "if_changed"]:
    return "if_changed" if node.choice(["always", "if_changed"]) == "if_changed" else "always"


def _share(node: Node) -> Share:
    if isinstance(node.value, Mapping):
        return Share("chosen", node.fields(["choose"])["choose"].number(1, MAX_CHOSEN))
    return Share("each" if node.choice(["one", "each"]) == "each" else "one")


def _actions(node: Node) -> tuple[Verdict, ...]:
    """Reads what a step offers; without approval, or without a way to say no, it would be no decision."""
    actions = _verdicts(node, VERDICTS)
    if "approve" not in actions:
        node.note("approve_missing")
    if not set(REFUSING) & set(actions):
        node.note("no_way_to_refuse")
    return actions


def _verdicts(node: Node, usual: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    if not node.given:
        return usual
    nodes = node.items(0, len(VERDICTS))
    words = [each.choice(VERDICTS) for each in nodes]
    refuse_repeats(nodes, words)
    return tuple(verdict for verdict in VERDICTS if verdict in words)


def _owner(node: Node) -> Owner:
    parts = node.fields(["posts", "place"], ["unit", "field"])
    posts = _words(parts["posts"], POST)
    place, unit = _place(parts, PLACES)
    return Owner(place, unit, posts=posts, field=_named(parts, place, "field", FACT_NAME))


def _place(parts: dict[str, Node], kinds: tuple[PlaceKind, ...]) -> tuple[PlaceKind, str | None]:
    place = cast("PlaceKind", parts["place"].choice(kinds))
    return place, _named(parts, place, "unit", UNIT_CODE)


def _named(parts: dict[str, Node], place: str, key: Literal["unit", "field"], shape: re.Pattern[str]) -> str | None:
    """Reads what a place of this kind has to name, and what no other place may name."""
    named = parts[key]
    if place != key:
        named.note("unit_not_meant" if key == "unit" else "field_not_meant")
        return None
    if not named.given:
        parts["place"].note("unit_needed" if key == "unit" else "field_needed")
    return named.word(shape)


def _emergency(node: Node) -> Emergency:
    """Reads who may approve at once; whoever signs second agrees or objects, and proves that it is he."""
    parts = node.fields(["owner", "second"])
    second = Step(
        key="second",
        name=_SECOND,
        owner=_owner(parts["second"]),
        role="decide",
        share=Share("one"),
        guard=None,
        actions=("approve", "reject"),
        reason_required=frozenset({"reject"}),
        checks="content",
        prove=True,
    )
    review = Stage(RETROSPECTIVE, _SECOND, (second,), Completion("all"), "at_once", None)
    return Emergency(_owner(parts["owner"]), review)


def _issue(node: Node, stages: tuple[Stage, ...]) -> IssueRule:
    parts = node.fields(["after", "issuer", "document", "signer"], ["of_head", "cosigned_at"])
    parts["signer"].choice(["decider"])
    after = parts["after"].choice([stage.key for stage in stages])
    _refuse_blind_signature(parts["after"], after, stages)
    place, unit = _place(parts["issuer"].fields(["place"], ["unit"]), ISSUERS)
    return IssueRule(
        after=after,
        issuer=Place(place, unit),
        document=parts["document"].word(),
        signer="decider",
        of_head=parts["of_head"].flag(),
        cosigned_at=_cosigned_at(parts["cosigned_at"], after, stages) if parts["cosigned_at"].given else None,
    )


def _refuse_blind_signature(node: Node, key: str, stages: tuple[Stage, ...]) -> None:
    """Notes why whoever decides in a stage would sign nothing, or what he has not seen as it is issued."""
    if any(stage.key == key and not stage.deciding for stage in stages):
        node.note("nobody_signs", stage=key)
    if any(stage.key == key and any(step.ask_again != "always" for step in stage.steps) for stage in stages):
        node.note("signs_unseen", stage=key)
    if any(stage.key == key and any(step.reads for step in stage.deciding) for stage in stages):
        node.note("signs_unread", stage=key)
    from_there = dropwhile(lambda stage: stage.key != key, stages)
    if any(step.edits for stage in from_there for step in stage.steps):
        node.note("edits_signed", stage=key)


def _may_be_passed_over(stage: Stage) -> bool:
    """Whether there may be nobody who decides in it."""
    guards = [step.guard for step in stage.deciding]
    return stage.guard is not None or (bool(guards) and all(guard is not None for guard in guards))


def _cosigned_at(node: Node, after: str, stages: tuple[Stage, ...]) -> str:
    """Reads the stage of the second signature: an earlier one that no submission passes over."""
    key = node.choice([stage.key for stage in stages])
    earlier = list(takewhile(lambda stage: stage.key != after, stages))
    if key and all(stage.key != key for stage in earlier):
        node.note("cosigned_too_late", stage=key)
    elif any(stage.key == key and _may_be_passed_over(stage) for stage in earlier):
        node.note("cosigned_perhaps", stage=key)
    else:
        _refuse_blind_signature(node, key, stages)
    return key
