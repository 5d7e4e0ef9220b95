"""A draft that follows an issued document: begun with what that says, linked when it is issued, refused too late."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import files
from portal.db import utc_now
from portal.definitions import publishing
from portal.definitions import service as definitions
from portal.documents import linking
from portal.documents.linking import line_of
from portal.documents.links import RECALLS
from portal.documents.models import AWAITING_SIGNATURE, RELEASED, SENT_BACK, OfficialDocument, Register
from portal.documents.slots import SIGNATURE, SignatureSlot
from portal.signatures import refusing
from portal.signatures.refusing import Back
from portal.submissions import following, rounds, service
from portal.submissions.following import facts_of
from tests.portal.incoming.arriving import code_of
from tests.portal.province import FEBRUARY, REVIEWERS
from tests.unguarded import unguarded_documents
from tests.uploads import PDF
from tests.workflows.paper import body, field
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from flask import Flask

    from portal.approvals.recording import Folder
    from portal.submissions.models import Submission
    from tests.portal.province import Province

WHY = "Số hồ sơ tháng 01 cộng sai"
ERRATUM = {"vi": "Công văn đính chính", "en": "Letter of correction"}


def leave(province: Province, portal: Flask, key: int, status: str = RELEASED) -> OfficialDocument:
    """Bring a document to where its signatures would, or where its signer sends it."""
    store = portal.extensions["trinh"]["files"]
    document = province.session.get_one(OfficialDocument, key)
    with unguarded_documents(province.session):
        document.file_id = files.keep(province.session, store, PDF, "van-ban.pdf", None).id
        document.status, document.released_at = status, utc_now() if status == RELEASED else None
    return document


@pytest.fixture
def document(province: Province, portal: Flask) -> OfficialDocument:
    """The released report of January."""
    province.approved()
    return leave(province, portal, province.session.scalars(select(OfficialDocument.id)).one())


def begin(
    province: Province, document: OfficialDocument, way: str = "replaces:monthly-report", who: str = "clerk"
) -> Submission:
    return following.begin(province.session, province.actor(who), document, way, reason=WHY)


def handed_in(province: Province, draft: Submission) -> Folder:
    """With another figure than before, at its last reviewer."""
    values = {**draft.values, "proposals": "Đã sửa theo số liệu đúng."}
    service.claim_edition(province.session, draft, draft.edition, values=values)
    folder = province.hand_in(draft)
    for username in REVIEWERS[:-1]:
        folder = province.approve(username, folder)
    return folder


def last_number(province: Province) -> int:
    return province.session.scalars(select(Register.last_number).where(Register.series == "named")).one()


def test_a_replacement_begins_with_the_answers_and_is_linked_when_it_is_issued(
    province: Province, portal: Flask, document: OfficialDocument
) -> None:
    session, first = province.session, service.find(province.session, province.actor("clerk"), document.subject_id)
    draft = begin(province, document)
    kept = rounds.answers_of(session, first)
    computed = [name for name, each in service.form_of(draft).fields.items() if each.type in following.NOT_CARRIED]
    assert draft.values == {name: value for name, value in kept.items() if name not in computed}
    assert (draft.period, draft.unit_id, draft.follows) == (first.period, first.unit_id, document)
    assert [each for each, _ in following.followers(session, province.actor("registrar"), document)] == [draft]
    province.approve(REVIEWERS[-1], handed_in(province, draft))
    session.refresh(document)
    (link,) = linking.links_of(session, province.actor("clerk"), document.id)
    assert (document.fate, link.link.kind, link.link.reason) == ("replaced", "replaces", WHY)
    assert link.document_id == session.scalars(select(OfficialDocument.id).order_by(OfficialDocument.id.desc())).first()
    assert following.kinds_for(document) == ()
    assert linking.fates(session, document.id, only_out=True) == [], "for whoever holds it, until the other one is out"
    leave(province, portal, link.document_id or 0)
    assert linking.fates(session, document.id, only_out=True) == linking.fates(session, document.id) != []
    after = province.draft(FEBRUARY)
    assert rounds.approved_before(session, after)["proposals"] == "Đã sửa theo số liệu đúng."


def test_a_replacement_that_its_signer_sends_back_replaces_nothing_and_another_may(
    province: Province, portal: Flask, document: OfficialDocument
) -> None:
    session, signer = province.session, province.actor(REVIEWERS[-1])
    province.approve(REVIEWERS[-1], handed_in(province, begin(province, document)))
    issued = select(OfficialDocument.id).order_by(OfficialDocument.id.desc())
    later = leave(province, portal, session.scalars(issued).first() or 0, AWAITING_SIGNATURE)
    session.expire_all()
    assert (document.fate, later.file is None) == ("replaced", False)
    mine = (SignatureSlot.document_id == later.id, SignatureSlot.place == SIGNATURE)
    back = Back(
        later.id, session.scalars(select(SignatureSlot.id).where(*mine)).one(), later.file.sha256 if later.file else ""
    )
    refusing.send_back(session, signer, back, reason="Chưa đúng")
    assert (document.fate, linking.fates(session, document.id)) == (None, [])
    (seen,) = linking.links_of(session, signer, document.id)
    assert seen.link.lapsed_at is not None
    province.approve(REVIEWERS[-1], handed_in(province, begin(province, document)))
    session.expire_all()
    assert document.fate == "replaced"


def test_a_correction_is_given_what_the_document_is(province: Province, document: OfficialDocument) -> None:
    fields = (
        field("text", "reference", given="earlier_reference"),
        field("date", "dated", given="earlier_date"),
        field("long_text", "about", given="earlier_subject"),
    )
    form = body(*fields, key="erratum", name=ERRATUM, per_period="many", follows="corrects")
    publishing.publish(province.session, actor="admin", kind="form", key="erratum", body=form)
    draft = begin(province, document, "corrects:erratum")
    assert list(draft.values.values()) == list(facts_of(document).values())
    assert (draft.begun_kind, draft.begun_key, draft.begun_name) == ("document", str(document.id), str(document))


def test_who_comes_too_late_is_told_and_loses_nothing(province: Province, document: OfficialDocument) -> None:
    session, chairman = province.session, province.actor("chairman")
    waiting = handed_in(province, begin(province, document))
    number = last_number(province)
    linking.follow(session, chairman, RECALLS, None, line_of(session, document.id), reason="Gửi nhầm")
    session.commit()
    assert code_of(lambda: province.approve(REVIEWERS[-1], waiting)) == "already_ended"
    session.rollback()
    report = province.report_of(waiting)
    assert (report.case_status, last_number(province), report.follows_reason) == ("in_review", number, WHY)
    chain = definitions.chain_of(waiting.row.definition)
    refused = following.obstacle(session, report, chain)
    assert refused is not None
    assert (refused.code, refused.params["became"]) == ("already_ended", "recalled")
    assert code_of(lambda: begin(province, document)) == "no_such_way"


def test_it_is_handed_in_only_on_a_chain_that_issues_for_the_same_unit(
    province: Province, document: OfficialDocument
) -> None:
    draft = begin(province, document)
    shipped = definitions.chain_for(province.session, "monthly-report", {}).body
    other = {**shipped, "issues": [{**shipped["issues"][0], "issuer": {"place": "own"}}]}
    refused = following.obstacle(province.session, draft, parse_chain(other))
    assert refused is not None
    assert refused.code == "follows_other_issuer"
    assert following.obstacle(province.session, draft, parse_chain(shipped)) is None


def test_what_was_sent_back_is_drafted_anew_and_gets_another_number(
    province: Province, portal: Flask, document: OfficialDocument
) -> None:
    leave(province, portal, document.id, SENT_BACK)
    assert following.kinds_for(document) == ("redoes",)
    folder = province.approve(REVIEWERS[-1], handed_in(province, begin(province, document, "redoes:monthly-report")))
    assert folder.case.finished
    assert last_number(province) == 2
    assert linking.links_of(province.session, province.actor("clerk"), document.id) == []


def test_only_its_units_begin_one_at_a_time_and_say_why(province: Province, document: OfficialDocument) -> None:
    for who in ("outsider", "head", "registrar", "auditor"):
        assert code_of(lambda who=who: begin(province, document, who=who)) == "not_your_document"  # type: ignore[misc]
    assert code_of(lambda: begin(province, document, "corrects:monthly-report")) == "no_such_way"
    clerk = province.actor("clerk")
    way = "replaces:monthly-report"
    assert code_of(lambda: following.begin(province.session, clerk, document, way, reason=" ")) == "reason_required"
    draft = begin(province, document)
    assert code_of(lambda: begin(province, document)) == "already_followed"
    assert code_of(province.draft) == "already_opened"
    assert draft.follows_kind == "replaces"
