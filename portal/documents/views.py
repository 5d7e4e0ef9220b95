"""The screens of issued documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, flash, redirect, request, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import jobs, once
from portal.data import current_actor, current_session
from portal.documents import remaking, service
from portal.documents.link_words import FATE_TONES, FATES, lines_of
from portal.documents.linking import line_of, may_link
from portal.documents.models import FAILED, RENDERING, SENT_BACK, OfficialDocument
from portal.documents.printing_words import explanation, progress
from portal.documents.register_forms import MakeAnewForm
from portal.documents.remaking import Seen
from portal.documents.retention_words import RETENTION_TONES, RETENTIONS, kept_words
from portal.documents.wiring import ANSWERS, BESIDE, DEEDS, PAGES, documents
from portal.documents.words import STATUS_TONES, STATUSES
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.views import PortalListView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.documents.printing_words import Explanation
    from workflows.errors import WorkflowError


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
    filter_columns = ("status", "fate", "retention", "issuer", "register", "year")
    searched = (OfficialDocument.subject, OfficialDocument.symbol)
    choices = {
        "status": lambda: [(key, str(words)) for key, words in STATUSES.items()],
        "fate": lambda: [(key, str(words)) for key, words in FATES.items()],
        "retention": lambda: [(key, str(words)) for key, words in RETENTIONS.items()],
    }
    tones = {"status": STATUS_TONES, "fate": FATE_TONES, "retention": RETENTION_TONES}
    label_columns = {
        "number": _l("Number and symbol"),
        "subject": _l("Subject of the document"),
        "issuer": _l("Issuer"),
        "issued_on": _l("Date of issue"),
        "signer": _l("Signer"),
        "status": _l("State"),
        "fate": _l("What became of it"),
        "retention": _l("How long it is kept"),
        "pages": _l("Pages"),
        "content_sha256": _l("SHA-256 of the content"),
        "file": _l("SHA-256 of the PDF"),
        "released_at": _l("Released"),
        "register": _l("Book"),
        "year": _l("Year"),
    }

    def shown(self, row: OfficialDocument, column: str) -> Any:
        """The number with its symbol."""
        return str(row) if column == "number" else super().shown(row, column)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One document: its numbers and hashes, how far its PDF is, and where a fault of it stands."""
        return self._document_page(self.item_or_404(pk))

    def _document_page(self, item: OfficialDocument, refused: WorkflowError | None = None) -> str:
        actor = current_actor()
        operates = actor.may("can_render_again", "DocumentView")
        versions = remaking.later_versions(current_session(), item) if operates else []
        return self.page(
            self.show_template,
            title=str(item),
            item=item,
            problem=sentence(refused) if refused else "",
            said=_progress(item),
            kept=kept_words(item),
            gone=line_of(current_session(), item.id) if item.status == SENT_BACK else None,
            fault=_fault(item, mends=operates or actor.may("can_draft", "DefinitionView")),
            operates=operates,
            anew=MakeAnewForm.of(request.form, versions),
            subject_page=PAGES.get(item.subject_kind),
            answers=[each for asked in ANSWERS.values() for each in asked(item.id)],
            **{name: part(item) for name, part in BESIDE.items()},
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

    @expose("/<pk>/make-anew", methods=["POST"])
    @has_access
    @permission_name("render_again")
    def make_anew(self, pk: str) -> Response | tuple[str, int]:
        """Let an operator have a document that nobody signed printed on a later version of its template."""
        item = self.item_or_404(pk)
        seen = Seen(request.form.get("status", ""), request.form.get("template_version", -1, int))
        version, reason = request.form.get("anew-version", None, int), request.form.get("anew-reason", "")

        def deed() -> Answer:
            remaking.make_anew(current_session(), current_actor(), item, version, reason=reason, seen=seen)
            done = gettext(
                "The PDF of %(name)s is being made with version %(version)s.", name=str(item), version=version
            )
            place = url_for("DocumentView.show", pk=item.id)
            return Answer("official_document", item.id, words=done, location=place)

        return once.page_of(deed, lambda refused: self._document_page(self.item_or_404(pk), refused))


def _progress(item: OfficialDocument) -> str:
    """How far its PDF is; empty unless it is being made."""
    if item.status != RENDERING:
        return ""
    return progress(jobs.standing(current_session(), service.RENDER, document_id=item.id))


def _fault(item: OfficialDocument, *, mends: bool) -> Explanation | None:
    """Why it has no PDF; None unless it could not be made."""
    return explanation(item, mends=mends) if item.status == FAILED else None


def register(portal: Any) -> None:
    """Give the portal the room's screens.

    Args:
        portal: the Flask-AppBuilder object.
    """
    portal.add_view(DocumentView, "Documents", label=_l("Issued documents"))
