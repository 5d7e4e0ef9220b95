import pytest

from tests.workflows.paper import codes, field, form, judged, label, notes, one, only, refusal, value
from workflows.forms import change, write


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1234567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("1.234.567 đồng", 1_234_567),
        ("1.234.567đ", 1_234_567),
        ("1 234 567 VNĐ", 1_234_567),
        ("1,2 tỷ đồng", 1_200_000_000),
        ("1,2 tỉ", 1_200_000_000),
        ("147,255 triệu đồng", 147_255_000),
        ("-5 nghìn VND", -5_000),
    ],
)
def test_an_amount_is_read_as_offices_write_it(typed: str, amount: int) -> None:
    assert value("money", typed) == amount


def test_what_was_made_of_words_is_shown() -> None:
    assert notes("money", "1,2 tỷ đồng") == [{"typed": "1,2 tỷ đồng", "read": "1.200.000.000"}]
    assert notes("money", "1.200.000") == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1,2345678912 tỷ đồng", "not_whole"),
        ("1,5 đồng", "not_whole"),
        ("khoảng 2 tỷ", "not_a_number"),
        ("5 USD", "not_a_number"),
        ("tỷ đồng", "not_a_number"),
        ("10%", "bare_percentage"),
    ],
)
def test_an_amount_that_is_not_exact_stays_as_it_was_typed(typed: str, code: str) -> None:
    assert refusal("money", typed) == code


def test_other_currencies_may_have_cents() -> None:
    dollars = {"currency": "USD", "decimals": 2}
    assert value("money", "1.234,50 USD", **dollars) == "1234.50"
    assert value("money", "1.234 USD", currency="USD") == 1234
    assert write(one("money", **dollars), {"f": "1234.50"}) == {"f": "1.234,50"}
    assert codes(judged(one("money", **dollars), {"f": "1,255"})) == [("f", "too_many_decimals")]


def test_an_amount_keeps_within_its_bounds() -> None:
    assert codes(judged(one("money", min=0), {"f": "-1"})) == [("f", "below_minimum")]
    assert codes(judged(one("money", max=10), {"f": "11"})) == [("f", "above_maximum")]


@pytest.mark.parametrize("options", [{}, {"currency": "USD", "decimals": 2}])
def test_a_total_must_be_the_sum_of_its_amounts(options: dict[str, object]) -> None:
    asked = form(
        *(field("money", name, **options) for name in "ab"), field("money", "sum", sum_of=["a", "b"], **options)
    )
    assert judged(asked, {"a": "2", "b": "3", "sum": "5"}) == ()
    found = only(judged(asked, {"a": "2", "b": "3", "sum": "6"}))
    assert (found.path, found.code) == ("sum", "sum_disagrees")
    assert [str(found.params[name]) for name in ("stated", "computed")] == ["6", "5"]


def test_cents_are_added_up_exactly() -> None:
    dollars = {"currency": "USD", "decimals": 2}
    asked = form(
        *(field("money", name, **dollars) for name in "ab"), field("money", "sum", sum_of=["a", "b"], **dollars)
    )
    assert judged(asked, {"a": "0,10", "b": "0,20", "sum": "0,3"}) == ()
    assert only(judged(asked, {"a": "0,10", "b": "0,20", "sum": "0,31"})).params["computed"] == "0.30"


def test_an_amount_says_what_it_is_counted_in() -> None:
    assert one("money").fields["f"].measure == {"vi": "đồng", "en": "VND"}
    assert one("money", currency="USD").fields["f"].measure == {"vi": "USD", "en": "USD"}
    assert one("integer", unit=label("hồ sơ")).fields["f"].measure == label("hồ sơ")


def test_amounts_of_two_periods_are_compared_as_numbers_are() -> None:
    moved = change(one("money").fields["f"], 100, 150)
    assert moved is not None
    assert (moved.measure, str(moved.difference), str(moved.percent)) == ("number", "50", "50.00")
