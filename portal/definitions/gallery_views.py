"""The screens on which a whole process is begun, looked at and published: from the gallery, or from five answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import abort, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext, ngettext

from portal import once
from portal.data import current_actor, current_session
from portal.definitions import service
from portal.definitions.checks import findings
from portal.definitions.drafting import SECOND_PERSON, propose, publish_draft
from portal.definitions.gallery import process_of, processes, take
from portal.definitions.guided import OUTCOMES, RHYTHMS, WAYS, Answers, process_from
from portal.definitions.models import KINDS, LONGEST_NOTE
from portal.definitions.pages import DefinitionPages, name_of
from portal.idempotency import Answer
from portal.refusals import sentence, status_of
from portal.texts import kept
from portal.units.wiring import UNIT_KIND_NAMES
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from portal.definitions.gallery import Process
    from portal.definitions.models import Definition


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
        try:
            return once.page_after(once.carry_out(lambda: _taken(process)))
        except Refusal as refusal:
            current_session().rollback()
            return self._gallery(sentence(refusal)), status_of(refusal)

    @expose("/start", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def start(self) -> Response | str | tuple[str, int]:
        """A process from five answers."""
        if request.method != "POST":
            return self._questions()
        try:
            return once.page_after(once.carry_out(lambda: _taken(process_from(_answers()))))
        except Refusal as refusal:
            current_session().rollback()
            return self._questions(sentence(refusal)), status_of(refusal)

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
        rows = [row for kind in KINDS if (row := _row(kind, key))]
        if not rows:
            abort(404)
        drafts = [row for row in rows if row["draft"]]
        return self.page(
            "definitions/process.html",
            title=rows[0]["name"],
            key=key,
            rows=rows,
            drafts=drafts,
            ready=[row["draft"] for row in drafts if not row["draft"].proposed_by],
            note=request.form.get("note", ""),
            longest_note=LONGEST_NOTE,
            problem=problem,
        )

    @expose("/process/<key>/publish", methods=["POST"])
    @has_access
    @permission_name("publish")
    def publish_all(self, key: str) -> Response | tuple[str, int]:
        """Every draft under a key becomes a version, or none; where a second person publishes, all are proposed."""
        try:
            return once.page_after(once.carry_out(lambda: _published(key)))
        except (Refusal, DefinitionError) as refusal:
            current_session().rollback()
            unready = gettext("Something is still wrong with one of them, so none was published.")
            problem = sentence(refusal) if isinstance(refusal, Refusal) else unready
            return self._process(key, problem), status_of(refusal)


def _answers() -> Answers:
    typed = request.form
    name = {language: kept(typed.get(f"name_{language}", ""), 200) for language in ("vi", "en")}
    name["en"] = name["en"] or name["vi"]
    kinds = [kind for kind in typed.getlist("kinds") if kind in UNIT_KIND_NAMES]
    return Answers(name, kinds, *(typed.get(each, "") for each in ("rhythm", "way", "outcome")))


def _taken(process: Process) -> Answer:
    drafts = take(current_session(), current_actor(), process)
    words = ngettext("%(num)s draft was made.", "%(num)s drafts were made.", len(drafts))
    return Answer("definition", drafts[0].id, location=url_for("GalleryView.process", key=drafts[0].key), words=words)


def _drafts(key: str) -> list[Definition]:
    found = (service.draft_of(current_session(), kind, key) for kind in KINDS)
    return [each for each in found if each is not None and not each.proposed_by]


def _published(key: str) -> Answer:
    """What becomes of the drafts under a key."""
    session, actor, note = current_session(), current_actor(), kept(request.form.get("note", ""), LONGEST_NOTE)
    seen = request.form.getlist("seen")
    drafts = _drafts(key)
    if not drafts or [f"{each.id}.{each.edition}" for each in drafts] != seen:
        raise Refusal("stale_version")
    for draft in drafts:
        if SECOND_PERSON.plugged:
            propose(session, actor, draft, draft.edition, note)
        else:
            last = service.newest(session, draft.kind, key)
            publish_draft(session, actor, draft, draft.edition, knows=last.version if last else 0, why=note)
    words = gettext("Proposed.") if SECOND_PERSON.plugged else gettext("Published.")
    return Answer("definition", drafts[0].id, location=url_for("GalleryView.process", key=key), words=str(words))


def _row(kind: str, key: str) -> dict[str, Any] | None:
    """One definition under a key; None where there is none of the kind."""
    session = current_session()
    draft, newest = service.draft_of(session, kind, key), service.newest(session, kind, key)
    known = draft or newest
    if known is None:
        return None
    wrong = len(findings(session, kind, key, draft.body)) if draft else 0
    return {"kind": kind, "name": name_of(known), "draft": draft, "newest": newest, "wrong": wrong}


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(GalleryView)
