"""Pages to test style on: what is said of a text, as short as it can be written."""

from collections.abc import Iterable

from workflows.forms.style import Note, Text, check

UNITS = (
    "UBND tỉnh Gia Lai",
    "Ban Chỉ đạo Đề án 06 tỉnh",
    "Công an tỉnh Gia Lai",
    "Phòng Cảnh sát quản lý hành chính về trật tự xã hội",
    "Văn phòng UBND tỉnh",
    "Sở Tài chính",
    "Sở Công Thương",
    "Sở Lao động - Thương binh và Xã hội",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Thanh tra tỉnh",
    "UBND thành phố Pleiku",
    "UBND huyện Ia Grai",
    "UBND phường Thống Nhất",
    "UBND phường Diên Hồng",
    "Huyện Chư Păh",
    "Đoàn",
)
"""Names as a province's register has them."""


def notes(*texts: str | Text, known: Iterable[str] = UNITS) -> list[Note]:
    """What is said of some texts of one document, in their order."""
    pages = [text if isinstance(text, Text) else Text(f"f{number}", text) for number, text in enumerate(texts)]
    return check(pages, known)


def mended(*texts: str | Text, known: Iterable[str] = UNITS) -> list[tuple[str, str]]:
    """What is found, and what is wanted instead."""
    return [(each.found, each.wanted) for each in notes(*texts, known=known)]
