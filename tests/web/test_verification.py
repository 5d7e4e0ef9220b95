"""The public page: a code tells what was issued, nothing tells what was not, and whoever guesses waits."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.documents.codes import spaced
from portal.documents.models import OfficialDocument
from portal.throttle import Failures
from tests.conftest import Visitor
from tests.web.calls import rows
from tests.web.released import release, with_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit
    from tests.portal.province import Province

UNKNOWN = "2345-6789-ABCD-EFGH"
NO_SUCH = "Không có văn bản nào đã phát hành mang mã này"


@pytest.fixture
def document(prepare: Callable[[Callable[[Province], int]], int]) -> int:
    """A document that was issued, and nothing more."""

    def issue(province: Province) -> int:
        province.approved()
        return int(province.session.scalars(select(OfficialDocument.id)).one())

    return prepare(issue)


def from_(portal: Flask, address: str) -> Visitor:
    client = portal.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Visitor(client)


def plain(answer: Any, code: str) -> tuple[int, str]:
    """A page without what differs by nature: the code that was asked for, the token and the time."""
    html = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(code, "CODE")
    return answer.status_code, re.sub(r"verify%2F[^\"]*|/verify/[^\"]*", "", html)


def code_of(portal: Flask, key: int) -> str:
    with rows(portal) as session:
        return spaced(str(session.get_one(OfficialDocument, key).verification_code))


def test_a_released_document_is_told_to_anybody(visit: Visit, portal: Flask, document: int) -> None:
    code = spaced(release(portal, document))
    answer = visit(None).get(f"/verify/{code}")
    assert answer.status_code == 200
    for said in ("01/BC-UBND", "Đặng Nhật Thuận", "ỦY BAN NHÂN DÂN", "Báo cáo", "ký, đóng dấu và phát hành"):
        assert said in answer.text
    assert "Tình hình, kết quả" not in answer.text
    assert "Không công khai" in answer.text


def test_the_page_is_kept_out_of_indexes_caches_and_other_sites_logs(visit: Visit) -> None:
    for path in ("/verify", f"/verify/{UNKNOWN}", f"/verify?code={UNKNOWN}"):
        headers = visit(None).get(path).headers
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        assert headers["Referrer-Policy"] == "same-origin"  # a stricter one would hide the origin of our own form
        assert headers["Cache-Control"] == "no-store"


def test_a_document_that_is_not_released_is_like_none(visit: Visit, portal: Flask, document: int) -> None:
    code, visitor = code_of(portal, document), visit(None)
    for status in ("rendering", "awaiting_signature", "awaiting_seal", "failed"):
        release(portal, document, status)
        own, other = visitor.get(f"/verify/{code}"), visitor.get(f"/verify/{UNKNOWN}")
        assert NO_SUCH in own.text
        assert plain(own, code) == plain(other, UNKNOWN)
        assert own.status_code == 404


def test_a_code_typed_from_paper_leads_to_its_page(visit: Visit, portal: Flask, document: int) -> None:
    code = release(portal, document)
    answer = visit(None).get("/verify", query_string={"code": f" {spaced(code).lower().replace('0', 'o')} "})
    assert (answer.status_code, answer.location) == (302, f"/verify/{spaced(code)}")
    assert visit(None).get("/verify", query_string={"code": "ngắn"}, follow_redirects=True).status_code == 404


HOSTILE = ("' OR '1'='1", "<script>alert(1)</script>", '"><img src=x>', "{{ 7*7 }}", "..%2F..%2Fetc", "%00", "A" * 5000)


def test_nothing_that_is_typed_instead_of_a_code_does_anything(visit: Visit) -> None:
    visitor = visit(None)
    for code in HOSTILE:
        for answer in (visitor.get(f"/verify/{code}"), visitor.get("/verify", query_string={"code": code})):
            assert answer.status_code in {302, 400, 404}
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text


def test_whoever_guesses_waits_and_learns_nothing_meanwhile(
    portal: Flask, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(portal, monkeypatch, verify_failures=3, sign_in_failures=5)
    code = release(portal, document)
    guesser, other = from_(portal, "203.0.113.7"), from_(portal, "198.51.100.9")
    asked = [guesser.get(f"/verify/{UNKNOWN[:-1]}{last}").status_code for last in "0123"]
    assert asked == [404, 404, 404, 429]
    refused = guesser.get(f"/verify/{code}")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert "01/BC-UBND" not in refused.text
    assert other.get(f"/verify/{code}").status_code == 200
    assert guesser.post("/login/", {"username": "clerk", "password": "sai"}).status_code == 401
    with rows(portal) as session:
        for row in session.scalars(select(Failures)):
            row.free_at -= timedelta(seconds=11)
    assert guesser.get(f"/verify/{code}").status_code == 200


def test_whoever_has_papers_never_waits_and_looking_them_up_writes_nothing(
    visit: Visit, portal: Flask, document: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_settings(portal, monkeypatch, verify_failures=1)
    code = release(portal, document)
    assert {visit(None).get(f"/verify/{code}").status_code for _ in range(5)} == {200}
    assert visit(None).get("/verify/too-short").status_code == 404
    with rows(portal) as session:
        assert session.scalar(select(func.count()).select_from(Failures)) == 0


def test_the_way_to_the_page_is_shown_before_signing_in_and_beside_the_document(
    visit: Visit, portal: Flask, document: int
) -> None:
    assert 'href="/verify"' in visit(None).get("/login/").text
    assert f"/verify/{code_of(portal, document)}" in visit("registrar").get(f"/documents/show/{document}").text
