"""The registrar's screens of what arrives: both registers, the warning of what came before, tasks, the answer."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.db import utc_now
from portal.incoming.columns import HANDLING_HEADS, HEADS
from portal.incoming.models import ArrivalBook, IncomingDocument, IncomingTask
from portal.security import today
from portal.tasks.models import ClarityProfile, Task
from portal.units.models import Unit
from tests import cast
from tests.portal.province import Province
from tests.uploads import PDF
from tests.web.calls import key_of, rows, typed_in

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

TODAY = f"{today():%d/%m/%Y}"
YESTERDAY = f"{today() - timedelta(days=1):%d/%m/%Y}"
SOON = f"{today() + timedelta(days=4):%d/%m/%Y}"
LETTER = {
    "arrived_on": TODAY,
    "author": "Công an tỉnh Gia Lai",
    "symbol": "4598/CAT-PC06",
    "dated_on": YESTERDAY,
    "type_name": "Công văn",
    "subject": "về việc đôn đốc thực hiện Đề án 06",
    "urgency": "urgent",
    "due_on": SOON,
}


def unit_key(portal: Flask, code: str) -> int:
    return key_of(portal, Unit, code=code)


def register(registrar: Visitor, **typed: str) -> Any:
    return registrar.post("/incoming/register", {**LETTER, **typed})


def line(portal: Flask, number: int) -> dict[str, Any]:
    with rows(portal) as session:
        found = session.scalars(select(IncomingDocument).where(IncomingDocument.number == number)).one()
        return {
            **{each.key: getattr(found, each.key) for each in IncomingDocument.__table__.columns},
            "state": found.state,
        }


def handed(portal: Flask, registrar: Visitor, number: int = 1, code: str = "STTTT") -> Any:
    item = line(portal, number)
    typed = {"handover-lead_unit_id": unit_key(portal, code), "handover-handed_on": TODAY, "version": item["version"]}
    return registrar.post(f"/incoming/{item['id']}/handover", typed)


def heads(page: str) -> list[str]:
    found = re.findall(r"<th scope=\"col\".*?</th>", page, re.DOTALL)
    return [re.sub(r"<[^>]+>|[▲▼↕]", "", each).strip() for each in found]


def test_a_document_is_registered_and_stands_in_both_registers(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    answer = register(registrar)
    assert answer.status_code == 302
    page = registrar.get(answer.location).text
    assert f"Đã đăng ký với số đến 01/{today().year}." in page
    for words in ("4598/CAT-PC06", "Khẩn", "Chưa chuyển xử lý", TODAY):
        assert words in page, words
    page = registrar.get("/incoming/list/").text
    assert len(heads(page)) == len(HEADS) == 10
    assert "Công văn về việc đôn đốc thực hiện Đề án 06" in page
    page = registrar.get("/incoming/handling/list/").text
    assert len(heads(page)) == len(HANDLING_HEADS) == 7
    assert f"Công văn số 4598/CAT-PC06 ngày {YESTERDAY} của Công an tỉnh Gia Lai" in page
    assert "Văn bản đến" in registrar.get("/").text


def test_what_came_before_is_shown_with_a_link_and_nothing_typed_is_lost(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    answer = register(registrar, remark="Bản có phụ lục")
    assert answer.status_code == 422
    assert f"/incoming/show/{line(portal, 1)['id']}" in answer.text
    typed = typed_in(answer.text)
    assert typed["remark"][0].strip() == "Bản có phụ lục"
    assert typed["subject"][0].strip() == LETTER["subject"]
    assert registrar.get("/incoming/list/").text.count("4598/CAT-PC06") == 1
    for half in ({"again": "y"}, {"again_reason": "Có phụ lục"}):
        assert register(registrar, **half).status_code == 422
    answer = register(registrar, again="y", again_reason="Có phụ lục")
    assert answer.status_code == 302
    assert "Có phụ lục" in registrar.get(answer.location).text
    assert line(portal, 2)["again_reason"] == "Có phụ lục"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"arrived_on": "31/02/2026"}, "“31/02/2026” không phải ngày"),
        ({"subject": ""}, "Điền đủ các mục này"),
        ({"due_on": YESTERDAY}, "trước ngày đến"),
        ({"unit": "999999"}, "Chọn một đơn vị trong danh sách"),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(visit: Visit, typed: dict[str, str], words: str) -> None:
    answer = register(visit(cast.REGISTRAR), **typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "4598/CAT-PC06" in answer.text


def test_the_same_button_pressed_twice_registers_once(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    key = typed_in(registrar.get("/incoming/register").text)["idempotency_key"]
    first, second = (register(registrar, idempotency_key=key) for _ in range(2))
    assert first.location == second.location
    with rows(portal) as session:
        assert session.scalars(select(ArrivalBook.last_number)).all() == [1]


def test_a_mistake_is_corrected_and_whoever_saw_the_former_text_comes_too_late(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    place = f"/incoming/{line(portal, 1)['id']}/correct"
    assert typed_in(registrar.get(place).text)["symbol"] == ["4598/CAT-PC06"]
    assert registrar.post(place, {**LETTER, "symbol": "4599/CAT-PC06", "version": "1"}).status_code == 302
    answer = registrar.post(place, {**LETTER, "symbol": "4600/CAT-PC06", "version": "1"})
    assert answer.status_code == 409
    assert "4600/CAT-PC06" in answer.text
    assert line(portal, 1)["symbol"] == "4599/CAT-PC06"


def test_a_void_number_shows_its_reason_and_offers_nothing_more(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    key = line(portal, 1)["id"]
    answer = registrar.post(f"/incoming/{key}/void", {"version": "1", "void-reason": "Đăng ký nhầm"})
    assert answer.status_code == 302
    page = registrar.get(answer.location).text
    assert "Đăng ký nhầm" in page
    for verb in ("/void", "/correct", "/handover", "/task", "/note"):
        assert verb not in page.partition("<main")[2], verb


def test_a_scan_is_added_and_opened_by_whoever_may_read(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    key = line(portal, 1)["id"]
    sent = {"version": "1", "scan": (io.BytesIO(PDF), "cong-van.pdf")}
    assert registrar.post(f"/incoming/{key}/scan", sent).status_code == 302
    answer = registrar.get(f"/incoming/{key}/scan")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/pdf", PDF)
    answer.close()
    assert visit(cast.OUTSIDER).get(f"/incoming/{key}/scan").status_code == 404
    bad = {"version": "2", "scan": (io.BytesIO(b"MZ"), "cong-van.exe")}
    answer = registrar.post(f"/incoming/{key}/scan", bad)
    assert answer.status_code == 422
    assert "cong-van.exe" in answer.text
    assert "PDF, Word, Excel" in answer.text
    assert registrar.post(f"/incoming/{key}/scan", {"version": "2"}).status_code == 422


def test_a_task_is_drafted_of_it_and_its_state_follows(portal: Flask, visit: Visit) -> None:
    registrar, head = visit(cast.REGISTRAR), visit(cast.HEAD)
    register(registrar)
    handed(portal, registrar)
    key = line(portal, 1)["id"]
    page = head.get(f"/incoming/show/{key}").text
    assert 'name="task-title"' in page
    with rows(portal) as session:
        profile = session.scalars(select(ClarityProfile.id)).first()
    typed = {"task-title": "Rà soát nhiệm vụ", "task-lead_unit_id": unit_key(portal, "STTTT"), "task-due_on": SOON}
    sent = {**typed, "task-profile_id": profile, "version": line(portal, 1)["version"]}
    answer = head.post(f"/incoming/handling/{key}/task", sent)
    assert answer.status_code == 302
    with rows(portal) as session:
        task = session.scalars(select(Task).join(IncomingTask)).one()
        assert (task.title, task.deadline_kind, task.deadline_on) == (
            "Rà soát nhiệm vụ",
            "by",
            today() + timedelta(days=4),
        )
        assert task.source is not None
        assert (task.source.symbol, task.source.issuer) == ("4598/CAT-PC06", "Công an tỉnh Gia Lai")
        place = f"/tasks/show/{task.id}"
    page = head.get(answer.location).text
    assert place in page
    assert place not in registrar.get(f"/incoming/show/{key}").text, "he may not see it, but reads that there is one"
    assert "Rà soát nhiệm vụ" in registrar.get(f"/incoming/show/{key}").text
    page = head.get(place).text
    assert f"/incoming/show/{key}" in page
    assert line(portal, 1)["state"] == "assigned"
    with rows(portal) as session:
        task = session.scalars(select(Task).join(IncomingTask)).one()
        task.assigned_at, task.completed_on, task.evidence = utc_now(), today(), "1/BC"
    assert line(portal, 1)["state"] == "done"


def issued(portal: Flask) -> None:
    with portal.app_context():
        database = portal.extensions["trinh"]["database"]
        Province(database.session()).approved()
        database.session.commit()
        database.session.remove()


def test_it_is_answered_by_a_document_of_ours_and_both_pages_say_so(portal: Flask, visit: Visit) -> None:
    issued(portal)
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    key = line(portal, 1)["id"]
    for words in ("1", "01/BC-UBND", "bao cao tinh hinh"):
        page = registrar.get(f"/incoming/show/{key}?sought={words}").text
        found = re.search(r'name="entry" value="(\d+)"', page)
        assert found, words
    assert "Không tìm thấy" in registrar.get(f"/incoming/show/{key}?sought=999").text
    assert found is not None
    answer = registrar.post(f"/incoming/handling/{key}/answer", {"version": "1", "entry": found[1]})
    assert answer.status_code == 302
    page = registrar.get(answer.location).text
    assert "Đã trả lời" in page
    assert "/documents/show/1" in page
    page = registrar.get("/documents/show/1").text
    assert f"/incoming/show/{key}" in page
    assert "4598/CAT-PC06" in page
    assert "/incoming/show" not in visit(cast.HEAD).get("/documents/show/1").text.partition("<main")[2]
    assert "01/BC-UBND" in registrar.get("/incoming/handling/list/").text
    again = registrar.post(f"/incoming/handling/{key}/taking-up", {"version": "2", "taking-reason": "Nhầm văn bản"})
    assert again.status_code == 302
    assert line(portal, 1)["state"] == "new"


def test_notes_and_filing_are_kept_and_refused_without_words(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    handed(portal, registrar)
    key, clerk = line(portal, 1)["id"], visit(cast.CLERK)
    place = f"/incoming/handling/{key}"
    assert clerk.post(f"{place}/note", {"version": "2", "note-words": " "}).status_code == 422
    assert clerk.post(f"{place}/note", {"version": "2", "note-words": "Đang lấy ý kiến"}).status_code == 302
    assert line(portal, 1)["state"] == "in_progress"
    assert "Đang giải quyết: Đang lấy ý kiến" in clerk.get("/incoming/handling/list/").text
    assert clerk.post(f"{place}/filing", {"version": "3", "filing-reason": "Để biết"}).status_code == 302
    assert "Lưu hồ sơ: Để biết" in clerk.get("/incoming/handling/list/").text
    assert clerk.post(f"{place}/filing", {"version": "4", "filing-reason": "Để biết"}).status_code == 422


def test_lists_are_searched_and_narrowed_and_read_in_few_statements(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    register(registrar, symbol="2433/KH-UBND", author="UBND tỉnh Gia Lai", type_name="Kế hoạch", due_on="")
    handed(portal, registrar, 2)
    with rows(portal) as session:
        session.scalars(select(IncomingDocument).where(IncomingDocument.number == 1)).one().due_on = (
            today() - timedelta(days=1)
        )
    for query, found in (
        ("q=4598", {1}),
        ("q=ke hoach", {2}),
        ("q=99999", set()),
        ("state=new", {1}),
        ("state=assigned", {2}),
        ("state=answered", set()),
        ("late=y", {1}),
        ("unanswered=y", {1, 2}),
        (f"year={today().year - 1}", set()),
        (f"unit={unit_key(portal, 'UBND')}", {1, 2}),
        (f"lead_unit={unit_key(portal, 'STTTT')}", {2}),
    ):
        for path in ("/incoming/list/", "/incoming/handling/list/"):
            page = registrar.get(f"{path}?{query}").text
            keys = {int(key) for key in re.findall(r"/incoming/show/(\d+)", page)}
            assert keys == {line(portal, number)["id"] for number in found}, (path, query)


def test_others_neither_see_nor_keep_what_arrived(portal: Flask, visit: Visit) -> None:
    register(visit(cast.REGISTRAR))
    key = line(portal, 1)["id"]
    for who in (cast.CLERK, cast.POLICE_HEAD, cast.OUTSIDER, cast.OUTSIDER_HEAD):
        visitor = visit(who)
        assert visitor.get(f"/incoming/show/{key}").status_code == 404, who
        assert "4598" not in visitor.get("/incoming/list/").text, who
        assert visitor.post(f"/incoming/{key}/void", {"version": "1", "void-reason": "x"}).status_code == 403, who
        assert visitor.post(f"/incoming/handling/{key}/note", {"version": "1", "note-words": "x"}).status_code == 404
    chairman = visit(cast.CHAIRMAN)
    assert "/void" not in chairman.get(f"/incoming/show/{key}").text
    assert chairman.get("/incoming/register").status_code == 403


def test_a_book_goes_on_from_the_paper_book(portal: Flask, visit: Visit) -> None:
    registrar, place = visit(cast.REGISTRAR), f"/incoming/books/open/{unit_key(portal, 'UBND')}"
    answer = registrar.post(place, {"last_paper": "1388", "reason": "Sổ giấy kết thúc ngày 27/11"})
    page = registrar.get(answer.location).text
    assert "Đã mở sổ; số tiếp theo là 1389." in page
    assert f"1389/{today().year}" in registrar.get(register(registrar).location).text
    assert registrar.post(place, {"last_paper": "5", "reason": "Nhầm"}).status_code == 422
    assert registrar.get(f"/incoming/books/open/{unit_key(portal, 'CAT')}").status_code == 404


def test_programs_read_the_same(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    told = registrar.get("/api/v1/incoming/").get_json()
    assert told["count"] == 1
    assert (told["result"][0]["symbol"], told["result"][0]["state"]) == ("4598/CAT-PC06", "new")
    key = told["result"][0]["id"]
    assert registrar.get(f"/api/v1/incoming/{key}").get_json()["result"]["urgency"] == "urgent"
    assert visit(cast.OUTSIDER).get(f"/api/v1/incoming/{key}").status_code == 404
    assert registrar.get("/api/v1/arrival-book/").get_json()["result"][0]["last_number"] == 1


def test_both_registers_are_printed_from_the_page_of_the_book(portal: Flask, visit: Visit) -> None:
    registrar = visit(cast.REGISTRAR)
    register(registrar)
    key = key_of(portal, ArrivalBook, year=today().year)
    page = registrar.get(f"/incoming/books/show/{key}").text
    assert page.count('formaction="') == 0
    for kind, title in (("incoming", "Sổ đăng ký văn bản đến"), ("handling", "Sổ theo dõi giải quyết văn bản đến")):
        assert f"/incoming/prints/{key}/{kind}/pdf" in page
        answer = registrar.post(f"/incoming/prints/{key}/{kind}/xlsx")
        assert answer.status_code == 302
        page_of_print = registrar.get(answer.location).text
        assert title in page_of_print
        assert "Hệ thống đang làm" in page_of_print or "data-state" in page_of_print
        assert visit(cast.OUTSIDER).get(answer.location).status_code == 404
        number = answer.location.rpartition("/")[2]
        assert registrar.get(f"/register-prints/show/{number}").status_code == 404, "it is no register of outgoing ones"
    assert visit(cast.CHAIRMAN).post(f"/incoming/prints/{key}/incoming/pdf").status_code == 403
