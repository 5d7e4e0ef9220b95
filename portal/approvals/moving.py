"""Moving running cases to another version of their chain: what would become of each, and which move that takes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, func, select

from portal.approvals import service
from portal.approvals.models import ApprovalCase, CaseEvent
from portal.approvals.recording import SUBJECTS, Folder, read
from portal.definitions.models import DRAFT, Definition
from portal.definitions.service import chain_of
from portal.definitions.usage import Use
from workflows.actions import Migrate
from workflows.case import OVER
from workflows.errors import Refusal
from workflows.events import ApprovalKept, CaseMigrated, CaseSubmitted, DocumentDue, StageCompleted, StageSkipped
from workflows.migration import documents_of, stages_ahead, targets_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.case import Case
    from workflows.definition import Chain
    from workflows.engine import Outcome

MOST = 50
"""How many cases one request looks at or moves."""


@dataclass(frozen=True)
class Prospect:
    """What would become of a case under another version.

    Attributes:
        row: the case.
        version: the version of the case that was looked at.
        left: the key of the stage it is in; None while its drafter has it.
        into: the key of the stage it would go on in, likewise.
        stays: whether whatever was begun goes on as it is.
        refusal: why it cannot be moved; None where it can.
        asked: who would be asked anew.
        kept: whose approvals would stay.
        dropped: whose part would be over, though a reviewer had asked for it.
        lapsed: whose approval in the present stage would count no more.
        skipped: the keys of stages that it would skip, because their conditions do not hold.
        passed_over: the keys of stages before that one, which it would never have passed.
        unissued: documents that one of the versions issues and that would never be issued.
    """

    row: ApprovalCase
    version: int
    left: str | None
    into: str | None = None
    stays: bool = True
    refusal: Refusal | None = None
    asked: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    lapsed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    unissued: tuple[str, ...] = ()

    @property
    def people(self) -> frozenset[str]:
        """Everybody it names."""
        return frozenset({*self.asked, *self.kept, *self.dropped, *self.lapsed})


@dataclass(frozen=True)
class Order:
    """What an administrator asks for.

    Attributes:
        source: the version that they run on.
        target: the version that cases are moved to.
        into: for stages of the version they run on, the stage in which a case goes on; without, the one of that key.
        reason: his words, the same for each.
    """

    source: Definition
    target: Definition
    into: Mapping[str, str]
    reason: str = "-"


def in_use(session: Session, actor: Actor) -> list[tuple[Definition, int]]:
    """Every version of the chains that cases run on, and how many of those the actor sees run on each.

    Args:
        session: any transaction.
        actor: who looks.
    """
    mine = and_(ApprovalCase.definition_id == Definition.id, ApprovalCase.status.not_in(OVER), service.scope(actor))
    counted = select(Definition, func.count(ApprovalCase.id)).outerjoin(ApprovalCase, mine)
    versions = counted.where(Definition.kind == "chain", Definition.status != DRAFT).group_by(Definition.id)
    rows = session.execute(versions.order_by(Definition.key, Definition.version.desc())).all()
    busy = {definition.key for definition, count in rows if count}
    return [(definition, count) for definition, count in rows if definition.key in busy]


def uses_of_chain(session: Session, key: str) -> list[Use]:
    """How many cases there are on each version of a chain, whoever sees them.

    Args:
        session: any transaction.
        key: of the chain.
    """
    is_running = case((ApprovalCase.status.not_in(OVER), 1))
    counted = select(Definition.version, func.count(), func.count(is_running)).join(ApprovalCase.definition)
    rows = session.execute(counted.where(Definition.key == key).group_by(Definition.version))
    return [Use("case", *row) for row in rows]


def running(session: Session, actor: Actor, source: Definition, after: int) -> Sequence[ApprovalCase]:
    """Some of the cases that run on a version, the oldest first.

    Args:
        session: any transaction.
        actor: who looks.
        source: the version.
        after: the key of the case after which they begin.
    """
    its = (ApprovalCase.definition_id == source.id, ApprovalCase.id > after)
    mine = (*its, ApprovalCase.status.not_in(OVER), service.scope(actor))
    return session.scalars(select(ApprovalCase).where(*mine).order_by(ApprovalCase.id).limit(MOST)).all()


def plan(session: Session, actor: Actor, order: Order, after: int = 0) -> list[Prospect]:
    """What would become of the cases that run on a version under another one; nothing is written.

    Args:
        session: any transaction.
        actor: who would move them.
        order: from where, and where to.
        after: as in `running`.
    """
    return [
        _prospect(session, actor, read(session, row), order) for row in running(session, actor, order.source, after)
    ]


def _prospect(session: Session, actor: Actor, folder: Folder, order: Order) -> Prospect:
    case, chain = folder.case, chain_of(order.target)
    try:
        action = move_of(session, folder, order)
        outcome = service.foresee(session, actor, folder, action)
    except Refusal as refusal:
        return Prospect(folder.row, case.version, case.stage, refusal=refusal)
    found = Prospect(
        folder.row,
        case.version,
        case.stage,
        outcome.case.stage,
        passed_over=_passed_over(case, chain, action.stage),
        unissued=_unissued(case, chain, action.stage),
    )
    return found if len(outcome.events) == 1 else _asked_anew(found, case, outcome)


def _asked_anew(found: Prospect, case: Case, outcome: Outcome) -> Prospect:
    kept = tuple(event.person for event in outcome.events if isinstance(event, ApprovalKept))
    given = (each.person for each in case.entry_decisions if each.verdict == "approve")
    return replace(
        found,
        stays=False,
        asked=tuple(dict.fromkeys(item.person for item in outcome.case.pending_items)),
        kept=kept,
        dropped=tuple(item.person for item in case.pending_items if item.added_by),
        lapsed=tuple(person for person in given if person not in kept),
        skipped=tuple(event.stage for event in outcome.events if isinstance(event, StageSkipped)),
    )


def _unissued(case: Case, chain: Chain, stage: str | None) -> tuple[str, ...]:
    """What the old version would still have issued, or the new one issues somewhere, and what is not ahead any more."""
    wanted = documents_of(case.chain, stages_ahead(case.chain, case.stage)) | documents_of(chain, chain.stages)
    issued = {event.document for event in case.events if isinstance(event, DocumentDue)}
    return tuple(sorted(wanted - documents_of(chain, stages_ahead(chain, stage)) - issued))


def _passed_over(case: Case, chain: Chain, stage: str | None) -> tuple[str, ...]:
    """The stages before one that a case did not come through in its present round."""
    if stage is None:
        return ()
    begun = max((event.version for event in case.events if isinstance(event, CaseSubmitted)), default=0)
    done = {e.stage for e in case.events if isinstance(e, StageCompleted | StageSkipped) and e.version >= begun}
    return tuple(each.key for each in chain.before(stage) if each.key not in done)


def move_of(session: Session, folder: Folder, order: Order) -> Migrate:
    """The move of a case to another version.

    Raises:
        Refusal: `moved_on`, `other_form`, `stage_to_choose`, `no_second_signature`.
    """
    case, chain, row = folder.case, chain_of(order.target), folder.row
    if row.definition_id != order.source.id:
        raise Refusal("moved_on")
    if not _fits(session, row, chain):
        raise Refusal("other_form")
    stage = case.stage and order.into.get(case.stage, case.stage)
    targets = targets_of(case, chain)
    if stage is not None and stage not in targets:
        raise Refusal("stage_to_choose" if targets else "no_second_signature")
    return Migrate(case.version, chain, str(order.target.id), str(row.definition_id), stage, order.reason)


def _fits(session: Session, row: ApprovalCase, chain: Chain) -> bool:
    """Whether a chain is for the form of a case, and its version has all the sections that steps of the chain name."""
    subject = SUBJECTS[row.subject_kind]
    known = subject.section_names(session, row.subject_id).keys()
    steps = (step for stage in chain.every_stage for step in stage.steps)
    named = {key for step in steps for key in (*step.reads, *step.edits, *step.covers)}
    return subject.form_key(session, row.subject_id) in chain.forms and named <= known


def way_back(folder: Folder, reason: str) -> Migrate:
    """The move of a case back to where it was moved from.

    Raises:
        Refusal: `moved_on`, something happened since.
    """
    case = folder.case
    last = next(
        (event for event in case.events if isinstance(event, CaseMigrated) and event.version == case.version), None
    )
    if last is None:
        raise Refusal("moved_on")
    return Migrate(case.version, case.versions[last.was], last.was, last.chain, last.left, reason)


def last_moved(session: Session, actor: Actor) -> Sequence[ApprovalCase]:
    """The cases whose last action was that they were moved, the latest first.

    Args:
        session: any transaction.
        actor: who looks.
    """
    last = and_(CaseEvent.case_id == ApprovalCase.id, CaseEvent.version == ApprovalCase.version)
    mine = (CaseEvent.kind == CaseMigrated.kind, ApprovalCase.status.not_in(OVER), service.scope(actor))
    found = select(ApprovalCase).join(CaseEvent, last).where(*mine).order_by(ApprovalCase.changed_at.desc()).limit(MOST)
    return session.scalars(found).all()
