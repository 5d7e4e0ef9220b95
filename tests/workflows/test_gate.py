from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.paper import (
    EVERYTHING,
    JANUARY,
    JSON,
    TODAY,
    TWO_CHOICES,
    VALUES,
    codes,
    field,
    form,
    judged,
    label,
    one,
    only,
)
from workflows.errors import Finding
from workflows.forms import Context, Form, check
from workflows.forms.findings import GATE

NOW = Context(TODAY, JANUARY, ("bongdalu truc tiep",))


def stored(asked: Form, value: object, context: Context = NOW) -> tuple[Finding, ...]:
    """What the gate says about a stored value."""
    return check(asked, {"f": value}, {}, context)


def test_what_is_required_is_missed_unless_it_could_not_be_read() -> None:
    asked = one("date", required=True)
    assert codes(judged(asked, {})) == [("f", "required")]
    assert codes(judged(asked, {"f": "31/02/2025"})) == [("f", "no_such_date")]
    assert codes(judged(one("date"), {})) == []


def test_what_could_not_be_read_stands_in_the_way_with_the_same_reason() -> None:
    asked = form(field("integer", "a"), field("ratio", "b"), field("table", "c", columns=[field("date", "due")]))
    typed = {"a": "12,5,3", "b.numerator": "97,26%", "b.denominator": "3", "c.4.due": "31/02/2025"}
    assert codes(judged(asked, typed)) == [
        ("a", "not_a_number"),
        ("b.numerator", "bare_percentage"),
        ("c.0.due", "no_such_date"),
    ]


def test_how_long_a_number_may_be_is_told() -> None:
    found = only(judged(one("integer"), {"f": "1" * 19}))
    assert (found.code, found.params) == ("number_too_long", {"digits": 18, "decimals": 9})


def test_unread_text_stands_in_the_way_even_when_it_can_be_read_by_now() -> None:
    findings = check(one("date"), {}, {"f": "10.6", "gone": "x"}, NOW)
    assert codes(findings) == [("f", "unread_text"), ("gone", "unread_text")]
    assert codes(check(one("date"), {}, {"f": "10.6"}, Context(TODAY))) == [("f", "year_missing")]


def test_rows_beyond_the_limit_and_figures_beside_nothing_are_refused_once() -> None:
    asked = form(field("table", "rows", columns=[field("text")], max_rows=1, nothing_to_report=True))
    typed = {"rows.0.f": "một", "rows.1.f": "hai", "rows.2.f": "ba"}
    assert codes(judged(asked, typed)) == [("rows", "too_many_rows")]
    assert codes(judged(asked, {"rows.0.f": "một", "rows.nothing": "yes", "rows.reason": "Không có"})) == [
        ("rows", "nothing_yet_filled")
    ]


def test_answers_to_questions_that_are_not_asked_are_refused() -> None:
    assert codes(check(one("text"), {"g": "x"}, {}, NOW)) == [("g", "unknown_field")]


def test_nothing_to_report_needs_a_reason() -> None:
    asked = one("integer", required=True, nothing_to_report=True)
    assert codes(judged(asked, {"f.nothing": "yes"})) == [("f.reason", "reason_required")]
    assert codes(judged(asked, {"f.nothing": "yes", "f.reason": "Không phát sinh"})) == []
    assert codes(judged(asked, {"f.nothing": "yes", "f.reason": "<b>x</b>"})) == [("f.reason", "html_in_text")]
    unread = check(asked, {"f": {"nothing": True, "reason": ""}}, {"f.reason": "x"}, NOW)
    assert codes(unread) == [("f.reason", "unread_text")]


def test_nothing_to_report_is_refused_where_it_is_not_offered() -> None:
    assert codes(stored(one("ratio"), {"nothing": True, "reason": "Không có"})) == [("f", "malformed")]


# ---------------------------------------------------------------- ratios


def ratio(typed: dict[str, str], **options: object) -> tuple[Finding, ...]:
    return judged(one("ratio", **options), {f"f.{part}": text for part, text in typed.items()})


def test_a_bare_percentage_is_refused() -> None:
    assert codes(ratio({"stated": "97,26%"})) == [("f.stated", "bare_percentage")]
    assert codes(ratio({"numerator": "97,26%"})) == [("f.numerator", "bare_percentage")]


def test_a_ratio_lacking_a_part_is_incomplete() -> None:
    assert codes(ratio({"numerator": "3"})) == [("f.denominator", "incomplete")]
    assert codes(ratio({"numerator": "3", "denominator": "4"}, as_of=True)) == [("f.as_of", "incomplete")]
    assert codes(ratio({"denominator": "4", "stated": "3"})) == [("f.numerator", "incomplete")]
    assert codes(ratio({"numerator": "3", "stated": "75"})) == [("f.denominator", "incomplete")]
    assert codes(ratio({"stated": "75", "numerator": "ba", "denominator": "bốn"})) == [
        ("f.numerator", "not_a_number"),
        ("f.denominator", "not_a_number"),
    ]


def test_more_than_the_whole_is_refused_unless_the_field_allows_it() -> None:
    twice = {"numerator": "200", "denominator": "100"}
    found = only(ratio(twice))
    assert (found.path, found.code) == ("f.numerator", "numerator_exceeds")
    assert found.params == {"numerator": "200", "denominator": "100", "percent": "200.00"}
    assert ratio(twice, may_exceed=True) == ()


def test_a_fraction_of_nothing_is_refused() -> None:
    assert codes(ratio({"numerator": "0", "denominator": "0"})) == [("f.denominator", "denominator_not_positive")]
    assert codes(ratio({"numerator": "1", "denominator": "-5"})) == [("f.denominator", "denominator_not_positive")]


def test_a_decrease_needs_a_signed_field() -> None:
    fall = {"numerator": "-5", "denominator": "100", "stated": "-5,0"}
    assert codes(ratio(fall)) == [("f.numerator", "negative_numerator")]
    assert ratio(fall, signed=True) == ()
    assert ratio({"numerator": "0", "denominator": "100"}) == ()
    assert codes(ratio({"numerator": "-500", "denominator": "100"}, signed=True)) == [
        ("f.numerator", "numerator_exceeds")
    ]


def test_a_fall_by_more_than_the_whole_is_refused_twice() -> None:
    below, exceeds = ratio({"numerator": "-200", "denominator": "100"})
    assert (below.code, below.params) == ("negative_numerator", {"numerator": "-200", "denominator": "100"})
    assert (exceeds.code, exceeds.params) == ("numerator_exceeds", {**below.params, "percent": "-200.00"})


def test_a_stated_percentage_that_disagrees_is_flagged_with_both_figures() -> None:
    found = only(ratio({"numerator": "72.944", "denominator": "513.031", "stated": "14,02%"}))
    assert (found.path, found.code, found.severity) == ("f.stated", "percentage_disagrees", "warning")
    assert found.params == {"stated": "14.02", "computed": "14.22"}


@pytest.mark.parametrize("stated", ["97,26", "97,3", "97", "97,256", "97,2557"])
def test_a_stated_percentage_agrees_at_the_decimals_it_is_stated_with(stated: str) -> None:
    assert ratio({"numerator": "6450", "denominator": "6632", "stated": stated}) == ()


def test_the_half_is_rounded_up() -> None:
    assert ratio({"numerator": "1", "denominator": "8", "stated": "12,5"}) == ()
    assert ratio({"numerator": "1", "denominator": "8", "stated": "13"}) == ()
    assert codes(ratio({"numerator": "1", "denominator": "8", "stated": "12"})) == [
        ("f.stated", "percentage_disagrees")
    ]
    assert ratio({"numerator": "-1", "denominator": "8", "stated": "-13"}, signed=True) == ()


def test_a_ratio_of_amounts_may_have_decimals() -> None:
    typed = {"numerator": "147,255", "denominator": "1.553,4"}
    assert codes(ratio(typed, decimals=2)) == [("f.numerator", "too_many_decimals")]
    assert ratio(typed, decimals=3) == ()


# ---------------------------------------------------------------- figures and dates


def test_figures_keep_within_their_range() -> None:
    assert codes(judged(one("integer", min=0), {"f": "-1"})) == [("f", "below_minimum")]
    assert only(judged(one("decimal", max="99.5"), {"f": "99,51"})).params == {"value": "99.51", "max": "99.5"}
    assert judged(one("integer", min=0, max=3), {"f": "3"}) == ()
    assert codes(judged(one("decimal", decimals=1), {"f": "1,25"})) == [("f", "too_many_decimals")]
    carried = one("integer", as_of=True, min=0)
    assert codes(judged(carried, {"f.value": "-1", "f.as_of": "1/1/2025"})) == [("f.value", "below_minimum")]
    assert codes(judged(carried, {"f.as_of": "1/1/2025"})) == [("f.value", "incomplete")]


def test_a_qualifier_is_optional_but_says_nothing_alone() -> None:
    asked = one("integer", approximate=True)
    assert judged(asked, {"f.value": "1.700", "f.qualifier": "trên"}) == ()
    assert judged(asked, {"f.value": "1.700"}) == ()
    assert codes(judged(asked, {"f.qualifier": "over"})) == [("f.value", "incomplete")]


def test_a_score_lies_between_zero_and_its_maximum() -> None:
    asked = one("score", as_of=True)
    assert judged(asked, {"f.value": "60,74", "f.as_of": "15/01/2025"}) == ()
    assert codes(judged(asked, {"f.value": "100,01", "f.as_of": "15/01/2025"})) == [("f.value", "above_maximum")]
    assert codes(judged(asked, {"f.value": "-1", "f.as_of": "15/01/2025"})) == [("f.value", "below_minimum")]
    assert codes(judged(asked, {"f.value": "60,745", "f.as_of": "15/01/2025"})) == [("f.value", "too_many_decimals")]
    assert codes(judged(asked, {"f.as_of": "15/01/2025"})) == [("f.value", "incomplete")]


@pytest.mark.parametrize(("rank", "total"), [("0", "63"), ("64", "63"), ("-1", "63")])
def test_a_rank_lies_between_the_first_and_the_last(rank: str, total: str) -> None:
    assert codes(judged(one("rank"), {"f.rank": rank, "f.total": total})) == [("f.rank", "rank_out_of_range")]


def test_the_last_rank_is_a_rank() -> None:
    assert judged(one("rank"), {"f.rank": "63", "f.total": "63"}) == ()
    assert codes(judged(one("rank"), {"f.rank": "63"})) == [("f.total", "incomplete")]


def test_no_figure_is_known_before_its_time() -> None:
    typed = {"f.rank": "54", "f.total": "63", "f.as_of": "17/01/2025"}
    assert codes(judged(one("rank", as_of=True), typed)) == [("f.as_of", "as_of_in_future")]
    assert judged(one("rank", as_of=True), {**typed, "f.as_of": "16/01/2025"}) == ()


@pytest.mark.parametrize("text", ["một\thai", "một\nhai"])
def test_a_text_that_is_stored_is_on_one_line(text: str) -> None:
    assert codes(stored(one("text"), text)) == [("f", "malformed")]
    assert stored(one("long_text"), text) == ()


def test_dates_keep_within_their_bounds() -> None:
    asked = one("date", earliest="2025-01-01", latest="2025-01-31")
    early, late = (only(judged(asked, {"f": typed})) for typed in ("31/12/2024", "1/2/2025"))
    assert (early.code, early.params) == ("too_early", {"date": "2024-12-31", "earliest": "2025-01-01"})
    assert (late.code, late.params) == ("too_late", {"date": "2025-02-01", "latest": "2025-01-31"})
    assert judged(asked, {"f": "31/1/2025"}) == ()


@pytest.mark.parametrize(
    ("expected", "typed", "code"),
    [
        ("past", "17/1/2025", "in_the_future"),
        ("future", "15/1/2025", "in_the_past"),
        ("in_period", "14/12/2024", "outside_period"),
        ("in_period", "15/1/2025", "outside_period"),
    ],
)
def test_an_unexpected_date_is_flagged_not_refused(expected: str, typed: str, code: str) -> None:
    asked = one("date", expected=expected)
    assert codes(judged(asked, {"f": typed}), "warning") == [("f", code)]
    assert codes(judged(asked, {"f": typed}), "error") == []


@pytest.mark.parametrize(
    ("expected", "typed"),
    [("past", "16/1/2025"), ("future", "16/1/2025"), ("in_period", "15/12/2024"), ("in_period", "14/1/2025")],
)
def test_an_expected_date_passes(expected: str, typed: str) -> None:
    assert judged(one("date", expected=expected), {"f": typed}) == ()


def test_without_a_period_no_date_is_outside_it() -> None:
    assert judged(one("date", expected="in_period"), {"f": "1/1/2000"}, period=None) == ()


def test_not_too_many_files() -> None:
    assert only(judged(one("attachment", max_files=2), {"f": "a b c"})).params == {"count": 3, "max": 2}
    assert judged(one("attachment", max_files=3), {"f": "a b c"}) == ()


# ---------------------------------------------------------------- tables and totals


def test_every_cell_is_judged_at_its_own_name() -> None:
    columns = [field("text", "unit", required=True), field("integer", "count", min=0)]
    asked = one("table", columns=columns, required=True)
    typed = {"f.0.unit": "Sở Y tế", "f.0.count": "-1", "f.1.count": "2"}
    assert codes(judged(asked, typed)) == [("f.0.count", "below_minimum"), ("f.1.unit", "required")]
    assert codes(judged(asked, {})) == [("f", "required")]


def test_a_row_without_anything_is_malformed_unless_something_in_it_is_unread() -> None:
    asked = one("table", columns=[field("date", "due")])
    assert codes(stored(asked, [{}])) == [("f.0", "malformed")]
    assert codes(check(asked, {"f": [{}]}, {"f.0.due": "31/2/2025"}, NOW)) == [("f.0.due", "no_such_date")]


def totals() -> Form:
    return form(
        field("integer", "total", sum_of=["done", "late"]),
        field("integer", "done"),
        field("integer", "late", rows_of="list"),
        field("table", "list", columns=[field("text", "task")], nothing_to_report=True),
    )


def test_a_total_must_be_the_sum_of_its_parts() -> None:
    rows = {"list.0.task": "Việc"}
    assert judged(totals(), {"total": "3", "done": "2", "late": "1", **rows}) == ()
    found = only(judged(totals(), {"total": "4", "done": "2", "late": "1", **rows}))
    assert (found.path, found.code, found.severity) == ("total", "sum_disagrees", "error")
    assert found.params == {"stated": 4, "computed": 3, "parts": ["done", "late"]}
    assert judged(totals(), {"total": "4", "done": "2"}) == ()


def test_a_count_that_is_not_the_number_of_rows_is_flagged() -> None:
    found = only(judged(totals(), {"late": "2", "list.0.task": "Việc"}))
    assert (found.path, found.code, found.severity) == ("late", "rows_disagree", "warning")
    assert found.params == {"stated": 2, "rows": 1, "table": "list"}
    assert codes(judged(totals(), {"late": "2"})) == [("late", "rows_disagree")]
    assert judged(totals(), {"late": "0", "list.nothing": "yes", "list.reason": "Không có"}) == ()


def test_totals_work_with_figures_that_carry_a_date() -> None:
    asked = form(field("integer", "total", sum_of=["part"], as_of=True), field("integer", "part", as_of=True))
    typed = {"total.value": "3", "total.as_of": "1/1/2025", "part.value": "2", "part.as_of": "1/1/2025"}
    assert codes(judged(asked, typed)) == [("total", "sum_disagrees")]


# ---------------------------------------------------------------- anything at all


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", 3),
        ("text", ""),
        ("text", " x"),
        ("text", "một\nhai"),
        ("text", "e\u0302"),
        ("text", "a\u200bb"),
        ("long_text", ["x"]),
        ("date", "31/01/2025"),
        ("date", "2025-02-30"),
        ("date", 20250131),
        ("choice", "Pháp lý"),
        ("choice", []),
        ("choices", "legal"),
        ("choices", []),
        ("choices", ["data", "legal"]),
        ("choices", ["legal", "legal"]),
        ("choices", ["legal", "staff"]),
        ("choices", [["legal"]]),
        ("choices", {"legal": True}),
        ("yes_no", "yes"),
        ("yes_no", 1),
        ("integer", True),
        ("integer", "3"),
        ("integer", 3.0),
        ("integer", 10**18),
        ("decimal", 3),
        ("decimal", "3,5"),
        ("decimal", "03"),
        ("decimal", "-0"),
        ("decimal", "-0.0"),
        ("decimal", "1e3"),
        ("decimal", "NaN"),
        ("ratio", {}),
        ("ratio", []),
        ("ratio", {"numerator": "3"}),
        ("ratio", {"percent": "97.26"}),
        ("score", "60.74"),
        ("rank", {"rank": 54, "as_of": "2025-01-15"}),
        ("attachment", "a"),
        ("attachment", []),
        ("attachment", ["a", "a"]),
        ("attachment", ["../a"]),
        ("attachment", [3]),
        ("table", {}),
        ("table", []),
        ("table", [3]),
        ("table", [{"other": "x"}]),
        ("table", [{"f": 3}]),
        ("table", [{"f": "x"}] * 101),
    ],
)
def test_a_stored_value_that_reading_cannot_give_is_malformed(kind: str, value: object) -> None:
    options = {"columns": [field("text")]} if kind == "table" else {}
    assert codes(stored(one(kind, **options), value)) == [("f", "malformed")]


@given(VALUES, st.dictionaries(st.sampled_from([*EVERYTHING.fields, "rows.0.date", "x"]), st.text()))
def test_the_gate_has_an_answer_to_all_that_can_be_stored(values: dict[str, object], unread: dict[str, str]) -> None:
    findings = check(EVERYTHING, values, unread, NOW)
    for each in findings:
        assert each.severity == GATE[each.code].severity
        assert tuple(each.params) == GATE[each.code].params
    assert not unread or any(each.severity == "error" for each in findings)
    assert "malformed" not in {each.code for each in findings}


@given(st.dictionaries(st.sampled_from([*EVERYTHING.fields, "x"]), JSON))
def test_the_gate_has_an_answer_to_anything(values: dict[str, object]) -> None:
    for each in check(EVERYTHING, values, {}, NOW):
        assert tuple(each.params) == GATE[each.code].params


def test_a_choice_that_is_no_longer_offered_is_malformed() -> None:
    asked = one("choice", choices=TWO_CHOICES[:1], help=label())
    assert codes(stored(asked, "data")) == [("f", "malformed")]
    assert stored(asked, "legal", Context(date(2025, 1, 1))) == ()
