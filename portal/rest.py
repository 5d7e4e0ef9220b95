"""The edge to Flask-AppBuilder's REST: named columns, the actor's rows, a CSRF token on every write, plain refusals."""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from flask import Response, current_app, request
from flask_appbuilder import ModelRestApi
from flask_appbuilder.api.manager import OpenApi, resolver
from marshmallow import ValidationError

from portal.data import PortalData, state_token
from portal.refusals import sentence
from workflows.errors import Refusal


class PortalApi(ModelRestApi):
    """REST for one model, for people signed in to the portal.

    Reads give an `ETag`; a change must bring it back as `If-Match`, so that nobody overwrites what he has not seen.
    """

    allow_browser_login = True
    csrf_exempt = False
    exclude_route_methods = {"delete"}
    max_page_size = 100
    search_columns: Any = None
    order_columns: Any = None

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

    def get_headless(self, pk: Any, **kwargs: Any) -> Response:
        """One row, with the tag a later change must bring back."""
        response: Response = super().get_headless(pk, **kwargs)
        item = self.datamodel.get(pk)
        if item is not None:
            response.set_etag(state_token(item))
        return response

    def _body(self) -> dict[str, Any]:
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise Refusal("not_json")
        return body

    def _refused(self, refusal: Refusal, status: int = 422) -> Response:
        answer: Response = self.response(status, message=sentence(refusal), reason=refusal.code)
        return answer

    def post_headless(self) -> Response:
        """Add a row, or say why not."""
        try:
            item = self.add_model_schema.load(self._body())
            self.datamodel.add(item)
        except ValidationError as error:
            return self._invalid(error)
        except Refusal as refusal:
            self.datamodel.session.rollback()
            return self._refused(refusal)
        result = self.add_model_schema.dump(item, many=False)
        answer: Response = self.response(201, id=item.id, result=result)
        return answer

    def put_headless(self, pk: Any) -> Response:
        """Change a row that has not changed since it was read, or say why not."""
        item = self.datamodel.get(pk)
        if item is None:
            missing: Response = self.response_404()
            return missing
        if state_token(item) not in request.if_match:
            return self._refused(Refusal("stale_version"), 412)
        try:
            self.edit_model_schema.load(self._merge_update_item(item, self._body()), instance=item)
            self.datamodel.edit(item)
        except ValidationError as error:
            return self._invalid(error)
        except Refusal as refusal:
            self.datamodel.session.rollback()
            return self._refused(refusal)
        answer: Response = self.response(200, result=self.edit_model_schema.dump(item, many=False))
        answer.set_etag(state_token(item))
        return answer

    def _invalid(self, error: ValidationError) -> Response:
        # What was loaded onto the row so far must not be written by a later commit.
        self.datamodel.session.rollback()
        answer: Response = self.response_422(message=error.messages)
        return answer


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
