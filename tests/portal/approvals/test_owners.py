"""Who has a step, in words: one of several posts, in a unit by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask import Flask
from flask_babel import Babel

from portal.approvals.owners import owner_words, units_in
from portal.approvals.picture import outline_of
from portal.definitions import service
from portal.definitions.shapes.chains import RUNG
from tests.asked import statements
from workflows.definition import Owner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.portal.province import Province


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences without catalogues are their English sources."""
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("posts", "said"),
    [
        (("head",), "Head, of Police"),
        (("head", "deputy"), "Head or deputy, of Police"),
        (("head", "deputy", "unit_clerk"), "Head, deputy, or unit_clerk, of Police"),
    ],
)
def test_one_of_several_posts_in_a_unit_that_is_named(posts: tuple[str, ...], said: str) -> None:
    owner = Owner(posts=posts, place="unit", unit="PC06")
    assert owner_words(owner, {"PC06": "Police"}) == said
    assert owner_words(owner, {}) == said.replace("Police", "PC06")


def test_the_units_of_a_chain_are_named_at_once(province: Province) -> None:
    chain = service.chain_of(service.current(province.session, "chain", "provincial-report"))
    with statements(province.session.get_bind()) as asked:  # type: ignore[arg-type]
        named = units_in(province.session, chain)
    assert len(asked) == 1
    assert set(named) == {"PC06", "UBND"}
    lines = [" ".join(box.lines) for box in outline_of(chain, named).steps]
    assert named["PC06"] in lines[1]
    assert "Head or deputy" in lines[1]


@pytest.mark.parametrize(
    ("rung", "said"),
    [
        ({"at": 0}, "when the time allowed is over"),
        ({"at": -8}, "8 h before the time allowed is over"),
        ({"at": 4}, "4 h after the time allowed was over"),
        ({"at": "soon"}, ""),
        ("odd", ""),
    ],
)
def test_a_reminder_is_called_by_when_it_comes(rung: object, said: str) -> None:
    assert RUNG.title(rung, None) == said
