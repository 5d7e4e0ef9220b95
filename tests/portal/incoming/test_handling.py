"""Where an arrival stands follows from its tasks, notes and answer; each verb says what it does not do."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.db import utc_now
from portal.documents import keeping
from portal.documents.books import open_book
from portal.documents.finding import found_lines
from portal.documents.keeping import Paper
from portal.incoming import handling
from portal.incoming.columns import HANDLING_HEADS, handling_values
from portal.incoming.handling import Asked
from portal.incoming.models import IncomingDocument
from portal.security import today
from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.tasks.service import OVERSEE
from tests.portal.incoming.arriving import PLAN, arrived, code_of, handed, unit

if TYPE_CHECKING:
    from portal.documents.models import RegisterEntry
    from tests.portal.province import Province


def asked(province: Province, code: str = "STTTT", **changes: Any) -> Asked:
    profile = province.session.scalars(select(ClarityProfile.id).order_by(ClarityProfile.id)).first()
    facts = {"title": "Rà soát nhiệm vụ", "profile_id": profile, "lead_unit_id": unit(province, code).id}
    return Asked(**{**facts, "due_on": PLAN.due_on, **changes})


def made(province: Province, incoming: IncomingDocument, who: str = "head", **changes: Any) -> Task:
    told = {"version": incoming.version}
    return handling.make_task(province.session, province.actor(who), incoming.id, asked(province, **changes), **told)


def stands(province: Province, incoming: IncomingDocument) -> str:
    province.session.flush()
    province.session.refresh(incoming)
    return incoming.state


def test_the_state_follows_from_tasks_and_is_never_typed(province: Province) -> None:
    incoming = arrived(province)
    assert stands(province, incoming) == "new"
    handed(province, incoming)
    assert stands(province, incoming) == "assigned"
    first = made(province, incoming)
    second = made(province, incoming, title="Báo cáo kết quả")
    assert stands(province, incoming) == "assigned", "drafts are not assigned yet"
    first.assigned_at = utc_now()
    assert stands(province, incoming) == "in_progress"
    first.completed_on, first.evidence = today(), "01/BC-STTTT"
    assert stands(province, incoming) == "in_progress", "one of two is not both"
    second.assigned_at, second.completed_on, second.evidence = utc_now(), today(), "02/BC-STTTT"
    assert stands(province, incoming) == "done"
    second.completed_on = second.evidence = None
    assert stands(province, incoming) == "in_progress", "a task that is reopened opens it again"


def test_a_task_has_the_document_as_its_source_and_its_deadline(province: Province) -> None:
    incoming = handed(province, arrived(province))
    first, second = made(province, incoming), made(province, incoming, title="Việc khác")
    assert first.source is second.source
    assert first.source is not None
    assert (first.source.symbol, first.source.issuer, first.source.year) == (
        PLAN.symbol,
        PLAN.author,
        incoming.dated_on.year,
    )
    assert (first.deadline_kind, first.due_on, first.assigned_at) == ("by", PLAN.due_on, None)
    assert made(province, incoming, due_on=None).deadline_kind == "none"


def test_a_source_that_is_known_is_not_written_a_second_time(province: Province) -> None:
    known = province.session.scalars(select(SourceDocument).where(SourceDocument.symbol == "2433/KH-UBND")).one()
    facts = {"symbol": known.symbol, "author": known.issuer, "dated_on": known.issued_on, "code": ""}
    task = made(province, handed(province, arrived(province, **facts)))
    assert task.source is known


def test_documents_without_a_number_are_sources_of_their_own(province: Province) -> None:
    letters = [handed(province, arrived(province, symbol="Không số", code="")) for _ in range(2)]
    sources = {str(made(province, each).source) for each in letters}
    assert sources == {f"Không số (đến số {number}/{today().year})" for number in ("01", "02")}


def test_the_registrar_drafts_for_the_unit_it_was_handed_to_and_no_other(province: Province) -> None:
    incoming = handed(province, arrived(province))
    made(province, incoming, who="registrar")
    assert code_of(lambda: made(province, incoming, who="registrar", code="STP")) == "not_its_unit"
    assert code_of(lambda: made(province, incoming, profile_id=99_999)) == "no_such_profile"
    assert code_of(lambda: made(province, incoming, lead_unit_id=None)) == "no_such_unit"
    assert code_of(lambda: made(province, incoming, title=" ")) == "text_missing"


def test_who_may_not_see_a_task_reads_that_there_is_one(province: Province) -> None:
    incoming = handed(province, arrived(province))
    made(province, incoming)
    seen = {
        who: [each.is_seen for each in handling.tasks_of(province.session, province.actor(who), incoming)]
        for who in ("head", "registrar")
    }
    assert seen == {"head": [True], "registrar": [False]}
    assert OVERSEE not in province.actor("registrar").permissions


def noted(province: Province, incoming: IncomingDocument, words: str, who: str = "clerk") -> None:
    told: dict[str, Any] = {"version": incoming.version, "words": words}
    handling.note(province.session, province.actor(who), incoming.id, **told)


def test_the_last_note_is_said_in_the_fifth_column(province: Province) -> None:
    incoming = handed(province, arrived(province))
    noted(province, incoming, "Đang lấy ý kiến các phòng")
    noted(province, incoming, "Đã có dự thảo")
    values = dict(zip(HANDLING_HEADS, handling_values(incoming), strict=True))
    assert values["Tiến độ giải quyết"] == "Đang giải quyết: Đã có dự thảo"
    assert values["Thời hạn giải quyết"] == PLAN.due_on
    assert next(each.words for each in handling.notes_of(province.session, incoming)) == "Đã có dự thảo"
    assert code_of(lambda: noted(province, incoming, " ")) == "note_required"


@pytest.mark.parametrize(
    ("who", "code"), [("police", "not_found"), ("outsider", "not_found"), ("auditor", "not_permitted")]
)
def test_others_do_not_deal_with_it(province: Province, who: str, code: str) -> None:
    incoming = handed(province, arrived(province))
    assert code_of(lambda: noted(province, incoming, "Tôi cũng nói", who)) == code
    assert code_of(lambda: made(province, incoming, who=who)) == code


def paper(province: Province, day: Any = None) -> RegisterEntry:
    """A document of ours, signed on paper."""
    registrar, committee = province.actor("registrar"), unit(province, "UBND")
    told: dict[str, Any] = {"last_paper": 100, "seen": None, "reason": "Sổ giấy", "on": today()}
    book = open_book(province.session, registrar, committee, "named", **told)
    until = today() + timedelta(days=1)
    entry = keeping.reserve(province.session, registrar, book, reason="Trả lời", until=until, on=today())
    if day is None:
        return entry
    words = Paper("BC", "BC-UBND", day, "kết quả đôn đốc", "Đặng Nhật Thuận", "Công an tỉnh", "VT")
    return keeping.use_on_paper(province.session, registrar, entry.id, words, version=1, on=today())


def answered(province: Province, incoming: IncomingDocument, key: int | None) -> IncomingDocument:
    told = {"version": incoming.version}
    return handling.answer(province.session, province.actor("registrar"), incoming.id, key, **told)


def test_it_is_answered_by_a_document_on_paper_and_taken_up_again(province: Province) -> None:
    incoming, entry = arrived(province), paper(province, today())
    answered(province, incoming, entry.id)
    assert stands(province, incoming) == "answered"
    values = dict(zip(HANDLING_HEADS, handling_values(incoming), strict=True))
    assert values["Số, ký hiệu văn bản trả lời"] == f"101/BC-UBND ngày {today():%d/%m/%Y}"
    assert code_of(lambda: answered(province, incoming, entry.id)) == "arrival_settled"
    again = {"version": incoming.version, "reason": "Nhầm"}
    handling.take_up_again(province.session, province.actor("registrar"), incoming.id, **again)
    assert stands(province, incoming) == "new"
    again["version"] = incoming.version
    deed = lambda: handling.take_up_again(province.session, province.actor("registrar"), incoming.id, **again)  # noqa: E731
    assert code_of(deed) == "arrival_not_settled"


def test_what_is_no_document_of_ours_answers_nothing(province: Province) -> None:
    incoming = arrived(province)
    reserved = paper(province)
    for key in (reserved.id, 99_999, None):
        assert code_of(lambda key=key: answered(province, incoming, key)) == "no_such_answer"


def test_an_answer_is_not_older_than_the_question(province: Province) -> None:
    old = paper(province, today())
    old.dated_on = today() - timedelta(days=1)
    incoming = arrived(province, dated_on=today(), arrived_on=today())
    assert code_of(lambda: answered(province, incoming, old.id)) == "answer_before_question"


def test_the_answer_is_found_by_number_symbol_and_words_by_whoever_may_read_it(province: Province) -> None:
    entry = paper(province, today())

    def found(words: str, who: str = "registrar") -> list[int]:
        actor = province.actor(who)
        return [each.id for each in found_lines(province.session, actor, words)]

    for words in ("101", "101/BC-UBND", "bc-ubnd", "ket qua don doc"):
        assert found(words) == [entry.id], words
    for words in ("100", "kế hoạch", "%"):
        assert found(words) == [], words
    assert found("101", "outsider") == []


def test_filing_says_why_and_ends_it(province: Province) -> None:
    incoming = handed(province, arrived(province))
    told: dict[str, Any] = {"on": today(), "version": incoming.version}
    deed = lambda: handling.file_away(province.session, province.actor("head"), incoming.id, reason=" ", **told)  # noqa: E731
    assert code_of(deed) == "reason_required"
    handling.file_away(province.session, province.actor("head"), incoming.id, reason="Để biết", **told)
    assert stands(province, incoming) == "filed"
    values = dict(zip(HANDLING_HEADS, handling_values(incoming), strict=True))
    assert values["Tiến độ giải quyết"] == "Lưu hồ sơ: Để biết"


def test_a_list_of_arrivals_is_read_in_one_statement_whatever_they_stand(province: Province) -> None:
    for number in range(3):
        made(province, handed(province, arrived(province, symbol=f"{number + 1}/KH-CAT", code="")))
    states = province.session.execute(select(IncomingDocument.state, func.count()).group_by(IncomingDocument.state))
    assert states.all() == [("assigned", 3)]
