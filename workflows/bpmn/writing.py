"""Writes a drawn chain as a file of BPMN 2.0: the process, and the same once more as a diagram (BPMN DI).

An id begins with what it is, and ends with the keys of its stage and step: those may hold any word, but no point.
"""

import re
from typing import Final
from xml.etree import ElementTree as ET

from workflows.bpmn.limits import left_out
from workflows.bpmn.parts import Area, Canvas, Flow, Loop, Node, Note, Point
from workflows.bpmn.process import drawn
from workflows.bpmn.words import owner_words
from workflows.definition import Chain, Owner

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
PYTHON: Final = "https://docs.python.org/3/reference/expressions.html"
SCRIPTS: Final = "text/x-python"
NAMESPACE: Final = "urn:trinh:chains"
_PREFIXES: Final = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}


def written(chain: Chain, version: int | None = None) -> str:
    """Writes a chain as BPMN 2.0; the same chain gives the same text.

    Args:
        chain: The chain.
        version: Which version of it, for the reader; None where it has none.
    """
    canvas = drawn(chain)
    root = ET.Element(_tag("definitions"), {"id": "definitions", "targetNamespace": NAMESPACE})
    root.set("name", chain.key if version is None else f"{chain.key} v{version}")
    root.set("expressionLanguage", PYTHON)
    process = _add(root, "process", id=f"chain.{chain.key}", name=chain.name["vi"], isExecutable="true")
    _document(process, "\n".join([chain.name["en"], *(each["en"] for each in left_out(chain))]))
    _write_canvas(process, canvas)
    diagram = ET.SubElement(root, _tag("BPMNDiagram", BPMNDI), {"id": "diagram"})
    plane = ET.SubElement(diagram, _tag("BPMNPlane", BPMNDI), {"id": "plane", "bpmnElement": process.attrib["id"]})
    _draw(plane, canvas)
    return _text(root)


_NO_XML: Final = re.compile("[\ufffe\uffff]")
"""Characters that a definition may hold and XML may not."""


def _text(root: ET.Element) -> str:
    """Serialises with the usual prefixes, which ElementTree keeps for all of a program."""
    for prefix, uri in _PREFIXES.items():
        ET.register_namespace(prefix, uri)
    ET.indent(root)
    text = _NO_XML.sub("\ufffd", ET.tostring(root, encoding="unicode"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _tag(name: str, namespace: str = BPMN) -> str:
    return f"{{{namespace}}}{name}"


def _add(parent: ET.Element, tag: str, text: str = "", /, **attributes: str) -> ET.Element:
    made = ET.SubElement(parent, _tag(tag), {key: value for key, value in attributes.items() if value})
    made.text = text or None
    return made


def _document(parent: ET.Element, text: str) -> None:
    if text:
        _add(parent, "documentation", text)


def _expression(parent: ET.Element, name: str, text: str) -> None:
    _add(parent, name, text).set(_tag("type", XSI), "bpmn:tFormalExpression")


# -- the process -----------------------------------------------------------------------------------------------


def _write_canvas(parent: ET.Element, canvas: Canvas) -> None:
    if canvas.tally:
        _add(parent, "dataObject", id=canvas.tally)
        _add(parent, "dataObjectReference", id=f"reference.{canvas.tally}", dataObjectRef=canvas.tally)
    for node in canvas.nodes:
        _write_node(parent, node, canvas.flows)
    for flow in canvas.flows:
        _write_flow(parent, flow)
    for note in canvas.notes:
        _write_note(parent, note)


def _write_node(parent: ET.Element, node: Node, flows: list[Flow]) -> None:
    """Writes a node with its parts in the order that the schema asks for."""
    made = _add(parent, node.kind, id=node.id, name=node.name["vi"])
    _document(made, "\n".join(each for each in (node.name["en"], node.sets) if each))
    for tag, ids in (
        ("incoming", [flow.id for flow in flows if flow.target == node.id]),
        ("outgoing", [flow.id for flow in flows if flow.source == node.id]),
    ):
        for each in ids:
            _add(made, tag, each)
    if node.tally:
        _write_tally(made, node)
    if node.owner:
        _write_owner(made, node.owner, node)
    if node.loop:
        _write_loop(made, node.loop)
    _write_content(made, node)


def _write_content(made: ET.Element, node: Node) -> None:
    """Writes what only nodes of its kind have."""
    if node.script:
        made.set("scriptFormat", SCRIPTS)
        _add(made, "script", node.script)
    if node.ends_all:
        _add(made, "terminateEventDefinition", id=f"terminate.{node.id}")
    if node.inside:
        _write_canvas(made, node.inside)


def _write_tally(made: ET.Element, node: Node) -> None:
    """Says which data object a script reads and writes; a data input needs somewhere to go."""
    if node.reads:
        _add(made, "property", id=f"input.{node.id}", name=node.tally)
        reading = _add(made, "dataInputAssociation", id=f"reads.{node.id}")
        _add(reading, "sourceRef", f"reference.{node.tally}")
        _add(reading, "targetRef", f"input.{node.id}")
    writing = _add(made, "dataOutputAssociation", id=f"writes.{node.id}")
    _add(writing, "targetRef", f"reference.{node.tally}")


def _write_owner(made: ET.Element, owner: Owner, node: Node) -> None:
    role = _add(made, "potentialOwner", id=f"owner.{node.id}", name=owner_words(owner, "vi"))
    _document(role, owner_words(owner, "en"))


def _write_loop(made: ET.Element, loop: Loop) -> None:
    inside = _add(made, "multiInstanceLoopCharacteristics")
    _expression(inside, "loopCardinality", loop.times)
    if loop.until:
        _expression(inside, "completionCondition", loop.until)


def _write_flow(parent: ET.Element, flow: Flow) -> None:
    made = _add(parent, "sequenceFlow", id=flow.id, name=flow.name["vi"], sourceRef=flow.source, targetRef=flow.target)
    if flow.name["en"] != flow.name["vi"]:
        _document(made, flow.name["en"])
    if flow.condition:
        _expression(made, "conditionExpression", flow.condition)


def _write_note(parent: ET.Element, note: Note) -> None:
    made = _add(parent, "textAnnotation", id=note.id)
    _add(made, "text", note.text)
    if note.about:
        _add(parent, "association", id=f"line.{note.id}", sourceRef=note.about, targetRef=note.id)


# -- the diagram -----------------------------------------------------------------------------------------------


def _draw(plane: ET.Element, canvas: Canvas) -> None:
    for node in canvas.nodes:
        _draw_node(plane, node)
    for note in canvas.notes:
        _shape(plane, note.id, note.area)
    for flow in canvas.flows:
        edge = _edge(plane, flow.id, flow.points)
        if flow.label:
            _label(edge, flow.label)
    for note in canvas.notes:
        if note.about:
            _edge(plane, f"line.{note.id}", note.points)


def _draw_node(plane: ET.Element, node: Node) -> None:
    shape = _shape(plane, node.id, node.area)
    if node.kind == "subProcess":
        shape.set("isExpanded", "true")
    if node.kind == "exclusiveGateway":
        shape.set("isMarkerVisible", "true")
    if node.kind == "startEvent" and node.name["vi"]:
        _label(shape, Area(node.area.middle - 45, node.area.bottom + 4, 90, 14))
    if node.kind == "endEvent" and node.name["vi"]:  # what is skipped comes from below
        _label(shape, Area(node.area.right + 4, node.line - 7, 80, 14))
    if node.inside:
        _draw(plane, node.inside)


def _shape(plane: ET.Element, id_: str, area: Area) -> ET.Element:
    shape = ET.SubElement(plane, _tag("BPMNShape", BPMNDI), {"id": f"shape.{id_}", "bpmnElement": id_})
    _bounds(shape, area)
    return shape


def _edge(plane: ET.Element, id_: str, points: tuple[Point, ...]) -> ET.Element:
    edge = ET.SubElement(plane, _tag("BPMNEdge", BPMNDI), {"id": f"edge.{id_}", "bpmnElement": id_})
    for x, y in points:
        ET.SubElement(edge, _tag("waypoint", DI), {"x": str(x), "y": str(y)})
    return edge


def _label(shape: ET.Element, area: Area) -> None:
    _bounds(ET.SubElement(shape, _tag("BPMNLabel", BPMNDI)), area)


def _bounds(parent: ET.Element, area: Area) -> None:
    sizes = {"x": area.x, "y": area.y, "width": area.width, "height": area.height}
    ET.SubElement(parent, _tag("Bounds", DC), {key: str(value) for key, value in sizes.items()})
