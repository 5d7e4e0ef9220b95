"""What was typed is not lost by a click on a link: the browser asks until it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, Page

pytestmark = pytest.mark.browser


def test_leaving_a_report_asks_until_what_was_typed_is_saved(browse: Callable[[str], Page]) -> None:
    clerk = browse("clerk")
    asked: list[str] = []
    clerk.goto("/submissions/new?form=monthly-report")
    clerk.fill("#number", "6")
    clerk.fill("#year", "2025")
    clerk.click("main button.primary")
    report = clerk.url

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    clerk.on("dialog", stay)
    clerk.fill('[name="meetings"]', "7")
    clerk.click("a.brand", no_wait_after=True)
    expect(clerk.locator("[data-autosave-state]")).not_to_be_empty(timeout=20_000)
    assert (asked, clerk.url) == (["beforeunload"], report)
    clerk.click("a.brand")
    clerk.wait_for_url("**/")
    assert asked == ["beforeunload"]
    clerk.goto(report)
    assert clerk.input_value('[name="meetings"]') == "7"


def test_leaving_the_designer_asks_unless_a_button_saves(browse: Callable[[str], Page]) -> None:
    designer = browse("designer")
    asked: list[str] = []
    designer.goto("/definitions/new")
    designer.fill("#name_vi", "Sổ theo dõi")
    designer.click("main button.primary")
    designer.wait_for_selector("form[data-design]")

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    designer.on("dialog", stay)
    designer.fill('[name="name.en"]', "Log book")
    designer.click("a.brand", no_wait_after=True)
    expect(designer.locator('[name="name.en"]')).to_have_value("Log book")
    assert asked == ["beforeunload"]
    designer.get_by_role("button", name="Lưu", exact=True).click()
    designer.wait_for_url("**#panel")
    designer.click("a.brand")
    designer.wait_for_url("**/")
    assert asked == ["beforeunload"]


def test_the_dates_of_a_period_follow_what_is_typed(browse: Callable[[str], Page]) -> None:
    clerk = browse("clerk")
    clerk.goto("/submissions/new?form=monthly-report")
    clerk.fill("#year", "2025")
    clerk.fill("#number", "3")
    clerk.press("#number", "Tab")
    expect(clerk.locator("[data-dates]")).to_contain_text("từ ngày 15/02/2025 đến hết ngày 14/03/2025")
    clerk.fill("#number", "13")
    clerk.press("#number", "Tab")
    expect(clerk.locator("[data-dates].error")).to_contain_text("Không có kỳ")
