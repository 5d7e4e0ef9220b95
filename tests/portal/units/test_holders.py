"""Who can act for a unit: active people in the asked kinds of posts of exactly that unit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from portal.units.seating import holders

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Town

TODAY = date(2024, 8, 20)


def test_holders_are_triples_of_person_post_and_unit(session: Session, town: Town) -> None:
    unit = town.unit("STTTT")
    head, deputy = town.post(unit, "head"), town.post(unit, "deputy")
    first, second = town.person("first"), town.person("second")
    town.seat(second, deputy)
    town.seat(first, head)
    assert holders(session, unit.id, ["deputy", "head"], TODAY) == [
        (first.id, head.id, unit.id),
        (second.id, deputy.id, unit.id),
    ]


def test_other_kinds_of_posts_are_left_out(session: Session, town: Town) -> None:
    unit = town.unit("STTTT")
    town.seat(town.person("clerk"), town.post(unit, "officer"))
    assert holders(session, unit.id, ["head", "deputy"], TODAY) == []


def test_an_inactive_account_holds_nothing(session: Session, town: Town) -> None:
    unit = town.unit("STTTT")
    town.seat(town.person("left", active=False), town.post(unit, "head"))
    assert holders(session, unit.id, ["head"], TODAY) == []


def test_people_of_units_below_do_not_act_for_the_unit(session: Session, town: Town) -> None:
    police = town.unit("CAT", "police")
    division = town.unit("PC06", "division", police)
    town.seat(town.person("police"), town.post(division, "head"))
    assert holders(session, police.id, ["head"], TODAY) == []
