"""Checkpoints: what is signed stays signed, tampering with them is found as well, and nothing unsound is signed."""

from __future__ import annotations

import json
import logging
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from portal import audit, checkpoints, tables
from portal.checkpoints import LINES, Problem
from portal.db import Base, Database, snapshot
from portal.signer import Signer, UnsoundError, Watchman

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def write(database: Database, entries: int) -> None:
    session = database.session()
    for number in range(entries):
        audit.record(session, actor="clerk", action="thing_done", kind="thing", key=number)
    session.commit()
    session.close()


def run(database: Database, statement: str) -> None:
    session = database.session()
    session.execute(text(statement))
    session.commit()
    session.close()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    assert tables.LOADED
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    yield database
    database.session.remove()
    database.engine.dispose()


@pytest.fixture
def signer(database: Database, tmp_path: Path) -> Signer:
    return Signer(database, tmp_path / "elsewhere", tmp_path / "data" / "key.pem", minutes=15, entries=5)


@pytest.fixture
def signed(signer: Signer) -> Signer:
    """Three checkpoints over nine entries, and one entry more."""
    for _ in range(3):
        write(signer.database, 3)
        signer.sign()
    write(signer.database, 1)
    return signer


def verified(signer: Signer) -> tuple[list[tuple[int, str]], list[Problem]]:
    """What verification says, with the portal's own key at hand."""
    book = checkpoints.read(signer.folder, signer.own_key)
    _count, breaks = checkpoints.verify(signer.database, book)
    return [(each.seq, each.why) for each in breaks], book.problems


def test_a_log_that_nobody_touched_holds(signed: Signer) -> None:
    assert verified(signed) == ([], [])
    assert checkpoints.read(signed.folder).last.seq == 9


def test_nothing_is_signed_twice(signed: Signer) -> None:
    assert signed.sign() is not None
    assert signed.sign() is None
    assert len(checkpoints.read(signed.folder).checkpoints) == 4


def test_a_cut_tail_is_found(signed: Signer) -> None:
    run(signed.database, "DELETE FROM audit_entry WHERE seq > 7")
    assert verified(signed)[0] == [(9, "cut")]


def test_a_log_written_anew_is_found(signed: Signer) -> None:
    run(signed.database, "DELETE FROM audit_entry")
    write(signed.database, 12)
    assert verified(signed)[0] == [(3, "checkpoint"), (6, "checkpoint"), (9, "checkpoint")]


@pytest.mark.parametrize(
    "tampering",
    [
        "DELETE FROM audit_entry WHERE seq > 7",
        "DELETE FROM audit_entry WHERE seq >= 9",
        "UPDATE audit_entry SET actor = 'nobody' WHERE seq = 10",
        "DELETE FROM audit_entry",
    ],
)
def test_nothing_unsound_is_signed(signed: Signer, tampering: str) -> None:
    run(signed.database, tampering)
    with pytest.raises(UnsoundError):
        signed.sign()
    assert len(checkpoints.read(signed.folder).checkpoints) == 3


def test_a_log_that_was_cut_and_has_grown_again_is_not_signed(signed: Signer) -> None:
    run(signed.database, "DELETE FROM audit_entry WHERE seq > 6")
    write(signed.database, 9)
    with pytest.raises(UnsoundError, match="link"):
        signed.sign()


def tampered(folder: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    lines = (folder / LINES).read_bytes().split(b"\n")[:-1]
    (folder / LINES).write_bytes(b"".join(line + b"\n" for line in change(lines)))


def edited(line: bytes, **changes: Any) -> bytes:
    return json.dumps({**json.loads(line), **changes}).encode()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda lines: [lines[0], edited(lines[1], seq=7), lines[2]], Problem(2, "signature")),
        (lambda lines: [lines[0], edited(lines[1], digest="0" * 64), lines[2]], Problem(2, "signature")),
        (lambda lines: [lines[0], edited(lines[1], at="2020-01-01T00:00:00+00:00"), lines[2]], Problem(2, "signature")),
        (lambda lines: [lines[0], edited(lines[1], signature="AAAA"), lines[2]], Problem(2, "signature")),
        (lambda lines: [lines[0], edited(lines[1], key="0" * 16), lines[2]], Problem(2, "no_public_key")),
        (lambda lines: [lines[0], edited(lines[1], key="../../x"), lines[2]], Problem(2, "no_public_key")),
        (lambda lines: [lines[0], edited(lines[1], more=1), lines[2]], Problem(2, "unreadable")),
        (lambda lines: [lines[0], b"[]", lines[2]], Problem(2, "unreadable")),
        (lambda lines: [lines[0], b"\xff\xfe", lines[2]], Problem(2, "unreadable")),
        (lambda lines: [lines[0], lines[2]], Problem(2, "order")),
        (lambda lines: [lines[1], lines[0], lines[2]], Problem(1, "order")),
        (lambda lines: lines[1:], Problem(1, "order")),
        (lambda lines: [*lines, lines[0]], Problem(4, "order")),
        (lambda _lines: [], Problem(0, "missing")),
    ],
)
def test_tampering_with_the_checkpoints_is_found_and_stops_the_signing(
    signed: Signer, change: Callable[[list[bytes]], list[bytes]], problem: Problem
) -> None:
    tampered(signed.folder, change)
    assert problem in verified(signed)[1]
    with pytest.raises(UnsoundError):
        signed.sign()


def test_a_file_that_is_gone_is_missed_and_not_begun_anew_in_silence(signed: Signer) -> None:
    (signed.folder / LINES).unlink()
    assert verified(signed)[1] == [Problem(0, "missing")]
    with pytest.raises(UnsoundError, match="missing"):
        signed.sign()
    assert verified(signed)[1] == [Problem(0, "missing")]


def test_another_ones_checkpoints_do_not_pass_for_ones_own(signed: Signer, tmp_path: Path) -> None:
    forger = replace(signed, folder=tmp_path / "forged", own_key=tmp_path / "forged.pem")
    forger.sign()
    shutil.rmtree(signed.folder)
    shutil.copytree(forger.folder, signed.folder)
    assert verified(signed)[1] == [Problem(0, "other_key")]
    with pytest.raises(UnsoundError, match="other_key"):
        signed.sign()


def test_lines_of_another_key_after_ones_own_are_found(signed: Signer, tmp_path: Path) -> None:
    replace(signed, own_key=tmp_path / "forged.pem").sign()
    assert verified(signed)[1] == [Problem(4, "other_key")]


def test_a_portal_that_moved_without_its_key_goes_on_under_a_new_one(signed: Signer, tmp_path: Path) -> None:
    moved = replace(signed, own_key=tmp_path / "new" / "key.pem")
    assert verified(moved) == ([], [])
    moved.sign()
    assert verified(moved) == ([], [])
    assert len(checkpoints.read(moved.folder).keys) == 2


def test_a_damaged_file_is_put_aside_when_told_to(signed: Signer) -> None:
    tampered(signed.folder, lambda lines: lines[:1] + lines[2:])
    made = signed.sign(anew=True)
    assert made is not None
    assert (made.number, made.seq) == (1, 10)
    assert verified(signed) == ([], [])
    assert len(list(signed.folder.glob("until-*"))) == 1


def test_a_line_that_a_crash_left_unfinished_is_taken_off(signed: Signer) -> None:
    with (signed.folder / LINES).open("ab") as file:
        file.write(b'{"number": 4, "at"')
    assert verified(signed) == ([], [])
    signed.sign()
    assert verified(signed) == ([], [])
    assert len(checkpoints.read(signed.folder).checkpoints) == 4


def test_the_key_is_its_owners_alone(signed: Signer) -> None:
    assert signed.own_key.stat().st_mode & 0o777 == 0o600


def test_few_young_entries_wait_and_many_or_old_ones_do_not(signed: Signer) -> None:
    assert signed.sign(only_if_due=True) is None
    assert replace(signed, entries=1).sign(only_if_due=True) is not None
    write(signed.database, 1)
    assert replace(signed, minutes=0).sign(only_if_due=True) is not None


def test_two_workers_write_whole_lines_in_one_order(signer: Signer) -> None:
    write(signer.database, 1)
    signer.sign()

    def work(_number: int) -> None:
        for _ in range(5):
            write(signer.database, 1)
            signer.sign()
            signer.database.session.remove()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    signer.sign()
    assert verified(signer) == ([], [])
    assert checkpoints.read(signer.folder).last.seq == 21


def test_a_snapshot_sees_one_moment_while_others_write(signed: Signer) -> None:
    with snapshot(signed.database) as session:
        before = audit.newest(session)
        write(signed.database, 3)
        assert audit.newest(session) == before
        assert audit.verify(session) == (10, ())
    with snapshot(signed.database) as session:
        assert audit.newest(session).seq == 13


def test_a_log_that_is_being_written_holds_at_every_moment(signer: Signer) -> None:
    def keep_writing(_number: int) -> None:
        for _ in range(15):
            write(signer.database, 2)
            signer.database.session.remove()

    with ThreadPoolExecutor(3) as pool:
        done = [pool.submit(keep_writing, number) for number in range(2)]
        while not all(each.done() for each in done):
            signer.sign()
            assert verified(signer) == ([], [])
    assert audit.newest(signer.database.session()).seq == 60


def test_the_watchman_signs_what_is_due_and_cries_when_it_does_not_hold(
    signed: Signer, caplog: pytest.LogCaptureFixture
) -> None:
    watchman = Watchman(replace(signed, entries=1))
    watchman()
    assert checkpoints.read(signed.folder).last.seq == 10
    run(signed.database, "DELETE FROM audit_entry WHERE seq > 6")
    watchman()
    assert not caplog.records  # he has just looked
    watchman.next_look = 0
    watchman()
    assert [record.levelno for record in caplog.records] == [logging.CRITICAL]


def test_a_folder_that_cannot_be_written_does_not_stop_the_worker(
    signed: Signer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    Watchman(replace(signed, folder=tmp_path / "file" / "below"))()
    assert "no checkpoint" in caplog.text
