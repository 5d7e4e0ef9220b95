"""One document follows another: said once, read from both ends, never of itself or a younger one, nor after its end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit import AuditEntry
from portal.documents import linking
from portal.documents.links import DocumentLink
from portal.documents.models import OfficialDocument, RegisterEntry
from portal.security import today
from tests.portal.documents.test_keeping import book, code_of, reserved, used
from tests.portal.province import FEBRUARY

if TYPE_CHECKING:
    from tests.portal.province import Province

WHY = "Sai thể thức ở phần căn cứ"


@pytest.fixture
def documents(province: Province) -> list[OfficialDocument]:
    """Two reports of the committee, the second issued after the first."""
    province.approved()
    province.approved(FEBRUARY)
    return list(province.session.scalars(select(OfficialDocument).order_by(OfficialDocument.id)))


def lines(province: Province, documents: list[OfficialDocument]) -> list[RegisterEntry]:
    return [linking.line_of(province.session, each.id) for each in documents]


def follow(province: Province, kind: str, later: RegisterEntry | None, earlier: RegisterEntry) -> DocumentLink:
    return linking.follow(province.session, province.actor("registrar"), kind, later, earlier, reason=WHY)


def test_a_link_is_read_from_both_ends_and_in_the_list(province: Province, documents: list[OfficialDocument]) -> None:
    first, second = lines(province, documents)
    follow(province, "corrects", second, first)
    session, registrar = province.session, province.actor("registrar")
    (later,) = linking.links_of(session, registrar, documents[0].id)
    (earlier,) = linking.links_of(session, registrar, documents[1].id)
    assert (later.is_later, later.other, later.document_id) == (False, second, documents[1].id)
    assert (earlier.is_later, earlier.other, earlier.document_id) == (True, first, documents[0].id)
    assert [each.fate for each in documents] == ["corrected", None]
    (fate,) = linking.fates(session, documents[0].id)
    assert fate == ("corrects", str(second), second.dated_on, second.title)
    assert linking.fates(session, documents[1].id) == []
    written = select(AuditEntry.action).where(AuditEntry.object_kind == "document_link")
    assert list(session.scalars(written)) == ["document_link_corrects"]


def test_what_is_replaced_or_recalled_has_ended(province: Province, documents: list[OfficialDocument]) -> None:
    first, second = lines(province, documents)
    follow(province, "corrects", second, first)
    follow(province, "replaces", second, first)
    assert documents[0].fate == "replaced"
    for kind, later in (("replaces", second), ("recalls", None), ("corrects", second)):
        assert code_of(lambda kind=kind, later=later: follow(province, kind, later, first)) in {  # type: ignore[misc]
            "already_ended",
            "link_there",
        }
    follow(province, "recalls", None, second)
    assert documents[1].fate == "recalled"
    assert linking.is_recalled(province.session, documents[1].id)
    (fate,) = linking.fates(province.session, documents[1].id)
    assert (fate.kind, fate.symbol, fate.day) == ("recalls", "", today())


def test_the_database_ends_a_document_once_whatever_the_verb_saw(
    province: Province, documents: list[OfficialDocument]
) -> None:
    first, second = lines(province, documents)
    user = province.user("registrar").id
    for kind in ("replaces", "recalls"):
        province.session.add(DocumentLink(kind=kind, later_id=second.id, earlier_id=first.id, reason=WHY, made_by=user))
    with pytest.raises(IntegrityError):
        province.session.flush()


def test_no_document_follows_itself_or_a_younger_one_or_another_issuers(
    province: Province, documents: list[OfficialDocument]
) -> None:
    first, second = lines(province, documents)
    old = used(province, reserved(province, book(province, key="decisions")), kind="QĐ", symbol="QĐ-UBND")
    old.dated_on = date(2020, 1, 1)
    assert code_of(lambda: follow(province, "replaces", first, first)) == "link_itself"
    assert code_of(lambda: follow(province, "replaces", old, first)) == "link_backwards"
    assert code_of(lambda: follow(province, "replaces", reserved(province, first.register), first)) == "link_not_used"
    province.session.expire(old)
    second.issuer_id += 1
    with province.session.no_autoflush:
        refused = code_of(lambda: linking._refuse_unfit("corrects", second, first))
    assert refused == "link_other_issuer"


def test_the_registrar_of_the_issuer_links_what_was_issued_on_paper(
    province: Province, documents: list[OfficialDocument]
) -> None:
    session, registrar, document = province.session, province.actor("registrar"), documents[0]
    paper = used(province, reserved(province, book(province, key="decisions")), kind="QĐ", symbol="QĐ-UBND")
    assert list(linking.possible_later(session, registrar, document, "điều chỉnh")) == [paper]
    line = linking.line_of(session, document.id)
    assert line not in linking.possible_later(session, registrar, document, str(document))
    deed = linking.follow_by_hand
    assert code_of(lambda: deed(session, registrar, "copies", paper.id, document, reason=WHY)) == "unknown_link"
    assert code_of(lambda: deed(session, registrar, "replaces", None, document, reason=WHY)) == "no_such_later"
    assert code_of(lambda: deed(session, registrar, "replaces", paper.id, document, reason=" ")) == "reason_required"
    clerk = province.actor("clerk")
    assert code_of(lambda: deed(session, clerk, "replaces", paper.id, document, reason=WHY)) == "not_permitted"
    deed(session, registrar, "replaces", paper.id, document, reason=WHY)
    assert not linking.may_link(registrar, document)
    (seen,) = linking.links_of(session, clerk, document.id)
    assert (seen.other, seen.document_id) == (paper, None)
    assert paper.dated_on is not None
    assert paper.dated_on <= today() + timedelta(days=1)
