"""A form that is wrong in one place is designed in all the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions.facts import facts_in

if TYPE_CHECKING:
    from flask import Flask

LABEL = {"vi": "Câu hỏi", "en": "Question"}
JUNK = [["text"], {"a": 1}, [], {}, None, 7, True, "no such kind"]


def names(app: Flask, *fields: Any) -> list[str]:
    """What the facts of a form with these fields are called."""
    with app.test_request_context():
        return [each[0] for each in facts_in({"sections": [{"key": "a", "fields": list(fields)}]})]


@pytest.mark.parametrize("junk", JUNK)
def test_a_field_without_a_kind_gives_no_facts_and_the_others_do(app: Flask, junk: Any) -> None:
    sound = {"name": "total", "type": "text", "label": LABEL}
    assert names(app, {"name": "x", "type": junk, "label": LABEL}, sound) == names(app, sound)


@pytest.mark.parametrize("junk", JUNK[:-1])
def test_a_column_without_a_name_gives_no_facts_and_the_others_do(app: Flask, junk: Any) -> None:
    column = {"name": "sum", "type": "integer", "label": LABEL}
    table = {"name": "rows", "type": "table", "label": LABEL, "columns": [column]}
    wrong = {**table, "columns": [{**column, "name": junk}, column, {**column, "type": junk}]}
    assert names(app, wrong) == names(app, table)
