"""The page that says how long cases were in whose hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.approvals import times
from portal.approvals.words import Names
from portal.data import current_actor, current_session
from portal.refusals import sentence
from portal.views import PortalView
from portal.words import format_number, label
from workflows.definition import DRAFTER
from workflows.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from portal.approvals.times import ChainTimes, PlaceTimes

SPANS: dict[str, Any] = {
    "3": _l("in the last three months"),
    "12": _l("in the last twelve months"),
    "all": _l("at any time"),
}
"""From when on cases are counted: months, or all."""

HEADINGS = (
    _l("First round: number"),
    _l("First round: half within"),
    _l("First round: nine of ten within"),
    _l("Later rounds: number"),
    _l("Later rounds: half within"),
    _l("Later rounds: nine of ten within"),
    _l("There now"),
    _l("the longest so far"),
)


class TimesView(PortalView):
    """How long cases were in whose hands. Whoever sees the list of cases sees it, of the cases that he sees."""

    route_base = "/cases"
    default_view = "times"
    class_permission_name = "CaseView"

    @expose("/times", methods=["GET"])
    @has_access
    @permission_name("list")
    def times(self) -> str:
        """Working hours of drafters and of each stage."""
        months = request.args.get("months", "")
        months = months if months in SPANS else next(iter(SPANS))
        since = None if months == "all" else times.months_ago(int(months))
        found: list[ChainTimes] = []
        problem = ""
        try:
            found = times.times(current_session(), current_actor(), since)
        except WorkflowError as error:
            problem = sentence(error)
        return self.page(
            "approvals/times.html",
            title=gettext("How long it takes"),
            chains=[_shown(each) for each in found],
            headings=[str(words) for words in HEADINGS],
            spans=[(key, str(words)) for key, words in SPANS.items()],
            months=months,
            problem=problem,
            most=times.MOST,
            is_cut=sum(each.cases for each in found) == times.MOST,
        )


def _shown(each: ChainTimes) -> dict[str, Any]:
    names = Names(each.chain, chains=each.versions)
    rows = [{"name": _place(names, place), "cells": [*_cells(place)]} for place in each.places if _is_known(place)]
    return {"name": label(each.chain.name), "cases": each.cases, "rows": rows}


def _is_known(place: PlaceTimes) -> bool:
    """Whether any case ever was there."""
    return bool(place.first.number or place.later.number or place.waiting)


def _place(names: Names, place: PlaceTimes) -> str:
    return str(gettext("The drafter")) if place.key == DRAFTER else names.stage(place.key)


def _cells(place: PlaceTimes) -> Iterator[str]:
    for spread in (place.first, place.later):
        yield format_number(spread.number)
        yield _hours(spread.median)
        yield _hours(spread.most)
    yield format_number(len(place.waiting))
    yield _hours(max(place.waiting, default=None))


def _hours(hours: Decimal | None) -> str:
    return "–" if hours is None else str(gettext("%(hours)s h", hours=format_number(hours)))


def register(portal: Any) -> None:
    """Give the portal this page."""
    portal.add_view_no_menu(TimesView)
