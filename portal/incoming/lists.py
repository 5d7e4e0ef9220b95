"""What both registers of incoming documents have in common: whose arrivals they list, and how they are narrowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_appbuilder.models.filters import BaseFilter

from portal.incoming import page, rules
from portal.incoming.models import IncomingDocument
from portal.incoming.wiring import arrivals
from portal.incoming.words import STATES
from portal.security import today
from portal.views import PortalListView

if TYPE_CHECKING:
    from datetime import date


class IsLate(BaseFilter):
    """Arrivals whose time is over and that nobody has dealt with."""

    name = "is late"

    def apply(self, query: Any, _value: str) -> Any:
        """Narrow the query."""
        return query.filter(IncomingDocument.state.in_(rules.OPEN), IncomingDocument.due_on < today())


class IsUnanswered(BaseFilter):
    """Arrivals that are neither answered nor filed nor void."""

    name = "is unanswered"

    def apply(self, query: Any, _value: str) -> Any:
        """Narrow the query."""
        return query.filter(IncomingDocument.state.in_((*rules.OPEN, rules.DONE)))


class ArrivalList(PortalListView):
    """What both registers of incoming documents have in common: whose they are, and how they are narrowed."""

    datamodel = arrivals()
    dense = True
    base_order = ("id", "desc")
    filter_columns = ("state", "unit", "year", "lead_unit")
    searched = (IncomingDocument.search,)
    choices = {"state": lambda: [(key, str(words)) for key, words in STATES.items()]}
    label_columns = page.LABELS
    narrowings = (("late", IsLate), ("unanswered", IsUnanswered))

    def shown(self, row: IncomingDocument, column: str) -> Any:
        """Columns that say more than one thing are put together."""
        return page.shown(row, column)

    def _asked_filters(self) -> Any:
        filters = super()._asked_filters()
        for name, narrowing in self.narrowings:
            if request.args.get(name):
                filters.add_filter("symbol", narrowing, "y")
        return filters

    @staticmethod
    def today() -> date:
        """The day by which something is late."""
        return today()

    def narrowed(self) -> bool:
        """Lateness and a missing answer narrow the list as well."""
        return super().narrowed() or any(request.args.get(name) for name, _ in self.narrowings)
