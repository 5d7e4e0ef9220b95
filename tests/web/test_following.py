"""A replacement is begun on the page of a document, says there and here what it does, and shows what is otherwise."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal.documents import linking
from portal.documents.models import OfficialDocument
from portal.submissions import following
from portal.submissions.models import Submission
from tests import cast
from tests.portal.province import Province
from tests.portal.submissions.test_following import leave
from tests.portal.submissions.test_moved import newest, replaced
from tests.web.calls import rows, typed_in
from tests.web.test_sequels import document

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

__all__ = ["document"]
WHY = "Số hồ sơ tháng 01 cộng sai"


def test_a_replacement_is_begun_once_and_shows_what_is_otherwise(portal: Flask, visit: Visit, document: int) -> None:
    clerk, place = visit(cast.CLERK), f"/submissions/following/{document}"
    page = clerk.get(f"/documents/show/{document}").text
    assert f"{place}?kind=corrects" in page
    assert f"{place}?kind=replaces" in page
    assert "Quản trị viên lấy từ thư viện" in unescape(clerk.get(f"{place}?kind=corrects").text)
    form = typed_in(clerk.get(f"{place}?kind=replaces").text)
    asked = {"kind": "replaces", "way": "replaces:monthly-report", "reason": WHY}
    refused = clerk.post(place, {**asked, "reason": ""})
    assert (refused.status_code, "replaces:monthly-report" in refused.text) == (422, True)
    first, second = (clerk.post(place, {**asked, "idempotency_key": form["idempotency_key"]}) for _ in range(2))
    assert first.location == second.location
    with rows(portal) as session:
        assert session.scalar(select(func.count()).where(Submission.follows_id == document)) == 1
    draft = unescape(clerk.get(first.location).text)
    for words in (WHY, f'<a href="/documents/show/{document}">01/BC-UBND</a>', "Mọi nội dung vẫn như văn bản"):
        assert words in draft
    key = int(first.location.rpartition("/")[2])
    sent = {**typed_in(draft), "meetings": "7001", "then": "save"}
    assert clerk.post(f"/submissions/save/{key}", sent).status_code == 302
    changed = unescape(clerk.get(first.location).text)
    assert "Khác với văn bản 01/BC-UBND" in changed
    assert "7.001" in changed
    registrar = unescape(visit(cast.REGISTRAR).get(f"/documents/show/{document}").text)
    assert "Đang soạn văn bản thay thế" in registrar
    assert first.location not in registrar


def test_reviewers_read_that_the_document_was_recalled_meanwhile(portal: Flask, visit: Visit, document: int) -> None:
    with portal.app_context():
        session = portal.extensions["trinh"]["database"].session()
        province = Province(session)
        earlier = session.get_one(OfficialDocument, document)
        asked = (session, province.actor(cast.CLERK), earlier, "replaces:monthly-report")
        draft = following.begin(*asked, reason=WHY)
        key = draft.id
        province.hand_in(draft)
        line = linking.line_of(session, document)
        linking.follow(session, province.actor(cast.CHAIRMAN), "recalls", None, line, reason="Gửi nhầm")
        session.commit()
        portal.extensions["trinh"]["database"].session.remove()
    page = unescape(visit(cast.HEAD).get(f"/submissions/show/{key}").text)
    assert "Văn bản 01/BC-UBND không còn hiệu lực sử dụng: Đã thu hồi" in page


def test_the_page_of_a_document_tells_what_changed_at_its_source_and_proposes_a_replacement(
    portal: Flask, visit: Visit, document: int
) -> None:
    with portal.app_context():
        session = portal.extensions["trinh"]["database"].session()
        province = Province(session)
        february = newest(province).id
        later = replaced(province, session.get_one(OfficialDocument, document), meetings=7001).id
        for key in (february, later):
            leave(province, portal, key)
        session.commit()
        portal.extensions["trinh"]["database"].session.remove()
    page, place = f"/documents/show/{february}", f"/submissions/following/{february}?kind=replaces&because=moved"
    told = unescape(visit(cast.CLERK).get(page).text)
    for words in ("Số liệu đã thay đổi sau khi ban hành", "7.001", f'href="/documents/show/{later}"', place):
        assert words in told
    assert "Số liệu tháng 01/2025 đã thay đổi theo văn bản số 03/BC-UBND" in unescape(visit(cast.CLERK).get(place).text)
    registrar = unescape(visit(cast.REGISTRAR).get(page).text)
    assert "Số liệu đã thay đổi sau khi ban hành" in registrar
    assert place not in registrar
    assert "Số liệu đã thay đổi" not in visit(cast.CLERK).get(f"/documents/show/{later}").text


def test_others_are_not_offered_it(visit: Visit, document: int) -> None:
    for who in (cast.REGISTRAR, cast.CHAIRMAN, cast.HEAD):
        assert "/submissions/following/" not in visit(who).get(f"/documents/show/{document}").text
        assert visit(who).get(f"/submissions/following/{document}").status_code == 403
    assert visit(cast.OUTSIDER).get(f"/submissions/following/{document}").status_code == 404
