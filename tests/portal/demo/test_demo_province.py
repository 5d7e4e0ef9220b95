"""The demonstration province is Gia Lai as it was in 2024, and its tasks stand where the sources say."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy import func, select
from werkzeug.security import check_password_hash

from portal import audit, tables
from portal.db import Base, Database
from portal.demo.load import load
from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.tasks.rules import Status
from portal.tasks.service import missing_of, notes_of, status_on
from portal.units.models import Holding, Post, Unit
from portal.units.seating import holders
from portal.units.service import postings, reach, unit_by_code
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

ROLES = (
    "Clerk",
    "Department reviewer",
    "Police reviewer",
    "UBND approver",
    "Registrar",
    "Designer",
    "Unit administrator",
    "Auditor",
    "Administrator",
)
TODAY = date(2024, 8, 20)

DEPARTMENTS = {
    "Văn phòng UBND tỉnh": "VP",
    "Sở Nội vụ": "SNV",
    "Sở Tư pháp": "STP",
    "Sở Kế hoạch và Đầu tư": "SKHĐT",
    "Sở Tài chính": "STC",
    "Sở Công Thương": "SCT",
    "Sở Nông nghiệp và Phát triển nông thôn": "SNNPTNT",
    "Sở Giao thông vận tải": "SGTVT",
    "Sở Xây dựng": "SXD",
    "Sở Tài nguyên và Môi trường": "STNMT",
    "Sở Thông tin và Truyền thông": "STTTT",
    "Sở Lao động - Thương binh và Xã hội": "SLĐTBXH",
    "Sở Văn hóa, Thể thao và Du lịch": "SVHTTDL",
    "Sở Khoa học và Công nghệ": "SKHCN",
    "Sở Giáo dục và Đào tạo": "SGDĐT",
    "Sở Y tế": "SYT",
    "Sở Ngoại vụ": "SNgV",
    "Thanh tra tỉnh": "TTr",
    "Ban Dân tộc": "BDT",
    "Ban Quản lý Khu kinh tế tỉnh": "BQLKKT",
}
DISTRICTS = {
    "thành phố Pleiku",
    "thị xã An Khê",
    "thị xã Ayun Pa",
    "huyện Chư Păh",
    "huyện Chư Prông",
    "huyện Chư Pưh",
    "huyện Chư Sê",
    "huyện Đak Đoa",
    "huyện Đak Pơ",
    "huyện Đức Cơ",
    "huyện Ia Grai",
    "huyện Ia Pa",
    "huyện Kbang",
    "huyện Kông Chro",
    "huyện Krông Pa",
    "huyện Mang Yang",
    "huyện Phú Thiện",
}


@pytest.fixture(scope="module")
def province() -> Iterator[Session]:
    """Loaded once: these tests only read."""
    assert tables.LOADED
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    session = database.session()
    session.add_all(Role(name=name) for name in ROLES)
    load(session, "mật khẩu của buổi giới thiệu", TODAY)
    yield session
    database.session.remove()
    database.engine.dispose()


def _of_kind(session: Session, *kinds: str) -> Sequence[Unit]:
    return session.scalars(select(Unit).where(Unit.kind.in_(kinds))).all()


def test_there_are_the_twenty_departments_and_agencies_with_their_symbols(province: Session) -> None:
    units = _of_kind(province, "ppc_office", "department", "equivalent")
    assert {unit.name_vi: unit.symbol for unit in units} == DEPARTMENTS
    assert len(units) == 20


def test_there_are_the_seventeen_districts_all_with_one_symbol(province: Session) -> None:
    units = _of_kind(province, "dpc")
    assert {unit.name_vi.removeprefix("UBND ") for unit in units} == DISTRICTS
    assert len(units) == 17
    assert {unit.symbol for unit in units} == {"UBND"}


def test_each_issuer_prints_its_own_header(province: Session) -> None:
    def header(code: str) -> tuple[str | None, str, str]:
        unit = unit_by_code(province, code)
        assert unit is not None
        return unit.header_parent, unit.header_name, unit.place_name

    assert header("UBND") == (None, "ỦY BAN NHÂN DÂN\nTỈNH GIA LAI", "Gia Lai")
    assert header("STTTT") == ("UBND TỈNH GIA LAI", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "Gia Lai")
    assert header("CAT") == ("BỘ CÔNG AN", "CÔNG AN TỈNH GIA LAI", "Gia Lai")
    assert header("IAGRAI") == (None, "ỦY BAN NHÂN DÂN\nHUYỆN IA GRAI", "Ia Grai")
    assert header("BCD06") == ("UBND TỈNH GIA LAI", "BAN CHỈ ĐẠO ĐỀ ÁN 06", "Gia Lai")


def test_no_department_prints_the_ministry_and_no_district_a_parent(province: Session) -> None:
    assert {unit.header_parent for unit in _of_kind(province, "department", "equivalent")} == {"UBND TỈNH GIA LAI"}
    assert {unit.header_parent for unit in _of_kind(province, "dpc", "cpc")} == {None}


def test_the_police_stand_below_the_province_but_the_division_below_the_police(province: Session) -> None:
    units = {unit.code: unit for unit in province.scalars(select(Unit))}
    assert units["CAT"].parent is units["UBND"]
    assert units["PC06"].parent is units["CAT"]
    assert units["IAGRAI-IAKHA"].parent is units["IAGRAI"]
    assert reach(province, [units["UBND"].id]) == {units["UBND"].id}
    assert units["PC06"].id in reach(province, [units["CAT"].id])


def test_units_are_found_without_marks(province: Session) -> None:
    found = select(Unit.code).where(Unit.search.contains("chu pah"))
    assert set(province.scalars(found)) == {"CHUPAH"}


def test_every_approval_step_has_someone_to_take_it(province: Session) -> None:
    def seated(code: str, *kinds: str) -> set[str]:
        unit = unit_by_code(province, code)
        assert unit is not None
        ids = [user for user, _, _ in holders(province, unit.id, kinds, TODAY)]
        return set(province.scalars(select(User.username).where(User.id.in_(ids))))

    assert seated("STTTT", "officer") == {"clerk", "clerk2"}
    assert seated("STTTT", "head", "deputy") == {"head", "deputy"}
    assert seated("PC06", "officer") == {"police"}
    assert seated("PC06", "head", "deputy") == {"police.head", "police.deputy"}
    assert seated("CAT", "head", "deputy") == {"cat.deputy"}
    assert seated("UBND", "head", "deputy") == {"chairman", "vicechair"}
    assert seated("UBND", "registrar") == {"registrar"}
    assert seated("IAGRAI", "head", "officer") == {"outsider", "outsider.head"}


def test_a_deputy_of_the_police_is_also_deputy_of_the_steering_committee(province: Session) -> None:
    user = province.scalars(select(User).where(User.username == "cat.deputy")).one()
    assert {posting.unit_kind for posting in postings(province, user.id, TODAY)} == {"police", "steering_body"}
    ranks = province.scalars(select(Holding.rank).where(Holding.user_id == user.id))
    assert set(ranks) == {"Đại tá", None}


def test_names_print_in_vietnamese_order_and_passwords_work(province: Session) -> None:
    clerk = province.scalars(select(User).where(User.username == "clerk")).one()
    assert clerk.get_full_name() == "Trần Thị Mai Lan"
    assert check_password_hash(clerk.password or "", "mật khẩu của buổi giới thiệu")
    assert all(user.email.endswith("@gialai.example") for user in province.scalars(select(User)))


def test_posts_give_their_role_and_the_postless_have_theirs(province: Session) -> None:
    by_post = select(Role.name).join(Post, Post.role_id == Role.id).distinct()
    direct = select(Role.name).join(Role.user).distinct()
    assert set(province.scalars(by_post)) | set(province.scalars(direct)) == set(ROLES)
    assert set(province.scalars(direct)) == {"Designer", "Auditor", "Administrator"}


def test_the_clarity_formulas_are_the_exact_ones(province: Session) -> None:
    facets = {profile.code: profile.facets for profile in province.scalars(select(ClarityProfile))}
    assert facets == {
        "5-ro": ["nguoi", "viec", "thoi_gian", "ket_qua", "trach_nhiem"],
        "6-ro": ["nguoi", "viec", "trach_nhiem", "tham_quyen", "thoi_gian", "san_pham"],
        "7-ro": ["muc_tieu", "nguoi", "viec", "thoi_gian", "trach_nhiem", "san_pham", "ket_qua"],
    }


def test_sources_carry_their_dates_and_are_found_by_number(province: Session) -> None:
    dates = {source.symbol: source.issued_on for source in province.scalars(select(SourceDocument))}
    assert dates["2433/KH-UBND"] == date(2022, 12, 9)
    assert dates["766/QĐ-TTg"] == date(2022, 6, 23)
    assert dates["06/QĐ-TTg"] == date(2022, 1, 6)
    found = select(SourceDocument.symbol).where(SourceDocument.search.contains("2568"))
    assert province.scalars(found).all() == ["2568/QĐ-BTTTT"]


def test_exactly_two_districts_have_sent_no_list_on_20_august(province: Session) -> None:
    late = select(Task).where(Task.title.contains("danh sách đăng ký"), status_on(TODAY) == Status.OVERDUE)
    tasks = province.scalars(late).all()
    assert {task.lead_unit.name_vi for task in tasks} == {"UBND huyện Ia Grai", "UBND huyện Chư Păh"}
    assert {task.due_on for task in tasks} == {date(2024, 8, 19)}


def test_tasks_stand_in_every_state_and_only_the_unclear_one_is_a_draft(province: Session) -> None:
    tasks = province.scalars(select(Task)).all()
    assert {task.status_on(TODAY) for task in tasks} == set(Status)
    drafts = [task for task in tasks if task.assigned_at is None]
    assert [missing_of(task) for task in drafts] == [("san_pham",)]


def test_what_was_due_within_february_of_a_leap_year_is_late_in_march(province: Session) -> None:
    task = province.scalars(select(Task).where(Task.title.startswith("Rà soát danh mục"))).one()
    assert task.due_on == date(2024, 2, 29)
    assert task.status_on(TODAY) is Status.DONE_LATE


def test_the_weekly_task_was_heard_of_in_the_last_two_weeks(province: Session) -> None:
    weekly = province.scalars(select(Task).where(Task.deadline_kind == "recurring")).one()
    assert [note.week for note in notes_of(province, weekly)] == [date(2024, 8, 12), date(2024, 8, 5)]


def test_the_audit_log_of_the_load_holds(province: Session) -> None:
    count, breaks = audit.verify(province)
    assert count > 10
    assert breaks == ()


def test_loading_reports_what_it_wrote(session: Session) -> None:
    session.add_all(Role(name=name) for name in ROLES)
    counts = load(session, "mật khẩu", TODAY)
    for kind, model in (("units", Unit), ("posts", Post), ("people", User), ("holdings", Holding), ("tasks", Task)):
        assert counts[kind] == session.scalar(select(func.count()).select_from(model))


def test_a_second_load_is_refused(province: Session) -> None:
    with pytest.raises(Refusal, match="not_empty"):
        load(province, "mật khẩu", TODAY)


def test_a_database_with_people_is_never_given_known_passwords(session: Session) -> None:
    session.add(User(username="real", first_name="A", last_name="B", email="real@example.org"))
    session.flush()
    with pytest.raises(Refusal, match="not_empty"):
        load(session, "mật khẩu", TODAY)


def test_a_load_that_fails_leaves_nothing(session: Session) -> None:
    session.add_all(Role(name=name) for name in ROLES if name != "Administrator")
    session.flush()
    with pytest.raises(Refusal, match="no_such_role"):
        load(session, "mật khẩu", TODAY)
    assert session.scalar(select(func.count()).select_from(Unit)) == 0
    assert session.scalar(select(func.count()).select_from(User)) == 0
