"""Steps whose people the submitter chooses: whom he may choose from, before there is a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.approvals.directory import UnitDirectory
from portal.approvals.words import known_as
from portal.security import today
from portal.words import label
from workflows import selection
from workflows.definition import choice_key
from workflows.eligibility import eligible

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from workflows.definition import Chain
    from workflows.turn import Facts


@dataclass(frozen=True)
class Choice:
    """A step whose people are chosen when the case is submitted.

    Attributes:
        key: `stage.step`.
        stage: the stage's name.
        step: the step's name.
        most: how many may be chosen.
        people: account key and name of everybody who may be chosen.
    """

    key: str
    stage: str
    step: str
    most: int
    people: tuple[tuple[int, str], ...]


def choices_of(session: Session, unit_id: int, chain: Chain, facts: Facts, drafters: frozenset[int]) -> list[Choice]:
    """What the submitter has to choose, in the order of the chain; mostly nothing.

    Args:
        session: any transaction.
        unit_id: the unit that submits.
        chain: what it would be submitted to.
        facts: what conditions may see of it.
        drafters: accounts of everyone who drafted it; none of them can be chosen.
    """
    asked = selection.choices_of(selection.parts_of(chain, facts))
    if not asked:
        return []
    directory = UnitDirectory(session, unit_id, today(), chain, facts)
    excluded = {str(user_id) for user_id in drafters}
    found = {choice_key(stage, step): eligible(step.owner, directory, excluded) for stage, step in asked}
    everybody = [each for people in found.values() for each in people]
    names = known_as(session, chain, {each.person for each in everybody}, {each.post for each in everybody})
    return [
        Choice(
            key=choice_key(stage, step),
            stage=label(stage.name),
            step=label(step.name),
            most=step.share.most,
            people=tuple(
                (int(each.person), names.seat(each.person, each.post)) for each in found[choice_key(stage, step)]
            ),
        )
        for stage, step in asked
    ]
