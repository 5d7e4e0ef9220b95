"""What can happen to a case: plain records in the past tense, from which the case can always be rebuilt."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.actions import Position
from workflows.definition import PlaceKind, Role, Verdict
from workflows.event import Cause, Event, Means
from workflows.guards import Scalar


@dataclass(frozen=True)
class CaseOpened(Event):
    """The initiator (``by``) began a case, as a draft."""

    kind = "case_opened"


@dataclass(frozen=True)
class CaseSubmitted(Event):
    """A round began.

    Attributes:
        round: 1 for the first submission, one more for each later one.
        content_hash: What was submitted.
        drafters: Who drafted it, besides the initiator; sorted.
        chosen: The people he picked for steps that want it, by ``stage.step``.
        answers: What he answered to comments, by their numbers as text.
        changed: The anchors of comments at which the content changed; sorted.
        sections: The hash of each section of the content, by its key; empty in old records.
    """

    kind = "case_submitted"
    round: int
    content_hash: str
    drafters: tuple[str, ...]
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    answers: Mapping[str, str] = field(default_factory=dict, hash=False)
    changed: tuple[str, ...] = ()
    sections: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class StageEntered(Event):
    """The case came to a stage; ``entry`` counts all entries of the case, whatever the stage.

    ``slots`` are how many decisions, or else opinions, it asks for, also of nobody; 0 in old records: as many as items.
    """

    kind = "stage_entered"
    stage: str
    entry: int
    slots: int = 0


@dataclass(frozen=True)
class StageSkipped(Event):
    """The guard of a stage, or those of all its steps, did not hold; ``facts`` are what they asked for, as it was."""

    kind = "stage_skipped"
    stage: str
    facts: Mapping[str, Scalar] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class StepSkipped(Event):
    """The guard of a step did not hold when its stage was entered; ``facts`` as in ``StageSkipped``."""

    kind = "step_skipped"
    stage: str
    step: str
    facts: Mapping[str, Scalar] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ItemOpened(Event):
    """A person got a work item, as holder of a post in a unit, in the present stage.

    Attributes:
        item: Its number in the case, with the key of its ``step``.
        person: Who got it, with ``post`` and ``unit``, as which.
        slot: Which of the decisions of the stage it is for; empty in old records, where it is the step's.
        role: ``decide`` or ``advise``.
        instead_of: The person in whose place he decides, when it was delegated.
        added_by: The reviewer who brought him in; None for those whom the chain names.
        mandate: The standing delegation by which he decides in somebody's place; None without one.
    """

    kind = "item_opened"
    item: int
    step: str
    person: str
    post: str
    unit: str
    slot: str = ""
    role: Role = "decide"
    instead_of: str | None = None
    added_by: str | None = None
    mandate: str | None = None


@dataclass(frozen=True)
class SeatsRevised(Event):
    """Who may take the steps of the present stage was asked anew: a post changed hands, or a delegation did."""

    kind = "seats_revised"
    stage: str


@dataclass(frozen=True)
class RungReached(Event):
    """Nobody has acted in time: a ``rung`` of the ladder of a ``step``, counted from 0, is reached in a stage entry."""

    kind = "rung_reached"
    stage: str
    entry: int
    step: str
    rung: int


@dataclass(frozen=True)
class ItemParked(Event):
    """An item waits until the slot ``until`` is approved."""

    kind = "item_parked"
    item: int
    until: str


@dataclass(frozen=True)
class ItemResumed(Event):
    """A parked item need not wait any more."""

    kind = "item_resumed"
    item: int


@dataclass(frozen=True)
class CaseAccepted(Event):
    """A reviewer (``by``) took the case in hand for his level; the initiator can no longer recall it."""

    kind = "case_accepted"
    stage: str


@dataclass(frozen=True)
class ItemClaimed(Event):
    """One of several candidates took a step for himself."""

    kind = "item_claimed"
    item: int


@dataclass(frozen=True)
class ItemReleased(Event):
    """A claimed step is open to all its candidates again."""

    kind = "item_released"
    item: int


@dataclass(frozen=True)
class ItemPassed(Event):
    """An item went from ``person`` to another: ``delegate`` by its owner, ``reassign`` by an administrator."""

    kind = "item_passed"
    item: int
    person: str
    to: str
    means: Means
    reason: str


@dataclass(frozen=True)
class ReviewerAdded(Event):
    """A reviewer had somebody else decide too, ``position`` ``before`` or ``after`` him."""

    kind = "reviewer_added"
    to: str
    position: Position
    reason: str


@dataclass(frozen=True)
class OpinionAsked(Event):
    """A reviewer asked somebody for an opinion; ``reason`` is the question."""

    kind = "opinion_asked"
    to: str
    reason: str


@dataclass(frozen=True)
class ContentEdited(Event):
    """A reviewer (``by``) changed the content, as what he then approved.

    Attributes:
        item: What he approves it for.
        content_hash: The content as it is now, with the hash of each of its ``sections``.
        edited: The sections that he changed; sorted.
    """

    kind = "content_edited"
    item: int
    content_hash: str
    sections: Mapping[str, str] = field(hash=False)
    edited: tuple[str, ...]


@dataclass(frozen=True)
class ItemDecided(Event):
    """The owner of an item gave a verdict.

    Attributes:
        verdict: ``approve``, ``return``, ``reject``, or ``advise`` for an opinion.
        reason: In his words, empty when none was given.
        returned_to: ``drafter`` or a stage, only for a return.
        comments: What he commented on single places of the content, by their anchors.
    """

    kind = "item_decided"
    item: int
    verdict: Verdict
    reason: str
    returned_to: str | None
    comments: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class ApprovalKept(Event):
    """The approval of the item ``of`` (of ``round``) stays: what it covers is as it was, or only the version is new.

    ``item`` stands for it now, and its person could decide it as holder of ``post`` in ``unit``.
    """

    kind = "approval_kept"
    item: int
    of: int
    round: int
    step: str
    person: str
    post: str
    unit: str
    slot: str


@dataclass(frozen=True)
class ItemClosed(Event):
    """An item needs no decision any more."""

    kind = "item_closed"
    item: int
    cause: Cause


@dataclass(frozen=True)
class StageCompleted(Event):
    """A stage has the approvals it needs."""

    kind = "stage_completed"
    stage: str
    entry: int


@dataclass(frozen=True)
class VoteLost(Event):
    """The approvals that a stage needs can no longer be reached: ``approved`` so far, ``needed`` in all."""

    kind = "vote_lost"
    stage: str
    approved: int
    needed: int


@dataclass(frozen=True)
class EmergencyApproved(Event):
    """Somebody (``by``, with ``post`` in ``unit``) approved at once, in ``stage``; ``comments`` as for a verdict."""

    kind = "emergency_approved"
    stage: str
    post: str
    unit: str
    reason: str
    comments: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class DocumentDue(Event):
    """A document of this template must now be issued; when its stage is completed again, it is due again.

    ``place`` and ``unit`` say whose it is, as in the chain; ``signer`` signs as holder of ``signer_post``. Old records
    lack the rest: ``of_head``, it is the head's own; ``cosigner``, who signs beside for another unit.
    """

    kind = "document_due"
    stage: str
    document: str
    place: PlaceKind
    unit: str | None
    signer: str
    signer_post: str
    signer_unit: str
    of_head: bool = False
    cosigner: str = ""
    cosigner_post: str = ""
    cosigner_unit: str = ""


@dataclass(frozen=True)
class CaseReturned(Event):
    """The case went back to the drafter, who may change the ``unlocked`` anchors or everything, or to a stage."""

    kind = "case_returned"
    to: str
    unlocked: tuple[str, ...] | None = None


@dataclass(frozen=True)
class CaseRecalled(Event):
    """The initiator took the case back before anybody had taken it in hand in the round."""

    kind = "case_recalled"
    reason: str


@dataclass(frozen=True)
class CaseMigrated(Event):
    """The case goes on under another version of its chain, ``was`` the one before; both by the names the caller uses.

    It was in the stage ``left``, and stays there or goes into ``stage``; both are None while its drafter has it.
    """

    kind = "case_migrated"
    chain: str
    was: str
    left: str | None
    stage: str | None
    reason: str


@dataclass(frozen=True)
class RecallRequested(Event):
    """The initiator asked those who have it in hand to return the case."""

    kind = "recall_requested"
    reason: str


@dataclass(frozen=True)
class CaseSuspended(Event):
    """The case stands still."""

    kind = "case_suspended"
    reason: str


@dataclass(frozen=True)
class CaseResumed(Event):
    """A suspended case goes on."""

    kind = "case_resumed"
    reason: str


@dataclass(frozen=True)
class CaseWithdrawn(Event):
    """The case is over: its initiator gave it up."""

    kind = "case_withdrawn"
    reason: str


@dataclass(frozen=True)
class CaseCancelled(Event):
    """The case is over: an administrator ended it."""

    kind = "case_cancelled"
    reason: str


@dataclass(frozen=True)
class CaseReopened(Event):
    """A case that was over went back to its drafter."""

    kind = "case_reopened"
    reason: str


@dataclass(frozen=True)
class CaseRejected(Event):
    """The case is over: refused."""

    kind = "case_rejected"


@dataclass(frozen=True)
class CaseApproved(Event):
    """The case is over: it passed every stage."""

    kind = "case_approved"
