"""The screens on which definitions are written: begin a draft, edit it, propose, publish, retire, import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose, has_access, permission_name
from flask_babel import gettext, ngettext

from portal import once
from portal.data import current_actor, current_session
from portal.definitions import drafting, publishing, service, usage
from portal.definitions.beginnings import beginning, renamed
from portal.definitions.bundles import NotTakenError, take
from portal.definitions.checks import findings
from portal.definitions.folders import MOST_FILES, read_uploads
from portal.definitions.models import LONGEST_NOTE
from portal.definitions.pages import DefinitionPages, known_kind, name_of, preview_of
from portal.definitions.reading import LARGEST, read_yaml
from portal.definitions.shapes import SHAPES
from portal.definitions.together import found_together
from portal.definitions.wiring import MOVES
from portal.definitions.wording import finding_words
from portal.definitions.writing import write_yaml
from portal.findings import definition_sentence
from portal.idempotency import Answer
from portal.refusals import sentence, status_of
from portal.texts import kept
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Response

    from portal.definitions.folders import Wrong
    from portal.definitions.models import Definition


class DraftView(DefinitionPages):
    """Drafts of definitions, and the verbs of a key."""

    route_base = "/definitions"
    default_view = "new"

    # -- begin -------------------------------------------------------------------------------------------------

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def new(self) -> Response | str | tuple[str, int]:
        """A draft under a new key: from the least there can be, or as a copy."""
        if request.method != "POST":
            return self._new_page()
        try:
            return once.page_after(once.carry_out(_begun_new))
        except Refusal as refusal:
            current_session().rollback()
            return self._new_page(sentence(refusal)), status_of(refusal)

    def _new_page(self, problem: str = "") -> str:
        rows = [each for each in service.every_version(current_session()) if not each.is_draft]
        newest = {(each.kind, each.key): each for each in rows}
        return self.page(
            "definitions/new.html",
            title=gettext("New form or procedure"),
            originals=[(f"{kind}/{key}", kind, name_of(each)) for (kind, key), each in newest.items()],
            typed=request.values,
            problem=problem,
        )

    @expose("/<kind>/<key>/begin", methods=["POST"])
    @has_access
    @permission_name("draft")
    def begin(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """A draft of the next version of a key."""
        return self._verb(kind, key, lambda: _begun(known_kind(kind), key))

    # -- write -------------------------------------------------------------------------------------------------

    @expose("/<kind>/<key>/draft", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def draft(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """What a draft says, to be changed; what cannot be kept stays in the form."""
        draft = service.draft_of(current_session(), known_kind(kind), key)
        source = request.form.get("source", "")
        if draft is None:
            return self._lost(kind, key, source)
        if request.method != "POST":
            return self._draft_page(draft)
        try:
            _save(draft, source)
        except DefinitionError as error:
            current_session().rollback()
            wrong = [(each.path, definition_sentence(each)) for each in error.findings]
            return self._draft_page(draft, source=source, unread=wrong), 422
        except Refusal as refusal:
            current_session().rollback()
            return self._draft_page(draft, sentence(refusal), source=source), status_of(refusal)
        flash(gettext("Saved."), "success")
        return redirect(url_for("DraftView.draft", kind=kind, key=key))

    def _lost(self, kind: str, key: str, source: str) -> Response | tuple[str, int]:
        """There is no draft any more; what was written for it is given back."""
        if request.method != "POST":
            return redirect(_after(kind, key))
        problem = sentence(Refusal("not_a_draft"))
        return self.page("definitions/lost.html", title=gettext("Draft"), source=source, problem=problem), 409

    def _draft_page(self, draft: Definition, problem: str = "", **typed: Any) -> str:
        session = current_session()
        found = findings(session, draft.kind, draft.key, draft.body)
        last = service.newest(session, draft.kind, draft.key)
        unread, saved = typed.get("unread", ()), write_yaml(draft.body)
        return self.draft_page(
            "definitions/draft.html",
            draft,
            title=gettext("Draft: %(name)s", name=name_of(draft)),
            last=last,
            source=typed.get("source", saved),
            saved=saved,
            unread=unread,
            wrong=[finding_words(draft.body, each) for each in found],
            needs_others=bool(found) and not found_together(session, draft),
            preview=None if found or unread else preview_of(draft.kind, draft.body),
            note=typed.get("note", draft.note),
            problem=problem,
            longest=LARGEST,
            longest_note=LONGEST_NOTE,
        )

    # -- and what becomes of it --------------------------------------------------------------------------------

    @expose("/<kind>/<key>/draft/propose", methods=["POST"])
    @has_access
    @permission_name("draft")
    def propose(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """Ask a second person to publish it."""
        said = gettext("Proposed. Somebody else can publish it now, or give it back.")
        return self._of_draft(kind, key, drafting.propose, said, request.form.get("note", ""))

    @expose("/<kind>/<key>/draft/give-back", methods=["POST"])
    @has_access
    @permission_name("draft")
    def give_back(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """Let it be written in again."""
        said = gettext("The draft can be changed again.")
        return self._of_draft(kind, key, drafting.give_back, said, request.form.get("reason", ""))

    @expose("/<kind>/<key>/draft/publish", methods=["POST"])
    @has_access
    @permission_name("publish")
    def publish(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """Make it the next version."""

        def verb(session: Any, actor: Any, draft: Definition, edition: int, why: str) -> None:
            knows = request.form.get("knows", 0, int)
            drafting.publish_draft(session, actor, draft, edition, knows=knows, why=why)

        return self._of_draft(kind, key, verb, _said_of_published(kind, key), request.form.get("note", ""))

    @expose("/<kind>/<key>/draft/discard", methods=["POST"])
    @has_access
    @permission_name("draft")
    def discard(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """Throw it away."""

        def verb(session: Any, actor: Any, draft: Definition, edition: int, _why: str) -> None:
            drafting.discard(session, actor, draft, edition)

        return self._of_draft(kind, key, verb, gettext("The draft is gone."), "")

    def _of_draft(
        self, kind: str, key: str, verb: Callable[[Any, Any, Definition, int, str], object], said: str, why: str
    ) -> Response | str | tuple[str, int]:
        """Do something with a draft; a refusal is shown beside what was typed."""
        session = current_session()
        draft = service.draft_of(session, known_kind(kind), key)

        def deed() -> Answer:
            if draft is None:
                raise Refusal("not_a_draft")
            verb(session, current_actor(), draft, request.form.get("edition", 0, int), kept(why, LONGEST_NOTE))
            return Answer("definition", draft.id, location=_after(kind, key), words=said)

        try:
            return once.page_after(once.carry_out(deed))
        except (Refusal, DefinitionError) as refusal:
            session.rollback()
            return self._refused(kind, key, refusal, why)

    def _refused(self, kind: str, key: str, refusal: Refusal | DefinitionError, why: str) -> tuple[str, int]:
        draft = service.draft_of(current_session(), kind, key)
        if draft is None:
            return self.key_page(kind, key, sentence(refusal)), status_of(refusal)
        problem = (
            sentence(refusal)
            if isinstance(refusal, Refusal)
            else gettext("Some things are still wrong; they stand below.")
        )
        return self._draft_page(draft, problem, note=why), status_of(refusal)

    # -- a key -------------------------------------------------------------------------------------------------

    @expose("/<kind>/<key>/retire", methods=["POST"])
    @has_access
    @permission_name("publish")
    def retire(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """Take a key out of use."""

        def deed() -> Answer:
            seen, reason = request.form.get("seen", 0, int), kept(request.form.get("reason", ""), LONGEST_NOTE)
            gone = publishing.retire(
                current_session(), current_actor(), known_kind(kind), key, seen=seen, reason=reason
            )
            words = gettext("Out of use: nothing new begins with it, and what runs goes on.")
            return Answer("definition", gone[0].id, location=_page_of(kind, key), words=words)

        return self._verb(kind, key, deed)

    def _verb(self, kind: str, key: str, deed: Callable[[], Answer]) -> Response | str | tuple[str, int]:
        try:
            return once.page_after(once.carry_out(deed))
        except Refusal as refusal:
            current_session().rollback()
            reason = request.form.get("reason", "")
            return self.key_page(kind, key, sentence(refusal), reason), status_of(refusal)

    # -- import ------------------------------------------------------------------------------------------------

    @expose("/import", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def take_in(self) -> Response | str | tuple[str, int]:
        """Drafts from files of YAML or JSON: all of them, or none with everything that is wrong with each."""
        if request.method != "POST":
            return self._import_page()
        try:
            return once.page_after(once.carry_out(_taken_in))
        except NotTakenError as error:
            current_session().rollback()
            return self._import_page([_told(each) for each in error.against]), 422
        except Refusal as refusal:
            current_session().rollback()
            return self._import_page(problem=sentence(refusal)), status_of(refusal)

    def _import_page(self, against: Any = (), problem: str = "") -> str:
        return self.page("definitions/import.html", title=gettext("Import"), against=against, problem=problem)


def _said_of_published(kind: str, key: str) -> str:
    """What is said when the next version of a key has been published, and of what then runs on older ones."""
    said = str(gettext("Published. From now on new work begins with this version."))
    running = sum(each.running for each in usage.uses(current_session(), kind, key)) if kind in MOVES else 0
    if not running:
        return said
    more = ngettext(
        "%(num)s case still runs on an older version; see below.",
        "%(num)s cases still run on older versions; see below.",
        running,
    )
    return f"{said} {more}"


def _begun_new() -> Answer:
    """The draft that the form of a new definition asks for."""
    session, actor, typed = current_session(), current_actor(), request.form
    kind, key = typed.get("kind", ""), kept(typed.get("key", ""))
    name = {language: kept(typed.get(f"name_{language}", ""), 200) for language in ("vi", "en")}
    if not name["vi"]:
        raise Refusal("name_needed")
    name["en"] = name["en"] or name["vi"]
    kind_of_original, _, original = typed.get("original", "").partition("/")
    if original:
        kind = known_kind(kind_of_original)
        body = renamed(kind, service.current(session, kind, original).body, key, name)
    else:
        body = beginning(known_kind(kind), key, name)
    draft = drafting.begin_new(session, actor, kind, key, body)
    return Answer("definition", draft.id, location=_workplace(kind, key))


def _begun(kind: str, key: str) -> Answer:
    draft = drafting.begin(current_session(), current_actor(), kind, key)
    return Answer("definition", draft.id, location=_workplace(kind, key))


def _workplace(kind: str, key: str) -> str:
    """Where a draft is written: in its designer, if its kind has one."""
    return url_for("DesignView.design" if kind in SHAPES else "DraftView.draft", kind=kind, key=key)


def _save(draft: Definition, source: str) -> None:
    session = current_session()
    drafting.save(session, current_actor(), draft, read_yaml(source), request.form.get("edition", 0, int))
    session.commit()


def _page_of(kind: str, key: str) -> str:
    return url_for("DefinitionView.show", kind=kind, key=key)


def _after(kind: str, key: str) -> str:
    """Where one goes from a draft: to its key; to the list where nothing is left of it."""
    known = service.versions_of(current_session(), kind, key)
    return _page_of(kind, key) if known else url_for("DefinitionView.list")


def _taken_in() -> Answer:
    """Drafts of everything that was uploaded."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        raise Refusal("no_file")
    if len(files) > MOST_FILES:
        raise Refusal("too_many_files_at_once", {"most": MOST_FILES})
    entries, wrong = read_uploads((str(file.filename), file.read(LARGEST + 1)) for file in files)
    if wrong:
        raise NotTakenError(wrong)
    drafts = [each.definition.id for each in take(current_session(), current_actor(), entries) if each.is_new]
    said = ngettext("%(num)s draft was made.", "%(num)s drafts were made.", len(drafts))
    words = f"{said} {gettext('Whatever says the same as the version in force was left alone.')}"
    return Answer("definition", drafts[0] if drafts else 0, location=url_for("DefinitionView.list"), words=words)


def _told(wrong: Wrong) -> tuple[str, list[str]]:
    """A file, and what stands against it."""
    said = [sentence(wrong.refusal)] if wrong.refusal else []
    return wrong.path.name, [
        *said,
        *(": ".join(filter(None, (each.path, definition_sentence(each)))) for each in wrong.findings),
    ]


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(DraftView)
