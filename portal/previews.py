"""Previews: pictures of what a kept file shows, drawn once for each content by the worker."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import jobs
from portal.confined import Budget, ChildFailed, program, run_child
from portal.db import Base, insert_into, reading, utc_now
from portal.drawing import DRAW_CODES, Picture, ask, read_drawn
from portal.files import FileStore, StoredFile, keep

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

PREVIEW = "preview_file"
"""The kind of job that draws a file."""

COMMAND = program("portal.drawing")
DRAWN_KINDS = frozenset({"pdf", "png", "jpg"})
"""Kinds of files that can be drawn; office files would need an office suite."""

CPU_SECONDS = 10
"""Ten pages of a report are drawn in less than one; documents wait meanwhile, and not for a file made to be slow."""

WAITING, READY, NONE = "waiting", "ready", "none"

NOT_DRAWN = "kind_not_drawn"
"""Why a file of any other kind has no preview."""

REASONS = DRAW_CODES | {NOT_DRAWN}
"""Every reason for which there is no preview."""

MAY_PASS = frozenset({"timed_out"})
"""What another try may not meet: the machine was busy. A file that used up its own share would do so again."""


class FilePreview(Base):
    """What can be seen of one content, whichever files have it: waiting for the worker, ready, or none and why."""

    __tablename__ = "file_preview"
    __table_args__ = (
        UniqueConstraint("sha256", name="uq_file_preview_sha256"),
        CheckConstraint("state IN ('waiting', 'ready', 'none')", name="ck_file_preview_state"),
        CheckConstraint("(state = 'none') = (reason IS NOT NULL)", name="ck_file_preview_reason"),
        CheckConstraint("(state = 'ready') = (page_count IS NOT NULL)", name="ck_file_preview_page_count"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    page_count: Mapped[int | None]
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)

    pages: Mapped[list[PreviewPage]] = relationship(lazy="selectin", order_by="PreviewPage.number")


class PreviewPage(Base):
    """One page of a preview: the picture is a file of its own, under its own hash."""

    __tablename__ = "preview_page"
    __table_args__ = (UniqueConstraint("preview_id", "number", name="uq_preview_page_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    preview_id: Mapped[int] = mapped_column(ForeignKey("file_preview.id", name="fk_preview_page_preview"))
    number: Mapped[int]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", name="fk_preview_page_file"))
    width: Mapped[int]
    height: Mapped[int]

    file: Mapped[StoredFile] = relationship()


def owe(session: Session, file: StoredFile) -> None:
    """Owe the preview of a file, unless its content has or awaits one already.

    Args:
        session: the transaction that keeps the file; the job exists if and only if it commits.
        file: as it was kept.
    """
    is_drawn = file.kind in DRAWN_KINDS
    row = insert_into(session, FilePreview).values(
        sha256=file.sha256,
        state=WAITING if is_drawn else NONE,
        reason=None if is_drawn else NOT_DRAWN,
        changed_at=utc_now(),
    )
    preview_id = session.scalar(row.on_conflict_do_nothing().returning(FilePreview.id))
    if is_drawn and preview_id is not None:
        jobs.enqueue(session, PREVIEW, preview_id=preview_id, file_kind=file.kind)


def drawn(kind: str, content: bytes, budget: Budget) -> tuple[list[Picture], int]:
    """The first pages of a file, and how many it has, drawn in a child process.

    Args:
        kind: one of `DRAWN_KINDS`.
        content: the file's bytes.
        budget: what the child may use.

    Raises:
        ChildFailed: one of `DRAW_CODES`.
    """
    return read_drawn(*run_child(COMMAND, ask(kind, content, budget), budget.wall_seconds))


class Previewer:
    """Draws previews into a file store within a budget.

    Attributes:
        store: where files and pictures are kept under their hash.
        budget: what the preview of one file may use.
    """

    def __init__(self, store: FileStore, budget: Budget) -> None:
        self.store = store
        self.budget = budget

    def make_preview(self, session: Session, payload: dict[str, Any]) -> None:
        """Do the job; what is not waiting is left alone, so that a repeated job does no harm.

        Raises:
            ChildFailed: the machine was too busy; the job is tried again later.
        """
        with reading(session):
            preview = session.get_one(FilePreview, payload["preview_id"])
            sha256 = preview.sha256 if preview.state == WAITING else None
        if sha256 is None:
            return
        try:
            pictures, count = drawn(payload["file_kind"], self.store.read(sha256), self.budget)
        except ChildFailed as failed:
            if failed.code in MAY_PASS:
                raise
            _settle_without(session, payload, failed.code)
        else:
            self._settle(session, payload, pictures, count)

    def _settle(self, session: Session, payload: dict[str, Any], pictures: list[Picture], count: int) -> None:
        preview = _still_waiting(session, payload)
        if preview is None:
            return
        for number, each in enumerate(pictures, start=1):
            file = keep(session, self.store, each.jpeg, f"{preview.sha256[:16]}-{number}.jpg", None)
            page = PreviewPage(
                preview_id=preview.id, number=number, file_id=file.id, width=each.width, height=each.height
            )
            session.add(page)
        preview.state, preview.page_count, preview.changed_at = READY, count, utc_now()

    @staticmethod
    def give_up(session: Session, payload: dict[str, Any], error: str) -> None:
        """Say that there is no preview, when no try succeeded."""
        _settle_without(session, payload, error.partition(":")[0])


def _still_waiting(session: Session, payload: dict[str, Any]) -> FilePreview | None:
    """The preview, held until the transaction ends; None when another worker was faster."""
    preview = session.get_one(FilePreview, payload["preview_id"], with_for_update=True)
    return preview if preview.state == WAITING else None


def _settle_without(session: Session, payload: dict[str, Any], code: str) -> None:
    if preview := _still_waiting(session, payload):
        preview.state, preview.reason = NONE, code if code in DRAW_CODES else "crashed"
        preview.changed_at = utc_now()
