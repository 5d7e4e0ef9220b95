"""Trying out a chain: with a submission that somebody makes up, or with what was really handed in before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, func, select

from portal.approvals.directory import UnitDirectory
from portal.approvals.models import ApprovalCase, CaseEvent
from portal.approvals.recording import SUBJECTS, read
from portal.approvals.timing import taken_by
from portal.definitions import service as definitions
from portal.definitions.models import Definition
from portal.security import VIETNAM
from workflows.case import CaseStatus
from workflows.errors import Refusal, WorkflowError
from workflows.events import CaseSubmitted, StageEntered
from workflows.rehearsal import Sample, Trial, rehearse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from decimal import Decimal
    from typing import Any

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from portal.approvals.timing import Taken
    from workflows.case import Case
    from workflows.definition import Chain

YEARS = range(2000, 2200)
"""A day in another year is a slip of the finger."""


@dataclass(frozen=True)
class Origin:
    """Where a submission comes from.

    Attributes:
        unit_id: the unit that submits.
        form_key: of its form.
        on: the day on which posts are looked at.
    """

    unit_id: int
    form_key: str
    on: date


@dataclass(frozen=True)
class Was:
    """What really happened in a stage, in the last round.

    Attributes:
        stage: its key.
        people: accounts of those who approved or advised there.
        hours: of working time that it had the case.
    """

    stage: str
    people: tuple[str, ...]
    hours: Decimal | None


@dataclass(frozen=True)
class Replayed:
    """A case as it went, and as it would go under another definition.

    Attributes:
        row: the case.
        case: as it is.
        was: the stages that it came to in its last round, in order.
        sample: what was handed in with it.
        trial: what the other definition would do with it.
    """

    row: ApprovalCase
    case: Case
    was: tuple[Was, ...]
    sample: Sample
    trial: Trial

    @property
    def people(self) -> set[str]:
        """Accounts of everybody who had to do with it, or would have."""
        return {*people_in(self.trial), *(who for was in self.was for who in was.people)}

    @property
    def is_same_way(self) -> bool:
        """Whether it would come to the same stages; of a case that was not approved, as far as it came."""
        before = [each.stage for each in self.was]
        after = [stop.stage.key for stop in self.trial.stops if stop.entered]
        return before == (after if self.case.status == CaseStatus.APPROVED else after[: len(before)])


def try_out(session: Session, chain: Chain, origin: Origin, sample: Sample) -> Trial:
    """Where a submission would go through a chain.

    Args:
        session: any transaction; nothing is written.
        chain: published or not.
        origin: where the submission comes from.
        sample: the submission.

    Returns:
        where it goes; a calendar that does not go so far is a dead end.
    """
    directory = _directory(session, chain, origin, sample)
    calendar = definitions.current_calendar(session) if chain.is_timed else None
    try:
        return rehearse(chain, sample, directory, calendar)
    except WorkflowError as error:
        return Trial((), None, Refusal(error.code, error.params))


def _directory(session: Session, chain: Chain, origin: Origin, sample: Sample) -> UnitDirectory:
    return UnitDirectory(
        session=session,
        unit_id=origin.unit_id,
        on=origin.on,
        chain=chain,
        facts=sample.facts,
        form=lambda: origin.form_key,
    )


def drafters_in_the_way(
    session: Session, chain: Chain, origin: Origin, sample: Sample, dead_end: Refusal
) -> tuple[str, ...]:
    """Who holds the post at which a trial stopped, and is barred from it because he took part in drafting.

    Args:
        session: any transaction.
        chain: as in `try_out`, with the other two.
        origin: likewise.
        sample: likewise.
        dead_end: why it could not go on.

    Returns:
        accounts; nothing where it stopped for another reason.
    """
    step = chain.find(str(dead_end.params.get("stage")), str(dead_end.params.get("step")))
    holders = _directory(session, chain, origin, sample).candidates(step.owner) if step else ()
    drafters = sample.drafters | {sample.initiator}
    return tuple(dict.fromkeys(each.person for each in holders if each.person in drafters))


def people_in(trial: Trial) -> set[str]:
    """Accounts of everybody whom a trial names."""
    parts = [part for stop in trial.stops for part in stop.parts]
    refused = trial.dead_end.params.get("people", ()) if trial.dead_end else ()
    named: Sequence[Any] = refused if isinstance(refused, list | tuple) else ()
    return {who for part in parts for who in (*part.people, *part.barred)} | {str(each) for each in named}


def compare(session: Session, chain: Chain, since: date, until: date) -> Iterator[Replayed]:
    """What was handed in first between two days and went through a chain of this key, under this definition.

    Args:
        session: any transaction; nothing is written.
        chain: published or not.
        since: the first day.
        until: the last day.
    """
    for row in handed_in(session, chain, since, until):
        if is_for(session, chain, row):
            yield replayed(session, chain, row)


def handed_in(
    session: Session, chain: Chain, since: date, until: date, *only: ColumnElement[bool], most: int | None = None
) -> Sequence[ApprovalCase]:
    """The cases that were handed in first between two days and ran on a chain of this key, the oldest first.

    Args:
        session: any transaction.
        chain: whose key it is.
        since: the first day.
        until: the last day.
        only: what must hold of them besides.
        most: how many; None for all.
    """
    first = func.min(CaseEvent.at)
    begun = select(CaseEvent.case_id).where(CaseEvent.kind == CaseSubmitted.kind).group_by(CaseEvent.case_id)
    span = begun.having(and_(first >= _midnight(since), first < _midnight(until + timedelta(days=1))))
    mine = (ApprovalCase.id.in_(span), Definition.key == chain.key, *only)
    cases = select(ApprovalCase).join(ApprovalCase.definition).where(*mine).order_by(ApprovalCase.id).limit(most)
    return session.scalars(cases).all()


def is_for(session: Session, chain: Chain, row: ApprovalCase) -> bool:
    """Whether a chain is for the form of a case."""
    return SUBJECTS[row.subject_kind].form_key(session, row.subject_id) in chain.forms


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), VIETNAM)


def replayed(session: Session, chain: Chain, row: ApprovalCase) -> Replayed:
    """A case as it went, and as it would go through a chain; posts are looked at as on the day of the last round.

    Args:
        session: any transaction; nothing is written.
        chain: published or not.
        row: the case.
    """
    case, subject = read(session, row).case, SUBJECTS[row.subject_kind]
    submitted = [event for event in case.events if isinstance(event, CaseSubmitted)][-1]
    origin = Origin(
        row.unit_id,
        subject.form_key(session, row.subject_id),
        submitted.at.astimezone(VIETNAM).date(),
    )
    facts = subject.facts(session, row.subject_id)
    sample = Sample(case.initiator, submitted.at, facts, case.drafters, case.chosen)
    return Replayed(row, case, _was(session, case), sample, try_out(session, chain, origin, sample))


def _was(session: Session, case: Case) -> tuple[Was, ...]:
    began = max(event.version for event in case.events if isinstance(event, CaseSubmitted))
    entered = [each.stage for each in case.events if isinstance(each, StageEntered) and each.version >= began]
    stays = [each for each in taken_by(session, case) if each.round == case.round]
    return tuple(Was(stage, _people(case, stage), _hours(stays, stage)) for stage in dict.fromkeys(entered))


def _people(case: Case, stage: str) -> tuple[str, ...]:
    mine = (each.person for each in case.decisions if (each.round, each.stage) == (case.round, stage))
    return tuple(dict.fromkeys(mine))


def _hours(stays: Sequence[Taken], stage: str) -> Decimal | None:
    """How long a stage had it; None while no calendar says."""
    mine = [each.hours for each in stays if each.place == stage]
    return sum(mine[1:], mine[0]) if mine else None
