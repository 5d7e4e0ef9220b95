"""What a chain looks like as BPMN: valid, complete, readable, the same every time, and honest about its limits."""

import os
import subprocess
import sys
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from lxml import etree

import workflows
from tests.workflows.drawing import (
    BOUNDS,
    DIAGRAM,
    DRAWN,
    IDS,
    MODEL,
    NASTY_STAGES,
    SHIPPED,
    WAYPOINT,
    Box,
    Drawing,
)
from tests.workflows.mirror import validator
from tests.workflows.odd_chains import NASTY, chain_of, chains, everything, named_like_parts
from tests.workflows.office import stage
from workflows.bpmn.writing import written
from workflows.definition import Chain


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


def test_every_script_writes_to_the_tally_of_a_sub_process_that_it_is_in(drawing: Drawing) -> None:
    references = {each: each.attrib["dataObjectRef"] for each in drawing.root.iter(f"{MODEL}dataObjectReference")}
    for each, tally in references.items():
        assert tally in [item.attrib["id"] for item in drawing.parents[each].findall(f"{MODEL}dataObject")]
    for script in drawing.root.iter(f"{MODEL}scriptTask"):
        known = [each.attrib["id"] for each in references if drawing.parents[each] in drawing.above(script)]
        assert script.find(f"{MODEL}dataOutputAssociation/{MODEL}targetRef").text in known


OPENINGS = {
    *("definitions", "chain", "diagram", "plane", "shape", "edge"),
    *("start", "drafter", "decided", "merge", "when", "stage", "decision", "back", "approved", "rejected"),
    *("open", "fork", "step", "each", "count", "settled", "heard", "wait", "end"),
    *("reference", "input", "reads", "writes", "owner", "terminate", "note", "line", "left-out"),
}


def test_every_id_begins_with_what_it_is(drawing: Drawing) -> None:
    apart_from_arrows = {each.attrib["id"] for each in drawing.root.iter() if "id" in each.attrib} - set(drawing.flows)
    begun = {each.partition(".")[0] for each in apart_from_arrows}
    assert {each for each in begun if not each.startswith("tally_")} <= OPENINGS


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
    assert task.find(f"{MODEL}documentation").text == (
        "Police review\nSets outcome: approve or return or reject. "
        "With return also return_to: drafter, or the key of an earlier stage."
    )
    assert task.find(f"{MODEL}potentialOwner").attrib["name"] == "cấp trưởng, cấp phó: PC06"


def test_the_ends_say_what_they_are_in_both_languages() -> None:
    drawing = Drawing(SHIPPED[IDS.index("provincial-report")])
    words = {
        id_: (drawing.nodes[id_].attrib["name"], drawing.nodes[id_].find(f"{MODEL}documentation").text)
        for id_ in ("start", "approved", "rejected")
    }
    assert words == {
        "start": ("Bắt đầu", "Start"),
        "approved": ("Được duyệt", "Approved"),
        "rejected": ("Bị từ chối", "Rejected"),
    }


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


def test_everything_is_drawn_at_whole_points(drawing: Drawing) -> None:
    places = [*drawing.root.iter(BOUNDS), *drawing.root.iter(WAYPOINT)]
    assert all(value.isdecimal() for each in places for value in each.attrib.values())


def test_sub_processes_are_shown_open_and_exclusive_gateways_with_their_cross(drawing: Drawing) -> None:
    shapes = {each.attrib["bpmnElement"]: each.attrib for each in drawing.root.iter(f"{DIAGRAM}BPMNShape")}
    for id_, node in drawing.nodes.items():
        assert ("isExpanded" in shapes[id_]) == node.tag.endswith("subProcess")
        assert ("isMarkerVisible" in shapes[id_]) == node.tag.endswith("exclusiveGateway")


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
            line = along(x1, y1, x2, y2)
            assert [each for each in passed if drawing.boxes[each].overlaps(line)] == [], id_


def along(x1: float, y1: float, x2: float, y2: float) -> Box:
    """The ink of a straight line."""
    return Box(min(x1, x2) - 0.5, min(y1, y2) - 0.5, max(x1, x2) + 0.5, max(y1, y2) + 0.5)


def check_labels(drawing: Drawing) -> None:
    """No name lies upon anything but the sub-processes that it is in, nor upon another name, nor upon an arrow."""
    labels = list(drawing.labels())
    lines = [along(*one, *two) for points in drawing.edges.values() for one, two in pairwise(points)]
    for id_, label in labels:
        upon = [each for each, box in drawing.boxes.items() if box.overlaps(label) and not box.holds(label)]
        assert upon == [], id_
        assert not any(line.overlaps(label) for line in lines), id_
        assert all(
            drawing.nodes[each].tag == f"{MODEL}subProcess" for each, box in drawing.boxes.items() if box.holds(label)
        )
    assert [(one[0], two[0]) for one, two in combinations(labels, 2) if one[1].overlaps(two[1])] == []


def test_every_name_of_an_arrow_or_an_event_has_a_place_of_its_own(drawing: Drawing) -> None:
    events = {id_: each for id_, each in drawing.nodes.items() if each.tag.endswith("Event")}
    named = [id_ for id_, each in {**drawing.flows, **events}.items() if each.attrib.get("name")]
    assert sorted(id_ for id_, _ in drawing.labels()) == sorted(named)


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
