"""Any form that can be published, drawn by chance: on its way through the designer, YAML and REST to the clerk."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from portal.definitions import publishing
from portal.definitions.outline import tree_of
from portal.definitions.panels import edited, shown
from portal.definitions.reading import read_yaml
from portal.definitions.shapes.forms import FORM
from tests import cast
from tests.portal.definitions.test_designing import typed
from tests.random_forms import bodies
from tests.web import own_form
from tests.web.calls import send
from tests.web.definition_calls import ALL, told
from tests.web.report_page import Page, address, filled_in, saving
from tests.web.report_page import send as send_report
from tests.web.rows import stored
from workflows.forms import parse_form, sample, settle, write
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from tests.conftest import Visit
    from tests.portal.province import Province

    Prepare = Callable[[Callable[[Province], int]], int]

FEW = settings(
    max_examples=5,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
"""Each example is a dozen requests; the rules alone have a hundred examples each in other tests."""

SOURCES = {"units", "posts", "tasks"}


def listed(body: dict[str, Any]) -> bool:
    """Whether every question lists its own answers: what the portal offers depends on the unit."""
    fields = [field for section in body["sections"] for field in section["fields"]]
    return not any(each.get("from") in SOURCES for field in fields for each in (field, *field.get("columns", ())))


def junk(draw: Any, form: dict[str, str]) -> dict[str, str]:
    """Anything typed over the answers of a page."""
    words = st.sampled_from(
        ["", "x", "-1", "1,5", "99999999999999999999", "31/02/2025", "{{1}}", "<b>", "\u202e", "NaN"]
    )
    own = {"csrf_token", "edition", "version", "idempotency_key", "then"}
    return {name: text if name in own else draw(words) for name, text in form.items()}


@given(bodies())
def test_every_panel_of_any_form_gives_back_what_it_shows(body: dict[str, Any]) -> None:
    for knot in tree_of(FORM, body):
        parts = knot.shape.parts(knot.thing)
        done = edited(knot.shape, knot.thing, typed(shown(parts, knot.thing)))
        assert (done.thing, done.unread) == (knot.thing, {}), knot.path


@FEW
@given(body=bodies(most=5))
def test_any_form_is_the_same_by_rest_by_yaml_and_can_be_looked_at(visit: Visit, body: dict[str, Any]) -> None:
    designer = visit(cast.DESIGNER)
    draft, page = f"{ALL}form/random/draft", "/definitions/form/random"
    begun = told(send(designer, "POST", draft, body), 201)["result"]
    assert told(designer.get(f"{draft}/check")) == {"findings": [], "sound": True}
    assert told(designer.get(draft))["result"]["body"] == body
    assert read_yaml(designer.get(f"{page}/0/yaml").text) == body
    for look in ("draft/design", "draft/preview", "draft/preview?sample=1", "draft/preview?print=1"):
        assert designer.get(f"{page}/{look}").status_code == 200, look
    told(send(designer, "POST", f"{draft}/discard", {"edition": begun["edition"]}))


NUMBERS = count()


@FEW
@given(body=bodies(most=5).filter(listed), data=st.data())
def test_any_form_keeps_the_answers_that_pass_and_gives_back_those_that_do_not(
    visit: Visit, portal: Flask, prepare: Prepare, body: dict[str, Any], data: st.DataObject
) -> None:
    number = next(NUMBERS)
    period = Period(PeriodKind.MONTH, 2000 + number // 12, number % 12 + 1)

    def opened(province: Province) -> int:
        said = {**body, "key": own_form.KEY}
        publishing.publish(province.session, actor="admin", kind="form", key=own_form.KEY, body=said)
        return own_form.opened(province, period)

    report, clerk = prepare(opened), visit(cast.CLERK)
    form = parse_form(body)
    values = sample(form, number, period.window.end, period.window)
    answer = send_report(clerk, report, filled_in(clerk, report) | write(form, values))
    assert answer.status_code == 302, Page(answer.text).words
    kept, unasked = stored(portal, report), settle(form, values).hidden
    assert dict(kept.values) == {name: said for name, said in values.items() if name not in unasked}
    wrong = junk(data.draw, Page(clerk.get(address(report)).text).forms[saving(report)])
    for then in ("save", "submit"):
        again = {**wrong, "edition": Page(clerk.get(address(report)).text).forms[saving(report)]["edition"]}
        assert send_report(clerk, report, again, then).status_code in {302, 409, 422}
    assert clerk.get(address(report)).status_code == 200
