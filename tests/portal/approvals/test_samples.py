"""What a made-up report is asked: how each fact is typed, what is made of it, and which values it can have."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from portal.approvals.samples import INPUT, asked, known, offered_by
from portal.definitions.facts import FACTS_OF_THE_PORTAL, facts_in
from portal.units.rules import UNIT_KINDS
from tests.workflows.office import chain, stage
from tests.workflows.paper import body, field, form
from workflows.forms import TYPES, parse_form

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask

TICKS = [{"key": "ward", "label": {"vi": "Phường", "en": "Ward"}}, {"key": "town", "label": {"vi": "Xã", "en": "Town"}}]
TABLE: dict[str, Any] = {"columns": [field("integer", "sum_of_it")]}
MORE = {"table": TABLE, "computed": {"formula": {"ratio": {"numerator": "other", "denominator": "other"}}}}
"""What fields of a type say; all others can have nothing to report."""


@pytest.fixture(autouse=True)
def spoken(app: Flask) -> Iterator[None]:
    """There is a reader, who reads Vietnamese."""
    with app.test_request_context():
        yield


def said(asked_of: Mapping[str, object], fact: str, typed: str) -> tuple[str, object, bool]:
    """The kind of a fact's input, what is read from it, and whether it could be read."""
    made = chain(stage("head", when={"not": {"empty": {"fact": fact}}}))
    offered = offered_by(form(asked_of), ())
    questions, facts = asked(made, offered, {}, defaultdict(str, {INPUT + fact: typed}).__getitem__)
    return questions[0].kind, facts.get(fact), not questions[0].problem


@pytest.mark.parametrize(
    ("asked_of", "fact", "typed", "kind", "value"),
    [
        (field("integer"), "f", "1.234", "number", 1234),
        (field("decimal"), "f", "60,74", "number", Decimal("60.74")),
        (field("text"), "f", " Gia Lai ", "text", "Gia Lai"),
        (field("date"), "f", "5/2/2026", "date", "2026-02-05"),
        (field("date_range"), "f.days", "3", "number", 3),
        (field("date_range"), "f.to", "2026-02-05", "date", "2026-02-05"),
        (field("yes_no"), "f", "no", "yes_no", False),
        (field("choice", choices=TICKS), "f", "ward", "choice", "ward"),
        (field("choices", choices=TICKS), "f", "2", "number", 2),
        (field("choices", choices=TICKS), "f.ward", "yes", "yes_no", True),
        (field("ratio"), "f.percent", "97,26", "percentage", Decimal("97.26")),
        (field("ratio"), "f.numerator", "6450", "number", Decimal(6450)),
        (field("attachment"), "f", "2", "number", 2),
        (field("table", **TABLE), "f.count", "4", "number", 4),
        (field("table", **TABLE), "f.sum.sum_of_it", "4", "number", Decimal(4)),
        (field("integer", nothing_to_report=True), "f.nothing", "yes", "yes_no", True),
        (field("integer"), "f", "", "number", None),
    ],
)
def test_a_fact_is_typed_as_the_form_would_take_it(
    asked_of: dict[str, object], fact: str, typed: str, kind: str, value: object
) -> None:
    assert said(asked_of, fact, typed) == (kind, value, True)


@pytest.mark.parametrize(
    ("asked_of", "fact", "typed"),
    [
        (field("integer"), "f", "1,5"),
        (field("date"), "f", "31/2/2026"),
        (field("choice", choices=TICKS), "f", "city"),
        (field("yes_no"), "f", "maybe"),
        (field("table", **TABLE), "f.count", "1,5"),
    ],
)
def test_what_the_form_would_not_take_is_not_taken(asked_of: dict[str, object], fact: str, typed: str) -> None:
    assert said(asked_of, fact, typed)[1:] == (None, False)


@pytest.mark.parametrize("kind", TYPES)
def test_every_fact_that_a_condition_may_name_is_offered(kind: str) -> None:
    said_of = body(field(kind, **MORE.get(kind, {"nothing_to_report": True})), field("integer", "other"))
    offered = offered_by(parse_form(said_of), ())
    assert {fact.name for fact in facts_in(said_of)} | set(FACTS_OF_THE_PORTAL) == set(offered)


def test_what_has_few_values_says_which() -> None:
    fields = field("choice", "c", choices=TICKS), field("yes_no", "y"), field("integer", "i", nothing_to_report=True)
    values = known(offered_by(form(*fields), ()))
    assert (values["c"], values["y"], values["i"]) == (("ward", "town"), (True, False), None)
    assert (values["i.nothing"], values["unit_kind"]) == ((True,), tuple(UNIT_KINDS))


def test_what_the_form_does_not_say_and_the_kind_of_the_unit_are_not_asked() -> None:
    conditions = [{"eq": [{"fact": name}, 1]} for name in ("unit_kind", "stranger", "f")]
    made = chain(stage("head", when={"all": conditions}))
    questions, facts = asked(made, offered_by(form(field("integer")), ()), {"f": "Số"}, lambda _name: "7")
    assert [(each.name, each.words, each.input, each.typed) for each in questions] == [("f", "Số", "fact-f", "7")]
    assert facts == {"f": 7}
    assert asked(made, offered_by(None, ()), {}, str) == ([], {})
