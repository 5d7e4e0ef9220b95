"""Cases by REST, to read; deciding needs the page, where people see what they decide on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request
from flask_appbuilder.api import expose, permission_name, protect

from portal.approvals.recording import read
from portal.approvals.why import answers_for, person_asked_about
from portal.approvals.wiring import cases
from portal.data import current_actor, current_session, read_key
from portal.refusals import status_of
from portal.rest import PortalReadApi
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class CaseApi(PortalReadApi):
    """Cases that the reader may see."""

    resource_name = "case"
    datamodel = cases()
    list_columns = ["title", "id", "unit.code", "unit.name_vi", "status", "stage", "round", "version", "changed_at"]
    show_columns = [*list_columns, "subject_kind", "subject_id", "opened_at"]
    order_columns = ["title", "status", "changed_at"]
    search_columns = ["status", "stage", "round", "changed_at"]
    base_order = ("changed_at", "desc")

    @expose("/<pk>/why", methods=["GET"])
    @protect()
    @permission_name("get")
    def why(self, pk: str) -> Response:
        """What somebody may do with a case, and why not: for the reader, or with `person` for another account."""
        session, row = current_session(), self.datamodel.get(pk)
        if row is None:
            not_found: Response = self.response_404()
            return not_found
        try:
            person = person_asked_about(session, current_actor(), read_key(request.args.get("person", "")))
        except Refusal as refusal:
            return self._refused(refusal, status_of(refusal))
        answers = [{"allowed": each.allowed, **vars(each)} for each in answers_for(session, person, read(session, row))]
        said: Response = self.response(200, person=person.user_id, version=row.version, answers=answers)
        return said


def register(portal: Any) -> None:
    """Give the portal this API."""
    portal.add_api(CaseApi)
