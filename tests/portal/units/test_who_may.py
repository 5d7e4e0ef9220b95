"""Who can be brought into a case: people with a seat in one of its units today and with the right, however given."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Group, Permission, PermissionView, Role, ViewMenu

from portal.units.seating import holders_who_may

if TYPE_CHECKING:
    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy.orm import Session

    from portal.units.models import Unit

    from .conftest import Town

TODAY = date(2024, 8, 20)
YESTERDAY = TODAY - timedelta(days=1)
TOMORROW = TODAY + timedelta(days=1)
DECIDE = ("can_decide", "DecisionView")


@pytest.fixture
def reviewer(town: Town) -> Role:
    """A role with the right; another one has the same permission on another screen, and a third nothing."""
    decide, screen = Permission(name=DECIDE[0]), ViewMenu(name=DECIDE[1])
    town.kept(Role(name="Other", permissions=[PermissionView(permission=decide, view_menu=ViewMenu(name="TaskView"))]))
    return town.kept(Role(name="Reviewer", permissions=[PermissionView(permission=decide, view_menu=screen)]))


@pytest.fixture
def unit(town: Town) -> Unit:
    return town.unit("PC06", "division")


def found(session: Session, *units: Unit, codes: tuple[str, ...] = ()) -> list[tuple[int, int, int]]:
    return holders_who_may(session, DECIDE, unit_ids=[unit.id for unit in units], codes=codes, on=TODAY)


def seated(town: Town, unit: Unit, name: str, role: Role | None = None) -> tuple[User, tuple[int, int, int]]:
    """Somebody in a post of his own, and the triple that tells of him."""
    user, post = town.person(name), town.post(unit, code=name)
    post.role = role
    town.seat(user, post)
    return user, (user.id, post.id, unit.id)


def test_a_post_gives_the_right(session: Session, town: Town, unit: Unit, reviewer: Role) -> None:
    _, told = seated(town, unit, "officer", reviewer)
    seated(town, unit, "clerk")
    assert found(session, unit) == [told]


def test_a_role_of_his_own_gives_the_right(session: Session, town: Town, unit: Unit, reviewer: Role) -> None:
    user, told = seated(town, unit, "officer")
    assert found(session, unit) == []
    user.roles = [reviewer]
    session.flush()
    assert found(session, unit) == [told]


def test_a_group_gives_the_right(session: Session, town: Town, unit: Unit, reviewer: Role) -> None:
    user, told = seated(town, unit, "officer")
    seated(town, unit, "clerk")
    user.groups = [town.kept(Group(name="reviewers", label="Reviewers", roles=[reviewer]))]
    session.flush()
    assert found(session, unit) == [told]


def test_the_same_permission_on_another_screen_gives_nothing(
    session: Session, town: Town, unit: Unit, reviewer: Role
) -> None:
    other = session.query(Role).filter_by(name="Other").one()
    user, _ = seated(town, unit, "officer", other)
    user.roles = [other]
    user.groups = [town.kept(Group(name="others", label="Others", roles=[other]))]
    session.flush()
    assert found(session, unit) == []


def test_who_has_the_right_in_several_ways_is_named_once(
    session: Session, town: Town, unit: Unit, reviewer: Role
) -> None:
    user, told = seated(town, unit, "officer", reviewer)
    user.roles = [reviewer]
    user.groups = [town.kept(Group(name="reviewers", label="Reviewers", roles=[reviewer]))]
    session.flush()
    assert found(session, unit, codes=("PC06",)) == [told]


def test_an_inactive_account_is_left_out(session: Session, town: Town, unit: Unit, reviewer: Role) -> None:
    user, told = seated(town, unit, "officer", reviewer)
    assert found(session, unit) == [told]
    user.active = False
    session.flush()
    assert found(session, unit) == []


@pytest.mark.parametrize(
    ("since", "until", "is_there"),
    [(TODAY, None, True), (YESTERDAY, TODAY, True), (YESTERDAY, YESTERDAY, False), (TOMORROW, None, False)],
)
@pytest.mark.parametrize("ends", ["holding", "post", "unit"])
def test_only_seats_of_today_count(
    session: Session, town: Town, reviewer: Role, ends: str, *, since: date, until: date | None, is_there: bool
) -> None:
    def life(what: str) -> dict[str, date | None]:
        return {"since": since, "until": until} if ends == what else {}

    unit = town.unit("PC06", "division", **life("unit"))
    post = town.post(unit, **life("post"))
    post.role = reviewer
    user = town.person("officer")
    town.seat(user, post, **life("holding"))
    assert found(session, unit) == ([(user.id, post.id, unit.id)] if is_there else [])


def test_the_right_alone_seats_nobody(session: Session, town: Town, unit: Unit, reviewer: Role) -> None:
    user = town.person("officer")
    user.roles = [reviewer]
    seated(town, town.unit("SYT"), "elsewhere", reviewer)
    session.flush()
    assert found(session, unit) == []


def test_units_are_named_by_key_or_by_code(session: Session, town: Town, unit: Unit, reviewer: Role) -> None:
    police = town.unit("CAT", "police")
    _, first = seated(town, unit, "officer", reviewer)
    _, second = seated(town, police, "director", reviewer)
    seated(town, town.unit("SYT"), "outsider", reviewer)
    assert found(session, unit, police) == found(session, unit, codes=("CAT",)) == [first, second]
    assert found(session, codes=("CAT", "NOWHERE")) == [second]
    assert found(session) == []


def test_they_come_in_the_order_of_units_posts_and_people(
    session: Session, town: Town, unit: Unit, reviewer: Role
) -> None:
    later = town.unit("CAT", "police")
    last, post = town.person("first.of.all"), town.post(later, code="director")
    post.role = reviewer
    town.seat(last, post)
    head, deputy = town.post(unit, "head"), town.post(unit, "deputy")
    head.role = deputy.role = reviewer
    earlier, middle = town.person("earlier"), town.person("middle")
    for user, seat in ((middle, head), (earlier, deputy), (earlier, head)):
        town.seat(user, seat)
    assert found(session, later, unit) == [
        (earlier.id, head.id, unit.id),
        (middle.id, head.id, unit.id),
        (earlier.id, deputy.id, unit.id),
        (last.id, post.id, later.id),
    ]
