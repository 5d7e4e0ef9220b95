"""Whether a definition fits what is around it: forms, chains, calendars, posts, units, indicators, and inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import patterns
from portal.definitions.service import draft_of
from portal.indicators.service import by_keys
from portal.security import today
from portal.units import service as units
from portal.units.rules import POST_KINDS, UNIT_KINDS
from workflows.errors import Finding
from workflows.forms import Field
from workflows.forms.askable import Askable, askable_of, compared, never_so
from workflows.forms.leaves import OneOf, Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy.orm import Session

    from portal.definitions.inforce import InForce
    from portal.indicators.models import Indicator
    from portal.units.models import Unit
    from workflows.definition import Chain, Owner, Step
    from workflows.forms import Form
    from workflows.forms.askable import Compared
    from workflows.guards import Guard
    from workflows.schedules import Schedule

UNIT_KIND, TASK_LEAD = "unit_kind", "task_lead"
"""The facts that the portal itself says of a submission: the kind of its unit, and which unit leads its task."""

SECTIONS = ("reads", "edits", "covers")
"""What a step says of the sections of a form."""


OF_REPORTS = ("idempotency_key", "edition", "version", "then", "choosing", "reason")
OF_THE_EDGE = ("csrf_token", "resume_ticket", "password", "pin", "again", "current", "one_time_code")
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


def of_answers(form: Form) -> Iterator[Finding]:
    """What conditions of a form compare answers with that they never are.

    Args:
        form: the form; a version that was published before this was asked for may say so, and is read as it was.
    """
    known = {name: [each] for field in form.fields.values() for name, each in askable_of(field).items()}
    for at, section in enumerate(form.sections):
        for place, block in enumerate(section.blocks):
            if isinstance(block, Field) and block.visible_when:
                yield from never_so(block.visible_when, f"sections[{at}].fields[{place}].visible_when", known)
    for number, rule in enumerate(form.rules):
        yield from never_so(rule.holds, f"rules[{number}].holds", known)
        if rule.when:
            yield from never_so(rule.when, f"rules[{number}].when", known)


def of_indicators(session: Session, form: Form) -> Iterator[Finding]:
    """Indicators that there are not, and those that are made of another kind of figure.

    Args:
        session: any transaction.
        form: the form.
    """
    known = by_keys(session, [field.indicator for field in form.fields.values() if field.indicator])
    for at, section in enumerate(form.sections):
        for place, block in enumerate(section.blocks):
            if isinstance(block, Field) and block.indicator:
                yield from _of_indicator(block, f"sections[{at}].fields[{place}].indicator", known)


def _of_indicator(field: Field, path: str, known: Mapping[str, Indicator]) -> Iterator[Finding]:
    indicator = known.get(str(field.indicator))
    if indicator is None:
        yield Finding(path, "no_such_indicator", {"indicator": field.indicator})
    elif indicator.kind != field.figure:
        yield Finding(path, "other_figure", {"indicator": dict(indicator.name)})


def of_facts(chain: Chain, forms: Iterable[Form]) -> Iterator[Finding]:
    """What conditions of a chain compare facts with that those are in none of its forms.

    Args:
        chain: the chain.
        forms: those that it is for, as far as they are known.
    """
    known: dict[str, list[Askable]] = {UNIT_KIND: [Askable(OneOf(()), UNIT_KINDS)], TASK_LEAD: [Askable(Words())]}
    for form in forms:
        for field in form.fields.values():
            for name, each in askable_of(field).items():
                known.setdefault(name, []).append(each)
    for path, guard in guards(chain):
        yield from never_so(guard, path, known)


def of_units(session: Session, chain: Chain) -> Iterator[Finding]:
    """Owners that nobody can ever be: kinds of posts that do not exist, units that do not, posts that a unit lacks.

    A condition that names a unit which there is not is told, too.

    Args:
        session: any transaction.
        chain: the chain.
    """
    owners, leads = list(_owners(chain)), list(_leads(chain))
    codes = [owner.unit for _, owner in owners if owner.unit] + [str(lead.value) for lead in leads]
    known = units.units_by_code(session, codes)
    posts = units.post_kinds_of(session, [unit.id for unit in known.values()], today())
    for path, owner in owners:
        unknown = [number for number, post in enumerate(owner.posts) if post not in POST_KINDS]
        for number in unknown:
            yield Finding(f"{path}.posts[{number}]", "not_one_of", {"allowed": list(POST_KINDS)})
        if owner.unit is not None and not unknown:
            yield from _of_unit(path, owner, known, posts)
    for lead in leads:
        if lead.value not in known:
            yield Finding(lead.path, "no_such_unit", {"unit": lead.value})


def of_chain(there: InForce, chain: Chain) -> Iterator[Finding]:
    """Templates and forms that a chain names and that are not in force, and forms that have another chain already.

    Args:
        there: what is in force.
        chain: the chain.
    """
    for number, rule in enumerate(chain.issues):
        yield from _in_force(there, "document", rule.document, f"issues[{number}].document")
    rivals = [each for each in there.chains() if each.key != chain.key and chain.guard is each.guard is None]
    for number, form in enumerate(chain.forms):
        yield from _in_force(there, "form", form, f"forms[{number}]")
        if rival := next((each for each in rivals if form in each.forms), None):
            yield Finding(f"forms[{number}]", "has_a_chain", {"chain": dict(rival.name)})


def of_schedule(there: InForce, schedule: Schedule) -> Iterator[Finding]:
    """Forms, chains and calendars that a schedule names and that are not in force, and a chain for other forms.

    Args:
        there: what is in force.
        schedule: the schedule.
    """
    for kind, named in (("form", schedule.form), ("calendar", schedule.calendar)):
        yield from _in_force(there, kind, named, kind)
    if schedule.chain is not None:
        fitting = sorted(chain.key for chain in there.chains() if schedule.form in chain.forms)
        if schedule.chain not in fitting:
            yield Finding("chain", "not_one_of", {"allowed": fitting})


def _in_force(there: InForce, kind: str, key: str, path: str) -> Iterator[Finding]:
    """What is named and not in force: it is a draft alone, or nothing at all."""
    if key in there.of(kind):
        return
    if draft_of(there.session, kind, key):
        yield Finding(path, "still_drafted", {"key": key})
    else:
        yield Finding(path, "not_one_of", {"allowed": sorted(there.of(kind))})


def of_levels(session: Session, schedule: Schedule, *, shipped: bool) -> Iterator[Finding]:
    """Kinds of units that do not exist, and units of which none has the code.

    Args:
        session: any transaction.
        schedule: the schedule.
        shipped: it comes with the portal, before there are any units.
    """
    named = [] if shipped else list(_units_of(schedule))
    known = units.units_by_code(session, [code for _, code in named])
    for at, level in enumerate(schedule.owed_by):
        for number, kind in enumerate(level.kinds):
            if kind not in UNIT_KINDS:
                yield Finding(f"owed_by[{at}].kinds[{number}]", "not_one_of", {"allowed": list(UNIT_KINDS)})
    for path, code in named:
        if code not in known:
            yield Finding(path, "no_such_unit", {"unit": code})


def _units_of(schedule: Schedule) -> Iterator[tuple[str, str]]:
    """The codes of units that the levels of a schedule name, with where they stand."""
    for at, level in enumerate(schedule.owed_by):
        for key, codes in (("units", level.units), ("except", level.exceptions)):
            for number, code in enumerate(codes):
                yield f"owed_by[{at}].{key}[{number}]", code


def _of_unit(path: str, owner: Owner, known: Mapping[str, Unit], posts: Mapping[int, set[str]]) -> Iterator[Finding]:
    unit = known.get(str(owner.unit))
    if unit is None:
        yield Finding(f"{path}.unit", "no_such_unit", {"unit": owner.unit})
    elif not posts.get(unit.id, set()) & set(owner.posts):
        yield Finding(f"{path}.posts", "no_such_post", {"unit": owner.unit})


def guards(chain: Chain) -> Iterator[tuple[str, Guard]]:
    """The conditions of a chain, with where they stand."""
    places: list[tuple[str, Guard | None]] = [("when", chain.guard)]
    places += [(f"stages[{at}].when", stage.guard) for at, stage in enumerate(chain.stages)]
    places += [(f"{path}.when", step.guard) for path, step in _steps(chain)]
    return ((path, guard) for path, guard in places if guard)


def _leads(chain: Chain) -> Iterator[Compared]:
    """The units that conditions compare the lead of a task with."""
    found = (each for path, guard in guards(chain) for each in compared(guard, path))
    return (each for each in found if each.fact == TASK_LEAD and isinstance(each.value, str))


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
