"""The page on which somebody finds what he was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext

from portal.approvals import notices, service
from portal.approvals.notice_words import WORDS
from portal.approvals.wiring import subject_page
from portal.data import current_actor, current_session, read_key
from portal.views import PortalView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.wrappers import Response

    from portal.approvals.models import ApprovalCase, Notice

TONES: Mapping[str, str] = {
    "reminder": "bad",
    "wanted_back": "note",
    "returned": "note",
    "reopened": "note",
    "approved": "good",
    "rejected": "bad",
    "cancelled": "bad",
}
"""How the badge of a notice is coloured."""


class NoticeView(PortalView):
    """What one was told. Everybody has his own, and reads no other."""

    route_base = "/notices"
    default_view = "list"
    class_permission_name = "HomeView"
    method_permission_name = {"list": "index", "read": "index"}

    @expose("/", methods=["GET"])
    @has_access
    def list(self) -> str:
        """The newest notices, those that are unread marked."""
        session, actor = current_session(), current_actor()
        rows = [_row(*each) for each in notices.seen(session, actor, service.scope(actor))]
        return self.page(
            "approvals/notices.html",
            title=gettext("Notices"),
            rows=rows,
            unread=[row["key"] for row in rows if row["is_new"]],
        )

    @expose("/read", methods=["POST"])
    @has_access
    def read(self) -> Response:
        """Mark as read what was on the page."""
        keys = [key for text in request.form.getlist("notice")[: notices.MOST_SHOWN] if (key := read_key(text))]
        notices.mark_read(current_session(), current_actor(), keys)
        current_session().commit()
        return redirect(url_for("NoticeView.list"))


def _row(notice: Notice, case: ApprovalCase, settled: bool) -> dict[str, Any]:  # noqa: FBT001 - a column of a row
    return {
        "key": notice.id,
        "case": case,
        "url": subject_page(case),
        "words": str(WORDS[notice.kind]),
        "tone": TONES.get(notice.kind, "info"),
        "at": notice.at,
        "is_new": notice.read_at is None and not settled,
        "settled": settled,
    }


def register(portal: Any) -> None:
    """Give the portal this page."""
    portal.add_view_no_menu(NoticeView)
