"""A message and the metadata of one document, for tests that send them about."""

from __future__ import annotations

from datetime import UTC, date, datetime

from portal.exchange.message import Attached, DocumentType, Message, Signer, Trace
from portal.exchange.metadata import Metadata, Organ

COMMITTEE = Organ("H21", "Ủy ban nhân dân tỉnh Gia Lai")
POLICE = Organ("H21.41", "Công an tỉnh Gia Lai")
PDF = b"%PDF-1.7 " + bytes(range(256))

MESSAGE = Message(
    sender=POLICE,
    to=(COMMITTEE, Organ("", "Sở Tư pháp")),
    document_code="H21.41.2024.4598.CAT-PC06",
    number="4598",
    symbol="CAT-PC06",
    place="Gia Lai",
    issued_on=date(2024, 9, 6),
    type=DocumentType(2, 18, "Công văn"),
    subject="V/v tiếp tục đôn đốc thực hiện Đề án 06 & “58 câu hỏi” <khảo sát>",
    signer=Signer("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Ksor H’Bơ Khắp"),
    places=("Các sở, ban, ngành của tỉnh", "UBND các huyện, thị xã, thành phố"),
    priority=1,
    pages=3,
    files=(Attached("4598-CAT-PC06-2024.pdf", "application/pdf", PDF),),
    due_on=date(2024, 9, 20),
    copies=37,
    traces=(Trace("H21.41", datetime(2024, 9, 6, 3, 15, 7, tzinfo=UTC)),),
)

METADATA = Metadata(
    issuer=COMMITTEE,
    catalog=2025,
    notation="named",
    type_name="Báo cáo",
    number="07",
    symbol="BC-UBND",
    issued_on=date(2025, 2, 17),
    subject="Kết quả thực hiện Đề án 06 tháng 01 năm 2025",
    pages=61,
    description="",
    position="CHỦ TỊCH",
    signer="Rah Lan Chung",
    to=(POLICE,),
    priority=0,
    copies=12,
)
