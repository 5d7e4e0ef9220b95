"""What the forms of the gallery refuse, doubt and work out, and how a report takes the short way through a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from portal import patterns
from portal.definitions.gallery import process_of
from portal.submissions import asking
from portal.submissions import service as submissions
from tests.web import processes_at_work as at_work
from tests.web.sound_answers import typed_into
from workflows import forms
from workflows.periods import Period, PeriodKind

if TYPE_CHECKING:
    from tests.portal.province import Province

WINDOW = Period(PeriodKind.MONTH, 2025, 1).window
NOTHING = {"nothing": "yes", "reason": "Không có"}


def form_called(key: str) -> forms.Form:
    process = process_of(key)
    assert process is not None
    return forms.parse_form(process.bodies["form"])


def values_of(key: str, typed: dict[str, str]) -> dict[str, Any]:
    """What is stored when sound answers are typed but for these; of a table whose `nothing` is typed, no row is."""
    none = {name.partition(".")[0] for name in typed if name.endswith(".nothing")}
    sound = typed_into(form_called(key), WINDOW) | at_work.SAID.get(key, {})
    kept = {name: text for name, text in sound.items() if name.partition(".")[0] not in none}
    return dict(forms.read(form_called(key), {**kept, **typed}, WINDOW).values)


def said(key: str, typed: dict[str, str]) -> set[tuple[str, str, str]]:
    """Place, code or rule, and severity of what the gate says of answers."""
    form, values = form_called(key), values_of(key, typed)
    handed = forms.settle(form, values, {}).values
    context = forms.Context(WINDOW.end, WINDOW, (), patterns.matches)
    found = forms.check(form, handed, {}, context)
    return {(each.path, str(each.params.get("rule", each.code)), each.severity) for each in found}


def nothing(field: str) -> dict[str, str]:
    return {f"{field}.{part}": text for part, text in NOTHING.items()}


@pytest.mark.parametrize(
    ("key", "typed", "place", "why"),
    [
        ("weekly-update", nothing("overdue"), "overdue", "overdue-are-named"),
        ("weekly-update", {"in_software": "no", "why_not": ""}, "why_not", "required"),
        ("weekly-update", {"tasks_total": "5"}, "tasks_total", "sum_disagrees"),
        ("obstacle-report", {"solved": "2"}, "solved", "solved-are-old"),
        ("obstacle-report", nothing("obstacles"), "obstacles", "obstacles-are-named"),
        ("obstacle-report", {"to_government": ""}, "to_government", "required"),
        ("index-766", {"transparency.value": "18,01"}, "transparency.value", "above_maximum"),
        ("index-766", {"payment.value": "10,01"}, "payment.value", "above_maximum"),
        ("index-766", {"places_won": "-1", **nothing("weak")}, "weak", "a-lower-place-is-explained"),
        ("training-count", {"finished": "2"}, "finished", "finished-are-registered"),
        ("training-count", {"passed": "2"}, "passed", "passed-have-finished"),
        ("training-count", {"courses.0.registered": "3"}, "registered", "courses-make-the-registered"),
        ("six-month-review", {"online": "2"}, "online", "online-is-received"),
        ("six-month-review", {"online_before.value": "2"}, "online_before", "online-was-received"),
        ("six-month-review", {"due_last_quarter": "2"}, "due_last_quarter", "last-quarter-is-part"),
        (
            "two-signatory-plan",
            {f"contacts.1.{part}": "" for part in at_work.CONTACT},
            "contacts",
            "both-have-a-contact",
        ),
        ("deadline-extension", {"promise": "no"}, "promise", "there-is-a-promise"),
        ("deadline-extension", {"source": "kế hoạch 2433"}, "source", "pattern_missed"),
        ("deadline-extension", {"times": "2", "measures_since": ""}, "measures_since", "required"),
        ("urging-notice", {"new_due": "01/01/2025"}, "new_due", "a-later-date"),
        ("urging-notice", {"late_number": "2", "asked": "3"}, "late_number", "late-are-listed"),
        ("meeting-conclusions", {"conclusions_number": "2"}, "conclusions_number", "all-are-listed"),
        ("monthly-7-ro", nothing("overdue"), "overdue", "overdue-are-named"),
        ("monthly-7-ro", {"tasks.0.product": ""}, "tasks.0.product", "required"),
    ],
)
def test_answers_that_do_not_go_together_are_refused(key: str, typed: dict[str, str], place: str, why: str) -> None:
    assert (place, why, "error") in said(key, typed)
    assert place not in {path for path, _, severity in said(key, {}) if severity == "error"}


@pytest.mark.parametrize(
    ("key", "typed", "place", "why"),
    [
        ("index-766", {"published.value": "60,74"}, "published", "groups-make-the-total"),
        ("six-month-review", {"due_last_quarter": "1"}, "due_last_quarter", "not-all-at-the-end"),
        ("deadline-extension", {"extension.to": "31/12/2025"}, "extension", "not-too-long"),
        ("meeting-conclusions", {"attended.denominator": "3"}, "attended", "most-came"),
        ("pilot-survey", {"land_result.numerator": "0"}, "land_result", "land-shows-something"),
    ],
)
def test_what_looks_wrong_is_doubted_and_not_refused(key: str, typed: dict[str, str], place: str, why: str) -> None:
    found = said(key, typed)
    assert (place, why, "warning") in found
    assert not [each for each in found if each[2] == "error"]


SIX_GROUPS = {
    "transparency.value": "11,5",
    "progress.value": "15,24",
    "digitisation.value": "9",
    "services.value": "6",
    "payment.value": "4,5",
    "satisfaction.value": "14,5",
}


@pytest.mark.parametrize(
    ("key", "typed", "name", "text"),
    [
        ("index-766", SIX_GROUPS, "total", "60,74"),
        (
            "six-month-review",
            {"cashless.value": "585.975", "cashless_before.value": "513.031"},
            "cashless_growth",
            "72.944/513.031 (14,22 %)",
        ),
        (
            "six-month-review",
            {"received": "1000", "online": "898", "received_before.value": "1000", "online_before.value": "836"},
            "online_points",
            "6,20",
        ),
        ("six-month-review", {"tasks_done": "60", "tasks_total": "83"}, "done_share", "60/83 (72,29 %)"),
        ("urging-notice", {"answered": "6", "asked": "37"}, "answered_share", "6/37 (16,22 %)"),
        ("training-count", {"registered": "4", "finished": "3"}, "finished_share", "3/4 (75,00 %)"),
        ("monthly-7-ro", {"tasks_total": "8", "tasks_done": "5"}, "done_share", "6/8 (75,00 %)"),
    ],
)
def test_figures_are_worked_out(key: str, typed: dict[str, str], name: str, text: str) -> None:
    form = form_called(key)
    settled = forms.settle(form, values_of(key, typed), {})
    assert forms.text_of(form.fields[name], settled.values[name]) == text


@pytest.mark.parametrize(
    ("key", "typed", "last"),
    [
        ("deadline-extension", {"extension.from": "01/02/2025", "extension.to": "05/02/2025"}, "superior"),
        ("deadline-extension", {"extension.from": "01/02/2025", "extension.to": "10/02/2025"}, "standing"),
        ("obstacle-report", {"beyond_province": "no"}, "province_police"),
    ],
)
def test_the_short_way_ends_below_the_committee_without_a_document(
    province: Province, key: str, typed: dict[str, str], last: str
) -> None:
    process = process_of(key)
    assert process is not None
    report, folder = at_work.passed(province, process, typed)
    assert (str(report.case_status), at_work.stages_of(province, folder)[-1]) == ("approved", last)
    assert submissions.issued_about(province.session, report) == []


def test_an_index_that_falls_from_one_week_to_the_next_goes_up_to_the_committee(province: Province) -> None:
    process = process_of("index-766")
    assert process is not None
    typed = {**SIX_GROUPS, "published.value": "60,74", "places_won": "0"}
    _, folder = at_work.passed(province, process, typed)
    assert at_work.stages_of(province, folder) == ["unit", "police"]
    lower = {**typed, "payment.value": "3,26", "published.value": "59,5"}
    report = at_work.drafted(province, "index-766", number=2, typed=lower)
    folder = at_work.decided(province, province.hand_in(report))
    assert asking.settled(report).values["total_change"] == "-1.24"
    assert at_work.stages_of(province, folder) == ["unit", "police", "committee"]
