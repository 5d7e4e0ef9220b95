"""Numbers, dates and names are written as Vietnamese readers write them, and forms speak the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pytest
from babel.messages.mofile import write_mo
from flask import Flask, request
from flask_appbuilder.security.forms import LoginForm_db
from flask_babel import Babel
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length

from portal import words
from portal.words import ago, format_date, format_datetime, format_number, label, until
from translations import catalogues

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT = {"vi": "Đề án 06", "en": "Project 06"}


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return an app whose readers choose their language with ?_l_=, with our catalogues compiled."""
    for locale in catalogues.LOCALES:
        folder = tmp_path / locale / "LC_MESSAGES"
        folder.mkdir(parents=True)
        with (folder / "messages.mo").open("wb") as file:
            write_mo(file, catalogues.read_catalogue(locale))
    app = Flask(__name__)
    app.config.update(BABEL_TRANSLATION_DIRECTORIES=str(tmp_path), WTF_CSRF_ENABLED=False)
    Babel(app, default_locale="vi", locale_selector=lambda: request.args.get("_l_"))
    monkeypatch.setattr(FlaskForm.Meta, "get_translations", FlaskForm.Meta.get_translations)
    words.use_catalogue_in_forms()
    return app


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?_l_=en"):
        yield


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1234567, "1.234.567"),
        (Decimal("1234.5"), "1.234,5"),
        ("60.74", "60,74"),
        (Decimal("60.70"), "60,70"),
        ("-1234.5", "-1.234,5"),
        (Decimal("1E+3"), "1.000"),
    ],
)
def test_vietnamese_groups_with_points_and_marks_decimals_with_a_comma(
    value: int | Decimal | str, written: str
) -> None:
    assert format_number(value, language="vi") == written


def test_english_does_it_the_other_way_round() -> None:
    assert format_number("1234.5", language="en") == "1,234.5"


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [("60.745", 2, "60,75"), ("-0.5", 0, "-1"), ("-0.04", 1, "0,0"), ("7", 2, "7,00"), ("1999.5", 0, "2.000")],
)
def test_halves_are_rounded_away_from_zero(value: str, places: int, written: str) -> None:
    assert format_number(value, places, "vi") == written


def test_a_float_is_no_figure() -> None:
    with pytest.raises(TypeError):
        format_number(60.74)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["NaN", "Infinity"])
def test_what_is_not_finite_is_no_figure(value: str) -> None:
    with pytest.raises(ValueError, match=value):
        format_number(value)


def test_a_text_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidOperation):
        format_number("1.234,5")


@pytest.mark.parametrize("day", [date(2025, 2, 5), "2025-02-05"])
def test_a_day_is_written_day_month_year(day: date | str) -> None:
    assert format_date(day) == "05/02/2025"


def test_an_early_year_keeps_four_digits() -> None:
    assert format_date(date(938, 1, 2)) == "02/01/0938"


def test_a_moment_is_not_taken_for_a_day() -> None:
    with pytest.raises(TypeError):
        format_date(datetime(2025, 2, 5, 18, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2024, 12, 31, 17, 5, tzinfo=UTC),
        datetime(2025, 1, 1, 2, 5, tzinfo=timezone(timedelta(hours=9))),
    ],
)
def test_a_moment_is_written_by_the_clocks_of_viet_nam(moment: datetime) -> None:
    assert format_datetime(moment) == "01/01/2025 00:05"


def test_a_moment_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        format_datetime(datetime(2025, 1, 1, 0, 5))  # noqa: DTZ001 - the point of the test


def test_nobody_reading_means_vietnamese() -> None:
    assert (label(PROJECT), format_number("1.5")) == ("Đề án 06", "1,5")


@pytest.mark.usefixtures("english")
def test_a_reader_of_english_gets_english() -> None:
    assert (label(PROJECT), format_number("1.5")) == ("Project 06", "1.5")


def test_a_language_we_do_not_speak_is_answered_in_vietnamese(app: Flask) -> None:
    with app.test_request_context("/?_l_=fr"):
        assert (label(PROJECT), format_number("1.5")) == ("Đề án 06", "1,5")


def test_a_language_can_be_asked_for() -> None:
    assert label(PROJECT, "en") == "Project 06"


class Letter(FlaskForm):  # type: ignore[misc]
    subject = StringField(validators=[Length(min=5)])


@pytest.mark.parametrize(
    ("language", "message"), [("vi", "Mục này phải có ít nhất 5 ký tự."), ("en", "Enter at least 5 characters.")]
)
def test_forms_speak_the_readers_language(app: Flask, language: str, message: str) -> None:
    with app.test_request_context(f"/?_l_={language}"):
        form = Letter(MultiDict({"subject": "BC"}))
        assert not form.validate()
        assert form.subject.errors == [message]


def test_the_forms_of_flask_appbuilder_do_too(app: Flask) -> None:
    with app.test_request_context("/?_l_=vi"):
        form = LoginForm_db(MultiDict({"username": ""}))
        assert not form.validate()
        assert form.username.errors == ["Mục này bắt buộc phải nhập."]
        assert str(form.username.label.text) == "Tên đăng nhập"


NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
"""Twelve o'clock in Việt Nam."""


@pytest.mark.parametrize(
    ("before", "vietnamese", "in_english"),
    [
        (timedelta(seconds=20), "vừa xong", "just now"),
        (timedelta(minutes=1), "1 phút trước", "1 minute ago"),
        (timedelta(minutes=59), "59 phút trước", "59 minutes ago"),
        (timedelta(hours=4), "hôm nay lúc 08:00", "today at 08:00"),
        (timedelta(hours=13), "hôm qua lúc 23:00", "yesterday at 23:00"),
        (timedelta(days=1, hours=11), "hôm qua lúc 01:00", "yesterday at 01:00"),
        (timedelta(days=2), "2 ngày trước", "2 days ago"),
        (timedelta(days=6), "6 ngày trước", "6 days ago"),
        (timedelta(days=7), "14/11/2026", "14/11/2026"),
    ],
)
def test_a_moment_is_said_as_people_say_it(app: Flask, before: timedelta, vietnamese: str, in_english: str) -> None:
    for locale, expected in (("vi", vietnamese), ("en", in_english)):
        with app.test_request_context(f"/?_l_={locale}"):
            assert ago(NOON - before, NOON) == expected


def test_a_moment_without_a_zone_is_refused(english: None) -> None:
    with pytest.raises(ValueError, match="time zone"):
        ago(datetime(2026, 11, 21))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize(
    ("days", "vietnamese", "in_english"),
    [
        (-829, "quá hạn 829 ngày", "829 days overdue"),
        (-1, "quá hạn 1 ngày", "1 day overdue"),
        (0, "hạn hôm nay", "due today"),
        (1, "hạn ngày mai", "due tomorrow"),
        (2, "còn 2 ngày", "2 days left"),
    ],
)
def test_a_last_day_is_said_by_how_far_off_it_is(app: Flask, days: int, vietnamese: str, in_english: str) -> None:
    today = date(2026, 11, 21)
    for locale, expected in (("vi", vietnamese), ("en", in_english)):
        with app.test_request_context(f"/?_l_={locale}"):
            assert until(today + timedelta(days=days), today) == expected
