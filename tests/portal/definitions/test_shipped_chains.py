"""Every chain that ships is walked through the demonstration province, from its submission to its last approval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from portal.approvals.directory import UnitDirectory
from portal.db import utc_now
from portal.definitions.library import LIBRARY
from portal.definitions.reading import read_definition
from portal.security import today
from workflows.actions import Advise, Approve, Submit
from workflows.engine import act, open_case
from workflows.events import ItemDecided, StageSkipped
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from tests.portal.province import Province
    from workflows.actions import AnyAction
    from workflows.case import Case

SHIPPED = sorted(path.stem for path in (LIBRARY / "chains").glob("*.yaml"))


@dataclass
class DryRun:
    """A case that exists nowhere: drafted by one of the cast, decided by whoever is asked first."""

    province: Province
    drafter: str
    facts: dict[str, Any]

    def act(self, case: Case, by: str, action: AnyAction) -> Case:
        unit = min(self.province.actor(self.drafter).own_units)
        directory = UnitDirectory(self.province.session, unit, today(), case.chain, self.facts)
        return act(case, action, by=by, at=utc_now(), facts=self.facts, directory=directory).case

    def run(self, key: str, chosen: dict[str, list[str]]) -> Case:
        person = {name: str(self.province.user(name).id) for names in chosen.values() for name in names}
        picked = {step: tuple(person[name] for name in names) for step, names in chosen.items()}
        drafter = str(self.province.user(self.drafter).id)
        chain = parse_chain(read_definition(LIBRARY / "chains" / f"{key}.yaml"))
        case = self.act(open_case(chain, drafter, utc_now()).case, drafter, Submit(0, "content", chosen=picked))
        while not case.finished:
            item = case.open_items[0]
            verb: AnyAction = Advise(case.version, "Nhất trí") if item.role == "advise" else Approve(case.version)
            case = self.act(case, item.person, verb)
        return case

    def told(self, case: Case) -> list[str]:
        """Stages passed and skipped, with the user name of everybody who said something."""
        names = {str(user.id): user.username for user in self.province.everybody()}
        lines = []
        for event in case.events:
            if isinstance(event, ItemDecided):
                lines.append(f"{case.item(event.item).stage}: {names[event.by]} {event.verdict}")
            elif isinstance(event, StageSkipped):
                lines.append(f"{event.stage}: skipped")
        return lines


PATHS: list[tuple[str, str, dict[str, Any], dict[str, list[str]], list[str]]] = [
    (
        "provincial-report",
        "clerk",
        {},
        {},
        ["department: head approve", "police: police.head approve", "ubnd: chairman approve"],
    ),
    (
        "urging-dispatch",
        "police",
        {},
        {},
        ["unit: police.head approve", "form: police.deputy approve", "ubnd: chairman approve"],
    ),
    (
        "urging-dispatch",
        "police.head",  # whose own head is himself: the division's deputy is left, and above him the police
        {},
        {},
        ["unit: police.deputy approve", "form: police.deputy approve", "ubnd: chairman approve"],
    ),
    (
        "plan-of-two-signatories",
        "clerk",
        {"partner": "iagrai"},
        {},
        ["signatories: head approve", "signatories: outsider.head approve", "police: police.head approve"],
    ),
    (
        "survey-answer",
        "clerk",
        {},
        {"opinions.experts": ["police", "police.deputy", "police.head"]},
        ["opinions: police advise", "opinions: police.deputy advise", "decision: head approve"],
    ),
    ("extension-request", "clerk", {"days": 5}, {}, ["superior: head approve", "standing: skipped", "ubnd: skipped"]),
    (
        "extension-request",
        "clerk",
        {"days": 12},
        {},
        ["superior: head approve", "standing: police.head advise", "ubnd: chairman approve"],
    ),
    (
        "document-correction",
        "clerk",
        {},
        {},
        [
            "form: deputy approve",
            "police: police.head approve",
            "police: police.deputy approve",
            "ubnd: chairman approve",
        ],
    ),
]


@pytest.mark.parametrize("walk", PATHS, ids=[f"{walk[0]} of {walk[1]}" for walk in PATHS])
def test_a_shipped_chain_leads_through_the_province_to_its_end(
    province: Province, walk: tuple[str, str, dict[str, Any], dict[str, list[str]], list[str]]
) -> None:
    key, drafter, facts, chosen, path = walk
    dry = DryRun(province, drafter, facts)
    case = dry.run(key, chosen)
    assert case.status == "approved"
    assert dry.told(case) == path


def test_every_shipped_chain_is_walked() -> None:
    assert {key for key, *_ in PATHS} == set(SHIPPED)
