"""A token in the signer's own computer: a hash goes out, a signature comes in."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from asn1crypto.cms import ContentInfo
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.signatures.examining import examine
from portal.signatures.pades import Level, Prepared, complete, prepare
from portal.signatures.plugin import Answer, Verb, question, read_answer
from portal.signatures.trust import Trust
from tests.portal.signatures.desk import Desk
from workflows.errors import Refusal

if TYPE_CHECKING:
    from portal.signatures.stamps import Stamp
    from tests.portal.signatures.authority import Authority, Holder


@pytest.fixture(scope="module")
def prepared(authority: Authority, document: bytes, chairman: Holder, signing: Stamp) -> Prepared:
    chain = (authority.issuing.der, authority.root.der)
    return prepare(document, chairman.der, chain, signing, Level.LTA, authority.trust())


def code_of(prepared: Prepared, signature: bytes) -> str:
    with pytest.raises(Refusal) as refused:
        complete(prepared, signature, Trust())
    return refused.value.code


def test_the_hash_that_goes_out_is_that_of_the_attributes(prepared: Prepared, document: bytes) -> None:
    start, end = prepared.gap
    assert prepared.pdf.startswith(document)
    assert prepared.pdf[start : start + 1] + prepared.pdf[end - 1 : end] == b"<>"
    assert hashlib.sha256(prepared.pdf[:start] + prepared.pdf[end:]).digest() == prepared.digest
    assert prepared.digest in prepared.attributes
    assert prepared.to_sign == hashlib.sha256(prepared.attributes).digest()


def test_a_signature_of_the_hash_makes_the_file_valid_with_all_proofs(
    prepared: Prepared, chairman: Holder, authority: Authority
) -> None:
    kept = Prepared.from_json(prepared.to_json(), prepared.pdf)
    signed = complete(kept, Desk(chairman).sign_hash(kept.to_sign), authority.trust())
    found = examine(signed.pdf, authority.trust())
    assert (kept, signed.level, found.verdict) == (prepared, Level.LTA, "valid")
    assert found.signatures[0].name == "Rah Lan Chung"


def test_a_preparation_is_kept_without_its_file_and_without_a_secret(prepared: Prepared) -> None:
    kept = json.loads(prepared.to_json())
    assert set(kept) == {"gap", "digest", "attributes", "certificate", "chain", "level"}


def test_a_whole_container_is_taken_for_the_signature_in_it(prepared: Prepared, chairman: Holder) -> None:
    plain = replace(prepared, level=Level.B)
    done = complete(plain, Desk(chairman).sign_hash(prepared.to_sign), Trust())
    container = PdfFileReader(io.BytesIO(done.pdf)).embedded_signatures[0].pkcs7_content
    assert complete(plain, ContentInfo.load(container).dump(), Trust()) == done


def test_what_another_key_signed_is_refused(prepared: Prepared, agency: Holder) -> None:
    assert code_of(prepared, Desk(agency).sign_hash(prepared.to_sign)) == "wrong_key"


def test_what_was_signed_for_another_document_is_refused(prepared: Prepared, chairman: Holder) -> None:
    assert code_of(prepared, Desk(chairman).sign_hash(hashlib.sha256(b"other").digest())) == "wrong_key"


@pytest.mark.parametrize("signature", [b"", b"words", b"0" * 40_000])
def test_what_is_no_signature_is_refused(prepared: Prepared, signature: bytes) -> None:
    assert code_of(prepared, signature) == "wrong_key"


def test_a_preparation_with_another_file_is_refused(prepared: Prepared, chairman: Holder) -> None:
    other = replace(prepared, pdf=prepared.pdf + b"\n")
    assert code_of(other, Desk(chairman).sign_hash(prepared.to_sign)) == "other_document"


# -- the words of the Government's plug-in ---------------------------------------------------------------------


def test_the_plug_in_is_asked_in_its_own_words() -> None:
    asked = question(
        upload_to="https://trinh.example/signed", session="s1", file_name="15.pdf", token="t1",
        number="15/BC-UBND", issued=date(2025, 2, 17),
    )  # fmt: skip
    assert json.loads(json.dumps(asked)) == {
        "FileUploadHandler": "https://trinh.example/signed", "SessionId": "s1", "FileName": "15.pdf", "JWTToken": "t1",
        "DocNumber": "15/BC-UBND", "IssuedDate": "17/02/2025", "MetaData": [],
    }  # fmt: skip
    assert Verb.APPROVED == "vgca_sign_approved"


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ('{"Status": 0, "FileServer": "f1", "Message": ""}', Answer("f1")),
        ('{"Status": 1, "FileServer": "", "Message": "Huỷ"}', Answer("", "Huỷ")),
        ('{"Status": 0, "FileServer": ""}', Answer("", "Status 0")),
    ],
)
def test_its_answer_is_understood(said: str, understood: Answer) -> None:
    assert read_answer(said) == understood


@pytest.mark.parametrize("said", ["", "words", "[]", "{}", "7", '"Status"'])
def test_what_is_no_answer_is_refused(said: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_answer(said)
    assert refused.value.code == "plugin_answer_unreadable"
