"""Signed checkpoints of the audit log, read and checked: how far it had come, with which hash, said outside of it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization as keys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal import audit
from portal.audit import BEGINNING, GENESIS, Anchor, Break
from portal.db import snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from portal.db import Database

DOMAIN = "trinh-checkpoint-1"
LINES = "checkpoints.jsonl"
PRIVATE_KEY = "checkpoint-key.pem"
"""In the data folder. Whoever has it can sign, so it lies neither in the database nor in a backup."""


@dataclass(frozen=True)
class Checkpoint:
    """One line of the file.

    Attributes:
        number: which line; 1 for the first.
        at: when it was made.
        seq: the newest entry of the log then.
        digest: its hash.
        previous: SHA-256 of the line before; zeros for the first.
        key: fingerprint of the key that signed it.
    """

    number: int
    at: datetime
    seq: int
    digest: str
    previous: str
    key: str

    @property
    def anchor(self) -> Anchor:
        """What it says of the log."""
        return Anchor(self.seq, self.digest)

    def said(self) -> dict[str, Any]:
        """What is signed, and written."""
        return {**self.__dict__, "at": self.at.isoformat()}

    def signed(self) -> bytes:
        """The bytes under the signature."""
        return json.dumps([DOMAIN, self.said()], sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Problem:
    """What is wrong with the file of checkpoints itself.

    Attributes:
        line: where; 0 for the file as a whole.
        why: `missing`, `unreadable`, `no_public_key`, `signature`, `order` (lines are missing or were moved) or
            `other_key` (not signed by this portal's key).
    """

    line: int
    why: str


@dataclass
class Book:
    """A folder of checkpoints as it was read.

    Attributes:
        checkpoints: those whose signature holds, in their order.
        problems: everything that is wrong with the folder.
        lines: how many lines there are.
        tail: SHA-256 of the last one.
    """

    checkpoints: list[Checkpoint] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    tail: str = GENESIS

    @property
    def last(self) -> Anchor:
        """How far the log is signed."""
        return self.checkpoints[-1].anchor if self.checkpoints else BEGINNING

    @property
    def anchors(self) -> list[Anchor]:
        """What all of them say of the log."""
        return [each.anchor for each in self.checkpoints]

    @property
    def keys(self) -> list[str]:
        """The fingerprints of those who signed, the first one first."""
        return list(dict.fromkeys(each.key for each in self.checkpoints))


# -- keys ------------------------------------------------------------------------------------------------------


def fingerprint(key: Ed25519PublicKey) -> str:
    """Sixteen letters by which people tell keys apart."""
    raw = key.public_bytes(keys.Encoding.Raw, keys.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_file(folder: Path, name: str) -> Path:
    """Where the public key of a fingerprint lies."""
    return folder / f"public-key-{name}.pem"


def private_key(path: Path) -> Ed25519PrivateKey | None:
    """The key that signs; None before the first checkpoint.

    Raises:
        ValueError: the file holds something else.
    """
    if not path.exists():
        return None
    key = keys.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} holds no Ed25519 key")  # noqa: TRY004 - it is the file that is wrong
    return key


def _public_key(folder: Path, name: str) -> Ed25519PublicKey | None:
    try:
        key = keys.load_pem_public_key(public_file(folder, name).read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, Ed25519PublicKey) and fingerprint(key) == name else None


# -- reading ---------------------------------------------------------------------------------------------------


def read(folder: Path, own: Path | None = None) -> Book:
    """Read a folder of checkpoints and check every signature.

    Args:
        folder: with the file and the public keys; a copy that was kept elsewhere is the better witness.
        own: the file of the portal's own key. Lines of an earlier key may stand before its first one, for every
            line vouches for the one before; none may follow.
    """
    book, signer = Book(), private_key(own) if own else None
    mine = fingerprint(signer.public_key()) if signer else None
    if (folder / LINES).exists():
        for line in whole_lines((folder / LINES).read_bytes()):
            _take(book, folder, line)
    elif folder.exists():
        book.problems.append(Problem(0, "missing"))
    if mine and not book.problems:
        book.problems += _foreign(book, mine) if book.lines else [Problem(0, "missing")]
    return book


def whole_lines(content: bytes) -> list[bytes]:
    """The lines that were written to their end; a crash leaves at most one that was not."""
    return content.split(b"\n")[:-1]


def _take(book: Book, folder: Path, line: bytes) -> None:
    previous, book.tail, book.lines = book.tail, hashlib.sha256(line).hexdigest(), book.lines + 1
    try:
        checkpoint, signature = _parsed(line)
    except (ValueError, KeyError, TypeError, AttributeError):
        book.problems.append(Problem(book.lines, "unreadable"))
        return
    key = _public_key(folder, checkpoint.key)
    if why := "no_public_key" if key is None else _forged(key, checkpoint, signature):
        book.problems.append(Problem(book.lines, why))
        return
    if (checkpoint.number, checkpoint.previous) != (book.lines, previous) or checkpoint.seq <= book.last.seq:
        book.problems.append(Problem(book.lines, "order"))
    book.checkpoints.append(checkpoint)


def _parsed(line: bytes) -> tuple[Checkpoint, bytes]:
    told = json.loads(line)
    signature = base64.b64decode(told.pop("signature"), validate=True)
    return Checkpoint(**{**told, "at": datetime.fromisoformat(told["at"])}), signature


def _forged(key: Ed25519PublicKey, checkpoint: Checkpoint, signature: bytes) -> str:
    try:
        key.verify(signature, checkpoint.signed())
    except (InvalidSignature, TypeError):
        return "signature"
    return ""


def _foreign(book: Book, mine: str) -> list[Problem]:
    """Lines that follow one's own and are another's; or a file in which one's own are missing altogether."""
    signers = [each.key for each in book.checkpoints]
    if mine not in signers:
        return [Problem(0, "other_key")]
    later = book.checkpoints[signers.index(mine) :]
    return [Problem(each.number, "other_key") for each in later if each.key != mine]


def verify(database: Database, book: Book) -> tuple[int, tuple[Break, ...]]:
    """Walk the whole log in one snapshot and compare it with the checkpoints.

    Args:
        database: which may be in use.
        book: read before, so that it knows of no entry that the snapshot does not.
    """
    with snapshot(database) as session:
        return audit.verify(session, book.anchors)
