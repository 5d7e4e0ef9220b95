from tests.workflows.paper import codes, field, judged, one, only
from workflows.forms import read, write


def test_what_is_ticked_is_kept_in_the_order_of_the_definition() -> None:
    asked = one("choices")
    assert read(asked, {"f.data": "yes", "f.legal": "on"}).values == {"f": ["legal", "data"]}
    assert read(asked, {"f.data": "x", "f.legal": "no", "f.other": "yes"}).values == {"f": ["data"]}
    assert write(asked, {"f": ["data"]}) == {"f.data": "yes"}


def test_a_tick_that_is_neither_yes_nor_no_is_kept_and_the_others_count() -> None:
    reading = read(one("choices"), {"f.legal": "maybe", "f.data": "yes"})
    assert (reading.values, reading.unread) == ({"f": ["data"]}, {"f.legal": "maybe"})
    assert only(reading.findings).code == "not_yes_or_no"


def test_no_tick_is_no_answer() -> None:
    assert read(one("choices"), {"f.legal": "no"}).values == {}


def test_a_row_without_a_tick_is_blank() -> None:
    asked = one("table", columns=[field("choices", "of")])
    typed = {"f.0.of.legal": "no", "f.1.of.data": "yes", "f.2.of.data": "Không"}
    assert read(asked, typed).values == {"f": [{"of": ["data"]}]}


def test_neither_too_few_answers_are_ticked_nor_too_many() -> None:
    both, one_of_them = {"f.legal": "yes", "f.data": "yes"}, {"f.data": "yes"}
    found = only(judged(one("choices", least=2), one_of_them))
    assert (found.path, found.code, found.params) == ("f", "too_few_chosen", {"count": 1, "least": 2})
    found = only(judged(one("choices", most=1), both))
    assert (found.path, found.code, found.params) == ("f", "too_many_chosen", {"count": 2, "most": 1})
    assert judged(one("choices", least=2, most=2), both) == ()
    assert judged(one("choices", least=2), {}) == ()


def test_an_answer_of_ticks_is_required_as_a_whole() -> None:
    asked = one("choices", required=True)
    assert codes(judged(asked, {})) == [("f", "required")]
    assert codes(judged(asked, {"f.legal": "maybe"})) == [("f.legal", "not_yes_or_no")]
    assert judged(asked, {"f.legal": "yes"}) == ()
