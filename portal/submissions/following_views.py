"""The page on which a correction, a replacement or a new attempt of a document is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import Form, TextAreaField

from portal import once
from portal.data import current_actor, current_session
from portal.documents.register_forms import Asked
from portal.documents.wiring import documents
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.submissions import following
from portal.submissions.following_words import ABOUT, BEGINS, followers_of
from portal.submissions.moved_words import BECAUSE, reason_of
from portal.views import PortalView, row_or_404
from portal.words import label

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.documents.models import OfficialDocument
    from workflows.errors import WorkflowError


class FollowingForm(Form):
    """Why a document is followed by another one."""

    reason = TextAreaField(
        _l("What is wrong, or why"),
        [Asked()],
        description=_l("Reviewers read it, and it stays with both documents once the new one is issued."),
        render_kw={"rows": 3},
    )


class FollowingView(PortalView):
    """Beginning what corrects, replaces or redoes an issued document."""

    route_base = "/submissions"
    default_view = "begin"
    class_permission_name = "SubmissionView"

    @expose("/following/<pk>", methods=["GET", "POST"])
    @has_access
    @permission_name("new")
    def begin(self, pk: str) -> Response | str | tuple[str, int]:
        """Choose the form, say why, and begin the draft."""
        item = row_or_404(documents(), pk)
        if request.method != "POST":
            why = reason_of(item) if request.args.get("because") == BECAUSE else ""
            return self._beginning(item, FollowingForm(data={"reason": why}))
        form = FollowingForm(request.form)

        def deed() -> Answer:
            session, way, why = current_session(), request.form.get("way", ""), form.reason.data or ""
            draft = following.begin(session, current_actor(), row_or_404(documents(), pk), way, reason=why)
            words = str(gettext("The draft is begun. Read what the portal filled in, and change what is not right."))
            place = url_for("SubmissionView.show", pk=draft.id)
            return Answer("submission", draft.id, words=words, location=place)

        return once.page_of(deed, lambda refused: self._beginning(row_or_404(documents(), pk), form, refused))

    def _beginning(self, item: OfficialDocument, form: FollowingForm, refused: WorkflowError | None = None) -> str:
        session, actor = current_session(), current_actor()
        may_begin = following.unit_for(session, actor, item) is not None
        kinds = following.kinds_for(item) if may_begin else ()
        asked = request.values.get("kind", "")
        kind = asked if asked in kinds else next(iter(kinds), "")
        found = following.ways(session, item, [kind]) if kind else []
        context: dict[str, Any] = {
            "ways": [(each.key, label(each.name), each.is_own) for each in found],
            "chosen": request.form.get("way") or (found[0].key if found else ""),
            "followers": followers_of(item),
        }
        return self.page(
            "submissions/following.html",
            title=f"{BEGINS[kind]}: {item}" if kind else str(item),
            item=item,
            form=form,
            kind=kind,
            about=ABOUT.get(kind, ""),
            may_begin=may_begin,
            problem=sentence(refused) if refused else "",
            there=refused.params.get("submission_id") if refused else None,
            **context,
        )


def register(portal: Any) -> None:
    """Give the portal this page."""
    portal.add_view_no_menu(FollowingView)
