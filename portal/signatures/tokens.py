"""Keys on tokens, and in security modules, that speak PKCS#11: the key never leaves them."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from asn1crypto.algos import DigestInfo

from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from portal.signatures.keys import SigningKey


@dataclass(frozen=True)
class TokenKey:
    """A key on a token in whose session we are.

    Attributes:
        certificate: DER.
        chain: DER, see `keys.SigningKey`.
        token: its label.
    """

    certificate: bytes = field(repr=False)
    chain: tuple[bytes, ...] = field(repr=False)
    token: str
    _key: Any = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """See `keys.SigningKey`; only the hash goes to the token, which every token can sign.

        Raises:
            Refusal: `token_gone`, `token_failed` and what else `open_token` says.
        """
        from pkcs11 import KeyType, Mechanism  # noqa: PLC0415 - only where there is a token
        from pkcs11.util.ec import encode_ecdsa_signature  # noqa: PLC0415 - the same

        digest = hashlib.sha256(data).digest()
        with _refusing(self.token):
            if self._key.key_type == KeyType.RSA:
                info = DigestInfo({"digest_algorithm": {"algorithm": "sha256"}, "digest": digest})
                return bytes(self._key.sign(info.dump(), mechanism=Mechanism.RSA_PKCS))
            return bytes(encode_ecdsa_signature(self._key.sign(digest, mechanism=Mechanism.ECDSA)))


@contextmanager
def open_token(library: Path, label: str, pin: str, certificate: str | None = None) -> Iterator[SigningKey]:
    """A key on a token, for as long as the session with the token lasts.

    Args:
        library: the vendor's PKCS#11 library, from the settings.
        label: of the token.
        pin: what the signer typed; kept nowhere.
        certificate: SHA-256 of the certificate to sign with, hexadecimal; None where the token has only one.

    Raises:
        Refusal: `token_library_missing`; `token_not_found` (`token`); `wrong_pin`; `token_locked` (`token`): too many
            wrong PINs; `token_busy` (`token`): somebody signs with it; `certificate_not_on_token` (`token`);
            `token_gone` (`token`): pulled out meanwhile; `token_failed` (`token`, `detail`).
    """
    with _refusing(label):
        session = _library(library).get_token(token_label=label).open(user_pin=pin)
    try:
        yield _key(session, label, certificate)
    finally:
        _close(session)


def _library(path: Path) -> Any:
    import pkcs11  # noqa: PLC0415 - only where there is a token

    try:
        return pkcs11.lib(str(path))
    except (RuntimeError, OSError, pkcs11.PKCS11Error) as error:
        raise Refusal("token_library_missing") from error


def _key(session: Any, label: str, sha256: str | None) -> TokenKey:
    """The key whose certificate is asked for, found by the id that both have."""
    from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415 - only where there is a token

    with _refusing(label):
        found = {each[Attribute.ID]: bytes(each[Attribute.VALUE]) for each in _objects(session, "CERTIFICATE")}
        own = {each[Attribute.ID]: each for each in _objects(session, "PRIVATE_KEY")}
        signers = {key_id: der for key_id, der in found.items() if key_id in own and _is(der, sha256)}
        if len(signers) != 1:
            raise Refusal("certificate_not_on_token", {"token": label})
        ((key_id, certificate),) = signers.items()
        chain = tuple(der for other, der in found.items() if other not in own)
        key = session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=key_id)
    return TokenKey(certificate, chain, label, key)


def _objects(session: Any, kind: str) -> list[Any]:
    from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415 - only where there is a token

    return list(session.get_objects({Attribute.CLASS: ObjectClass[kind]}))


def _is(certificate: bytes, sha256: str | None) -> bool:
    return sha256 is None or hashlib.sha256(certificate).hexdigest() == sha256.lower()


def _close(session: Any) -> None:
    from pkcs11 import PKCS11Error  # noqa: PLC0415 - only where there is a token

    try:
        session.close()
    except PKCS11Error:
        # It went with its token; what was signed is signed.
        return


@contextmanager
def _refusing(label: str) -> Iterator[None]:
    """Says as refusals what tokens say."""
    import pkcs11  # noqa: PLC0415 - only where there is a token

    try:
        yield
    except (pkcs11.NoSuchToken, pkcs11.MultipleTokensReturned) as error:
        raise Refusal("token_not_found", {"token": label}) from error
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange) as error:
        raise Refusal("wrong_pin") from error
    except (pkcs11.UserAlreadyLoggedIn, pkcs11.AnotherUserAlreadyLoggedIn) as error:
        # The library would sign for whoever asks while somebody else is in: his PIN would not be looked at.
        raise Refusal("token_busy", {"token": label}) from error
    except pkcs11.PinLocked as error:
        raise Refusal("token_locked", {"token": label}) from error
    except (pkcs11.DeviceRemoved, pkcs11.TokenNotPresent, pkcs11.SessionHandleInvalid, pkcs11.SessionClosed) as error:
        raise Refusal("token_gone", {"token": label}) from error
    except pkcs11.PKCS11Error as error:
        raise Refusal("token_failed", {"token": label, "detail": type(error).__name__}) from error
