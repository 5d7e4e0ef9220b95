"""What anybody may know of a released document, found by its code or by its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import undefer

from portal.definitions.decree import LETTER, LETTER_NAME, TYPE_NAMES
from portal.documents.codes import read_code
from portal.documents.models import RELEASED, OfficialDocument
from portal.documents.service import content_of
from portal.files import StoredFile
from portal.signatures.models import ArchiveStamp
from portal.verification.revisions import hashes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

CORRECTED, REPLACED, RECALLED = "corrected", "replaced", "recalled"
"""What may become of a document after its release."""


@dataclass(frozen=True)
class Fate:
    """Something that became of a document after its release.

    Attributes:
        kind: `CORRECTED`, `REPLACED` or `RECALLED`.
        words: the sentence that tells it, for everybody: by which document, when.
    """

    kind: str
    words: str


FATES: dict[str, Callable[[Session, int], Sequence[Fate]]] = {}
"""Port: who knows what becomes of documents → what became of the one with this key, in its order; filled by `app`."""


@dataclass(frozen=True)
class Signer:
    """Who signed, as it is printed.

    Attributes:
        lines: in whose name and in which post, as in "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH".
        name: his.
    """

    lines: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Known:
    """What anybody may know of a released document, as it was printed.

    Attributes:
        reference: number and symbol.
        kind: the name of its type.
        subject: what it is about; empty where that is not for everybody.
        issuer: the lines of its header.
        dated_on: the day of issue.
        signers: one, or two of a joint document.
        pages: how many it has; None where nobody counted.
        sha256: of the released file.
        fates: what became of it since.
    """

    reference: str
    kind: str
    subject: str
    issuer: tuple[str, ...]
    dated_on: date
    signers: tuple[Signer, ...]
    pages: int | None
    sha256: str
    fates: tuple[Fate, ...]

    @property
    def holds(self) -> bool:
        """Whether it is still as it was released, but for corrections."""
        return not {REPLACED, RECALLED} & {fate.kind for fate in self.fates}


@dataclass(frozen=True)
class Match:
    """A released document that a file is, or that it begins with.

    Attributes:
        known: the document.
        is_whole: whether the file is the released one, byte by byte; otherwise something was added to it.
    """

    known: Known
    is_whole: bool


def is_public() -> ColumnElement[bool]:
    """Which documents the public page knows at all: those that are released, signed and sealed."""
    return OfficialDocument.status == RELEASED


def find_by_code(session: Session, typed: str) -> Known | None:
    """The released document with this code; None as well for one that is not released, by the same single query.

    Args:
        session: any transaction.
        typed: by whoever holds the paper.
    """
    document = session.scalars(_public().where(OfficialDocument.verification_code == read_code(typed))).one_or_none()
    return known_of(session, document) if document else None


def find_by_file(session: Session, content: bytes) -> Match | None:
    """The released document that a file is or begins with; nothing in it is read but its bytes.

    Args:
        session: any transaction.
        content: of any origin.
    """
    hashes = hashes_of(content)
    documents = _by_hash(session, hashes)
    longest = next((each for each in hashes if each in documents), None)
    return Match(known_of(session, documents[longest]), longest == hashes[0]) if longest else None


def _by_hash(session: Session, hashes: Sequence[str]) -> dict[str, OfficialDocument]:
    """The documents that have or had a file of such a hash; each renewal of a time stamp made it another file."""
    now = _public().join(OfficialDocument.file).where(StoredFile.sha256.in_(hashes))
    documents = {document.file.sha256: document for document in session.scalars(now) if document.file}
    before = (
        _public().add_columns(StoredFile.sha256).join(ArchiveStamp, ArchiveStamp.document_id == OfficialDocument.id)
    )
    of_then = before.join(StoredFile, StoredFile.id == ArchiveStamp.file_id).where(StoredFile.sha256.in_(hashes))
    return documents | {sha256: document for document, sha256 in session.execute(of_then)}


def known_of(session: Session, document: OfficialDocument) -> Known:
    """What anybody may know of a document that `is_public`.

    Its subject is said only where its template says so and no mark of box 11 keeps it among a few: that a document
    bears a number is in no way secret, but what a report is about may be for its recipients.
    """
    content, metadata = content_of(document), document.template.body["metadata"]
    says_subject = metadata.get("verification") == "with_subject" and not content.get("circulation")
    assert document.file
    return Known(
        reference=str(document),
        kind=LETTER_NAME if metadata["type"] == LETTER else TYPE_NAMES[metadata["type"]],
        subject=document.subject if says_subject else "",
        issuer=(*content["issuer"]["superior_lines"], *content["issuer"]["name_lines"]),
        dated_on=document.issued_on,
        signers=_signers(content),
        pages=document.pages,
        sha256=document.file.sha256,
        fates=tuple(fate for told in FATES.values() for fate in told(session, document.id)),
    )


def _public() -> Select[OfficialDocument]:
    return select(OfficialDocument).where(is_public()).options(undefer(OfficialDocument.content))


def _signers(content: Mapping[str, Any]) -> tuple[Signer, ...]:
    blocks = [block for block in (content.get("cosignature"), content["signature"]) if block]
    return tuple(
        Signer((*block["authority_lines"], *([block["post_line"]] if block["post_line"] else [])), block["name"])
        for block in blocks
    )
