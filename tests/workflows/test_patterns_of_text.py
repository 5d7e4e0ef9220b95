from tests.workflows.paper import JANUARY, TODAY, codes, field, kept, label, one, only
from workflows.forms import Context, Pattern, check

SAID = label("Ví dụ: 15/KH-STTTT")
DIGITS = {"pattern": {"matches": "digits", "message": SAID}}


def digits(pattern: str, text: str) -> bool:
    """A matcher that knows one pattern."""
    assert pattern == "digits"
    return text.isdecimal()


NOW = Context(TODAY, JANUARY, matches=digits)


def test_a_text_of_another_shape_is_refused_with_the_words_of_the_form() -> None:
    asked = one("text", **DIGITS)
    assert asked.fields["f"].pattern == Pattern("digits", SAID)
    assert check(asked, {"f": "123"}, {}, NOW) == ()
    found = only(kept(check(asked, {"f": "12a"}, {}, NOW)))
    assert (found.path, found.code, found.params) == ("f", "pattern_missed", {"message": SAID})
    assert check(asked, {}, {}, NOW) == ()


def test_a_cell_has_its_shape_too() -> None:
    asked = one("table", columns=[field("text", "number", **DIGITS)])
    assert codes(check(asked, {"f": [{"number": "1"}, {"number": "x"}]}, {}, NOW)) == [("f.1.number", "pattern_missed")]


def test_a_text_that_is_too_long_is_not_matched() -> None:
    assert codes(check(one("text", max_length=2, **DIGITS), {"f": "xyz"}, {}, NOW)) == [("f", "too_long")]


def test_nobody_is_refused_by_a_pattern_that_nobody_can_match() -> None:
    assert check(one("text", **DIGITS), {"f": "12a"}, {}, Context(TODAY, JANUARY)) == ()
