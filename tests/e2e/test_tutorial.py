"""The guide's tutorial is followed word by word, and what comes of it is what it promises."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.e2e.conftest import ROOT, Live
from tests.e2e.follower import Follower
from tests.e2e.tutorial import Instruction, StepError, steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

GUIDE = ROOT / "docs" / "guides" / "designer.md"
HEADING = "Làm thử: một quy trình trong một buổi chiều"
FEWEST = 30
KEY = "danh-sach-dang-ky-tap-huan"
NOWHERE = Live("http://127.0.0.1:9", "", ROOT)


def read(live: Live, query: str) -> list[tuple[object, ...]]:
    """Rows of the portal's database."""
    with closing(sqlite3.connect(live.folder / "portal.db")) as database:
        return database.execute(query, {"key": KEY}).fetchall()


@pytest.mark.browser
def test_whoever_follows_the_tutorial_has_a_process_that_works(own_portal: Live, chromium: Browser) -> None:
    steps = steps_of(GUIDE.read_text(encoding="utf-8"), HEADING)
    assert len(steps) >= FEWEST
    reader = Follower(chromium, own_portal)
    for step in steps:
        reader.follow(step)
    published = read(own_portal, "SELECT kind, version, status FROM definition WHERE key = :key ORDER BY kind")
    assert published == [(kind, 1, "published") for kind in ("chain", "document", "form")]
    handed_in = read(
        own_portal,
        "SELECT c.status, s.title FROM submission s JOIN approval_case c ON c.id = s.case_id WHERE s.form_key = :key",
    )
    assert handed_in == [("in_review", "Danh sách đăng ký tập huấn")]


# -- the reader of steps ---------------------------------------------------------------------------------------

PRESS = Instruction("press", "", "Lưu", "Bấm **Lưu**")
SEE = Instruction("see", "Đã lưu", "", "Thấy “Đã lưu”")


def of_section(*lines: str) -> str:
    """A guide with such a section between others."""
    return "\n".join(["# Hướng dẫn", "## Trước", "1. Bấm **Khác**", "## Làm", *lines, "## Sau", "1. Bấm **Khác**"])


def test_steps_are_read_in_order_over_lines_headings_and_pictures() -> None:
    lines = ("1. Bấm **Lưu**. Thấy", "   “Đã lưu”.", "", "![ảnh](a.png)", "", "### Rồi", "", "2. Bấm **Lưu** *nữa*.")
    steps = steps_of(of_section(*lines), "Làm")
    assert [(step.number, step.instructions) for step in steps] == [(1, (PRESS, SEE)), (2, (PRESS,))]
    assert steps[0].text == "Bấm **Lưu**. Thấy “Đã lưu”."


def test_every_way_to_say_something_is_known() -> None:
    said = {
        "sign_in": "Đăng nhập bằng tên “a”",
        "fill": "gõ “a” vào **B › C**",
        "choose": "chọn “a” ở **B › C**",
        "tick": "đánh dấu **B › C**",
        "see_part": "thấy **B › C**",
    }
    (step,) = steps_of(of_section(f"1. {', rồi '.join(said.values())}."), "Làm")
    assert {each.verb: each.words for each in step.instructions} == said
    assert {each.place for each in step.instructions} == {"", "B › C"}


@pytest.mark.parametrize(
    "line",
    ["1. Lưu lại.", "1. Bấm **Lưu** ở **Biểu mẫu**.", "1. Bấm **Lưu**, gõ “a”.", "2. Bấm **Lưu**."],
    ids=["nothing to do", "a place of nothing", "a text of nothing", "counted wrongly"],
)
def test_what_is_no_instruction_is_told_with_its_step(line: str) -> None:
    with pytest.raises(StepError, match=rf"step {line[0]} cannot be followed: {re.escape(line[3:])}"):
        steps_of(of_section(line), "Làm")


# -- and who follows them --------------------------------------------------------------------------------------

PAGE = """<main><ul><li>Biểu mẫu <button type=button>Mở</button></li><li>Lịch <button type=button>Mở</button></li></ul>
<label>Tên * <input></label><button type=button hidden>Ẩn</button></main>"""


@pytest.fixture
def follow(chromium: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Follows a step on a page that is not the portal's, without patience."""
    monkeypatch.setattr("tests.e2e.follower.PATIENCE_SECONDS", 0.3)
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content(PAGE)
        yield lambda asked: Follower(chromium, NOWHERE, page).follow(*steps_of(of_section(f"1. {asked}"), "Làm"))


@pytest.mark.browser
def test_what_is_in_its_place_is_used(follow: Callable[[str], None]) -> None:
    follow("Bấm **Biểu mẫu › Mở**, gõ “a” vào **Tên**, thấy “Lịch”.")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("Bấm **Mở**.", "2 things on the screen are called “Mở”"),
        ("Bấm **Ẩn**.", "“Ẩn” is not on the screen"),
        ("Gõ “a” vào **Tê**.", "“Tê” is not on the screen"),
        ("Thấy “lịch sử”.", "“lịch sử” is not on the screen"),
        ("Thấy **Lịch**.", "“Lịch” is not on the screen"),
    ],
)
def test_a_step_that_cannot_be_followed_is_told(follow: Callable[[str], None], asked: str, why: str) -> None:
    with pytest.raises(StepError, match=rf"(?s)step 1 cannot be followed: {re.escape(asked)}.*{why}"):
        follow(asked)
