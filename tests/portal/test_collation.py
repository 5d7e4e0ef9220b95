"""Both databases order Vietnamese by its alphabet and find it without its marks, without a key beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import String, cast, literal, select, union_all

from portal.collation import folded, in_alphabet
from portal.db import make_engine
from portal.search import collation_key, search_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

WORDS = ("Đà Nẵng", "đất", "Ân", "an", "Ăn", "ấn", "àn", "Bình", "dân", "Đoàn", "Yên", "Uy", "ưa", "ƠN", "ông", "on")


def table_of(*texts: str | None) -> Any:
    """A table of one column, called `text`."""
    return union_all(*(select(cast(literal(each), String).label("text")) for each in texts)).subquery()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "sqlite":
        made = make_engine("sqlite://")
    else:
        made = make_engine(request.getfixturevalue("postgres_url"))
    yield made
    made.dispose()


def test_texts_are_ordered_by_the_alphabet(engine: Engine) -> None:
    rows = table_of(*WORDS)
    with engine.connect() as connection:
        found = list(connection.scalars(select(rows.c.text).order_by(in_alphabet(rows.c.text))))
    assert found == sorted(WORDS, key=collation_key)


@pytest.mark.parametrize("words", ["bao cao", "BÁO CÁO", "dac biet", "Đặc"])
def test_texts_are_found_without_their_marks(engine: Engine, words: str) -> None:
    rows = table_of("Báo cáo ĐẶC BIỆT", "Tờ trình", None)
    looked = select(rows.c.text).where(folded(rows.c.text).contains(search_key(words), autoescape=True))
    with engine.connect() as connection:
        assert list(connection.scalars(looked)) == ["Báo cáo ĐẶC BIỆT"]
