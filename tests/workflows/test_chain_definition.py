import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.office import body, chain, label, stage, step
from workflows.definition import Chain, Completion, IssueRule, Owner, Place, parse_chain
from workflows.errors import DefinitionError

ISSUE = {"after": "head", "issuer": {"place": "unit", "unit": "UBND"}, "document": "report", "signer": "decider"}


def found(definition: object) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(definition)
    return [(finding.path, finding.code) for finding in caught.value.findings]


def with_owner(**owner: object) -> dict[str, object]:
    return body(stage("head", step("head", owner={"posts": ["head"], "place": "own"} | owner)))


def test_a_step_has_sensible_defaults() -> None:
    only = chain(stage("head")).stages[0]
    assert only.completion == Completion("all")
    assert only.guard is None
    assert only.steps[0].actions == ("approve", "return", "reject")
    assert only.steps[0].reason_required == {"return", "reject"}
    assert only.steps[0].owner == Owner("own", None, ("head",))


def test_a_step_says_what_it_offers_and_what_needs_a_reason() -> None:
    only = chain(stage("head", step("head", actions=["reject", "approve"], reason_required=["approve"]))).stages[0]
    assert only.steps[0].actions == ("approve", "reject")
    assert only.steps[0].reason_required == {"approve"}


@pytest.mark.parametrize(("complete", "needed"), [("all", 3), ("any", 1), ({"n": 2}, 2)])
def test_a_stage_knows_how_many_approvals_it_needs(complete: object, needed: int) -> None:
    parsed = chain(stage("three", step("a"), step("b"), step("c"), complete=complete))
    assert parsed.stages[0].needed == needed


def test_owners_are_posts_in_the_own_unit_its_parent_or_a_named_unit() -> None:
    owners = [
        {"posts": ["head", "deputy"], "place": "own"},
        {"posts": ["head"], "place": "parent"},
        {"posts": ["head"], "place": "unit", "unit": "PC06"},
    ]
    parsed = chain(stage("three", *[step(f"s{n}", owner=owner) for n, owner in enumerate(owners)]))
    assert [each.owner for each in parsed.stages[0].steps] == [
        Owner("own", None, ("head", "deputy")),
        Owner("parent", None, ("head",)),
        Owner("unit", "PC06", ("head",)),
    ]


@pytest.mark.parametrize("unit", ["PC06", "VP-UBND", "H26.15", "SNN&MT", "Đ01"])
def test_unit_codes_are_those_people_use(unit: str) -> None:
    assert parse_chain(with_owner(place="unit", unit=unit)).stages[0].steps[0].owner.unit == unit


def test_posts_that_nobody_has_heard_of_are_allowed() -> None:
    assert chain(stage("head", step("head", "chief_of_cabinet"))).stages[0].steps[0].owner.posts == (
        "chief_of_cabinet",
    )


def test_a_chain_says_which_document_is_due_after_which_stage() -> None:
    parsed = chain(stage("head"), issues=[ISSUE])
    assert parsed.issues == (IssueRule("head", Place("unit", "UBND"), "report", "decider"),)


def test_labels_are_composed_unicode() -> None:
    composed, decomposed = "L\u00e3nh \u0111\u1ea1o", "La\u0303nh \u0111a\u0323o"
    assert chain(stage("head", name=label(decomposed))).stages[0].name["vi"] == composed


def test_stages_and_steps_are_found_by_key() -> None:
    parsed = chain(stage("a"), stage("b", step("x"), step("y")), stage("c"))
    assert parsed.stage("b").step("y").key == "y"
    assert [each.key for each in parsed.before("c")] == ["a", "b"]
    assert [each.key for each in parsed.following("a")] == ["b", "c"]
    with pytest.raises(KeyError):
        parsed.stage("z")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (None, [("", "wrong_type")]),
        ([], [("", "wrong_type")]),
        (
            {},
            [("schema", "missing_key"), ("key", "missing_key"), ("name", "missing_key"), ("stages", "missing_key")],
        ),
        (body(stage("a"), schema=2), [("schema", "out_of_range")]),
        (body(stage("a"), schema=True), [("schema", "wrong_type")]),
        (body(stage("a"), key="Báo cáo"), [("key", "bad_word")]),
        (body(stage("a"), key="a\n"), [("key", "bad_word")]),
        (body(stage("a"), key=3), [("key", "wrong_type")]),
        (body(stage("a"), name="Duyệt"), [("name", "wrong_type")]),
        (body(stage("a"), name={"vi": "Duyệt"}), [("name.en", "missing_key")]),
        (
            body(stage("a"), name=label("") | {"fr": "x"}),
            [("name.fr", "unknown_key"), ("name.vi", "blank"), ("name.en", "blank")],
        ),
        (body(stage("a"), name={"vi": 1, "en": "x" * 201}), [("name.vi", "wrong_type"), ("name.en", "too_long")]),
        (body(stage("a"), colour="red"), [("colour", "unknown_key")]),
        (body(stage("a"), stages={}), [("stages", "wrong_type")]),
        (body(), [("stages", "too_few")]),
        (body(stage("a"), stage("a")), [("stages[1]", "duplicate")]),
        (body(stage("drafter")), [("stages[0].key", "reserved")]),
        (body(stage("a", step("x"), step("x"))), [("stages[0].steps[1]", "duplicate")]),
        (body(stage("a") | {"steps": []}), [("stages[0].steps", "too_few")]),
        (body(stage("a", complete="most")), [("stages[0].complete", "not_one_of")]),
        (body(stage("a", complete={"n": 2})), [("stages[0].complete.n", "out_of_range")]),
        (body(stage("a", complete={"n": 0})), [("stages[0].complete.n", "out_of_range")]),
        (body(stage("a", complete={"n": True})), [("stages[0].complete.n", "wrong_type")]),
        (body(stage("a", complete={})), [("stages[0].complete.n", "missing_key")]),
        (body(stage("a", when={"eq": [1]})), [("stages[0].when.eq", "too_few")]),
        (body(stage("a", when=None)), [("stages[0].when", "wrong_type")]),
        (body(stage("a", step("x", owner=None))), [("stages[0].steps[0].owner", "wrong_type")]),
        (with_owner(posts=[]), [("stages[0].steps[0].owner.posts", "too_few")]),
        (with_owner(posts=["Head"]), [("stages[0].steps[0].owner.posts[0]", "bad_word")]),
        (with_owner(posts=["x" * 42]), [("stages[0].steps[0].owner.posts[0]", "bad_word")]),
        (with_owner(posts=["head", "head"]), [("stages[0].steps[0].owner.posts[1]", "duplicate")]),
        (with_owner(place="moon"), [("stages[0].steps[0].owner.place", "not_one_of")]),
        (with_owner(place=["own"]), [("stages[0].steps[0].owner.place", "not_one_of")]),
        (with_owner(place="unit"), [("stages[0].steps[0].owner.place", "unit_needed")]),
        (with_owner(place="unit", unit="P C"), [("stages[0].steps[0].owner.unit", "bad_word")]),
        (with_owner(unit="PC06"), [("stages[0].steps[0].owner.unit", "unit_not_meant")]),
        (body(stage("a", step("x", actions=["return"]))), [("stages[0].steps[0].actions", "approve_missing")]),
        (body(stage("a", step("x", actions=["approve"]))), [("stages[0].steps[0].actions", "no_way_to_refuse")]),
        (
            body(stage("a", step("x", actions=["approve", "reject", "burn"]))),
            [("stages[0].steps[0].actions[2]", "not_one_of")],
        ),
        (
            body(stage("a", step("x", reason_required=["reject", "reject"]))),
            [("stages[0].steps[0].reason_required[1]", "duplicate")],
        ),
        (body(stage("head"), issues=None), [("issues", "wrong_type")]),
        (body(stage("head"), issues=[ISSUE | {"after": "gone"}]), [("issues[0].after", "not_one_of")]),
        (body(stage("head"), issues=[ISSUE | {"signer": "clerk"}]), [("issues[0].signer", "not_one_of")]),
        (
            body(stage("head"), issues=[ISSUE | {"issuer": {"place": "unit"}}]),
            [("issues[0].issuer.place", "unit_needed")],
        ),
        (body(stage("head"), issues=[ISSUE | {"document": "../x"}]), [("issues[0].document", "bad_word")]),
    ],
)
def test_every_error_is_reported_at_its_path(definition: object, expected: list[tuple[str, str]]) -> None:
    assert found(definition) == expected


def test_all_errors_are_reported_together() -> None:
    broken = body(stage("A", step("x", owner={"posts": "head", "place": "own"})), stage("b", complete=7), name=None)
    assert found(broken) == [
        ("name", "wrong_type"),
        ("stages[0].key", "bad_word"),
        ("stages[0].steps[0].owner.posts", "wrong_type"),
        ("stages[1].complete", "not_one_of"),
    ]


def test_a_chain_has_fifty_stages_and_no_more() -> None:
    assert len(chain(*[stage(f"s{n}") for n in range(50)]).stages) == 50
    assert found(body(*[stage(f"s{n}") for n in range(51)])) == [("stages", "too_many")]


def test_a_chain_has_two_hundred_steps_and_no_more() -> None:
    full = [stage(f"s{n}", *[step(f"x{m}") for m in range(50)]) for n in range(4)]
    assert sum(len(each.steps) for each in chain(*full).stages) == 200
    assert found(body(*full, stage("more"))) == [("stages", "too_many_steps")]
    assert ("stages[0].steps", "too_many") in found(body(stage("a", *[step(f"x{m}") for m in range(201)])))


def test_a_thousand_unknown_keys_are_not_all_listed() -> None:
    assert len(found(body(stage("a")) | {f"x{n}": 1 for n in range(1000)})) == 20


def test_a_definition_error_survives_pickling() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_chain({})
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (copy.code, copy.params, copy.findings) == ("bad_definition", {"errors": 4}, caught.value.findings)


GOOD: dict[str, Any] = body(
    stage("head", step("head"), step("deputy"), complete={"n": 1}, when={"ge": [{"fact": "total"}, 1]}),
    stage("boss", step("boss", owner={"posts": ["head"], "place": "unit", "unit": "UBND"})),
    issues=[ISSUE],
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
keys = st.sampled_from(["schema", "key", "name", "stages", "issues", "steps", "owner", "posts", "place", "vi", "n"])
anything = st.recursive(
    scalars | keys,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys | st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def places(value: object) -> list[tuple[Any, Any]]:
    """Every container in a definition, with every key or index in it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, each in inside for place in [(value, key), *places(each)]]


def parses_or_says_why(definition: object) -> None:
    try:
        assert isinstance(parse_chain(definition), Chain)
    except DefinitionError as error:
        found_something = bool(error.findings)
        assert found_something


@given(anything)
def test_any_value_is_a_chain_or_a_definition_error(definition: object) -> None:
    parses_or_says_why(definition)


@given(st.integers(0, 200), anything)
def test_a_good_chain_with_anything_anywhere_is_a_chain_or_a_definition_error(number: int, value: object) -> None:
    definition = pickle.loads(pickle.dumps(GOOD))  # noqa: S301 - our own bytes
    parse_chain(definition)
    spots = places(definition)
    container, key = spots[number % len(spots)]
    container[key] = value
    parses_or_says_why(definition)
