"""What every screen of signing does: read what is asked, prove who asks, check that he may, tell what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import current_app, request, url_for
from flask_babel import gettext

from portal import proof
from portal.data import current_actor, current_session
from portal.db import reading
from portal.documents.wiring import documents
from portal.idempotency import Answer
from portal.signatures import page, service
from portal.views import row_or_404
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.documents.models import OfficialDocument
    from portal.signatures.pades import Signed
    from portal.signatures.service import Signing
    from portal.signatures.stamps import Stamp

OWN_FAULT = frozenset({"wrong_pin", "token_locked"})
"""Refusals after which the attempt counts against the PIN."""


def item_or_404(pk: str) -> Any:
    """A document that the reader may see; whether he signs it, the verbs ask."""
    return row_or_404(documents(), pk)


def asked_about(item: OfficialDocument) -> service.Asked:
    """What the form asks to sign."""
    slot, certificate = (request.form.get(name, 0, int) for name in ("slot", "certificate"))
    return service.Asked(item.id, slot, certificate, request.form.get("seen", ""))


def store() -> Any:
    """Where files are kept."""
    return current_app.extensions["trinh"]["files"]


def prove() -> None:
    """Prove oneself by what was typed beside the signature.

    Raises:
        Refusal: as `proof.require`.
    """
    proof.require(request.form.get("password", ""), request.form.get("one_time_code", ""))


def checked(asked: service.Asked) -> tuple[Signing, Stamp]:
    """See that the reader may sign, without holding anything up meanwhile.

    Raises:
        Refusal: as `service.check` and `service.stamp_of`.
    """
    session, actor = current_session(), current_actor()
    with reading(session):
        signing = service.check(session, actor, store(), page.keyring(), asked)
        return signing, service.stamp_of(session, actor, signing)


def signed(signing: Signing, stamp: Stamp, pin: str) -> Signed:
    """The file, signed; a wrong PIN is counted, and after some of them each further one has to wait."""
    tries = proof.begin_pin(signing.key.sha256)
    try:
        made = service.sign_here(page.keyring(), signing, stamp, pin)
    except Refusal as refused:
        if refused.code not in OWN_FAULT:
            proof.forgive_pin(tries)
            current_session().commit()
        raise
    proof.forgive_pin(tries)
    return made


def done(document: OfficialDocument) -> Answer:
    """What whoever signed is told, on the page of the document."""
    words = {
        "awaiting_signature": gettext("Signed. The document waits for the other signature now."),
        "awaiting_seal": gettext("Signed. The registrar puts on the seal now."),
        "released": gettext("Sealed. The document is released."),
    }[document.status]
    place = url_for("DocumentView.show", pk=document.id)
    return Answer("official_document", document.id, words=words, location=place)
