"""An exchange file that arrives: it is registered like any other document, with what it says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.exchange import edxml
from portal.exchange.message import NEW, PRIORITIES
from portal.incoming import service as incoming
from workflows.errors import Refusal

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.exchange.message import Message
    from portal.files import FileStore
    from portal.incoming.models import IncomingDocument
    from portal.security import Actor
    from portal.units.models import Unit


def arrival_of(message: Message, on: date) -> incoming.Arrival:
    """What a registrar would read off the document.

    Args:
        message: what the file says.
        on: the day on which it arrived.
    """
    return incoming.Arrival(
        arrived_on=on,
        author=message.sender.name,
        symbol=f"{message.number}/{message.symbol}",
        dated_on=message.issued_on,
        type_name=message.type.name,
        subject=message.subject,
        urgency=PRIORITIES[message.priority],
        due_on=message.due_on if message.due_on and message.due_on >= on else None,
        code=message.document_code,
    )


def arrive(
    session: Session, actor: Actor, store: FileStore, unit: Unit, content: bytes, *, on: date, again: str
) -> IncomingDocument:
    """Register an exchange file as an arrival, and keep the document that it brings as its scan.

    Args:
        session: the caller's transaction.
        actor: the registrar.
        store: where files are kept.
        unit: that received it.
        content: of the file.
        on: today.
        again: why it is registered although it seems to have arrived before; empty for whoever did not say so.

    Raises:
        Refusal: as `edxml.read` and `incoming.service.register` refuse; `not_a_new_document`: it recalls, updates or
            replaces one; `nothing_attached`; as a file is refused.
    """
    message = edxml.read(content)
    if message.business != NEW:
        raise Refusal("not_a_new_document")
    if not message.files:
        raise Refusal("nothing_attached")
    row = incoming.register(session, actor, unit, arrival_of(message, on), on=on, again=again)
    first = message.files[0]
    return incoming.attach(session, actor, store, row.id, version=row.version, name=first.name, content=first.content)
