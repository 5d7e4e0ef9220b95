"""The inputs of a thing's panel: what they show of it, and what is made of what was typed into them."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import MultiDict

from portal.definitions.conditions import MOST_ROWS, NOTHING_KNOWN, SEPARATOR, Row, guard_of, rows_of
from portal.definitions.formulas import MOST_OPERANDS, formula_of, simple_of
from portal.definitions.reading import read_yaml
from portal.definitions.shaping import free_name, slug
from portal.definitions.writing import write_yaml
from workflows.errors import DefinitionError
from workflows.forms.wording import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from portal.definitions.conditions import Facts
    from portal.definitions.shapes.description import Part, Shape
    from workflows.errors import Finding

DAYS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")
WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,30})")
EXACT = re.compile(r"-?(?:0|[1-9][0-9]{0,30})[.,][0-9]{1,20}")
LANGUAGES = ("vi", "en")
COUNTED = "#"
"""What the key of a choice begins with that takes a number, such as `#percent`."""

MORE_ROWS, MORE_ANSWERS, MORE_OPERANDS, MORE_LINES = 1, 2, 2, 1
"""Empty rows that are offered below the filled ones."""

MOST_ANSWERS = 300


@dataclass
class Changed:
    """A thing after what was typed.

    Attributes:
        thing: what it says now; parts that could not be read are as they were.
        unread: what could not be read as YAML, by the key of its part.
    """

    thing: dict[str, Any]
    unread: dict[str, tuple[Finding, ...]] = field(default_factory=dict)


def inside(thing: Any, key: str) -> Any:
    """What a thing says under a key, which may lead into a mapping; None where it says nothing."""
    for word in key.split("."):
        thing = thing.get(word) if isinstance(thing, dict) else None
    return thing


def put(thing: dict[str, Any], key: str, value: Any) -> None:
    """Let a thing say something under a key, or nothing; a mapping that says nothing more goes, too."""
    word, _, rest = key.partition(".")
    if rest:
        holder = thing.get(word)
        holder = holder if isinstance(holder, dict) else {}
        put(holder, rest, value)
        value = holder or None
    if value is None:
        thing.pop(word, None)
    else:
        thing[word] = value


# -- what the inputs show --------------------------------------------------------------------------------------


def shown(parts: Iterable[Part], thing: Mapping[str, Any], facts: Facts = NOTHING_KNOWN) -> dict[str, Any]:
    """Text, or texts, by the name of each input.

    Args:
        parts: of the panel.
        thing: what it says, however wrong.
        facts: what its conditions may ask for.
    """
    texts: dict[str, Any] = {}
    for part in parts:
        said = inside(thing, part.key)
        texts.update(_shown(part, part.standing if said is None else said, facts))
    return texts


def _shown(part: Part, value: Any, facts: Facts) -> dict[str, Any]:
    if part.control == "condition":
        return _condition_shown(part.key, value, facts)
    show = SHOWN.get(part.control, _plain_shown)
    return show(part.key, value)


def _plain_shown(key: str, value: Any) -> dict[str, Any]:
    return {key: _text(value)}


def _label_shown(key: str, value: Any) -> dict[str, Any]:
    """Both languages; the second stays empty where it says the same as the first."""
    said = value if isinstance(value, dict) else {}
    texts = {language: _text(said.get(language)) for language in LANGUAGES}
    if texts["en"] == texts["vi"]:
        texts["en"] = ""
    return {f"{key}.{language}": text for language, text in texts.items()}


def _labels_shown(key: str, value: Any) -> dict[str, Any]:
    labels = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    rows = enumerate([*labels, *[{}] * MORE_ANSWERS])
    return {name: text for number, each in rows for name, text in _label_shown(f"{key}.{number}", each).items()}


def _choice_shown(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) != 1:
        return {key: _text(value)}
    word, number = next(iter(value.items()))
    return {key: f"{COUNTED}{word}", f"{key}.number": _text(number)}


def _answers_shown(key: str, value: Any) -> dict[str, Any]:
    texts: dict[str, Any] = {}
    answers = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    for number, answer in enumerate([*answers, *[{}] * MORE_ANSWERS]):
        texts[f"{key}.{number}.key"] = _text(answer.get("key"))
        texts |= _label_shown(f"{key}.{number}", answer.get("label"))
    return texts


def _condition_shown(key: str, value: Any, facts: Facts) -> dict[str, Any]:
    found = rows_of(value, facts)
    if found is None:
        return {f"{key}.yaml": write_yaml(value).strip()}
    join, rows = found
    texts: dict[str, Any] = {f"{key}.join": join}
    for number, row in enumerate([*rows, *[Row("", "eq")] * MORE_ROWS]):
        place, known = f"{key}.{number}", facts.get(row.fact)
        in_one = row.comparison == "in" and not (known and known.answers)
        values = [f"{SEPARATOR} ".join(row.values)] if in_one else list(row.values)
        texts |= {f"{place}.fact": row.fact, f"{place}.comparison": row.comparison, f"{place}.value": values}
    return texts


def _formula_shown(key: str, value: Any) -> dict[str, Any]:
    found = simple_of(value)
    if found is None:
        return {f"{key}.yaml": write_yaml(value).strip()}
    operands = [*found.operands, *[""] * MORE_OPERANDS]
    return {f"{key}.operation": found.operation, **{f"{key}.{at}": text for at, text in enumerate(operands)}}


def _rows_shown(key: str, value: Any) -> dict[str, Any]:
    said = [_text(each) for each in value] if isinstance(value, list) else list(filter(None, [_text(value)]))
    return {key: [*said, *[""] * MORE_LINES]}


SHOWN: Mapping[str, Callable[[str, Any], dict[str, Any]]] = {
    "label": _label_shown,
    "long_label": _label_shown,
    "choice": _choice_shown,
    "words": lambda key, value: {key: [_text(each) for each in value] if isinstance(value, list) else []},
    "labels": _labels_shown,
    "numbers": lambda key, value: {key: ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)},
    "list": lambda key, value: {key: "\n".join(map(_text, value)) if isinstance(value, list) else _text(value)},
    "rows": _rows_shown,
    "paragraphs": _rows_shown,
    "flag": lambda key, value: {key: "yes" if value is True else ""},
    "day": lambda key, value: {key: _day_shown(_text(value))},
    "yaml": lambda key, value: {key: "" if value is None else write_yaml(value).strip().removesuffix("\n...")},
    "answers": _answers_shown,
    "formula": _formula_shown,
}


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return write_yaml(value).strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _day_shown(text: str) -> str:
    found = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text)
    return f"{found[3]}/{found[2]}/{found[1]}" if found else text


# -- what is made of what was typed ----------------------------------------------------------------------------


def changed(
    parts: Iterable[Part], thing: Mapping[str, Any], typed: MultiDict[str, str], facts: Facts = NOTHING_KNOWN
) -> Changed:
    """What a thing says after its panel was sent; whatever has no part here stays as it is.

    Nothing is refused but text that is no YAML: what is wrong is kept, and said when the definition is checked.

    Args:
        parts: of the panel.
        thing: what it says now.
        typed: what was sent.
        facts: what its conditions may ask for.
    """
    done, typed = Changed(copy.deepcopy(dict(thing))), _visible(typed)
    for part in parts:
        try:
            value = _read(part, typed, facts)
            if value != [] or inside(thing, part.key) is not None:  # a list nobody began is not there
                put(done.thing, part.key, value)
        except DefinitionError as error:
            done.unread[part.key] = error.findings
    return done


def _visible(typed: MultiDict[str, str]) -> MultiDict[str, str]:
    """What was typed, without characters that nobody sees."""
    return MultiDict((name, clean(text).text) for name, text in typed.items(multi=True))


def edited(shape: Shape, thing: Mapping[str, Any], typed: MultiDict[str, str], facts: Facts = NOTHING_KNOWN) -> Changed:
    """What a thing says after its panel was sent, without what a thing of its new kind does not say.

    Args:
        shape: of the thing.
        thing: what it says now.
        typed: what was sent.
        facts: what its conditions may ask for.
    """
    parts = shape.parts(thing)
    done = changed(parts, thing, typed, facts)
    kept = {part.key for part in shape.parts(done.thing)}
    for part in parts:
        if part.key not in kept:
            put(done.thing, part.key, None)
    for gone in {each.key for each in shape.branches(thing)} - {each.key for each in shape.branches(done.thing)}:
        done.thing.pop(gone, None)
    done.thing = shape.complete(done.thing)
    return done


def _read(part: Part, typed: MultiDict[str, str], facts: Facts) -> Any:
    if part.control == "condition":
        return _condition(part.key, typed, facts)
    text = typed.get(part.key, "").strip().replace("\r\n", "\n")
    read = READ.get(part.control, _plain)
    return read(part.key, text, typed)


def _plain(_key: str, text: str, _typed: MultiDict[str, str]) -> str | None:
    return text or None


def _label(key: str, _text: str, typed: MultiDict[str, str]) -> dict[str, str] | None:
    """Both languages; who gives no English says the same in it."""
    said = {language: " ".join(typed.get(f"{key}.{language}", "").split()) for language in LANGUAGES}
    if not any(said.values()):
        return None
    return {**said, "en": said["en"] or said["vi"]}


def _labels(key: str, _text: str, typed: MultiDict[str, str]) -> list[dict[str, str]] | None:
    found = (_label(f"{key}.{number}", "", typed) for number in range(MOST_ANSWERS))
    return [each for each in found if each] or None


def _number(text: str) -> Any:
    return int(text) if WHOLE.fullmatch(text) else text or None


def _choice(key: str, text: str, typed: MultiDict[str, str]) -> Any:
    """A word, or for one that counts a mapping with its number."""
    if not text.startswith(COUNTED):
        return text or None
    number = typed.get(f"{key}.number", "").strip()
    return {text.removeprefix(COUNTED): int(number) if WHOLE.fullmatch(number) else number}


def _figure(text: str) -> Any:
    """A whole number, or a decimal as definitions write it: a text with a point."""
    if WHOLE.fullmatch(text):
        return int(text)
    return text.replace(",", ".") if EXACT.fullmatch(text) else text or None


def _day(text: str) -> str | None:
    for form in DAYS:
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return text or None


def _answers(key: str, _text: str, typed: MultiDict[str, str]) -> list[dict[str, Any]] | None:
    """Rows of a key and a label; a label without a key gets one made of its letters."""
    answers: list[dict[str, Any]] = []
    for number in range(MOST_ANSWERS):
        place = f"{key}.{number}"
        word, label = typed.get(f"{place}.key", "").strip(), _label(place, "", typed)
        if word or label:
            taken = {each["key"] for each in answers}
            made = free_name(slug((label or {}).get("vi", ""), "answer"), taken)
            answers.append({"key": word or made, **({"label": label} if label else {})})
    return answers or None


def _condition(key: str, typed: MultiDict[str, str], facts: Facts) -> Any:
    written = typed.get(f"{key}.yaml", "").strip()
    if written:
        return read_yaml(written)
    rows = [_row(f"{key}.{number}", typed) for number in range(MOST_ROWS + MORE_ROWS)]
    return guard_of(typed.get(f"{key}.join", "all"), rows, facts)


def _row(place: str, typed: MultiDict[str, str]) -> Row:
    fact, comparison = (typed.get(f"{place}.{name}", "").strip() for name in ("fact", "comparison"))
    return Row(fact, comparison or "eq", tuple(text.strip() for text in typed.getlist(f"{place}.value")))


def _formula(key: str, _text: str, typed: MultiDict[str, str]) -> Any:
    written = typed.get(f"{key}.yaml", "").strip()
    if written:
        return read_yaml(written)
    operands = (typed.get(f"{key}.{at}", "").strip() for at in range(MOST_OPERANDS + MORE_OPERANDS))
    return formula_of(typed.get(f"{key}.operation", "sum"), tuple(operands))


def _rows(key: str, _text: str, typed: MultiDict[str, str]) -> list[str]:
    """One text a row, also none at all; whether there have to be some is said when the definition is checked."""
    return [" ".join(row.split()) for row in typed.getlist(key) if row.strip()]


READ: Mapping[str, Callable[[str, str, MultiDict[str, str]], Any]] = {
    "flag": lambda _key, text, _typed: True if text else None,
    "number": lambda _key, text, _typed: _number(text),
    "numbered": lambda _key, text, _typed: _number(text),
    "numbers": lambda _key, text, _typed: [_number(each) for each in re.split(r"[\s,;]+", text) if each] or None,
    "labels": _labels,
    "figure": lambda _key, text, _typed: _figure(text),
    "day": lambda _key, text, _typed: _day(text),
    "list": lambda _key, text, _typed: [line.strip() for line in text.split("\n") if line.strip()] or None,
    "phrase": lambda _key, text, _typed: " ".join(text.split()) or None,
    "rows": _rows,
    "paragraphs": _rows,
    "source": lambda key, _text, typed: typed.get(key, "").replace("\r\n", "\n"),
    "words": lambda key, _text, typed: typed.getlist(key) or None,
    "yaml": lambda _key, text, _typed: read_yaml(text) if text else None,
    "choice": _choice,
    "label": _label,
    "long_label": _label,
    "answers": _answers,
    "formula": _formula,
}
