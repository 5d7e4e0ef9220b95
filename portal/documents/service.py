"""Issuing a document: number, frozen content and the job that renders it, in the transaction that decides."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, case, false, func, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import audit, jobs
from portal.definitions.decree import LETTER
from portal.definitions.models import Definition
from portal.definitions.usage import Use
from portal.documents import authority, rules
from portal.documents.content import Document, template_data
from portal.documents.models import FAILED, RENDERING, OfficialDocument, Register
from portal.security import today
from portal.units.models import Unit
from workflows.errors import Refusal
from workflows.forms import canonical_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy.orm import Session

    from portal.documents.content import Section
    from portal.security import Actor

RENDER = "render_document"
"""The kind of job that turns a frozen content into a PDF."""

SERIES = {"QĐ": "decisions", LETTER: "letters"}
"""Which book numbers a type; all others share one. The head of the issuer decides (Decree 30/2020, article 15)."""

SUBJECT_SCOPES: dict[str, Callable[[Actor], ColumnElement[bool]]] = {}
"""Port: kind of subject → the documents of it that an actor may see; filled by `app`."""


@dataclass(frozen=True)
class Wording:
    """What a document says, before it has a number.

    Attributes:
        subject: box 5a below the type.
        opening: paragraphs before the first section.
        sections: the body.
        closing: the last paragraph.
        addressees: box 9a; empty unless it goes to a superior.
        recipients: box 9b without the archive's line.
        drafter: the drafting unit's abbreviation in the archive's line.
        answers: what the template prints by name.
    """

    subject: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: str
    addressees: tuple[str, ...]
    recipients: tuple[str, ...]
    drafter: str
    answers: Mapping[str, str]


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
    """

    issuer_id: int
    subject_kind: str
    subject_id: int
    template: Definition
    signer_id: int
    post_id: int
    wording: Wording
    of_head: bool = False


def scope(actor: Actor) -> ColumnElement[bool]:
    """Documents of the actor's units and of those below, and those of subjects he may see."""
    if actor.sees_everything:
        return true()
    if not actor.user_id:
        return false()
    return or_(OfficialDocument.issuer_id.in_(actor.reach), *(see(actor) for see in SUBJECT_SCOPES.values()))


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


def take_number(session: Session, unit_id: int, year: int, series: str) -> tuple[int, int]:
    """The next number of a register, gap-free: it is taken if and only if the caller's transaction commits.

    Args:
        session: the transaction that issues.
        unit_id: whose register.
        year: numbers begin at 1 on 1 January (Decree 30/2020, article 15).
        series: which book of that unit.

    Returns:
        the register's key and the number.
    """
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    book = {"unit_id": unit_id, "year": year, "series": series}
    session.execute(dialect.insert(Register).values(**book, last_number=0).on_conflict_do_nothing())
    row = session.execute(
        update(Register)
        .filter_by(**book)
        .values(last_number=Register.last_number + 1)
        .returning(Register.id, Register.last_number)
        .execution_options(synchronize_session=False)
    ).one()
    return row.id, row.last_number


def issue(session: Session, actor: Actor, order: Order) -> OfficialDocument:
    """Issue a document: its number, its frozen content and its rendering job stand or fall together.

    Args:
        session: the transaction of the decision that makes it due; the caller commits.
        actor: who decided.
        order: what is to be issued.

    Raises:
        Refusal: as `authority.signature`; or a rule of the decree by its code, such as `classified`.
    """
    template, issuer = order.template, session.get_one(Unit, order.issuer_id)
    kind, day = template.body["metadata"]["type"], today()
    register_id, number = take_number(session, issuer.id, day.year, SERIES.get(kind, "named"))
    paper = authority.Paper(issuer, kind, template.key, day, order.of_head)
    symbol, content = _content(session, order, paper, number)
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
    )
    session.add(document)
    session.flush()
    _audit(session, actor.username, document, "document_issued", sha256=document.content_sha256)
    jobs.enqueue(session, RENDER, document_id=document.id)
    return document


def _content(session: Session, order: Order, paper: authority.Paper, number: int) -> tuple[str, str]:
    """The document's symbol, and its data as canonical JSON, every rule of the decree applied."""
    wording = order.wording
    try:
        head = authority.header_of(session, paper)
        document = Document(
            issuer=rules.issuer_header(head.superior, head.name),
            symbol=rules.symbol_of(head.symbol, paper.kind, wording.drafter),
            number=number,
            place=head.place,
            day=paper.day,
            kind=paper.kind,
            subject=wording.subject,
            sections=wording.sections,
            closing=wording.closing,
            signature=authority.signature(session, paper, order.signer_id, order.post_id, hold=True),
            recipients=wording.recipients,
            opening=wording.opening,
            addressees=wording.addressees,
            drafter=wording.drafter,
            answers=wording.answers,
        )
        data: Any = template_data(document)
    except rules.DecreeError as error:
        raise Refusal(error.code, error.params) from error
    return document.symbol, canonical_json(data)


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
