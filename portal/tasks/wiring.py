"""What the edge must know of tasks: who sees which rows, what a refusal says, what states and facets are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l

from portal.data import SCOPES, PortalData
from portal.refusals import say
from portal.tasks.models import ClarityProfile, ProgressNote, SourceDocument, Task
from portal.tasks.rules import Status
from portal.tasks.service import note_scope, reference_scope, scope, settle_profile, settle_source, settle_task

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SCOPES[Task] = scope
SCOPES[ProgressNote] = note_scope
SCOPES[SourceDocument] = SCOPES[ClarityProfile] = reference_scope

say(
    {
        "no_such_task": _l("There is no such task, or it belongs to a unit whose work you do not see."),
        "not_lead_unit": _l("Only %(unit)s works on this task. Ask it, or the agency that oversees the programme."),
        "already_assigned": _l("The task is already assigned."),
        "facets_missing": _l("The task is not clear enough for its clarity profile. Its page lists what is missing."),
        "task_completed": _l("The task is completed. Reopen it with a reason before you change it."),
        "task_not_open": _l("Only an assigned task that is not completed can be worked on."),
        "task_not_completed": _l("The task is not completed, so there is nothing to reopen."),
        "standing_task": _l("A standing task has no end. Edit it first if it is no longer standing."),
        "evidence_required": _l("Say what proves the product: a document's number or a file's name."),
        "note_required": _l("Write how far the task is this week."),
        "deadline_day": _l("The kind of deadline and its day do not fit: only a dated deadline has a day."),
        "lead_helps_itself": _l("%(unit)s leads the task and cannot cooperate with itself. Take it off the list."),
        "source_year_differs": _l("The document is dated %(issued)s but numbered in %(year)s. Correct one of them."),
        "bad_facets": _l("A clarity profile names at least one facet, each once. Unknown: %(unknown)s."),
    }
)

STATUS_NAMES: Mapping[Status, Any] = {
    Status.OVERDUE: _l("Overdue"),
    Status.DUE_SOON: _l("Due soon"),
    Status.IN_PROGRESS: _l("In progress"),
    Status.STANDING: _l("Standing"),
    Status.DRAFT: _l("Draft"),
    Status.DONE_ON_TIME: _l("Completed on time"),
    Status.DONE_LATE: _l("Completed late"),
}
"""In the order in which they need attention."""

STATUS_TONES: Mapping[str, str] = {
    Status.OVERDUE: "bad",
    Status.DUE_SOON: "note",
    Status.IN_PROGRESS: "info",
    Status.STANDING: "info",
    Status.DONE_ON_TIME: "good",
    Status.DONE_LATE: "note",
}
"""How the badge of a state is coloured."""

DEADLINE_NAMES: Mapping[str, Any] = {
    "before": _l("Before a day (the day itself is too late)"),
    "by": _l("No later than a day"),
    "within_month": _l("Within a month"),
    "recurring": _l("Recurring"),
    "none": _l("No deadline"),
}
FACET_NAMES: Mapping[str, Any] = {
    "muc_tieu": _l("Clear objective: an indicator with its target, in figures"),
    "nguoi": _l("Clear people: a leader and an officer by name, both active"),
    "viec": _l("Clear work: what is to be done, and the document that asks for it"),
    "thoi_gian": _l("Clear time: a first day and a deadline"),
    "trach_nhiem": _l("Clear responsibility: one unit in the lead"),
    "san_pham": _l("Clear product: what will be handed over"),
    "ket_qua": _l("Clear result: the expected result, in figures"),
    "tham_quyen": _l("Clear authority: who decides"),
}

ORIGINS: dict[str, Callable[[int], Sequence[tuple[str, str]]]] = {}
"""Port: what a task may be made of → what the one with this key was made of, as words and the address of its page, as
far as the reader sees it; filled by `app`."""

URGED: dict[str, Callable[[int | None], Sequence[tuple[str, str]]]] = {}
"""Port: what the list of overdue tasks lets a reader begin, as words and address → given the document whose tasks alone
are shown; filled by `app`."""

TASK_COLUMNS = (
    "title",
    "profile",
    "source",
    "lead_unit",
    "cooperating",
    "leader",
    "officer",
    "starts_on",
    "deadline_kind",
    "deadline_on",
    "standing",
    "objective",
    "product",
    "expected_result",
    "authority",
)
"""What is typed of a task, in the order of its form."""


class TaskData(PortalData):
    """Tasks; by their last valid day, those without one come last, whatever the database does with nothing."""

    def apply_order_by(self, query: Any, order_column: str, *args: Any, **kwargs: Any) -> Any:
        """Order by a column, then by key."""
        if order_column == "due_on":
            query = query.order_by(Task.due_on.is_(None))
        return super().apply_order_by(query, order_column, *args, **kwargs)


def tasks() -> PortalData:
    """Tasks for one screen or API."""
    return TaskData(Task, settle=settle_task)


def sources() -> PortalData:
    """Source documents for one screen or API."""
    return PortalData(SourceDocument, settle=settle_source)


def profiles() -> PortalData:
    """Clarity profiles for one screen or API."""
    return PortalData(ClarityProfile, settle=settle_profile)
