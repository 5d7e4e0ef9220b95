"""The books of the matrix's world: numbers and prints, of the committee and of a foreign unit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal import files
from portal.definitions.decree import TYPES
from portal.documents import keeping
from portal.documents.models import OUTGOING, Register, RegisterEntry, RegisterPrint
from portal.documents.register_printing import ask
from portal.documents.series import SHIPPED, numbering
from portal.jobs import Job
from portal.security import today
from portal.units.models import Unit
from tests import cast
from tests.uploads import PDF

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.portal.province import Province

PLACES = {"of the committee": "UBND", "of the foreign unit": "IAGRAI"}
WORDS = "Một câu đủ dài để làm lý do."


def make_books(session: Session, store: files.FileStore, province: Province) -> dict[str, dict[str, tuple[int, Any]]]:
    """Reserve and print; gives kind → name → key and version."""
    made: dict[str, dict[str, tuple[int, Any]]] = {"register": {}, "entry": {}, "print": {}, "issuer": {}}
    for place, code in PLACES.items():
        unit = session.scalars(select(Unit).where(Unit.code == code)).one()
        book = _book(session, unit)
        made["register"][place], made["issuer"][place] = (book.id, 0), (unit.id, 0)
        made["print"][place] = (_printed(session, store, province, book), 0)
        asked: dict[str, Any] = {"reason": WORDS, "until": today() + timedelta(days=5), "on": today()}
        entry = keeping.reserve(session, province.actor(cast.ADMIN), book, **asked)
        made["entry"][f"reserved {place}"] = (entry.id, entry.version)
    used = session.scalars(select(RegisterEntry).where(RegisterEntry.state == "used").limit(1)).one()
    made["entry"]["used of the committee"] = (used.id, used.version)
    return made


def _book(session: Session, unit: Unit) -> Register:
    found = session.scalars(select(Register).where(Register.unit_id == unit.id)).first()
    if found is None:
        names = {"name_vi": SHIPPED[2].name_vi, "name_en": SHIPPED[2].name_en}
        found = Register(unit_id=unit.id, unit=unit, year=today().year, series="named", last_number=0, **names)
        session.add(found)
        session.flush()
    return found


def _printed(session: Session, store: files.FileStore, province: Province, book: Register) -> int:
    printed: RegisterPrint = ask(session, province.actor(cast.ADMIN), OUTGOING, book.id, "pdf")
    file = files.keep(session, store, PDF + str(book.id).encode(), "so.pdf", None)
    printed.state, printed.file_id, printed.pages = "ready", file.id, 1
    session.flush()
    for job in session.scalars(select(Job).where(Job.kind == "print_register")):
        job.status = "done"
    return printed.id


def paper(version: int) -> dict[str, Any]:
    """What the form about a document signed on paper sends."""
    texts = dict.fromkeys(("paper-subject", "paper-signer", "paper-recipients"), WORDS)
    dated = {"paper-dated_on": f"{today():%d/%m/%Y}"}
    return {"version": version, "paper-kind": "TTr", "paper-symbol": "TTr-UBND", **dated, **texts}


def arranged() -> dict[str, Any]:
    """What the form about the books of the next year sends: those that ship."""
    types = {f"type.{kind}": SHIPPED.index(numbering(SHIPPED, kind)) for kind in TYPES}
    parts = {"key": "key", "vi": "name_vi", "en": "name_en"}
    lines = {f"series.{part}": [getattr(each, name) for each in SHIPPED] for part, name in parts.items()}
    return {"from_year": today().year + 1, "version": 0, "reason": WORDS, **types, **lines}
