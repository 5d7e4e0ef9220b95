"""Whatever axe could hold against a page is a part of it that is new, so that no such page is passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.novelty import Novelty, parts_of
from tests.e2e.test_accessibility import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SOUND = """<!doctype html><html lang="vi"><head><title>Báo cáo</title><style>a, button { padding: 1em }</style></head>
<body><header><p>Cổng</p></header><main><h1>Báo cáo</h1><h2 id="one">Số liệu</h2><p>Một câu. <span>Hai câu.</span></p>
<p><a href="/1">Xem báo cáo</a></p><ul><li>Một</li><li>Hai</li></ul><img src="data:," alt="Sơ đồ">
<label for="n">Tên</label> <input id="n" autocomplete="name"><button type="button" aria-expanded="true">Lưu</button>
<table><tr><th scope="col">Năm</th><th scope="col">Số</th></tr><tr><td>2024</td><td>17</td></tr></table>
<section aria-labelledby="one"><h2>Khác</h2><p>Ba câu.</p></section></main></body></html>"""

DEFECTS = {
    "a page in no language": ('<html lang="vi">', "<html>"),
    "a page in a language that is none": ('lang="vi"', 'lang="xx-none"'),
    "a page without a title": ("<title>Báo cáo</title>", ""),
    "a title without words": ("<title>Báo cáo</title>", "<title> </title>"),
    "text outside every landmark": ("</main>", "</main><p>Ngoài lề.</p>"),
    "a picture that nobody described": (' alt="Sơ đồ"', ""),
    "a field without a label": ('<label for="n">Tên</label>', "Tên"),
    "a label of a field that is not there": ('for="n"', 'for="m"'),
    "a label without words": ('for="n">Tên', 'for="n">'),
    "a field filled in with nonsense": ('autocomplete="name"', 'autocomplete="nonsense"'),
    "a button without words": (">Lưu<", "><"),
    "a link without words": (">Xem báo cáo<", "><"),
    "a heading that leaves out a level": ("<h2>Khác</h2>", "<h4>Khác</h4>"),
    "a heading without words": ("<h2>Khác</h2>", "<h2></h2>"),
    "a page without a first heading": ("<h1>Báo cáo</h1>", ""),
    "pale words": ("<span>", '<span style="color: #bbb">'),
    "words on a dark ground": ("<p>Ba câu", '<p style="background: #333">Ba câu'),
    "a target too small to be hit": (
        "</h1>",
        "</h1><button style='padding:0;width:9px;height:9px' title='A'></button>" * 2,
    ),
    "a state that is none": ('aria-expanded="true"', 'aria-expanded="perhaps"'),
    "a role that is none": ("<ul>", '<ul role="nonsense">'),
    "a list of something else": ("<li>Hai</li>", "<div>Hai</div>"),
    "an entry of no list": ("<p>Ba câu.</p>", "<li>Ba câu.</li>"),
    "an order of its own": ('<a href="/1"', '<a href="/1" tabindex="3"'),
    "a head of a table without a direction": ('scope="col">Năm', 'scope="sideways">Năm'),
    "two main parts": ("</main>", "</main><main><p>Hai</p></main>"),
    "one hidden from those who hear, and yet reached": (
        "<ul>",
        '<div aria-hidden="true"><a href="/2">Hai</a></div><ul>',
    ),
    "what scrolls and cannot be reached": (
        "<p>Một câu.",
        '<p style="height: 1em; width: 3em; overflow: scroll">' + "Một câu rất dài. " * 20,
    ),
}
"""What is wrong → what of the sound page is replaced by what."""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """A window to write pages into."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def is_new(page: Page, html: str) -> bool:
    """Whether a page would be looked at after the sound one was; leaves it open."""
    novelty = Novelty()
    page.set_content(SOUND)
    novelty.is_new(1280, parts_of(page))
    page.set_content(html)
    return novelty.is_new(1280, parts_of(page))


def test_the_sound_page_is_sound(page: Page) -> None:
    page.set_content(SOUND)
    assert findings(page, "sound") == []


@pytest.mark.parametrize("what", DEFECTS)
def test_a_page_with_a_defect_is_new_and_axe_finds_it(page: Page, what: str) -> None:
    good, bad = DEFECTS[what]
    assert good in SOUND
    assert is_new(page, SOUND.replace(good, bad, 1))
    assert findings(page, what)


def test_a_page_with_an_element_twice_is_new(page: Page) -> None:
    assert is_new(page, SOUND.replace("<h2>Khác", '<h2 id="one">Khác'))


def test_other_words_numbers_and_addresses_are_not_new(page: Page) -> None:
    other = SOUND.replace("/1", "/22").replace("2024", "2025").replace("Ba câu", "Một câu khác")
    assert not is_new(page, other.replace("<li>Hai</li>", "<li>Hai</li><li>Ba</li><li>Bốn</li>"))


def test_what_was_met_at_one_width_is_new_at_another() -> None:
    novelty = Novelty()
    assert novelty.is_new(1280, ["a", "b"])
    assert not novelty.is_new(1280, ["b"])
    assert novelty.is_new(360, ["b"])
    assert novelty.is_new(360, ["a", "b"])
    assert not novelty.is_new(360, ["a"])
