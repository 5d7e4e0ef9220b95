"""Every page a persona can reach passes every rule of axe, wide and narrow, and speaks its reader's language alone."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import ROOT
from tests.e2e.walking import reachable
from translations.catalogues import read_catalogue

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

PERSONAS = (
    "clerk",
    "head",
    "police.head",
    "vicechair",
    "registrar",
    "units",
    "designer",
    "auditor",
    "admin",
    "outsider",
)
WIDTHS = {1280: 800, 360: 740}
LANGUAGES = ("vi", "en")
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
"""Every rule that axe ships switched on, and the one of WCAG 2.2 that it ships switched off."""


@pytest.fixture(scope="module")
def province(own_portal: Live) -> Live:
    """A running portal with reports at every stage."""
    subprocess.run([sys.executable, "-m", "tests.e2e.scenery", str(own_portal.folder)], cwd=ROOT, check=True)
    return own_portal


class Listener:
    """Hears what goes wrong in a window while its pages are walked.

    Attributes:
        heard: errors of the console, refusals of the content security policy, requests to other machines.
    """

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.heard: list[str] = []
        self.host = urlsplit(home).netloc
        context.on("console", lambda line: self._say(line.text) if line.type in {"error", "warning"} else None)
        context.on("weberror", lambda error: self._say(str(error.error)))
        context.on("request", lambda request: self._check(request.url))

    def _say(self, words: str) -> None:
        if "status of 404" not in words:
            self.heard.append(words)

    def _check(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme != "data" and parts.netloc != self.host:
            self.heard.append(f"asked another machine: {address}")


def findings(page: Page, where: str) -> list[str]:
    """What axe says against the page as it stands."""
    result = Axe().run(page, options=RULES)
    return [
        f"{where}: {each['id']} ({each['impact']}) at {[node['target'] for node in each['nodes']][:3]}"
        for each in result.response["violations"]
    ]


def too_wide(page: Page, where: str) -> list[str]:
    """Whether the page must be moved sideways to be read."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{where}: wider than the window"] if wide else []


def sentences_of(language: str) -> list[str]:
    """Sentences of two words and more that a page in this language must not show: those of the other one."""
    pairs = [(str(each.id), str(each.string)) for each in read_catalogue("vi") if isinstance(each.id, str)]
    other = [english if language == "vi" else vietnamese for english, vietnamese in pairs if english != vietnamese]
    return [words for words in other if " " in words and "%(" not in words]


CODES = re.compile(r"\b(None|True|False|can_[a-z_]+|[A-Z][A-Za-z]+(?:View|Api))\b")
"""What a program calls things, and no reader should meet."""


def foreign_words(page: Page, where: str, forbidden: list[str]) -> list[str]:
    """What is written on the page in another language, or in a program's words."""
    text = page.locator("body").inner_text()
    lines = {line.strip() for line in text.splitlines()}
    return [f"{where}: {words!r}" for words in [*sorted(lines & set(forbidden)), *CODES.findall(text)]]


def look(page: Page, addresses: list[str], who: str) -> tuple[int, list[str]]:
    """Open each address at each width in each language; how often it was looked at, and what was said.

    Axe looks at the first language: the other has the same elements with other words, which may be too wide or foreign.
    """
    looks, said = 0, []
    for language in LANGUAGES:
        if page.locator("html").get_attribute("lang") != language:
            page.locator(f'.top button[lang="{language}"]').click()
        forbidden = sentences_of(language)
        for address in addresses:
            page.goto(address)
            said += foreign_words(page, f"{who} {address} {language}", forbidden)
            for width, height in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                where = f"{who} {address} {width} {language}"
                said += too_wide(page, where)
                said += findings(page, where) if language == LANGUAGES[0] else []
                looks += 1
    return looks, said


@pytest.mark.parametrize("who", [None, *PERSONAS])
def test_every_page_of_a_persona_is_accessible(who: str | None, province: Live, chromium: Browser) -> None:
    url, password = province.url, province.password
    context = chromium.new_context(base_url=url, locale="vi-VN")
    listener, page = Listener(context, url), context.new_page()
    page.goto("/login/")
    addresses = ["/login/", "/nowhere"]
    if who:
        page.fill("#username", who)
        page.fill("#password", password)
        page.click("main button.primary")
        addresses = [*reachable(page), "/nowhere"]
    looks, said = look(page, addresses, who or "nobody")
    context.close()
    print(
        f"{who or 'nobody'}: {len(addresses)} pages × {len(WIDTHS)} widths × {len(LANGUAGES)} languages = {looks} looks"
    )
    assert listener.heard == []
    assert said == []
