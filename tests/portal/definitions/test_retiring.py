"""Taking a key out of use: what is needed stays, what runs goes on, and nothing comes back by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.definitions import drafting, publishing, service, usage
from portal.definitions.beginnings import beginning, renamed
from portal.definitions.drafting import begin, publish_draft
from portal.definitions.publishing import publish, publish_shipped, retire
from portal.definitions.usage import Use, named_by, needed_by, uses
from portal.security import Actor
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.definitions.models import Definition
    from tests.portal.province import Province

DESIGNER = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({drafting.WRITE, publishing.PUBLISH}))
NAME = {"vi": "Của tỉnh", "en": "Our own"}
OF_ANYBODY = {"not": {"eq": [{"fact": "unit.kind"}, "none"]}}
"""A condition, for two chains without one would leave it open which is meant."""
WHY = "Không dùng nữa"


def refused(province: Province, kind: str, key: str, *, seen: int = 1, reason: str = WHY) -> Refusal:
    """Why a key does not go out of use."""
    with pytest.raises(Refusal) as caught:
        retire(province.session, DESIGNER, kind, key, seen=seen, reason=reason)
    return caught.value


def out_of_use(province: Province, kind: str, key: str, seen: int = 1) -> None:
    """Take a key out of use."""
    retire(province.session, DESIGNER, kind, key, seen=seen, reason=WHY)


def own_form(province: Province, key: str = "of-our-own") -> Definition:
    """A form that no chain is for."""
    body = beginning("form", key, NAME)
    return publish(province.session, actor="test", kind="form", key=key, body=body)


def test_nothing_new_begins_with_it_and_every_version_stays(province: Province) -> None:
    own_form(province)
    out_of_use(province, "form", "of-our-own")
    with pytest.raises(Refusal, match="no_definition"):
        service.current(province.session, "form", "of-our-own")
    gone = service.version(province.session, "form", "of-our-own", 1)
    assert (gone.status, gone.retired_by, gone.retired_at is not None) == ("retired", "lan", True)
    assert "of-our-own" not in [each.key for each in service.all_current(province.session, "form")]


def test_all_versions_go_so_that_no_older_one_comes_back(province: Province) -> None:
    first = own_form(province)
    again = renamed("form", first.body, "of-our-own", {"vi": "Hai", "en": "Two"})
    publish(province.session, actor="test", kind="form", key="of-our-own", body=again)
    out_of_use(province, "form", "of-our-own", seen=2)
    assert [each.status for each in service.versions_of(province.session, "form", "of-our-own")] == ["retired"] * 2


def test_it_comes_back_as_a_version_of_its_own(province: Province) -> None:
    own_form(province)
    out_of_use(province, "form", "of-our-own")
    draft = begin(province.session, DESIGNER, "form", "of-our-own")
    assert publish_draft(province.session, DESIGNER, draft, 1, knows=1, why="Dùng lại").version == 2


def test_an_upgrade_brings_nothing_back_that_was_retired_here(province: Province) -> None:
    out_of_use(province, "chain", "urging-dispatch")
    publish_shipped(province.session)
    with pytest.raises(Refusal, match="no_definition"):
        service.current(province.session, "chain", "urging-dispatch")


def test_it_takes_a_reason_and_the_version_that_was_seen(province: Province) -> None:
    own_form(province)
    assert refused(province, "form", "of-our-own", reason="").code == "reason_required"
    assert refused(province, "form", "of-our-own", seen=2).code == "stale_version"
    assert refused(province, "form", "nothing-like-it").code == "no_definition"
    out_of_use(province, "form", "of-our-own")
    assert refused(province, "form", "of-our-own").code == "already_retired"


def test_the_calendar_of_the_portal_stays(province: Province) -> None:
    refusal = refused(province, "calendar", "vietnam")
    assert (refusal.code, refusal.params) == ("still_needed", {"things": ["vietnam"]})


def test_a_template_that_a_chain_names_stays(province: Province) -> None:
    assert refused(province, "document", "provincial-report").params == {"things": ["provincial-report"]}
    assert [(each.kind, each.key) for each in named_by(province.session, "document", "provincial-report")] == [
        ("chain", "provincial-report")
    ]


def test_a_chain_stays_while_a_form_has_no_other(province: Province) -> None:
    assert refused(province, "chain", "provincial-report").params == {"things": ["monthly-report"]}
    other = beginning("chain", "another", NAME) | {"forms": ["monthly-report"], "when": OF_ANYBODY}
    publish(province.session, actor="test", kind="chain", key="another", body=other)
    out_of_use(province, "chain", "provincial-report")


def test_a_template_stays_while_a_case_runs_towards_it(province: Province) -> None:
    province.submitted()
    other = beginning("chain", "another", NAME) | {"forms": ["monthly-report"], "when": OF_ANYBODY}
    publish(province.session, actor="test", kind="chain", key="another", body=other)
    out_of_use(province, "chain", "provincial-report")
    assert refused(province, "document", "provincial-report").params == {"things": ["provincial-report"]}


def test_uses_tell_what_runs_on_each_version(province: Province) -> None:
    province.draft()
    assert uses(province.session, "form", "monthly-report") == [Use("submission", 1, 1, 1)]
    assert uses(province.session, "chain", "provincial-report") == []
    assert uses(province.session, "calendar", "vietnam") == []


def test_uses_tell_what_is_over_and_what_is_not(province: Province) -> None:
    folder = province.submitted()
    assert uses(province.session, "chain", "provincial-report") == [Use("case", 1, 1, 1)]
    for who in ("head", "police.head", "chairman"):
        folder = province.approve(who, folder)
    assert uses(province.session, "chain", "provincial-report") == [Use("case", 1, 1, 0)]
    assert uses(province.session, "form", "monthly-report") == [Use("submission", 1, 1, 0)]
    assert uses(province.session, "document", "provincial-report") == [Use("document", 1, 1, 1)]


def test_what_needs_nothing_can_go(province: Province) -> None:
    own_form(province)
    assert needed_by(province.session, "form", "of-our-own") == []
    assert usage.USERS.keys() == {"form", "chain", "document"}
