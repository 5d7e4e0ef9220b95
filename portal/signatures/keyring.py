"""Keys that the portal itself signs with: key files in a folder, or a token at the server, opened by a typed PIN."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from portal.signatures import keys, tokens
from portal.signatures.models import KEY_FILE, TOKEN
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.signatures.keys import SigningKey
    from portal.signatures.trust import Trust

LARGEST_KEY_FILE = 1024 * 1024


@dataclass(frozen=True)
class Keyring:
    """Where the server has keys, and whom signatures are believed for.

    Attributes:
        folder: of key files (PKCS#12).
        library: of the token (PKCS#11); None without one.
        trust: as the settings say.
    """

    folder: Path
    library: Path | None
    trust: Trust


@dataclass(frozen=True)
class WantedKey:
    """Which key is to be opened.

    Attributes:
        place: `key_file` or `token`.
        name: of the file, or of the token.
        der: the certificate that it must belong to.
        sha256: of that certificate.
    """

    place: str
    name: str
    der: bytes
    sha256: str


@contextmanager
def opened(ring: Keyring, wanted: WantedKey, pin: str) -> Iterator[SigningKey]:
    """A key for as long as it is needed.

    Args:
        ring: where keys are.
        wanted: which.
        pin: as it was typed; kept nowhere.

    Raises:
        Refusal: `pin_needed`; `key_not_on_server`; `key_file_missing`, `key_of_another`; as `keys.open_key_file` and
            `tokens.open_token` refuse.
    """
    if not pin:
        raise Refusal("pin_needed")
    if wanted.place == KEY_FILE:
        yield _from_file(ring.folder, wanted, pin)
    elif wanted.place == TOKEN:
        if ring.library is None:
            raise Refusal("token_library_missing")
        with tokens.open_token(ring.library, wanted.name, pin, wanted.sha256) as key:
            yield key
    else:
        raise Refusal("key_not_on_server")


def _from_file(folder: Path, wanted: WantedKey, pin: str) -> SigningKey:
    path = folder / wanted.name
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_KEY_FILE)
    except OSError as error:
        raise Refusal("key_file_missing", {"name": wanted.name}) from error
    key = keys.open_key_file(content, pin)
    if key.certificate != wanted.der:
        raise Refusal("key_of_another", {"name": wanted.name})
    return key
