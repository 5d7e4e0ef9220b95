"""The routes of trial prints: ask for one, see how far it is, look at a page of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import once
from portal.data import current_actor, current_session
from portal.definitions import service as definitions
from portal.definitions.drafting import WRITE
from portal.definitions.pages import DefinitionPages, name_of
from portal.documents import trials
from portal.documents.preview import trial_values
from portal.idempotency import Answer
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

    from portal.definitions.models import Definition


class TrialPrintView(DefinitionPages):
    """Templates printed with made-up data; whoever may read a template may have it printed."""

    route_base = "/definitions"
    default_view = "show"

    @expose("/document/<key>/<int:number>/sample", methods=["POST"])
    @has_access
    @permission_name("show")
    def ask(self, key: str, number: int) -> AnyResponse:
        """Have a version, or the draft under number 0, printed; one that was printed already is not printed again."""
        template = _template(key, number)

        def deed() -> Answer:
            trial = trials.ask(current_session(), template)
            return Answer("trial_print", trial.id, location=_page_of(template))

        return once.page_after(once.carry_out(deed))

    @expose("/document/<key>/<int:number>/sample", methods=["GET"])
    @has_access
    @permission_name("show")
    def show(self, key: str, number: int) -> str:
        """A page of its own for the trial print, as far as it is."""
        template = _template(key, number)
        values = trial_values(key, trials.found(current_session(), template.body))
        title = gettext("Sample: %(name)s", name=name_of(template))
        return self.page("documents/trial_page.html", title=title, shown=template, values=values)

    @expose("/document/<key>/<int:number>/sample/<int:page>", methods=["GET"])
    @has_access
    @permission_name("show")
    def picture(self, key: str, number: int, page: int) -> Response:
        """A page of the trial print as a picture."""
        try:
            found = trials.page_of(trials.found(current_session(), _template(key, number).body), page)
        except Refusal:
            abort(404)
        answer = Response(found.jpeg, mimetype="image/jpeg")
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer


def _template(key: str, number: int) -> Definition:
    try:
        return definitions.version(current_session(), "document", key, number)
    except Refusal:
        abort(404)


def _page_of(template: Definition) -> str:
    """The page on which its trial print is shown to whoever asked."""
    place: dict[str, Any] = {"key": template.key, "number": template.version}
    if not template.is_draft:
        return url_for("DefinitionView.version", kind="document", **place, _anchor="preview")
    if current_actor().may(*WRITE):
        page = "DesignView.design" if request.form.get("from") == "design" else "DraftView.draft"
        return url_for(page, kind="document", key=template.key, _anchor="preview")
    return url_for("TrialPrintView.show", **place)


def register(portal: Any) -> None:
    """Give the portal these routes."""
    portal.add_view_no_menu(TrialPrintView)
