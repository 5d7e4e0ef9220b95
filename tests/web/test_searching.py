"""Lists are searched without marks and ordered by the alphabet, on the screen as people read them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from portal.search import collation_key
from tests import cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Visit
    from tests.portal.province import Province

FIRST_CELL = re.compile(r"<tr><td[^>]*><a [^>]*>(.*?)</a>")


def firsts(page: str) -> list[str]:
    """What stands in the first column."""
    return FIRST_CELL.findall(page)


@pytest.mark.parametrize(
    ("who", "path", "words", "found"),
    [
        (cast.ADMIN, "/users/list/", "mai lan", "clerk"),
        (cast.ADMIN, "/users/list/", "TRAN THI", "clerk"),
        (cast.UNIT_ADMIN, "/posts/list/", "giam doc", "Giám đốc"),
        (cast.UNIT_ADMIN, "/holdings/list/", "doan minh", "Đoàn Minh Trí"),
        (cast.UNIT_ADMIN, "/units/list/", "so thong tin", "Sở Thông tin và Truyền thông"),
        (cast.POLICE_HEAD, "/tasks/list/", "lam sach", "Làm sạch dữ liệu hộ tịch và an sinh xã hội với dữ liệu dân cư"),
    ],
)
def test_what_is_typed_without_marks_is_found(visit: Visit, who: str, path: str, words: str, found: str) -> None:
    page = visit(who).get(path, query_string={"q": words}).text
    assert found in firsts(page)
    assert "Hiện tất cả" in page
    assert firsts(visit(who).get(path, query_string={"q": "khong co gi nhu the"}).text) == []


def test_an_endless_text_is_found_nowhere_and_breaks_nothing(visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    for path in ("/users/list/", "/cases/list/"):
        answer = admin.get(path, query_string={"q": "a" * 60_000})
        assert (answer.status_code, firsts(answer.text)) == (200, [])
    asked = f"(filters:!((col:name_vi,opr:ct,value:{'a' * 60_000})))"
    assert admin.get("/api/v1/unit/", query_string={"q": asked}).status_code == 400


def test_a_routing_slip_is_found_by_its_title(
    visit: Visit, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    prepare(lambda province: province.submitted().row.id)
    page = visit(cast.HEAD).get("/cases/list/", query_string={"q": "bao cao tinh hinh"}).text
    assert len(firsts(page)) == 1


def test_the_log_is_searched_by_who_and_what(visit: Visit) -> None:
    auditor = visit(cast.AUDITOR)
    assert "Nạp dữ liệu" in auditor.get("/audit/list/", query_string={"q": "demo_loaded"}).text
    assert firsts(auditor.get("/audit/list/", query_string={"q": "nobody-did-this"}).text) == []


def test_titles_are_ordered_by_the_alphabet(visit: Visit) -> None:
    head = visit(cast.POLICE_HEAD)
    titles = firsts(head.get("/tasks/list/?sort=title").text)
    assert len(titles) > 5
    assert titles == sorted(titles, key=collation_key)
    assert firsts(head.get("/tasks/list/?sort=-title").text) == titles[::-1]


def test_the_units_of_a_select_are_ordered_by_the_alphabet(visit: Visit) -> None:
    page = visit(cast.UNIT_ADMIN).get("/units/add").text
    select = page[page.index('id="parent"') : page.index("</select>", page.index('id="parent"'))]
    names = re.findall(r"<option [^>]*>([^<]+)</option>", select)
    assert names[1:] == sorted(names[1:], key=collation_key)
    assert names[0] == "–"
