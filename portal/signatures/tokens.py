"""Keys on tokens, and in security modules, that speak PKCS#11: the key never leaves them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.signatures.keys import SigningKey


@contextmanager
def open_token(library: Path, label: str, pin: str, certificate: str | None = None) -> Iterator[SigningKey]:
    """A key on a token, for as long as the session with the token lasts.

    Args:
        library: the vendor's PKCS#11 library, from the settings.
        label: of the token.
        pin: what the signer typed; kept nowhere.
        certificate: SHA-256 of the certificate to sign with, hexadecimal; None where the token has only one.

    Raises:
        Refusal: `token_library_missing`; `token_not_found` (`token`); `wrong_pin`; `token_locked` (`token`): too many wrong PINs;
            `certificate_not_on_token` (`token`); `token_gone` (`token`): pulled out meanwhile; `token_failed` (`token`, `detail`).
    """
    raise NotImplementedError
    yield
