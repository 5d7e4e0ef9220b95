"""Whether those whom a chain lets sign ever could: asked while it is drafted, and told before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext

from portal.definitions import service as definitions
from portal.documents.authorities import in_force
from portal.documents.authority import SIGNS_AS, mandate_of
from portal.documents.signing import HEADED_BY_A_CHAIRMAN, is_for
from portal.units import service as units
from portal.units.wiring import POST_KIND_NAMES
from portal.words import label

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from portal.documents.models import SigningAuthority
    from workflows.definition import Chain, IssueRule, Owner, Place


def doubtful(session: Session, chain: Chain) -> Iterator[tuple[str, str]]:
    """Documents of a chain that somebody would be asked to sign who never could.

    Args:
        session: any transaction.
        chain: one that can be read.

    Returns:
        paths in its body, each with what to heed there.
    """
    given = in_force(session)
    for number, rule in enumerate(chain.issues):
        asked = [(label(step.name), step.owner) for step in chain.stage(rule.after).deciding]
        if rule.cosigned_at:
            yield from _beside(chain, number, rule.cosigned_at)
        if chain.emergency:
            asked.append((gettext("Emergency approval"), chain.emergency.owner))
        kind = _type_of(session, rule.document)
        for name, owner in asked:
            never = [post for post in owner.posts if not could_sign(post, owner, rule, kind, given)]
            if never:
                yield f"issues[{number}]", _words(str(name), never)
        unit = units.unit_by_code(session, rule.issuer.unit or "") if rule.of_head else None
        if unit and unit.kind not in HEADED_BY_A_CHAIRMAN:
            words = gettext(
                "%(unit)s is no people's committee: it has no chairman with documents of his own.",
                unit=label(unit.name),
            )
            yield f"issues[{number}].of_head", str(words)


def _beside(chain: Chain, number: int, stage: str) -> Iterator[tuple[str, str]]:
    """Who would sign for the second unit and cannot: he signs for his own, so only its head and deputies do."""
    for step in chain.stage(stage).deciding:
        never = [post for post in step.owner.posts if post not in SIGNS_AS]
        if never:
            yield f"issues[{number}].cosigned_at", _words(str(label(step.name)), never)


def _words(step: str, posts: Sequence[str]) -> str:
    named = ", ".join(str(POST_KIND_NAMES.get(post, post)) for post in posts)
    return str(
        gettext(
            "“%(step)s”: the holder of this post cannot sign: %(posts)s. Only the issuer's head and his deputies can, "
            "and whoever has an authority in force to sign documents of this type by order (TL.) or by "
            "authorisation (TUQ.). If he decides last, his approval is refused.",
            step=step,
            posts=named,
        )
    )


def _type_of(session: Session, key: str) -> str:
    """The type of what a template makes, in force or drafted; empty where there is none yet."""
    found = definitions.in_force_or_drafted(session, "document", [key])
    metadata = found[0].body.get("metadata") if found else None
    return str(metadata.get("type", "")) if isinstance(metadata, dict) else ""


def could_sign(post: str, owner: Owner, rule: IssueRule, kind: str, given: Sequence[SigningAuthority]) -> bool:
    """Whether holders of a kind of post may be able to sign, whichever unit submits.

    Args:
        post: the kind of post.
        owner: whose step it is.
        rule: which document.
        kind: its type.
        given: the authorities that hold today or will.
    """
    if post not in SIGNS_AS:
        return False
    return could_be_one(owner, rule.issuer) or any(_lets(each, post, owner, rule, kind) for each in given)


def could_be_one(one: Place, other: Place) -> bool:
    """Whether two places may be the same unit for some submission."""
    if {one.place, other.place} == {"own", "parent"}:
        return False
    return one.unit == other.unit if one.place == other.place == "unit" else True


def _lets(row: SigningAuthority, post: str, owner: Owner, rule: IssueRule, kind: str) -> bool:
    of_issuer = rule.issuer.place != "unit" or row.issuer.code == rule.issuer.unit
    to_owner = owner.place != "unit" or row.signer_post.unit.code == owner.unit
    fits = is_for(mandate_of(row), kind, rule.document)
    return of_issuer and to_owner and fits and (post == "head" or row.with_deputies)
