"""Every page a persona can reach passes every rule of axe, wide and narrow, and speaks its reader's language alone."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.conftest import ROOT
from tests.e2e.novelty import Novelty, parts_of
from tests.e2e.walking import reachable
from translations.catalogues import read_catalogue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

PERSONAS = (
    "clerk",
    "police.head",
    "vicechair",
    "registrar",
    "units",
    "designer",
    "auditor",
    "admin",
    "outsider",
)
DRAFTS = "/definitions/{}/draft/{}"
ASKED: dict[str | None, tuple[str, ...]] = {
    "designer": tuple(
        DRAFTS.format(*each)
        for each in (
            ("chain/provincial-report", "try?unit=STTTT"),
            ("chain/provincial-report", "replay?since=01/01/2025&until=31/12/2099"),
            ("chain/provincial-report", "replay?since=abc&until=31/12/2099"),
            ("chain/provincial-report", "design?at=issues[0]"),
            ("chain/registration-list", "try?unit=STTTT&fact-number=25"),
            ("chain/registration-list", "try?unit=STTTT&fact-number=abc"),
            ("chain/registration-list", "try?unit=BCD06"),
            ("chain/registration-list", "design?at=stages[1]"),
            ("chain/registration-list", "design?at=stages[1].steps[1]"),
            ("form/registration-list", "design?at=sections[0].fields[3]"),
            ("form/registration-list", "design?at=sections[1].fields[0]"),
            ("form/registration-list", "design?at=sections[1].fields[0].columns[3]"),
            ("form/registration-list", "preview?sample=1"),
            ("form/registration-list", "preview?sample=1&print=1"),
        )
    ),
    "admin": ("/chains/move?chain=provincial-report&from=1&to=2",),
}
"""Pages to which no link leads, for one comes to them by filling in a form or pressing a button."""

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


@cache
def sentences_of(language: str) -> list[str]:
    """Sentences of two words and more that a page in this language must not show: those of the other one."""
    pairs = [(str(each.id), str(each.string)) for each in read_catalogue("vi") if isinstance(each.id, str)]
    other = [english if language == "vi" else vietnamese for english, vietnamese in pairs if english != vietnamese]
    return [words for words in other if " " in words and "%(" not in words]


CODES = re.compile(r"\b(None|True|False|can_[a-z_]+|[A-Z][A-Za-z]+(?:View|Api))\b")
"""What a program calls things, and no reader should meet."""


OWN_LINES = """() => {
  const lines = (element) => element.innerText.split("\\n").map(line => line.trim());
  const own = document.documentElement.lang;
  const marked = [...document.querySelectorAll("main [lang]")].filter(each => each.lang !== own);
  const left_out = new Set(marked.flatMap(lines));
  return lines(document.body).filter(line => !left_out.has(line));
}"""
"""What stands on the page without what is marked as of another language, such as an official document."""


def foreign_words(page: Page, where: str, forbidden: list[str]) -> list[str]:
    """What is written on the page in another language, or in a program's words."""
    lines = page.evaluate(OWN_LINES)
    return [f"{where}: {words!r}" for words in [*sorted({*lines} & {*forbidden}), *CODES.findall("\n".join(lines))]]


class Inspector:
    """Looks at pages in one window, wide and narrow, and notes what is to be said against them.

    Attributes:
        looks: how often a page was looked at.
        fresh: addresses of pages that had something new to axe.
        tested: how often axe looked.
        said: what was found.
    """

    def __init__(self, page: Page, who: str, novelty: Novelty) -> None:
        self.page, self.who, self.novelty = page, who, novelty
        self.looks, self.tested = 0, 0
        self.said: list[str] = []
        self.fresh: list[str] = []

    def look(self, address: str, language: str) -> None:
        """Look at the page that is open, at each width.

        Axe looks at the first language: the other has the same elements with other words, which may be too wide or
        foreign. And it looks at what is new to it: most pages of one persona are made of the same parts as another's.
        What has nothing new in one language has nothing new in the other, which is not walked for it.
        """
        self.said += foreign_words(self.page, f"{self.who} {address} {language}", sentences_of(language))
        for width, height in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            where = f"{self.who} {address} {width} {language}"
            self.said += too_wide(self.page, where)
            self.looks += 1
            if language == LANGUAGES[0] and self.novelty.is_new(width, parts_of(self.page)):
                self.said += findings(self.page, where)
                self.fresh.append(address)
                self.tested += 1

    def walk(self, addresses: Iterable[str], language: str) -> list[str]:
        """Look at one page after the other, each open when its address is given; gives the addresses."""
        walked = []
        for address in addresses:
            self.look(address, language)
            walked.append(address)
        return walked


def opened(page: Page, addresses: Iterable[str], language: str) -> Iterator[str]:
    """Open one page after the other in a language."""
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.lang") != language:
            page.locator(f'.top button[lang="{language}"]').click()
            page.goto(address)
        yield address


def sign_in(page: Page, who: str, password: str) -> None:
    """Sign in on the page for it."""
    page.fill("#username", who)
    page.fill("#password", password)
    page.click("main button.primary")


OUTSIDE = ["/login/", "/verify", "/verify/2345-6789-ABCD-EFGH"]
"""What is open to whoever has no account."""


@pytest.fixture(scope="module")
def novelty() -> Novelty:
    """What axe has met on the pages of all personas so far."""
    return Novelty()


@pytest.fixture(scope="module")
def met() -> set[tuple[str, str]]:
    """The kinds of pages that personas have met so far, and in which states: nobody looks at one again."""
    return set()


@pytest.mark.parametrize("who", [None, *PERSONAS])
def test_every_page_of_a_persona_is_accessible(
    who: str | None, province: Live, chromium: Browser, novelty: Novelty, met: set[tuple[str, str]]
) -> None:
    context = chromium.new_context(base_url=province.url, locale="vi-VN")
    listener, page = Listener(context, province.url), context.new_page()
    inspector, (first, second) = Inspector(page, who or "nobody", novelty), LANGUAGES
    addresses = inspector.walk(opened(page, ["/login/"] if who else OUTSIDE, first), first)
    if who:
        sign_in(page, who, province.password)
        addresses = inspector.walk(reachable(page, met=met), first)
        addresses += inspector.walk(opened(page, ASKED.get(who, ()), first), first)
    addresses += inspector.walk(opened(page, ["/nowhere"], first), first)
    inspector.walk(opened(page, dict.fromkeys(inspector.fresh), second), second)
    context.close()
    print(f"{inspector.who}: {len(addresses)} pages, {inspector.looks} looks, {inspector.tested} of them by axe")
    assert listener.heard == []
    assert inspector.said == []
