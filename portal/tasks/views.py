"""Screens of tasks with their verbs, of the documents they come from, and of what makes a task clear."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from portal.data import current_actor, read_key
from portal.db import utc_now
from portal.refusals import sentence, status_of
from portal.security import today
from portal.tasks import service, wiring
from portal.tasks.models import SourceDocument, Task
from portal.tasks.rules import FACETS, Status
from portal.units.models import Unit
from portal.views import PortalModelView
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session
    from werkzeug.wrappers import Response

    from portal.security import Actor

LONGEST_TEXT = 500
ACTIVE = [["active", FilterEqual, True]]


class StatusIs(BaseFilter):
    """Tasks that have this status today."""

    name = "status is"

    def apply(self, query: Any, value: str) -> Any:
        """Narrow the query."""
        return query.filter(service.status_on(today()) == value)


class IsSilent(BaseFilter):
    """Open tasks without a note for more than a week."""

    name = "not updated this week"

    def apply(self, query: Any, _value: str) -> Any:
        """Narrow the query."""
        return query.filter(service.stale_on(today()))


def statuses() -> list[tuple[str, Any]]:
    """The states of a task and what they are called."""
    return [(status.value, name) for status, name in wiring.STATUS_NAMES.items()]


def deadline_kinds() -> list[tuple[str, Any]]:
    """The kinds of deadlines and what they are called."""
    return list(wiring.DEADLINE_NAMES.items())


def facets() -> list[tuple[str, Any]]:
    """The facets of clarity and what they ask for."""
    return [(facet, wiring.FACET_NAMES[facet]) for facet in FACETS]


def _paragraph(label: Any, about: Any = "", *, required: bool = False) -> TextAreaField:
    return TextAreaField(
        label,
        description=about,
        validators=[InputRequired() if required else Optional(), Length(max=LONGEST_TEXT)],
    )


class TaskView(PortalModelView):
    """Tasks. Status follows from dates; assigning, notes and completion are verbs of the task's page."""

    route_base = "/tasks"
    datamodel = wiring.tasks()
    base_permissions = ["can_list", "can_show", "can_add", "can_edit", "can_work", "can_oversee"]
    list_title, show_title, add_title, edit_title = _l("Tasks"), _l("Task"), _l("Add task"), _l("Edit task")
    list_columns = ["title", "status", "lead_unit", "due_on", "officer", "source"]
    add_columns = edit_columns = list(wiring.TASK_COLUMNS)
    show_columns = ["status", *add_columns[1:], "due_on", "assigned_at", "completed_on", "evidence"]
    order_columns = ["title", "due_on"]
    base_order = ("due_on", "asc")
    filter_columns = ("lead_unit", "source", "officer", "profile")
    searched = (Task.search,)
    choices = {"deadline_kind": deadline_kinds, "status": statuses}
    tones = {"status": wiring.STATUS_TONES}
    list_template = "tasks/list.html"
    show_template = "tasks/task.html"
    add_form_query_rel_fields = {"leader": ACTIVE, "officer": ACTIVE}
    edit_form_query_rel_fields = add_form_query_rel_fields
    label_columns = {
        "title": _l("Task"),
        "status": _l("Status"),
        "profile": _l("Clarity profile"),
        "source": _l("Source document"),
        "lead_unit": _l("Unit in the lead"),
        "cooperating": _l("Cooperating units"),
        "leader": _l("Leader in charge"),
        "officer": _l("Officer"),
        "starts_on": _l("Begins on"),
        "deadline_kind": _l("Kind of deadline"),
        "deadline_on": _l("Day of the deadline"),
        "standing": _l("Standing task"),
        "objective": _l("Objective"),
        "product": _l("Product"),
        "expected_result": _l("Expected result"),
        "authority": _l("Who decides"),
        "due_on": _l("Last valid day"),
        "assigned_at": _l("Assigned at"),
        "completed_on": _l("Completed on"),
        "evidence": _l("Evidence"),
    }
    description_columns = {
        "deadline_on": _l("For a month, any day of it; empty when recurring or without deadline."),
    }
    add_form_extra_fields = {
        "title": _paragraph(label_columns["title"], _l("What is to be done: a verb and its object."), required=True),
        "objective": _paragraph(label_columns["objective"], _l("The indicator with its target and unit.")),
        "product": _paragraph(label_columns["product"], _l("What will be handed over.")),
        "expected_result": _paragraph(label_columns["expected_result"], _l("In figures.")),
        "standing": BooleanField(label_columns["standing"]),
    }
    edit_form_extra_fields = add_form_extra_fields

    def _asked_filters(self) -> Any:
        filters = super()._asked_filters()
        asked = request.args.get("status", "")
        if asked in {status.value for status in Status}:
            filters.add_filter("title", StatusIs, asked)
        if request.args.get("silent"):
            filters.add_filter("title", IsSilent, "1")
        return filters

    def narrowed(self) -> bool:
        """Status and silence narrow the list as well."""
        return super().narrowed() or any(request.args.get(name) for name in ("status", "silent"))

    def urged(self) -> list[tuple[str, str]]:
        """What may be begun from the overdue tasks, where the list shows those: words and address."""
        if request.args.get("status") != Status.OVERDUE:
            return []
        source = read_key(request.args.get("source", ""))
        return [each for offered in wiring.URGED.values() for each in offered(source)]

    def status_counts(self) -> list[tuple[str, Any, int]]:
        """How many of the actor's tasks stand where today, for the head of the list."""
        counts = service.counts_by_status(self.datamodel.session(), current_actor(), today())
        return [(status.value, name, counts.get(status, 0)) for status, name in wiring.STATUS_NAMES.items()]

    def new_item(self) -> Any:
        """A new task is led by the writer's own unit until he says otherwise."""
        own = min(current_actor().own_units, default=None)
        unit = self.datamodel.session().get(Unit, own) if own else None
        return SimpleNamespace(lead_unit=unit, deadline_kind="before")

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """A task: its facets, what is missing, its notes, and what may be done with it."""
        return self._task_page(self.item_or_404(pk))

    def _task_page(self, task: Task, problem: str = "") -> str:
        session, actor = self.datamodel.session(), current_actor()
        works = service.may_work_on(actor, task) and self.may("can_work")
        return self.page(
            self.show_template,
            title=self.show_title,
            item=task,
            problem=problem,
            missing=[wiring.FACET_NAMES[facet] for facet in service.missing_of(task)],
            notes=service.notes_of(session, task),
            is_silent=service.is_task_stale(session, task, today()),
            works=works,
            origins=[each for asked in wiring.ORIGINS.values() for each in asked(task.id)],
        )

    @expose("/assign/<pk>", methods=["POST"])
    @has_access
    @permission_name("work")
    def assign(self, pk: str) -> Response | tuple[str, int]:
        """Give the task to its unit."""

        def verb(session: Session, actor: Actor, task_id: int, version: int) -> object:
            return service.assign(session, actor, task_id, version=version, at=utc_now())

        return self._do(pk, verb, gettext("The task is assigned."))

    @expose("/complete/<pk>", methods=["POST"])
    @has_access
    @permission_name("work")
    def complete(self, pk: str) -> Response | tuple[str, int]:
        """Complete the task on evidence."""
        evidence = request.form.get("evidence", "")

        def verb(session: Session, actor: Actor, task_id: int, version: int) -> object:
            return service.complete(session, actor, task_id, version=version, evidence=evidence, at=utc_now())

        return self._do(pk, verb, gettext("The task is completed."))

    @expose("/reopen/<pk>", methods=["POST"])
    @has_access
    @permission_name("work")
    def reopen(self, pk: str) -> Response | tuple[str, int]:
        """Take the completion back."""
        reason = request.form.get("reason", "")

        def verb(session: Session, actor: Actor, task_id: int, version: int) -> object:
            return service.reopen(session, actor, task_id, version=version, reason=reason)

        return self._do(pk, verb, gettext("The task is open again."))

    @expose("/note/<pk>", methods=["POST"])
    @has_access
    @permission_name("work")
    def note(self, pk: str) -> Response | tuple[str, int]:
        """Say how far the task is this week."""
        text = request.form.get("note", "")

        def verb(session: Session, actor: Actor, task_id: int, version: int) -> object:
            return service.note_progress(session, actor, task_id, version=version, text=text, at=utc_now())

        return self._do(pk, verb, gettext("The note of this week is kept."))

    def _do(self, pk: str, verb: Callable[[Session, Actor, int, int], object], done: str) -> Response | tuple[str, int]:
        """Run a verb and commit it; what is refused leaves the page with what was typed."""
        task_id, session = self.item_or_404(pk).id, self.datamodel.session()
        try:
            verb(session, current_actor(), task_id, request.form.get("version", -1, int))
            session.commit()
        except Refusal as refusal:
            session.rollback()
            return self._task_page(self.item_or_404(pk), sentence(refusal)), status_of(refusal)
        flash(done, "success")
        return redirect(url_for("TaskView.show", pk=task_id))


class SourceDocumentView(PortalModelView):
    """Documents of superiors that assign tasks."""

    route_base = "/sources"
    datamodel = wiring.sources()
    list_title, show_title = _l("Source documents"), _l("Source document")
    add_title, edit_title = _l("Add source document"), _l("Edit source document")
    about = _l("Documents of superiors that assign tasks; a task names the one it comes from.")
    list_columns = ["symbol", "issuer", "year", "issued_on", "subject"]
    add_columns = ["symbol", "issuer", "year", "issued_on", "subject"]
    show_columns = add_columns
    edit_columns = add_columns
    order_columns = ["symbol", "year", "issued_on"]
    base_order = ("issued_on", "desc")
    filter_columns = ("year",)
    searched = (SourceDocument.search,)
    label_columns = {
        "symbol": _l("Number and symbol"),
        "issuer": _l("Issuer"),
        "year": _l("Year"),
        "issued_on": _l("Date of issue"),
        "subject": _l("Subject"),
    }
    description_columns = {"symbol": _l("As printed, such as 2433/KH-UBND.")}
    add_form_extra_fields = {"subject": _paragraph(label_columns["subject"], required=True)}
    edit_form_extra_fields = add_form_extra_fields


class ClarityProfileView(PortalModelView):
    """Sets of facets that a task must show before it is assigned."""

    route_base = "/clarity"
    datamodel = wiring.profiles()
    list_title, show_title = _l("Clarity profiles"), _l("Clarity profile")
    add_title, edit_title = _l("Add clarity profile"), _l("Edit clarity profile")
    about = _l(
        "A clarity profile says what a task must show before it is assigned: who, what, by when, with which product."
    )
    list_columns = ["code", "name_vi", "name_en"]
    show_columns = list_columns
    add_columns = ["code", "name_vi", "name_en", "facets"]
    edit_columns = ["name_vi", "name_en", "facets"]
    base_order = ("code", "asc")
    show_template = "tasks/profile.html"
    label_columns = {
        "code": _l("Code"),
        "name_vi": _l("Name in Vietnamese"),
        "name_en": _l("Name in English"),
        "facets": _l("What a task must show"),
    }
    add_form_extra_fields = {
        "facets": SelectMultipleField(label_columns["facets"], choices=facets, validators=[InputRequired()])
    }
    edit_form_extra_fields = add_form_extra_fields
    facet_names = wiring.FACET_NAMES


def register(portal: Any) -> None:
    """Give the portal these screens, under Tasks in the menu."""
    kept = {"category": "Task tracking", "category_label": _l("Tasks")}
    portal.add_view(TaskView, "Tasks", label=_l("Tasks"), **kept)
    portal.add_view(SourceDocumentView, "Source documents", label=_l("Source documents"), **kept)
    portal.add_view(ClarityProfileView, "Clarity profiles", label=_l("Clarity profiles"), **kept)
