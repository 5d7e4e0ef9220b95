"""The edge to Flask-AppBuilder: the screens everything derives from, with every hole of its own closed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from flask import abort, current_app, flash, g, redirect, request, url_for
from flask_appbuilder import ModelView, expose, has_access
from flask_appbuilder.baseviews import BaseView
from wtforms import DateField, Form, SelectField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import TextInput

from portal.data import ContainsWords, PortalData, current_actor, state_token
from portal.files import MEGABYTE
from portal.refusals import sentence, status_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

PAGE_SIZE = 25
DATE_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]

OWN_ADDRESS = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""A path that no browser reads as another site's address."""

Choices = Callable[[], list[tuple[str, Any]]]
"""Gives the values of a select and their labels, read at each request."""


def own_address(asked: str) -> str:
    """The page of ours that a link asks to go on to; home for anything that could lead elsewhere.

    Args:
        asked: a path with its query, or a whole address of this site.
    """
    try:
        parts = urlsplit(asked)
    except ValueError:
        return "/"
    path = urlunsplit(("", "", parts.path, parts.query, parts.fragment))
    is_ours = parts.netloc in {"", request.host} and parts.scheme in {"", request.scheme}
    return path if is_ours and OWN_ADDRESS.fullmatch(path) else "/"


def _once_per_request(choices: Choices) -> Choices:
    """The same choices, read and put into words once for all the rows of a page."""

    def read() -> list[tuple[str, Any]]:
        known: dict[Choices, list[tuple[str, Any]]] = g.setdefault("choices", {})
        if choices not in known:
            known[choices] = [(key, str(words)) for key, words in choices()]
        return known[choices]

    return read


def row_or_404(data: PortalData, pk: str) -> Any:
    """A row by its key, if the actor may see it; for whoever may not, there is none.

    Args:
        data: of the rows.
        pk: as it stands in the address.
    """
    item = data.get(pk)
    if item is None:
        abort(404)
    return item


def uploaded(name: str) -> tuple[str, bytes]:
    """Name and content of a file that was sent; both empty where none was chosen. What is too large ends in 413.

    Args:
        name: of the input.
    """
    given = request.files.get(name)
    if given is None or not given.filename:
        return "", b""
    content = given.read()
    if len(content) > current_app.extensions["trinh"]["settings"].upload_max_mb * MEGABYTE:
        abort(413)
    return given.filename, content


class DayField(DateField):
    """A date as people here write it: 31/01/2025; 31-1-2025 and 31.1.2025 are understood."""

    widget = TextInput()

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, format=DATE_FORMATS, **kwargs)


class PortalView(BaseView):
    """A page of ours. Its own routes name their permissions; what is not allowed is 403, what is not seen is 404."""

    def page(self, template: str, **values: Any) -> str:
        """Render a page under the one base template."""
        html: str = self.render_template(template, **values)
        return html


class PortalModelView(ModelView):
    """List, show, add and edit for one model, inside the actor's scope.

    Flask-AppBuilder's actions, bulk actions, downloads and deletion are not offered. A refused value stays in the
    form with the reason beside it; nothing of it reaches the database. Filters, order and page are values of the
    request, never of the shared view object.

    Attributes:
        list_reads: relations that the list's cells read besides its columns, as in `post.unit`.
        choices: column → the values a select offers.
        filter_columns: columns by which a list may be narrowed through the address, as in `?unit=3`.
        searched: the texts that a search looks through: the model's `search` column, or others of a short table.
        about: a sentence below the title of the list, where its word needs one.
        dense: many columns that are read side by side: smaller letters, less room between them.
        tones: column → value → how its badge is coloured: `good`, `bad`, `note` or `info`.
    """

    exclude_route_methods = {"download", "action", "action_post", "delete"}
    list_template = "admin/list.html"
    show_template = "admin/show.html"
    add_template = "admin/form.html"
    edit_template = "admin/form.html"
    list_reads: tuple[str, ...] = ()
    choices: dict[str, Choices] = {}
    filter_columns: tuple[str, ...] = ()
    searched: tuple[Any, ...] = ()
    tones: dict[str, Mapping[str, str]] = {}
    about: Any = ""
    dense: bool = False
    search_columns: Any = None
    order_columns: Any = None
    add_form_extra_fields: Any = None
    edit_form_extra_fields: Any = None

    def __init__(self, **kwargs: Any) -> None:
        self._require_explicit()
        self.choices = {column: _once_per_request(choices) for column, choices in self.choices.items()}
        super().__init__(**kwargs)

    def _require_explicit(self) -> None:
        """What a screen shows and changes is written down; Flask-AppBuilder's default would be every column."""
        if not isinstance(self.datamodel, PortalData):
            raise TypeError(f"{type(self).__name__}.datamodel must be a PortalData")
        wanted = {"list": "list_columns", "show": "show_columns", "add": "add_columns", "edit": "edit_columns"}
        missing = [
            columns
            for route, columns in wanted.items()
            if route not in self.exclude_route_methods and not getattr(self, columns) and not self._fieldsets(route)
        ]
        if missing:
            raise TypeError(f"{type(self).__name__} must name its {', '.join(missing)}")

    def _fieldsets(self, route: str) -> Any:
        return getattr(self, f"{route}_fieldsets", None)

    def _init_properties(self) -> None:
        # Only what is named can be searched or ordered by; the default would be everything.
        self.search_columns = self.search_columns or [self.list_columns[0]]
        self.order_columns = self.order_columns or [self.list_columns[0]]
        super()._init_properties()

    def _init_forms(self) -> None:
        self.add_form_extra_fields = {**self._fields(self.add_columns), **(self.add_form_extra_fields or {})}
        self.edit_form_extra_fields = {**self._fields(self.edit_columns), **(self.edit_form_extra_fields or {})}
        super()._init_forms()

    def _fields(self, columns: list[str]) -> dict[str, Any]:
        """Fields that Flask-AppBuilder would build wrongly: selects over codes, and dates."""
        fields: dict[str, Any] = {}
        for column in columns:
            required = column in self.datamodel.list_columns and not self.datamodel.is_nullable(column)
            validators = [InputRequired() if required else Optional()]
            label, about = self.label_columns.get(column, ""), self.description_columns.get(column, "")
            if column in self.choices:
                fields[column] = SelectField(
                    label, validators=validators, description=about, choices=self.choices[column]
                )
            elif column in self.datamodel.list_columns and self.datamodel.is_date(column):
                fields[column] = DayField(label, validators=validators, description=about)
        return fields

    def page(self, template: str, **values: Any) -> str:
        """Render a page under the one base template."""
        html: str = self.render_template(template, view=self, **values)
        return html

    def may(self, permission: str) -> bool:
        """Whether this screen offers a route to the actor."""
        name = permission.removeprefix("can_")
        return name not in self.exclude_route_methods and current_actor().may(permission, self.class_permission_name)

    # -- list --------------------------------------------------------------------------------------------------

    @expose("/list/")
    @has_access
    def list(self) -> str:
        """The actor's rows, a page at a time."""
        page = max(request.args.get("page", 0, int), 0)
        order, direction = self._asked_order()
        shown = [*self.list_columns, *self.list_reads]
        count, rows = self.datamodel.query(self._asked_filters(), order, direction, page, PAGE_SIZE, shown)
        return self.page(
            self.list_template,
            title=self.list_title,
            rows=rows,
            count=count,
            page_number=page,
            pages=max(-(-count // PAGE_SIZE), 1),
            query=request.args.get("q", ""),
            order=order,
            direction=direction,
        )

    def shown(self, row: Any, column: str) -> Any:
        """What list and page show of a row in a column; a screen may say it better than the column does."""
        return getattr(row, column)

    def heading(self, item: Any) -> Any:
        """What the page of a row is headed with."""
        return item

    def narrowed(self) -> bool:
        """Whether the address asks for less than all rows."""
        return any(request.args.get(name) for name in ("q", *self.filter_columns))

    def chosen_filters(self) -> tuple[str, ...]:
        """The columns by which people narrow the list from a select."""
        return tuple(column for column in self.filter_columns if column in self.choices)

    def _asked_order(self) -> tuple[str, str]:
        asked = request.args.get("sort", "")
        column, direction = asked.removeprefix("-"), "desc" if asked.startswith("-") else "asc"
        if column in self.order_columns:
            return column, direction
        return self.base_order or ("", "")

    def _asked_filters(self) -> Any:
        filters = self.datamodel.get_filters()
        words = request.args.get("q", "").strip()
        if words and self.searched:
            filters.add_filter(self.datamodel.get_pk_name(), ContainsWords, (self.searched, words))
        for column in self.filter_columns:
            value = request.args.get(column, "")
            if value and self.datamodel.is_relation(column):
                filters.add_filter(column, self.datamodel.FilterRelationOneToManyEqual, value)
            elif value:
                # Of a boolean, `y` and `n` stand in the address; the database compares with nothing else than a truth.
                sought = value == "y" if self.datamodel.is_boolean(column) else value
                filters.add_filter(column, self.datamodel.FilterEqual, sought)
        return filters

    # -- show --------------------------------------------------------------------------------------------------

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One of the actor's rows; another's is as if it did not exist."""
        return self.page(self.show_template, title=self.show_title, item=self.item_or_404(pk))

    def item_or_404(self, pk: str) -> Any:
        """A row by its key, if the actor may see it."""
        return row_or_404(self.datamodel, pk)

    # -- add and edit ------------------------------------------------------------------------------------------

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Response | str | tuple[str, int]:
        """A new row; what is refused stays in the form."""
        form = self.add_form.refresh(**({} if request.method == "POST" else {"obj": self.new_item()}))
        return self._answer(form, self.datamodel.obj(), is_new=True)

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Response | str | tuple[str, int]:
        """A changed row; what is refused, or was overtaken by another's change, stays in the form."""
        item = self.item_or_404(pk)
        if request.method == "POST":
            self.datamodel.hold(item)
        form = self.edit_form.refresh(**({} if request.method == "POST" else {"obj": item}))
        form._id = item.id  # noqa: SLF001 - Flask-AppBuilder's uniqueness check reads it
        return self._answer(form, item, is_new=False)

    def new_item(self) -> Any:
        """What the form of a new row starts from; None for an empty one."""
        return None

    def _answer(self, form: Form, item: Any, *, is_new: bool) -> Response | str | tuple[str, int]:
        problem, status = "", 200
        token = "" if is_new else state_token(item, filter(self.datamodel.is_relation, self.edit_columns))
        if request.method == "POST":
            try:
                if self._save(form, item, token, is_new=is_new):
                    flash(str(self.add_row_message if is_new else self.edit_row_message), "success")
                    return redirect(url_for(f"{self.endpoint}.show", pk=item.id))
                status = 422
            except Refusal as refusal:
                problem, status = sentence(refusal), status_of(refusal)
        title = self.add_title if is_new else self.edit_title
        columns = self.add_columns if is_new else self.edit_columns
        html = self.page(self.edit_template, title=title, form=form, columns=columns, problem=problem, token=token)
        return html, status

    def _save(self, form: Form, item: Any, token: str, *, is_new: bool) -> bool:
        if not form.validate():
            return False
        if not is_new and request.form.get("state_token") != token:
            raise Refusal("stale_version")
        form.populate_obj(item)
        (self.datamodel.add if is_new else self.datamodel.edit)(item)
        return True


class PortalListView(PortalModelView):
    """List and show for a table with a life cycle: its verbs are POSTs elsewhere that call a service."""

    exclude_route_methods = {"download", "action", "action_post", "delete", "add", "edit"}

    def _init_properties(self) -> None:
        # No form is built from the table: what cannot be typed cannot be refused.
        self.add_columns = self.edit_columns = [self.show_columns[0]]
        super()._init_properties()

    def _init_forms(self) -> None:
        self.add_form = self.edit_form = self.search_form = Form
