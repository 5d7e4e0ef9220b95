"""A file of BPMN taken apart: what is in it, where it is drawn, and chains to draw."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import yaml

import workflows
from tests.workflows.odd_chains import NASTY, chain_of, everything, own_step
from tests.workflows.office import label as in_both
from tests.workflows.office import stage
from workflows.bpmn.writing import written
from workflows.definition import Chain
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
