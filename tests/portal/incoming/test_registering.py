"""What arrives gets its number at once; what came before is told; mistakes are corrected or made void."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.audit import AuditEntry
from portal.files import FileStore
from portal.incoming import books, service
from portal.incoming.columns import HEADS, arrival_values
from portal.incoming.models import ArrivalBook, IncomingDocument
from portal.security import today
from tests.portal.incoming.arriving import PLAN, arrived, code_of, handed, unit
from tests.uploads import PDF
from workflows.errors import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.portal.province import Province

OTHER: dict[str, Any] = {"symbol": "2433/KH-UBND", "code": ""}


def test_arrivals_are_numbered_from_01_in_one_series(province: Province) -> None:
    first = arrived(province)
    second = arrived(province, symbol="100-KL/ĐU", author="Đảng ủy", code="")
    assert [str(each) for each in (first, second)] == [f"01/{today().year}", f"02/{today().year}"]
    assert first.state == "new"
    assert first.book.last_number == 2


def test_the_numbers_of_each_unit_are_its_own(province: Province) -> None:
    arrived(province)
    admin, other = province.actor("admin"), unit(province, "STTTT")
    there = service.register(province.session, admin, other, PLAN, on=today(), again="")
    assert there.number == 1, "the same document at another unit is no repetition"


def test_what_is_refused_takes_no_number(province: Province) -> None:
    province.session.commit()
    for changes in ({"subject": " "}, {"urgency": "soon"}, {"due_on": today() - timedelta(days=9)}):
        with pytest.raises(Refusal):
            arrived(province, **changes)
        province.session.rollback()
    assert arrived(province).number == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"author": ""}, "arrival_incomplete"),
        ({"symbol": " "}, "arrival_incomplete"),
        ({"dated_on": None}, "arrival_incomplete"),
        ({"type_name": ""}, "arrival_incomplete"),
        ({"arrived_on": None}, "arrival_day"),
        ({"arrived_on": today() + timedelta(days=1)}, "arrival_day"),
        ({"arrived_on": date(today().year - 1, 12, 31)}, "arrival_day"),
        ({"dated_on": today() + timedelta(days=1)}, "dated_after_arrival"),
        ({"due_on": today() - timedelta(days=1)}, "due_before_arrival"),
        ({"urgency": "soon"}, "unknown_urgency"),
        ({"symbol": f"1/{'X' * 31}"}, "symbol_too_long"),
        ({"subject": "a" * 501}, "text_too_long"),
        ({"subject": "Tài liệu TỐI MẬT"}, "classified_entry"),
    ],
)
def test_half_a_document_is_not_registered(province: Province, changes: dict[str, Any], code: str) -> None:
    assert code_of(lambda: arrived(province, **changes)) == code


@pytest.mark.parametrize(
    "changes",
    [
        {"code": ""},
        {"code": "", "author": "CÔNG AN TỈNH GIA LAI", "symbol": "04598/cat-pc06"},
        {"symbol": "1/CV", "author": "Sở Tư pháp"},
        {"symbol": "1/CV", "code": "000.00.31.h21.2026.004598"},
    ],
)
def test_what_came_before_is_told_and_registered_with_a_reason(province: Province, changes: dict[str, Any]) -> None:
    first = arrived(province)
    with pytest.raises(Refusal) as refused:
        arrived(province, **changes)
    assert (refused.value.code, refused.value.params["keys"]) == ("arrived_before", [first.id])
    second = arrived(province, again="Bản có phụ lục", **changes)
    assert second.again_reason == "Bản có phụ lục"


def test_a_reason_is_kept_only_where_something_came_before(province: Province) -> None:
    assert arrived(province, again="Vì lý do khác").again_reason is None


@pytest.mark.parametrize(
    "changes",
    [OTHER, {"code": "", "author": "Công an tỉnh Kon Tum"}, {"code": "", "dated_on": PLAN.dated_on.replace(year=2019)}],  # type: ignore[union-attr]
)
def test_another_document_is_no_repetition(province: Province, changes: dict[str, Any]) -> None:
    arrived(province)
    assert arrived(province, **changes).number == 2


def test_two_documents_without_a_number_are_no_repetition(province: Province) -> None:
    arrived(province, symbol="Không số", code="")
    assert arrived(province, symbol="Không số", code="").number == 2


def test_a_void_arrival_is_no_repetition_and_its_number_is_not_used_again(province: Province) -> None:
    first, registrar = arrived(province), province.actor("registrar")
    service.make_void(province.session, registrar, first.id, version=1, reason="Đăng ký nhầm")
    province.session.refresh(first)
    assert first.state == "void"
    assert arrived(province).number == 2
    values = dict(zip(HEADS, arrival_values(first), strict=True))
    assert values["Ghi chú"] == "Hủy số đến: Đăng ký nhầm. Khẩn"
    again = {"version": first.version, "reason": "Nữa"}
    assert code_of(lambda: service.make_void(province.session, registrar, first.id, **again)) == "arrival_void"


def test_a_correction_says_in_the_log_what_was_written_before(province: Province) -> None:
    first, registrar = arrived(province), province.actor("registrar")
    right = replace(PLAN, symbol="4599/CAT-PC06")
    service.correct(province.session, registrar, first.id, right, version=1, on=today(), again="")
    assert (first.symbol, first.version, first.number) == ("4599/CAT-PC06", 2, 1)
    entry = province.session.scalars(select(AuditEntry).where(AuditEntry.action == "arrival_corrected")).one()
    told = json.loads(entry.details)
    assert told["symbol"] == ["4598/CAT-PC06", "4599/CAT-PC06"]
    assert "author" not in told
    late = {"version": 1, "on": today(), "again": ""}
    deed = lambda: service.correct(province.session, registrar, first.id, right, **late)  # noqa: E731
    assert code_of(deed) == "stale_version"


def test_what_arrived_last_year_is_corrected_within_its_year(province: Province) -> None:
    first, registrar = arrived(province), province.actor("registrar")
    new_year = date(today().year + 1, 1, 2)
    right, wrong = replace(PLAN, subject="về việc khác"), replace(PLAN, arrived_on=new_year)
    told: dict[str, Any] = {"on": new_year, "again": ""}
    service.correct(province.session, registrar, first.id, right, version=1, **told)
    assert first.subject == "về việc khác"
    deed = lambda: service.correct(province.session, registrar, first.id, wrong, version=2, **told)  # noqa: E731
    assert code_of(deed) == "arrival_day"


def test_a_correction_into_another_arrival_is_told(province: Province) -> None:
    arrived(province)
    second, registrar = arrived(province, **OTHER), province.actor("registrar")
    deed = lambda: service.correct(province.session, registrar, second.id, PLAN, version=1, on=today(), again="")  # noqa: E731
    assert code_of(deed) == "arrived_before"


def test_handing_over_names_the_unit_and_moves_it_on(province: Province) -> None:
    first = handed(province, arrived(province))
    province.session.refresh(first)
    assert first.state == "assigned"
    values = dict(zip(HEADS, arrival_values(first), strict=True))
    assert values["Đơn vị hoặc người nhận"] == "Sở Thông tin và Truyền thông; Đoàn Minh Trí"
    assert (values["Ngày chuyển"], values["Ký nhận"], values["Số đến"]) == (today(), "Lan", "01")


def test_it_cannot_be_handed_over_before_it_arrived_nor_to_nobody(province: Province) -> None:
    first, registrar = arrived(province), province.actor("registrar")
    for handing, code in (
        (service.Handing(None, "", today() - timedelta(days=1), ""), "handed_before_arrival"),
        (service.Handing(99_999, "", None, ""), "no_such_unit"),
    ):
        deed = lambda handing=handing: service.hand_over(  # noqa: E731
            province.session, registrar, first.id, handing, version=first.version
        )
        assert code_of(deed) == code


def test_a_scan_is_judged_by_its_content(province: Province, tmp_path: Path) -> None:
    first, registrar, store = arrived(province), province.actor("registrar"), FileStore(tmp_path)
    told: dict[str, Any] = {"version": 1, "name": "van-ban.pdf"}
    kept = service.attach(province.session, registrar, store, first.id, content=PDF, **told)
    assert kept.file_id is not None
    deed = lambda: service.attach(  # noqa: E731
        province.session, registrar, store, first.id, content=b"MZ", **{**told, "version": kept.version}
    )
    assert code_of(deed) in {"unknown_kind", "wrong_extension"}


def seen_by(province: Province, username: str) -> list[int]:
    scope = service.scope(province.actor(username))
    return list(province.session.scalars(select(IncomingDocument.id).where(scope)))


def test_the_receiving_unit_and_the_one_that_deals_with_it_read_it_and_outsiders_do_not(province: Province) -> None:
    first = arrived(province)
    assert seen_by(province, "clerk") == []
    handed(province, first)
    for who in ("registrar", "chairman", "clerk", "head", "auditor", "admin"):
        assert seen_by(province, who) == [first.id], who
    for who in ("police", "outsider", "outsider.head", "designer", "units"):
        assert seen_by(province, who) == [], who


@pytest.mark.parametrize(
    ("username", "code"), [("chairman", "not_permitted"), ("auditor", "not_permitted"), ("outsider", "not_found")]
)
def test_only_the_units_own_registrar_keeps_its_arrivals(province: Province, username: str, code: str) -> None:
    first, actor = arrived(province), province.actor(username)
    deed = lambda: service.make_void(province.session, actor, first.id, version=1, reason="Không")  # noqa: E731
    assert code_of(deed) == code
    elsewhere = lambda: service.register(  # noqa: E731
        province.session, province.actor("registrar"), unit(province, "STTTT"), PLAN, on=today(), again=""
    )
    assert code_of(elsewhere) == "not_permitted"


def opened(province: Province, last_paper: int | None, reason: str = "Chuyển từ sổ giấy") -> ArrivalBook:
    told: dict[str, Any] = {"last_paper": last_paper, "reason": reason, "on": today()}
    key = books.open_book(province.session, province.actor("registrar"), unit(province, "UBND"), **told)
    return province.session.get_one(ArrivalBook, key, populate_existing=True)


def test_a_book_goes_on_from_paper_for_as_long_as_it_numbered_nothing(province: Province) -> None:
    assert opened(province, 1388).last_number == 1388
    assert opened(province, 1398).before_portal == 1398
    assert arrived(province).number == 1399
    assert code_of(lambda: opened(province, 5)) == "book_in_use"


@pytest.mark.parametrize(
    ("last", "reason", "code"),
    [(None, "Vì", "last_paper_wrong"), (-1, "Vì", "last_paper_wrong"), (1, " ", "reason_required")],
)
def test_a_book_is_not_opened_by_halves(province: Province, last: int | None, reason: str, code: str) -> None:
    assert code_of(lambda: opened(province, last, reason)) == code
    assert province.session.scalar(select(func.count()).select_from(ArrivalBook)) == 0
