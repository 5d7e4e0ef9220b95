"""What arrived in the matrix's world: at the committee, handed over or not, filed, and at a foreign unit."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal import files
from portal.documents.models import RegisterEntry
from portal.documents.register_printing import ask
from portal.incoming import handling, service
from portal.incoming.service import Arrival, Handing
from portal.jobs import Job
from portal.security import today
from portal.tasks.models import ClarityProfile
from portal.units.models import Unit
from tests import cast
from tests.contracts.sequels_world import signer_of
from tests.uploads import PDF

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.contracts.world import Thing
    from tests.portal.province import Province

PLACES = {
    "handed over by the committee": ("UBND", "STTTT"),
    "filed by the committee": ("UBND", "STTTT"),
    "new at the committee": ("UBND", None),
    "new at the foreign unit": ("IAGRAI", None),
}
WORDS = "Một câu đủ dài để làm lý do."
Made = dict[str, dict[str, tuple[int, dict[str, Any]]]]


def make_arrivals(session: Session, store: files.FileStore, province: Province) -> Made:
    """Register, hand over, scan, file and print; gives kind → name → key and what a call needs."""
    admin = province.actor(cast.ADMIN)
    made: Made = {"arrival": {}, "arrival_book": {}, "arrival_print": {}}
    besides = {
        "profile": session.scalars(select(ClarityProfile.id).order_by(ClarityProfile.id)).first(),
        "entry": session.scalars(select(RegisterEntry.id).where(RegisterEntry.state == "used")).first(),
    }
    for number, (name, (code, lead)) in enumerate(PLACES.items(), 1):
        unit = _unit(session, code)
        arrival = Arrival(today(), "Công an tỉnh", f"{number}/KH-CAT", today() - timedelta(days=1), "Kế hoạch", WORDS)
        item = service.register(session, admin, unit, arrival, on=today(), again="")
        told: dict[str, Any] = {"name": "den.pdf", "content": PDF + name.encode()}
        service.attach(session, admin, store, item.id, version=item.version, **told)
        if lead:
            handing = Handing(_unit(session, lead).id, "", None, "")
            service.hand_over(session, admin, item.id, handing, version=item.version)
        if name.startswith("filed"):
            handling.file_away(session, admin, item.id, version=item.version, reason=WORDS, on=today())
        needs = {"version": item.version, "lead": item.lead_unit_id or unit.id, "signer": signer_of(session, code)}
        made["arrival"][name] = (item.id, {**needs, **besides})
        place = "of the committee" if code == "UBND" else "of the foreign unit"
        made["arrival_book"][place] = (item.book_id, {"book": "incoming"})
    for place, (key, _more) in made["arrival_book"].items():
        made["arrival_print"][place] = (_printed(session, store, province, key), {})
    return made


def _unit(session: Session, code: str) -> Unit:
    return session.scalars(select(Unit).where(Unit.code == code)).one()


def _printed(session: Session, store: files.FileStore, province: Province, book: int) -> int:
    printed = ask(session, province.actor(cast.ADMIN), "handling", book, "pdf")
    file = files.keep(session, store, PDF + f"den {book}".encode(), "so-den.pdf", None)
    printed.state, printed.file_id, printed.pages = "ready", file.id, 1
    session.flush()
    for job in session.scalars(select(Job).where(Job.kind == "print_register")):
        job.status = "done"
    return printed.id


def _says(*names: str) -> Callable[[Thing, str], dict[str, Any]]:
    return lambda thing, _variant: {"version": thing.more["version"], **dict.fromkeys(names, WORDS)}


def _task(thing: Thing, _variant: str) -> dict[str, Any]:
    typed = {"task-lead_unit_id": thing.more["lead"], "task-profile_id": thing.more["profile"]}
    return {"version": thing.more["version"], "task-title": WORDS, **typed}


ARRIVALS: dict[str, Callable[[Thing, str], dict[str, Any]]] = {
    "KeepingView.void": _says("void-reason"),
    "KeepingView.handover": _says("handover-recipient"),
    "KeepingView.attach": lambda thing, _variant: {
        "version": thing.more["version"],
        "scan": (io.BytesIO(PDF + b"anew"), "den.pdf"),
    },
    "IncomingHandlingView.note": _says("note-words"),
    "IncomingHandlingView.filing": _says("filing-reason"),
    "IncomingHandlingView.taking_up": _says("taking-reason"),
    "IncomingHandlingView.task": _task,
    "IncomingHandlingView.answer": lambda thing, _variant: {
        "version": thing.more["version"],
        "entry": thing.more["entry"],
    },
    "ArrivalBookView.open": lambda _thing, _variant: {"last_paper": "5", "reason": WORDS},
    "ArrivalPrintView.ask": lambda _thing, _variant: {},
}
"""What the forms about arrivals send."""
