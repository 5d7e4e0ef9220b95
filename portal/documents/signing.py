"""Who signs for whom: boxes 7a and 7b, and what an order or an authorisation to sign covers.

Sources in Decree 30/2020: article 13 says who may sign, appendix I.II.7 what stands above the signature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from portal.documents.rules import DecreeError

if TYPE_CHECKING:
    from collections.abc import Iterable

SignerPost: TypeAlias = Literal["head", "deputy", "acting"]
"""The post the signer holds: head, deputy of the head, or acting head (quyền)."""

MandateKind: TypeAlias = Literal["TL", "TUQ"]
"""By order (thừa lệnh, article 13.4), or by authorisation (thừa ủy quyền, article 13.3)."""

BY_ORDER: MandateKind = "TL"
BY_AUTHORISATION: MandateKind = "TUQ"
MANDATES: tuple[MandateKind, ...] = (BY_ORDER, BY_AUTHORISATION)

Lack: TypeAlias = Literal["none", "revoked", "not_begun", "over", "scope", "deputies"]
"""What is missing where a mandate does not let somebody sign."""

HEAD_HIMSELF_SINCE = date(2025, 3, 1)
"""Law on Organisation of Local Government 65/2025/QH15, in force from that day: documents of the Chairman himself."""

HEADED_BY_A_CHAIRMAN = frozenset({"ppc", "dpc", "cpc"})
"""Kinds of units whose head has documents of his own beside those of the committee."""

OF_THE_HEAD = "CT"
"""What the committee's symbol begins with on a document of its Chairman himself, as in 44/2025/QĐ-CTUBND."""

BODIES = ("ỦY BAN NHÂN DÂN", "HỘI ĐỒNG", "BAN CHỈ ĐẠO", "BAN TỔ CHỨC", "TỔ CÔNG TÁC", "TỔ GIÚP VIỆC")
"""What stands after TM.: the kind of body, without what it is about."""

ACADEMIC_TITLE = re.compile(r"^(?:GS|PGS|TSKH|TS|ThS|BS|KS|CN|LS|NSND|NSƯT|NGND|NGƯT|TTND|TTƯT)\b", re.IGNORECASE)


@dataclass(frozen=True)
class SignatureBlock:
    """Boxes 7a and 7b as printed.

    Attributes:
        authority_lines: 7a in capitals, for example "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH".
        post_line: 7b, the signer's other post above the name, or empty.
        name: 7b, the signer's name after the rank, if any.
    """

    authority_lines: tuple[str, ...]
    post_line: str
    name: str


@dataclass(frozen=True)
class Mandate:
    """What lets the head of a part of an issuer sign in the name of the issuer's head.

    Attributes:
        key: of the row it was read from.
        kind: by order or by authorisation.
        first: the first day on which it holds.
        last: the last one; None while no end is known.
        types: abbreviations of the types of documents it is for.
        templates: keys of the templates it is for; with neither types nor templates it is for every document.
        with_deputies: whether deputies of that head may sign in his stead (article 13.4).
        is_revoked: whether it was taken back.
        document: the number and symbol of the document that says so.
        printed_title: what stands below TL. or TUQ. instead of the title made of post and unit; mostly empty.
    """

    key: int
    kind: MandateKind
    first: date
    last: date | None
    types: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    with_deputies: bool = False
    is_revoked: bool = False
    document: str = ""
    printed_title: str = ""


@dataclass(frozen=True)
class Lacking:
    """Why somebody may not sign.

    Attributes:
        why: what is missing.
        mandate: the mandate that comes nearest; None where there is none at all.
    """

    why: Lack
    mandate: Mandate | None = None


def signature_block(
    *,
    collective: str,
    head_title: str,
    post: SignerPost,
    signer_title: str,
    name: str,
    rank: str = "",
    other_post: str = "",
) -> SignatureBlock:
    """Article 13.1, 13.2: who signs by his own post; TM. for a collective body, KT. for a deputy, Q. if acting.

    Args:
        collective: The body that decides together, "Ủy ban nhân dân"; empty where one head decides.
        head_title: The head's title, "Chủ tịch".
        post: What the signer is to the head.
        signer_title: The signer's own title, "Phó Chủ tịch"; printed for a deputy.
        name: The signer's name, without academic or honorary titles.
        rank: An armed-forces rank that is printed before the name, "Thượng tá".
        other_post: The post in the agency that a member of an advisory body signs with, above the name.

    Raises:
        DecreeError: `no_signer` without a name, `academic_title` for one that begins with such a title.
    """
    body = [f"TM. {collective}"] if collective else []
    return _block([*body, *_by_post(head_title, post, signer_title)], other_post, rank, name)


def mandate_block(
    *,
    kind: MandateKind,
    head_title: str,
    holder_title: str,
    post: SignerPost,
    signer_title: str,
    name: str,
    rank: str = "",
) -> SignatureBlock:
    """Article 13.3, 13.4: who signs by order (TL.) or by authorisation (TUQ.) of the issuer's head; never with TM.

    Args:
        kind: by order or by authorisation.
        head_title: Of the issuer's head, "Chủ tịch".
        holder_title: Of the head who has it, "Chánh Văn phòng", "Giám đốc Sở Nội vụ".
        post: What the signer is to that head.
        signer_title: The signer's own title, "Phó Chánh Văn phòng"; printed for a deputy.
        name: As for `signature_block`.
        rank: As for `signature_block`.

    Raises:
        DecreeError: As `signature_block`.
    """
    return _block([f"{kind}. {head_title}", *_by_post(holder_title, post, signer_title)], "", rank, name)


def _by_post(head_title: str, post: SignerPost, signer_title: str) -> list[str]:
    return {
        "head": [head_title],
        "deputy": [f"KT. {head_title}", signer_title],
        "acting": [f"Q. {head_title}"],
    }[post]


def _block(lines: list[str], other_post: str, rank: str, name: str) -> SignatureBlock:
    if not name.strip():
        raise DecreeError("no_signer")
    if title := ACADEMIC_TITLE.match(name.strip()):
        raise DecreeError("academic_title", {"title": title[0], "name": name})
    return SignatureBlock(tuple(line.upper() for line in lines), other_post.upper(), f"{rank} {name}".strip())


def collective_of(header_name: str) -> str:
    """Appendix I.II.7.a: what stands after TM.: "ỦY BAN NHÂN DÂN", "BAN CHỈ ĐẠO"; the first line where no kind fits.

    Args:
        header_name: the issuer as printed in box 2, one line of the document per line.
    """
    first, whole = header_name.splitlines()[0].upper(), " ".join(header_name.split()).upper()
    return next((body for body in BODIES if whole.startswith(body)), first)


def title_in(title: str, unit: str) -> str:
    """Appendix I.II.7.b: a post by its full name, the words that title and unit share said once.

    Args:
        title: "Giám đốc", "Trưởng phòng".
        unit: "Sở Nội vụ", "Phòng Tư pháp"; empty where the title says it all.

    Returns:
        "Giám đốc Sở Nội vụ", "Trưởng phòng Tư pháp".
    """
    of_post, of_unit = title.split(), unit.split()
    shared = next(
        (
            number
            for number in range(min(len(of_post), len(of_unit)), 0, -1)
            if [word.casefold() for word in of_post[-number:]] == [word.casefold() for word in of_unit[:number]]
        ),
        0,
    )
    return " ".join((*of_post, *of_unit[shared:]))


def chosen(mandates: Iterable[Mandate], *, kind: str, template: str, day: date, post: SignerPost) -> Mandate | Lacking:
    """The mandate by which somebody signs a document, or what is missing in the one that comes nearest.

    An authorisation comes before an order, for it was given for the case; of several, the one that began last.

    Args:
        mandates: what was ever given to his post for this issuer.
        kind: the type of the document, one of `decree.TYPES`.
        template: the key of its template.
        day: the day of issue; the first and the last day of a mandate belong to it.
        post: what he is to the head who has it.
    """
    faults = {each: _faults(each, kind, template, day, post) for each in mandates}
    order = sorted(faults, key=lambda each: (each.kind == BY_AUTHORISATION, each.first, each.key), reverse=True)
    for mandate in order:
        if not faults[mandate]:
            return mandate
    nearest = min(order, key=lambda each: len(faults[each]), default=None)
    return Lacking("none") if nearest is None else Lacking(faults[nearest][0], nearest)


def is_for(mandate: Mandate, kind: str, template: str) -> bool:
    """Whether a mandate is for a type of document or for a template; one that names nothing is for every document."""
    is_for_all = not mandate.types and not mandate.templates
    return is_for_all or kind in mandate.types or template in mandate.templates


def _faults(mandate: Mandate, kind: str, template: str, day: date, post: SignerPost) -> list[Lack]:
    tests: tuple[tuple[Lack, bool], ...] = (
        ("revoked", mandate.is_revoked),
        ("not_begun", day < mandate.first),
        ("over", mandate.last is not None and day > mandate.last),
        ("scope", not is_for(mandate, kind, template)),
        ("deputies", post == "deputy" and not mandate.with_deputies),
    )
    return [lack for lack, holds in tests if holds]


def refuse_head_himself(kind: str, day: date) -> None:
    """A document of a Chairman himself: only of a people's committee's, and only since the law of 2025 is in force.

    Args:
        kind: of the issuing unit.
        day: the day of issue.

    Raises:
        DecreeError: `no_chairman`, `before_the_law`.
    """
    if kind not in HEADED_BY_A_CHAIRMAN:
        raise DecreeError("no_chairman")
    if day < HEAD_HIMSELF_SINCE:
        raise DecreeError("before_the_law", {"day": HEAD_HIMSELF_SINCE.isoformat()})
