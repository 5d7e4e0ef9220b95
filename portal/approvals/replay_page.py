"""What the page of past cases shows: what really happened beside what the draft of a chain would have done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from portal.approvals import service, trying
from portal.approvals.foreseen import Reading, foreseen, minded, stopped
from portal.approvals.models import ApprovalCase
from portal.approvals.owners import units_in
from portal.approvals.page import AHEAD, REJECTED, SKIPPED
from portal.approvals.recording import SUBJECTS
from portal.approvals.trial_page import facts_known
from portal.approvals.words import known_as
from portal.words import format_number
from workflows.case import CaseStatus
from workflows.guards import holds
from workflows.reachable import asked_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.approvals.foreseen import StageForeseen, StepForeseen
    from portal.approvals.trying import Replayed, Was
    from portal.approvals.words import Names
    from portal.definitions.conditions import Facts
    from portal.security import Actor
    from workflows.definition import Chain

MOST = 50
"""How many cases one page carries through a chain."""


@dataclass(frozen=True)
class Beside:
    """A case as the page shows it.

    Attributes:
        row: the case.
        problem: why it was not carried through the chain; empty where it was.
        differences: what would be otherwise, in words; none where it would go the same way.
        lines: of each stage its name, what happened there, and what would.
    """

    row: ApprovalCase
    problem: str = ""
    differences: tuple[str, ...] = ()
    lines: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Span:
    """Which cases are looked at.

    Attributes:
        since: the first day on which they were handed in.
        until: the last one.
        after: the key of the case after which they begin.
    """

    since: date
    until: date
    after: int = 0


def replay_page(session: Session, actor: Actor, chain: Chain, body: Any, span: Span) -> dict[str, Any]:
    """What the page needs.

    A condition would tell whoever writes it what a report says. So a case is carried through the chain only where the
    reader reads everything that the chain asks for.

    Args:
        session: any transaction; nothing is written.
        actor: who looks; he finds the cases that he sees.
        chain: of the draft.
        body: of the draft.
        span: which cases.

    Returns:
        `rows`, a `Beside` each; and `following`, the key of the last one where there may be more.
    """
    only = (service.scope(actor), ApprovalCase.id > span.after)
    rows = trying.handed_in(session, chain, span.since, span.until, *only, most=MOST)
    problems = {row.id: _why_not(session, actor, chain, row) for row in rows}
    found = {row.id: trying.replayed(session, chain, row) for row in rows if not problems[row.id]}
    names = known_as(session, chain, {who for each in found.values() for who in each.people})
    draft = _Draft(chain, body, names, facts_known(session, body), units_in(session, chain))
    shown = [
        _beside(draft.reading(session, found[row.id]), found[row.id])
        if row.id in found
        else Beside(row, problems[row.id])
        for row in rows
    ]
    return {"rows": shown, "following": rows[-1].id if len(rows) == MOST else None}


def _why_not(session: Session, actor: Actor, chain: Chain, row: ApprovalCase) -> str:
    if not trying.is_for(session, chain, row):
        return str(gettext("The draft is not for this form."))
    subject = SUBJECTS[row.subject_kind]
    asked = {name.partition(".")[0] for name in asked_by(chain)}
    of_form = asked & subject.fact_names(session, row.subject_id).keys() if asked else ()
    if all(subject.may_read(session, actor, row.subject_id, name) for name in of_form):
        return ""
    return str(gettext("The conditions of the draft ask for what you do not read in this report, so it was not tried."))


@dataclass(frozen=True)
class _Draft:
    """A draft, with the words for what all cases have in common."""

    chain: Chain
    body: Any
    names: Names
    facts: Facts
    units: Mapping[str, str]

    def reading(self, session: Session, each: Replayed) -> Reading:
        """A case with the words of its own form and of the chain that it ran on."""
        labels = SUBJECTS[each.row.subject_kind].fact_names(session, each.row.subject_id)
        chains = {**each.case.versions, "": each.case.chain}
        names = replace(self.names, facts=labels, chains=chains)
        return Reading(self.chain, self.body, each.sample, each.trial, names, self.facts, self.units)


def _beside(reading: Reading, each: Replayed) -> Beside:
    stages = {stage.key: stage for stage in foreseen(reading)}
    before = {was.stage: was for was in each.was}
    names = reading.names
    lines = [
        (names.stage(key), _happened(before.get(key), names), _would(stages.get(key)))
        for key in dict.fromkeys([*stages, *before])
    ]
    return Beside(each.row, differences=tuple(_differences(reading, each, stages)), lines=tuple(lines))


def _happened(was: Was | None, names: Names) -> str:
    if was is None:
        return "–"
    hours = "" if was.hours is None else str(gettext("%(hours)s h", hours=format_number(was.hours)))
    people = names.persons(was.people) if was.people else str(gettext("nobody decided yet"))
    return ", ".join(filter(None, (people, hours)))


def _would(stage: StageForeseen | None) -> str:
    if stage is None:
        return "–"
    asked = [_asked_in(step) for step in stage.steps if step.people]
    states = {REJECTED: gettext("nobody could take it"), SKIPPED: stage.remark, AHEAD: "–"}
    return "; ".join(asked) or str(states.get(stage.state, ""))


def _asked_in(step: StepForeseen) -> str:
    people = ", ".join(step.people)
    return f"{people} ({step.manner})" if step.manner else people


# -- what would be otherwise -----------------------------------------------------------------------------------


def _differences(reading: Reading, each: Replayed, stages: Mapping[str, StageForeseen]) -> Iterator[str]:
    chain, names = reading.chain, reading.names
    if chain.guard and not holds(chain.guard, reading.sample.facts):
        yield str(gettext("It would not come to this chain, for the condition of the chain does not hold."))
    for was in each.was:
        yield from _left(was, stages.get(was.stage), names)
        yield from _asks_others(was, each, names)
    for stage in _added(each):
        people = ", ".join(person for step in stages[stage].steps for person in step.people)
        yield str(gettext("It would come to “%(stage)s” as well: %(people)s.", stage=names.stage(stage), people=people))
    if _is_in_another_order(each):
        yield str(gettext("The stages come in another order."))
    yield from stopped(reading, ())
    yield from minded(reading)


def _left(was: Was, stage: StageForeseen | None, names: Names) -> Iterator[str]:
    """That a stage is not come to any more."""
    name = names.stage(was.stage)
    if stage is None:
        yield str(gettext("The draft has no “%(stage)s”.", stage=name))
    elif stage.state == SKIPPED:
        yield f"“{name}”: {stage.remark}"
    elif stage.state in (AHEAD, REJECTED):
        yield str(gettext("It would not come to “%(stage)s”.", stage=name))


def _asks_others(was: Was, each: Replayed, names: Names) -> Iterator[str]:
    """That those who decided in a stage would not be asked."""
    asked = [
        person
        for stop in each.trial.stops
        if stop.stage.key == was.stage and stop.entered
        for part in stop.parts
        for person in part.people
    ]
    others = [person for person in was.people if person not in asked]
    if asked and others:
        yield str(
            gettext(
                "In “%(stage)s” %(people)s decided, and would not be among those who are asked.",
                stage=names.stage(was.stage),
                people=names.persons(others),
            )
        )


def _entered(each: Replayed) -> list[str]:
    return [stop.stage.key for stop in each.trial.stops if stop.entered]


def _added(each: Replayed) -> Sequence[str]:
    """The stages that come besides; for a case that was not approved, before the last one that it came to."""
    before, after = [was.stage for was in each.was], _entered(each)
    last = max((number for number, key in enumerate(after) if key in before), default=-1)
    ahead = after if each.case.status == CaseStatus.APPROVED else after[: last + 1]
    return [key for key in ahead if key not in before]


def _is_in_another_order(each: Replayed) -> bool:
    before, after = [was.stage for was in each.was], _entered(each)
    return [key for key in before if key in after] != [key for key in after if key in before]
