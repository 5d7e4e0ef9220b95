"""Approval chains as data: what an administrator designs; ``workflows.parsing`` reads and checks them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, TypeAlias

from workflows.errors import Label
from workflows.guards import Guard, Scalar, holds

SCHEMA: Final = 1
MAX_STAGES: Final = 50
MAX_STEPS: Final = 200
MAX_CHOSEN: Final = 20
MAX_HOURS: Final = 2000
MAX_RUNGS: Final = 10
DRAFTER: Final = "drafter"
"""Where a case goes back to when it does not go to a stage; no stage may be called so."""

RETROSPECTIVE: Final = "retrospective"
"""The stage in which an emergency approval gets its second signature; no other stage may be called so."""

Verdict: TypeAlias = Literal["approve", "return", "reject", "advise"]
Role: TypeAlias = Literal["decide", "advise"]
PlaceKind: TypeAlias = Literal["own", "parent", "unit", "superior", "field"]
VERDICTS: Final[tuple[Verdict, ...]] = ("approve", "return", "reject")
"""What a decider may say; an adviser only ever gives an opinion (``advise``)."""

REFUSING: Final[tuple[Verdict, ...]] = ("return", "reject")
ISSUERS: Final[tuple[PlaceKind, ...]] = ("own", "parent", "unit")
PLACES: Final[tuple[PlaceKind, ...]] = (*ISSUERS, "superior", "field")


@dataclass(frozen=True)
class Place:
    """A unit, seen from the submission.

    Attributes:
        place: The submitter's ``own`` unit, its ``parent``, one named ``unit``, the unit that a ``field`` of the
            form names, or the ``superior`` of the drafters: the nearest unit, from their own upwards, in which
            somebody else holds one of the posts.
        unit: The code of the named unit, only with place ``unit``.
    """

    place: PlaceKind
    unit: str | None


@dataclass(frozen=True)
class Owner(Place):
    """Who may take a step: the holders of any of the posts in one place.

    Attributes:
        posts: Kinds of posts, such as ``head`` and ``deputy``.
        field: The fact that holds a unit's code, only with place ``field``.
    """

    posts: tuple[str, ...]
    field: str | None = None


@dataclass(frozen=True)
class Share:
    """How the candidates of a step share it.

    Attributes:
        kind: ``one`` of them takes it; ``each`` has a slot of his own; ``chosen`` means that the submitter picks
            some of them, and each of those has a slot of his own.
        most: How many may be chosen; only for ``chosen``.
    """

    kind: Literal["one", "each", "chosen"]
    most: int = 1


@dataclass(frozen=True)
class Rung:
    """What happens when a step was not taken by some time.

    Attributes:
        at: Working hours after the end of its budget; negative before it.
        to: Who may take it as well from then on; None where those who have it are only reminded.
        expires: Whether the case goes back to its drafter instead.
    """

    at: int
    to: Owner | None
    expires: bool = False


@dataclass(frozen=True)
class Step:
    """One participant's part in a stage, or one for each of several participants.

    Attributes:
        key: Unique in the stage.
        name: What people read.
        owner: Who may take it.
        role: ``decide``, or ``advise``: his opinion informs, and counts only where nobody decides.
        share: Whether one of the candidates takes it, or each of several.
        guard: The step is left out when this does not hold at the moment its stage is entered.
        actions: What its owner may do: a decider ``approve``, and ``return`` or ``reject`` or both.
        reason_required: The actions that need a reason.
        checks: The ``content``, or only the ``form`` of the document (Decree 30/2020, article 12.2).
        prove: Whether its owner has to prove anew who he is when he decides.
        in_person: Whether nobody decides in his place: neither a delegate nor whoever stands in for him.
        reads: The sections of the form that whoever has it reads; empty for all of them.
        edits: The sections that he may change as he approves.
        covers: The sections that a decision is about; empty for all of the content.
        ask_again: In a later round ``always``, or only ``if_changed``: an approval stays while what it covers does.
        budget: How many working hours it may take; None where no time is set.
        ladder: What happens around the end of the budget, in order of time.
    """

    key: str
    name: Label
    owner: Owner
    role: Role
    share: Share
    guard: Guard | None
    actions: tuple[Verdict, ...]
    reason_required: frozenset[Verdict]
    checks: Literal["content", "form"]
    prove: bool
    reads: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    ask_again: Literal["always", "if_changed"] = "always"
    budget: int | None = None
    ladder: tuple[Rung, ...] = ()
    in_person: bool = False


@dataclass(frozen=True)
class Completion:
    """How many approvals complete a stage: of ``all`` slots, of ``any`` one, of ``n``, or of ``percent`` of them."""

    kind: Literal["all", "any", "n", "percent"]
    n: int = 1

    def needed(self, slots: int) -> int:
        """How many of so many slots must be approved; a percentage is rounded up."""
        return {"all": slots, "any": 1, "n": self.n, "percent": -(-slots * self.n // 100)}[self.kind]


@dataclass(frozen=True)
class Stage:
    """A position in a chain: steps side by side.

    Attributes:
        key: Unique in the chain.
        name: What people read.
        steps: At least one.
        completion: How many approvals complete the stage; where nobody decides, how many opinions.
        refusal: A single return or reject takes effect ``at_once``, or it is a ``vote`` against, and takes
            effect when the approvals needed can no longer be reached.
        guard: The stage is skipped when this does not hold at the moment of its entry.
    """

    key: str
    name: Label
    steps: tuple[Step, ...]
    completion: Completion
    refusal: Literal["at_once", "vote"]
    guard: Guard | None

    @property
    def deciding(self) -> tuple[Step, ...]:
        """The steps of those who decide."""
        return tuple(step for step in self.steps if step.role == "decide")

    @property
    def guards(self) -> tuple[Guard, ...]:
        """The conditions of its steps."""
        return tuple(step.guard for step in self.steps if step.guard)

    def steps_for(self, facts: Mapping[str, Scalar]) -> list[Step]:
        """Gives the steps that are for content with these facts; without any, the stage is skipped."""
        applies = self.guard is None or holds(self.guard, facts)
        return [step for step in self.steps if applies and (step.guard is None or holds(step.guard, facts))]

    def step(self, key: str) -> Step:
        """Finds a step by its key; KeyError when there is none."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> Mapping[str, Step]:
        return {step.key: step for step in self.steps}


@dataclass(frozen=True)
class IssueRule:
    """Whose document is due when a stage is completed; a skipped stage makes none due.

    Attributes:
        after: The key of the stage.
        issuer: The unit whose document it is.
        document: The key of the document template.
        signer: ``decider``: the person whose approval completed the stage.
        of_head: Whether it is a document of the head of the issuer himself, not of the body that he heads.
        cosigned_at: The key of an earlier stage; the person whose approval completed it signs for his unit as well.
    """

    after: str
    issuer: Place
    document: str
    signer: Literal["decider"]
    of_head: bool = False
    cosigned_at: str | None = None


@dataclass(frozen=True)
class Emergency:
    """Who may approve at once what cannot wait, and who has to answer for it with him afterwards.

    Attributes:
        owner: Who may.
        review: The stage of the second signature; its key is ``retrospective``.
    """

    owner: Owner
    review: Stage


@dataclass(frozen=True)
class Chain:
    """An approval chain: stages one after another, and the documents that come out.

    Attributes:
        key: The name that the definition is stored under.
        name: What people read.
        stages: At least one, in order.
        issues: Which documents become due at which point.
        forms: The forms whose submissions it is for.
        guard: It is only for submissions of which this holds.
        emergency: Who may approve at once; None when nobody may.
    """

    key: str
    name: Label
    stages: tuple[Stage, ...]
    issues: tuple[IssueRule, ...]
    forms: tuple[str, ...] = ()
    guard: Guard | None = None
    emergency: Emergency | None = None

    @property
    def is_timed(self) -> bool:
        """Whether some of its steps have a budget of time."""
        return any(step.budget for stage in self.stages for step in stage.steps)

    @property
    def every_stage(self) -> tuple[Stage, ...]:
        """The stages in order, and the one of the second signature."""
        return (*self.stages, self.emergency.review) if self.emergency else self.stages

    def stage(self, key: str) -> Stage:
        """Finds a stage by its key; KeyError when there is none."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> Mapping[str, Stage]:
        return {stage.key: stage for stage in self.every_stage}

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {stage.key: number for number, stage in enumerate(self.stages)}

    def find(self, stage: str, step: str) -> Step | None:
        """Finds a step by its key and the one of its stage; None when there is none."""
        found = self._by_key.get(stage)
        return next((each for each in found.steps if each.key == step), None) if found else None

    def before(self, key: str) -> tuple[Stage, ...]:
        """Gives the stages before one, in order; none before the second signature, which ends the case."""
        return () if key == RETROSPECTIVE else self.stages[: self._places[key]]

    def following(self, key: str) -> tuple[Stage, ...]:
        """Gives the stages after one, in order."""
        return () if key == RETROSPECTIVE else self.stages[self._places[key] + 1 :]


def choice_key(stage: Stage, step: Step) -> str:
    """Names a step whose people the submitter chooses: ``stage.step``."""
    return f"{stage.key}.{step.key}"
