"""The office signs by order of the Chairman: entered on a screen, told before a decision, refused without it."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from flask_babel import lazy_gettext
from sqlalchemy import select

from portal.approvals import service
from portal.approvals.models import ApprovalCase
from portal.audit import AuditEntry
from portal.documents.authorities import revoke
from portal.documents.models import OfficialDocument, SigningAuthority
from portal.units.models import Holding, Post, Unit
from tests.portal.province import Province
from tests.web.calls import edit, key_of, one, rows
from tests.web.chains import chain, put_in_force, stage
from tests.web.desk import Desk
from tests.web.test_races import at_once
from workflows.actions import Approve

if TYPE_CHECKING:
    from flask import Flask

    from tests.conftest import Visit

OFFICE = {
    "key": "office",
    "name": {"vi": "Chánh Văn phòng ký", "en": "Chief of Office signs"},
    "owner": {"posts": ["head", "deputy"], "place": "unit", "unit": "VPUBND"},
}
ISSUES = [
    {
        "after": "office",
        "issuer": {"place": "unit", "unit": "UBND"},
        "document": "provincial-report",
        "signer": "decider",
    }
]
CHAIN = chain(stage("office", "Văn phòng ký", OFFICE), issues=ISSUES)
TOLD = lazy_gettext("If your approval completes this stage, it is refused, for you could not sign the document.")
SIGNER = "deputy"
"""Who sits in the post of the Chief of Office in these tests."""


def prepared(portal: Flask) -> None:
    """A report waits for the Chief of Office, whose signature would issue a document of the committee."""
    put_in_force(portal, CHAIN)
    database = portal.extensions["trinh"]["database"]
    with portal.app_context():
        province = Province(database.session())
        post = province.session.scalars(select(Post).join(Unit).where(Unit.code == "VPUBND", Post.code == "cvp")).one()
        province.session.add(Holding(user=province.user(SIGNER), post=post, valid_from=date(2024, 1, 1)))
        province.session.flush()
        province.submitted()
        province.session.commit()
        database.session.remove()


@pytest.fixture
def desk(portal: Flask, visit: Visit) -> Desk:
    prepared(portal)
    return Desk(portal, visit)


def typed(portal: Flask, **facts: Any) -> dict[str, Any]:
    """What a keeper types: an order for reports."""
    ubnd, office = key_of(portal, Unit, code="UBND"), key_of(portal, Unit, code="VPUBND")
    usual = {
        "kind": "TL",
        "issuer": ubnd,
        "source_post": key_of(portal, Post, unit_id=ubnd, code="ct"),
        "signer_post": key_of(portal, Post, unit_id=office, code="cvp"),
        "types": ["BC"],
        "grounds": "45/2024/QĐ-UBND",
        "grounds_on": "01/12/2024",
        "valid_from": "01/01/2025",
        "valid_to": "",
    }
    return {**usual, **facts}


def entered(portal: Flask, visit: Visit, **facts: Any) -> int:
    """Enter an authority on its screen; gives its key."""
    answer = visit("units").post("/signing-authorities/add", typed(portal, **facts))
    assert answer.status_code == 302, answer.text
    return int(answer.location.rpartition("/")[2])


def lines(portal: Flask) -> list[list[str]]:
    with rows(portal) as session:
        return [
            json.loads(each)["signature"]["authority_lines"]
            for each in session.scalars(select(OfficialDocument.content))
        ]


def test_who_has_no_authority_is_told_before_he_decides_and_refused(desk: Desk) -> None:
    assert desk.words(TOLD) in desk.report(SIGNER)
    missing = {"why": "scope", "document": "45/2021/QĐ-UBND", "from": "2022-01-01", "to": ""}
    with rows(desk.portal) as session:
        post = one(session, Post, code="cvp")
        params = {"post": post.title, "unit": post.unit.name, "issuer": one(session, Unit, code="UBND").name}
    desk.refused(SIGNER, "approve", 422, "signer_without_authority", params={**params, "lacking": missing})
    assert lines(desk.portal) == []


def test_who_has_one_signs_by_order(desk: Desk) -> None:
    entered(desk.portal, desk.visit)
    assert desk.words(TOLD) not in desk.report(SIGNER)
    desk.done(SIGNER, "approve")
    assert lines(desk.portal) == [["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]]


def test_one_that_is_revoked_after_he_looked_refuses_his_decision(desk: Desk) -> None:
    key = entered(desk.portal, desk.visit)
    assert desk.words(TOLD) not in desk.report(SIGNER)
    assert desk.visitor("units").post(f"/signing-authorities/{key}/revoke", {}).status_code == 302
    answer = desk.ask(SIGNER, "approve")
    assert answer.status_code == 422
    assert "45/2024/QĐ-UBND" in unescape(answer.text)
    assert lines(desk.portal) == []
    assert desk.words(TOLD) in desk.report(SIGNER)


@pytest.mark.parametrize("engine", ["portal", pytest.param("portal_on_postgres", marks=pytest.mark.postgres)])
def test_a_decision_and_a_revocation_at_one_moment_leave_one_truth(request: pytest.FixtureRequest, engine: str) -> None:
    portal: Flask = request.getfixturevalue(engine)
    prepared(portal)
    with rows(portal) as session:
        posts = {each.code: each for each in session.scalars(select(Post).join(Unit).where(Unit.code != "IAGRAI"))}
        given = {"kind": "TL", "types": [], "templates": [], "grounds": "45", "grounds_on": date(2024, 12, 1)}
        head = session.scalars(select(Post).join(Unit).where(Unit.code == "UBND", Post.code == "ct")).one()
        who = {"issuer_id": head.unit_id, "source_post_id": head.id, "signer_post_id": posts["cvp"].id}
        made = SigningAuthority(**given, **who, valid_from=date(2025, 1, 1))
        session.add(made)
        session.flush()
        key = made.id

    def approves(session: Any) -> None:
        actor = Province(session).actor(SIGNER)
        service.perform(session, actor, service.find(session, actor, 1), Approve(1))

    def revokes(session: Any) -> None:
        revoke(session, Province(session).actor("units"), key)

    ends = at_once(portal, approves, revokes)
    assert ends[1] == "done"
    assert ends[0] in {"done", "signer_without_authority"}
    with rows(portal) as session:
        issued = session.scalars(select(OfficialDocument)).all()
        assert (len(issued), one(session, ApprovalCase, id=1).status) == (
            (1, "approved") if ends[0] == "done" else (0, "in_review")
        )


# -- the screens -----------------------------------------------------------------------------------------------


def test_an_authority_is_entered_shown_and_revoked_and_the_log_tells_both(portal: Flask, visit: Visit) -> None:
    keeper, key = visit("units"), entered(portal, visit)
    page = unescape(keeper.get(f"/signing-authorities/show/{key}").text)
    assert "45/2024/QĐ-UBND" in page
    assert "BC - Báo cáo" in page
    assert "45/2024/QĐ-UBND" in unescape(keeper.get("/signing-authorities/list/").text)
    assert keeper.post(f"/signing-authorities/{key}/revoke", {}).status_code == 302
    assert keeper.post(f"/signing-authorities/{key}/revoke", {}).status_code == 422
    assert f"/signing-authorities/{key}/revoke" not in keeper.get(f"/signing-authorities/show/{key}").text
    with rows(portal) as session:
        told = session.scalars(select(AuditEntry.action).where(AuditEntry.object_kind == "signing_authority")).all()
    assert list(told) == ["signing_authority_added", "signing_authority_revoked"]


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": "TUQ"},
        {"kind": "TUQ", "valid_to": "30/06/2025", "types": []},
        {"kind": "TUQ", "valid_to": "30/06/2025", "with_deputies": "y"},
        {"types": ["XX"]},
        {"kind": "KT"},
        {"grounds": ""},
        {"valid_to": "31/12/2024"},
    ],
)
def test_what_the_decree_does_not_know_stays_in_the_form(portal: Flask, visit: Visit, facts: dict[str, Any]) -> None:
    answer = visit("units").post("/signing-authorities/add", typed(portal, **facts))
    assert answer.status_code == 422
    with rows(portal) as session:
        assert [each.grounds for each in session.scalars(select(SigningAuthority))] == ["45/2021/QĐ-UBND"]


@pytest.mark.parametrize("who", ["clerk", "head", "outsider", "outsider.head", "chairman", "designer"])
def test_who_keeps_no_units_neither_sees_nor_changes_them(portal: Flask, visit: Visit, who: str) -> None:
    key, person = entered(portal, visit), visit(who)
    for address in ("list/", "add", f"show/{key}"):
        assert person.get(f"/signing-authorities/{address}").status_code == 403, address
    assert person.post("/signing-authorities/add", typed(portal)).status_code == 403
    assert person.post(f"/signing-authorities/{key}/revoke", {}).status_code == 403
    assert person.get(f"/api/v1/signing-authority/{key}").status_code in {401, 403}
    with rows(portal) as session:
        assert one(session, SigningAuthority, id=key).revoked_at is None


@pytest.mark.parametrize("who", ["registrar", "auditor"])
def test_the_registrar_and_the_auditor_read_them(portal: Flask, visit: Visit, who: str) -> None:
    key, person = entered(portal, visit), visit(who)
    assert person.get(f"/signing-authorities/show/{key}").status_code == 200
    assert person.get(f"/api/v1/signing-authority/{key}").json["result"]["types"] == ["BC"]
    assert person.post(f"/signing-authorities/{key}/revoke", {}).status_code == 403


# -- headers by the day ----------------------------------------------------------------------------------------


def test_a_unit_prints_something_else_from_a_day_on(portal: Flask, visit: Visit) -> None:
    keeper, unit = visit("units"), key_of(portal, Unit, code="STTTT")
    form = f"/unit-headers/add?unit={unit}"
    assert "SỞ THÔNG TIN VÀ TRUYỀN THÔNG" in unescape(keeper.get(form).text)
    later = {"header_name": "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "symbol": "SKHCN", "grounds": "Nghị quyết 428/NQ-HĐND"}
    assert edit(keeper, form, valid_from="01/03/2025", **later).status_code == 302
    page = unescape(keeper.get(f"/units/show/{unit}").text)
    assert "01/03/2025" in page
    assert "SỞ KHOA HỌC VÀ CÔNG NGHỆ" in page
    again = edit(keeper, form, valid_from="01/03/2025", **later)
    assert again.status_code == 422


def test_a_new_unit_is_offered_its_header(portal: Flask, visit: Visit) -> None:
    asked = {
        "code": "SMOI",
        "kind": "department",
        "name_vi": "Sở Dân tộc và Tôn giáo",
        "name_en": "Department of Ethnic and Religious Affairs",
        "symbol": "SDTTG",
        "parent": key_of(portal, Unit, code="UBND"),
        "valid_from": "01/03/2025",
        "header_name": "",
        "place_name": "",
    }
    assert visit("units").post("/units/add", asked).status_code == 302
    with rows(portal) as session:
        made = one(session, Unit, code="SMOI")
        assert (made.header_parent, made.header_name) == ("UBND TỈNH GIA LAI", "SỞ DÂN TỘC VÀ TÔN GIÁO")
        assert made.place_name == "Gia Lai"
