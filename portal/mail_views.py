"""The page on which an administrator sees how mail goes out, tries it, and finds what did not arrive."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose, has_access
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import audit
from portal.data import current_actor, current_session
from portal.jobs import FAILED, Job
from portal.mail import Letter, MailError, send
from portal.texts import kept
from portal.views import PortalView

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

MOST_SHOWN = 20
MAIL_JOBS = ("mail_digest",)
"""The kinds of background work that send mail."""


class MailView(PortalView):
    """How mail goes out."""

    route_base = "/mail"
    default_view = "show"

    @expose("/", methods=["GET"])
    @has_access
    def show(self) -> str:
        """The settings in force, without the password, and what was given up."""
        return self._page()

    @expose("/try", methods=["POST"])
    @has_access
    def try_out(self) -> Response | tuple[str, int]:
        """Send a message at once, and say what the server says."""
        to = kept(request.form.get("to", ""))
        text = gettext("This is a test. If you read it, the portal can send mail.")
        letter = Letter(to, str(gettext("Trình: a test")), str(text), f"test-{secrets.token_hex(8)}")
        try:
            send(current_app.extensions["trinh"]["settings"], letter)
        except MailError as error:
            return self._page(to=to, problem=gettext("It was not sent. The server says: %(words)s", words=error)), 422
        audit.record(
            current_session(),
            actor=current_actor().username,
            action="mail_tried",
            kind="mail",
            key=0,
            details={"to": to},
        )
        current_session().commit()
        flash(gettext("It was sent to %(address)s. Look whether it arrives.", address=to), "success")
        return redirect(url_for("MailView.show"))

    def _page(self, *, to: str = "", problem: str = "") -> str:
        given_up = select(Job).where(Job.kind.in_(MAIL_JOBS), Job.status == FAILED).order_by(Job.id.desc())
        return self.page(
            "admin/mail.html",
            title=gettext("Mail"),
            settings=current_app.extensions["trinh"]["settings"],
            to=to,
            problem=problem,
            failed=current_session().scalars(given_up.limit(MOST_SHOWN)).all(),
        )


def register(portal: Any) -> None:
    """Put the page in the menu."""
    portal.add_view(MailView, "Mail", label=_l("Mail"), category="Administration", category_label=_l("Administration"))
