"""How far down the tree a unit's people see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from portal.units.models import Unit
from portal.units.service import parent_of, reach, unit_by_code

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from .conftest import Town


def test_a_unit_reaches_itself_and_everything_below(session: Session, town: Town) -> None:
    district = town.unit("IAGRAI", "dpc")
    commune = town.unit("IAKHA", "cpc", district)
    office = town.unit("OFFICE", "division", commune)
    town.unit("CHUPAH", "dpc")
    assert reach(session, [district.id]) == {district.id, commune.id, office.id}
    assert reach(session, [commune.id]) == {commune.id, office.id}


def test_the_people_s_committee_of_the_province_sees_only_what_reached_it(session: Session, town: Town) -> None:
    ppc = town.unit("UBND", "ppc")
    department = town.unit("STTTT", parent=ppc)
    division = town.unit("P1", "division", department)
    assert reach(session, [ppc.id]) == {ppc.id}
    assert reach(session, [ppc.id, department.id]) == {ppc.id, department.id, division.id}


def test_nothing_reaches_nothing(session: Session) -> None:
    assert reach(session, []) == frozenset()


def test_a_damaged_tree_still_ends_the_walk(session: Session, town: Town) -> None:
    above = town.unit("ABOVE")
    below = town.unit("BELOW", "division", above)
    session.execute(update(Unit).where(Unit.id == above.id).values(parent_id=below.id))
    assert reach(session, [above.id]) == {above.id, below.id}


def test_a_unit_is_found_by_its_code_and_knows_its_parent(session: Session, town: Town) -> None:
    police = town.unit("CAT", "police")
    division = town.unit("PC06", "division", police)
    assert unit_by_code(session, "PC06") is division
    assert unit_by_code(session, "PC07") is None
    assert parent_of(session, division.id) == police.id
    assert parent_of(session, police.id) is None
