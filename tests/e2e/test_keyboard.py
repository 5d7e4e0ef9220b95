"""The whole journey by keyboard alone: each step is reached with Tab, seen to be focused, done with Enter or Space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from portal.demo.journey import january_inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

MOST_TABS = 250
MOST_CHOICES = 12
SCROLL_MILLISECONDS = 60
"""What the browser takes to bring what was focused into view."""
IS_FOCUSED = "(element, selector) => element.matches(selector)"
IS_SHOWN = """element => {
  const box = element.getBoundingClientRect(), style = getComputedStyle(element);
  const begin = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
  const uncovered = begin === element || element.contains(begin) || begin?.contains(element);
  return style.outlineStyle !== "none" && uncovered;
}"""


@dataclass
class Keyboard:
    """Someone who has no mouse.

    Attributes:
        page: his window.
    """

    page: Page

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def focused(self) -> str:
        """Where the focus is now, in words for a failing test."""
        return str(self.page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))

    def go_to(self, selector: str) -> None:
        """Press Tab until something has the focus; what has it must be seen to have it."""
        for _ in range(MOST_TABS):
            active = self.page.locator("*:focus")
            if active.count() and active.evaluate(IS_FOCUSED, selector):
                self.page.wait_for_timeout(SCROLL_MILLISECONDS)
                assert active.evaluate(IS_SHOWN), f"the focus does not show: {self.focused()}"
                return
            self.press("Tab")
        raise AssertionError(f"Tab never reaches {selector}; it ended at {self.focused()}")

    def enter(self, selector: str) -> None:
        """Follow a link or press a button that leads to another page."""
        self.go_to(selector)
        with self.page.expect_navigation():
            self.press("Enter")

    def write(self, selector: str, text: str) -> None:
        """Replace what stands in an input."""
        self.go_to(selector)
        self.press("Control+A")
        self.page.keyboard.insert_text(text)

    def choose(self, selector: str, value: str) -> None:
        """Choose in a list with the arrows."""
        self.go_to(selector)
        for _ in range(MOST_CHOICES):
            if self.page.locator(selector).input_value() == value:
                return
            self.press("ArrowDown")
        raise AssertionError(f"{value} is not in {selector}")

    def answer(self, name: str, text: str) -> None:
        """Answer one input of the report, whatever kind it is."""
        selector = f'[name="{name}"]'
        field = self.page.locator(selector)
        kind = field.evaluate("element => element.type")
        if kind == "checkbox":
            self.go_to(selector)
            self.press("Space")
        elif kind == "select-one":
            self.choose(selector, text)
        else:
            self.write(selector, text)


@pytest.fixture
def keyboards(own_portal: Live, chromium: Browser) -> Iterator[dict[str, Keyboard]]:
    """People of the chain, each signed in by keyboard."""
    contexts = []
    people = {}
    for username in ("clerk2", "head", "police.head", "vicechair"):
        context = chromium.new_context(base_url=own_portal.url, locale="vi-VN", reduced_motion="reduce")
        contexts.append(context)
        one = Keyboard(context.new_page())
        one.page.goto("/login/")
        one.write("#username", username)
        one.write("#password", own_portal.password)
        one.enter("main button.primary")
        people[username] = one
    yield people
    for context in contexts:
        context.close()


def rows_of(inputs: dict[str, str]) -> list[str]:
    """The tables that need a second row."""
    return sorted({name.split(".")[0] for name in inputs if ".1." in name})


def test_a_report_is_written_handed_in_and_approved_without_a_mouse(keyboards: dict[str, Keyboard]) -> None:
    clerk, inputs = keyboards["clerk2"], january_inputs()
    clerk.enter('a[href="/submissions/new"]')
    clerk.write("#number", "9")
    clerk.write("#year", "2025")
    clerk.enter("main button.primary")
    for table in rows_of(inputs):
        clerk.enter(f'button[value="row:{table}"]')
    for name, text in sorted(inputs.items(), key=lambda each: position(clerk.page, each[0])):
        clerk.answer(name, text.replace("31/01/2025", "28/09/2025").replace("/01/2025", "/09/2025"))
    clerk.enter('.save button[value="submit"]')
    assert "Đang duyệt" in clerk.page.locator("main").inner_text()
    address = clerk.page.url
    path = address[address.index("/submissions/") :]
    for username in ("head", "police.head", "vicechair"):
        reviewer = keyboards[username]
        reviewer.page.goto("/")
        reviewer.enter(f'main a[href="{path}"]')
        reviewer.write("#reason-approve", "Đồng ý.")
        reviewer.enter('form[action$="/approve"] button')
    assert "Đã duyệt" in keyboards["vicechair"].page.locator(".aside").inner_text()


def position(page: Page, name: str) -> int:
    """Where an input stands on the page, for whoever fills it in from top to bottom."""
    order = page.locator("[name]").evaluate_all("all => all.map(each => each.name)")
    return int(order.index(name))


def test_the_first_tab_leads_past_the_menu(keyboards: dict[str, Keyboard]) -> None:
    reader = keyboards["head"]
    reader.page.goto("/")
    reader.go_to(".skip")
    reader.press("Enter")
    assert reader.page.evaluate("document.activeElement.id") == "content"


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(keyboards: dict[str, Keyboard]) -> None:
    reader = keyboards["head"]
    reader.page.set_viewport_size({"width": 360, "height": 740})
    reader.page.goto("/")
    menu = reader.page.locator("#menu")
    assert not menu.is_visible()
    reader.go_to(".menu-button")
    reader.press("Enter")
    assert menu.is_visible()
    reader.press("Escape")
    assert not menu.is_visible()
    reader.press("Enter")
    reader.enter('#menu a[href="/tasks/list/"]')
    assert reader.page.locator("h1").inner_text() == "Nhiệm vụ"
