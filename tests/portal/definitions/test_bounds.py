"""What bounds the designer: full lists, counted names, numbers that lead nowhere, drafts that are too large."""

from __future__ import annotations

from typing import Any

import pytest

from portal.definitions import shaping
from portal.definitions.bounds import refuse_beyond
from portal.definitions.paths import at
from portal.definitions.reading import LARGEST, read_yaml
from portal.definitions.values import DEEPEST, MOST_VALUES
from portal.definitions.writing import write_yaml
from workflows.errors import Refusal

BODY = {"sections": [{"key": "a", "fields": [{"name": "x"}, {"name": "y"}]}, {"key": "b", "fields": [{"name": "z"}]}]}


def test_no_list_grows_without_end_by_whatever_button() -> None:
    full = {"sections": [{"key": str(number)} for number in range(shaping.MOST_ITEMS)]}
    with pytest.raises(Refusal, match="too_many_items"):
        shaping.doubled(full, "sections[0]")
    with pytest.raises(Refusal, match="too_many_items"):
        shaping.moved({**full, "others": [{}]}, "others[0]", "sections", 0)
    assert shaping.moved(full, "sections[0]", "sections", 1)[1] == "sections[1]"


class Counted(set[str]):
    """Names that know how often somebody asked for one."""

    asked = 0

    def __contains__(self, name: object) -> bool:
        self.asked += 1
        return super().__contains__(name)


def test_many_equal_names_are_numbered_without_counting_each_from_the_beginning() -> None:
    taken, last = Counted({"a"}), dict[str, int]()
    for _each in range(1_000):
        taken.add(shaping.free_name("a", taken, last))
    assert taken == {"a", *(f"a_{number}" for number in range(2, 1_002))}
    assert taken.asked < 5_000
    copied = shaping.renamed([{"name": "a"}, {"name": "a"}, {"name": "b"}], {"name": "a", "key": "b"})
    assert sorted(each["name"] for each in copied) == ["a_2", "a_3", "b_2"]


@pytest.mark.parametrize("number", ["9" * 5_000, "9" * 10, "٣", "-1", "0]", "", "1_0"])
def test_a_number_that_is_none_leads_nowhere(number: str) -> None:
    with pytest.raises(Refusal, match="no_such_thing"):
        shaping.removed(BODY, f"sections[{number}]")
    assert at(BODY, f"sections[{'9' * 5_000}].key") is None


def nested(levels: int) -> dict[str, Any]:
    """Mappings inside each other."""
    body: dict[str, Any] = {}
    for _each in range(levels - 1):
        body = {"a": body}
    return body


@pytest.mark.parametrize(
    ("most", "more"),
    [
        (nested(DEEPEST), nested(DEEPEST + 1)),
        ({"a": [1] * (MOST_VALUES - 3)}, {"a": [1] * (MOST_VALUES - 2)}),
        ({"a": "m" * (LARGEST - 1)}, {"a": "m" * LARGEST}),
        ({"a": "ế" * (LARGEST // 3 - 1)}, {"a": "ế" * (LARGEST // 3 + 1)}),
    ],
)
def test_a_draft_holds_what_could_be_read_from_a_file_and_no_more(most: Any, more: Any) -> None:
    refuse_beyond(most)
    with pytest.raises(Refusal, match="definition_too_large"):
        refuse_beyond(more)


def test_what_is_read_may_be_kept() -> None:
    refuse_beyond(read_yaml(write_yaml({"a": nested(DEEPEST - 2), "b": list(range(10_000)), "c": "x" * 100_000})))
