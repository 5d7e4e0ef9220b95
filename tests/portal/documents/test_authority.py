"""Who signs as what, read from posts, holdings and signing authorities, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

from portal.audit import AuditEntry
from portal.db import Base, Database, utc_now
from portal.definitions.models import Definition
from portal.documents.authorities import in_force, revoke, settle_authority
from portal.documents.authority import Paper, refusal_of
from portal.security import Actor, today
from workflows.errors import Refusal

from .house_of_signers import FIRST, KEEPER, LAST, House

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = timedelta(days=1)
AUTHORISATION: dict[str, Any] = {"kind": "TUQ", "valid_to": LAST, "types": ["BC"], "grounds": "12/GUQ-UBND"}


@pytest.fixture
def house() -> Iterator[House]:
    """In memory: what only a database can hold is asked of `stored_house`."""
    yield from built("sqlite://")


@pytest.fixture
def stored_house(database_url: str) -> Iterator[House]:
    """On both databases."""
    yield from built(database_url)


def built(url: str) -> Iterator[House]:
    database = Database(url)
    Base.metadata.create_all(database.engine)
    yield House(database.session()).build()
    database.session.remove()
    database.engine.dispose()


def refused(house: House, seat: str, **facts: Any) -> tuple[str, str]:
    """The code of a refusal and what is missing."""
    with pytest.raises(Refusal) as caught:
        house.signs(seat, **facts)
    lacking: Any = caught.value.params.get("lacking", {"why": ""})
    return caught.value.code, lacking["why"]


# -- by one's own post -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seat", "lines"),
    [
        ("UBND/head", "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"),
        ("UBND/deputy", "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
        ("STTTT/head", "GIÁM ĐỐC"),
        ("STTTT/deputy", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"),
        ("BCD06/deputy", "TM. BAN CHỈ ĐẠO / KT. TRƯỞNG BAN / PHÓ TRƯỞNG BAN"),
    ],
)
def test_head_and_deputy_sign_for_their_own_unit(house: House, seat: str, lines: str) -> None:
    assert house.lines(seat, issuer=seat.split("/", maxsplit=1)[0]) == lines


@pytest.mark.parametrize(
    ("day", "lines"), [(FIRST, "Q. GIÁM ĐỐC"), (FIRST - DAY, "GIÁM ĐỐC"), (LAST + DAY, "GIÁM ĐỐC")]
)
def test_an_acting_head_says_so_while_he_is(house: House, day: date, lines: str) -> None:
    house.seat("STTTT/head", "new", acting=True, valid_from=FIRST, valid_to=LAST)
    house.seat("STTTT/head", "new", valid_from=LAST + DAY)
    house.seat("STTTT/head", "new", valid_from=FIRST - 9 * DAY, valid_to=FIRST - DAY)
    assert house.lines("STTTT/head", issuer="STTTT", person="new", day=day) == lines


def test_who_holds_another_post_signs_nothing(house: House) -> None:
    assert refused(house, "UBND/registrar") == ("signer_without_authority", "none")
    house.grant("VP/head", with_deputies=True)
    assert refused(house, "VP/officer") == ("signer_without_authority", "none")


# -- steering bodies -------------------------------------------------------------------------------------------


def test_a_member_signs_with_his_post_in_the_agency_whose_seal_the_body_uses(house: House) -> None:
    house.units["BCD06"].seal_unit = house.units["UBND"]
    house.seat("BCD06/deputy", "CAT/deputy")
    block = house.signs("BCD06/deputy", issuer="BCD06", person="CAT/deputy")
    assert block.authority_lines == ("TM. BAN CHỈ ĐẠO", "KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN")
    assert block.post_line == "PHÓ GIÁM ĐỐC CÔNG AN TỈNH"


def test_his_post_in_the_agency_itself_comes_before_one_in_its_units(house: House) -> None:
    house.units["BCD06"].seal_unit = house.units["UBND"]
    house.seat("BCD06/head", "CAT/deputy")
    house.seat("UBND/deputy", "CAT/deputy")
    block = house.signs("BCD06/head", issuer="BCD06", person="CAT/deputy")
    assert block.post_line == "PHÓ CHỦ TỊCH UBND TỈNH GIA LAI"


def test_without_a_seal_only_the_title_in_the_body_is_printed(house: House) -> None:
    house.seat("BCD06/deputy", "CAT/deputy")
    assert house.signs("BCD06/deputy", issuer="BCD06", person="CAT/deputy").post_line == ""


def test_a_member_without_a_post_in_the_agency_cannot_sign_with_its_seal(house: House) -> None:
    house.units["BCD06"].seal_unit = house.units["UBND"]
    assert refused(house, "BCD06/deputy", issuer="BCD06") == ("no_post_in_agency", "")


# -- by order --------------------------------------------------------------------------------------------------


def test_the_head_of_the_office_signs_by_order_of_the_chairman(house: House) -> None:
    house.grant("VP/head")
    assert house.lines("VP/head") == "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG"
    assert refused(house, "VP/deputy") == ("signer_without_authority", "deputies")


def test_his_deputy_signs_in_his_stead_where_the_order_says_so(house: House) -> None:
    house.grant("VP/head", with_deputies=True)
    assert house.lines("VP/deputy") == "TL. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG"


def test_a_title_of_one_s_own_is_printed_where_the_register_has_one(house: House) -> None:
    house.grant("STTTT/head", printed_title="Giám đốc Sở TT&TT")
    assert house.lines("STTTT/head") == "TL. CHỦ TỊCH / GIÁM ĐỐC SỞ TT&TT"


def test_the_head_of_a_division_signs_by_order_of_his_director(house: House) -> None:
    own = {"issuer": house.units["STTTT"], "source_post": house.posts["STTTT/head"]}
    house.grant("CNTT/head", **own)
    assert house.lines("CNTT/head", issuer="STTTT") == "TL. GIÁM ĐỐC / TRƯỞNG PHÒNG CÔNG NGHỆ THÔNG TIN"
    assert refused(house, "CNTT/head", issuer="UBND") == ("signer_without_authority", "none")


def test_a_head_signs_for_nobody_else_without_one(house: House) -> None:
    assert refused(house, "STTTT/head") == ("signer_without_authority", "none")
    assert refused(house, "UBND/head", issuer="STTTT") == ("signer_without_authority", "none")


# -- by authorisation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "why"), [(FIRST - DAY, "not_begun"), (FIRST, ""), (LAST, ""), (LAST + DAY, "over")])
def test_an_authorisation_holds_from_its_first_day_to_its_last(house: House, day: date, why: str) -> None:
    house.grant("STTTT/head", **AUTHORISATION)
    if why:
        assert refused(house, "STTTT/head", day=day) == ("signer_without_authority", why)
    else:
        assert house.lines("STTTT/head", day=day) == "TUQ. CHỦ TỊCH / GIÁM ĐỐC SỞ THÔNG TIN VÀ TRUYỀN THÔNG"


def test_it_is_for_what_it_names(house: House) -> None:
    house.grant("STTTT/head", **AUTHORISATION)
    assert refused(house, "STTTT/head", kind="QĐ") == ("signer_without_authority", "scope")


def test_a_template_that_it_names_is_covered_whatever_its_type(house: House) -> None:
    facts: dict[str, Any] = {"name": {"vi": "Kế hoạch"}, "body": {}, "sha256": "0" * 64, "created_by": "designer"}
    house.session.add(Definition(kind="document", key="plan", version=0, status="draft", **facts))
    house.session.flush()
    house.grant("STTTT/head", **{**AUTHORISATION, "types": [], "templates": ["plan"]})
    assert house.lines("STTTT/head", kind="KH", template="plan").startswith("TUQ.")
    assert refused(house, "STTTT/head", kind="KH", template="other") == ("signer_without_authority", "scope")


def test_the_refusal_says_which_document_comes_nearest_and_until_when(house: House) -> None:
    house.grant("STTTT/head", **AUTHORISATION)
    paper = Paper(house.units["UBND"], "BC", "provincial-report", LAST + DAY)
    refusal = refusal_of(house.session, paper, house.people["STTTT/head"].id, house.posts["STTTT/head"].id)
    assert refusal is not None
    assert refusal.params["lacking"] == {
        "why": "over",
        "document": "12/GUQ-UBND",
        "from": "2025-04-01",
        "to": "2025-06-30",
    }


def test_one_that_was_revoked_covers_nothing_from_then_on(stored_house: House) -> None:
    given = stored_house.grant("STTTT/head", **AUTHORISATION)
    assert stored_house.lines("STTTT/head").startswith("TUQ.")
    stored_house.session.commit()
    revoke(stored_house.session, Actor(stored_house.people["UBND/head"].id, "chairman", "Rah Lan Chung"), given.id)
    stored_house.session.commit()
    assert refused(stored_house, "STTTT/head") == ("signer_without_authority", "revoked")
    assert given.state == "revoked"


# -- the Chairman himself --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seat", "lines"), [("UBND/head", "CHỦ TỊCH"), ("UBND/deputy", "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH")])
def test_a_document_of_the_chairman_himself_is_signed_without_the_committee(
    house: House, seat: str, lines: str
) -> None:
    assert house.lines(seat, of_head=True) == lines


def test_before_the_law_and_elsewhere_there_is_none(house: House) -> None:
    paper = Paper(house.units["UBND"], "QĐ", "decision", date(2025, 2, 28), of_head=True)
    found = refusal_of(house.session, paper, house.people["UBND/head"].id, house.posts["UBND/head"].id)
    assert found is not None
    assert found.code == "before_the_law"


# -- what is entered -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("to", "facts", "code"),
    [
        ("STTTT/head", {"kind": "TUQ", "types": ["BC"]}, "authorisation_without_end"),
        ("STTTT/head", {"kind": "TUQ", "valid_to": LAST}, "authorisation_without_scope"),
        ("STTTT/head", {**AUTHORISATION, "with_deputies": True}, "authorisation_for_deputies"),
        ("STTTT/head", {"valid_to": FIRST - DAY}, "life_backwards"),
        ("STTTT/head", {"grounds_on": FIRST + DAY}, "authority_before_its_document"),
        ("STTTT/head", {"types": ["XX"]}, "unknown_type"),
        ("STTTT/head", {"templates": ["nowhere"]}, "no_such_template"),
        ("STTTT/head", {"kind": "KT"}, "not_permitted"),
        ("STTTT/deputy", {}, "authority_not_to_head"),
        ("STTTT/head", {"grounds": " "}, "text_missing"),
    ],
)
def test_what_the_decree_does_not_know_is_not_entered(house: House, to: str, facts: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        house.grant(to, **facts)
    assert caught.value.code == code


def test_the_day_of_the_document_may_be_the_first(house: House) -> None:
    assert house.grant("VP/head", grounds_on=FIRST).id


def test_only_the_head_of_the_issuer_gives_it_and_only_to_units_of_his(house: House) -> None:
    for facts, code in (
        ({"source_post": house.posts["UBND/deputy"]}, "authority_not_of_head"),
        ({"source_post": house.posts["CAT/head"]}, "authority_not_of_head"),
        ({"issuer": house.units["CAT"], "source_post": house.posts["CAT/head"]}, "authority_outside_issuer"),
    ):
        with pytest.raises(Refusal) as caught:
            house.grant("STTTT/head", **facts)
        assert caught.value.code == code


def test_whoever_signs_by_authorisation_authorises_nobody(house: House) -> None:
    house.grant("STTTT/head", **AUTHORISATION)
    with pytest.raises(Refusal) as caught:
        house.grant("CNTT/head", source_post=house.posts["STTTT/head"], **AUTHORISATION)
    assert caught.value.code == "authorised_on"


def test_nobody_lets_himself_sign(house: House) -> None:
    himself = Actor(house.people["VP/head"].id, "office", "Ksor Hà")
    with pytest.raises(Refusal, match="own_authority"):
        house.grant("VP/head", actor=himself)


def test_it_lives_no_longer_than_the_posts(house: House) -> None:
    house.posts["STTTT/head"].valid_to = LAST
    with pytest.raises(Refusal, match="authority_outside_posts"):
        house.grant("STTTT/head")
    assert house.grant("STTTT/head", valid_to=LAST).id


def test_what_is_entered_is_never_changed(stored_house: House) -> None:
    with pytest.raises(Refusal, match="authority_fixed"):
        settle_authority(stored_house.session, KEEPER, stored_house.grant("VP/head"))


@pytest.mark.parametrize(
    "facts", [{"kind": "TUQ"}, {"kind": "TUQ", "valid_to": LAST, "with_deputies": True}, {"revoked_at": utc_now()}]
)
def test_the_database_holds_the_rules_that_it_can(stored_house: House, facts: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        stored_house.grant("STTTT/head", settle=False, **facts)


def test_an_authority_is_revoked_once_and_the_log_tells_it(stored_house: House) -> None:
    given, keeper = (
        stored_house.grant("VP/head"),
        Actor(stored_house.people["UBND/registrar"].id, "units", "Phạm Văn Kiên"),
    )
    assert [each.id for each in in_force(stored_house.session)] == [given.id]
    revoke(stored_house.session, keeper, given.id)
    assert given.revoked_by == keeper.user_id
    assert in_force(stored_house.session) == []
    with pytest.raises(Refusal, match="authority_revoked"):
        revoke(stored_house.session, keeper, given.id)
    with pytest.raises(Refusal, match="not_found"):
        revoke(stored_house.session, keeper, given.id + 1)
    told = stored_house.session.query(AuditEntry).all()
    assert [(each.action, each.actor) for each in told] == [("signing_authority_revoked", "units")]


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [(1, None, "ahead"), (0, None, "in_force"), (-9, 0, "in_force"), (-9, -1, "over")],
)
def test_an_authority_is_ahead_in_force_or_over(house: House, first: int, last: int | None, state: str) -> None:
    end = None if last is None else today() + last * DAY
    assert house.grant("VP/head", valid_from=today() + first * DAY, valid_to=end).state == state


@pytest.mark.parametrize("ended", ["UBND/head", "VP/head"])
def test_an_authority_is_over_with_the_post_that_gave_it_or_has_it(house: House, ended: str) -> None:
    given = house.grant("VP/head", with_deputies=True)
    assert house.lines("VP/deputy").startswith("TL.")
    assert [each.id for each in in_force(house.session)] == [given.id]
    last = date(2025, 5, 31)
    house.posts[ended].valid_to = last
    house.session.flush()
    assert (given.last_day, given.state, list(in_force(house.session))) == (last, "over", [])
    assert house.lines("VP/deputy", day=last).startswith("TL.")
    assert refused(house, "VP/deputy", day=last + DAY) == ("signer_without_authority", "over")
