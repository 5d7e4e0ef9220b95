"""Documents that are cited: in full where they are first mentioned, by type, number and symbol afterwards.

Decree 30/2020/NĐ-CP, appendix I, part I, II.6.b: the first mention says the type, number and symbol, the date, the
issuer and the subject. Laws and ordinances go by their names alone, and their numbers are left as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from workflows.forms.style.texts import Note, folded, whole_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.forms.style.texts import Text

INCOMPLETE: Final = "citation_incomplete"
REPEATED: Final = "citation_repeated"

AROUND: Final = 400
"""How far before and behind a symbol the rest of its citation is looked for, in letters."""

LONGEST_ISSUER: Final = 10
"""How many words name an issuer; what is longer says something else besides."""

_PART = r"[A-ZĐƯ][A-Za-zĐđƯư0-9]{0,11}"
_SYMBOL = re.compile(
    rf"(?<![\w/.-])(?:\d{{1,6}}(?:/\d{{4}})?/{_PART}(?:-{_PART}){{1,3}}|\d{{1,5}}-{_PART}/{_PART}(?:-{_PART})?)(?![\w/-])"
)
_TYPES: Final = (
    "nghị quyết|quyết định|chỉ thị|quy chế|quy định|thông cáo|thông báo|hướng dẫn|chương trình|kế hoạch|phương án|đề án"
    "|dự án|báo cáo|biên bản|tờ trình|hợp đồng|công văn|công điện|bản ghi nhớ|bản thỏa thuận|giấy|phiếu|thư công"
    "|nghị định|thông tư|bộ luật|luật|pháp lệnh|văn bản|kết luận|lệnh|quy hoạch"
)
_TYPE = whole_words(_TYPES)
_NEXT = re.compile(rf"(?:[ ]và|[,;])?[ ](?:{folded(_TYPES)})(?:[ ]số)?[ ]$")
LONGEST_TYPE: Final = 40
"""So many letters at most hold a type, and the words around it."""
_SHORT = re.compile(r"(?<!\w)(?:QĐ|CV|KH|TB|NQ|CT|TT|NĐ|TTr|BC|HD|KL|CĐ)(?:[ ]số)?:?[ ]?$")
_BODY = re.compile(
    r"(?<!\w)(?:Chính phủ|Thủ tướng|Quốc hội|Bộ|UBND|[UỦ][ỷy] ban|HĐND|Hội|Sở|Công an|Ban|Văn phòng|Chủ tịch|Cục"
    r"|Tổng cục|Tổ|Tỉnh|Huyện|Thành|Đảng|Bảo hiểm|Kho bạc|Ngân hàng|Thanh tra|Tòa|Toà|Viện|Trung tâm|Phòng|Đoàn|Đơn vị"
    r"|Liên đoàn|Mặt trận|Bộ trưởng|Giám đốc|Chi cục|Trường|Bệnh viện|Tổng công ty|Công ty)(?!\w)"
)
_NUMBERS = r"\d{1,2}[ ]?[/.-][ ]?\d{1,2}[ ]?[/.-][ ]?\d{2,4}|\d{1,2}[ ]tháng[ ]\d{1,2}(?:[ ]năm[ ]\d{4})?"
_DATE = re.compile(rf"(?<![\w/.-])(?:{_NUMBERS}|ngày[ ]…)(?![\w/])")
_LIMIT = re.compile(r"(?<!\w)(?:trước|đến|từ|sau|hạn|hết)[ ](?:hết[ ])?ngày[ ]\S{1,12}")
_HEAD = re.compile(rf"^[\s,(]{{0,4}}(?:ngày[ ])?(?:{_NUMBERS}|…)?\)?[\s,]{{0,4}}")
_NUMBER = re.compile(r"\W*(?:[Ss]ố)?\W*")
_YEAR = re.compile(r"\d{1,6}/\d{4}/")
_AT = re.compile(rf"(?<!\w)tại[ ](?:các[ ])?(?:{folded(_TYPES)})(?!\w)")
_HOLDS = folded("một số điều|sửa đổi|bổ sung|thay thế|bãi bỏ|thi hành|kèm theo|điểm|khoản|điều")
_WITHIN = re.compile(rf"(?<!\w)(?:{_HOLDS})(?!\w)[^.;,]{{0,40}}(?<!\w)(?:{folded(_TYPES)})(?:[ ]số)?:?[ ]$")
"""A document that is mentioned as a part of the title of another, or to say where something stands."""
_OF = re.compile(r"(?<!\w)(?:của|do)[ ]")
_BY = re.compile(r"^(?:của|do)[ ]")
_SUBJECT = whole_words(
    "về|v/v|ban hành|phê duyệt|quy định|sửa đổi|bổ sung|tiếp tục|hướng dẫn|triển khai|thực hiện|công bố|kiện toàn"
    "|thành lập|giao|tăng cường|đẩy mạnh|chấn chỉnh|nâng cao|thông qua|đôn đốc|rà soát|phát triển|tổ chức|đề nghị"
    "|yêu cầu|kết luận|bãi bỏ|thay thế|điều chỉnh|phân công|phối hợp|báo cáo|kết quả|kế hoạch|quản lý|cho"
)
_END = re.compile(r"[!?\n]|(?:(?<=\w\w\w)|(?<=\d\d)|(?<=[)”\"]))\.(?=\s|$)")
"""Where a sentence ends; behind one or two letters a full stop shortens a word: TP. Hồ Chí Minh."""
_AND = re.compile(r"[\s,;]{1,4}(?:và[ ])?(?:số[ ])?")
"""What joins two symbols of which the second bears the date of both, and all the rest."""
_STOP = re.compile(r"[,;:()“”\"]")


class _Around(NamedTuple):
    """A mention of a document, and its sentence up to the mentions beside it.

    Attributes:
        symbol: Number and symbol.
        start: Where the symbol begins.
        before: What the sentence says before it.
        behind: What it says behind it.
    """

    symbol: str
    start: int
    before: str
    behind: str


class Citations:
    """Documents that were mentioned so far, through all texts of a document."""

    def __init__(self) -> None:
        self._dates: dict[str, str] = {}

    def notes(self, text: Text) -> Iterator[Note]:
        """First mentions that are not in full, and later ones that say again what the first did.

        Args:
            text: What to look at. A cell of a table mentions a document, and its neighbours say the rest.
        """
        for each in _mentions(text.plain):
            key, date = folded(each.symbol), _date(each.behind)
            is_part = bool(text.in_table or _AND.fullmatch(each.behind) or _WITHIN.search(folded(each.before)))
            if key not in self._dates:
                missing = [] if is_part else _missing(each)
                if missing:
                    yield _note(text, each, INCOMPLETE, missing)
            elif date and date == self._dates[key] and not is_part:
                yield _note(text, each, REPEATED, [])
            self._dates[key] = self._dates.get(key) or date


def _note(text: Text, each: _Around, code: str, missing: list[str]) -> Note:
    params = {"missing": missing} if missing else {}
    return Note(text.place, code, each.start, each.start + len(each.symbol), each.symbol, params=params)


def _mentions(text: str) -> Iterator[_Around]:
    """Symbols with what surrounds them; what is behind one ends where the next one begins."""
    found = list(_SYMBOL.finditer(text))
    for number, match in enumerate(found):
        before = text[max(match.start() - AROUND, 0) : match.start()]
        starts = [end.end() for end in _END.finditer(before)]
        last = found[number + 1].start() if number + 1 < len(found) else len(text)
        behind = text[match.end() : min(last, match.end() + AROUND)]
        end = _END.search(behind)
        behind = _without_next(behind[: end.start() if end else None])
        yield _Around(match[0], match.start(), before[starts[-1] if starts else 0 :], behind)


def _without_next(behind: str) -> str:
    """What is behind a symbol without the type of the document that is mentioned next."""
    following = _NEXT.search(folded(behind[-LONGEST_TYPE:]))
    return behind[: -len(following[0])] if following else behind


def _date(behind: str) -> str:
    """The date that directly follows a symbol, as digits; empty where there is none."""
    head = _HEAD.match(behind)
    return "/".join(str(int(digits)) for digits in re.findall(r"\d{1,4}", head[0])) if head else ""


def _missing(each: _Around) -> list[str]:
    """What is certainly missing from a first mention: `type`, `date`, `issuer`, `subject`.

    A number alone on its line is no citation. Legal documents bear their year in the number, and are cited without the
    day since 2025; a proposal at which something is suggested (tại Tờ trình số …) is cited without its subject.
    """
    if _NUMBER.fullmatch(each.before) and not each.behind.strip():
        return []
    is_aside = each.before.rfind("(") > each.before.rfind(")")
    said = {
        "type": is_aside or bool(_TYPE.search(folded(each.before)) or _SHORT.search(each.before)),
        "date": bool(_YEAR.match(each.symbol))
        or any(_DATE.search(_LIMIT.sub("", part)) for part in (each.before, each.behind)),
        "issuer": is_aside or _has_issuer(each),
        "subject": is_aside or bool(_AT.search(folded(each.before))) or _has_subject(each.behind),
    }
    return [part for part, is_said in said.items() if not is_said]


def _has_issuer(each: _Around) -> bool:
    is_named = _BODY.search(each.before) or _BODY.match(_rest(each.behind)) or _OF.search(each.behind)
    return bool(is_named)


def _has_subject(behind: str) -> bool:
    """Whether something is said behind date and issuer that may be a subject."""
    rest, is_cut = _rest(behind), behind[: -len(_rest(behind)) or None].rstrip().endswith(",")
    if not _BY.match(rest) and (is_cut or not _BODY.match(rest)):
        return _begins_subject(rest) or (rest[:1].islower() and not is_cut)
    chunk, stop, more = _cut(rest)
    words = folded(chunk)
    return bool(_SUBJECT.search(words)) or len(words.split()) > LONGEST_ISSUER or _begins_subject(stop + more)


def _rest(behind: str) -> str:
    """What follows the date of a symbol, or the symbol itself."""
    return _HEAD.sub("", behind, count=1)


def _cut(text: str) -> tuple[str, str, str]:
    """A text up to its first stop, that, and the rest."""
    stop = _STOP.search(text)
    return (text[: stop.start()], stop[0], text[stop.end() :]) if stop else (text, "", "")


def _begins_subject(rest: str) -> bool:
    """Whether what follows date and issuer is a subject in quotes, in brackets or behind a comma."""
    words = folded(rest.lstrip(" ,(:"))
    return words.startswith(("“", '"')) or bool(_SUBJECT.match(words))
