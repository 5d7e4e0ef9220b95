"""What to heed in the draft of a chain about who signs what it issues."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy import select

from portal.definitions import drafting, publishing
from portal.definitions.cautions import SIGNERS, cautions
from portal.documents.models import SigningAuthority
from portal.documents.signers import doubtful
from portal.security import Actor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from portal.definitions.models import Definition
    from tests.portal.province import Province

LAN = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({drafting.WRITE, publishing.PUBLISH}))


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences without catalogues are their English sources."""
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


@pytest.fixture
def chain(province: Province) -> Definition:
    """The next version of the chain of the monthly report."""
    return drafting.begin(province.session, LAN, "chain", "provincial-report")


@pytest.fixture
def foreseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The port is filled as the application fills it."""
    monkeypatch.setitem(SIGNERS, "chain", doubtful)


def signed_by(chain: Definition, **owner: Any) -> None:
    """Let the last stage, after which the committee's report is issued, belong to somebody else."""
    body = deepcopy(chain.body)
    body["stages"][-1]["steps"][0]["owner"] = owner
    chain.body = body


OFFICE = {"posts": ["head", "deputy"], "place": "unit", "unit": "VPUBND"}


@pytest.mark.usefixtures("foreseen")
@pytest.mark.parametrize(
    ("owner", "never"),
    [
        ({"posts": ["head", "deputy"], "place": "unit", "unit": "UBND"}, ""),
        ({"posts": ["head", "deputy", "registrar"], "place": "unit", "unit": "UBND"}, "Registrar"),
        ({"posts": ["head"], "place": "unit", "unit": "STTTT"}, "Head"),
        (OFFICE, "Head, Deputy"),
        ({"posts": ["head"], "place": "superior"}, ""),
    ],
)
def test_who_could_never_sign_is_told(province: Province, chain: Definition, owner: dict[str, Any], never: str) -> None:
    signed_by(chain, **owner)
    found = [each.words for each in cautions(province.session, chain)]
    assert [words.partition("cannot sign: ")[2].partition(".")[0] for words in found] == ([never] if never else [])


@pytest.mark.usefixtures("foreseen")
@pytest.mark.parametrize(
    ("types", "deputies", "never"), [(["BC"], True, ""), (["BC"], False, "Deputy"), ([], True, "")]
)
def test_who_has_an_authority_for_it_can(
    province: Province, chain: Definition, *, types: list[str], deputies: bool, never: str
) -> None:
    signed_by(chain, **OFFICE)
    given = province.session.scalars(select(SigningAuthority)).one()
    given.types, given.with_deputies = types, deputies
    found = [each.words for each in cautions(province.session, chain)]
    assert [words.partition("cannot sign: ")[2].partition(".")[0] for words in found] == ([never] if never else [])


@pytest.mark.usefixtures("foreseen")
def test_who_may_approve_in_an_emergency_has_to_be_able_to_sign(province: Province, chain: Definition) -> None:
    body = deepcopy(chain.body)
    second = {"posts": ["head"], "place": "unit", "unit": "PC06"}
    body["emergency"] = {"owner": {"posts": ["head"], "place": "unit", "unit": "STTTT"}, "second": second}
    chain.body = body
    ((_, words),) = cautions(province.session, chain)
    assert words.startswith("“Emergency approval”")


@pytest.mark.usefixtures("foreseen")
def test_only_a_committee_has_a_chairman_s_own_document(province: Province, chain: Definition) -> None:
    body = deepcopy(chain.body)
    body["issues"][0]["of_head"] = True
    chain.body = body
    assert cautions(province.session, chain) == []
    body["issues"][0]["issuer"]["unit"] = "CAT"
    body["stages"][-1]["steps"][0]["owner"]["unit"] = "CAT"
    chain.body = deepcopy(body)
    ((_, words),) = cautions(province.session, chain)
    assert "no people's committee" in words
