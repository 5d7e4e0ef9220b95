"""What a file may be an addition to is found by its bytes alone, and never takes long."""

from __future__ import annotations

import hashlib
import time

from portal.verification.revisions import MOST, hashes_of

FIRST = b"%PDF-1.7\none\n%%EOF\n"
SECOND = FIRST + b"two\n%%EOF\r\n"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_file_itself_comes_first_and_then_each_state_before_it_the_longest_first() -> None:
    found = hashes_of(SECOND + b"three")
    assert found[0] == sha256(SECOND + b"three")
    assert found.index(sha256(SECOND)) < found.index(sha256(FIRST))


def test_a_file_without_additions_is_only_itself_and_what_lacks_its_last_line_end() -> None:
    assert hashes_of(FIRST) == (sha256(FIRST), sha256(FIRST[:-1]))


def test_what_is_no_pdf_is_only_itself() -> None:
    assert hashes_of(b"") == (sha256(b""),)
    assert hashes_of(b"PK\x03\x04") == (sha256(b"PK\x03\x04"),)


def test_a_million_ends_cost_no_more_than_reading_the_file() -> None:
    began = time.process_time()
    assert len(hashes_of(b"%%EOF\n" * 1_000_000)) <= 2 * MOST + 1
    assert time.process_time() - began < 2
