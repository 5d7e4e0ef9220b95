"""What must hold before a unit, a post or a holding is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
from sqlalchemy import select, update

from portal.db import Base, Database
from portal.security import NOBODY, Actor
from portal.units.models import Holding, Post, Unit
from portal.units.rules import POST_KINDS
from portal.units.service import EDIT_ROLES, children_of, scope, settle_holding, settle_post, settle_unit
from workflows.errors import Refusal

from .conftest import Town

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CLERK = Actor(user_id=9001, username="clerk", full_name="Trần Thị Mai Lan")
END_OF_2024 = date(2024, 12, 31)
NEW_YEAR_2025 = date(2025, 1, 1)


def test_a_unit_is_found_by_name_code_and_symbol_without_marks(session: Session, town: Town) -> None:
    unit = town.unit("SKHDT")
    unit.name_vi, unit.name_en, unit.symbol = "Sở Kế hoạch và Đầu tư", "Department of Planning", "SKHĐT"
    settle_unit(session, CLERK, unit)
    assert unit.search == "so ke hoach va dau tu department of planning skhdt skhdt"


def test_units_stand_in_the_order_of_the_vietnamese_alphabet_on_both_databases(database_url: str) -> None:
    names = ["Ban Dân tộc", "Công an tỉnh", "Cục Thuế", "Chi cục Thú y", "Đài Phát thanh", "Sở Tài chính"]
    names += ["Sở Tư pháp", "Sở Y tế", "Thanh tra tỉnh", "Ủy ban nhân dân tỉnh", "Văn phòng Tỉnh ủy"]
    alphabet = ["Ban Dân tộc", "Chi cục Thú y", "Công an tỉnh", "Cục Thuế", "Đài Phát thanh", *names[5:]]
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    session = database.session()
    for number, name in enumerate(reversed(names)):
        unit = Town(session).unit(f"U{number}")
        unit.name_vi = name
        settle_unit(session, CLERK, unit)
    session.flush()
    assert list(session.scalars(select(Unit.name_vi).order_by(Unit.sort_key))) == alphabet
    top = session.scalars(select(Unit).where(Unit.code == "U0")).one()
    session.execute(update(Unit).where(Unit.id != top.id).values(parent_id=top.id))
    assert [unit.name_vi for unit in children_of(session, top.id)] == alphabet[:-1]
    database.session.remove()
    database.engine.dispose()


def test_a_life_that_ends_before_it_begins_is_refused(session: Session, town: Town) -> None:
    unit = town.unit("STTTT")
    unit.valid_to = date(2003, 12, 31)
    with pytest.raises(Refusal, match="life_backwards"):
        settle_unit(session, CLERK, unit)


def test_a_unit_below_itself_is_refused(session: Session, town: Town) -> None:
    top = town.unit("TOP")
    middle = town.unit("MIDDLE", "division", top)
    bottom = town.unit("BOTTOM", "division", middle)
    with session.no_autoflush:
        top.parent = bottom
        with pytest.raises(Refusal, match="unit_cycle"):
            settle_unit(session, CLERK, top)


def test_the_province_below_one_of_its_departments_is_refused(session: Session, town: Town) -> None:
    ppc = town.unit("UBND", "ppc")
    department = town.unit("STTTT", parent=ppc)
    with session.no_autoflush:
        ppc.parent = department
        with pytest.raises(Refusal, match="unit_cycle"):
            settle_unit(session, CLERK, ppc)


def test_a_unit_may_move_below_another(session: Session, town: Town) -> None:
    first, second = town.unit("FIRST"), town.unit("SECOND")
    division = town.unit("P1", "division", first)
    with session.no_autoflush:
        division.parent = second
        settle_unit(session, CLERK, division)
        division.parent = None
        settle_unit(session, CLERK, division)


def test_a_unit_cannot_end_before_its_posts(session: Session, town: Town) -> None:
    unit = town.unit("STTTT")
    post = town.post(unit)
    unit.valid_to = END_OF_2024
    with pytest.raises(Refusal) as refused:
        settle_unit(session, CLERK, unit)
    assert refused.value.code == "posts_outlive_unit"
    assert refused.value.params["posts"] == [{"vi": "Chuyên viên", "en": "Officer"}]
    post.valid_to = END_OF_2024
    settle_unit(session, CLERK, unit)


@pytest.mark.parametrize(("since", "until"), [(date(2003, 1, 1), END_OF_2024), (date(2020, 1, 1), None)])
def test_a_post_lives_within_its_unit(session: Session, town: Town, since: date, until: date | None) -> None:
    unit = town.unit("STTTT", until=END_OF_2024)
    post = Post(unit=unit, code="cv", kind="officer", title_vi="Chuyên viên", title_en="Officer", valid_from=since)
    post.valid_to = until
    with session.no_autoflush, pytest.raises(Refusal, match="post_outside_unit"):
        settle_post(session, CLERK, post)
    post.valid_from, post.valid_to = date(2020, 1, 1), END_OF_2024
    with session.no_autoflush:
        settle_post(session, CLERK, post)


def test_a_post_cannot_end_under_its_holder(session: Session, town: Town) -> None:
    post = town.post(town.unit("STTTT"))
    town.seat(town.person("clerk"), post)
    post.valid_to = END_OF_2024
    with pytest.raises(Refusal, match="holdings_outlive_post"):
        settle_post(session, CLERK, post)


def test_a_holding_lives_within_its_post(session: Session, town: Town) -> None:
    post = town.post(town.unit("STTTT"), until=END_OF_2024)
    holding = Holding(post=post, user=town.person("clerk"), valid_from=date(2024, 1, 1), valid_to=None)
    with session.no_autoflush, pytest.raises(Refusal, match="holding_outside_post"):
        settle_holding(session, CLERK, holding)
    holding.valid_to = END_OF_2024
    with session.no_autoflush:
        settle_holding(session, CLERK, holding)


def test_a_unit_has_one_head_at_a_time(session: Session, town: Town) -> None:
    post = town.post(town.unit("STTTT"), "head")
    first = town.seat(town.person("first"), post, until=END_OF_2024)
    second = Holding(post=post, user=town.person("second"), valid_from=END_OF_2024, valid_to=None)
    with session.no_autoflush, pytest.raises(Refusal) as refused:
        settle_holding(session, CLERK, second)
    assert refused.value.code == "head_already_held"
    assert refused.value.params["holder"] == "Trần Thị first"
    second.valid_from = NEW_YEAR_2025
    with session.no_autoflush:
        settle_holding(session, CLERK, second)
    settle_holding(session, CLERK, first)


def test_several_officers_share_one_post(session: Session, town: Town) -> None:
    post = town.post(town.unit("STTTT"), "officer")
    town.seat(town.person("first"), post)
    second = town.seat(town.person("second"), post)
    settle_holding(session, CLERK, second)


def _role(session: Session) -> Role:
    right = PermissionView(permission=Permission(name="can_decide"), view_menu=ViewMenu(name="CaseView"))
    role = Role(name="UBND approver", permissions=[right])
    session.add(role)
    session.flush()
    return role


def test_a_post_gives_no_role_beyond_the_rights_of_who_writes_it(session: Session, town: Town) -> None:
    post = town.post(town.unit("UBND", "ppc"), "head")
    with session.no_autoflush:
        post.role = _role(session)
        with pytest.raises(Refusal) as refused:
            settle_post(session, CLERK, post)
        assert refused.value.params == {"rights": [("can_decide", "CaseView")]}
        settle_post(session, replace(CLERK, permissions=frozenset({("can_decide", "CaseView")})), post)


def test_other_changes_of_a_post_leave_its_role_alone(session: Session, town: Town) -> None:
    post = town.post(town.unit("UBND", "ppc"), "head")
    post.role = _role(session)
    session.flush()
    post.title_vi = "Chủ tịch"
    settle_post(session, CLERK, post)


@pytest.mark.parametrize("kind", POST_KINDS)
def test_nobody_seats_himself(session: Session, town: Town, kind: str) -> None:
    post = town.post(town.unit("UBND", "ppc"), kind)
    keeper, other = town.person("keeper"), town.person("other")
    actor = replace(CLERK, user_id=keeper.id)
    with session.no_autoflush:
        holding = Holding(post=post, user=keeper, valid_from=NEW_YEAR_2025, valid_to=None)
        with pytest.raises(Refusal, match="own_seat"):
            settle_holding(session, actor, holding)
        holding.user = other
        settle_holding(session, actor, holding)


def test_nobody_lengthens_his_own_stay(session: Session, town: Town) -> None:
    keeper = town.person("keeper")
    holding = town.seat(keeper, town.post(town.unit("UBND", "ppc")), until=END_OF_2024)
    holding.valid_to = None
    with session.no_autoflush, pytest.raises(Refusal, match="own_seat"):
        settle_holding(session, replace(CLERK, user_id=keeper.id), holding)


@pytest.mark.parametrize(("column", "value"), [("kind", "deputy"), ("title_vi", "Chủ tịch"), ("valid_to", None)])
def test_nobody_changes_a_post_that_he_holds(session: Session, town: Town, column: str, value: str | None) -> None:
    post = town.post(town.unit("UBND", "ppc"), "officer", until=date(2099, 12, 31))
    keeper = town.person("keeper")
    town.seat(keeper, post, until=date(2099, 12, 31))
    setattr(post, column, value)
    with session.no_autoflush, pytest.raises(Refusal, match="own_seat"):
        settle_post(session, replace(CLERK, user_id=keeper.id), post)
    settle_post(session, CLERK, post)


def test_a_post_once_held_is_no_own_seat(session: Session, town: Town) -> None:
    post, keeper = town.post(town.unit("UBND", "ppc")), town.person("keeper")
    town.seat(keeper, post, until=END_OF_2024)
    post.title_vi = "Chuyên viên chính"
    settle_post(session, replace(CLERK, user_id=keeper.id), post)


def test_who_edits_roles_may_seat_himself_but_gains_no_right(session: Session, town: Town) -> None:
    post = town.post(town.unit("UBND", "ppc"), "head")
    actor = replace(CLERK, user_id=town.person("admin").id, permissions=frozenset({EDIT_ROLES}))
    holding = Holding(post=post, user_id=actor.user_id, valid_from=NEW_YEAR_2025, valid_to=None)
    settle_holding(session, actor, holding)
    post.role = _role(session)
    session.flush()
    with pytest.raises(Refusal, match="grants_more_than_own"):
        settle_holding(session, actor, holding)


def test_nobody_sits_twice_in_one_post_on_the_same_days(session: Session, town: Town) -> None:
    post = town.post(town.unit("STTTT"), "officer")
    person = town.person("first")
    town.seat(person, post, until=END_OF_2024)
    again = Holding(post=post, user=person, valid_from=END_OF_2024, valid_to=None)
    with session.no_autoflush, pytest.raises(Refusal, match="already_seated"):
        settle_holding(session, CLERK, again)
    again.valid_from = NEW_YEAR_2025
    with session.no_autoflush:
        settle_holding(session, CLERK, again)


def test_a_post_in_which_two_sit_becomes_no_heads(session: Session, town: Town) -> None:
    post = town.post(town.unit("STTTT"), "officer")
    first = town.seat(town.person("first"), post)
    town.seat(town.person("second"), post, since=NEW_YEAR_2025)
    post.kind = "head"
    with pytest.raises(Refusal, match="head_already_held"):
        settle_post(session, CLERK, post)
    first.valid_to = END_OF_2024
    session.flush()
    settle_post(session, CLERK, post)


def test_texts_are_measured_in_composed_form(session: Session, town: Town) -> None:
    unit = town.unit("STTTT")
    unit.name_vi = unit.name_en = "\ufb03" * 200
    unit.header_parent = "\u200b"
    settle_unit(session, CLERK, unit)
    assert (len(unit.search), unit.header_parent) == (700, None)
    post = town.post(unit)
    post.title_vi = "\u0958" * 61
    with session.no_autoflush, pytest.raises(Refusal, match="text_too_long"):
        settle_post(session, CLERK, post)


def test_everyone_signed_in_reads_units_and_nobody_else() -> None:
    assert str(scope(CLERK)) == "true"
    assert str(scope(NOBODY)) == "false"


def test_only_a_head_is_acting(session: Session, town: Town) -> None:
    unit, person = town.unit("STTTT"), town.person("hoa")
    for kind, refused in (("head", False), ("deputy", True), ("officer", True)):
        holding = Holding(user=person, post=town.post(unit, kind), acting=True, valid_from=NEW_YEAR_2025)
        with session.no_autoflush:
            if refused:
                with pytest.raises(Refusal, match="acting_no_head"):
                    settle_holding(session, CLERK, holding)
            else:
                settle_holding(session, CLERK, holding)
        session.expunge(holding) if holding in session else None
