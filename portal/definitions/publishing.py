"""Publishing a body as the next version of its key, and taking a key out of use."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from portal import audit, jobs
from portal.db import lock_for, utc_now
from portal.definitions.checks import refuse_unfit
from portal.definitions.library import shipped as library
from portal.definitions.models import NOT_NUMBERED, PUBLISHED, RETIRED, Definition, names_in
from portal.definitions.service import newest, versions_of
from portal.definitions.usage import needed_by
from portal.indicators.service import add_shipped as add_indicators
from workflows.errors import DefinitionError, Refusal
from workflows.forms import content_hash

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.security import Actor

log = logging.getLogger(__name__)

PUBLISHING_LOCK = 6103

CALENDAR_CHANGED = "calendar_changed"
"""The job that is owed when a calendar gets a next version; its payload names the `key`."""

PUBLISH = ("can_publish", "DefinitionView")


def hold(session: Session) -> None:
    """Let nobody else write definitions until this transaction ends."""
    lock_for(session, PUBLISHING_LOCK)


def publish(
    session: Session, *, actor: str, kind: str, key: str, body: dict[str, Any], shipped: bool = False, note: str = ""
) -> Definition:
    """Publish a body as the next version of its key; the same body again changes nothing.

    Whether somebody may do so, and alone, is asked by those who call it.

    Args:
        session: the transaction.
        actor: who publishes, as the audit log writes it.
        kind: one of `models.KINDS`.
        key: which one.
        body: plain JSON-safe values.
        shipped: it comes with the portal; it never follows a version that someone here published, nor one that
            someone here retired.
        note: why.

    Raises:
        DefinitionError: the body cannot be used.
        TypeError: a number in it is a float.
    """
    hold(session)
    last, sha256 = newest(session, kind, key), content_hash(body)
    if last is not None and (_says_the_same(last, sha256) or (shipped and not _is_as_shipped(last))):
        return last
    refuse_unfit(session, kind, key, body, shipped=shipped)
    definition = Definition(kind=kind, key=key, body=body, name=names_in(kind, body), sha256=sha256, shipped=shipped)
    definition.version, definition.created_by, definition.authors = NOT_NUMBERED, actor, []
    definition.based_on, definition.note = last.version if last else None, note
    session.add(definition)
    return seal(session, actor, definition, last)


def _says_the_same(last: Definition, sha256: str) -> bool:
    return last.status == PUBLISHED and last.sha256 == sha256


def _is_as_shipped(last: Definition) -> bool:
    return last.shipped and last.status == PUBLISHED


def seal(session: Session, actor: str, definition: Definition, last: Definition | None) -> Definition:
    """Give a checked body its number: from here on it never changes.

    Args:
        session: the transaction, which holds the lock.
        actor: who publishes.
        definition: new, or the draft.
        last: the version before it.
    """
    definition.version = last.version + 1 if last else 1
    definition.status, definition.proposed_by = PUBLISHED, None
    definition.published_by, definition.published_at = actor, utc_now()
    session.flush()
    if definition.kind == "calendar" and last is not None:
        jobs.enqueue(session, CALENDAR_CHANGED, key=definition.key)
    note(session, actor, definition, "definition_published", sha256=definition.sha256)
    return definition


def note(session: Session, actor: str, definition: Definition, action: str, **more: Any) -> None:
    """Write into the audit log what was done to a definition."""
    details = {"kind": definition.kind, "key": definition.key, "version": definition.version, **more}
    audit.record(session, actor=actor, action=action, kind="definition", key=definition.id, details=details)


def publish_shipped(session: Session) -> None:
    """Publish the library: first versions on a new database, next versions after an upgrade that changed them.

    What no longer fits what was changed here stays in the version before, and the log says why: an upgrade goes on.

    Args:
        session: the transaction.

    Raises:
        DefinitionError: a first version cannot be used; the release is broken.
    """
    add_indicators(session)  # first, for the forms of the library name them
    for kind, key, body in library():
        try:
            publish(session, actor="system", kind=kind, key=key, body=body, shipped=True)
        except DefinitionError as error:
            if newest(session, kind, key) is None:
                raise
            log.warning(
                "the %s %s of this release does not fit what is in force here, and is left out: %s", kind, key, error
            )


def retire(session: Session, actor: Actor, kind: str, key: str, *, seen: int, reason: str) -> list[Definition]:
    """Take a key out of use: nothing new begins with it, and whatever runs goes on.

    Args:
        session: the transaction.
        actor: who does it.
        kind: one of `models.KINDS`.
        key: which one.
        seen: the number of the newest version when he decided.
        reason: why.

    Returns:
        the versions that were published until now.

    Raises:
        Refusal: `not_permitted`, `reason_required`, `no_definition`, `stale_version`, `already_retired`,
            `still_needed` with what would stop working.
    """
    if not actor.may(*PUBLISH):
        raise Refusal("not_permitted")
    if not reason:
        raise Refusal("reason_required")
    hold(session)
    published = _published(session, kind, key, seen)
    if needing := needed_by(session, kind, key):
        raise Refusal("still_needed", {"things": needing})
    for each in published:
        each.status, each.retired_by, each.retired_at = RETIRED, actor.username, utc_now()
    session.flush()
    note(session, actor.username, published[0], "definition_retired", reason=reason)
    return published


def _published(session: Session, kind: str, key: str, seen: int) -> list[Definition]:
    """The published versions of a key, the newest first."""
    versions = [each for each in versions_of(session, kind, key) if not each.is_draft]
    if not versions:
        raise Refusal("no_definition", {"kind": kind, "key": key})
    if versions[0].version != seen:
        raise Refusal("stale_version")
    published = [each for each in versions if each.status == PUBLISHED]
    if not published:
        raise Refusal("already_retired")
    return published
