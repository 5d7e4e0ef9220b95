"""The page on which a registrar says what follows a document: looks for it, and says what it does and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Form, RadioField, TextAreaField

from portal import once
from portal.data import current_actor, current_session, read_key
from portal.documents import linking
from portal.documents.link_words import CHOICES, FATES, lines_of
from portal.documents.register_forms import Asked
from portal.documents.wiring import AFTER_LINK, documents
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.views import PortalView, row_or_404

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.documents.models import OfficialDocument
    from workflows.errors import WorkflowError


class LinkForm(Form):
    """What the other document does to this one, and why."""

    kind = RadioField(_l("What does it do?"), [Asked()], choices=lambda: list(CHOICES.items()), validate_choice=False)
    reason = TextAreaField(
        _l("What was wrong, or why"), [Asked()], description=_l("It is kept with the link."), render_kw={"rows": 2}
    )


class DocumentLinkView(PortalView):
    """What follows a document; a link is never taken back."""

    route_base = "/documents"
    default_view = "links"
    class_permission_name = "RegisterView"

    @expose("/<pk>/links", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def links(self, pk: str) -> Response | str | tuple[str, int]:
        """Look for what follows a document, and link it."""
        item, form = row_or_404(documents(), pk), LinkForm(request.form)
        if request.method != "POST":
            return self._links_page(item, form)

        def deed() -> Answer:
            later = read_key(request.form.get("later", ""))
            told: dict[str, Any] = {"reason": form.reason.data or ""}
            session, actor = current_session(), current_actor()
            link = linking.follow_by_hand(session, actor, form.kind.data or "", later, item, **told)
            place = AFTER_LINK.get(link.kind, _page_of)(item.id)
            return Answer("document_link", link.id, words=str(gettext("The documents are linked.")), location=place)

        return once.page_of(deed, lambda refused: self._links_page(row_or_404(documents(), pk), form, refused))

    def _links_page(self, item: OfficialDocument, form: LinkForm, refused: WorkflowError | None = None) -> str:
        session, actor = current_session(), current_actor()
        sought = request.values.get("sought", "").strip()
        may_link = linking.may_link(actor, item)
        return self.page(
            "documents/links.html",
            title=gettext("What follows %(document)s", document=str(item)),
            item=item,
            form=form,
            problem=sentence(refused) if refused else "",
            lines=lines_of(session, actor, item.id),
            may_link=may_link,
            fate=str(FATES[item.fate]) if item.fate else "",
            sought=sought,
            found=linking.possible_later(session, actor, item, sought) if sought and may_link else (),
        )


def _page_of(document_id: int) -> str:
    return url_for("DocumentView.show", pk=document_id)


def register(portal: Any) -> None:
    """Give the portal this page."""
    portal.add_view_no_menu(DocumentLinkView)
