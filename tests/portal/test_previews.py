"""Previews: owed once for each content, made by the worker, and none for what cannot be drawn, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from portal import jobs, tables
from portal.confined import Budget, ChildFailed
from portal.db import Base, Database
from portal.files import FileStore, StoredFile, keep
from portal.jobs import Job
from portal.previews import PREVIEW, FilePreview, Previewer, PreviewPage, owe
from tests import drawable
from tests.portal.test_files import DOCX, XLSX
from tests.uploads import PDF

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session

LEASE, ATTEMPTS = 60, 3


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An empty database, once on SQLite and once on PostgreSQL."""
    assert tables.LOADED
    database = Database(database_url)
    Base.metadata.create_all(database.engine)
    yield database
    database.session.remove()
    database.engine.dispose()


def attached(session: Session, store: FileStore, content: bytes, name: str = "Phụ lục.pdf") -> FilePreview:
    """Keep a file and owe its preview; gives the preview."""
    owe(session, keep(session, store, content, name, None))
    session.commit()
    return session.scalars(select(FilePreview).order_by(FilePreview.id.desc()).limit(1)).one()


def payload(session: Session) -> dict[str, object]:
    """What the newest job says."""
    return session.scalars(select(Job.payload).order_by(Job.id.desc()).limit(1)).one()


def made(session: Session, store: FileStore, preview: FilePreview, **limits: int) -> FilePreview:
    """Do the newest job; gives the preview as it is afterwards."""
    Previewer(store, Budget(**limits)).make_preview(session, payload(session))
    session.commit()
    session.refresh(preview)
    return preview


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_content_is_owed_once_whatever_it_is_called(database: Database, store: FileStore) -> None:
    session = database.session()
    content = drawable.blank_pdf(1)
    for name in ("Phụ lục 1.pdf", "Phụ lục 2.pdf"):
        attached(session, store, content, name)
    assert (count(session, FilePreview), count(session, Job), count(session, StoredFile)) == (1, 1, 2)
    attached(session, store, drawable.blank_pdf(2))
    assert (count(session, FilePreview), count(session, Job)) == (2, 2)


def test_what_is_owed_falls_with_the_upload(session: Session, store: FileStore) -> None:
    owe(session, keep(session, store, PDF, "Phụ lục.pdf", None))
    session.rollback()
    assert (count(session, FilePreview), count(session, Job)) == (0, 0)


@pytest.mark.parametrize(("content", "name"), [(DOCX, "Phụ lục.docx"), (XLSX, "Biểu.xlsx")])
def test_office_files_have_none_and_nothing_is_owed(
    session: Session, store: FileStore, content: bytes, name: str
) -> None:
    preview = attached(session, store, content, name)
    assert (preview.state, preview.reason, preview.pages) == ("none", "kind_not_drawn", [])
    assert count(session, Job) == 0


def test_the_worker_makes_it_page_by_page(database: Database, store: FileStore) -> None:
    session = database.session()
    preview = attached(session, store, drawable.blank_pdf(12))
    assert (preview.state, preview.reason, preview.page_count) == ("waiting", None, None)
    made(session, store, preview)
    assert (preview.state, preview.reason, preview.page_count) == ("ready", None, 12)
    assert [page.number for page in preview.pages] == list(range(1, 11))
    page = preview.pages[0]
    assert (page.width, page.height, page.file.kind, page.file.uploaded_by) == (1000, 1416, "jpg", None)
    assert store.read(page.file.sha256).startswith(b"\xff\xd8\xff")


def test_the_job_done_twice_changes_nothing(session: Session, store: FileStore) -> None:
    preview = attached(session, store, drawable.blank_pdf(3))
    made(session, store, preview)
    before = (preview.changed_at, count(session, StoredFile), count(session, PreviewPage))
    made(session, store, preview)
    assert (preview.changed_at, count(session, StoredFile), count(session, PreviewPage)) == before


def test_whoever_is_slower_leaves_it_to_whoever_was_faster(
    session: Session, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = attached(session, store, drawable.blank_pdf(1))
    faster = Previewer(store, Budget())

    def overtaken(*_: object) -> object:
        monkeypatch.undo()
        faster.make_preview(session, payload(session))
        session.commit()
        raise ChildFailed("crashed")

    monkeypatch.setattr("portal.previews.drawn", overtaken)
    made(session, store, preview)
    assert (preview.state, len(preview.pages)) == ("ready", 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (drawable.blank_pdf(1, password="mật khẩu"), "encrypted"),
        (PDF, "unreadable"),
        (drawable.blank_pdf(5001), "too_many_pages"),
        (drawable.slow_pdf(), "cpu_exhausted"),
    ],
)
def test_what_cannot_be_drawn_has_none_and_the_reason(
    session: Session, store: FileStore, content: bytes, reason: str
) -> None:
    preview = made(session, store, attached(session, store, content), cpu_seconds=1)
    assert (preview.state, preview.reason, preview.page_count) == ("none", reason, None)


def test_a_busy_machine_is_waited_for(session: Session, store: FileStore) -> None:
    preview = attached(session, store, drawable.blank_pdf(1))
    with pytest.raises(ChildFailed, match="timed_out"):
        Previewer(store, Budget(wall_seconds=0)).make_preview(session, payload(session))
    session.rollback()
    session.refresh(preview)
    assert preview.state == "waiting"
    assert made(session, store, preview).state == "ready"


@pytest.mark.parametrize(
    ("error", "reason"), [("timed_out: 60 s", "timed_out"), ("[Errno 2] No such file or directory", "crashed")]
)
def test_when_no_try_succeeded_there_is_none(session: Session, store: FileStore, error: str, reason: str) -> None:
    preview = attached(session, store, PDF)
    Previewer.give_up(session, payload(session), error)
    assert (preview.state, preview.reason) == ("none", reason)


def test_giving_up_does_not_undo_what_was_made_meanwhile(session: Session, store: FileStore) -> None:
    preview = attached(session, store, drawable.blank_pdf(1))
    made(session, store, preview)
    Previewer.give_up(session, payload(session), "timed_out: 60 s")
    assert (preview.state, preview.reason) == ("ready", None)


def test_the_worker_goes_on_after_files_that_break_their_child(
    database: Database, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewer = Previewer(store, Budget(cpu_seconds=2))
    monkeypatch.setitem(jobs.HANDLERS, PREVIEW, previewer.make_preview)
    monkeypatch.setitem(jobs.GIVEN_UP, PREVIEW, previewer.give_up)
    session = database.session()
    for content in (drawable.swelling_pdf(), drawable.slow_pdf(), PDF, drawable.blank_pdf(1)):
        attached(session, store, content)
    while jobs.work_one(database, LEASE, ATTEMPTS):
        pass
    session = database.session()
    states = select(FilePreview.state).order_by(FilePreview.id)
    assert list(session.scalars(states)) == ["none", "none", "none", "ready"]
    assert set(session.scalars(select(Job.status))) == {jobs.DONE}


def test_a_folder_that_lost_the_file_ends_in_none_and_a_failed_job(
    database: Database, store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    previewer = Previewer(store, Budget())
    monkeypatch.setitem(jobs.HANDLERS, PREVIEW, previewer.make_preview)
    monkeypatch.setitem(jobs.GIVEN_UP, PREVIEW, previewer.give_up)
    session = database.session()
    preview = attached(session, store, drawable.blank_pdf(1))
    store.path(preview.sha256).unlink()
    assert jobs.work_one(database, LEASE, most_attempts=1)
    session = database.session()
    assert session.scalars(select(FilePreview.reason)).all() == ["crashed"]
    assert session.scalars(select(Job.status)).all() == [jobs.FAILED]
