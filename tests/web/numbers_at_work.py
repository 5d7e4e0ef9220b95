"""One of several who issue, reserve, register on paper and make void at once: `python -m tests.web.numbers_at_work`.

Arguments: address of the database, folder of the data, seed, number of deeds. It may be killed at any moment.
"""

from __future__ import annotations

import random
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.definitions.service import current
from portal.documents import keeping
from portal.documents import service as documents
from portal.documents.keeping import Paper
from portal.documents.models import Register, RegisterEntry
from portal.security import today
from portal.submissions.models import Submission
from portal.submissions.wording import wording_of
from tests.conftest import app_at
from tests.portal.documents.test_issuing import seat
from tests.portal.province import Province
from workflows.errors import Refusal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class UndoneError(Exception):
    """Somebody changed his mind before the commit."""


def issue(province: Province, dice: random.Random) -> None:
    """A document about the one report there is."""
    where, who = seat(province.session, dice.choice(("UBND/ct", "BCD06/tb")))
    report = province.session.scalars(select(Submission)).first()
    assert report is not None
    template = current(province.session, "document", "provincial-report")
    order = documents.Order(
        issuer_id=where.unit_id,
        subject_kind="submission",
        subject_id=report.id,
        template=template,
        signer_id=who.id,
        post_id=where.id,
        wording=wording_of(province.session, report, template),
    )
    documents.issue(province.session, province.actor("chairman"), order)


def reserve(province: Province, dice: random.Random) -> None:
    """The next number of a book, for paper."""
    books = province.session.scalars(select(Register).order_by(Register.id)).all()
    if books:
        asked: dict[str, Any] = {"reason": "Ký trên giấy", "until": today() + timedelta(days=1), "on": today()}
        keeping.reserve(province.session, province.actor("admin"), dice.choice(books), **asked)


def settle(province: Province, dice: random.Random) -> None:
    """One of the reserved numbers becomes void or used, whichever comes first."""
    entries = province.session.scalars(select(RegisterEntry).where(RegisterEntry.state == "reserved")).all()
    if not entries:
        return
    entry, admin = dice.choice(entries), province.actor("admin")
    if dice.random() < 0.5:
        keeping.make_void(province.session, admin, entry.id, version=entry.version, reason="Không ký nữa")
        return
    paper = Paper(
        kind="BC",
        symbol=f"BC-{entry.register.unit.symbol}",
        dated_on=today(),
        subject="về một việc",
        signer="Đặng Nhật Thuận",
        recipients="Bộ Công an",
        kept_by="VT",
    )
    keeping.use_on_paper(province.session, admin, entry.id, paper, version=entry.version, on=today())


DEEDS = (issue, issue, reserve, settle)


def _change_ones_mind(dice: random.Random) -> None:
    if dice.random() < 0.2:
        raise UndoneError


def do_one(session: Session, dice: random.Random) -> None:
    """One deed, kept or undone."""
    try:
        dice.choice(DEEDS)(Province(session), dice)
        _change_ones_mind(dice)
        session.commit()
    except (Refusal, UndoneError):
        session.rollback()


def main(url: str, folder: str, seed: str, count: str) -> None:
    """Do so many deeds; says that it has begun."""
    dice = random.Random(seed)
    with app_at(url, Path(folder)) as app, app.app_context():
        database = app.extensions["trinh"]["database"]
        print("begun", flush=True)
        for _ in range(int(count)):
            do_one(database.session(), dice)
            database.session.remove()


if __name__ == "__main__":
    main(*sys.argv[1:])
