"""Books go on from paper at cut-over, close with their year and their unit, and number what the head decided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.documents import books, numbering
from portal.documents import service as documents
from portal.documents.fates import examine
from portal.documents.models import OfficialDocument, Register, RegisterEntry
from portal.documents.series import COPIES, SHIPPED, Series, check, split
from portal.documents.series import numbering as numbering_of
from portal.security import today
from tests.portal.documents.test_issuing import order
from tests.portal.documents.test_keeping import book, code_of, reserved, unit
from tests.portal.province import FEBRUARY
from workflows.errors import Refusal

if TYPE_CHECKING:
    from tests.portal.province import Province

THIS, NEXT = today().year, today().year + 1
REPORTS = Series("reports", "Báo cáo", "Reports", ("BC",))
OTHERS = Series("named", "Tên loại khác", "Others", tuple(each for each in SHIPPED[2].types if each != "BC"))
APART = (*SHIPPED[:2], REPORTS, OTHERS)


def opened(province: Province, last_paper: int | None, seen: int | None, **more: Any) -> Register:
    asked: dict[str, Any] = {"reason": "Sổ giấy hết ngày 27/11", "on": today(), "last_paper": last_paper, "seen": seen}
    issuer = unit(province, "UBND")
    return books.open_book(province.session, province.actor("registrar"), issuer, "named", **{**asked, **more})


def arranged(province: Province, scheme: tuple[Series, ...] = APART, year: int = THIS, version: int = 0) -> Any:
    asked: dict[str, Any] = {"from_year": year, "version": version, "reason": "Quyết định 12/QĐ-UBND", "on": today()}
    return books.arrange(province.session, province.actor("registrar"), unit(province, "UBND"), scheme, **asked)


def taken(province: Province, kind: str, year: int = THIS, code: str = "UBND") -> tuple[str, int]:
    register_id, number = numbering.take_number(province.session, unit(province, code), kind, date(year, 6, 1))
    return province.session.get_one(Register, register_id).series, number


# -- cut-over --------------------------------------------------------------------------------------------------


def test_the_portal_goes_on_where_the_paper_book_ended(province: Province) -> None:
    register = opened(province, 1388, None)
    province.approved()
    document = province.session.scalars(select(OfficialDocument)).one()
    assert (document.number, document.register_id) == (1389, register.id)
    assert examine(province.session, today()) == [], "numbers before the portal are no gaps"
    assert register.opened_reason == "Sổ giấy hết ngày 27/11"


def test_a_mistyped_beginning_is_put_right_while_nothing_was_numbered(province: Province) -> None:
    opened(province, 1388, None)
    register = opened(province, 1398, 1388, reason="Nhầm số cuối")
    assert (register.before_portal, register.last_number) == (1398, 1398)
    assert code_of(lambda: opened(province, 5, 1388)) == "stale_version"
    assert code_of(lambda: opened(province, 5, None)) == "stale_version"
    logged = province.session.scalars(select(AuditEntry).where(AuditEntry.action == "register_opened")).all()
    assert len(logged) == 2


def test_a_book_in_which_something_was_numbered_is_not_opened_anew(province: Province) -> None:
    register = opened(province, 0, None)
    reserved(province, register)
    assert code_of(lambda: opened(province, 1388, 0)) == "book_in_use"
    province.session.rollback()


def test_a_book_that_a_document_opened_is_not_opened_by_hand(province: Province) -> None:
    province.approved()
    assert code_of(lambda: opened(province, 1388, None)) == "book_in_use"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"last_paper": None}, "last_paper_wrong"),
        ({"last_paper": -1}, "last_paper_wrong"),
        ({"last_paper": 1_000_000}, "last_paper_wrong"),
        ({"reason": ""}, "reason_required"),
        ({"on": date(2001, 1, 1)}, "issuer_not_there"),
    ],
)
def test_a_book_is_opened_with_a_number_and_a_reason(province: Province, asked: dict[str, Any], code: str) -> None:
    assert code_of(lambda: opened(province, **{"last_paper": 1, "seen": None, **asked})) == code
    assert province.session.scalars(select(Register)).all() == []


def test_an_unknown_series_is_refused_and_that_of_copies_is_known(province: Province) -> None:
    registrar, issuer = province.actor("registrar"), unit(province, "UBND")
    asked: dict[str, Any] = {"last_paper": 7, "seen": None, "reason": "Mở sổ", "on": today()}
    assert code_of(lambda: books.open_book(province.session, registrar, issuer, "odd", **asked)) == "unknown_series"
    register = books.open_book(province.session, registrar, issuer, "copies", **asked)
    assert (register.name_vi, register.last_number) == ("Bản sao", 7)


def test_nobody_else_opens_a_book(province: Province) -> None:
    asked: dict[str, Any] = {"last_paper": 7, "seen": None, "reason": "Mở sổ", "on": today()}
    for username in ("clerk", "chairman", "auditor"):
        deed = lambda who=username: books.open_book(  # noqa: E731
            province.session, province.actor(who), unit(province, "UBND"), "named", **asked
        )
        assert code_of(deed) == "not_permitted"


# -- the end of a year, and of a unit --------------------------------------------------------------------------


def test_the_year_of_a_number_is_that_of_the_documents_date_which_is_read_once(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, days = order(province, "UBND/ct"), iter([date(2025, 12, 31), date(2026, 1, 1)])
    monkeypatch.setattr(documents, "today", lambda: next(days))
    document = documents.issue(province.session, province.actor("chairman"), asked)
    assert (document.year, document.issued_on, document.register.year) == (2025, date(2025, 12, 31), 2025)
    entry = province.session.scalars(select(RegisterEntry)).one()
    assert (entry.year, entry.dated_on) == (2025, date(2025, 12, 31))
    assert next(days) == date(2026, 1, 1), "the day was asked for once"


def test_nothing_is_issued_for_a_unit_that_has_ended(province: Province) -> None:
    asked = order(province, "UBND/ct")
    unit(province, "UBND").valid_to = today() - timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        documents.issue(province.session, province.actor("chairman"), asked)
    assert refused.value.code == "issuer_not_there"
    assert refused.value.params["issuer"]["vi"] == "UBND tỉnh Gia Lai"
    assert province.session.scalars(select(Register)).all() == []


def test_on_its_last_day_a_unit_still_issues(province: Province) -> None:
    asked = order(province, "UBND/ct")
    unit(province, "UBND").valid_to = today()
    assert documents.issue(province.session, province.actor("chairman"), asked).number == 1


def test_why_a_book_is_closed_is_told(province: Province) -> None:
    register = opened(province, 0, None)
    assert numbering.closed(register, today()) == ""
    assert numbering.closed(register, date(NEXT, 1, 1)) == "book_closed"
    register.unit.valid_to = today() - timedelta(days=1)
    assert numbering.closed(register, today()) == "issuer_not_there"


def test_a_steering_body_has_books_of_its_own(province: Province) -> None:
    session = province.session
    province.approved(FEBRUARY)
    asked = order(province, "BCD06/tb")
    first = documents.issue(session, province.actor("chairman"), asked)
    second = documents.issue(session, province.actor("chairman"), asked)
    assert [str(each) for each in (first, second)] == ["01/BC-BCĐ", "02/BC-BCĐ"]
    assert {each.unit.code: each.last_number for each in session.scalars(select(Register))} == {"UBND": 1, "BCD06": 2}
    assert documents.content_of(first)["signature"]["authority_lines"][0] == "TM. BAN CHỈ ĐẠO"


# -- which book numbers what -----------------------------------------------------------------------------------


def test_the_shipped_series_are_sound_and_copies_have_one_of_their_own() -> None:
    check(SHIPPED)
    assert numbering_of(SHIPPED, "QĐ").key == "decisions"
    assert numbering_of(SHIPPED, "CV").key == "letters"
    assert {numbering_of(SHIPPED, kind).key for kind in ("BC", "KH", "TTr", "CT")} == {"named"}
    assert {numbering_of(SHIPPED, kind) for kind in ("SY", "TrS", "SL")} == {COPIES}


@pytest.mark.parametrize(
    ("scheme", "code"),
    [
        ((), "type_not_in_one_book"),
        (SHIPPED[:2], "type_not_in_one_book"),
        ((*SHIPPED, REPORTS), "type_not_in_one_book"),
        ((*SHIPPED, Series("empty", "Không có gì", "Nothing", ())), "series_without_types"),
        ((*SHIPPED[:2], Series("named", "", "Others", SHIPPED[2].types)), "series_without_name"),
        ((*SHIPPED[:2], Series("Tên loại", "Khác", "Others", SHIPPED[2].types)), "series_key"),
        ((*SHIPPED[:2], Series("letters", "Khác", "Others", SHIPPED[2].types)), "series_twice"),
        ((*SHIPPED[:2], Series("copies", "Khác", "Others", SHIPPED[2].types)), "series_twice"),
        ((*SHIPPED, Series("sy", "Sao y", "Copies", ("SY",))), "type_not_in_one_book"),
    ],
)
def test_every_type_has_one_book_and_every_book_a_name(scheme: tuple[Series, ...], code: str) -> None:
    assert code_of(lambda: check(scheme)) == code


def test_a_scheme_is_split_where_a_book_would_number_something_else() -> None:
    assert split(SHIPPED, SHIPPED) == set()
    assert split(SHIPPED, APART) == {"named"}
    assert split(SHIPPED, SHIPPED[:2]) == {"named"}
    renamed = (Series("decisions", "Sổ quyết định", "Book", ("QĐ",)), *SHIPPED[1:])
    assert split(SHIPPED, renamed) == set()


def test_what_the_head_decided_applies_to_books_in_which_nothing_was_numbered(province: Province) -> None:
    assert taken(province, "QĐ") == ("decisions", 1)
    arranged(province)
    assert [taken(province, kind) for kind in ("BC", "KH", "QĐ", "BC")] == [
        ("reports", 1),
        ("named", 1),
        ("decisions", 2),
        ("reports", 2),
    ]


def test_what_was_numbered_is_never_split_but_from_the_next_year_on(province: Province) -> None:
    assert taken(province, "BC") == ("named", 1)
    assert code_of(lambda: arranged(province)) == "series_in_use"
    arranged(province, year=NEXT)
    assert taken(province, "BC") == ("named", 2)
    assert taken(province, "BC", NEXT) == ("reports", 1)


def test_a_book_opened_at_cut_over_counts_as_numbered(province: Province) -> None:
    opened(province, 1388, None)
    assert code_of(lambda: arranged(province)) == "series_in_use"


def test_what_was_decided_for_the_next_year_is_not_asked_about_books_of_this_year(province: Province) -> None:
    arranged(province, year=NEXT)
    assert taken(province, "BC", NEXT) == ("reports", 1)
    arranged(province, (*SHIPPED[:2], Series("named", "Tên loại", "Named", SHIPPED[2].types)), year=THIS)
    assert taken(province, "BC") == ("named", 1)


def test_a_later_year_keeps_what_was_decided_before(province: Province) -> None:
    arranged(province)
    assert taken(province, "BC", NEXT + 3) == ("reports", 1)
    assert taken(province, "BC", THIS - 1) == ("named", 1)


def test_of_two_who_enter_a_decision_the_second_is_told(province: Province) -> None:
    arranged(province)
    assert code_of(lambda: arranged(province, SHIPPED)) == "stale_version"
    again = arranged(province, SHIPPED, version=1)
    assert (again.version, taken(province, "BC")) == (2, ("named", 1))


@pytest.mark.parametrize("year", [THIS - 1, NEXT + 1])
def test_only_this_year_and_the_next_are_arranged(province: Province, year: int) -> None:
    assert code_of(lambda: arranged(province, year=year)) == "year_not_open"


def test_the_books_of_one_issuer_are_not_those_of_another(province: Province) -> None:
    arranged(province)
    assert taken(province, "BC", code="CAT") == ("named", 1)
    assert taken(province, "BC") == ("reports", 1)


def test_nobody_else_arranges_books(province: Province) -> None:
    issuer = unit(province, "CAT")
    asked: dict[str, Any] = {"from_year": THIS, "version": 0, "reason": "Quyết định", "on": today()}
    for username in ("registrar", "clerk", "auditor"):
        actor = province.actor(username)
        assert (
            code_of(lambda who=actor: books.arrange(province.session, who, issuer, APART, **asked)) == "not_permitted"
        )


def test_a_book_keeps_the_name_under_which_it_was_opened(province: Province) -> None:
    register = book(province)
    arranged(province, (*SHIPPED[:2], Series("named", "Tên mới", "New name", SHIPPED[2].types)))
    assert register.name_vi == SHIPPED[2].name_vi
    assert (
        books.series.known(numbering.scheme_of(province.session, register.unit_id, THIS), "named").name_vi == "Tên mới"
    )
