"""What an indicator may be, and that no rule lets percentages be averaged."""

from __future__ import annotations

import pytest

from portal.indicators.rules import AGGREGATIONS, DIRECTIONS, EVERY_AGGREGATION, KINDS, require_sound
from workflows.errors import Refusal

FITTING = [(kind, way) for kind in KINDS for way in AGGREGATIONS[kind]]
UNFIT = [
    (kind, way) for kind in KINDS for way in (*EVERY_AGGREGATION, "mean", "average", "") if (kind, way) not in FITTING
]


def refused(key: str = "x", kind: str = "number", direction: str = "up", aggregation: str = "none") -> str:
    with pytest.raises(Refusal) as refusal:
        require_sound(key, kind, direction, aggregation)
    return refusal.value.code


@pytest.mark.parametrize(("kind", "way"), FITTING)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_what_fits_is_taken(kind: str, way: str, direction: str) -> None:
    require_sound("dossiers-on-time", kind, direction, way)


@pytest.mark.parametrize(("kind", "way"), UNFIT)
def test_figures_are_put_together_only_as_their_kind_allows(kind: str, way: str) -> None:
    assert refused(kind=kind, aggregation=way) == "unfit_aggregation"


def test_a_ratio_is_a_ratio_of_sums_or_the_units_alone_have_it() -> None:
    assert AGGREGATIONS["ratio"] == ("ratio_of_sums", "none")
    assert not {"mean", "average", "avg"} & set(EVERY_AGGREGATION)
    assert {*AGGREGATIONS["score"], *AGGREGATIONS["rank"]} == {"none"}


def test_a_refusal_says_what_would_fit() -> None:
    with pytest.raises(Refusal) as refusal:
        require_sound("x", "ratio", "up", "sum")
    assert refusal.value.params == {"indicator_kind": "ratio", "aggregations": ("ratio_of_sums", "none")}


@pytest.mark.parametrize("key", ["a", "dossiers-on-time", "index-766-rank", "a" * 41, "a-", "x1"])
def test_a_key_is_short_and_plain(key: str) -> None:
    require_sound(key, "number", "up", "sum")


@pytest.mark.parametrize("key", ["", "A", "1a", "-a", "a_b", "hồ-sơ", "a b", "a" * 42, "a\n", "a.b", "a/b"])
def test_any_other_key_is_refused(key: str) -> None:
    assert refused(key=key) == "bad_indicator_key"


def test_kinds_and_directions_are_those_named() -> None:
    assert refused(kind="percent") == "bad_indicator_kind"
    assert refused(direction="sideways") == "bad_direction"
