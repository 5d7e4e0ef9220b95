"""An attached file on a phone: its reader opens the preview where the file is listed, and the page stays as wide."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.drawable import report_pdf
from tests.e2e.test_accessibility import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
PATIENCE = 60


def open_march(clerk: Page) -> str:
    """A report of a month of its own with one file; gives its address."""
    clerk.goto("/submissions/new?form=monthly-report")
    clerk.fill("#number", "3")
    clerk.fill("#year", "2025")
    clerk.click("main button.primary")
    path = clerk.url
    file = {"name": "Phụ lục 1.pdf", "mimeType": "application/pdf", "buffer": report_pdf()}
    clerk.set_input_files('[name="annexes.file"]', [file])
    clerk.click('button[value="upload:annexes"]')
    return path


def wait_for_the_worker(reader: Page) -> None:
    """Until the page that is open has a picture."""
    deadline = time.monotonic() + PATIENCE
    while reader.locator("details.preview img").count() == 0:
        assert time.monotonic() < deadline, "no preview was made"
        time.sleep(0.5)
        reader.reload()


def test_a_file_is_previewed_within_the_page_on_a_phone(browse: Callable[[str], Page]) -> None:
    path = open_march(browse("clerk"))
    reader = browse("auditor")
    reader.set_viewport_size(PHONE)
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(request.url))
    reader.goto(path)
    wait_for_the_worker(reader)
    assert [url for url in asked if "/submissions/preview/" in url] == [], "closed, nothing of it is fetched"

    reader.click("details.preview summary")
    first = reader.locator("details.preview img").first
    first.scroll_into_view_if_needed()
    reader.wait_for_function("() => document.querySelector('details.preview img').naturalWidth === 1000")
    assert first.get_attribute("alt") == "trang 1 trên 3 của Phụ lục 1.pdf"
    assert reader.url == path
    violations = Axe().run(reader, options=RULES).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []
    assert reader.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
