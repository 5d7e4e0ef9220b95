"""What an operator is told of numbers when somebody wrote past the portal, with every guard of the database gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from portal.documents.fates import examine
from portal.documents.models import Register
from portal.security import today
from tests.portal.documents.test_keeping import book, reserved, used, void

if TYPE_CHECKING:
    from tests.portal.province import Province

COPY = (
    "DROP TABLE recall_notice",
    "DROP TABLE certified_copy",
    "DROP TABLE document_link",
    "DROP TABLE incoming_task",
    "DROP TABLE incoming_note",
    "DROP TABLE incoming_document",
    "CREATE TABLE copied AS SELECT * FROM register_entry",
    "DROP TABLE register_entry",
    "ALTER TABLE copied RENAME TO register_entry",
)


@pytest.fixture
def unguarded(province: Province) -> Province:
    """Numbers 1 of the portal, 2 on paper, 3 void and 4 reserved, in a table that takes anything."""
    province.approved()
    (register,) = province.session.scalars(text("SELECT id FROM register")).all()
    for number in (2, 3, 4):
        entry = reserved(province, _book(province, register))
        assert entry.number == number
        if number == 2:
            used(province, entry, kind="KH", symbol="KH-UBND")
        if number == 3:
            void(province, entry)
    for statement in COPY:
        province.session.execute(text(statement))
    province.session.expire_all()
    return province


def _book(province: Province, key: int) -> Register:
    return province.session.get_one(Register, key)


def told(province: Province, *statements: str, days: int = 0) -> list[tuple[int, str]]:
    """What is said after somebody wrote into the database."""
    for statement in statements:
        province.session.execute(text(statement))
    return [(each.number, each.what) for each in examine(province.session, today() + timedelta(days=days))]


def test_nothing_is_said_of_a_sound_register(unguarded: Province) -> None:
    assert told(unguarded) == []


@pytest.mark.parametrize(
    ("statement", "number", "words"),
    [
        ("UPDATE register SET last_number = 5", 5, "a gap"),
        ("DELETE FROM register_entry WHERE number = 3", 3, "a gap"),
        ("UPDATE register SET before_portal = 1", 1, "outside the numbers"),
        ("UPDATE register_entry SET number = 9 WHERE number = 4", 9, "outside the numbers"),
        ("UPDATE register_entry SET document_id = NULL WHERE number = 1", 1, "no line in its book"),
        ("UPDATE register_entry SET symbol = 'TTr-UBND' WHERE number = 1", 1, "something else than its document"),
        ("UPDATE register_entry SET dated_on = '2001-01-01' WHERE number = 1", 1, "something else than its document"),
        ("UPDATE official_document SET number = 7", 1, "something else than its document"),
        ("UPDATE register_entry SET year = 1999 WHERE number = 2", 2, "another issuer or year than its book"),
    ],
)
def test_what_was_written_past_the_portal_is_named(
    unguarded: Province, statement: str, number: int, words: str
) -> None:
    found = told(unguarded, statement)
    assert [each for each in found if each[0] == number and words in each[1]], found


def test_a_number_and_symbol_that_was_given_twice_is_named(unguarded: Province) -> None:
    again = "INSERT INTO register_entry SELECT * FROM register_entry WHERE number = 2"
    apart = "UPDATE register_entry SET id = 99, register_id = 77 WHERE rowid = (SELECT max(rowid) FROM register_entry)"
    assert (2, "02/KH-UBND is given twice in its year") in told(unguarded, again, apart)


def test_what_is_reserved_for_too_long_is_said_and_is_not_wrong(unguarded: Province) -> None:
    (overdue,) = examine(unguarded.session, today() + timedelta(days=9))
    assert (overdue.number, overdue.is_wrong) == (4, False)


def test_an_opened_book_without_numbers_is_sound(province: Province) -> None:
    book(province, last=1388)
    assert examine(province.session, today()) == []
