"""A chain is tried out with a submission: the way, the people, the time, and where it would stop."""

from datetime import UTC, datetime

import pytest

from tests.workflows.almanac import SHIPPED
from tests.workflows.office import CLERK, chain, staffed, stage, step
from workflows.definition import Chain
from workflows.eligibility import Directory
from workflows.errors import WorkflowError
from workflows.rehearsal import Sample, Trial, rehearse

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OFFICE = staffed(head=["hoa", "ha"], deputy="dung", boss="bao", officer=["an", "anh"])
BIG = {"ge": [{"fact": "total"}, 10]}


def tried(made: Chain, office: Directory = OFFICE, **sample: object) -> Trial:
    return rehearse(made, Sample(CLERK, MONDAY, **sample), office)  # type: ignore[arg-type]


def way(trial: Trial) -> list[tuple[str, list[tuple[str, ...]]]]:
    return [(stop.stage.key, [part.people for part in stop.parts]) for stop in trial.stops]


def test_it_goes_through_every_stage_and_names_who_would_have_it() -> None:
    trial = tried(chain(stage("head"), stage("two", step("deputy"), step("boss"))))
    assert way(trial) == [("head", [("hoa", "ha")]), ("two", [("dung",), ("bao",)])]
    assert [part.by for stop in trial.stops for part in stop.parts] == [("hoa",), ("dung",), ("bao",)]
    assert (trial.dead_end, trial.ended) == (None, MONDAY)


def test_stages_and_steps_are_left_out_by_their_conditions() -> None:
    made = chain(stage("head", when=BIG), stage("two", step("deputy", when=BIG), step("boss")))
    trial = tried(made, facts={"total": 5})
    assert [stop.skipped for stop in trial.stops] == [{"total": 5}, None]
    assert trial.stops[1].left_out == {"deputy": {"total": 5}}
    assert way(trial) == [("head", []), ("two", [("bao",)])]
    assert way(tried(made, facts={"total": 10}))[0] == ("head", [("hoa", "ha")])


def test_every_step_that_is_left_out_is_told_at_its_own_stage() -> None:
    three = stage("three", step("deputy", when=BIG), step("head", when=BIG), step("boss"))
    trial = tried(chain(stage("head"), stage("officer"), three), facts={"total": 5})
    assert [list(stop.left_out) for stop in trial.stops] == [[], [], ["deputy", "head"]]


def test_a_stage_that_nobody_can_take_is_a_dead_end() -> None:
    trial = tried(chain(stage("head"), stage("police"), stage("boss")))
    assert way(trial) == [("head", [("hoa", "ha")])]
    assert trial.dead_end is not None
    assert (trial.dead_end.code, trial.dead_end.params["stage"], trial.ended) == ("nobody_eligible", "police", None)


def test_what_cannot_even_be_submitted_is_told() -> None:
    trial = tried(chain(stage("police")))
    assert trial.stops == ()
    assert trial.dead_end is not None
    assert trial.dead_end.code == "nobody_eligible"


def test_who_drafts_it_is_told_where_he_holds_the_post() -> None:
    trial = tried(chain(stage("head"), stage("boss")), staffed(head=["hoa", CLERK], boss=["bao"]))
    assert [(part.people, part.barred) for part in trial.stops[0].parts] == [(("hoa",), (CLERK,))]
    drafted = tried(chain(stage("head"), stage("boss")), drafters=frozenset({"hoa"}))
    assert [(part.people, part.barred) for part in drafted.stops[0].parts] == [(("ha",), ("hoa",))]


def test_one_person_on_two_levels_is_told() -> None:
    office = staffed(head=["hoa"], deputy=["hoa", "dung"], boss=["hoa"])
    trial = tried(chain(stage("head"), stage("deputy"), stage("boss")), office)
    assert trial.repeated == ("hoa",)
    assert tried(chain(stage("head"), stage("boss"))).repeated == ()


def test_opinions_and_steps_of_one_stage_are_no_second_level() -> None:
    adviser = step("hear", "head", role="advise")
    heard = tried(chain(stage("head"), stage("boss", step("boss"), adviser)), staffed(head=["hoa"], boss=["bao"]))
    assert heard.repeated == ()
    twice = chain(stage("two", step("a", "head"), step("b", "head"), complete="any"), stage("boss"))
    assert tried(twice, staffed(head=["hoa"], boss=["bao"])).repeated == ()


def test_people_to_be_chosen_are_the_first_unless_somebody_is_named() -> None:
    made = chain(stage("officer", step("officer", taken_by={"choose": 1})), stage("boss"))
    assert way(tried(made))[0] == ("officer", [("an",)])
    assert way(tried(made, chosen={"officer.officer": ("anh",)}))[0] == ("officer", [("anh",)])


def test_advisers_are_heard_where_nobody_decides() -> None:
    trial = tried(chain(stage("hear", step("officer", role="advise")), stage("boss")))
    assert [part.by for stop in trial.stops for part in stop.parts] == [("an",), ("bao",)]


def test_whoever_has_decided_leaves_the_other_step_to_somebody_else() -> None:
    trial = tried(chain(stage("two", step("a", "head"), step("b", "head"))))
    assert [part.by for part in trial.stops[0].parts] == [("hoa",), ("ha",)]


def test_what_is_issued_is_told_at_its_stage() -> None:
    rule = {"after": "head", "issuer": {"place": "own"}, "document": "report", "signer": "decider"}
    trial = tried(chain(stage("head"), stage("boss"), issues=[rule]))
    assert [stop.documents for stop in trial.stops] == [("report",), ()]


def test_everybody_takes_the_time_of_his_budget() -> None:
    made = chain(stage("head", step("head", budget=8)), stage("two", step("deputy", budget=4), step("boss", budget=8)))
    trial = rehearse(made, Sample(CLERK, MONDAY), OFFICE, SHIPPED)
    tuesday, wednesday = MONDAY.replace(day=3), MONDAY.replace(day=4)
    assert [stop.entered for stop in trial.stops] == [MONDAY, tuesday]
    assert trial.ended == wednesday


def test_a_step_without_a_budget_takes_no_time() -> None:
    made = chain(stage("head", step("head", budget=8)), stage("boss"))
    trial = rehearse(made, Sample(CLERK, MONDAY), OFFICE, SHIPPED)
    assert trial.ended == MONDAY.replace(day=3)


def test_a_calendar_that_ends_is_told() -> None:
    made = chain(stage("head", step("head", budget=8)))
    with pytest.raises(WorkflowError) as caught:
        rehearse(made, Sample(CLERK, MONDAY.replace(year=2090)), OFFICE, SHIPPED)
    assert caught.value.code == "calendar_ends"
