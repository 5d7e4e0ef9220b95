"""What waits to be signed or sealed, and the page on which that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_appbuilder.models.filters import BaseFilter
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.data import current_actor, current_session
from portal.documents.models import OfficialDocument
from portal.documents.wiring import documents
from portal.documents.words import STATUS_TONES, STATUSES
from portal.idempotency import Answer
from portal.signatures import desk, page, refusing, service, turns
from portal.signatures.refusing import Back
from portal.signatures.service import turn_of
from portal.views import PortalListView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from workflows.errors import WorkflowError


class WaitsForSignature(BaseFilter):
    """Documents that wait for the reader's own signature."""

    name = "waits for a signature"

    def apply(self, query: Any, _value: str) -> Any:
        """Narrow the query."""
        return query.filter(turns.to_sign(current_actor()))


class WaitsForSeal(BaseFilter):
    """Documents that wait for a seal that the reader puts on."""

    name = "waits for a seal"

    def apply(self, query: Any, _value: str) -> Any:
        """Narrow the query."""
        return query.filter(turns.to_seal(current_actor()))


class WaitingList(PortalListView):
    """What both lists have in common."""

    datamodel = documents()
    list_template = "signatures/waiting.html"
    list_columns = ["number", "subject", "issuer", "issued_on", "signer", "status"]
    show_columns = ["number"]
    order_columns = ["number", "issued_on"]
    base_order = ("issued_at", "asc")
    filter_columns = ("issuer", "year")
    searched = (OfficialDocument.subject, OfficialDocument.symbol)
    choices = {"status": lambda: [(key, str(words)) for key, words in STATUSES.items()]}
    tones = {"status": STATUS_TONES}
    waits: type[BaseFilter] = WaitsForSignature
    label_columns = {
        "number": _l("Number and symbol"),
        "subject": _l("Subject of the document"),
        "issuer": _l("Issuer"),
        "issued_on": _l("Date of issue"),
        "signer": _l("Signer"),
        "status": _l("State"),
    }

    def shown(self, row: OfficialDocument, column: str) -> Any:
        """The number with its symbol."""
        return str(row) if column == "number" else super().shown(row, column)

    def _asked_filters(self) -> Any:
        filters = super()._asked_filters()
        filters.add_filter("id", self.waits, "y")
        return filters


class SigningView(WaitingList):
    """What waits for the reader's signature, and the page on which he signs or seals."""

    route_base = "/signing"
    base_permissions = ["can_list", "can_sign"]
    list_title, show_title = _l("Documents to sign"), _l("Sign a document")
    about = _l("Each waits for your personal signature; when everybody has signed, the registrar puts on the seal.")

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    @permission_name("sign")
    def show(self, pk: str) -> str:
        """The document, who signs it, and the ways in which the reader can, if it is his turn."""
        return self.page("signatures/sign.html", **page.signing_page(self.item_or_404(pk)))

    @expose("/<pk>/sign", methods=["POST"])
    @has_access
    @permission_name("sign")
    def sign(self, pk: str) -> Response | tuple[str, int]:
        """Sign, or seal, with a key that the server has; its PIN is typed each time."""
        asked = desk.asked_about(self.item_or_404(pk))

        def deed() -> Answer:
            signing, stamp = desk.checked(asked)
            desk.prove()
            signed = desk.signed(signing, stamp, request.form.get("pin", ""))
            row = service.keep(current_session(), current_actor(), desk.store(), signing, signed)
            return desk.done(row.document)

        return once.page_of(deed, lambda refused: self.again(asked.document_id, refused))

    @expose("/<pk>/send-back", methods=["POST"])
    @has_access
    @permission_name("sign")
    def send_back(self, pk: str) -> Response | tuple[str, int]:
        """Send the document back instead of signing it, with a reason; whoever does so proves who he is."""
        key = self.item_or_404(pk).id
        back = Back(key, request.form.get("slot", 0, int), request.form.get("seen", ""))

        def deed() -> Answer:
            session, actor = current_session(), current_actor()
            turn_of(session, actor, back.document_id, back.slot_id)
            desk.prove()
            document = refusing.send_back(session, actor, back, reason=request.form.get("reason", ""))
            place = url_for("DocumentView.show", pk=key)
            words = gettext("%(document)s was sent back. Its number is void, and the unit is told.", document=document)
            return Answer("official_document", key, words=words, location=place)

        return once.page_of(deed, lambda refused: self.again(key, refused))

    def again(self, key: int, refused: WorkflowError) -> str:
        """The page with what was refused, as it is now."""
        return self.page("signatures/sign.html", **page.signing_page(self.item_or_404(str(key)), refused))


class SealingView(WaitingList):
    """What waits for a seal that the reader puts on."""

    route_base = "/signing/seals"
    class_permission_name = "SigningView"
    exclude_route_methods = {*PortalListView.exclude_route_methods, "show"}
    list_title = _l("Documents to seal")
    about = _l("Everybody has signed them. You look at the signatures, and put on the seal of your agency.")
    waits = WaitsForSeal


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view(SigningView, "Documents to sign", label=_l("Documents to sign"))
    portal.add_view_no_menu(SealingView)
