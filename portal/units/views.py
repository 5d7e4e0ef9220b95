"""Screens of units, posts and holdings; nothing here is deleted, validity dates end it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import request
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.sqla.models import User
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.rights import called
from portal.security import today
from portal.units import wiring
from portal.units.headers import headers_of, printed_on
from portal.units.models import LONGEST_CONTACT, Holding, Post, Unit
from portal.units.service import children_of, posts_of, seats_of
from portal.units.wiring import POST_KIND_NAMES, UNIT_KIND_NAMES
from portal.views import PortalModelView
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement

LONGEST_HEADER, LONGEST_PLACE = 300, 100


def person_of(user_id: Any) -> ColumnElement[str]:
    """The name of whoever a row speaks of, as something to search in."""
    name = User.first_name + " " + User.last_name
    return select(name).where(User.id == user_id).scalar_subquery()


def _choices(names: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(names.items())


def _or_nothing(text: str | None) -> str | None:
    """An input left empty says nothing, so that something can be proposed."""
    return (text or "").strip() or None


def unit_kinds() -> list[tuple[str, Any]]:
    """The kinds of units and what they are called."""
    return _choices(UNIT_KIND_NAMES)


def post_kinds() -> list[tuple[str, Any]]:
    """The kinds of posts and what they are called."""
    return _choices(POST_KIND_NAMES)


class UnitView(PortalModelView):
    """Units: what they are called, where they stand, what their documents print."""

    route_base = "/units"
    datamodel = wiring.units()
    list_title, show_title, add_title, edit_title = _l("Units"), _l("Unit"), _l("Add unit"), _l("Edit unit")
    list_columns = ["name", "code", "kind", "parent", "valid_from", "valid_to"]
    search_columns = ["name_vi"]
    edit_columns = list(wiring.UNIT_COLUMNS)
    add_columns = ["code", *edit_columns]
    show_columns = add_columns
    base_order = ("sort_key", "asc")
    order_columns = ["code", "valid_from", "valid_to"]
    filter_columns = ("kind", "parent")
    searched = (Unit.search,)
    choices = {"kind": unit_kinds}
    show_template = "units/unit.html"
    label_columns = {
        "name": _l("Name"),
        "code": _l("Code"),
        "kind": _l("Kind"),
        "name_vi": _l("Name in Vietnamese"),
        "name_en": _l("Name in English"),
        "symbol": _l("Symbol in document numbers"),
        "parent": _l("Stands below"),
        "header_parent": _l("Superior body printed above its name"),
        "header_name": _l("Name as printed on documents"),
        "place_name": _l("Place name"),
        "contact": _l("Address at the foot of documents"),
        "organ_code": _l("Identification code"),
        "seal_unit": _l("Agency whose seal it uses"),
        "valid_from": _l("First day"),
        "valid_to": _l("Last day"),
    }
    description_columns = {
        "code": _l("Short and lasting; approval chains name the unit by it."),
        "header_parent": _l("Not always the unit it stands below; empty for a people's committee."),
        "header_name": _l(
            "One line of the document per line here. Left empty, it is proposed from kind and name, together with the "
            "superior body. A change from a day on is entered on the page of the unit."
        ),
        "place_name": _l("Before the date, without “tỉnh” or “xã”. Left empty, it is proposed from kind and name."),
        "contact": _l(
            "Address, e-mail, website, telephone, fax; three lines of 90 letters at most. Printed only on documents "
            "whose template asks for it."
        ),
        "organ_code": _l(
            "By which agencies exchange documents, such as H21.05; empty while none was given. It stands in exchange "
            "files."
        ),
        "seal_unit": _l(
            "Only of a steering body: its members then sign with their post in that agency above the name. Empty if it "
            "may not use a seal."
        ),
        "valid_to": _l("Empty while no end is known."),
    }
    add_form_extra_fields = {
        "header_name": TextAreaField(
            label_columns["header_name"],
            description=description_columns["header_name"],
            validators=[Optional(), Length(max=LONGEST_HEADER)],
            filters=[_or_nothing],
        ),
        "place_name": StringField(
            label_columns["place_name"],
            description=description_columns["place_name"],
            validators=[Optional(), Length(max=LONGEST_PLACE)],
            filters=[_or_nothing],
        ),
        "contact": TextAreaField(
            label_columns["contact"],
            description=description_columns["contact"],
            validators=[Optional(), Length(max=LONGEST_CONTACT)],
        ),
    }
    edit_form_extra_fields = add_form_extra_fields

    def shown(self, row: Any, column: str) -> Any:
        """A list calls a unit by its name in the reader's language."""
        return label(row.name) if column == "name" else super().shown(row, column)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """A unit with the units below it, its posts and who sits in them today."""
        unit, session = self.item_or_404(pk), self.datamodel.session()
        return self.page(
            self.show_template,
            title=self.show_title,
            item=unit,
            children=children_of(session, unit.id),
            posts=posts_of(session, unit.id),
            seats=seats_of(session, unit.id, today()),
            headers=[unit, *headers_of(session, unit.id)],
        )


class UnitHeaderView(PortalModelView):
    """What a unit prints from a day on, where it is no longer what it printed at first."""

    route_base = "/unit-headers"
    datamodel = wiring.headers()
    list_title, show_title = _l("Headers of units by day"), _l("Header of a unit from a day on")
    add_title, edit_title = _l("Add header from a day on"), _l("Edit header from a day on")
    about = _l(
        "What documents of a unit print from a day on: after a merger or a change of name. It holds until the first "
        "day of the next entry; a document dated before keeps what was printed then."
    )
    list_columns = ["unit", "valid_from", "header_parent", "header_name", "place_name", "symbol"]
    add_columns = ["unit", *wiring.HEADER_COLUMNS]
    show_columns = add_columns
    edit_columns = list(wiring.HEADER_COLUMNS)
    search_columns = ["header_name"]
    order_columns = ["valid_from"]
    base_order = ("valid_from", "desc")
    filter_columns = ("unit",)
    label_columns = {
        **{column: UnitView.label_columns[column] for column in ("header_parent", "header_name", "place_name")},
        "unit": _l("Unit"),
        "valid_from": _l("Printed from"),
        "symbol": UnitView.label_columns["symbol"],
        "grounds": _l("Decided by"),
    }
    description_columns = {
        "valid_from": _l("The first day whose documents print this."),
        "header_parent": UnitView.description_columns["header_parent"],
        "header_name": _l("One line of the document per line here."),
        "grounds": _l("Number, symbol and date of the decision or resolution that says so."),
    }
    add_form_extra_fields = {
        "header_name": TextAreaField(
            label_columns["header_name"],
            description=description_columns["header_name"],
            validators=[InputRequired(), Length(max=LONGEST_HEADER)],
        ),
    }
    edit_form_extra_fields = add_form_extra_fields

    def new_item(self) -> Any:
        """What the unit that the address names prints today, to be changed where it changes."""
        unit = wiring.units().get(request.args.get("unit", ""))
        if unit is None:
            return None
        now = printed_on(self.datamodel.session(), unit, today())
        return SimpleNamespace(
            unit=unit, header_parent=now.superior, header_name=now.name, place_name=now.place, symbol=now.symbol
        )


class PostView(PortalModelView):
    """Posts: the seats in units, and the role each gives to its holder."""

    route_base = "/posts"
    datamodel = wiring.posts()
    list_title, show_title, add_title, edit_title = _l("Posts"), _l("Post"), _l("Add post"), _l("Edit post")
    about = _l("A post is a seat in a unit. Whoever holds it has the role that it gives, for as long as he holds it.")
    list_columns = ["title", "unit", "kind", "role", "valid_from", "valid_to"]
    search_columns = ["title_vi"]
    order_columns = ["valid_from", "valid_to"]
    add_columns = ["unit", "code", "kind", "title_vi", "title_en", "role", "valid_from", "valid_to"]
    show_columns = add_columns
    edit_columns = ["kind", "title_vi", "title_en", "role", "valid_from", "valid_to"]
    base_order = ("id", "asc")
    show_template = "units/post.html"
    filter_columns = ("unit", "kind", "role")
    searched = (Post.title_vi, Post.title_en)
    choices = {"kind": post_kinds}
    label_columns = {
        "title": _l("Post"),
        "unit": _l("Unit"),
        "code": _l("Code"),
        "kind": _l("Kind"),
        "title_vi": _l("Title in Vietnamese"),
        "title_en": _l("Title in English"),
        "role": _l("Role of its holder"),
        "valid_from": _l("First day"),
        "valid_to": _l("Last day"),
    }
    description_columns = {
        "title_vi": _l("As printed below a signature, such as Giám đốc."),
        "role": _l("Whoever holds the post has this role for as long as he holds it."),
        "valid_to": _l("Empty while no end is known."),
    }

    def new_item(self) -> Any:
        """A new post of the unit that the address names, as the page of a unit does."""
        return SimpleNamespace(unit=wiring.units().get(request.args.get("unit", "")))

    def shown(self, row: Any, column: str) -> Any:
        """A list calls a post by its title in the reader's language."""
        return label(row.title) if column == "title" else super().shown(row, column)


class HoldingView(PortalModelView):
    """Who sits in which post, from when to when."""

    route_base = "/holdings"
    datamodel = wiring.holdings()
    list_title, show_title = _l("Holders of posts"), _l("Holder of a post")
    add_title, edit_title = _l("Seat someone in a post"), _l("Edit holding")
    about = _l("Who sits in which post, from when to when. A change takes effect at once and ends nobody's session.")
    list_columns = ["user", "post", "rank", "valid_from", "valid_to"]
    list_reads = ("post.unit",)
    show_columns = ["user", "post", "rank", "acting", "valid_from", "valid_to"]
    add_columns = show_columns
    edit_columns = ["rank", "acting", "valid_from", "valid_to"]
    order_columns = ["valid_from", "valid_to"]
    base_order = ("valid_from", "desc")
    filter_columns = ("user", "post")
    searched = (person_of(Holding.user_id),)
    label_columns = {
        "user": _l("Person"),
        "post": _l("Post"),
        "rank": _l("Rank printed before the name"),
        "acting": _l("Acting head"),
        "valid_from": _l("First day"),
        "valid_to": _l("Last day"),
    }
    description_columns = {
        "rank": _l("Only where the service has ranks, such as Thượng tá."),
        "valid_to": _l("Empty while no end is known."),
    }
    add_form_extra_fields = {"acting": BooleanField(_l("Acting head (quyền): signs with Q. before the title"))}
    edit_form_extra_fields = add_form_extra_fields

    def new_item(self) -> Any:
        """Someone for the post that the address names, as the page of a post does."""
        return SimpleNamespace(post=wiring.posts().get(request.args.get("post", "")))

    def heading(self, item: Any) -> Any:
        """The person and the post."""
        return f"{item.user} - {called(item.post)}"


def register(portal: Any) -> None:
    """Give the portal these screens, under Organisation in the menu."""
    kept = {"category": "Organisation", "category_label": _l("Organisation")}
    portal.add_view(UnitView, "Units", label=_l("Units"), **kept)
    portal.add_view_no_menu(UnitHeaderView)
    portal.add_view(PostView, "Posts", label=_l("Posts"), **kept)
    portal.add_view(HoldingView, "Holdings", label=_l("Holders of posts"), **kept)
