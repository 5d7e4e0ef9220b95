"""A backup that was damaged, cut or tampered with: whatever is wrong is found and named before anything is touched."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.orm import Session

from portal import backup, dbcopy
from portal.archive import BackupError
from portal.db import Database
from portal.files import StoredFile
from tests.portal.backup.house import ON_BOTH, House, faults_of, rewritten

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Change = Callable[[str, bytes], bytes | None]


# -- damage ----------------------------------------------------------------------------------------------------


def test_each_byte_of_a_member_that_is_flipped_is_named(house: House, elsewhere: House) -> None:
    kept = house.back_up()
    content = kept.read_bytes()
    with tarfile.open(kept) as archive:
        members = [(each.name, each.offset_data, each.size) for each in archive]
    for name, start, size in members:
        for place in {start, start + size // 2, start + size - 1}:
            flipped = kept.with_name("flipped.tar")
            flipped.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            said = faults_of(flipped, elsewhere.target)
            assert name in said, (name, place, said)
            assert "was changed" in said
    assert dbcopy.is_empty(elsewhere.database)
    assert not elsewhere.store.root.exists()


def test_a_member_that_is_missing_is_named(house: House, elsewhere: House) -> None:
    kept = house.back_up()
    with tarfile.open(kept) as archive:
        names = archive.getnames()
    for name in names:
        said = faults_of(
            rewritten(kept, lambda each, content, gone=name: None if each == gone else content), elsewhere.target
        )
        assert ("no manifest" if name.startswith("manifest") else f"{name}: it is missing") in said
    assert dbcopy.is_empty(elsewhere.database)


def test_an_archive_that_was_cut_is_found_wherever_it_was_cut(house: House, elsewhere: House) -> None:
    kept = house.back_up()
    content = kept.read_bytes()
    with tarfile.open(kept) as archive:
        end = max(each.offset_data + each.size for each in archive)
    for place in (0, 1, 511, 512, end // 3, end // 2, end - 700, end - 1):
        cut = kept.with_name("cut.tar")
        cut.write_bytes(content[:place])
        said = faults_of(cut, elsewhere.target)
        assert "cut" in said, (place, said)
    assert dbcopy.is_empty(elsewhere.database)


def test_a_member_that_does_not_belong_there_is_not_unpacked(house: House, elsewhere: House, tmp_path: Path) -> None:
    kept = house.back_up()
    for name in ("../escaped", "/etc/escaped", "files/../../escaped", "secret-key.txt", "database/portal.db/x"):
        bent = kept.with_name("bent.tar")
        shutil.copy(kept, bent)
        with tarfile.open(bent, "a") as archive:
            archive.addfile(tarfile.TarInfo(name), io.BytesIO(b""))
        assert "does not belong" in faults_of(bent, elsewhere.target)
    bent = kept.with_name("bent.tar")
    shutil.copy(kept, bent)
    with tarfile.open(bent, "a") as archive:
        link = tarfile.TarInfo("files/aa/" + "a" * 64)
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert "does not belong" in faults_of(bent, elsewhere.target)
    assert not list(tmp_path.rglob("escaped"))


def hollow(name: str, size: int) -> bytes:
    """The header of a member that says it is large and has nothing but a hole."""
    head = bytearray(tarfile.TarInfo(name).tobuf(tarfile.GNU_FORMAT))
    head[156:157] = tarfile.GNUTYPE_SPARSE
    head[386:410] = b"00000000000\0" * 2  # one piece, of no bytes, at the beginning
    head[483:495] = b"%011o\0" % size
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head)


def test_a_hole_does_not_fill_the_disk(house: House, elsewhere: House) -> None:
    kept = house.back_up()
    bent, name = kept.with_name("bent.tar"), "files/aa/" + "a" * 64
    bent.write_bytes(hollow(name, 8 * 1024**2) + kept.read_bytes())
    assert f"{name!r}: it does not belong" in faults_of(bent, elsewhere.target)


def relabelled(kept: Path, **facts: Any) -> Path:
    """An archive whose manifest says something else of the whole."""

    seal: list[str] = []

    def change(name: str, content: bytes) -> bytes:
        if name == "manifest.json":
            content = json.dumps({**json.loads(content), **facts}).encode()
            seal.append(hashlib.sha256(content).hexdigest())
        return seal[0].encode() if name == "manifest.sha256" else content

    return rewritten(kept, change)


def test_a_log_that_ends_elsewhere_than_the_manifest_says_is_named(house: House, elsewhere: House) -> None:
    said = faults_of(relabelled(house.back_up(), audit=[99, "0" * 64]), elsewhere.target)
    assert "audit log: it ends at entry 5" in said


def test_another_format_is_refused(house: House, elsewhere: House) -> None:
    assert "another format" in faults_of(relabelled(house.back_up(), format="trinh-backup-9"), elsewhere.target)


def test_a_backup_of_a_newer_portal_is_refused(house: House, elsewhere: House) -> None:
    said = faults_of(house.back_up(), replace(elsewhere.target, revisions=frozenset({"an older one"})))
    assert "install a newer one" in said


def test_a_damaged_store_is_named_and_makes_no_backup(house: House) -> None:
    with Session(house.database.engine) as session:
        one, other = session.scalars(select(StoredFile.sha256).limit(2))
    house.store.path(one).write_bytes(b"something else")
    house.store.path(other).unlink()
    with pytest.raises(BackupError) as refused:
        house.back_up()
    assert f"{one}: its content is not what its name says" in str(refused.value)
    assert f"{other}: it is missing" in str(refused.value)
    assert [path for path in house.folder.parent.iterdir() if path.is_file()] == []


@ON_BOTH
def test_a_tampered_database_is_not_said_to_be_restored(house: House, elsewhere: House) -> None:
    """Its manifest is made anew by whoever tampered, so only the log can tell."""
    with house.database.engine.begin() as connection:
        on = " ON audit_entry" if house.database.is_postgres() else ""
        connection.execute(text(f"DROP TRIGGER audit_entry_no_update{on}"))
        connection.execute(text("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 2"))
    assert "audit log: entry 2: content" in faults_of(house.back_up(), elsewhere.target)


@ON_BOTH
def test_a_database_that_was_rolled_back_is_found_by_its_checkpoints(house: House, elsewhere: House) -> None:
    with house.database.engine.begin() as connection:
        on = " ON audit_entry" if house.database.is_postgres() else ""
        connection.execute(text(f"DROP TRIGGER audit_entry_no_delete{on}"))
        connection.execute(text("DELETE FROM audit_entry WHERE seq > 1"))
    assert "audit log: entry 3: cut" in faults_of(house.back_up(), elsewhere.target)


def test_an_interrupted_backup_leaves_no_archive(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_add_files", full)
    with pytest.raises(OSError, match="No space"):
        house.back_up()
    assert [path for path in house.folder.parent.iterdir() if path.is_file()] == []


def test_a_password_is_not_among_the_arguments_of_the_tools(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    class Done:
        returncode, stderr = 1, "refused"

    def run(command: list[str], **more: Any) -> Done:
        seen.append((command, more["env"]))
        return Done()

    monkeypatch.setattr(dbcopy.subprocess, "run", run)
    monkeypatch.setattr(dbcopy.shutil, "which", lambda name: name)
    secret = Database(
        str(make_url("postgresql+psycopg://u:rat-bi-mat@127.0.0.1/none").render_as_string(hide_password=False))
    )
    with pytest.raises(BackupError, match="pg_dump failed: refused"):
        dbcopy._postgres(secret, "pg_dump", "--format=custom")
    assert "rat-bi-mat" not in " ".join(seen[0][0])
    assert seen[0][1]["PGPASSWORD"] == "rat-bi-mat"
    assert os.environ.get("PGPASSWORD") != "rat-bi-mat"


def test_missing_tools_are_named(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbcopy.shutil, "which", lambda _name: None)
    with pytest.raises(BackupError, match="pg_dump is missing: install"):
        dbcopy._postgres(house.database, "pg_dump")
