"""Figures of an issued document that its source says otherwise by now: told, and never before that is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.documents.models import OfficialDocument
from portal.submissions import following, service
from portal.submissions.moved import moved_since
from tests.portal.province import FEBRUARY, REVIEWERS
from tests.portal.submissions.test_following import document, leave

if TYPE_CHECKING:
    from flask import Flask

    from tests.portal.province import Province

__all__ = ["document"]


def newest(province: Province) -> OfficialDocument:
    """The document that was issued last."""
    return province.session.scalars(select(OfficialDocument).order_by(OfficialDocument.id.desc())).first()  # type: ignore[return-value]


def replaced(province: Province, earlier: OfficialDocument, **answers: Any) -> OfficialDocument:
    """What replaces a document with other answers; issued, and not signed."""
    draft = following.begin(
        province.session, province.actor("clerk"), earlier, "replaces:monthly-report", reason="Cộng sai"
    )
    service.claim_edition(province.session, draft, draft.edition, values={**draft.values, **answers})
    folder = province.hand_in(draft)
    for username in REVIEWERS:
        folder = province.approve(username, folder)
    return newest(province)


def test_a_figure_that_changed_at_its_source_is_told_with_the_old_and_the_new_one(
    province: Province, portal: Flask, document: OfficialDocument
) -> None:
    province.approved(FEBRUARY)
    february = leave(province, portal, newest(province).id)
    assert moved_since(province.session, february) is None
    later = replaced(province, document, meetings=7)
    assert moved_since(province.session, february) is None, "its signer may still send it back"
    leave(province, portal, later.id)
    source = moved_since(province.session, february)
    assert source is not None
    assert source.report.id == later.subject_id
    assert [(each.field.name, each.is_before, each.now) for each in source.figures] == [("meetings", True, 7)]
    assert source.figures[0].printed != 7
    assert moved_since(province.session, document) is None, "it was replaced itself"
    assert moved_since(province.session, later) is None


def test_words_that_changed_and_figures_that_did_not_are_not_told(
    province: Province, portal: Flask, document: OfficialDocument
) -> None:
    province.approved(FEBRUARY)
    february = leave(province, portal, newest(province).id)
    leave(province, portal, replaced(province, document, proposals="Đã sửa.").id)
    assert moved_since(province.session, february) is None
