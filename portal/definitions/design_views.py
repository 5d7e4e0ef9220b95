"""The designer of a definition: its things as a tree, one of them open, each change saved into the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal.data import current_actor, current_session
from portal.definitions import drafting, service, shaping
from portal.definitions.checks import findings
from portal.definitions.conditions import COMPARISONS, JOINS, sentence_of
from portal.definitions.formulas import OPERATIONS
from portal.definitions.outline import knot_at, lists_for, said_in, thing_at, tree_of
from portal.definitions.pages import DefinitionPages, known_kind, name_of, preview_of, sample_of
from portal.definitions.panels import edited, inside, shown
from portal.definitions.paths import split
from portal.definitions.shapes import SHAPES
from portal.definitions.shapes.description import Around, offered
from portal.definitions.together import found_together
from portal.definitions.wiring import SAMPLES
from portal.findings import definition_sentence
from portal.refusals import sentence, status_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from werkzeug.wrappers import Response

    from portal.definitions.models import Definition
    from portal.definitions.outline import Knot
    from portal.definitions.shapes.description import Part, Shape
    from workflows.errors import Finding

MOST_SAID = 20
"""Remarks that the panel shows of one part."""

MOST_SAMPLES = 1_000
"""Samples that are told apart; after the last one comes the first again."""


class Field(NamedTuple):
    """A part as the panel shows it.

    Attributes:
        part: what it is.
        choices: what it offers.
        said: what is wrong with it.
        sentence: a condition, read back; empty for other parts.
    """

    part: Part
    choices: Sequence[tuple[str, Any]]
    said: Sequence[str]
    sentence: str


class DesignView(DefinitionPages):
    """Forms, chains, calendars and schedules, drawn instead of written."""

    route_base = "/definitions"
    default_view = "design"

    @expose("/<kind>/<key>/draft/design", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def design(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """The tree of a draft with one thing open; what is sent is saved, and then done."""
        shape = SHAPES.get(known_kind(kind))
        draft = service.draft_of(current_session(), kind, key)
        if shape is None or draft is None:
            return redirect(url_for("DraftView.draft", kind=kind, key=key))
        if request.method != "POST" or draft.proposed_by:
            return self._page(shape, draft, request.args.get("at", ""))
        open_, then = request.form.get("at", ""), request.form.get("then", "")
        try:
            return self._done(shape, draft, open_, then)
        except Refusal as refusal:
            current_session().rollback()
            return self._page(shape, draft, open_, sentence(refusal), typed=True), status_of(refusal)

    def _done(self, shape: Shape, draft: Definition, open_: str, then: str) -> Response | tuple[str, int]:
        """Save the open panel, and do what the button asks for."""
        knot = knot_at(tree_of(shape, draft.body), open_)
        done = edited(knot.shape, thing_at(draft.body, knot.path), request.form)
        if done.unread:
            said = {key: [definition_sentence(each) for each in found] for key, found in done.unread.items()}
            return self._page(shape, draft, open_, typed=True, unread=said), 422
        body, path = _asked(shape, shaping.replaced(draft.body, knot.path, done.thing), knot.path, then)
        drafting.save(current_session(), current_actor(), draft, body, request.form.get("edition", 0, int))
        current_session().commit()
        back = request.form.get("back") or "panel"
        return redirect(url_for("DesignView.design", kind=draft.kind, key=draft.key, at=path, _anchor=back))

    def _page(
        self,
        shape: Shape,
        draft: Definition,
        open_: str,
        problem: str = "",
        *,
        typed: bool = False,
        unread: Mapping[str, Sequence[str]] | None = None,
    ) -> str:
        body = draft.body
        found = found_together(current_session(), draft)
        knots = tree_of(shape, body, found)
        knot = knot_at(knots, open_)
        parts = knot.shape.parts(thing_at(body, knot.path))
        return self.draft_page(
            "definitions/design.html",
            draft,
            title=gettext("Design: %(name)s", name=name_of(draft)),
            knots=knots,
            open=knot,
            fields=_fields(parts, knot, body, _said(knots, knot, found), unread or {}),
            used=[str(each.words) for each in parts if _is_used(each, knot)],
            texts=_typed_texts() if typed else shown(parts, thing_at(body, knot.path)),
            of_thing=[definition_sentence(each) for each in said_in(knot, found, _paths(knots)).get("", ())],
            targets=lists_for(knots, knot),
            comparisons=COMPARISONS,
            joins=JOINS,
            operations=OPERATIONS,
            wrong=len(found),
            needs_others=not found and bool(findings(current_session(), draft.kind, draft.key, body)),
            can_preview=not found and preview_of(draft.kind, body) is not None,
            problem=problem,
        )

    @expose("/<kind>/<key>/draft/preview", methods=["GET"])
    @has_access
    @permission_name("draft")
    def preview(self, kind: str, key: str) -> str:
        """What the draft looks like, alone, as wide as the window: empty, as a sample, or as that is printed."""
        draft = service.draft_of(current_session(), known_kind(kind), key)
        if draft is None:
            abort(404)
        if found_together(current_session(), draft):
            return self.page("definitions/preview.html", title=name_of(draft), preview=None)
        seed, printed = _sample_asked(kind)
        shown = sample_of(kind, draft.body, seed, printed=printed) if seed else preview_of(kind, draft.body)
        return self.page(
            "definitions/preview.html",
            title=name_of(draft),
            preview=shown,
            kind=kind,
            key=key,
            sampled=kind in SAMPLES,
            seed=seed,
            another=seed % MOST_SAMPLES + 1,
            printed=printed,
        )


def _sample_asked(kind: str) -> tuple[int, bool]:
    """Which sample an address asks for, 0 for none, and whether as it is printed; only a sample is printed."""
    printed = kind in SAMPLES and request.args.get("print", "") == "1"
    seed = request.args.get("sample", 0, int) % (MOST_SAMPLES + 1) if kind in SAMPLES else 0
    return seed or int(printed), printed


def _is_used(part: Part, knot: Knot) -> bool:
    """Whether a part that is out of the way says something that need not be there."""
    return part.rare and not part.needed and inside(knot.thing, part.key) is not None


def _asked(shape: Shape, body: Any, path: str, then: str) -> tuple[Any, str]:
    """What a button asks for, done to a body: the new body, and what is open afterwards.

    Raises:
        Refusal: `no_such_thing`, `too_many_items`.
    """
    verb, _, rest = then.partition(":")
    verbs: dict[str, Callable[[], tuple[Any, str]]] = {
        "open": lambda: (body, rest),
        "add": lambda: _added(shape, body, *rest.partition(":")[::2]),
        "up": lambda: _stepped(body, rest, -1),
        "down": lambda: _stepped(body, rest, 1),
        "move": lambda: _dragged(body, rest),
        "into": lambda: shaping.moved(body, path, request.form.get("target", ""), shaping.MOST_ITEMS),
        "copy": lambda: shaping.doubled(body, rest),
        "remove": lambda: shaping.removed(body, rest),
    }
    return verbs.get(verb, lambda: (body, path))()


def _stepped(body: Any, path: str, by: int) -> tuple[Any, str]:
    """A thing one place further up or down its list."""
    where, number = split(path)
    return shaping.moved(body, path, where, max(number + by, 0))


def _dragged(body: Any, said: str) -> tuple[Any, str]:
    """A thing where it was dropped: its path, the list, and its number there, with `>` between."""
    source, target, number = [*said.split(">"), "", ""][:3]
    return shaping.moved(body, source, target, int(number) if number.isdecimal() else shaping.MOST_ITEMS)


def _added(shape: Shape, body: Any, where: str, kind: str) -> tuple[Any, str]:
    """A new thing of a kind at the end of a list."""
    branches = {path: branch for knot in tree_of(shape, body) for path, branch in knot.branches}
    branch = branches.get(where)
    if branch is None:
        raise Refusal("no_such_thing")
    kind = kind or request.form.get(f"kind:{where}", "")
    if kind not in dict(branch.kinds):
        raise Refusal("no_such_thing")
    return shaping.added(body, where, branch.first(kind, shaping.taken_names(body)))


def _paths(knots: Iterable[Knot]) -> set[str]:
    return {each.path for each in knots}


def _said(knots: Sequence[Knot], knot: Knot, found: Iterable[Finding]) -> dict[str, list[str]]:
    """What is wrong with the open thing, by the first word of a part's key."""
    said = said_in(knot, found, _paths(knots))
    return {key: [_line(each, knot) for each in several][:MOST_SAID] for key, several in said.items()}


def _line(finding: Finding, knot: Knot) -> str:
    """What is wrong, after the place inside a part where it is not the part itself."""
    inner = finding.path.removeprefix(knot.path).lstrip(".").partition(".")[2]
    return ": ".join(filter(None, (inner, definition_sentence(finding))))


def _fields(
    parts: Iterable[Part], knot: Knot, body: Any, said: Mapping[str, list[str]], unread: Mapping[str, Sequence[str]]
) -> list[Field]:
    around = Around(current_session(), body)
    told: set[str] = set()
    fields = []
    for part in parts:
        first = part.key.partition(".")[0]
        choices = list(offered(part.choices, around))
        words = [*unread.get(part.key, ()), *(said.get(first, ()) if first not in told else ())]
        told.add(first)
        guard = inside(knot.thing, part.key) if part.control == "condition" else None
        fields.append(Field(part, choices, words, sentence_of(guard, dict(choices)) if guard else ""))
    return fields


def _typed_texts() -> dict[str, Any]:
    """What was typed, by the name of each input; several texts under one name stay several."""
    return {name: texts if len(texts) > 1 else texts[0] for name, texts in request.form.lists()}


def register(portal: Any) -> None:
    """Give the portal this screen."""
    portal.add_view_no_menu(DesignView)
