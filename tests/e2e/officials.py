"""Officials at their work in the browser: a report is filled in, decided on, and its document is read."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

RENDER_SECONDS = 60


def begun(clerk: Page, form: str, month: int) -> str:
    """Begin a report in a form for a month of 2025; gives its address."""
    clerk.goto("/submissions/new")
    clerk.get_by_role("link", name=form, exact=True).click()
    if clerk.locator("#period").count():
        clerk.select_option("#period", "month")
    clerk.fill("#number", str(month))
    clerk.fill("#year", "2025")
    with clerk.expect_navigation():
        clerk.click("main button.primary")
    return urlsplit(clerk.url).path


def handed_in(clerk: Page, event: str, people: Sequence[tuple[str, str]]) -> None:
    """Fill in the registration list that is open, and submit it.

    Args:
        clerk: his window.
        event: what the people register for.
        people: name and age of each.
    """
    clerk.get_by_label("Tên lớp tập huấn").fill(event)
    for number, (name, age) in enumerate(people, start=1):
        if not clerk.get_by_label(f"Họ và tên, dòng {number}").count():
            with clerk.expect_navigation():
                clerk.click("button[value^='row:']")
        clerk.get_by_label(f"Họ và tên, dòng {number}").fill(name)
        clerk.get_by_label(f"Tuổi, dòng {number}").fill(age)
    clerk.get_by_label("Tổng số người đăng ký").fill(str(len(people)))
    with clerk.expect_navigation():
        clerk.click(".save button[value=submit]")
    assert "Đang duyệt" in clerk.locator("main").inner_text()


def approve(reviewer: Page, report: str) -> None:
    """Find a report among one's work, read it, approve it."""
    reviewer.goto("/")
    reviewer.locator(f"section[aria-labelledby=waiting] a[href='{report}']").click()
    with reviewer.expect_navigation():
        reviewer.click("form[action$='/approve'] button")


def stages(reader: Page, report: str) -> dict[str, str]:
    """The stages of a report's case, and the badge of each."""
    reader.goto(report)
    found = reader.locator("section[aria-labelledby=case-steps] ol > li").all()
    return {each.locator("strong").inner_text(): each.locator(".badge, .help").first.inner_text() for each in found}


def printed(reader: Page, report: str) -> str:
    """The text of a report's document, once the worker has printed it."""
    reader.goto(report)
    reader.locator("main a[href^='/documents/show/']").first.click()
    document = reader.url
    for _ in range(RENDER_SECONDS * 2):
        if reader.locator("main a[href$='/pdf']").count():
            break
        reader.wait_for_timeout(500)
        reader.goto(document)
    answer = reader.request.get(f"{urlsplit(document).path.replace('/show/', '/')}/pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    with closing(pypdfium2.PdfDocument(answer.body())) as pages:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
