"""What people may ask of a case; each action names the case version that the person saw."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from workflows.definition import DRAFTER, Verdict


@dataclass(frozen=True)
class Action:
    """Something a person asks for.

    Attributes:
        name: The action's name in definitions, availabilities and URLs.
        version: The case version that the person saw; any other is refused as ``stale_version``.
    """

    name: ClassVar[str] = ""
    version: int


@dataclass(frozen=True)
class Submit(Action):
    """The initiator hands the case in, for the first time or after a return or recall.

    Attributes:
        content_hash: What is handed in; decisions refer to it.
        drafters: Who drafted it, besides the initiator; none of them may decide on it.
    """

    name = "submit"
    content_hash: str
    drafters: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Approve(Action):
    """A reviewer approves a step.

    Attributes:
        reason: Possibly empty, unless the step wants one.
        step: Which step, for someone with several; without it the first that he may decide.
    """

    name = "approve"
    verdict: ClassVar[Verdict] = "approve"
    reason: str = ""
    step: str | None = None


@dataclass(frozen=True)
class Return(Action):
    """A reviewer sends the case back.

    Attributes:
        reason: Usually required.
        to: ``drafter``, which ends the round, or the key of an earlier stage, which stays in it.
        step: As in ``Approve``.
    """

    name = "return"
    verdict: ClassVar[Verdict] = "return"
    reason: str
    to: str = DRAFTER
    step: str | None = None


@dataclass(frozen=True)
class Reject(Action):
    """A reviewer ends the case.

    Attributes:
        reason: Usually required.
        step: As in ``Approve``.
    """

    name = "reject"
    verdict: ClassVar[Verdict] = "reject"
    reason: str
    step: str | None = None


@dataclass(frozen=True)
class Recall(Action):
    """The initiator takes the case back while nobody has decided in this round."""

    name = "recall"
    reason: str = ""


Verdicts: TypeAlias = Approve | Return | Reject
"""The actions of reviewers; each becomes a decision."""

AnyAction: TypeAlias = Submit | Approve | Return | Reject | Recall
