"""Files: kept under the hash of their content, judged by their content, never trusted for their name."""

from __future__ import annotations

import hashlib
import io
import os
import tempfile
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import puremagic
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, utc_now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

LONGEST_NAME = 200
MOST_MEMBERS = 2000
MEGABYTE = 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What may be uploaded: the file's kind and the type it is served as."""

OFFICE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


class BadFileError(Exception):
    """An upload is refused.

    Attributes:
        code: `empty_file`, `unknown_kind`, `wrong_extension`, `macro_file` or `zip_too_large`; for one place also
            `kind_not_taken` and `file_over_limit`.
        name: the file's name as the user sees it.
        more: what else the sentence says.
    """

    def __init__(self, code: str, name: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.name = name
        self.more = more


class StoredFile(Base):
    """One upload, issued document or page of a preview; its bytes lie under `sha256` in the data folder."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("ix_stored_file_sha256", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    kind: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id", name="fk_stored_file_user"))
    uploaded_at: Mapped[datetime] = mapped_column(default=utc_now)

    @property
    def media_type(self) -> str:
        """The type it is served as, from its content."""
        return MEDIA_TYPES[self.kind]


@dataclass(frozen=True)
class FileStore:
    """The folder of files, two levels deep by hash."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the bytes of this hash lie."""
        return self.root / sha256[:2] / sha256

    def put(self, content: bytes) -> str:
        """Write bytes once and durably.

        Returns:
            their SHA-256 in hexadecimal.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write(path, content)
        return sha256

    def _write(self, path: Path, content: bytes) -> None:
        # Renamed into place when whole, so a crash leaves no half file under a true hash.
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

    def read(self, sha256: str) -> bytes:
        """The bytes of this hash.

        Raises:
            FileNotFoundError: the folder was damaged.
        """
        return self.path(sha256).read_bytes()


def clean_name(name: str) -> str:
    """A name that is safe to show and to offer for download: NFC, no path, no control or direction marks."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C").strip(". ")
    stem, dot, extension = visible.rpartition(".")
    return f"{stem[: LONGEST_NAME - 10]}{dot}{extension[:8]}" if dot else visible[:LONGEST_NAME] or "tep"


def _office_kind(content: bytes, name: str) -> str | None:
    """Which office format a zip is, judged by its members and without unpacking it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        return None
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        raise BadFileError("zip_too_large", name)
    names = {member.filename for member in members}
    if any(member.lower().endswith("vbaproject.bin") for member in names):
        raise BadFileError("macro_file", name)
    return next((kind for kind, part in OFFICE_PARTS.items() if part in names), None)


def _sniff(content: bytes, name: str) -> str | None:
    if content.startswith(b"PK"):
        return _office_kind(content, name)
    try:
        found = str(puremagic.from_string(content)).lstrip(".")
    except puremagic.PureError:
        return None
    return {"jpeg": "jpg", "jfif": "jpg"}.get(found, found)


def kind_of(content: bytes, name: str) -> str:
    """The kind of an upload by its content, which its extension must agree with.

    Raises:
        BadFileError: empty, of no allowed kind, or dressed as another.
    """
    if not content:
        raise BadFileError("empty_file", name)
    kind = _sniff(content, name)
    if kind not in MEDIA_TYPES:
        raise BadFileError("unknown_kind", name)
    extension = name.rpartition(".")[2].lower()
    if {"jpeg": "jpg"}.get(extension, extension) != kind:
        raise BadFileError("wrong_extension", name)
    return kind


def refuse_unwanted(content: bytes, name: str, kinds: Sequence[str], megabytes: int | None) -> None:
    """See that an upload is what one place takes.

    Args:
        content: the bytes.
        name: what the user calls it.
        kinds: those of `MEDIA_TYPES` that the place takes; all of them where none is named.
        megabytes: the largest that it takes; None for any size.

    Raises:
        BadFileError: as `kind_of`; `kind_not_taken`, `file_over_limit`.
    """
    shown = clean_name(name)
    if megabytes is not None and len(content) > megabytes * MEGABYTE:
        raise BadFileError("file_over_limit", shown, max=megabytes)
    if kinds and kind_of(content, shown) not in kinds:
        raise BadFileError("kind_not_taken", shown, kinds=", ".join(kind.upper() for kind in kinds))


def keep(session: Session, store: FileStore, content: bytes, name: str, user_id: int | None) -> StoredFile:
    """Store an upload.

    Args:
        session: the transaction that will refer to it.
        store: the folder.
        content: the bytes.
        name: what the user calls it.
        user_id: who uploaded it; None for what the portal made itself.

    Raises:
        BadFileError: it is refused; nothing is stored.
    """
    shown = clean_name(name)
    kind = kind_of(content, shown)
    file = StoredFile(sha256=store.put(content), name=shown, kind=kind, size=len(content), uploaded_by=user_id)
    session.add(file)
    session.flush()
    return file
