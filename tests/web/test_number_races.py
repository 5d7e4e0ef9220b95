"""However many take, reserve and settle numbers at once, and however they end: each number has exactly one fate."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

import config
from portal.approvals import service as approvals
from portal.documents import books, keeping
from portal.documents.fates import examine
from portal.documents.models import OfficialDocument, Register, RegisterEntry
from portal.documents.series import SHIPPED, Series
from portal.security import today
from portal.units.models import Unit
from tests.portal.province import REVIEWERS, Province
from tests.web.numbers_at_work import do_one, issue
from workflows.errors import Refusal
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from sqlalchemy.orm import Session

ROOT = config.Path(config.__file__).parent
DEEDS, PEOPLE = 25, 4


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Flask:
    """A portal on either database with a report to issue documents about."""
    app: Flask = request.getfixturevalue("portal" if request.param == "sqlite" else "portal_on_postgres")
    with app.app_context():
        database = app.extensions["trinh"]["database"]
        Province(database.session()).approved()
        database.session.commit()
        database.session.remove()
    return app


def at_once(house: Flask, number: int, deed: Callable[[Session, int], None]) -> list[str]:
    """Let several act at the same moment, each in a session of his own; gives what was refused, or nothing."""
    database, gate, ends = house.extensions["trinh"]["database"], Barrier(number), ["?"] * number

    def act(mine: int) -> None:
        with house.app_context():
            try:
                gate.wait(timeout=30)
                deed(database.session(), mine)
                database.session.commit()
                ends[mine] = ""
            except Refusal as refusal:
                database.session.rollback()
                ends[mine] = refusal.code
            finally:
                database.session.remove()

    threads = [Thread(target=act, args=(mine,)) for mine in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return ends


def sound(house: Flask) -> dict[str, int]:
    """How many numbers have which fate, after making sure that each has one and that the operator is told so."""
    database = house.extensions["trinh"]["database"]
    with house.app_context():
        session = database.session()
        assert [each for each in examine(session, today()) if each.is_wrong] == []
        for book in session.scalars(select(Register)):
            mine = select(RegisterEntry.number).where(RegisterEntry.register_id == book.id)
            numbers = sorted(session.scalars(mine))
            assert numbers == list(range(book.before_portal + 1, book.last_number + 1))
        documents = session.scalar(select(func.count()).select_from(OfficialDocument))
        fates = session.execute(select(RegisterEntry.state, func.count()).group_by(RegisterEntry.state)).all()
        kept = select(func.count()).select_from(RegisterEntry).where(RegisterEntry.document_id.is_not(None))
        assert session.scalar(kept) == documents
        database.session.remove()
    answer = house.test_cli_runner().invoke(args=["registers", "check"])
    assert answer.exit_code == 0, answer.output
    assert "wrong: 0" in answer.output
    return dict(fates)


def test_many_issue_reserve_and_settle_at_once(house: Flask) -> None:
    def work(session: Session, mine: int) -> None:
        dice = random.Random(mine)
        for _ in range(DEEDS):
            do_one(session, dice)

    assert at_once(house, PEOPLE, work) == [""] * PEOPLE
    fates = sound(house)
    assert set(fates) >= {"used", "void"}


def test_the_first_document_of_a_book_and_its_opening_by_hand_do_not_both_begin_it(house: Flask) -> None:
    def race(session: Session, mine: int) -> None:
        province = Province(session)
        if mine == 0:
            letters(session, last_paper=1388)
        else:
            issue_first(province)

    def letters(session: Session, last_paper: int) -> None:
        body = session.scalars(select(Unit).where(Unit.code == "BCD06")).one()
        asked: dict[str, Any] = {"last_paper": last_paper, "seen": None, "reason": "Sổ giấy", "on": today()}
        books.open_book(session, Province(session).actor("admin"), body, "named", **asked)

    def issue_first(province: Province) -> None:
        issue(province, OnlySteeringBody())

    ends = at_once(house, 3, race)
    assert ends[1:] == ["", ""]
    sound(house)
    with house.app_context():
        session = house.extensions["trinh"]["database"].session()
        book = session.scalars(select(Register).join(Unit).where(Unit.code == "BCD06")).one()
        assert (ends[0], book.before_portal, book.last_number) in {("", 1388, 1390), ("book_in_use", 0, 2)}
        session.rollback()


class OnlySteeringBody(random.Random):
    """A die that always shows the last side."""

    def choice(self, seq: Any) -> Any:
        return seq[-1]


def test_of_two_who_settle_one_number_at_once_one_is_told(house: Flask) -> None:
    with house.app_context():
        database = house.extensions["trinh"]["database"]
        province = Province(database.session())
        book = province.session.scalars(select(Register)).one()
        asked: dict[str, Any] = {"reason": "Ký trên giấy", "until": today(), "on": today()}
        entry = keeping.reserve(province.session, province.actor("registrar"), book, **asked)
        key = entry.id
        province.session.commit()
        database.session.remove()

    def void(session: Session, _mine: int) -> None:
        actor = Province(session).actor("registrar")
        keeping.make_void(session, actor, key, version=1, reason="Không ký nữa")

    assert sorted(at_once(house, 3, void)) == ["", "stale_version", "stale_version"]
    assert sound(house) == {"used": 1, "void": 1}


def test_who_is_killed_in_the_middle_leaves_no_gap(house: Flask, tmp_path: Path) -> None:
    url = house.extensions["trinh"]["settings"].database_url
    house.extensions["trinh"]["database"].engine.dispose()
    command = (sys.executable, "-m", "tests.web.numbers_at_work", url, str(tmp_path))
    started = [
        subprocess.Popen([*command, str(seed), "400" if seed else "20"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for seed in range(3)
    ]
    for child in started:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
    dice = random.Random(7)
    for child in started[1:]:
        time.sleep(dice.uniform(0.3, 1.0))
        child.kill()
    for child in started:
        child.communicate(timeout=120)
    assert [child.returncode for child in started] == [0, -9, -9]
    assert sound(house)["used"] > 1


def refused(house: Flask, statement: str) -> str:
    """Why the database refuses a statement; nothing of it is kept."""
    with house.extensions["trinh"]["database"].engine.connect() as connection, pytest.raises(DBAPIError) as error:
        connection.execute(text(statement))
    return str(error.value.orig)


ENTRY = "INSERT INTO register_entry (register_id, issuer_id, year, number, state, void_reason, version) "
VOID_AGAIN = f"{ENTRY} SELECT id, unit_id, year, {{number}}, 'void', 'why', 1 FROM register"


def test_the_database_itself_lets_no_number_have_two_fates(house: Flask) -> None:
    assert "uq_register_entry_number" in refused(house, VOID_AGAIN.format(number=1)) or "UNIQUE" in refused(
        house, VOID_AGAIN.format(number=1)
    )
    for number in (0, 2, 99):
        assert "register_entry_in_its_book" in refused(house, VOID_AGAIN.format(number=number)), number
    elsewhere = f"{ENTRY} SELECT id, unit_id + 1, year, 1, 'void', 'why', 1 FROM register"
    assert "register_entry_in_its_book" in refused(house, elsewhere)
    assert "register_entry_no_delete" in refused(house, "DELETE FROM register_entry")


def test_the_database_gives_a_reserved_number_to_no_document(house: Flask) -> None:
    with house.app_context():
        database = house.extensions["trinh"]["database"]
        province = Province(database.session())
        book = province.session.scalars(select(Register)).one()
        asked: dict[str, Any] = {"reason": "Ký trên giấy", "until": today(), "on": today()}
        keeping.reserve(province.session, province.actor("registrar"), book, **asked)
        province.session.commit()
        database.session.remove()
    columns = [each.name for each in OfficialDocument.__table__.columns if each.name != "id"]
    said = ", ".join("2" if name == "number" else name for name in columns)
    statement = f"INSERT INTO official_document ({', '.join(columns)}) SELECT {said} FROM official_document"
    assert "official_document_number_free" in refused(house, statement)
    for column, value in (("number", "5"), ("reason", "'other'"), ("document_id", "1"), ("register_id", "9")):
        changed = refused(house, f"UPDATE register_entry SET {column} = {value} WHERE state = 'reserved'")
        assert "record is frozen" in changed, column
    for column, value in (("state", "'void'"), ("symbol", "'X'"), ("dated_on", "'2020-01-01'"), ("recipients", "''")):
        changed = refused(house, f"UPDATE register_entry SET {column} = {value} WHERE state = 'used'")
        assert "register_entry_one_fate" in changed, column


def test_the_operator_is_told_of_a_gap_and_of_what_is_overdue(house: Flask) -> None:
    engine = house.extensions["trinh"]["database"].engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE register SET last_number = last_number + 1"))
    answer = house.test_cli_runner().invoke(args=["registers", "check"])
    assert answer.exit_code == 1
    assert f"wrong: UBND {today().year} named, number 2: no document, no reservation, not void: a gap" in answer.output
    assert "registers: 1, numbers: 1, wrong: 1, overdue: 0" in answer.output


def test_whoever_reserves_never_stands_in_the_way_of_whoever_approves(house: Flask) -> None:
    months = [Period(PeriodKind.MONTH, 2025, number) for number in range(2, 6)]
    with house.app_context():
        database = house.extensions["trinh"]["database"]
        province = Province(database.session())
        cases = [province.submitted(month) for month in months]
        for username in REVIEWERS[:2]:
            cases = [province.approve(username, case) for case in cases]
        keys = [case.row.id for case in cases]
        book = province.session.scalars(select(Register.id)).one()
        province.session.commit()
        database.session.remove()

    def work(session: Session, mine: int) -> None:
        province = Province(session)
        if mine < len(keys):
            folder = approvals.find(session, province.actor("chairman"), keys[mine])
            province.approve("chairman", folder)
            return
        asked: dict[str, Any] = {"reason": "Ký trên giấy", "until": today(), "on": today()}
        for _ in range(5):
            keeping.reserve(session, province.actor("registrar"), session.get_one(Register, book), **asked)
            session.commit()

    assert at_once(house, 8, work) == [""] * 8
    assert sound(house) == {"used": 5, "reserved": 20}


def test_a_book_is_not_split_by_a_decision_that_comes_with_its_first_document(house: Flask) -> None:
    apart = (
        *SHIPPED[:2],
        Series("reports", "Báo cáo", "Reports", ("BC",)),
        Series("named", "Khác", "Others", tuple(each for each in SHIPPED[2].types if each != "BC")),
    )

    def work(session: Session, mine: int) -> None:
        province = Province(session)
        if mine:
            issue(province, OnlySteeringBody())
            return
        body = session.scalars(select(Unit).where(Unit.code == "BCD06")).one()
        asked: dict[str, Any] = {"from_year": today().year, "version": 0, "reason": "Quyết định", "on": today()}
        books.arrange(session, province.actor("admin"), body, apart, **asked)

    ends = at_once(house, 4, work)
    assert ends[1:] == ["", "", ""]
    sound(house)
    with house.app_context():
        session = house.extensions["trinh"]["database"].session()
        numbered = session.scalars(select(Register.series).join(Unit).where(Unit.code == "BCD06")).all()
        assert (ends[0], list(numbered)) in [("", ["reports"]), ("series_in_use", ["named"])]
        session.rollback()
