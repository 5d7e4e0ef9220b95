"""Who signs a document, and as what: read from posts, holdings and signing authorities on the day of issue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select

from portal.documents import deciding, signing
from portal.documents.models import SigningAuthority
from portal.documents.rules import DecreeError
from portal.units import headers
from portal.units import service as units
from portal.units.models import Post, Unit
from portal.units.rules import COLLECTIVE_KINDS
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from portal.documents.rules import IssuerHeader
    from portal.documents.signing import Lacking, Mandate, SignatureBlock, SignerPost
    from portal.units.models import Holding

SIGNS_AS: dict[str, SignerPost] = {"head": "head", "deputy": "deputy"}
"""Which posts sign at all, and how; who holds another decides in the portal and signs nothing."""

MEMBERS = ("head", "deputy", "officer")
"""Posts that a member of a steering body may have in the agency whose seal it uses, the highest first."""


@dataclass(frozen=True)
class Paper:
    """What is to be signed.

    Attributes:
        issuer: whose document it is.
        kind: its type, one of `decree.TYPES`.
        template: the key of its template.
        day: the day of issue.
        of_head: whether it is a document of the head of a people's committee himself.
    """

    issuer: Unit
    kind: str
    template: str
    day: date
    of_head: bool = False


def header_of(session: Session, paper: Paper) -> headers.Printed:
    """What stands at the head of a document: what its issuer prints on that day, or the Chairman himself.

    Raises:
        DecreeError: `no_chairman`, `before_the_law`.
    """
    printed = headers.printed_on(session, paper.issuer, paper.day)
    if not paper.of_head:
        return printed
    signing.refuse_head_himself(paper.issuer.kind, paper.day)
    return headers.of_head(printed, head_title(session, paper), signing.OF_THE_HEAD)


def decides_as(session: Session, paper: Paper, header: IssuerHeader) -> str:
    """Who decides what a document of this issuer decides (Decree 30/2020, appendix III, samples 1.1 to 1.3).

    Args:
        session: any transaction.
        paper: the document.
        header: what stands at its head.
    """
    collective = bool(_collective(session, paper))
    return deciding.authority(header.name_lines, head_title(session, paper), collective=collective)


def head_title(session: Session, paper: Paper) -> str:
    """What the issuer's head is called on the day of issue; empty where it has none."""
    return units.head_title(session, paper.issuer.id, paper.day) or ""


def signature(session: Session, paper: Paper, signer_id: int, post_id: int, *, hold: bool = False) -> SignatureBlock:
    """Boxes 7a and 7b from the signer's post and what it was given to sign (Decree 30/2020, article 13).

    Args:
        session: any transaction.
        paper: what is to be signed.
        signer_id: the account that signs.
        post_id: the post it decided in.
        hold: whether the authority stays as it is until the transaction ends, so that nobody revokes it meanwhile.

    Raises:
        Refusal: `signer_without_authority`, with what is missing; `no_post_in_agency`, a steering body uses an
            agency's seal and the signer has no post in that agency.
        DecreeError: `no_signer`, `academic_title`, `no_chairman`, `before_the_law`.
    """
    if paper.of_head:
        signing.refuse_head_himself(paper.issuer.kind, paper.day)
    post = session.get_one(Post, post_id)
    seat = units.seat_held(session, signer_id, post_id, paper.day)
    if post.kind not in SIGNS_AS:
        raise _without_authority(paper, post, signing.Lacking("none"))
    name, rank = session.get_one(User, signer_id).get_full_name(), (seat.rank if seat else None) or ""
    if post.unit_id != paper.issuer.id:
        return _by_mandate(session, paper, post, seat, name=name, rank=rank, hold=hold)
    return signing.signature_block(
        collective=_collective(session, paper),
        head_title=head_title(session, paper) or post.title_vi,
        post=_signs_as(post, seat),
        signer_title=post.title_vi,
        name=name,
        rank=rank,
        other_post=_in_agency(session, paper, signer_id),
    )


def _signs_as(post: Post, seat: Holding | None) -> SignerPost:
    return "acting" if seat and seat.acting else SIGNS_AS[post.kind]


def _collective(session: Session, paper: Paper) -> str:
    """The body that decides together; a document of its Chairman himself is none of it."""
    if paper.of_head or paper.issuer.kind not in COLLECTIVE_KINDS:
        return ""
    return signing.collective_of(headers.printed_on(session, paper.issuer, paper.day).name)


def _in_agency(session: Session, paper: Paper, signer_id: int) -> str:
    """Appendix I.II.7.b: the post of a steering body's member in the agency whose seal the body uses."""
    agency = paper.issuer.seal_unit
    if agency is None:
        return ""
    seats = [
        post
        for post in units.other_seats(session, signer_id, paper.issuer.id, paper.day)
        if post.kind in MEMBERS
        and (post.unit_id == agency.id or units.stands_below(session, post.unit_id, agency.id))
        and post.unit.kind != "steering_body"
    ]
    if not seats:
        raise Refusal("no_post_in_agency", {"issuer": paper.issuer.name, "unit": agency.name})
    own = min(seats, key=lambda post: (post.unit_id != agency.id, MEMBERS.index(post.kind), post.id))
    return signing.title_in(own.title_vi, own.unit.name_vi)


# -- by order and by authorisation -----------------------------------------------------------------------------


def _by_mandate(
    session: Session, paper: Paper, post: Post, seat: Holding | None, *, name: str, rank: str, hold: bool
) -> SignatureBlock:
    given, signs_as = mandates_for(session, paper.issuer.id, post, hold=hold), _signs_as(post, seat)
    found = signing.chosen(given, kind=paper.kind, template=paper.template, day=paper.day, post=signs_as)
    if isinstance(found, signing.Lacking):
        raise _without_authority(paper, post, found)
    holder = units.head_title(session, post.unit_id, paper.day) or post.title_vi
    return signing.mandate_block(
        kind=found.kind,
        head_title=head_title(session, paper),
        holder_title=found.printed_title or signing.title_in(holder, _said_of(post.unit)),
        post=signs_as,
        signer_title=signing.title_in(post.title_vi, _said_of(post.unit)),
        name=name,
        rank=rank,
    )


def _said_of(unit: Unit) -> str:
    """What of a unit's name stands after the title of its post: of the committee's own office, nothing."""
    return "" if unit.kind == "ppc_office" else unit.name_vi


def mandates_for(session: Session, issuer_id: int, post: Post, *, hold: bool = False) -> Sequence[Mandate]:
    """What was ever given to a head, or to the head of a deputy, to sign for an issuer; the rules ask for the day.

    Args:
        session: any transaction; one that may write where `hold` is asked for.
        issuer_id: whose documents.
        post: of the head who signs, or of a deputy of his.
        hold: as for `signature`.
    """
    asked = select(SigningAuthority).join(Post, Post.id == SigningAuthority.signer_post_id)
    whose = Post.id == post.id if post.kind == "head" else Post.unit_id == post.unit_id
    asked = asked.where(SigningAuthority.issuer_id == issuer_id, whose).order_by(SigningAuthority.id)
    if hold:
        asked = asked.with_for_update(read=True, of=SigningAuthority)
    rows = session.scalars(asked.execution_options(populate_existing=True)).all()
    return [mandate_of(row) for row in rows]


def given_by(session: Session, issuer_id: int) -> Sequence[SigningAuthority]:
    """What was ever given to sign for an issuer and not taken back; the rules ask for the day.

    Args:
        session: any transaction.
        issuer_id: whose documents.
    """
    asked = select(SigningAuthority).where(
        SigningAuthority.issuer_id == issuer_id, SigningAuthority.revoked_at.is_(None)
    )
    return session.scalars(asked.order_by(SigningAuthority.id.desc())).all()


def mandate_of(row: SigningAuthority) -> Mandate:
    """A row of the register, as the rules see it."""
    return signing.Mandate(
        key=row.id,
        kind="TUQ" if row.kind == signing.BY_AUTHORISATION else "TL",
        first=row.valid_from,
        last=row.last_day,
        types=frozenset(row.types),
        templates=frozenset(row.templates),
        with_deputies=row.with_deputies,
        is_revoked=row.revoked_at is not None,
        document=row.grounds,
        printed_title=row.printed_title or "",
    )


def _without_authority(paper: Paper, post: Post, lacking: Lacking) -> Refusal:
    """What is missing, for people: the document that comes nearest and its days."""
    nearest = lacking.mandate
    missing = {
        "why": lacking.why,
        "document": nearest.document if nearest else "",
        "from": nearest.first.isoformat() if nearest else "",
        "to": nearest.last.isoformat() if nearest and nearest.last else "",
    }
    params = {"post": post.title, "unit": post.unit.name, "issuer": paper.issuer.name, "lacking": missing}
    return Refusal("signer_without_authority", params)


def refusal_of(session: Session, paper: Paper, signer_id: int, post_id: int) -> Refusal | None:
    """Why somebody could not sign a document today, asked before he decides; None where he can.

    Args:
        session: any transaction.
        paper: what would be signed.
        signer_id: the account.
        post_id: the post it would decide in.
    """
    try:
        signature(session, paper, signer_id, post_id)
    except Refusal as refusal:
        return refusal
    except DecreeError as error:
        return Refusal(error.code, error.params)
    return None
