"""Someone who has no mouse: what he wants is reached with Tab, seen to be focused, done with Enter, Space or arrows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

MOST_TABS = 250
SCROLL_MILLISECONDS = 60
"""What the browser takes to bring what was focused into view."""
IS_FOCUSED = "selector => document.activeElement?.matches(selector)"
IS_SHOWN = """() => {
  const element = document.activeElement;
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
            if self.page.evaluate(IS_FOCUSED, selector):
                self.page.wait_for_timeout(SCROLL_MILLISECONDS)
                assert self.page.evaluate(IS_SHOWN), f"the focus does not show: {self.focused()}"
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
        chosen = self.page.locator(selector)
        offered = chosen.locator("option").evaluate_all("all => all.map(each => each.value)")
        steps = offered.index(value) - offered.index(chosen.input_value())
        for _ in range(abs(steps)):
            self.press("ArrowDown" if steps > 0 else "ArrowUp")
        assert chosen.input_value() == value

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
