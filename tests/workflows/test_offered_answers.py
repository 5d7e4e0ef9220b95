from typing import Any

import pytest

from tests.workflows.paper import JANUARY, TODAY, TWO_CHOICES, codes, field, form, label, one
from workflows.errors import DefinitionError
from workflows.forms import Choice, Context, Form, check, facts, offering, parse_form, read, sample, text_of, write
from workflows.forms.settling import fact_names

JUSTICE = Choice("so-tu-phap", {"vi": "Sở Tư pháp", "en": "Department of Justice"})
POLICE = Choice("ca-tinh", {"vi": "Công an tỉnh", "en": "Provincial Police"})
UNITS = {"units": (JUSTICE, POLICE)}
KEPT = {"key": "so-tu-phap", "label": {"vi": "Sở Tư pháp", "en": "Department of Justice"}}
OTHER = {"key": "ca-tinh", "label": {"vi": "Công an tỉnh", "en": "Provincial Police"}}
GONE = {"key": "so-noi-vu", "label": {"vi": "Sở Nội vụ", "en": "Department of Home Affairs"}}


def asked(kind: str = "choice", **options: Any) -> Form:
    return parse_form(
        {
            "schema": 1,
            "key": "paper",
            "name": label(),
            "sections": [{"key": "all", "name": label(), "fields": [question(kind, **options)]}],
        }
    )


def question(kind: str = "choice", name: str = "f", **options: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "label": label(), "from": "units", **options}


def judged(form: Form, value: object, offered: Any = UNITS) -> list[tuple[str, str]]:
    return codes(check(form, {"f": value}, {}, Context(TODAY, JANUARY, offered=offered)))


@pytest.mark.parametrize("typed", ["so-tu-phap", "Sở Tư pháp", "department of justice"])
def test_an_answer_is_kept_with_its_label(typed: str) -> None:
    form = offering(asked(), UNITS)
    assert read(form, {"f": typed}).values == {"f": KEPT}
    assert write(form, {"f": KEPT}) == {"f": "so-tu-phap"}
    assert facts(form, {"f": KEPT}) == {"f": "so-tu-phap"}
    assert judged(asked(), KEPT) == []


def test_what_is_not_offered_stays_as_it_was_typed() -> None:
    reading = read(offering(asked(), UNITS), {"f": "so-noi-vu"})
    assert (reading.values, reading.unread) == ({}, {"f": "so-noi-vu"})
    assert [each.code for each in reading.findings] == ["not_offered"]
    told = check(asked(), {}, reading.unread, Context(TODAY, JANUARY, offered=UNITS))
    assert codes(told) == [("f", "not_offered")]


def test_a_later_name_changes_nothing_that_was_said() -> None:
    renamed = offering(asked(), {"units": (Choice("so-tu-phap", label("Sở Pháp lý")),)})
    assert text_of(renamed.fields["f"], KEPT) == "Sở Tư pháp"
    assert text_of(asked().fields["f"], KEPT, "en") == "Department of Justice"
    assert judged(asked(), KEPT, {"units": (Choice("so-tu-phap", label("Sở Pháp lý")),)}) == []


@pytest.mark.parametrize(("kind", "value"), [("choice", GONE), ("choices", [KEPT, GONE])])
def test_what_is_gone_is_refused_where_somebody_looked(kind: str, value: object) -> None:
    assert judged(asked(kind), value) == [("f", "not_offered")]
    assert judged(asked(kind), value, {}) == [("f", "not_offered")]
    assert judged(asked(kind), value, None) == []


@pytest.mark.parametrize(
    "value",
    [
        "so-tu-phap",
        {"key": "so-tu-phap"},
        {**KEPT, "more": 1},
        {"key": 3, "label": KEPT["label"]},
        {"key": "a", "label": "Sở"},
        {"key": "a", "label": {"vi": "Sở"}},
        {"key": "a", "label": {"vi": "Sở", "en": ""}},
        {"key": "a\nb", "label": KEPT["label"]},
        [KEPT],
    ],
)
def test_only_a_key_with_its_label_is_an_answer(value: object) -> None:
    assert judged(asked(), value) == [("f", "malformed")]
    assert write(asked(), {"f": value}) == {}


@pytest.mark.parametrize("value", [[], KEPT, ["so-tu-phap"], [KEPT, KEPT], [KEPT, 3]])
def test_ticks_are_different_answers_with_their_labels(value: object) -> None:
    assert judged(asked("choices"), value) == [("f", "malformed")]


def test_ticks_are_read_written_counted_and_told() -> None:
    form = offering(asked("choices", least=2), UNITS)
    values = {"f": [KEPT, OTHER]}
    assert read(form, {"f.so-tu-phap": "yes", "f.ca-tinh": "on", "f.so-noi-vu": "yes"}).values == values
    assert write(form, values) == {"f.so-tu-phap": "yes", "f.ca-tinh": "yes"}
    assert text_of(form.fields["f"], values["f"]) == "Sở Tư pháp; Công an tỉnh"
    assert facts(form, values) == {"f": 2}
    assert fact_names(form.fields["f"]) == {"f"}
    assert judged(asked("choices", least=2), [KEPT]) == [("f", "too_few_chosen")]


def test_columns_are_offered_the_same() -> None:
    table = field("table", columns=[question(name="who"), question("choices", "others"), field("text", "what")])
    asked_for = offering(form(table, field("choice", "own")), UNITS)
    assert asked_for.sources == {"units"}
    assert [choice.key for choice in asked_for.fields["own"].choices] == ["legal", "data"]
    values = {"f": [{"who": KEPT, "others": [OTHER], "what": "Phối hợp"}]}
    typed = {"f.0.who": "so-tu-phap", "f.0.others.ca-tinh": "yes", "f.0.what": "Phối hợp"}
    assert read(asked_for, typed).values == values
    assert write(asked_for, values) == typed
    assert codes(check(asked_for, values, {}, Context(TODAY, JANUARY, offered=UNITS))) == []
    assert codes(check(asked_for, values, {}, Context(TODAY, JANUARY, offered={}))) == [
        ("f.0.who", "not_offered"),
        ("f.0.others", "not_offered"),
    ]


def test_what_was_chosen_can_be_chosen_still_but_not_handed_in() -> None:
    table = field("table", "t", columns=[question(name="who"), field("text", "what")])
    paper = form(question(), question("choices", "g"), table, field("text", "words"))
    values = {"f": GONE, "g": [KEPT, GONE], "t": [{"who": GONE}, {"what": "Khác"}], "words": "Khác"}
    bound = offering(paper, UNITS, values)
    assert read(bound, write(bound, values)).values == values
    assert codes(check(paper, values, {}, Context(TODAY, JANUARY, offered=UNITS))) == [
        ("f", "not_offered"),
        ("g", "not_offered"),
        ("t.0.who", "not_offered"),
    ]


def test_what_is_chosen_again_gets_the_name_of_today() -> None:
    old = {"key": "so-tu-phap", "label": {"vi": "Sở Pháp lý", "en": "Legal"}}
    bound = offering(asked(), UNITS, {"f": old})
    assert read(bound, write(bound, {"f": old})).values == {"f": KEPT}
    assert [choice.key for choice in bound.fields["f"].choices] == ["so-tu-phap", "ca-tinh"]


@pytest.mark.parametrize("odd", ["so-tu-phap", 3, [3], {"key": 3}, {"nothing": True, "reason": ""}])
def test_what_is_no_answer_is_not_offered_again(odd: object) -> None:
    bound = offering(form(question(), field("table", "t", columns=[question(name="who")])), UNITS, {"f": odd, "t": odd})
    assert len(bound.fields["f"].choices) == 2


def test_a_form_that_lists_its_answers_is_offered_nothing() -> None:
    listed = one("choice")
    assert offering(listed, UNITS) is listed
    headed = form({"type": "heading", "label": label()}, question())
    assert offering(headed, {}).fields["f"].choices == ()


def test_a_sample_chooses_from_what_is_offered() -> None:
    both = form(question(name="a"), question("choices", "b"))
    assert sample(both, 1, TODAY) == {}
    found = sample(offering(both, UNITS), 1, TODAY)
    assert found["a"] in (KEPT, OTHER)
    assert found["b"] in ([KEPT], [OTHER], [KEPT, OTHER])


@pytest.mark.parametrize(
    ("more", "path", "code"),
    [
        ({"from": "planets"}, "from", "not_one_of"),
        ({"choices": TWO_CHOICES}, "choices", "unknown_key"),
        ({"default": KEPT}, "default", "unknown_key"),
        ({"type": "text"}, "from", "unknown_key"),
    ],
)
def test_answers_are_listed_or_offered(more: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        asked(**{"kind": "choice", **more}) if "type" not in more else asked(more["type"])
    assert [(each.path, each.code) for each in caught.value.findings] == [(f"sections[0].fields[0].{path}", code)]
