"""Whatever someone does to the audit log who owns its database, `verify` finds; the seed of the run is printed."""

from __future__ import annotations

import os
import random
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from portal import audit, tables
from portal.audit import AuditEntry
from portal.db import Base, Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ENTRIES, SIGNED = 24, 18
"""How many entries the log has, and how many of them a checkpoint knows."""

ROUNDS = 50
"""How often each kind of tampering is tried."""

COLUMNS = ("at", "actor", "action", "object_kind", "object_id", "details", "previous", "digest")
INSERT = (
    "INSERT INTO audit_entry (seq, at, actor, action, object_kind, object_id, details, previous, digest) "
    "VALUES (:seq, :at, :actor, :action, :object_kind, :object_id, :details, :previous, :digest)"
)


@dataclass
class Forger:
    """Someone with every right on the database, and without the key that signs.

    Attributes:
        session: a transaction that is undone afterwards.
        dice: what he does next.
    """

    session: Session
    dice: random.Random

    def run(self, statement: str, **values: Any) -> None:
        self.session.execute(text(statement), values)

    def flip(self) -> None:
        """One column of one entry says something else."""
        column, seq = self.dice.choice(COLUMNS), self.dice.randint(1, ENTRIES)
        old = str(self.session.scalar(text(f"SELECT {column} FROM audit_entry WHERE seq = :seq"), {"seq": seq}))
        place = self.dice.randrange(len(old))
        if column == "at":
            seconds = self.dice.randint(1, 10**6)
            new: Any = f"2020-01-01 00:00:{seconds % 60:02}.{seconds:06}"
        else:
            new = old[:place] + self.dice.choice("☂0a'\"") + old[place + 1 :]
            if new == old:
                new = old[:place] + old[place + 1 :]
        self.run(f"UPDATE audit_entry SET {column} = :new WHERE seq = :seq", new=new, seq=seq)

    def renumber(self) -> None:
        """An entry takes a number that none has."""
        seq = self.dice.randint(1, ENTRIES)
        new = self.dice.choice([-1, 0, ENTRIES + 2, 10**6])
        self.run("UPDATE audit_entry SET seq = :new WHERE seq = :seq", seq=seq, new=new)

    def delete(self) -> None:
        """The first, the last or some in the middle are gone; of the last, one that was signed."""
        first = self.dice.choice([1, self.dice.randint(1, SIGNED), SIGNED])
        last = self.dice.choice([first, self.dice.randint(first, SIGNED)])
        self.run("DELETE FROM audit_entry WHERE seq BETWEEN :first AND :last", first=first, last=last)

    def cut(self) -> None:
        """The log ends before the last checkpoint."""
        self.run("DELETE FROM audit_entry WHERE seq >= :seq", seq=self.dice.randint(1, SIGNED))

    def swap(self) -> None:
        """Two entries change places."""
        one, other = self.dice.sample(range(1, ENTRIES + 1), 2)
        for old, new in ((one, 10**6), (other, one), (10**6, other)):
            self.run("UPDATE audit_entry SET seq = :new WHERE seq = :old", old=old, new=new)

    def insert(self) -> None:
        """An entry that never was, in a place of its own or between others."""
        seq = self.dice.choice([0, -5, ENTRIES + 1, ENTRIES + 3])
        row = self._row(self.dice.randint(1, ENTRIES))
        self.run(INSERT, **{**row, "seq": seq, "digest": secrets.token_hex(32), "actor": "forger"})

    def squeeze_in(self) -> None:
        """An entry between two others; those after it move up, and are not made to follow."""
        place = self.dice.randint(1, ENTRIES)
        self._move(place, 1)
        row = self._row(place)
        self.run(INSERT, **{**row, "seq": place + 1, "digest": secrets.token_hex(32), "actor": "forger"})

    def rewrite(self) -> None:
        """Something else happened, and everything from there on is chained anew, as the portal itself would."""
        place = self.dice.randint(1, SIGNED)
        self.run("UPDATE audit_entry SET actor = 'forger' WHERE seq = :seq", seq=place)
        self._chain_anew(place)

    def drop_and_chain_anew(self) -> None:
        """An entry never happened: those after it move down and are chained anew."""
        place = self.dice.randint(1, SIGNED)
        self.run("DELETE FROM audit_entry WHERE seq = :seq", seq=place)
        self._move(place, -1)
        self._chain_anew(place)

    def begin_anew(self) -> None:
        """Everything is gone, and a log that was never signed stands in its place."""
        self.run("DELETE FROM audit_entry")
        for number in range(self.dice.randint(0, ENTRIES)):
            audit.record(self.session, actor="forger", action="thing_done", kind="thing", key=number)

    def empty(self) -> None:
        """Nothing is left."""
        self.run("DELETE FROM audit_entry")

    def _move(self, place: int, by: int) -> None:
        """Give the entries after a place other numbers, without two having one on the way."""
        self.run("UPDATE audit_entry SET seq = -(seq + :by) WHERE seq > :place", place=place, by=by)
        self.run("UPDATE audit_entry SET seq = -seq WHERE seq < 0")

    def _row(self, seq: int) -> dict[str, Any]:
        found = self.session.execute(text("SELECT * FROM audit_entry WHERE seq = :seq"), {"seq": seq})
        return dict(found.mappings().one())

    def _chain_anew(self, place: int) -> None:
        self.session.expire_all()
        before = self.session.get(AuditEntry, place - 1)
        previous = before.digest if before else audit.GENESIS
        query = self.session.query(AuditEntry).where(AuditEntry.seq >= place).order_by(AuditEntry.seq)
        for entry in query:
            entry.previous = previous
            previous = entry.digest = audit.digest_of(entry)
            self.session.flush()


TAMPERINGS: list[Callable[[Forger], None]] = [
    Forger.flip,
    Forger.renumber,
    Forger.delete,
    Forger.cut,
    Forger.swap,
    Forger.insert,
    Forger.squeeze_in,
    Forger.rewrite,
    Forger.drop_and_chain_anew,
    Forger.begin_anew,
    Forger.empty,
]


@pytest.fixture
def log(database_url: str) -> Iterator[Database]:
    """A log of its own, without the triggers that would keep the forger out."""
    assert tables.LOADED
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    session = database.session()
    for number in range(ENTRIES):
        audit.record(session, actor="clerk", action="thing_done", kind="thing", key=number, details={"số": number})
    session.commit()
    yield database
    database.session.remove()
    database.engine.dispose()


def test_every_tampering_is_found(log: Database) -> None:
    seed = int(os.environ.get("MUTATION_SEED", secrets.randbits(32)))
    dice, missed = random.Random(seed), list[str]()
    with Session(log.engine) as session:
        anchors = [
            audit.Anchor(each.seq, each.digest) for each in session.query(AuditEntry) if each.seq in {10, SIGNED}
        ]
    for tamper in TAMPERINGS:
        for number in range(ROUNDS):
            with Session(log.engine) as session:
                tamper(Forger(session, dice))
                session.flush()
                if not audit.verify(session, anchors)[1]:
                    missed.append(f"{tamper.__name__} {number}")
                session.rollback()
    print(f"seed {seed}: {len(TAMPERINGS) * ROUNDS} tamperings, {len(missed)} missed")
    assert missed == [], f"MUTATION_SEED={seed} repeats it"


def test_what_is_newer_than_the_last_checkpoint_can_be_cut_unseen(log: Database) -> None:
    """What the operator's page says of the interval between checkpoints is so; a shorter one leaves less."""
    with Session(log.engine) as session:
        anchor = audit.newest(session)
        audit.record(session, actor="clerk", action="thing_done", kind="thing", key="new")
        session.flush()
        Forger(session, random.Random(0)).run("DELETE FROM audit_entry WHERE seq > :seq", seq=anchor.seq)
        assert audit.verify(session, [anchor])[1] == ()


@pytest.mark.parametrize("value", ["x'ff00'", "NULL", "5", "x''", "'2026-01-01T00:00:00'", "'tomorrow'", "1e400"])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_value_that_no_portal_would_write_is_found_and_stops_nothing(
    session: Session, column: str, value: str
) -> None:
    """SQLite keeps anything in any column; PostgreSQL takes nothing but what a column is declared for."""
    for number in range(3):
        audit.record(session, actor="clerk", action="thing_done", kind="thing", key=number)
    session.execute(text("CREATE TABLE loose AS SELECT * FROM audit_entry"))
    session.execute(text("DROP TABLE audit_entry"))
    session.execute(text("ALTER TABLE loose RENAME TO audit_entry"))
    session.execute(text(f"UPDATE audit_entry SET {column} = {value} WHERE seq = 2"))
    assert {each.seq for each in audit.verify(session)[1]} & {2, 3}
