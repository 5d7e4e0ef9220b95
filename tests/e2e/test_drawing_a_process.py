"""A process is drawn by mouse, people work with it, and it is drawn anew while their work is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.drawing import Board
from tests.e2e.officials import approve, begun, handed_in, printed, stages

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.e2e.conftest import Live

pytestmark = pytest.mark.browser

KEY = "danh-sach-dang-ky"
LIST, NOTICE, WAY = "Danh sách đăng ký", "Thông báo danh sách đăng ký", "Duyệt danh sách đăng ký"
UNIT, CHECKS, COMMITTEE = "Lãnh đạo đơn vị duyệt", "Thẩm định song song", "UBND tỉnh phê duyệt"
POLICE = "Công an tỉnh cho ý kiến"
COUNT, PEOPLE = "Tổng số người đăng ký", "Danh sách người tham gia"
TWO = (("Rơ Lan H’Bia", "36"), ("Nguyễn Văn Ánh", "41"))
ONE = TWO[:1]


@pytest.fixture(scope="module")
def live(own_portal: Live) -> Live:
    """A portal of this file's own: a second form in force changes how a report is begun."""
    return own_portal


def draw_form(board: Board) -> None:
    """A question, a table of two columns, and the number of its rows; the table is dragged to where it belongs."""
    board.begin(LIST)
    board.open("Nội dung báo cáo")
    board.call("Lớp tập huấn")
    board.open("Kết quả nổi bật")
    board.choose("type", "text", decides=True)
    board.ask("Tên lớp tập huấn", required=True, printed=True)
    board.open("Mục Lớp tập huấn")
    board.add("fields", "integer")
    board.ask(COUNT, required=True, printed=True)
    board.open("Mục Lớp tập huấn")
    board.add("fields", "table")
    board.ask(PEOPLE, required=True, printed=True)
    board.add("columns", "integer")
    board.ask("Tuổi")
    board.open("Nội dung")
    board.ask("Họ và tên", required=True)
    board.drag(PEOPLE, before=COUNT)
    board.open(COUNT)
    board.show_more()
    board.choose("rows_of", PEOPLE)
    board.save()
    assert board.names()[2:] == [
        "Câu hỏi Tên lớp tập huấn",
        f"Câu hỏi {PEOPLE}",
        "Cột Họ và tên",
        "Cột Tuổi",
        f"Câu hỏi {COUNT}",
    ]


def draw_document(board: Board) -> None:
    """The template of the report, copied and adapted."""
    board.begin(NOTICE, original="document/provincial-report")
    board.choose("metadata-type", "TB")
    board.page.fill("#p-metadata-wording-subject", "Danh sách đăng ký tham gia của {unit}")
    board.save()


def name_the_training(board: Board) -> None:
    """Once the chain leads from the form to the template, its subject says the answer to a question."""
    board.page.goto(f"{board.address}/design")
    subject = board.page.locator("#p-metadata-wording-subject")
    subject.fill("Danh sách đăng ký tham gia của {unit}, lớp ")
    subject.press("Control+End")
    field = board.page.locator(".field", has=subject)
    field.get_by_text("Câu trả lời có thể chèn").click()
    field.locator("li", has_text="Tên lớp tập huấn").get_by_role("button").click()
    assert subject.input_value().startswith("Danh sách đăng ký tham gia của {unit}, lớp {answers.")
    board.save()
    assert board.problems() == []


def add_step(board: Board, name: str, unit: str, *posts: str) -> None:
    """Say who takes the step that is open."""
    board.call(name)
    board.tick("owner.posts", *posts)
    board.choose("owner-place", "unit", decides=True)
    board.choose("owner-unit", unit)
    board.save()


def add_stage(board: Board, name: str, step: str, unit: str, *posts: str) -> None:
    """A stage of one step at the end of the chain."""
    board.open_all()
    board.add("stages")
    board.call(name)
    board.open("Vai duyệt mới")
    add_step(board, step, unit, *posts)


def draw_chain(board: Board) -> None:
    """Three stages; to the second, with two steps side by side, only long lists come; a document after the last."""
    board.begin(WAY)
    board.tick("forms", KEY)
    add_stage(board, CHECKS, "Phòng PC06", "PC06", "head", "deputy")
    board.open(CHECKS)
    board.choose("complete", "all")
    board.guard(f"{COUNT} (dự thảo)", "ge", "2")
    board.add("steps")
    add_step(board, "Phó Chủ tịch phụ trách", "UBND", "deputy")
    add_stage(board, COMMITTEE, "Chủ tịch UBND tỉnh", "UBND", "head")
    board.open_all()
    board.add("issues")
    for part, answer in (("after", COMMITTEE), ("document", KEY), ("issuer-unit", "UBND"), ("signer", "decider")):
        board.choose(part, answer)
    board.choose("issuer-place", "unit")
    board.save()
    assert board.problems() == []


def try_out(board: Board, number: int) -> str:
    """What the picture says of a made-up list of the clerk's with so many people."""
    board.page.goto(f"{board.address}/try")
    board.page.select_option("#unit", "STTTT")
    for _ in range(2):  # who may draft it, and what is asked, is known once there is a unit
        if board.page.locator("#person").count():
            board.page.select_option("#person", label="Trần Thị Mai Lan (Chuyên viên)")
            board.page.get_by_label(COUNT).fill(str(number))
        with board.page.expect_navigation():
            board.page.click("main form button.primary")
    return " ".join(board.page.locator(".picture svg text").all_text_contents())


def publish_all(admin: Page) -> None:
    """Publish what was drawn: form, document and chain at once."""
    admin.goto(f"/definitions/process/{KEY}")
    admin.fill("#note", "Theo kế hoạch")
    with admin.expect_navigation():
        admin.click("form[action$='/publish'] button.primary")
    assert admin.locator(".badge.good", has_text="Phiên bản 1").count() == 3


def draw_anew(form: Board, chain: Board) -> None:
    """A second version of the form asks one thing more; that of the chain has one stage more, before the checks."""
    form.begin_next()
    form.open("Mục Lớp tập huấn")
    form.add("fields", "text")
    form.ask("Địa điểm", required=True)
    form.publish("Cần biết địa điểm")
    chain.begin_next()
    add_stage(chain, POLICE, "Phó Giám đốc Công an tỉnh", "CAT", "deputy")
    chain.drag(POLICE, before=CHECKS)
    chain.publish("Công an tỉnh cho ý kiến trước")


def migrate(admin: Page, moved: str, left: str) -> None:
    """Move one of two cases to the second version of their chain."""
    admin.goto("/chains/")
    section = admin.locator("main section", has_text=WAY)
    section.locator("form:has([name=from][value='1']) button").click()
    admin.uncheck(f"li:has(a[href='{left}']) input[name=case]")
    assert admin.is_checked(f"li:has(a[href='{moved}']) input[name=case]")
    admin.fill("#reason", "Áp dụng quy trình mới")
    with admin.expect_navigation():
        admin.click("button[value=move]")


def drawn_and_published(admin: Page) -> tuple[Board, Board]:
    """Draw everything, try the chain out while all of it is a draft, and publish it; gives form and chain."""
    form, document, chain = (Board(admin, kind, KEY) for kind in ("form", "document", "chain"))
    draw_form(form)
    draw_document(document)
    draw_chain(chain)
    name_the_training(document)
    picture = try_out(chain, 2)
    for person in ("Đoàn Minh Trí", "Võ Đình Sơn", "Hoàng Thị Diệu Linh", "Đặng Nhật Thuận"):
        assert person in picture
    assert "Võ Đình Sơn" not in try_out(chain, 1)
    publish_all(admin)
    return form, chain


def lists_of(clerk: Page) -> tuple[str, str, str]:
    """Three lists that were handed in: two long ones with a short one between."""
    reports = []
    for month, people in enumerate((TWO, ONE, TWO), start=1):
        reports.append(begun(clerk, LIST, month))
        handed_in(clerk, "Tập huấn VNeID", people)
    first, second, third = reports
    return first, second, third


def test_a_process_is_drawn_worked_with_and_drawn_anew(browse: Callable[[str], Page]) -> None:
    admin = browse("admin")
    form, chain = drawn_and_published(admin)

    clerk, head, police, deputy, chairman = map(browse, ("clerk", "head", "police.head", "vicechair", "chairman"))
    first, short, moved = lists_of(clerk)
    for reviewer in (head, police, deputy, chairman):
        approve(reviewer, first)
    text = printed(clerk, first)
    for words in (
        "THÔNG BÁO",
        "Số: 01/TB-UBND",
        "Truyền thông, lớp Tập huấn VNeID",
        *TWO[0],
        *TWO[1],
        "Đặng Nhật Thuận",
    ):
        assert words in text
    approve(head, short)
    assert stages(clerk, short)[CHECKS] == "Bỏ qua"

    draw_anew(form, chain)
    migrate(admin, moved, short)
    approve(chairman, short)
    assert POLICE not in stages(clerk, short)
    assert "Số: 02/TB-UBND" in printed(clerk, short)
    for reviewer in (head, browse("cat.deputy"), deputy, police, chairman):
        approve(reviewer, moved)
    assert stages(clerk, moved)[POLICE] == "Đã duyệt"
    assert "Số: 03/TB-UBND" in printed(clerk, moved)
    begun(clerk, LIST, 4)
    assert clerk.get_by_label("Địa điểm").count() == 1
