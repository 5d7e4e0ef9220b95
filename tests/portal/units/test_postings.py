"""A person has the posts he holds today, in posts and units that exist today."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Role

from portal.security import Posting
from portal.units.seating import holders
from portal.units.service import postings, seats_giving

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Town

TODAY = date(2024, 8, 20)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)


def test_a_posting_says_post_unit_and_kinds(session: Session, town: Town) -> None:
    unit = town.unit("STTTT")
    post = town.post(unit, "head")
    user = town.person("head")
    town.seat(user, post)
    assert postings(session, user.id, TODAY) == (Posting(post.id, "head", unit.id, "department", None),)


def test_a_person_may_hold_posts_in_two_units(session: Session, town: Town) -> None:
    police, board = town.unit("CAT", "police"), town.unit("BCD06", "steering_body")
    user = town.person("deputy")
    town.seat(user, town.post(police, "deputy"))
    town.seat(user, town.post(board, "deputy"))
    assert {posting.unit_id for posting in postings(session, user.id, TODAY)} == {police.id, board.id}


def test_two_holdings_of_one_post_are_one_posting(session: Session, town: Town) -> None:
    user, post = town.person("clerk"), town.post(town.unit("STTTT"))
    town.seat(user, post)
    town.seat(user, post, since=YESTERDAY)
    assert len(postings(session, user.id, TODAY)) == 1


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [
        (TODAY, None, True),
        (TODAY, TODAY, True),
        (YESTERDAY, YESTERDAY, False),
        (TOMORROW, None, False),
    ],
)
@pytest.mark.parametrize("ends", ["holding", "post", "unit"])
def test_what_ended_yesterday_or_begins_tomorrow_gives_nothing_today(
    session: Session, town: Town, ends: str, *, since: date, until: date | None, held: bool
) -> None:
    def life(what: str) -> dict[str, date | None]:
        return {"since": since, "until": until} if ends == what else {}

    unit = town.unit("STTTT", **life("unit"))
    post = town.post(unit, "officer", **life("post"))
    post.role = Role(name="Clerk")
    user = town.person("clerk")
    seat = town.seat(user, post, **life("holding"))
    assert bool(postings(session, user.id, TODAY)) is held
    assert bool(holders(session, unit.id, ["officer"], TODAY)) is held
    giving = [(user.id, post.id, seat.id)] if held else []
    assert seats_giving(session, post.role.id, TODAY) == giving
    assert seats_giving(session, post.role.id + 1, TODAY) == []


def test_nobody_holds_what_another_holds(session: Session, town: Town) -> None:
    post = town.post(town.unit("STTTT"))
    town.seat(town.person("clerk"), post)
    other = town.person("other")
    assert not postings(session, other.id, TODAY)
