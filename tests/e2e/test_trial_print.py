"""A template beside its pages: printed as soon as it is looked at, while nothing that is typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.test_accessibility import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

KEY = "/definitions/document/provincial-report"
DESIGN = f"{KEY}/draft/design"
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
PATIENCE = 60_000


@pytest.fixture
def draft(browse: Callable[[str], Page]) -> Iterator[Page]:
    """The page of a draft that was begun just now."""
    page = browse("designer")
    page.set_viewport_size(WIDE)
    page.goto(f"{KEY}/")
    page.locator("form[action$='/begin'] button").click()
    page.wait_for_url(f"**{DESIGN}")
    page.goto(f"{KEY}/draft")
    yield page
    page.goto(f"{KEY}/draft")
    page.locator("details:has(form[action$='/discard']) summary").click()
    page.locator("form[action$='/discard'] button").click()
    page.wait_for_url(f"**{KEY}/")


def settled(page: Page, state: str = "ready") -> None:
    """Wait until the trial print is there, or is known not to be."""
    page.wait_for_selector(f".trial[data-state={state}]", timeout=PATIENCE)


def saved(page: Page, old: str, new: str) -> None:
    """Type something else into the template, and save it."""
    page.fill("#source", page.input_value("#source").replace(old, new))
    with page.expect_navigation():
        page.locator("form:has(#source) button.primary").click()


def test_what_is_saved_is_printed_and_what_is_typed_meanwhile_stays(draft: Page) -> None:
    saved(draft, "{{ decree30.title(doc) }}", "{{ doc.subjct }}")
    draft.locator("#source").press_sequentially("# gõ tiếp")
    settled(draft)
    assert "# gõ tiếp" in draft.input_value("#source")
    assert draft.locator(".trial code").all_inner_texts() == ["doc.subjct"]
    draft.wait_for_function("() => document.querySelector('.trial img').naturalWidth === 1000")

    draft.goto(f"{KEY}/draft")
    saved(draft, "{{ doc.subjct }}", "<img src='http://127.0.0.1/a.png'>")
    settled(draft, "none")
    assert "http://127.0.0.1/a.png" in draft.locator(".trial code").inner_text()
    draft.locator(".trial button").click()
    settled(draft, "waiting")
    settled(draft, "none")


def test_the_pages_stand_beside_the_source_and_below_it_on_a_phone(draft: Page) -> None:
    settled(draft)
    source, pages = draft.locator("#source").bounding_box(), draft.locator(".trial").bounding_box()
    assert source is not None
    assert pages is not None
    assert pages["x"] > source["x"] + source["width"]
    assert abs(pages["y"] - source["y"]) < 100
    draft.set_viewport_size(PHONE)
    source, pages = draft.locator("#source").bounding_box(), draft.locator(".trial").bounding_box()
    assert source is not None
    assert pages is not None
    assert pages["y"] > source["y"] + source["height"]
    assert draft.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    violations = Axe().run(draft, options=RULES).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []


def test_the_pages_follow_what_is_typed_in_the_designer_and_the_cursor_stays(draft: Page) -> None:
    draft.goto(f"{DESIGN}?at=template")
    settled(draft)
    source = draft.locator("textarea[name=source]")
    at = source.input_value().index("{{ decree30.body(doc) }}")
    source.evaluate("(text, at) => text.setSelectionRange(at, at)", at)
    draft.locator("button[data-code='{{ doc.place_date }}']").click()
    assert source.input_value()[at:].startswith("{{ doc.place_date }}{{ decree30.body(doc) }}")
    draft.wait_for_selector(".tree li:has-text('bố cục tự viết')", timeout=PATIENCE)
    source.press_sequentially("{{ doc.subjct }}")
    draft.wait_for_selector(".trial code", timeout=PATIENCE)
    assert draft.locator(".trial code").all_inner_texts() == ["doc.subjct"]
    assert draft.evaluate("document.activeElement.name") == "source"
    source.press_sequentially("!")
    with draft.expect_navigation():
        draft.locator(".panel .buttons button.primary").click()
    assert "{{ doc.place_date }}{{ doc.subjct }}!{{ decree30.body(doc) }}" in source.input_value()


@pytest.mark.parametrize("place", ["", "template", "parts[1]"])
def test_the_designer_of_a_template_fits_a_phone(draft: Page, place: str) -> None:
    for size in (WIDE, PHONE):
        draft.set_viewport_size(size)
        draft.goto(f"{DESIGN}?at={place}")
        settled(draft)
        assert draft.evaluate("document.documentElement.scrollWidth") == size["width"]
        violations = Axe().run(draft, options=RULES).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in violations] == []


def test_without_scripts_it_is_asked_for_and_looked_at_by_hand(live: Live, chromium: Browser) -> None:
    context = chromium.new_context(base_url=live.url, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/login/")
    page.fill("#username", "auditor")
    page.fill("#password", live.password)
    page.click("main button.primary")
    page.goto(f"{KEY}/1")
    if page.locator(".trial button").count():  # another test may have had it printed
        page.click(".trial button")
    for _ in range(120):
        if page.locator(".trial img").count():
            break
        page.click(".trial a")
        page.wait_for_timeout(500)
    assert page.locator(".trial img").count() == 3
    context.close()
