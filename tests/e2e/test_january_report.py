"""The main job in a browser: four people carry the report of January 2025 to its PDF; the outsider sees nothing."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from portal.demo.journey import RETURN_REASON, january_inputs
from tests.conftest import need
from tests.portal.documents.printed_page import read_lines

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.portal.documents.printed_page import Line

pytestmark = pytest.mark.browser

RENDER_MILLISECONDS = 60_000


def fill_in(page: Page, inputs: dict[str, str]) -> None:
    """Type every input; new table rows are asked for."""
    for name, text in inputs.items():
        if page.locator(f'[name="{name}"]').count() == 0:
            page.click(f'button[value="row:{name.split(".")[0]}"]')
        field = page.locator(f'[name="{name}"]')
        kind = field.evaluate("element => element.type")
        if kind == "checkbox":
            field.check()
        elif kind == "select-one":
            field.select_option(text)
        else:
            field.fill(text)


def approve(page: Page, path: str, opinion: str) -> None:
    """Find the report on the worklist, read it, approve it."""
    page.goto("/")
    page.locator(f'section[aria-labelledby="waiting"] a[href="{path}"]').click()
    page.fill("#reason-approve", opinion)
    page.click('form[action$="/approve"] button')


def test_four_people_carry_the_report_and_the_outsider_sees_nothing(
    browse: Callable[[str], Page], tmp_path: Path
) -> None:
    need(shutil.which("pdftotext"), "pdftotext (poppler-utils)")
    clerk, head, police, ubnd = (browse(name) for name in ("clerk", "head", "police.head", "vicechair"))
    outsider = browse("outsider")

    def outsider_sees_nothing(*paths: str) -> None:
        for address in paths:
            answer = outsider.goto(address)
            assert answer is not None
            assert answer.status == 404, f"{address} answers {answer.status}"

    clerk.goto("/submissions/new?form=monthly-report")
    clerk.fill("#number", "1")
    clerk.fill("#year", "2025")
    clerk.click("main button.primary")
    path = clerk.url.removeprefix(clerk.url.split("/submissions")[0])
    outsider_sees_nothing(path)

    fill_in(clerk, {**january_inputs(), "meetings": "1"})
    clerk.click('.save button[value="submit"]')
    assert "lần 1" in clerk.locator("main").inner_text()
    outsider_sees_nothing(path, "/cases/show/1")

    head.goto("/")
    head.locator(f'section[aria-labelledby="waiting"] a[href="{path}"]').click()
    assert "6.450/6.632 (97,26 %)" in head.locator("main").inner_text()
    head.click("details:has(#reason-return) > summary")
    head.fill("#reason-return", RETURN_REASON)
    head.click('form[action$="/return"] button')
    outsider_sees_nothing(path, "/cases/show/1")

    clerk.goto(path)
    assert RETURN_REASON in clerk.locator("main").inner_text()
    clerk.fill('[name="meetings"]', "2")
    clerk.click('.save button[value="submit"]')
    assert "lần 2" in clerk.locator("main").inner_text()

    for page, opinion in ((head, "Đồng ý"), (police, "Số liệu khớp"), (ubnd, "Phê duyệt")):
        approve(page, path, opinion)
        outsider_sees_nothing(path, "/cases/show/1")

    ubnd.goto(path)
    ubnd.locator('main a[href^="/documents/show/"]').first.click()
    document = ubnd.url
    for _ in range(RENDER_MILLISECONDS // 500):
        if ubnd.locator('main a[href$="/pdf"]').count():
            break
        ubnd.wait_for_timeout(500)
        ubnd.goto(document)
    link = ubnd.locator('main a[href$="/pdf"]').first.get_attribute("href")
    assert link is not None
    answer = ubnd.request.get(link)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    outsider_sees_nothing(link, document.removeprefix(document.split("/documents")[0]))
    pdf = tmp_path / "bao-cao.pdf"
    pdf.write_bytes(answer.body())
    check_document(pdf)


def check_document(pdf: Path) -> None:
    """What Decree 30/2020 and the report's own figures demand of the paper, read off the file."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "ỦY BAN NHÂN DÂN",
        "Số: 01/BC-UBND",
        "Tình hình, kết quả thực hiện Đề án 06 tháng 01/2025",
        "97,26",
        "60,74/100",
        "54/63",
        "15/01/2025",
        "TM. ỦY BAN NHÂN DÂN",
        "KT. CHỦ TỊCH",
        "PHÓ CHỦ TỊCH",
        "Hoàng Thị Diệu Linh",
        "Nơi nhận:",
        "./.",
    ):
        assert words in text, f"{words!r} is not on the paper"
    fonts = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all("Tinos" in line and " yes " in line for line in fonts)
    for number, page in enumerate(PdfReader(pdf).pages, start=1):
        assert (round(page.mediabox.width, 1), round(page.mediabox.height, 1)) == (595.3, 841.9), f"page {number}"
    check_boxes(read_lines(pdf.read_bytes()))


def check_boxes(lines: list[Line]) -> None:
    """Where appendix I puts the boxes of page 1 and of the last page, in millimetres."""

    def the(text: str) -> Line:
        return next(line for line in lines if line.text.startswith(text))

    middle, number, day = 105, the("Số:"), the("Gia Lai, ngày")
    issuer, state = the("ỦY BAN NHÂN DÂN"), the("CỘNG HÒA")
    assert issuer.middle < middle < state.middle, "box 2 on the left half, box 1 on the right"
    assert issuer.right < state.left, "boxes 2 and 1 stand apart"
    assert abs(number.bottom - day.bottom) < 0.5, "boxes 3 and 4 share a row"
    assert the("BÁO CÁO").top > number.bottom, "box 5a is below box 3"
    assert the("Kính gửi:").top > the("Tình hình").bottom, "box 9a is below box 5a"
    seal, recipients = the("TM. ỦY BAN NHÂN DÂN"), the("Nơi nhận:")
    assert seal.left > middle > recipients.right, "boxes 7a and 9b"
    assert abs(seal.top - recipients.top) < 5, "box 9b is level with box 7a"
    assert the("Hoàng Thị Diệu Linh").top > the("PHÓ CHỦ TỊCH").bottom + 15, "room for the signature, box 7c"
    pages = {line.page: line for line in lines if line.text.isdigit() and line.top < 20}
    assert 1 not in pages, "page 1 bears no number"
    assert set(pages) == set(range(2, max(line.page for line in lines) + 1))
    assert all(abs(line.middle - (30 + 195) / 2) < 0.5 for line in pages.values()), "centred over the text"
