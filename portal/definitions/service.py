"""Publishing definitions and finding the version that something runs on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import bindparam, func, select, tuple_

from portal import audit, jobs
from portal.db import lock_for, utc_now
from portal.definitions import surroundings
from portal.definitions.models import PUBLISHED, Definition
from portal.definitions.reading import read_definition
from portal.definitions.templates import check_template
from workflows import selection
from workflows.calendars import parse_calendar
from workflows.errors import DefinitionError, Finding, Refusal
from workflows.forms import Form, content_hash, parse_form
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from workflows.calendars import Calendar
    from workflows.definition import Chain
    from workflows.turn import Facts

Parsed = TypeVar("Parsed")

PUBLISHING_LOCK = 6103

CALENDAR = "vietnam"
"""The calendar by which working time is counted."""

CALENDAR_CHANGED = "calendar_changed"
"""The job that is owed when a calendar gets a next version; its payload names the `key`."""

LIBRARY = Path(__file__).resolve().parents[2] / "workflows" / "library"


def _document_body(folder: Path) -> dict[str, Any]:
    """A template's folder as one body, with the shared blocks it names, so that a version is whole."""
    metadata = read_definition(folder / "metadata.yaml")
    blocks = folder.parent / "blocks"
    return {
        "metadata": metadata,
        "template": (folder / "template.html").read_text(encoding="utf-8"),
        "style": (folder / "style.css").read_text(encoding="utf-8"),
        "blocks": {f"{name}.html": (blocks / f"{name}.html").read_text("utf-8") for name in metadata["blocks"]},
        "block_styles": [(blocks / f"{name}.css").read_text("utf-8") for name in metadata["blocks"]],
    }


def shipped() -> list[tuple[str, str, dict[str, Any]]]:
    """Every definition of the library: kind, key, body.

    Raises:
        DefinitionError: a shipped file is broken; the release is.
    """
    forms = [("form", path.stem, read_definition(path)) for path in sorted((LIBRARY / "forms").glob("*.yaml"))]
    chains = [("chain", path.stem, read_definition(path)) for path in sorted((LIBRARY / "chains").glob("*.yaml"))]
    days = [("calendar", path.stem, read_definition(path)) for path in sorted((LIBRARY / "calendars").glob("*.yaml"))]
    folders = sorted(path.parent for path in (LIBRARY / "documents").glob("*/metadata.yaml"))
    return forms + chains + days + [("document", folder.name, _document_body(folder)) for folder in folders]


CHECKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "form": parse_form,
    "chain": parse_chain,
    "document": check_template,
    "calendar": parse_calendar,
}


def own_key(kind: str, body: Any) -> str:
    """The key that a body names itself, after it was checked.

    Args:
        kind: `form`, `chain`, `document` or `calendar`.
        body: plain values of any shape.

    Raises:
        DefinitionError: it cannot be used; with every finding at its path.
    """
    CHECKS[kind](body)
    return str(body["metadata"]["key"] if kind == "document" else body["key"])


def check(kind: str, key: str, body: dict[str, Any]) -> None:
    """Whether a body can be published under a key.

    Raises:
        DefinitionError: with every finding at its path.
    """
    if own_key(kind, body) != key:
        raise DefinitionError([Finding("key", "not_one_of", {"allowed": [key]})])


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


def last_version(session: Session, kind: str, key: str) -> Definition | None:
    """The newest version in whatever state; nobody publishes another until this transaction ends."""
    lock_for(session, PUBLISHING_LOCK)
    mine = select(Definition).where(Definition.kind == kind, Definition.key == key)
    return session.scalar(mine.order_by(Definition.version.desc()).limit(1))


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
    """All versions in whatever state, by kind, key and number."""
    return list(session.scalars(select(Definition).order_by(Definition.kind, Definition.key, Definition.version)))


def all_current(session: Session, kind: str) -> list[Definition]:
    """The newest published version of every key of a kind, by key."""
    published = (Definition.kind == kind, Definition.status == PUBLISHED)
    newest = select(Definition.key, func.max(Definition.version)).where(*published).group_by(Definition.key)
    mine = select(Definition).where(*published, tuple_(Definition.key, Definition.version).in_(newest))
    return list(session.scalars(mine.order_by(Definition.key)))


def chain_for(session: Session, form_key: str, facts: Facts) -> Definition:
    """The chain that a submission goes through when it is handed in now.

    Args:
        session: any transaction.
        form_key: of its form.
        facts: what the conditions of chains may see.

    Raises:
        Refusal: `no_chain`, `several_chains`.
    """
    chains = {chain_of(each).key: each for each in all_current(session, "chain")}
    return chains[selection.chain_for(form_key, [chain_of(each) for each in chains.values()], facts).key]


def publish(
    session: Session, *, actor: str, kind: str, key: str, body: dict[str, Any], shipped: bool = False
) -> Definition:
    """Publish a body as the next version of its key; the same body again changes nothing.

    Args:
        session: the transaction.
        actor: who publishes, as the audit log writes it.
        kind: `form`, `chain`, `document` or `calendar`.
        key: which one.
        body: plain JSON-safe values.
        shipped: it comes with the portal; it never follows a version that someone here published.

    Raises:
        DefinitionError: the body cannot be used.
        TypeError: a number in it is a float.
    """
    check(kind, key, body)
    sha256 = content_hash(body)
    last = last_version(session, kind, key)
    if last is not None and last.status == PUBLISHED and (last.sha256 == sha256 or (shipped and not last.shipped)):
        return last
    if kind == "chain":
        _refuse_misfits(session, parse_chain(body), shipped=shipped)
    if kind == "form" and (taken := [*surroundings.of_inputs(parse_form(body))]):
        raise DefinitionError(taken)
    definition = Definition(
        kind=kind,
        key=key,
        version=last.version + 1 if last else 1,
        status=PUBLISHED,
        body=body,
        sha256=sha256,
        shipped=shipped,
        published_at=utc_now(),
    )
    session.add(definition)
    session.flush()
    if kind == "calendar" and last is not None:
        jobs.enqueue(session, CALENDAR_CHANGED, key=key)
    details = {"kind": kind, "key": key, "version": definition.version, "sha256": sha256}
    audit.record(
        session, actor=actor, action="definition_published", kind="definition", key=definition.id, details=details
    )
    return definition


def _refuse_misfits(session: Session, chain: Chain, *, shipped: bool) -> None:
    """A chain must fit the forms and the units that are there; what ships comes before there are any units.

    Raises:
        DefinitionError: with everything that does not fit, at its path.
    """
    forms = [form_of(each) for each in all_current(session, "form") if each.key in chain.forms]
    found = [*surroundings.of_forms(chain, forms), *(() if shipped else surroundings.of_units(session, chain))]
    if found:
        raise DefinitionError(found)


def publish_shipped(session: Session) -> None:
    """Publish the library: first versions on a new database, next versions after an upgrade that changed them."""
    for kind, key, body in shipped():
        publish(session, actor="system", kind=kind, key=key, body=body, shipped=True)


_PARSED: dict[str, Any] = {}
"""What published bodies parse to, by their hash; a published body never changes, so neither does this."""


def _parsed(definition: Definition, parse: Callable[[dict[str, Any]], Parsed]) -> Parsed:
    """What a version parses to; parsed once per process."""
    if definition.sha256 not in _PARSED:
        _PARSED[definition.sha256] = parse(definition.body)
    found: Parsed = _PARSED[definition.sha256]
    return found


def form_of(definition: Definition) -> Form:
    """The parsed form of a version."""
    return _parsed(definition, parse_form)


def chain_of(definition: Definition) -> Chain:
    """The parsed chain of a version."""
    return _parsed(definition, parse_chain)


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
