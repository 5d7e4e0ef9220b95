"""Who has not handed in what a schedule asked for: how many they are, and when one leaves the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.definitions import publishing
from portal.definitions.service import current, schedule_of
from portal.submissions import handing
from portal.submissions import service as submissions
from portal.units.models import Unit
from portal.urging import missing
from tests.asked import statements
from tests.workflows.paper import body, field, label
from workflows.errors import Refusal
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from portal.approvals.recording import Folder
    from portal.urging.missing import Roll
    from tests.portal.province import Province

KEY = "register-58"
AUGUST = Period(PeriodKind.MONTH, 2024, 8)
KINDS = ["ppc_office", "department", "equivalent", "dpc"]
"""The 20 departments and agencies and the 17 districts of the province: 37 units."""


def ask(province: Province, due: str, **level: Any) -> str:
    """Ask for an answer before a day; gives the key of the list."""
    form = body(field("text", "what"), key=KEY, name=label("Danh sách đăng ký"))
    step = {"key": "leader", "name": label(), "owner": {"posts": ["head"], "place": "unit", "unit": "PC06"}}
    stages = [{"key": "police", "name": label(), "steps": [step]}]
    chain = {"schema": 1, "key": KEY, "name": label(), "forms": [KEY], "stages": stages}
    window = {"key": "once", "name": {"vi": "tháng 8", "en": "August"}, "from": "2024-08-01", "to": "2024-08-10"}
    owed = {"key": "all", "name": label(), "deadline": {"date": due, "kind": "before"}, **(level or {"kinds": KINDS})}
    schedule = {
        "schema": 1,
        "key": KEY,
        "name": label("Danh sách đăng ký"),
        "form": KEY,
        "regime": "on_demand",
        "windows": [window],
        "owed_by": [owed],
    }
    for kind, each in (("form", form), ("chain", chain), ("schedule", schedule)):
        publishing.publish(province.session, actor="system", kind=kind, key=KEY, body=each)
    return f"{KEY}:once"


def hand_in(province: Province, code: str) -> Folder:
    """A unit hands in its answer, by somebody who stands for it."""
    unit = province.session.scalars(select(Unit).where(Unit.code == code)).one()
    writer = replace(province.actor("clerk"), own_units=frozenset({unit.id}))
    report = submissions.open_report(province.session, writer, unit.id, KEY, AUGUST)
    submissions.save(province.session, writer, report, {"what": "58 câu"}, report.edition)
    return handing.submit(province.session, writer, report, edition=report.edition, version=0, deny_list=())


def roll(province: Province, key: str, on: date, username: str = "police") -> Roll:
    return missing.roll(province.session, province.actor(username), key, on)


def test_six_of_thirty_seven_before_the_sixteenth(province: Province) -> None:
    key = ask(province, "2024-08-16")
    units = list(province.session.scalars(select(Unit).where(Unit.kind.in_(KINDS)).order_by(Unit.code)))
    for unit in units[:6]:
        hand_in(province, unit.code)
    found = roll(province, key, date(2024, 8, 16))
    assert (found.gathered.done, found.gathered.asked, found.gathered.share) == (6, 37, "16,22 %")
    assert found.gathered.due_on == date(2024, 8, 15)
    assert (len(found.handed_in), found.waiting, {row.days for row in found.gathered.rows}) == (6, 0, {1})
    with pytest.raises(Refusal, match="not_found"):  # on the last valid day nobody is late
        roll(province, key, date(2024, 8, 15))


def test_exactly_ia_grai_and_chu_pah_until_their_lists_arrive(province: Province) -> None:
    key = ask(province, "2024-08-20", units=["IAGRAI", "CHUPAH", "STTTT"])
    hand_in(province, "STTTT")
    on = date(2024, 8, 20)
    late = roll(province, key, on).gathered.rows
    assert [(row.unit, row.person) for row in late] == [
        ("UBND huyện Chư Păh", "Trương Công Hậu"),
        ("UBND huyện Ia Grai", "Đỗ Văn Nhật"),
    ]
    hand_in(province, "CHUPAH")
    arrived = hand_in(province, "IAGRAI")
    assert roll(province, key, on).gathered.rows == ()
    arrived.row.status, arrived.row.stage = "recalled", None
    province.session.flush()
    assert [row.unit for row in roll(province, key, on).gathered.rows] == ["UBND huyện Ia Grai"]


def test_one_sees_whose_work_one_sees_and_the_standing_agency_sees_all(province: Province) -> None:
    key, on = ask(province, "2024-08-20", units=["IAGRAI", "CHUPAH", "STTTT"]), date(2024, 8, 20)
    assert [row.unit for row in roll(province, key, on, "outsider").gathered.rows] == ["UBND huyện Ia Grai"]
    assert len(roll(province, key, on, "auditor").gathered.rows) == len(roll(province, key, on).gathered.rows) == 3


def test_a_monthly_report_is_missing_by_the_deadline_of_its_level(province: Province) -> None:
    schedule = schedule_of(current(province.session, "schedule", "monthly-report"))
    on = date(2025, 1, 17)  # the 14th and two working days are over on the 16th
    last = missing.passed(province.session, schedule, on)[0]
    assert (last.key, missing.called(last)) == ("month-2025-01", "tháng 01/2025")
    province.submitted()
    found = roll(province, missing.key_of(schedule, last), on)
    assert (found.gathered.asked, [unit.code for unit in found.handed_in]) == (46, ["STTTT"])
    assert found.gathered.about.startswith("gửi báo cáo định kỳ")


@pytest.mark.parametrize("key", ["", "x", "monthly-report", "monthly-report:", "monthly-report:month-2031-01"])
def test_a_list_that_is_none_is_not_found(province: Province, key: str) -> None:
    with pytest.raises(Refusal, match="not_found"):
        roll(province, key, date(2025, 1, 17))


def test_a_roll_takes_as_many_statements_for_two_units_as_for_all(province: Province) -> None:
    asked = []
    for level in ({"units": ["IAGRAI", "CHUPAH"]}, {"kinds": KINDS}):
        key, actor = ask(province, "2024-08-16", **level), province.actor("police")
        roll(province, key, date(2024, 8, 16))
        province.session.expire_all()
        with statements(province.session.get_bind()) as seen:
            missing.roll(province.session, actor, key, date(2024, 8, 16))
        asked.append(len(seen))
    assert asked[0] == asked[1]
