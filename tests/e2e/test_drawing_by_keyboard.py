"""A form with a table and a chain with two stages are drawn and published with Tab, Enter, Space and arrows alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.keyboard import Keyboard

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

KEY = "so-theo-doi"
SECTION, TABLE, TEXT = "Mục Nội dung báo cáo", "Câu hỏi Thiết bị đã cấp", "Câu hỏi Tên đợt cấp"


@pytest.fixture(scope="module")
def live(own_portal: Live) -> Live:
    """A portal of this file's own: a second form in force changes how a report is begun."""
    return own_portal


class Drawer(Keyboard):
    """Whoever draws without a mouse."""

    def begin(self, kind: str, name: str) -> None:
        """Begin a definition from the list of all."""
        self.page.goto("/definitions/")
        self.enter("main a[href$='/definitions/new']")
        self.choose("#kind", kind)
        self.write("#name_vi", name)
        self.write("#key", KEY)
        self.enter("main button.primary")

    def open(self, words: str) -> None:
        """Open a thing of the tree by what its button says."""
        button = self.page.locator(".tree button", has_text=words).get_attribute("value")
        self.enter(f".tree button[value='{button}']")

    def add(self, where: str, kind: str = "") -> None:
        """Add a thing to a list of the open one."""
        if kind:
            self.choose(f"[name='kind:{where}']", kind)
        self.enter(f".add button[value^='add:{where}']")

    def call(self, words: str, part: str = "name") -> None:
        """Name the open thing, and save it."""
        self.write(f"#p-{part}-vi", words)
        self.enter("#panel button.primary")

    def decide(self, part: str, answer: str) -> None:
        """Choose what other parts depend on: it counts when it is left, and the focus is still there then."""
        self.choose(f"#p-{part}", answer)
        with self.page.expect_navigation():
            self.press("Tab")
        assert self.page.evaluate("document.activeElement.id") == f"p-{part}"

    def move(self, arrow: str) -> None:
        """Move the thing whose line has the focus; the focus goes with it."""
        with self.page.expect_navigation():
            self.press(f"Alt+{arrow}")
        assert self.page.evaluate("document.activeElement.id") == "here"

    def publish(self, why: str) -> None:
        """Go to the page of the draft, and publish it."""
        self.enter("nav.filters a[href$='/draft']")
        self.write("#publish-note", why)
        self.enter("form[action$='/publish'] button")
        assert self.page.locator("#versions").count() == 1

    def names(self) -> list[str]:
        """What stands in the tree below the definition itself."""
        return self.page.locator(".tree li button").all_inner_texts()[1:]


def draw_form(hands: Drawer) -> None:
    """A text, and a table of two columns that is moved before it and behind it again."""
    hands.begin("form", "Sổ theo dõi thiết bị")
    hands.open("Kết quả nổi bật")
    hands.decide("type", "text")
    hands.call("Tên đợt cấp", "label")
    hands.open(SECTION)
    hands.add("sections[0].fields", "table")
    hands.call("Thiết bị đã cấp", "label")
    hands.add("sections[0].fields[1].columns", "integer")
    hands.call("Số lượng", "label")
    columns = ["Cột Nội dung", "Cột Số lượng"]
    hands.open(TABLE)
    hands.go_to("#here")
    hands.move("ArrowUp")
    assert hands.names() == [SECTION, TABLE, *columns, TEXT]
    hands.move("ArrowDown")
    hands.move("ArrowUp")
    assert hands.names() == [SECTION, TABLE, *columns, TEXT]
    hands.publish("Theo kế hoạch")


def draw_chain(hands: Drawer) -> None:
    """A second stage with two steps side by side, one of them in a named unit, moved before the first."""
    hands.begin("chain", "Duyệt sổ theo dõi")
    hands.go_to(f"input[name=forms][value={KEY}]")
    hands.press("Space")
    hands.add("stages")
    hands.call("Thẩm định")
    hands.add("stages[1].steps")
    hands.decide("owner-place", "unit")
    hands.choose("#p-owner-unit", "PC06")
    hands.call("Phòng PC06")
    hands.open("Bước Thẩm định")
    hands.go_to("#here")
    hands.move("ArrowUp")
    stages = [each for each in hands.names() if each.startswith("Bước")]
    assert stages == ["Bước Thẩm định", "Bước Lãnh đạo đơn vị duyệt"]
    hands.publish("Theo kế hoạch")


def test_a_process_is_drawn_without_a_mouse(browse: Callable[[str], Page]) -> None:
    hands = Drawer(browse("admin"))
    hands.page.emulate_media(reduced_motion="reduce")
    draw_form(hands)
    draw_chain(hands)
    clerk = browse("clerk")
    clerk.goto(f"/submissions/new?form={KEY}")
    clerk.click("main button.primary")
    clerk.get_by_label("Số lượng, dòng 1").fill("30")
