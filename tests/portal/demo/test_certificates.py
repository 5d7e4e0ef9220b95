"""The made-up authority of the demo: it signs, and says everywhere that it is worth nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

from cryptography import x509

from portal.demo.certificates import WORTHLESS, Holder, make_authority
from portal.signatures.keys import check_certificate, facts, fits, open_key_file

HOLDERS = (
    Holder("chutich", "Rah Lan Chung", "Ủy ban nhân dân tỉnh Gia Lai"),
    Holder("ubnd", "Ủy ban nhân dân tỉnh Gia Lai", "Ủy ban nhân dân tỉnh Gia Lai"),
    Holder("dai", "Một cơ quan có tên dài hơn sáu mươi bốn chữ cái mà tiêu chuẩn cho phép ghi", "Tỉnh Gia Lai"),
)


def test_everybody_gets_a_key_that_signs_and_a_certificate_of_no_worth() -> None:
    made = make_authority(HOLDERS, "123456", date(2024, 1, 1))
    for holder in HOLDERS:
        key = open_key_file(made.key_files[holder.key], "123456")
        assert key.certificate == made.certificates[holder.key]
        assert key.chain == (made.root,)
        assert fits(key.certificate, b"words", key.sign(b"words"))
        assert holder.name.startswith(facts(key.certificate).name)
        assert WORTHLESS in x509.load_der_x509_certificate(key.certificate).subject.rfc4514_string()
        check_certificate(key.certificate, datetime(2025, 12, 31, tzinfo=UTC))
    assert facts(made.root).name == WORTHLESS
