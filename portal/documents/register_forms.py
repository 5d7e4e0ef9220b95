"""What a registrar types: forms that read days and numbers; whether they will do, the verbs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Form, IntegerField, SelectField, StringField, TextAreaField

from portal.definitions.decree import LETTER, LETTER_NAME, TYPE_NAMES
from portal.documents.keeping import Handover, Paper
from portal.views import DayField
from portal.words import format_datetime
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from wtforms import Field

    from portal.definitions.models import Definition


class Asked:
    """Marks what must be filled in; the verb refuses what is not, with a sentence of its own."""

    field_flags = {"required": True}  # noqa: RUF012 - as WTForms reads it

    def __call__(self, form: Form, field: Field) -> None:
        """Let everything pass."""


def day_of(field: Field) -> date | None:
    """The day that was typed; None where nothing was.

    Raises:
        Refusal: `day_unreadable`.
    """
    typed = " ".join(field.raw_data or ()).strip()
    if typed and field.data is None:
        raise Refusal("day_unreadable", {"text": typed[:40]})
    day: date | None = field.data
    return day


def number_of(field: Field) -> int | None:
    """The number that was typed; None where nothing was.

    Raises:
        Refusal: `number_unreadable`.
    """
    typed = " ".join(field.raw_data or ()).strip()
    if typed and field.data is None:
        raise Refusal("number_unreadable", {"text": typed[:40]})
    number: int | None = field.data if typed else None
    return number


def type_choices() -> list[tuple[str, str]]:
    """The types of appendix III, as people of the administration know them."""
    named = [(key, f"{name} ({key})") for key, name in TYPE_NAMES.items()]
    return [*named, (LETTER, LETTER_NAME)]


class ReserveForm(Form):
    """The next number, for a document that is signed on paper."""

    reason = TextAreaField(_l("What it is reserved for"), [Asked()], render_kw={"rows": 2})
    until = DayField(
        _l("Reserved until"),
        validators=[Asked()],
        description=_l("By then the document is registered, or the number made void."),
    )


class VoidForm(Form):
    """A reserved number that is not used after all."""

    reason = TextAreaField(
        _l("Why it is void"),
        [Asked()],
        description=_l("It is printed in the register. A void number is never used again."),
        render_kw={"rows": 2},
    )


class PaperForm(Form):
    """A document that was signed on paper, under a number that was reserved."""

    kind = SelectField(_l("Type"), [Asked()], choices=type_choices)
    symbol = StringField(
        _l("Symbol"), [Asked()], description=_l("As printed behind the number, such as TTr-UBND or UBND-NC.")
    )
    dated_on = DayField(_l("Date of the document"), validators=[Asked()])
    subject = TextAreaField(_l("Subject"), [Asked()], description=_l("Without its type."), render_kw={"rows": 2})
    signer = StringField(_l("Signer"), [Asked()])
    recipients = TextAreaField(
        _l("Recipients"), [Asked()], description=_l("With semicolons between them."), render_kw={"rows": 2}
    )
    kept_by = StringField(_l("Who keeps the copy"), description=_l("Such as VT, NC; VT where nothing is said."))

    def asked(self) -> Paper:
        """What was typed.

        Raises:
            Refusal: `day_unreadable`.
        """
        texts = {
            name: str(self[name].data or "")
            for name in ("kind", "symbol", "subject", "signer", "recipients", "kept_by")
        }
        return Paper(dated_on=day_of(self.dated_on), **texts)


class HandoverForm(Form):
    """Columns 7 to 10 of a used number."""

    copies = IntegerField(_l("Number of copies"))
    sent_on = DayField(_l("Handed over on"))
    received_by = StringField(_l("Received by"))
    note = TextAreaField(_l("Remark"), render_kw={"rows": 2})

    def asked(self) -> Handover:
        """What was typed.

        Raises:
            Refusal: `day_unreadable`, `number_unreadable`.
        """
        return Handover(
            number_of(self.copies), day_of(self.sent_on), str(self.received_by.data or ""), str(self.note.data or "")
        )


class OpenForm(Form):
    """A book of this year, at the number after the last one of the paper book."""

    series = SelectField(_l("Book"), [Asked()])
    last_paper = IntegerField(
        _l("Last number of the paper book"),
        [Asked()],
        description=_l("The portal goes on with the next one. 0 where nothing was numbered on paper."),
    )
    reason = TextAreaField(_l("Reason"), [Asked()], description=_l("It is kept with the book."), render_kw={"rows": 2})

    def offer(self, series: list[tuple[str, Any]]) -> None:
        """Offer the books that can be opened.

        Args:
            series: key and name.
        """
        self.series.choices = series


class MakeAnewForm(Form):
    """A document that nobody signed, printed on a later version of its template."""

    version = SelectField(_l("Version of the template"), [Asked()], coerce=int)
    reason = TextAreaField(
        _l("Why the PDF is made anew"),
        [Asked()],
        description=_l("It is kept in the audit log, with the hash of the PDF that is replaced."),
        render_kw={"rows": 2},
    )

    @classmethod
    def of(cls, typed: Any, versions: Sequence[Definition]) -> MakeAnewForm | None:
        """The form with these versions to choose from, and with what was typed; None where there is no version.

        Args:
            typed: the fields of the request.
            versions: the newest first.
        """
        form = cls(typed, prefix="anew-")
        form.version.choices = [(each.version, _version_words(each)) for each in versions]
        return form if versions else None


def _version_words(version: Definition) -> str:
    """A version as lists of versions call it: its number, its day, and why there is it."""
    day = format_datetime(version.published_at) if version.published_at else ""
    words = gettext("version %(version)s of %(day)s", version=version.version, day=day)
    return f"{words}: {version.note[:80]}" if version.note else str(words)
