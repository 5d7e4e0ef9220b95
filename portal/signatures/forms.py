"""What is typed about certificates and pictures; whether it will do, the verbs say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, Form, SelectField, StringField, TextAreaField

from portal.data import current_actor, current_session, read_key
from portal.documents.register_forms import Asked
from portal.rights import called
from portal.signatures import certificates
from portal.signatures.certificates import Entry, Holder
from portal.signatures.images import refuse_width
from portal.signatures.rules import LARGEST_PICTURE_KB, LARGEST_SIDE
from portal.signatures.words import KEY_PLACES
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

UNIT, USER = "unit", "user"


def holders() -> list[tuple[str, Any]]:
    """Whom the reader may enter certificates and pictures for: units first, then people, never himself."""
    units, people = certificates.holders(current_session(), current_actor())
    of_units = [(f"{UNIT}:{each.id}", called(each)) for each in units]
    return [("", ""), *of_units, *((f"{USER}:{each.id}", each.get_full_name()) for each in people)]


def holder_of(text: str) -> Holder:
    """Whom a choice names.

    Raises:
        Refusal: `no_such_holder`.
    """
    kind, _, key = text.partition(":")
    number = read_key(key)
    if number is None or kind not in {UNIT, USER}:
        raise Refusal("no_such_holder")
    return Holder(unit_id=number) if kind == UNIT else Holder(user_id=number)


def content_of(given: FileStorage | None, most: int) -> bytes:
    """The bytes of an upload, one more than it may have at most; empty where nothing was chosen."""
    return given.read(most + 1) if given is not None and given.filename else b""


class CertificateForm(Form):
    """A certificate, to whom it belongs and where its key is."""

    holder = SelectField(_l("Whose certificate"), [Asked()], choices=holders)
    certificate = FileField(
        _l("File of the certificate"),
        [Asked()],
        description=_l("A .cer, .crt or .pem file, without the private key."),
        render_kw={"accept": ".cer,.crt,.pem,.der"},
    )
    key_place = SelectField(_l("Where its key is"), [Asked()], choices=lambda: list(KEY_PLACES.items()))
    key_name = StringField(
        _l("Key file or token at the server"),
        description=_l("Its name; empty where the key is at the signer's own computer."),
    )
    confirmed = BooleanField(_l("It belongs to this holder although it names him differently"))

    def asked(self, content: bytes) -> Entry:
        """What was typed.

        Raises:
            Refusal: `no_such_holder`.
        """
        place, name = str(self.key_place.data or ""), str(self.key_name.data or "")
        holder = holder_of(str(self.holder.data or ""))
        return Entry(holder, content, place, name, confirmed=bool(self.confirmed.data))


class ImageForm(Form):
    """The picture of a signature or a seal."""

    holder = SelectField(_l("Whose signature or seal"), [Asked()], choices=holders)
    picture = FileField(
        _l("Picture"),
        [Asked()],
        description=_l(
            "PNG with a transparent ground, at most %(kb)s KB and %(side)s pixels a side: a signature in blue, a seal "
            "in red.",
            kb=LARGEST_PICTURE_KB,
            side=LARGEST_SIDE,
        ),
        render_kw={"accept": ".png"},
    )
    width_mm = StringField(
        _l("Width on paper (mm)"),
        [Asked()],
        description=_l("Of a seal its real width; of a signature about 40."),
        render_kw={"inputmode": "decimal"},
    )

    def width(self) -> float:
        """The width that was typed.

        Raises:
            Refusal: `picture_width`.
        """
        try:
            width = float(str(self.width_mm.data or "").replace(",", "."))
        except ValueError:
            width = 0.0
        refuse_width(width)
        return width


class ReasonForm(Form):
    """Why a certificate is revoked."""

    reason = TextAreaField(_l("Reason"), [Asked()], render_kw={"rows": 2})
