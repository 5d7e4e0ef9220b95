"""The edge to Flask-AppBuilder's REST: named columns, the actor's rows, a CSRF token on every write, plain refusals."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import update_wrapper
from inspect import unwrap
from typing import TYPE_CHECKING, Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Response, current_app, request
from flask_appbuilder import ModelRestApi
from flask_appbuilder.api import prison, protect, rison, safe
from flask_appbuilder.api.manager import OpenApi, resolver
from flask_appbuilder.api.schemas import get_info_schema, get_item_schema, get_list_schema
from flask_appbuilder.exceptions import InvalidColumnFilterFABException
from jsonschema.exceptions import best_match
from jsonschema.validators import validator_for
from marshmallow import ValidationError

from portal import once
from portal.data import LONGEST_SOUGHT, PortalData, read_key, state_token
from portal.idempotency import Answer
from portal.refusals import sentence
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

LARGEST_PAGE = 100_000
LONGEST_NAMING = 200
"""Characters of unknown keys that an answer repeats."""

_NAMED = re.compile("{([^}]+)}")
"""What an address names, as OpenAPI writes it."""

LISTS = frozenset({"in", "not_in"})
"""Filters whose value is a list."""


def _day_or_moment(text: str) -> date:
    """A date as JSON writes it; with a time, a moment in UTC unless it says otherwise."""
    if len(text) == len("2025-01-31"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _checked_by(schema: dict[str, Any]) -> Callable[[Any], Any]:
    """Parse the query `q` of a route and check it against a schema that is compiled once.

    Flask-AppBuilder's own decorator checks the schema itself anew on each request, which costs more than the rest.
    """
    validator = validator_for(schema)(schema)
    read = rison()

    def decorate(route: Any) -> Any:
        def check(self: Any, *args: Any, **kwargs: Any) -> Any:
            wrong = best_match(validator.iter_errors(kwargs["rison"]))
            if wrong is None:
                return route(self, *args, **kwargs)
            return self.response_400(message=f"Not a valid rison schema {wrong.message}")

        return read(check)

    return decorate


def _quick(route: Any, schema: dict[str, Any]) -> Any:
    """A route of Flask-AppBuilder's with its address, right and description, and a quicker check of its query."""
    return update_wrapper(protect()(update_wrapper(safe(_checked_by(schema)(unwrap(route))), route)), route)


class PortalApi(ModelRestApi):
    """REST for one model, for people signed in to the portal.

    Reads give an `ETag`; a change must bring it back as `If-Match`, so that nobody overwrites what he has not seen.
    A write that carries an `Idempotency-Key` is done once, however often it is sent.
    """

    allow_browser_login = True
    csrf_exempt = False
    exclude_route_methods = {"delete"}
    max_page_size = 100
    search_columns: Any = None
    order_columns: Any = None
    bodies: Mapping[str, Mapping[str, Any]] = {}
    """What the description says that a route of one's own takes: its content by media type, as OpenAPI writes it."""

    get_list = _quick(ModelRestApi.get_list, get_list_schema)
    get = _quick(ModelRestApi.get, get_item_schema)
    info = _quick(ModelRestApi.info, get_info_schema)

    def __init__(self) -> None:
        self._require_explicit()
        super().__init__()

    def _require_explicit(self) -> None:
        """What an API gives and takes is written down; Flask-AppBuilder's default would be every column."""
        if not isinstance(self.datamodel, PortalData):
            raise TypeError(f"{type(self).__name__}.datamodel must be a PortalData")
        wanted = {"get_list": "list_columns", "get": "show_columns", "post": "add_columns", "put": "edit_columns"}
        missing = [
            columns
            for route, columns in wanted.items()
            if route not in self.exclude_route_methods and not getattr(self, columns)
        ]
        if missing:
            raise TypeError(f"{type(self).__name__} must name its {', '.join(missing)}")

    def _init_properties(self) -> None:
        self.search_columns = self.search_columns or [self.list_columns[0]]
        self.order_columns = self.order_columns or [self.list_columns[0]]
        super()._init_properties()

    def create_blueprint(self, *args: Any, **kwargs: Any) -> Any:
        """The blueprint of these routes, which reads a query before they do."""
        blueprint = super().create_blueprint(*args, **kwargs)
        blueprint.before_request(self._refuse_unreadable)
        return blueprint

    def operation_helper(
        self, path: str = "", operations: Any = None, methods: Any = (), func: Any = None, **kwargs: Any
    ) -> None:
        """Describe a route; those of Flask-AppBuilder's describe themselves, others by their first line."""
        super().operation_helper(path=path, operations=operations, methods=methods, func=func, **kwargs)
        for method in map(str.lower, methods):
            operations[method] = operations[method] or _described(path, func, self.bodies.get(func.__name__))

    def _refuse_unreadable(self) -> Response | None:
        # What the parser itself trips over would be an error of ours; what it refuses is answered by the route.
        try:
            prison.loads(request.args.get("q", "") or "()")
        except prison.decoder.ParserException:
            return None
        except (LookupError, TypeError, ValueError, RecursionError):
            refused: Response = self.response_400(message="Not a valid rison/json argument")
            return refused
        return None

    def get_headless(self, pk: Any, **kwargs: Any) -> Response:
        """One row, with the tag a later change must bring back."""
        response: Response = super().get_headless(pk, **kwargs)
        item = self.datamodel.get(pk)
        if item is not None:
            response.set_etag(self._tag(item))
        return response

    def _tag(self, item: Any) -> str:
        return state_token(item, [column for column in self.edit_columns if self.datamodel.is_relation(column)])

    def _sanitize_page_args(self, page: int | None, page_size: int | None) -> tuple[int, int]:
        number, size = super()._sanitize_page_args(page, page_size)
        return min(max(int(number), 0), LARGEST_PAGE), int(size)

    def _handle_filters_args(self, rison_args: dict[str, Any]) -> Any:
        for asked in rison_args.get("filters", []):
            if asked.get("col") in self.search_columns:
                asked["value"] = self._read_filter(asked["col"], asked.get("value"), is_list=asked.get("opr") in LISTS)
        return super()._handle_filters_args(rison_args)

    def _read_filter(self, column: str, value: Any, *, is_list: bool) -> Any:
        """What a filter compares with, in the type of its column; the database never sees anything else."""
        if is_list and isinstance(value, list):
            return [self._read_filter(column, each, is_list=False) for each in value]
        try:
            return self._typed(column, str(value))
        except ValueError:
            raise InvalidColumnFilterFABException(f"Filter column: {column} cannot be compared with this") from None

    def _typed(self, column: str, text: str) -> Any:
        data = self.datamodel
        # SQLite refuses patterns that are too long, PostgreSQL any text with this character.
        if len(text) > LONGEST_SOUGHT or "\0" in text:
            raise ValueError(text[:LONGEST_NAMING])
        if data.is_relation(column) or data.is_integer(column):
            key = read_key(text)
            if key is None:
                raise ValueError(text)
            return key
        if data.is_boolean(column):
            return {"true": True, "false": False}.get(text.lower()) or text == "y"
        return _day_or_moment(text) if data.is_date(column) or data.is_datetime(column) else text

    def _body(self, taken: Iterable[str]) -> dict[str, Any]:
        """The JSON object that was sent.

        Args:
            taken: the keys it may have; what is not taken is refused, so that nobody believes it was done.

        Raises:
            Refusal: `not_json`, `unknown_keys`, `related_out_of_scope`.
        """
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise Refusal("not_json")
        if unknown := sorted(set(body) - set(taken)):
            named = ", ".join(unknown)[:LONGEST_NAMING]
            raise Refusal("unknown_keys", {"unknown": named, "taken": ", ".join(sorted(taken))})
        return {column: self._key(column, value) for column, value in body.items()}

    def _key(self, column: str, value: Any) -> Any:
        """A related row is named by its key; a description of one would be taken for a new row."""
        if not self.datamodel.is_relation(column) or value is None:
            return value
        if isinstance(value, list):
            return [self._key(column, each) for each in value]
        key = read_key(value)
        if key is None:
            raise Refusal("related_out_of_scope", {"column": column})
        return key

    def _refused(self, refusal: Refusal, status: int = 422) -> Response:
        answer: Response = self.response(status, message=sentence(refusal), reason=refusal.code)
        return answer

    def _carried_out(self, deed: Callable[[], Answer], stale: int) -> Response:
        """Do what is asked for, once under its key, and say what came of it, or why not.

        Args:
            deed: does it and commits nothing.
            stale: the status for what was overtaken.
        """
        try:
            answer = once.carry_out(deed)
        except ValidationError as error:
            return self._invalid(error)
        except Refusal as refusal:
            self.datamodel.session.rollback()
            return self._refused(refusal, stale if refusal.code == "stale_version" else 422)
        response: Response = self.response(answer.status, **answer.body)
        if answer.tag:
            response.set_etag(answer.tag)
        return response

    def post_headless(self) -> Response:
        """Add a row, or say why not."""
        return self._carried_out(self._added, 409)

    def _added(self) -> Answer:
        item = self.add_model_schema.load(self._body(self.add_columns))
        self.datamodel.add(item, commit=False)
        result = self.add_model_schema.dump(item, many=False)
        return Answer(item.__tablename__, item.id, status=201, body={"id": item.id, "result": result})

    def put_headless(self, pk: Any) -> Response:
        """Change a row that has not changed since it was read, or say why not."""
        item = self.datamodel.get(pk)
        if item is None:
            missing: Response = self.response_404()
            return missing
        return self._carried_out(lambda: self._changed(item), 412)

    def _changed(self, item: Any) -> Answer:
        self.datamodel.hold(item)
        # `*` would overwrite what was never seen, so it counts as no tag at all.
        if self._tag(item) not in request.if_match.as_set():
            raise Refusal("stale_version")
        body = self._body(self.edit_columns)
        self.edit_model_schema.load(self._merge_update_item(item, body), instance=item)
        self.datamodel.edit(item, commit=False)
        result = self.edit_model_schema.dump(item, many=False)
        return Answer(item.__tablename__, item.id, status=200, body={"result": result}, tag=self._tag(item))

    def _invalid(self, error: ValidationError) -> Response:
        # What was loaded onto the row so far must not be written by a later commit.
        self.datamodel.session.rollback()
        answer: Response = self.response_422(message=error.messages)
        return answer


def _described(path: str, route: Any, content: Mapping[str, Any] | None) -> dict[str, Any]:
    """A route as OpenAPI describes it: what it does, what its address names, what it takes."""
    named = [
        {"in": "path", "name": name, "required": True, "schema": {"type": "string"}} for name in _NAMED.findall(path)
    ]
    refused = {status: {"$ref": f"#/components/responses/{status}"} for status in ("401", "404", "422")}
    return {
        "summary": str(route.__doc__).partition("\n")[0],
        "parameters": named,
        "responses": {"200": {"description": "It is done, or read."}, **refused},
        **({"requestBody": {"content": dict(content)}} if content else {}),
    }


class PortalReadApi(PortalApi):
    """REST without writes, for tables with a life cycle."""

    exclude_route_methods = {"delete", "post", "put", "info"}

    def _init_properties(self) -> None:
        self.add_columns = self.edit_columns = [self.show_columns[0]]
        super()._init_properties()


class PortalOpenApi(OpenApi):
    """The OpenAPI description of every API, for those signed in."""

    csrf_exempt = False

    @staticmethod
    def _create_api_spec(version: str) -> APISpec:
        return APISpec(
            title=current_app.config["APP_NAME"],
            version=version,
            openapi_version="3.0.2",
            info={"description": current_app.config["APP_NAME"]},
            plugins=[MarshmallowPlugin(schema_name_resolver=_SchemaNames())],
            servers=[{"url": "/"}],
        )


class _SchemaNames:
    """Names for schemas: Flask-AppBuilder's own, counted on where two relations of one table share one."""

    def __init__(self) -> None:
        self.taken: dict[str, type] = {}

    def __call__(self, schema: Any) -> str:
        kind = resolve_schema_cls(schema)
        base = name = resolver(schema)
        number = 1
        while self.taken.setdefault(name, kind) is not kind:
            number += 1
            name = f"{base}{number}"
        return str(name)
