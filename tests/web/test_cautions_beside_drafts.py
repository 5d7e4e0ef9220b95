"""What to heed stands beside a draft, in its designer and beside its text, and is in nobody's way."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import yaml

from portal.definitions import service
from tests.web.calls import rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit
    from tests.portal.province import Province

    Prepare = Callable[[Callable[[Province], int]], int]

DRAFT = "/definitions/form/monthly-report/draft"
HEED = '<h2 id="heed">'


def test_it_stands_beside_the_draft_which_is_published_all_the_same(
    visit: Visit, portal: Flask, prepare: Prepare
) -> None:
    prepare(lambda province: province.draft().id)
    designer = visit("admin")
    designer.post("/definitions/form/monthly-report/begin")
    with rows(portal) as session:
        body = service.current(session, "form", "monthly-report").body
    fields = [dict(each) for each in body["sections"][0]["fields"]]
    next(each for each in fields if each["name"] == "meetings")["type"] = "decimal"
    changed = {**body, "sections": [{**body["sections"][0], "fields": fields}, *body["sections"][1:]]}
    designer.post(DRAFT, {"source": yaml.safe_dump(changed, allow_unicode=True), "edition": "1"})
    for page in (DRAFT, f"{DRAFT}/design"):
        text = unescape(designer.get(page).text)
        assert HEED in text
        assert (
            "<strong>Mục “Công tác chỉ đạo, điều hành” › Câu hỏi “Số cuộc họp, giao ban về Đề án 06”</strong>" in text
        )
    answer = designer.post(f"{DRAFT}/publish", {"edition": "2", "knows": "1", "note": "Ghi số lẻ"})
    assert answer.status_code == 302
    with rows(portal) as session:
        assert service.current(session, "form", "monthly-report").version == 2


def test_a_draft_with_nothing_to_heed_says_nothing(visit: Visit) -> None:
    designer = visit("designer")
    designer.post("/definitions/new", {"kind": "form", "key": "registration-list", "name_vi": "Danh sách đăng ký"})
    page = "/definitions/form/registration-list/draft"
    assert [HEED in designer.get(each).text for each in (page, f"{page}/design")] == [False, False]
