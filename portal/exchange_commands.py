"""The operator's commands about documents as files: a register handed over to an archive, and a package checked."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from portal import audit
from portal.db import snapshot
from portal.exchange import making, package
from portal.refusals import sentence
from portal.units.models import Unit
from workflows.errors import Refusal

document_commands = AppGroup("documents", help="Hand documents over to an archive, and check what was handed over.")


@document_commands.command("hand-over")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--unit", "code", required=True, help="Code of the issuer.")
@click.option("--year", required=True, type=int, help="Year of the register.")
@click.option("--series", required=True, help="Key of the register's series, such as named.")
@click.option("--first", default=1, show_default=True, help="The first number; a package holds 999 documents at most.")
@click.option("--last", default=None, type=int, help="The last number.")
def hand_over(target: Path, code: str, year: int, series: str, first: int, last: int | None) -> None:  # noqa: PLR0917
    """Write the released documents of a register as a package; the portal may be in use."""
    parts = current_app.extensions["trinh"]
    with snapshot(parts["database"]) as session:
        unit = session.scalar(select(Unit).where(Unit.code == code))
        if unit is None:
            raise click.ClickException(f"There is no unit {code}.")
        found = making.released_of(session, unit.id, year, series)
        documents = [each for each in found if first <= each.number <= (last or each.number)]
        try:
            with target.open("xb") as output:
                making.write_register(output, session, parts["files"], documents)
        except FileExistsError as error:
            raise click.ClickException(f"{target} is there already; nothing is overwritten.") from error
        except Refusal as refusal:
            target.unlink()
            raise click.ClickException(sentence(refusal)) from refusal
        handed, register = [str(each) for each in documents], documents[0].register_id
    _note(handed, register)
    click.echo(f"{target}: documents {len(handed)}, from {handed[0]} to {handed[-1]}")


def _note(handed: list[str], register: int) -> None:
    """The log says what left the portal; it is written apart, for a snapshot only reads."""
    session = current_app.extensions["trinh"]["database"].session()
    details = {"documents": len(handed), "first": handed[0], "last": handed[-1]}
    audit.record(session, actor="system", action="register_handed_over", kind="register", key=register, details=details)
    session.commit()


@document_commands.command("read-package")
@click.argument("source", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def read_package(source: Path) -> None:
    """Check every member of a package and list its documents; ends with status 1 if it is not whole."""
    try:
        with source.open("rb") as content:
            found = package.read(content)
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal)) from refusal
    for place, each in enumerate(found.documents, start=1):
        told = each.metadata
        click.echo(f"{place:03} {told.number}/{told.symbol} {told.issued_on:%d/%m/%Y} {told.subject}")
    dossier = found.dossier
    kept = f", kept {dossier.maintenance}" if dossier.maintenance else ""
    click.echo(f"{dossier.title}: documents {dossier.documents}, pages {dossier.pages}{kept}, whole")
