"""The designer of a definition: its things as a tree, one of them open, each change saved into the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext

from portal.data import current_actor, current_session
from portal.definitions import drafting, service, shaping
from portal.definitions.conditions import COMPARISONS, JOINS, place_of_row, said_of_row, sentence_of
from portal.definitions.formulas import OPERATIONS
from portal.definitions.outline import knot_at, lists_for, said_in, thing_at, tree_of
from portal.definitions.pages import (
    DefinitionPages,
    after_draft,
    known_kind,
    name_of,
    preview_of,
    preview_of_draft,
    sample_of,
)
from portal.definitions.panels import edited, inside, shown
from portal.definitions.paths import item, number_in, split
from portal.definitions.shapes import SHAPES
from portal.definitions.shapes.description import Around, known_facts, offered
from portal.definitions.together import standing
from portal.definitions.wiring import SAMPLES
from portal.definitions.wording import place_of, way_to
from portal.findings import definition_sentence
from portal.refusals import sentence, status_of
from workflows.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from werkzeug.wrappers import Response

    from portal.definitions.conditions import Facts
    from portal.definitions.models import Definition
    from portal.definitions.outline import Knot
    from portal.definitions.shapes.description import Branch, Offered, Part, Shape
    from workflows.errors import Finding

MOST_SAID = 20
"""Remarks that the panel shows of one part."""

ROW_VERBS = frozenset({"up", "down", "remove"})
"""What can be done to a row of an input that stands in several."""

MOST_SAMPLES = 1_000
"""Samples that are told apart; after the last one comes the first again."""

OF_PAGE = frozenset(("csrf_token", "edition", "at", "then", "target"))
"""Inputs of the designer itself."""

WORDS = {"comparisons": COMPARISONS, "joins": JOINS, "operations": OPERATIONS}
"""What is offered in every condition and formula."""


class Field(NamedTuple):
    """A part as the panel shows it.

    Attributes:
        part: what it is.
        choices: what it offers.
        said: what is wrong with it.
        sentence: a condition, read back; empty for other parts.
        facts: what a condition may ask for, by name; nothing for other parts.
    """

    part: Part
    choices: Sequence[tuple[str, Any]]
    said: Sequence[str]
    sentence: str
    facts: Facts


class DesignView(DefinitionPages):
    """Definitions of every kind, drawn instead of written."""

    route_base = "/definitions"
    default_view = "design"

    @expose("/<kind>/<key>/draft/design", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def design(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """The tree of a draft with one thing open; what is sent is saved, and then done."""
        shape = SHAPES.get(known_kind(kind))
        if shape is None:
            return redirect(url_for("DraftView.draft", kind=kind, key=key))
        draft = service.draft_of(current_session(), kind, key)
        if request.method == "POST":
            return self._sent(shape, kind, key, draft)
        return self._page(shape, draft, request.args.get("at", "")) if draft else redirect(after_draft(kind, key))

    def _sent(self, shape: Shape, kind: str, key: str, draft: Definition | None) -> Response | tuple[str, int]:
        """Do what was sent; what cannot be done gives back what was typed, whatever became of the draft meanwhile."""
        open_, then = request.form.get("at", ""), request.form.get("then", "")
        try:
            return self._done(shape, draft, open_, then)
        except Refusal as refusal:
            current_session().rollback()
            now = service.draft_of(current_session(), kind, key)
            if now is None:
                return self.lost_page(_written(), sentence(Refusal("not_a_draft"))), 409
            return self._page(shape, now, open_, sentence(refusal), typed=True), status_of(refusal)

    def _done(self, shape: Shape, draft: Definition | None, open_: str, then: str) -> Response | tuple[str, int]:
        """Save the open panel, and do what the button asks for."""
        if draft is None:
            raise Refusal("not_a_draft")
        before = shape.unfolded(draft.body)
        knot = knot_at(tree_of(shape, before), open_)
        thing = thing_at(before, knot.path)
        facts = known_facts(knot.shape.parts(thing), Around(current_session(), before))
        done = edited(knot.shape, thing, request.form, facts)
        if done.unread:
            said = {key: [definition_sentence(each) for each in found] for key, found in done.unread.items()}
            return self._page(shape, draft, open_, typed=True, unread=said), 422
        saved = shape.unfolded(shape.folded(shaping.replaced(before, knot.path, done.thing)))
        body, path = _asked(shape, saved, knot.path, _counted(then, knot.path))
        after = shape.folded(body)
        drafting.save(current_session(), current_actor(), draft, after, request.form.get("edition", 0, int))
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
        found, is_not_alone = standing(current_session(), draft)
        body = shape.unfolded(draft.body)
        knots = tree_of(shape, body, found)
        knot = knot_at(knots, open_)
        parts, around = knot.shape.parts(thing_at(body, knot.path)), Around(current_session(), body)
        facts = known_facts(parts, around)
        said = _said(parts, knot, found, {each.path for each in knots})
        return self.draft_page(
            "definitions/design.html",
            draft,
            title=gettext("Design: %(name)s", name=name_of(draft)),
            knots=knots,
            open=knot,
            fields=_fields(parts, knot, around, facts, said, unread or {}),
            of_thing=said.get("", ()),
            used=[str(each.words) for each in parts if _is_used(each, knot)],
            additions=_additions(knot, around),
            targets=lists_for(knots, knot),
            wrong=len(found),
            is_not_alone=is_not_alone,
            preview=preview_of_draft(draft, found),
            problem=problem,
            **_texts(parts, knot, facts, open_, typed=typed),
            **WORDS,
        )

    @expose("/<kind>/<key>/draft/preview", methods=["GET"])
    @has_access
    @permission_name("draft")
    def preview(self, kind: str, key: str) -> Response | str:
        """What the draft looks like, alone, as wide as the window: empty, as a sample, or as that is printed."""
        draft = service.draft_of(current_session(), known_kind(kind), key)
        if draft is None:
            abort(404)
        if standing(current_session(), draft).wrong:
            return self.page("definitions/preview.html", title=name_of(draft), preview=None)
        seed, printed = _sample_asked(kind)
        shown = sample_of(kind, draft.body, seed, printed=printed) if seed else preview_of(kind, draft.body)
        if shown and shown.is_beside:  # it has no page of its own
            return redirect(url_for("DraftView.draft", kind=kind, key=key))
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


def _texts(parts: Sequence[Part], knot: Knot, facts: Facts, open_: str, *, typed: bool) -> dict[str, Any]:
    """What the inputs show: what was typed, or what is saved; what was typed for a thing that is gone stands apart."""
    gone = typed and knot.path != open_
    mine = typed and not gone
    return {
        "texts": _typed_texts() if mine else shown(parts, knot.thing, facts),
        "unsaved": mine,
        "written": _written() if gone else "",
    }


def _written() -> str:
    """What was typed into a panel, as lines that can be copied: what each part is called, and its text."""
    typed = [(name, text) for name, texts in request.form.lists() for text in texts if text.strip()]
    return "\n".join(f"{place_of(way_to({}, name))}: {text}" for name, text in typed if not _is_of_page(name))


def _is_of_page(name: str) -> bool:
    """Whether an input says nothing of the thing itself, but which one it is and what to do with it."""
    return name in OF_PAGE or name.startswith("kind:")


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
        "move": lambda: _dragged(shape, body, rest),
        "into": lambda: _moved(shape, body, path, request.form.get("target", ""), shaping.MOST_ITEMS),
        "copy": lambda: shaping.doubled(body, rest),
        "remove": lambda: shaping.removed(body, rest),
    }
    return verbs.get(verb, lambda: (body, path))()


def _moved(shape: Shape, body: Any, path: str, target: str, number: int) -> tuple[Any, str]:
    """A thing of the tree at a place in a list that takes things of its kind."""
    knots = tree_of(shape, body)
    knot = knot_at(knots, path)
    if knot.path != path or target not in dict(lists_for(knots, knot)):
        raise Refusal("no_such_thing")
    return shaping.moved(body, path, target, number)


def _stepped(body: Any, path: str, by: int) -> tuple[Any, str]:
    """A thing, or a row of one, one place further up or down its list."""
    where, number = split(path)
    return shaping.moved(body, path, where, max(number + by, 0))


def _dragged(shape: Shape, body: Any, said: str) -> tuple[Any, str]:
    """A thing where it was dropped: its path, the list, and its number there, with `>` between."""
    source, target, number = [*said.split(">"), "", ""][:3]
    return _moved(shape, body, source, target, number_in(number))


def _added(shape: Shape, body: Any, where: str, kind: str) -> tuple[Any, str]:
    """A new thing of a kind at the end of a list."""
    branches = {path: branch for knot in tree_of(shape, body) for path, branch in knot.branches}
    branch = branches.get(where)
    if branch is None:
        raise Refusal("no_such_thing")
    kind = kind or request.form.get(f"kind:{where}", "")
    if kind not in dict(offered(branch.kinds, Around(current_session(), body))):
        raise Refusal("no_such_thing")
    return shaping.added(body, where, branch.first(kind, shaping.taken_names(body)))


def _additions(knot: Knot, around: Around) -> list[tuple[str, Branch, Offered]]:
    """What can be added to each list of the open thing."""
    return [(where, each, offered(each.kinds, around)) for where, each in knot.branches if not each.alone]


def _counted(then: str, open_: str) -> str:
    """What a button asks for, where it names a row of an input that stands in several: empty rows do not count."""
    verb, _, path = then.partition(":")
    if verb not in ROW_VERBS or not path.endswith("]"):
        return then
    where, number = split(path)
    typed = request.form.getlist(where.removeprefix(f"{open_}."))
    if number < len(typed) and not typed[number].strip():
        return "save"
    return f"{verb}:{item(where, number - sum(not each.strip() for each in typed[:number]))}"


def _said(parts: Iterable[Part], knot: Knot, found: Iterable[Finding], paths: set[str]) -> dict[str, list[str]]:
    """What is wrong with the open thing, by the keys of its parts, after the place inside the part."""
    said = said_in(knot, [part.key for part in parts], found, paths)
    return {key: [_line(*each) for each in several][:MOST_SAID] for key, several in said.items()}


def _line(place: str, finding: Finding) -> str:
    return ": ".join(filter(None, (place_of_row(place), said_of_row(place, finding))))


def _fields(  # noqa: PLR0917 - a panel and all that is said in it
    parts: Iterable[Part],
    knot: Knot,
    around: Around,
    facts: Facts,
    said: Mapping[str, list[str]],
    unread: Mapping[str, Sequence[str]],
) -> list[Field]:
    fields = []
    for part in parts:
        asks = part.control == "condition"
        choices = [(name, fact.words) for name, fact in facts.items()] if asks else list(offered(part.choices, around))
        words = [*unread.get(part.key, ()), *said.get(part.key, ())]
        guard = inside(knot.thing, part.key) if asks else None
        fields.append(Field(part, choices, words, sentence_of(guard, facts) if guard else "", facts))
    return fields


def _typed_texts() -> dict[str, Any]:
    """What was typed, by the name of each input; several texts under one name stay several."""
    return {name: texts if len(texts) > 1 else texts[0] for name, texts in request.form.lists()}


def register(portal: Any) -> None:
    """Give the portal this screen."""
    portal.add_view_no_menu(DesignView)
