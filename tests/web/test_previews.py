"""Previews on the page of a report: its reader sees what a file shows without leaving, and nobody else sees it."""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from portal import jobs
from portal.approvals import recording
from portal.confined import Budget
from portal.previews import PREVIEW, Previewer
from portal.submissions.models import Submission
from tests import drawable
from tests.portal.province import FEBRUARY
from tests.portal.test_files import DOCX
from tests.web.report_page import Page, address, filled_in, send, upload
from workflows.actions import Return

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit, Visitor
    from tests.portal.province import Province

IMAGE = re.compile(r"<img loading[^>]*>")
ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')
WAITING = "Bản xem trước đang được tạo"


@pytest.fixture
def work(portal: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Lets the worker draw everything that is owed."""
    previewer = Previewer(portal.extensions["trinh"]["files"], Budget(cpu_seconds=5))
    monkeypatch.setitem(jobs.HANDLERS, PREVIEW, previewer.make_preview)
    monkeypatch.setitem(jobs.GIVEN_UP, PREVIEW, previewer.give_up)

    def until_idle() -> None:
        while jobs.work_one(portal.extensions["trinh"]["database"], 60, 3):
            pass

    return until_idle


def attach(visitor: Visitor, report: int, name: str, content: bytes) -> None:
    form = {**filled_in(visitor, report), "annexes.file": upload(name, content)}
    assert send(visitor, report, form, "upload:annexes").status_code == 302


def hand_in(visitor: Visitor, report: int) -> None:
    assert send(visitor, report, filled_in(visitor, report), "submit").status_code == 302


def returned(province: Province, report: int, *reviewers: str) -> int:
    """The last of the reviewers sends it back, the others approve; the head alone where nobody is named."""
    *approving, last = reviewers or ("head",)
    case = province.session.get_one(Submission, report).case
    assert case is not None
    folder = recording.read(province.session, case)
    for username in approving:
        folder = province.approve(username, folder)
    return province.act(last, folder, Return(folder.case.version, "Thay phụ lục")).row.id


def images(visitor: Visitor, path: str) -> list[dict[str, str]]:
    """The pictures of a page, each by its attributes."""
    page = visitor.get(path)
    assert page.status_code == 200
    return [{name: html.unescape(value) for name, value in ATTRIBUTE.findall(tag)} for tag in IMAGE.findall(page.text)]


@pytest.fixture
def show(visit: Visit, draft: int, work: Callable[[], None]) -> Callable[[str, bytes], Visitor]:
    """Attaches a file to the draft and lets the worker draw it; gives the auditor, who reads every report."""

    def attached(name: str, content: bytes) -> Visitor:
        attach(visit("clerk"), draft, name, content)
        work()
        return visit("auditor")

    return attached


@pytest.fixture
def previewed(visit: Visit, draft: int, work: Callable[[], None]) -> tuple[int, list[str]]:
    """A report handed in with a file of three pages; its key and the addresses of their pictures."""
    clerk = visit("clerk")
    attach(clerk, draft, "Phụ lục 1.pdf", drawable.report_pdf())
    hand_in(clerk, draft)
    work()
    return draft, [each["src"] for each in images(visit("head"), address(draft))]


def test_a_reviewer_sees_the_pages_of_a_file_where_it_is_listed(
    visit: Visit, draft: int, work: Callable[[], None]
) -> None:
    clerk, head = visit("clerk"), visit("head")
    attach(clerk, draft, "Phụ lục 1.pdf", drawable.report_pdf())
    hand_in(clerk, draft)
    assert WAITING in Page(head.get(address(draft)).text).words
    assert images(head, address(draft)) == []
    work()
    assert WAITING not in Page(head.get(address(draft)).text).words
    shown = images(head, address(draft))
    assert [each["alt"] for each in shown] == [f"trang {page} trên 3 của Phụ lục 1.pdf" for page in (1, 2, 3)]
    assert {(each["loading"], each["width"], each["height"]) for each in shown} == {("lazy", "1000", "1415")}


def test_a_page_is_a_picture_that_no_browser_runs_and_no_cache_keeps(
    visit: Visit, previewed: tuple[int, list[str]]
) -> None:
    with visit("head").get(previewed[1][0]) as answer:
        assert answer.status_code == 200
        assert Image.open(io.BytesIO(answer.data), formats=["JPEG"]).size == (1000, 1415)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["Cache-Control"] == "no-store"
        assert not answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("Ảnh.png", drawable.photo("PNG", (2000, 1000), colour=(0, 90, 0)), (1000, 500)),
        ("Ảnh.jpg", drawable.photo("JPEG", (300, 200)), (300, 200)),
    ],
)
def test_a_picture_is_previewed_smaller(
    show: Callable[[str, bytes], Visitor], draft: int, name: str, content: bytes, size: tuple[int, int]
) -> None:
    auditor = show(name, content)
    (shown,) = images(auditor, address(draft))
    assert shown["alt"] == f"trang 1 trên 1 của {name}"
    with auditor.get(shown["src"]) as answer:
        assert Image.open(io.BytesIO(answer.data)).size == size


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("Phụ lục.docx", DOCX, "Loại tệp này không có bản xem trước."),
        ("Phụ lục.pdf", drawable.blank_pdf(1, password="mật khẩu"), "vì tệp được đặt mật khẩu."),
        ("Phụ lục.pdf", drawable.blank_pdf(3)[:300], "vì tệp có thể đã bị hỏng."),
        ("Phụ lục.pdf", drawable.slow_pdf(), "vì nội dung tệp quá nặng."),
        ("Ảnh.png", drawable.png_of(2**31 - 1, 2**31 - 1), "vì ảnh có kích thước quá lớn."),
    ],
)
def test_where_there_is_none_the_page_says_why_and_offers_the_file(
    show: Callable[[str, bytes], Visitor], draft: int, name: str, content: bytes, said: str
) -> None:
    auditor = show(name, content)
    page = Page(auditor.get(address(draft)).text)
    assert said in page.words
    assert images(auditor, address(draft)) == []
    (link,) = [each for each in page.links if f"/submissions/file/{draft}/" in each]
    with auditor.get(link) as answer:
        assert answer.data == content
    assert auditor.get(f"{link.replace('/file/', '/preview/')}/1").status_code == 404


def test_a_long_file_says_how_much_of_it_is_shown(show: Callable[[str, bytes], Visitor], draft: int) -> None:
    auditor = show("Phụ lục.pdf", drawable.blank_pdf(1200))
    assert len(images(auditor, address(draft))) == 10
    assert "10 trang đầu trong tổng số 1.200 trang." in Page(auditor.get(address(draft)).text).words


def test_nobody_sees_a_page_of_a_file_that_he_could_not_open(visit: Visit, previewed: tuple[int, list[str]]) -> None:
    first = previewed[1][0]
    assert visit("outsider").get(first).status_code == 404
    assert visit("police.head").get(first).status_code == 404
    assert visit(None).get(first).status_code == 302
    assert visit("units").get(first).status_code == 403
    for reader in ("clerk2", "head", "auditor"):
        with visit(reader).get(first) as answer:
            assert answer.status_code == 200


def test_a_page_is_reached_only_through_its_own_report_and_file(
    visit: Visit, previewed: tuple[int, list[str]], prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    report, (first, *_others) = previewed
    other = prepare(lambda province: province.draft(FEBRUARY).id)
    clerk, file = visit("clerk"), first.split("/")[-2]
    assert clerk.get(f"/submissions/preview/{other}/{file}/1").status_code == 404
    for number in ("0", "4", "99999999999999999999", "-1", "x"):
        assert clerk.get(f"/submissions/preview/{report}/{file}/{number}").status_code == 404
    assert clerk.get(f"/submissions/preview/{report}/9999/1").status_code == 404


def test_whoever_knows_the_content_of_a_file_sees_only_his_own_report(
    visit: Visit, previewed: tuple[int, list[str]], prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    own = prepare(lambda province: province.draft(username="outsider").id)
    outsider = visit("outsider")
    attach(outsider, own, "Của tôi.pdf", drawable.report_pdf())
    hand_in(outsider, own)
    shown = [each["src"] for each in images(visit("outsider.head"), address(own))]
    assert len(shown) == 3, "drawn once, for whoever has it"
    assert not set(shown) & set(previewed[1])
    assert outsider.get(previewed[1][0]).status_code == 404


def test_a_file_of_an_earlier_round_is_previewed_there(
    visit: Visit,
    previewed: tuple[int, list[str]],
    work: Callable[[], None],
    prepare: Callable[[Callable[[Province], int]], int],
) -> None:
    report, first = previewed
    prepare(lambda province: returned(province, report))
    clerk, head = visit("clerk"), visit("head")
    (remove,) = [each for each in Page(clerk.get(address(report)).text).buttons if each.startswith("remove:")]
    assert send(clerk, report, filled_in(clerk, report), remove).status_code == 302
    attach(clerk, report, "Ảnh.png", drawable.photo("PNG", (300, 200)))
    hand_in(clerk, report)
    work()
    assert [each["src"] for each in images(head, f"{address(report)}?round=1")] == first
    assert [each["alt"] for each in images(head, address(report))] == ["trang 1 trên 1 của Ảnh.png"]
    with head.get(first[2]) as answer:
        assert answer.status_code == 200


def test_a_file_that_was_never_handed_in_is_previewed_by_its_own_unit_alone(
    visit: Visit,
    previewed: tuple[int, list[str]],
    work: Callable[[], None],
    prepare: Callable[[Callable[[Province], int]], int],
) -> None:
    report, first = previewed
    prepare(lambda province: returned(province, report, "head", "police.head"))
    attach(visit("clerk"), report, "Bản nháp.pdf", drawable.blank_pdf(1))
    work()
    base, _, _page = first[0].rpartition("/")
    drafted = f"{base.rpartition('/')[0]}/{int(base.rpartition('/')[2]) + 1}/1"
    with visit("clerk2").get(drafted) as own, visit("police.head").get(first[0]) as handed_in:
        assert (own.status_code, handed_in.status_code) == (200, 200)
    assert visit("police.head").get(drafted).status_code == 404
