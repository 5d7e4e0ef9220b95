"""Whether a definition fits its surroundings: forms, chains, calendars, posts, units, and the inputs of the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from portal import patterns
from portal.security import today
from portal.units import service as units
from portal.units.models import Post
from portal.units.rules import POST_KINDS, UNIT_KINDS
from portal.units.seating import alive
from workflows.errors import Finding
from workflows.forms import Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.orm import Session

    from portal.definitions.inforce import InForce
    from workflows.definition import Chain, Owner, Step
    from workflows.forms import Form
    from workflows.schedules import Schedule

SECTIONS = ("reads", "edits", "covers")
"""What a step says of the sections of a form."""


OF_REPORTS = ("idempotency_key", "edition", "version", "then", "choosing", "reason")
OF_THE_EDGE = ("csrf_token", "resume_ticket", "password", "again", "current", "one_time_code")
INPUTS = frozenset((*OF_REPORTS, *OF_THE_EDGE))
"""What inputs of the portal itself are called on pages that show a form: an answer by the same name would be taken for
them. A test reads those pages and knows when one has another."""


def of_inputs(form: Form) -> Iterator[Finding]:
    """What the portal cannot read: fields whose inputs would be taken for others, and patterns that nobody can match.

    Args:
        form: the form.
    """
    for at, section in enumerate(form.sections):
        for place, block in enumerate(section.blocks):
            path = f"sections[{at}].fields[{place}]"
            if isinstance(block, Field) and block.name in INPUTS:
                yield Finding(f"{path}.name", "name_taken", {"name": block.name})
            if isinstance(block, Field):
                yield from _of_pattern(block, path)


def _of_pattern(field: Field, path: str) -> Iterator[Finding]:
    if field.pattern and (problem := patterns.problem_of(field.pattern.matches)):
        yield Finding(f"{path}.pattern.matches", "bad_pattern", {"problem": problem})
    for number, column in enumerate(field.columns):
        yield from _of_pattern(column, f"{path}.columns[{number}]")


def of_forms(chain: Chain, forms: Iterable[Form]) -> Iterator[Finding]:
    """Sections that a step names and one of the forms does not have; it would wait for what nobody ever fills in.

    Args:
        chain: the chain.
        forms: the published forms that it is for; without any, nothing is known of their sections.
    """
    keys = [{section.key for section in form.sections} for form in forms]
    known = set.intersection(*keys) if keys else None
    for path, step in _steps(chain):
        for what in SECTIONS:
            for number, name in enumerate(getattr(step, what)):
                if known is not None and name not in known:
                    yield Finding(f"{path}.{what}[{number}]", "not_one_of", {"allowed": sorted(known)})


def of_units(session: Session, chain: Chain) -> Iterator[Finding]:
    """Owners that nobody can ever be: kinds of posts that do not exist, units that do not, posts that a unit lacks.

    Args:
        session: any transaction.
        chain: the chain.
    """
    for path, owner in _owners(chain):
        unknown = [number for number, post in enumerate(owner.posts) if post not in POST_KINDS]
        for number in unknown:
            yield Finding(f"{path}.posts[{number}]", "not_one_of", {"allowed": list(POST_KINDS)})
        if owner.unit is not None and not unknown:
            yield from _of_unit(session, path, owner)


def of_chain(there: InForce, chain: Chain) -> Iterator[Finding]:
    """Templates and forms that a chain names and that are not in force, and forms that have another chain already.

    Args:
        there: what is in force.
        chain: the chain.
    """
    for number, rule in enumerate(chain.issues):
        if rule.document not in there.of("document"):
            yield Finding(f"issues[{number}].document", "not_one_of", {"allowed": sorted(there.of("document"))})
    rivals = [each for each in there.chains() if each.key != chain.key and chain.guard is each.guard is None]
    for number, form in enumerate(chain.forms):
        if form not in there.of("form"):
            yield Finding(f"forms[{number}]", "not_one_of", {"allowed": sorted(there.of("form"))})
        if rival := next((each for each in rivals if form in each.forms), None):
            yield Finding(f"forms[{number}]", "has_a_chain", {"chain": dict(rival.name)})


def of_schedule(there: InForce, schedule: Schedule) -> Iterator[Finding]:
    """Forms, chains and calendars that a schedule names and that are not in force, and a chain for other forms.

    Args:
        there: what is in force.
        schedule: the schedule.
    """
    for kind, named in (("form", schedule.form), ("calendar", schedule.calendar)):
        if named not in there.of(kind):
            yield Finding(kind, "not_one_of", {"allowed": sorted(there.of(kind))})
    if schedule.chain is not None:
        fitting = sorted(chain.key for chain in there.chains() if schedule.form in chain.forms)
        if schedule.chain not in fitting:
            yield Finding("chain", "not_one_of", {"allowed": fitting})


def of_levels(session: Session, schedule: Schedule, *, shipped: bool) -> Iterator[Finding]:
    """Kinds of units that do not exist, and units of which none has the code.

    Args:
        session: any transaction.
        schedule: the schedule.
        shipped: it comes with the portal, before there are any units.
    """
    for at, level in enumerate(schedule.owed_by):
        for number, kind in enumerate(level.kinds):
            if kind not in UNIT_KINDS:
                yield Finding(f"owed_by[{at}].kinds[{number}]", "not_one_of", {"allowed": list(UNIT_KINDS)})
        named = () if shipped else (("units", level.units), ("except", level.exceptions))
        for key, codes in named:
            for number, code in enumerate(codes):
                if units.unit_by_code(session, code) is None:
                    yield Finding(f"owed_by[{at}].{key}[{number}]", "no_such_unit", {"unit": code})


def _of_unit(session: Session, path: str, owner: Owner) -> Iterator[Finding]:
    unit = units.unit_by_code(session, str(owner.unit))
    if unit is None:
        yield Finding(f"{path}.unit", "no_such_unit", {"unit": owner.unit})
        return
    there = select(Post.id).where(Post.unit_id == unit.id, Post.kind.in_(owner.posts), alive(Post, today()))
    if session.scalar(there.limit(1)) is None:
        yield Finding(f"{path}.posts", "no_such_post", {"unit": owner.unit})


def _steps(chain: Chain) -> Iterator[tuple[str, Step]]:
    for at, stage in enumerate(chain.stages):
        for place, step in enumerate(stage.steps):
            yield f"stages[{at}].steps[{place}]", step


def _owners(chain: Chain) -> Iterator[tuple[str, Owner]]:
    for path, step in _steps(chain):
        yield f"{path}.owner", step.owner
        for number, rung in enumerate(step.ladder):
            if rung.to:
                yield f"{path}.ladder[{number}].to", rung.to
    if chain.emergency:
        yield "emergency.owner", chain.emergency.owner
        yield "emergency.second", chain.emergency.review.steps[0].owner
