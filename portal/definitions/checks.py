"""Whether a body can be published: its shape, its key, and whether it fits everything around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from portal.definitions import answers, surroundings
from portal.definitions.inforce import InForce
from portal.definitions.templates import check_template
from workflows.calendars import parse_calendar
from workflows.errors import DefinitionError, Finding
from workflows.forms import parse_form
from workflows.parsing import parse_chain
from workflows.schedules import parse_schedule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from workflows.definition import Chain


def _checked_template(body: dict[str, Any]) -> dict[str, Any]:
    """A template is used as it is written: there is nothing that it would parse to."""
    check_template(body)
    return body


CHECKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "form": parse_form,
    "document": _checked_template,
    "calendar": parse_calendar,
    "chain": parse_chain,
    "schedule": parse_schedule,
}
"""What parses a body of a kind, and raises `DefinitionError` with everything that is wrong with it."""


def own_key(kind: str, body: Any) -> str:
    """The key that a body names itself, after it was checked.

    Args:
        kind: one of `models.KINDS`.
        body: plain values of any shape.

    Raises:
        DefinitionError: it cannot be used; with every finding at its path.
    """
    CHECKS[kind](body)
    return _key_in(kind, body)


def _key_in(kind: str, body: Any) -> str:
    return str(body["metadata"]["key"] if kind == "document" else body["key"])


def check(kind: str, key: str, body: Any) -> Any:
    """Whether a body has the shape of its kind, under its own key; gives what it was parsed to.

    Raises:
        DefinitionError: with every finding at its path.
    """
    parsed = CHECKS[kind](body)
    if _key_in(kind, body) != key:
        path = "metadata.key" if kind == "document" else "key"
        raise DefinitionError([Finding(path, "not_one_of", {"allowed": [key]})])
    return parsed


def refuse_unfit(
    session: Session,
    kind: str,
    key: str,
    body: Any,
    *,
    shipped: bool = False,
    beside: Sequence[Definition] = (),
) -> None:
    """See that a body can be published here and now.

    Args:
        session: any transaction.
        kind: one of `models.KINDS`.
        key: under which it would be published.
        body: plain values of any shape.
        shipped: it comes with the portal, before there are any units.
        beside: drafts that are published together with it, as far as it names them.

    Raises:
        DefinitionError: with every finding at its path.
    """
    parsed = check(kind, key, body)
    found = [*_around(InForce(session, beside), kind, parsed, shipped=shipped)]
    if found:
        raise DefinitionError(found)


def findings(
    session: Session, kind: str, key: str, body: Any, beside: Sequence[Definition] = ()
) -> tuple[Finding, ...]:
    """Everything that keeps a body from being published; nothing where it could be. Arguments as `refuse_unfit`."""
    try:
        refuse_unfit(session, kind, key, body, beside=beside)
    except DefinitionError as error:
        return error.findings
    return ()


def _around(there: InForce, kind: str, parsed: Any, *, shipped: bool) -> Iterator[Finding]:
    if kind == "form":
        yield from surroundings.of_inputs(parsed)
        yield from surroundings.of_answers(parsed)
        yield from surroundings.of_indicators(there.session, parsed)
        yield from answers.of_form(there, parsed)
    elif kind == "document":
        yield from answers.of_document(there, parsed)
    elif kind == "chain":
        yield from _around_chain(there, parsed, shipped=shipped)
    elif kind == "schedule":
        yield from surroundings.of_schedule(there, parsed)
        yield from surroundings.of_levels(there.session, parsed, shipped=shipped)


def _around_chain(there: InForce, chain: Chain, *, shipped: bool) -> Iterator[Finding]:
    forms = list(there.forms(chain.forms))
    yield from surroundings.of_chain(there, chain)
    yield from surroundings.of_forms(chain, forms)
    yield from surroundings.of_facts(chain, forms)
    yield from answers.of_chain(there, chain, forms)
    if not shipped:
        yield from surroundings.of_units(there.session, chain)
