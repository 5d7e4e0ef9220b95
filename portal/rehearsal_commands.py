"""The operator's commands that try out a chain before it is published: `flask approvals rehearse` and `… replay`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal.approvals import trying
from portal.approvals.words import explain, known_as
from portal.db import reading, utc_now
from portal.definitions.reading import read_definition
from portal.findings import definition_line
from portal.security import today
from portal.units import service as units
from portal.words import format_datetime, format_number, label
from workflows.errors import DefinitionError
from workflows.parsing import parse_chain
from workflows.rehearsal import Sample

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.approvals.trying import Replayed
    from portal.approvals.words import Names
    from workflows.definition import Chain
    from workflows.guards import Scalar
    from workflows.rehearsal import Part, Stop, Trial

MOST_DIGITS = 18
SPOKEN = {"true": True, "false": False}


@click.command("rehearse")
@with_appcontext
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--unit", "code", required=True, help="Code of the unit that submits.")
@click.option("--drafter", required=True, help="User name of the clerk who submits.")
@click.option(
    "--fact", "facts", multiple=True, metavar="NAME=VALUE", help="What conditions may see; as often as needed."
)
def rehearse(path: Path, code: str, drafter: str, facts: tuple[str, ...]) -> None:
    """Try out a chain with a made-up submission: where it would go, to whom, until when, and where it would stop."""
    session, chain = _session(), _chain(path)
    with reading(session):
        unit, account = units.unit_by_code(session, code), _account(session, drafter)
        if unit is None:
            raise click.UsageError(f"There is no unit {code}.")
        seen: dict[str, Scalar] = {"unit_kind": unit.kind, **dict(map(_fact, facts))}
        origin = trying.Origin(unit.id, chain.forms[0] if chain.forms else "", today())
        trial = trying.try_out(session, chain, origin, Sample(str(account.id), utc_now(), seen))
        people = known_as(session, chain, trying.people_in(trial))
        for line in _way(chain, trial, people):
            click.echo(line)
    if trial.dead_end:
        raise SystemExit(1)


@click.command("replay")
@with_appcontext
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="First day, as 2026-07-01.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day; today unless it is named.")
def replay(path: Path, since: datetime, until: datetime | None) -> None:
    """Carry what was handed in between two days through a chain, and set it beside what really happened."""
    session, chain = _session(), _chain(path)
    with reading(session):
        last = until.date() if until else today()
        if since.year not in trying.YEARS or last.year not in trying.YEARS:
            raise click.UsageError("Name a day between 2000 and 2199.")
        found = list(trying.compare(session, chain, since.date(), last))
        people = known_as(session, chain, {key for each in found for key in each.people})
        for each in found:
            for line in _beside(chain, each, people):
                click.echo(line)
    dead_ends = sum(each.trial.dead_end is not None for each in found)
    same = sum(each.is_same_way for each in found)
    click.echo(f"cases: {len(found)}, the same way: {same}, another way: {len(found) - same}, dead ends: {dead_ends}")
    if dead_ends:
        raise SystemExit(1)


def _chain(path: Path) -> Chain:
    try:
        return parse_chain(read_definition(path))
    except DefinitionError as error:
        for finding in error.findings:
            click.echo(definition_line(click.format_filename(path), finding), err=True)
        raise SystemExit(1) from None


def _fact(text: str) -> tuple[str, Scalar]:
    """A fact as it is typed: a whole number, `true`, `false`, or else text."""
    name, sign, value = text.partition("=")
    if not sign:
        raise click.UsageError(f"“{text}” is no fact; write it as total=5.")
    digits = value.removeprefix("-")
    is_number = digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS
    return name, int(value) if is_number else SPOKEN.get(value, value)


def _account(session: Session, username: str) -> User:
    found = session.scalar(select(User).where(User.username == username))
    if found is None:
        raise click.UsageError(f"There is no account {username}.")
    return found


def _listed(people: Names, keys: Iterable[str]) -> str:
    """Names as a command lists them."""
    return ", ".join(map(people.person, keys)) or "nobody"


def _way(chain: Chain, trial: Trial, people: Names) -> Iterator[str]:
    for number, stop in enumerate(trial.stops, start=1):
        since = f" (from {format_datetime(stop.entered)} at the latest)" if chain.is_timed and stop.entered else ""
        yield f"{number}. {label(stop.stage.name)}{since}{_skipped(stop.skipped)}"
        for part in stop.parts:
            yield f"   {label(part.step.name)}: {_listed(people, part.people)}{_hours(part)}"
            if part.barred:
                yield f"   ! drafted it and will not be asked: {_listed(people, part.barred)}"
        for key, facts in stop.left_out.items():
            yield f"   {label(stop.stage.step(key).name)}{_skipped(facts)}"
        for document in stop.documents:
            yield f"   issues {document}"
    if trial.repeated:
        yield f"! the only one to decide on more than one level: {_listed(people, trial.repeated)}"
    yield _end(chain, trial, people)


def _end(chain: Chain, trial: Trial, people: Names) -> str:
    if trial.dead_end:
        return f"dead end: {explain(trial.dead_end, people)}"
    at = f" by {format_datetime(trial.ended)} at the latest" if chain.is_timed and trial.ended else ""
    return f"approved{at}"


def _skipped(facts: Any) -> str:
    if facts is None:
        return ""
    said = ", ".join(f"{name} = {value}" for name, value in facts.items())
    return f": skipped, because {said}" if said else ": skipped"


def _hours(part: Part) -> str:
    return f" ({part.step.budget} working hours)" if part.step.budget else ""


def _beside(chain: Chain, each: Replayed, people: Names) -> Iterator[str]:
    """A case in three columns: the stage, what happened, what would."""
    way = "same way" if each.is_same_way else "ANOTHER WAY"
    yield f"case {each.row.id} “{each.row.title}” ({each.row.unit.name_vi}): {way}"
    before = {was.stage: was for was in each.was}
    after = {stop.stage.key: stop for stop in each.trial.stops if stop.entered}
    lines = [("", "what happened", "this chain")]
    keys = dict.fromkeys([*after, *before])
    lines += [(key, _happened(before, key, people), _would(after, key, people)) for key in keys]
    widths = [max(len(line[column]) for line in lines) for column in (0, 1)]
    for line in lines:
        yield "   " + "  ".join([line[0].ljust(widths[0]), line[1].ljust(widths[1]), line[2]]).rstrip()
    if each.trial.repeated:
        yield f"   ! the only one to decide on more than one level: {_listed(people, each.trial.repeated)}"
    if each.trial.dead_end:
        yield f"   {_end(chain, each.trial, people)}"


def _happened(before: dict[str, trying.Was], key: str, people: Names) -> str:
    was = before.get(key)
    if was is None:
        return "-"
    hours = "" if was.hours is None else f", {format_number(was.hours)} h"
    return f"{_listed(people, was.people)}{hours}"


def _would(after: dict[str, Stop], key: str, people: Names) -> str:
    stop = after.get(key)
    if stop is None:
        return "-"
    return "; ".join(f"{_listed(people, part.people)}{_hours(part)}" for part in stop.parts)


def _session() -> Session:
    session: Session = current_app.extensions["trinh"]["database"].session()
    return session
