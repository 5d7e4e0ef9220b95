"""The gallery: every process is sound, its parts fit each other, and it is taken as drafts under a free key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from portal.definitions.checks import check, findings
from portal.definitions.drafting import WRITE, publish_draft
from portal.definitions.gallery import Process, begin_process, process_of, processes, renamed_together
from portal.definitions.guided import Answers, process_from
from portal.definitions.models import KINDS
from portal.definitions.publishing import PUBLISH
from portal.definitions.usage import named_in
from portal.security import Actor
from workflows.errors import Refusal

if TYPE_CHECKING:
    from tests.portal.province import Province

DESIGNER = Actor(7, "lan", "Nguyễn Thị Lan", permissions=frozenset({WRITE, PUBLISH}))
ALL = processes()


def by_key(process: Process) -> str:
    return process.key


@pytest.mark.parametrize("process", ALL, ids=by_key)
def test_every_part_is_sound_and_says_itself_in_both_languages(process: Process) -> None:
    for kind, body in process.bodies.items():
        check(kind, process.key, body)
    assert set(process.name) == set(process.about) == {"vi", "en"}
    assert {"form", "chain"} <= process.bodies.keys()


@pytest.mark.parametrize("process", ALL, ids=by_key)
def test_its_parts_name_each_other_alone(process: Process) -> None:
    named = {each for kind, body in process.bodies.items() for each in named_in(kind, body)}
    assert named - {("calendar", "vietnam")} <= {(kind, process.key) for kind in process.bodies}


@pytest.mark.parametrize("process", ALL, ids=by_key)
def test_it_is_taken_as_drafts_that_can_be_published_one_after_the_other(process: Process, province: Province) -> None:
    drafts = begin_process(province.session, DESIGNER, process)
    assert [each.kind for each in drafts] == [kind for kind in KINDS if kind in process.bodies]
    for draft in drafts:
        assert findings(province.session, draft.kind, draft.key, draft.body) == ()
        publish_draft(province.session, DESIGNER, draft, 1, knows=0, why="Theo kế hoạch")
    again = begin_process(province.session, DESIGNER, process)
    assert {each.key for each in again} == {f"{process.key}-2"}


def test_what_is_taken_again_under_a_key_of_one_word_can_be_published_as_well(province: Province) -> None:
    name = {"vi": "Họp", "en": "Meeting"}
    process = process_from(Answers(name, ["department"], "month", "unit", "BC"))
    for key in ("hop", "hop-2", "hop-3"):
        for draft in begin_process(province.session, DESIGNER, process):
            check(draft.kind, key, draft.body)


def test_under_another_key_the_parts_still_name_each_other() -> None:
    process = ALL[0]
    bodies = renamed_together(process, "another")
    for kind, body in bodies.items():
        check(kind, "another", body)
        assert {key for other, key in named_in(kind, body) if other in bodies} <= {"another"}
    assert process.bodies["form"]["key"] == process.key


def test_taking_asks_for_the_right_to_draft(province: Province) -> None:
    with pytest.raises(Refusal, match="not_permitted"):
        begin_process(province.session, Actor(8, "x", "X"), ALL[0])


def test_a_process_is_found_by_its_key() -> None:
    assert process_of(ALL[0].key) is ALL[0]
    assert process_of("nothing") is None
    assert all(re.fullmatch("[a-z0-9-]+", each.key) for each in ALL)
