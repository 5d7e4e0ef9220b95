"""Flask-AppBuilder held closed: whatever is registered is ours, shows named columns, and never a secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.sqla.models import Role, User
from sqlalchemy.sql.elements import True_

from portal.data import SCOPES, SECRET_COLUMNS, PortalData
from portal.idempotency import IdempotencyKey
from portal.rest import PortalApi, PortalOpenApi, PortalReadApi
from portal.security import Actor
from portal.views import PortalListView, PortalModelView, PortalView
from tests import cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from tests.conftest import Visit

OURS = (PortalView, PortalModelView, PortalApi)
ALLOWED = {PortalOpenApi: "reads only the descriptions of the others"}
CLOSED = re.compile(r"/(action|action_post|download|delete|security|swagger|lang|chart|api/readview)\b|^/register/")
SEEN_WITH_THEIR_ROW = {
    ("DocumentView", "file"),  # the PDF of that very document
    ("DocumentApi", "file.sha256"),
    ("IncomingApi", "file.sha256"),  # the scan of that very arrival
    ("IncomingApi", "answer.number"),  # how an arrival was answered is said to whoever reads it, and no more than that
    ("IncomingApi", "answer.symbol"),
    ("IncomingApi", "answer.document_id"),
    ("IncomingHandlingView", "answer"),
    # who signed a document, and with which certificate, stands in its file and is said to whoever reads it
    *(("SignatureApi", f"certificate.{fact}") for fact in ("common_name", "serial", "sha256")),
    *(("SignatureApi", column) for column in ("slot.place", "slot.name", "file.sha256")),
    *(("CopyApi", f"entry.{column}") for column in ("state", "copies", "sent_on", "received_by")),  # its own line
    *(  # whoever sees one of two linked documents is told number and date of the other, and no more than that
        ("DocumentLinkApi", f"{end}.{column}")
        for end in ("earlier", "later")
        for column in ("number", "symbol", "dated_on", "document_id")
    ),
    ("RecallNoticeView", "link"),  # the recall that the notice tells of
    ("SubmissionApi", "case.status"),  # the case of that very report; whoever sees one sees the other
}
HASH = re.compile(r"scrypt:|pbkdf2:|\$argon2")
COLUMN_LISTS = (
    "list_columns",
    "show_columns",
    "add_columns",
    "edit_columns",
    "search_columns",
    "order_columns",
    "list_select_columns",
    "show_select_columns",
    "filter_columns",
)


def views(app: Flask) -> list[Any]:
    registered: list[Any] = app.extensions["appbuilder"].baseviews
    assert len(registered) > 25
    return registered


def with_data(app: Flask) -> Iterator[Any]:
    return (view for view in views(app) if isinstance(view, PortalModelView | PortalApi))


def named_columns(view: Any) -> set[str]:
    return {column for name in COLUMN_LISTS for column in getattr(view, name, None) or ()}


def leaf(data: Any, column: str) -> tuple[Any, str]:
    """The model and the column that a dotted name ends at."""
    *relations, last = column.split(".")
    model = data.obj
    for relation in relations:
        model = SQLAInterface(model).get_related_model(relation)
    return model, last


def test_every_view_derives_from_ours(app: Flask) -> None:
    foreign = [type(view).__name__ for view in views(app) if not isinstance(view, OURS) and type(view) not in ALLOWED]
    assert foreign == []


def test_every_view_of_rows_reads_them_through_a_scope(app: Flask) -> None:
    loose = [
        type(view).__name__
        for view in with_data(app)
        if not isinstance(view.datamodel, PortalData) or view.datamodel.obj not in SCOPES
    ]
    assert loose == []


def test_every_relation_that_is_shown_or_chosen_has_a_scope(app: Flask) -> None:
    loose = [
        (type(view).__name__, column)
        for view in with_data(app)
        for column in named_columns(view)
        if view.datamodel.is_relation(column.split(".")[0])
        and view.datamodel.get_related_model(column.split(".")[0]) not in SCOPES
    ]
    assert loose == []


def test_rows_within_rows_are_of_tables_that_everyone_signed_in_may_see(app: Flask) -> None:
    """A relation is shown whole, whatever its reader may see, so none leads to rows that are for some."""
    anyone = Actor(user_id=1, username="", full_name="")
    hidden = [
        (type(view).__name__, column)
        for view in with_data(app)
        for column in {*view.list_columns, *view.show_columns}
        if view.datamodel.is_relation(column.split(".")[0])
        and not isinstance(SCOPES[view.datamodel.get_related_model(column.split(".")[0])](anyone), True_)
    ]
    assert set(hidden) == SEEN_WITH_THEIR_ROW


def test_a_screen_without_its_columns_is_refused_at_start() -> None:
    class Careless(PortalModelView):
        datamodel = PortalData(User)
        list_columns = ["username"]  # noqa: RUF012 - as screens do

    with pytest.raises(TypeError, match="must name its show_columns, add_columns, edit_columns"):
        Careless()


def test_rest_without_its_columns_is_refused_at_start() -> None:
    class Careless(PortalApi):
        datamodel = PortalData(User)

    with pytest.raises(TypeError, match="must name its list_columns, show_columns, add_columns, edit_columns"):
        Careless()


def test_a_screen_past_the_scopes_is_refused_at_start() -> None:
    class Loose(PortalModelView):
        datamodel = SQLAInterface(Role)
        list_columns = show_columns = add_columns = edit_columns = ["name"]  # noqa: RUF012 - as screens do

    with pytest.raises(TypeError, match="must be a PortalData"):
        Loose()


def test_a_table_without_a_scope_has_no_data_interface() -> None:
    with pytest.raises(TypeError, match="IdempotencyKey has no scope"):
        PortalData(IdempotencyKey)


def test_no_secret_is_among_the_columns_of_any_screen_or_api(app: Flask) -> None:
    shown = [
        (type(view).__name__, column)
        for view in with_data(app)
        for column in named_columns(view)
        if SECRET_COLUMNS & set(column.split("."))
    ]
    assert shown == []
    assert {"password", "key_hash"} <= SECRET_COLUMNS


def test_rest_shows_of_a_relation_only_named_columns(app: Flask) -> None:
    whole = [
        (type(view).__name__, column)
        for view in with_data(app)
        if isinstance(view, PortalApi)
        for column in (*view.list_columns, *view.show_columns)
        if view.datamodel.is_relation(column)
    ]
    assert whole == []


def test_every_named_column_exists(app: Flask) -> None:
    missing = [
        (type(view).__name__, column)
        for view in with_data(app)
        for column in named_columns(view)
        if not hasattr(*leaf(view.datamodel, column))
    ]
    assert missing == []


def test_nobody_types_a_foreign_key(app: Flask) -> None:
    keys = [
        (type(view).__name__, column)
        for view in with_data(app)
        for column in {*view.add_columns, *view.edit_columns}
        if view.datamodel.is_fk(column) or view.datamodel.is_pk(column)
        if not isinstance(view, PortalListView | PortalReadApi)
    ]
    assert keys == []


def test_no_view_has_an_action(app: Flask) -> None:
    assert {type(view).__name__: view.actions for view in views(app) if getattr(view, "actions", None)} == {}


def test_no_route_of_an_action_download_deletion_or_second_sign_in_exists(app: Flask) -> None:
    rules = [str(rule) for rule in app.url_map.iter_rules() if rule.endpoint != "appbuilder.static"]
    assert [rule for rule in rules if CLOSED.search(rule)] == []
    assert [rule for rule in app.url_map.iter_rules() if "DELETE" in (rule.methods or ())] == []


def test_nothing_is_exempt_from_csrf_but_what_a_program_hands_in_by_its_token(app: Flask) -> None:
    csrf, handed_in = app.extensions["csrf"], "portal.signatures.plugin_views.hand_in"
    assert (csrf._exempt_views, csrf._exempt_blueprints) == ({handed_in}, set())
    assert app.config["WTF_CSRF_METHODS"] == {"POST", "PUT", "PATCH", "DELETE"}
    assert app.config["WTF_CSRF_CHECK_DEFAULT"]


def test_no_page_and_no_answer_holds_a_hash(portal: Flask, visit: Visit) -> None:
    admin, read = visit(cast.ADMIN), 0
    for view in with_data(portal):
        base = f"/api/v1/{view.resource_name}" if isinstance(view, PortalApi) else view.route_base
        routes = ("/", "/1", "/_info") if isinstance(view, PortalApi) else ("/list/", "/show/1", "/edit/1", "/add")
        for route in routes:
            with admin.get(base + route) as answer:
                assert not HASH.search(answer.text), base + route
                assert cast.PASSWORD not in answer.text
                read += answer.status_code == 200
    print(f"{read} pages and answers read")
    assert read > 50


def test_rest_shows_the_keys_that_were_named_and_no_others(portal: Flask, visit: Visit) -> None:
    admin = visit(cast.ADMIN)
    for view in with_data(portal):
        if isinstance(view, PortalApi):
            for row in admin.get(f"/api/v1/{view.resource_name}/").json["result"]:
                rows = {
                    key for key, value in row.items() if isinstance(value, dict) and view.datamodel.is_relation(key)
                }
                found = {f"{key}.{inner}" for key in rows for inner in row[key]} | (row.keys() - rows)
                assert found <= {*view.list_columns, *(column.split(".")[0] for column in view.list_columns)}
