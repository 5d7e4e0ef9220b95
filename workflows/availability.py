"""What somebody may do with a case now, and for everything else why not."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

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
from workflows.case import Case, Item
from workflows.definition import DRAFTER, Role, Step
from workflows.eligibility import Candidate, Directory
from workflows.engine import act
from workflows.errors import Refusal
from workflows.objections import NOBODY, objection_to_newcomer, step_of
from workflows.sharing import item_to_delegate
from workflows.turn import Facts, Turn

WITH_REASON: Final = frozenset(
    {
        "advise",
        "approve_in_emergency",
        "request_recall",
        "withdraw",
        "add_reviewer",
        "ask_opinion",
        "suspend",
        "reassign",
        "cancel",
        "reopen",
    }
)
"""The actions that always need a reason; verdicts need one where their step says so."""


ALWAYS_PROVED: Final = frozenset({"approve_in_emergency"})
"""The actions before which one always proves anew who one is; for verdicts their step says so."""


def wants_proof(case: Case, action: str, by: str) -> bool:
    """Whether somebody has to prove anew who he is before he does this: as his steps say, in an emergency always."""
    if action in ALWAYS_PROVED:
        return case.in_review and case.chain.emergency is not None
    mine = [step_of(case.chain, item) for item in case.open_items if item.person == by]
    return any(step.prove and action in step.actions for step in mine)


@dataclass(frozen=True)
class Availability:
    """Whether somebody may do something, and if not, why not.

    Attributes:
        action: The name of the action.
        refusal: Why not, with the code and params that ``act`` would raise; None when allowed.
        targets: For an allowed ``return`` the places it may go to (``drafter`` and stages); for other allowed
            actions on a step, the steps that they may be for.
        people: Whom an allowed action may bring in.
        items: The items that may be reassigned.
        edits: The sections of the form that may be changed as it is approved.
        reason_required: Whether it needs a reason.
        prove: Whether the person has to prove anew who he is.
    """

    action: str
    refusal: Refusal | None
    targets: tuple[str, ...] = ()
    people: tuple[Candidate, ...] = ()
    items: tuple[Item, ...] = ()
    edits: tuple[str, ...] = ()
    reason_required: bool = False
    prove: bool = False

    @property
    def allowed(self) -> bool:
        """Whether ``act`` would carry it out, given a reason and a person where it wants one."""
        return self.refusal is None


def available_actions(
    case: Case,
    *,
    by: str,
    at: datetime,
    facts: Facts,
    directory: Directory,
    drafters: frozenset[str] = frozenset(),
    chosen: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[Availability, ...]:
    """Tells for every action whether somebody may do it now, and why not.

    It tries each action with ``act`` and drops the result, so an allowed action succeeds (with a reason, and with
    one of the people named, where it needs them) and a refused one is refused with the same code.

    Args:
        case: As in ``act``, like the other arguments.
        by: The person who would act.
        at: When.
        facts: What guards may see.
        directory: Who holds which post.
        drafters: Who would be submitted as drafters; only ``submit`` depends on them.
        chosen: Whom he would choose for steps that want it; likewise.
    """
    asker = _Asker(case, by, at, facts, directory)
    submission = Submit(case.version, case.content_hash, drafters, chosen or {})
    return (asker.plain(submission), *asker.of_submitter(), *asker.of_reviewers(), *asker.of_administrators())


@dataclass(frozen=True)
class _Asker:
    """Somebody who asks what he may do, and the world he would do it in."""

    case: Case
    by: str
    at: datetime
    facts: Facts
    directory: Directory
    reason: str = field(default="-", init=False)  # as anyone would give one where it is needed

    def of_submitter(self) -> Iterator[Availability]:
        version, why = self.case.version, self.reason
        yield self.plain(Recall(version))
        yield self.plain(RequestRecall(version, why))
        yield self.plain(Withdraw(version, why))

    def of_reviewers(self) -> Iterator[Availability]:
        version, why = self.case.version, self.reason
        yield self.plain(Accept(version))
        yield self.on_steps(lambda step: Claim(version, step))
        yield self.on_steps(lambda step: Release(version, step))
        yield self.with_edits(self.on_steps(lambda step: Approve(version, why, step)))
        yield self.to_places(Return(version, why))
        yield self.plain(Reject(version, why))
        yield self.on_steps(lambda step: Advise(version, why, step))
        yield self.plain(ApproveInEmergency(version, why))
        yield self.bringing_in(lambda who, step: Delegate(version, who, why, step), self.colleagues)
        yield self.bringing_in(lambda who, step: AddReviewer(version, who, why, "before", step), self.directory.circle)
        yield self.bringing_in(lambda who, step: AskOpinion(version, who, why, step), self.directory.circle, "advise")
        yield self.plain(Suspend(version, why))
        yield self.plain(Resume(version))

    def of_administrators(self) -> Iterator[Availability]:
        version, why, items = self.case.version, self.reason, self.case.pending_items
        first = items[0].number if items else 0
        yield self.bringing_in(lambda who, _: Reassign(version, first, who, why), self.directory.circle, items=items)
        yield self.plain(Cancel(version, why))
        yield self.plain(Reopen(version, why))

    # -- kinds of questions --------------------------------------------------------------------------------------

    def plain(self, action: AnyAction) -> Availability:
        """Whether an action is allowed that has no variants."""
        return self.answer(action, self.refusal(action))

    def on_steps(self, make: Callable[[str | None], AnyAction]) -> Availability:
        """Whether an action on any of one's own steps is allowed, and on which."""
        action = make(None)
        refusal = self.refusal(action)
        steps = [] if refusal else [step.key for step in self.my_steps if not self.refusal(make(step.key))]
        return self.answer(action, refusal, targets=tuple(steps))

    def with_edits(self, approval: Availability) -> Availability:
        """What an approval may change on the way; only who decides a stage alone may, so on one step at most."""
        edits = tuple(key for step in self.my_steps if step.key in approval.targets for key in step.edits)
        changed = {**self.case.sections, **dict.fromkeys(edits, "changed")}
        edited = Approve(self.case.version, self.reason, content_hash="changed", sections=changed)
        return approval if not edits or self.refusal(edited) else replace(approval, edits=edits)

    def to_places(self, action: Return) -> Availability:
        """Whether a return is allowed, and to where."""
        refusal, stage = self.refusal(action), self.case.stage
        places = [] if refusal or not stage else [DRAFTER, *(each.key for each in self.case.chain.before(stage))]
        allowed = [to for to in places if not self.refusal(Return(action.version, action.reason, to))]
        return self.answer(action, refusal, targets=tuple(allowed))

    def bringing_in(
        self,
        make: Callable[[str, str | None], AnyAction],
        circle: Callable[[], Sequence[Candidate]],
        role: Role = "decide",
        items: tuple[Item, ...] = (),
    ) -> Availability:
        """Whether an action is allowed that brings somebody in, and whom; ``circle`` is asked only if it is."""
        action = make(NOBODY, None)
        refusal = self.refusal(action)
        if refusal is None or refusal.code != "nobody_named":
            return self.answer(action, refusal)
        people = [each for each in circle() if not objection_to_newcomer(self.case, self.by, each.person, role)]
        if not people:
            return self.answer(action, Refusal("nobody_to_bring_in"))
        steps = [step.key for step in self.my_steps if not self.refusal(make(people[0].person, step.key))]
        return self.answer(action, None, targets=() if items else tuple(steps), people=tuple(people), items=items)

    def answer(
        self,
        action: AnyAction,
        refusal: Refusal | None,
        *,
        targets: tuple[str, ...] = (),
        people: tuple[Candidate, ...] = (),
        items: tuple[Item, ...] = (),
    ) -> Availability:
        name = action.name
        demanding = any(name in step.reason_required for step in self.my_steps)
        return Availability(
            action=name,
            refusal=refusal,
            targets=targets,
            people=people,
            items=items,
            reason_required=name in WITH_REASON or demanding,
            prove=wants_proof(self.case, name, self.by),
        )

    def refusal(self, action: AnyAction) -> Refusal | None:
        """Why an action would be refused; None when it would be carried out."""
        try:
            act(self.case, action, by=self.by, at=self.at, facts=self.facts, directory=self.directory)
        except Refusal as answer:
            return answer
        return None

    @property
    def my_steps(self) -> list[Step]:
        """The steps of this person's open items."""
        return [step_of(self.case.chain, item) for item in self.case.open_items if item.person == self.by]

    def colleagues(self) -> Sequence[Candidate]:
        """Those to whom this person could delegate the first of his items that he may."""
        turn = Turn(self.case, self.by, self.at, self.facts, self.directory)
        return self.directory.colleagues(item_to_delegate(turn, None).unit)
