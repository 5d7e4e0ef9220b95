"""A case that is tried out: where a submission would go, who would have it, for how long, and where it would stop."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from workflows.actions import Advise, Approve, Submit
from workflows.calendars import Calendar
from workflows.case import Case, CaseStatus, Item
from workflows.clock import HOUR
from workflows.definition import Chain, Stage, Step, choice_key
from workflows.eligibility import Directory, eligible
from workflows.engine import act, open_case
from workflows.errors import Refusal
from workflows.event import Event
from workflows.events import DocumentDue, StageEntered, StageSkipped, StepSkipped
from workflows.guards import Scalar
from workflows.objections import step_of
from workflows.selection import choices_of, parts_of
from workflows.turn import Facts
from workflows.workdays import add_working_time

WORDS = "-"


@dataclass(frozen=True)
class Sample:
    """A submission to try a chain with.

    Attributes:
        initiator: Who hands it in.
        at: When.
        facts: What guards may see of it.
        drafters: Who drafted it besides.
        chosen: Whom he picks for steps that want it, by ``stage.step``; where nothing is said, the first who can.
    """

    initiator: str
    at: datetime
    facts: Facts = field(default_factory=dict)
    drafters: frozenset[str] = frozenset()
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A step on the way.

    Attributes:
        step: The step.
        people: Who would get it.
        barred: Who holds a post of it and may not have it, because he took part in drafting.
        by: Who decided or advised in this trial.
    """

    step: Step
    people: tuple[str, ...]
    barred: tuple[str, ...]
    by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stop:
    """A stage on the way.

    Attributes:
        stage: The stage.
        entered: When, if everybody before took all the time of his budget; None where it is skipped.
        parts: The steps that are asked.
        skipped: The facts by which the stage is skipped; None where it is not.
        left_out: The facts by which single steps are left out, by their keys.
        documents: What is issued when it is complete.
    """

    stage: Stage
    entered: datetime | None
    parts: tuple[Part, ...] = ()
    skipped: Mapping[str, Scalar] | None = None
    left_out: Mapping[str, Mapping[str, Scalar]] = field(default_factory=dict)
    documents: tuple[str, ...] = ()

    @property
    def sole_deciders(self) -> frozenset[str]:
        """Who would be the only one to decide a step of it."""
        deciding = (part.people for part in self.parts if part.step.role == "decide")
        return frozenset(people[0] for people in deciding if len(people) == 1)


@dataclass(frozen=True)
class Trial:
    """What came of it.

    Attributes:
        stops: The stages that it came to, in order.
        ended: When it was approved; None where it was not.
        dead_end: Why it could not go on; None where it was approved.
    """

    stops: tuple[Stop, ...]
    ended: datetime | None
    dead_end: Refusal | None

    @property
    def repeated(self) -> tuple[str, ...]:
        """Who would be the only one to decide in more than one stage, so that two levels are one person."""
        alone = [who for stop in self.stops for who in stop.sole_deciders]
        return tuple(sorted({who for who in alone if alone.count(who) > 1}))


def rehearse(chain: Chain, sample: Sample, directory: Directory, calendar: Calendar | None = None) -> Trial:
    """Carries a submission through a chain: everybody who is asked approves, the first who can, as late as he may.

    It is the engine itself that is asked, so that what it would refuse is refused here.

    Args:
        chain: Any definition, published or not.
        sample: The submission.
        directory: Who holds which post.
        calendar: Says which time is working time; without one no time passes.

    Raises:
        WorkflowError: ``calendar_ends``.
    """
    walk = _Walk(chain, sample, directory, calendar)
    refusal = walk.submit() or walk.go_on()
    ended = walk.at if walk.case.status == CaseStatus.APPROVED else None
    return Trial(tuple(walk.stops), ended, refusal)


@dataclass
class _Walk:
    """The way so far."""

    chain: Chain
    sample: Sample
    directory: Directory
    calendar: Calendar | None

    def __post_init__(self) -> None:
        self.at = self.sample.at
        self.case: Case = open_case(self.chain, self.sample.initiator, self.at).case
        self.stops: list[Stop] = []

    def submit(self) -> Refusal | None:
        drafters = self.sample.drafters | {self.sample.initiator}
        chosen = {**self._first_choices(drafters), **self.sample.chosen}
        return self._do(self.sample.initiator, Submit(0, WORDS, self.sample.drafters, chosen))

    def _first_choices(self, drafters: frozenset[str]) -> dict[str, tuple[str, ...]]:
        chosen = {}
        for stage, step in choices_of(parts_of(self.chain, self.sample.facts)):
            able = eligible(step.owner, self.directory, drafters)
            chosen[choice_key(stage, step)] = tuple(each.person for each in able[: step.share.most])
        return chosen

    def go_on(self) -> Refusal | None:
        while self.case.in_review:
            if refusal := self._somebody_decides():
                return refusal
        return None

    def _somebody_decides(self) -> Refusal | None:
        """Has the first who can do so; gives what stops the first one where nobody can."""
        refusals = []
        for item in self.case.open_items:
            refusal = self._decide(item)
            if refusal is None:
                return None
            refusals.append(refusal)
        return refusals[0]

    def _decide(self, item: Item) -> Refusal | None:
        say = Advise if item.role == "advise" else Approve
        last, self.at = self.at, self._late(step_of(self.chain, item))
        refusal = self._do(item.person, say(self.case.version, WORDS, item.step))
        if refusal:
            self.at = last
        return refusal

    def _late(self, step: Step) -> datetime:
        """The end of a step's budget, counted from when its stage was entered; steps side by side take it together."""
        entered = self.stops[-1].entered
        if self.calendar is None or step.budget is None or entered is None:
            return self.at
        return max(self.at, add_working_time(self.calendar, entered, step.budget * HOUR))

    def _do(self, by: str, action: Submit | Approve | Advise) -> Refusal | None:
        facts, before = self.sample.facts, self.case
        try:
            outcome = act(before, action, by=by, at=self.at, facts=facts, directory=self.directory)
        except Refusal as refusal:
            return refusal
        self.case = outcome.case
        if not isinstance(action, Submit):
            self._note(by, step=str(action.step))
        for event in outcome.events:
            self._follow(event)
        return None

    def _note(self, by: str, step: str) -> None:
        stop = self.stops[-1]
        parts = (replace(part, by=(*part.by, by)) if part.step.key == step else part for part in stop.parts)
        self.stops[-1] = replace(stop, parts=tuple(parts))

    def _follow(self, event: Event) -> None:
        if isinstance(event, StageEntered):
            stage = self.chain.stage(event.stage)
            parts = tuple(self._part(stage, step, event.entry) for step in stage.steps_for(self.sample.facts))
            self.stops.append(Stop(stage, self.at, parts))
        elif isinstance(event, StageSkipped):
            self.stops.append(Stop(self.chain.stage(event.stage), None, skipped=event.facts))
        elif isinstance(event, StepSkipped):
            left = {**self.stops[-1].left_out, event.step: event.facts}
            self.stops[-1] = replace(self.stops[-1], left_out=left)
        elif isinstance(event, DocumentDue):
            self.stops[-1] = replace(self.stops[-1], documents=(*self.stops[-1].documents, event.document))

    def _part(self, stage: Stage, step: Step, entry: int) -> Part:
        mine = [item for item in self.case.items if (item.entry, item.step) == (entry, step.key)]
        holders = dict.fromkeys(each.person for each in self.directory.candidates(step.owner))
        barred = self.case.excluded_from(stage.key)
        people = tuple(dict.fromkeys(item.person for item in mine))
        return Part(step, people, tuple(person for person in holders if person in barred))
