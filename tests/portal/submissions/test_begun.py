"""A draft begun from a list: what it is given, what its page says of that, and how many of them a period takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from portal.demo.journey import JANUARY
from portal.submissions import rounds, service
from portal.submissions.beginning import Begun
from portal.submissions.wiring import BEGUN_FROM
from tests.web import own_form
from tests.workflows.paper import field
from workflows.actions import Reject
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.submissions.models import Submission
    from tests.conftest import Visit
    from tests.portal.province import Province

LIST = Begun("test-list", "7", "danh sách <chậm>", {"units_asked": 37, "units_done": 6, "source": "kế hoạch"})


def begin(province: Province, begun: Begun | None = LIST) -> Submission:
    clerk = province.actor("clerk")
    report = service.open_report(province.session, clerk, min(clerk.own_units), own_form.KEY, JANUARY, begun=begun)
    province.session.commit()
    return report


def publish(province: Province, **options: object) -> None:
    own_form.publish(
        province,
        field("integer", "asked", given="units_asked", default=1),
        field("integer", "done", given="units_done", min=7),
        field("text", "source", given="source", pattern={"matches": "[0-9]+/.+", "message": {"vi": "x", "en": "x"}}),
        field("text", "contact", prefill="last"),
        **options,
    )
    province.session.commit()


def test_a_draft_has_what_fits_of_the_facts_and_says_where_it_is_from(
    province: Province, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BEGUN_FROM, "test-list", lambda key: f"/lists/{key}")
    publish(province)
    report = begin(province)
    assert report.values == {"asked": 37}
    assert (report.begun_kind, report.begun_key) == ("test-list", "7")
    page = visit("clerk").get(f"/submissions/show/{report.id}").text
    assert '<a href="/lists/7">danh sách &lt;chậm&gt;</a>' in page


def test_a_form_for_many_takes_another_in_the_same_period_and_nothing_by_mistake(province: Province) -> None:
    publish(province, per_period="many")
    first = begin(province, None)
    service.save(province.session, province.actor("clerk"), first, {"asked": "3", "contact": "An"}, first.edition)
    folder = province.hand_in(first)
    assert begin(province).values == {"asked": 37, "contact": "An"}
    province.act("head", folder, Reject(folder.case.version, "Không đúng"))
    again = begin(province, None)
    assert again.values == {"asked": 1}
    assert rounds.approved_before(province.session, again) == {}


def test_a_form_for_one_takes_a_second_one_from_no_list_either(province: Province) -> None:
    publish(province)
    first = begin(province, None)
    with pytest.raises(Refusal) as refused:
        begin(province)
    assert (refused.value.code, refused.value.params["submission_id"]) == ("already_opened", first.id)
