"""Prepares a database in which eight people at a time can do the same: run as a module, settings from the environment.

Prints one line of JSON: keys of the cases and drafts of each race.
"""

from __future__ import annotations

import json
import sys
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

import config
from portal.app import create_app
from portal.units.models import Holding, Post, Unit
from tests.conftest import prepare_province
from tests.portal.province import Province
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterator

RACERS = 8
DECISIONS, NUMBERS, DRAFTS, RECALLS, CLAIMS = 10, 2, 3, 4, 4
"""How many heats of each race; a heat for numbers needs a case for every racer."""

SEATS = {"officer": "STTTT/cv", "deputy": "STTTT/pgd", "vicechair": "UBND/pct"}


def seat(province: Province, name: str, place: str) -> None:
    """Eight more people in one kind of seat."""
    unit, post_code = place.split("/")
    session = province.session
    post = session.scalars(select(Post).join(Unit).where(Unit.code == unit, Post.code == post_code)).one()
    known = province.user("head").password
    for number in range(RACERS):
        username = f"{name}{number}"
        user = User(
            username=username,
            first_name=f"Nguyễn Văn {number}",
            last_name=name,
            email=f"{username}@gialai.example",
            password=known,
            active=True,
        )
        session.add(user)
        session.flush()
        session.add(Holding(user_id=user.id, post_id=post.id, valid_from=date(2024, 1, 1)))
    session.flush()


def periods() -> Iterator[Period]:
    """Months, one after another."""
    return (Period(PeriodKind.MONTH, year, month) for year in range(2000, 2026) for month in range(1, 13))


def lay_out(province: Province, decisions_wanted: int) -> dict[str, list[int]]:
    """Cases at every start of a race."""
    for name, place in SEATS.items():
        seat(province, name, place)
    months = periods()
    decisions = [province.submitted(month).row.id for month in islice(months, decisions_wanted)]
    numbers = []
    for month in islice(months, NUMBERS * RACERS):
        folder = province.approve("head", province.submitted(month))
        numbers.append(province.approve("police.head", folder).row.id)
    drafts = [province.draft(month).id for month in islice(months, DRAFTS)]
    recalls = [province.submitted(month).row.id for month in islice(months, RECALLS)]
    claims = [province.submitted(month).row.id for month in islice(months, CLAIMS)]
    return {"decisions": decisions, "numbers": numbers, "drafts": drafts, "recalls": recalls, "claims": claims}


def main(decisions_wanted: int) -> None:
    """Prepare, and say what lies where."""
    app = create_app(config.load())
    prepare_province(app)
    with app.app_context():
        database = app.extensions["trinh"]["database"]
        laid_out = lay_out(Province(database.session()), decisions_wanted)
        database.session.commit()
        database.session.remove()
    database.engine.dispose()
    print(json.dumps(laid_out))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DECISIONS)
