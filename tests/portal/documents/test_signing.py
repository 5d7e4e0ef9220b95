"""Boxes 7a and 7b, typed from Decree 30/2020 (article 13, appendix I.II.7) and from documents; what mandates cover."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from portal.documents import signing
from portal.documents.rules import DecreeError
from portal.documents.signing import Lacking, Mandate

OWN: dict[str, Any] = {
    "collective": "",
    "head_title": "Giám đốc",
    "post": "head",
    "signer_title": "Giám đốc",
    "name": "Rah Lan Chung",
}
COMMITTEE = {"collective": "ỦY BAN NHÂN DÂN", "head_title": "Chủ tịch"}
STEERING = {"collective": "BAN CHỈ ĐẠO", "head_title": "Trưởng Ban"}
OFFICE: dict[str, Any] = {
    "kind": "TL",
    "head_title": "Chủ tịch",
    "holder_title": "Chánh Văn phòng",
    "post": "head",
    "signer_title": "Chánh Văn phòng",
    "name": "Rah Lan Chung",
}
DEPARTMENT = {"kind": "TUQ", "holder_title": "Giám đốc Sở Thông tin và Truyền thông"}

OWN_BLOCKS = [
    (COMMITTEE, "head", "Chủ tịch", "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"),
    (COMMITTEE, "deputy", "Phó Chủ tịch", "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
    (COMMITTEE, "acting", "Chủ tịch", "TM. ỦY BAN NHÂN DÂN / Q. CHỦ TỊCH"),
    ({}, "head", "Giám đốc", "GIÁM ĐỐC"),
    ({}, "deputy", "Phó Giám đốc", "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"),
    ({}, "acting", "Giám đốc", "Q. GIÁM ĐỐC"),
    (STEERING, "head", "Trưởng Ban", "TM. BAN CHỈ ĐẠO / TRƯỞNG BAN"),
    (STEERING, "deputy", "Phó Trưởng Ban", "TM. BAN CHỈ ĐẠO / KT. TRƯỞNG BAN / PHÓ TRƯỞNG BAN"),
    ({"head_title": "Chủ tịch"}, "head", "Chủ tịch", "CHỦ TỊCH"),
    ({"head_title": "Chủ tịch"}, "deputy", "Phó Chủ tịch", "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
]
"""Body, post and title of the signer, what stands in 7a; the last two are of the Chairman himself."""

MANDATE_BLOCKS = [
    ({}, "head", "Chánh Văn phòng", "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG"),
    ({}, "deputy", "Phó Chánh Văn phòng", "TL. CHỦ TỊCH / KT. CHÁNH VĂN PHÒNG / PHÓ CHÁNH VĂN PHÒNG"),
    ({}, "acting", "Chánh Văn phòng", "TL. CHỦ TỊCH / Q. CHÁNH VĂN PHÒNG"),
    (DEPARTMENT, "head", "Giám đốc", "TUQ. CHỦ TỊCH / GIÁM ĐỐC SỞ THÔNG TIN VÀ TRUYỀN THÔNG"),
]


@pytest.mark.parametrize(("body", "post", "title", "lines"), OWN_BLOCKS)
def test_who_signs_by_his_own_post(body: dict[str, str], post: str, title: str, lines: str) -> None:
    block = signing.signature_block(**{**OWN, **body, "post": post, "signer_title": title})
    assert " / ".join(block.authority_lines) == lines


@pytest.mark.parametrize(("given", "post", "title", "lines"), MANDATE_BLOCKS)
def test_who_signs_by_order_or_by_authorisation(given: dict[str, str], post: str, title: str, lines: str) -> None:
    block = signing.mandate_block(**{**OFFICE, **given, "post": post, "signer_title": title})
    assert " / ".join(block.authority_lines) == lines


def test_a_rank_stands_before_the_name_and_another_post_above_it() -> None:
    member = {"post": "deputy", "name": "Ksor H’Bơ Khắp", "rank": "Thượng tá"}
    block = signing.signature_block(**{**OWN, **STEERING, **member, "other_post": "Phó Giám đốc Công an tỉnh"})
    assert block.post_line == "PHÓ GIÁM ĐỐC CÔNG AN TỈNH"
    assert block.name == "Thượng tá Ksor H’Bơ Khắp"


def code_of(name: str) -> str:
    with pytest.raises(DecreeError) as error:
        signing.signature_block(**{**OWN, "name": name})
    return error.value.code


@pytest.mark.parametrize("name", ["TS. Nguyễn Văn A", "PGS.TS Nguyễn Văn A", "ThS Nguyễn Văn A", "NSND Nguyễn Văn A"])
def test_no_academic_or_honorary_title_stands_before_a_name(name: str) -> None:
    assert code_of(name) == "academic_title"


@pytest.mark.parametrize("name", ["Tsơr Hà", "Bsing Y", "Nguyễn Thị Thanh Lịch"])
def test_a_name_that_only_begins_with_the_same_letters_is_a_name(name: str) -> None:
    assert signing.signature_block(**{**OWN, "name": name}).name == name


def test_a_signature_needs_a_name() -> None:
    assert code_of(" ") == "no_signer"


@pytest.mark.parametrize(
    ("printed", "body"),
    [
        ("ỦY BAN NHÂN DÂN\nTỈNH GIA LAI", "ỦY BAN NHÂN DÂN"),
        ("BAN CHỈ ĐẠO ĐỀ ÁN 06", "BAN CHỈ ĐẠO"),
        ("Ban Chỉ đạo\nchuyển đổi số", "BAN CHỈ ĐẠO"),
        ("TỔ CÔNG TÁC\nTRIỂN KHAI ĐỀ ÁN 06", "TỔ CÔNG TÁC"),
        ("HỘI ĐỒNG THI ĐUA - KHEN THƯỞNG", "HỘI ĐỒNG"),
        ("BAN THƯỜNG TRỰC\nMẶT TRẬN", "BAN THƯỜNG TRỰC"),
    ],
)
def test_after_tm_stands_the_kind_of_body(printed: str, body: str) -> None:
    assert signing.collective_of(printed) == body


@pytest.mark.parametrize(
    ("title", "unit", "said"),
    [
        ("Giám đốc", "Sở Nội vụ", "Giám đốc Sở Nội vụ"),
        ("Trưởng phòng", "Phòng Tư pháp", "Trưởng phòng Tư pháp"),
        ("Chánh Văn phòng", "Văn phòng Sở", "Chánh Văn phòng Sở"),
        ("Chánh Thanh tra", "Thanh tra tỉnh", "Chánh Thanh tra tỉnh"),
        ("Chánh Văn phòng", "", "Chánh Văn phòng"),
    ],
)
def test_a_post_is_said_by_its_full_name_and_nothing_twice(title: str, unit: str, said: str) -> None:
    assert signing.title_in(title, unit) == said


# -- what a mandate covers -------------------------------------------------------------------------------------

FIRST, LAST = date(2025, 3, 1), date(2025, 6, 30)
ORDER = Mandate(1, "TL", FIRST, None)
BOUNDED = Mandate(2, "TUQ", FIRST, LAST, types=frozenset({"BC"}), document="12/GUQ-UBND")


def asked(*mandates: Mandate, **changes: Any) -> Mandate | Lacking:
    usual: dict[str, Any] = {"kind": "BC", "template": "provincial-report", "day": FIRST, "post": "head"}
    return signing.chosen(mandates, **{**usual, **changes})


@pytest.mark.parametrize(
    ("day", "lacks"),
    [
        (FIRST - timedelta(days=1), "not_begun"),
        (FIRST, ""),
        (LAST, ""),
        (LAST + timedelta(days=1), "over"),
    ],
)
def test_an_authorisation_holds_from_its_first_day_to_its_last(day: date, lacks: str) -> None:
    assert asked(BOUNDED, day=day) == (Lacking(lacks, BOUNDED) if lacks else BOUNDED)  # type: ignore[arg-type]


def test_an_order_without_an_end_lasts() -> None:
    assert asked(ORDER, day=date(2099, 12, 31)) == ORDER


def test_an_order_for_nothing_in_particular_is_for_every_document() -> None:
    assert asked(ORDER, kind="CV", template="any-letter") == ORDER


@pytest.mark.parametrize(("kind", "template", "covers"), [("BC", "x", True), ("QĐ", "plan", True), ("QĐ", "x", False)])
def test_what_is_named_by_type_or_by_template_is_covered(kind: str, template: str, covers: bool) -> None:  # noqa: FBT001
    named = replace(BOUNDED, templates=frozenset({"plan"}))
    assert asked(named, kind=kind, template=template) == (named if covers else Lacking("scope", named))


def test_deputies_sign_only_where_the_order_says_so() -> None:
    assert asked(ORDER, post="deputy") == Lacking("deputies", ORDER)
    with_deputies = replace(ORDER, with_deputies=True)
    assert asked(with_deputies, post="deputy") == with_deputies
    assert asked(ORDER, post="acting") == ORDER


def test_what_was_revoked_covers_nothing() -> None:
    assert asked(replace(BOUNDED, is_revoked=True)) == Lacking("revoked", replace(BOUNDED, is_revoked=True))


def test_who_was_given_nothing_signs_nothing() -> None:
    assert asked() == Lacking("none")


def test_the_one_that_comes_nearest_says_what_is_missing() -> None:
    revoked_and_over = replace(BOUNDED, key=3, is_revoked=True, last=FIRST)
    assert asked(revoked_and_over, BOUNDED, day=LAST + timedelta(days=1)) == Lacking("over", BOUNDED)


def test_an_authorisation_comes_before_an_order_and_the_later_before_the_earlier() -> None:
    later = replace(BOUNDED, key=3, first=FIRST + timedelta(days=5))
    assert asked(ORDER, BOUNDED, later, day=LAST) == later


# -- documents of the Chairman himself -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ppc", "dpc", "cpc"])
def test_a_chairman_has_documents_of_his_own_since_the_law_of_2025(kind: str) -> None:
    signing.refuse_head_himself(kind, date(2025, 3, 1))
    with pytest.raises(DecreeError, match="before_the_law"):
        signing.refuse_head_himself(kind, date(2025, 2, 28))


@pytest.mark.parametrize("kind", ["department", "police", "steering_body", "ppc_office"])
def test_no_other_head_has(kind: str) -> None:
    with pytest.raises(DecreeError, match="no_chairman"):
        signing.refuse_head_himself(kind, date(2026, 1, 1))
