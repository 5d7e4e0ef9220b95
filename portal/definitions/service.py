"""Which definitions there are, and what a version of one says once it is parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, func, or_, select, tuple_
from sqlalchemy.orm import undefer

from portal.definitions.models import DRAFT, PUBLISHED, Definition
from workflows import selection
from workflows.calendars import parse_calendar
from workflows.errors import Refusal
from workflows.forms import Form, parse_form
from workflows.parsing import parse_chain
from workflows.schedules import parse_schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from workflows.calendars import Calendar
    from workflows.definition import Chain
    from workflows.schedules import Schedule
    from workflows.turn import Facts

Parsed = TypeVar("Parsed")

CALENDAR = "vietnam"
"""The calendar by which working time is counted."""


def current(session: Session, kind: str, key: str) -> Definition:
    """The newest published version.

    Raises:
        Refusal: `no_definition`.
    """
    statement = select(Definition).where(Definition.kind == kind, Definition.key == key, Definition.status == PUBLISHED)
    found = session.scalar(statement.order_by(Definition.version.desc()).limit(1))
    if found is None:
        raise Refusal("no_definition", {"kind": kind, "key": key})
    return found


def newest(session: Session, kind: str, key: str) -> Definition | None:
    """The newest version, published or retired; None where nothing was ever published under the key."""
    mine = (Definition.kind == kind, Definition.key == key, Definition.status != DRAFT)
    return session.scalar(select(Definition).where(*mine).order_by(Definition.version.desc()).limit(1))


def draft_of(session: Session, kind: str, key: str) -> Definition | None:
    """The draft of a key; None while there is none."""
    mine = (Definition.kind == kind, Definition.key == key, Definition.status == DRAFT)
    return session.scalar(select(Definition).where(*mine))


def version(session: Session, kind: str, key: str, number: int) -> Definition:
    """A version in whatever state.

    Raises:
        Refusal: `no_definition`.
    """
    mine = (Definition.kind == kind, Definition.key == key, Definition.version == number)
    found = session.scalar(select(Definition).where(*mine))
    if found is None:
        raise Refusal("no_definition", {"kind": kind, "key": key})
    return found


def every_version(session: Session) -> list[Definition]:
    """All versions and drafts, by kind, key and number; a draft comes first."""
    return list(session.scalars(select(Definition).order_by(Definition.kind, Definition.key, Definition.version)))


def versions_of(session: Session, kind: str, key: str) -> list[Definition]:
    """All versions of a key and its draft, the draft first and then the newest."""
    mine = select(Definition).where(Definition.kind == kind, Definition.key == key)
    return sorted(session.scalars(mine), key=lambda each: (not each.is_draft, -each.version))


def all_current(session: Session, kind: str, *, whole: bool = False) -> list[Definition]:
    """The newest published version of every key of a kind, by key; with what they say where it is read of all."""
    return _newest_where(session, Definition.kind == kind, Definition.status == PUBLISHED, whole=whole)


def all_newest(session: Session, kind: str) -> list[Definition]:
    """The newest version of every key of a kind, published or retired, by key."""
    return _newest_where(session, Definition.kind == kind, Definition.status != DRAFT)


def in_force_and_drafted(
    session: Session, kind: str, keys: Iterable[str] | None = None, *, whole: bool = False
) -> list[Definition]:
    """The newest published version of each key of a kind, and its draft behind it.

    Args:
        session: any transaction.
        kind: one of `models.KINDS`.
        keys: of these alone; None for all there are.
        whole: whether what they say is wanted as well.
    """
    named = (Definition.kind == kind, *(() if keys is None else (Definition.key.in_(sorted(keys)),)))
    newest_numbers = (
        select(Definition.key, func.max(Definition.version))
        .where(*named, Definition.status == PUBLISHED)
        .group_by(Definition.key)
    )
    known = or_(Definition.status == DRAFT, tuple_(Definition.key, Definition.version).in_(newest_numbers))
    found = select(Definition).where(*named, known).order_by(Definition.key, Definition.version.desc())
    return list(session.scalars(found.options(undefer(Definition.body)) if whole else found))


def in_force_or_drafted(session: Session, kind: str, keys: Iterable[str] | None = None) -> list[Definition]:
    """The draft of each key of a kind, else its newest published version; arguments as `in_force_and_drafted`."""
    found = in_force_and_drafted(session, kind, keys, whole=True)
    return list({each.key: each for each in found}.values())


def _newest_where(session: Session, *condition: ColumnElement[bool], whole: bool = False) -> list[Definition]:
    newest_numbers = select(Definition.key, func.max(Definition.version)).where(*condition).group_by(Definition.key)
    mine = select(Definition).where(*condition, tuple_(Definition.key, Definition.version).in_(newest_numbers))
    options = [undefer(Definition.body)] if whole else []
    return list(session.scalars(mine.options(*options).order_by(Definition.key)))


def chain_for(session: Session, form_key: str, facts: Facts) -> Definition:
    """The chain that a submission goes through when it is handed in now.

    Args:
        session: any transaction.
        form_key: of its form.
        facts: what the conditions of chains may see.

    Raises:
        Refusal: `no_chain`, `several_chains`.
    """
    there = {each.key: each for each in all_current(session, "chain")}
    return there[selection.chain_for(form_key, map(chain_of, there.values()), facts).key]


_PARSED: dict[str, Any] = {}
"""What published bodies parse to, by their hash; a published body never changes, so neither does this."""

MOST_PARSED = 1_000
"""How many are kept before all are read anew: a few hundred at most are in force or have work that runs on them."""


def _parsed(definition: Definition, parse: Callable[[dict[str, Any]], Parsed]) -> Parsed:
    """What a version parses to; parsed once per process."""
    found: Parsed | None = _PARSED.get(definition.sha256)
    if found is None:
        found = parse(definition.body)
        if len(_PARSED) >= MOST_PARSED:
            _PARSED.clear()
        _PARSED[definition.sha256] = found
    return found


def form_of(definition: Definition) -> Form:
    """The parsed form of a version."""
    return _parsed(definition, parse_form)


def chain_of(definition: Definition) -> Chain:
    """The parsed chain of a version."""
    return _parsed(definition, parse_chain)


def schedule_of(definition: Definition) -> Schedule:
    """The parsed schedule of a version."""
    return _parsed(definition, parse_schedule)


_NEWEST_HASH = (
    select(Definition.sha256)
    .where(
        Definition.kind == bindparam("kind"),
        Definition.key == bindparam("key"),
        Definition.status == bindparam("status"),
    )
    .order_by(Definition.version.desc())
    .limit(1)
)


def current_calendar(session: Session) -> Calendar | None:
    """The working calendar in force; None while there is none.

    Each decision asks for it, so only its hash is read where it was parsed before.
    """
    named = {"kind": "calendar", "key": CALENDAR, "status": PUBLISHED}
    sha256 = session.connection().execute(_NEWEST_HASH, named).scalar()
    if sha256 is None:
        return None
    return _PARSED.get(sha256) or calendar_of(current(session, "calendar", CALENDAR))


def calendar_of(definition: Definition) -> Calendar:
    """The parsed calendar of a version."""
    return _parsed(definition, parse_calendar)
