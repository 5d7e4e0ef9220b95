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
    clerk.goto("/submissions/new")
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
