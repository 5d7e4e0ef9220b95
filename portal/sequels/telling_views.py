"""The page on which a registrar tells units of a recall: one that a letter said, or one that a unit was not told of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext, ngettext

from portal import once
from portal.data import current_actor, current_session
from portal.documents.wiring import documents
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.security import today
from portal.sequels import recalling
from portal.sequels.forms import TellForm
from portal.sequels.words import HOW
from portal.units import service as units
from portal.views import PortalView, row_or_404

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.documents.models import OfficialDocument
    from workflows.errors import WorkflowError


class RecallTellingView(PortalView):
    """Telling units of the recall of a document of the registrar's unit."""

    route_base = "/recalls"
    default_view = "tell"
    class_permission_name = "RegisterView"

    @expose("/of-document/<pk>/tell", methods=["GET", "POST"])
    @has_access
    @permission_name("keep")
    def tell(self, pk: str) -> Response | str | tuple[str, int]:
        """Choose whom to tell, and see who has answered."""
        item, form = row_or_404(documents(), pk), TellForm(request.form)
        if request.method != "POST":
            return self._telling_page(item, form)

        def deed() -> Answer:
            told = recalling.tell(current_session(), current_actor(), row_or_404(documents(), pk), form.keys())
            words = ngettext(
                "%(num)s unit is told and asked to answer.", "%(num)s units are told and asked to answer.", len(told)
            )
            return Answer("official_document", item.id, words=str(words), location=address_of(item.id))

        return once.page_of(deed, lambda refused: self._telling_page(row_or_404(documents(), pk), form, refused))

    def _telling_page(self, item: OfficialDocument, form: TellForm, refused: WorkflowError | None = None) -> str:
        session = current_session()
        notices = recalling.notices_of(session, item.id)
        may_tell = recalling.may_tell(current_actor(), item)
        if may_tell:
            told = {item.issuer_id, *(each.unit_id for each in notices)}
            form.offer(units.living(session, today()), told)
            if request.method != "POST":
                named = recalling.named_recipients(session, item, today())
                form.units.data = [str(each.id) for each in named if each.id not in told]
        context: dict[str, Any] = {"notices": notices, "may_tell": may_tell, "answers": HOW}
        return self.page(
            "sequels/tell.html",
            title=gettext("Tell units of the recall of %(document)s", document=str(item)),
            item=item,
            form=form,
            problem=sentence(refused) if refused else "",
            **context,
        )


def offered(document: Any) -> list[tuple[str, str]]:
    """What the page of a document offers its registrar once it is recalled: words and address.

    Args:
        document: an issued one.
    """
    if not recalling.may_tell(current_actor(), document):
        return []
    return [(str(gettext("Tell units of the recall")), address_of(document.id))]


def address_of(document_id: int) -> str:
    """Where units are told of the recall of a document."""
    return url_for("RecallTellingView.tell", pk=document_id)


def register(portal: Any) -> None:
    """Give the portal this page."""
    portal.add_view_no_menu(RecallTellingView)
