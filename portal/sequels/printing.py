"""The job that makes the file of a copy: what is copied first, the block of the copy under its last part."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from portal import audit
from portal.confined import Budget, ChildFailed
from portal.db import reading
from portal.documents.job import Limits, RenderJob
from portal.documents.printing import MAY_PASS, job_of
from portal.documents.rendering import render
from portal.documents.rules import file_name
from portal.documents.service import content_of
from portal.files import FileStore, keep
from portal.jobs import HopelessError
from portal.sequels import rules
from portal.sequels.models import CertifiedCopy
from portal.sequels.sheet import under

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from portal.documents.press import Press

LOOK = Path(__file__).with_name("copy_look")
BLOCKS = Path(__file__).resolve().parents[2] / "workflows" / "library" / "documents" / "blocks"
DECREE = "decree30.html"


@cache
def _look(name: str) -> str:
    return (LOOK / name).read_text(encoding="utf-8")


@cache
def _decree(name: str) -> str:
    return (BLOCKS / name).read_text(encoding="utf-8")


def block_job(content: dict[str, Any], limits: Limits) -> RenderJob:
    """What the render child needs for the block of a copy.

    Args:
        content: as `block.content_of` made it.
        limits: what it may use.
    """
    return RenderJob(
        template=_look("copy.html"),
        data=content,
        blocks={DECREE: _decree(DECREE)},
        styles=(_decree("decree30.css"), _look("copy.css")),
        limits=limits,
    )


class Work(NamedTuple):
    """What is to be put together: the block, and under which file or which extract."""

    block: RenderJob
    file: str
    extract: RenderJob | None


class CopyPrinter:
    """Makes copies in a file store within limits.

    Attributes:
        store: where files are kept under their hash.
        limits: what one may use.
        press: of the printer of documents, so that it is warm already.
    """

    def __init__(self, store: FileStore, limits: Limits, press: Press) -> None:
        self.store = store
        self.limits = limits
        self.press = press

    def print_copy(self, session: Session, payload: dict[str, Any]) -> None:
        """Do the job; a copy that has its file is left alone, so that a repeated job does no harm.

        Raises:
            ChildFailed: this time; the machine may have been busy.
            HopelessError: the original cannot be read, or is too much.
        """
        with reading(session):
            copy = session.get_one(CertifiedCopy, payload["copy_id"])
            work = None if copy.file_id else self._work(copy)
        if work is None:
            return
        pdf, pages = self._made(work)
        copy = session.get_one(CertifiedCopy, payload["copy_id"])
        name = file_name(copy.number, copy.symbol, copy.dated_on.year)
        file = keep(session, self.store, pdf, name, None)
        copy.file_id, copy.pages, copy.error, copy.status = file.id, pages, None, rules.READY
        details = {"sha256": file.sha256, "pages": pages}
        audit.record(
            session, actor="system", action="copy_printed", kind="certified_copy", key=copy.id, details=details
        )

    def _work(self, copy: CertifiedCopy) -> Work:
        content = block_job(json.loads(copy.content), self.limits)
        if copy.source_file is not None:
            return Work(content, copy.source_file.sha256, None)
        assert copy.document is not None, "an extract is of a document of the portal"
        job = job_of(copy.document, self.limits)
        data = rules.excerpt(content_of(copy.document), copy.parts)
        return Work(content, "", replace(job, data=data, styles=(*job.styles, _look("extract.css"))))

    def _made(self, work: Work) -> tuple[bytes, int]:
        budget = Budget(self.limits.wall_seconds, self.limits.cpu_seconds, self.limits.memory_bytes)
        try:
            block = render(work.block, self.press).pdf
            original = render(work.extract, self.press).pdf if work.extract else self.store.read(work.file)
            return under(original, block, budget)
        except ChildFailed as failed:
            if failed.code in MAY_PASS:
                raise
            raise HopelessError(str(failed)) from failed

    @staticmethod
    def give_up(session: Session, payload: dict[str, Any], error: str) -> None:
        """Show a registrar that the file could not be made; the number is kept until it is made void."""
        copy = session.get_one(CertifiedCopy, payload["copy_id"])
        if copy.status == rules.MAKING:
            copy.status, copy.error = rules.FAILED, error
