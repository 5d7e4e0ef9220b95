"""The operator's commands for forms, chains, documents, calendars and schedules: `flask definitions …`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup

from portal.db import reading
from portal.definitions import service
from portal.definitions.bundles import NotTakenError, take
from portal.definitions.drafting import WRITE
from portal.definitions.folders import Wrong, read_entry, read_folder, write_folder
from portal.definitions.models import KINDS
from portal.definitions.publishing import PUBLISH
from portal.definitions.schemas import schema_text
from portal.definitions.wording import difference_lines
from portal.definitions.writing import write_yaml
from portal.findings import definition_line
from portal.refusals import sentence
from portal.security import PORTAL
from portal.words import format_datetime
from workflows.bpmn.writing import written
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

    from portal.definitions.bundles import Taken
    from portal.definitions.folders import Entry
    from portal.definitions.models import Definition

OPERATOR = replace(PORTAL, permissions=frozenset({WRITE, PUBLISH}))
"""Whoever can call commands can write into the database anyway."""

definition_commands = AppGroup(
    "definitions", help="Check, publish, import, export, compare forms, chains, documents, calendars and schedules."
)


@definition_commands.command("check")
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="What the files define, where it cannot be told.")
def check(paths: tuple[Path, ...], kind: str | None) -> None:
    """Read files and name everything that is wrong with each; nothing is published. A folder stands for its files."""
    results = [_tell_sound(path, kind) for path in paths]
    if not all(results):
        raise SystemExit(1)


def _tell_sound(path: Path, kind: str | None) -> bool:
    if not path.is_dir():
        found = _read(path, kind)
        _tell_entries([found] if found else [])
        return found is not None
    entries, wrong = read_folder(path)
    _tell_wrong(wrong)
    _tell_entries(entries)
    return not wrong


def _tell_entries(entries: Iterable[Entry]) -> None:
    for each in entries:
        click.echo(f"{click.format_filename(str(each.path))}: {each.kind} {each.key} is sound")


def _tell_wrong(wrong: Iterable[Wrong]) -> None:
    for each in wrong:
        file = click.format_filename(str(each.path))
        if each.refusal:
            click.echo(f"{file}: {sentence(each.refusal)}", err=True)
        for finding in each.findings:
            click.echo(definition_line(file, finding), err=True)


def _read(path: Path, kind: str | None) -> Entry | None:
    """What a file defines, or nothing after saying everything that is wrong with it."""
    try:
        return read_entry(path, kind)
    except DefinitionError as error:
        _tell_wrong([Wrong(path, error.findings)])
        return None


@definition_commands.command("publish")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), help="What the file defines, where it cannot be told.")
@click.option("--why", default="flask definitions publish", help="Why there is a new version.")
def publish(path: Path, kind: str | None, why: str) -> None:
    """Publish a file as the next version of the key that it names; what runs keeps its own version."""
    found = _read(path, kind)
    if found is None:
        raise SystemExit(1)
    _take([found], publish=True, why=why)


@definition_commands.command("import")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--publish", "is_published", is_flag=True, help="Publish what is new instead of keeping it as drafts.")
@click.option("--why", default="flask definitions import", help="Why there are new versions.")
def import_folder(folder: Path, *, is_published: bool, why: str) -> None:
    """Take in every definition of a folder, as drafts: all of them, or none after naming everything that is wrong."""
    entries, wrong = read_folder(folder)
    if wrong:
        _tell_wrong(wrong)
        click.echo("Nothing was imported.", err=True)
        raise SystemExit(1)
    _take(entries, publish=is_published, why=why)


def _take(entries: Iterable[Entry], *, publish: bool, why: str) -> None:
    session = _session()
    try:
        taken = take(session, OPERATOR, entries, publish=publish, why=why)
    except NotTakenError as error:
        session.rollback()
        _tell_wrong(error.against)
        click.echo("Nothing was changed.", err=True)
        raise SystemExit(1) from None
    session.commit()
    for each in taken:
        click.echo(f"{each.entry.kind} {each.entry.key}{_number(each.definition)}: {_became(each)}")


def _became(taken: Taken) -> str:
    if not taken.is_new:
        return "nothing changed"
    if taken.definition.proposed_by:
        return "proposed to a second person"
    return "kept as a draft" if taken.definition.is_draft else "published"


def _number(definition: Definition) -> str:
    return f" v{definition.version}" if definition.version else ""


@definition_commands.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export(folder: Path) -> None:
    """Write every definition in force into a folder that can live in git; `import` reads it."""
    session = _session()
    with reading(session):
        current = [each for kind in KINDS for each in service.all_current(session, kind, whole=True)]
        paths = write_folder(folder, [(each.kind, each.key, each.body) for each in current])
    for path in paths:
        click.echo(click.format_filename(path))


@definition_commands.command("diff")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
def diff(folder: Path) -> None:
    """Say in words what importing a folder would change; the status is 1 where it would change something."""
    entries, wrong = read_folder(folder)
    _tell_wrong(wrong)
    session = _session()
    with reading(session):
        changed = [_tell_difference(session, each) for each in entries]
    if wrong or any(changed):
        raise SystemExit(1)


def _tell_difference(session: Session, entry: Entry) -> bool:
    """Say what is different; whether anything is."""
    last = service.newest(session, entry.kind, entry.key)
    name = f"{entry.kind} {entry.key}"
    if last is None:
        click.echo(f"{name}: new")
        return True
    lines = [f"  {line}" for line in difference_lines(last.body, entry.body)]
    if lines:
        click.echo("\n".join([f"{name}: differs from v{last.version}", *lines]))
    return bool(lines)


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
    number = f"v{definition.version}" if definition.version else "-"
    return definition.kind, definition.key, number, definition.status, published, origin


@definition_commands.command("show")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("key")
@click.option("--version", "number", type=click.IntRange(min=1), help="Which one; else the newest published one.")
def show(kind: str, key: str, number: int | None) -> None:
    """Write a version as YAML that `check` and `publish` read."""
    session = _session()
    with reading(session):
        click.echo(write_yaml(_found(session, kind, key, number).body), nl=False)


@definition_commands.command("schema")
@click.argument("kind", type=click.Choice(KINDS))
def schema(kind: str) -> None:
    """Write the JSON Schema of a kind, by which editors check YAML while it is written."""
    click.echo(schema_text(kind), nl=False)


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
