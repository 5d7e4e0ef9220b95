"""A process is drawn in the browser, its form by mouse and its chain by keyboard, and people work with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.test_keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

KEY = "dang-ky"
TREE = ".tree li"


def open_thing(page: Page, words: str) -> None:
    """Open a thing of the tree by its name."""
    page.locator(f"{TREE} button", has_text=words).first.click()


def begin(page: Page, kind: str) -> None:
    """Begin a definition from the least there can be."""
    page.goto("/definitions/new")
    page.select_option("#kind", kind)
    page.fill("#name_vi", "Danh sách đăng ký")
    page.fill("#key", KEY)
    page.click("main button.primary")
    page.wait_for_selector("[data-design]")


def publish(page: Page, kind: str) -> None:
    """Publish a draft on its page."""
    page.goto(f"/definitions/{kind}/{KEY}/draft")
    page.fill("#publish-note", "Theo kế hoạch")
    page.locator("form[action$=publish] button").click()
    page.wait_for_selector("#versions")


def draw_form(page: Page) -> None:
    """A question and a table with two columns, moved by dragging."""
    begin(page, "form")
    open_thing(page, "Kết quả nổi bật")
    page.fill("#p-label-vi", "Nội dung đăng ký")
    page.select_option("#p-type", "text")  # what decides on other parts is saved at once
    page.wait_for_selector("#p-pattern-matches", state="attached")
    open_thing(page, "Nội dung báo cáo")
    page.select_option("select[id^=kind-]", "table")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.fill("#p-label-vi", "Người tham gia")
    page.select_option("select[id^=kind-]", "integer")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.fill("#p-label-vi", "Tuổi")
    page.get_by_role("button", name="Lưu", exact=True).click()
    table = page.locator(TREE, has_text="Người tham gia")
    table.drag_to(page.locator(TREE, has_text="Nội dung đăng ký"))
    page.wait_for_function(f"document.querySelectorAll('{TREE}')[2].innerText.includes('Người tham gia')")
    publish(page, "form")


def draw_chain(page: Page) -> None:
    """A second stage with two steps side by side and a condition, moved up and down again: no mouse."""
    begin(page, "chain")
    hands = Keyboard(page)
    hands.go_to(f"input[name=forms][value={KEY}]")
    hands.press("Space")
    hands.go_to("button[value='add:stages:stage']")
    hands.press("Enter")
    page.wait_for_selector("#p-complete")
    hands.go_to("button[value='add:stages[1].steps:step']")
    hands.press("Enter")
    page.wait_for_selector("#p-owner-place")
    hands.go_to("button[value='open:stages[1]']")
    hands.press("Alt+ArrowUp")
    page.wait_for_function(f"document.querySelectorAll('{TREE}')[1].innerText.includes('Bước duyệt mới')")
    hands.go_to("button[value='open:stages[0]']")
    hands.press("Alt+ArrowDown")
    page.wait_for_function(f"document.querySelectorAll('{TREE}')[1].innerText.includes('Lãnh đạo đơn vị duyệt')")
    assert page.locator(f"{TREE}.depth-2").count() == 3
    publish(page, "chain")


def test_what_is_drawn_is_worked_with(browse: Callable[[str], Page], live: Live) -> None:
    del live
    designer = browse("designer")
    draw_form(designer)
    draw_chain(designer)
    clerk = browse("clerk")
    clerk.goto("/submissions/new")
    clerk.get_by_role("link", name="Danh sách đăng ký").click()
    clerk.click("main button.primary")
    clerk.get_by_label("Nội dung đăng ký").fill("Tập huấn VNeID")
    clerk.get_by_label("Tuổi, hàng 1").fill("30")
    clerk.get_by_label("Nội dung, hàng 1").fill("Nguyễn Văn A")
    clerk.locator("button[value=submit]").first.click()
    clerk.wait_for_selector(".steps")
    assert "Lãnh đạo đơn vị duyệt" in clerk.locator(".steps").inner_text()
    head = browse("head")
    head.get_by_role("link", name="Danh sách đăng ký").first.click()
    assert "Nguyễn Văn A" in head.locator("main").inner_text()
