"""Somebody who does in the browser what the steps of a guide say, and nothing else."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from playwright.sync_api import Error

from tests.e2e.tutorial import StepError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from playwright.sync_api import Browser, Locator, Page

    from tests.e2e.conftest import Live
    from tests.e2e.tutorial import Instruction, Step

    Way = Callable[[Page | Locator, str], Locator]

INSIDE = " › "
PRESSED = "button:not([aria-hidden]), summary, a[href]"
ROWS = "li, tr, section"
LEADS_ON = "element => element.matches('a[href], form button:not([type=button]), select[data-decides]')"
PATIENCE_SECONDS = 30


@dataclass
class Follower:
    """Somebody at a browser.

    Attributes:
        browser: any.
        portal: where he works.
        page: his window; none before he has signed in.
    """

    browser: Browser
    portal: Live
    page: Page | None = None

    def follow(self, step: Step) -> None:
        """Do what a step says.

        Raises:
            StepError: something of it cannot be done, or is not seen.
        """
        for each in step.instructions:
            try:
                self._carry_out(each)
            except (Error, LookupError) as error:
                where = self.page.url if self.page else "nobody has signed in"
                raise StepError(step.number, step.text, f"{each.words}\n{error}\n{where}") from error

    def _carry_out(self, asked: Instruction) -> None:
        if asked.verb == "sign_in":
            self.sign_in(asked.said)
        elif self.page is None:
            raise LookupError("nobody has signed in")
        elif asked.verb == "see":
            _see(self.page, asked.said)
        elif asked.verb == "see_part":
            _only(self.page, asked.place, (_part,))
        elif asked.verb == "press":
            _leading_on(self.page, _only(self.page, asked.place, (_pressed, _pressed_of_more)), _press)
        else:
            _put_in(self.page, asked, _only(self.page, asked.place, (_labelled,)))

    def sign_in(self, username: str) -> None:
        """Go to the portal as one of the cast, in a browser of his own."""
        if self.page is not None:
            self.page.context.close()
        self.page = self.browser.new_context(base_url=self.portal.url, locale="vi-VN").new_page()
        self.page.goto("/login/")
        self.page.fill("#username", username)
        self.page.fill("#password", self.portal.password)
        self.page.click("main button.primary")


# -- doing -----------------------------------------------------------------------------------------------------


def _press(control: Locator) -> None:
    control.click()


def _put_in(page: Page, asked: Instruction, control: Locator) -> None:
    """Type, choose or tick."""
    if asked.verb == "fill":
        control.fill(asked.said)
    elif asked.verb == "tick":
        control.check()
    else:
        _leading_on(page, control, lambda select: select.select_option(label=asked.said))


def _leading_on(page: Page, control: Locator, do: Callable[[Locator], object]) -> None:
    """Use something, and wait for the page to which it leads, if it does."""
    if control.evaluate(LEADS_ON):
        with page.expect_navigation():
            do(control)
    else:
        do(control)


# -- seeing ----------------------------------------------------------------------------------------------------


def _see(page: Page, said: str) -> None:
    """Wait until a text is shown, on the page or in a frame on it."""
    for frame in page.locator("iframe").filter(visible=True).all():
        frame.scroll_into_view_if_needed()
    _wait(lambda: any(_shown(frame.get_by_text(said)) for frame in page.frames), f"“{said}” is not on the screen")


def _only(page: Page, place: str, ways: Sequence[Way]) -> Locator:
    """The one thing on the screen that a name means."""
    *around, name = place.split(INSIDE)
    found: list[Locator] = []

    def look() -> bool:
        found[:] = _found(page, around, name, ways)
        return bool(found)

    _wait(look, f"“{place}” is not on the screen")
    if len(found) > 1:
        raise LookupError(f"{len(found)} things on the screen are called “{place}”")
    return found[0]


def _found(page: Page, around: Sequence[str], name: str, ways: Sequence[Way]) -> list[Locator]:
    """What is called so: in the page itself before what is around it, the better way before the others."""
    for scope in (page.locator("main"), page.locator("body")):
        for each in around:
            inner = next(filter(None, (_shown(way(scope, each)) for way in (_group, _row))), [])
            scope = inner[0] if len(inner) == 1 else page.locator("none")  # noqa: PLW2901 - it narrows
        if found := next(filter(None, (_shown(way(scope, name)) for way in ways)), []):
            return _different(found)
    return []


def _shown(found: Locator) -> list[Locator]:
    return found.filter(visible=True).all()


def _different(found: Sequence[Locator]) -> list[Locator]:
    """Each of some things, but links to the same page once."""
    by_address = {each.get_attribute("href") or str(number): each for number, each in enumerate(found)}
    return list(by_address.values())


def _wait(is_so: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        if time.monotonic() > end:
            raise LookupError(otherwise)
        time.sleep(0.1)


# -- what a name means -----------------------------------------------------------------------------------------


def _text(name: str, end: str = r"\s*(\*\s*)?$") -> re.Pattern[str]:
    """A text as it is called on the screen; what is required has a star behind it."""
    return re.compile(r"^\s*" + r"\s+".join(map(re.escape, name.split())) + end)


def _pressed(scope: Page | Locator, name: str) -> Locator:
    return scope.locator(PRESSED).filter(has_text=_text(name))


def _pressed_of_more(scope: Page | Locator, name: str) -> Locator:
    """With more behind the name: how many things are wrong, of what it is."""
    return scope.locator(PRESSED).filter(has_text=_text(name, r"(?!\w)"))


def _labelled(scope: Page | Locator, name: str) -> Locator:
    return scope.get_by_label(_text(name))


def _part(scope: Page | Locator, name: str) -> Locator:
    return scope.get_by_role("region", name=_text(name))


def _group(scope: Page | Locator, name: str) -> Locator:
    return scope.get_by_role("group", name=_text(name))


def _row(scope: Page | Locator, name: str) -> Locator:
    return scope.locator(ROWS).filter(has_text=_text(name, r"(?!\w)"))
