import re
from datetime import time
from typing import Any

import pytest
import yaml

from tests.workflows import promised
from tests.workflows.almanac import label, on
from tests.workflows.regimes import LIBRARY, body, due, level, on_demand, window
from workflows.errors import DefinitionError, Finding
from workflows.periods import PeriodKind, Window
from workflows.schedules import (
    AfterCutOff,
    DueRule,
    Frequency,
    InMonth,
    InWeek,
    Level,
    Occasion,
    OnDate,
    Regime,
    Schedule,
    parse_schedule,
)
from workflows.schedules.definition import FINDINGS as OWN_FINDINGS
from workflows.workdays import Shift


def findings(definition: object) -> tuple[Finding, ...]:
    with pytest.raises(DefinitionError) as caught:
        parse_schedule(definition)
    promised.check_errors(caught.value.findings)
    return caught.value.findings


def found(definition: object) -> list[tuple[str, str]]:
    return [(finding.path, finding.code) for finding in findings(definition)]


def rule(**deadline: object) -> DueRule:
    regime = on_demand if "date" in deadline else body
    every = {"every": "week"} if "weekday" in deadline else {}
    return parse_schedule(regime(due(**deadline), **every)).owed_by[0].due


def whole(value: object) -> None:
    """Every dataclass in a value holds what it promises."""
    assert promised.broken(value) == []


# What is shipped


def test_every_shipped_schedule_is_sound_and_named_after_its_file() -> None:
    files = sorted(LIBRARY.glob("*.yaml"))
    assert files
    for file in files:
        assert parse_schedule(yaml.safe_load(file.read_text(encoding="utf-8"))).key == file.stem


def test_a_shipped_schedule_names_a_form_that_is_shipped() -> None:
    for file in LIBRARY.glob("*.yaml"):
        form = yaml.safe_load(file.read_text(encoding="utf-8"))["form"]
        assert (LIBRARY.parent / "forms" / f"{form}.yaml").exists()


def test_the_examples_of_the_guide_are_sound() -> None:
    guide = (LIBRARY.parents[2] / "docs" / "guides" / "schedules.md").read_text(encoding="utf-8")
    smallest, *variations = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)]
    assert len(variations) == 2
    for said in [{}, *variations]:
        every = {} if "windows" in said else {"every": smallest["every"]}
        rest = {key: value for key, value in smallest.items() if key != "every"}
        assert parse_schedule({**rest, **every, **said}).key == "monthly-report"


# What a definition becomes


def test_a_definition_becomes_typed_values() -> None:
    parsed = parse_schedule(
        body(
            level("communes", kinds=["cpc"], **{"except": ["DIENHONG"]}),
            level("police", kinds=None, units=["CAT", "PC06"], deadline={"day": 20, "shift": "previous"}),
            chain="provincial-report",
            calendar="gia-lai",
            legal_basis="Nghị định 09/2019/NĐ-CP",
            recipients=[label("UBND tỉnh")],
            every=["year", {"kind": "quarter", "replaces": ["month"]}, "month"],
            window={"from": 1},
            opens=5,
            lock_after=10,
            remind=[0, 3],
            **{"from": "2025-01-01", "until": "2025-12-31"},
        )
    )
    after_two, twentieth = AfterCutOff(2), InMonth(20, "same")
    assert parsed == Schedule(
        key="test",
        name=label("Chế độ"),
        form="monthly-report",
        regime=Regime.PERIODIC,
        owed_by=(
            Level(
                "communes",
                label("communes"),
                ("cpc",),
                (),
                ("DIENHONG",),
                DueRule(after_two, "no_later_than", Shift.NEXT, None),
            ),
            Level(
                "police",
                label("police"),
                (),
                ("CAT", "PC06"),
                (),
                DueRule(twentieth, "no_later_than", Shift.PREVIOUS, None),
            ),
        ),
        chain="provincial-report",
        calendar="gia-lai",
        legal_basis="Nghị định 09/2019/NĐ-CP",
        recipients=(label("UBND tỉnh"),),
        every=(
            Frequency(PeriodKind.MONTH),
            Frequency(PeriodKind.QUARTER, (PeriodKind.MONTH,)),
            Frequency(PeriodKind.YEAR),
        ),
        first_day=1,
        first=on("2025-01-01"),
        last=on("2025-12-31"),
        opens=5,
        locks_after=10,
        remind=(3, 0),
    )
    whole(parsed)
    for each in parsed.owed_by:
        whole(each)
        whole(each.due)


def test_what_is_not_said_is_as_the_decree_has_it() -> None:
    parsed = parse_schedule(body())
    assert (parsed.calendar, parsed.first_day, parsed.chain) == ("vietnam", 15, None)
    assert (parsed.first, parsed.last, parsed.opens, parsed.locks_after) == (None, None, None, None)
    assert (parsed.recipients, parsed.remind, parsed.occasions, parsed.legal_basis) == ((), (), (), None)


def test_windows_can_be_asked_for_one_by_one() -> None:
    parsed = parse_schedule(on_demand(windows=[window(), window("second", "2024-08-15", "2024-09-14")]))
    assert parsed.regime is Regime.ON_DEMAND
    assert parsed.every == ()
    assert parsed.occasions == (
        Occasion("survey", label("survey"), Window(on("2024-01-01"), on("2024-08-14"))),
        Occasion("second", label("second"), Window(on("2024-08-15"), on("2024-09-14"))),
    )


def test_a_thematic_report_recurs_or_does_not() -> None:
    assert parse_schedule(body(regime="thematic")).every == (Frequency(PeriodKind.MONTH),)
    assert len(parse_schedule(on_demand(regime="thematic")).occasions) == 1


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        ({"working_days_after": 1}, DueRule(AfterCutOff(1), "no_later_than", Shift.NEXT, None)),
        ({"day": 25, "shift": "none"}, DueRule(InMonth(25, "same"), "no_later_than", Shift.NONE, None)),
        ({"day": 5, "month": "next"}, DueRule(InMonth(5, "next"), "no_later_than", Shift.NEXT, None)),
        ({"day": 5, "month": "same", "kind": "before"}, DueRule(InMonth(5, "same"), "before", Shift.NEXT, None)),
        ({"weekday": 5, "at": "16:30"}, DueRule(InWeek(5, "same"), "no_later_than", Shift.NEXT, time(16, 30))),
        ({"weekday": 1, "week": "next"}, DueRule(InWeek(1, "next"), "no_later_than", Shift.NEXT, None)),
        ({"date": "2024-08-16", "kind": "before"}, DueRule(OnDate(on("2024-08-16")), "before", Shift.NONE, None)),
        (
            {"date": "2024-08-16", "shift": "next", "kind": "no_later_than"},
            DueRule(OnDate(on("2024-08-16")), "no_later_than", Shift.NEXT, None),
        ),
    ],
)
def test_a_deadline_has_a_day_a_kind_a_shift_and_a_time(deadline: dict[str, Any], expected: DueRule) -> None:
    assert rule(**deadline) == expected


def shuffled(value: object) -> object:
    """The same definition with the keys of each mapping the other way round."""
    if isinstance(value, dict):
        return {key: shuffled(each) for key, each in reversed(value.items())}
    return [shuffled(each) for each in value] if isinstance(value, list) else value


def test_the_order_of_keys_says_nothing() -> None:
    good, wrong = body(level(), every=[{"kind": "year", "replaces": ["month"]}, "month"]), body(due(day=32), every=1)
    assert list(shuffled(good)) != list(good)  # type: ignore[call-overload]
    assert parse_schedule(shuffled(good)) == parse_schedule(good)
    assert found(shuffled(wrong)) == found(wrong)


# What is wrong with a definition

TWO_WINDOWS = [window(), window("second")]
WEEKS_AND_MONTHS = ["week", "month"]
DUE = "owed_by[0].deadline"


def replacing(kind: str, *replaced: object, every: tuple[str, ...] = ("month",)) -> dict[str, Any]:
    return body(every=[*every, {"kind": kind, "replaces": list(replaced)}])


WRONG: list[tuple[object, list[tuple[str, str]]]] = [
    (None, [("", "wrong_type")]),
    ({}, [(key, "missing_key") for key in ("schema", "key", "name", "form", "regime", "owed_by")]),
    (body(schema=2), [("schema", "out_of_range")]),
    (body(key="Tháng"), [("key", "bad_word")]),
    (body(name="Tháng"), [("name", "wrong_type")]),
    (body(form="Mẫu"), [("form", "bad_word")]),
    (body(chain=1), [("chain", "wrong_type")]),
    (body(calendar=""), [("calendar", "bad_word")]),
    (body(legal_basis=" "), [("legal_basis", "blank")]),
    (body(legal_basis="x" * 501), [("legal_basis", "too_long")]),
    (body(recipients=[]), [("recipients", "too_few")]),
    (body(recipients=["UBND"]), [("recipients[0]", "wrong_type")]),
    (body(recipients=[label("UBND")] * 21), [("recipients", "too_many")]),
    (body(colour="red"), [("colour", "unknown_key")]),
    (body(regime="daily"), [("regime", "not_one_of")]),
    (body(every=None), [("", "one_of_these")]),
    (body(windows=TWO_WINDOWS), [("", "one_of_these")]),
    (on_demand(regime="periodic"), [("regime", "regime_needs")]),
    (body(regime="on_demand"), [("regime", "regime_needs")]),
    (body(every="day"), [("every", "not_one_of")]),
    (body(every=[]), [("every", "too_few")]),
    (body(every=7), [("every", "wrong_type")]),
    (body(every=["month"] * 7), [("every", "too_many"), *[(f"every[{each}]", "duplicate") for each in range(1, 6)]]),
    (body(every=["month", {"kind": "month"}]), [("every[1]", "duplicate")]),
    (body(every=[{"replaces": ["month"]}]), [("every[0].kind", "missing_key")]),
    (body(every=WEEKS_AND_MONTHS), [("every", "weeks_alone")]),
    (replacing("quarter"), [("every[1].replaces", "too_few")]),
    (replacing("quarter", "day"), [("every[1].replaces[0]", "not_one_of")]),
    (replacing("quarter", "month", "month"), [("every[1].replaces[1]", "duplicate")]),
    (replacing("quarter", "quarter"), [("every[1].replaces[0]", "not_replaceable")]),
    (replacing("quarter", "half_year", every=("half_year",)), [("every[1].replaces[0]", "not_replaceable")]),
    (replacing("half_year", "month", "quarter"), [("every[1].replaces[1]", "not_replaceable")]),
    (replacing("year", "nine_months", every=("nine_months",)), [("every[1].replaces[0]", "not_replaceable")]),
    (body(window={}), [("window.from", "missing_key")]),
    (body(window={"from": 29}), [("window.from", "out_of_range")]),
    (body(window={"from": 0}), [("window.from", "out_of_range")]),
    (body(**{"from": "1/1/2025"}), [("from", "wrong_type")]),
    (body(**{"from": "1975-12-31"}), [("from", "day_out_of_range")]),
    (body(**{"from": "2025-01-02", "until": "2025-01-01"}), [("until", "day_out_of_range")]),
    (body(until="1975-12-31"), [("until", "day_out_of_range")]),
    (body(opens=-1), [("opens", "out_of_range")]),
    (body(opens=367), [("opens", "out_of_range")]),
    (body(lock_after=True), [("lock_after", "wrong_type")]),
    (body(lock_after=367), [("lock_after", "out_of_range")]),
    (body(remind=[]), [("remind", "too_few")]),
    (body(remind=list(range(11))), [("remind", "too_many")]),
    (body(remind=[1, 61, 1]), [("remind[1]", "out_of_range"), ("remind[2]", "duplicate")]),
    (on_demand(windows=[]), [("windows", "too_few")]),
    (
        on_demand(windows=[window(str(each)) for each in range(101)]),
        [("windows", "too_many"), *[(f"windows[{each}].key", "bad_word") for each in range(100)]],
    ),
    (on_demand(windows=[window(), window()]), [("windows[1]", "duplicate")]),
    (on_demand(windows=[{}]), [(f"windows[0].{key}", "missing_key") for key in ("key", "name", "from", "to")]),
    (on_demand(windows=[window(to="2023-12-31")]), [("windows[0].to", "day_out_of_range")]),
    (on_demand(windows=[window(first="1975-12-31")]), [("windows[0].from", "day_out_of_range")]),
    (on_demand(windows=[window(to="14/8/2024")]), [("windows[0].to", "wrong_type")]),
    (
        on_demand(window={"from": 1}, **{"from": "2024-01-01", "until": "2024-12-31"}),
        [("window", "not_with_windows"), ("from", "not_with_windows"), ("until", "not_with_windows")],
    ),
    (body(owed_by=[]), [("owed_by", "too_few")]),
    (body(*[level(f"l{each}") for each in range(11)]), [("owed_by", "too_many")]),
    (body(level(), level(kinds=["dpc"])), [("owed_by[1]", "duplicate")]),
    (body(level(deadline=None)), [(DUE, "missing_key")]),
    (body(level(kinds=None)), [("owed_by[0]", "nobody_owes")]),
    (
        body(level(kinds=None, **{"except": ["SNV"]})),
        [("owed_by[0]", "nobody_owes"), ("owed_by[0].except", "nothing_excepted")],
    ),
    (body(level(kinds=None, units=["SNV"], **{"except": ["STP"]})), [("owed_by[0].except", "nothing_excepted")]),
    (body(level(kinds=["Sở"])), [("owed_by[0].kinds[0]", "bad_word")]),
    (body(level(kinds=["a"] * 51)), [("owed_by[0].kinds", "too_many")]),
    (body(level(units=["S N V"])), [("owed_by[0].units[0]", "bad_word")]),
    (body(level(units=["SNV"] * 201)), [("owed_by[0].units", "too_many")]),
    (body(level(**{"except": []})), [("owed_by[0].except", "too_few")]),
    (body(level("a", kinds=["dpc"]), level("b", kinds=["cpc", "dpc"])), [("owed_by[1].kinds[1]", "duplicate")]),
    (body(level("a", units=["SNV"]), level("b", units=["SNV"])), [("owed_by[1].units[0]", "duplicate")]),
    (body(level(units=["SNV", "SNV"])), [("owed_by[0].units[1]", "duplicate")]),
    (body(level(units=["SNV"], **{"except": ["SNV"]})), [("owed_by[0].except[0]", "duplicate")]),
    (body(level(**{"except": ["SNV", "STP", "SNV"]})), [("owed_by[0].except[2]", "duplicate")]),
    (body(due()), [(DUE, "one_of_these")]),
    (body(due(day=20, weekday=5)), [(DUE, "one_of_these")]),
    (body(level(deadline="day")), [(DUE, "wrong_type")]),
    (body(due(working_days_after=0)), [(f"{DUE}.working_days_after", "out_of_range")]),
    (body(due(working_days_after=61)), [(f"{DUE}.working_days_after", "out_of_range")]),
    (body(due(day=32)), [(f"{DUE}.day", "out_of_range")]),
    (body(due(day=0)), [(f"{DUE}.day", "out_of_range")]),
    (body(due(day=5, month="last")), [(f"{DUE}.month", "not_one_of")]),
    (body(due(day=5, week="next")), [(f"{DUE}.week", "unknown_key")]),
    (body(due(weekday=0), every="week"), [(f"{DUE}.weekday", "out_of_range")]),
    (body(due(weekday=8), every="week"), [(f"{DUE}.weekday", "out_of_range")]),
    (on_demand(due(date="16/8/2024")), [(f"{DUE}.date", "wrong_type")]),
    (body(due(day=5, kind="by")), [(f"{DUE}.kind", "not_one_of")]),
    (body(due(day=5, shift="later")), [(f"{DUE}.shift", "not_one_of")]),
    (body(due(day=5, at="24:00")), [(f"{DUE}.at", "bad_word")]),
    (body(due(day=5, at=990)), [(f"{DUE}.at", "wrong_type")]),
    (body(due(day=5, at="16:30", kind="before")), [(f"{DUE}.at", "before_has_no_time")]),
    (body(due(weekday=5)), [(DUE, "deadline_does_not_fit")]),
    (body(due(date="2024-08-16")), [(DUE, "deadline_does_not_fit")]),
    (body(due(day=5), every="week"), [(DUE, "deadline_does_not_fit")]),
    (on_demand(due(day=5)), [(DUE, "deadline_does_not_fit")]),
    (on_demand(due(date="2024-08-16"), windows=TWO_WINDOWS), [(f"{DUE}.date", "one_window_only")]),
]


@pytest.mark.parametrize(("definition", "expected"), WRONG)
def test_every_error_is_reported_at_its_path(definition: object, expected: list[tuple[str, str]]) -> None:
    assert found(definition) == expected


def test_every_code_of_its_own_is_made() -> None:
    assert {code for _, expected in WRONG for _, code in expected} >= set(OWN_FINDINGS)


def test_all_errors_are_reported_together() -> None:
    broken = body(level(kinds=["Sở"]), level("b", deadline={"day": 40}), key="No Key", opens="early", extra=1)
    assert found(broken) == [
        ("extra", "unknown_key"),
        ("key", "bad_word"),
        ("owed_by[0].kinds[0]", "bad_word"),
        ("owed_by[1].deadline.day", "out_of_range"),
        ("opens", "wrong_type"),
    ]


def test_parts_that_disagree_are_reported_together() -> None:
    disagreeing = body(
        level("a", kinds=["dpc"], deadline={"weekday": 5}),
        level("b", kinds=["dpc"], deadline={"day": 20}),
        every=["week", {"kind": "quarter", "replaces": ["month"]}],
    )
    assert found(disagreeing) == [
        ("every", "weeks_alone"),
        ("every[1].replaces[0]", "not_replaceable"),
        ("owed_by[1].kinds[0]", "duplicate"),
        ("owed_by[1].deadline", "deadline_does_not_fit"),
    ]


def test_an_error_says_what_would_do() -> None:
    for definition, params in [
        (body(due(weekday=5)), {"allowed": ["working_days_after", "day"]}),
        (body(due(day=5), every="week"), {"allowed": ["working_days_after", "weekday"]}),
        (on_demand(due(day=5)), {"allowed": ["working_days_after", "date"]}),
        (body(due()), {"allowed": ["working_days_after", "day", "weekday", "date"]}),
        (body(every=None), {"allowed": ["every", "windows"]}),
        (body(regime="on_demand"), {"key": "windows"}),
        (on_demand(regime="periodic"), {"key": "every"}),
        (on_demand(windows=[window(to="2023-12-31")]), {"least": "2024-01-01", "most": "2999-12-31"}),
    ]:
        assert findings(definition)[0].params == params
