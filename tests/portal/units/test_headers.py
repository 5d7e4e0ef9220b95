"""What stands at the head of documents: proposed by kind and name, and by the day; typed from real documents."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from portal.db import Base, Database
from portal.security import Actor
from portal.units import headers
from portal.units.headers import Printed, printed_on, proposed, settle_header
from portal.units.models import Unit, UnitHeader
from portal.units.service import settle_unit
from workflows.errors import Refusal

from .conftest import SINCE, Town

if TYPE_CHECKING:
    from collections.abc import Iterator

DEMO = Path(__file__).resolve().parents[3] / "portal" / "demo" / "gia-lai-2024" / "units.yaml"
KEEPER = Actor(user_id=9001, username="units", full_name="Phạm Văn Kiên")
PROVINCE = Printed("", "ỦY BAN NHÂN DÂN\nTỈNH GIA LAI", "Gia Lai", "UBND")
POLICE = Printed("BỘ CÔNG AN", "CÔNG AN TỈNH GIA LAI", "Gia Lai", "CAT")
MERGER = date(2025, 3, 1)
AFTER = {
    "header_parent": "UBND TỈNH GIA LAI",
    "header_name": "SỞ KHOA HỌC VÀ CÔNG NGHỆ",
    "place_name": "Gia Lai",
    "symbol": "SKHCN",
    "grounds": "Nghị quyết 428/NQ-HĐND",
}


@pytest.mark.parametrize(
    ("kind", "name", "parent", "above", "superior", "printed", "place"),
    [
        ("ppc", "UBND tỉnh Gia Lai", None, "", "", "ỦY BAN NHÂN DÂN\nTỈNH GIA LAI", "Gia Lai"),
        ("ppc", "Ủy ban nhân dân tỉnh Gia Lai", None, "", "", "ỦY BAN NHÂN DÂN\nTỈNH GIA LAI", "Gia Lai"),
        ("dpc", "UBND huyện Ia Grai", PROVINCE, "ppc", "", "ỦY BAN NHÂN DÂN\nHUYỆN IA GRAI", "Ia Grai"),
        ("dpc", "UBND thành phố Pleiku", PROVINCE, "ppc", "", "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ PLEIKU", "Pleiku"),
        ("cpc", "UBND phường Diên Hồng", PROVINCE, "ppc", "", "ỦY BAN NHÂN DÂN\nPHƯỜNG DIÊN HỒNG", "Diên Hồng"),
        ("cpc", "UBND phường 1", PROVINCE, "ppc", "", "ỦY BAN NHÂN DÂN\nPHƯỜNG 1", "Phường 1"),
        ("department", "Sở Nội vụ", PROVINCE, "ppc", "UBND TỈNH GIA LAI", "SỞ NỘI VỤ", "Gia Lai"),
        ("equivalent", "Thanh tra tỉnh", PROVINCE, "ppc", "UBND TỈNH GIA LAI", "THANH TRA TỈNH", "Gia Lai"),
        ("ppc_office", "Văn phòng UBND tỉnh", PROVINCE, "ppc", "UBND TỈNH GIA LAI", "VĂN PHÒNG", "Gia Lai"),
        ("police", "Công an tỉnh Gia Lai", PROVINCE, "ppc", "BỘ CÔNG AN", "CÔNG AN TỈNH GIA LAI", "Gia Lai"),
        ("police", "Công an xã Ia O", POLICE, "police", "CÔNG AN TỈNH GIA LAI", "CÔNG AN XÃ IA O", "Gia Lai"),
        ("division", "Phòng Tham mưu", POLICE, "police", "CÔNG AN TỈNH GIA LAI", "PHÒNG THAM MƯU", "Gia Lai"),
        (
            "steering_body",
            "Ban Chỉ đạo Đề án 06 tỉnh",
            PROVINCE,
            "ppc",
            "UBND TỈNH GIA LAI",
            "BAN CHỈ ĐẠO ĐỀ ÁN 06",
            "Gia Lai",
        ),
    ],
)
def test_a_header_is_proposed_by_kind_and_name(  # noqa: PLR0917 - a row of the table
    kind: str, name: str, parent: Printed | None, above: str, superior: str, printed: str, place: str
) -> None:
    assert proposed(kind, name, parent, above) == Printed(superior, printed, place, "")


def test_what_is_proposed_is_what_the_province_s_units_print() -> None:
    facts = {each["code"]: each for each in yaml.safe_load(DEMO.read_text(encoding="utf-8"))["units"]}
    for each in facts.values():
        above = facts.get(each.get("parent", ""))
        parent = (
            Printed(above.get("header_parent", ""), above["header_name"], above["place_name"], "") if above else None
        )
        made = proposed(each["kind"], each["name_vi"], parent, above["kind"] if above else "")
        flat = [" ".join(text.split()) for text in (made.superior, made.name, made.place)]
        written = [each.get("header_parent", ""), each["header_name"], each["place_name"]]
        assert flat == [" ".join(text.split()) for text in written], each["code"]


def test_the_chairman_himself_stands_before_the_name_of_the_committee() -> None:
    assert headers.of_head(PROVINCE, "Chủ tịch", "CT") == Printed(
        "", "CHỦ TỊCH ỦY BAN NHÂN DÂN\nTỈNH GIA LAI", "Gia Lai", "CTUBND"
    )


def test_a_unit_added_without_a_header_has_the_one_proposed(town: Town) -> None:
    ppc = town.unit("UBND", "ppc")
    ppc.header_name = PROVINCE.name
    new = Unit(code="SNV", kind="department", name_vi="Sở Nội vụ", name_en="Home Affairs", symbol="SNV")
    new.parent, new.valid_from = ppc, SINCE
    with town.session.no_autoflush:
        settle_unit(town.session, KEEPER, new)
    town.kept(new)
    assert (new.header_parent, new.header_name, new.place_name) == ("UBND TỈNH GIA LAI", "SỞ NỘI VỤ", "Gia Lai")


def test_what_the_administrator_wrote_stays(town: Town) -> None:
    new = Unit(code="SNV", kind="department", name_vi="Sở Nội vụ", name_en="Home Affairs", symbol="SNV")
    new.header_name, new.valid_from = "SỞ NỘI VỤ\nTỈNH GIA LAI", SINCE
    new.place_name = "Pleiku"
    settle_unit(town.session, KEEPER, new)
    assert (new.header_parent, new.header_name, new.place_name) == (None, "SỞ NỘI VỤ\nTỈNH GIA LAI", "Pleiku")


# -- by the day, on both databases -----------------------------------------------------------------------------


@pytest.fixture
def house(database_url: str) -> Iterator[Town]:
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    yield Town(database.session())
    database.session.remove()
    database.engine.dispose()


def later(house: Town, unit: Unit, **facts: Any) -> UnitHeader:
    row = UnitHeader(**{**AFTER, "valid_from": MERGER, **facts}, unit=unit)
    with house.session.no_autoflush:
        settle_header(house.session, KEEPER, row)
    return house.kept(row)


@pytest.mark.parametrize(
    ("day", "symbol"),
    [
        (SINCE, "STTTT"),
        (MERGER - timedelta(days=1), "STTTT"),
        (MERGER, "SKHCN"),
        (date(2025, 6, 30), "SKHCN"),
        (date(2025, 7, 1), "SKHCN2"),
        (date(2099, 1, 1), "SKHCN2"),
    ],
)
def test_a_document_prints_what_held_on_its_day(house: Town, day: date, symbol: str) -> None:
    unit = house.unit("STTTT")
    later(house, unit, valid_from=date(2025, 7, 1), symbol="SKHCN2")
    later(house, unit)
    assert printed_on(house.session, unit, day).symbol == symbol


def test_only_one_entry_begins_on_a_day_and_none_on_the_first(house: Town) -> None:
    unit, other = house.unit("STTTT", until=date(2026, 12, 31)), house.unit("SYT")
    row = later(house, unit)
    settle_header(house.session, KEEPER, row)
    assert later(house, other).id
    for day, code in (
        (MERGER, "header_day_taken"),
        (SINCE, "header_outside_unit"),
        (SINCE - timedelta(days=1), "header_outside_unit"),
        (date(2027, 1, 1), "header_outside_unit"),
    ):
        with pytest.raises(Refusal) as caught:
            later(house, unit, valid_from=day)
        assert caught.value.code == code


def test_an_entry_stays_with_its_unit(house: Town) -> None:
    row, other = later(house, house.unit("STTTT")), house.unit("SYT")
    row.unit = other
    with house.session.no_autoflush, pytest.raises(Refusal, match="header_of_another"):
        settle_header(house.session, KEEPER, row)


def test_a_unit_does_not_end_before_it_prints_something_else(house: Town) -> None:
    unit = house.unit("STTTT")
    later(house, unit)
    unit.valid_to = MERGER - timedelta(days=1)
    with pytest.raises(Refusal, match="headers_outlive_unit"):
        settle_unit(house.session, KEEPER, unit)
    unit.valid_to = MERGER
    settle_unit(house.session, KEEPER, unit)


def test_only_a_steering_body_uses_another_s_seal(town: Town) -> None:
    ppc, department, body = town.unit("UBND", "ppc"), town.unit("STTTT"), town.unit("BCD", "steering_body")
    with town.session.no_autoflush:
        body.seal_unit = department.seal_unit = ppc
        settle_unit(town.session, KEEPER, body)
        with pytest.raises(Refusal, match="seal_of_no_body"):
            settle_unit(town.session, KEEPER, department)
