"""The indicators that ship: complete in both languages, sound by the rules, named as the forms' questions ask."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from portal.indicators.models import Indicator
from portal.indicators.rules import require_sound
from portal.indicators.service import SHIPPED, shipped
from portal.texts import keep_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARY = Path(SHIPPED).parents[2] / "workflows" / "library"
RAW: list[dict[str, Any]] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))

SAME_MEASURE = {
    "monthly-report": {
        "documents_issued": "documents-issued",
        "meetings": "meetings",
        "inspections": "inspections",
        "dossiers_on_time": "dossiers-on-time",
        "dossiers_online": "dossiers-online",
        "cashless_growth": "cashless-growth",
        "index_766": "index-766-score",
        "rank_766": "index-766-rank",
        "tasks_total": "tasks-assigned",
        "tasks_done": "tasks-done",
        "tasks_on_time": "tasks-under-way",
        "tasks_overdue": "tasks-overdue",
        "tasks_standing": "tasks-standing",
    },
    "weekly-update": {"done_share": "tasks-done-share"},
    "index-766": {
        "transparency": "index-766-transparency",
        "progress": "index-766-progress",
        "digitisation": "index-766-digitisation",
        "services": "index-766-services",
        "payment": "index-766-payment",
        "satisfaction": "index-766-satisfaction",
        "published": "index-766-score",
        "handling": "index-766-handling",
        "published_on_time": "index-766-published-on-time",
        "on_time": "dossiers-on-time",
    },
    "monthly-7-ro": {"digitised": "dossiers-digitised", "tasks_done_late": "tasks-done-late"},
    "obstacle-report": {"obstacles_total": "obstacles", "legal": "obstacles-legal", "solved": "obstacles-removed"},
    "six-month-review": {
        "received": "dossiers-received",
        "online": "dossiers-filed-online",
        "on_time": "dossiers-settled-on-time",
        "paid_online": "online-payment",
        "satisfied": "satisfaction",
        "essential": "essential-services",
        "activated": "identity-activation",
        "health_card": "health-card",
        "cashless": "cashless-people",
        "tuition": "tuition-cashless",
        "tasks_total": "year-tasks",
        "due_last_quarter": "year-tasks-last-quarter",
    },
    "registration-list": {"number": "registrations"},
    "training-count": {
        "staff": "staff",
        "registered": "training-registered",
        "passed": "training-passed",
        "people_trained": "training-people",
    },
}
"""Form → question → the indicator that counts what it asks for, in the same unit of measure and of the same kind."""

KIND_OF_TYPE = {"integer": "number", "decimal": "number", "ratio": "ratio", "score": "score", "rank": "rank"}


def questions(form: str) -> Mapping[str, Any]:
    """The questions of a shipped form, by name."""
    where = LIBRARY / "forms" / f"{form}.yaml"
    path = where if where.exists() else LIBRARY / "gallery" / form / "form.yaml"
    sections = yaml.safe_load(path.read_text(encoding="utf-8"))["sections"]
    return {each["name"]: each for each in chain(*(section["fields"] for section in sections)) if "name" in each}


@pytest.mark.parametrize("facts", shipped(), ids=[facts["key"] for facts in shipped()])
def test_each_is_sound_and_fits_its_columns(facts: Mapping[str, Any]) -> None:
    made = Indicator(**facts)
    keep_texts(made)
    require_sound(made.key, made.kind, made.direction, made.aggregation)
    assert {name: getattr(made, name) for name in facts} == dict(facts)


@pytest.mark.parametrize("facts", RAW, ids=[facts["key"] for facts in RAW])
def test_each_says_everything_in_both_languages(facts: dict[str, Any]) -> None:
    assert set(facts["name"]) == {"vi", "en"}
    assert ("measure" in facts) == (facts["kind"] != "rank")
    assert set(facts.get("measure", {"vi": "", "en": ""})) == {"vi", "en"}
    assert facts["definition"].endswith(".")
    assert facts["source"]


def test_no_two_have_the_same_key_or_name() -> None:
    for column in ("key", "name_vi", "name_en"):
        told = [facts[column] for facts in shipped()]
        assert sorted(set(told)) == sorted(told), column


def test_every_ratio_has_a_figure_of_the_province_made_of_sums() -> None:
    assert {facts["aggregation"] for facts in shipped() if facts["kind"] == "ratio"} == {"ratio_of_sums"}


@pytest.mark.parametrize("form", SAME_MEASURE)
def test_each_counts_what_the_question_of_a_form_asks_for(form: str) -> None:
    asked, known = questions(form), {facts["key"]: facts for facts in shipped()}
    for name, key in SAME_MEASURE[form].items():
        question, indicator = asked[name], known[key]
        if question["type"] == "computed":
            continue
        assert KIND_OF_TYPE[question["type"]] == indicator["kind"], name
        measure = question.get("unit", {"vi": None, "en": None})
        assert measure["vi"] == indicator.get("measure_vi"), name
