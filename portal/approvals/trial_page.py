"""What the page of a trial shows: a made-up submission on its way through the draft of a chain."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from flask_babel import gettext

from portal.approvals import samples, trying
from portal.approvals.foreseen import Reading, foreseen, minded, stopped, unreached
from portal.approvals.picture import way_of
from portal.approvals.words import Names, explain, known_as
from portal.db import utc_now
from portal.definitions import service as definitions
from portal.definitions.inforce import InForce
from portal.definitions.shapes.around import facts_of_forms
from portal.definitions.shapes.description import Around
from portal.security import today
from portal.units import service as units
from portal.words import label
from workflows import selection
from workflows.errors import Refusal
from workflows.rehearsal import Sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session

    from portal.approvals.samples import Offered
    from portal.units.models import Unit
    from workflows.definition import Chain
    from workflows.forms import Form
    from workflows.guards import Scalar


@dataclass(frozen=True)
class Asked:
    """What a page was asked to try.

    Attributes:
        chain: what the draft parses to.
        body: of the draft.
        forms: key and name of every form that it is for.
        form_key: the one that is tried; empty where it is for none.
        unit: that submits; None while none is chosen.
        people: of that unit today: key and name.
        person: who drafts and submits; None where the unit has nobody.
    """

    chain: Chain
    body: Any
    forms: Sequence[tuple[str, str]]
    form_key: str
    unit: Unit | None
    people: Sequence[tuple[int, str]]
    person: int | None


def trial_page(session: Session, asked: Asked, typed: Callable[[str], str]) -> dict[str, Any]:
    """What the page needs.

    Args:
        session: any transaction; nothing is written.
        asked: what to try.
        typed: gives the text of an input by its name.

    Returns:
        `questions` about the submission, and the `units` to choose from; once a unit with people is chosen and every
        answer can be read, the `stages` and the `picture` of the way, why it `stopped`, what is to be `minded`, and
        when it `ended` at the latest.
    """
    form, living = _form(session, asked.form_key), units.living(session, today())
    offered, words = samples.offered_by(form, living), words_of_facts(session, asked.body)
    questions, facts = samples.asked(asked.chain, offered, words, typed)
    found = {"questions": questions, "units": living}
    if asked.unit is None or asked.person is None or any(each.problem for each in questions):
        return found
    origin = trying.Origin(asked.unit.id, asked.form_key, today())
    sample = Sample(str(asked.person), utc_now(), {**facts, samples.UNIT_KIND: asked.unit.kind})
    return {**found, **_tried(session, asked, origin, sample, _Said(form, offered, words))}


@dataclass(frozen=True)
class _Said:
    """What a form can say, and what it calls it."""

    form: Form | None
    offered: Mapping[str, Offered]
    words: Mapping[str, str]


def words_of_facts(session: Session, body: Any) -> Mapping[str, str]:
    """What the facts are called that the conditions of a chain may ask for."""
    return {name: str(words) for name, words in facts_of_forms(Around(session, body))}


def _form(session: Session, key: str) -> Form | None:
    """A form as it is in force; as it is drafted before it is ever published."""
    drafts = [] if definitions.newest(session, "form", key) else [definitions.draft_of(session, "form", key)]
    return next(InForce(session, [each for each in drafts if each]).forms([key]), None)


def _tried(session: Session, asked: Asked, origin: trying.Origin, sample: Sample, said: _Said) -> dict[str, Any]:
    chain = asked.chain
    trial = trying.try_out(session, chain, origin, sample)
    barred = trying.drafters_in_the_way(session, chain, origin, sample, trial.dead_end) if trial.dead_end else ()
    labels = {name: label(field.label) for name, field in said.form.fields.items()} if said.form else {}
    names = replace(known_as(session, chain, {*trying.people_in(trial), sample.initiator}), facts=labels)
    reading = Reading(chain, asked.body, sample, trial, names, said.words)
    stages = foreseen(reading)
    never = unreached(reading, samples.known(said.offered))
    choice = _which_chain(session, chain, origin.form_key, sample.facts)
    return {
        "stages": stages,
        "picture": way_of(chain, stages),
        "stopped": stopped(reading, barred),
        "minded": [*choice, *minded(reading), *never, *_untimed(session, chain)],
        "ended": trial.ended if chain.is_timed else None,
    }


def _which_chain(session: Session, chain: Chain, form_key: str, facts: Mapping[str, Scalar]) -> Iterator[str]:
    """Whether such a submission would come to this chain at all, once it is published."""
    others = [definitions.chain_of(each) for each in definitions.all_current(session, "chain")]
    chains = [chain, *(each for each in others if each.key != chain.key)]
    if not form_key:
        yield str(gettext("It is for no form yet, so no report ever comes to it."))
        return
    try:
        found = selection.chain_for(form_key, chains, facts)
    except Refusal as refusal:
        yield explain(refusal, Names(chain))
        return
    if found is not chain:
        name = label(found.name)
        yield str(gettext("With these answers it would not come to this chain, but to “%(chain)s”.", chain=name))


def _untimed(session: Session, chain: Chain) -> Iterator[str]:
    if chain.is_timed and definitions.current_calendar(session) is None:
        yield str(gettext("There is no working calendar in force, so no time is counted."))
