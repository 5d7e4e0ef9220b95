"""A definition drawn by mouse, on the pages that the portal has for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

TREE = ".tree li"
ENGLISH = {
    "Lớp tập huấn": "Training",
    "Tên lớp tập huấn": "Name of the training",
    "Danh sách người tham gia": "Participants",
    "Họ và tên": "Full name",
    "Tuổi": "Age",
    "Tổng số người đăng ký": "Number of participants",
}


@dataclass(frozen=True)
class Board:
    """The draft of one definition, in the window of whoever draws it.

    Attributes:
        page: his window.
        kind: of the definition.
        key: of the definition.
    """

    page: Page
    kind: str
    key: str

    @property
    def address(self) -> str:
        """Where the draft is."""
        return f"/definitions/{self.kind}/{self.key}/draft"

    # -- from nothing, and from what is in force ---------------------------------------------------------------

    def begin(self, name: str, original: str = "") -> None:
        """Begin the definition: from the least there can be, or from a copy."""
        self.page.goto("/definitions/new")
        self.page.select_option("#kind", self.kind)
        self.page.select_option("#original", original)
        self.page.fill("#name_vi", name)
        self.page.fill("#key", self.key)
        self._press(self.page.locator("main button.primary"))

    def begin_next(self) -> None:
        """Begin its next version."""
        self.page.goto(f"/definitions/{self.kind}/{self.key}/")
        self._press(self.page.locator("form[action$='/begin'] button"))

    def publish(self, why: str) -> None:
        """Publish it on its page."""
        self.page.goto(self.address)
        self.page.fill("#publish-note", why)
        self._press(self.page.locator("form[action$='/publish'] button"))
        self.page.wait_for_selector("#versions")

    # -- its things --------------------------------------------------------------------------------------------

    def open(self, words: str) -> None:
        """Open a thing of the tree by its name."""
        self._press(self.page.locator(f"{TREE} button", has_text=words).last)

    def open_all(self) -> None:
        """Open the definition itself."""
        self._press(self.page.locator(f"{TREE} button").first)

    def add(self, what: str, kind: str = "") -> None:
        """Add a thing to a list of the open one; it is opened.

        Args:
            what: the list, by the end of its path.
            kind: of the thing, where there is a choice.
        """
        if kind:
            self.page.select_option(f"select[name^='kind:'][name$='{what}']", kind)
        self._press(self.page.locator(f".add button[value^='add:'][value*='{what}']").last)

    def choose(self, part: str, answer: str, *, decides: bool = False) -> None:
        """Choose in a part by the words that are shown, or their key; what decides on other parts is saved at once."""
        chosen = self.page.locator(f"#p-{part}")
        if decides:
            with self.page.expect_navigation():
                chosen.select_option(answer)
        else:
            chosen.select_option(answer)

    def call(self, vietnamese: str, part: str = "name") -> None:
        """Give the open thing its name."""
        self.page.fill(f"#p-{part}-vi", vietnamese)
        self.page.fill(f"#p-{part}-en", ENGLISH.get(vietnamese, vietnamese))

    def ask(self, question: str, *, required: bool = False, printed: bool = False) -> None:
        """Say what an open question asks, and save it."""
        self.call(question, "label")
        for is_so, part in ((required, "required"), (printed, "printed")):
            if is_so:
                self.page.check(f"#p-{part}")
        self.save()

    def tick(self, part: str, *answers: str) -> None:
        """Tick these of the answers of a part, and none of the others."""
        for tick in self.page.locator(f"input[type=checkbox][name='{part}']").all():
            tick.set_checked(tick.get_attribute("value") in answers)

    def show_more(self) -> None:
        """Open what is rarely wanted."""
        more = self.page.locator("#panel details.more")
        if more.get_attribute("open") is None:
            more.locator("summary").click()

    def guard(self, fact: str, comparison: str, value: str) -> None:
        """Put together the condition of the open thing from one row."""
        self.show_more()
        self.choose("when-0-fact", fact, decides=True)
        self.page.select_option("#p-when-0-comparison", comparison)
        self.page.fill("#p-when-0-value", value)

    def save(self) -> None:
        """Save the open thing."""
        self._press(self.page.locator("#panel button.primary"))

    def drag(self, words: str, before: str) -> None:
        """Drag a thing of the tree before another one."""
        things = self.page.locator(TREE)
        with self.page.expect_navigation():
            things.filter(has_text=words).first.drag_to(things.filter(has_text=before).first)

    def names(self) -> list[str]:
        """What stands in the tree, from top to bottom."""
        return self.page.locator(f"{TREE} button").all_inner_texts()

    def problems(self) -> list[str]:
        """What the page says is wrong."""
        return self.page.locator(".error").all_inner_texts()

    def _press(self, button: Locator) -> None:
        with self.page.expect_navigation():
            button.click()
