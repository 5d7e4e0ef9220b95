"""A form and a chain whose every name is made to break something, at work: filled in, handed in, read, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal.definitions import publishing
from portal.definitions.library import shipped_bodies
from portal.demo.journey import JANUARY
from tests.hostile import NAMES, asking, bones, both, mild, taken, words
from tests.portal.province import FEBRUARY
from tests.web import own_form
from tests.web.report_page import address, filled_in, send

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.conftest import Visit, Visitor
    from tests.portal.province import Province
    from workflows.periods import Period

    Prepare = Callable[[Callable[[Province], int]], int]

FORM, CHAIN = own_form.KEY, "provincial-report"
COMPARE = f"/definitions/form/{FORM}/compare"


def in_force(prepare: Prepare, several: Sequence[str], period: Period) -> int:
    """A form and a chain with these names come into force, and the clerk opens a report."""
    chain = shipped_bodies()["chain", CHAIN]
    stages = [
        {**stage, "name": both(name), "steps": [{**step, "name": both(name)} for step in stage["steps"]]}
        for stage, name in zip(chain["stages"], several, strict=False)
    ]

    def deed(province: Province) -> int:
        bodies = [("form", FORM, asking(several, FORM)), ("chain", CHAIN, {**chain, "name": both(several[-1])})]
        bodies[1][2]["stages"] = stages
        for kind, key, body in bodies:
            publishing.publish(province.session, actor="admin", kind=kind, key=key, body=body)
        return own_form.opened(province, period)

    return prepare(deed)


def pages_of(clerk: Visitor, head: Visitor, report: int, count: int) -> list[Any]:
    """The bones of what the clerk fills in, what he is told when it is wrong, and what is read afterwards."""
    empty = clerk.get(address(report)).text
    wrong = send(clerk, report, filled_in(clerk, report, f0="x"), "submit")
    assert wrong.status_code == 422
    done = send(clerk, report, filled_in(clerk, report, **{f"f{at}": "1" for at in range(count)}), "submit")
    assert done.status_code == 302, done.text
    return [
        bones(each) for each in (empty, wrong.text, clerk.get(address(report)).text, head.get(address(report)).text)
    ]


@pytest.mark.parametrize("technique", NAMES)
def test_names_are_letters_to_whoever_fills_in_reads_and_compares(
    visit: Visit, prepare: Prepare, technique: str
) -> None:
    hostile = taken(words(technique))
    clerk, head, designer = visit("clerk"), visit("head"), visit("designer")
    found = [
        pages_of(clerk, head, in_force(prepare, several, period), len(several))
        for several, period in ((mild(hostile), JANUARY), (hostile, FEBRUARY))
    ]
    assert found[0] == found[1]
    there, back = (designer.get(f"{COMPARE}?from={one}&to={two}").text for one, two in ((2, 3), (3, 2)))
    assert bones(there) == bones(back)
