"""What is sent twice is done once and answered alike: forms of reports and cases, and REST with its header."""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select, text

from portal import once
from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, CommentDraft
from portal.audit import CHAIN_LOCK
from portal.idempotency import IdempotencyKey
from portal.sent import digest_of
from portal.submissions.models import SubmissionVersion
from portal.tasks.models import SourceDocument, Task
from tests.conftest import Visitor
from tests.portal.province import Province
from tests.web import calls
from tests.web.calls import one, rows
from tests.web.chains import LEADER, MANY_DOCUMENTS, POLICE, chain, put_in_force, stage
from tests.web.report_page import Page, address, filled_in, saving, send, sent
from tests.web.rows import count, stored

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit
    from tests.web.desk import Desk

APPROVE, CORRECTING = "/cases/1/approve", "/submissions/correct/1"
FORMS = {
    "a decision": ("head", address(1), APPROVE),
    "a comment": ("head", address(1), "/cases/1/comment"),
    "several": ("head", "/cases/several", ""),
}
UNIT = stage("unit", "Lãnh đạo đơn vị duyệt", {**LEADER, "edits": ["direction"]})
THEN = stage("police", "Công an tỉnh thẩm định", POLICE)
CLEAR = "Cập nhật kiến trúc chính quyền điện tử của tỉnh theo phiên bản 3.0"
SOURCE = {"symbol": "99/QĐ-TTg", "issuer": "Thủ tướng Chính phủ", "year": 2022, "subject": "Đề án 06"}


def keys(portal: Flask) -> list[IdempotencyKey]:
    with rows(portal) as session:
        found = list(session.scalars(select(IdempotencyKey).order_by(IdempotencyKey.id)))
        session.expunge_all()
        return found


def notes(visitor: Visitor) -> int:
    """How many messages wait for somebody."""
    return visitor.get("/account/password").text.count('<p class="flash success"')


# -- every form has a key ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_each_form_on_each_page_has_a_key_of_its_own(visit: Visit, waiting: int, form: str) -> None:
    who, page, action = FORMS[form]
    visitor = visit(who)
    seen = {Page(visitor.get(page).text).forms[action]["idempotency_key"] for _ in range(3)}
    assert len(seen) == 3
    assert all(len(key) == 22 for key in seen)
    forms = Page(visitor.get(address(1)).text).forms
    own = [each["idempotency_key"] for action, each in forms.items() if action.startswith("/cases/1/")]
    assert len(own) == len(set(own)) > 5


# -- reports -------------------------------------------------------------------------------------------------------


def test_handing_in_twice_hands_in_once(visit: Visit, portal: Flask, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, meetings="7")
    told = []
    for _ in range(2):
        answer = send(clerk, draft, form, "submit")
        told.append((answer.status_code, answer.location, notes(clerk)))
    assert told == [(302, address(draft), 1)] * 2
    assert (count(portal, ApprovalCase), count(portal, SubmissionVersion)) == (1, 1)
    assert [(each.part, each.answer["row"], each.answer["version"]) for each in keys(portal)] == [(0, 1, 1)]


def test_handing_in_again_twice_makes_one_round(
    visit: Visit, portal: Flask, prepare: Callable[[Callable[[Province], int]], int], waiting: int
) -> None:
    visit("head").post("/cases/1/return", {"version": 1, "reason": "Xem lại số cuộc họp."})
    clerk = visit("clerk")
    form = filled_in(clerk, waiting, meetings="7")
    answers = [send(clerk, waiting, form, "submit") for _ in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(302, address(waiting))] * 2
    with rows(portal) as session:
        assert [row.round for row in session.scalars(select(ApprovalCase))] == [2]
        assert [each.round for each in session.scalars(select(SubmissionVersion))] == [1, 2]


def test_other_text_under_the_key_of_what_was_handed_in_is_refused_and_given_back(
    visit: Visit, portal: Flask, draft: int
) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, meetings="7")
    assert send(clerk, draft, form, "submit").status_code == 302
    refused = send(clerk, draft, {**form, "proposals": "Thêm một đề nghị"}, "submit")
    assert refused.status_code == 422
    assert "Thêm một đề nghị" in refused.text
    assert count(portal, SubmissionVersion) == 1


def test_what_cannot_be_handed_in_stays_saved_and_leaves_no_key(visit: Visit, portal: Flask, draft: int) -> None:
    clerk = visit("clerk")
    refused = send(clerk, draft, filled_in(clerk, draft, security="", meetings="7"), "submit")
    assert refused.status_code == 422
    assert (stored(portal, draft).values["meetings"], keys(portal)) == (7, [])
    assert (count(portal, ApprovalCase), count(portal, SubmissionVersion)) == (0, 0)
    again = {**Page(refused.text).forms[saving(draft)], "security": "Không phát sinh."}
    assert send(clerk, draft, again, "submit").status_code == 302


def test_what_no_chain_is_for_stays_saved_in_the_edition_that_its_page_shows(
    visit: Visit, portal: Flask, draft: int
) -> None:
    clerk = visit("clerk")
    put_in_force(portal, chain(UNIT, THEN, when=MANY_DOCUMENTS))
    refused = send(clerk, draft, filled_in(clerk, draft, meetings="7"), "submit")
    assert refused.status_code == 422
    assert stored(portal, draft).values["meetings"] == 7
    again = Page(refused.text).forms[saving(draft)]
    assert again["edition"] == str(stored(portal, draft).edition)
    assert send(clerk, draft, {**again, "meetings": "8"}).status_code == 302


def test_saving_by_itself_takes_no_key(visit: Visit, portal: Flask, draft: int) -> None:
    clerk = visit("clerk")
    form = filled_in(clerk, draft, meetings="7")
    saved = send(clerk, draft, form, headers={"Accept": "application/json"})
    assert saved.status_code == 200
    later = {**form, "edition": saved.json["edition"], "meetings": "8"}
    assert send(clerk, draft, later, "submit").status_code == 302
    assert len(keys(portal)) == 1


def test_approving_with_changes_twice_approves_once(visit: Visit, portal: Flask, draft: int) -> None:
    put_in_force(portal, chain(UNIT, THEN))
    clerk, head = visit("clerk"), visit("head")
    assert send(clerk, draft, filled_in(clerk, draft), "submit").status_code == 302
    form = {**Page(head.get(CORRECTING).text).forms[CORRECTING], "meetings": "9", "reason": "Sửa số cuộc họp."}
    told = []
    for _ in range(2):
        answer = head.client.post(CORRECTING, data=form)
        told.append((answer.status_code, answer.location, notes(head)))
    assert told == [(302, address(draft), 1)] * 2
    assert (count(portal, SubmissionVersion), count(portal, CaseDecision)) == (2, 1)
    other = head.client.post(CORRECTING, data={**form, "meetings": "10"})
    assert (other.status_code, ">\n10</textarea>" in other.text) == (422, True)
    assert (count(portal, SubmissionVersion), count(portal, CaseDecision)) == (2, 1)


# -- cases ---------------------------------------------------------------------------------------------------------


def test_a_comment_sent_twice_stands_there_once(visit: Visit, portal: Flask, waiting: int) -> None:
    head = visit("head")
    form = {"field": "meetings", "round": "1", "text": "Xem lại.", "more": "yes", "idempotency_key": "c-1"}
    answers = [head.post("/cases/1/comment", form) for _ in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(302, f"{address(1)}#a-meetings")] * 2
    with rows(portal) as session:
        assert session.scalars(select(CommentDraft.text)).all() == ["Xem lại."]


def test_the_same_key_of_another_person_is_another_key(visit: Visit, portal: Flask, waiting: int) -> None:
    typed = {"version": 1, "reason": "Nhất trí", "idempotency_key": "k"}
    assert visit("head").post("/cases/1/claim", typed).status_code == 302
    late = visit("deputy").post("/cases/1/claim", typed)
    assert late.status_code == 409, "it is refused for what it asks, not for its key"
    assert len({each.user_id for each in keys(portal)}) == len(keys(portal)) == 1


@pytest.mark.parametrize("key", ["", " ", "a b", "khóa", "x" * 256, "a\tb", "\x7f"])
def test_a_key_that_is_none_is_refused_and_what_was_typed_is_given_back(desk: Desk, key: str) -> None:
    page = desk.refused(
        "head", "return", 422, "key_malformed", params={"most": 255}, reason="Xem lại mục hai.", idempotency_key=key
    )
    assert "Xem lại mục hai." in page
    assert 'action="/cases/1/return"' in page
    assert desk.count(IdempotencyKey) == 0


@pytest.mark.parametrize("key", ["x", "~!'\"<>&", "x" * 255])
def test_any_visible_ascii_is_a_key(desk: Desk, key: str) -> None:
    for _ in range(2):
        desk.done("head", "return", version=1, reason="Xem lại.", idempotency_key=key)
    assert (desk.version, desk.count(IdempotencyKey)) == (2, 1)


def test_a_form_without_a_key_is_refused_by_the_version_it_saw(desk: Desk) -> None:
    desk.done("head", "approve", version=1)
    desk.refused("head", "approve", 409, "stale_version", version=1)
    assert desk.count(IdempotencyKey) == 0


def test_what_was_refused_can_be_sent_again_under_its_key(desk: Desk) -> None:
    desk.refused("head", "return", 422, "reason_required", reason=" ", idempotency_key="k")
    desk.done("head", "return", reason="Xem lại.", idempotency_key="k")


def test_a_form_held_back_until_one_signs_in_is_done_once(visit: Visit, portal: Flask, waiting: int) -> None:
    head = visit("head")
    form = {**Page(head.get(address(1)).text).forms[APPROVE], "reason": "Nhất trí"}
    head.client.delete_cookie("trinh_session")
    held = Page(head.client.post(APPROVE, data=form).text).forms
    ((target, again),) = [each for each in held.items() if each[0].startswith(APPROVE)]
    head.sign_in("head")
    answers = [head.client.post(target, data=again) for _ in range(2)]
    assert [(each.status_code, each.location) for each in answers] == [(302, address(1))] * 2
    assert (count(portal, CaseDecision), keys(portal)[0].key) == (1, form["idempotency_key"])


def test_neither_the_token_nor_a_password_is_part_of_what_was_said(desk: Desk) -> None:
    desk.done(
        "head", "approve", version=1, idempotency_key="k", password="mot", csrf_token=desk.visitor("head").token()
    )
    desk.done("head", "approve", version=1, idempotency_key="k", password="hai")
    assert desk.count(CaseDecision) == 1


# -- at the same moment --------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest) -> Flask:
    """A portal on either database in which a report is drafted."""
    app: Flask = request.getfixturevalue("portal" if request.param == "sqlite" else "portal_on_postgres")
    with app.app_context():
        database = app.extensions["trinh"]["database"]
        Province(database.session()).draft()
        database.session.commit()
        database.session.remove()
    return app


def at_once(house: Flask, who: str, path: str, form: dict[str, Any], times: int = 4) -> list[tuple[int, str]]:
    """One form sent several times at the same moment, as by an impatient hand: status and address of each answer."""
    visitors = [Visitor(house.test_client()) for _ in range(times)]
    ready = []
    for each in visitors:
        assert each.sign_in(who).status_code == 302
        ready.append((each, sent({**form, "csrf_token": each.token()})))
    with ThreadPoolExecutor(times) as pool:
        answers = [pool.submit(each.client.post, path, **body) for each, body in ready]
        return [(each.result(60).status_code, each.result().location) for each in answers]


def test_many_clicks_on_hand_in_and_on_approve_at_once_have_one_effect_and_one_answer(house: Flask) -> None:
    clerk, head = Visitor(house.test_client()), Visitor(house.test_client())
    clerk.sign_in("clerk")
    form = {**filled_in(clerk, 1, meetings="7"), "then": "submit"}
    assert at_once(house, "clerk", saving(1), form) == [(302, address(1))] * 4
    assert (count(house, ApprovalCase), count(house, SubmissionVersion)) == (1, 1)
    head.sign_in("head")
    form = Page(head.get(address(1)).text).forms[APPROVE]
    before = count(house, CaseEvent)
    assert at_once(house, "head", APPROVE, form) == [(302, address(1))] * 4
    assert (count(house, CaseDecision), len(keys(house))) == (1, 2)
    with rows(house) as session:
        assert session.scalars(select(ApprovalCase.version)).all() == [2]
        told = select(func.count()).where(CaseEvent.kind == "item_decided")
        assert session.scalar(told) == 1
    assert count(house, CaseEvent) > before


@pytest.mark.postgres
@pytest.mark.parametrize("house", ["postgres"], indirect=True)  # SQLite has one writer
@pytest.mark.parametrize("deed", ["hand in again", "correct"])
def test_who_writes_beside_a_case_waits_for_it_before_he_holds_the_log(house: Flask, deed: str) -> None:
    put_in_force(house, chain(UNIT, THEN))
    clerk, head = Visitor(house.test_client()), Visitor(house.test_client())
    clerk.sign_in("clerk")
    head.sign_in("head")
    assert send(clerk, 1, filled_in(clerk, 1), "submit").status_code == 302
    if deed == "correct":
        visitor, path = head, CORRECTING
        form = {**Page(head.get(CORRECTING).text).forms[CORRECTING], "meetings": "9"}
    else:
        head.post("/cases/1/return", {"version": 1, "reason": "Xem lại."})
        visitor, path, form = clerk, saving(1), {**filled_in(clerk, 1, meetings="9"), "then": "submit"}
    with house.extensions["trinh"]["database"].engine.connect() as other, ThreadPoolExecutor(1) as pool:
        other.execute(text("UPDATE approval_case SET title = title"))
        sending = pool.submit(visitor.client.post, path, **sent(form))
        time.sleep(0.5)  # it has come as far as it can
        assert not sending.done()
        other.execute(text("SET LOCAL lock_timeout = '5s'"))
        other.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
        other.commit()
        assert sending.result(60).status_code == 302


# -- REST ----------------------------------------------------------------------------------------------------------


def test_a_row_added_twice_under_one_key_is_added_once(visit: Visit, portal: Flask) -> None:
    admin, before = visit("admin"), count(portal, SourceDocument)
    answers = [calls.send(admin, "POST", "/api/v1/source/", SOURCE, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    other = calls.send(admin, "POST", "/api/v1/source/", {**SOURCE, "year": 2023}, **{"Idempotency-Key": "k"})
    assert (other.status_code, other.json["reason"]) == (422, "key_reused")
    assert count(portal, SourceDocument) == before + 1


def test_a_change_sent_twice_under_one_key_is_no_conflict(visit: Visit, portal: Flask) -> None:
    admin = visit("admin")
    path = f"/api/v1/source/{calls.send(admin, 'POST', '/api/v1/source/', SOURCE).json['id']}"
    seen = {"If-Match": admin.get(path).headers["ETag"]}
    keyed = {**seen, "Idempotency-Key": "k"}
    first, second = (calls.send(admin, "PUT", path, {"subject": "Khác"}, **keyed) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert (first.json, first.headers["ETag"]) == (second.json, second.headers["ETag"])
    assert calls.send(admin, "PUT", path, {"subject": "Khác"}, **seen).status_code == 412


def test_a_verb_sent_twice_under_one_key_is_done_once(visit: Visit, portal: Flask) -> None:
    admin = visit("admin")
    with rows(portal) as session:
        task = one(session, Task, title=CLEAR)
        path, version = f"/api/v1/task/{task.id}/complete", task.version
    body = {"version": version, "evidence": "15/TTr-STTTT"}
    answers = [calls.send(admin, "POST", path, body, **{"Idempotency-Key": "k"}) for _ in range(2)]
    assert [(each.status_code, each.json["version"]) for each in answers] == [(200, version + 1)] * 2
    assert answers[0].json == answers[1].json
    assert calls.send(admin, "POST", path, body).status_code == 409


def test_a_program_is_told_that_its_key_is_none(visit: Visit, portal: Flask) -> None:
    before = count(portal, SourceDocument)
    answer = calls.send(visit("admin"), "POST", "/api/v1/source/", SOURCE, **{"Idempotency-Key": "x" * 256})
    assert (answer.status_code, answer.json["reason"]) == (422, "key_malformed")
    assert "255" in unescape(answer.json["message"])
    assert count(portal, SourceDocument) == before


def test_the_header_counts_before_the_field(desk: Desk) -> None:
    visitor = desk.visitor("head")
    form = {"version": 1, "reason": "Chờ", "idempotency_key": "field", "csrf_token": visitor.token()}
    answer = visitor.client.post("/cases/1/suspend", data=form, headers={"Idempotency-Key": "header"})
    assert answer.status_code == 302
    assert [each.key for each in keys(desk.portal)] == ["header"]


def test_json_is_compared_by_its_values_and_the_address_with_its_query(visit: Visit, portal: Flask) -> None:
    admin, key, turned = visit("admin"), {"Idempotency-Key": "k"}, dict(reversed(SOURCE.items()))
    first = calls.send(admin, "POST", "/api/v1/source/", SOURCE, **key)
    second = calls.send(admin, "POST", "/api/v1/source/", turned, **key)
    third = calls.send(admin, "POST", "/api/v1/source/?x=1", SOURCE, **key)
    assert (first.status_code, second.status_code, third.status_code) == (201, 201, 422)
    assert first.json == second.json


def test_another_file_is_other_content(app: Flask) -> None:
    def digest(content: bytes) -> str:
        data = {"field.file": (io.BytesIO(content), "bang.pdf")}
        with app.test_request_context("/submissions/save/1", method="POST", data=data):
            return digest_of([], *once._files())

    assert digest(b"one") == digest(b"one")
    assert digest(b"one") != digest(b"two")
