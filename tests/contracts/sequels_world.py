"""What follows documents in the matrix's world: a correction, and copies of the committee and of a foreign unit."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal import files
from portal.documents import keeping, linking
from portal.documents.models import RELEASED, OfficialDocument, Register, RegisterEntry
from portal.incoming.models import IncomingDocument
from portal.jobs import Job
from portal.security import today
from portal.sequels import block, rules, service
from portal.sequels.models import RecallNotice
from portal.sequels.service import Asked
from portal.sequels.sources import Source
from portal.units.models import Unit
from tests import cast
from tests.unguarded import unguarded_documents
from tests.uploads import PDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from portal.security import Actor
    from tests.contracts.world import Thing, World
    from tests.portal.province import Province

TOLD = {"of the own unit": "STTTT", "of the foreign unit": "IAGRAI"}
WORDS = "Một câu đủ dài để làm lý do."
Made = dict[str, dict[str, tuple[int, dict[str, Any]]]]


def signer_of(session: Session, code: str) -> str:
    """Who signs copies of a unit, as its form names him."""
    unit = session.scalars(select(Unit).where(Unit.code == code)).one()
    first = block.candidates(session, unit, rules.COPY, today())[0]
    return f"{first.user.id}:{first.post.id}"


def needs_of(session: Session, document: OfficialDocument) -> dict[str, Any]:
    """What calls about a document need: who signs a copy of it, and the line of another one that may follow it."""
    other = select(RegisterEntry.id).where(RegisterEntry.document_id != document.id).order_by(RegisterEntry.id)
    return {"signer": signer_of(session, "UBND"), "later": session.scalars(other).first()}


def make_sequels(session: Session, store: files.FileStore, province: Province, world: World) -> Made:
    """Correct one document by another, copy it and what arrived; gives kind → name → key and what a call needs."""
    admin = province.actor(cast.ADMIN)
    own, foreign = (world["document"][name].key for name in ("own approved", "foreign approved"))
    lines = [linking.line_of(session, key) for key in (foreign, own)]
    link = linking.follow(session, admin, "corrects", *lines, reason=WORDS)
    document, incoming = (
        session.get_one(OfficialDocument, own),
        session.get_one(IncomingDocument, world["arrival"]["new at the foreign unit"].key),
    )
    made: Made = {"link": {"of the own document by the foreign": (link.id, {})}, "copy": {}}
    made["recall"] = _recalled(session, admin)
    for name, code, source in (
        ("of the committee", "UBND", Source(document=document)),
        ("failed of the committee", "UBND", Source(document=document)),
        ("of the foreign unit", "IAGRAI", Source(incoming=incoming)),
    ):
        with _as_released(session, document):
            made["copy"][name] = _copied(session, store, province, (name, code, source))
    for job in session.scalars(select(Job).where(Job.kind == service.PRINT_COPY)):
        job.status = "done"
    return made


@contextmanager
def _as_released(session: Session, document: OfficialDocument) -> Iterator[None]:
    """For the moment of a copy; for all other calls nobody has signed it."""
    before = document.status
    with unguarded_documents(session):
        document.status = RELEASED
        yield
        document.status = before


def _copied(
    session: Session, store: files.FileStore, province: Province, which: tuple[str, str, Source]
) -> tuple[int, dict[str, Any]]:
    name, code, source = which
    unit = session.scalars(select(Unit).where(Unit.code == code)).one()
    user, _, post = signer_of(session, code).partition(":")
    asked = Asked(rules.COPY, int(user), int(post), (WORDS,))
    copy = service.make(session, province.actor(cast.ADMIN), source, unit, asked, on=today())
    if name.startswith("failed"):
        copy.status, copy.error = rules.FAILED, "original_unreadable: broken"
    else:
        file = files.keep(session, store, PDF + name.encode(), "sao.pdf", None)
        copy.file_id, copy.pages, copy.status = file.id, 1, rules.READY
    session.flush()
    return copy.id, {"version": copy.entry.version}


def _recalled(session: Session, actor: Actor) -> dict[str, tuple[int, dict[str, Any]]]:
    """A document of the committee on paper, taken back, and both units that were told."""
    register = session.scalars(select(Register).where(Register.series == "named", Register.last_number > 0)).first()
    assert register is not None
    line = keeping.reserve(session, actor, register, reason=WORDS, until=today(), on=today())
    paper = keeping.Paper("TTr", "TTr-UBND", today(), WORDS, WORDS, WORDS, "")
    keeping.use_on_paper(session, actor, line.id, paper, version=line.version, on=today())
    link = linking.follow(session, actor, "recalls", None, line, reason=WORDS)
    units = {name: session.scalars(select(Unit.id).where(Unit.code == code)).one() for name, code in TOLD.items()}
    told = {name: RecallNotice(link_id=link.id, unit_id=unit_id) for name, unit_id in units.items()}
    session.add_all(told.values())
    session.flush()
    return {name: (notice.id, {}) for name, notice in told.items()}


def _make(thing: Thing, _variant: str) -> dict[str, Any]:
    return {"form": rules.COPY, "signer": thing.more["signer"], "recipients": WORDS}


SEQUELS: dict[str, Callable[[Thing, str], dict[str, Any]]] = {
    "CopyView.signed": lambda thing, _variant: {
        "version": thing.more["version"],
        "signed-signed_on": f"{today():%d/%m/%Y}",
        "signed-copies": "2",
    },
    "CopyView.print_again": lambda _thing, _variant: {},
    "CopyMakingView.of_document": _make,
    "CopyMakingView.of_arrival": _make,
    "RecallView.recall": lambda _thing, _variant: {"reason": WORDS, "password": cast.PASSWORD},
    "FollowingView.begin": lambda _thing, _variant: {"way": "replaces:monthly-report", "reason": WORDS},
    "RecallTellingView.tell": lambda _thing, _variant: {"units": "1"},
    "RecallNoticeView.acknowledge": lambda _thing, _variant: {"how": "cancelled"},
    "DocumentLinkView.links": lambda thing, _variant: {
        "later": thing.more["later"],
        "kind": "replaces",
        "reason": WORDS,
    },
}
"""What the forms about copies and links send."""
