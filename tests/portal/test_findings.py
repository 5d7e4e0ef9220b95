"""A finding is said with figures and dates as Vietnamese offices write them, and with what to do."""

from __future__ import annotations

import pytest

from portal.findings import definition_sentence, sentence
from workflows.errors import DefinitionError, Finding
from workflows.forms import parse_form
from workflows.forms.findings import GATE, READING, STYLE


@pytest.mark.parametrize(
    ("code", "params", "part"),
    [
        ("numerator_exceeds", {"numerator": "6632", "denominator": "6450", "percent": "102.82"}, "6.632"),
        ("numerator_exceeds", {"numerator": "6632", "denominator": "6450", "percent": "102.82"}, "(102,82%)"),
        ("percentage_disagrees", {"stated": "14.02", "computed": "14.22"}, "14,02%"),
        ("percentage_disagrees", {"stated": "14.02", "computed": "14.22"}, "14,22%"),
        ("too_early", {"date": "2024-12-14", "earliest": "2024-12-15"}, "15/12/2024"),
        ("outside_period", {"date": "2025-01-15", "start": "2024-12-15", "end": "2025-01-14"}, "14/01/2025"),
        ("read_as", {"typed": "60.74", "read": "60,74"}, "“60.74” was read as 60,74"),
        ("glued_words", {"words": ["cuốinăm", "nămhọc"], "count": 2}, "cuốinăm và nămhọc"),
        ("incomplete", {"part": "denominator"}, "the denominator"),
        ("citation_incomplete", {"found": "06/QĐ-TTg", "missing": ["date", "issuer"]}, "its date và who issued it"),
        ("place_capitals", {"found": "phường 1", "wanted": "Phường 1"}, "“Phường 1”, not “phường 1”"),
        ("denied_phrase", {"phrase": "bongdalu truc tiep", "count": 18, "places": [[0, 18]]}, "“bongdalu truc tiep”"),
    ],
)
def test_a_sentence_writes_its_values_as_readers_do(code: str, params: dict[str, object], part: str) -> None:
    assert part in sentence(Finding("f", code, params))


@pytest.mark.parametrize("code", sorted({**READING, **GATE, **STYLE}))
def test_every_finding_can_be_said(code: str) -> None:
    samples: dict[str, object] = {
        "words": ["a"],
        "places": [[0, 1]],
        "parts": ["f"],
        "missing": ["date"],
        "part": "value",
    }
    days = dict.fromkeys(("as_of", "date", "earliest", "latest", "start", "end"), "2025-01-14")
    said = {**READING, **GATE, **STYLE}[code]
    words = sentence(Finding("f", code, {name: {**samples, **days}.get(name, "7") for name in said.params}))
    assert words
    assert "%(" not in words
    assert f"({code})" not in words


def test_a_code_without_words_is_still_shown() -> None:
    assert "brand_new" in sentence(Finding("f", "brand_new"))


def test_a_broken_definition_is_explained_at_its_path() -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_form({"schema": 1, "key": "x", "name": {"vi": "Mẫu", "en": ""}, "sections": [], "colour": "red"})
    said = {finding.path: definition_sentence(finding) for finding in refused.value.findings}
    assert said["name.en"] == "The text is blank. Fill it in."
    assert said["sections"] == "There are too few: at least 1."
    assert said["colour"].endswith("use one of: schema, key, name, sections, title, per_period, follows, rules.")


def test_a_warning_about_a_schedule_names_days_and_holidays_as_readers_do() -> None:
    tet = {"vi": "Tết Nguyên đán", "en": "Lunar New Year"}
    params = {"raw": "2026-02-20", "day": "2026-02-23", "holiday": tet}
    said = definition_sentence(Finding("owed_by[0].deadline", "moved_by_holiday", params, "warning"))
    assert said == "The deadline 20/02/2026 is shifted to 23/02/2026 by a holiday: Tết Nguyên đán."


def test_a_warning_about_a_calendar_keeps_its_years_as_they_are() -> None:
    params = {"calendar": "vietnam", "year": 2027}
    said = definition_sentence(Finding("calendar", "year_not_announced", params, "warning"))
    assert said == "The days off of 2027 are not decided yet, so the deadlines of that year are estimates."
