"""What can happen to a case: plain records in the past tense, from which the case can always be rebuilt."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, ClassVar, Final, Literal, TypeAlias

from workflows.definition import PlaceKind, Verdict
from workflows.errors import WorkflowError

Cause: TypeAlias = Literal[
    "step_decided",  # another of the step's candidates approved it
    "person_decided",  # its person approved another step, and decides once per entry
    "stage_completed",
    "case_returned",
    "case_rejected",
    "case_recalled",
]


@dataclass(frozen=True)
class Event:
    """Something that happened to a case.

    Attributes:
        kind: The name of the event in storage.
        version: The case version that the action made; all events of one action share it.
        at: When, in UTC.
        by: The person whose action it was.
    """

    kind: ClassVar[str] = ""
    version: int
    at: datetime
    by: str

    def to_dict(self) -> dict[str, object]:
        """Gives the event as JSON-safe values, ``kind`` first; ``from_dict`` is the way back."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return {"kind": self.kind, **{name: _to_json(value) for name, value in named.items()}}


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
    """

    kind = "case_submitted"
    round: int
    content_hash: str
    drafters: tuple[str, ...]


@dataclass(frozen=True)
class StageEntered(Event):
    """The case came to a stage; ``entry`` counts all entries of the case, whatever the stage."""

    kind = "stage_entered"
    stage: str
    entry: int


@dataclass(frozen=True)
class StageSkipped(Event):
    """The guard of a stage did not hold."""

    kind = "stage_skipped"
    stage: str


@dataclass(frozen=True)
class ItemOpened(Event):
    """A person got a work item, as holder of a post in a unit, in the stage that was just entered."""

    kind = "item_opened"
    item: int
    step: str
    person: str
    post: str
    unit: str


@dataclass(frozen=True)
class ItemDecided(Event):
    """The owner of an item gave a verdict.

    Attributes:
        item: The number of the item.
        verdict: ``approve``, ``return`` or ``reject``.
        reason: In the decider's words, empty when none was given.
        returned_to: ``drafter`` or a stage, only for a return.
    """

    kind = "item_decided"
    item: int
    verdict: Verdict
    reason: str
    returned_to: str | None


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
class DocumentDue(Event):
    """A document must now be issued; when its stage is completed again, it is due again.

    Attributes:
        stage: The stage after which it is due.
        document: The document template.
        place: ``own``, ``parent`` or ``unit``: whose document it is, seen from the submission.
        unit: The code of the issuing unit, only for place ``unit``.
        signer: The person who signs, with ``signer_post`` and ``signer_unit``, as which.
    """

    kind = "document_due"
    stage: str
    document: str
    place: PlaceKind
    unit: str | None
    signer: str
    signer_post: str
    signer_unit: str


@dataclass(frozen=True)
class CaseReturned(Event):
    """The case went back: ``to`` the drafter, which ends the round, or to an earlier stage."""

    kind = "case_returned"
    to: str


@dataclass(frozen=True)
class CaseRecalled(Event):
    """The initiator took the case back before anybody had decided in the round."""

    kind = "case_recalled"
    reason: str


@dataclass(frozen=True)
class CaseRejected(Event):
    """The case is over: refused."""

    kind = "case_rejected"


@dataclass(frozen=True)
class CaseApproved(Event):
    """The case is over: it passed every stage."""

    kind = "case_approved"


KINDS: Final[Mapping[str, type[Event]]] = {
    each.kind: each
    for each in (
        CaseOpened,
        CaseSubmitted,
        StageEntered,
        StageSkipped,
        ItemOpened,
        ItemDecided,
        ItemClosed,
        StageCompleted,
        DocumentDue,
        CaseReturned,
        CaseRecalled,
        CaseRejected,
        CaseApproved,
    )
}


def from_dict(body: Mapping[str, object]) -> Event:
    """Reads an event that ``Event.to_dict`` wrote.

    Raises:
        WorkflowError: ``unknown_event`` for a kind of event this version does not have.
        KeyError: When a field is missing.
    """
    kind = KINDS.get(str(body.get("kind")))
    if kind is None:
        raise WorkflowError("unknown_event", {"kind": body.get("kind")})
    named: dict[str, Any] = {each.name: _from_json(each.name, body[each.name]) for each in fields(kind)}
    return kind(**named)


def _to_json(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _from_json(name: str, value: object) -> object:
    if name == "at":
        return datetime.fromisoformat(str(value))
    return tuple(value) if isinstance(value, list) else value
