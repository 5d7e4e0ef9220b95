from datetime import date

import pytest

from tests.workflows.paper import JANUARY, notes, refusal, value
from workflows.periods import Window


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0", 0),
        ("6632", 6632),
        ("6.632", 6632),
        ("1.234.567", 1234567),
        ("1 234 567", 1234567),
        ("1\u00a0234\u202f567", 1234567),
        (" 54 ", 54),
        ("-12", -12),
        ("\u221212", -12),
        ("- 12", -12),
        ("+12", 12),
        ("-0", 0),
        ("007", 7),
        ("12,0", 12),
    ],
)
def test_whole_numbers_are_read_in_vietnamese_form(typed: str, number: int) -> None:
    assert value("integer", typed) == number
    assert notes("integer", typed) == []


def test_a_whole_number_in_another_convention_is_read_and_it_is_said_how() -> None:
    assert value("integer", "1,234,567") == 1234567
    assert notes("integer", "1,234,567") == [{"typed": "1,234,567", "read": "1.234.567"}]


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("60,74", "60.74"),
        ("1.234,50", "1234.50"),
        ("0,05", "0.05"),
        ("-0,5", "-0.5"),
        ("-0,0", "0.0"),
        ("00,5", "0.5"),
        ("12", "12"),
    ],
)
def test_decimals_are_kept_as_typed(typed: str, digits: str) -> None:
    assert value("decimal", typed) == digits


@pytest.mark.parametrize(
    ("typed", "digits", "shown"),
    [
        ("60.74", "60.74", "60,74"),
        ("0.123", "0.123", "0,123"),
        ("1,234.5", "1234.5", "1.234,5"),
        ("1,234,567", "1234567", "1.234.567"),
        ("14,8 triệu", "14800000", "14.800.000"),
        ("14,8 Triệu", "14800000", "14.800.000"),
        ("1,7 nghìn tỷ", "1700000000000", "1.700.000.000.000"),
        ("2 ngàn", "2000", "2.000"),
        ("1,2345 nghìn", "1234.5", "1.234,5"),
        ("0,5 tỉ", "500000000", "500.000.000"),
        ("14.8 million", "14800000", "14.800.000"),
    ],
)
def test_other_conventions_are_read_and_it_is_said_how(typed: str, digits: str, shown: str) -> None:
    assert value("decimal", typed) == digits
    assert notes("decimal", typed) == [{"typed": typed, "read": shown}]


def test_a_number_may_carry_its_unit() -> None:
    dossiers = {"vi": "hồ sơ", "en": "applications"}
    assert value("integer", "6.632 hồ sơ", unit=dossiers) == 6632
    assert value("integer", "6.632 Applications", unit=dossiers) == 6632
    assert refusal("integer", "6.632 người", unit=dossiers) == "not_a_number"
    assert refusal("integer", "hồ sơ", unit=dossiers) == "not_a_number"


def test_a_magnitude_is_not_guessed_when_the_unit_has_one_too() -> None:
    billions = {"vi": "tỷ đồng", "en": "billion dong"}
    assert value("decimal", "147 tỷ đồng", unit=billions) == "147"
    assert value("decimal", "1,7 nghìn tỷ đồng", unit=billions) == "1700"
    assert refusal("decimal", "147 tỷ", unit=billions) == "not_a_number"
    assert value("decimal", "147 tỷ", unit={"vi": "đồng Việt Nam", "en": "dong"}) == "147000000000"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12,5,3", "not_a_number"),
        ("1.23.456", "not_a_number"),
        ("1.234 567", "not_a_number"),
        ("1.2345.678", "not_a_number"),
        ("mười hai", "not_a_number"),
        ("triệu", "not_a_number"),
        ("1e3", "not_a_number"),
        ("²", "not_a_number"),
        ("١٢", "not_a_number"),
        ("--1", "not_a_number"),
        ("1" * 121, "not_a_number"),
        ("97,26%", "bare_percentage"),
        ("200 %", "bare_percentage"),
        ("1" * 19, "number_too_long"),
        ("999 nghìn tỷ tỷ", "number_too_long"),
        ("0," + "1" * 10, "number_too_long"),
    ],
)
def test_what_is_no_number_stays_as_typed(typed: str, code: str) -> None:
    assert refusal("decimal", typed) == code
    assert refusal("integer", typed) == code


def test_a_fraction_is_no_whole_number() -> None:
    assert refusal("integer", "12,5") == "not_whole"
    assert refusal("integer", "12.5") == "not_whole"
    assert refusal("integer", "1,234") == "not_whole"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("23-6-2022", "2022-06-23"),
        ("13/11/2024", "2024-11-13"),
        ("01.7.2024", "2024-07-01"),
        ("2024-06-10", "2024-06-10"),
        ("31 - 1 - 2025", "2025-01-31"),
        ("ngày 10/6/2024", "2024-06-10"),
        ("Ngày 10 tháng 6 năm 2024", "2024-06-10"),
        ("29/02/2024", "2024-02-29"),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, day: str) -> None:
    assert value("date", typed) == day
    assert notes("date", typed) == []


def test_a_date_without_year_takes_it_from_the_period() -> None:
    six_months = Window(date(2023, 12, 15), date(2024, 6, 14))
    assert value("date", "10.6", six_months) == "2024-06-10"
    assert value("date", "ngày 20 tháng 12", six_months) == "2023-12-20"
    assert value("date", "15.12", six_months) == "2023-12-15"
    assert value("date", "17.7", six_months) == "2024-07-17"
    assert value("date", "14/11", Window(date(2024, 10, 15), date(2024, 11, 14))) == "2024-11-14"
    assert notes("date", "10.6", six_months) == [{"typed": "10.6", "read": "10/06/2024"}]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("31/02/2025", "no_such_date"),
        ("2025-13-01", "no_such_date"),
        ("31/2", "no_such_date"),
        ("29/02/2025", "no_such_date"),
        ("10.6", "year_missing"),
        ("29/2", "year_missing"),
        ("23/6/22", "year_not_in_full"),
        ("tháng 2-2025", "not_a_date"),
        ("1/1/0025", "not_a_date"),
        ("10.6.", "not_a_date"),
        ("hôm qua", "not_a_date"),
        ("1/1/2025" + " " * 100 + "!" * 100, "not_a_date"),
    ],
)
def test_what_is_no_date_stays_as_typed(typed: str, code: str) -> None:
    assert refusal("date", typed) == code


def test_a_day_that_the_year_of_the_period_lacks_is_refused() -> None:
    assert refusal("date", "29/2", JANUARY) == "no_such_date"
