"""The prescribed columns of both registers of incoming documents, and what an arrival says in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.documents.columns import day_text
from portal.documents.rules import number_text
from portal.incoming import rules

if TYPE_CHECKING:
    from datetime import date

    from portal.incoming.models import IncomingDocument

TITLE = "SỔ ĐĂNG KÝ VĂN BẢN ĐẾN"
HEADS = (
    "Ngày đến",
    "Số đến",
    "Tác giả",
    "Số, ký hiệu",
    "Ngày tháng",
    "Tên loại và trích yếu nội dung văn bản",
    "Đơn vị hoặc người nhận",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
"""What the register of incoming documents is headed with (Decree 30/2020, appendix IV)."""

HANDLING_TITLE = "SỔ THEO DÕI GIẢI QUYẾT VĂN BẢN ĐẾN"
HANDLING_HEADS = (
    "Số đến",
    "Tên loại, số, ký hiệu, ngày, tháng và tác giả",
    "Đơn vị hoặc người nhận",
    "Thời hạn giải quyết",
    "Tiến độ giải quyết",
    "Số, ký hiệu văn bản trả lời",
    "Ghi chú",
)
"""What the book that follows the handling is headed with (Decree 30/2020, appendix IV)."""

PROGRESS = {
    rules.NEW: "Chưa chuyển xử lý",
    rules.ASSIGNED: "Đã chuyển xử lý",
    rules.IN_PROGRESS: "Đang giải quyết",
    rules.DONE: "Đã giải quyết",
    rules.ANSWERED: "Đã trả lời",
    rules.FILED: "Lưu hồ sơ",
    rules.VOID: "Hủy số đến",
}
"""What the printed book says of where an arrival stands."""

Cells = tuple["str | date | None", ...]


def receiver(incoming: IncomingDocument) -> str:
    """The unit that got it and the person there."""
    unit = incoming.lead_unit.name_vi if incoming.lead_unit else ""
    return "; ".join(each for each in (unit, incoming.recipient) if each)


def remark(incoming: IncomingDocument) -> str:
    """What was noted, how urgent it is, and why a number is void."""
    void = f"Hủy số đến: {incoming.void_reason}" if incoming.void_reason else ""
    urgency = {"flash": "Hỏa tốc", "express": "Thượng khẩn", "urgent": "Khẩn"}.get(incoming.urgency or "", "")
    return ". ".join(each for each in (void, urgency, incoming.remark) if each)


def arrival_values(incoming: IncomingDocument) -> Cells:
    """The ten cells of the register of incoming documents."""
    return (
        incoming.arrived_on,
        number_text(incoming.number),
        incoming.author,
        incoming.symbol,
        incoming.dated_on,
        incoming.title,
        receiver(incoming),
        incoming.handed_on,
        incoming.received_by,
        remark(incoming),
    )


def handling_values(incoming: IncomingDocument) -> Cells:
    """The seven cells of the book that follows the handling."""
    said = incoming.filed_reason if incoming.state == rules.FILED else incoming.last_note
    progress = ": ".join(each for each in (PROGRESS[incoming.state], said) if each)
    answer = f"{incoming.answer} ngày {day_text(incoming.answer.dated_on)}" if incoming.answer else ""
    number = number_text(incoming.number)
    return (number, incoming.document, receiver(incoming), incoming.due_on, progress, answer, remark(incoming))
