"""The operator's command that checks files against the portal's documents, and their signatures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from portal.db import snapshot
from portal.verification.report import Report, of_match, of_signatures, read
from portal.verification.service import find_by_file
from portal.verification.trusted import trust_of

if TYPE_CHECKING:
    from portal.db import Database
    from portal.verification.service import Match


@click.command("verify")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@with_appcontext
def verify_files(files: tuple[Path, ...]) -> None:
    """Say of each file whether it is a released document, and of others what their signatures are worth.

    Nothing is asked over the network. Ends with 0 when all are valid, 1 when one is not, 2 when one cannot be read.
    """
    reports = [(path, _report(path)) for path in files]
    for path, report in reports:
        click.echo(f"{path}: " + "\n".join(report.lines))
    raise SystemExit(max(report.status for _path, report in reports))


def _report(path: Path) -> Report:
    content = read(path)
    if isinstance(content, Report):
        return content
    match = _match(content)
    if match and match.is_whole:
        return of_match(match)
    signatures = of_signatures(content, trust_of(current_app.extensions["trinh"]["settings"]))
    if match is None:
        return signatures
    added = of_match(match)
    return Report(added.status, (*added.lines, *(f"  {line}" for line in signatures.lines)))


def _match(content: bytes) -> Match | None:
    """The document in the portal's records; none where there are no records."""
    database: Database = current_app.extensions["trinh"]["database"]
    file = database.engine.url.database if not database.is_postgres() else None
    if file and not Path(file).exists():
        click.echo("There is no database here: signatures alone are checked.", err=True)
        return None
    try:
        with snapshot(database) as session:
            return find_by_file(session, content)
    except SQLAlchemyError:
        click.echo("The database cannot be reached: signatures alone are checked.", err=True)
        return None
