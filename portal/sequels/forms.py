"""What is typed about a copy, and about whom a recall is told to; whether it will do, the verbs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField

from portal.data import read_key
from portal.documents.keeping import Handover
from portal.documents.register_forms import Asked as Required
from portal.documents.register_forms import number_of
from portal.rights import called
from portal.sequels.service import MOST_RECIPIENTS, Asked
from portal.sequels.words import ABOUT_FORMS, FORMS
from portal.views import DayField
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from portal.sequels.block import Candidate
    from portal.units.models import Unit


class TellForm(Form):
    """Whom a recall is told to."""

    units = SelectMultipleField(
        _l("Units that got the document"),
        description=_l("Each is asked what became of it. Those that the document names are ticked."),
        validate_choice=False,
    )

    def offer(self, living: Iterable[Unit], besides: Collection[int]) -> None:
        """Offer the units that can be told.

        Args:
            living: those that are there today.
            besides: the keys of those that are not told, or were.
        """
        self.units.choices = [(str(each.id), called(each)) for each in living if each.id not in besides]

    def keys(self) -> set[int]:
        """The units that were ticked."""
        return {key for key in map(read_key, self.units.data or ()) if key is not None}


class MakeForm(Form):
    """Which copy is made, signed by whom, for whom."""

    form = RadioField(_l("Form of the copy"), [Required()], validate_choice=False)
    parts = SelectMultipleField(
        _l("Parts of the extract"), description=_l("Only for an extract."), validate_choice=False
    )
    signer = SelectField(
        _l("Who signs"),
        [Required()],
        description=_l("Whom the head designated stands first; then he himself and his deputies."),
        validate_choice=False,
    )
    recipients = TextAreaField(
        _l("Recipients of the copy"), [Required()], description=_l("One on each line."), render_kw={"rows": 3}
    )

    def offer(self, forms: Iterable[str], parts: Sequence[tuple[str, Any]], candidates: Iterable[Candidate]) -> None:
        """Offer what can be made of a document, and who may sign.

        Args:
            forms: of copies.
            parts: of the document, key and heading.
            candidates: in order.
        """
        self.form.choices = [(key, f"{FORMS[key]}: {ABOUT_FORMS[key]}") for key in forms]
        self.parts.choices = list(parts)
        self.signer.choices = [(f"{each.user.id}:{each.post.id}", _named(each)) for each in candidates]

    def asked(self) -> Asked:
        """What was typed.

        Raises:
            Refusal: `no_signer_chosen`.
        """
        user, _, post = str(self.signer.data or "").partition(":")
        keys = (read_key(user), read_key(post))
        if keys[0] is None or keys[1] is None:
            raise Refusal("no_signer_chosen")
        lines = tuple(str(self.recipients.data or "").splitlines()[: MOST_RECIPIENTS * 2])
        recipients = tuple(each.strip() for each in lines if each.strip())
        return Asked(str(self.form.data or ""), keys[0], keys[1], recipients, tuple(self.parts.data or ()))


def _named(candidate: Candidate) -> str:
    return f"{candidate.block.name} ({', '.join(candidate.block.authority_lines)})"


class SignedForm(Form):
    """That a copy was signed by hand, stamped and handed over."""

    signed_on = DayField(_l("Signed and stamped on"), validators=[Required()])
    copies = IntegerField(_l("Number of copies"), [Required()])
    sent_on = DayField(_l("Handed over on"))
    received_by = StringField(_l("Received by"))
    note = TextAreaField(_l("Remark"), render_kw={"rows": 2})

    def handed(self, day: Any) -> Handover:
        """Columns 7 to 10 of the register.

        Args:
            day: on which it was handed over.

        Raises:
            Refusal: `number_unreadable`.
        """
        return Handover(number_of(self.copies), day, str(self.received_by.data or ""), str(self.note.data or ""))
