"""Definitions by REST: what there is, what a version says, where it is used, what is different, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_appbuilder.api import expose, permission_name, protect
from sqlalchemy import true

from portal.data import SCOPES, PortalData, current_session, read_key
from portal.definitions import service, usage
from portal.definitions.checks import findings
from portal.definitions.comparing import differences
from portal.definitions.draft_api import DraftApi
from portal.definitions.library import shipped_bodies
from portal.definitions.models import KINDS, NOT_NUMBERED, Definition
from portal.definitions.sending import changes_of, facts_of, findings_of, sent
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from flask import Response

SCOPES[Definition] = lambda _actor: true()  # they are the whole portal's: whoever may read one reads all


class DefinitionApi(DraftApi):
    """Forms, documents, calendars, chains and schedules."""

    resource_name = "definition"
    datamodel = PortalData(Definition)
    list_columns = [
        *("id", "kind", "key", "version", "status", "name", "sha256", "shipped", "edition", "based_on", "note"),
        *("created_by", "created_at", "changed_at", "proposed_by", "published_by", "published_at"),
        *("retired_by", "retired_at"),
    ]
    show_columns = [*list_columns, "authors", "objection", "body"]
    search_columns = ["kind", "key", "version", "status", "sha256", "shipped"]
    order_columns = ["kind", "key", "version", "changed_at", "published_at"]

    @expose("/<kind>/<key>/draft", methods=["GET"])
    @protect()
    @permission_name("get")
    def draft(self, kind: str, key: str) -> Response:
        """The draft of a key with its body, and the tag that a change must bring back."""
        return self._shown(kind, key, NOT_NUMBERED)

    @expose("/<kind>/<key>/<int:number>", methods=["GET"])
    @protect()
    @permission_name("get")
    def numbered(self, kind: str, key: str, number: int) -> Response:
        """A version with its body."""
        return self._shown(kind, key, number or -1)

    def _shown(self, kind: str, key: str, number: int) -> Response:
        try:
            found = service.version(current_session(), kind, key, number)
        except Refusal:
            return self._nothing()
        return self.get_headless(found.id)

    def _nothing(self) -> Response:
        missing: Response = self.response_404()
        return missing

    @expose("/<kind>/<key>/uses", methods=["GET"])
    @protect()
    @permission_name("get")
    def uses(self, kind: str, key: str) -> Response:
        """What runs on the versions of a key, and which definitions in force name it."""
        session = current_session()
        if not service.versions_of(session, kind, key):
            return self._nothing()
        running = [each._asdict() for each in usage.uses(session, kind, key)]
        naming = [facts_of(each) for each in usage.named_by(session, kind, key)]
        answer: Response = self.response(200, running=running, named_by=naming)
        return answer

    @expose("/<kind>/<key>/compare", methods=["GET"])
    @protect()
    @permission_name("get")
    def compare(self, kind: str, key: str) -> Response:
        """What is different between `from` and `to`, each a number, `draft` or `shipped`; else between the last two."""
        last = [each.version for each in service.versions_of(current_session(), kind, key)[:2]] or [-1]
        usual = {"from": last[-1], "to": last[0]}
        before, after = (_side(kind, key, request.args.get(name, str(each))) for name, each in usual.items())
        if before is None or after is None:
            return self._nothing()
        answer: Response = self.response(200, result=changes_of(differences(before, after)))
        return answer

    @expose("/<kind>/<key>/draft/check", methods=["GET"])
    @protect()
    @permission_name("get")
    def check_draft(self, kind: str, key: str) -> Response:
        """What keeps the draft from being published; nothing where it could be."""
        draft = service.draft_of(current_session(), kind, key)
        return self._nothing() if draft is None else self._checked(kind, key, draft.body)

    @expose("/<kind>/<key>/check", methods=["POST"])
    @protect()
    @permission_name("get")
    def check(self, kind: str, key: str) -> Response:
        """What would keep the definition that is sent from being published; nothing is saved."""
        if kind not in KINDS:
            return self._nothing()
        try:
            return self._checked(kind, key, sent())
        except (Refusal, DefinitionError) as error:
            return self._no(error)

    def _checked(self, kind: str, key: str, body: Any) -> Response:
        found = findings_of(body, findings(current_session(), kind, key, body))
        answer: Response = self.response(200, sound=not found, findings=found)
        return answer


def _side(kind: str, key: str, asked: str) -> Any:
    """One of two bodies that are compared; None where there is none."""
    if asked == "shipped":
        return shipped_bodies().get((kind, key))
    number = NOT_NUMBERED if asked == "draft" else read_key(asked)
    try:
        return service.version(current_session(), kind, key, -1 if number is None else number).body
    except Refusal:
        return None


def register(portal: Any) -> None:
    """Give the portal this API."""
    portal.add_api(DefinitionApi)
