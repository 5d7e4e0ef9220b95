"""The verbs of a draft: begin, save, ask a second person, give it back, publish, discard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.db import utc_now
from portal.definitions.bounds import refuse_beyond
from portal.definitions.checks import refuse_unfit
from portal.definitions.models import DRAFT, LONGEST_NOTE, NOT_NUMBERED, PUBLISHED, Definition, names_in
from portal.definitions.publishing import PUBLISH, hold, note, seal
from portal.definitions.service import draft_of, newest
from portal.ports import Port
from portal.texts import kept
from workflows.errors import DefinitionError, Finding, Refusal
from workflows.forms import content_hash
from workflows.reader import KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from portal.security import Actor

SECOND_PERSON: Port[bool] = Port("whether a second person publishes what one has drafted")

WRITE = ("can_draft", "DefinitionView")


def begin(session: Session, actor: Actor, kind: str, key: str) -> Definition:
    """A draft of the next version, with what the newest one says.

    Args:
        session: the transaction; the caller commits.
        actor: its first author.
        kind: one of `models.KINDS`.
        key: under which there is a version, published or retired.

    Raises:
        Refusal: `not_permitted`, `no_definition`, `draft_exists`, `definition_too_large`.
    """
    last = newest(session, kind, key)
    if last is None:
        raise Refusal("no_definition", {"kind": kind, "key": key})
    return begin_with(session, actor, kind, key, last.body)


def begin_new(session: Session, actor: Actor, kind: str, key: str, body: dict[str, Any]) -> Definition:
    """A draft under a key that nothing has yet.

    Args:
        session: the transaction; the caller commits.
        actor: its first author.
        kind: one of `models.KINDS`.
        key: in small letters, digits, `-` and `_`.
        body: plain values, however far from being sound.

    Raises:
        Refusal: `not_permitted`, `bad_key`, `key_taken`, `draft_exists`, `definition_too_large`.
    """
    if not KEY.fullmatch(key):
        raise Refusal("bad_key")
    if newest(session, kind, key) is not None:
        raise Refusal("key_taken", {"key": key})
    return begin_with(session, actor, kind, key, body)


def begin_with(session: Session, actor: Actor, kind: str, key: str, body: dict[str, Any]) -> Definition:
    """A draft of the next version that says something of its own; arguments and errors as in `begin`."""
    _ask(actor, WRITE)
    hold(session)
    if draft_of(session, kind, key) is not None:
        raise Refusal("draft_exists", {"key": key})
    last = newest(session, kind, key)
    draft = Definition(kind=kind, key=key, version=NOT_NUMBERED, status=DRAFT, created_by=actor.username)
    draft.based_on, draft.authors = last.version if last else None, [actor.username]
    _fill(draft, body)
    session.add(draft)
    session.flush()
    note(session, actor.username, draft, "definition_begun")
    return draft


def save(session: Session, actor: Actor, draft: Definition, body: dict[str, Any], edition: int) -> None:
    """Keep what was written; whether it can be published does not matter yet.

    Args:
        session: the transaction; the caller commits.
        actor: who wrote it.
        draft: that is not proposed.
        body: plain values, however far from being sound.
        edition: of the draft that he began from.

    Raises:
        Refusal: `not_permitted`, `not_a_draft`, `proposed`, `stale_version`, `definition_too_large`.
        DefinitionError: `wrong_type`, it is not even a mapping.
    """
    _ask(actor, WRITE)
    _hold_draft(session, draft, edition, to_write=True)
    if content_hash(body) == draft.sha256:
        return
    _fill(draft, body)
    _write(session, actor, draft)
    note(session, actor.username, draft, "definition_drafted", sha256=draft.sha256)


def propose(
    session: Session, actor: Actor, draft: Definition, edition: int, why: str, *, beside: Sequence[Definition] = ()
) -> None:
    """Ask a second person to publish the draft; nobody writes in it until he answers or it is taken back.

    Args:
        session: the transaction; the caller commits.
        actor: who asks.
        draft: that can be published.
        edition: of the draft that he saw.
        why: why there is a new version.
        beside: drafts that are to be published together with it, in one transaction.

    Raises:
        Refusal: `not_permitted`, `not_a_draft`, `proposed`, `stale_version`, `nothing_new`, `note_needed`.
        DefinitionError: it cannot be published.
    """
    _ask(actor, WRITE)
    _hold_draft(session, draft, edition, to_write=True)
    _refuse_unready(session, draft, why, beside)
    draft.proposed_by, draft.note, draft.objection = actor.username, why, ""
    _write(session, actor, draft)
    note(session, actor.username, draft, "definition_proposed", reason=why, sha256=draft.sha256)


def give_back(session: Session, actor: Actor, draft: Definition, edition: int, reason: str) -> None:
    """Let the draft be written in again: its author takes it back, or the second person does not agree and says why.

    Raises:
        Refusal: `not_permitted`, `not_a_draft`, `not_proposed`, `stale_version`, `reason_required` of a second person.
    """
    _ask(actor, WRITE)
    _hold_draft(session, draft, edition)
    if not draft.proposed_by:
        raise Refusal("not_proposed")
    if not reason and actor.username != draft.proposed_by:
        raise Refusal("reason_required")
    draft.proposed_by, draft.objection = None, reason
    _bump(session, draft)
    note(session, actor.username, draft, "definition_given_back", reason=reason)


def publish_draft(
    session: Session,
    actor: Actor,
    draft: Definition,
    edition: int,
    *,
    knows: int,
    why: str,
    beside: Sequence[Definition] = (),
) -> Definition:
    """Make the draft the next version of its key.

    Args:
        session: the transaction; the caller commits.
        actor: who publishes; where a second person is asked for, somebody else than its authors.
        draft: that can be published.
        edition: of the draft that he saw.
        knows: the number of the newest version that he saw, 0 for none.
        why: why there is a new version; of a proposed draft its author has said so.
        beside: drafts that are published in the same transaction.

    Raises:
        Refusal: `not_permitted`, `not_a_draft`, `stale_version`, `overtaken` by a version published meanwhile,
            `nothing_new`, `note_needed`, `not_proposed` or `own_definition` where a second person publishes.
        DefinitionError: it cannot be published.
    """
    _ask(actor, PUBLISH)
    hold(session)
    _hold_draft(session, draft, edition)
    _refuse_own(actor, draft)
    why = draft.note if draft.proposed_by else why
    last = _refuse_unready(session, draft, why, beside)
    if (last.version if last else 0) != knows:
        raise Refusal("overtaken", {"number": last.version if last else 0})
    draft.note = why
    return seal(session, actor.username, draft, last)


def proposed_to(session: Session, actor: Actor) -> list[Definition]:
    """The drafts that wait for somebody like the actor to publish them, the longest waiting first.

    Args:
        session: any transaction.
        actor: who may publish, and wrote in none of those that are given.
    """
    if not actor.may(*PUBLISH):
        return []
    waiting = select(Definition).where(Definition.status == DRAFT, Definition.proposed_by.is_not(None))
    found = session.scalars(waiting.order_by(Definition.changed_at))
    return [each for each in found if not wrote(actor, each)]


def wrote(actor: Actor, draft: Definition) -> bool:
    """Whether somebody wrote in a draft or proposed it, so that he is not the second person for it."""
    return actor.username in (*draft.authors, draft.proposed_by)


def discard(session: Session, actor: Actor, draft: Definition, edition: int) -> None:
    """Throw a draft away; nothing ever ran on it.

    Raises:
        Refusal: `not_permitted`, `not_a_draft`, `proposed`, `stale_version`.
    """
    _ask(actor, WRITE)
    _hold_draft(session, draft, edition, to_write=True)
    note(session, actor.username, draft, "definition_discarded", sha256=draft.sha256)
    session.delete(draft)
    session.flush()


def _ask(actor: Actor, right: tuple[str, str]) -> None:
    if not actor.may(*right):
        raise Refusal("not_permitted")


def _hold_draft(session: Session, draft: Definition, edition: int, *, to_write: bool = False) -> None:
    """Read the draft anew and keep others from it until the transaction ends.

    Nobody writes in one that is proposed, and this is said before that it was changed: to look again would not help.
    """
    found = session.scalar(
        select(Definition)
        .where(Definition.id == draft.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if found is None or not found.is_draft:
        raise Refusal("not_a_draft")
    if to_write and found.proposed_by:
        raise Refusal("proposed")
    if found.edition != edition:
        raise Refusal("stale_version")


def _fill(draft: Definition, body: Any) -> None:
    if not isinstance(body, dict):
        raise DefinitionError([Finding("", "wrong_type", {"expected": "mapping"})])
    refuse_beyond(body)
    draft.body, draft.sha256, draft.name = body, content_hash(body), names_in(draft.kind, body)


def _write(session: Session, actor: Actor, draft: Definition) -> None:
    """Count a change, and remember who made it."""
    if actor.username not in draft.authors:
        draft.authors = [*draft.authors, actor.username]
    _bump(session, draft)


def _bump(session: Session, draft: Definition) -> None:
    draft.edition += 1
    draft.changed_at = utc_now()
    session.flush()


def _refuse_own(actor: Actor, draft: Definition) -> None:
    """Where a second person publishes, it is one who was asked and who wrote none of it."""
    if not SECOND_PERSON.plugged:
        return
    if not draft.proposed_by:
        raise Refusal("not_proposed")
    if wrote(actor, draft):
        raise Refusal("own_definition")


def _refuse_unready(
    session: Session, draft: Definition, why: str, beside: Sequence[Definition] = ()
) -> Definition | None:
    """The version before it, after seeing that the draft can follow it."""
    if not kept(why, LONGEST_NOTE):
        raise Refusal("note_needed")
    last = newest(session, draft.kind, draft.key)
    if last is not None and last.status == PUBLISHED and last.sha256 == draft.sha256:
        raise Refusal("nothing_new", {"number": last.version})
    refuse_unfit(session, draft.kind, draft.key, draft.body, beside=beside)
    return last
