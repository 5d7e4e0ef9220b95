"""What leaves the portal of a released document: metadata, exchange file and package, made of what is frozen."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from portal import audit
from portal.definitions.decree import LETTER, LETTER_NAME, TYPE_NAMES
from portal.documents import keeping, linking
from portal.documents.columns import receivers
from portal.documents.links import RECALLED, RECALLS
from portal.documents.models import RELEASED, OfficialDocument, Register
from portal.documents.retention import maintenance, maintenance_of
from portal.documents.rules import number_text
from portal.documents.service import content_of
from portal.exchange import edxml, package
from portal.exchange.message import (
    ADMINISTRATIVE,
    PRIORITIES,
    Attached,
    DocumentType,
    Message,
    Signer,
    Trace,
    type_number,
)
from portal.exchange.metadata import Metadata, Organ
from portal.units.models import Unit
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    from sqlalchemy.orm import Session

    from portal.files import FileStore
    from portal.security import Actor


def refuse_unfit(actor: Actor, document: OfficialDocument) -> None:
    """See that somebody may take a document out of the portal, and that it is one yet.

    Raises:
        Refusal: `not_permitted`, he does not keep the books of its issuer; `not_released`.
    """
    keeping.refuse_other_keeper(actor, document.issuer_id)
    if document.status != RELEASED or document.file is None:
        raise Refusal("not_released")


def metadata_of(document: OfficialDocument, places: Sequence[Organ]) -> Metadata:
    """What is said of a document, as it was issued.

    Args:
        document: released.
        places: the agencies among those that it goes to.
    """
    content = content_of(document)
    signer = _signer(content)
    return Metadata(
        issuer=_organ(document.issuer),
        catalog=document.year,
        notation=document.register.series,
        type_name=_type_name(document),
        number=number_text(document.number),
        symbol=document.symbol,
        issued_on=document.issued_on,
        subject=document.subject,
        pages=document.pages or 0,
        description="",
        position=signer.position,
        signer=signer.name,
        to=tuple(places),
        priority=_priority(content),
        copies=content.get("issued_copies"),
    )


def message_of(document: OfficialDocument, pdf: bytes, places: Sequence[Organ]) -> Message:
    """The exchange file of a document.

    Args:
        document: released.
        pdf: its file.
        places: the agencies among those that it goes to; those without an identification code get none.

    Raises:
        Refusal: `no_organ_code` (`unit`), nobody could say who sends it.
    """
    organ = _organ(document.issuer)
    if not organ.code:
        raise Refusal("no_organ_code", {"unit": document.issuer.name})
    content, kind = content_of(document), str(document.template.body["metadata"]["type"])
    assert document.released_at is not None
    return Message(
        sender=organ,
        to=tuple(each for each in places if each.code),
        document_code=f"{organ.code}.{document.year}.{number_text(document.number)}.{document.symbol}",
        number=number_text(document.number),
        symbol=document.symbol,
        place=str(content["place_date"]).partition(",")[0],
        issued_on=document.issued_on,
        type=DocumentType(ADMINISTRATIVE, type_number(kind), _type_name(document)),
        subject=document.subject,
        signer=_signer(content),
        places=tuple(receivers(content)),
        priority=_priority(content),
        pages=document.pages or 0,
        files=(Attached(_file_name(document), "application/pdf", pdf),),
        copies=content.get("issued_copies"),
        traces=(Trace(organ.code, document.released_at.replace(microsecond=0)),),
    )


def agencies(session: Session, document: OfficialDocument) -> list[Organ]:
    """Those whom a document goes to that are units of the portal: with their codes, where they have one."""
    names = list(dict.fromkeys(receivers(content_of(document))))
    known = {each.name_vi: each for each in session.scalars(select(Unit).where(Unit.name_vi.in_(names)))}
    return [_organ(known[name]) for name in names if name in known]


def exchange_file(session: Session, actor: Actor, store: FileStore, document: OfficialDocument) -> bytes:
    """The exchange file of a document, for its registrar.

    Raises:
        Refusal: as `refuse_unfit` and `message_of`; `recalled_not_sent`, its issuer has taken it back.
    """
    refuse_unfit(actor, document)
    if document.fate == RECALLED:
        raise Refusal("recalled_not_sent", {"symbol": str(document)})
    assert document.file is not None
    pdf = store.read(document.file.sha256)
    content = edxml.write(message_of(document, pdf, agencies(session, document)))
    _recorded(session, actor, document, "document_exported", "edxml")
    return content


def package_of(session: Session, actor: Actor, store: FileStore, document: OfficialDocument) -> bytes:
    """The package of one document, for its registrar.

    Raises:
        Refusal: as `refuse_unfit`; `metadata_too_long`.
    """
    refuse_unfit(actor, document)
    packed = pack(session, store, document)
    output = io.BytesIO()
    package.write(output, package.dossier_of(str(document), maintenance(document), [packed.metadata]), [packed])
    _recorded(session, actor, document, "document_exported", "package")
    return output.getvalue()


def pack(session: Session, store: FileStore, document: OfficialDocument) -> package.Packed:
    """A released document as it is handed over.

    One that was recalled is handed over as well, for its number and what became of it are kept; it says so, and it has
    no exchange file, for nobody sends it any more (Decree 30/2020, article 18.4 and appendix VI.III.8).
    """
    assert document.file is not None
    pdf, places = store.read(document.file.sha256), agencies(session, document)
    is_sent = document.issuer.organ_code and document.fate != RECALLED
    message = message_of(document, pdf, places) if is_sent else None
    told = replace(metadata_of(document, places), description=_recall_told(session, document))
    return package.Packed(told, pdf, document.content.encode(), edxml.write(message) if message else b"")


def released_of(session: Session, unit_id: int, year: int, series: str) -> list[OfficialDocument]:
    """The released documents of a register, in the order of their numbers.

    Args:
        session: any transaction.
        unit_id: whose register.
        year: of it.
        series: its key.
    """
    mine = (Register.unit_id == unit_id, Register.year == year, Register.series == series)
    found = select(OfficialDocument).join(OfficialDocument.register).where(*mine, OfficialDocument.status == RELEASED)
    whole = found.options(undefer(OfficialDocument.content))
    return list(session.scalars(whole.order_by(OfficialDocument.number)))


def write_register(output: BinaryIO, session: Session, store: FileStore, documents: list[OfficialDocument]) -> None:
    """Write the package of a register.

    Args:
        output: where to.
        session: any transaction.
        store: where files are.
        documents: as `released_of` gives them.

    Raises:
        Refusal: `nothing_to_pack`, `too_many_to_pack`, `metadata_too_long`.
    """
    told = [metadata_of(each, ()) for each in documents]
    title = str(documents[0].register) if documents else ""
    dossier = package.dossier_of(title, maintenance_of(documents), told)
    package.write(output, dossier, (pack(session, store, each) for each in documents))


# -- what is frozen, in the words of others --------------------------------------------------------------------


def _organ(unit: Unit) -> Organ:
    return Organ(unit.organ_code or "", unit.name_vi)


def _type_name(document: OfficialDocument) -> str:
    kind = str(document.template.body["metadata"]["type"])
    return LETTER_NAME if kind == LETTER else TYPE_NAMES[kind]


def _signer(content: Mapping[str, Any]) -> Signer:
    """Boxes 7a and 7b: the lines in capitals say for whom and in which post."""
    block = content["signature"] or {"authority_lines": [], "post_line": "", "name": ""}
    lines = [*block["authority_lines"], *filter(None, [block["post_line"]])]
    return Signer("; ".join(lines[:-1]), lines[-1] if lines else "", str(block["name"]))


def _priority(content: Mapping[str, Any]) -> int:
    urgency = content.get("urgency")
    return PRIORITIES.index(urgency["kind"]) if urgency else 0


def _recall_told(session: Session, document: OfficialDocument) -> str:
    """That a document was recalled, when and by what; empty where it was not."""
    if document.fate != RECALLED:
        return ""
    recall = next(each for each in linking.fates(session, document.id) if each.kind == RECALLS)
    by = f" theo văn bản số {recall.symbol}" if recall.symbol else ""
    return f"Văn bản đã bị thu hồi ngày {recall.day:%d/%m/%Y}{by}"


def _file_name(document: OfficialDocument) -> str:
    return f"{number_text(document.number)}-{document.symbol}-{document.year}.pdf".replace("/", "-")


def _recorded(session: Session, actor: Actor, document: OfficialDocument, action: str, what: str) -> None:
    details = {"number": document.number, "symbol": document.symbol, "what": what}
    told: dict[str, Any] = {"kind": "official_document", "key": document.id, "details": details}
    audit.record(session, actor=actor.username, action=action, **told)
