"""The page on which a document is signed, and what the page of the document says of its signatures."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import after_this_request, current_app, url_for
from flask_babel import gettext

from portal import proof
from portal.data import current_actor, current_session
from portal.documents.models import SENT_BACK
from portal.documents.words import STATUS_TONES, STATUSES
from portal.edge import POLICY
from portal.refusals import sentence
from portal.signatures import certificates, deferred, turns
from portal.signatures.certificates import Holder
from portal.signatures.models import OWN_PC
from portal.signatures.words import KEY_PLACES, PLACES, WAYS

if TYPE_CHECKING:
    from portal.documents.models import OfficialDocument
    from portal.signatures.keyring import Keyring
    from portal.signatures.models import SigningCertificate, SigningRequest
    from portal.signatures.turns import Turn
    from workflows.errors import WorkflowError

SIGN = ("can_sign", "SigningView")
"""The right to open the page; whose a signature is, each document says."""


@dataclass(frozen=True)
class Way:
    """A signature that the reader can give now, and with what.

    Attributes:
        turn: which signature.
        on_server: certificates whose key the portal has.
        on_pc: those whose key is at his own computer.
        request: what he has begun with one of those; None where nothing is under way.
    """

    turn: Turn
    on_server: list[SigningCertificate]
    on_pc: list[SigningCertificate]
    request: SigningRequest | None

    @property
    def every(self) -> list[SigningCertificate]:
        """All of them: a file can be signed elsewhere with any."""
        return [*self.on_server, *self.on_pc]


def keyring() -> Keyring:
    """Where this portal has keys."""
    ring: Keyring = current_app.extensions["trinh"]["keyring"]
    return ring


def signing_page(item: OfficialDocument, refused: WorkflowError | None = None) -> dict[str, Any]:
    """What the page is made of.

    Args:
        item: the document.
        refused: what was refused, if anything was.
    """
    found, program = turns.turns_of(current_session(), current_actor(), item), _speak_to_program()
    return {
        "program": program,
        "title": gettext("Sign %(number)s", number=str(item)),
        "item": item,
        "problem": sentence(refused) if refused else "",
        "state": (STATUSES[item.status], STATUS_TONES[item.status]),
        "turns": found,
        "places": PLACES,
        "given_ways": WAYS,
        "ways": [_way(item, each) for each in found if each.is_open],
        "key_places": KEY_PLACES,
        "wants_code": proof.wants_code(),
        "as_base64": lambda digest: base64.b64encode(bytes.fromhex(digest)).decode(),
    }


def _speak_to_program() -> str:
    """Let this page, and none besides, speak to the signing program at its reader's computer, if the operator names it.

    Returns:
        its address; empty where there is none.
    """
    address: str = current_app.extensions["trinh"]["settings"].signing_plugin
    if address:

        @after_this_request
        def allow(answer: Any) -> Any:
            answer.headers["Content-Security-Policy"] = POLICY.replace(
                "connect-src 'self'", f"connect-src 'self' {address}"
            )
            return answer

    return address


def _way(item: OfficialDocument, turn: Turn) -> Way:
    session, actor, slot = current_session(), current_actor(), turn.slot
    holder = Holder(unit_id=slot.unit_id) if slot.is_seal else Holder(user_id=actor.user_id)
    usable = certificates.usable(session, holder)
    return Way(
        turn,
        [each for each in usable if each.is_on_server],
        [each for each in usable if each.key_place == OWN_PC],
        deferred.open_request(session, actor, item.id, slot.id),
    )


def of_document(item: OfficialDocument) -> dict[str, Any]:
    """What the page of a document says of its signatures, and whether its reader can give one now.

    Args:
        item: the document.
    """
    actor = current_actor()
    found = turns.turns_of(current_session(), actor, item)
    if item.status == SENT_BACK:
        found = [each for each in found if each.given]  # nobody gives the others any more
    mine = [each for each in found if each.is_open] if actor.may(*SIGN) else []
    verb = gettext("Put on the seal") if mine and mine[0].slot.is_seal else gettext("Sign")
    address = url_for("SigningView.show", pk=item.id) if mine else ""
    return {"turns": found, "places": PLACES, "ways": WAYS, "sign_here": address, "verb": verb}
