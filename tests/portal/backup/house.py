"""A portal's data without its pages, to be backed up, and archives to be tampered with."""

from __future__ import annotations

import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import audit, backup, cli, files, restore
from portal.archive import BackupError
from portal.files import FileStore, StoredFile
from portal.restore import Target
from portal.signer import Signer
from tests.uploads import PDF

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from portal.db import Database

    Change = Callable[[str, bytes], bytes | None]


ON_BOTH = pytest.mark.parametrize("where", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
"""For what the databases do differently; archives are archives."""


@dataclass
class House:
    """A portal's data without its pages.

    Attributes:
        folder: its data folder.
        database: its database.
    """

    folder: Path
    database: Database

    @property
    def store(self) -> FileStore:
        return FileStore(self.folder / "files")

    @property
    def signer(self) -> Signer:
        return Signer(self.database, self.folder / "checkpoints", self.folder / "checkpoint-key.pem", 15, 1000)

    @property
    def target(self) -> Target:
        known = cli.known_migrations(self.database)
        return Target(self.database, self.store, self.folder / "checkpoints", self.signer.own_key, known)

    def work(self, number: int) -> None:
        """What an upload does: a file, the row that names it, the entry about it, one commit."""
        with Session(self.database.engine) as session:
            content = PDF + f"{number} of {self.folder.name}".encode()
            file = files.keep(session, self.store, content, f"{number}.pdf", None)
            audit.record(session, actor="clerk", action="submission_file_attached", kind="submission", key=file.id)
            session.commit()

    def back_up(self, name: str = "kept.tar") -> Path:
        path = self.folder.parent / name
        backup.make(self.database, self.store, self.folder / "checkpoints", path)
        return path

    def names(self) -> list[str]:
        with Session(self.database.engine) as session:
            return list(session.scalars(select(StoredFile.name).order_by(StoredFile.id)))


def rewritten(source: Path, change: Change) -> Path:
    """A copy of an archive with other contents in it; what `change` answers None for is left out."""
    target = source.with_name("changed.tar")
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            file = old.extractfile(member)
            assert file is not None
            content = change(member.name, file.read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return target


def faults_of(source: Path, target: Target) -> str:
    with pytest.raises(BackupError) as refused:
        restore.restore(source, target)
    return str(refused.value)
