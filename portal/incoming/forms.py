"""What is typed about an incoming document; whether it will do, the verbs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, Form, IntegerField, SelectField, StringField, TextAreaField

from portal.data import read_key
from portal.documents.register_forms import Asked, day_of
from portal.incoming.handling import Asked as AskedTask
from portal.incoming.service import Arrival, Handing
from portal.incoming.words import URGENCIES
from portal.views import DayField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.tasks.models import ClarityProfile
    from portal.units.models import Unit

ARRIVAL_TEXTS = ("author", "symbol", "type_name", "subject", "urgency", "code", "remark")


def urgencies() -> list[tuple[str, Any]]:
    """No urgency, or one of the decree."""
    return [("", ""), *URGENCIES.items()]


class ArrivalForm(Form):
    """What is read off a document, in the order of the stamp and of the register."""

    unit = SelectField(_l("Unit that received it"), [Asked()])
    arrived_on = DayField(_l("Arrived on"), validators=[Asked()])
    author = StringField(
        _l("Author"), [Asked()], description=_l("The agency that issued it, such as Công an tỉnh Gia Lai.")
    )
    symbol = StringField(
        _l("Number and symbol"), [Asked()], description=_l("As printed, such as 4598/CAT-PC06 or 100-KL/ĐU.")
    )
    dated_on = DayField(_l("Date of the document"), validators=[Asked()])
    type_name = StringField(
        _l("Type"),
        [Asked()],
        description=_l("Such as Kế hoạch; Công văn for a letter."),
        render_kw={"list": "types"},
    )
    subject = TextAreaField(_l("Subject"), [Asked()], description=_l("Without its type."), render_kw={"rows": 3})
    urgency = SelectField(_l("Urgency"), choices=urgencies)
    due_on = DayField(_l("To be dealt with by"))
    code = StringField(
        _l("Identification code"), description=_l("Of an electronic document, as the exchange platform gives it.")
    )
    remark = TextAreaField(_l("Remark"), render_kw={"rows": 2})
    again = BooleanField(_l("Register it all the same"))
    again_reason = TextAreaField(
        _l("Why it is not the same document"),
        description=_l("It is kept with the arrival."),
        render_kw={"rows": 2},
    )

    def offer(self, units: Iterable[tuple[int, str]]) -> None:
        """Offer the units whose arrivals the reader keeps.

        Args:
            units: key and name.
        """
        self.unit.choices = [(str(key), name) for key, name in units]

    def asked(self) -> Arrival:
        """What was typed.

        Raises:
            Refusal: `day_unreadable`.
        """
        texts = {name: str(self[name].data or "") for name in ARRIVAL_TEXTS}
        arrived_on, dated_on, due_on = (day_of(self[name]) for name in ("arrived_on", "dated_on", "due_on"))
        return Arrival(arrived_on=arrived_on, dated_on=dated_on, due_on=due_on, **texts)

    def again_said(self) -> str:
        """Why it is registered all the same; empty unless the box is ticked, too."""
        return str(self.again_reason.data or "") if self.again.data else ""


class HandingForm(Form):
    """Columns 7 to 9 of the register of incoming documents."""

    lead_unit_id = SelectField(_l("Unit that deals with it"))
    recipient = StringField(_l("Person, or who else got it"))
    handed_on = DayField(_l("Handed over on"))
    received_by = StringField(_l("Received by"))

    def offer(self, units: Iterable[Unit], name: Any) -> None:
        """Offer the units that a document can be handed over to.

        Args:
            units: in order.
            name: what each is called.
        """
        self.lead_unit_id.choices = [("", ""), *((str(each.id), name(each)) for each in units)]

    def asked(self) -> Handing:
        """What was typed.

        Raises:
            Refusal: `day_unreadable`.
        """
        unit, texts = self.lead_unit_id.data or "", (str(self.recipient.data or ""), str(self.received_by.data or ""))
        return Handing(_key(unit), texts[0], day_of(self.handed_on), texts[1])


class TaskForm(Form):
    """A task that is drafted of an arrival."""

    title = TextAreaField(
        _l("Task"), [Asked()], description=_l("What is to be done: a verb and its object."), render_kw={"rows": 3}
    )
    lead_unit_id = SelectField(_l("Unit in the lead"), [Asked()])
    due_on = DayField(_l("Day of the deadline"))
    profile_id = SelectField(_l("Clarity profile"), [Asked()])

    def offer(self, units: Iterable[Unit], profiles: Iterable[ClarityProfile], name: Any) -> None:
        """Offer units and clarity profiles.

        Args:
            units: that may lead the task.
            profiles: all of them.
            name: what a unit is called.
        """
        self.lead_unit_id.choices = [(str(each.id), name(each)) for each in units]
        self.profile_id.choices = [(str(each.id), str(each)) for each in profiles]

    def asked(self) -> AskedTask:
        """What was typed.

        Raises:
            Refusal: `day_unreadable`.
        """
        title, unit, profile = (str(self[name].data or "") for name in ("title", "lead_unit_id", "profile_id"))
        return AskedTask(title, _key(profile), _key(unit), day_of(self.due_on))


class NoteForm(Form):
    """How far the handling is."""

    words = TextAreaField(_l("How far is it?"), [Asked()], render_kw={"rows": 3})


class ReasonForm(Form):
    """A verb that wants a reason."""

    reason = TextAreaField(_l("Reason"), [Asked()], description=_l("The audit log keeps it."), render_kw={"rows": 2})


class OpenForm(Form):
    """This year's book, at the number after the last one of the paper book."""

    last_paper = IntegerField(
        _l("Last number of the paper book"),
        [Asked()],
        description=_l("The portal goes on with the next one. 0 where nothing was numbered on paper."),
    )
    reason = TextAreaField(_l("Reason"), [Asked()], description=_l("It is kept with the book."), render_kw={"rows": 2})


def _key(text: str) -> int | None:
    """The key of a choice; 0, which no row has, for what is no key at all."""
    return (read_key(text) or 0) if text else None
