"""What a chain looks like as BPMN: valid, complete, readable, the same every time, and honest about its limits."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import workflows
from tests.workflows.mirror import validator
from tests.workflows.odd_chains import NASTY, chain_of, chains, everything, named_like_parts, own_step
from tests.workflows.office import label as in_both
from tests.workflows.office import stage
from workflows.bpmn.conditions import python_of
from workflows.bpmn.limits import ALWAYS, left_out
from workflows.bpmn.writing import written
from workflows.definition import Chain
from workflows.guards import Scalar, holds, parse_guard
from workflows.parsing import parse_chain

FOLDER = Path(workflows.__file__).parent / "library" / "chains"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DIAGRAM = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
NODES = ("startEvent", "endEvent", "userTask", "scriptTask", "subProcess", "exclusiveGateway", "inclusiveGateway")
NODES += ("parallelGateway",)

SHIPPED = [parse_chain(yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.yaml"))]
NASTY_STAGES = chain_of(
    *(stage(key, own_step("s", "a"), own_step("s", "a_b")) | {"name": in_both(NASTY)} for key in "ab")
)
DRAWN = [*SHIPPED, everything(), NASTY_STAGES]
IDS = [*(chain.key for chain in SHIPPED), "everything", "nasty"]


class Box(NamedTuple):
    """A rectangle, by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: "Box") -> bool:
        return (
            self.left <= other.left and self.top <= other.top
            and other.right <= self.right and other.bottom <= self.bottom
        )  # fmt: skip

    def overlaps(self, other: "Box") -> bool:
        """Whether they share more than an edge."""
        return (
            self.left < other.right and other.left < self.right
            and self.top < other.bottom and other.top < self.bottom
        )  # fmt: skip

    def touches(self, x: float, y: float) -> bool:
        """Whether a point lies on its edge."""
        return self.holds(Box(x, y, x, y)) and (x in (self.left, self.right) or y in (self.top, self.bottom))

    @property
    def corners(self) -> set[tuple[float, float]]:
        """Where a gateway or an event that is drawn in it touches its sides."""
        x, y = (self.left + self.right) / 2, (self.top + self.bottom) / 2
        return {(self.left, y), (self.right, y), (x, self.top), (x, self.bottom)}


class Drawing:
    """A file, taken apart."""

    def __init__(self, chain: Chain) -> None:
        self.text = written(chain)
        self.root = ET.fromstring(self.text)  # noqa: S314 - our own text
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        self.nodes = {each.attrib["id"]: each for kind in NODES for each in self.root.iter(MODEL + kind)}
        self.flows = {each.attrib["id"]: each for each in self.root.iter(f"{MODEL}sequenceFlow")}
        self.notes = {each.attrib["id"]: each for each in self.root.iter(f"{MODEL}textAnnotation")}
        self.lines = {each.attrib["id"]: each for each in self.root.iter(f"{MODEL}association")}
        self.boxes = {each.attrib["bpmnElement"]: self.box(each) for each in self.root.iter(f"{DIAGRAM}BPMNShape")}
        self.edges = {each.attrib["bpmnElement"]: self.points(each) for each in self.root.iter(f"{DIAGRAM}BPMNEdge")}

    def box(self, shape: ET.Element) -> Box:
        x, y, width, height = (float(shape.find(BOUNDS).attrib[key]) for key in ("x", "y", "width", "height"))
        return Box(x, y, x + width, y + height)

    def points(self, edge: ET.Element) -> list[tuple[float, float]]:
        return [(float(each.attrib["x"]), float(each.attrib["y"])) for each in edge.iter(WAYPOINT)]

    def is_pointed(self, id_: str) -> bool:
        """Whether something fills its rectangle only in the middle of each side, as a gateway or an event does."""
        return id_ in self.nodes and self.nodes[id_].tag.endswith(("Event", "Gateway"))

    def labels(self) -> Iterator[tuple[str, Box]]:
        """Where names stand outside of what they name."""
        for each in self.root.iter(f"{DIAGRAM}BPMNLabel"):
            yield self.parents[each].attrib["bpmnElement"], self.box(each)

    def around(self, id_: str) -> list[str]:
        """The sub-processes that something is in."""
        element = {**self.nodes, **self.notes}[id_]
        return [each.attrib["id"] for each in self.above(element) if each.tag == f"{MODEL}subProcess"]

    def above(self, element: ET.Element) -> Iterator[ET.Element]:
        while (element := self.parents.get(element)) is not None:
            yield element


@pytest.fixture(params=DRAWN, ids=IDS)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return Drawing(request.param)


# -- the file --------------------------------------------------------------------------------------------------


def validate(text: str) -> None:
    validator().validator.assertValid(etree.fromstring(text.encode()))


def test_every_chain_is_valid_against_the_schema_of_bpmn(drawing: Drawing) -> None:
    validate(drawing.text)


def test_the_schema_refuses_what_is_not_bpmn(drawing: Drawing) -> None:
    with pytest.raises(etree.DocumentInvalid):
        validate(drawing.text.replace("bpmn:userTask", "bpmn:humanTask"))


@settings(max_examples=40, deadline=None)
@given(chain=chains())
def test_whatever_a_chain_is_made_of_it_is_valid(chain: Chain) -> None:
    validate(written(chain))


def test_every_id_is_used_once_and_every_reference_leads_to_one(drawing: Drawing) -> None:
    ids = Counter(each.attrib["id"] for each in drawing.root.iter() if "id" in each.attrib)
    assert [each for each, times in ids.items() if times > 1] == []
    named = {
        value for each in drawing.root.iter() for key, value in each.attrib.items() if key.endswith(("Ref", "Element"))
    }
    texts = [each.text for each in drawing.root.iter() if each.tag.removeprefix(MODEL) in {"sourceRef", "targetRef"}]
    flows = [each.text for each in drawing.root.iter() if each.tag.removeprefix(MODEL) in {"incoming", "outgoing"}]
    assert named | {*texts, *flows} <= set(ids)
    assert Counter(flows) == Counter([*drawing.flows, *drawing.flows])


@pytest.mark.parametrize("key", ["start", "plane", "left-out", "approved", "shape", "tally_1", "decision", "back"])
def test_keys_that_are_words_of_the_file_clash_with_nothing(key: str) -> None:
    validate(written(named_like_parts(key)))  # the schema asks for ids that are used once


def test_the_same_chain_is_the_same_bytes_whenever_it_is_written() -> None:
    code = "from tests.workflows.odd_chains import everything; from workflows.bpmn.writing import written\n"
    code += "import sys; sys.stdout.buffer.write(written(everything()).encode())"
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(workflows.__file__).parent.parent,
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == written(everything()).encode()


def test_names_are_vietnamese_and_the_documentation_is_english() -> None:
    drawing = Drawing(SHIPPED[IDS.index("provincial-report")])
    process = drawing.root.find(f"{MODEL}process")
    assert process.attrib["name"] == "Báo cáo trình UBND tỉnh"
    assert process.find(f"{MODEL}documentation").text.startswith("Report to the provincial People's Committee\n")
    task = drawing.nodes["stage.police"]
    assert task.attrib["name"] == "Công an tỉnh thẩm định"
    assert task.find(f"{MODEL}documentation").text.startswith("Police review\n")
    assert task.find(f"{MODEL}potentialOwner").attrib["name"] == "cấp trưởng, cấp phó: PC06"


def test_names_of_any_letters_come_through() -> None:
    drawing = Drawing(NASTY_STAGES)
    assert drawing.nodes["stage.a"].attrib["name"] == NASTY
    assert Drawing(everything()).root.find(f"{MODEL}process").attrib["name"] == NASTY


def test_what_xml_cannot_hold_is_replaced() -> None:
    named = chain_of(stage("a", name={"vi": "a\ufffeb\uffff", "en": "a"}))
    assert Drawing(named).nodes["stage.a"].attrib["name"] == "a\ufffdb\ufffd"


def test_the_version_is_named_where_there_is_one() -> None:
    names = [ET.fromstring(written(everything(), version)).attrib["name"] for version in (None, 3)]  # noqa: S314
    assert names == ["test", "test v3"]


# -- the diagram -----------------------------------------------------------------------------------------------


def test_everything_is_drawn_once_and_nothing_else(drawing: Drawing) -> None:
    assert sorted(drawing.boxes) == sorted([*drawing.nodes, *drawing.notes])
    assert sorted(drawing.edges) == sorted([*drawing.flows, *drawing.lines])
    shapes = len(list(drawing.root.iter(f"{DIAGRAM}BPMNShape")))
    edges = len(list(drawing.root.iter(f"{DIAGRAM}BPMNEdge")))
    assert (shapes, edges) == (len(drawing.boxes), len(drawing.edges))


def check_places(drawing: Drawing) -> None:
    """Nothing lies upon anything else, but for what is inside of a sub-process, which lies within it as a whole."""
    for one, two in combinations(drawing.boxes, 2):
        a, b = drawing.boxes[one], drawing.boxes[two]
        if one in drawing.around(two):
            assert a.holds(b), (one, two)
        elif two in drawing.around(one):
            assert b.holds(a), (one, two)
        else:
            assert not a.overlaps(b), (one, two)


def check_arrows(drawing: Drawing) -> None:
    """Every arrow begins and ends at what it joins, bends at right angles, and runs through nothing else."""
    for id_, points in drawing.edges.items():
        element = {**drawing.flows, **drawing.lines}[id_]
        source, target = element.attrib["sourceRef"], element.attrib["targetRef"]
        for end, point in ((source, points[0]), (target, points[-1])):
            assert drawing.boxes[end].touches(*point), id_
            assert not drawing.is_pointed(end) or point in drawing.boxes[end].corners, id_
        passed = set(drawing.boxes) - {source, target, *drawing.around(source), *drawing.around(target)}
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, id_
            line = Box(min(x1, x2) - 0.5, min(y1, y2) - 0.5, max(x1, x2) + 0.5, max(y1, y2) + 0.5)
            assert [each for each in passed if drawing.boxes[each].overlaps(line)] == [], id_


def check_labels(drawing: Drawing) -> None:
    """No name lies upon anything but the sub-processes that it is in, nor upon another name."""
    labels = list(drawing.labels())
    for id_, label in labels:
        upon = [each for each, box in drawing.boxes.items() if box.overlaps(label) and not box.holds(label)]
        assert upon == [], id_
        assert all(
            drawing.nodes[each].tag == f"{MODEL}subProcess" for each, box in drawing.boxes.items() if box.holds(label)
        )
    assert [(one[0], two[0]) for one, two in combinations(labels, 2) if one[1].overlaps(two[1])] == []


def test_names_can_be_read(drawing: Drawing) -> None:
    check_labels(drawing)


def test_nothing_lies_upon_anything_else(drawing: Drawing) -> None:
    check_places(drawing)


def test_arrows_join_what_they_belong_to_and_run_through_nothing(drawing: Drawing) -> None:
    check_arrows(drawing)


@settings(max_examples=40, deadline=None)
@given(chain=chains())
def test_whatever_a_chain_is_made_of_it_is_readable(chain: Chain) -> None:
    drawing = Drawing(chain)
    check_places(drawing)
    check_arrows(drawing)
    check_labels(drawing)


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
        "s / a: the submitter chooses them, at most 3",
    ]


def test_documents_that_are_issued_are_listed() -> None:
    assert "After “Approval by the People's Committee” the document provincial-report is issued." in said(
        SHIPPED[IDS.index("provincial-report")]
    )


def test_the_list_stands_in_the_file_in_both_languages(drawing: Drawing) -> None:
    chain = DRAWN[[Drawing(each).text for each in DRAWN].index(drawing.text)]
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
