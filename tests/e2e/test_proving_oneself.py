"""In a real browser: an authenticator app is set up and asked for, and a form sent too late needs one more click."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pyotp
import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def live(own_portal: Live) -> Live:
    """A portal of this file's own: who has set up an app is asked for its codes from then on."""
    return own_portal


def test_an_app_is_set_up_from_the_page_and_asked_for_afterwards(browse: Callable[[str], Page], live: Live) -> None:
    page = browse("designer")
    page.goto("/account/second-factor/")
    page.fill("#current", live.password)
    page.click("main button.primary")
    picture = page.locator("main img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    app = pyotp.TOTP(page.locator("main code").inner_text().replace(" ", ""))
    page.fill("#one_time_code", app.now())
    page.click("main button.primary")
    expect(page.locator("main li code")).to_have_count(10)
    recovery = page.locator("main li code").first.inner_text()
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    page.goto("/login/")
    page.fill("#username", "designer")
    page.fill("#password", live.password)
    page.click("main button.primary")
    page.fill("#one_time_code", recovery)
    page.click("main button.primary")
    expect(page.locator("h1")).to_have_text("Việc của tôi")
    page.goto("/account/sessions")
    assert page.locator("tbody tr").count() == 2  # the browser forgot the first session, the portal did not


def test_a_form_that_came_too_late_is_taken_by_one_more_click(browse: Callable[[str], Page], live: Live) -> None:
    clerk = browse("clerk")
    clerk.goto("/submissions/new?form=monthly-report")
    clerk.fill("#number", "5")
    clerk.fill("#year", "2025")
    clerk.click("main button.primary")
    report = clerk.url
    typed = f"Dòng một {time.time()}\n\n  Dòng hai & <b>ba</b>"
    elsewhere = browse("clerk")
    elsewhere.goto("/account/sessions")
    clerk.fill('[name="proposals"]', typed)
    elsewhere.click('form[action$="end-others"] button')
    expect(elsewhere.locator("tbody tr")).to_have_count(1)
    clerk.locator('main button[value="save"]:not(.hidden)').first.click()
    expect(clerk.locator("form[data-resume]")).to_have_count(1, timeout=20_000)
    other = clerk.context.new_page()
    other.goto("/login/")
    other.fill("#username", "clerk")
    other.fill("#password", live.password)
    other.click("main button.primary")
    clerk.click("form[data-resume] button")
    clerk.wait_for_url(report)
    assert clerk.input_value('[name="proposals"]').split("\n")[0] == typed.split("\n", maxsplit=1)[0]
    assert "<b>ba</b>" in clerk.input_value('[name="proposals"]')
