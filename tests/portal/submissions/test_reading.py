"""Readers see each answer beside the round before and the period before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask_babel import Babel

from portal.submissions.reading import Answer, Earlier, answers_of
from portal.submissions.rounds import approved_before, file_hashes, frozen_values, versions
from tests.portal.province import REVIEWERS
from tests.workflows.paper import field, form
from workflows.actions import Return
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.portal.province import Province

COLUMN = {"name": "what", "type": "text", "label": {"vi": "Việc", "en": "What"}}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Sentences without catalogues are their English sources."""
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        yield


def only(values: Any, *, was: Any = ..., before: Any = None, hashes: Any = None, **options: Any) -> Answer:
    """The one answer of a form of one field, as it is shown."""
    paper = form(field(**{"kind": "integer", **options}))
    last = None if was is ... else {} if was is None else {"f": was}
    earlier = Earlier(last, {} if before is None else {"f": before}, hashes or {})
    ((_title, (answer,)),) = answers_of(paper, {} if values is None else {"f": values}, earlier, paper.fields)
    return answer


def test_a_first_round_has_nothing_to_be_compared_with() -> None:
    assert not only(4).changed


def test_a_changed_answer_says_what_it_was() -> None:
    answer = only(4, was=3)
    assert (answer.changed, answer.was, answer.text) == (True, "3", "4")
    assert not only(4, was=4).changed


def test_an_answer_given_anew_or_taken_back_is_a_change() -> None:
    assert only(4, was=None).was == "not answered"
    gone = only(None, was=3)
    assert (gone.changed, gone.was, gone.text) == (True, "3", "")


def test_a_figure_of_another_day_is_told_by_its_day() -> None:
    before, after = ({"value": 4, "as_of": day} for day in ("2025-01-14", "2025-01-31"))
    answer = only(after, was=before, as_of=True)
    assert (answer.was, answer.now) == ("4 as of 14/01/2025", "4 as of 31/01/2025")


def test_nothing_to_report_is_an_answer_like_another() -> None:
    nothing = {"nothing": True, "reason": "no cases"}
    answer = only(4, was=nothing, nothing_to_report=True)
    assert answer.was == "Nothing to report: no cases"
    assert only(nothing, was=nothing, nothing_to_report=True).nothing


def test_rows_of_a_table_are_new_or_gone() -> None:
    table = {"kind": "table", "columns": [COLUMN]}
    answer = only([{"what": "b"}, {"what": "c"}], was=[{"what": "a"}, {"what": "b"}], **table)
    assert (answer.changed, answer.new_rows, answer.lost_rows) == (True, frozenset({1}), (("a",),))
    assert not only([{"what": "a"}], was=[{"what": "a"}], **table).changed


def test_files_are_told_apart_by_their_content() -> None:
    hashes = {"1": "same", "2": "same", "3": "other"}
    assert not only(["2"], was=["1"], hashes=hashes, kind="attachment").changed
    assert only(["3"], was=["1"], hashes=hashes, kind="attachment").changed


@pytest.mark.parametrize(
    ("options", "before", "value", "difference", "direction"),
    [
        ({"kind": "integer"}, 5, 4, "−1 (−20,00 %)", "down"),
        ({"kind": "integer"}, 0, 4, "+4", "up"),
        ({"kind": "integer"}, 4, 4, "unchanged", ""),
        (
            {"kind": "ratio"},
            {"numerator": 1, "denominator": 4},
            {"numerator": 1, "denominator": 2},
            "+25,00 percentage points",
            "up",
        ),
        ({"kind": "score"}, {"value": "58.2"}, {"value": "60.74"}, "+2,54 points", "up"),
        ({"kind": "rank"}, {"rank": 57, "total": 63}, {"rank": 54, "total": 63}, "up 3 places", "up"),
        ({"kind": "rank"}, {"rank": 54, "total": 63}, {"rank": 55, "total": 63}, "down 1 place", "down"),
        ({"kind": "text"}, "a", "b", "", ""),
    ],
)
def test_figures_are_set_beside_the_period_before(
    options: Any, before: Any, value: Any, difference: str, direction: str
) -> None:
    answer = only(value, before=before, **options)
    assert (answer.difference, answer.direction) == (difference, direction)


def test_the_period_before_counts_once_it_is_approved(province: Province) -> None:
    december = province.draft(Period(PeriodKind.MONTH, 2024, 12))
    january = province.draft(Period(PeriodKind.MONTH, 2025, 1))
    assert approved_before(province.session, january) == {}
    folder = province.hand_in(december)
    for username in REVIEWERS:
        folder = province.approve(username, folder)
    province.session.flush()
    assert approved_before(province.session, january)["index_766"]["value"] == "60.74"


def test_a_round_names_its_files_by_content(province: Province) -> None:
    report = province.draft()
    folder = province.hand_in(report)
    province.act("head", folder, Return(folder.case.version, "Bổ sung"))
    (first,) = versions(province.session, report)
    assert file_hashes(first) == {}
    assert frozen_values(first)["meetings"] == 2
