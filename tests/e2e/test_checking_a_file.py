"""A stranger drops a file on the public page, as a real browser sends it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.drawable import report_pdf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

DROP = """content => {
  const given = new DataTransfer();
  const bytes = Uint8Array.from(atob(content), letter => letter.charCodeAt(0));
  given.items.add(new File([bytes], "van-ban.pdf", { type: "application/pdf" }));
  document.querySelector("main").dispatchEvent(new DragEvent("drop", { dataTransfer: given, bubbles: true }));
}"""


def test_a_file_that_is_dropped_anywhere_is_chosen_and_checked(live: Live, chromium: Browser) -> None:
    context = chromium.new_context(base_url=live.url, locale="vi-VN")
    page = context.new_page()
    page.goto("/verify")
    page.evaluate(DROP, base64.b64encode(report_pdf()).decode())
    page.get_by_role("button", name="Kiểm tra tệp").click()
    assert page.get_by_role("status").inner_text().startswith("Không phải văn bản của cổng này và không có chữ ký số")
    context.close()
