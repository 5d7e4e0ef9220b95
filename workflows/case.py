"""A case: the routing slip of one submission, as the sum of what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from workflows.definition import Chain, Role, Step, Verdict
from workflows.event import Event

Record = TypeVar("Record")


def altered(record: Record, **changes: object) -> Record:
    """Gives a copy of a record with some fields changed, as ``dataclasses.replace`` does in several times the time.

    Every event makes such copies, and a long record spends all of it on running its fields through ``__init__``, which
    checks nothing. A record that kept anything beside its fields could not be copied like this.
    """
    copy = object.__new__(type(record))
    vars(copy).update(vars(record), **changes)
    return copy


class CaseStatus(StrEnum):
    """Where a case is: with its drafter, with reviewers, or over."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SUSPENDED = "suspended"
    RETURNED = "returned"
    RECALLED = "recalled"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


OVER = frozenset({CaseStatus.APPROVED, CaseStatus.REJECTED, CaseStatus.WITHDRAWN, CaseStatus.CANCELLED})
"""The states in which nothing more happens, unless the case is reopened."""


class ItemStatus(StrEnum):
    """Whether a work item waits for its person or for others, was decided by him, or needs nobody any more."""

    OPEN = "open"
    PARKED = "parked"
    DECIDED = "decided"
    CLOSED = "closed"


PENDING = (ItemStatus.OPEN, ItemStatus.PARKED)
"""The states in which somebody is still asked."""


@dataclass(frozen=True)
class Item:
    """One person's pending or past piece of work: a step of one stage entry.

    Attributes:
        number: Unique in the case, from 1.
        entry: The stage entry it belongs to.
        round: The round of that entry.
        stage: The stage's key.
        step: The step's key.
        person: Who may decide; at any time there is one item per step and person.
        post: The post that makes this person a candidate.
        unit: The unit of that post.
        slot: Which of the decisions of its stage it is for; the candidates of a step that one takes share one.
        role: ``decide`` or ``advise``.
        status: Open, parked, decided or closed.
        instead_of: The person in whose place he decides, when it was delegated.
        added_by: The reviewer who brought him in; None for those whom the chain names.
        claimed: Whether its person took the step for himself.
        until: The slot it is parked for, also afterwards.
        mandate: The standing delegation by which its person decides in somebody's place.
    """

    number: int
    entry: int
    round: int
    stage: str
    step: str
    person: str
    post: str
    unit: str
    slot: str
    role: Role
    status: ItemStatus
    instead_of: str | None = None
    added_by: str | None = None
    claimed: bool = False
    until: str | None = None
    mandate: str | None = None

    @property
    def principal(self) -> str:
        """The person whose part it is: its own, or the one in whose place he decides."""
        return self.instead_of or self.person

    @property
    def people(self) -> frozenset[str]:
        """Whom a decision of it binds: its person, and the one in whose place he decides."""
        return frozenset({self.person, self.principal})


@dataclass(frozen=True)
class Decision:
    """A recorded verdict or opinion; none is ever changed or removed.

    Attributes:
        item: The number of the item that was decided; entry to post are as in it.
        entry: The stage entry.
        round: The round.
        stage: The stage's key.
        step: The step's key.
        person: Who decided.
        post: As holder of which post.
        slot: As in the item.
        verdict: ``approve``, ``return`` or ``reject``; ``advise`` for an opinion.
        reason: In his words, possibly empty.
        at: When, in UTC.
        content_hash: What was decided on.
        returned_to: ``drafter`` or a stage, only for a return.
        instead_of: The person in whose place he decided.
        covered: The hashes of the sections that it is about, by their keys; empty in old records.
        kept_from: The number of the item of an earlier round that he approved, where this approval was kept from it.
    """

    item: int
    entry: int
    round: int
    stage: str
    step: str
    person: str
    post: str
    slot: str
    verdict: Verdict
    reason: str
    at: datetime
    content_hash: str
    returned_to: str | None
    instead_of: str | None = None
    covered: Mapping[str, str] = field(default_factory=dict, hash=False)
    kept_from: int | None = None

    @property
    def decides(self) -> bool:
        """Whether it is a verdict; an opinion is none."""
        return self.verdict != "advise"


@dataclass(frozen=True)
class Edit:
    """A change that a reviewer made to the content as he approved it.

    Attributes:
        item: What he approved it for, with its ``stage`` and ``round``.
        stage: The stage's key.
        round: The round.
        people: Who answers for it: himself, and the one in whose place he decided.
        by: Who made it.
        at: When, in UTC.
        sections: The sections that he changed; sorted.
    """

    item: int
    stage: str
    round: int
    people: frozenset[str]
    by: str
    at: datetime
    sections: tuple[str, ...]


@dataclass(frozen=True)
class Comment:
    """What a reviewer said about one place of the content.

    Attributes:
        number: Unique in the case, from 1.
        round: The round he read.
        anchor: Which place; the content's owner knows what it means.
        text: What he said.
        by: Who said it.
        at: When, in UTC.
        answer: What the submitter answered, possibly nothing.
        changed: Whether the place was changed in the next round.
    """

    number: int
    round: int
    anchor: str
    text: str
    by: str
    at: datetime
    answer: str = ""
    changed: bool = False


@dataclass(frozen=True)
class Case:
    """One run of a chain; a value, changed by ``history.evolve`` alone.

    Attributes:
        chain: The definition it runs on.
        versions: The versions of the chain that its events name; empty while it was never moved to another one.
        status: Where it is.
        stage: The key of the present stage, only in review or suspended.
        round: How many times it was submitted.
        entry: How many times a stage was entered, in all rounds.
        slots: How many decisions the stage entered last asks for; 0 in old records.
        version: How many actions were accepted.
        initiator: Who opened it, submits it and may recall it.
        accepted_by: Who took it in hand first in this round, by accepting, claiming, deciding or advising.
        in_hand_of: Who did so first in the present stage entry.
        emergency_by: Who approved it at once in this round; somebody else has to sign second.
        recall_requested: Whether the initiator asked in this round to have it back.
        drafters: Everybody who ever drafted it, the initiator too; none of them decides on it.
        content_hash: What was submitted last, or what a reviewer made of it; empty before.
        sections: The hash of each of its sections, by its key.
        chosen: The people that the initiator picked for steps, by ``stage.step``.
        items: All work items, in the order of their numbers.
        decisions: All verdicts and opinions, in order.
        edits: What reviewers changed, in order.
        comments: All comments, in the order of their numbers.
        unlocked: The anchors that the drafter may change; None for everything.
        events: All that happened; ``history.replay`` makes this case of them again.
    """

    chain: Chain
    versions: Mapping[str, Chain]
    status: CaseStatus
    stage: str | None
    round: int
    entry: int
    slots: int
    version: int
    initiator: str
    accepted_by: str | None
    in_hand_of: str | None
    emergency_by: str | None
    recall_requested: bool
    drafters: frozenset[str]
    content_hash: str
    sections: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    items: tuple[Item, ...]
    decisions: tuple[Decision, ...]
    edits: tuple[Edit, ...]
    comments: tuple[Comment, ...]
    unlocked: tuple[str, ...] | None
    events: tuple[Event, ...] = field(repr=False)

    @property
    def in_review(self) -> bool:
        """Whether reviewers have it."""
        return self.status == CaseStatus.IN_REVIEW

    @property
    def finished(self) -> bool:
        """Whether it is over."""
        return self.status in OVER

    def authors_before(self, stage: str) -> frozenset[str]:
        """Whose own work a stage decides on: its drafters, and those who changed it in another stage, in any round."""
        if not self.edits:
            return self.drafters
        return self.drafters.union(*(each.people for each in self.edits if each.stage != stage))

    def excluded_from(self, stage: str) -> frozenset[str]:
        """Who decides on nothing in a stage: whose own work it is, and who approved it in an emergency."""
        return self.authors_before(stage) | ({self.emergency_by} if self.emergency_by else set())

    @property
    def entry_items(self) -> tuple[Item, ...]:
        """All items of the present stage entry."""
        return tuple([item for item in self.items if item.entry == self.entry])

    @property
    def open_items(self) -> tuple[Item, ...]:
        """The items that wait for their people, all of the present stage entry."""
        return tuple([item for item in self.items if item.status is ItemStatus.OPEN])

    @property
    def pending_items(self) -> tuple[Item, ...]:
        """The open items, and those that wait for another reviewer first."""
        return tuple([item for item in self.items if item.status in PENDING])

    @property
    def entry_decisions(self) -> tuple[Decision, ...]:
        """The verdicts and opinions of the present stage entry."""
        return tuple([decision for decision in self.decisions if decision.entry == self.entry])

    @property
    def bound_people(self) -> frozenset[str]:
        """Those who have decided in the present stage entry, themselves or through a delegate."""
        return frozenset(who for each in self.entry_decisions if each.decides for who in self.item(each.item).people)

    @property
    def round_verdicts(self) -> tuple[Decision, ...]:
        """The verdicts given in the present round, without opinions and without approvals kept from an earlier one."""
        mine = (each for each in self.decisions if each.round == self.round and each.kept_from is None)
        return tuple(each for each in mine if each.decides)

    @property
    def is_approved_by_somebody(self) -> bool:
        """Whether somebody approved it in the present round: no case is approved because nobody was asked."""
        return any(each.verdict == "approve" for each in self.round_verdicts)

    @property
    def comments_to_answer(self) -> tuple[Comment, ...]:
        """Those of the round that came back to its drafter: each wants an answer, or a change of its place."""
        is_back = self.status == CaseStatus.RETURNED
        return tuple(comment for comment in self.comments if is_back and comment.round == self.round)

    def covered_by(self, step: Step) -> Mapping[str, str]:
        """Gives the hashes of the sections that a decision of a step is about, by their keys."""
        return {key: self.sections[key] for key in step.covers or self.sections if key in self.sections}

    def item(self, number: int) -> Item:
        """Finds an item; numbers count from 1 without gaps."""
        return self.items[number - 1]
