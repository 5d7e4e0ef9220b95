"""ZIP archives that leave and arrive: the same members make the same bytes, and what is too large is not unpacked."""

from __future__ import annotations

import zipfile
import zlib
from typing import Final

MEGABYTE: Final = 1024 * 1024
LARGEST: Final = 100 * MEGABYTE
"""Bytes of a member that is unpacked, as its archive announces them."""

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""Members have no time of their own, or the same files would make other bytes each time."""

UNREADABLE = (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError)
"""How an archive breaks that is none, lacks a member, has a password, or is packed in a way nobody knows."""


def put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a member.

    Args:
        archive: open for writing.
        name: of the member.
        content: its bytes.
    """
    archive.writestr(zipfile.ZipInfo(name, EARLIEST), content, zipfile.ZIP_DEFLATED)
