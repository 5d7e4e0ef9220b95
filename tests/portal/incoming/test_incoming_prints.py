"""Both registers of incoming documents as files: every arrival with all prescribed columns, bound or as a workbook."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader
from sqlalchemy import insert

from portal.documents.job import Limits
from portal.documents.press import Press
from portal.documents.printed_books import BATCH, BOOKS
from portal.documents.register_printing import RegisterPrinter, ask
from portal.files import FileStore
from portal.incoming import printing, service
from portal.incoming.columns import HANDLING_HEADS, HEADS
from portal.incoming.models import ArrivalBook, IncomingDocument
from portal.security import today
from tests.portal.documents.test_register_prints import content, finish, sheet_rows
from tests.portal.incoming.arriving import arrived, handed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.documents.models import RegisterPrint
    from tests.portal.province import Province


@pytest.fixture
def printer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RegisterPrinter]:
    monkeypatch.setitem(BOOKS, printing.ARRIVALS, printing.arrivals)
    monkeypatch.setitem(BOOKS, printing.HANDLING, printing.handling)
    press = Press()
    yield RegisterPrinter(FileStore(tmp_path), Limits(), press)
    press.close()


def asked(province: Province, book: int, kind: str, form: str) -> RegisterPrint:
    printed = ask(province.session, province.actor("registrar"), kind, book, form)
    province.session.commit()
    return printed


def three(province: Province) -> int:
    """A book with an arrival that was handed over, a void one, and one whose words would be a formula."""
    first = handed(province, arrived(province))
    second = arrived(province, symbol="2433/KH-UBND", author="UBND tỉnh Gia Lai", type_name="Kế hoạch", code="")
    told = {"version": second.version, "reason": "=1+1"}
    service.make_void(province.session, province.actor("registrar"), second.id, **told)
    arrived(province, symbol="100-KL/ĐU", author="=HYPERLINK(1)", type_name="Kết luận", code="")
    province.session.commit()
    return first.book_id


def test_the_workbook_of_the_register_has_ten_columns(province: Province, printer: RegisterPrinter) -> None:
    printed = asked(province, three(province), printing.ARRIVALS, "xlsx")
    assert finish(province, printer, printed) == 1
    assert printed.file is not None
    assert printed.file.name == f"so-van-ban-den-UBND-{today().year}.xlsx"
    *_titles, heads, first, second, third = sheet_rows(content(printer, printed))
    assert tuple(heads) == HEADS
    assert (first[1], first[3]) == ("01", "4598/CAT-PC06")
    assert first[6] == "Sở Thông tin và Truyền thông; Đoàn Minh Trí"
    assert second[9].startswith("Hủy số đến: =1+1")
    assert (third[2], third[3]) == ("=HYPERLINK(1)", "100-KL/ĐU")


def test_the_workbook_of_the_handling_has_seven_columns(province: Province, printer: RegisterPrinter) -> None:
    printed = asked(province, three(province), printing.HANDLING, "xlsx")
    finish(province, printer, printed)
    *_titles, heads, first, second, _third = sheet_rows(content(printer, printed))
    assert tuple(heads) == HANDLING_HEADS
    assert first[1].startswith("Công văn số 4598/CAT-PC06 ngày ")
    assert (first[4], second[4]) == ("Đã chuyển xử lý", "Hủy số đến")


@pytest.mark.parametrize(
    ("kind", "title", "heads"),
    [
        (printing.ARRIVALS, "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN", HEADS),
        (printing.HANDLING, "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN", HANDLING_HEADS),
    ],
)
def test_each_is_printed_with_its_title_and_heads(
    province: Province, printer: RegisterPrinter, kind: str, title: str, heads: tuple[str, ...]
) -> None:
    printed = asked(province, three(province), kind, "pdf")
    assert finish(province, printer, printed) == 2
    pages = PdfReader(io.BytesIO(content(printer, printed))).pages
    cover, table = (" ".join(page.extract_text().split()) for page in pages)
    for words in ("ỦY BAN NHÂN DÂN TỈNH GIA LAI", title, f"Năm: {today().year}", "Từ số 01 đến số 03"):
        assert words in cover, words
    bare = table.replace(" ", "")
    for words in (*heads, f"({len(heads)})", "4598/CAT-PC06", "2433/KH-UBND", "100-KL/ĐU"):
        assert words.replace(" ", "") in bare, words


def test_arrivals_are_read_a_few_at_a_time(province: Province) -> None:
    first = arrived(province)
    columns = {each.key: getattr(first, each.key) for each in IncomingDocument.__table__.columns if each.key != "id"}
    rows = [{**columns, "number": number, "same_key": ""} for number in range(2, 1201)]
    province.session.execute(insert(IncomingDocument), rows)
    province.session.get_one(ArrivalBook, first.book_id).last_number = 1200
    province.session.commit()
    book = printing.arrivals(province.session, first.book_id)
    held = [len(province.session.identity_map) for _ in book.lines(province.session, 0, 1200)]
    assert len(held) == 1200
    assert max(held) <= 2 * BATCH
