"""What people may ask of a case; each action names the case version that the person saw."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, TypeAlias

from workflows.calendars import Calendar
from workflows.definition import DRAFTER, Chain, Verdict

Position: TypeAlias = Literal["before", "after"]
"""Whether an added reviewer decides before the one who added him, or after."""


@dataclass(frozen=True)
class Action:
    """Something a person asks for.

    Attributes:
        name: The action's name in definitions, availabilities and URLs.
        version: The case version that the person saw; any other is refused as ``stale_version``.
    """

    name: ClassVar[str] = ""
    version: int


# -- of the submitter ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Submit(Action):
    """The initiator hands the case in, for the first time or after a return or recall.

    Attributes:
        content_hash: What is handed in; decisions refer to it.
        drafters: Who drafted it, besides the initiator; none of them may decide on it.
        chosen: The people he picks for steps that want it, by ``stage.step``.
        answers: What he answers to comments, by their numbers as text.
        changed: The anchors at which the content is no longer as it was.
        sections: The hash of each section of the content, by its key.
    """

    name = "submit"
    content_hash: str
    drafters: frozenset[str] = frozenset()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Recall(Action):
    """The initiator takes the case back while nobody has taken it in hand in this round."""

    name = "recall"
    reason: str = ""


@dataclass(frozen=True)
class RequestRecall(Action):
    """The initiator asks those who have it in hand to return it."""

    name = "request_recall"
    reason: str


@dataclass(frozen=True)
class Withdraw(Action):
    """The initiator gives the matter up."""

    name = "withdraw"
    reason: str


# -- of reviewers and advisers ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Accept(Action):
    """A reviewer takes the case in hand for his level; it can no longer be recalled."""

    name = "accept"


@dataclass(frozen=True)
class Claim(Action):
    """One of several candidates takes a step for himself.

    Attributes:
        step: Which step, for someone with several; without it the first that he may take.
    """

    name = "claim"
    step: str | None = None


@dataclass(frozen=True)
class Release(Action):
    """He gives a claimed step back to all its candidates; ``step`` as in ``Claim``."""

    name = "release"
    step: str | None = None


@dataclass(frozen=True)
class Approve(Action):
    """A reviewer approves a step.

    Attributes:
        reason: Possibly empty, unless the step wants one.
        step: Which step, for someone with several; without it the first that he may decide.
        comments: What he comments on single places of the content, by their anchors.
        content_hash: What he made of the content, and approves; empty when he left it as it is.
        sections: Then the hash of each of its sections, by its key.
    """

    name = "approve"
    verdict: ClassVar[Verdict] = "approve"
    reason: str = ""
    step: str | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    content_hash: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Return(Action):
    """A reviewer sends the case back.

    Attributes:
        reason: Usually required.
        to: ``drafter``, which ends the round, or the key of an earlier stage, which stays in it.
        step: As in ``Approve``.
        comments: As in ``Approve``; returned to the drafter, each has to be answered, or its place changed.
        unlocked: The anchors that the drafter may change; None for everything.
    """

    name = "return"
    verdict: ClassVar[Verdict] = "return"
    reason: str
    to: str = DRAFTER
    step: str | None = None
    comments: Mapping[str, str] = field(default_factory=dict)
    unlocked: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Reject(Action):
    """A reviewer ends the case.

    Attributes:
        reason: Usually required.
        step: As in ``Approve``.
        comments: As in ``Approve``.
    """

    name = "reject"
    verdict: ClassVar[Verdict] = "reject"
    reason: str
    step: str | None = None
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Advise(Action):
    """An adviser gives his opinion; it informs those who decide.

    Attributes:
        reason: The opinion; never empty.
        step: As in ``Approve``.
        comments: As in ``Approve``.
    """

    name = "advise"
    verdict: ClassVar[Verdict] = "advise"
    reason: str
    step: str | None = None
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ApproveInEmergency(Action):
    """Somebody whom the chain trusts with it approves at once what cannot wait; another has to sign afterwards.

    Attributes:
        reason: Why it cannot wait; never empty.
        comments: What he says of single places, by their anchors.
    """

    name = "approve_in_emergency"
    reason: str
    comments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delegate(Action):
    """A reviewer or adviser has a colleague of his unit take a step in his place.

    Attributes:
        to: The colleague.
        reason: Possibly empty.
        step: As in ``Claim``.
    """

    name = "delegate"
    to: str
    reason: str = ""
    step: str | None = None


@dataclass(frozen=True)
class AddReviewer(Action):
    """A reviewer has somebody else decide too, before or after him.

    Attributes:
        to: Who shall decide too.
        reason: What he should look at; never empty.
        position: ``before`` the one who adds him, or ``after``.
        step: As in ``Claim``.
    """

    name = "add_reviewer"
    to: str
    reason: str
    position: Position = "before"
    step: str | None = None


@dataclass(frozen=True)
class AskOpinion(Action):
    """A reviewer asks somebody for an opinion; he may decide without waiting for it.

    Attributes:
        to: Who is asked.
        reason: The question; never empty.
        step: As in ``Claim``.
    """

    name = "ask_opinion"
    to: str
    reason: str
    step: str | None = None


@dataclass(frozen=True)
class Suspend(Action):
    """Whoever has the case stops it, for something outside must happen first."""

    name = "suspend"
    reason: str


@dataclass(frozen=True)
class Resume(Action):
    """A suspended case goes on where it stopped."""

    name = "resume"
    reason: str = ""


# -- of an administrator ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reassign(Action):
    """An administrator gives a work item to somebody else.

    Attributes:
        item: The number of the item.
        to: Who gets it.
        reason: Never empty.
    """

    name = "reassign"
    item: int
    to: str
    reason: str


@dataclass(frozen=True)
class Reseat(Action):
    """The portal asks anew who may take the present steps, after a post or a standing delegation changed."""

    name = "reseat"


@dataclass(frozen=True)
class Tick(Action):
    """The portal looks at the clock: what should be done by now is told to those who have it, or given to others too.

    Attributes:
        calendar: Says which time is working time.
    """

    name = "tick"
    calendar: Calendar


@dataclass(frozen=True)
class Migrate(Action):
    """An administrator lets a running case go on under another version of its chain.

    Attributes:
        chain: That version.
        key: What the caller calls it, such as its key in storage.
        was: What he calls the version that the case runs on now.
        stage: The stage of that version in which it goes on; None while its drafter has it.
        reason: Never empty.
    """

    name = "migrate"
    chain: Chain
    key: str
    was: str
    stage: str | None
    reason: str


@dataclass(frozen=True)
class Cancel(Action):
    """An administrator ends the case."""

    name = "cancel"
    reason: str


@dataclass(frozen=True)
class Reopen(Action):
    """An administrator gives a case that is over back to its drafter, for a cause."""

    name = "reopen"
    reason: str


Verdicts: TypeAlias = Approve | Return | Reject | Advise
"""The actions that become a recorded decision."""

Handings: TypeAlias = Delegate | AddReviewer | AskOpinion
"""The actions that bring somebody else in."""

AnyAction: TypeAlias = (
    Submit | Recall | RequestRecall | Withdraw | Accept | Claim | Release | Verdicts | ApproveInEmergency | Handings
    | Suspend | Resume | Reassign | Reseat | Tick | Migrate | Cancel | Reopen
)  # fmt: skip
