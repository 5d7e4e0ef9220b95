"""The issuer recalls a document; whoever got it answers once, and the list says who has not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.documents import keeping, linking
from portal.security import today
from portal.sequels import recalling
from tests.portal.incoming.arriving import code_of
from tests.portal.sequels.test_copies import document, unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from portal.documents.links import DocumentLink
    from portal.documents.models import OfficialDocument, RegisterEntry
    from portal.security import Actor
    from portal.sequels.models import RecallNotice
    from tests.portal.province import Province

__all__ = ["document"]


def recalled(province: Province, item: OfficialDocument, who: str = "chairman", *codes: str) -> DocumentLink:
    told = {unit(province, code).id for code in codes or ("STTTT", "IAGRAI")}
    return recalling.recall(province.session, province.actor(who), item, reason="Số liệu sai", unit_ids=told)


def test_only_head_or_deputy_of_the_issuer_recalls_and_only_once(
    province: Province, document: OfficialDocument
) -> None:
    for who in ("registrar", "clerk", "head", "outsider", "admin"):
        assert code_of(lambda who=who: recalled(province, document, who)) == "not_permitted"  # type: ignore[misc]
    assert recalling.may_recall(province.actor("vicechair"), document)
    recalled(province, document)
    assert document.fate == "recalled"
    assert not recalling.may_recall(province.actor("chairman"), document)
    assert code_of(lambda: recalled(province, document)) == "already_ended"
    line = linking.line_of(province.session, document.id)
    assert (line.state, str(line)) == ("used", str(document))


def test_each_unit_answers_once_and_who_has_not_stands_first(province: Province, document: OfficialDocument) -> None:
    session = province.session
    recalled(province, document)
    first, second = recalling.notices_of(session, document.id)
    assert {first.unit.code, second.unit.code} == {"STTTT", "IAGRAI"}
    notice = next(each for each in (first, second) if each.unit.code == "STTTT")
    clerk, outsider = province.actor("clerk"), province.actor("outsider")
    assert code_of(lambda: recalling.acknowledge(session, outsider, notice.id, "cancelled")) == "not_found"
    assert code_of(lambda: recalling.acknowledge(session, clerk, notice.id, "burnt")) == "recall_how"
    registrar = province.actor("registrar")
    assert code_of(lambda: recalling.acknowledge(session, registrar, notice.id, "cancelled")) == "not_permitted"
    recalling.acknowledge(session, clerk, notice.id, "cancelled")
    assert (notice.how, notice.said_by) == ("cancelled", clerk.user_id)
    assert code_of(lambda: recalling.acknowledge(session, clerk, notice.id, "returned")) == "recall_acknowledged"
    assert [each.unit.code for each in recalling.notices_of(session, document.id)] == ["IAGRAI", "STTTT"]


def test_a_unit_that_is_none_is_refused_and_the_issuer_is_not_told(
    province: Province, document: OfficialDocument
) -> None:
    session, chairman = province.session, province.actor("chairman")
    told = {unit(province, "UBND").id, 999_999}
    refused = code_of(lambda: recalling.recall(session, chairman, document, reason="Sai", unit_ids=told))
    assert refused == "no_such_unit"


def on_paper(province: Province, item: OfficialDocument) -> RegisterEntry:
    """A letter of the same issuer that was signed by hand."""
    session, registrar, day = province.session, province.actor("registrar"), today()
    line = keeping.reserve(session, registrar, item.register, reason="Văn bản thu hồi", until=day, on=day)
    paper = keeping.Paper("TB", "TB-UBND", day, "Thu hồi văn bản", "Chủ tịch", "Sở TTTT", "")
    return keeping.use_on_paper(session, registrar, line.id, paper, version=line.version, on=day)


def test_a_recall_by_letter_is_told_by_the_registrar_and_answered_alike(
    province: Province, document: OfficialDocument
) -> None:
    session, registrar, chairman = province.session, province.actor("registrar"), province.actor("chairman")
    keys = {unit(province, code).id for code in ("STTTT", "IAGRAI", "UBND")}

    def tell(who: Actor = registrar) -> Sequence[RecallNotice]:
        return recalling.tell(session, who, document, keys)

    assert code_of(tell) == "not_recalled"
    letter = on_paper(province, document)
    linking.follow_by_hand(session, registrar, "recalls", letter.id, document, reason="Gửi nhầm")
    assert code_of(lambda: tell(chairman)) == "not_permitted"
    assert {each.unit.code for each in tell()} == {"STTTT", "IAGRAI"}
    assert code_of(tell) == "nobody_told"
    notice = next(each for each in recalling.notices_of(session, document.id) if each.unit.code == "STTTT")
    recalling.acknowledge(session, province.actor("clerk"), notice.id, "cancelled")
    assert (notice.how, notice.link.later) == ("cancelled", letter)


def test_recipients_that_are_units_are_known_by_their_names(province: Province, document: OfficialDocument) -> None:
    line = linking.line_of(province.session, document.id)
    department = unit(province, "STTTT")
    line.recipients = f"Bộ Công an; {department.name_vi}; Các sở, ban, ngành"
    province.session.flush()
    assert recalling.named_recipients(province.session, document, document.issued_on) == [department]
