"""What the tables of cases refuse by themselves, whatever the portal would write into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from portal.approvals.models import ApprovalCase, CaseDecision, CaseEvent, CommentDraft, WorkItem
from portal.db import utc_now

if TYPE_CHECKING:
    from tests.portal.province import Province

ITEM, DECISION = "approval_work_item", "approval_decision"


@pytest.fixture
def decided(province: Province) -> Province:
    """A report that the head approved, waiting for the police."""
    province.approve("head", province.submitted())
    province.session.commit()
    return province


def first(province: Province, model: Any, **facts: Any) -> Any:
    return province.session.scalars(select(model).filter_by(**facts).order_by(model.id)).first()


def copied(row: Any, **changes: Any) -> Any:
    """Another row that says the same, but for some columns."""
    columns = {column.key: getattr(row, column.key) for column in inspect(type(row)).columns if column.key != "id"}
    return type(row)(**{**columns, **changes})


def refused(province: Province, row: Any) -> str:
    """Why the database does not take a row."""
    province.session.add(row)
    with pytest.raises(IntegrityError) as error:
        province.session.flush()
    province.session.rollback()
    return str(error.value.orig)


def taken(province: Province, row: Any) -> None:
    """The database takes a row, so that what refused another one is what that one had besides."""
    province.session.add(row)
    province.session.flush()
    province.session.rollback()


def columns(table: str, *names: str) -> str:
    return "UNIQUE constraint failed: " + ", ".join(f"{table}.{name}" for name in names)


# -- work items ------------------------------------------------------------------------------------------------


def test_nobody_has_one_step_open_twice(decided: Province) -> None:
    again = {"number": 99, "slot": "leader+99"}
    waiting = first(decided, WorkItem, status="open")
    why = refused(decided, copied(waiting, **again))
    assert why == columns(ITEM, "case_id", "step", "user_id")
    waiting = first(decided, WorkItem, status="open")
    assert refused(decided, copied(waiting, status="parked", until="leader", **again)) == why
    waiting = first(decided, WorkItem, status="open")
    taken(decided, copied(waiting, status="closed", closed_at=utc_now(), **again))
    waiting = first(decided, WorkItem, status="open")
    taken(decided, copied(waiting, step="other", **again))
    closed = first(decided, WorkItem, status="decided")
    taken(decided, copied(closed, status="open", closed_at=None, **again))


def test_a_number_stands_for_one_item_of_a_case(decided: Province) -> None:
    waiting = first(decided, WorkItem, status="open")
    why = refused(decided, copied(waiting, step="other"))
    assert why == columns(ITEM, "case_id", "number")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "lost"}, "ck_approval_work_item_status"),
        ({"role": "watch"}, "ck_approval_work_item_role"),
        ({"closed_at": utc_now()}, "ck_approval_work_item_closed_at"),
        ({"status": "closed"}, "ck_approval_work_item_closed_at"),
        ({"status": "decided"}, "ck_approval_work_item_closed_at"),
    ],
)
def test_an_item_is_what_items_can_be(decided: Province, changes: dict[str, Any], name: str) -> None:
    waiting = first(decided, WorkItem, status="open")
    assert refused(decided, copied(waiting, number=99, step="other", **changes)) == f"CHECK constraint failed: {name}"


# -- decisions -------------------------------------------------------------------------------------------------


def test_an_item_is_decided_once(decided: Province) -> None:
    said, other = first(decided, CaseDecision), decided.user("deputy").id
    why = refused(decided, copied(said, entry=99, slot="other", user_id=other))
    assert why == columns(DECISION, "case_id", "item")


def test_a_slot_of_an_entry_is_decided_once(decided: Province) -> None:
    said, other = first(decided, CaseDecision), decided.user("deputy").id
    assert refused(decided, copied(said, item=99, user_id=other)) == columns(DECISION, "case_id", "entry", "slot")
    taken(decided, copied(first(decided, CaseDecision), item=99, user_id=other, entry=99))


def test_a_person_decides_once_in_an_entry_and_may_advise_besides(decided: Province) -> None:
    why = refused(decided, copied(first(decided, CaseDecision), item=99, slot="other"))
    assert why == columns(DECISION, "case_id", "entry", "user_id")
    taken(decided, copied(first(decided, CaseDecision), item=99, slot="other", verdict="advise"))
    taken(decided, copied(first(decided, CaseDecision), item=99, slot="other", entry=99))


def test_a_verdict_is_one_of_four(decided: Province) -> None:
    why = refused(decided, copied(first(decided, CaseDecision), item=99, entry=99, verdict="abstain"))
    assert why == "CHECK constraint failed: ck_approval_decision_verdict"


# -- cases, events, comments -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"status": "lost"}, "ck_approval_case_status"),
        ({"stage": None}, "ck_approval_case_stage_if_in_review"),
        ({"status": "suspended", "stage": None}, "ck_approval_case_stage_if_in_review"),
        ({"status": "withdrawn"}, "ck_approval_case_stage_if_in_review"),
        ({"status": "cancelled"}, "ck_approval_case_stage_if_in_review"),
    ],
)
def test_a_case_has_a_stage_while_others_than_its_drafter_have_it(
    decided: Province, changes: dict[str, Any], name: str
) -> None:
    row = first(decided, ApprovalCase)
    assert refused(decided, copied(row, subject_id=99, **changes)) == f"CHECK constraint failed: {name}"
    taken(decided, copied(first(decided, ApprovalCase), subject_id=99, status="suspended"))


def test_a_subject_has_one_case(decided: Province) -> None:
    why = refused(decided, copied(first(decided, ApprovalCase)))
    assert why == columns("approval_case", "subject_kind", "subject_id")


def test_two_events_of_a_case_do_not_stand_in_one_place(decided: Province) -> None:
    assert refused(decided, copied(first(decided, CaseEvent))) == columns("approval_event", "case_id", "seq")


def test_a_place_has_one_draft_of_a_comment_by_one_person_in_a_round(decided: Province) -> None:
    def draft(**changes: Any) -> CommentDraft:
        facts = {"case_id": 1, "round": 1, "user_id": 1, "anchor": "meetings", "text": "Xem lại", "at": utc_now()}
        return CommentDraft(**{**facts, **changes})

    decided.session.add(draft())
    decided.session.commit()
    why = refused(decided, draft(text="Khác"))
    assert why == columns("approval_comment_draft", "case_id", "user_id", "round", "anchor")
    for changes in ({"round": 2}, {"user_id": 2}, {"anchor": "inspections"}):
        taken(decided, draft(**changes))
