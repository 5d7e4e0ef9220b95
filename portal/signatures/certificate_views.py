"""The screens of certificates: entered by another than their holder, told before they end, revoked with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.data import current_actor, current_session
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.signatures import certificates, wiring
from portal.signatures.forms import CertificateForm, ReasonForm, content_of
from portal.signatures.models import SigningCertificate
from portal.signatures.rules import LARGEST_CERTIFICATE_KB
from portal.signatures.words import CERTIFICATE_STATES, CERTIFICATE_TONES, KEY_PLACES
from portal.views import PortalListView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from workflows.errors import WorkflowError


class SigningCertificateView(PortalListView):
    """Certificates of people and units, each with its days and with where its key is."""

    route_base = "/signing-certificates"
    base_permissions = ["can_list", "can_show", "can_enter"]
    datamodel = wiring.certificate_rows()
    list_title, show_title = _l("Certificates for signing"), _l("Certificate")
    about = _l(
        "Whoever signs and whichever agency seals has one. It is bound to its holder by another, and never changed."
    )
    list_template, show_template = "signatures/certificates.html", "signatures/certificate.html"
    list_columns = ["common_name", "holder", "authority", "last_day", "key_place", "state"]
    list_reads = ("user", "unit")
    show_columns = [
        *("holder", "subject", "issuer", "serial", "sha256", "valid_from", "valid_to", "key_place", "key_name"),
        *("state", "enterer", "entered_at", "revoked_at", "revoker", "revoke_reason"),
    ]
    order_columns = ["common_name", "valid_from", "valid_to"]
    base_order = ("valid_to", "asc")
    filter_columns = ("key_place", "unit", "user")
    searched = (SigningCertificate.common_name, SigningCertificate.serial, SigningCertificate.subject)
    choices = {
        "key_place": lambda: list(KEY_PLACES.items()),
        "state": lambda: list(CERTIFICATE_STATES.items()),
    }
    tones = {"state": CERTIFICATE_TONES}
    label_columns = {
        "common_name": _l("Name in the certificate"),
        "holder": _l("Holder"),
        "subject": _l("Subject"),
        "issuer": _l("Issued by"),
        "authority": _l("Issued by"),
        "serial": _l("Serial number"),
        "sha256": _l("SHA-256 of the certificate"),
        "valid_from": _l("Valid from"),
        "valid_to": _l("Valid until"),
        "last_day": _l("Last day"),
        "key_place": _l("Where its key is"),
        "key_name": _l("Key file or token at the server"),
        "state": _l("State"),
        "enterer": _l("Entered by"),
        "entered_at": _l("Entered"),
        "revoked_at": _l("Revoked"),
        "revoker": _l("Revoked by"),
        "revoke_reason": _l("Reason"),
        "unit": _l("Unit"),
        "user": _l("Person"),
    }

    def heading(self, item: SigningCertificate) -> Any:
        """Whom it names."""
        return item.common_name

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One certificate, with the form that revokes it."""
        return self._page(self.item_or_404(pk))

    def _page(self, item: SigningCertificate, form: ReasonForm | None = None, problem: str = "") -> str:
        may_end = certificates.may_revoke(current_actor(), item) and item.revoked_at is None
        told = {"title": self.show_title, "item": item, "may_end": may_end}
        return self.page(self.show_template, **told, form=form or ReasonForm(), problem=problem)

    @expose("/enter", methods=["GET", "POST"])
    @has_access
    def enter(self) -> Response | str | tuple[str, int]:
        """Bind a certificate to a person or a unit."""
        form = CertificateForm(request.form)
        if request.method != "POST":
            return self._form_page(form)
        content = content_of(request.files.get("certificate"), LARGEST_CERTIFICATE_KB * 1024)

        def deed() -> Answer:
            row = certificates.enter(current_session(), current_actor(), form.asked(content))
            place = url_for("SigningCertificateView.show", pk=row.id)
            words = gettext("The certificate of %(holder)s is entered.", holder=row.holder)
            return Answer("signing_certificate", row.id, words=words, location=place)

        return once.page_of(deed, lambda refused: self._form_page(form, refused))

    def _form_page(self, form: CertificateForm, refused: WorkflowError | None = None) -> str:
        problem = sentence(refused) if refused else ""
        asks = bool(refused and refused.code == "certificate_other_name") or bool(form.confirmed.data)
        title = gettext("Enter a certificate")
        return self.page("signatures/certificate_enter.html", title=title, form=form, problem=problem, asks=asks)

    @expose("/<pk>/revoke", methods=["POST"])
    @has_access
    @permission_name("show")
    def revoke(self, pk: str) -> Response | tuple[str, int]:
        """Revoke a certificate, now: one's own, or one that one may enter."""
        key, form = self.item_or_404(pk).id, ReasonForm(request.form)

        def deed() -> Answer:
            certificates.revoke(current_session(), current_actor(), key, form.reason.data or "")
            words = gettext("The certificate is revoked. What was signed with it stays as it is.")
            place = url_for("SigningCertificateView.show", pk=key)
            return Answer("signing_certificate", key, words=words, location=place)

        return once.page_of(deed, lambda refused: self._page(self.item_or_404(pk), form, sentence(refused)))


def register(portal: Any) -> None:
    """Give the portal these screens, under Organisation in the menu, beside who signs by order."""
    kept = {"category": "Organisation", "category_label": _l("Organisation")}
    portal.add_view(SigningCertificateView, "Signing certificates", label=_l("Certificates for signing"), **kept)
