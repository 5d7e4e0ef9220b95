"""A form filled in by chance with answers that could be true, to see what it looks like with something in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

from workflows.forms.fieldtypes import TYPES
from workflows.forms.figures import QUALIFIERS, SCORE_DECIMALS
from workflows.forms.leaves import as_offered
from workflows.forms.matching import matching
from workflows.forms.plain import LongText, Text
from workflows.forms.schema import Context
from workflows.forms.settling import settle
from workflows.forms.sheet import Inspection

if TYPE_CHECKING:
    from workflows.forms.schema import Field, Form, Scalar
    from workflows.periods import Window

PHRASES: Final = (
    "Triển khai nhiệm vụ theo kế hoạch đã được phê duyệt",
    "Hướng dẫn người dân nộp hồ sơ trực tuyến",
    "Kết nối, chia sẻ dữ liệu với các đơn vị liên quan",
    "Rà soát, làm sạch dữ liệu đang quản lý",
    "Bố trí người trực hỗ trợ tại nơi tiếp nhận hồ sơ",
    "Tập huấn cho cán bộ làm đầu mối",
    "Kiểm tra việc thực hiện tại cơ sở",
    "Đề xuất bổ sung trang thiết bị",
)
"""What any office could have written."""

NOTHING: Final = "Trong kỳ đơn vị không được giao nhiệm vụ này."
NOTHING_IN: Final = 8
"""In one of so many answers that may be "nothing to report" there is nothing."""

SENTENCES: Final = 4
ROWS: Final = (2, 4)
TICKS: Final = 3
SPAN_OF_DAYS: Final = 30
USUAL: Final = 60
"""How far a figure without bounds lies from zero at most."""

COUNTED: Final = 500
"""The largest denominator."""

USUAL_AMOUNT: Final = 5_000_000_000
ROUND_AMOUNT: Final = 100_000
PLACES: Final = (10, 63)
FIRST_DAY: Final = date(1000, 1, 1).toordinal()
LAST_DAY: Final = date(2999, 12, 31).toordinal()

Maker: TypeAlias = Callable[["Field", Random, Inspection], "object | None"]
"""Makes an answer of a type, or none."""


def sample(form: Form, seed: int, today: date, period: Window | None = None) -> dict[str, object]:
    """Answers to a form that the submit gate takes, except that its rules need not hold.

    An answer depends on the seed and on its own field alone. What cannot be answered by chance stays without an answer:
    a text whose pattern is not a plain one, a figure between bounds that leave none.

    Args:
        form: The form.
        seed: Any number; the same one gives the same answers.
        today: The date in Vietnam.
        period: The window that the answers speak of.
    """
    gate = Inspection(Context(today, period))
    found = {name: _answer(field, Random(f"{seed} {name}"), gate) for name, field in form.fields.items()}  # noqa: S311 - no secret
    answers = _in_agreement(form, {name: answer for name, answer in found.items() if answer is not None}, gate)
    hidden = settle(form, answers).hidden
    return {name: answer for name, answer in answers.items() if name not in hidden}


def _answer(field: Field, dice: Random, gate: Inspection) -> object | None:
    if field.nothing_to_report and not dice.randrange(NOTHING_IN):
        return {"nothing": True, "reason": NOTHING}
    answer = SAMPLES[field.type](field, dice, gate) if field.type in SAMPLES else None
    return answer if _passes(field, answer, gate) else None


def _passes(field: Field, answer: object, gate: Inspection) -> bool:
    return all(each.severity != "error" for each in TYPES[field.type].judge(field, answer, field.name, gate))


def _in_agreement(form: Form, answers: dict[str, object], gate: Inspection) -> dict[str, object]:
    """The answers, with what is the sum of others or the number of rows of a table set to that where it can be."""
    for field in form.fields.values():
        if (field.sum_of or field.rows_of) and field.name in answers:
            figure = _counted(field, settle(form, answers).facts)
            answer = _with_figure(answers[field.name], figure)
            if figure is not None and _passes(field, answer, gate):
                answers[field.name] = answer
    return answers


def _counted(field: Field, facts: Mapping[str, Scalar]) -> object | None:
    if field.rows_of:
        return facts.get(f"{field.rows_of}.count", 0)
    parts = [facts.get(name, facts.get(f"{name}.value")) for name in field.sum_of]
    if None in parts:
        return None
    total = sum(Decimal(str(part)) for part in parts)
    return f"{total:f}" if field.decimals else int(total)


def _with_figure(answer: object, figure: object) -> object:
    """An answer with another figure; "nothing to report" stays."""
    if not isinstance(answer, dict):
        return figure
    return {**answer, "value": figure} if "value" in answer else answer


def _line(field: Field, dice: Random, _gate: Inspection) -> str | None:
    if field.pattern:
        return matching(field.pattern.matches, dice)
    return _shortened(dice.choice(PHRASES), field.max_length or Text.longest)


def _lines(field: Field, dice: Random, _gate: Inspection) -> str:
    sentences = "\n".join(f"{phrase}." for phrase in dice.sample(PHRASES, SENTENCES))
    return _shortened(sentences, field.max_length or LongText.longest)


def _marked(field: Field, dice: Random, _gate: Inspection) -> str:
    first, *items = dice.sample(PHRASES, SENTENCES)
    text = "\n".join((f"**{first}**, _gồm_:", "", *(f"- {item};" for item in items)))
    return _shortened(text, field.max_length or LongText.longest)


def _shortened(text: str, longest: int) -> str:
    """A text that is short enough, with whole words where any fits."""
    if len(text) <= longest:
        return text
    return text[: longest + 1].rpartition(" ")[0].rstrip(" ,.\n") or text[:longest]


def _day(field: Field, dice: Random, gate: Inspection) -> str:
    return date.fromordinal(dice.randint(*_days(field, gate))).isoformat()


def _from_to(field: Field, dice: Random, gate: Inspection) -> dict[str, str]:
    first, last = sorted((_day(field, dice, gate), _day(field, dice, gate)))
    return {"from": first, "to": last}


def _days(field: Field, gate: Inspection) -> tuple[int, int]:
    """The first and the last day that an answer may be, as ordinals: where it should lie if its bounds allow that."""
    first, last = _usual_days(field, gate)
    least = field.earliest.toordinal() if field.earliest else FIRST_DAY
    most = field.latest.toordinal() if field.latest else LAST_DAY
    if last < least:
        return least, min(least + SPAN_OF_DAYS, most)
    if first > most:
        return max(most - SPAN_OF_DAYS, least), most
    return max(first, least), min(last, most)


def _usual_days(field: Field, gate: Inspection) -> tuple[int, int]:
    today, period = gate.context.today.toordinal(), gate.context.period
    if field.expected == "future":
        return today, today + SPAN_OF_DAYS
    if field.expected == "past" or period is None:
        return today - SPAN_OF_DAYS, today
    return period.start.toordinal(), period.end.toordinal()


def _one(field: Field, dice: Random, _gate: Inspection) -> object | None:
    if not field.choices:
        return None
    choice = dice.choice(field.choices)
    return as_offered(choice) if field.source else choice.key


def _several(field: Field, dice: Random, _gate: Inspection) -> object | None:
    least, there = field.least or 1, len(field.choices)
    if there < least:
        return None
    number = dice.randint(least, max(least, min(field.most or there, there, TICKS)))
    chosen = [field.choices[place] for place in sorted(dice.sample(range(there), number))]
    return [as_offered(choice) if field.source else choice.key for choice in chosen]


def _yes_or_no(_field: Field, dice: Random, _gate: Inspection) -> bool:
    return dice.random() < 1 / 2


def _whole(field: Field, dice: Random, gate: Inspection) -> object | None:
    return _with_remarks(field, _scaled(field, dice, 0, USUAL), dice, gate)


def _decimal(field: Field, dice: Random, gate: Inspection) -> object | None:
    return _with_remarks(field, _exact(field, dice, _decimals(field), USUAL), dice, gate)


def _money(field: Field, dice: Random, gate: Inspection) -> object | None:
    if field.decimals:
        return _with_remarks(field, _exact(field, dice, field.decimals, USUAL_AMOUNT), dice, gate)
    amount = _scaled(field, dice, 0, USUAL_AMOUNT)
    rounded = amount // ROUND_AMOUNT * ROUND_AMOUNT if amount else amount
    is_within = rounded is not None and (field.min is None or rounded >= field.min)
    return _with_remarks(field, rounded if is_within else amount, dice, gate)


def _ratio(field: Field, dice: Random, gate: Inspection) -> dict[str, object]:
    decimals = field.decimals or 0
    whole = dice.randint(20, COUNTED) * 10**decimals
    parts = {"numerator": whole * dice.randint(60, 100) // 100, "denominator": whole}
    shown = {part: _written(number, decimals) if decimals else number for part, number in parts.items()}
    return {**shown, **_as_of(field, gate)}


def _score(field: Field, dice: Random, gate: Inspection) -> dict[str, object] | None:
    decimals = SCORE_DECIMALS if field.decimals is None else field.decimals
    points = _exact(field, dice, decimals, 0)
    return {"value": points, **_as_of(field, gate)} if points is not None else None


def _rank(field: Field, dice: Random, gate: Inspection) -> dict[str, object]:
    total = dice.randint(*PLACES)
    return {"rank": dice.randint(1, total), "total": total, **_as_of(field, gate)}


def _files(field: Field, _dice: Random, _gate: Inspection) -> list[str]:
    return [f"{field.name}-1"]


def _rows(field: Field, dice: Random, gate: Inspection) -> list[dict[str, object]] | None:
    rows = [_row(field, dice, gate) for _ in range(min(dice.randint(*ROWS), field.max_rows))]
    return [row for row in rows if row] or None


def _row(field: Field, dice: Random, gate: Inspection) -> dict[str, object]:
    cells = {column.name: _answer(column, dice, gate) for column in field.columns}
    return {name: cell for name, cell in cells.items() if cell is not None}


def _with_remarks(field: Field, figure: object | None, dice: Random, gate: Inspection) -> object | None:
    """A figure with the date and the word that travel with it."""
    if figure is None or not (field.as_of or field.approximate):
        return figure
    said = {"qualifier": dice.choice(QUALIFIERS).key} if field.approximate and dice.random() < 1 / 2 else {}
    return {**said, "value": figure, **_as_of(field, gate)}


def _as_of(field: Field, gate: Inspection) -> dict[str, str]:
    period, today = gate.context.period, gate.context.today
    return {"as_of": min(period.end if period else today, today).isoformat()} if field.as_of else {}


def _exact(field: Field, dice: Random, decimals: int, usual: int) -> str | None:
    number = _scaled(field, dice, decimals, usual)
    return None if number is None else _written(number, decimals)


def _scaled(field: Field, dice: Random, decimals: int, usual: int) -> int | None:
    """A number between the bounds, counted in its last decimal; None where there is none."""
    low, high = _between(field.min, field.max, usual)
    least = low.scaleb(decimals).to_integral_value(ROUND_CEILING)
    most = high.scaleb(decimals).to_integral_value(ROUND_FLOOR)
    return dice.randint(int(least), int(most)) if least <= most else None


def _between(low: Decimal | None, high: Decimal | None, usual: int) -> tuple[Decimal, Decimal]:
    """The bounds of a figure, and where it has none what is usual."""
    if low is None:
        low = high - usual if high is not None and high < 0 else Decimal(0)
    return low, low + usual if high is None else high


def _written(number: int, decimals: int) -> str:
    return f"{Decimal(number).scaleb(-decimals):f}"


def _decimals(field: Field) -> int:
    """How many decimals a figure is written with: those allowed, or as many as its bounds have."""
    bounds = [field.min, field.max, Decimal("0.01")]
    if field.decimals is not None:
        return field.decimals
    return max(len(f"{bound:f}".partition(".")[2]) for bound in bounds if bound is not None)


SAMPLES: Final[Mapping[str, Maker]] = MappingProxyType(
    {
        "text": _line,
        "long_text": _lines,
        "rich_text": _marked,
        "date": _day,
        "date_range": _from_to,
        "choice": _one,
        "choices": _several,
        "yes_no": _yes_or_no,
        "integer": _whole,
        "decimal": _decimal,
        "money": _money,
        "ratio": _ratio,
        "score": _score,
        "rank": _rank,
        "attachment": _files,
        "table": _rows,
    }
)
"""How an answer of each type is made; a computed figure is none."""
