import pytest

from tests.workflows.paper import TODAY, codes, judged, one, only
from workflows.forms import Context, check, read, write


def test_both_days_are_read_as_dates_are() -> None:
    asked = one("date_range")
    reading = read(asked, {"f.from": "15-1-2025", "f.to": "ngày 31 tháng 1 năm 2025"})
    assert reading.values == {"f": {"from": "2025-01-15", "to": "2025-01-31"}}
    assert write(asked, reading.values) == {"f.from": "15/01/2025", "f.to": "31/01/2025"}


def test_the_last_day_may_be_the_first_but_not_before_it() -> None:
    asked = one("date_range")
    assert judged(asked, {"f.from": "15/1/2025", "f.to": "15/1/2025"}) == ()
    found = only(judged(asked, {"f.from": "15/1/2025", "f.to": "14/1/2025"}))
    assert (found.path, found.code) == ("f.to", "ends_before_start")
    assert found.params == {"start": "2025-01-15", "end": "2025-01-14"}


def test_half_a_range_is_incomplete() -> None:
    asked = one("date_range", required=True)
    assert codes(judged(asked, {"f.from": "15/1/2025"})) == [("f.to", "incomplete")]
    assert codes(judged(asked, {"f.to": "15/1/2025"})) == [("f.from", "incomplete")]
    assert codes(judged(asked, {"f.from": "15/1/2025", "f.to": "31/2/2025"})) == [("f.to", "no_such_date")]
    assert codes(judged(asked, {})) == [("f", "required")]


def test_each_day_keeps_within_the_bounds() -> None:
    asked = one("date_range", earliest="2025-01-01", latest="2025-01-31")
    assert codes(judged(asked, {"f.from": "31/12/2024", "f.to": "1/2/2025"})) == [
        ("f.from", "too_early"),
        ("f.to", "too_late"),
    ]
    assert judged(asked, {"f.from": "1/1/2025", "f.to": "31/1/2025"}) == ()


@pytest.mark.parametrize(
    ("expected", "code"), [("past", "in_the_future"), ("future", "in_the_past"), ("in_period", "outside_period")]
)
def test_an_unexpected_day_is_flagged(expected: str, code: str) -> None:
    asked = one("date_range", expected=expected)
    found = codes(judged(asked, {"f.from": "1/12/2024", "f.to": "20/1/2025"}))
    assert code in {said for _, said in found}
    assert {path for path, _ in found} <= {"f.from", "f.to"}


@pytest.mark.parametrize(
    "value", ["2025-01-15", {}, {"from": "15/01/2025"}, {"from": "2025-01-15", "until": "2025-01-16"}]
)
def test_a_stored_range_that_reading_cannot_give_is_malformed(value: object) -> None:
    assert codes(check(one("date_range"), {"f": value}, {}, Context(TODAY))) == [("f", "malformed")]
