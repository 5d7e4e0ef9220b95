"""Trying out a chain before it is published: with a made-up submission, and with what was really handed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from portal.approvals.models import CaseEvent
from portal.definitions import publishing
from portal.definitions import service as definitions
from portal.definitions.writing import write_yaml
from portal.demo.journey import Journey, january_inputs
from portal.security import today
from tests.web.calls import rows
from tests.web.chains import LEADER, MANY_DOCUMENTS, chain, first_body, stage
from workflows.actions import Approve

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask

ORIGIN = ("--unit", "STTTT", "--drafter", "clerk")


@pytest.fixture
def tried(portal: Flask, tmp_path: Path) -> Any:
    """Runs a command on a chain."""

    def run(command: str, body: dict[str, Any], *words: str) -> Result:
        path = tmp_path / "chains" / "draft.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(write_yaml(body), encoding="utf-8")
        return portal.test_cli_runner().invoke(args=["approvals", command, str(path), *words])

    return run


@pytest.fixture
def approved(portal: Flask) -> int:
    """A report that went all the way."""
    with portal.app_context():
        journey = Journey(portal, lambda _line: None)
        key = journey.draft(january_inputs())
        journey.hand_in(key)
        for who in ("head", "police.head", "vicechair"):
            journey.decide(who, key, Approve)
        portal.extensions["trinh"]["database"].session.remove()
    return key


def test_a_made_up_submission_shows_way_people_and_time(tried: Any) -> None:
    told = tried("rehearse", first_body(), *ORIGIN)
    assert told.exit_code == 0, told.output
    assert "1. Lãnh đạo đơn vị duyệt (from " in told.output
    assert "(16 working hours)" in told.output
    assert "issues provincial-report" in told.output
    assert "at the latest" in told.output.splitlines()[-1]


def test_conditions_are_asked_with_the_facts_that_are_named(tried: Any) -> None:
    body = chain(stage("office", "Văn phòng", LEADER, when=MANY_DOCUMENTS), *first_body()["stages"])
    few = tried("rehearse", body, *ORIGIN, "--fact", "documents_issued=2")
    assert "1. Văn phòng: skipped, because documents_issued = 2" in few.output
    many = tried("rehearse", body, *ORIGIN, "--fact", "documents_issued=101")
    assert "skipped" not in many.output


def test_a_dead_end_is_told_and_fails(tried: Any) -> None:
    nobody = {**LEADER, "owner": {"posts": ["registrar"], "place": "own"}}
    told = tried("rehearse", chain(stage("office", "Văn phòng", nobody)), *ORIGIN)
    assert told.exit_code == 1
    assert told.output.splitlines()[-1].startswith("dead end: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--unit", "NOWHERE", "--drafter", "clerk"), "There is no unit NOWHERE."),
        (("--unit", "STTTT", "--drafter", "nobody"), "There is no account nobody."),
        ((*ORIGIN, "--fact", "total"), "is no fact"),
    ],
)
def test_what_is_not_there_is_told(tried: Any, words: tuple[str, ...], said: str) -> None:
    told = tried("rehearse", first_body(), *words)
    assert (told.exit_code, said in told.output) == (2, True), told.output


def test_a_chain_that_is_none_is_told_with_its_paths(tried: Any) -> None:
    told = tried("rehearse", {**first_body(), "stages": []}, *ORIGIN)
    assert (told.exit_code, "stages" in told.output) == (1, True)


def test_what_was_handed_in_goes_the_same_way_under_the_same_chain(tried: Any, portal: Flask, approved: int) -> None:
    told = tried("replay", first_body(), "--since", today().isoformat())
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[0].endswith(": same way")
    assert told.output.splitlines()[-1] == "cases: 1, the same way: 1, another way: 0, dead ends: 0"


def test_another_way_is_set_beside_what_happened_and_nothing_is_written(
    tried: Any, portal: Flask, approved: int
) -> None:
    with rows(portal) as session:
        before = session.scalar(select(func.count()).select_from(CaseEvent))
    body = {**first_body(), "stages": [stage("office", "Văn phòng", LEADER), *first_body()["stages"][1:]]}
    told = tried("replay", body, "--since", today().isoformat(), "--until", today().isoformat())
    assert told.output.splitlines()[0].endswith(": ANOTHER WAY")
    assert told.output.splitlines()[-1] == "cases: 1, the same way: 0, another way: 1, dead ends: 0", told.output
    lines = [line.split() for line in told.output.splitlines()]
    assert ["office", "-"] in [line[:2] for line in lines]
    assert any(line[0] == "department" and line[-1] == "-" for line in lines)
    with rows(portal) as session:
        assert session.scalar(select(func.count()).select_from(CaseEvent)) == before


def test_only_what_was_handed_in_then_is_replayed(tried: Any, approved: int) -> None:
    told = tried("replay", first_body(), "--since", "2020-01-01", "--until", "2020-03-31")
    assert told.output.splitlines()[-1] == "cases: 0, the same way: 0, another way: 0, dead ends: 0"


def test_a_dead_end_of_yesterday_is_told(tried: Any, approved: int) -> None:
    nobody = {**LEADER, "owner": {"posts": ["registrar"], "place": "own"}}
    body = {**first_body(), "stages": [*first_body()["stages"][:1], stage("office", "Văn phòng", nobody)], "issues": []}
    told = tried("replay", body, "--since", today().isoformat())
    assert (told.exit_code, "dead end: " in told.output) == (1, True)
    assert told.output.splitlines()[-1] == "cases: 1, the same way: 0, another way: 1, dead ends: 1"


def test_a_calendar_that_does_not_go_so_far_is_said(tried: Any, portal: Flask) -> None:
    with rows(portal) as session:
        body = definitions.current(session, "calendar", definitions.CALENDAR).body
        short = {**body, "years": body["years"][:1]}
        publishing.publish(session, actor="test", kind="calendar", key=definitions.CALENDAR, body=short)
    told = tried("rehearse", first_body(), *ORIGIN)
    assert (told.exit_code, told.output.startswith("dead end: ")) == (1, True)


@pytest.mark.parametrize("words", [("--since", "0001-01-01"), ("--since", "2026-01-01", "--until", "9999-12-31")])
def test_days_that_are_slips_of_the_finger_are_refused(tried: Any, words: tuple[str, ...]) -> None:
    told = tried("replay", first_body(), *words)
    assert (told.exit_code, "between 2000 and 2199" in told.output) == (2, True)


def test_a_number_too_long_to_be_one_is_text(tried: Any) -> None:
    assert tried("rehearse", first_body(), *ORIGIN, "--fact", f"documents_issued={'9' * 5000}").exit_code == 0


def test_who_drafts_it_and_who_decides_twice_is_marked(tried: Any) -> None:
    alone = {**LEADER, "owner": {"posts": ["head"], "place": "own"}}
    body = chain(stage("office", "Văn phòng", alone), stage("again", "Lần hai", alone), *first_body()["stages"][2:])
    told = tried("rehearse", body, *ORIGIN)
    assert "! the only one to decide on more than one level: " in told.output
    drafted = tried("rehearse", body, "--unit", "STTTT", "--drafter", "deputy")
    assert drafted.exit_code == 0
    own = tried("rehearse", first_body(), "--unit", "STTTT", "--drafter", "head")
    assert "! drafted it and will not be asked: " in own.output
