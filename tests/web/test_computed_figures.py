"""Computed figures on the way of a report: shown while it is written, frozen with it, compared, printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from portal.approvals import recording
from portal.documents.content import FiguresTable
from portal.submissions.models import Submission
from tests.portal.province import FEBRUARY, REVIEWERS
from tests.web import own_form
from tests.web.report_page import Page, address, filled_in, send
from tests.workflows.paper import field, label
from workflows.actions import Reject

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Visit, Visitor
    from tests.portal.province import Province

    Prepare = Callable[[Callable[[Province], Any]], Any]

JSON = {"Accept": "application/json"}


def figure(name: str, formula: object, **options: object) -> dict[str, object]:
    return field("computed", name, formula=formula, printed=True, **{"label": label(name), **options})


def opened(prepare: Prepare) -> int:
    """The key of a report on a form with computed figures."""

    def deed(province: Province) -> int:
        own_form.publish(
            province,
            field("integer", "done"),
            field("integer", "late"),
            figure("all", {"sum": ["done", "late"]}, unit=label("việc")),
            figure("share", {"ratio": {"numerator": "done", "denominator": "all"}}),
            figure("more", {"change": "all"}),
        )
        return own_form.opened(province)

    key: int = prepare(deed)
    return key


def hand_in(clerk: Visitor, report: int, **typed: str) -> None:
    assert send(clerk, report, filled_in(clerk, report, **typed), "submit").status_code == 302


def shown(page: str, name: str) -> str:
    found = re.search(rf'<output id="i-{name}"[^>]*>([^<]*)</output>', page)
    assert found
    return found[1]


def approve(province: Province, report: int) -> None:
    case = province.session.get_one(Submission, report).case
    assert case is not None
    folder = recording.read(province.session, case)
    for username in REVIEWERS:
        folder = province.approve(username, folder)


def test_what_is_computed_is_shown_as_it_is_saved_and_cannot_be_typed(visit: Visit, prepare: Prepare) -> None:
    report, clerk = opened(prepare), visit("clerk")
    page = clerk.get(address(report)).text
    assert shown(page, "all") == "–"
    assert "all" not in Page(page).forms[f"/submissions/save/{report}"]
    form = filled_in(clerk, report, done="3", late="1", all="99")
    saved = send(clerk, report, form, headers=JSON).json
    assert saved["computed"] == {"all": "4", "share": "3/4 (75,00 %)", "more": ""}
    page = clerk.get(address(report)).text
    assert (shown(page, "all"), shown(page, "share")) == ("4", "3/4 (75,00 %)")
    assert "còn thiếu" not in Page(page).words


def test_what_was_computed_is_frozen_read_and_printed(visit: Visit, prepare: Prepare) -> None:
    report, clerk = opened(prepare), visit("clerk")
    hand_in(clerk, report, done="3", late="1")
    assert prepare(lambda province: own_form.frozen(province, report)) == {
        "done": 3,
        "late": 1,
        "all": "4",
        "share": {"numerator": "3", "denominator": "4"},
    }
    read = Page(visit("head").get(address(report)).text).words
    assert "4 việc" in read
    assert "3/4 (75,00 %)" in read
    (figures,) = prepare(lambda province: own_form.printed(province, report))
    assert isinstance(figures, FiguresTable)
    assert [(row.label, row.value, row.unit) for row in figures.figures] == [
        ("all", "4", "việc"),
        ("share", "3/4 (75,00\u00a0%)", ""),
    ]


def test_a_figure_is_compared_with_the_period_before_and_stays_as_it_was_handed_in(
    visit: Visit, prepare: Prepare
) -> None:
    january, clerk = opened(prepare), visit("clerk")
    hand_in(clerk, january, done="3", late="1")
    february = prepare(lambda province: own_form.opened(province, FEBRUARY))
    assert send(clerk, february, filled_in(clerk, february, done="9"), headers=JSON).json["computed"]["more"] == ""
    prepare(lambda province: approve(province, january) or 0)
    assert shown(clerk.get(address(february)).text, "more") == "5"
    hand_in(clerk, february)
    assert prepare(lambda province: own_form.frozen(province, february))["more"] == "5"
    (figures,) = prepare(lambda province: own_form.printed(province, february))
    assert {row.label: row.previous for row in figures.figures} == {
        "all": "4",
        "share": "3/4 (75,00\u00a0%)",
        "more": "",
    }
    assert "+5 (+125,00 %)" in Page(visit("head").get(address(february)).text).words


def test_a_report_after_a_rejected_one_computes_anew(visit: Visit, prepare: Prepare) -> None:
    report, clerk = opened(prepare), visit("clerk")
    hand_in(clerk, report, done="3", late="1")

    def again(province: Province) -> int:
        case = province.session.get_one(Submission, report).case
        assert case is not None
        folder = recording.read(province.session, case)
        province.act("head", folder, Reject(folder.case.version, "Sai"))
        key = own_form.opened(province)
        assert province.session.get_one(Submission, key).values == {"done": 3, "late": 1}
        return key

    assert shown(clerk.get(address(prepare(again))).text, "all") == "4"
