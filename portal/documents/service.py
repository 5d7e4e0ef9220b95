"""Issuing a document: number, frozen content and the job that renders it, in the transaction that decides."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, false, func, or_, select, true

from portal import audit, jobs
from portal.definitions.models import Definition
from portal.definitions.usage import Use
from portal.documents import authority, numbering, rules, slots
from portal.documents.codes import Verification, new_code
from portal.documents.content import Document
from portal.documents.marks import contact_lines
from portal.documents.minutes import secretary_block
from portal.documents.models import FAILED, RENDERING, OfficialDocument, Register
from portal.documents.printed import template_data
from portal.documents.retention import retention_of
from portal.documents.slots import SignatureSlot
from portal.ports import Port
from portal.security import today
from portal.units import service as units
from portal.units.models import Post, Unit
from workflows.errors import Refusal
from workflows.forms import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from portal.documents.content import Section
    from portal.documents.marks import Marks
    from portal.documents.rules import IssuerHeader
    from portal.documents.signing import SignatureBlock
    from portal.security import Actor

RENDER = "render_document"
"""The kind of job that turns a frozen content into a PDF."""


SUBJECT_SCOPES: dict[str, Callable[[Actor], ColumnElement[bool]]] = {}
"""Port: kind of subject → the documents of it that an actor may see; filled by `app`."""

ISSUED: dict[str, Callable[[Session, Actor, OfficialDocument], None]] = {}
"""Port: room → what it does about a document in the transaction that issues it, such as to link it to an earlier one;
filled by `app`. What it refuses is not issued."""

PUBLIC_ADDRESS: Port[str] = Port("documents.PUBLIC_ADDRESS")
"""Where the public reaches the portal, which a QR code names; empty where it has no such address."""


@dataclass(frozen=True)
class Wording:
    """What a document says, before it has a number.

    Attributes:
        subject: box 5a below the type.
        grounds: the legal grounds before everything else.
        opening: paragraphs before the first section.
        sections: the body.
        annexes: what follows on pages of its own.
        closing: the last paragraph.
        addressees: box 9a; empty unless it goes to a superior.
        recipients: box 9b without the archive's line.
        drafter: the drafting unit's abbreviation in the archive's line.
        answers: what the template prints by name.
        marks: what stands around the text, without the issuer's address.
        shows_contact: whether the issuer's address does as well.
        archive_copies: how many copies the archive keeps; None where nobody says.
        secretary: who signs minutes beside their chair; empty for anything else.
    """

    subject: str
    grounds: tuple[str, ...]
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    annexes: tuple[Section, ...]
    closing: str
    addressees: tuple[str, ...]
    recipients: tuple[str, ...]
    drafter: str
    answers: Mapping[str, str]
    marks: Marks
    shows_contact: bool
    archive_copies: int | None
    secretary: str


@dataclass(frozen=True)
class Cosigner:
    """Who signs for another unit as well, in which post of it."""

    user_id: int
    post_id: int


@dataclass(frozen=True)
class Order:
    """What is to be issued: whose document, of which subject, on which template, signed by whom as what.

    Attributes:
        issuer_id: the unit whose document it is.
        subject_kind: which room's subject it tells of.
        subject_id: its key there.
        template: the version of the document definition it is made with.
        signer_id: the account that signs.
        post_id: the post it signs in.
        wording: what it says.
        of_head: whether it is a document of the head of a people's committee himself.
        cosigner: who signs for a second unit, whose document it is then as well.
    """

    issuer_id: int
    subject_kind: str
    subject_id: int
    template: Definition
    signer_id: int
    post_id: int
    wording: Wording
    of_head: bool = False
    cosigner: Cosigner | None = None


def scope(actor: Actor) -> ColumnElement[bool]:
    """Documents of the actor's units and of those below, what he or his unit signs, and those of what he may see."""
    if actor.sees_everything:
        return true()
    if not actor.user_id:
        return false()
    mine = or_(SignatureSlot.user_id == actor.user_id, SignatureSlot.unit_id.in_(actor.own_units))
    signed = OfficialDocument.id.in_(select(SignatureSlot.document_id).where(mine))
    seen = (see(actor) for see in SUBJECT_SCOPES.values())
    return or_(OfficialDocument.issuer_id.in_(actor.reach), signed, *seen)


def slot_scope(actor: Actor) -> ColumnElement[bool]:
    """Signatures of the documents that an actor may see."""
    return SignatureSlot.document_id.in_(select(OfficialDocument.id).where(scope(actor)))


def register_scope(actor: Actor) -> ColumnElement[bool]:
    """Registers of the actor's own units; all of them for whoever reads everything."""
    if actor.sees_everything:
        return true()
    return Register.unit_id.in_(actor.own_units) if actor.user_id else false()


def uses_of_template(session: Session, key: str) -> list[Use]:
    """How many documents were issued with each version of a template, whoever sees them.

    Args:
        session: any transaction.
        key: of the template.
    """
    is_running = case((OfficialDocument.status == RENDERING, 1))
    counted = select(Definition.version, func.count(), func.count(is_running)).select_from(OfficialDocument)
    rows = session.execute(
        counted.join(OfficialDocument.template).where(Definition.key == key).group_by(Definition.version)
    )
    return [Use("document", *row) for row in rows]


def issue(session: Session, actor: Actor, order: Order) -> OfficialDocument:
    """Issue a document: its number, its frozen content and its rendering job stand or fall together.

    Args:
        session: the transaction of the decision that makes it due; the caller commits.
        actor: who decided.
        order: what is to be issued.

    Raises:
        Refusal: as `authority.signature`; `issuer_not_there`, the unit has ended; or a rule of the decree by its code,
            such as `classified`; or what a room refuses that does something about it (`ISSUED`).
    """
    template, issuer = order.template, session.get_one(Unit, order.issuer_id)
    kind, day = template.body["metadata"]["type"], today()
    register_id, number = numbering.take_number(session, issuer, kind, day)
    paper = authority.Paper(issuer, kind, template.key, day, order.of_head)
    code = new_code()
    symbol, content = _content(session, order, paper, number, code)
    kept = retention_of(template.body["metadata"], day)
    document = OfficialDocument(
        register_id=register_id,
        issuer_id=issuer.id,
        year=day.year,
        number=number,
        symbol=symbol,
        subject=order.wording.subject[:500],
        issued_on=day,
        signer_id=order.signer_id,
        subject_kind=order.subject_kind,
        subject_id=order.subject_id,
        template_id=template.id,
        content=content,
        content_sha256=hashlib.sha256(content.encode()).hexdigest(),
        status=RENDERING,
        verification_code=code,
        retention_kind=kept.kind,
        kept_until=kept.until,
    )
    session.add(document)
    session.flush()
    numbering.enter(session, document, json.loads(content))
    slots.open_slots(session, document, order, paper)
    _audit(session, actor.username, document, "document_issued", sha256=document.content_sha256)
    jobs.enqueue(session, RENDER, document_id=document.id)
    for issued in ISSUED.values():
        issued(session, actor, document)
    return document


def _content(session: Session, order: Order, paper: authority.Paper, number: int, code: str) -> tuple[str, str]:
    """The document's symbol, and its data as canonical JSON, every rule of the decree applied."""
    wording = order.wording
    try:
        head = authority.header_of(session, paper)
        header = rules.issuer_header(head.superior, head.name)
        partner = _partner(session, order, paper)
        document = Document(
            issuer=rules.joint_header(header, partner.header) if partner else header,
            issuer_name=_called(authority.head_title(session, paper), paper, partner),
            authority=authority.decides_as(session, paper, header),
            symbol=rules.symbol_of(head.symbol, paper.kind, wording.drafter, partner.symbol if partner else ""),
            number=number,
            place=head.place,
            day=paper.day,
            kind=paper.kind,
            subject=wording.subject,
            sections=wording.sections,
            closing=wording.closing,
            signature=authority.signature(session, paper, order.signer_id, order.post_id, hold=True),
            recipients=wording.recipients,
            cosignature=partner.signature if partner else _secretary(wording),
            grounds=wording.grounds,
            opening=wording.opening,
            annexes=wording.annexes,
            addressees=wording.addressees,
            drafter=wording.drafter,
            archive_copies=wording.archive_copies,
            answers=wording.answers,
            marks=replace(
                wording.marks, contact=contact_lines(paper.issuer.contact or "") if wording.shows_contact else ()
            ),
            verification=_printed_code(order.template, code),
        )
        data: Any = template_data(document)
    except rules.DecreeError as error:
        raise Refusal(error.code, error.params) from error
    return document.symbol, canonical_json(data)


def _printed_code(template: Definition, code: str) -> Verification | None:
    return Verification(code, PUBLIC_ADDRESS.plugged) if template.body["metadata"].get("verification") else None


@dataclass(frozen=True)
class _Partner:
    """The second unit of a joint document: its header, its symbol, and who signs for it."""

    name: str
    header: IssuerHeader
    symbol: str
    signature: SignatureBlock


def _partner(session: Session, order: Order, paper: authority.Paper) -> _Partner | None:
    if order.cosigner is None:
        return None
    unit = session.get_one(Post, order.cosigner.post_id).unit
    if unit.id == paper.issuer.id:
        raise Refusal("own_partner", {"unit": unit.name})
    if units.seat_held(session, order.cosigner.user_id, order.cosigner.post_id, paper.day) is None:
        raise Refusal("cosigner_left", {"unit": unit.name})
    its = replace(paper, issuer=unit, of_head=False)
    head = authority.header_of(session, its)
    signature = authority.signature(session, its, order.cosigner.user_id, order.cosigner.post_id, hold=True)
    return _Partner(unit.name_vi, rules.issuer_header(head.superior, head.name), head.symbol, signature)


def _called(title: str, paper: authority.Paper, partner: _Partner | None) -> str:
    """Whose document it is, as annexes say it: a chairman himself, a unit, or two of them."""
    name = f"{title} {paper.issuer.name_vi}" if paper.of_head else paper.issuer.name_vi
    return f"{name} và {partner.name}" if partner else name


def _secretary(wording: Wording) -> SignatureBlock | None:
    return secretary_block(wording.secretary) if wording.secretary else None


def render_again(session: Session, actor: Actor, document: OfficialDocument) -> None:
    """Try once more to render a document whose rendering was given up; its number stays its own.

    Args:
        session: the transaction; the caller commits.
        actor: the operator.
        document: in state `failed`.

    Raises:
        Refusal: `not_failed`, there is nothing to repeat.
    """
    if document.status != FAILED:
        raise Refusal("not_failed")
    document.status, document.error = RENDERING, None
    jobs.enqueue(session, RENDER, document_id=document.id)
    _audit(session, actor.username, document, "document_rendering_repeated")


def content_of(document: OfficialDocument) -> dict[str, Any]:
    """The frozen data of a document."""
    content: dict[str, Any] = json.loads(document.content)
    return content


def _audit(session: Session, actor: str, document: OfficialDocument, action: str, **details: Any) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        kind="official_document",
        key=document.id,
        details={"number": document.number, "symbol": document.symbol, **details},
    )
