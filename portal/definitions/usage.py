"""What depends on a definition: other definitions that name it, and whatever runs on a version of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from portal.definitions.service import CALENDAR, all_current, all_newest, chain_of, form_of, version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from workflows.errors import Label


class Use(NamedTuple):
    """How many things run on a version.

    Attributes:
        what: `submission`, `case` or `document`.
        version: the number of the version that they pin.
        number: how many there are.
        running: how many of them are not over.
    """

    what: str
    version: int
    number: int
    running: int


class Users(Protocol):
    """Tells what runs on the versions of a key; asked of the room that has those things."""

    def __call__(self, session: Session, key: str, /) -> list[Use]:
        """What runs on them, by version."""


USERS: dict[str, Users] = {}
"""Kind of definition → who knows what runs on it; filled at start by the rooms above."""


def uses(session: Session, kind: str, key: str) -> list[Use]:
    """What runs on the versions of a key, the newest version first."""
    found = USERS[kind](session, key) if kind in USERS else []
    return sorted(found, key=lambda each: (-each.version, each.what))


def named_in(kind: str, body: Any) -> Iterator[tuple[str, str]]:
    """Which other definitions a sound body names.

    Args:
        kind: of the body.
        body: that can be published.

    Returns:
        kind and key of each, as often as it is named.
    """
    if kind == "chain":
        yield from (("form", key) for key in body.get("forms", ()))
        yield from (("document", each["document"]) for each in body.get("issues", ()))
    elif kind == "schedule":
        yield "form", body["form"]
        yield "calendar", body.get("calendar", CALENDAR)
        if "chain" in body:
            yield "chain", body["chain"]


def named_by(session: Session, kind: str, key: str) -> list[Definition]:
    """The definitions in force that name a key, by kind and key."""
    current = [each for naming in ("chain", "schedule") for each in all_current(session, naming, whole=True)]
    return [each for each in current if (kind, key) in named_in(each.kind, each.body)]


def measuring(session: Session, indicator: str) -> list[tuple[Definition, Label]]:
    """The questions of forms in force whose figures are those of an indicator: form, and what is asked.

    Args:
        session: any transaction.
        indicator: its key.
    """
    every = ((form, field) for form in all_current(session, "form") for field in form_of(form).fields.values())
    return [(form, field.label) for form, field in every if field.indicator == indicator]


def needed_by(session: Session, kind: str, key: str) -> list[str]:
    """The keys of what would stop working if a key went out of use; nothing where it can go.

    A form that only chains name can go: chains without it wait for nothing. A chain cannot go while a form in force
    has no other. A template is needed by every chain on which a case still runs.
    """
    if (kind, key) == ("calendar", CALENDAR):
        return [CALENDAR]
    needing = [each.key for each in named_by(session, kind, key) if (kind, each.kind) != ("form", "chain")]
    if kind == "chain":
        needing += _forms_without(session, key)
    if kind == "document":
        needing += _running_towards(session, key)
    return sorted(dict.fromkeys(needing))


def _forms_without(session: Session, chain: str) -> list[str]:
    """The forms in force that nothing but this chain is for."""
    chains = {each.key: chain_of(each) for each in all_current(session, "chain")}
    gone = chains.pop(chain, None)
    others = {form for each in chains.values() for form in each.forms}
    only_here = set(gone.forms) - others if gone else set()
    return [each.key for each in all_current(session, "form") if each.key in only_here]


def _running_towards(session: Session, template: str) -> list[str]:
    """The chains with a version on which a case runs that is to end with this document."""
    return [chain.key for chain in all_newest(session, "chain") if _runs_towards(session, chain.key, template)]


def _runs_towards(session: Session, chain: str, template: str) -> bool:
    running = [version(session, "chain", chain, each.version) for each in uses(session, "chain", chain) if each.running]
    return any(("document", template) in named_in("chain", each.body) for each in running)
