"""How long a document is kept: fixed when it is issued, told to archives, and over at the end of a year."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from portal.definitions.library import shipped
from portal.definitions.publishing import publish
from portal.documents import retention
from portal.documents.models import OfficialDocument
from portal.documents.retention import Retention, maintenance, maintenance_of, retention_of
from portal.security import today
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from tests.portal.province import Province

KEY = "provincial-report"


def with_retention(said: Any) -> dict[str, Any]:
    """The shipped template, and how long its documents are kept."""
    body = deepcopy(next(body for kind, key, body in shipped() if (kind, key) == ("document", KEY)))
    body["metadata"]["retention"] = said
    return body


def kept(kind: str | None, until: date | None = None) -> OfficialDocument:
    return OfficialDocument(issued_on=date(2025, 3, 1), retention_kind=kind, kept_until=until)


def test_years_are_counted_to_the_end_of_a_year() -> None:
    day = date(2025, 3, 1)
    assert retention_of({"retention": {"years": 10}}, day) == Retention("years", date(2035, 12, 31))
    assert retention_of({"retention": "permanent"}, day) == Retention("permanent", None)
    assert retention_of({}, day) == Retention(None, None)


def test_archives_are_told_it_where_it_is_known_and_the_same_for_all() -> None:
    ten, good, unknown = kept("years", date(2035, 12, 31)), kept("permanent"), kept(None)
    assert [maintenance(each) for each in (ten, good, unknown)] == ["10 năm", "Vĩnh viễn", ""]
    assert [maintenance_of(each) for each in ([ten, ten], [ten, good], [])] == ["10 năm", "", ""]


def test_no_template_that_ships_claims_to_know_it() -> None:
    bodies = [body for kind, _key, body in shipped() if kind == "document"]
    assert [body for body in bodies if "retention" in body["metadata"]] == []


@pytest.mark.parametrize("said", ["for-ever", {"years": 0}, {"years": 101}, {"years": "10"}, {}, {"months": 3}, 10])
def test_what_is_no_time_is_found_before_it_is_published(province: Province, said: Any) -> None:
    with pytest.raises(DefinitionError) as found:
        publish(province.session, actor="test", kind="document", key=KEY, body=with_retention(said))
    assert {each.path.partition(".retention")[0] for each in found.value.findings} == {"metadata"}


def test_a_document_is_kept_as_its_template_said_when_it_was_issued(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = province.session
    publish(session, actor="test", kind="document", key=KEY, body=with_retention({"years": 2}))
    province.approved()
    (document,) = session.scalars(select(OfficialDocument))
    publish(session, actor="test", kind="document", key=KEY, body=with_retention("permanent"))
    last = date(today().year + 2, 12, 31)
    assert (document.retention, document.kept_until) == (retention.RUNNING, last)
    for day, state in ((last, retention.RUNNING), (date(last.year + 1, 1, 1), retention.OVER)):
        monkeypatch.setattr(retention, "today", lambda day=day: day)
        session.refresh(document)
        assert document.retention == state
