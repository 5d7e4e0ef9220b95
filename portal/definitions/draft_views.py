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
from portal.definitions.models import LONGEST_NOTE, PUBLISHED
from portal.definitions.pages import (
    DefinitionPages,
    after_draft,
    known_kind,
    name_of,
    page_of,
    preview_of_draft,
    typed_name,
)
from portal.definitions.reading import read_yaml
from portal.definitions.shapes import SHAPES
from portal.definitions.shaping import free_name, slug
from portal.definitions.together import standing
from portal.definitions.uploads import read_files
from portal.definitions.wiring import MOVES
from portal.definitions.wording import finding_words
from portal.definitions.writing import write_yaml
from portal.findings import definition_sentence
from portal.idempotency import Answer
from portal.refusals import sentence, status_of
from portal.texts import kept
from workflows.errors import DefinitionError, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.wrappers import Response

    from portal.definitions.folders import Wrong
    from portal.definitions.models import Definition
    from workflows.errors import Finding, WorkflowError


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
        return once.page_of(_begun_new, lambda refusal: self._new_page(sentence(refusal)))

    def _new_page(self, problem: str = "") -> str:
        rows = [each for each in service.every_version(current_session()) if each.status == PUBLISHED]
        newest = {(each.kind, each.key): each for each in rows}
        return self.page(
            "definitions/new.html",
            title=gettext("Create a single part"),
            originals=[(f"{kind}/{key}", kind, name_of(each)) for (kind, key), each in newest.items()],
            typed=request.values,
            problem=problem,
        )

    @expose("/<kind>/<key>/begin", methods=["POST"])
    @has_access
    @permission_name("draft")
    def begin(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """A draft of the next version of a key."""
        return self._of_key(kind, key, lambda: _begun(known_kind(kind), key))

    # -- write -------------------------------------------------------------------------------------------------

    @expose("/<kind>/<key>/draft", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def draft(self, kind: str, key: str) -> Response | str | tuple[str, int]:
        """What a draft says, to be changed; what cannot be kept stays in the form."""
        draft = service.draft_of(current_session(), known_kind(kind), key)
        if request.method == "POST":
            return self._written(kind, key, draft)
        return self._draft_page(draft) if draft else redirect(after_draft(kind, key))

    def _written(self, kind: str, key: str, draft: Definition | None) -> Response | tuple[str, int]:
        """Keep what was written; what cannot be kept is given back."""
        source = request.form.get("source", "")
        try:
            _save(draft, source)
        except (DefinitionError, Refusal) as refused:
            current_session().rollback()
            return self._given_back(kind, key, source, refused)
        flash(gettext("Saved."), "success")
        return redirect(url_for("DraftView.draft", kind=kind, key=key))

    def _given_back(self, kind: str, key: str, source: str, refused: DefinitionError | Refusal) -> tuple[str, int]:
        draft = service.draft_of(current_session(), kind, key)
        if draft is None:
            return self.lost_page(source, sentence(Refusal("not_a_draft"))), 409
        if isinstance(refused, Refusal):
            return self._draft_page(draft, sentence(refused), source=source), status_of(refused)
        wrong = [(each.path, definition_sentence(each)) for each in refused.findings]
        return self._draft_page(draft, source=source, unread=wrong), 422

    def _draft_page(self, draft: Definition, problem: str = "", **typed: Any) -> str:
        return self.draft_page(
            "definitions/draft.html",
            draft,
            title=gettext("Draft: %(name)s", name=name_of(draft)),
            last=service.newest(current_session(), draft.kind, draft.key),
            problem=problem,
            longest_note=LONGEST_NOTE,
            **_said_of(draft, typed),
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
            return Answer("definition", draft.id, location=after_draft(kind, key), words=said)

        return once.page_of(deed, lambda refusal: self._refused(kind, key, refusal, why))

    def _refused(self, kind: str, key: str, refusal: Refusal | DefinitionError, why: str) -> str:
        draft = service.draft_of(current_session(), kind, key)
        if draft is None:
            problem = sentence(Refusal("not_a_draft"))
            return self.lost_page(why, problem) if why else self.key_page(kind, key, problem)
        unready = gettext("Some things are still wrong; they stand below.")
        return self._draft_page(draft, sentence(refusal) if isinstance(refusal, Refusal) else unready, note=why)

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
            return Answer("definition", gone[0].id, location=page_of(kind, key), words=words)

        return self._of_key(kind, key, deed)

    def _of_key(self, kind: str, key: str, deed: Callable[[], Answer]) -> Response | tuple[str, int]:
        """Do something with a key; a refusal is shown beside what was typed."""
        reason = request.form.get("reason", "")
        return once.page_of(deed, lambda refusal: self.key_page(kind, key, sentence(refusal), reason))

    # -- import ------------------------------------------------------------------------------------------------

    @expose("/import", methods=["GET", "POST"])
    @has_access
    @permission_name("draft")
    def take_in(self) -> Response | str | tuple[str, int]:
        """Drafts from files of YAML or JSON: all of them, or none with everything that is wrong with each."""
        return once.page_of(_taken_in, self._import_page) if request.method == "POST" else self._import_page()

    def _import_page(self, refused: WorkflowError | None = None) -> str:
        against = [_told(each) for each in refused.against] if isinstance(refused, NotTakenError) else []
        problem = sentence(refused) if refused and not against else ""
        return self.page("definitions/import.html", title=gettext("Import"), against=against, problem=problem)


def _said_of(draft: Definition, typed: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft says and what is wrong with it; of what was just typed, what could not be kept."""
    found, is_not_alone = standing(current_session(), draft)
    unread, saved = typed.get("unread", ()), write_yaml(draft.body)
    return {
        "source": typed.get("source", saved),
        "saved": saved,
        "unread": unread,
        "is_not_alone": is_not_alone,
        "wrong": [finding_words(draft.body, each) for each in found],
        "preview": None if unread else preview_of_draft(draft, found),
        "note": typed.get("note", draft.note),
    }


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
    session, typed = current_session(), request.form
    name = typed_name()
    if not name["vi"]:
        raise Refusal("name_needed")
    kind_of_original, _, original = typed.get("original", "").partition("/")
    kind = known_kind(kind_of_original if original else typed.get("kind", ""))
    key = kept(typed.get("key", "")) or _key_for(kind, name["vi"])
    copied = renamed(kind, service.current(session, kind, original).body, key, name) if original else None
    draft = drafting.begin_new(session, current_actor(), kind, key, copied or beginning(kind, key, name))
    return Answer("definition", draft.id, location=_workplace(kind, key))


def _key_for(kind: str, name: str) -> str:
    """A key made of a name, that nothing of its kind has yet."""
    taken = {each.key for each in service.every_version(current_session()) if each.kind == kind}
    return free_name(slug(name, kind).replace("_", "-"), taken)


def _begun(kind: str, key: str) -> Answer:
    draft = drafting.begin(current_session(), current_actor(), kind, key)
    return Answer("definition", draft.id, location=_workplace(kind, key))


def _workplace(kind: str, key: str) -> str:
    """Where a draft is written: in its designer, if its kind has one."""
    return url_for("DesignView.design" if kind in SHAPES else "DraftView.draft", kind=kind, key=key)


def _save(draft: Definition | None, source: str) -> None:
    session = current_session()
    if draft is None:
        raise Refusal("not_a_draft")
    drafting.save(session, current_actor(), draft, read_yaml(source), request.form.get("edition", 0, int))
    session.commit()


def _taken_in() -> Answer:
    """Drafts of everything that was uploaded."""
    entries = read_files(request.files.getlist("files"))
    drafts = [each.definition.id for each in take(current_session(), current_actor(), entries) if each.is_new]
    said = ngettext("%(num)s draft was made.", "%(num)s drafts were made.", len(drafts))
    words = f"{said} {gettext('Whatever says the same as the version in force was left alone.')}"
    return Answer("definition", drafts[0] if drafts else 0, location=url_for("DefinitionView.list"), words=words)


def _told(wrong: Wrong) -> tuple[str, list[tuple[str, str]]]:
    """A file, and what stands against it: where in it, and what."""
    refused = [("", sentence(wrong.refusal))] if wrong.refusal else []
    return wrong.path.name, [*refused, *(_line(wrong.body, each) for each in wrong.findings)]


def _line(body: Any, finding: Finding) -> tuple[str, str]:
    """As on the page of a draft; what is wrong with a file before anything in it is read has no place."""
    return ("", definition_sentence(finding)) if body is None else finding_words(body, finding)


def register(portal: Any) -> None:
    """Give the portal these screens."""
    portal.add_view_no_menu(DraftView)
