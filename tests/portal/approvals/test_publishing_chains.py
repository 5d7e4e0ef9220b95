"""Publishing a chain for a province that is there: owners that nobody can ever be are refused at their paths."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import library, publishing
from workflows.errors import DefinitionError

if TYPE_CHECKING:
    from tests.portal.province import Province


def _chain() -> tuple[str, dict[str, Any]]:
    key, body = next(
        (key, body) for kind, key, body in library.shipped() if (kind, key) == ("chain", "provincial-report")
    )
    return key, copy.deepcopy(body)


@pytest.mark.parametrize(
    ("owner", "path", "code"),
    [
        ({"posts": ["chief"], "place": "own"}, "owner.posts[0]", "not_one_of"),
        ({"posts": ["head"], "place": "unit", "unit": "NOWHERE"}, "owner.unit", "no_such_unit"),
        ({"posts": ["registrar"], "place": "unit", "unit": "PC06"}, "owner.posts", "no_such_post"),
    ],
)
def test_owners_that_nobody_can_ever_be_are_refused(
    province: Province, owner: dict[str, Any], path: str, code: str
) -> None:
    key, body = _chain()
    body["stages"][0]["steps"][0]["owner"] = owner
    body["stages"][0]["steps"][0]["ladder"] = [{"at": 0, "to": owner}]
    with pytest.raises(DefinitionError) as caught:
        publishing.publish(province.session, actor="test", kind="chain", key=key, body=body)
    there = [f"stages[0].steps[0].{path}", f"stages[0].steps[0].{path.replace('owner', 'ladder[0].to')}"]
    assert [(each.path, each.code) for each in caught.value.findings] == [(each, code) for each in there]
    body["stages"][0]["steps"][0]["owner"] = {"posts": ["head"], "place": "unit", "unit": "PC06"}
    del body["stages"][0]["steps"][0]["ladder"]
    publishing.publish(province.session, actor="test", kind="chain", key=key, body=body)
