"""REST of tasks, source documents and clarity profiles, under the same rights and rules as their screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_appbuilder.api import expose, permission_name, protect

from portal.data import current_actor
from portal.db import utc_now
from portal.idempotency import Answer
from portal.rest import PortalApi
from portal.tasks import service, wiring

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from sqlalchemy.orm import Session

    from portal.security import Actor
    from portal.tasks.models import Task


TAKEN: Mapping[str, tuple[str, ...]] = {
    "assign": ("version",),
    "complete": ("version", "evidence"),
    "reopen": ("version", "reason"),
    "note": ("version", "note"),
}
"""What the body of each verb may say."""


class TaskApi(PortalApi):
    """Tasks; their verbs are POSTs below a task, each with the version that was seen."""

    resource_name = "task"
    datamodel = wiring.tasks()
    list_columns = [
        "id",
        "title",
        "status",
        "lead_unit.id",
        "lead_unit.code",
        "source.symbol",
        "standing",
        "deadline_kind",
        "deadline_on",
        "due_on",
        "assigned_at",
        "completed_on",
        "version",
    ]
    show_columns = [
        *list_columns,
        "profile.code",
        "cooperating.id",
        "leader.id",
        "officer.id",
        "starts_on",
        "objective",
        "product",
        "expected_result",
        "authority",
        "evidence",
    ]
    add_columns = edit_columns = list(wiring.TASK_COLUMNS)
    search_columns = ["title", "lead_unit", "source", "officer", "due_on", "standing"]
    order_columns = ["title", "due_on"]

    @expose("/<pk>/assign", methods=["POST"])
    @protect()
    @permission_name("work")
    def assign(self, pk: str) -> Response:
        """Give a task to its unit; the body has the `version` that was seen."""
        return self._do(pk, "assign")

    @expose("/<pk>/complete", methods=["POST"])
    @protect()
    @permission_name("work")
    def complete(self, pk: str) -> Response:
        """Complete a task; the body has `version` and `evidence`."""
        return self._do(pk, "complete")

    @expose("/<pk>/reopen", methods=["POST"])
    @protect()
    @permission_name("work")
    def reopen(self, pk: str) -> Response:
        """Take a completion back; the body has `version` and `reason`."""
        return self._do(pk, "reopen")

    @expose("/<pk>/note", methods=["POST"])
    @protect()
    @permission_name("work")
    def note(self, pk: str) -> Response:
        """Say how far a task is this week; the body has `version` and `note`."""
        return self._do(pk, "note")

    def _do(self, pk: str, verb: str) -> Response:
        item = self.datamodel.get(pk)
        if item is None:
            missing: Response = self.response_404()
            return missing
        return self._carried_out(lambda: self._done(item.id, verb), 409)

    def _done(self, task_id: int, verb: str) -> Answer:
        task = _run(self.datamodel.session(), current_actor(), task_id, verb, self._body(TAKEN[verb]))
        body = {"id": task.id, "status": task.status, "version": task.version}
        return Answer("task", task.id, task.version, status=200, body=body)


def _run(session: Session, actor: Actor, task_id: int, verb: str, body: dict[str, Any]) -> Task:
    """Run one verb with what the body says.

    Raises:
        Refusal: as the verb refuses; a version that is no whole number is stale.
    """
    version = body.get("version")
    seen = version if isinstance(version, int) else -1
    match verb:
        case "assign":
            return service.assign(session, actor, task_id, version=seen, at=utc_now())
        case "complete":
            evidence = str(body.get("evidence") or "")
            return service.complete(session, actor, task_id, version=seen, evidence=evidence, at=utc_now())
        case "reopen":
            return service.reopen(session, actor, task_id, version=seen, reason=str(body.get("reason") or ""))
        case _:
            text = str(body.get("note") or "")
            return service.note_progress(session, actor, task_id, version=seen, text=text, at=utc_now())


class SourceDocumentApi(PortalApi):
    """Documents of superiors that assign tasks."""

    resource_name = "source"
    datamodel = wiring.sources()
    list_columns = ["id", "symbol", "issuer", "year", "issued_on", "subject"]
    show_columns = list_columns
    add_columns = list_columns[1:]
    edit_columns = add_columns
    search_columns = ["symbol", "issuer", "year"]
    order_columns = ["symbol", "year", "issued_on"]


class ClarityProfileApi(PortalApi):
    """Sets of facets that a task must show before it is assigned."""

    resource_name = "clarity-profile"
    datamodel = wiring.profiles()
    list_columns = ["id", "code", "name_vi", "name_en", "facets"]
    show_columns = list_columns
    add_columns = list_columns[1:]
    edit_columns = ["name_vi", "name_en", "facets"]
    search_columns = ["code"]
    order_columns = ["code"]


def register(portal: Any) -> None:
    """Give the portal this REST."""
    for api in (TaskApi, SourceDocumentApi, ClarityProfileApi):
        portal.add_api(api)
