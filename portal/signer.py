"""Signing the audit log: walks what is new, and adds a checkpoint to the folder where the database cannot reach."""

from __future__ import annotations

import base64
import fcntl
import json
import logging
import os
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization as keys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.exc import SQLAlchemyError

from portal import audit
from portal.audit import Anchor, Break
from portal.checkpoints import LINES, Book, Checkpoint, Problem, fingerprint, private_key, public_file, read
from portal.db import snapshot, utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from portal.db import Database

log = logging.getLogger(__name__)

LOOK_SECONDS, ALARM_SECONDS = 10, 900


class UnsoundError(Exception):
    """Log or checkpoints do not hold, so nothing is signed.

    Attributes:
        breaks: what is wrong with the log.
        problems: what is wrong with the checkpoints that there are.
    """

    def __init__(self, breaks: tuple[Break, ...] = (), problems: tuple[Problem, ...] = ()) -> None:
        said = [f"entry {each.seq}: {each.why}" for each in breaks]
        super().__init__("; ".join(said + [f"checkpoint {each.line}: {each.why}" for each in problems]))
        self.breaks = breaks
        self.problems = problems


@dataclass(frozen=True)
class Signer:
    """Writes checkpoints into a folder.

    Attributes:
        database: whose log is signed.
        folder: where the checkpoints lie.
        own_key: the file of the key that signs; made at the first checkpoint.
        minutes: after how many minutes new entries are signed.
        entries: how many new entries are signed at once.
    """

    database: Database
    folder: Path
    own_key: Path
    minutes: int
    entries: int

    def sign(self, *, only_if_due: bool = False, anew: bool = False) -> Checkpoint | None:
        """Walk what is new since the last checkpoint, and sign how far the log has come.

        Args:
            only_if_due: leave a few young entries for later.
            anew: begin a new file of checkpoints; a former one is put aside and kept.

        Returns:
            None when there is nothing to sign.

        Raises:
            UnsoundError: what is new does not hold, what was signed is gone, or the checkpoints were tampered with.
            OSError: the folder cannot be written.
        """
        if anew:
            self._put_aside()
        with self._held() as file:
            book = read(self.folder, self.own_key)
            if book.problems and not anew:
                raise UnsoundError(problems=tuple(book.problems))
            with snapshot(self.database) as session:
                head = audit.newest(session)
                if not self._is_wanted(book, head, only_if_due=only_if_due):
                    return None
                _count, breaks = audit.verify(session, since=book.last)
            if head.seq <= book.last.seq:
                breaks = (Break(book.last.seq, "cut" if head.seq < book.last.seq else "checkpoint"),)
            if breaks:
                raise UnsoundError(breaks)
            return self._append(file, book, head)

    def _is_wanted(self, book: Book, head: Anchor, *, only_if_due: bool) -> bool:
        if head == book.last:
            return False
        if not only_if_due or not book.checkpoints or head.seq <= book.last.seq:
            return True
        age = utc_now() - book.checkpoints[-1].at
        return head.seq - book.last.seq >= self.entries or age >= timedelta(minutes=self.minutes)

    def _put_aside(self) -> None:
        if (self.folder / LINES).exists():
            (self.folder / LINES).replace(self.folder / f"until-{utc_now():%Y%m%d-%H%M%S-%f}-{LINES}")

    @contextmanager
    def _held(self) -> Iterator[BinaryIO]:
        """The file, for one writer at a time; a line that a crash left unfinished is taken off."""
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        with (self.folder / LINES).open("ab+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            file.truncate(file.read().rfind(b"\n") + 1)
            yield file

    def _append(self, file: BinaryIO, book: Book, head: Anchor) -> Checkpoint:
        """Write the line before the key is kept: a line without its key does no harm, a key without its line would."""
        known = private_key(self.own_key)
        key = known or Ed25519PrivateKey.generate()
        name = self._publish(key)
        made = Checkpoint(book.lines + 1, utc_now(), head.seq, head.digest, book.tail, name)
        signature = base64.b64encode(key.sign(made.signed())).decode()
        file.write(json.dumps({**made.said(), "signature": signature}).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        if known is None:
            self._keep(key)
        return made

    def _publish(self, key: Ed25519PrivateKey) -> str:
        public = key.public_key()
        path = public_file(self.folder, fingerprint(public))
        if not path.exists():
            path.write_bytes(public.public_bytes(keys.Encoding.PEM, keys.PublicFormat.SubjectPublicKeyInfo))
        return fingerprint(public)

    def _keep(self, key: Ed25519PrivateKey) -> None:
        """Write the private key, readable by its owner alone."""
        text = key.private_bytes(keys.Encoding.PEM, keys.PrivateFormat.PKCS8, keys.NoEncryption())
        self.own_key.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.own_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)


class Watchman:
    """Signs what is due between other work, and says in the log what stands in the way."""

    def __init__(self, signer: Signer) -> None:
        self.signer = signer
        self.next_look = 0.0

    def __call__(self) -> None:
        """Look if it is time to look; after an alarm less often, so that it is not drowned."""
        if time.monotonic() < self.next_look:
            return
        self.next_look = time.monotonic() + LOOK_SECONDS
        try:
            self.signer.sign(only_if_due=True)
        except UnsoundError as unsound:
            self.next_look = time.monotonic() + ALARM_SECONDS
            log.critical("the audit log is not signed, for it does not hold: %s", unsound)
        except (OSError, ValueError, SQLAlchemyError):
            log.exception("no checkpoint of the audit log could be written")
