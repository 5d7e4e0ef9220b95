"""Keys on a token: SoftHSM in the part of a real one."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from portal.signatures.keys import fits
from portal.signatures.pades import Level, sign
from portal.signatures.tokens import TokenKey, open_token
from portal.signatures.trust import Trust
from tests.conftest import need
from tests.portal.signatures.authority import PIN, Authority, Holder
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.portal.signatures.conftest import Personal

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/lib/libsofthsm2.so")
LABEL = "Thẻ thử nghiệm"


@dataclass(frozen=True)
class Token:
    """A token with the keys of some people."""

    library: Path
    holders: tuple[Holder, ...]

    def open(self, pin: str = PIN, label: str = LABEL, sha256: str | None = None) -> Any:
        return open_token(self.library, label, pin, sha256)


def imported(holder: Holder, key_id: str, folder: Path) -> None:
    path = folder / f"{key_id}.pem"
    path.write_bytes(holder.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    call = ["softhsm2-util", "--import", path, "--token", LABEL, "--label", "key", "--id", key_id, "--pin", PIN]
    subprocess.run(call, check=True, capture_output=True)


@pytest.fixture(scope="module")
def token(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    """A token with a key of each kind; its library is loaded once in a process, so there is one for all tests."""
    library = next((Path(each) for each in LIBRARIES if Path(each).exists()), None)
    need(library, "SoftHSM (softhsm2)")
    assert library is not None
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        call = ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--so-pin", PIN, "--pin", PIN]
        subprocess.run(call, check=True, capture_output=True)
        holders = (authority.holder("Một"), authority.holder("Hai", key=rsa.generate_private_key(65537, 2048)))
        for number, holder in enumerate(holders):
            imported(holder, f"0{number}", folder)
        certify(library, holders)
        yield Token(library, holders)


def certify(library: Path, holders: tuple[Holder, ...]) -> None:
    found = pkcs11.lib(str(library)).get_token(token_label=LABEL)
    with found.open(rw=True, user_pin=PIN) as session:
        for number, holder in enumerate(holders):
            session.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.ID: bytes([number]),
                    pkcs11.Attribute.SUBJECT: holder.certificate.subject.public_bytes(),
                    pkcs11.Attribute.VALUE: holder.der,
                }
            )


def sha256_of(holder: Holder) -> str:
    return holder.certificate.fingerprint(SHA256()).hex()


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as refused, call():
        pass
    return refused.value.code


@pytest.mark.parametrize("number", [0, 1], ids=["elliptic curve", "RSA"])
def test_a_token_signs_with_the_key_of_a_certificate(token: Token, number: int) -> None:
    holder = token.holders[number]
    with token.open(sha256=sha256_of(holder)) as key:
        assert key.certificate == holder.der
        assert fits(holder.der, b"words", key.sign(b"words"))


def test_a_document_is_signed_with_a_token(token: Token, personal: Personal) -> None:
    document, _, signing = personal
    with token.open(sha256=sha256_of(token.holders[0])) as key:
        signed = sign(document, key, signing, Level.B, Trust())
    assert signed.pdf.startswith(document)


def test_what_is_wrong_with_a_token_has_a_code_of_its_own(token: Token, tmp_path: Path) -> None:
    assert code_of(lambda: token.open(pin="00000000")) == "wrong_pin"
    assert code_of(lambda: token.open(label="Thẻ khác")) == "token_not_found"
    assert code_of(lambda: token.open(sha256="00" * 32)) == "certificate_not_on_token"
    # Both keys have a certificate, so which one is meant must be said.
    assert code_of(token.open) == "certificate_not_on_token"
    assert code_of(lambda: replace(token, library=tmp_path / "none.so").open()) == "token_library_missing"


def test_nobody_signs_in_the_session_of_somebody_else(token: Token) -> None:
    sha256 = sha256_of(token.holders[0])
    with token.open(sha256=sha256):
        assert code_of(lambda: token.open(pin="00000000", sha256=sha256)) == "token_busy"


class Broken:
    """A key on a token that answers by an error."""

    key_type = pkcs11.KeyType.RSA

    def __init__(self, error: Exception) -> None:
        self.error = error

    def sign(self, *_given: Any, **_more: Any) -> bytes:
        raise self.error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (pkcs11.DeviceRemoved(), "token_gone"),
        (pkcs11.TokenNotPresent(), "token_gone"),
        (pkcs11.SessionHandleInvalid(), "token_gone"),
        (pkcs11.PinLocked(), "token_locked"),
        (pkcs11.DeviceError(), "token_failed"),
    ],
)
def test_a_token_that_fails_while_it_signs_leaves_nothing_behind(
    error: Exception, code: str, personal: Personal
) -> None:
    document, real, signing = personal
    key = TokenKey(real.certificate, (), LABEL, Broken(error))
    with pytest.raises(Refusal) as refused:
        sign(document, key, signing, Level.B, Trust())
    assert (refused.value.code, refused.value.params["token"]) == (code, LABEL)


@contextmanager
def opening(library: Any) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pkcs11.lib", lambda _path: library)
        yield


def test_a_token_that_is_locked_says_so() -> None:
    class Locked:
        def get_token(self, **_asked: Any) -> Locked:
            return self

        def open(self, **_asked: Any) -> None:
            raise pkcs11.PinLocked

    with opening(Locked()):
        assert code_of(lambda: open_token(Path("any.so"), LABEL, PIN)) == "token_locked"
