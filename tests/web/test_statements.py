"""How often a page asks the database: never once per row, whatever the page, and not at all for the menu."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import count, islice
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import (
    Group,
    PermissionView,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_group,
)
from sqlalchemy import delete, insert, select, text, update

from portal import views
from portal.approvals.recording import read
from portal.definitions.models import Definition
from portal.documents.models import OfficialDocument
from portal.files import FileStore
from portal.rest import PortalApi
from portal.signatures.views import WaitingList
from portal.submissions.models import Submission
from portal.tasks.models import ProgressNote
from portal.units.models import Holding, Post, Unit
from portal.views import PortalModelView
from tests.asked import statements
from tests.portal.incoming.arriving import arrived, handed
from tests.portal.province import FEBRUARY, Province
from tests.portal.signatures.office import rendered
from tests.uploads import PDF
from tests.web.many_rows import multiply
from tests.web.one_of_each import gone_through_everything
from workflows.actions import Return
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from sqlalchemy import Connection, Engine

    from tests.conftest import Visit, Visitor

FEW, MANY = 3, 30
ROW = re.compile(r"<tr>(?=<td)|<tr>\s*<td")
MOST_FOR_A_LIST = 7
BESIDE = (
    "register_entry_in_its_book",
    "official_document_number_free",
    "incoming_document_in_its_book",
    "document_signature_of_its_document",
)
"""Triggers that compare a row with what it belongs to, which copies of rows do not fit."""

CHAINS = Definition.__table__.c.kind == "chain"


def lists(app: Flask) -> Iterator[tuple[str, Any]]:
    """The address of every list that is not one reader's own, as page or as REST, and what is behind it."""
    for view in app.extensions["appbuilder"].baseviews:
        is_for_all = isinstance(view, PortalModelView) and not isinstance(view, WaitingList)
        if is_for_all and "list" not in view.exclude_route_methods:
            yield f"{view.route_base}/list/", view
        if isinstance(view, PortalApi) and "get_list" not in view.exclude_route_methods:
            yield f"{view.route_base}/", view


def shown(visitor: Visitor, address: str) -> int:
    """How many rows a list shows."""
    answer = visitor.get(address)
    assert answer.status_code == 200, address
    return len(json.loads(answer.text)["result"]) if "/api/" in address else len(ROW.findall(answer.text))


@pytest.fixture
def crowded(portal: Flask, tmp_path: Path, prepare: Callable[[Callable[[Province], int]], int]) -> Flask:
    """The province with a document that saw everything, and then thirty rows more of everything that any list shows."""
    prepare(lambda province: gone_through_everything(province, tmp_path) + province.submitted(FEBRUARY).row.id)
    prepare(lambda province: handed(province, arrived(province)).id)
    engine = portal.extensions["trinh"]["database"].engine
    with engine.begin() as connection:
        for trigger in BESIDE:
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        # A copy of a row has another word where only two are allowed, and follows itself; a list does not ask.
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        connection.execute(insert(Group).values(name="nhom", label="Nhóm"))
        multiply(connection, {view.datamodel.obj.__table__ for _, view in lists(portal)}, MANY, CHAINS)
    return portal


def test_no_list_asks_more_often_for_thirty_rows_than_for_three(
    crowded: Flask, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin, engine = visit("admin"), crowded.extensions["trinh"]["database"].engine
    found = dict(lists(crowded))
    assert len(found) > 20
    for address in found:
        counts = []
        for size in (FEW, MANY):
            monkeypatch.setattr(views, "PAGE_SIZE", size)
            page = f"{address}?q=(page_size:{size})" if "/api/" in address else address
            shown(admin, page)  # what is read once in the life of a process is read
            with statements(engine) as asked:
                assert shown(admin, page) == size, address
            counts.append(len(asked))
        assert counts[0] == counts[1], f"{address}: {counts}\n" + "\n".join(asked)
        assert counts[1] <= MOST_FOR_A_LIST, f"{address}: {counts[1]}\n" + "\n".join(asked)


def asked_for(visitor: Visitor, engine: Engine, address: str) -> list[str]:
    """What the database is asked for a page, once the process has read what it reads once."""
    assert visitor.get(address).status_code == 200, address
    with statements(engine) as asked:
        assert visitor.get(address).status_code == 200, address
    return asked


@pytest.fixture
def engine(portal: Flask) -> Engine:
    found: Engine = portal.extensions["trinh"]["database"].engine
    return found


def months(number: int) -> Iterator[Period]:
    """Months, one after another."""
    return islice((Period(PeriodKind.MONTH, year, month) for year in count(2018) for month in range(1, 13)), number)


def test_the_first_page_asks_no_more_often_when_more_waits(
    engine: Engine, visit: Visit, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    head, clerk = visit("head"), visit("clerk")
    counts = []
    reports = months(2 * MANY)
    for number in (FEW, MANY - FEW):
        for period in islice(reports, number):
            prepare(lambda province, period=period: province.submitted(period).row.id)
        for period in islice(reports, number):
            prepare(lambda province, period=period: province.draft(period).id)
        counts.append((len(asked_for(head, engine, "/")), len(asked_for(clerk, engine, "/"))))
    assert head.get("/").text.count('href="/submissions/show/') >= MANY
    assert counts[0] == counts[1]


def test_the_list_to_sign_asks_no_more_often_when_more_waits(
    engine: Engine, visit: Visit, tmp_path: Path, prepare: Callable[[Callable[[Province], int]], int]
) -> None:
    def issued(province: Province, period: Period) -> int:
        key: int = province.approved(period).row.id
        document = province.session.scalars(select(OfficialDocument).order_by(OfficialDocument.id.desc())).first()
        rendered(province.session, FileStore(tmp_path), document, PDF)
        return key

    chairman, counts = visit("chairman"), []
    for period in months(FEW):
        prepare(lambda province, period=period: issued(province, period))
        counts.append(len(asked_for(chairman, engine, "/signing/list/")))
        assert shown(chairman, "/signing/list/") == len(counts)
    assert counts[0] == counts[-1]


def gather_under_one_unit(connection: Connection) -> None:
    multiply(connection, [Unit.__table__, Post.__table__, Holding.__table__], MANY)
    connection.execute(update(Unit).where(Unit.id > 1, Unit.parent_id.is_not(None)).values(parent_id=1))
    connection.execute(update(Post).where(Post.code.regexp_match("^[0-9]+-")).values(unit_id=1))


def gather_in_one_group(connection: Connection) -> None:
    people = connection.scalars(select(User.id).limit(MANY)).all()
    connection.execute(delete(assoc_user_group))
    connection.execute(insert(assoc_user_group), [{"group_id": 1, "user_id": each} for each in people])


def gather_about_one_task(connection: Connection) -> None:
    connection.execute(delete(ProgressNote).where(ProgressNote.task_id != 1))
    multiply(connection, [ProgressNote.__table__], MANY)
    connection.execute(update(ProgressNote).values(task_id=1))


@pytest.mark.parametrize(
    ("address", "gather"),
    [
        ("/units/show/1", gather_under_one_unit),
        ("/groups/show/1", gather_in_one_group),
        ("/tasks/show/1", gather_about_one_task),
    ],
)
def test_a_page_asks_no_more_often_when_more_belongs_to_it(
    engine: Engine, visit: Visit, address: str, gather: Callable[[Connection], None]
) -> None:
    with engine.begin() as connection:
        connection.execute(insert(Group).values(name="nhom", label="Nhóm"))
        connection.execute(insert(assoc_user_group).values(group_id=1, user_id=1))
        week, author = date(2025, 1, 6), 1
        note = {"task_id": 1, "week": week, "note": "Đang làm", "author_id": author}
        connection.execute(insert(ProgressNote).values(note))
    admin = visit("admin")
    few, short = asked_for(admin, engine, address), len(admin.get(address).data)
    with engine.begin() as connection:
        gather(connection)
    many = asked_for(admin, engine, address)
    assert len(admin.get(address).data) > short + MANY * 10
    assert len(many) == len(few), "\n".join(many)


def test_the_pages_of_a_report_ask_no_more_often_after_many_rounds(
    engine: Engine, visit: Visit, prepare: Callable[[Callable[[Province], int]], int], waiting: int
) -> None:
    def once_more(province: Province) -> int:
        report = province.session.get_one(Submission, waiting)
        folder = read(province.session, report.case)
        province.act("head", folder, Return(folder.case.version, "Xem lại"))
        return province.hand_in(report).row.id

    case = prepare(once_more)
    head, clerk = visit("head"), visit("clerk")
    pages = [
        (head, f"/submissions/show/{waiting}"),
        (clerk, f"/submissions/show/{waiting}"),
        (head, f"/cases/show/{case}"),
    ]
    few = [len(asked_for(visitor, engine, address)) for visitor, address in pages]
    for _ in range(8):
        prepare(once_more)
    assert [len(asked_for(visitor, engine, address)) for visitor, address in pages] == few


# -- rights ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/units/list/", "/submissions/list/", "/api/v1/unit/"])
def test_rights_are_read_once_in_a_request_menu_included(engine: Engine, visit: Visit, address: str) -> None:
    asked = asked_for(visit("admin"), engine, address)
    assert sum("ab_permission_view_role" in each for each in asked) == 1
    assert not any("ab_view_menu" in each and "ab_permission_view_role" not in each for each in asked)


def test_a_right_that_is_taken_away_is_gone_on_the_next_request(engine: Engine, visit: Visit) -> None:
    units = visit("units")
    assert units.get("/units/list/").status_code == 200
    assert units.get("/api/v1/unit/").status_code == 200
    assert "/units/list/" in units.get("/").text
    with engine.begin() as connection:
        views = select(ViewMenu.id).where(ViewMenu.name.in_(("UnitView", "UnitApi")))
        rights = select(PermissionView.id).where(PermissionView.view_menu_id.in_(views))
        connection.execute(
            delete(assoc_permissionview_role).where(assoc_permissionview_role.c.permission_view_id.in_(rights))
        )
    assert units.get("/units/list/").status_code == 403
    assert units.get("/api/v1/unit/").status_code == 403
    assert "/units/list/" not in units.get("/").text
