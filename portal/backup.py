"""Making a backup: database, files and checkpoints of one moment in one archive, while the portal is in use."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.migration import MigrationContext
from sqlalchemy import select

from portal import audit
from portal.archive import BackupError, Manifest, Packer
from portal.checkpoints import LINES
from portal.db import utc_now
from portal.dbcopy import copied_out
from portal.files import StoredFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from portal.db import Database
    from portal.files import FileStore


def make(database: Database, store: FileStore, checkpoints: Path, target: Path) -> Manifest:
    """Write a backup.

    The order makes it whole without stopping anyone: checkpoints first, so that they know no entry that the database
    does not; then the database; then the files, which are written before a row names them and are never removed.

    Args:
        database: whose moment it is.
        store: the files.
        checkpoints: their folder.
        target: the archive, which must not be there yet.

    Raises:
        BackupError: the target is there, a file is missing or damaged, or PostgreSQL's programs fail; nothing is left.
    """
    if target.exists():
        raise BackupError(f"{target}: it is there already; choose another name")
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        packer = Packer(target)
    except FileExistsError as error:
        raise BackupError(f"{error.filename}: another backup is being made, or was interrupted; remove it") from None
    try:
        return _fill(packer, database, store, checkpoints)
    except BaseException:
        packer.give_up()
        raise


def _fill(packer: Packer, database: Database, store: FileStore, checkpoints: Path) -> Manifest:
    for path in _signed(checkpoints):
        packer.add(f"checkpoints/{path.name}", path)
    with (
        tempfile.TemporaryDirectory(dir=packer.target.parent, prefix=".backup-") as folder,
        copied_out(database, Path(folder)) as (copy, session),
    ):
        packer.add(f"database/{copy.name}", copy)
        _add_files(packer, store, session)
        return packer.finish(_facts(database, session))


def _signed(folder: Path) -> Iterator[Path]:
    """The lines and public keys; the lines as they are, for later ones may be added meanwhile."""
    if (folder / LINES).exists():
        yield from sorted(folder.glob("*.jsonl"))
        yield from sorted(folder.glob("public-key-*.pem"))


def _add_files(packer: Packer, store: FileStore, session: Session) -> None:
    faults = []
    for sha256 in session.scalars(select(StoredFile.sha256).distinct().order_by(StoredFile.sha256)):
        name = f"files/{sha256[:2]}/{sha256}"
        try:
            if packer.add(name, store.path(sha256)) != sha256:
                faults.append(f"{name}: its content is not what its name says")
        except FileNotFoundError:
            faults.append(f"{name}: it is missing")
    if faults:
        raise BackupError(*faults)


def _facts(database: Database, session: Session) -> dict[str, Any]:
    head = audit.newest(session)
    return {
        "made_at": utc_now().isoformat(),
        "database": database.engine.dialect.name,
        "revision": MigrationContext.configure(session.connection()).get_current_revision(),
        "audit": [head.seq, head.digest],
    }
