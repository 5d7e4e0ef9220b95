"""Signing with a key that the server does not have: a digest goes out, or the file goes out and comes back signed."""

from __future__ import annotations

import base64
import binascii
from io import BytesIO
from typing import TYPE_CHECKING, Any

from flask import abort, request, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal import once
from portal.data import current_actor, current_session
from portal.db import reading
from portal.idempotency import Answer
from portal.signatures import deferred, pades, page, service
from portal.signatures.desk import asked_about, done, item_or_404, prove, store
from portal.views import PortalView
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from portal.documents.models import OfficialDocument
    from workflows.errors import WorkflowError


class DeferredView(PortalView):
    """The two ways in which a signature comes from somewhere else."""

    route_base = "/signing"
    default_view = "begin"
    class_permission_name = "SigningView"

    @expose("/<pk>/begin", methods=["POST"])
    @has_access
    @permission_name("sign")
    def begin(self, pk: str) -> Response | tuple[str, int]:
        """Give out the digest of a document, to be signed with a token within a quarter of an hour."""
        item = item_or_404(pk)
        asked = asked_about(item)

        def deed() -> Answer:
            session, actor = current_session(), current_actor()
            with reading(session):
                signing = service.check(session, actor, store(), page.keyring(), asked)
            prove()
            row = deferred.begin(session, actor, page.keyring(), signing)
            place = url_for("SigningView.show", pk=asked.document_id, _anchor="token")
            return Answer("signing_request", row.id, location=place)

        return self._do(item, deed)

    @expose("/<pk>/attributes/<int:request_id>", methods=["GET"])
    @has_access
    @permission_name("sign")
    def attributes(self, pk: str, request_id: int) -> Response:
        """The signed attributes of a signature under way, for tools that hash by themselves."""
        item = item_or_404(pk)
        try:
            row = deferred.find(current_session(), current_actor(), item.id, request_id)
        except Refusal:
            abort(404)
        content = BytesIO(deferred.prepared_of(row).attributes)
        answer = send_file(content, "application/octet-stream", as_attachment=True, download_name=f"{item.id}.attrs")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @expose("/<pk>/complete", methods=["POST"])
    @has_access
    @permission_name("sign")
    def complete(self, pk: str) -> Response | tuple[str, int]:
        """Take the signature that a token made over the digest."""
        item, number = item_or_404(pk), request.form.get("request", 0, int)
        seen, signature = request.form.get("seen", ""), _signature()

        def deed() -> Answer:
            session, actor, ring = current_session(), current_actor(), page.keyring()
            with reading(session):
                row = deferred.find(session, actor, item.id, number)
                prepared, asked = deferred.prepared_of(row), deferred.asked_of(row, seen)
                signing = service.check(session, actor, store(), ring, asked)
            signed = pades.complete(prepared, _given(signature), ring.trust)
            kept = deferred.complete(session, actor, store(), number, signing, signed=signed)
            return done(kept.document)

        return self._do(item, deed)

    @expose("/<pk>/cancel", methods=["POST"])
    @has_access
    @permission_name("sign")
    def cancel(self, pk: str) -> Response | tuple[str, int]:
        """Give up a signature that was begun."""
        item, number = item_or_404(pk), request.form.get("request", 0, int)

        def deed() -> Answer:
            deferred.cancel(current_session(), current_actor(), item.id, number)
            place = url_for("SigningView.show", pk=item.id)
            words = gettext("The signature is given up. The document has not changed.")
            return Answer("signing_request", number, words=words, location=place)

        return self._do(item, deed)

    @expose("/<pk>/returned", methods=["POST"])
    @has_access
    @permission_name("sign")
    def returned(self, pk: str) -> Response | tuple[str, int]:
        """Take back the file that was signed elsewhere."""
        item = item_or_404(pk)
        asked, given = asked_about(item), request.files.get("signed")
        content = given.read() if given is not None and given.filename else b""

        def deed() -> Answer:
            session, actor = current_session(), current_actor()
            with reading(session):
                signing = service.check(session, actor, store(), page.keyring(), asked)
            prove()
            signed = deferred.take_back(signing, content)
            return done(deferred.kept_back(session, actor, store(), signing, signed).document)

        return self._do(item, deed)

    def _do(self, item: OfficialDocument, deed: Callable[[], Answer]) -> Response | tuple[str, int]:
        key = item.id

        def again(refused: WorkflowError) -> str:
            return self.page("signatures/sign.html", **page.signing_page(item_or_404(str(key)), refused))

        return once.page_of(deed, again)


def _signature() -> bytes:
    """The signature as it was sent: a file, or the text of one in Base64; what is neither is empty."""
    given = request.files.get("signature")
    if given is not None and given.filename:
        content: bytes = given.read(deferred.LARGEST_SIGNATURE + 1)
        return content
    try:
        return base64.b64decode("".join(request.form.get("signature_text", "").split()), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _given(signature: bytes) -> bytes:
    if not 0 < len(signature) <= deferred.LARGEST_SIGNATURE:
        raise Refusal("signature_unreadable")
    return signature


def register(portal: Any) -> None:
    """Give the portal these routes."""
    portal.add_view_no_menu(DeferredView)
