"""The register of indicators on each kind of database: what is found, what is refused, what ships."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal import tables
from portal.audit import AuditEntry
from portal.db import Base, Database
from portal.indicators.models import Indicator
from portal.indicators.service import add_shipped, by_keys, indicators, scope, settle_indicator, shipped
from portal.security import NOBODY, PORTAL, Actor
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

SOMEBODY = Actor(user_id=7, username="clerk", full_name="Trần Thị Mai Lan")


@pytest.fixture
def session(database_url: str) -> Iterator[Session]:
    """One transaction on each kind of database."""
    assert tables.LOADED
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    yield database.session()
    database.session.remove()
    database.engine.dispose()


def kept(session: Session, key: str, **facts: Any) -> Indicator:
    """An indicator as a screen would add it."""
    told = {"name_vi": f"Chỉ tiêu {key}", "name_en": key, "kind": "number", "direction": "up", "aggregation": "sum"}
    made = Indicator(key=key, **{**told, **facts})
    with session.no_autoflush:
        settle_indicator(session, PORTAL, made)
        session.add(made)
    session.flush()
    return made


def refused(session: Session, made: Indicator) -> str:
    with session.no_autoflush, pytest.raises(Refusal) as refusal:
        settle_indicator(session, PORTAL, made)
    return refusal.value.code


# -- reading -----------------------------------------------------------------------------------------


def test_indicators_come_by_name_in_the_vietnamese_alphabet(session: Session) -> None:
    for key, name in (("e", "Em"), ("d2", "Đơn thư"), ("d1", "Dân số"), ("a2", "Ăn ở"), ("a1", "An ninh")):
        kept(session, key, name_vi=name)
    assert [each.key for each in indicators(session)] == ["a1", "a2", "d1", "d2", "e"]


def test_only_those_in_use_can_be_asked_for(session: Session) -> None:
    kept(session, "a")
    kept(session, "b").in_use = False
    session.flush()
    assert [each.key for each in indicators(session)] == ["a", "b"]
    assert [each.key for each in indicators(session, in_use=True)] == ["a"]
    assert [each.key for each in indicators(session, in_use=False)] == ["b"]


def test_keys_give_their_indicators_in_use_or_not(session: Session) -> None:
    kept(session, "a")
    kept(session, "b").in_use = False
    session.flush()
    assert set(by_keys(session, iter(["a", "b", "b", "c"]))) == {"a", "b"}
    assert by_keys(session, []) == {}


def test_everybody_signed_in_sees_them_and_nobody_else(session: Session) -> None:
    kept(session, "a")
    seen = [session.scalars(select(Indicator).where(scope(actor))).all() for actor in (SOMEBODY, NOBODY)]
    assert [len(rows) for rows in seen] == [1, 0]


def test_an_indicator_is_called_and_measured_in_both_languages(session: Session) -> None:
    counted = kept(session, "a", measure_vi="hồ sơ", measure_en="applications")
    assert (str(counted), counted.name["en"]) == ("Chỉ tiêu a", "a")
    assert counted.measure == {"vi": "hồ sơ", "en": "applications"}
    assert kept(session, "b", measure_vi=" ").measure == {"vi": "", "en": ""}


# -- writing -----------------------------------------------------------------------------------------


def test_a_new_one_is_in_use_and_every_change_is_counted(session: Session) -> None:
    made = kept(session, "a")
    assert (made.in_use, made.version) == (True, 0)
    made.name_vi = "Tên khác"
    settle_indicator(session, PORTAL, made)
    session.flush()
    assert made.version == 1


def test_a_key_is_given_once(session: Session) -> None:
    made = kept(session, "a")
    again = Indicator(key="a", name_vi="x", name_en="x", kind="number", direction="up", aggregation="sum")
    assert refused(session, again) == "indicator_key_taken"
    settle_indicator(session, PORTAL, made)


@pytest.mark.parametrize(("column", "value"), [("key", "b"), ("kind", "ratio")])
def test_key_and_kind_stay(session: Session, column: str, value: str) -> None:
    made = kept(session, "a", aggregation="none")
    session.commit()
    setattr(made, column, value)
    assert refused(session, made) == "indicator_fixed"


def test_what_its_kind_does_not_allow_is_refused_also_later(session: Session) -> None:
    made = kept(session, "a", kind="ratio", aggregation="ratio_of_sums")
    made.aggregation = "sum"
    assert refused(session, made) == "unfit_aggregation"


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [("name_vi", " ", "text_missing"), ("name_en", "x" * 201, "text_too_long"), ("key", "Ă", "bad_indicator_key")],
)
def test_texts_are_kept_as_everywhere(session: Session, column: str, value: str, code: str) -> None:
    told = {"key": "a", "name_vi": "x", "name_en": "x", "kind": "number", "direction": "up", "aggregation": "sum"}
    assert refused(session, Indicator(**{**told, column: value})) == code


@pytest.mark.parametrize(
    "past_the_rules",
    [
        {"kind": "percent"},
        {"direction": "sideways"},
        {"aggregation": "mean"},
        {"kind": "ratio", "aggregation": "sum"},
        {"kind": "score", "aggregation": "sum"},
        {"kind": "rank", "aggregation": "ratio_of_sums"},
        {"kind": "number", "aggregation": "ratio_of_sums"},
    ],
)
def test_the_database_refuses_what_a_program_writes_past_the_rules(
    session: Session, past_the_rules: dict[str, str]
) -> None:
    kept(session, "a")
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(update(Indicator).values(**past_the_rules))
    session.rollback()


# -- what ships -----------------------------------------------------------------------------------------


def test_what_ships_is_added_once_and_told_in_the_audit_log(session: Session) -> None:
    added = add_shipped(session)
    assert added == [facts["key"] for facts in shipped()]
    assert add_shipped(session) == []
    told = session.scalars(select(AuditEntry).where(AuditEntry.action == "indicator_added")).all()
    assert [json.loads(entry.details)["key"] for entry in told] == added
    assert {(entry.actor, entry.object_kind) for entry in told} == {("system", "indicator")}


def test_one_that_is_there_is_never_changed(session: Session) -> None:
    own = kept(session, "meetings", name_vi="Tên của tỉnh", aggregation="last")
    own.in_use = False
    session.flush()
    assert "meetings" not in add_shipped(session)
    session.refresh(own)
    assert (own.name_vi, own.aggregation, own.in_use) == ("Tên của tỉnh", "last", False)


def test_one_that_ships_anew_is_added_to_those_of_before(session: Session) -> None:
    add_shipped(session)
    session.delete(by_keys(session, ["satisfaction"])["satisfaction"])
    session.flush()
    assert add_shipped(session) == ["satisfaction"]
