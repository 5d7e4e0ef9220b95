"""What a diagram is made of: nodes, flows and notes, with their places in pixels; x to the right, y downwards."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, TypeAlias

from workflows.definition import Owner
from workflows.errors import Label

Kind: TypeAlias = Literal[
    "startEvent", "endEvent", "userTask", "scriptTask", "subProcess",
    "exclusiveGateway", "inclusiveGateway", "parallelGateway",
]  # fmt: skip
Point: TypeAlias = tuple[int, int]

NAMELESS: Final[Label] = {"vi": "", "en": ""}
EVENT: Final[Point] = (36, 36)
GATEWAY: Final[Point] = (50, 50)
TASK: Final[Point] = (160, 80)
SCRIPT: Final[Point] = (120, 80)
_SIZES: Final[Mapping[Kind, Point]] = {
    "startEvent": EVENT, "endEvent": EVENT, "userTask": TASK, "scriptTask": SCRIPT,
    "exclusiveGateway": GATEWAY, "inclusiveGateway": GATEWAY, "parallelGateway": GATEWAY,
}  # fmt: skip
"""How large everything is that is not as large as what is inside of it."""

GAP: Final = 40
"""Between a node and the next one on its line."""

NOTE_GAP: Final = 12
_LETTERS: Final = 24  # of a note as wide as a task, on one line
_LINE: Final = 15


@dataclass(frozen=True)
class Area:
    """A rectangle on the canvas."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.y + self.height

    @property
    def middle(self) -> int:
        """Half way between its left and right edges."""
        return self.x + self.width // 2

    def moved(self, dx: int, dy: int) -> "Area":
        """Gives it elsewhere."""
        return replace(self, x=self.x + dx, y=self.y + dy)


@dataclass(frozen=True)
class Loop:
    """How often something is done side by side: an expression for the number, and one that ends it early."""

    times: str
    until: str = ""


@dataclass(frozen=True)
class Node:
    """Something that a token comes to.

    Attributes:
        id: Unique in the file.
        kind: The name of its element.
        area: Where it is drawn.
        line: The height at which flows come to its left side and leave on its right side.
        name: What people read.
        sets: What whoever runs the process has to know of a user task: the variables that it sets; in English.
        owner: Who does it, of a user task that the chain gives to posts.
        script: What a script task does, in Python.
        tally: The data object that a script task counts in, with ``reads`` whether it reads it before.
        reads: See there.
        loop: Whether it is done several times.
        inside: What a sub-process is made of.
        ends_all: Whether an end event ends everything around it.
    """

    id: str
    kind: Kind
    area: Area
    line: int
    name: Label = field(default_factory=lambda: NAMELESS)
    sets: str = ""
    owner: Owner | None = None
    script: str = ""
    tally: str = ""
    reads: bool = False
    loop: Loop | None = None
    inside: "Canvas | None" = None
    ends_all: bool = False

    def moved(self, dx: int, dy: int) -> "Node":
        """Gives it elsewhere, with all that is inside."""
        inside = self.inside.moved(dx, dy) if self.inside else None
        return replace(self, area=self.area.moved(dx, dy), line=self.line + dy, inside=inside)

    @property
    def entrance(self) -> Point:
        """Where flows come to."""
        return self.area.x, self.line

    @property
    def exit(self) -> Point:
        """Where flows leave."""
        return self.area.right, self.line


@dataclass(frozen=True)
class Flow:
    """An arrow.

    Attributes:
        id: Unique in the file.
        source: The id of the node it leaves.
        target: The id of the node it comes to.
        points: Its bends, from the edge of one to the edge of the other.
        name: What people read, at ``label``.
        condition: An expression in Python; empty for none.
        label: Where the name stands.
    """

    id: str
    source: str
    target: str
    points: tuple[Point, ...]
    name: Label = field(default_factory=lambda: NAMELESS)
    condition: str = ""
    label: Area | None = None

    def moved(self, dx: int, dy: int) -> "Flow":
        """Gives it elsewhere."""
        points = tuple((x + dx, y + dy) for x, y in self.points)
        return replace(self, points=points, label=self.label.moved(dx, dy) if self.label else None)


@dataclass(frozen=True)
class Note:
    """A text beside a node, or on its own where ``about`` is empty; ``points`` are the line between the two."""

    id: str
    text: str
    area: Area
    about: str = ""
    points: tuple[Point, ...] = ()

    def moved(self, dx: int, dy: int) -> "Note":
        """Gives it elsewhere."""
        points = tuple((x + dx, y + dy) for x, y in self.points)
        return replace(self, area=self.area.moved(dx, dy), points=points)


@dataclass
class Canvas:
    """A process or sub-process being drawn.

    Attributes:
        nodes: In the order in which they are drawn.
        flows: Likewise.
        notes: Likewise.
        tally: The data object that its scripts count in; empty for none.
    """

    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    tally: str = ""

    def add(self, node: Node, note: str = "") -> Node:
        """Draws a node, with a note below it where there is something to say."""
        self.nodes.append(node)
        if note:
            at, (width, _) = node.area, TASK
            area = Area(at.middle - width // 2, at.bottom + NOTE_GAP, width, height_of(note))
            line = ((at.middle, at.bottom), (at.middle, area.y))
            self.notes.append(Note(f"note.{node.id}", note, area, node.id, line))
        return node

    def join(
        self,
        source: Node,
        target: Node,
        bend: int = GAP // 2,
        *,
        name: Label = NAMELESS,
        condition: str = "",
        label: Area | None = None,
    ) -> None:
        """Draws an arrow from the right side of a node to the left one of another, its bend so much before that."""
        first, last = source.exit, target.entrance
        turn = last[0] - bend
        bends = () if first[1] == last[1] else ((turn, first[1]), (turn, last[1]))
        beside = label or Area(first[0] + 4, first[1] - 20, 2 * GAP - 8, 14)
        self.arrow(source, target, (first, *bends, last), name=name, condition=condition, label=beside)

    def arrow(
        self,
        source: Node,
        target: Node,
        points: tuple[Point, ...],
        *,
        name: Label = NAMELESS,
        condition: str = "",
        label: Area | None = None,
    ) -> None:
        """Draws an arrow along some points."""
        id_, beside = f"{source.id}-{target.id}", label if name["vi"] else None
        self.flows.append(Flow(id_, source.id, target.id, points, name, condition, beside))

    def moved(self, dx: int, dy: int) -> "Canvas":
        """Gives all of it elsewhere."""
        nodes = [each.moved(dx, dy) for each in self.nodes]
        flows = [each.moved(dx, dy) for each in self.flows]
        return Canvas(nodes, flows, [each.moved(dx, dy) for each in self.notes], self.tally)

    def areas(self) -> Iterator[Area]:
        """What is drawn on it, without what is inside of sub-processes."""
        yield from (each.area for each in self.nodes)
        yield from (each.area for each in self.notes)
        yield from (Area(x, y, 0, 0) for flow in self.flows for x, y in flow.points)

    @property
    def extent(self) -> Area:
        """The rectangle around all of it."""
        areas = list(self.areas())
        x, y = min(each.x for each in areas), min(each.y for each in areas)
        return Area(x, y, max(each.right for each in areas) - x, max(each.bottom for each in areas) - y)


def node(id_: str, kind: Kind, x: int, line: int, name: Label = NAMELESS) -> Node:
    """Gives a node whose left edge is at ``x``, with its middle on a line."""
    width, height = _SIZES[kind]
    return Node(id_, kind, Area(x, line - height // 2, width, height), line, name)


def height_of(text: str, width: int = TASK[0]) -> int:
    """How high a note of some width is, counted generously."""
    letters = _LETTERS * width // TASK[0]
    return 14 + _LINE * sum(1 + len(line) // letters for line in text.split("\n"))
