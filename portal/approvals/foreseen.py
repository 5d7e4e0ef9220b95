"""What a trial of a chain shows: each stage with who would get it and by when, or with the condition that fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext, ngettext

from portal.approvals.grounds import told
from portal.approvals.owners import owner_words
from portal.approvals.page import AHEAD, CURRENT, DONE, REJECTED, SKIPPED
from portal.approvals.words import explain, listed
from portal.definitions.conditions import sentence_of
from portal.words import format_datetime, label
from workflows.guards import holds
from workflows.reachable import never_reached

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from portal.approvals.words import Names
    from portal.definitions.conditions import Facts
    from workflows.definition import Chain, Stage, Step
    from workflows.guards import Guard
    from workflows.reachable import Known
    from workflows.rehearsal import Part, Sample, Stop, Trial


@dataclass(frozen=True)
class StepForeseen:
    """A step on the way.

    Attributes:
        key: its key.
        name: in the reader's language.
        owner: posts and where they are.
        people: who would get it today, by name; nobody where it is not asked.
        manner: how they share it, and how long they have; possibly empty.
        why_not: the condition that leaves it out; empty where it is asked, or its stage is not come to.
    """

    key: str
    name: str
    owner: str
    people: tuple[str, ...] = ()
    manner: str = ""
    why_not: str = ""

    @property
    def lines(self) -> list[str]:
        """What its box in the picture says."""
        return [self.name, self.why_not or self.owner, *self.people]


@dataclass(frozen=True)
class StageForeseen:
    """A stage of the chain.

    Attributes:
        key: its key.
        name: in the reader's language.
        state: `done`, `current` where it would lie for good, `rejected` where nobody can take it, `skipped`, `ahead`.
        remark: when it is come to, or the condition that skips it; possibly empty.
        steps: the steps in it, all of them.
        documents: the keys of what is issued after it.
    """

    key: str
    name: str
    state: str
    remark: str
    steps: tuple[StepForeseen, ...]
    documents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What is needed to put a trial into words.

    Attributes:
        chain: that was tried.
        body: of its definition, where conditions stand as people wrote them.
        sample: the submission.
        trial: what came of it.
        names: of people, stages and fields.
        facts: what conditions may ask for, by name.
        units: what the units are called that the chain names, by their codes.
    """

    chain: Chain
    body: Any
    sample: Sample
    trial: Trial
    names: Names
    facts: Facts
    units: Mapping[str, str]


def foreseen(reading: Reading) -> list[StageForeseen]:
    """Each stage of a chain as a trial went, in order."""
    stops = {stop.stage.key: stop for stop in reading.trial.stops if stop.entered}
    bodies = reading.body["stages"]
    return [
        _stage(reading, stage, body, stops.get(stage.key))
        for stage, body in zip(reading.chain.stages, bodies, strict=True)
    ]


def _stage(reading: Reading, stage: Stage, body: Any, stop: Stop | None) -> StageForeseen:
    state = _state(reading, stage, stop)
    parts = {part.step.key: part for part in stop.parts} if stop else {}
    steps = zip(stage.steps, body["steps"], strict=True)
    return StageForeseen(
        key=stage.key,
        name=label(stage.name),
        state=state,
        remark=_remark(reading, stage, body, stop, state),
        steps=tuple(_step(reading, step, said, parts.get(step.key)) for step, said in steps),
        documents=stop.documents if stop else (),
    )


def _state(reading: Reading, stage: Stage, stop: Stop | None) -> str:
    dead_end = reading.trial.dead_end
    if dead_end and dead_end.params.get("stage") == stage.key:
        return REJECTED
    if stop is None:
        return AHEAD if stage.steps_for(reading.sample.facts) else SKIPPED
    return CURRENT if dead_end and stop is reading.trial.stops[-1] else DONE


def _remark(reading: Reading, stage: Stage, body: Any, stop: Stop | None, state: str) -> str:
    if state == SKIPPED:
        return str(gettext("skipped, because this does not hold: %(why)s", why=why_skipped(reading, stage, body)))
    if stop and stop.entered and reading.chain.is_timed:
        return str(gettext("from %(moment)s at the latest", moment=format_datetime(stop.entered)))
    return ""


def why_skipped(reading: Reading, stage: Stage, body: Any) -> str:
    """The condition that skips a stage: its own, or those of all its steps."""
    facts = reading.sample.facts
    if stage.guard and not holds(stage.guard, facts):
        return fails(reading, stage.guard, body["when"])
    pairs = zip(stage.steps, body["steps"], strict=True)
    return "; ".join(fails(reading, step.guard, said["when"]) for step, said in pairs if step.guard)


def fails(reading: Reading, guard: Guard, body: Any) -> str:
    """A condition that does not hold, as people say it, with what it found instead."""
    found = told([guard], reading.sample.facts, reading.names)
    return f"{sentence_of(body, reading.facts)} ({found})"


def _step(reading: Reading, step: Step, body: Any, part: Part | None) -> StepForeseen:
    name, owner = label(step.name), owner_words(step.owner, reading.units)
    if part is None:
        is_left_out = step.guard is not None and not holds(step.guard, reading.sample.facts)
        why = fails(reading, step.guard, body["when"]) if step.guard and is_left_out else ""
        return StepForeseen(step.key, name, owner, why_not=why and str(gettext("left out: %(why)s", why=why)))
    people = tuple(map(reading.names.person, part.people))
    return StepForeseen(step.key, name, owner, people, "; ".join(_manner(step, part)))


def _manner(step: Step, part: Part) -> Iterator[str]:
    if step.share.kind == "chosen":
        yield str(gettext("chosen by the submitter; here the first who can"))
    elif len(part.people) > 1:
        yield str(gettext("each of them") if step.share.kind == "each" else gettext("one of them"))
    if step.role == "advise":
        yield str(gettext("gives an opinion only"))
    if step.budget:
        yield str(ngettext("%(num)s working hour", "%(num)s working hours", step.budget))


# -- what to mind ----------------------------------------------------------------------------------------------


def minded(reading: Reading) -> Iterator[str]:
    """What a trial shows that somebody should look at, besides where it stops."""
    names = reading.names
    for stop in reading.trial.stops:
        for part in stop.parts:
            yield from (_barred(names, stop.stage, part.step, person) for person in part.barred)
    for person in reading.trial.repeated:
        stages = [names.stage(stop.stage.key) for stop in reading.trial.stops if person in stop.sole_deciders]
        yield str(
            gettext(
                "%(person)s would be the only one to decide in %(stages)s: one person on more than one level.",
                person=names.person(person),
                stages=listed([f"“{stage}”" for stage in stages]),
            )
        )


def _barred(names: Names, stage: Stage, step: Step, person: str) -> str:
    return str(
        gettext(
            "%(person)s holds the post of “%(step)s” in “%(stage)s”, but drafts it and will not be asked: nobody "
            "decides on his own draft.",
            person=names.person(person),
            step=label(step.name),
            stage=label(stage.name),
        )
    )


def stopped(reading: Reading, in_the_way: tuple[str, ...]) -> list[str]:
    """Why a trial could not go on; nothing where it was approved.

    Args:
        reading: the trial.
        in_the_way: who holds the post at which it stopped and drafted it himself.
    """
    dead_end, names = reading.trial.dead_end, reading.names
    if dead_end is None:
        return []
    stage, step = (str(dead_end.params.get(key)) for key in ("stage", "step"))
    found = names.chain.find(stage, step)
    barred = [_barred(names, names.chain.stage(stage), found, person) for person in in_the_way] if found else []
    return [explain(dead_end, names), *barred]


def unreached(reading: Reading, known: Known) -> Iterator[str]:
    """The stages that no submission in this form ever comes to.

    Args:
        reading: the trial.
        known: what a submission in the form can say.
    """
    for stage in never_reached(reading.chain, known):
        name = label(stage.name)
        yield str(gettext("No report in this form ever comes to “%(stage)s”: its condition cannot hold.", stage=name))
