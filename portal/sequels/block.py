"""What the block of a copy says: its form, who copies, number, place and day, who signs, and who gets it.

Source: Decree 30/2020, appendix I, part II.II.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from portal.documents import authority, rules, signing
from portal.documents.printed import RECIPIENTS_LEAD
from portal.documents.rules import COPY_NAMES, DecreeError
from portal.units import service as units
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy.orm import Session

    from portal.documents.signing import SignatureBlock
    from portal.units.models import Post, Unit

NO_TEMPLATE = ""
"""Copies are made on no template; an authority that is for templates alone is for no copy."""


class Candidate(NamedTuple):
    """Somebody who may sign a copy.

    Attributes:
        user: his account.
        post: in which he would sign.
        block: what would stand there.
    """

    user: User
    post: Post
    block: SignatureBlock


def paper_of(unit: Unit, form: str, day: date) -> authority.Paper:
    """A copy, as who signs it is asked for."""
    return authority.Paper(unit, form, NO_TEMPLATE, day)


def candidates(session: Session, unit: Unit, form: str, day: date) -> list[Candidate]:
    """Who may sign a copy: first those whom the head designated by an authority, then himself and his deputies.

    Args:
        session: any transaction.
        unit: who copies.
        form: of the copy.
        day: its date.
    """
    paper = paper_of(unit, form, day)
    own = units.posts_of(session, unit.id)
    given = {post.id: post for row in authority.given_by(session, unit.id) for post in _posts(session, row.signer_post)}
    seats = {unit_id: units.seats_of(session, unit_id, day) for unit_id in {p.unit_id for p in (*own, *given.values())}}
    found = []
    for post in (*given.values(), *own):
        for seat in seats[post.unit_id].get(post.id, ()):
            try:
                found.append(Candidate(seat.user, post, authority.signature(session, paper, seat.user_id, post.id)))
            except (Refusal, DecreeError):
                continue
    return found


def _posts(session: Session, head: Post) -> list[Post]:
    """The post that has an authority, and those of its deputies, whom it may reach."""
    return [head, *(post for post in units.posts_of(session, head.unit_id) if post.kind == "deputy")]


def content_of(
    session: Session, paper: authority.Paper, number: int, signer: tuple[int, int], recipients: Sequence[str]
) -> tuple[str, dict[str, Any]]:
    """The symbol of a copy, and what its block says.

    Args:
        session: the transaction that makes it.
        paper: who copies, in which form, on which day.
        number: in the series of copies.
        signer: the account that signs, and its post.
        recipients: who gets it, without the archive.

    Raises:
        Refusal: as `authority.signature`, or a rule of the decree by its code, such as `classified`.
    """
    try:
        head = authority.header_of(session, paper)
        header = rules.issuer_header(head.superior, head.name)
        symbol = rules.symbol(head.symbol, type_abbreviation=paper.kind)
        signature = authority.signature(session, paper, *signer, hold=True)
        lines = rules.recipient_lines(recipients)
        rules.refuse_classified(lines)
    except DecreeError as error:
        raise Refusal(error.code, error.params) from error
    return symbol, {
        "title": f"{COPY_NAMES[paper.kind]} {rules.reference(number, symbol)}",
        "form": COPY_NAMES[paper.kind].upper(),
        "issuer": {"superior_lines": list(header.superior_lines), "name_lines": list(header.name_lines)},
        "number_line": rules.number_line(number, symbol),
        "place_date": rules.place_date(head.place, paper.day),
        "recipients": {"lead": RECIPIENTS_LEAD, "lines": list(lines)},
        "typist": "",
        "cosignature": None,
        "signature": _said(signature),
    }


def _said(block: signing.SignatureBlock) -> dict[str, Any]:
    lines = list(block.authority_lines)
    return {"authority_lines": lines, "post_line": block.post_line, "name": block.name}
