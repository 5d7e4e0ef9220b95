"""Forms as data: 500 questions shown and judged, against WTForms with the same by hand; and a long chain read."""

from __future__ import annotations

import statistics
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from flask import get_template_attribute
from werkzeug.datastructures import MultiDict
from wtforms import Form, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from portal.app import create_app
from portal.definitions.writing import write_yaml
from portal.submissions.preview import form_preview
from tests.benchmarks.timing import Comparison, in_turns, shown
from tests.conftest import settings_in
from workflows.forms import Context, check, parse_form, read
from workflows.parsing import parse_chain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

RUNS, WARM = 40, 3
FIELDS, STEPS = 500, 50
SHOWS, JUDGES, PARSES = 0.300, 0.020, 0.020
"""Seconds that it may take to show a form, to judge its answers, and to read a chain."""

TODAY = date(2026, 11, 27)
LABEL = {"vi": "Câu hỏi", "en": "Question"}


def question(number: int) -> dict[str, Any]:
    """One of three kinds in turn."""
    kinds = ("integer", "text", "long_text")
    more = ({"min": 0, "max": 100_000}, {"max_length": 200}, {})[number % 3]
    return {"name": f"q{number}", "type": kinds[number % 3], "label": LABEL, "required": True, **more}


def long_form() -> dict[str, Any]:
    """A form of 500 questions in ten sections."""
    size = FIELDS // 10
    sections = [
        {"key": f"s{at}", "name": LABEL, "fields": [question(at * size + number) for number in range(size)]}
        for at in range(10)
    ]
    return {"schema": 1, "key": "long", "name": LABEL, "sections": sections}


def by_hand() -> type[Form]:
    """The same questions in WTForms, as a programmer would write them."""
    fields = {
        0: lambda: IntegerField("Câu hỏi", validators=[InputRequired(), NumberRange(0, 100_000)]),
        1: lambda: StringField("Câu hỏi", validators=[InputRequired(), Length(max=200)]),
        2: lambda: TextAreaField("Câu hỏi", validators=[InputRequired()]),
    }
    return type("LongForm", (Form,), {f"q{number}": fields[number % 3]() for number in range(FIELDS)})


def long_chain() -> dict[str, Any]:
    """A chain of fifty steps, each in a stage with a condition and a reminder."""
    step = {"key": "s", "name": LABEL, "owner": {"posts": ["head"], "place": "own"}, "budget": 8, "ladder": [{"at": 0}]}
    stages = [
        {"key": f"stage{at}", "name": LABEL, "when": {"ge": [{"fact": "total"}, at]}, "steps": [step]}
        for at in range(STEPS - 1)
    ]
    last = {"key": "last", "name": LABEL, "steps": [step]}
    return {"schema": 1, "key": "long", "name": LABEL, "stages": [*stages, last]}


def typed() -> dict[str, str]:
    """What a clerk types into all of it."""
    return {f"q{number}": "1234" if number % 3 == 0 else "Đã hoàn thành theo kế hoạch" for number in range(FIELDS)}


def against(what: str, seconds: list[float], aim: float) -> str:
    """A line about our own time alone."""
    verdict = "met" if statistics.median(seconds) <= aim else "MISSED"
    return f"{what}: {shown(seconds)} (aim {1000 * aim:.0f} ms: {verdict})"


def shown_page(app: Flask, form: Any) -> str:
    """The questions of a form as a page of HTML."""
    with app.test_request_context():
        macro = get_template_attribute("macros/form.html", "question")
        sheet = form_preview(form).values["sheet"]
        return "".join(macro(each, None, ()) for part in sheet.parts for each in part.questions)


def run() -> Iterator[str]:
    """The lines."""
    body, wtform, chain = long_form(), by_hand(), long_chain()
    form, answers = parse_form(body), typed()
    values = read(form, answers).values
    sent, text = MultiDict(answers), write_yaml(chain)
    context = Context(today=TODAY)
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_in(Path(folder)))
        ways = {
            "show": lambda: shown_page(app, form),
            "wt show": lambda: "".join(f"{each.label}{each}" for each in wtform()),
            "judge": lambda: check(form, values, {}, context),
            "read and judge": lambda: check(form, read(form, answers).values, {}, context),
            "wt read and judge": lambda: wtform(sent).validate(),
            "parse": lambda: parse_form(body),
            "chain": lambda: parse_chain(chain),
            "yaml": lambda: yaml.safe_load(text),
        }
        assert ways["wt read and judge"]()
        assert not ways["judge"]()
        in_turns(ways, WARM)
        taken = in_turns(ways, RUNS)
    yield against(f"showing a form of {FIELDS} questions", taken["show"].cpu, SHOWS)
    yield Comparison("showing it", "WTForms by hand").line(taken["show"].cpu, taken["wt show"].cpu)
    yield against("judging its answers", taken["judge"].cpu, JUDGES)
    ours, theirs = taken["read and judge"].cpu, taken["wt read and judge"].cpu
    yield Comparison("reading and judging what was typed", "WTForms by hand").line(ours, theirs)
    yield f"parsing its definition: {shown(taken['parse'].cpu)}"
    yield against(f"parsing a chain of {STEPS} steps", taken["chain"].cpu, PARSES)
    yield Comparison("parsing it", "reading its YAML").line(taken["chain"].cpu, taken["yaml"].cpu)
