"""The ten columns of the register of outgoing documents, and what a document says in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from portal.documents.models import RegisterEntry

TITLE = "SỔ ĐĂNG KÝ VĂN BẢN ĐI"

HEADS = (
    "Số, ký hiệu văn bản",
    "Ngày tháng văn bản",
    "Tên loại và trích yếu nội dung văn bản",
    "Người ký",
    "Nơi nhận văn bản",
    "Đơn vị, người nhận bản lưu",
    "Số lượng bản",
    "Ngày chuyển",
    "Ký nhận",
    "Ghi chú",
)
"""What the columns are headed with (Decree 30/2020, appendix IV)."""

AS_ABOVE, KEPT = ("Như trên", "Như Điều "), "Lưu:"
"""How box 9b names those whom the text names, and how its last line begins (Decree 30/2020, appendix I.II.9)."""


class Words(NamedTuple):
    """What a document says in columns 3 to 6.

    Attributes:
        title: type and subject.
        signer: the name, or both.
        recipients: who gets it, one after the other.
        kept_by: who keeps the copy.
    """

    title: str
    signer: str
    recipients: str
    kept_by: str


def words_of(content: Mapping[str, Any]) -> Words:
    """What the frozen content of a document says in columns 3 to 6.

    Args:
        content: as `printed.template_data` made it.
    """
    kept = [each for each in _bare(content["recipients"]["lines"]) if each.startswith(KEPT)]
    signed = (content["signature"], content.get("cosignature"))
    return Words(
        title=str(content["title"]),
        signer="; ".join(str(each["name"]) for each in signed if each),
        recipients="; ".join(receivers(content)),
        kept_by="; ".join(each.removeprefix(KEPT).strip() for each in kept),
    )


def receivers(content: Mapping[str, Any]) -> list[str]:
    """Who gets a document, as it prints them: those it is addressed to first, the archive not among them.

    Args:
        content: as for `words_of`.
    """
    lines = [each for each in _bare(content["recipients"]["lines"]) if not each.startswith((KEPT, *AS_ABOVE))]
    return [*_addressees(content.get("address")), *lines]


def _addressees(address: Mapping[str, Any] | None) -> list[str]:
    return _bare([address["beside"], *address["lines"]]) if address else []


def _bare(lines: Iterable[str]) -> list[str]:
    """Names without the dashes and marks between them."""
    found = (each.strip().removeprefix("- ").rstrip(";.").strip() for each in lines)
    return [each for each in found if each]


def day_text(day: date | None) -> str:
    """A day as the register writes it; empty where there is none."""
    return f"{day:%d/%m/%Y}" if day else ""


def values(entry: RegisterEntry, reserver: str = "") -> tuple[str | int | date | None, ...]:
    """The ten cells of a line, days and numbers as what they are.

    Args:
        entry: what became of the number.
        reserver: the name of whoever reserved it.
    """
    return (
        str(entry),
        entry.dated_on,
        entry.title,
        entry.signer,
        entry.recipients,
        entry.kept_by,
        entry.copies,
        entry.sent_on,
        entry.received_by,
        remark(entry, reserver),
    )


def cells(entry: RegisterEntry, reserver: str = "") -> list[str]:
    """The ten cells of a line as they are printed.

    Args:
        entry: what became of the number.
        reserver: the name of whoever reserved it.
    """
    return [text(value) for value in values(entry, reserver)]


def text(value: str | int | date | None) -> str:
    """A cell as it is printed.

    Args:
        value: what it holds.
    """
    if isinstance(value, int):
        return f"{value:02d}"
    return value if isinstance(value, str) else day_text(value)


def remark(entry: RegisterEntry, reserver: str = "") -> str:
    """Column 10: what was noted, and why a number is void or reserved.

    Args:
        entry: what became of the number.
        reserver: the name of whoever reserved it.
    """
    fate = {
        "void": f"Hủy số: {entry.void_reason}",
        "reserved": f"Giữ số đến ngày {day_text(entry.reserved_until)}: {entry.reason}"
        + (f" ({reserver})" if reserver else ""),
        "used": "" if entry.document_id else "Ban hành bằng bản giấy",
    }[entry.state]
    return ". ".join(each for each in (fate, entry.note) if each)
