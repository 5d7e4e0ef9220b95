"""A copy has a reserved number until it is signed by hand; only then it is registered, and follows its original."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from portal import files
from portal.db import utc_now
from portal.documents import keeping, linking
from portal.documents.authorities import settle_authority
from portal.documents.keeping import Handover
from portal.documents.models import RELEASED, OfficialDocument, Register, SigningAuthority
from portal.files import FileStore
from portal.jobs import Job
from portal.security import today
from portal.sequels import block, rules, service
from portal.sequels.service import Asked
from portal.sequels.sources import Source
from portal.units.models import Post, Unit
from tests.portal.incoming.arriving import arrived, code_of
from tests.unguarded import unguarded_documents
from tests.uploads import PDF, PNG

if TYPE_CHECKING:
    from pathlib import Path

    from portal.incoming.models import IncomingDocument
    from portal.sequels.models import CertifiedCopy
    from tests.portal.province import Province

HANDED = Handover(12, None, "Phòng Hành chính", "")


def unit(province: Province, code: str) -> Unit:
    return province.session.scalars(select(Unit).where(Unit.code == code)).one()


def post(province: Province, code: str, kind: str) -> Post:
    mine = select(Post).join(Unit, Unit.id == Post.unit_id).where(Unit.code == code, Post.kind == kind)
    return province.session.scalars(mine.order_by(Post.id)).first()  # type: ignore[return-value]


def asked(province: Province, form: str = "SY", *parts: str) -> Asked:
    return Asked(form, province.user("chairman").id, post(province, "UBND", "head").id, ("Các sở, ban, ngành",), parts)


@pytest.fixture
def document(province: Province, tmp_path: Path) -> OfficialDocument:
    """An issued report of the committee with its file."""
    province.approved()
    found = province.session.scalars(select(OfficialDocument)).one()
    with unguarded_documents(province.session):
        found.file_id = files.keep(province.session, FileStore(tmp_path), PDF, "van-ban.pdf", None).id
        found.status, found.released_at = RELEASED, utc_now()
    return found


def made(province: Province, source: Source, order: Asked | None = None, who: str = "registrar") -> CertifiedCopy:
    order = order or asked(province)
    return service.make(province.session, province.actor(who), source, unit(province, "UBND"), order, on=today())


def signed(province: Province, copy: CertifiedCopy, handover: Handover = HANDED) -> CertifiedCopy:
    told = {"version": copy.entry.version, "on": today()}
    return service.note_signed(province.session, province.actor("registrar"), copy.id, today(), handover, **told)


def printed(province: Province, copy: CertifiedCopy) -> CertifiedCopy:
    copy.file_id, copy.status = copy.source_file_id, rules.READY
    province.session.flush()
    return copy


def scanned(
    province: Province, tmp_path: Path, content: bytes = PDF, name: str = "den.pdf", **facts: str
) -> IncomingDocument:
    incoming = arrived(province, **facts)
    incoming.file_id = files.keep(province.session, FileStore(tmp_path), content, name, None).id
    province.session.flush()
    province.session.refresh(incoming)
    return incoming


def test_a_copy_keeps_a_number_of_the_series_of_copies_and_is_printed(
    province: Province, document: OfficialDocument
) -> None:
    copy = made(province, Source(document=document))
    second = made(province, Source(document=document), asked(province, "TrS", "section:1"))
    assert (str(copy), str(second)) == ("01/SY-UBND", "02/TrS-UBND")
    assert {copy.entry.register.series, second.entry.register.series} == {"copies"}
    assert copy.entry.state == "reserved"
    assert copy.entry.reserved_until == today() + timedelta(days=rules.DAYS_TO_SIGN)
    assert (copy.source_file_id, second.source_file_id) == (document.file_id, None)
    content = json.loads(copy.content)
    assert content["form"] == "SAO Y"
    assert content["signature"]["authority_lines"] == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]
    assert content["recipients"]["lines"] == ["- Các sở, ban, ngành;", "- Lưu: VT."]
    jobs = select(Job.payload).where(Job.kind == service.PRINT_COPY).order_by(Job.id)
    assert [each["copy_id"] for each in province.session.scalars(jobs)] == [copy.id, second.id]


def test_signed_by_hand_it_stands_in_the_register_and_follows_its_original(
    province: Province, document: OfficialDocument
) -> None:
    copy = made(province, Source(document=document))
    assert code_of(lambda: signed(province, copy)) == "copy_not_printed"
    printed(province, copy)
    assert code_of(lambda: signed(province, copy, replace(HANDED, copies=None))) == "copies_wrong"
    signed(province, copy)
    entry = copy.entry
    assert (str(entry), entry.state, entry.copies) == ("01/SY-UBND", "used", 12)
    assert (entry.received_by, entry.signer, entry.dated_on) == ("Phòng Hành chính", "Đặng Nhật Thuận", today())
    assert str(entry.title).startswith("Sao y Báo cáo Tình hình")
    assert (entry.recipients, entry.kept_by) == ("Các sở, ban, ngành", "VT")
    assert copy.state == "signed"
    (fate,) = linking.fates(province.session, document.id)
    assert (fate.kind, fate.symbol) == ("copies", "01/SY-UBND")
    assert document.fate is None
    assert code_of(lambda: signed(province, copy)) == "copy_settled"


def test_a_copy_that_nobody_signs_leaves_a_void_number(province: Province, document: OfficialDocument) -> None:
    copy = printed(province, made(province, Source(document=document)))
    told = {"version": copy.entry.version, "reason": "In hỏng"}
    keeping.make_void(province.session, province.actor("registrar"), copy.entry_id, **told)
    assert copy.state == "void"
    assert code_of(lambda: signed(province, copy)) == "copy_settled"
    assert linking.fates(province.session, document.id) == []


def test_what_may_not_be_copied_is_refused_by_its_code(province: Province, document: OfficialDocument) -> None:
    source, session = Source(document=document), province.session
    assert code_of(lambda: made(province, source, who="clerk")) == "not_permitted"
    assert code_of(lambda: made(province, source, asked(province, "SL"))) == "copy_form"
    assert code_of(lambda: made(province, source, asked(province, "TrS"))) == "extract_without_parts"
    assert code_of(lambda: made(province, source, asked(province, "TrS", "section:99"))) == "extract_without_parts"
    assert code_of(lambda: made(province, source, replace(asked(province), recipients=(" ",)))) == "recipients_required"
    nobody = replace(asked(province), signer_id=province.user("registrar").id)
    nobody = replace(nobody, post_id=post(province, "UBND", "registrar").id)
    assert code_of(lambda: made(province, source, nobody)) == "signer_without_authority"
    copy = printed(province, made(province, source))
    linking.follow(
        session, province.actor("registrar"), "recalls", None, linking.line_of(session, document.id), reason="Sai"
    )
    assert code_of(lambda: made(province, source)) == "copy_recalled"
    assert code_of(lambda: signed(province, copy)) == "copy_recalled"


def test_an_original_is_what_is_released_and_a_restricted_one_is_copied_by_its_issuer(
    province: Province, document: OfficialDocument
) -> None:
    other = unit(province, "STTTT")

    def copied_elsewhere() -> object:
        return service.make(
            province.session, province.actor("admin"), Source(document=document), other, asked(province), on=today()
        )

    with province.session.no_autoflush:
        for status in ("rendering", "awaiting_signature", "awaiting_seal"):
            document.status = status
            assert code_of(copied_elsewhere) == "copy_unreleased"
        document.status = RELEASED
        content = json.loads(document.content)
        document.content = json.dumps({**content, "circulation": "LƯU HÀNH NỘI BỘ"})
        assert code_of(copied_elsewhere) == "copy_restricted"
    province.session.rollback()


def test_what_arrived_is_copied_by_the_unit_that_received_it(province: Province, tmp_path: Path) -> None:
    source = Source(incoming=scanned(province, tmp_path))
    assert str(made(province, source)) == "01/SY-UBND"
    again = made(province, source, asked(province, "SL"))
    assert str(again) == "02/SL-UBND"
    assert again.title.startswith("Sao lục Công văn số 4598/CAT-PC06")
    signed(province, printed(province, again))
    assert code_of(lambda: made(province, source, asked(province, "TrS", "section:1"))) == "copy_form"
    admin, other = province.actor("admin"), unit(province, "STTTT")
    elsewhere = lambda: service.make(province.session, admin, source, other, asked(province), on=today())  # noqa: E731
    assert code_of(elsewhere) == "copy_not_received"
    assert service.copying_units(province.session, province.actor("registrar"), source, today()) == [
        unit(province, "UBND")
    ]
    picture = Source(incoming=scanned(province, tmp_path, PNG, "den.png", symbol="2/CAT", code=""))
    assert code_of(lambda: made(province, picture)) == "copy_scan_not_pdf"
    empty = Source(incoming=arrived(province, symbol="1/CAT", code=""))
    assert code_of(lambda: made(province, empty)) == "copy_without_scan"


def test_whom_the_head_designated_for_copies_stands_first_and_signs_no_other_form(province: Province) -> None:
    committee, office = unit(province, "UBND"), post(province, "STTTT", "head")
    given = SigningAuthority(
        kind="TL",
        issuer=committee,
        source_post=post(province, "UBND", "head"),
        signer_post=office,
        with_deputies=False,
        types=["SY"],
        templates=[],
        grounds="45/2024/QĐ-UBND",
        grounds_on=today(),
        valid_from=today(),
    )
    with province.session.no_autoflush:
        settle_authority(province.session, province.actor("units"), given)
    province.session.add(given)
    province.session.flush()
    copies = block.candidates(province.session, committee, "SY", today())
    assert copies[0].post == office
    assert copies[0].block.authority_lines[0] == "TL. CHỦ TỊCH"
    assert {each.post.kind for each in copies[1:]} == {"head", "deputy"}
    assert all(each.post != office for each in block.candidates(province.session, committee, "TrS", today()))


def test_the_series_of_copies_is_one_book(province: Province, document: OfficialDocument) -> None:
    for form in ("SY", "TrS"):
        made(province, Source(document=document), asked(province, form, "section:1"))
    mine = select(Register.last_number).where(Register.series == "copies")
    assert province.session.scalars(mine).all() == [2]
