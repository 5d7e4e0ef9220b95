"""The words of a diagram, in both languages: names of what every chain has, and who takes a step."""

from collections.abc import Mapping
from typing import Final

from workflows.definition import Owner, PlaceKind, Share, Step
from workflows.errors import Label

START: Final[Label] = {"vi": "Bắt đầu", "en": "Start"}
DRAFT: Final[Label] = {"vi": "Soạn và trình", "en": "The drafter drafts and submits"}
DRAFT_SETS: Final = (
    "Sets facts, a dictionary of what is known of the content by the names that guards use (numbers as int or Decimal, "
    "dates as ISO text), and people, a dictionary of those who share a step of several, by stage.step."
)
APPROVED: Final[Label] = {"vi": "Được duyệt", "en": "Approved"}
REJECTED: Final[Label] = {"vi": "Bị từ chối", "en": "Rejected"}
APPROVE: Final[Label] = {"vi": "Duyệt", "en": "Approve"}
RETURN: Final[Label] = {"vi": "Trả lại", "en": "Return"}
REJECT: Final[Label] = {"vi": "Từ chối", "en": "Reject"}
TO_DRAFTER: Final[Label] = {"vi": "Về người soạn", "en": "To the drafter"}
SKIP: Final[Label] = {"vi": "Bỏ qua", "en": "Skip"}
APPLIES: Final[Label] = {"vi": "Theo điều kiện", "en": "By its condition"}
NOBODY: Final[Label] = {"vi": "Không bước nào áp dụng", "en": "No stage applies"}
OPEN: Final[Label] = {"vi": "Đếm số ý kiến cần có", "en": "Count how many approvals are needed"}
COUNT: Final[Label] = {"vi": "Ghi nhận ý kiến", "en": "Count what was decided"}
SETTLED: Final[Label] = {"vi": "Đã có kết quả", "en": "The stage is decided"}
WAITING: Final[Label] = {"vi": "Chờ ý kiến khác", "en": "Others are waited for"}
HEARD: Final[Label] = {"vi": "Đã cho ý kiến", "en": "The opinion was given"}

_POSTS: Final[Mapping[str, Label]] = {
    "head": {"vi": "cấp trưởng", "en": "head"},
    "deputy": {"vi": "cấp phó", "en": "deputy"},
    "officer": {"vi": "chuyên viên", "en": "officer"},
    "registrar": {"vi": "văn thư", "en": "registrar"},
    "administrator": {"vi": "quản trị đơn vị", "en": "unit administrator"},
}
_PLACES: Final[Mapping[PlaceKind, Label]] = {
    "own": {"vi": "đơn vị trình", "en": "the submitting unit"},
    "parent": {"vi": "đơn vị cấp trên", "en": "the unit above"},
    "unit": {"vi": "{unit}", "en": "{unit}"},
    "superior": {"vi": "thủ trưởng của người soạn", "en": "the drafter's superior"},
    "field": {"vi": "đơn vị nêu ở {field}", "en": "the unit that {field} names"},
}
_SHARES: Final[Mapping[str, Label]] = {
    "one": {"vi": "một người", "en": "one of them"},
    "each": {"vi": "từng người", "en": "each of them"},
    "chosen": {"vi": "những người được chọn, nhiều nhất {most}", "en": "those chosen, at most {most}"},
}


def owner_words(owner: Owner, language: str) -> str:
    """Says whose step it is: ``cấp trưởng, cấp phó: PC06``."""
    posts = ", ".join(_POSTS.get(post, {language: post})[language] for post in owner.posts)
    place = _PLACES[owner.place][language].format(unit=owner.unit, field=owner.field)
    return f"{posts}: {place}"


def share_words(share: Share, language: str) -> str:
    """Says how those whose step it is share it."""
    return _SHARES[share.kind][language].format(most=share.most)


def note_of(step: Step) -> str:
    """Says below a task who takes it."""
    return f"{owner_words(step.owner, 'vi')} ({share_words(step.share, 'vi')})"


def both(vi: str, en: str) -> Label:
    """Gives a text in both languages."""
    return {"vi": vi, "en": en}
