"""What a chain as BPMN says in words: what the diagram leaves out, and its conditions."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflows.drawing import DRAWN, IDS, MODEL, SHIPPED, Drawing
from tests.workflows.odd_chains import chain_of, everything, own_step
from tests.workflows.office import stage
from workflows.bpmn.conditions import python_of
from workflows.bpmn.limits import ALWAYS, left_out
from workflows.definition import Chain
from workflows.guards import Scalar, holds, parse_guard

# -- what it cannot say ----------------------------------------------------------------------------------------


def said(chain: Chain) -> list[str]:
    return [each["en"].removeprefix("- ") for each in left_out(chain)][1:]


def test_a_plain_chain_leaves_out_what_every_chain_does() -> None:
    assert said(chain_of(stage("s", own_step("s", "a")))) == [each["en"] for each in ALWAYS]


def test_what_a_chain_uses_and_the_diagram_does_not_say_is_listed() -> None:
    assert said(everything())[len(ALWAYS) :] == [
        "Which submissions the chain is for: its forms and its own condition.",
        "Emergency approval by head: the unit above; second signature: head: the submitting unit.",
        "The times below, for BPMN counts hours by the clock, as ISO 8601 does, and no working hours.",
        (
            "s_1 / a: a budget of 16 working hours; 4 hours before a reminder; when it is over a reminder; "
            "8 hours after also for head: the drafter's superior; 40 hours after back to the drafter"
        ),
        "s_1 / a: reads only the sections results, progress",
        "s_1 / a: may change the sections results",
        "s_1 / a: decides on the sections results",
        "s_1 / a: checks the form alone",
        "s / a: decides on the sections results",
        "s / a: an approval stays while what it covers does",
        "s / a: the password is asked for again",
        "s / a: nobody decides in his place",
        "s / a: the submitter chooses them, at most 3",
    ]


def test_it_is_listed_in_vietnamese_as_well() -> None:
    lines = [each["vi"].removeprefix("– ") for each in left_out(everything())][1:]
    assert lines[len(ALWAYS) :] == [
        "Quy trình được chọn cho hồ sơ nào: biểu mẫu và điều kiện chung.",
        "Duyệt khẩn bởi cấp trưởng: đơn vị cấp trên; ký bổ sung: cấp trưởng: đơn vị trình.",
        "Thời hạn sau đây, vì BPMN tính giờ liên tục theo ISO 8601, không tính giờ làm việc.",
        (
            "s_1 / a: thời hạn 16 giờ làm việc; trước hạn 4 giờ nhắc; khi hết hạn nhắc; "
            "sau hạn 8 giờ giao thêm cho cấp trưởng: thủ trưởng của người soạn; sau hạn 40 giờ trả lại người soạn"
        ),
        "s_1 / a: chỉ đọc phần results, progress",
        "s_1 / a: được sửa phần results",
        "s_1 / a: duyệt phần results",
        "s_1 / a: chỉ kiểm tra thể thức",
        "s / a: duyệt phần results",
        "s / a: ý kiến duyệt cũ được giữ nếu phần ấy không đổi",
        "s / a: nhập lại mật khẩu khi quyết định",
        "s / a: không ai quyết định thay",
        "s / a: người trình chọn, nhiều nhất 3 người",
    ]


def test_a_rung_is_before_or_after_the_end_of_the_budget() -> None:
    timed = own_step("s", "a", budget=8, ladder=[{"at": -1}, {"at": 1}])
    assert said(chain_of(stage("s", timed)))[-1] == (
        "s / a: a budget of 8 working hours; 1 hours before a reminder; 1 hours after a reminder"
    )


def test_documents_that_are_issued_are_listed() -> None:
    assert "After “Approval by the People's Committee” the document provincial-report is issued." in said(
        SHIPPED[IDS.index("provincial-report")]
    )


def test_a_document_of_the_head_himself_is_said_to_be_his() -> None:
    rule = {"after": "s", "issuer": {"place": "own"}, "document": "decision", "signer": "decider", "of_head": True}
    assert "After “s” the document decision of the head himself is issued." in said(
        chain_of(stage("s", own_step("s", "a")), issues=[rule])
    )


def test_a_joint_document_says_where_it_is_signed_beside() -> None:
    rule = {"after": "t", "issuer": {"place": "own"}, "document": "plan", "signer": "decider", "cosigned_at": "s"}
    inside = (stage("s", own_step("s", "a")), stage("t", own_step("t", "b")))
    assert "After “t” the document plan, signed beside at “s” is issued." in said(chain_of(*inside, issues=[rule]))


@pytest.mark.parametrize("chain", DRAWN, ids=IDS)
def test_the_list_stands_in_the_file_in_both_languages(chain: Chain) -> None:
    drawing = Drawing(chain)
    note = drawing.notes["left-out"].find(f"{MODEL}text").text
    documentation = drawing.root.find(f"{MODEL}process/{MODEL}documentation").text
    assert note.splitlines() == [each["vi"] for each in left_out(chain)]
    assert documentation.splitlines()[1:] == [each["en"] for each in left_out(chain)]


# -- conditions ------------------------------------------------------------------------------------------------

numbers = st.one_of(st.integers(-20, 20), st.decimals(-20, 20, places=2), st.decimals(-20, 20, places=4))
texts = st.sampled_from(["", " ", "a", "b'", 'c"', "\\d", "10", "đ", "None", "<&>"])
KINDS: dict[str, Any] = {"n": numbers, "t": texts, "b": st.booleans()}
FACTS = ("n", "n.a", "n-a", "t", "t.a", "b")


@st.composite
def known(draw: st.DrawFn) -> dict[str, Scalar]:
    """Some facts, each of its kind, unknown or absent."""
    chosen = draw(st.lists(st.sampled_from(FACTS), unique=True))
    return {name: draw(st.one_of(st.none(), KINDS[name[0]])) for name in chosen}


@st.composite
def comparisons(draw: st.DrawFn) -> dict[str, Any]:
    """A comparison of things of one kind."""
    op = draw(st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "in", "between", "empty"]))
    kind = draw(st.sampled_from(["n", "t"] if op == "between" else ["n", "t", "b"]))
    facts = st.sampled_from([{"fact": each} for each in FACTS if each[0] == kind])
    literals = KINDS[kind].filter(lambda value: value not in ("", " "))
    operands = st.one_of(facts, literals.map(lambda value: float(value) if isinstance(value, Decimal) else value))
    if op == "empty":
        return {op: draw(operands)}
    if op == "in":
        return {op: [draw(operands), draw(st.lists(operands, min_size=1, max_size=3))]}
    return {op: [draw(operands) for _ in range(3 if op == "between" else 2)]}


conditions = st.recursive(
    comparisons(),
    lambda inside: st.one_of(
        st.builds(lambda part: {"not": part}, inside),
        st.builds(
            lambda op, parts: {op: parts}, st.sampled_from(["all", "any"]), st.lists(inside, min_size=1, max_size=3)
        ),
    ),
    max_leaves=5,
)


@settings(max_examples=300)
@given(body=conditions, facts=known())
def test_a_condition_in_the_file_has_the_answer_of_its_guard(body: dict[str, Any], facts: dict[str, Scalar]) -> None:
    guard = parse_guard(body)
    assert eval(python_of(guard), {"facts": facts}) is holds(guard, facts)  # noqa: S307 - what we wrote ourselves


def test_a_number_with_decimals_is_compared_by_its_digits() -> None:
    guard = parse_guard({"ge": [{"fact": "score"}, 60.74]})
    assert python_of(guard) == 'facts.get("score") is not None and facts.get("score") * 100 >= 6074'
    assert eval(python_of(guard), {"facts": {"score": Decimal("60.74")}})  # noqa: S307


def test_a_whole_number_keeps_its_size_beside_one_with_decimals() -> None:
    assert eval(python_of(parse_guard({"lt": [6, 6.5]})))  # noqa: S307
    assert not eval(python_of(parse_guard({"lt": [7, 6.5]})))  # noqa: S307


DAYS = {"fact": "days"}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ({"gt": [DAYS, 5]}, "days > 5"),
        ({"ne": [DAYS, 0.5]}, "days ≠ 0.5"),
        ({"between": [DAYS, 1, 5]}, "1 ≤ days ≤ 5"),
        ({"in": [{"fact": "kind"}, ["a", "b"]]}, "kind ∈ {a, b}"),
        ({"not": {"empty": DAYS}}, "¬(days = ∅)"),
        ({"all": [{"ge": [DAYS, 1]}, {"any": [{"lt": [DAYS, 5]}]}]}, "(days ≥ 1) & (days < 5)"),
        ({"eq": [{"fact": "a-fact-with-a-name.of-some-length"}, "and a text of some length"]}, "Theo điều kiện"),
    ],
)
def test_a_short_condition_stands_beside_its_arrow_and_a_long_one_only_in_the_file(
    condition: dict[str, Any], words: str
) -> None:
    drawing = Drawing(chain_of(stage("s", own_step("s", "a")), stage("s_1", own_step("s_1", "a"), when=condition)))
    assert drawing.flows["when.s_1-stage.s_1"].attrib["name"] == words


def test_a_condition_of_one_step_of_several_stands_beside_its_own_arrow() -> None:
    long = {"eq": [{"fact": "a-fact-with-a-name.of-some-length"}, "and a text of some length"]}
    steps = [own_step("s", "a", when={"gt": [DAYS, 5]}), own_step("s", "a-b", when=long), own_step("s", "a_b")]
    flows = Drawing(chain_of(stage("s", *steps))).flows
    names = [flows[f"fork.s-step.s.{key}"].attrib.get("name") for key in ("a", "a-b", "a_b")]
    assert names == ["days > 5", "Theo điều kiện", None]


@pytest.mark.parametrize(
    ("owner", "words"),
    [
        ({"place": "own"}, "cấp trưởng: đơn vị trình"),
        ({"place": "parent"}, "cấp trưởng: đơn vị cấp trên"),
        ({"place": "unit", "unit": "PC06"}, "cấp trưởng: PC06"),
        ({"place": "superior"}, "cấp trưởng: thủ trưởng của người soạn"),
        ({"place": "field", "field": "lead"}, "cấp trưởng: đơn vị nêu ở lead"),
    ],
)
def test_whose_step_it_is_is_said_in_words(owner: dict[str, str], words: str) -> None:
    made = own_step("s", "a") | {"owner": {"posts": ["head"], **owner}}
    task = Drawing(chain_of(stage("s", made))).nodes["stage.s"]
    assert task.find(f"{MODEL}potentialOwner").attrib["name"] == words


def test_where_one_person_votes_his_task_asks_where_it_goes_back_to() -> None:
    voting = stage("b", own_step("b", "b", actions=["approve", "return"]), refusal="vote")
    told = Drawing(chain_of(stage("a"), voting)).nodes["stage.b"].findtext(f"{MODEL}documentation")
    assert told is not None
    assert told.endswith("With return also return_to: drafter.")
