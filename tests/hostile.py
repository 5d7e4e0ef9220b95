"""Texts made to break something, read from `tests/payloads`, and definitions with such a text wherever words stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tinyhtml5
import yaml

from portal.definitions.beginnings import beginning
from workflows.errors import DefinitionError
from workflows.forms import parse_form
from workflows.forms.definition import MAX_CHOICES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workflows.errors import Finding

FOLDER = Path(__file__).parent / "payloads"
NAMES = ("templates", "markup", "letters")
"""Techniques that are typed where words are expected."""

STEERING = re.compile(r"on.*|href|src|srcset|srcdoc|style|action|formaction|method|target|rel|http-equiv|type|data")
"""Attributes whose values are more than words."""

LABELS = frozenset({"label", "help", "unit", "name", "title"})
"""What a form calls its words."""

LINES, PLACED = frozenset({"text", "tspan"}), frozenset({"x", "y", "dy", "class", "text-anchor"})

DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Payload:
    """One text.

    Attributes:
        tries: what it was made for.
        says: the text; empty where `more` says everything.
        more: what else stands beside it.
    """

    tries: str
    says: str
    more: dict[str, Any] = field(default_factory=dict, hash=False, compare=False)

    def __str__(self) -> str:
        return self.tries


@cache
def payloads(technique: str) -> tuple[Payload, ...]:
    """Everything that a file of payloads holds."""
    listed = yaml.safe_load((FOLDER / f"{technique}.yaml").read_text(encoding="utf-8"))
    return tuple(Payload(each["tries"], _text(each), each) for each in listed)


def _text(said: dict[str, Any]) -> str:
    if "before" in said:
        return str(said["before"] + said["part"] * said["times"] + said["after"])
    return str(said.get("says", ""))


def words(technique: str) -> list[str]:
    """What a file of payloads says, in its order."""
    return [each.says for each in payloads(technique)]


def mild(several: Sequence[str]) -> list[str]:
    """As many words that mean nothing to anybody; where a text cannot be a label, neither can the word."""
    sound = set(taken(several))
    return [f"Nhãn {at}" if each in sound else _dull(each) for at, each in enumerate(several)]


def dull(text: str) -> str:
    """The same text without what means something in HTML."""
    return re.sub("[<>\"'&`=]", "a", text)


def _dull(text: str) -> str:
    """As many letters that say nothing; those that no label can have stay."""
    return "".join("a" if not each.strip() or taken([f"a{each}"]) else each for each in text)


def refusals(body: dict[str, Any]) -> tuple[Finding, ...]:
    """What is wrong with a form by itself."""
    try:
        parse_form(body)
    except DefinitionError as error:
        return error.findings
    return ()


def taken(several: Iterable[str]) -> list[str]:
    """Those words that a label can be; the others are refused, each at the label and nowhere else."""
    kept = []
    for each in several:
        found = refusals(asking([each]))
        assert {part.path.rpartition(".")[0].rpartition(".")[2] for part in found} <= LABELS
        kept += [] if found else [each]
    return kept


# -- definitions -----------------------------------------------------------------------------------------------


def both(text: str) -> dict[str, str]:
    return {"vi": text, "en": text}


def asking(several: Sequence[str], key: str = "wild") -> dict[str, Any]:
    """A form with a question for each text: its label, its help and its unit."""
    fields = [
        {"name": f"f{at}", "type": "integer", "label": both(each), "help": both(each), "unit": both(each)}
        for at, each in enumerate(several)
    ]
    return form(key, several, [{**each, "printed": True} for each in fields])


def offering(several: Sequence[str], key: str = "wild") -> dict[str, Any]:
    """A form of few panels with every text: as answers, as a heading, as a column, in a pattern."""
    first, last = both(several[0]), both(several[-1])
    answers = [{"key": f"k{at}", "label": both(each)} for at, each in enumerate(several)][:MAX_CHOICES]
    column = {"name": "c", "type": "choice", "label": last, "help": first, "choices": answers}
    return form(
        key,
        several,
        [
            {"type": "heading", "label": first, "help": last},
            {"name": "one", "type": "choice", "label": last, "choices": answers, "help": first},
            {"name": "some", "type": "choices", "label": first, "choices": answers},
            {"name": "rows", "type": "table", "label": last, "columns": [column]},
            {"name": "part", "type": "ratio", "label": first, "numerator": last, "denominator": first},
            {"name": "made", "type": "text", "label": last, "pattern": {"matches": "[0-9]+", "message": first}},
            {"name": "when", "type": "text", "label": last, "visible_when": {"eq": [{"fact": "one"}, "k0"]}},
        ],
    )


def form(key: str, several: Sequence[str], fields: list[dict[str, Any]]) -> dict[str, Any]:
    """A form of one section whose own names are the first and the last of the texts."""
    section = {"key": "all", "name": both(several[-1]), "help": both(several[0]), "fields": fields}
    return {"schema": 1, "key": key, "name": both(several[0]), "title": both(several[-1]), "sections": [section]}


# -- pages -----------------------------------------------------------------------------------------------------


def bones(html: str, key: str = "wild") -> list[tuple[str, ...]]:
    """What a browser makes of a page, without its words: elements, names of attributes, and values that steer.

    Numbers count for nothing, and neither does what a definition is called.
    """
    assert "1337" not in html, "something computed"
    return list(_bones(tinyhtml5.parse(html, namespace_html_elements=False), key))


def _bones(root: Any, key: str) -> Iterator[tuple[str, ...]]:
    for each in root.iter():
        if not isinstance(each.tag, str):
            yield ("remark",)
            continue
        tag = each.tag.rpartition("}")[2]
        if tag in LINES and not set(each.attrib) - PLACED:
            continue  # a picture breaks long names into lines
        steers = [f"{name}={value}" for name, value in sorted(each.attrib.items()) if STEERING.fullmatch(name)]
        script = each.text or "" if tag in {"script", "style"} else ""
        values = DIGITS.sub("0", re.sub(rf"(?<=/)({key}|process)(?![\w-])", "mild", " ".join([*steers, script])))
        yield (tag, *sorted(set(each.attrib) - {"selected"}), values)


# -- shapes ----------------------------------------------------------------------------------------------------

MUCH = 5_000


def _nested(shell: Any, core: Any, times: int) -> Any:
    for _ in range(times):
        core = shell(core)
    return core


TRUE = {"eq": [{"fact": "g"}, True]}
STEP = {"owner": {"place": "own", "posts": ["head"]}, "actions": ["approve", "return"]}
FOR = {
    "L": lambda: both("Nhãn"),
    "LONG": lambda: both("x" * MUCH),
    "NESTED_GUARD": lambda: _nested(lambda inner: {"not": inner}, TRUE, 25),
    "WIDE_GUARD": lambda: {"all": [TRUE] * 1_000},
    "NESTED_FORMULA": lambda: _nested(lambda inner: {"+": [inner, 1]}, 1, 25),
    "MANY_STAGES": lambda: [
        {"key": f"s{at}", "name": both("a"), "steps": [{"key": "a", "name": both("a"), **STEP}]} for at in range(MUCH)
    ],
}
"""What a file of shapes names instead of writing it out."""


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each) for each in value]
    return FOR[value]() if isinstance(value, str) and value in FOR else value


def body_of(shape: Payload) -> tuple[str, dict[str, Any]]:
    """The kind and the definition of a shape."""
    said = _filled(shape.more)
    if "chain" in said:
        return "chain", {**beginning("chain", "wild", both("Nhãn")), **said["chain"]}
    listed = said["form"]
    fields = (
        [{**each, "name": f"{each['name']}{at}"} for at in range(said["many"]) for each in listed]
        if "many" in said
        else listed
    )
    return "form", {**form("wild", ["a", "b"], fields), **said.get("rest", {})}
