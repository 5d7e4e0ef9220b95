"""Restoring a backup: everything is verified before the restore is said to be done, and nothing is overwritten."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from portal import audit, checkpoints
from portal.archive import BackupError, Manifest, unpack
from portal.db import snapshot, utc_now
from portal.dbcopy import POSTGRES_FILE, SQLITE_FILE, copy_in, faults_of_copy, is_empty, opened
from portal.files import StoredFile

if TYPE_CHECKING:
    from collections.abc import Collection

    from portal.db import Database
    from portal.files import FileStore

FORGOTTEN: set[str] = set()
"""Port: tables that are emptied by a restore. A session that was ended since the backup must not come back to life."""


@dataclass(frozen=True)
class Target:
    """Where a backup is restored to.

    Attributes:
        database: of the portal that is to be.
        store: its files.
        checkpoints: its folder of checkpoints.
        own_key: the file of the key that signs there.
        revisions: the migrations that this program knows.
    """

    database: Database
    store: FileStore
    checkpoints: Path
    own_key: Path
    revisions: Collection[str]


@dataclass(frozen=True)
class Restored:
    """What was restored.

    Attributes:
        manifest: of the backup.
        entries: how many entries of the audit log were walked.
        files: how many files the database refers to, all of them there.
        former: where the database is that was there before; empty when there was none.
    """

    manifest: Manifest
    entries: int
    files: int
    former: str


def restore(source: Path, target: Target, *, overwrite: bool = False) -> Restored:
    """Put a backup in place.

    Args:
        source: the archive.
        target: where to; nobody else uses it now.
        overwrite: put aside what is there, instead of refusing.

    Raises:
        BackupError: what is there is not empty, or the backup does not hold; for an SQLite database nothing has been
            touched then. PostgreSQL can only be asked after its rows are in: the message says whether they are.
    """
    if not overwrite:
        _refuse_full(target)
    root = target.store.root.parent
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix=".restore-") as name:
        folder = Path(name)
        manifest = unpack(source, folder)
        copy = folder / "database" / _copy_name(manifest, target)
        if copy.name == SQLITE_FILE:
            _check_sqlite(copy, manifest, folder, target)
        _place_files(folder, target)
        former = copy_in(target.database, copy)
        _place_checkpoints(folder, target)
    return _conclude(target, manifest, former)


def _refuse_full(target: Target) -> None:
    there = [] if is_empty(target.database) else ["the database"]
    there += [str(path) for path in (target.store.root, target.checkpoints) if path.exists() and any(path.iterdir())]
    if there:
        raise BackupError(f"there is something already: {', '.join(there)}. With --overwrite it is put aside and kept.")


def _copy_name(manifest: Manifest, target: Target) -> str:
    wanted = POSTGRES_FILE if target.database.is_postgres() else SQLITE_FILE
    if manifest.names("database") != {wanted}:
        kind = manifest.facts.get("database")
        raise BackupError(f"the backup is of a {kind} database; restore it to one, as DATABASE_URL says")
    return wanted


def _check_sqlite(copy: Path, manifest: Manifest, folder: Path, target: Target) -> None:
    faults = faults_of_copy(copy)
    if not faults:
        with opened(copy) as database:
            faults = _faults(database, manifest, folder / "checkpoints", target.revisions)
    if faults:
        raise BackupError(*faults, "Nothing was restored.")


def _faults(database: Database, manifest: Manifest, signed: Path, revisions: Collection[str]) -> list[str]:
    """Everything that does not hold: migration, audit log, checkpoints, files."""
    book = checkpoints.read(signed)
    with snapshot(database) as session:
        revision = MigrationContext.configure(session.connection()).get_current_revision()
        if revision not in revisions:
            return [f"database: its migration {revision} is unknown to this version of the portal; install a newer one"]
        _count, breaks = audit.verify(session, book.anchors)
        head = audit.newest(session)
        missing = set(session.scalars(select(StoredFile.sha256))) - manifest.names("files")
    faults = [f"audit log: entry {each.seq}: {each.why}" for each in breaks]
    faults += [f"checkpoint {each.line}: {each.why}" for each in book.problems]
    if [head.seq, head.digest] != manifest.facts.get("audit"):
        faults.append(f"audit log: it ends at entry {head.seq}, the manifest says otherwise")
    return faults + [f"files/{sha256[:2]}/{sha256}: the database refers to it, and it is missing" for sha256 in missing]


def _place_files(folder: Path, target: Target) -> None:
    """Files go in before the database that names them; each under the hash that was just compared."""
    for path in sorted((folder / "files").glob("*/*")):
        place = target.store.path(path.name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(place)


def _place_checkpoints(folder: Path, target: Target) -> None:
    there = target.checkpoints
    if there.exists() and any(there.iterdir()):
        _put_aside(there)
    if (folder / "checkpoints").exists():
        there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(folder / "checkpoints", there, dirs_exist_ok=True)
    key = checkpoints.private_key(target.own_key)
    if key and checkpoints.fingerprint(key.public_key()) not in checkpoints.read(there).keys:
        _put_aside(target.own_key)  # it never signed this log; the next checkpoint is made under a new one


def _put_aside(path: Path) -> None:
    path.replace(path.with_name(f"{path.stem}-before-restore-{utc_now():%Y%m%d%H%M%S%f}{path.suffix}"))


def _conclude(target: Target, manifest: Manifest, former: str) -> Restored:
    """Verify what lies in place now, end every session of before, and write the restore into the log.

    Raises:
        BackupError: it does not hold.
    """
    faults = _faults(target.database, manifest, target.checkpoints, target.revisions)
    with Session(target.database.engine) as session:
        named = sorted(set(session.scalars(select(StoredFile.sha256)))) if not faults else []
        faults += [
            f"{each}: it is not in the folder of files" for each in named if not target.store.path(each).exists()
        ]
        if faults:
            raise BackupError(*faults, "The backup was put in place and does not hold: do not start the portal on it.")
        entries = audit.newest(session).seq
        _forget(session)
        details: dict[str, Any] = {"manifest": manifest.sha256, "made_at": manifest.facts.get("made_at")}
        audit.record(session, actor="system", action="backup_restored", kind="backup", key="portal", details=details)
        session.commit()
    return Restored(manifest, entries, len(named), former)


def _forget(session: Session) -> None:
    there = set(inspect(session.connection()).get_table_names())
    for table in sorted(FORGOTTEN & there):
        session.execute(text(f'DELETE FROM "{table}"'))  # noqa: S608 - a name of our own
