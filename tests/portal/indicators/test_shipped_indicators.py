"""The indicators that ship: complete in both languages, sound by the rules, named as the forms' questions ask."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from portal.definitions.reading import read_definition
from portal.indicators.models import Indicator
from portal.indicators.rules import require_sound
from portal.indicators.service import SHIPPED, shipped
from portal.texts import keep_texts
from workflows.forms import Field, parse_form

if TYPE_CHECKING:
    from collections.abc import Mapping

LIBRARY = Path(SHIPPED).parents[2] / "workflows" / "library"
RAW: list[dict[str, Any]] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))


def bound_in(path: Path) -> list[Field]:
    """The questions of a shipped form that are bound to an indicator."""
    return [field for field in parse_form(read_definition(path)).fields.values() if field.indicator]


FORMS = [LIBRARY / "forms" / "monthly-report.yaml", *sorted((LIBRARY / "gallery").glob("*/form.yaml"))]
BOUND = [(path.parent.name if path.stem == "form" else path.stem, field) for path in FORMS for field in bound_in(path)]
LEFT_OVER = {"dossiers-by-post", "post-visits", "social-security-cashless", "tasks-unfinished"}
"""What the sources follow and no shipped form asks for yet."""


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


@pytest.mark.parametrize("field", [field for _, field in BOUND], ids=[f"{form} {each.name}" for form, each in BOUND])
def test_each_is_made_of_the_figures_that_the_question_of_a_form_asks_for(field: Field) -> None:
    indicator = next(facts for facts in shipped() if facts["key"] == field.indicator)
    assert field.figure == indicator["kind"]
    if field.type != "computed":  # what is computed is a share of two counts, whose unit says nothing
        assert (field.unit or {}).get("vi") == indicator.get("measure_vi")


def test_each_is_asked_for_by_a_form_that_ships_but_for_a_few() -> None:
    assert {facts["key"] for facts in shipped()} - {field.indicator for _, field in BOUND} == LEFT_OVER
