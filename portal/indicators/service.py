"""What the portal asks about indicators, what must hold before one is written, and those that ship with it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm.attributes import instance_state

from portal import audit
from portal.collation import in_alphabet
from portal.indicators.models import Indicator
from portal.indicators.rules import require_sound
from portal.texts import keep_texts
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from portal.security import Actor

SHIPPED = Path(__file__).resolve().parent / "shipped.yaml"

FIXED = ("key", "kind")
"""What stays as it was given: forms name the key, and figures of one kind are not those of another."""


def scope(actor: Actor) -> ColumnElement[bool]:
    """The indicators an actor may see: all of them, once he is signed in."""
    return true() if actor.user_id else false()


def indicators(session: Session, *, in_use: bool | None = None) -> list[Indicator]:
    """The indicators, by name in the Vietnamese alphabet.

    Args:
        session: any transaction.
        in_use: only those in use, or only those that are not; all of them when None.
    """
    statement = select(Indicator).order_by(in_alphabet(Indicator.name_vi), Indicator.id)
    if in_use is not None:
        statement = statement.where(Indicator.in_use.is_(in_use))
    return list(session.scalars(statement))


def by_keys(session: Session, keys: Iterable[str]) -> dict[str, Indicator]:
    """The indicators with these keys, by key; a key that none has is left out. Out of use or not makes no difference.

    Args:
        session: any transaction.
        keys: what forms name.
    """
    wanted = sorted(set(keys))
    named = select(Indicator).where(Indicator.key.in_(wanted))
    return {each.key: each for each in session.scalars(named)} if wanted else {}


def settle_indicator(session: Session, actor: Actor, indicator: Indicator) -> None:
    """Complete and check an indicator before it is written: its texts, its pair of kind and aggregation, its version.

    Raises:
        Refusal: as `keep_texts` and `require_sound`; `indicator_fixed`, its key or its kind would change;
            `indicator_key_taken`, another one has the key.
    """
    del actor
    _require_sound(indicator)
    if indicator.id:
        _require_fixed(indicator)
    elif by_keys(session, [indicator.key]):
        raise Refusal("indicator_key_taken", {"key": indicator.key})
    indicator.version = indicator.version + 1 if indicator.id else 0


def _require_sound(indicator: Indicator) -> None:
    keep_texts(indicator)
    require_sound(indicator.key, indicator.kind, indicator.direction, indicator.aggregation)


def _require_fixed(indicator: Indicator) -> None:
    attributes = instance_state(indicator).attrs
    if any(attributes[column].load_history().has_changes() for column in FIXED):
        raise Refusal("indicator_fixed")


@cache
def shipped() -> tuple[Mapping[str, Any], ...]:
    """The indicators that come with the portal, as columns and values; read once per process."""
    return tuple(_columns(**facts) for facts in yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


def _columns(
    name: Mapping[str, str], definition: str, measure: Mapping[str, str] | None = None, **facts: str
) -> dict[str, Any]:
    """One of them; a rank has no unit of measure."""
    named = {f"name_{language}": words for language, words in name.items()}
    measured = {f"measure_{language}": words for language, words in (measure or {}).items()}
    return {**facts, **named, **measured, "definition_vi": definition}


def add_shipped(session: Session) -> list[str]:
    """Add those indicators of the portal that are not there yet; one that is there is an administrator's.

    Args:
        session: the caller's transaction.

    Returns:
        the keys that were added.
    """
    known = by_keys(session, [facts["key"] for facts in shipped()])
    added = [Indicator(**facts) for facts in shipped() if facts["key"] not in known]
    for each in added:
        _require_sound(each)
    session.add_all(added)
    session.flush()
    for each in added:
        told = {"key": each.key}
        audit.record(session, actor="system", action="indicator_added", kind="indicator", key=each.id, details=told)
    return [each.key for each in added]
