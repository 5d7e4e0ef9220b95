"""Publishing definitions and finding the version that something runs on."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, false, select, true

from portal import audit
from portal.db import utc_now
from portal.definitions.models import PUBLISHED, Definition
from portal.definitions.reading import read_file
from workflows.definition import Chain, parse_chain
from workflows.errors import Refusal
from workflows.forms import Form, parse_form

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.security import Actor

LIBRARY = Path(__file__).resolve().parents[2] / "workflows" / "library"


def scope(actor: Actor) -> ColumnElement[bool]:
    """Definitions are no secret to anyone signed in."""
    return true() if actor.user_id else false()


def canonical(body: dict[str, Any]) -> str:
    """The one JSON text of a body, whatever order its keys came in."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _document_body(folder: Path) -> dict[str, Any]:
    """A template's folder as one body, with the shared blocks it names, so that a version is whole."""
    metadata = read_file(folder / "metadata.yaml")
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
    forms = [("form", path.stem, read_file(path)) for path in sorted((LIBRARY / "forms").glob("*.yaml"))]
    chains = [("chain", path.stem, read_file(path)) for path in sorted((LIBRARY / "chains").glob("*.yaml"))]
    folders = sorted(path.parent for path in (LIBRARY / "documents").glob("*/metadata.yaml"))
    return forms + chains + [("document", folder.name, _document_body(folder)) for folder in folders]


def check(kind: str, body: dict[str, Any]) -> None:
    """Whether a body can be published.

    Raises:
        DefinitionError: with every finding at its path.
    """
    if kind == "form":
        parse_form(body)
    elif kind == "chain":
        parse_chain(body)


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


def publish(session: Session, *, actor: str, kind: str, key: str, body: dict[str, Any]) -> Definition:
    """Publish a body as the next version of its key; the same body again changes nothing.

    Args:
        session: the transaction.
        actor: who publishes, as the audit log writes it.
        kind: `form`, `chain` or `document`.
        key: which one.
        body: plain JSON-safe values.

    Raises:
        DefinitionError: the body cannot be used.
    """
    check(kind, body)
    sha256 = hashlib.sha256(canonical(body).encode()).hexdigest()
    last = session.scalar(
        select(Definition)
        .where(Definition.kind == kind, Definition.key == key)
        .order_by(Definition.version.desc())
        .limit(1)
    )
    if last is not None and last.sha256 == sha256:
        return last
    version = last.version + 1 if last else 1
    definition = Definition(
        kind=kind, key=key, version=version, status=PUBLISHED, body=body, sha256=sha256, published_at=utc_now()
    )
    session.add(definition)
    session.flush()
    details = {"kind": kind, "key": key, "version": version, "sha256": sha256}
    audit.record(
        session, actor=actor, action="definition_published", kind="definition", key=definition.id, details=details
    )
    return definition


def publish_shipped(session: Session) -> None:
    """Publish the library: first versions on a new database, next versions after an upgrade that changed them."""
    for kind, key, body in shipped():
        publish(session, actor="system", kind=kind, key=key, body=body)


@lru_cache(maxsize=256)
def _parsed_form(_sha256: str, text: str) -> Form:
    return parse_form(json.loads(text))


@lru_cache(maxsize=256)
def _parsed_chain(_sha256: str, text: str) -> Chain:
    return parse_chain(json.loads(text))


def form_of(definition: Definition) -> Form:
    """The parsed form of a version; parsed once per process, for a published body never changes."""
    return _parsed_form(definition.sha256, canonical(definition.body))


def chain_of(definition: Definition) -> Chain:
    """The parsed chain of a version; parsed once per process."""
    return _parsed_chain(definition.sha256, canonical(definition.body))
