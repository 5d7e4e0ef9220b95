"""Signing with the program of the Government's authority at the signer's own computer: it fetches the file by itself.

The page speaks to it over a WebSocket; the program has no session here, so a token in the address lets it in, once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, current_app, jsonify, request, send_file, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_appbuilder.security.sqla.models import User

from portal.data import current_actor, current_session
from portal.db import reading
from portal.documents.models import OfficialDocument
from portal.files import StoredFile
from portal.refusals import sentence, status_of
from portal.security import build_actor, today
from portal.signatures import deferred, page, plugin, service
from portal.signatures.desk import asked_about, item_or_404, prove, store
from portal.signatures.models import RETURNED
from portal.views import PortalView
from workflows.errors import Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.signatures.models import SigningRequest


class PluginView(PortalView):
    """What the page asks first, and the two addresses that the signing program calls."""

    route_base = "/signing"
    default_view = "begin"
    class_permission_name = "SigningView"

    @expose("/<pk>/plugin", methods=["POST"])
    @has_access
    @permission_name("sign")
    def begin(self, pk: str) -> Response | tuple[Response, int]:
        """What the page is to tell the signing program."""
        if not current_app.extensions["trinh"]["settings"].signing_plugin:
            abort(404)
        item = item_or_404(pk)
        asked, session, actor = asked_about(item), current_session(), current_actor()
        try:
            with reading(session):
                signing = service.check(session, actor, store(), page.keyring(), asked)
            prove()
            token = deferred.begin_plugin(session, actor, signing)
            session.commit()
        except Refusal as refused:
            session.rollback()
            return jsonify(message=sentence(refused)), status_of(refused)
        return jsonify(_question(session.get_one(OfficialDocument, asked.document_id), signing, token))

    @expose("/plugin/<token>/file", methods=["GET"])
    def file(self, token: str) -> Response:
        """The file that is to be signed, for whoever has the token."""
        row = _row_or_404(token)
        file = current_session().get_one(StoredFile, row.file_id)
        answer = send_file(store().path(file.sha256), "application/pdf", download_name=file.name)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @expose("/plugin/<token>", methods=["POST"])
    def hand_in(self, token: str) -> Response | tuple[Response, int]:
        """Take the signed file; who signs was proved when the token was given."""
        row, given = _row_or_404(token), next(iter(request.files.values()), None)
        content = given.read() if given is not None else b""
        try:
            return jsonify(Status=True, Message="", FileServer=_taken(row, content))
        except Refusal as refused:
            current_session().rollback()
            return jsonify(Status=False, Message=sentence(refused), FileServer=""), status_of(refused)


def _question(document: OfficialDocument, signing: service.Signing, token: str) -> dict[str, Any]:
    """What the page hands on; the registrar's call names number and date as well."""
    issued: dict[str, Any] = {"number": str(document), "issued": document.issued_on} if signing.is_seal else {}
    question = plugin.question(
        upload_to=url_for("PluginView.hand_in", token=token, _external=True),
        session=str(document.id),
        file_name=url_for("PluginView.file", token=token, _external=True),
        token=token,
        **issued,
    )
    return {
        "verb": plugin.Verb.ISSUED if signing.is_seal else plugin.Verb.APPROVED,
        "question": question,
        "then": url_for("DocumentView.show", pk=document.id),
    }


def _taken(row: SigningRequest, content: bytes) -> str:
    """Keep what was handed in as the signature of whoever began it, as he may sign now."""
    session, key = current_session(), row.id
    with reading(session):
        actor = build_actor(session, session.get_one(User, row.user_id), today())
        file = session.get_one(StoredFile, row.file_id)
        asked = deferred.asked_of(row, file.sha256)
        signing = service.check(session, actor, store(), page.keyring(), asked)
    signed = deferred.take_back(signing, content)
    kept = deferred.complete(session, actor, store(), key, signing, signed=signed, way=RETURNED)
    session.commit()
    return str(kept.file.name)


def _row_or_404(token: str) -> SigningRequest:
    try:
        return deferred.by_token(current_session(), token)
    except Refusal:
        abort(404)


def register(portal: Any) -> None:
    """Give the portal these routes."""
    portal.add_view_no_menu(PluginView)
