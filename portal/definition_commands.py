"""The operator's commands for forms, chains, calendars and templates of documents: `flask definitions …`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import AppGroup

from portal.db import reading
from portal.definitions import service
from portal.definitions.models import KINDS
from portal.definitions.reading import guess_kind, read_definition
from portal.definitions.writing import write_yaml
from portal.findings import definition_line
from portal.words import format_datetime
from workflows.bpmn.writing import written
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition

PUBLISHED_HERE = ("form", "chain", "calendar")
"""Kinds that are published from a file; templates of documents come with the portal."""

definition_commands = AppGroup("definitions", help="Check, publish, list, show and export forms, chains and calendars.")


@dataclass(frozen=True)
class _Sound:
    """A definition that can be used.

    Attributes:
        kind: `form`, `chain`, `document` or `calendar`.
        key: that it names itself.
        body: its values.
    """

    kind: str
    key: str
    body: dict[str, Any]


@definition_commands.command("check")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="What the files define, where it cannot be told.")
def check(paths: tuple[Path, ...], kind: str | None) -> None:
    """Read files and name everything that is wrong with each; nothing is published."""
    sound = [_tell_sound(path, kind) for path in paths]
    if not all(sound):
        raise SystemExit(1)


def _tell_sound(path: Path, kind: str | None) -> bool:
    found = _read(path, kind)
    if found is not None:
        click.echo(f"{click.format_filename(path)}: {found.kind} {found.key} is sound")
    return found is not None


def _read(path: Path, kind: str | None) -> _Sound | None:
    """What a file defines, or nothing after saying everything that is wrong with it."""
    try:
        body = read_definition(path)
        kind = kind or guess_kind(path, body)
        return _Sound(kind, service.own_key(kind, body), body)
    except DefinitionError as error:
        for finding in error.findings:
            click.echo(definition_line(click.format_filename(path), finding), err=True)
        return None


@definition_commands.command("publish")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(PUBLISHED_HERE), help="What the file defines, where it cannot be told.")
def publish(path: Path, kind: str | None) -> None:
    """Publish a form or a chain as the next version of the key that it names; what runs keeps its own version."""
    found = _read(path, kind)
    if found is None:
        raise SystemExit(1)
    if found.kind not in PUBLISHED_HERE:
        raise click.UsageError("Only forms and chains are published from a file.")
    session = _session()
    last = service.last_version(session, found.kind, found.key)
    definition = service.publish(session, actor="system", kind=found.kind, key=found.key, body=found.body)
    session.commit()
    done = "nothing changed" if definition is last else "published"
    click.echo(f"{found.kind} {found.key} v{definition.version}: {done}")


@definition_commands.command("list")
def list_all() -> None:
    """Print every version: kind, key, number, state, when it was published, shipped or own."""
    session = _session()
    with reading(session):
        rows = [_row(each) for each in service.every_version(session)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _row(definition: Definition) -> tuple[str, ...]:
    published = format_datetime(definition.published_at) if definition.published_at else "-"
    origin = "shipped" if definition.shipped else "own"
    return definition.kind, definition.key, f"v{definition.version}", definition.status, published, origin


@definition_commands.command("show")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key")
@click.option("--version", "number", type=click.IntRange(min=1), help="Which one; else the newest published one.")
def show(kind: str, key: str, number: int | None) -> None:
    """Write a version as YAML that `check` and `publish` read."""
    session = _session()
    with reading(session):
        click.echo(write_yaml(_found(session, kind, key, number).body), nl=False)


@definition_commands.command("bpmn")
@click.argument("key")
@click.option("--version", "number", type=click.IntRange(min=1), help="Which one; else the newest published one.")
def bpmn(key: str, number: int | None) -> None:
    """Write a version of a chain as BPMN 2.0 with its diagram, for other programs; what it leaves out stands in it."""
    session = _session()
    with reading(session):
        found = _found(session, "chain", key, number)
        click.echo(written(service.chain_of(found), found.version), nl=False)


def _found(session: Session, kind: str, key: str, number: int | None) -> Definition:
    """A version, or the newest published one where no number is given."""
    try:
        return service.version(session, kind, key, number) if number else service.current(session, kind, key)
    except Refusal:
        raise click.UsageError("There is no such version; `flask definitions list` names those there are.") from None


def _session() -> Session:
    session: Session = current_app.extensions["trinh"]["database"].session()
    return session
