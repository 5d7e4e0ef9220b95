"""What a key file, a picture and a seal may be like: limits without a database, in numbers that people can read."""

from __future__ import annotations

import re
from typing import Final

LARGEST_CERTIFICATE_KB: Final = 64
"""A certificate has some two kilobytes; with its chain a few more."""

LARGEST_PICTURE_KB: Final = 512
LARGEST_SIDE: Final = 2000
"""Pixels: a seal of 4 cm at 1200 dots per inch."""

NARROWEST_MM, WIDEST_MM = 10.0, 60.0
"""Millimetres: seals of agencies have 30 to 40; a signature is no wider than its half of the page."""

KEY_NAME: Final = re.compile(r"[\w][\w .-]{0,98}", re.ASCII)
"""A file of the folder of keys, or the label of a token: no path ever."""

OWN_KEY: Final = re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----")
PKCS12_VERSION: Final = b"\x02\x01\x03"
PRIVATE_KEY_VERSIONS: Final = (b"\x02\x01\x00", b"\x02\x01\x01")


def holds_private_key(content: bytes) -> bool:
    """Whether a file that should be a certificate is a key or a key store; nothing of it is opened.

    Args:
        content: PEM text, or DER: after its head a PKCS#12 file and a private key begin with their version,
            while a certificate begins with what it certifies.
    """
    if OWN_KEY.search(content):
        return True
    body = content[_head_length(content) :]
    return body.startswith((PKCS12_VERSION, *PRIVATE_KEY_VERSIONS))


def _head_length(content: bytes) -> int:
    """Bytes of tag and length at the beginning of a DER sequence; 0 for anything else."""
    if len(content) < 2 or content[0] != 0x30:  # noqa: PLR2004 - a tag and a length
        return 0
    return 2 + (content[1] & 0x7F if content[1] & 0x80 else 0)


def is_key_name(name: str) -> bool:
    """Whether a name may stand for a key file or a token."""
    return KEY_NAME.fullmatch(name) is not None and ".." not in name
