"""Approval chains as data: what an administrator designs, read and checked before it can be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, cast

from workflows.errors import DefinitionError, Label
from workflows.guards import Guard, read_guard
from workflows.reader import Node, refuse_repeats

SCHEMA: Final = 1
MAX_STAGES: Final = 50
MAX_STEPS: Final = 200
DRAFTER: Final = "drafter"
"""Where a case goes back to when it does not go to a stage; no stage may be called so."""

Verdict: TypeAlias = Literal["approve", "return", "reject"]
PlaceKind: TypeAlias = Literal["own", "parent", "unit"]
VERDICTS: Final[tuple[Verdict, ...]] = ("approve", "return", "reject")
PLACES: Final[tuple[PlaceKind, ...]] = ("own", "parent", "unit")
_POST: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_UNIT: Final = re.compile(r"[\w&./-]{1,40}")


@dataclass(frozen=True)
class Place:
    """A unit, seen from the submission.

    Attributes:
        place: The submitter's ``own`` unit, its ``parent``, or one named ``unit``.
        unit: The code of the named unit, only with place ``unit``.
    """

    place: PlaceKind
    unit: str | None


@dataclass(frozen=True)
class Owner(Place):
    """Who may take a step: the holders of any of the posts in one place.

    Attributes:
        posts: Kinds of posts, such as ``head`` and ``deputy``.
    """

    posts: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One participant's slot in a stage.

    Attributes:
        key: Unique in the stage.
        name: What people read.
        owner: Who may take it.
        actions: What its owner may do: always ``approve``, and ``return`` or ``reject`` or both.
        reason_required: The actions that need a reason.
    """

    key: str
    name: Label
    owner: Owner
    actions: tuple[Verdict, ...]
    reason_required: frozenset[Verdict]


@dataclass(frozen=True)
class Completion:
    """How many approvals complete a stage: of ``all`` steps, of ``any`` one, or of ``n``."""

    kind: Literal["all", "any", "n"]
    n: int = 1


@dataclass(frozen=True)
class Stage:
    """A position in a chain: steps side by side.

    Attributes:
        key: Unique in the chain.
        name: What people read.
        steps: At least one.
        completion: How many approvals complete the stage. One return or reject ends it at once.
        guard: The stage is skipped when this does not hold at the moment of its entry.
    """

    key: str
    name: Label
    steps: tuple[Step, ...]
    completion: Completion
    guard: Guard | None

    @property
    def needed(self) -> int:
        """How many of the steps must be approved."""
        return {"all": len(self.steps), "any": 1, "n": self.completion.n}[self.completion.kind]

    def step(self, key: str) -> Step:
        """Finds a step by its key; KeyError when there is none."""
        return {step.key: step for step in self.steps}[key]


@dataclass(frozen=True)
class IssueRule:
    """Whose document is due when a stage is completed; a skipped stage makes none due.

    Attributes:
        after: The key of the stage.
        issuer: The unit whose document it is.
        document: The key of the document template.
        signer: ``decider``: the person whose approval completed the stage.
    """

    after: str
    issuer: Place
    document: str
    signer: Literal["decider"]


@dataclass(frozen=True)
class Chain:
    """An approval chain: stages one after another, and the documents that come out.

    Attributes:
        key: The name that the definition is stored under.
        name: What people read.
        stages: At least one, in order.
        issues: Which documents become due at which point.
    """

    key: str
    name: Label
    stages: tuple[Stage, ...]
    issues: tuple[IssueRule, ...]

    def stage(self, key: str) -> Stage:
        """Finds a stage by its key; KeyError when there is none."""
        return {stage.key: stage for stage in self.stages}[key]

    def before(self, key: str) -> tuple[Stage, ...]:
        """Gives the stages before one, in order."""
        return self.stages[: self.stages.index(self.stage(key))]

    def following(self, key: str) -> tuple[Stage, ...]:
        """Gives the stages after one, in order."""
        return self.stages[self.stages.index(self.stage(key)) + 1 :]


def parse_chain(body: object) -> Chain:
    """Reads a chain, schema 1, from plain JSON or YAML data of any shape.

    Args:
        body: The definition; see ``workflows/library/chains`` for one.

    Raises:
        DefinitionError: With every error at its path, such as ``stages[1].steps[0].owner.posts``.
            Unknown keys are errors, 50 stages and 200 steps in all are the limit.
    """
    root = Node(body, "", [])
    parts = root.fields(["schema", "key", "name", "stages"], ["issues"])
    parts["schema"].number(SCHEMA, SCHEMA)
    key, name = parts["key"].word(), parts["name"].label()
    stages = _stages(parts["stages"])
    issues = parts["issues"].items(0, MAX_STAGES) if parts["issues"].given else []
    known = [stage.key for stage in stages]
    chain = Chain(key, name, stages, tuple(_issue(node, known) for node in issues))
    if root.findings:
        raise DefinitionError(root.findings)
    return chain


def _stages(node: Node) -> tuple[Stage, ...]:
    nodes = node.items(1, MAX_STAGES)
    stages = tuple(_stage(each) for each in nodes)
    refuse_repeats(nodes, [stage.key for stage in stages])
    if sum(len(stage.steps) for stage in stages) > MAX_STEPS:
        node.note("too_many_steps", most=MAX_STEPS)
    return stages


def _stage(node: Node) -> Stage:
    parts = node.fields(["key", "name", "steps"], ["complete", "when"])
    key = parts["key"].word()
    if key == DRAFTER:
        parts["key"].note("reserved", value=DRAFTER)
    name = parts["name"].label()
    nodes = parts["steps"].items(1, MAX_STEPS)
    steps = tuple(_step(each) for each in nodes)
    refuse_repeats(nodes, [step.key for step in steps])
    return Stage(
        key=key,
        name=name,
        steps=steps,
        completion=_completion(parts["complete"], len(steps)),
        guard=read_guard(parts["when"]) if parts["when"].given else None,
    )


def _completion(node: Node, steps: int) -> Completion:
    if isinstance(node.value, Mapping):
        return Completion("n", node.fields(["n"])["n"].number(1, max(steps, 1)))
    kind = node.choice(["all", "any"]) if node.given else "all"
    return Completion("any" if kind == "any" else "all")


def _step(node: Node) -> Step:
    parts = node.fields(["key", "name", "owner"], ["actions", "reason_required"])
    return Step(
        key=parts["key"].word(),
        name=parts["name"].label(),
        owner=_owner(parts["owner"]),
        actions=_actions(parts["actions"]),
        reason_required=frozenset(_verdicts(parts["reason_required"], ("return", "reject"))),
    )


def _actions(node: Node) -> tuple[Verdict, ...]:
    """Reads what a step offers; without approval, or without a way to say no, it would be no decision."""
    actions = _verdicts(node, VERDICTS)
    if "approve" not in actions:
        node.note("approve_missing")
    if not {"return", "reject"} & set(actions):
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
    parts = node.fields(["posts", "place"], ["unit"])
    nodes = parts["posts"].items(1, MAX_STEPS)
    posts = [each.word(_POST) for each in nodes]
    refuse_repeats(nodes, posts)
    return Owner(*_place(parts), posts=tuple(posts))


def _place(parts: dict[str, Node]) -> tuple[PlaceKind, str | None]:
    place, unit = cast("PlaceKind", parts["place"].choice(PLACES)), parts["unit"]
    if place != "unit":
        unit.note("unit_not_meant")
        return place, None
    if not unit.given:
        parts["place"].note("unit_needed")
    return place, unit.word(_UNIT)


def _issue(node: Node, stages: list[str]) -> IssueRule:
    parts = node.fields(["after", "issuer", "document", "signer"])
    parts["signer"].choice(["decider"])
    return IssueRule(
        after=parts["after"].choice(stages),
        issuer=Place(*_place(parts["issuer"].fields(["place"], ["unit"]))),
        document=parts["document"].word(),
        signer="decider",
    )
