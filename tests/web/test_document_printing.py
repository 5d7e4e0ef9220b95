"""The page of a document on its way to its PDF: how far it is, what is wrong and where, and printing it anew."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.db import utc_now
from portal.definitions.models import PUBLISHED, Definition
from portal.documents.models import OfficialDocument
from portal.jobs import Job
from tests.web.test_documents import document, give_up, read, render  # noqa: F401 - a fixture among them
from workflows.forms import content_hash

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit, Visitor

MISSING = "missing_value: decree30.html:12: doc.chair\ntemplate.html:3: doc.seal"


def page(visitor: Visitor, key: int) -> str:
    answer = visitor.get(f"/documents/show/{key}")
    assert answer.status_code == 200
    found: str = answer.text
    return found


def publish(portal: Flask) -> None:
    """A second version of the template."""
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        first = session.scalars(select(Definition).where(Definition.kind == "document")).first()
        assert first is not None
        body = copy.deepcopy(first.body)
        body["style"] += "\n/* wider */"
        told: dict[str, Any] = {"kind": "document", "key": first.key, "version": 2, "name": first.name}
        told |= {"created_by": "designer", "published_at": utc_now(), "note": "Lề rộng hơn"}
        session.add(Definition(**told, status=PUBLISHED, body=body, sha256=content_hash(body)))
        session.commit()


def job(portal: Flask, **values: Any) -> None:
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        session.execute(update(Job).where(Job.kind == "render_document").values(**values))
        session.commit()


def test_whoever_waits_sees_how_far_it_is(visit: Visit, portal: Flask, document: int) -> None:  # noqa: F811
    chairman = visit("chairman")
    with Session(portal.extensions["trinh"]["database"].engine) as session:
        mine = session.scalars(select(Job).where(Job.kind == "render_document")).one()
        before = len(
            [each for each in session.scalars(select(Job).where(Job.status == "waiting")) if each.id < mine.id]
        )
        session.add(Job(kind="print_trial", payload={}, run_after=mine.run_after.replace(year=2020)))
        session.commit()
    shown = page(chairman, document)
    assert f"Đang chờ trong hàng đợi, trước đó còn {before + 1} việc." in shown
    assert 'data-state="rendering"' in shown
    assert 'aria-live="polite"' in shown
    assert "Tải lại tình trạng" in shown
    job(portal, leased_until=utc_now().replace(year=2100), attempts=1)
    assert "Đang tạo các trang." in page(chairman, document)
    later = utc_now().replace(year=2100)
    job(portal, leased_until=None, run_after=later, attempts=2, last_error="RenderFailed: timed_out: 60 s")
    assert "Lần 2 không thành: Quá thời gian cho phép để tạo trang. Thử lại sau" in page(chairman, document)


def test_a_fault_is_told_with_its_place_to_those_who_may_mend_it(
    visit: Visit, portal: Flask, document: int  # noqa: F811
) -> None:  # fmt: skip
    give_up(portal, MISSING)
    shown = page(visit("registrar"), document)
    assert "khối decree30, dòng 12: <code>doc.chair</code>" in shown
    assert "mẫu (template), dòng 3: <code>doc.seal</code>" in shown
    assert "Nhờ người thiết kế sửa mẫu văn bản" in shown
    assert "/definitions/document/provincial-report/1" not in shown
    assert "/definitions/document/provincial-report/1" in page(visit("admin"), document)
    other = page(visit("chairman"), document)
    assert "missing_value" in other
    assert "doc.chair" not in other
    give_up(portal, "letter_missing: 𐍈 U+10348")
    assert "báo cán bộ vận hành biết phông chữ" in page(visit("registrar"), document)


def test_it_is_made_anew_with_a_later_version(visit: Visit, portal: Flask, document: int) -> None:  # noqa: F811
    render(portal)
    registrar, form = visit("registrar"), {"status": "awaiting_signature", "template_version": "1"}
    assert "make-anew" not in page(registrar, document)
    publish(portal)
    assert "make-anew" not in page(visit("chairman"), document)
    assert "Lề rộng hơn" in page(registrar, document)
    address = f"/documents/{document}/make-anew"
    refused = registrar.post(address, {**form, "anew-version": "2", "anew-reason": ""})
    assert (refused.status_code, "Nêu lý do tạo lại tệp PDF" in refused.text) == (422, True)
    stale = registrar.post(address, {**form, "status": "failed", "anew-version": "2", "anew-reason": "Lề <hẹp>"})
    assert (stale.status_code, "Lề &lt;hẹp&gt;" in stale.text) == (422, True)
    assert visit("chairman").post(address, {**form, "anew-version": "2", "anew-reason": "Lề"}).status_code == 403
    done = registrar.post(address, {**form, "anew-version": "2", "anew-reason": "Lề hẹp"})
    assert (done.status_code, done.location) == (302, f"/documents/show/{document}")
    assert read(portal, select(OfficialDocument.status)) == ["rendering"]
    render(portal)
    (made,) = read(portal, select(OfficialDocument))
    assert (made.status, made.number, made.template.version) == ("awaiting_signature", 1, 2)


def test_the_database_takes_another_template_only_with_a_new_printing(portal: Flask, document: int) -> None:  # noqa: F811
    render(portal)
    publish(portal)
    other = "UPDATE official_document SET template_id = (SELECT max(id) FROM definition)"
    with portal.extensions["trinh"]["database"].engine.connect() as connection:
        for more in ("", ", status = 'rendering', file_id = NULL, content = '{}'"):
            with pytest.raises(IntegrityError, match="record is frozen"):
                connection.execute(text(f"{other}{more} WHERE id = {document}"))
            connection.rollback()
        connection.execute(text(f"{other}, status = 'rendering', file_id = NULL WHERE id = {document}"))
        connection.rollback()
