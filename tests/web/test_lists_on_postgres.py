"""Every list answers on PostgreSQL as well: its page, a later page, and in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import Visitor
from tests.portal.province import Province
from tests.web.test_statements import lists

if TYPE_CHECKING:
    from flask import Flask


@pytest.mark.postgres
def test_what_no_text_can_hold_is_refused_as_a_filter(portal_on_postgres: Flask) -> None:
    admin = Visitor(portal_on_postgres.test_client())
    admin.sign_in("admin")
    for address, column in (("unit", "name_vi"), ("task", "title"), ("submission", "title")):
        asked = f"(filters:!((col:{column},opr:ct,value:'a\0b')))"
        assert admin.get(f"/api/v1/{address}/", query_string={"q": asked}).status_code == 400
    assert admin.get("/units/list/", query_string={"q": "a\0b"}).status_code < 500


@pytest.mark.postgres
def test_every_list_answers_whoever_asks(portal_on_postgres: Flask) -> None:
    database = portal_on_postgres.extensions["trinh"]["database"]
    with portal_on_postgres.app_context():
        Province(database.session()).approved()
        database.session.commit()
        database.session.remove()
    statuses = {}
    for username in ("admin", "clerk", "outsider"):
        visitor = Visitor(portal_on_postgres.test_client())
        assert visitor.sign_in(username).status_code == 302
        for address, view in lists(portal_on_postgres):
            order = view.order_columns[0]
            further = f"?q=(page:1,page_size:2,order_column:{order},order_direction:desc)"
            for asked in ("", further if "/api/" in address else f"?page=1&sort=-{order}"):
                statuses[username, address + asked] = visitor.get(address + asked).status_code
    assert {each for each in statuses.values() if each != 403} == {200}, statuses
    assert {status for (username, _), status in statuses.items() if username == "admin"} == {200}
