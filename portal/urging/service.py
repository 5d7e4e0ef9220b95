"""The verb of urging: a letter is begun from a list of late units, as a draft of its writer's own unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.definitions import service as definitions
from portal.submissions import regimes
from portal.submissions import service as submissions
from portal.submissions.beginning import Begun
from portal.urging.rules import facts, only
from workflows.errors import Refusal
from workflows.forms.given import ROWS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from portal.security import Actor
    from portal.submissions.models import Submission
    from portal.urging.rules import Gathered
    from workflows.forms import Field

LISTS: dict[str, Callable[[Session, Actor, str, date], Gathered]] = {}
"""Port: the kinds of lists that letters are begun from → gathers the one of a key, as its reader sees it on a day, and
refuses `not_found`; filled by `app`."""


def gather(session: Session, actor: Actor, kind: str, key: str, on: date) -> Gathered:
    """A list of late units.

    Args:
        session: any transaction.
        actor: who reads it.
        kind: of `LISTS`.
        key: which one.
        on: the day.

    Raises:
        Refusal: `not_found`, there is no such list, or not for him.
    """
    if kind not in LISTS:
        raise Refusal("not_found")
    return LISTS[kind](session, actor, key, on)


def processes(session: Session) -> list[Definition]:
    """The forms in force that take a list of late units, by key."""
    return [form for form in definitions.all_current(session, "form") if _table(form) is not None]


def _table(form: Definition) -> Field | None:
    """The table of a form that the late units lie in."""
    return next((each for each in definitions.form_of(form).fields.values() if each.given == ROWS), None)


def begin(
    session: Session,
    actor: Actor,
    source: tuple[str, str],
    *,
    form_key: str,
    unit_id: int,
    late: Collection[int],
    on: date,
) -> Submission:
    """Begin a letter to units that are late, with all that the list knows.

    Args:
        session: the transaction; the caller commits.
        actor: its first author.
        source: kind and key of the list, which is gathered anew.
        form_key: of one of `processes`.
        unit_id: one of his own units.
        late: whom it urges; whoever is not late any more is left out.
        on: the day of the list, and in whose period the letter falls.

    Raises:
        Refusal: `not_found`; `process_needed`, the form takes no such list; `nobody_to_urge`, none of them is late;
            `too_many_to_urge`, the table has fewer rows; or as `submissions.service.open_report`.
    """
    gathered = only(gather(session, actor, *source, on), late)
    form = next((each for each in processes(session) if each.key == form_key), None)
    table = _table(form) if form else None
    if table is None:
        raise Refusal("process_needed")
    if not gathered.rows:
        raise Refusal("nobody_to_urge")
    if len(gathered.rows) > table.max_rows:
        raise Refusal("too_many_to_urge", {"count": len(gathered.rows), "most": table.max_rows})
    begun = Begun(*source, gathered.name, facts(gathered))
    period = regimes.period_of_day(regimes.periods_of(session, form_key), on)
    return submissions.open_report(session, actor, unit_id, form_key, period, begun=begun)
