"""Whoever sends more than a form asks for changes no more than the form changes: every column, at once, everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.security.sqla.models import Group, Role, User
from sqlalchemy import Boolean, Date, DateTime, Integer, inspect, select
from sqlalchemy.orm import Session

from portal.approvals.models import ApprovalCase
from portal.documents.models import OfficialDocument, Register, RegisterEntry, SigningAuthority
from portal.indicators.models import Indicator
from portal.submissions.models import Submission
from portal.tasks.models import ClarityProfile, SourceDocument, Task
from portal.units.models import Holding, Post, Unit, UnitHeader
from tests.cast import PASSWORD
from tests.contracts.columns import HEADER, INDICATOR, ORDER, RENAMED, REVOKED, TASK, UNIT
from tests.contracts.matrix import CHANGES, FORMS, Call, place
from tests.web.calls import typed_in

if TYPE_CHECKING:
    from tests.contracts.stage import Stage

MOVED = {"version", "changed_at", "due_at", "next_rung_at"}
SETTLED = {"settled_by", "settled_at"}
"""What every action on a case changes of its row."""

FORMS_OVER_A_ROW: list[tuple[str, Any, str, str, set[str]]] = [
    ("UnitView.edit", Unit, "unit", "own", UNIT),
    ("UnitHeaderView.edit", UnitHeader, "unit_header", "any", HEADER),
    ("PostView.edit", Post, "post", "own", {"kind", "title_vi", "title_en", "role_id", "valid_from", "valid_to"}),
    ("HoldingView.edit", Holding, "holding", "own", {"rank", "acting", "valid_from", "valid_to"}),
    ("TaskView.edit", Task, "task", "own open", TASK),
    (
        "SourceDocumentView.edit",
        SourceDocument,
        "source",
        "any",
        {"symbol", "issuer", "year", "issued_on", "subject", "search"},
    ),
    ("ClarityProfileView.edit", ClarityProfile, "profile", "any", {"name_vi", "name_en", "facets"}),
    ("IndicatorView.edit", Indicator, "indicator", "any", INDICATOR),
    ("UserView.edit", User, "user", "any", {"username", "first_name", "last_name", "email", "active"}),
    ("RoleView.edit", Role, "role", "any", {"name"}),
    ("GroupView.edit", Group, "group", "any", {"name", "label", "description"}),
]
"""Form → its table, the object of the matrix, and the columns that it may change; whatever it computes included."""

VERBS: list[tuple[str, str, Any, str, str, str, set[str]]] = [
    (
        "SubmissionView.save",
        "",
        Submission,
        "report",
        "own draft",
        "clerk",
        {"values", "unread", "edition", "changed_at"},
    ),
    (
        "SubmissionView.save",
        "submit",
        Submission,
        "report",
        "own draft",
        "clerk",
        {"values", "unread", "edition", "changed_at", "case_id"},
    ),
    (
        "SubmissionView.save",
        "choose",
        Submission,
        "report",
        "own draft",
        "clerk",
        {"values", "unread", "edition", "changed_at", "chosen"},
    ),
    ("DecisionView.decide", "approve", ApprovalCase, "case", "own submitted", "head", {"stage"} | MOVED),
    ("DecisionView.decide", "reject", ApprovalCase, "case", "own submitted", "head", {"status", "stage"} | MOVED),
    ("DecisionView.decide", "claim", ApprovalCase, "case", "own submitted", "head", MOVED),
    ("DecisionView.decide", "ask_opinion", ApprovalCase, "case", "own submitted", "head", MOVED),
    ("DecisionView.decide", "suspend", ApprovalCase, "case", "own submitted", "head", {"status"} | MOVED),
    ("DecisionView.recall", "recall", ApprovalCase, "case", "own submitted", "clerk", {"status", "stage"} | MOVED),
    ("DecisionView.recall", "request_recall", ApprovalCase, "case", "own police", "clerk", MOVED),
    ("DecisionView.recall", "withdraw", ApprovalCase, "case", "own submitted", "clerk", {"status", "stage"} | MOVED),
    ("DecisionView.administer", "reassign", ApprovalCase, "case", "own submitted", "admin", MOVED),
    ("DecisionView.administer", "cancel", ApprovalCase, "case", "own submitted", "admin", {"status", "stage"} | MOVED),
    ("DecisionView.administer", "reopen", ApprovalCase, "case", "own rejected", "admin", {"status"} | MOVED),
    ("TaskView.assign", "", Task, "task", "own draft", "clerk", {"assigned_at", "version"}),
    ("TaskView.note", "", Task, "task", "own open", "clerk", {"version"}),
    ("TaskView.complete", "", Task, "task", "own open", "clerk", {"completed_on", "evidence", "version"}),
    ("TaskView.reopen", "", Task, "task", "own done", "clerk", {"completed_on", "evidence", "version"}),
    ("SigningAuthorityView.revoke", "", SigningAuthority, "authority", "in force", "units", REVOKED),
    ("DocumentView.render_again", "", OfficialDocument, "document", "child approved", "regist", {"status", "error"}),
    ("SigningView.send_back", "", OfficialDocument, "document", "own approved", "chair", {"status"}),
    ("RegisterView.reserve", "", Register, "register", "of the committee", "regist", {"last_number"}),
    (
        "RegisterEntryView.void",
        "",
        RegisterEntry,
        "entry",
        "reserved of the committee",
        "regist",
        {"state", "void_reason", "version"} | SETTLED,
    ),
    (
        "RegisterEntryView.paper",
        "",
        RegisterEntry,
        "entry",
        "reserved of the committee",
        "regist",
        {"state", "symbol", "dated_on", "title", "signer", "recipients", "kept_by", "version"} | SETTLED,
    ),
    (
        "RegisterEntryView.handover",
        "",
        RegisterEntry,
        "entry",
        "used of the committee",
        "regist",
        {"copies", "version"},
    ),
    ("UserView.password", "", User, "user", "any", "admin", {"password"}),
]
"""Verb and variant, the table, the object, who does it, and the columns that it may change."""

STAMPS = {"created_on", "changed_on", "created_by_fk", "changed_by_fk"}
"""What Flask-AppBuilder's accounts say of their own last change."""


def hostile(model: Any) -> dict[str, Any]:
    """A value for every column and every relation of a table, none of which anybody would type."""
    values: dict[str, Any] = {}
    for column in inspect(model).columns:
        kinds = ((Boolean, "y"), (Integer, "7"), (DateTime, "2001-01-01 00:00:00"), (Date, "01/01/2001"))
        values[column.key] = next((value for kind, value in kinds if isinstance(column.type, kind)), "chèn vào")
    values |= {relation.key: "7" for relation in inspect(model).relationships}
    return values | {"search": "chèn vào", "password": "chèn vào", "id": "424242", "_sa_instance_state": "x"}


def forbidden(model: Any, allowed: set[str]) -> dict[str, Any]:
    """Of these values, those of columns that a form may not change, and of relations that stand for such a column."""
    columns = set(inspect(model).columns.keys())
    return {
        name: value
        for name, value in hostile(model).items()
        if (name in columns and name not in allowed) or (f"{name}_id" in columns and f"{name}_id" not in allowed)
    }


def unticked(model: Any, allowed: set[str]) -> dict[str, str]:
    """What a form may tick and a page sends nothing of while it is not ticked."""
    ticks = (column.key for column in inspect(model).columns if isinstance(column.type, Boolean))
    return dict.fromkeys(allowed.intersection(ticks), "")


def row(stage: Stage, model: Any, key: int) -> dict[str, Any]:
    """Every column of a row as it is in the database."""
    with Session(stage.database.engine) as session:
        return dict(session.execute(select(model.__table__).where(model.__table__.c.id == key)).mappings().one())


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {column for column in before if before[column] != after[column]}


@pytest.mark.parametrize("case", FORMS_OVER_A_ROW, ids=[each[0] for each in FORMS_OVER_A_ROW])
def test_a_form_changes_its_own_columns_alone(stage: Stage, case: tuple[str, Any, str, str, set[str]]) -> None:
    form, model, kind, name, allowed = case
    client, token = stage.people["admin"]
    thing = stage.world[kind][name]
    path, before = place(stage, Call("POST", form), thing), row(stage, model, thing.key)
    typed = typed_in(client.get(path).text)
    said = {**unticked(model, allowed), **typed, **CHANGES[form]}
    sent = {**hostile(model), **said, **forbidden(model, allowed), "csrf_token": token}
    answer = client.post(path, data=sent)
    after = row(stage, model, thing.key)
    stage.reset()
    assert answer.status_code == 302, answer.text
    assert set(CHANGES[form]) <= changed(before, after) <= allowed | STAMPS


@pytest.mark.parametrize("case", VERBS, ids=[f"{each[0]} {each[1]}" for each in VERBS])
def test_a_verb_changes_its_own_columns_alone(
    stage: Stage, case: tuple[str, str, Any, str, str, str, set[str]]
) -> None:
    verb, variant, model, kind, name, persona, allowed = case
    client, token = stage.people[persona]
    thing = stage.world[kind][name]
    path, before = place(stage, Call("POST", verb, variant), thing), row(stage, model, thing.key)
    sent = {**hostile(model), **FORMS[verb](thing, variant), "csrf_token": token}
    answer = client.post(path, data=sent)
    after = row(stage, model, thing.key)
    stage.reset()
    assert answer.status_code == 302, answer.text
    assert changed(before, after) <= allowed | STAMPS
    assert changed(before, after)


ADDED: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "/units/add",
        Unit,
        {
            "code": "MOI",
            "kind": "department",
            "name_vi": "Mới",
            "name_en": "New",
            "symbol": "M",
            "parent": "1",
            "header_name": "MỚI",
            "place_name": "Gia Lai",
            "organ_code": "",
            "seal_unit": "",
            "valid_from": "01/01/2024",
            "valid_to": "",
        },
    ),
    ("/unit-headers/add", UnitHeader, {**RENAMED, "valid_from": "01/07/2025", "grounds": "202/2025/QH15"}),
    ("/signing-authorities/add", SigningAuthority, {**ORDER, "with_deputies": "y", "valid_to": ""}),
    (
        "/posts/add",
        Post,
        {
            "unit": "1",
            "code": "moi",
            "kind": "officer",
            "title_vi": "Mới",
            "title_en": "New",
            "role": "",
            "valid_from": "01/01/2024",
            "valid_to": "",
        },
    ),
    (
        "/sources/add",
        SourceDocument,
        {"symbol": "1/KH", "issuer": "UBND", "year": "2024", "subject": "Kế hoạch", "issued_on": "01/01/2024"},
    ),
    ("/clarity/add", ClarityProfile, {"code": "moi", "name_vi": "Mới", "name_en": "New", "facets": ["nguoi"]}),
    (
        "/indicators/add",
        Indicator,
        {
            "key": "moi",
            "kind": "rank",
            "name_vi": "Mới",
            "name_en": "New",
            "measure_vi": "",
            "measure_en": "",
            "direction": "down",
            "aggregation": "none",
        },
    ),
    (
        "/users/add",
        User,
        {
            "username": "moi.tinh",
            "first_name": "A",
            "last_name": "B",
            "email": "m@gialai.example",
            "active": "y",
            "roles": "",
            "groups": "",
        },
    ),
    (
        "/tasks/add",
        Task,
        {
            "title": "Việc mới",
            "profile": "1",
            "source": "1",
            "lead_unit": "1",
            "leader": "",
            "officer": "",
            "deadline_kind": "none",
            "deadline_on": "",
            "standing": "",
            "cooperating": "",
        },
    ),
]
"""Address of the form, its table, what is typed there."""  # fmt: skip

NEVER_GIVEN: dict[Any, dict[str, Any]] = {
    Unit: {"id": 424242, "sort_key": "chèn vào"},
    UnitHeader: {"id": 424242},
    SigningAuthority: {"id": 424242, "revoked_by": 7},
    Post: {"id": 424242},
    SourceDocument: {"id": 424242, "search": "chèn vào"},
    ClarityProfile: {"id": 424242},
    Indicator: {"id": 424242, "version": 7},
    User: {"id": 424242, "password": "chèn vào", "login_count": 7, "fail_login_count": 7},
    Task: {"id": 424242, "evidence": "chèn vào", "version": 7, "search": "chèn vào"},
}
"""Table → what a new row must not hold, for nobody types it."""


@pytest.mark.parametrize(("path", "model", "typed"), ADDED, ids=[each[0] for each in ADDED])
def test_a_new_row_takes_its_own_columns_alone(stage: Stage, path: str, model: Any, typed: dict[str, Any]) -> None:
    client, token = stage.people["admin"]
    answer = client.post(path, data={**hostile(model), **typed, "csrf_token": token})
    assert answer.status_code == 302, answer.text
    added = row(stage, model, int(str(answer.location).rpartition("/")[2]))
    stage.reset()
    assert {column: added[column] for column, value in NEVER_GIVEN[model].items() if added[column] == value} == {}
    assert added.get("assigned_at") is None
    assert added.get("completed_on") is None


def test_a_report_is_begun_in_ones_own_name(stage: Stage) -> None:
    client, token = stage.people["clerk"]
    unit = stage.world["report"]["own draft"].more["unit"]
    typed = {"form": "monthly-report", "unit": unit, "task": "", "year": 2025, "number": 12, "csrf_token": token}
    answer = client.post("/submissions/new", data={**hostile(Submission), **typed})
    begun = row(stage, Submission, int(str(answer.location).rpartition("/")[2]))
    stage.reset()
    assert begun["case_id"] is None
    assert begun["created_by"] == stage.world["user"]["any"].key
    assert (begun["edition"], begun["title"] == "chèn vào", begun["id"] == 424242) == (0, False, False)


def test_ones_own_password_is_all_that_one_changes_there(stage: Stage) -> None:
    client, token = stage.people["clerk"]
    key = stage.world["user"]["any"].key
    before, new = row(stage, User, key), "mot cau khac that dai"
    typed = {"current": PASSWORD, "password": new, "again": new, "csrf_token": token}
    answer = client.post("/account/password", data={**hostile(User), **typed})
    after = row(stage, User, key)
    stage.reset()
    assert answer.status_code == 302
    assert changed(before, after) - STAMPS == {"password"}


# -- programs --------------------------------------------------------------------------------------------------

RESOURCES: list[tuple[str, str, Any, str, str]] = [
    ("UnitApi.put", "/api/v1/unit/", Unit, "unit", "own"),
    ("UnitHeaderApi.put", "/api/v1/unit-header/", UnitHeader, "unit_header", "any"),
    ("PostApi.put", "/api/v1/post/", Post, "post", "own"),
    ("HoldingApi.put", "/api/v1/holding/", Holding, "holding", "own"),
    ("TaskApi.put", "/api/v1/task/", Task, "task", "own open"),
    ("SourceDocumentApi.put", "/api/v1/source/", SourceDocument, "source", "any"),
    ("ClarityProfileApi.put", "/api/v1/clarity-profile/", ClarityProfile, "profile", "any"),
    ("IndicatorApi.put", "/api/v1/indicator/", Indicator, "indicator", "any"),
]


def not_taken(stage: Stage, model: Any, path: str) -> list[str]:
    """Keys that a resource does not take: by its own description of what it does."""
    told = stage.client("admin").get(f"{path}_info").get_json()
    taken = {each["name"] for each in told["add_columns"]}
    return sorted(set(hostile(model)) - taken)


@pytest.mark.parametrize("case", RESOURCES, ids=[each[1] for each in RESOURCES])
def test_a_program_that_names_what_is_not_taken_is_told_so(stage: Stage, case: tuple[str, str, Any, str, str]) -> None:
    put, path, model, kind, name = case
    client, token = stage.people["admin"]
    thing, before = f"{path}{stage.world[kind][name].key}", row(stage, model, stage.world[kind][name].key)
    headers = {"X-CSRFToken": token, "If-Match": client.get(thing).headers["ETag"]}
    with stage.watched() as watch:
        for key in not_taken(stage, model, path):
            body = {**CHANGES[put], key: hostile(model)[key]}
            for answer in (
                client.put(thing, json=body, headers=headers),
                client.post(path, json=body, headers=headers),
            ):
                assert (answer.status_code, answer.get_json()["reason"]) == (422, "unknown_keys")
                assert key in answer.get_json()["message"]
    assert watch.kept == []
    assert row(stage, model, stage.world[kind][name].key) == before


@pytest.mark.parametrize("verb", ["assign", "note", "complete", "reopen"])
def test_a_verb_of_a_task_takes_its_own_keys_alone(stage: Stage, verb: str) -> None:
    client, token = stage.people["clerk"]
    thing = stage.world["task"]["own open"]
    for key in set(hostile(Task)) - {"version", "evidence"}:
        body = {**FORMS[f"TaskApi.{verb}"](thing, ""), key: hostile(Task)[key]}
        with stage.watched() as watch:
            answer = client.post(f"/api/v1/task/{thing.key}/{verb}", json=body, headers={"X-CSRFToken": token})
        assert (answer.status_code, watch.kept) == (422, []), key
        assert key in answer.get_json()["message"]
