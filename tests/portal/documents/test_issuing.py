"""An approved report becomes a document: numbers without gaps or repetitions, and a frozen content."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal.definitions.library import shipped
from portal.definitions.publishing import publish
from portal.definitions.service import current
from portal.documents import numbering
from portal.documents import service as documents
from portal.documents.models import OfficialDocument, Register, RegisterEntry
from portal.jobs import Job
from portal.security import today
from portal.submissions.wording import wording_of
from portal.units.models import Holding, Post, Unit, UnitHeader
from tests.portal.province import FEBRUARY, REVIEWERS
from workflows.actions import Delegate
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from tests.portal.province import Province


def issued(session: Session) -> Sequence[OfficialDocument]:
    return session.scalars(select(OfficialDocument).order_by(OfficialDocument.id)).all()


def unit(session: Session, code: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.code == code)).one()


def seat(session: Session, post: str) -> tuple[Post, User]:
    """A seat by the codes of unit and post, and who sits in it."""
    where, code = post.split("/")
    chosen = select(Post).join(Unit, Unit.id == Post.unit_id).where(Unit.code == where, Post.code == code)
    found = session.scalars(chosen).one()
    sitting = select(User).join(Holding, Holding.user_id == User.id).where(Holding.post_id == found.id)
    return found, session.scalars(sitting).one()


def order(province: Province, post: str) -> documents.Order:
    """An order for a document of the post's unit, about a report that waits."""
    where, who = seat(province.session, post)
    report = province.report_of(province.submitted())
    template = current(province.session, "document", "provincial-report")
    return documents.Order(
        issuer_id=where.unit_id,
        subject_kind="submission",
        subject_id=report.id,
        template=template,
        signer_id=who.id,
        post_id=where.id,
        wording=wording_of(province.session, report, template),
    )


def test_the_last_approval_issues_document_one_of_the_year(province: Province) -> None:
    folder = province.approved()
    (document,) = issued(province.session)
    chairman = province.user("chairman")
    assert (document.number, document.symbol, document.year) == (1, "BC-UBND", today().year)
    assert (document.issuer_id, document.signer_id) == (unit(province.session, "UBND").id, chairman.id)
    assert (document.subject_kind, document.subject_id) == ("submission", folder.row.subject_id)
    assert document.template_id == current(province.session, "document", "provincial-report").id
    assert document.status == "rendering"
    assert [job.payload for job in province.session.scalars(select(Job))] == [{"document_id": document.id}]


def test_no_earlier_approval_issues_anything(province: Province) -> None:
    folder = province.submitted()
    for username in REVIEWERS[:2]:
        folder = province.approve(username, folder)
    assert list(issued(province.session)) == []


def test_the_content_of_a_document_is_frozen_with_its_hash(province: Province) -> None:
    province.approved()
    (document,) = issued(province.session)
    assert document.content_sha256 == hashlib.sha256(document.content.encode()).hexdigest()
    content = documents.content_of(document)
    assert content["number_line"] == "Số: 01/BC-UBND"
    assert content["signature"]["authority_lines"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    assert content["signature"]["name"] == "Đặng Nhật Thuận"


def test_a_deputy_signs_for_the_head(province: Province) -> None:
    folder = province.submitted()
    for username in ("head", "police.head", "vicechair"):
        folder = province.approve(username, folder)
    (document,) = issued(province.session)
    lines = documents.content_of(document)["signature"]["authority_lines"]
    assert lines == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def test_who_decides_in_the_chairman_s_place_signs_in_his_own_post(province: Province) -> None:
    body = deepcopy(next(body for kind, key, body in shipped() if (kind, key) == ("chain", "provincial-report")))
    body["stages"][-1]["steps"][0]["owner"]["posts"] = ["head"]
    publish(province.session, actor="test", kind="chain", key="provincial-report", body=body)
    folder, deputy = province.submitted(), province.user("vicechair")
    for username in REVIEWERS[:2]:
        folder = province.approve(username, folder)
    folder = province.act("chairman", folder, Delegate(folder.case.version, str(deputy.id), "Đi công tác"))
    province.approve("vicechair", folder)
    (document,) = issued(province.session)
    assert document.signer_id == deputy.id
    lines = documents.content_of(document)["signature"]["authority_lines"]
    assert lines == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def test_the_next_document_gets_the_next_number(province: Province) -> None:
    province.approved()
    province.approved(FEBRUARY)
    assert [document.number for document in issued(province.session)] == [1, 2]


def test_a_number_whose_decision_was_undone_is_given_to_the_next_document(province: Province) -> None:
    province.approved()
    folder = province.submitted(FEBRUARY)
    for username in REVIEWERS[:2]:
        folder = province.approve(username, folder)
    province.session.commit()
    province.approve("chairman", folder)
    assert [document.number for document in issued(province.session)] == [1, 2]
    province.session.rollback()
    assert [document.number for document in issued(province.session)] == [1]
    province.approve("vicechair", folder)
    assert [document.number for document in issued(province.session)] == [1, 2]


def test_each_issuer_and_year_has_a_series_of_its_own(province: Province) -> None:
    session = province.session
    ubnd, police = unit(session, "UBND"), unit(session, "PC06")
    taken = [
        numbering.take_number(session, issuer, "BC", date(year, 3, 1))[1]
        for issuer, year in ((ubnd, 2025), (ubnd, 2025), (police, 2025), (ubnd, 2026), (ubnd, 2025))
    ]
    assert taken == [1, 2, 1, 1, 3]
    books = session.scalars(select(Register).order_by(Register.unit_id == police.id, Register.year))
    assert [(book.year, book.last_number) for book in books] == [(2025, 3), (2026, 1), (2025, 1)]


def test_decisions_and_letters_are_numbered_apart_from_other_types(province: Province) -> None:
    session = province.session
    kinds = ["BC", "QĐ", "KH", "CV", "TTr", "QĐ", "SY", "SL"]
    taken = [numbering.take_number(session, unit(session, "UBND"), kind, date(2025, 3, 1))[1] for kind in kinds]
    assert taken == [1, 1, 2, 1, 3, 2, 1, 2]


def test_the_first_number_of_a_new_year_is_one(province: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = order(province, "UBND/ct")
    numbers = []
    for day in (date(2025, 12, 31), date(2025, 12, 31), date(2026, 1, 1)):
        monkeypatch.setattr(documents, "today", lambda day=day: day)
        document = documents.issue(province.session, province.actor("chairman"), asked)
        numbers.append((document.number, document.year, document.issued_on))
    assert numbers == [
        (1, 2025, date(2025, 12, 31)),
        (2, 2025, date(2025, 12, 31)),
        (1, 2026, date(2026, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("day", "name", "symbol", "place"),
    [
        (date(2025, 6, 30), ["ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"], "BC-UBND", "Gia Lai, ngày 30 tháng 6 năm 2025"),
        (date(2025, 7, 1), ["ỦY BAN NHÂN DÂN", "TỈNH GIA LAI MỚI"], "BC-UBNDM", "Quy Nhơn, ngày 01 tháng 7 năm 2025"),
    ],
)
def test_a_document_prints_what_its_issuer_was_called_on_its_day(  # noqa: PLR0917 - a row of the table
    province: Province, monkeypatch: pytest.MonkeyPatch, day: date, name: list[str], symbol: str, place: str
) -> None:
    later = {"header_name": "ỦY BAN NHÂN DÂN\nTỈNH GIA LAI MỚI", "place_name": "Quy Nhơn", "symbol": "UBNDM"}
    ubnd = unit(province.session, "UBND")
    province.session.add(UnitHeader(unit=ubnd, valid_from=date(2025, 7, 1), grounds="202/2025/QH15", **later))
    asked = order(province, "UBND/ct")
    monkeypatch.setattr(documents, "today", lambda: day)
    document = documents.issue(province.session, province.actor("chairman"), asked)
    content = documents.content_of(document)
    assert (content["issuer"]["name_lines"], document.symbol, content["place_date"]) == (name, symbol, place)
    assert content["number_line"].endswith(f"/{symbol}")


def test_a_document_of_the_chairman_himself_has_his_header_symbol_and_signature(province: Province) -> None:
    asked = replace(order(province, "UBND/ct"), of_head=True)
    document = documents.issue(province.session, province.actor("chairman"), asked)
    content = documents.content_of(document)
    assert content["issuer"]["name_lines"] == ["CHỦ TỊCH ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"]
    assert document.symbol == "BC-CTUBND"
    assert content["signature"]["authority_lines"] == ["CHỦ TỊCH"]


@pytest.mark.parametrize(("day", "code"), [(date(2025, 2, 28), "before_the_law"), (date(2025, 3, 1), "")])
def test_before_the_law_of_2025_there_is_none(
    province: Province, monkeypatch: pytest.MonkeyPatch, day: date, code: str
) -> None:
    asked = replace(order(province, "UBND/pct"), of_head=True)
    monkeypatch.setattr(documents, "today", lambda: day)
    if code:
        with pytest.raises(Refusal, match=code):
            documents.issue(province.session, province.actor("vicechair"), asked)
    else:
        document = documents.issue(province.session, province.actor("vicechair"), asked)
        lines = documents.content_of(document)["signature"]["authority_lines"]
        assert lines == ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]


def test_a_chain_says_that_a_document_is_the_chairman_s_own(province: Province) -> None:
    body = next(body for kind, key, body in shipped() if (kind, key) == ("chain", "provincial-report"))
    own = {**body, "issues": [{**rule, "of_head": True} for rule in body["issues"]]}
    publish(province.session, actor="test", kind="chain", key="provincial-report", body=own)
    province.approved()
    (document,) = issued(province.session)
    assert document.symbol == "BC-CTUBND"


def test_a_text_with_a_mark_of_secrecy_is_not_issued(province: Province) -> None:
    asked = order(province, "UBND/ct")
    marked = replace(asked, wording=replace(asked.wording, opening=("TUYỆT MẬT",)))
    with pytest.raises(Refusal) as refused:
        documents.issue(province.session, province.actor("chairman"), marked)
    assert (refused.value.code, refused.value.params["mark"]) == ("classified", "TUYỆT MẬT")


def test_a_document_is_seen_where_it_was_issued_and_not_elsewhere(province: Province) -> None:
    province.approved()
    for username, sees in (("chairman", True), ("registrar", True), ("outsider", False), ("outsider.head", False)):
        condition = documents.scope(province.actor(username))
        found = province.session.scalars(select(OfficialDocument).where(condition)).all()
        assert bool(found) is sees, username


def test_only_the_issuers_own_people_see_its_books(province: Province) -> None:
    province.approved()
    for username, sees in (("registrar", True), ("clerk", False), ("outsider.head", False)):
        condition = documents.register_scope(province.actor(username))
        assert bool(province.session.scalars(select(Register).where(condition)).all()) is sees, username


def test_what_is_issued_names_its_issuer_its_address_and_its_secretary(province: Province) -> None:
    asked = order(province, "UBND/ct")
    issuer = unit(province.session, "UBND")
    issuer.contact = "Địa chỉ: số 1\nĐT: 0123"
    annexes = asked.wording.sections[:2]
    wording = replace(asked.wording, shows_contact=True, annexes=annexes, secretary="Trần Văn Thành", archive_copies=3)
    document = documents.issue(province.session, province.actor("chairman"), replace(asked, wording=wording))
    content = documents.content_of(document)
    assert content["contact"] == ["Địa chỉ: số 1", "ĐT: 0123"]
    assert [each["lead"] for each in content["annexes"]] == ["Phụ lục I", "Phụ lục II"]
    assert issuer.name_vi in content["annexes"][0]["reference"]
    assert content["cosignature"]["name"] == "Trần Văn Thành"
    assert content["recipients"]["lines"][-1] == "- Lưu: VT, NC (3)."


def test_an_address_is_printed_only_where_the_template_asks_for_it(province: Province) -> None:
    asked = order(province, "UBND/ct")
    unit(province.session, "UBND").contact = "Địa chỉ: số 1"
    document = documents.issue(province.session, province.actor("chairman"), asked)
    assert documents.content_of(document)["contact"] == []


def joint(province: Province, partner: str) -> documents.Order:
    """An order for a document that somebody of another unit signs beside."""
    where, who = seat(province.session, partner)
    return replace(order(province, "UBND/ct"), cosigner=documents.Cosigner(who.id, where.id))


def test_a_joint_document_bears_both_names_and_both_signatures(province: Province) -> None:
    document = documents.issue(province.session, province.actor("chairman"), joint(province, "STTTT/gd"))
    content = documents.content_of(document)
    assert document.symbol == "BC-UBND-STTTT"
    assert content["issuer"]["name_lines"][:2] == ["ỦY BAN NHÂN DÂN", "TỈNH GIA LAI -"]
    assert content["cosignature"]["authority_lines"] == ["GIÁM ĐỐC"]
    assert content["signature"]["authority_lines"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    line = province.session.scalars(select(RegisterEntry).where(RegisterEntry.document_id == document.id)).one()
    assert str(line.signer).count(";") == 1


def test_nobody_is_his_own_partner(province: Province) -> None:
    with pytest.raises(Refusal) as refused:
        documents.issue(province.session, province.actor("chairman"), joint(province, "UBND/ct"))
    assert refused.value.code == "own_partner"


def test_a_partner_who_left_meanwhile_does_not_sign(province: Province) -> None:
    asked = joint(province, "STTTT/gd")
    for seat_of_his in province.session.scalars(select(Holding).where(Holding.user_id == asked.cosigner.user_id)):  # type: ignore[union-attr]
        seat_of_his.valid_to = today() - timedelta(days=1)
    with pytest.raises(Refusal) as refused:
        documents.issue(province.session, province.actor("chairman"), asked)
    assert refused.value.code == "cosigner_left"
