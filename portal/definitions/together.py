"""The drafts under one key, which make a process: proposed together, or published together, all of them or none."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from portal.definitions.checks import findings
from portal.definitions.drafting import SECOND_PERSON, propose, publish_draft, wrote
from portal.definitions.models import DRAFT, KINDS, Definition
from portal.definitions.service import newest
from workflows.errors import DefinitionError, Refusal, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from workflows.errors import Finding


class Seen(NamedTuple):
    """What somebody had before him of a draft when he decided.

    Attributes:
        draft: its id.
        edition: its edition.
        knows: the number of the newest version under its key, 0 for none.
    """

    draft: int
    edition: int
    knows: int


class Part(NamedTuple):
    """What there is of one kind under a key.

    Attributes:
        kind: one of `models.KINDS`.
        known: the draft, or else the newest version.
        draft: of the next version; None while there is none.
        newest: the newest version; None where nothing was published.
        wrong: how much keeps the draft from being published together with the others.
    """

    kind: str
    known: Definition
    draft: Definition | None
    newest: Definition | None
    wrong: int


class PartError(Exception):
    """One of the drafts cannot be published, so none is.

    Attributes:
        kind: of the draft.
        cause: what was said of it.
    """

    def __init__(self, kind: str, cause: WorkflowError) -> None:
        self.kind, self.cause = kind, cause
        super().__init__(kind, cause)


def parts(session: Session, key: str) -> list[Part]:
    """Everything under a key, each kind after those that it names."""
    drafts = {each.kind: each for each in drafts_of(session, key)}
    beside = list(drafts.values())
    return [part for kind in KINDS if (part := _part(session, kind, key, drafts.get(kind), beside))]


def _part(session: Session, kind: str, key: str, draft: Definition | None, beside: Sequence[Definition]) -> Part | None:
    last = newest(session, kind, key)
    if draft is None:
        return Part(kind, last, None, last, 0) if last else None
    return Part(kind, draft, draft, last, len(findings(session, kind, key, draft.body, beside)))


def found_together(session: Session, draft: Definition) -> tuple[Finding, ...]:
    """What keeps a draft from being published even together with the others under its key."""
    return findings(session, draft.kind, draft.key, draft.body, drafts_of(session, draft.key))


def drafts_of(session: Session, key: str) -> list[Definition]:
    """The drafts under a key, each kind after those that it names."""
    found = session.scalars(select(Definition).where(Definition.key == key, Definition.status == DRAFT))
    return sorted(found, key=lambda draft: KINDS.index(draft.kind))


def to_propose(drafts: Sequence[Definition]) -> list[Definition]:
    """Those of some drafts that are proposed together; none where nobody has to be asked."""
    return [each for each in drafts if SECOND_PERSON.plugged and not each.proposed_by]


def to_publish(drafts: Sequence[Definition]) -> list[Definition]:
    """Those of some drafts that are published together: all, or where a second person publishes, what is proposed."""
    return [each for each in drafts if not SECOND_PERSON.plugged or each.proposed_by]


def may_agree(actor: Actor, drafts: Sequence[Definition]) -> bool:
    """Whether somebody could publish those of some drafts that are published together, as far as he is who he is."""
    return not SECOND_PERSON.plugged or not any(wrote(actor, each) for each in to_publish(drafts))


def propose_together(session: Session, actor: Actor, key: str, seen: Sequence[Seen], why: str) -> list[Definition]:
    """Ask a second person to publish the drafts under a key.

    Args:
        session: the transaction; the caller commits, or rolls back.
        actor: who asks.
        key: of the process.
        seen: what he had before him of each draft that is not proposed yet, in the order of `drafts_of`.
        why: why there are new versions.

    Returns:
        the drafts that are proposed now.

    Raises:
        Refusal: `stale_version`, they are not the drafts that he saw.
        PartError: what `drafting.propose` says of one of them.
    """
    drafts = drafts_of(session, key)
    for draft, saw in _as_seen(to_propose(drafts), seen):
        try:
            propose(session, actor, draft, saw.edition, why, beside=drafts)
        except (Refusal, DefinitionError) as cause:
            raise PartError(draft.kind, cause) from cause
    return to_publish(drafts)


def publish_together(session: Session, actor: Actor, key: str, seen: Sequence[Seen], why: str) -> list[Definition]:
    """Make each draft under a key the next version; where a second person publishes, each that is proposed.

    Arguments as in `propose_together`, for the drafts that are published.

    Raises:
        Refusal: `stale_version`, they are not the drafts that he saw.
        PartError: what `drafting.publish_draft` says of one of them.
    """
    drafts = to_publish(drafts_of(session, key))
    for draft, saw in _as_seen(drafts, seen):
        try:
            publish_draft(session, actor, draft, saw.edition, knows=saw.knows, why=why, beside=drafts)
        except (Refusal, DefinitionError) as cause:
            raise PartError(draft.kind, cause) from cause
    return drafts


def hand_on(session: Session, actor: Actor, draft: Definition, why: str, beside: Sequence[Definition]) -> None:
    """Publish a draft that its author has just begun; where a second person publishes, propose it to him.

    Args:
        session: the transaction; the caller commits.
        actor: its author.
        draft: that nobody else has seen.
        why: why there is a new version.
        beside: drafts that are handed on in the same transaction.

    Raises:
        Refusal: as `drafting.propose` and `drafting.publish_draft`.
        DefinitionError: it cannot be published.
    """
    if SECOND_PERSON.plugged:
        propose(session, actor, draft, draft.edition, why, beside=beside)
    else:
        publish_draft(session, actor, draft, draft.edition, knows=draft.based_on or 0, why=why, beside=beside)


def _as_seen(drafts: Sequence[Definition], seen: Sequence[Seen]) -> Iterator[tuple[Definition, Seen]]:
    """Each draft with what was seen of it; nothing is done to any where they are not the same drafts."""
    if not drafts or [(each.id, each.edition) for each in drafts] != [saw[:2] for saw in seen]:
        raise Refusal("stale_version")
    return zip(drafts, seen, strict=True)
