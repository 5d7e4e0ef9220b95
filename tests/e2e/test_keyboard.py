"""The whole journey by keyboard alone: each step is reached with Tab, seen to be focused, done with Enter or Space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.demo.journey import january_inputs
from tests.e2e.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser


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
    clerk.enter('main a[href$="form=monthly-report"]')
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
