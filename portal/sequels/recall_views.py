"""The screens of recalls: the decision of the issuer, whom it was told to, and what each of them answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from portal import once, proof
from portal.data import current_actor, current_session
from portal.documents.register_forms import Asked
from portal.documents.wiring import documents
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.security import today
from portal.sequels import recalling
from portal.sequels.forms import TellForm
from portal.sequels.wiring import notices
from portal.sequels.words import HOW, HOW_TONES
from portal.units import service as units
from portal.views import PortalListView, PortalView, row_or_404

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.documents.models import OfficialDocument
    from portal.sequels.models import RecallNotice
    from workflows.errors import WorkflowError


class RecallForm(TellForm):
    """Why a document is recalled, and whom it is told to."""

    reason = TextAreaField(
        _l("Why it is recalled"), [Asked()], description=_l("Those who are told read it."), render_kw={"rows": 3}
    )


class RecallView(PortalView):
    """The recall of one document: decided by the head or a deputy of its issuer, who proves anew who he is."""

    route_base = "/recalls"
    default_view = "recall"
    class_permission_name = "DecisionView"

    @expose("/of-document/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("decide")
    def recall(self, pk: str) -> Response | str | tuple[str, int]:
        """Decide the recall, and see who has answered."""
        item, form = row_or_404(documents(), pk), RecallForm(request.form)
        if request.method != "POST":
            return self._recall_page(item, form)

        def deed() -> Answer:
            recalling.refuse_others(current_actor(), item)
            proof.require(request.form.get("password", ""))
            told: dict[str, Any] = {"reason": form.reason.data or "", "unit_ids": form.keys()}
            link = recalling.recall(current_session(), current_actor(), row_or_404(documents(), pk), **told)
            words = str(gettext("The document is recalled. Those who got it are asked to answer."))
            return Answer("document_link", link.id, words=words, location=url_for("DocumentView.show", pk=item.id))

        return once.page_of(deed, lambda refused: self._recall_page(row_or_404(documents(), pk), form, refused))

    def _recall_page(self, item: OfficialDocument, form: RecallForm, refused: WorkflowError | None = None) -> str:
        session, actor = current_session(), current_actor()
        may_recall = recalling.may_recall(actor, item)
        if may_recall:
            form.offer(units.living(session, today()), {item.issuer_id})
            if request.method != "POST":
                form.units.data = [str(each.id) for each in recalling.named_recipients(session, item, today())]
        return self.page(
            "sequels/recall.html",
            title=gettext("Recall %(document)s", document=str(item)),
            item=item,
            form=form,
            problem=sentence(refused) if refused else "",
            may_recall=may_recall,
            notices=recalling.notices_of(session, item.id),
            answers=HOW,
        )


class RecallNoticeView(PortalListView):
    """Recalls that units were told of: theirs to answer, or of documents that they issued."""

    route_base = "/recalls"
    class_permission_name = "IncomingView"
    datamodel = notices()
    list_title, show_title = _l("Recalled documents"), _l("Recalled document")
    about = _l("Whoever got a recalled document cancels or returns it, and tells its issuer here.")
    show_template = "sequels/notice.html"
    list_columns = ["link", "unit", "how", "said_at"]
    list_reads = ("link.earlier",)
    show_columns = ["link"]
    order_columns = ["said_at"]
    base_order = ("id", "desc")
    filter_columns = ("how", "unit")
    choices = {"how": lambda: [(key, str(words)) for key, words in HOW.items()]}
    tones = {"how": HOW_TONES}
    label_columns = {
        "link": _l("Recalled document"),
        "unit": _l("Unit that got it"),
        "how": _l("Answer of the unit"),
        "said_at": _l("Answered at"),
    }

    def shown(self, row: RecallNotice, column: str) -> Any:
        """The number of the document that is recalled."""
        return str(row.link.earlier) if column == "link" else super().shown(row, column)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One notice: which document, why, and the answer."""
        return self._notice_page(self.item_or_404(pk))

    @expose("/<pk>/acknowledge", methods=["POST"])
    @has_access
    @permission_name("handle")
    def acknowledge(self, pk: str) -> Response | tuple[str, int]:
        """Say for one's unit what became of the document."""
        key = self.item_or_404(pk).id

        def deed() -> Answer:
            recalling.acknowledge(current_session(), current_actor(), key, request.form.get("how", ""))
            words = str(gettext("The issuer sees your answer."))
            return Answer("recall_notice", key, words=words, location=url_for("RecallNoticeView.show", pk=key))

        return once.page_of(deed, lambda refused: self._notice_page(self.item_or_404(pk), refused))

    def _notice_page(self, item: RecallNotice, refused: WorkflowError | None = None) -> str:
        line = item.link.earlier
        return self.page(
            self.show_template,
            title=gettext("Recall of %(document)s", document=str(line)),
            item=item,
            line=line,
            issuer=line.register.unit,
            problem=sentence(refused) if refused else "",
            answers=HOW,
            may_answer=item.how is None and recalling.may_acknowledge(current_actor(), item),
        )


def offered(document: Any) -> list[tuple[str, str]]:
    """What the page of a document offers whoever may recall it, or decides in its issuer: words and address.

    Args:
        document: an issued one.
    """
    actor = current_actor()
    if not actor.may("can_decide", "DecisionView"):
        return []
    place = url_for("RecallView.recall", pk=document.id)
    if recalling.may_recall(actor, document):
        return [(str(gettext("Recall the document")), place)]
    return [(str(gettext("Who has answered the recall")), place)] if document.fate == "recalled" else []


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(RecallView)
    portal.add_view(RecallNoticeView, "Recalled documents", label=_l("Recalled documents"))
