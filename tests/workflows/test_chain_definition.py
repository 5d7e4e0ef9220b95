import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows import promised
from tests.workflows.office import body, chain, label, stage, step
from workflows.definition import Chain, Completion, IssueRule, Owner, Place, Share, choice_key
from workflows.errors import DefinitionError
from workflows.guards import Fact, Guard
from workflows.parsing import parse_chain

ISSUE = {"after": "head", "issuer": {"place": "unit", "unit": "UBND"}, "document": "report", "signer": "decider"}


def found(definition: object) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(definition)
    promised.check_errors(caught.value.findings)
    return [(finding.path, finding.code) for finding in caught.value.findings]


def with_owner(**owner: object) -> dict[str, object]:
    return body(stage("head", step("head", owner={"posts": ["head"], "place": "own"} | owner)))


STEP = "stages[0].steps[0]"


def with_step(**more: object) -> dict[str, object]:
    return body(stage("head", step("head", **more)))


def test_a_step_has_sensible_defaults() -> None:
    only = chain(stage("head")).stages[0]
    assert only.completion == Completion("all")
    assert only.guard is None
    assert only.steps[0].actions == ("approve", "return", "reject")
    assert only.steps[0].reason_required == {"return", "reject"}
    assert only.steps[0].owner == Owner("own", None, ("head",))
    assert (only.steps[0].role, only.steps[0].share, only.steps[0].guard) == ("decide", Share("one"), None)
    assert (only.steps[0].checks, only.steps[0].prove, only.refusal) == ("content", False, "at_once")


def test_a_step_says_what_it_offers_and_what_needs_a_reason() -> None:
    only = chain(stage("head", step("head", actions=["reject", "approve"], reason_required=["approve"]))).stages[0]
    assert only.steps[0].actions == ("approve", "reject")
    assert only.steps[0].reason_required == {"approve"}


@pytest.mark.parametrize(
    ("complete", "needed"), [("all", 3), ("any", 1), ({"n": 2}, 2), ({"percent": 34}, 2), ({"percent": 100}, 3)]
)
def test_a_stage_knows_how_many_approvals_it_needs(complete: object, needed: int) -> None:
    parsed = chain(stage("three", step("a"), step("b"), step("c"), complete=complete))
    assert parsed.stages[0].completion.needed(3) == needed


def test_owners_are_posts_in_a_unit_seen_from_the_submission() -> None:
    owners = [
        {"posts": ["head", "deputy"], "place": "own"},
        {"posts": ["head"], "place": "parent"},
        {"posts": ["head"], "place": "unit", "unit": "PC06"},
        {"posts": ["head"], "place": "superior"},
        {"posts": ["head"], "place": "field", "field": "lead.unit"},
    ]
    parsed = chain(stage("five", *[step(f"s{n}", owner=owner) for n, owner in enumerate(owners)]))
    assert [each.owner for each in parsed.stages[0].steps] == [
        Owner("own", None, ("head", "deputy")),
        Owner("parent", None, ("head",)),
        Owner("unit", "PC06", ("head",)),
        Owner("superior", None, ("head",)),
        Owner("field", None, ("head",), "lead.unit"),
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


def test_a_chain_says_for_which_submissions_it_is() -> None:
    parsed = chain(stage("head"), forms=["report", "letter"], when={"ge": [{"fact": "total"}, 1]})
    assert parsed.forms == ("report", "letter")
    assert parsed.guard == Guard("ge", operands=(Fact("total"), 1))
    assert chain(stage("head")).forms == ()


def test_an_adviser_has_an_action_of_his_own_that_needs_words() -> None:
    only = chain(stage("head", step("head", role="advise"))).stages[0]
    assert (only.steps[0].actions, only.steps[0].reason_required) == (("advise",), {"advise"})
    assert only.deciding == ()


@pytest.mark.parametrize(
    ("taken_by", "share"), [("one", Share("one")), ("each", Share("each")), ({"choose": 3}, Share("chosen", 3))]
)
def test_a_step_is_shared_by_its_candidates_in_one_of_three_ways(taken_by: object, share: Share) -> None:
    assert chain(stage("head", step("head", taken_by=taken_by))).stages[0].steps[0].share == share


def test_a_step_says_what_is_checked_and_whether_its_owner_proves_who_he_is() -> None:
    only = chain(stage("head", step("head", checks="form", prove=True))).stages[0].steps[0]
    assert (only.checks, only.prove) == ("form", True)
    usual = chain(stage("head", step("head", checks="content", prove=False, role="decide"))).stages[0].steps[0]
    assert usual == chain(stage("head")).stages[0].steps[0]


def test_a_step_has_a_guard_of_its_own() -> None:
    parsed = chain(stage("two", step("a", when={"empty": {"fact": "note"}}), step("b"))).stages[0]
    assert parsed.guards == (Guard("empty", operands=(Fact("note"),)),)


def test_a_stage_that_votes_offers_one_way_to_say_no() -> None:
    members = [step("a", actions=["approve", "reject"]), step("b", actions=["reject", "approve"])]
    assert chain(stage("vote", *members, step("c", role="advise"), refusal="vote")).stages[0].refusal == "vote"
    mixed = [*members, step("c", actions=["approve", "return"])]
    assert found(body(stage("vote", *mixed, refusal="vote"))) == [("stages[0].refusal", "vote_needs_one_refusal")]
    advisers = step("c", role="advise")
    assert found(body(stage("vote", advisers, refusal="vote"))) == [("stages[0].refusal", "vote_needs_one_refusal")]
    assert chain(stage("head", refusal="at_once")).stages[0].refusal == "at_once"


def test_as_many_approvals_are_asked_for_as_steps_decide() -> None:
    advised = [step("a"), step("b"), step("c", role="advise")]
    assert chain(stage("two", *advised, complete={"n": 2})).stages[0].completion == Completion("n", 2)
    assert found(body(stage("two", *advised, complete={"n": 3}))) == [("stages[0].complete.n", "out_of_range")]
    advisers = [step("a", role="advise"), step("b", role="advise")]
    assert chain(stage("two", *advisers, complete={"n": 2})).stages[0].completion == Completion("n", 2)


def test_how_many_will_share_a_step_is_not_known_beforehand() -> None:
    each = step("a", taken_by="each")
    assert chain(stage("council", each, complete={"n": 200})).stages[0].completion == Completion("n", 200)
    assert found(body(stage("council", each, complete={"n": 201}))) == [("stages[0].complete.n", "out_of_range")]


def test_a_step_whose_people_are_chosen_is_named_with_its_stage() -> None:
    only = chain(stage("two", step("member", taken_by={"choose": 1}))).stages[0]
    assert choice_key(only, only.steps[0]) == "two.member"


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


def test_a_step_may_be_looked_for_where_it_may_not_be() -> None:
    parsed = chain(stage("a"), stage("b", step("x"), step("y")))
    assert parsed.find("b", "y") == parsed.stage("b").step("y")
    assert (parsed.find("a", "y"), parsed.find("z", "y")) == (None, None)


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
        (body(stage("a", complete={})), [("stages[0].complete", "one_of_these")]),
        (body(stage("a", complete={"n": 1, "percent": 1})), [("stages[0].complete", "one_of_these")]),
        (body(stage("a", complete={"percent": 0})), [("stages[0].complete.percent", "out_of_range")]),
        (body(stage("a", complete={"percent": 101})), [("stages[0].complete.percent", "out_of_range")]),
        (body(stage("a", complete={"percent": 66.7})), [("stages[0].complete.percent", "wrong_type")]),
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
        (body(stage("a", refusal="never")), [("stages[0].refusal", "not_one_of")]),
        (body(stage("a", refusal="vote")), [("stages[0].refusal", "vote_needs_one_refusal")]),
        (with_step(taken_by="some"), [(f"{STEP}.taken_by", "not_one_of")]),
        (with_step(taken_by={"choose": 0}), [(f"{STEP}.taken_by.choose", "out_of_range")]),
        (with_step(taken_by={"choose": 21}), [(f"{STEP}.taken_by.choose", "out_of_range")]),
        (with_step(taken_by={}), [(f"{STEP}.taken_by.choose", "missing_key")]),
        (with_step(role="watch"), [(f"{STEP}.role", "not_one_of")]),
        (with_step(role="advise", actions=["approve"]), [(f"{STEP}.actions", "advisers_do_not_decide")]),
        (with_step(role="advise", prove=True), [(f"{STEP}.prove", "advisers_do_not_decide")]),
        (with_step(role="advise", in_person=True), [(f"{STEP}.in_person", "advisers_do_not_decide")]),
        (with_step(role="advise", reason_required=[]), [(f"{STEP}.reason_required", "advisers_do_not_decide")]),
        (with_step(checks="stamp"), [(f"{STEP}.checks", "not_one_of")]),
        (with_step(prove="yes"), [(f"{STEP}.prove", "wrong_type")]),
        (with_step(when={}), [(f"{STEP}.when", "bad_operator")]),
        (with_owner(place="field"), [(f"{STEP}.owner.place", "field_needed")]),
        (with_owner(place="field", field="Lead"), [(f"{STEP}.owner.field", "bad_word")]),
        (with_owner(place="superior", field="lead"), [(f"{STEP}.owner.field", "field_not_meant")]),
        (with_owner(place="superior", unit="PC06"), [(f"{STEP}.owner.unit", "unit_not_meant")]),
        (body(stage("a"), forms=[]), [("forms", "too_few")]),
        (body(stage("a"), forms=["report", "report"]), [("forms[1]", "duplicate")]),
        (body(stage("a"), forms=["Report"]), [("forms[0]", "bad_word")]),
        (body(stage("a"), when=[]), [("when", "wrong_type")]),
        (
            body(stage("head", step("a", role="advise")), issues=[ISSUE]),
            [("issues[0].after", "nobody_signs")],
        ),
        (
            body(stage("head"), issues=[ISSUE | {"issuer": {"place": "superior"}}]),
            [("issues[0].issuer.place", "not_one_of")],
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


@pytest.mark.parametrize(
    ("definition", "allowed"),
    [
        (body(stage("a", complete={})), ["n", "percent"]),
        (body(stage("a", complete="most")), ["all", "any"]),
        (body(stage("a", refusal="never")), ["at_once", "vote"]),
        (with_step(role="watch"), ["decide", "advise"]),
        (with_step(taken_by="some"), ["one", "each"]),
        (with_step(checks="stamp"), ["content", "form"]),
        (with_step(ask_again="never"), ["always", "if_changed"]),
        (with_owner(place="moon"), ["own", "parent", "unit", "superior", "field"]),
        (
            with_step(budget=4, ladder=[{"at": 0, "expires": True, "to": {"posts": ["boss"], "place": "own"}}]),
            ["to", "expires"],
        ),
        (body(stage("head"), issues=[ISSUE | {"issuer": {"place": "superior"}}]), ["own", "parent", "unit"]),
        (body(stage("head"), issues=[ISSUE | {"signer": "clerk"}]), ["decider"]),
    ],
)
def test_what_would_be_allowed_is_told(definition: object, allowed: list[str]) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_chain(definition)
    assert [each.params for each in caught.value.findings] == [{"allowed": allowed}]


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
    stage("council", step("member", taken_by="each"), complete={"percent": 60}),
    stage("vote", step("member", taken_by={"choose": 3}, actions=["approve", "reject"]), refusal="vote"),
    stage(
        "mixed", step("legal", role="advise", when={"empty": {"fact": "note"}}), step("a", checks="form", prove=True)
    ),
    stage("lead", step("lead", owner={"posts": ["head"], "place": "field", "field": "lead"})),
    stage("boss", step("boss", owner={"posts": ["head"], "place": "unit", "unit": "UBND"})),
    issues=[ISSUE],
    forms=["report"],
    when={"not": {"eq": [{"fact": "urgent"}, True]}},
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
words = [
    "schema",
    "key",
    "name",
    "stages",
    "issues",
    "steps",
    "owner",
    "posts",
    "place",
    "vi",
    "n",
    "percent",
    "choose",
]
keys = st.sampled_from([*words, "each", "advise", "vote", "role", "taken_by", "when", "refusal", "field"])
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
