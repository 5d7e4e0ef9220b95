import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.paper import ANSWERS, EVERYTHING, VALUES, field, form, label, one, only, refusal, value
from workflows.forms import TYPES, read, text_of, write
from workflows.forms.leaves import NO

INPUTS = [
    *(name for asked in EVERYTHING.fields.values() for name in TYPES[asked.type].inputs(asked, asked.name)),
    *(name for row in (0, 3, 600) for name in TYPES["table"].inputs(EVERYTHING.fields["rows"], f"rows.{row}")),
    *(f"{name}.{part}" for name in ("rows", "maybe", "text") for part in ("nothing", "reason", "0.text", "x")),
]
TYPED = (
    st.text() | st.from_regex(r"[0-9.,%/ -]{1,12}") | st.sampled_from(["yes", "không", "31/02/2025", "10.6", "legal"])
)


def test_a_choice_is_read_by_key_or_label() -> None:
    assert value("choice", "legal") == "legal"
    assert value("choice", "  PHÁP   lý ") == "legal"
    assert value("choice", "Data") == "data"
    assert refusal("choice", "Nhân sự") == "not_offered"


def test_a_key_is_never_taken_for_another_answers_label() -> None:
    choices = [{"key": "b", "label": {"vi": "a", "en": "A"}}, {"key": "a", "label": {"vi": "b", "en": "B"}}]
    assert value("choice", "a", choices=choices) == "a"


def test_yes_and_no_are_read_in_both_languages() -> None:
    assert [value("yes_no", typed) for typed in ("yes", "Có", "on", "x", "no", "KHÔNG", "0")] == [True] * 4 + [
        False
    ] * 3
    assert refusal("yes_no", "maybe") == "not_yes_or_no"


def test_files_are_ids() -> None:
    assert value("attachment", "f3a9 b771\nf3a9") == ["f3a9", "b771"]
    assert refusal("attachment", "../etc/passwd") == "not_a_file"


def test_blank_inputs_are_not_answers() -> None:
    reading = read(EVERYTHING, dict.fromkeys(INPUTS, " \u200b\n"))
    assert not reading.values
    assert not reading.unread


def test_text_arriving_in_pieces_is_composed_and_it_is_said() -> None:
    reading = read(one("text"), {"f": unicodedata.normalize("NFD", "Đề án về dữ liệu")})
    assert reading.values == {"f": "Đề án về dữ liệu"}
    assert (only(reading.findings).code, only(reading.findings).severity) == ("normalised", "info")


def test_invisible_characters_are_taken_out_and_counted() -> None:
    reading = read(one("text"), {"f": "bong\u200bdalu\u202e\x00\ufeff \ud800xong"})
    assert reading.values == {"f": "bongdalu xong"}
    assert only(reading.findings).params == {"count": 5}


def test_piled_up_marks_are_cut_before_they_cost_time() -> None:
    reading = read(one("text"), {"f": "a" + "\u0301\u0327" * 500_000 + "b\U0001d165"})
    text = str(reading.values["f"])
    assert len(text) < 12
    assert text.endswith("b")


def test_every_line_break_is_one_kind_and_a_single_line_has_none() -> None:
    typed = "một\r\nhai\rba\u2028bốn\tnăm"
    assert value("long_text", typed) == "một\nhai\nba\nbốn\tnăm"
    assert value("text", typed) == "một hai ba bốn năm"
    assert not read(one("text"), {"f": typed}).findings


def test_a_secrecy_mark_is_an_error_while_reading_already() -> None:
    found = only(read(one("text"), {"f": "MẬT"}).findings)
    assert (found.code, found.severity, found.params) == ("classified_text", "error", {"mark": "MẬT"})


def test_a_ratio_is_read_by_its_parts() -> None:
    asked = one("ratio", as_of=True)
    typed = {"f.numerator": "6.450", "f.denominator": "6.632", "f.stated": "97,26 %", "f.as_of": "31-1-2025"}
    stored = {"numerator": 6450, "denominator": 6632, "stated": "97.26", "as_of": "2025-01-31"}
    assert read(asked, typed).values == {"f": stored}
    assert write(asked, {"f": stored}) == {**typed, "f.stated": "97,26", "f.as_of": "31/01/2025"}


def test_half_a_ratio_is_kept_with_what_could_not_be_read() -> None:
    reading = read(one("ratio"), {"f.numerator": "97,26%", "f.denominator": "6.632"})
    assert reading.values == {"f": {"denominator": 6632}}
    assert reading.unread == {"f.numerator": "97,26%"}
    assert only(reading.findings).code == "bare_percentage"


def test_a_figure_travels_with_its_date_and_qualifier() -> None:
    asked = one("decimal", as_of=True, approximate=True)
    typed = {"f.value": "1,7 nghìn tỷ", "f.qualifier": "trên", "f.as_of": "5/1/2024"}
    stored = {"value": "1700000000000", "qualifier": "over", "as_of": "2024-01-05"}
    assert read(asked, typed).values == {"f": stored}


def test_rows_left_blank_are_closed_up() -> None:
    asked = one("table", columns=[field("text", "unit"), field("date", "due")])
    reading = read(asked, {"f.2.unit": "Sở Y tế", "f.0.unit": " ", "f.10.unit": "Sở Tư pháp", "f.10.due": "31/2/2025"})
    assert reading.values == {"f": [{"unit": "Sở Y tế"}, {"unit": "Sở Tư pháp"}]}
    assert reading.unread == {"f.1.due": "31/2/2025"}
    assert only(reading.findings).path == "f.1.due"


def test_a_row_that_could_not_be_read_keeps_its_place() -> None:
    asked = one("table", columns=[field("date", "due")])
    reading = read(asked, {"f.0.due": "31/2/2025", "f.1.due": "1/2/2025"})
    assert reading.values == {"f": [{}, {"due": "2025-02-01"}]}
    assert write(asked, reading.values, reading.unread) == {"f.0.due": "31/2/2025", "f.1.due": "01/02/2025"}


def test_rows_beyond_the_limit_are_kept_unread() -> None:
    asked = one("table", columns=[field("text", "unit")], max_rows=2)
    typed = {f"f.{row}.unit": f"Đơn vị {row}" for row in range(4)}
    reading = read(asked, typed)
    assert reading.values == {"f": [{"unit": "Đơn vị 0"}, {"unit": "Đơn vị 1"}]}
    assert reading.unread == {"f.2.unit": "Đơn vị 2", "f.3.unit": "Đơn vị 3"}
    assert only(reading.findings).params == {"count": 4, "max": 2}
    assert write(asked, reading.values, reading.unread) == typed


def test_names_that_the_form_does_not_know_are_ignored() -> None:
    asked = form(field("text"), field("table", "rows", columns=[field("text", "unit")]))
    typed = {
        "csrf_token": "x",
        "f.part": "x",
        "rows.00.unit": "x",
        "rows.0.other": "x",
        "rows.unit": "x",
        "f.nothing": "yes",
    }
    assert not read(asked, typed).values


def test_nothing_to_report_is_an_answer_with_its_reason() -> None:
    asked = one("integer", nothing_to_report=True)
    stored = {"f": {"nothing": True, "reason": "Không phát sinh trong kỳ"}}
    typed = {"f.nothing": "yes", "f.reason": "Không phát sinh trong kỳ"}
    assert read(asked, typed).values == stored
    assert write(asked, stored) == typed
    assert read(asked, {"f.nothing": "on"}).values == {"f": {"nothing": True, "reason": ""}}
    assert read(asked, {"f.nothing": "no", "f": "3"}).values == {"f": 3}


def test_figures_beside_nothing_to_report_are_set_aside_for_their_author() -> None:
    asked = one("ratio", nothing_to_report=True)
    typed = {"f.nothing": "yes", "f.reason": "Không có", "f.numerator": "3"}
    reading = read(asked, typed)
    assert reading.values == {"f": {"nothing": True, "reason": "Không có"}}
    assert reading.unread == {"f.numerator": "3"}
    assert only(reading.findings).code == "nothing_yet_filled"
    assert write(asked, reading.values, reading.unread) == typed


def test_a_reason_without_nothing_to_report_is_not_lost() -> None:
    reading = read(one("integer", nothing_to_report=True), {"f.reason": "Chưa có số liệu"})
    assert reading.unread == {"f.reason": "Chưa có số liệu"}
    assert (only(reading.findings).path, only(reading.findings).code) == ("f.reason", "reason_without_nothing")


@pytest.mark.parametrize(
    ("kind", "options", "stored", "shown"),
    [
        ("text", {}, "Sở Y tế", "Sở Y tế"),
        ("date", {}, "2025-01-15", "15/01/2025"),
        ("integer", {}, 6632, "6.632"),
        ("integer", {"as_of": True}, {"value": 6632, "as_of": "2025-01-15"}, "6.632"),
        ("decimal", {}, "-0.50", "-0,50"),
        ("money", {}, 1_200_000_000, "1.200.000.000"),
        ("money", {"currency": "USD", "decimals": 2}, "1234.50", "1.234,50"),
        ("score", {}, {"value": "60.74"}, "60,74/100"),
        ("score", {"max": "12.5"}, {"value": "9"}, "9/12,5"),
        ("rank", {}, {"rank": 54, "total": 63}, "54/63"),
        ("ratio", {}, {"numerator": 6450, "denominator": 6632}, "6.450/6.632 (97,26 %)"),
        ("ratio", {}, {"numerator": 6450}, "6.450"),
        ("ratio", {}, {"denominator": 6632}, "6.632"),
        ("ratio", {}, {"numerator": 1, "denominator": 0}, "1/0"),
        ("date_range", {}, {"from": "2025-01-15", "to": "2025-01-31"}, "15/01/2025 – 31/01/2025"),
        ("date_range", {}, {"from": "2025-01-15"}, "15/01/2025 – …"),
        ("date_range", {}, {"to": "2025-01-31"}, "… – 31/01/2025"),
        ("choice", {}, "legal", "Pháp lý"),
        ("choices", {}, ["legal", "data"], "Pháp lý; Dữ liệu"),
        ("yes_no", {}, True, "có"),
        ("yes_no", {}, False, "không"),
        ("table", {"columns": [field("text")]}, [{"f": "x"}], ""),
        ("integer", {}, "sáu", ""),
    ],
)
def test_an_answer_has_a_short_text(kind: str, options: dict[str, object], stored: object, shown: str) -> None:
    assert text_of(one(kind, **options).fields["f"], stored) == shown


@pytest.mark.parametrize(
    ("kind", "stored", "shown"),
    [("choice", "legal", "Legal"), ("choices", ["legal", "data"], "Legal; Data"), ("yes_no", True, "yes")],
)
def test_what_was_chosen_is_called_as_its_reader_does(kind: str, stored: object, shown: str) -> None:
    assert text_of(one(kind).fields["f"], stored, "en") == shown


@given(VALUES)
def test_what_is_written_is_read_back(values: dict[str, object]) -> None:
    reading = read(EVERYTHING, write(EVERYTHING, values))
    assert reading.values == values
    assert not reading.unread


@given(st.dictionaries(st.sampled_from(INPUTS), TYPED))
def test_anything_typed_is_read_or_kept_and_shown_again(typed: dict[str, str]) -> None:
    reading = read(EVERYTHING, typed)
    again = read(EVERYTHING, write(EVERYTHING, reading.values, reading.unread))
    assert (again.values, again.unread) == (reading.values, reading.unread)


@given(st.sampled_from(sorted(ANSWERS)), st.text(min_size=1))
def test_no_visible_text_is_lost(kind: str, typed: str) -> None:
    asked = one(kind)
    name = TYPES[kind].inputs(asked.fields["f"], "f")[0]
    reading = read(asked, {name: typed})
    visible = any(unicodedata.category(letter)[0] in "LN" for letter in typed)
    if kind == "choices" and typed.strip().casefold() in NO:  # an answer that is not ticked
        visible = False
    assert not visible or reading.values or name in reading.unread or reading.findings


def test_values_that_the_form_does_not_know_are_not_shown() -> None:
    assert write(one("text"), {"other": "x", "f": 3}) == {}
    assert write(one("ratio"), {"f": {"nothing": True, "reason": ""}}) == {}
    assert write(one("text", nothing_to_report=True), {"f": {"nothing": False, "reason": ""}}) == {}
    assert write(one("text", nothing_to_report=True, help=label()), {"f": {"nothing": True, "reason": 3}}) == {}
