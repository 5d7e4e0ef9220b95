"""Backups: made while people write, restored elsewhere, verified; nothing that is there is overwritten."""

from __future__ import annotations

import shutil
import tarfile
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal import checkpoints, cli, restore
from portal.archive import BackupError
from portal.db import Database, snapshot
from portal.files import StoredFile
from tests.portal.backup.house import ON_BOTH, House, faults_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[str, bytes], bytes | None]


# -- the drill -------------------------------------------------------------------------------------------------


@ON_BOTH
def test_a_backup_made_while_people_write_is_whole(house: House, elsewhere: House) -> None:
    enough = Event()

    def keep_writing(first: int) -> int:
        number = first
        while not enough.is_set():
            house.work(number)
            house.signer.sign()
            number += 1
        return number - first

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(keep_writing, first) for first in (1000, 2000, 3000)]
        kept = [house.back_up(f"kept-{number}.tar") for number in range(4)]
        enough.set()
    assert sum(writer.result() for writer in writers) > 4, "nobody wrote while the backups were made"
    done = restore.restore(kept[-1], elsewhere.target)
    names = elsewhere.names()
    assert 5 <= len(names) == done.files
    assert names == house.names()[: len(names)]


@ON_BOTH
def test_what_is_restored_is_verified_and_goes_on(house: House, elsewhere: House) -> None:
    kept = house.back_up()
    done = restore.restore(kept, elsewhere.target)
    assert (done.files, done.entries, done.former) == (5, 5, "")
    elsewhere.work(99)
    assert elsewhere.signer.sign() is not None
    book = checkpoints.read(elsewhere.folder / "checkpoints", elsewhere.folder / "checkpoint-key.pem")
    assert (book.problems, len(book.keys)) == ([], 2)
    assert checkpoints.verify(elsewhere.database, book) == (7, ())  # the restore itself is an entry, too
    for name in elsewhere.names()[:5]:
        with Session(elsewhere.database.engine) as session:
            sha256 = session.scalars(select(StoredFile.sha256).where(StoredFile.name == name)).one()
        assert elsewhere.store.read(sha256) == house.store.read(sha256)


@ON_BOTH
def test_triggers_stand_again_after_a_restore(house: House, elsewhere: House) -> None:
    restore.restore(house.back_up(), elsewhere.target)
    with Session(elsewhere.database.engine) as session, pytest.raises(Exception, match="frozen"):
        session.execute(text("UPDATE audit_entry SET actor = 'nobody'"))


def test_a_file_nobody_refers_to_stays_out(house: House) -> None:
    orphan = house.store.put(b"an upload whose transaction was undone")
    with tarfile.open(house.back_up()) as archive:
        names = archive.getnames()
    assert not any(orphan in name for name in names)
    assert sum(name.startswith("files/") for name in names) == 5


def test_no_secret_is_in_a_backup(house: House) -> None:
    for secret in ("secret-key.txt", "demo-password.txt"):
        (house.folder / secret).write_text("rat-bi-mat-khong-ai-biet", encoding="utf-8")
    content = house.back_up().read_bytes()
    assert b"rat-bi-mat" not in content
    assert b"PRIVATE KEY" not in content
    assert house.signer.own_key.exists()


def test_a_backup_is_its_owners_alone_and_overwrites_nothing(house: House) -> None:
    kept = house.back_up()
    assert kept.stat().st_mode & 0o777 == 0o600
    with pytest.raises(BackupError, match="there already"):
        house.back_up()


@ON_BOTH
def test_sessions_of_before_do_not_come_back_to_life(
    house: House, elsewhere: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house.database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE visit (id INTEGER PRIMARY KEY)"))
        connection.execute(text("INSERT INTO visit VALUES (7)"))
    monkeypatch.setattr(restore, "FORGOTTEN", {"visit", "no_such_table"})
    restore.restore(house.back_up(), elsewhere.target)
    with elsewhere.database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM visit")) == 0


# -- what is there already -------------------------------------------------------------------------------------


@ON_BOTH
def test_what_is_there_is_not_overwritten(house: House) -> None:
    kept = house.back_up()
    house.work(6)
    assert "there is something already: the database, " in faults_of(kept, house.target)
    assert len(house.names()) == 6


@ON_BOTH
def test_what_is_there_is_put_aside_when_told_to(house: House) -> None:
    kept = house.back_up()
    house.work(6)
    done = restore.restore(kept, house.target, overwrite=True)
    assert len(house.names()) == 5
    assert done.former.startswith("before_restore_")
    if house.database.is_postgres():
        with house.database.engine.connect() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {done.former}.stored_file")) == 6
    else:
        with Database(f"sqlite:///{house.folder / done.former}.db").engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM stored_file")) == 6
    again = house.back_up("again.tar")
    assert restore.restore(again, house.target, overwrite=True).files == 5


def test_a_database_that_is_in_use_is_not_replaced(house: House) -> None:
    kept = house.back_up()
    house.work(6)
    portal = Database(str(house.database.engine.url))
    with snapshot(portal) as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 6
        with pytest.raises(BackupError, match="in use, so stop the portal first"):
            restore.restore(kept, house.target, overwrite=True)
        session.rollback()
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 6
    portal.engine.dispose()


@pytest.mark.parametrize("keys", [2, 1])
def test_a_machine_that_had_signed_a_log_of_its_own_goes_on_with_the_restored_one(
    house: House, elsewhere: House, keys: int
) -> None:
    if keys == 1:  # the lost portal had signed nothing yet
        shutil.rmtree(house.folder / "checkpoints")
    command.upgrade(cli.alembic_config(elsewhere.database), "head")
    elsewhere.work(77)
    elsewhere.signer.sign()
    restore.restore(house.back_up(), elsewhere.target, overwrite=True)
    assert elsewhere.signer.sign() is not None
    book = checkpoints.read(elsewhere.folder / "checkpoints", elsewhere.signer.own_key)
    assert (book.problems, len(book.keys)) == ([], keys)
    assert len(list(elsewhere.folder.glob("checkpoint-key-before-restore-*.pem"))) == 1
    assert len(list(elsewhere.folder.glob("checkpoints-before-restore-*"))) == 1


def test_the_same_machine_goes_on_signing_with_its_own_key(house: House) -> None:
    kept = house.back_up()
    house.work(6)
    house.signer.sign()
    restore.restore(kept, house.target, overwrite=True)
    assert house.signer.sign() is not None
    book = checkpoints.read(house.folder / "checkpoints", house.signer.own_key)
    assert (book.problems, len(book.keys)) == ([], 1)


@ON_BOTH
def test_rows_are_counted_alike_after_a_restore(house: House, elsewhere: House) -> None:
    restore.restore(house.back_up(), elsewhere.target)
    with Session(house.database.engine) as old, Session(elsewhere.database.engine) as new:
        for table in StoredFile.metadata.sorted_tables:
            counts = [each.scalar(select(func.count()).select_from(table)) for each in (old, new)]
            assert counts[1] == counts[0] + (table.name == "audit_entry"), table.name
