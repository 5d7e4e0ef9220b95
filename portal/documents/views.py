"""The screens of issued documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, flash, redirect, send_file, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal.data import current_actor, current_session
from portal.documents import service
from portal.documents.link_words import FATE_TONES, FATES, lines_of
from portal.documents.linking import may_link
from portal.documents.models import OfficialDocument
from portal.documents.wiring import ANSWERS, DEEDS, PAGES, documents
from portal.documents.words import STATUS_TONES, STATUSES, failure
from portal.views import PortalListView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response


class DocumentView(PortalListView):
    """Issued documents: what was said, under which number, and the PDF of it."""

    route_base = "/documents"
    datamodel = documents()
    list_title, show_title = _l("Issued documents"), _l("Issued document")
    about = _l("Each has its number from the moment of the last approval; its text never changes afterwards.")
    show_template = "documents/document.html"
    list_columns = ["number", "subject", "issuer", "issued_on", "signer", "status", "fate"]
    show_columns = ["number", "issuer", "issued_on", "subject", "signer", "pages", "status", "content_sha256", "file"]
    order_columns = ["number", "issued_on", "status"]
    base_order = ("issued_at", "desc")
    filter_columns = ("status", "fate", "issuer", "register", "year")
    searched = (OfficialDocument.subject, OfficialDocument.symbol)
    choices = {
        "status": lambda: [(key, str(words)) for key, words in STATUSES.items()],
        "fate": lambda: [(key, str(words)) for key, words in FATES.items()],
    }
    tones = {"status": STATUS_TONES, "fate": FATE_TONES}
    label_columns = {
        "number": _l("Number and symbol"),
        "subject": _l("Subject of the document"),
        "issuer": _l("Issuer"),
        "issued_on": _l("Date of issue"),
        "signer": _l("Signer"),
        "status": _l("State"),
        "fate": _l("What became of it"),
        "pages": _l("Pages"),
        "content_sha256": _l("SHA-256 of the content"),
        "file": _l("SHA-256 of the PDF"),
        "register": _l("Book"),
        "year": _l("Year"),
    }

    def shown(self, row: OfficialDocument, column: str) -> Any:
        """The number with its symbol."""
        return str(row) if column == "number" else super().shown(row, column)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One document: its numbers and hashes, and how far its PDF is."""
        item = self.item_or_404(pk)
        return self.page(
            self.show_template,
            title=str(item),
            item=item,
            failure=failure(item.error),
            subject_page=PAGES.get(item.subject_kind),
            answers=[each for asked in ANSWERS.values() for each in asked(item.id)],
            lines=lines_of(current_session(), current_actor(), item.id),
            deeds=[each for offered in DEEDS.values() for each in offered(item)],
            may_link=may_link(current_actor(), item),
        )

    @expose("/<pk>/pdf", methods=["GET"])
    @has_access
    def pdf(self, pk: str) -> Response:
        """The PDF, shown in the browser; there is none for whom the document does not exist."""
        item = self.item_or_404(pk)
        if item.file is None:
            abort(404)
        path = current_app.extensions["trinh"]["files"].path(item.file.sha256)
        response = send_file(path, mimetype=item.file.media_type, download_name=item.file.name)
        response.headers["Cache-Control"] = "no-store"
        return response

    @expose("/<pk>/render-again", methods=["POST"])
    @has_access
    def render_again(self, pk: str) -> Response:
        """Let an operator repeat a rendering that was given up."""
        item = self.item_or_404(pk)
        service.render_again(current_session(), current_actor(), item)
        current_session().commit()
        flash(gettext("The PDF of %(name)s is being made again.", name=str(item)), "success")
        return redirect(url_for("DocumentView.show", pk=item.id))


def register(portal: Any) -> None:
    """Give the portal the room's screens.

    Args:
        portal: the Flask-AppBuilder object.
    """
    portal.add_view(DocumentView, "Documents", label=_l("Issued documents"))
