"""The operator's command about registers: whether every number has exactly one fate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from portal.db import snapshot
from portal.documents.fates import examine
from portal.documents.models import Register, RegisterEntry
from portal.security import today

if TYPE_CHECKING:
    from portal.db import Database

register_commands = AppGroup("registers", help="Check the registers of outgoing documents.")


@register_commands.command("check")
def check() -> None:
    """Name every number without a fate or with two; ends with status 1 if there is one. The portal may be in use."""
    database: Database = current_app.extensions["trinh"]["database"]
    with snapshot(database) as session:
        found = examine(session, today())
        names = {each.id: f"{each.unit.code} {each.year} {each.series}" for each in session.scalars(select(Register))}
        count = session.scalar(select(func.count()).select_from(RegisterEntry)) or 0
    for each in found:
        kind = "wrong" if each.is_wrong else "overdue"
        click.echo(f"{kind}: {names[each.register_id]}, number {each.number}: {each.what}")
    wrong = sum(each.is_wrong for each in found)
    click.echo(f"registers: {len(names)}, numbers: {count}, wrong: {wrong}, overdue: {len(found) - wrong}")
    if wrong:
        raise SystemExit(1)
