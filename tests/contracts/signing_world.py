"""What the matrix has of signatures: who signs by order, who once did, and a unit called otherwise soon."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from portal.documents.authorities import revoke, settle_authority
from portal.documents.models import SigningAuthority
from portal.security import today
from portal.units.models import Post, Unit, UnitHeader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.security import Actor


def signing(session: Session, admin: Actor, own: Unit, ubnd: Unit) -> Iterator[tuple[str, str, Any]]:
    """Enter them, the second one revoked; gives what kind each is, what the table calls it, and its row."""
    office = session.scalars(select(Unit).where(Unit.code == "VPUBND")).one()
    heads = select(Post).where(Post.kind == "head", Post.unit_id.in_([ubnd.id, office.id]))
    posts = {post.unit_id: post for post in session.scalars(heads)}
    for name in ("in force", "revoked"):
        facts = {"kind": "TL", "grounds": f"45/{name}", "grounds_on": date(2024, 1, 1), "types": [], "templates": []}
        who = {"issuer": ubnd, "source_post": posts[ubnd.id], "signer_post": posts[office.id]}
        row = SigningAuthority(**facts, **who, with_deputies=True, valid_from=date(2024, 1, 2))
        with session.no_autoflush:
            settle_authority(session, admin, row)
        session.add(row)
        session.flush()
        if name == "revoked":
            revoke(session, admin, row.id)
        yield "authority", name, row
    said = {"header_name": "SỞ MỚI", "place_name": "Gia Lai", "symbol": "SM", "grounds": "428/NQ-HĐND"}
    header = UnitHeader(unit=own, valid_from=today() + timedelta(days=30), **said)
    session.add(header)
    session.flush()
    yield "unit_header", "any", header
