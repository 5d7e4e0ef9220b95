"""Definitions that come as files of a request: how many, how large, and what they say."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from portal.definitions.bundles import NotTakenError
from portal.definitions.folders import read_uploads
from portal.definitions.reading import LARGEST
from portal.files import MEGABYTE
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from werkzeug.datastructures import FileStorage

    from portal.definitions.folders import Entry

MOST_FILES = 200
MOST_TOGETHER = 2 * MEGABYTE
"""Six times what the portal ships with; reading takes its time, and others wait meanwhile."""


def read_files(files: Iterable[FileStorage]) -> list[Entry]:
    """Every definition among the files, each kind after those that it names.

    Args:
        files: as they were sent; an input without a choice sends one without a name.

    Raises:
        Refusal: `no_file`, `too_many_files_at_once`, `too_much_at_once`.
        NotTakenError: some are no definitions.
    """
    chosen = [file for file in files if file.filename]
    if not chosen:
        raise Refusal("no_file")
    if len(chosen) > MOST_FILES:
        raise Refusal("too_many_files_at_once", {"most": MOST_FILES})
    if sum(map(_size, chosen)) > MOST_TOGETHER:
        raise Refusal("too_much_at_once", {"megabytes": MOST_TOGETHER // MEGABYTE})
    entries, wrong = read_uploads((str(file.filename), file.read(LARGEST + 1)) for file in chosen)
    if wrong:
        raise NotTakenError(wrong)
    return entries


def _size(file: FileStorage) -> int:
    """Its bytes, without holding them."""
    size: int = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size
