"""The pages on which the draft of a chain is tried out: with a submission made up, and with what was handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.approvals import replay_page, samples, trial_page, trying
from portal.approvals.replay_page import Span
from portal.approvals.trial_page import Asked
from portal.approvals.wiring import subject_page
from portal.approvals.words import known_as
from portal.data import current_actor, current_session, read_key
from portal.definitions import service as definitions
from portal.definitions.pages import DefinitionPages, name_of
from portal.definitions.shapes.around import forms
from portal.definitions.shapes.description import Around
from portal.definitions.wiring import Tab
from portal.findings import sentence
from portal.security import today
from portal.texts import kept
from portal.units import seating
from portal.units import service as units
from portal.units.rules import POST_KINDS
from portal.words import format_date
from workflows.errors import DefinitionError, Finding
from workflows.forms.notation import Unreadable, read_date
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.definitions.models import Definition
    from portal.units.models import Unit
    from workflows.definition import Chain

TABS = (
    Tab("try", _l("Try it out"), lambda key: url_for("TrialView.trial", key=key)),
    Tab("replay", _l("Past cases"), lambda key: url_for("TrialView.replay", key=key)),
)
"""For the port of `definitions.wiring`."""

DAYS_BACK = 90
"""How far back past cases are offered at first."""


class TrialView(DefinitionPages):
    """Trials of the draft of a chain; nothing is ever written."""

    route_base = "/definitions"
    default_view = "trial"

    @expose("/chain/<key>/draft/try", methods=["GET"])
    @has_access
    @permission_name("draft")
    def trial(self, key: str) -> str:
        """Where a submission would go, to whom, until when, and where it would stop."""
        draft, chain = _draft(key)
        values: dict[str, Any] = {}
        if chain is not None:
            asked = _asked(current_session(), draft, chain)
            values = {"asked": asked, **trial_page.trial_page(current_session(), asked, _typed)}
        return self._page("approvals/trial.html", draft, chain, **values)

    @expose("/chain/<key>/draft/replay", methods=["GET"])
    @has_access
    @permission_name("draft")
    def replay(self, key: str) -> str:
        """What was handed in between two days, as it went and as it would go."""
        draft, chain = _draft(key)
        days = {name: kept(_typed(name))[: samples.LONGEST] for name in ("since", "until")}
        if chain is None or not any(days.values()):
            first = today() - timedelta(days=DAYS_BACK)
            days = {"since": format_date(first), "until": format_date(today())}
            return self._page("approvals/replay.html", draft, chain, days=days)
        span, problems = _span(days)
        found = {}
        if span:
            found = replay_page.replay_page(current_session(), current_actor(), chain, draft.body, span)
        return self._page("approvals/replay.html", draft, chain, days=days, problems=problems, **found)

    def _page(self, template: str, draft: Definition, chain: Chain | None, **values: Any) -> str:
        title = gettext("Try out: %(name)s", name=name_of(draft))
        known = {"draft": draft, "chain": chain, "subject_page": subject_page, "most": replay_page.MOST}
        return self.page(template, title=title, **known, **values)


def _draft(key: str) -> tuple[Definition, Chain | None]:
    """The draft of a chain, and what it parses to; None while something in it cannot be read."""
    draft = definitions.draft_of(current_session(), "chain", kept(key))
    if draft is None:
        abort(404)
    try:
        return draft, replace(parse_chain(draft.body), key=draft.key)
    except DefinitionError:
        return draft, None


def _typed(name: str) -> str:
    return request.args.get(name, "")


def _asked(session: Session, draft: Definition, chain: Chain) -> Asked:
    known = dict(forms(Around(session, draft.body)))
    unit = units.unit_by_code(session, kept(_typed("unit")))
    people = _people(session, chain, unit)
    return Asked(
        chain=chain,
        body=draft.body,
        forms=[(key, known.get(key, key)) for key in chain.forms],
        form_key=_one_of(chain.forms, _typed("form"), ""),
        unit=unit,
        people=people,
        person=_one_of([user for user, _name in people], read_key(_typed("person")), None),
    )


def _one_of(known: Sequence[Any], wanted: Any, nothing: Any) -> Any:
    """What is wanted, if it is among what is known; else the first of that."""
    return wanted if wanted in known else next(iter(known), nothing)


def _people(session: Session, chain: Chain, unit: Unit | None) -> list[tuple[int, str]]:
    """Who sits in a unit today, with a post there: officers before those who lead it."""
    if unit is None:
        return []
    seats = seating.holders(session, unit.id, POST_KINDS, today())
    officers = {user for user, _, _ in seating.holders(session, unit.id, ("officer",), today())}
    names = known_as(session, chain, {str(user) for user, _, _ in seats}, {str(post) for _, post, _ in seats})
    found = {user: names.seat(user, post) for user, post, _ in seats}
    return sorted(found.items(), key=lambda each: each[0] not in officers)


# -- days ------------------------------------------------------------------------------------------------------


def _span(days: dict[str, str]) -> tuple[Span | None, dict[str, str]]:
    """The days that were typed; or what is wrong with each."""
    found = {name: _day(text) for name, text in days.items()}
    problems = {name: day for name, day in found.items() if isinstance(day, str)}
    since, until = found["since"], found["until"]
    if isinstance(since, str) or isinstance(until, str):
        return None, problems
    if since > until:
        return None, {"until": str(gettext("The last day is before the first. Correct one of them."))}
    return Span(since, until, read_key(_typed("after")) or 0), {}


def _day(text: str) -> date | str:
    """A day as people write it; or why it is none."""
    try:
        day = read_date(text, None).day
    except Unreadable as error:
        return sentence(Finding("", error.code, error.params))
    return day if day.year in trying.YEARS else str(gettext("Name a day between 2000 and 2199."))


def register(portal: Any) -> None:
    """Give the portal these pages."""
    portal.add_view_no_menu(TrialView)
