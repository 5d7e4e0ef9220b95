"""Registers as files: every line with all ten columns, page after page, and no text of anybody as a formula."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader
from sqlalchemy import func, insert, select

from portal import jobs
from portal.confined import Budget, ChildFailed
from portal.documents import printed_books, register_printing
from portal.documents.columns import HEADS
from portal.documents.job import Limits, RenderFailed
from portal.documents.models import OUTGOING, Register, RegisterEntry, RegisterPrint, RegisterPrintPart
from portal.documents.press import Press
from portal.documents.register_printing import RegisterPrinter, ask
from portal.files import FileStore
from portal.jobs import Job
from portal.security import today
from tests.portal.documents.test_keeping import book, code_of, reserved, used, void

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.portal.province import Province

NAMESPACE = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[RegisterPrinter]:
    press = Press()
    yield RegisterPrinter(FileStore(tmp_path), Limits(), press)
    press.close()


def asked(province: Province, register: Register, form: str) -> RegisterPrint:
    printed = ask(province.session, province.actor("registrar"), OUTGOING, register.id, form)
    province.session.commit()
    return printed


def finish(province: Province, printer: RegisterPrinter, printed: RegisterPrint) -> int:
    """Do the steps of a print until it is settled; gives their number."""
    steps = 0
    while printed.state == "waiting":
        printer.make(province.session, {"print_id": printed.id})
        province.session.commit()
        province.session.refresh(printed)
        steps += 1
        assert steps < 50
    return steps


def content(printer: RegisterPrinter, printed: RegisterPrint) -> bytes:
    assert printed.file is not None
    return printer.store.read(printed.file.sha256)


def three_fates(province: Province, last: int = 0) -> Register:
    """A book with a document on paper, a void number and a reserved one, whose words would be formulas."""
    register = book(province, last=last)
    first, second = reserved(province, register, "@giữ"), reserved(province, register, "-giữ")
    used(province, first, subject='=HYPERLINK("http://x.example","Báo cáo")', signer="+Đặng Nhật Thuận")
    void(province, second, "=1+1")
    reserved(province, register, "=cmd|' /C calc'!A0")
    return register


def many(province: Province, number: int) -> Register:
    """A book with so many documents signed on paper."""
    register = book(province)
    facts = {"state": "used", "symbol": "BC-UBND", "dated_on": today(), "signer": "Đặng Nhật Thuận", "version": 1}
    facts |= {"register_id": register.id, "issuer_id": register.unit_id, "year": register.year, "kept_by": "VT"}
    rows = [
        {**facts, "number": each, "title": f"Báo cáo số {each} về việc thực hiện Đề án 06", "recipients": "Bộ Công an"}
        for each in range(1, number + 1)
    ]
    province.session.execute(insert(RegisterEntry), rows)
    register.last_number = number
    province.session.commit()
    return register


def sheet_rows(workbook: bytes) -> list[list[str]]:
    """The texts of every cell, row by row, after making sure that none is a formula."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower() or "external" in name.lower()]
        tree = ET.fromstring(archive.read("xl/worksheets/sheet1.xml"))  # noqa: S314 - our own workbook
    assert tree.findall(".//x:f", NAMESPACE) == []
    assert tree.findall(".//x:hyperlink", NAMESPACE) == []
    return [
        ["".join(cell.itertext()) for cell in row.findall("x:c", NAMESPACE)]
        for row in tree.findall(".//x:row", NAMESPACE)
    ]


def test_a_workbook_has_all_columns_and_every_fate(province: Province, printer: RegisterPrinter) -> None:
    printed = asked(province, three_fates(province), "xlsx")
    assert finish(province, printer, printed) == 1
    assert printed.file is not None
    assert printed.file.name == f"so-van-ban-di-UBND-{today().year}-named.xlsx"
    *_titles, heads, first, second, third = sheet_rows(content(printer, printed))
    assert tuple(heads) == HEADS
    assert first[0] == "01/TTr-UBND"
    assert first[2:6] == [
        'Tờ trình =HYPERLINK("http://x.example","Báo cáo")',
        "+Đặng Nhật Thuận",
        "Bộ Công an; Văn phòng Chính phủ",
        "VT, NC",
    ]
    assert (second[0], second[9]) == ("02", "Hủy số: =1+1")
    assert third[9].endswith("=cmd|' /C calc'!A0 (Lý Thị Hoa)")
    assert [len(row) for row in (heads, first, second, third)] == [10] * 4


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", "\r=", "{="])
def test_a_text_is_written_as_text_whatever_it_begins_with(
    province: Province, printer: RegisterPrinter, sign: str
) -> None:
    register = many(province, 1)
    entry = province.session.scalars(select(RegisterEntry)).one()
    entry.note = entry.received_by = f"{sign}1+1"
    province.session.commit()
    printed = asked(province, register, "xlsx")
    finish(province, printer, printed)
    with zipfile.ZipFile(io.BytesIO(content(printer, printed))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r"<c [^>]*>.*?</c>", sheet, re.DOTALL)
    mine = [cell for cell in cells if "1+1" in cell]
    assert len(mine) == 2
    assert all('t="inlineStr"' in cell and "<f>" not in cell for cell in mine)


def test_ten_thousand_lines_are_all_in_the_workbook(province: Province, printer: RegisterPrinter) -> None:
    printed = asked(province, many(province, 10_000), "xlsx")
    finish(province, printer, printed)
    found = sheet_rows(content(printer, printed))
    numbers = [row[0] for row in found if row and row[0].endswith("/BC-UBND")]
    assert (len(numbers), numbers[0], numbers[-1]) == (10_000, "01/BC-UBND", "10000/BC-UBND")


def test_lines_are_read_a_few_at_a_time(province: Province) -> None:
    register = many(province, 1200)
    found = printed_books.lines(province.session, register.id, 0, 1200)
    held = [len(province.session.identity_map) for _ in found]
    assert len(held) == 1200
    assert max(held) <= 2 * printed_books.BATCH


def test_a_print_is_made_in_parts_and_bound(
    province: Province, printer: RegisterPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_printing, "PART_LINES", 40)
    printed = asked(province, many(province, 100), "pdf")
    assert finish(province, printer, printed) == 4, "three parts and the binding"
    pages = PdfReader(io.BytesIO(content(printer, printed))).pages
    assert printed.pages == len(pages)
    assert province.session.scalar(select(func.count()).select_from(RegisterPrintPart)) == 0
    texts = [" ".join(page.extract_text().split()) for page in pages]
    for words in (
        "ỦY BAN NHÂN DÂN TỈNH GIA LAI",
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI",
        f"Năm: {today().year}",
        "Từ số 01 đến số 100",
    ):
        assert words in texts[0], words
    for number, (page, text) in enumerate(zip(pages[1:], texts[1:], strict=True), start=1):
        assert page.mediabox.width > page.mediabox.height, "A4 across"
        assert "Ghi chú (1) (2) (3) (4) (5) (6) (7) (8) (9) (10)" in text, "the head stands on every page"
        assert text.endswith(f" {number}"), f"page {number} says so"
    whole = "".join("".join(text.split()) for text in texts)
    assert [each for each in range(1, 101) if f"{each:02d}/BC-UBND" not in whole] == []


def test_void_and_reserved_numbers_are_printed_with_their_reason(province: Province, printer: RegisterPrinter) -> None:
    printed = asked(province, three_fates(province, last=1388), "pdf")
    finish(province, printer, printed)
    texts = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content(printer, printed))).pages]
    assert "Từ số 1389 đến số 1391" in texts[0]
    for words in ("1389/TTr-UBND", "Hủysố:=1+1", "Giữsố", "(LýThịHoa)"):
        assert words in texts[1].replace(" ", ""), words


def test_an_empty_book_is_printed_with_its_head(province: Province, printer: RegisterPrinter) -> None:
    printed = asked(province, book(province), "pdf")
    assert finish(province, printer, printed) == 2
    assert printed.pages == 2


def test_what_is_numbered_after_it_was_asked_for_is_not_in_it(province: Province, printer: RegisterPrinter) -> None:
    register = three_fates(province)
    printed = asked(province, register, "xlsx")
    reserved(province, register, "Sau khi in")
    province.session.commit()
    finish(province, printer, printed)
    assert not any("Sau khi in" in cell for row in sheet_rows(content(printer, printed)) for cell in row)


def test_while_one_is_being_made_no_other_is_begun(province: Province) -> None:
    register = three_fates(province)
    first, second = asked(province, register, "pdf"), asked(province, register, "pdf")
    assert first.id == second.id
    assert asked(province, register, "xlsx").id != first.id
    assert province.session.scalar(select(func.count()).where(Job.kind == "print_register")) == 2
    assert (
        code_of(lambda: ask(province.session, province.actor("registrar"), OUTGOING, register.id, "csv"))
        == "print_unknown"
    )


def test_a_step_that_is_done_twice_does_no_harm(province: Province, printer: RegisterPrinter) -> None:
    printed = asked(province, three_fates(province), "pdf")
    finish(province, printer, printed)
    file_id = printed.file_id
    printer.make(province.session, {"print_id": printed.id})
    printer.give_up(province.session, {"print_id": printed.id}, "crashed: twice")
    province.session.commit()
    assert (printed.state, printed.file_id) == ("ready", file_id)


def test_a_worker_that_was_overtaken_keeps_nothing(
    province: Province, printer: RegisterPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = asked(province, three_fates(province), "pdf")
    render = register_printing.render

    def slow(*given: Any) -> Any:
        result = render(*given)
        printed.done = printed.last_number
        province.session.commit()
        return result

    monkeypatch.setattr(register_printing, "render", slow)
    printer.make(province.session, {"print_id": printed.id})
    province.session.commit()
    assert province.session.scalar(select(func.count()).select_from(RegisterPrintPart)) == 0


def test_what_cannot_be_printed_says_why_and_what_may_pass_is_tried_again(
    province: Province, printer: RegisterPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = asked(province, three_fates(province), "pdf")

    def fails(code: str) -> Any:
        def render(*_given: Any) -> Any:
            raise RenderFailed(code)

        return render

    monkeypatch.setattr(register_printing, "render", fails("timed_out"))
    with pytest.raises(ChildFailed):
        printer.make(province.session, {"print_id": printed.id})
    province.session.rollback()
    assert printed.state == "waiting"
    monkeypatch.setattr(register_printing, "render", fails("letter_missing"))
    printer.make(province.session, {"print_id": printed.id})
    province.session.commit()
    assert (printed.state, printed.reason) == ("none", "letter_missing")


def test_the_worker_does_every_step_by_itself(
    province: Province, printer: RegisterPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_printing, "PART_LINES", 2)
    monkeypatch.setitem(jobs.HANDLERS, "print_register", printer.make)
    printed = asked(province, three_fates(province), "pdf")
    waiting = select(Job).where(Job.kind == "print_register", Job.status == "waiting")
    while job := province.session.scalars(waiting).first():
        jobs.HANDLERS[job.kind](province.session, job.payload)
        job.status = "done"
        province.session.commit()
    assert printed.state == "ready"


def test_binding_says_what_it_cannot_read() -> None:
    with pytest.raises(ChildFailed) as failed:
        register_printing.bound([b"%PDF-1.7 nothing"], Budget())
    assert failed.value.code == "parts_unreadable"
