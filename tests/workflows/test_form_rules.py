from typing import Any

import pytest

from tests.workflows.paper import JANUARY, TODAY, body, codes, field, judged, kept, label
from workflows.errors import DefinitionError
from workflows.forms import Context, Form, Rule, check, parse_form
from workflows.guards import Fact, Guard

NOW = Context(TODAY, JANUARY)
ORDERED = {"le": [{"fact": "begun"}, {"fact": "done"}]}
SAID = {"vi": "Ngày xong trước ngày bắt đầu.", "en": "It was done before it was begun."}


def rule(**options: Any) -> dict[str, Any]:
    return {"key": "in-order", "holds": ORDERED, "message": SAID, "fields": ["begun", "done"], **options}


def asked(*rules: dict[str, Any], **options: Any) -> Form:
    days = (field("date", "begun"), field("date", "done", **options), field("yes_no", "over"), field("text", "why"))
    return parse_form(body(*days, rules=list(rules)))


def found(form: Form, **values: object) -> list[tuple[str, str]]:
    return codes(check(form, values, {}, NOW))


BACKWARDS = {"begun": "2025-01-10", "done": "2025-01-09"}


def test_a_rule_is_read_whole() -> None:
    read = asked(rule(when={"eq": [{"fact": "over"}, True]}, severity="warning")).rules
    order, over = Guard("le", operands=(Fact("begun"), Fact("done"))), Guard("eq", operands=(Fact("over"), True))
    assert read == (Rule("in-order", order, SAID, ("begun", "done"), "warning", over),)
    assert asked(rule()).rules[0].severity == "error"
    assert asked().rules == ()


def test_a_broken_rule_is_said_at_each_field_that_it_names() -> None:
    findings = kept(check(asked(rule()), BACKWARDS, {}, NOW))
    assert [(each.path, each.code) for each in findings] == [("begun", "rule_broken"), ("done", "rule_broken")]
    assert findings[0].params == {"rule": "in-order", "message": SAID}
    assert found(asked(rule()), begun="2025-01-09", done="2025-01-09") == []


def test_a_rule_that_warns_stands_in_nobodys_way() -> None:
    (one,) = kept(check(asked(rule(severity="warning", fields=["done"])), BACKWARDS, {}, NOW))
    assert (one.path, one.code, one.severity) == ("done", "rule_doubted", "warning")


def test_a_rule_about_something_unanswered_is_not_judged() -> None:
    assert found(asked(rule()), begun="2025-01-10") == []
    assert codes(judged(asked(rule()), {"begun": "10/1/2025", "done": "32/1/2025"})) == [("done", "no_such_date")]


def test_whether_something_was_answered_is_judged_without_an_answer() -> None:
    told = {"any": [{"eq": [{"fact": "over"}, False]}, {"not": {"empty": {"fact": "why"}}}]}
    form = asked(rule(holds=told, fields=["why"]))
    assert found(form, over=True) == [("why", "rule_broken")]
    assert found(form, over=True, why="Thiếu người") == []
    assert found(form, over=False) == []
    assert found(form) == []


def test_a_rule_is_judged_only_when_its_condition_holds() -> None:
    form = asked(rule(when={"eq": [{"fact": "over"}, True]}))
    assert found(form, **BACKWARDS, over=False) == []
    assert found(form, **BACKWARDS) == []
    assert len(found(form, **BACKWARDS, over=True)) == 2


def test_nothing_is_said_at_a_hidden_field() -> None:
    never = {"holds": {"eq": [{"fact": "over"}, True]}, "fields": ["done", "over"]}
    form = asked(rule(**never), visible_when={"eq": [{"fact": "over"}, True]})
    assert found(form, over=False) == [("over", "rule_broken")]


@pytest.mark.parametrize(
    ("options", "path", "code"),
    [
        ({"key": "In order"}, "key", "bad_word"),
        ({"holds": {"lt": [1]}}, "holds.lt", "too_few"),
        ({"holds": {"empty": {"fact": "gone"}}}, "holds", "unknown_fact"),
        ({"when": {"empty": {"fact": "begun.days"}}}, "when", "unknown_fact"),
        ({"message": "Sai"}, "message", "wrong_type"),
        ({"message": {**label(), "vi": "a" * 501}}, "message.vi", "too_long"),
        ({"fields": []}, "fields", "too_few"),
        ({"fields": ["gone"]}, "fields[0]", "not_one_of"),
        ({"fields": ["done", "done"]}, "fields[1]", "duplicate"),
        ({"severity": "info"}, "severity", "not_one_of"),
        ({"unless": {}}, "unless", "unknown_key"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_path(options: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        asked(rule(**options))
    assert [(each.path, each.code) for each in refused.value.findings] == [(f"rules[0].{path}", code)]


@pytest.mark.parametrize(
    ("rules", "error"), [({}, ("rules", "wrong_type")), ([rule(), rule()], ("rules[1]", "duplicate"))]
)
def test_rules_are_a_list_of_different_ones(rules: Any, error: tuple[str, str]) -> None:
    with pytest.raises(DefinitionError) as refused:
        parse_form(body(field("date", "begun"), field("date", "done"), rules=rules))
    assert [(each.path, each.code) for each in refused.value.findings] == [error]
