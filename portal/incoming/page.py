"""The page of an arrival: what it is, what became of it, and what its reader may do with it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.data import current_actor, current_session
from portal.documents.finding import found_lines
from portal.documents.rules import number_text
from portal.incoming import handling, rules, service
from portal.incoming.forms import HandingForm, NoteForm, ReasonForm, TaskForm
from portal.incoming.wiring import DEEDS
from portal.incoming.words import STATE_TONES, STATES, URGENCIES, remark
from portal.refusals import sentence
from portal.rights import called
from portal.security import today
from portal.tasks import drafting
from portal.tasks.wiring import STATUS_NAMES
from portal.units.models import Unit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from portal.incoming.models import IncomingDocument
    from workflows.errors import WorkflowError

LABELS = {
    "arrived_on": _l("Arrived on"),
    "number": _l("Arrival number"),
    "author": _l("Author"),
    "symbol": _l("Number and symbol"),
    "dated_on": _l("Date of the document"),
    "title": _l("Type and subject"),
    "recipient": _l("Unit or person that got it"),
    "handed_on": _l("Handed over on"),
    "received_by": _l("Received by"),
    "remark": _l("Remark"),
    "unit": _l("Unit that received it"),
    "year": _l("Year"),
    "due_on": _l("To be dealt with by"),
    "state": _l("How far it is"),
    "code": _l("Identification code"),
    "answer": _l("Number and symbol of the answer"),
    "lead_unit": _l("Unit that deals with it"),
    "document": _l("Type, number, symbol, date and author"),
}
"""What screens call the columns of both registers."""


def _receiver(row: IncomingDocument) -> str:
    return "; ".join(str(each) for each in (row.lead_unit and called(row.lead_unit), row.recipient) if each)


def _progress(row: IncomingDocument) -> str:
    said = row.filed_reason if row.state == rules.FILED else row.last_note
    return ": ".join(str(each) for each in (STATES[row.state], said) if each)


SHOWN: Mapping[str, Callable[[IncomingDocument], Any]] = {
    "answer": lambda row: str(row.answer) if row.answer else "",
    "number": lambda row: number_text(row.number),
    "recipient": _receiver,
    "remark": remark,
    "state": _progress,
    "urgency": lambda row: URGENCIES[row.urgency] if row.urgency else "",
}
"""How screens put what is more than the value of one column."""


def shown(row: IncomingDocument, column: str) -> Any:
    """What screens show of an arrival in a column.

    Args:
        row: the arrival.
        column: one of `LABELS`.
    """
    return SHOWN[column](row) if column in SHOWN else getattr(row, column)


def units_there() -> Sequence[Unit]:
    """The units that exist today, by the alphabet."""
    there = select(Unit).where((Unit.valid_to.is_(None)) | (Unit.valid_to >= today()))
    return current_session().scalars(there.order_by(Unit.sort_key, Unit.id)).all()


def kept_units() -> list[Unit]:
    """The units whose arrivals the reader keeps."""
    actor = current_actor()
    if not actor.may(*service.KEEP):
        return []
    return [each for each in units_there() if service.may_keep(actor, each.id)]


def answered_links(document_id: int) -> list[tuple[str, str]]:
    """What an issued document answers, as far as the reader sees it: words and address.

    Args:
        document_id: its key.
    """
    return _links(handling.answered_by(current_session(), current_actor(), document_id))


def origin_links(task_id: int) -> list[tuple[str, str]]:
    """The arrival that a task was made of, if the reader sees it: words and address.

    Args:
        task_id: its key.
    """
    found = handling.origin_of(current_session(), current_actor(), task_id)
    return _links([found] if found else [])


def _links(found: Sequence[IncomingDocument]) -> list[tuple[str, str]]:
    if not current_actor().may("can_show", "IncomingView"):
        return []
    return [(_named(each), url_for("IncomingView.show", pk=each.id)) for each in found]


def _named(row: IncomingDocument) -> str:
    facts = {"symbol": row.symbol, "author": row.author, "number": str(row)}
    return str(gettext("%(symbol)s of %(author)s, arrival number %(number)s", **facts))


def arrival_page(item: IncomingDocument, refused: WorkflowError | None = None, **forms: Any) -> dict[str, Any]:
    """What the page of an arrival is made of.

    Args:
        item: the arrival.
        refused: what was refused, if anything was.
        forms: those that were typed in, by the name of their verb.
    """
    session, actor = current_session(), current_actor()
    is_void = item.void_reason is not None
    handles = service.may_handle(actor, item) and not is_void
    keeps = service.may_keep(actor, item.unit_id) and not is_void
    is_settled = item.answer_id is not None or item.filed_on is not None
    return {
        "title": gettext("Arrival %(number)s", number=str(item)),
        "item": item,
        "labels": LABELS,
        "shown": shown,
        "problem": sentence(refused) if refused else "",
        "deeds": [each for offered in DEEDS.values() for each in offered(item)],
        "state": (STATES[item.state], STATE_TONES[item.state]),
        "is_late": rules.is_late(item.state, item.due_on, today()),
        "today": today(),
        "keeps": keeps,
        "handles": handles,
        "is_settled": is_settled,
        "notes": handling.notes_of(session, item),
        "tasks": handling.tasks_of(session, actor, item),
        "task_states": STATUS_NAMES,
        "answer_page": _answer_page(item),
        "handover": _handing_form(item, forms.get("handover")) if keeps else None,
        "void": forms.get("void") or ReasonForm(prefix="void-"),
        **(_handling_forms(item, is_settled=is_settled, **forms) if handles else {}),
    }


def _answer_page(item: IncomingDocument) -> str:
    """Where the answer is read; empty where its reader may read no more than its number."""
    if item.answer is None or item.answer.document_id is None or not current_actor().may("can_show", "DocumentView"):
        return ""
    return url_for("DocumentView.show", pk=item.answer.document_id)


def _handling_forms(item: IncomingDocument, *, is_settled: bool, **forms: Any) -> dict[str, Any]:
    sought = request.values.get("sought", "").strip()
    session, actor = current_session(), current_actor()
    return {
        "note": forms.get("note") or NoteForm(prefix="note-"),
        "task": _task_form(item, forms.get("task")),
        "filing": forms.get("filing") or ReasonForm(prefix="filing-"),
        "taking": forms.get("taking") or ReasonForm(prefix="taking-"),
        "sought": sought,
        "found": found_lines(session, actor, sought) if sought and not is_settled else (),
    }


def _handing_form(item: IncomingDocument, typed: HandingForm | None) -> HandingForm:
    form = typed or HandingForm(obj=_as_typed(item), prefix="handover-")
    form.offer(units_there(), called)
    return form


def _as_typed(item: IncomingDocument) -> SimpleNamespace:
    """What stands in the form of handing over: what was noted, today where nothing was."""
    unit = str(item.lead_unit_id or "")
    known = {"recipient": item.recipient, "handed_on": item.handed_on or today(), "received_by": item.received_by}
    return SimpleNamespace(lead_unit_id=unit, **known)


def _task_form(item: IncomingDocument, typed: TaskForm | None) -> TaskForm:
    known = SimpleNamespace(title=item.subject, lead_unit_id=str(item.lead_unit_id or ""), due_on=item.due_on)
    form = typed or TaskForm(obj=known, prefix="task-")
    actor = current_actor()
    mine = [
        each
        for each in units_there()
        if each.id == item.lead_unit_id or each.id in actor.reach or actor.sees_everything
    ]
    form.offer(mine, drafting.profiles(current_session()), called)
    return form
