"""The screens of copies on paper: the list, the page of each, its file, and what is noted when it is signed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from flask import abort, current_app, request, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from portal import once
from portal.data import current_actor, current_session
from portal.documents.keeping import may_keep
from portal.documents.register_forms import day_of
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.security import today
from portal.sequels import rules, service
from portal.sequels.forms import SignedForm
from portal.sequels.models import CertifiedCopy
from portal.sequels.wiring import copies
from portal.sequels.words import FORMS, STATE_TONES, STATES, why_failed
from portal.views import PortalListView

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from workflows.errors import WorkflowError


class CopyView(PortalListView):
    """Copies, extracts and copies of copies on paper, of the units whose registers the reader may see."""

    route_base = "/copies"
    class_permission_name = "RegisterView"
    datamodel = copies()
    list_title, show_title = _l("Certified copies"), _l("Certified copy")
    about = _l(
        "Copies on paper, numbered in one series a year. Begin one on the page of an issued document or of an arrival."
    )
    show_template = "sequels/copy.html"
    list_columns = ["number", "form", "title", "unit", "dated_on", "signer", "state"]
    list_reads = ("entry",)
    show_columns = ["number"]
    order_columns = ["number", "dated_on"]
    base_order = ("id", "desc")
    filter_columns = ("form", "unit")
    searched = (CertifiedCopy.title, CertifiedCopy.symbol)
    choices = {
        "form": lambda: [(key, str(words)) for key, words in FORMS.items()],
        "state": lambda: [(key, str(words)) for key, words in STATES.items()],
    }
    tones = {"state": STATE_TONES}
    label_columns = {
        "number": _l("Number and symbol"),
        "form": _l("Form of the copy"),
        "title": _l("What is copied"),
        "unit": _l("Unit that copies"),
        "dated_on": _l("Date of the copy"),
        "signer": _l("Signer"),
        "state": _l("State"),
    }

    def shown(self, row: CertifiedCopy, column: str) -> Any:
        """The number with its symbol."""
        return str(row) if column == "number" else super().shown(row, column)

    @expose("/show/<pk>", methods=["GET"])
    @has_access
    def show(self, pk: str) -> str:
        """One copy: what it is of, how far it is, and what is noted when it is signed."""
        return self._copy_page(self.item_or_404(pk))

    @expose("/<pk>/pdf", methods=["GET"])
    @has_access
    @permission_name("show")
    def pdf(self, pk: str) -> Response:
        """The file, to be printed on paper; there is none for whom the copy does not exist."""
        item = self.item_or_404(pk)
        if item.file is None:
            abort(404)
        path = current_app.extensions["trinh"]["files"].path(item.file.sha256)
        response = send_file(path, mimetype=item.file.media_type, download_name=item.file.name)
        response.headers["Cache-Control"] = "no-store"
        return response

    @expose("/<pk>/signed", methods=["POST"])
    @has_access
    @permission_name("keep")
    def signed(self, pk: str) -> Response | tuple[str, int]:
        """Note that a copy was signed by hand, stamped and handed over."""
        form = SignedForm(request.form, prefix="signed-")

        def verb(key: int) -> object:
            told: dict[str, Any] = {"version": request.form.get("version", -1, int), "on": today()}
            handed = form.handed(day_of(form.sent_on))
            session, actor = current_session(), current_actor()
            return service.note_signed(session, actor, key, day_of(form.signed_on), handed, **told)

        return self._do(pk, verb, gettext("The copy stands in the register."), form)

    @expose("/<pk>/print-again", methods=["POST"])
    @has_access
    @permission_name("keep")
    def print_again(self, pk: str) -> Response | tuple[str, int]:
        """Make the file of a copy once more."""

        def verb(key: int) -> object:
            return service.print_again(current_session(), current_actor(), key)

        return self._do(pk, verb, gettext("The file is being made again."))

    def _do(
        self, pk: str, verb: Callable[[int], object], done: str, form: SignedForm | None = None
    ) -> Response | tuple[str, int]:
        """Run a verb once and commit it; what is refused leaves the page with what was typed."""
        key = self.item_or_404(pk).id

        def deed() -> Answer:
            verb(key)
            return Answer("certified_copy", key, words=done, location=url_for("CopyView.show", pk=key))

        return once.page_of(deed, lambda refused: self._copy_page(self.item_or_404(pk), refused, form))

    def _copy_page(
        self, item: CertifiedCopy, refused: WorkflowError | None = None, form: SignedForm | None = None
    ) -> str:
        known = SimpleNamespace(signed_on=item.dated_on, copies=1)
        return self.page(
            self.show_template,
            title=gettext("Copy %(number)s", number=str(item)),
            item=item,
            problem=sentence(refused) if refused else "",
            why=why_failed(item),
            keeps=may_keep(current_actor(), item.unit_id),
            is_open=item.state in {rules.READY, rules.FAILED},
            form=form or SignedForm(obj=known, prefix="signed-"),
        )


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view(CopyView, "Certified copies", label=_l("Certified copies"))
