"""Two units, their people, the profiles of 5 and 7 "rõ", and tasks to work on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import User

from portal import tables
from portal.db import Base, Database
from portal.security import NOBODY, READ_EVERYTHING, Actor
from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.tasks.service import OVERSEE, WORK, settle_source, settle_task
from portal.units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

FIVE = ["nguoi", "viec", "thoi_gian", "ket_qua", "trach_nhiem"]
SEVEN = ["muc_tieu", "nguoi", "viec", "thoi_gian", "trach_nhiem", "san_pham", "ket_qua"]


def _unit(code: str) -> Unit:
    return Unit(
        code=code,
        kind="department",
        name_vi=f"Đơn vị {code}",
        name_en=f"Unit {code}",
        symbol=code,
        header_name=code,
        place_name="Gia Lai",
        valid_from=date(2004, 1, 1),
        search="",
    )


def _user(name: str) -> User:
    return User(username=name, first_name="Trần", last_name=name, email=f"{name}@gialai.example", active=True)


@dataclass
class Desk:
    """What the tests of tasks share.

    Attributes:
        session: one transaction.
        lead: the unit in the lead of the tasks made here.
        other: a unit that has nothing to do with them.
    """

    session: Session
    lead: Unit
    other: Unit
    leader: User
    officer: User
    seven: ClarityProfile
    five: ClarityProfile
    source: SourceDocument

    def actor(self, unit: Unit | None = None, *permissions: tuple[str, str], name: str = "clerk") -> Actor:
        own = frozenset({(unit or self.lead).id})
        return Actor(
            user_id=self.officer.id,
            username=name,
            full_name="Trần Thị Mai Lan",
            own_units=own,
            reach=own,
            permissions=frozenset(permissions or (WORK,)),
        )

    @property
    def overseer(self) -> Actor:
        return self.actor(self.other, OVERSEE, name="police")

    @property
    def auditor(self) -> Actor:
        return self.actor(self.other, READ_EVERYTHING, name="auditor")

    def draft(self, **changes: Any) -> Task:
        """A task that shows every facet of 7 "rõ", unassigned, with what the test changes."""
        facts = {
            "title": "Trả lời 58 câu hỏi khảo sát",
            "objective": "58/58 câu hỏi được trả lời",
            "product": "Báo cáo của đơn vị",
            "expected_result": "58 câu trả lời có số liệu",
            "profile": self.seven,
            "source": self.source,
            "lead_unit": self.lead,
            "leader": self.leader,
            "officer": self.officer,
            "standing": False,
            "starts_on": date(2024, 8, 1),
            "deadline_kind": "before",
            "deadline_on": date(2024, 8, 16),
        }
        task = Task(**{**facts, **changes})
        with self.session.no_autoflush:
            self.session.add(task)
            settle_task(self.session, self.overseer, task)
        self.session.flush()
        return task

    def assigned(self, **changes: Any) -> Task:
        return self.draft(assigned_at=datetime(2024, 8, 1, 1, tzinfo=UTC), **changes)


@pytest.fixture
def both(database_url: str) -> Iterator[Session]:
    """One transaction on each kind of database."""
    assert tables.LOADED
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    yield database.session()
    database.session.remove()
    database.engine.dispose()


@pytest.fixture
def desk(session: Session) -> Desk:
    return furnish(session)


@pytest.fixture
def desk_on(both: Session) -> Desk:
    """The same on each kind of database."""
    return furnish(both)


def furnish(session: Session) -> Desk:
    source = SourceDocument(
        symbol="4598/CAT-PC06", issuer="Công an tỉnh Gia Lai", year=2024, subject="V/v tiếp tục đôn đốc Đề án 06"
    )
    settle_source(session, NOBODY, source)
    made = Desk(
        session=session,
        lead=_unit("STTTT"),
        other=_unit("SYT"),
        leader=_user("head"),
        officer=_user("clerk"),
        seven=ClarityProfile(code="7-ro", name_vi="7 rõ", name_en="7 clear", facets=SEVEN),
        five=ClarityProfile(code="5-ro", name_vi="5 rõ", name_en="5 clear", facets=FIVE),
        source=source,
    )
    session.add_all([made.lead, made.other, made.leader, made.officer, made.seven, made.five, source])
    session.flush()
    return made
