"""The routes of files attached to a submission: the file itself to download, and its preview page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, current_app, send_file
from flask_appbuilder import expose, has_access, permission_name

from portal.data import current_actor, current_session
from portal.submissions import attachments
from portal.views import PortalListView
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.files import StoredFile
    from portal.submissions.models import SubmissionFile


class FileView(PortalListView):
    """What the screens of submissions say of attached files; whoever may open one may preview it."""

    @expose("/file/<pk>/<int:link_id>", methods=["GET"])
    @has_access
    def file(self, pk: str, link_id: int) -> Response:
        """An attached file, offered for download; a file of another submission does not exist here."""
        file = self._link_or_404(pk, link_id).file
        response = _sent(file, as_attachment=True)
        response.headers["Content-Security-Policy"] = "sandbox"
        return response

    @expose("/preview/<pk>/<int:link_id>/<int:page>", methods=["GET"])
    @has_access
    @permission_name("file")
    def preview(self, pk: str, link_id: int, page: int) -> Response:
        """A page of an attached file as a picture that the portal drew; never the file's own bytes."""
        link = self._link_or_404(pk, link_id)
        try:
            picture = attachments.page_of(link, page).file
        except Refusal:
            abort(404)
        response = _sent(picture, as_attachment=False)
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response

    def _link_or_404(self, pk: str, link_id: int) -> SubmissionFile:
        submission = self.item_or_404(pk)
        try:
            return attachments.find(current_session(), current_actor(), submission, link_id)
        except Refusal:
            abort(404)


def _sent(file: StoredFile, *, as_attachment: bool) -> Response:
    path = current_app.extensions["trinh"]["files"].path(file.sha256)
    return send_file(path, mimetype=file.media_type, as_attachment=as_attachment, download_name=file.name)
