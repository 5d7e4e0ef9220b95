"""The screens on which a whole process is begun, looked at and published: from the gallery, or from five answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext, ngettext

from portal import once
from portal.data import current_actor, current_session
from portal.definitions import together
from portal.definitions.gallery import begin_process, process_of, processes
from portal.definitions.guided import OUTCOMES, RHYTHMS, WAYS, Answers, process_from
from portal.definitions.models import LONGEST_NOTE
from portal.definitions.pages import DefinitionPages, name_of, typed_name
from portal.definitions.together import PartError, Seen
from portal.definitions.wording import KINDS as KIND_NAMES
from portal.idempotency import Answer
from portal.refusals import sentence
from portal.texts import kept
from portal.units.wiring import UNIT_KIND_NAMES
from workflows.errors import Refusal, WorkflowError

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from portal.definitions.gallery import Process
    from portal.definitions.models import Definition

    Verb = Callable[..., list[Definition]]

SEEN = re.compile(r"([0-9]{1,9})\.([0-9]{1,9})\.([0-9]{1,9})")
"""How a form names a draft: its id, its edition, and the newest version."""

NOTHING_SEEN = Seen(0, 0, 0)


class GalleryView(DefinitionPages):
    """Processes: definitions of several kinds under one key."""

    route_base = "/definitions"
    default_view = "gallery"

    @expose("/gallery", methods=["GET"])
    @has_access
    @permission_name("draft")
    def gallery(self) -> str:
        """Every process that can be copied."""
        return self._gallery()

    def _gallery(self, problem: str = "") -> str:
        found = processes()
        return self.page("definitions/gallery.html", title=gettext("Gallery"), processes=found, problem=problem)

    @expose("/gallery/<key>/take", methods=["POST"])
    @has_access
    @permission_name("draft")
    def take(self, key: str) -> Response | tuple[str, int]:
        """Drafts of everything that a process is made of."""
        process = process_of(key)
        if process is None:
            abort(404)
        return once.page_of(lambda: _taken(process), lambda refused: self._gallery(sentence(refused)))

    @expose("/start", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def start(self) -> Response | str | tuple[str, int]:
        """A process from five answers."""
        if request.method != "POST":
            return self._questions()
        return once.page_of(
            lambda: _taken(process_from(_answers())), lambda refused: self._questions(sentence(refused))
        )

    def _questions(self, problem: str = "") -> str:
        return self.page(
            "definitions/start.html",
            title=gettext("New process"),
            unit_kinds=UNIT_KIND_NAMES,
            rhythms=RHYTHMS,
            ways=WAYS,
            outcomes=OUTCOMES,
            typed=request.form,
            ticked=request.form.getlist("kinds"),
            problem=problem,
        )

    @expose("/process/<key>", methods=["GET"])
    @has_access
    @permission_name("show")
    def process(self, key: str) -> str:
        """Everything under one key, in the order in which it is published."""
        return self._process(key)

    def _process(self, key: str, problem: str = "") -> str:
        found = together.parts(current_session(), key)
        if not found:
            abort(404)
        drafts = [part.draft for part in found if part.draft]
        return self.page(
            "definitions/process.html",
            title=name_of(found[0].known),
            key=key,
            parts_of_it=found,
            knows={part.draft.id: part.newest.version if part.newest else 0 for part in found if part.draft},
            proposing=together.to_propose(drafts),
            publishing=together.to_publish(drafts),
            may_agree=together.may_agree(current_actor(), drafts),
            note=request.form.get("note", ""),
            longest_note=LONGEST_NOTE,
            problem=problem,
        )

    @expose("/process/<key>/propose", methods=["POST"])
    @has_access
    @permission_name("draft")
    def propose_all(self, key: str) -> Response | tuple[str, int]:
        """Every draft under a key waits for a second person, or none."""
        return self._handed_on(key, together.propose_together, gettext("Proposed."))

    @expose("/process/<key>/publish", methods=["POST"])
    @has_access
    @permission_name("publish")
    def publish_all(self, key: str) -> Response | tuple[str, int]:
        """Every draft under a key becomes a version, or none."""
        return self._handed_on(key, together.publish_together, gettext("Published."))

    def _handed_on(self, key: str, verb: Verb, words: str) -> Response | tuple[str, int]:
        """The answer to a verb that is done to all drafts under a key; where it is refused, the page with why."""
        return once.page_of(lambda: _done(verb, key, words), lambda refused: self._process(key, _problem(refused)))


def _answers() -> Answers:
    typed = request.form
    kinds = [kind for kind in typed.getlist("kinds") if kind in UNIT_KIND_NAMES]
    rhythm, way, outcome = (typed.get(each, "") for each in ("rhythm", "way", "outcome"))
    own_days = typed.get("own_days") == "yes"
    return Answers(name=typed_name(), kinds=kinds, rhythm=rhythm, way=way, outcome=outcome, own_days=own_days)


def _taken(process: Process) -> Answer:
    drafts = begin_process(current_session(), current_actor(), process)
    words = ngettext("%(num)s draft was made.", "%(num)s drafts were made.", len(drafts))
    return Answer("definition", drafts[0].id, location=url_for("GalleryView.process", key=drafts[0].key), words=words)


def _done(verb: Verb, key: str, words: str) -> Answer:
    note = kept(request.form.get("note", ""), LONGEST_NOTE)
    done = verb(current_session(), current_actor(), key, _seen(), note)
    return Answer("definition", done[0].id, location=url_for("GalleryView.process", key=key), words=words)


def _seen() -> list[Seen]:
    """What the page named of each draft; what is not of its shape is no draft that there is."""
    found = (SEEN.fullmatch(each) for each in request.form.getlist("seen"))
    return [Seen(*map(int, each.groups())) if each else NOTHING_SEEN for each in found]


def _problem(refused: WorkflowError) -> str:
    if not isinstance(refused, PartError):
        return sentence(refused)
    kind = str(KIND_NAMES[refused.kind])
    if isinstance(refused.cause, Refusal):
        return f"{kind}: {sentence(refused.cause)}"
    words = gettext("Something is still wrong with this, so nothing was done to any of them: %(kind)s.", kind=kind)
    return str(words)


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(GalleryView)
