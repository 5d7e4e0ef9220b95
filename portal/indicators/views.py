"""Screens of the register of indicators; none is deleted, it goes out of use."""

from __future__ import annotations

from typing import Any

from flask_appbuilder import expose, has_access
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from portal.indicators import wiring
from portal.indicators.models import LONGEST_DEFINITION, LONGEST_SOURCE, Indicator
from portal.indicators.rules import KEY, LONGEST_KEY
from portal.refusals import SENTENCES
from portal.views import PortalModelView
from portal.words import label


def kinds() -> list[tuple[str, Any]]:
    """The kinds of indicators and what they are called."""
    return list(wiring.KIND_NAMES.items())


def directions() -> list[tuple[str, Any]]:
    """The directions and what they are called."""
    return list(wiring.DIRECTION_NAMES.items())


def aggregations() -> list[tuple[str, Any]]:
    """The ways to the province's figure and what they are called."""
    return list(wiring.AGGREGATION_NAMES.items())


def uses() -> list[tuple[str, Any]]:
    """Whether an indicator is in use, and what that is called."""
    return list(wiring.USE_NAMES.items())


class IndicatorView(PortalModelView):
    """Indicators: what is measured, how it is counted, which way is better."""

    route_base = "/indicators"
    datamodel = wiring.indicators()
    list_title, show_title = _l("Indicators"), _l("Indicator")
    add_title, edit_title = _l("Add indicator"), _l("Edit indicator")
    about = _l(
        "An indicator is what units are compared by, period after period. A question of a form names the one it feeds."
    )
    list_columns = ["name", "key", "kind", "measure", "direction", "in_use"]
    search_columns = ["name_vi"]
    show_columns = [
        "key",
        "name_vi",
        "name_en",
        "kind",
        "measure_vi",
        "measure_en",
        "direction",
        "aggregation",
        "definition_vi",
        "source",
        "in_use",
    ]
    add_columns = [column for column in wiring.ADDED if column != "in_use"]  # whoever adds one wants it
    edit_columns = list(wiring.EDITED)
    base_order = ("name", "asc")
    order_columns = ["name", "key", "kind", "direction", "in_use"]
    filter_columns = ("kind", "in_use")
    searched = (
        Indicator.name_vi,
        Indicator.name_en,
        Indicator.key,
        Indicator.definition_vi,
    )
    choices = {"kind": kinds, "direction": directions, "aggregation": aggregations, "in_use": uses}
    tones = {"in_use": {"y": "good", "n": "note"}}
    show_template = "indicators/indicator.html"
    label_columns = {
        "name": _l("Indicator"),
        "key": _l("Key of the indicator"),
        "name_vi": _l("Name in Vietnamese"),
        "name_en": _l("Name in English"),
        "kind": _l("Kind"),
        "measure": _l("Unit of measure"),
        "measure_vi": _l("Unit of measure in Vietnamese"),
        "measure_en": _l("Unit of measure in English"),
        "direction": _l("Which way is better"),
        "aggregation": _l("Figure of the province"),
        "definition_vi": _l("How it is counted"),
        "source": _l("Legal basis, source of the figures"),
        "in_use": _l("State of use"),
    }
    description_columns = {
        "key": _l("Short and lasting, such as dossiers-on-time; forms name the indicator by it. It cannot be changed."),
        "kind": _l("It cannot be changed: figures of one kind are not those of another."),
        "measure_vi": _l("What is counted, such as hồ sơ; of a ratio, what both of its counts are of."),
        "aggregation": _l(
            "How it comes from the figures of the units. Percentages are never averaged: a ratio of the province is a "
            "ratio of sums, or there is none."
        ),
        "definition_vi": _l("What counts and what does not, from when to when; of a ratio, both of its counts."),
    }
    edit_form_extra_fields = {
        "definition_vi": TextAreaField(
            label_columns["definition_vi"],
            description=description_columns["definition_vi"],
            validators=[Optional(), Length(max=LONGEST_DEFINITION)],
        ),
        "source": TextAreaField(label_columns["source"], validators=[Optional(), Length(max=LONGEST_SOURCE)]),
        "in_use": BooleanField(_l("In use: new questions are offered it")),
    }
    add_form_extra_fields = {
        **edit_form_extra_fields,
        "key": StringField(
            label_columns["key"],
            description=description_columns["key"],
            validators=[
                InputRequired(),
                Length(max=LONGEST_KEY),
                Regexp(f"{KEY.pattern}$", message=SENTENCES["bad_indicator_key"]),
            ],
        ),
    }

    def shown(self, row: Any, column: str) -> Any:
        """A list calls an indicator and its unit of measure in the reader's language."""
        if column == "in_use":
            return "y" if row.in_use else "n"
        return label(getattr(row, column)) if column in {"name", "measure"} else super().shown(row, column)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """An indicator with the questions that feed it."""
        item = self.item_or_404(pk)
        feeds = wiring.feeds_of(self.datamodel.session(), item.key)
        return self.page(self.show_template, title=self.show_title, item=item, feeds=feeds)


def register(portal: Any) -> None:
    """Give the portal these screens, in the menu beside the tasks, which are measured by them."""
    portal.add_view(
        IndicatorView,
        "Indicators",
        label=_l("Indicators"),
        category="Task tracking",
        category_label=_l("Tasks"),
    )
