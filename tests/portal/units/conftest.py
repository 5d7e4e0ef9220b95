"""A small province: people's committee, department with a division, district; and people to sit in their posts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import pytest
from flask_appbuilder.security.sqla.models import User

from portal.units.models import Holding, Post, Unit

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

T = TypeVar("T")
SINCE = date(2004, 1, 1)


@dataclass
class Town:
    """Builders of rows in one session."""

    session: Session

    def unit(
        self,
        code: str,
        kind: str = "department",
        parent: Unit | None = None,
        *,
        since: date = SINCE,
        until: date | None = None,
    ) -> Unit:
        unit = Unit(
            code=code,
            kind=kind,
            name_vi=f"Đơn vị {code}",
            name_en=f"Unit {code}",
            symbol=code,
            header_name=code,
            place_name="Gia Lai",
            parent=parent,
            valid_from=since,
            valid_to=until,
            search="",
        )
        return self.kept(unit)

    def post(
        self, unit: Unit, kind: str = "officer", *, since: date = SINCE, until: date | None = None, code: str = ""
    ) -> Post:
        post = Post(
            unit=unit,
            code=code or kind,
            kind=kind,
            title_vi="Chuyên viên",
            title_en="Officer",
            valid_from=since,
            valid_to=until,
        )
        return self.kept(post)

    def person(self, name: str, *, active: bool = True) -> User:
        user = User(username=name, first_name="Trần Thị", last_name=name, email=f"{name}@gialai.example", active=active)
        return self.kept(user)

    def seat(self, user: User, post: Post, *, since: date = SINCE, until: date | None = None) -> Holding:
        return self.kept(Holding(user=user, post=post, valid_from=since, valid_to=until))

    def kept(self, row: T) -> T:
        self.session.add(row)
        self.session.flush()
        return row


@pytest.fixture
def town(session: Session) -> Town:
    return Town(session)
