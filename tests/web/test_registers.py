"""The registrar's screens: the register with its ten columns, fates of numbers, books opened and arranged."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.audit import AuditEntry
from portal.documents import register_words
from portal.documents.columns import HEADS
from portal.documents.models import NumberingScheme, Register, RegisterEntry
from portal.security import today
from portal.units.models import Unit
from tests import cast
from tests.portal.province import Province
from tests.web.calls import key_of, rows, typed_in

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

UNTIL = f"{today() + timedelta(days=3):%d/%m/%Y}"
TODAY = f"{today():%d/%m/%Y}"
PAPER = {
    "paper-kind": "TTr",
    "paper-symbol": "TTr-UBND",
    "paper-dated_on": TODAY,
    "paper-subject": "=về việc điều chỉnh kế hoạch",
    "paper-signer": "Đặng Nhật Thuận",
    "paper-recipients": "Bộ Công an; Văn phòng Chính phủ",
    "paper-kept_by": "VT, NC",
}


@pytest.fixture
def book(portal: Flask) -> int:
    """The key of a book in which one document was numbered."""
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        Province(database.session()).approved()
        database.session.commit()
        database.session.remove()
    return key_of(portal, Register, series="named")


def unit_key(portal: Flask, code: str) -> int:
    return key_of(portal, Unit, code=code)


def entry(portal: Flask, number: int) -> dict[str, Any]:
    with rows(portal) as session:
        found = session.scalars(select(RegisterEntry).where(RegisterEntry.number == number)).one()
        return {column.key: getattr(found, column.key) for column in RegisterEntry.__table__.columns}


def reserve(registrar: Visitor, book: int, **typed: str) -> Any:
    asked = {"reason": "Tờ trình ký trên giấy", "until": UNTIL, **typed}
    return registrar.post(f"/registers/{book}/reserve", asked)


def line(portal: Flask, number: int) -> str:
    return f"/register-entries/{entry(portal, number)['id']}"


def test_a_number_is_reserved_registered_and_handed_over(portal: Flask, visit: Visit, book: int) -> None:
    registrar = visit(cast.REGISTRAR)
    assert "Giữ số 2" in registrar.get(f"/registers/show/{book}").text
    answer = reserve(registrar, book)
    assert answer.status_code == 302
    page = registrar.get(answer.location).text
    assert "Đã giữ số 02." in page
    assert f"Giữ số đến ngày {UNTIL}, người giữ Lý Thị Hoa: Tờ trình ký trên giấy" in page
    assert registrar.post(f"{line(portal, 2)}/paper", {"version": "1", **PAPER}).status_code == 302
    handed = {"version": "2", "handover-copies": "5", "handover-sent_on": TODAY, "handover-received_by": "Siu Hà"}
    assert registrar.post(f"{line(portal, 2)}/handover", handed).status_code == 302
    page = registrar.get(f"/register-entries/list/?register={book}").text
    for words in (
        "02/TTr-UBND",
        "Tờ trình =về việc điều chỉnh kế hoạch",
        "Siu Hà",
        "Ban hành bằng bản giấy",
        "01/BC-UBND",
    ):
        assert words in page, words


def test_the_register_has_the_ten_prescribed_columns(visit: Visit, book: int) -> None:
    page = visit(cast.REGISTRAR).get(f"/register-entries/list/?register={book}").text
    heads = [
        re.sub(r"<[^>]+>|[▲▼↕]", "", each).strip() for each in re.findall(r"<th scope=\"col\".*?</th>", page, re.DOTALL)
    ]
    assert len(heads) == len(HEADS) == 10
    assert heads == [
        *("Số, ký hiệu", "Ngày tháng văn bản", "Tên loại và trích yếu", "Người ký", "Nơi nhận"),
        *("Đơn vị, người nhận bản lưu", "Số lượng bản", "Ngày chuyển", "Ký nhận", "Ghi chú"),
    ]


def test_a_void_number_shows_its_reason_and_offers_nothing_more(portal: Flask, visit: Visit, book: int) -> None:
    registrar = visit(cast.REGISTRAR)
    reserve(registrar, book)
    answer = registrar.post(f"{line(portal, 2)}/void", {"version": "1", "void-reason": "Không ký nữa"})
    assert answer.status_code == 302
    page = registrar.get(answer.location).text
    assert "Hủy số: Không ký nữa" in page
    assert "/void" not in page
    assert "/paper" not in page
    with rows(portal) as session:
        logged = session.scalars(select(AuditEntry.action).order_by(AuditEntry.seq.desc()).limit(2)).all()
        assert logged == ["number_made_void", "number_reserved"]


def test_what_is_refused_is_said_and_what_was_typed_stays(portal: Flask, visit: Visit, book: int) -> None:
    registrar = visit(cast.REGISTRAR)
    answer = reserve(registrar, book, reason="Vì sao đó", until="31/02/2026")
    assert answer.status_code == 422
    assert "“31/02/2026” không phải ngày" in answer.text
    assert "Vì sao đó" in answer.text
    reserve(registrar, book)
    for typed, words in (
        ({"void-reason": "", "version": "1"}, "lý do"),
        ({"void-reason": "Muộn", "version": "7"}, "thay đổi"),
    ):
        answer = registrar.post(f"{line(portal, 2)}/void", typed)
        assert answer.status_code in {409, 422}
        assert words in answer.text, words
    answer = registrar.post(f"{line(portal, 2)}/paper", {**PAPER, "version": "1", "paper-symbol": "BC-UBND"})
    assert answer.status_code == 422
    assert "không phải ký hiệu của loại văn bản" in answer.text
    assert "Văn phòng Chính phủ" in answer.text
    assert entry(portal, 2)["state"] == "reserved"


def test_the_same_button_pressed_twice_reserves_once(portal: Flask, visit: Visit, book: int) -> None:
    registrar = visit(cast.REGISTRAR)
    form = typed_in(registrar.get(f"/registers/show/{book}").text)
    sent = {"reason": "Ký trên giấy", "until": UNTIL, "idempotency_key": form["idempotency_key"]}
    first, second = (registrar.post(f"/registers/{book}/reserve", sent) for _ in range(2))
    assert first.location == second.location
    with rows(portal) as session:
        assert session.scalars(select(Register.last_number)).all() == [2]


def test_a_number_that_is_reserved_for_too_long_is_told_as_overdue(
    portal: Flask, visit: Visit, book: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    registrar = visit(cast.REGISTRAR)
    reserve(registrar, book)
    monkeypatch.setattr(register_words, "today", lambda: today() + timedelta(days=4))
    page = registrar.get(f"/register-entries/list/?register={book}").text
    assert f"Quá hạn giữ số từ ngày {UNTIL}, người giữ Lý Thị Hoa" in page


def test_lines_are_searched_by_words_and_by_number_and_narrowed_by_state(
    portal: Flask, visit: Visit, book: int
) -> None:
    registrar = visit(cast.REGISTRAR)
    reserve(registrar, book)
    place = f"/register-entries/list/?register={book}"
    for query, found in (
        ("q=to trinh ky", {2}),
        ("q=2", {2}),
        ("q=1", {1}),
        ("q=99", set()),
        ("state=used", {1}),
        ("state=void", set()),
        ("q=bao cao tinh hinh", {1}),
    ):
        page = registrar.get(f"{place}&{query}").text
        keys = {int(key) for key in re.findall(r"/register-entries/show/(\d+)", page)}
        assert keys == {entry(portal, number)["id"] for number in found}, query


def test_others_neither_see_nor_keep_the_books(portal: Flask, visit: Visit, book: int) -> None:
    registrar = visit(cast.REGISTRAR)
    reserve(registrar, book)
    place, key = line(portal, 2), entry(portal, 2)["id"]
    for who in (cast.CLERK, cast.CHAIRMAN, cast.OUTSIDER_HEAD):
        assert visit(who).get(f"/register-entries/show/{key}").status_code == 403
        assert visit(who).post(f"{place}/void", {"version": "1", "void-reason": "x"}).status_code == 403
    auditor = visit(cast.AUDITOR)
    page = auditor.get(f"/register-entries/show/{key}").text
    assert "/void" not in page
    assert auditor.post(f"{place}/void", {"version": "1", "void-reason": "x"}).status_code == 403
    assert auditor.get(f"/registers/unit/{unit_key(portal, 'UBND')}").status_code == 403


def test_a_registrar_opens_no_book_of_another_unit_and_an_administrator_does(
    portal: Flask, visit: Visit, book: int
) -> None:
    other = unit_key(portal, "CAT")
    registrar, admin = visit(cast.REGISTRAR), visit(cast.ADMIN)
    assert registrar.get(f"/registers/unit/{other}").status_code == 404
    assert registrar.post(f"/registers/unit/{other}/open", {"series": "named"}).status_code == 404
    assert "Công an tỉnh Gia Lai" in admin.get("/registers/list/").text
    typed = {"series": "named", "last_paper": "1388", "reason": "Chuyển từ sổ giấy"}
    assert admin.post(f"/registers/unit/{other}/open", typed).status_code == 302


def test_a_book_goes_on_from_paper_and_its_beginning_is_corrected_once_more(portal: Flask, visit: Visit) -> None:
    registrar, place = visit(cast.REGISTRAR), f"/registers/unit/{unit_key(portal, 'UBND')}"
    typed = {"series": "named", "last_paper": "1388", "reason": "Sổ giấy kết thúc ngày 27/11"}
    page = registrar.get(registrar.post(f"{place}/open", typed).location).text
    assert "Đã mở sổ; số tiếp theo là 1389." in page
    assert "Sổ giấy kết thúc ngày 27/11" in page
    assert registrar.post(f"{place}/open", {**typed, "last_paper": "1398"}).status_code == 409
    seen = typed_in(registrar.get(place).text)["seen-named"]
    assert registrar.post(f"{place}/open", {**typed, "last_paper": "1398", "seen-named": seen}).status_code == 302
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        Province(database.session()).approved()
        database.session.commit()
        database.session.remove()
    assert entry(portal, 1399)["symbol"] == "BC-UBND"
    answer = registrar.post(f"{place}/open", {**typed, "last_paper": "5", "seen-named": "1398"})
    assert answer.status_code == 422
    assert "Hệ thống đã cấp số trong sổ này, đến số 1399" in answer.text
    page = registrar.get(f"/register-entries/list/?register={key_of(portal, Register, series='named')}").text
    assert "Các số đến 1398 ghi trong sổ giấy." in page


@pytest.mark.parametrize("typed", [{"last_paper": "nhiều"}, {"last_paper": ""}, {"series": "odd"}, {"reason": ""}])
def test_a_book_is_not_opened_by_halves(portal: Flask, visit: Visit, typed: dict[str, str]) -> None:
    place = f"/registers/unit/{unit_key(portal, 'UBND')}/open"
    asked = {"series": "named", "last_paper": "1388", "reason": "Sổ giấy", **typed}
    assert visit(cast.REGISTRAR).post(place, asked).status_code == 422
    with rows(portal) as session:
        assert session.scalars(select(Register)).all() == []


def arranging(registrar: Visitor, place: str, **changes: Any) -> Any:
    """Give reports a book of their own, in the first empty line."""
    typed = typed_in(registrar.get(place).text)
    lines = {
        part: [*typed[f"series.{part}"][:3], new, ""]
        for part, new in (("key", "reports"), ("vi", "Báo cáo"), ("en", ""))
    }
    sent = {**typed, **{f"series.{part}": texts for part, texts in lines.items()}, "type.BC": "3"}
    return registrar.post(place, {**sent, "reason": "Quyết định 12/QĐ-UBND", **changes})


def test_reports_get_a_book_of_their_own_from_this_year_where_nothing_was_numbered(portal: Flask, visit: Visit) -> None:
    registrar, place = visit(cast.REGISTRAR), f"/registers/unit/{unit_key(portal, 'UBND')}/arrange"
    answer = arranging(registrar, place)
    assert answer.status_code == 302
    assert "Quyết định 12/QĐ-UBND" in registrar.get(answer.location).text
    with rows(portal) as session:
        decided = session.scalars(select(NumberingScheme)).one()
        assert [(each["key"], each["name_en"]) for each in decided.series][3] == ("reports", "Báo cáo")
        assert decided.from_year == today().year


def test_what_was_numbered_is_arranged_anew_for_the_next_year_alone(portal: Flask, visit: Visit, book: int) -> None:
    registrar, place = visit(cast.REGISTRAR), f"/registers/unit/{unit_key(portal, 'UBND')}/arrange"
    answer = arranging(registrar, place)
    assert answer.status_code == 422
    assert "đã cấp số nên giữ nguyên" in answer.text
    assert "Quyết định 12/QĐ-UBND" in answer.text
    assert typed_in(answer.text)["type.BC"] == ["3"]
    following = today().year + 1
    assert arranging(registrar, f"{place}?year={following}").status_code == 302
    assert f"Từ năm {following} áp dụng cách chia sổ khác" in registrar.get(place.removesuffix("/arrange")).text


def test_the_first_page_of_a_book_says_that_its_year_is_over(portal: Flask, visit: Visit, book: int) -> None:
    with rows(portal) as session:
        former = Register(
            unit_id=unit_key(portal, "UBND"), year=2025, series="named", name_vi="Sổ cũ", name_en="Old", last_number=0
        )
        session.add(former)
    registrar = visit(cast.REGISTRAR)
    key = key_of(portal, Register, year=2025)
    page = registrar.get(f"/registers/show/{key}").text
    assert "Đã khóa: năm của sổ đã hết" in page
    assert f"/registers/{key}/reserve" not in page
    assert reserve(registrar, key).status_code == 422
