"""Numbers are reserved for paper, used for it or made void with a reason; whatever was settled stays as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.documents import books, keeping, numbering
from portal.documents.columns import cells
from portal.documents.fates import examine
from portal.documents.keeping import Handover, Paper
from portal.documents.models import OfficialDocument, Register, RegisterEntry
from portal.security import today
from portal.units.models import Unit
from tests.portal.province import FEBRUARY
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.portal.province import Province

UNTIL = today() + timedelta(days=3)
PAPER = Paper(
    kind="TTr",
    symbol="TTr-UBND",
    dated_on=today(),
    subject="về việc điều chỉnh kế hoạch",
    signer="Đặng Nhật Thuận",
    recipients="Bộ Công an; Văn phòng Chính phủ",
    kept_by="VT, NC",
)


def unit(province: Province, code: str) -> Unit:
    return province.session.scalars(select(Unit).where(Unit.code == code)).one()


def book(province: Province, code: str = "UBND", key: str = "named", last: int = 0) -> Register:
    registrar, issuer = province.actor("registrar"), unit(province, code)
    admin = registrar if code == "UBND" else province.actor("admin")
    more: dict[str, Any] = {"last_paper": last, "seen": None, "reason": "Mở sổ đầu năm", "on": today()}
    return books.open_book(province.session, admin, issuer, key, **more)


def reserved(province: Province, register: Register, reason: str = "Tờ trình ký trên giấy") -> RegisterEntry:
    registrar = province.actor("registrar")
    return keeping.reserve(province.session, registrar, register, reason=reason, until=UNTIL, on=today())


def code_of(deed: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        deed()
    return refused.value.code


def used(province: Province, entry: RegisterEntry, version: int = 1, **other: Any) -> RegisterEntry:
    paper = replace(PAPER, **other)
    registrar = province.actor("registrar")
    return keeping.use_on_paper(province.session, registrar, entry.id, paper, version=version, on=today())


def void(province: Province, entry: RegisterEntry, reason: str = "Không ký nữa", version: int = 1) -> RegisterEntry:
    return keeping.make_void(province.session, province.actor("registrar"), entry.id, version=version, reason=reason)


def test_a_reserved_number_is_passed_over_by_the_next_document(province: Province) -> None:
    province.approved()
    register = province.session.scalars(select(Register)).one()
    entry = reserved(province, register)
    province.approved(FEBRUARY)
    assert (entry.number, entry.state, entry.reserved_until) == (2, "reserved", UNTIL)
    assert list(province.session.scalars(select(OfficialDocument.number))) == [1, 3]
    assert examine(province.session, today()) == []


def test_who_reserved_it_and_why_are_kept_and_logged(province: Province) -> None:
    entry = reserved(province, book(province))
    assert (entry.reserved_by, entry.reason) == (province.user("registrar").id, "Tờ trình ký trên giấy")
    logged = province.session.scalars(select(AuditEntry).where(AuditEntry.action == "number_reserved")).one()
    assert (logged.actor, json.loads(logged.details)["number"]) == ("registrar", 1)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"reason": " "}, "reason_required"),
        ({"reason": "x" * 501}, "text_too_long"),
        ({"reason": "Văn bản TUYỆT MẬT"}, "classified_entry"),
        ({"reason": "漢"}, "unprintable"),
        ({"until": None}, "until_required"),
        ({"until": today() - timedelta(days=1)}, "until_required"),
    ],
)
def test_nothing_is_reserved_without_reason_and_end(province: Province, asked: dict[str, Any], code: str) -> None:
    register = book(province)
    told = {"reason": "Ký trên giấy", "until": UNTIL, "on": today(), **asked}
    actor = province.actor("registrar")
    assert code_of(lambda: keeping.reserve(province.session, actor, register, **told)) == code
    assert register.last_number == 0


@pytest.mark.parametrize("username", ["clerk", "chairman", "auditor", "outsider.head"])
def test_only_registrars_and_administrators_keep_books(province: Province, username: str) -> None:
    register = book(province)
    told: dict[str, Any] = {"reason": "Ký trên giấy", "until": UNTIL, "on": today()}
    actor = province.actor(username)
    assert code_of(lambda: keeping.reserve(province.session, actor, register, **told)) == "not_permitted"


def test_a_registrar_keeps_no_book_of_another_unit(province: Province) -> None:
    register = book(province, "CAT")
    assert code_of(lambda: reserved(province, register)) == "not_permitted"
    admin = province.actor("admin")
    entry = keeping.reserve(province.session, admin, register, reason="Thay văn thư", until=UNTIL, on=today())
    assert code_of(lambda: void(province, entry)) == "not_found"


def test_a_void_number_keeps_its_reason_and_is_never_used(province: Province) -> None:
    entry = void(province, reserved(province, book(province)))
    assert (entry.state, entry.void_reason, entry.settled_by) == ("void", "Không ký nữa", province.user("registrar").id)
    assert code_of(lambda: used(province, entry, version=2)) == "not_reserved"
    assert code_of(lambda: void(province, entry, version=entry.version)) == "not_reserved"
    assert numbering.take_number(province.session, unit(province, "UBND"), "BC", today())[1] == 2


def test_nothing_is_made_void_without_a_reason(province: Province) -> None:
    entry = reserved(province, book(province))
    assert code_of(lambda: void(province, entry, reason="  ")) == "reason_required"
    assert entry.state == "reserved"


def test_of_two_who_settle_the_same_number_the_second_is_told(province: Province) -> None:
    entry = reserved(province, book(province))
    used(province, entry)
    assert code_of(lambda: void(province, entry, version=1)) == "stale_version"


def test_a_document_signed_on_paper_stands_in_the_register_like_any_other(province: Province) -> None:
    entry = used(province, reserved(province, book(province)))
    assert list(cells(entry)) == [
        "01/TTr-UBND",
        f"{today():%d/%m/%Y}",
        "Tờ trình về việc điều chỉnh kế hoạch",
        "Đặng Nhật Thuận",
        "Bộ Công an; Văn phòng Chính phủ",
        "VT, NC",
        *("", "", ""),
        "Ban hành bằng bản giấy",
    ]
    assert examine(province.session, today()) == []


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"subject": ""}, "paper_incomplete"),
        ({"signer": " "}, "paper_incomplete"),
        ({"recipients": ""}, "paper_incomplete"),
        ({"symbol": ""}, "paper_incomplete"),
        ({"subject": "x" * 501}, "text_too_long"),
        ({"kind": "ABC"}, "unknown_type"),
        ({"kind": "SY"}, "unknown_type"),
        ({"kind": "QĐ", "symbol": "QĐ-UBND"}, "type_of_other_book"),
        ({"symbol": "TTr-STC"}, "not_its_symbol"),
        ({"symbol": "BC-UBND"}, "not_its_symbol"),
        ({"symbol": "TTr-UBNDX"}, "not_its_symbol"),
        ({"symbol": "TTr-UBND-nc"}, "not_its_symbol"),
        ({"dated_on": None}, "paper_date"),
        ({"dated_on": today() + timedelta(days=1)}, "paper_date"),
        ({"dated_on": date(today().year - 1, 12, 31)}, "paper_date"),
        ({"subject": "Tài liệu TỐI MẬT"}, "classified_entry"),
    ],
)
def test_what_is_registered_of_paper_must_be_whole_and_belong_there(
    province: Province, other: dict[str, Any], code: str
) -> None:
    entry = reserved(province, book(province))
    assert code_of(lambda: used(province, entry, **other)) == code
    province.session.refresh(entry)
    assert entry.state == "reserved"


def test_a_symbol_may_name_who_drafted_it_and_a_letter_must(province: Province) -> None:
    entry = used(province, reserved(province, book(province)), symbol="TTr-UBND-NC")
    assert str(entry) == "01/TTr-UBND-NC"
    letters = book(province, key="letters")
    letter = reserved(province, letters)
    assert code_of(lambda: used(province, letter, kind="CV", symbol="UBND")) == "not_its_symbol"
    province.session.refresh(letter)
    used(province, letter, version=letter.version, kind="CV", symbol="UBND-NC")
    assert letter.title == "Công văn V/v về việc điều chỉnh kế hoạch"


def test_handing_over_is_noted_of_used_numbers_and_the_log_keeps_what_was_before(province: Province) -> None:
    entry = used(province, reserved(province, book(province)))
    note = Handover(copies=5, sent_on=today(), received_by="Lý Thị Hoa", note="Gửi hỏa tốc")
    registrar = province.actor("registrar")
    keeping.note_handover(province.session, registrar, entry.id, note, version=2)
    keeping.note_handover(province.session, registrar, entry.id, replace(note, copies=6), version=3)
    assert list(cells(entry))[6:] == ["06", f"{today():%d/%m/%Y}", "Lý Thị Hoa", "Ban hành bằng bản giấy. Gửi hỏa tốc"]
    logged = province.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "handover_noted").order_by(AuditEntry.seq.desc()).limit(1)
    ).one()
    assert json.loads(logged.details)["before"][0] == "5"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"copies": 0}, "copies_wrong"),
        ({"copies": 10_000}, "copies_wrong"),
        ({"sent_on": date(2020, 1, 1)}, "sent_before_dated"),
    ],
)
def test_impossible_handovers_are_refused(province: Province, other: dict[str, Any], code: str) -> None:
    entry = used(province, reserved(province, book(province)))
    note = replace(Handover(copies=1, sent_on=today(), received_by="", note=""), **other)
    registrar = province.actor("registrar")
    assert code_of(lambda: keeping.note_handover(province.session, registrar, entry.id, note, version=2)) == code


def test_nothing_is_handed_over_of_a_number_that_is_not_used(province: Province) -> None:
    entry = reserved(province, book(province))
    note = Handover(copies=1, sent_on=None, received_by="", note="")
    registrar = province.actor("registrar")
    assert code_of(lambda: keeping.note_handover(province.session, registrar, entry.id, note, version=1)) == "not_used"


def test_a_book_of_a_year_that_is_over_reserves_nothing_and_settles_what_was_reserved(province: Province) -> None:
    register = book(province)
    entry = reserved(province, register)
    later = date(today().year + 1, 1, 2)
    registrar = province.actor("registrar")
    asked: dict[str, Any] = {"reason": "Muộn", "until": later, "on": later}
    assert code_of(lambda: keeping.reserve(province.session, registrar, register, **asked)) == "book_closed"
    settled = keeping.use_on_paper(province.session, registrar, entry.id, PAPER, version=1, on=later)
    assert settled.state == "used"


def test_a_unit_that_has_ended_reserves_nothing_and_an_administrator_settles_what_was_reserved(
    province: Province,
) -> None:
    register = book(province)
    entry = reserved(province, register)
    unit(province, "UBND").valid_to = today() - timedelta(days=1)
    admin = province.actor("admin")
    told: dict[str, Any] = {"reason": "Ký trên giấy", "until": UNTIL, "on": today()}
    assert code_of(lambda: reserved(province, register)) == "not_permitted"
    assert code_of(lambda: keeping.reserve(province.session, admin, register, **told)) == "issuer_not_there"
    settled = keeping.make_void(province.session, admin, entry.id, version=1, reason="Đơn vị đã giải thể")
    assert settled.state == "void"


def test_an_issued_document_says_in_its_line_what_is_printed_on_it(province: Province) -> None:
    province.approved()
    entry = province.session.scalars(select(RegisterEntry)).one()
    number, dated, title, signer, recipients, kept_by, *handed, remark = cells(entry)
    assert (number, dated, signer, remark) == ("01/BC-UBND", f"{today():%d/%m/%Y}", "Đặng Nhật Thuận", "")
    assert title.startswith("Báo cáo ")
    assert kept_by.startswith("VT")
    assert "Lưu" not in recipients
    assert "Như trên" not in recipients
    assert not recipients.startswith("-")
    assert handed == ["", "", ""]
