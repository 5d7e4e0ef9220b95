"""What the dates and facets of a task mean, without any database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.tasks.rules import FACETS, Status, is_stale, last_day, missing_facets, status, vietnam_day, week_of


@dataclass(frozen=True)
class Someone:
    active: bool | None = True


@dataclass(frozen=True)
class Plain:
    """A task that shows every facet."""

    title: str = "Lập danh sách đăng ký dịch vụ công khai thác dữ liệu dân cư"
    objective: str | None = "100% công dân đủ điều kiện có trong danh sách"
    product: str | None = "Danh sách đăng ký"
    expected_result: str | None = "01 danh sách, đến ngày 19/8/2024"
    authority: str | None = "Chủ tịch UBND huyện"
    source: object | None = "4598/CAT-PC06"
    lead_unit: object | None = "Ia Grai"
    leader: Someone | None = Someone()
    officer: Someone | None = Someone()
    standing: bool = False
    starts_on: date | None = date(2024, 8, 1)
    deadline_kind: str = "before"
    deadline_on: date | None = date(2024, 8, 20)


@pytest.mark.parametrize(
    ("facet", "lacking"),
    [
        ("muc_tieu", {"objective": "Đẩy mạnh thực hiện"}),
        ("muc_tieu", {"objective": None}),
        ("nguoi", {"leader": None}),
        ("nguoi", {"officer": None}),
        ("nguoi", {"officer": Someone(active=False)}),
        ("viec", {"title": "  "}),
        ("viec", {"source": None}),
        ("thoi_gian", {"starts_on": None}),
        ("thoi_gian", {"deadline_kind": "none", "deadline_on": None}),
        ("trach_nhiem", {"lead_unit": None}),
        ("san_pham", {"product": " "}),
        ("ket_qua", {"expected_result": "Đã thực hiện tốt"}),
        ("tham_quyen", {"authority": ""}),
    ],
)
def test_each_facet_misses_its_own_field(facet: str, lacking: dict[str, object]) -> None:
    assert missing_facets(Plain(), FACETS) == ()
    assert missing_facets(replace(Plain(), **lacking), FACETS) == (facet,)  # type: ignore[arg-type]


def test_only_the_facets_asked_for_are_missed_and_in_their_order() -> None:
    bare = replace(Plain(), product=None, leader=None, objective=None)
    assert missing_facets(bare, ["san_pham", "nguoi"]) == ("san_pham", "nguoi")
    assert missing_facets(bare, ["viec"]) == ()


def test_a_standing_task_needs_no_deadline() -> None:
    standing = replace(Plain(), standing=True, deadline_kind="none", deadline_on=None)
    assert missing_facets(standing, ["thoi_gian"]) == ()


@pytest.mark.parametrize(
    ("kind", "day", "expected"),
    [
        ("before", date(2024, 8, 16), date(2024, 8, 15)),
        ("before", date(2024, 8, 20), date(2024, 8, 19)),
        ("by", date(2025, 1, 25), date(2025, 1, 25)),
        ("within_month", date(2025, 2, 1), date(2025, 2, 28)),
        ("within_month", date(2024, 2, 10), date(2024, 2, 29)),
        ("within_month", date(2024, 8, 1), date(2024, 8, 31)),
        ("recurring", None, None),
        ("none", None, None),
    ],
)
def test_the_last_valid_day_follows_from_the_kind_of_deadline(kind: str, day: date | None, expected: date) -> None:
    assert last_day(kind, day) == expected


@pytest.mark.parametrize(("kind", "day"), [("by", None), ("soon", date(2024, 8, 16))])
def test_a_deadline_without_its_day_or_of_no_known_kind_is_an_error(kind: str, day: date | None) -> None:
    with pytest.raises(ValueError, match="deadline"):
        last_day(kind, day)


DUE = date(2024, 8, 15)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2024, 8, 11), Status.IN_PROGRESS),
        (date(2024, 8, 12), Status.DUE_SOON),
        (date(2024, 8, 15), Status.DUE_SOON),
        (date(2024, 8, 16), Status.OVERDUE),
    ],
)
def test_an_open_task_comes_due_and_then_is_overdue(today: date, expected: Status) -> None:
    assert status(assigned=True, standing=False, due_on=DUE, completed_on=None, on=today) is expected


@pytest.mark.parametrize(
    ("completed_on", "expected"),
    [(DUE, Status.DONE_ON_TIME), (DUE + timedelta(days=1), Status.DONE_LATE)],
)
def test_what_is_done_stays_done_on_time_or_late(completed_on: date, expected: Status) -> None:
    later = date(2025, 1, 1)
    assert status(assigned=True, standing=False, due_on=DUE, completed_on=completed_on, on=later) is expected


def test_drafts_and_standing_tasks_never_fall_due() -> None:
    later = date(2025, 1, 1)
    assert status(assigned=False, standing=False, due_on=DUE, completed_on=None, on=later) is Status.DRAFT
    assert status(assigned=True, standing=True, due_on=DUE, completed_on=None, on=later) is Status.STANDING
    assert status(assigned=True, standing=False, due_on=None, completed_on=None, on=later) is Status.IN_PROGRESS


@pytest.mark.parametrize(("days", "stale"), [(7, False), (8, True)])
def test_a_task_is_stale_after_more_than_seven_silent_days(days: int, stale: bool) -> None:  # noqa: FBT001 - a case
    heard = date(2024, 8, 5)
    assert is_stale(Status.OVERDUE, heard, heard + timedelta(days=days)) is stale
    assert not is_stale(Status.DONE_LATE, heard, heard + timedelta(days=days))
    assert not is_stale(Status.DRAFT, heard, heard + timedelta(days=days))


def test_a_week_is_its_monday() -> None:
    assert week_of(date(2024, 8, 12)) == date(2024, 8, 12)
    assert week_of(date(2024, 8, 18)) == date(2024, 8, 12)
    assert week_of(date(2024, 8, 19)) == date(2024, 8, 19)


def test_the_day_is_the_one_on_the_wall_in_vietnam() -> None:
    assert vietnam_day(datetime(2024, 8, 15, 16, 59, tzinfo=UTC)) == date(2024, 8, 15)
    assert vietnam_day(datetime(2024, 8, 15, 17, 0, tzinfo=UTC)) == date(2024, 8, 16)
